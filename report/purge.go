package report

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"github.com/himozuke/himozuke/report/words"
)

// PurgeOptions choose the runs that are taken out of a database.
type PurgeOptions struct {
	Runs   []string  // by their ids
	Before time.Time // and those that began until then, to the second; zero: none
	DryRun bool
	Actor  string // for the access log; empty: the user of the process
	Now    func() time.Time
}

// PurgeResult says what was taken out.
type PurgeResult struct {
	Runs     []PurgedRun
	Findings int64
	Dossiers int64
	Cases    int64 // resolved ones that no run and no decision refers to any more
	Kept     bool  // the newest run is old enough, but stays
	Before   int64 // bytes of the file
	After    int64
	Shrunk   error // why the file could not be made smaller

	dryRun bool
}

// PurgedRun is one run that was taken out.
type PurgedRun struct {
	ID       string
	Started  string
	Findings int64

	rowID int64
}

var (
	purgeUnknownRun = words.Text{EN: "%s: there is no run %s; himozuke report --trend --format csv lists the runs", JA: "%s: 点検 %s はありません。himozuke report --trend --format csv で点検の一覧を確認してください"}
	purgeNewestRun  = words.Text{EN: "%s: run %s is the newest and stays: the next night is compared with it; to be rid of everything, delete the file", JA: "%s: 点検 %s は最新のものであり、次回の点検と比較するため削除できません。全てを削除する場合は、ファイルを削除してください"}
	errPurgeBroken  = errors.New("taking the runs out would leave rows that refer to nothing: please report this")
)

// Purge takes runs out of the database with everything that they found. What
// reviewers decided, the cases that are still followed and the access log
// stay. The newest run is never taken out: the next night is compared with it.
func (a *Audit) Purge(o PurgeOptions) (*PurgeResult, error) {
	if o.Now == nil {
		o.Now = time.Now
	}
	p := &purge{audit: a, options: o, result: &PurgeResult{Before: fileSize(a.path), dryRun: o.DryRun}}
	// Foreign keys are checked once at the end: finding by finding it would
	// take a look at all others.
	err := a.changeWith([]string{"PRAGMA foreign_keys = OFF", "PRAGMA secure_delete = ON"}, p.run)
	if errors.Is(err, errDryRun) {
		return p.result, nil
	}
	if err != nil {
		return nil, err
	}
	if len(p.result.Runs) > 0 {
		p.result.Shrunk = a.vacuum()
	}
	p.result.After = fileSize(a.path)
	return p.result, nil
}

func fileSize(path string) int64 {
	info, err := os.Stat(path)
	if err != nil {
		return 0
	}
	return info.Size()
}

// vacuum gives the room back to the system, and what stood in it is gone.
func (a *Audit) vacuum() error {
	db, err := sql.Open("sqlite", databaseURI(a.path, "mode=rw"))
	if err != nil {
		return databaseProblem(a.path, err)
	}
	defer db.Close()
	db.SetMaxOpenConns(1)
	for _, statement := range []string{"PRAGMA busy_timeout = 2000", "VACUUM", "PRAGMA wal_checkpoint(TRUNCATE)"} {
		if _, err := db.Exec(statement); err != nil {
			return databaseProblem(a.path, err)
		}
	}
	return nil
}

type purge struct {
	audit   *Audit
	options PurgeOptions
	result  *PurgeResult
	ctx     context.Context
	conn    *sql.Conn
}

func (p *purge) run(ctx context.Context, conn *sql.Conn) error {
	p.ctx, p.conn = ctx, conn
	if err := p.choose(); err != nil {
		return err
	}
	if len(p.result.Runs) == 0 {
		return errDryRun
	}
	for _, step := range []func() error{p.keepWithDecisions, p.takeOutRows, p.mendCases, p.dropDossiers, p.check} {
		if err := step(); err != nil {
			return err
		}
	}
	if p.options.DryRun {
		return errDryRun
	}
	return appendAccess(ctx, conn, p.options.Now(), actorOr(p.options.Actor), "purge", p.logEntry())
}

