package report

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/himozuke/himozuke/linkage"
	"github.com/himozuke/himozuke/linkage/ingest"
	"github.com/himozuke/himozuke/report/words"
)

// auditWriter adds one run to audit.db. The whole run is one transaction: a
// database never holds half a night. A goroutine of its own feeds SQLite, so
// that the audit does not wait for it.
type auditWriter struct {
	path       string
	lasting    bool
	rows       rowMaker
	pseudonyms *Pseudonyms
	dossiers   *dossierMaker
	db         *sql.DB
	conn       *sql.Conn
	ctx        context.Context

	runID       int64
	nextFinding int64
	past        map[string]pastCase
	indexes     []string // of a new database, made once the rows are in

	batch   []auditRow
	batches chan []auditRow
	spare   chan []auditRow
	written chan error // one value, when the goroutine ends
	failed  chan struct{}

	tallies map[tally]int64
	rejects map[rejectGroup]int64
	unread  map[string]*unreadRows // by dataset
	cases   CaseCounts
}

type auditRow struct {
	row
	state      string
	runID      int64
	findingID  int64
	dossierID  int64
	numberHash Pseudonym
	ownerHash  Pseudonym
	dataHash   Pseudonym
	dossier    dossier
	fresh      bool // the dossier is not in the database yet
}

type tally struct {
	dataset, prefecture string
	verdict             linkage.Verdict
	cause               linkage.Cause
}

type rejectGroup struct{ dataset, reason string }

// pastCase is what an earlier run left of a case.
type pastCase struct {
	status    string
	dossierID int64
	digest    [16]byte
	decided   []Pseudonym // the data that decisions stand on
}

// CaseCounts counts the cases of a run by what became of them.
type CaseCounts struct {
	New        int64 `json:"new"`
	Persisting int64 `json:"persisting"`
	Reopened   int64 `json:"reopened"`
	Resolved   int64 `json:"resolved"`
	Decided    int64 `json:"decided"`
	NotSeen    int64 `json:"not_seen"` // kept as they were: the row was rejected or the dataset not read
}

const (
	auditBatch       = 2048
	rowsPerStatement = 32
)

// openAuditWriter takes the write lock at once, so that a second run on the
// same database is refused before it has read anything.
func openAuditWriter(path string, lasting bool) (*auditWriter, error) {
	w := &auditWriter{path: path, lasting: lasting, ctx: context.Background()}
	if !exists(path) { // SQLite would make it readable to others
		file, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
		if err != nil {
			return nil, &Problem{Kind: ProblemFolderUnwritable, Path: path, Err: withoutPath(err)}
		}
		file.Close()
	}
	db, err := sql.Open("sqlite", databaseURI(path))
	if err != nil {
		return nil, databaseProblem(path, err)
	}
	w.db = db
	if w.conn, err = db.Conn(w.ctx); err != nil {
		db.Close()
		return nil, databaseProblem(path, err)
	}
	if err := w.prepare(); err != nil {
		w.close()
		return nil, databaseProblem(path, err)
	}
	return w, nil
}

func (w *auditWriter) exec(query string, args ...any) error {
	_, err := w.conn.ExecContext(w.ctx, query, args...)
	return err
}

func (w *auditWriter) prepare() error {
	pragmas := []string{"PRAGMA cache_size = -65536", "PRAGMA temp_store = MEMORY"}
	if w.lasting {
		pragmas = append(pragmas, "PRAGMA busy_timeout = 2000", "PRAGMA journal_mode = WAL",
			"PRAGMA synchronous = NORMAL", "PRAGMA foreign_keys = ON")
	} else {
		// The file has no name yet and is thrown away unless the run ends
		// well: neither a journal nor flushing would protect anything.
		pragmas = append(pragmas, "PRAGMA page_size = 16384", "PRAGMA journal_mode = OFF",
			"PRAGMA synchronous = OFF", "PRAGMA foreign_keys = OFF", "PRAGMA locking_mode = EXCLUSIVE")
	}
	for _, pragma := range append(pragmas, "BEGIN IMMEDIATE") {
		if err := w.exec(pragma); err != nil {
			return err
		}
	}
	return migrate(w.ctx, w.conn, w.path)
}

