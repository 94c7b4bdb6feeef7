package report

import (
	"bytes"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/himozuke/himozuke/report/words"
)

// purge takes runs out and checks that the database is sound afterwards.
func (n *nights) purge(o PurgeOptions) *PurgeResult {
	n.t.Helper()
	audit, err := OpenAudit(n.database)
	if err != nil {
		n.t.Fatal(err)
	}
	defer audit.Close()
	r, err := audit.Purge(o)
	if err != nil {
		n.t.Fatal(err)
	}
	if r.Shrunk != nil {
		n.t.Error(r.Shrunk)
	}
	n.sound()
	return r
}

func (n *nights) sound() {
	n.t.Helper()
	db := openSQL(n.t, n.database)
	for query, want := range map[string]string{
		"PRAGMA integrity_check":                        "ok",
		"SELECT count(*) FROM pragma_foreign_key_check": "0",
		"SELECT count(*) FROM dossiers WHERE dossier_id NOT IN (SELECT dossier_id FROM findings)":                            "0",
		"SELECT count(*) FROM findings JOIN runs USING (run_id) WHERE purged_at IS NOT NULL":                                 "0",
		"SELECT count(*) FROM groups JOIN runs USING (run_id) WHERE purged_at IS NOT NULL":                                   "0",
		"SELECT count(*) FROM cases WHERE last_finding_id <> 0 AND last_finding_id NOT IN (SELECT finding_id FROM findings)": "0",
	} {
		var got string
		if err := db.QueryRow(query).Scan(&got); err != nil || got != want {
			n.t.Errorf("%s: %s %v", query, got, err)
		}
	}
	audit := openFolder(n.t, n.database)
	if err := audit.VerifyAccessLog(); err != nil {
		n.t.Error(err)
	}
}

func (n *nights) runs() []string {
	n.t.Helper()
	trend, err := openFolder(n.t, n.database).Trend(TableOptions{})
	if err != nil {
		n.t.Fatal(err)
	}
	var ids []string
	for _, r := range trend.Runs {
		ids = append(ids, r.Run)
	}
	return ids
}

func night(day int) time.Time { return time.Date(2026, 11, day, 12, 0, 0, 0, time.UTC) }

func TestPurge(t *testing.T) {
	n := newNights(t)
	first, orphan, review := familyFinding(), orphanFinding(), reviewFinding()
	n.audit(first, orphan, review)
	firstDir := n.dir
	exportBytes(t, openFolder(t, n.database), ExportOptions{Format: ExportCSV, Sample: 2}) // kept with the run
	n.audit(first, review)
	n.decide(review.CaseID, "correct")
	n.audit(first)
	n.audit(first)
	if got := n.runs(); len(got) != 4 {
		t.Fatalf("runs %v", got)
	}
	dry := n.purge(PurgeOptions{Before: night(2), DryRun: true})
	if len(dry.Runs) != 2 || dry.Findings != 5 || dry.Cases != 1 || len(n.runs()) != 4 {
		t.Errorf("dry run %+v", dry)
	}
	r := n.purge(PurgeOptions{Before: night(2), Actor: "auditor"})
	if len(r.Runs) != 2 || r.Findings != 5 || r.Cases != 1 || r.Kept || len(n.runs()) != 2 {
		t.Errorf("%+v, runs %v", r, n.runs())
	}
	db := openSQL(t, n.database)
	var detail, actor string
	if err := db.QueryRow("SELECT actor, detail FROM access_log WHERE action = 'purge'").Scan(&actor, &detail); err != nil {
		t.Fatal(err)
	}
	if actor != "auditor" || detail != "2 runs (20261101T020000Z 20261102T020000Z), 5 findings, 1 cases" {
		t.Errorf("access log: %s: %s", actor, detail)
	}

	// What is still followed keeps its history; the dossier that the first
	// night brought is still there for the nights that found the same.
	audit := openFolder(t, n.database)
	c, err := audit.Case(first.CaseID)
	if err != nil || c.Status != "open" || len(c.Events) != 1 || c.Events[0].Run != "20261101T020000Z" || len(c.Record.Known) == 0 {
		t.Errorf("%+v %v", c, err)
	}
	_, err = audit.Case(orphan.CaseID)
	wantProblem(t, err, ProblemNoCase)
	_, err = audit.Case(review.CaseID) // decided, so it stays, but its findings are gone
	wantProblem(t, err, ProblemCasePurged)
	_, err = openFolder(t, firstDir).Table(TableOptions{By: ByDataset})
	wantProblem(t, err, ProblemNoRun)

	// The decision counts for the precision of what was reviewed, and still
	// closes the case when it turns up again.
	status, err := audit.ReviewStatus(ReviewFilter{Prefecture: "13", Dataset: "bank"})
	if err != nil || len(status.Precision) == 0 {
		t.Errorf("%+v %v", status, err)
	}
	n.want(n.audit(first, review), CaseCounts{Persisting: 1, Decided: 1})
	n.sound()
}