// choose lists the runs, and puts their numbers where the statements find
// them.
func (p *purge) choose() error {
	wanted := map[string]bool{}
	for _, id := range p.options.Runs {
		wanted[id] = true
	}
	rows, err := p.conn.QueryContext(p.ctx, `SELECT run_id, run_key, started_at,
			(SELECT count(*) FROM findings f WHERE f.run_id = r.run_id), run_id = (SELECT run_id FROM latest_run)
		FROM runs r WHERE purged_at IS NULL ORDER BY run_id`)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var r PurgedRun
		var newest bool
		if err := rows.Scan(&r.rowID, &r.ID, &r.Started, &r.Findings, &newest); err != nil {
			return err
		}
		named := wanted[r.ID]
		delete(wanted, r.ID)
		old := !p.options.Before.IsZero() && r.Started <= timestamp(p.options.Before)
		switch {
		case named && newest:
			return &said{text: purgeNewestRun, args: []any{p.audit.path, r.ID}}
		case old && newest:
			p.result.Kept = true
		case named || old:
			p.result.Runs = append(p.result.Runs, r)
			p.result.Findings += r.Findings
		}
	}
	if err := errors.Join(rows.Err(), rows.Close()); err != nil {
		return err
	}
	for _, id := range p.options.Runs {
		if wanted[id] {
			return &said{text: purgeUnknownRun, args: []any{p.audit.path, id}}
		}
	}
	if err := p.exec("CREATE TEMP TABLE purged (run_id INTEGER PRIMARY KEY)"); err != nil {
		return err
	}
	for _, r := range p.result.Runs {
		if err := p.exec("INSERT INTO purged VALUES (?)", r.rowID); err != nil {
			return err
		}
	}
	return nil
}

func (p *purge) exec(query string, args ...any) error {
	_, err := p.conn.ExecContext(p.ctx, query, args...)
	return err
}

// count executes a statement and says how many rows it changed.
func (p *purge) count(into *int64, query string, args ...any) error {
	result, err := p.conn.ExecContext(p.ctx, query, args...)
	if err != nil {
		return err
	}
	*into, err = result.RowsAffected()
	return err
}

// keepWithDecisions notes what a reviewer was shown, so that the precision of
// what was reviewed can still be told.
func (p *purge) keepWithDecisions() error {
	return p.exec(`UPDATE decisions SET finding_id = NULL, verdict = f.verdict, cause = f.cause, prefecture = f.prefecture
		FROM findings f WHERE f.finding_id = decisions.finding_id AND f.run_id IN (SELECT run_id FROM purged)`)
}

// takeOutRows empties the runs: all tables whose rows belong to one run.
func (p *purge) takeOutRows() error {
	tables, err := p.runTables()
	if err != nil {
		return err
	}
	for _, table := range tables {
		if err := p.exec("DELETE FROM " + table + " WHERE run_id IN (SELECT run_id FROM purged)"); err != nil {
			return err
		}
	}
	for _, table := range []string{"sample_strata", "sample_cases"} {
		if err := p.exec("DELETE FROM " + table + " WHERE sample_id NOT IN (SELECT sample_id FROM samples)"); err != nil {
			return err
		}
	}
	return p.exec(`UPDATE runs SET purged_at = ?, config_json = '{}', model_json = NULL, self_check_json = NULL, peak_bytes = 0
		WHERE run_id IN (SELECT run_id FROM purged)`, timestamp(p.options.Now()))
}

func (p *purge) runTables() ([]string, error) {
	rows, err := p.conn.QueryContext(p.ctx, `SELECT m.name FROM sqlite_master m, pragma_foreign_key_list(m.name) f
		WHERE m.type = 'table' AND f."table" = 'runs' AND f.on_delete = 'CASCADE' ORDER BY m.name`)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var names []string
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			return nil, err
		}
		names = append(names, name)
	}
	return names, rows.Err()
}

// mendCases points each case to the newest finding that is left of it. A case
// that is resolved, has no finding left and was never decided goes.
func (p *purge) mendCases() error {
	if err := p.exec(`UPDATE cases SET last_finding_id = ifnull((
			SELECT min(finding_id) FROM findings f WHERE f.case_id = cases.case_id
				AND run_id = (SELECT max(run_id) FROM findings g WHERE g.case_id = cases.case_id)), 0)
		WHERE NOT EXISTS (SELECT 1 FROM findings f WHERE f.finding_id = last_finding_id)`); err != nil {
		return err
	}
	const over = `last_finding_id = 0 AND status = 'resolved'
		AND NOT EXISTS (SELECT 1 FROM decisions d WHERE d.case_id = cases.case_id)`
	if err := p.exec("DELETE FROM case_events WHERE case_id IN (SELECT case_id FROM cases WHERE " + over + ")"); err != nil {
		return err
	}
	return p.count(&p.result.Cases, "DELETE FROM cases WHERE "+over)
}