// begin starts the run. The key must be known by now.
func (w *auditWriter) begin(run *linkage.Run, rows rowMaker, pseudonyms *Pseudonyms) error {
	w.rows, w.pseudonyms = rows, pseudonyms
	w.dossiers = newDossierMaker(rows, pseudonyms, run)
	w.tallies = map[tally]int64{}
	w.rejects = map[rejectGroup]int64{}
	w.unread = map[string]*unreadRows{}
	if err := w.insertRun(run); err != nil {
		return databaseProblem(w.path, err)
	}
	if w.lasting {
		if err := w.readPast(); err != nil {
			return databaseProblem(w.path, err)
		}
	} else if err := w.dropIndexes(); err != nil {
		return databaseProblem(w.path, err)
	}
	err := w.conn.QueryRowContext(w.ctx, "SELECT coalesce(max(finding_id), 0) + 1 FROM findings").Scan(&w.nextFinding)
	if err != nil {
		return databaseProblem(w.path, err)
	}
	w.batches = make(chan []auditRow, 2)
	w.spare = make(chan []auditRow, 4)
	w.written = make(chan error, 1)
	w.failed = make(chan struct{})
	go w.write(w.batches) // the field is nil once the channel is closed
	return nil
}

// runBeingWritten stands for the key of a run until its inputs are read and
// hashed. Nobody else sees it.
const runBeingWritten = "being written"