func TestPurgeByID(t *testing.T) {
	n := newNights(t)
	for range 3 {
		n.audit(sampleFindings()...)
	}
	ids := n.runs()
	r := n.purge(PurgeOptions{Runs: ids[1:2]})
	if len(r.Runs) != 1 || r.Dossiers != 0 || strings.Join(n.runs(), " ") != ids[0]+" "+ids[2] {
		t.Errorf("%+v, runs %v", r, n.runs())
	}
	audit := openFolder(t, n.database)
	for _, id := range []string{ids[2], ids[1], "20200101T000000Z"} {
		_, err := audit.Purge(PurgeOptions{Runs: []string{id}})
		var s *said
		if !errors.As(err, &s) || s.In(words.Japanese) == s.In(words.English) {
			t.Errorf("%s: %v", id, err)
		}
	}
	if len(n.runs()) != 2 {
		t.Errorf("runs %v", n.runs())
	}
	n.sound()
}

// The newest run stays, however old it is, and nothing is done twice.
func TestPurgeKeepsTheNewestRun(t *testing.T) {
	n := newNights(t)
	n.audit(sampleFindings()...)
	n.audit()
	r := n.purge(PurgeOptions{Before: night(30)})
	if len(r.Runs) != 1 || !r.Kept || r.Cases != 3 || r.Dossiers != 3 {
		t.Errorf("%+v", r)
	}
	if r = n.purge(PurgeOptions{Before: night(30)}); len(r.Runs) != 0 || !r.Kept {
		t.Errorf("%+v", r)
	}
	// Ids of findings begin anew, and mean something else.
	n.want(n.audit(sampleFindings()...), CaseCounts{New: 3})
	n.sound()
}

// A case that a night could not see is followed on without its findings.
func TestPurgeOfACaseNotSeen(t *testing.T) {
	n := newNights(t)
	n.audit(familyFinding(), reviewFinding())
	run := sampleRun()
	run.Inputs = run.Inputs[:2] // register and medical
	finishRun(run, nil)
	n.auditOf(run)
	n.purge(PurgeOptions{Before: night(1)})
	n.want(n.audit(reviewFinding()), CaseCounts{Persisting: 1})
	if c, err := openFolder(t, n.database).Case(reviewFinding().CaseID); err != nil || c.Status != "open" || len(c.Record.Known) == 0 {
		t.Errorf("%+v %v", c, err)
	}
	n.sound()
}

// Nothing of a purged run can be found in the bytes of the file.
func TestPurgeLeavesNoTrace(t *testing.T) {
	n := newNights(t)
	n.audit(familyFinding())
	if !bytes.Contains(readFile(t, n.database), []byte(child.name)) {
		t.Fatal("the name is not in the database: the test is broken")
	}
	n.audit()
	n.purge(PurgeOptions{Before: night(1)})
	for _, path := range []string{n.database, n.database + "-wal"} {
		if exists(path) && bytes.Contains(readFile(t, path), []byte(child.name)) {
			t.Errorf("%s still holds a name", path)
		}
	}
}

func TestPurgeIsRefusedDuringARun(t *testing.T) {
	n := newNights(t)
	n.audit(sampleFindings()...)
	n.audit()
	audit := openFolder(t, n.database)
	folder := begunFolder(t, t.TempDir()+"/out", FolderOptions{DB: n.database}, nil)
	defer folder.Abort()
	_, err := audit.Purge(PurgeOptions{Before: night(1)})
	wantProblem(t, err, ProblemDatabaseBusy)
}

func TestPurgeTerminal(t *testing.T) {
	both(t, func(t *testing.T, l words.Lang) {
		n := newNights(t)
		for range 3 {
			n.audit(sampleFindings()...)
		}
		var b bytes.Buffer
		for _, o := range []PurgeOptions{{Before: night(2), DryRun: true}, {Before: night(9)}, {Before: night(9)}} {
			r := n.purge(o)
			r.Before, r.After = 5<<20, 3<<20
			if err := r.WriteTerminal(&b, l); err != nil {
				t.Fatal(err)
			}
			b.WriteByte('\n')
		}
		fits80(t, b.String())
		golden(t, "purge."+l.String()+".txt", b.Bytes())
	})
}