// dropDossiers deletes those that no finding refers to; a later run may use
// the one that an earlier run brought.
func (p *purge) dropDossiers() error {
	return p.count(&p.result.Dossiers, "DELETE FROM dossiers WHERE dossier_id NOT IN (SELECT dossier_id FROM findings)")
}

// check sees that nothing refers to what is gone.
func (p *purge) check() error {
	if err := p.exec("DROP TABLE purged"); err != nil {
		return err
	}
	rows, err := p.conn.QueryContext(p.ctx, "PRAGMA foreign_key_check")
	if err != nil {
		return err
	}
	defer rows.Close()
	if rows.Next() {
		return errPurgeBroken
	}
	return rows.Err()
}

func (p *purge) logEntry() string {
	ids := make([]string, len(p.result.Runs))
	for i, r := range p.result.Runs {
		ids[i] = r.ID
	}
	const shown = 10
	names := strings.Join(ids, " ")
	if len(ids) > shown {
		names = fmt.Sprintf("%s to %s", ids[0], ids[len(ids)-1])
	}
	return fmt.Sprintf("%d runs (%s), %d findings, %d cases", len(ids), names, p.result.Findings, p.result.Cases)
}

var (
	purgedNothing  = words.Text{EN: "No run to take out.", JA: "削除の対象となる点検はない。"}
	purgedTitle    = words.Text{EN: "Runs taken out", JA: "削除した点検"}
	purgeableTitle = words.Text{EN: "Runs that would be taken out (nothing was changed)", JA: "削除の対象となる点検（まだ削除していない）"}
	headingRunID   = words.Text{EN: "Run id", JA: "点検ID"}
	headingFinds   = words.Text{EN: "Findings", JA: "検出件数"}
	purgedCases    = words.Text{EN: "Cases: %s that were resolved and never decided go with them; all others stay with their history and decisions.", JA: "案件: 解消済みで確認結果のない%s件は併せて削除する。その他の案件、その経過及び確認結果は残る。"}
	purgedSize     = words.Text{EN: "Size of the database: %s before, %s after.", JA: "データベースの容量: 削除前 %s、削除後 %s。"}
	purgedNewest   = words.Text{EN: "The newest run stays: the next night is compared with it.", JA: "最新の点検は、次回の点検と比較するため残した。"}
	purgedFolders  = words.Text{EN: "The folders that audit --out wrote are not touched; delete those of the same runs too.", JA: "audit の --out で出力したフォルダは削除していない。同じ点検のフォルダも併せて削除すること。"}
	purgedUnshrunk = words.Text{EN: "The rows are deleted and overwritten, but the file could not be made smaller: %s", JA: "データは削除し上書きしたが、ファイルを縮小できなかった: %s"}
)

// WriteTerminal says what was taken out.
func (r *PurgeResult) WriteTerminal(w io.Writer, l words.Lang) error {
	lines := []string{}
	switch {
	case len(r.Runs) == 0:
		lines = append(lines, purgedNothing.In(l))
	default:
		title := purgedTitle
		if r.dryRun {
			title = purgeableTitle
		}
		if _, err := fmt.Fprintln(w, title.In(l)); err != nil {
			return err
		}
		layout := table{columns: []column{
			{heading: headingRun.In(l)}, {heading: headingRunID.In(l), shrinks: true}, {heading: headingFinds.In(l), align: right},
		}}
		for _, run := range r.Runs {
			layout.add(minute(run.Started), run.ID, grouped(run.Findings))
		}
		layout.rule()
		layout.add(totalLabel.In(l), "", grouped(r.Findings))
		if err := layout.write(w); err != nil {
			return err
		}
		lines = append(lines, purgedCases.Format(l, grouped(r.Cases)))
	}
	if r.Kept {
		lines = append(lines, purgedNewest.In(l))
	}
	if len(r.Runs) > 0 && !r.dryRun {
		if r.Shrunk != nil {
			lines = append(lines, purgedUnshrunk.Format(l, words.Error(r.Shrunk, l)))
		} else {
			lines = append(lines, purgedSize.Format(l, size(r.Before), size(r.After)))
		}
		lines = append(lines, purgedFolders.In(l))
	}
	for _, line := range lines {
		if err := writeWrapped(w, line); err != nil {
			return err
		}
	}
	return nil
}