func (w *auditWriter) insertRun(run *linkage.Run) error {
	config := run.Config
	config.Jobs, config.Memory = 0, 0 // they change no result
	configJSON, err := json.Marshal(config)
	if err != nil {
		return err
	}
	language, numbers := "en", "masked"
	if w.rows.lang == words.Japanese {
		language = "ja"
	}
	if w.rows.reveal {
		numbers = "revealed"
	}
	result, err := w.conn.ExecContext(w.ctx, `INSERT INTO runs
		(run_key, version, started_at, language, numbers, key_check, scheme, max_fdr, review_floor, config_json)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		runBeingWritten, run.Version, timestamp(run.Started), language, numbers, w.pseudonyms.check(),
		config.Scheme, config.MaxFDR, config.ReviewFloor, string(configJSON))
	if err != nil {
		return err
	}
	w.runID, err = result.LastInsertId()
	return err
}

func timestamp(t time.Time) string { return t.UTC().Format(time.RFC3339) }

func (w *auditWriter) dropIndexes() error {
	rows, err := w.conn.QueryContext(w.ctx,
		"SELECT name, sql FROM sqlite_master WHERE type = 'index' AND tbl_name IN ('findings', 'cases', 'case_events') AND sql IS NOT NULL ORDER BY name")
	if err != nil {
		return err
	}
	var names []string
	for rows.Next() {
		var name, text string
		if err := rows.Scan(&name, &text); err != nil {
			return errors.Join(err, rows.Close())
		}
		names = append(names, name)
		w.indexes = append(w.indexes, text)
	}
	if err := errors.Join(rows.Err(), rows.Close()); err != nil {
		return err
	}
	for _, name := range names {
		if err := w.exec("DROP INDEX " + name); err != nil {
			return err
		}
	}
	return nil
}

func (w *auditWriter) readPast() error {
	w.past = map[string]pastCase{}
	rows, err := w.conn.QueryContext(w.ctx, `
		SELECT c.case_id, c.status, ifnull(d.dossier_id, 0), d.digest
		FROM cases c LEFT JOIN findings f ON f.finding_id = c.last_finding_id
		             LEFT JOIN dossiers d USING (dossier_id)`)
	if err != nil {
		return err
	}
	defer rows.Close()
	var digest []byte
	for rows.Next() {
		var id string
		var past pastCase
		if err := rows.Scan(&id, &past.status, &past.dossierID, &digest); err != nil {
			return err
		}
		copy(past.digest[:], digest)
		w.past[id] = past
	}
	if err := rows.Err(); err != nil {
		return err
	}
	return w.readDecided()
}

// readDecided reads on which data each case was decided. There may be several:
// data that go back to what they were are decided as they were.
func (w *auditWriter) readDecided() error {
	rows, err := w.conn.QueryContext(w.ctx, "SELECT case_id, data_hash FROM standing_decisions WHERE decision <> 'unsure'")
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var id string
		var hash []byte
		if err := rows.Scan(&id, &hash); err != nil {
			return err
		}
		if past, ok := w.past[id]; ok && len(hash) == len(Pseudonym{}) {
			past.decided = append(past.decided, Pseudonym(hash))
			w.past[id] = past
		}
	}
	return rows.Err()
}

func (w *auditWriter) reject(dataset, reason string, r *ingest.Reject) {
	w.rejects[rejectGroup{dataset, reason}]++
	if w.lasting && dataset != registerDataset {
		w.unreadOf(dataset).add(r)
	}
}

func (w *auditWriter) finding(f *linkage.Finding, r *row) error {
	w.tallies[tally{f.Dataset, f.Prefecture, f.Verdict, f.Cause}]++
	a := auditRow{
		row:        *r,
		runID:      w.runID,
		findingID:  w.nextFinding,
		dossierID:  w.nextFinding,
		numberHash: w.pseudonyms.Of(f.Number),
		dataHash:   w.dossiers.dataHash(f),
		dossier:    w.dossiers.dossier(f),
		fresh:      true,
	}
	if f.Owner != nil {
		a.ownerHash = w.pseudonyms.Of(f.Owner.Number)
	}
	w.nextFinding++
	a.state = w.state(&a)
	if past, ok := w.past[a.caseID]; ok && past.dossierID != 0 && past.digest == a.dossier.digest {
		a.dossierID, a.fresh = past.dossierID, false
	}
	if w.batch == nil {
		select {
		case w.batch = <-w.spare:
		default:
			w.batch = make([]auditRow, 0, auditBatch)
		}
	}
	w.batch = append(w.batch, a)
	if len(w.batch) == auditBatch {
		return w.send()
	}
	return nil
}

// state says what the run makes of the case. A decided case stays closed as
// long as both rows are as the reviewer saw them.
func (w *auditWriter) state(a *auditRow) string {
	past, ok := w.past[a.caseID]
	switch {
	case !ok:
		return "new"
	case slices.Contains(past.decided, a.dataHash):
		return "decided"
	case past.status == "open":
		return "persisting"
	}
	return "reopened"
}

func (w *auditWriter) send() error {
	select {
	case w.batches <- w.batch:
		w.batch = nil
		return nil
	case <-w.failed:
		err := <-w.written
		w.written <- err // for whoever ends the run
		return databaseProblem(w.path, err)
	}
}

func (w *auditWriter) write(batches <-chan []auditRow) {
	err := w.writeBatches(batches)
	w.written <- err
	if err != nil {
		close(w.failed)
	}
}

func (w *auditWriter) writeBatches(batches <-chan []auditRow) error {
	findings, err := newInserter(w, "findings", findingColumns, (*auditRow).findingArgs)
	if err != nil {
		return err
	}
	defer findings.close()
	dossiers, err := newInserter(w, "dossiers", dossierColumns, (*auditRow).dossierArgs)
	if err != nil {
		return err
	}
	defer dossiers.close()
	for batch := range batches {
		for i := range batch {
			if batch[i].fresh {
				if err := dossiers.add(w, &batch[i]); err != nil {
					return err
				}
			}
		}
		if err := dossiers.flush(w); err != nil {
			return err
		}
		for i := range batch {
			if err := findings.add(w, &batch[i]); err != nil {
				return err
			}
		}
		if err := findings.flush(w); err != nil {
			return err
		}
		clear(batch)
		select {
		case w.spare <- batch[:0]:
		default:
		}
	}
	return nil
}

// inserter fills rows into one prepared statement of many rows.
type inserter[R any] struct {
	many  *sql.Stmt
	table string
	names []string
	args  func(*R, []any) []any
	held  []any
	rows  int
}

func newInserter[R any](w *auditWriter, table string, columns []string, args func(*R, []any) []any) (*inserter[R], error) {
	many, err := w.conn.PrepareContext(w.ctx, insertStatement(table, columns, rowsPerStatement))
	if err != nil {
		return nil, err
	}
	return &inserter[R]{many: many, table: table, names: columns, args: args,
		held: make([]any, 0, rowsPerStatement*len(columns))}, nil
}

func insertStatement(table string, columns []string, rows int) string {
	one := "(?" + strings.Repeat(",?", len(columns)-1) + ")"
	return "INSERT INTO " + table + " (" + strings.Join(columns, ",") + ") VALUES " +
		one + strings.Repeat(","+one, rows-1)
}

func (n *inserter[R]) add(w *auditWriter, r *R) error {
	n.held = n.args(r, n.held)
	n.rows++
	if n.rows < rowsPerStatement {
		return nil
	}
	_, err := n.many.ExecContext(w.ctx, n.held...)
	n.clear()
	return err
}

func (n *inserter[R]) flush(w *auditWriter) error {
	if n.rows == 0 {
		return nil
	}
	err := w.exec(insertStatement(n.table, n.names, n.rows), n.held...)
	n.clear()
	return err
}

func (n *inserter[R]) clear() {
	clear(n.held)
	n.held, n.rows = n.held[:0], 0
}

func (n *inserter[R]) close() { n.many.Close() }

var findingColumns = []string{
	"finding_id", "run_id", "case_id", "state", "dataset", "record_id", "source_line",
	"number", "number_hash", "verdict", "cause", "p_wrong", "weight", "owner_number",
	"owner_hash", "p_owner", "owner_weight", "rule_class", "differences", "name_level",
	"kana_level", "birth_level", "sex_level", "address_level", "prefecture",
	"municipality", "organization", "date", "channel", "summary", "data_hash", "dossier_id", "ambiguous",
}

func (a *auditRow) findingArgs(to []any) []any {
	var ownerHash, pOwner, ownerWeight any
	if a.hasOwner {
		ownerHash, pOwner, ownerWeight = a.ownerHash[:], a.pOwner, a.ownerWeight
	}
	return append(to,
		a.findingID, a.runID, a.caseID, a.state, a.dataset, a.recordID, a.sourceLine,
		a.number, a.numberHash[:], a.verdict, a.cause, a.pWrong, a.weight, a.ownerNumber,
		ownerHash, pOwner, ownerWeight, a.ruleClass, a.differences, a.nameLevel,
		a.kanaLevel, a.birthLevel, a.sexLevel, a.addressLevel, a.prefecture,
		a.municipality, a.organization, a.date, a.channel, a.summary, a.dataHash[:], a.dossierID, a.ambiguous)
}

var dossierColumns = []string{
	"dossier_id", "digest", "record_json", "holder_json", "evidence_json", "candidates_json", "hypotheses_json",
}

func (a *auditRow) dossierArgs(to []any) []any {
	return append(to, a.dossierID, a.dossier.digest[:], a.dossier.record, a.dossier.holder,
		a.dossier.evidence, a.dossier.candidates, a.dossier.hypotheses)
}

// finish writes what is counted at the end of a run, and the cases. Nothing is
// visible to others before commit.
func (w *auditWriter) finish(run *linkage.Run, outputs []fileSum, actor string) error {
	if len(w.batch) > 0 {
		if err := w.send(); err != nil {
			return err
		}
	}
	close(w.batches)
	w.batches = nil
	if err := <-w.written; err != nil {
		return databaseProblem(w.path, err)
	}
	for _, step := range []func() error{
		func() error { return w.finishRun(run) },
		func() error { return w.insertInputs(run) },
		func() error { return w.insertCounts(run) },
		func() error { return w.insertOutputs(outputs) },
		func() error { return w.followCases(run) },
		func() error {
			return appendAccess(w.ctx, w.conn, run.Finished, actor, "audit",
				fmt.Sprintf("run %s, numbers %s", run.ID, map[bool]string{false: "masked", true: "revealed"}[w.rows.reveal]))
		},
		w.restoreIndexes,
	} {
		if err := step(); err != nil {
			return databaseProblem(w.path, err)
		}
	}
	return nil
}

func (w *auditWriter) restoreIndexes() error {
	for _, text := range w.indexes {
		if err := w.exec(text); err != nil {
			return err
		}
	}
	return nil
}

func (w *auditWriter) finishRun(run *linkage.Run) error {
	var model any
	if run.Model != nil {
		text, err := json.Marshal(run.Model)
		if err != nil {
			return err
		}
		model = string(text)
	}
	err := w.nameRun(run)
	if err == nil {
		err = w.exec("UPDATE runs SET run_key = ?, version = ?, started_at = ?, finished_at = ?, peak_bytes = ?, model_json = ?, self_check_json = ? WHERE run_id = ?",
			run.ID, run.Version, timestamp(run.Started), timestamp(run.Finished), run.PeakBytes, model, selfCheckJSON(run.SelfCheck), w.runID)
	}
	for i, t := range run.Timings {
		if err == nil {
			err = w.exec("INSERT INTO timings VALUES (?, ?, ?, ?)", w.runID, i, t.Stage, t.Seconds)
		}
	}
	for i, x := range run.Warnings {
		if err == nil {
			err = w.exec("INSERT INTO warnings VALUES (?, ?, ?, ?, ?)", w.runID, i, string(x.Kind), x.Dataset, x.Detail)
		}
	}
	for _, b := range run.Blocks {
		if err == nil {
			err = w.exec("INSERT INTO blocks VALUES (?, ?, ?, ?, ?, ?)", w.runID, b.Rule, b.Keys, b.Pairs, b.Largest, b.Refined)
		}
	}
	return err
}

// nameRun gives a second run of the same inputs within a second a name of its
// own.
func (w *auditWriter) nameRun(run *linkage.Run) error {
	name := run.ID
	for n := 2; ; n++ {
		var known int
		err := w.conn.QueryRowContext(w.ctx, "SELECT count(*) FROM runs WHERE run_key = ?", run.ID).Scan(&known)
		if err != nil || known == 0 {
			return err
		}
		run.ID = fmt.Sprintf("%s-%d", name, n)
	}
}

func (w *auditWriter) insertInputs(run *linkage.Run) error {
	for i, in := range run.Inputs {
		headings, err := json.Marshal(nonNil(in.Headings))
		if err != nil {
			return err
		}
		columns := in.Columns
		if columns == nil {
			columns = map[string]string{}
		}
		roles, err := json.Marshal(columns)
		if err != nil {
			return err
		}
		if err := w.exec("INSERT INTO inputs VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
			w.runID, i, in.Dataset, in.Path, in.Bytes, in.SHA256, in.Format, in.Compression,
			in.Encoding, string(headings), string(roles), in.Rows, in.Judged, in.Rejected); err != nil {
			return err
		}
	}
	return nil
}

func nonNil(s []string) []string {
	if s == nil {
		return []string{}
	}
	return s
}

func (w *auditWriter) insertCounts(run *linkage.Run) error {
	for _, c := range run.Counts {
		for v := range linkage.Verdicts {
			for cause, n := range c.ByCause[v] {
				if n == 0 {
					continue
				}
				if err := w.exec("INSERT INTO counts VALUES (?, ?, ?, ?, ?)",
					w.runID, c.Dataset, v.String(), linkage.Cause(cause).String(), n); err != nil {
					return err
				}
			}
		}
	}
	if err := w.insertGroups(run.Groups); err != nil {
		return err
	}
	for t, n := range w.tallies {
		if err := w.exec("INSERT INTO tallies VALUES (?, ?, ?, ?, ?, ?)",
			w.runID, t.dataset, t.prefecture, t.verdict.String(), t.cause.String(), n); err != nil {
			return err
		}
	}
	for r, n := range w.rejects {
		if err := w.exec("INSERT INTO rejects VALUES (?, ?, ?, ?)", w.runID, r.dataset, r.reason, n); err != nil {
			return err
		}
	}
	return nil
}

var groupColumns = []string{
	"run_id", "dimension", "dataset", "prefecture", "value", "links",
	"verified", "review", "mislinked", "orphan", "unverifiable",
}

func (w *auditWriter) insertGroups(groups []linkage.GroupCount) error {
	many, err := newInserter(w, "groups", groupColumns, func(g *linkage.GroupCount, to []any) []any {
		return append(to, w.runID, g.Dimension, g.Dataset, g.Prefecture, g.Value, g.Links,
			g.ByVerdict[linkage.Verified], g.ByVerdict[linkage.Review], g.ByVerdict[linkage.Mislinked],
			g.ByVerdict[linkage.Orphan], g.ByVerdict[linkage.Unverifiable])
	})
	if err != nil {
		return err
	}
	defer many.close()
	for i := range groups {
		if err := many.add(w, &groups[i]); err != nil {
			return err
		}
	}
	return many.flush(w)
}

func (w *auditWriter) insertOutputs(outputs []fileSum) error {
	for _, o := range outputs {
		if err := w.exec("INSERT INTO outputs VALUES (?, ?, ?, ?)", w.runID, o.Name, o.Bytes, o.SHA256); err != nil {
			return err
		}
	}
	return nil
}

// commit makes the run visible.
func (w *auditWriter) commit() error {
	if err := w.exec("COMMIT"); err != nil {
		return databaseProblem(w.path, err)
	}
	if w.lasting {
		// Readers may hold the log back; the next writer empties it then.
		w.exec("PRAGMA wal_checkpoint(TRUNCATE)")
	}
	return w.close()
}

// abandon leaves the database as it was before the run.
func (w *auditWriter) abandon() {
	if w.conn == nil {
		return
	}
	if w.batches != nil {
		close(w.batches)
		w.batches = nil
		<-w.written
	}
	w.exec("ROLLBACK")
	w.close()
}

func (w *auditWriter) close() error {
	err := w.conn.Close()
	w.conn = nil
	return errors.Join(err, w.db.Close())
}
