package report

import (
	"bytes"
	"database/sql"
	"errors"
	"strconv"
	"strings"

	"github.com/himozuke/himozuke/linkage"
	"github.com/himozuke/himozuke/linkage/ingest"
)

// unreadRows is what a run knows of the rows of a dataset that it could not
// read: enough to tell which open cases they may be about.
type unreadRows struct {
	records map[string]bool
	numbers map[Pseudonym]bool
	lines   map[string]bool // of files without record ids, where the line stands for it
	blind   bool            // there was a row that says nothing of itself

	pseudonyms *Pseudonyms
}

func (w *auditWriter) unreadOf(dataset string) *unreadRows {
	u := w.unread[dataset]
	if u == nil {
		u = &unreadRows{records: map[string]bool{}, numbers: map[Pseudonym]bool{}, lines: map[string]bool{}, pseudonyms: w.pseudonyms}
		w.unread[dataset] = u
	}
	return u
}

// add takes every cell of the row for what may be its record id or number: in
// a row with too few or too many fields nobody knows which column is which.
func (u *unreadRows) add(r *ingest.Reject) {
	u.lines[strconv.FormatInt(r.Line, 10)] = true
	if strings.TrimSpace(r.Row) == "" {
		u.blind = true
		return
	}
	for _, cell := range strings.FieldsFunc(r.Row, func(c rune) bool { return strings.ContainsRune(",;\t\n\r\"", c) }) {
		cell = strings.TrimSpace(cell)
		u.records[cell] = true
		u.numbers[u.pseudonyms.Of(cell)] = true
		if digits := onlyDigits(cell); digits != "" {
			u.numbers[u.pseudonyms.Of(digits)] = true
		}
	}
}

// mayBe tells whether the case may be about one of the rows. hasRecords says
// whether the file has record ids.
func (u *unreadRows) mayBe(record string, numberHash []byte, hasRecords bool) bool {
	if u.blind || u.records[record] || !hasRecords && u.lines[record] {
		return true
	}
	return len(numberHash) == len(Pseudonym{}) && u.numbers[Pseudonym(numberHash)]
}

// followCases brings the cases up to date. A case that this run did not find
// is resolved only if the run can tell: its dataset was read, and no rejected
// row of it may be the case's.
func (w *auditWriter) followCases(run *linkage.Run) error {
	if !w.lasting {
		return w.openCases()
	}
	if err := w.exec(`
		INSERT INTO cases (case_id, dataset, record_id, number_hash, status, first_run_id, last_run_id, last_finding_id)
		SELECT case_id, dataset, record_id, number_hash, iif(state = 'decided', 'decided', 'open'), run_id, run_id, min(finding_id)
		FROM findings WHERE run_id = ?1 GROUP BY case_id ORDER BY case_id
		ON CONFLICT (case_id) DO UPDATE SET status = excluded.status, last_run_id = excluded.last_run_id,
		                                    last_finding_id = excluded.last_finding_id`, w.runID); err != nil {
		return err
	}
	if err := w.exec(`
		INSERT INTO case_events (case_id, run_id, event)
		SELECT case_id, run_id, state FROM findings
		WHERE run_id = ?1 AND state IN ('new', 'reopened') GROUP BY case_id ORDER BY case_id`, w.runID); err != nil {
		return err
	}
	if err := w.exec("CREATE TEMP TABLE gone (case_id TEXT PRIMARY KEY) WITHOUT ROWID"); err != nil {
		return err
	}
	for i := range run.Inputs {
		if i == 0 {
			continue
		}
		if err := w.findGone(&run.Inputs[i]); err != nil {
			return err
		}
	}
	for _, statement := range []string{
		"INSERT INTO case_events (case_id, run_id, event) SELECT case_id, ?1, 'resolved' FROM gone ORDER BY case_id",
		"UPDATE cases SET status = 'resolved' WHERE case_id IN (SELECT case_id FROM gone) AND last_run_id < ?1",
	} {
		if err := w.exec(statement, w.runID); err != nil {
			return err
		}
	}
	if err := w.exec("DROP TABLE gone"); err != nil {
		return err
	}
	return w.countCases()
}

// openCases is followCases of the first run of a database: every case is new.
func (w *auditWriter) openCases() error {
	for _, statement := range []string{
		`INSERT INTO cases (case_id, dataset, record_id, number_hash, status, first_run_id, last_run_id, last_finding_id)
			SELECT case_id, dataset, record_id, number_hash, 'open', run_id, run_id, min(finding_id) FROM findings GROUP BY case_id ORDER BY case_id`,
		"INSERT INTO case_events (case_id, run_id, event) SELECT case_id, first_run_id, 'new' FROM cases ORDER BY case_id",
	} {
		if err := w.exec(statement); err != nil {
			return err
		}
	}
	return w.conn.QueryRowContext(w.ctx, "SELECT count(*) FROM cases").Scan(&w.cases.New)
}

// findGone lists the cases of a dataset that this run neither found nor may
// have missed.
func (w *auditWriter) findGone(in *linkage.Input) error {
	const absent = "FROM cases WHERE status <> 'resolved' AND dataset = ?1 AND last_run_id < ?2"
	unread := w.unread[in.Dataset]
	if unread == nil {
		return w.exec("INSERT INTO gone SELECT case_id "+absent, in.Dataset, w.runID)
	}
	hasRecords := in.Columns[ingest.RoleRecord.String()] != ""
	rows, err := w.conn.QueryContext(w.ctx, "SELECT case_id, record_id, number_hash "+absent, in.Dataset, w.runID)
	if err != nil {
		return err
	}
	defer rows.Close()
	var gone []string
	for rows.Next() {
		var id, record string
		var number sql.RawBytes
		if err := rows.Scan(&id, &record, &number); err != nil {
			return err
		}
		if !unread.mayBe(record, bytes.Clone(number), hasRecords) {
			gone = append(gone, id)
		}
	}
	if err := rows.Err(); err != nil {
		return err
	}
	rows.Close()
	for _, id := range gone {
		if err := w.exec("INSERT INTO gone VALUES (?)", id); err != nil {
			return err
		}
	}
	return nil
}

func (w *auditWriter) countCases() error {
	states := map[string]*int64{"new": &w.cases.New, "persisting": &w.cases.Persisting, "reopened": &w.cases.Reopened, "decided": &w.cases.Decided}
	rows, err := w.conn.QueryContext(w.ctx, "SELECT state, count(DISTINCT case_id) FROM findings WHERE run_id = ? GROUP BY state", w.runID)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var state string
		var n int64
		if err := rows.Scan(&state, &n); err != nil {
			return err
		}
		*states[state] = n
	}
	if err := errors.Join(rows.Err(), rows.Close()); err != nil {
		return err
	}
	return w.conn.QueryRowContext(w.ctx, `
		SELECT (SELECT count(*) FROM case_events WHERE run_id = ?1 AND event = 'resolved'),
		       (SELECT count(*) FROM cases WHERE status <> 'resolved' AND last_run_id < ?1)`, w.runID).
		Scan(&w.cases.Resolved, &w.cases.NotSeen)
}
