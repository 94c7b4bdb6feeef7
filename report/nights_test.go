package report

import (
	"bytes"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/himozuke/himozuke/linkage"
	"github.com/himozuke/himozuke/linkage/ingest"
	"github.com/himozuke/himozuke/report/words"
)

// nights audits into one lasting database, a folder a night.
type nights struct {
	t        *testing.T
	database string
	night    int
	dir      string
	rejected []ingest.Reject // of medical, besides the usual one
}

func newNights(t *testing.T) *nights {
	return &nights{t: t, database: filepath.Join(t.TempDir(), "audit.db")}
}

func (n *nights) audit(findings ...*linkage.Finding) *Summary {
	n.t.Helper()
	return n.auditOf(sampleRun(findings...), findings...)
}

func (n *nights) auditOf(run *linkage.Run, findings ...*linkage.Finding) *Summary {
	n.t.Helper()
	n.night++
	run.ID = time.Date(2026, 11, n.night, 2, 0, 0, 0, time.UTC).Format("20060102T150405Z")
	run.Started = time.Date(2026, 11, n.night, 2, 0, 0, 0, time.UTC)
	n.dir = filepath.Join(n.t.TempDir(), "out")
	if err := tryFolder(n.dir, FolderOptions{DB: n.database}, run, findings, n.rejected...); err != nil {
		n.t.Fatal(err)
	}
	s, err := ReadSummary(n.dir)
	if err != nil {
		n.t.Fatal(err)
	}
	return s
}

func (n *nights) want(s *Summary, want CaseCounts) {
	n.t.Helper()
	if s.Cases != want {
		n.t.Errorf("night %d: cases %+v, want %+v", n.night, s.Cases, want)
	}
}

func (n *nights) decide(id, decision string) {
	n.t.Helper()
	db := openSQL(n.t, n.database)
	_, err := db.Exec(`INSERT INTO decisions (case_id, finding_id, decided_at, reviewer, decision, data_hash)
		SELECT case_id, finding_id, '2026-11-20T00:00:00Z', 'tester', ?2, data_hash
		FROM findings WHERE finding_id = (SELECT last_finding_id FROM cases WHERE case_id = ?1)`, id, decision)
	if err != nil {
		n.t.Fatal(err)
	}
}

func TestCasesOverNights(t *testing.T) {
	n := newNights(t)
	n.want(n.audit(familyFinding(), orphanFinding()), CaseCounts{New: 2})
	n.want(n.audit(familyFinding(), reviewFinding()), CaseCounts{New: 1, Persisting: 1, Resolved: 1})
	n.want(n.audit(familyFinding(), orphanFinding(), reviewFinding()), CaseCounts{Persisting: 2, Reopened: 1})
	n.want(n.audit(), CaseCounts{Resolved: 3})
	n.want(n.audit(), CaseCounts{})
	audit := openFolder(t, n.dir)
	c, err := audit.Case("c0ffee0000000002")
	if err != nil {
		t.Fatal(err)
	}
	var events []string
	for _, e := range c.Events {
		events = append(events, e.At[8:10]+e.Event)
	}
	want := []string{"01new", "02resolved", "03reopened", "04resolved"}
	if len(events) != len(want) {
		t.Fatalf("events %v", events)
	}
	for i := range want {
		if events[i] != want[i] {
			t.Errorf("events %v, want %v", events, want)
		}
	}
	if c.Status != "resolved" {
		t.Errorf("status %s", c.Status)
	}
}

// A night that did not read a dataset says nothing about its cases.
func TestCasesOfAnotherDatasetStay(t *testing.T) {
	n := newNights(t)
	n.audit(familyFinding(), reviewFinding())
	run := sampleRun()
	run.Inputs = run.Inputs[:2] // register and medical
	finishRun(run, nil)
	n.want(n.auditOf(run), CaseCounts{Resolved: 1, NotSeen: 1})
	n.want(n.audit(reviewFinding()), CaseCounts{Persisting: 1})
}

// A row that could not be read says nothing about its case either: neither is
// the case resolved nor is it raised again when the row is mended.
func TestCaseOfARejectedRowStays(t *testing.T) {
	family, review := familyFinding(), reviewFinding()
	for name, row := range map[string]string{
		"record id":       "R000001,01234567",
		"quoted":          `"山田　花子","R000001"` + "\r",
		"semicolons":      "x;R000001;y",
		"number":          "?,012345670001,山田",
		"written number":  "?,0123-4567-0001",
		"nothing is left": "",
	} {
		t.Run(name, func(t *testing.T) {
			n := newNights(t)
			n.audit(family, review)
			n.decide(family.CaseID, "correct")
			n.want(n.audit(family, review), CaseCounts{Persisting: 1, Decided: 1})
			n.rejected = []ingest.Reject{{Line: 30, Reason: ingest.ReasonFieldCount, Row: row}}
			n.want(n.audit(), CaseCounts{Resolved: 1, NotSeen: 1})
			n.rejected = nil
			n.want(n.audit(family), CaseCounts{Decided: 1})
			if c, err := openFolder(t, n.database).Case(family.CaseID); err != nil || c.Status != "decided" || len(c.Events) != 1 {
				t.Errorf("%+v %v", c, err)
			}
		})
	}
	n := newNights(t)
	n.audit(family)
	n.rejected = []ingest.Reject{{Line: 30, Reason: ingest.ReasonFieldCount, Row: "R000002,合計"}}
	n.want(n.audit(), CaseCounts{Resolved: 1})
}

// Where a file has no record ids the line stands for one.
func TestCaseOfARejectedLineStays(t *testing.T) {
	n := newNights(t)
	family := familyFinding()
	family.RecordID = "2"
	n.audit(family)
	n.rejected = []ingest.Reject{{Line: 2, Reason: ingest.ReasonQuote, Row: "山田"}}
	n.want(n.audit(), CaseCounts{NotSeen: 1})
}

func TestDecidedCaseStaysClosedUntilItsDataChange(t *testing.T) {
	n := newNights(t)
	n.audit(familyFinding(), reviewFinding())
	n.decide("c0ffee0000000003", "correct")
	n.decide("c0ffee0000000001", "unsure")
	n.want(n.audit(familyFinding(), reviewFinding()), CaseCounts{Persisting: 1, Decided: 1})
	var b bytes.Buffer
	if err := PrintOverview(&b, n.dir, sampleRun(familyFinding(), reviewFinding()), words.English); err != nil {
		t.Fatal(err)
	}
	if bytes.Contains(b.Bytes(), []byte("c0ffee0000000003")) {
		t.Error("a decided case is raised again")
	}
	changed := reviewFinding()
	changed.Holder.Fields[ingest.RoleAddress] = "大阪府大阪市北区"
	n.want(n.audit(familyFinding(), changed), CaseCounts{Persisting: 1, Reopened: 1})
	n.want(n.audit(familyFinding(), reviewFinding()), CaseCounts{Persisting: 1, Decided: 1})
}

// What is the same as the night before is not stored again.
func TestDossiersAreShared(t *testing.T) {
	n := newNights(t)
	for range 3 {
		n.audit(familyFinding(), reviewFinding())
	}
	db := openSQL(t, n.database)
	var dossiers, findings int
	if err := db.QueryRow("SELECT (SELECT count(*) FROM dossiers), (SELECT count(*) FROM findings)").Scan(&dossiers, &findings); err != nil {
		t.Fatal(err)
	}
	if dossiers != 2 || findings != 6 {
		t.Errorf("%d dossiers for %d findings", dossiers, findings)
	}
	if _, err := openFolder(t, n.dir).Case("c0ffee0000000001"); err != nil {
		t.Error(err)
	}
}

// Each folder of a lasting database shows its own run.
func TestFolderShowsItsOwnRun(t *testing.T) {
	n := newNights(t)
	n.audit(familyFinding(), reviewFinding())
	first := n.dir
	n.audit()
	for dir, want := range map[string]int64{first: 1, n.dir: 0, n.database: 0} {
		table, err := openFolder(t, dir).Table(TableOptions{By: ByDataset})
		if err != nil {
			t.Fatal(err)
		}
		if table.Total.Mislinked != want {
			t.Errorf("%s: %d mislinked, want %d", dir, table.Total.Mislinked, want)
		}
	}
}

func TestTwoRunsWithinASecond(t *testing.T) {
	database := filepath.Join(t.TempDir(), "audit.db")
	var ids []string
	for range 3 {
		dir := filepath.Join(t.TempDir(), "out")
		if err := tryFolder(dir, FolderOptions{DB: database}, sampleRun(), nil); err != nil {
			t.Fatal(err)
		}
		latest, err := openFolder(t, dir).LatestRun()
		if err != nil {
			t.Fatal(err)
		}
		ids = append(ids, latest.ID)
	}
	if id := sampleRun().ID; ids[0] != id || ids[1] != id+"-2" || ids[2] != id+"-3" {
		t.Errorf("runs %v", ids)
	}
}

// The engine knows a run's id only when the inputs are read.
func TestRunIDKnownAtTheEnd(t *testing.T) {
	database := filepath.Join(t.TempDir(), "audit.db")
	for _, id := range []string{"one", "two"} {
		dir := filepath.Join(t.TempDir(), "out")
		folder, err := NewFolder(dir, FolderOptions{DB: database})
		if err != nil {
			t.Fatal(err)
		}
		defer folder.Abort()
		run := sampleRun()
		run.ID = ""
		if err := folder.Begin(run); err != nil {
			t.Fatal(err)
		}
		run.ID = id
		if err := folder.End(run); err != nil {
			t.Fatal(err)
		}
		if latest, err := openFolder(t, dir).LatestRun(); err != nil || latest.ID != id {
			t.Errorf("latest run %q %v", latest.ID, err)
		}
	}
}

// A reader sees the last finished run while another is being written.
func TestReadersDuringARun(t *testing.T) {
	n := newNights(t)
	n.audit(familyFinding())
	folder := begunFolder(t, filepath.Join(t.TempDir(), "out"), FolderOptions{DB: n.database}, manyFindings(3000, 4))
	defer folder.Abort()
	table, err := openFolder(t, n.database).Table(TableOptions{By: ByDataset})
	if err != nil {
		t.Fatal(err)
	}
	if table.Total.Mislinked != 1 {
		t.Errorf("%d mislinked", table.Total.Mislinked)
	}
}

func TestAccessLogIsChained(t *testing.T) {
	n := newNights(t)
	for range 3 {
		n.audit()
	}
	audit := openFolder(t, n.database)
	if err := audit.VerifyAccessLog(); err != nil {
		t.Fatal(err)
	}
	log, err := audit.AccessLog(0)
	if err != nil || len(log.Entries) != 3 || log.Err() != nil || log.Last != log.Entries[2].Hash {
		t.Fatalf("%+v %v", log, err)
	}
	kept := readFile(t, n.database)
	for _, damage := range []string{
		"UPDATE access_log SET actor = 'somebody else' WHERE entry_id = 2",
		"DELETE FROM access_log WHERE entry_id = 2",
		"UPDATE access_log SET hash = zeroblob(32) WHERE entry_id = 3",
	} {
		writeFile(t, n.database, string(kept))
		if _, err := openSQL(t, n.database).Exec(damage); err != nil {
			t.Fatal(err)
		}
		damaged := openFolder(t, n.database)
		wantProblem(t, damaged.VerifyAccessLog(), ProblemAccessLog)
		log, err := damaged.AccessLog(1)
		if err != nil {
			t.Fatal(err)
		}
		both(t, func(t *testing.T, l words.Lang) {
			var b bytes.Buffer
			if err := log.WriteTerminal(&b, l); err != nil {
				t.Fatal(err)
			}
			fits80(t, b.String())
			if !strings.Contains(b.String(), map[words.Lang]string{words.English: "BREAKS", words.Japanese: "途切れている"}[l]) {
				t.Errorf("%s: %s", damage, &b)
			}
		})
	}
}

// Who became the account of the audit with sudo is kept beside it.
func TestActorUnderSudo(t *testing.T) {
	t.Setenv("SUDO_USER", "tanaka")
	n := newNights(t)
	n.audit()
	audit := openFolder(t, n.database)
	if err := audit.EnterView("explain", "case c0ffee"); err != nil {
		t.Fatal(err)
	}
	log, err := audit.AccessLog(0)
	if err != nil || len(log.Entries) != 2 || log.Err() != nil {
		t.Fatalf("%+v %v", log, err)
	}
	for _, e := range log.Entries {
		if !strings.HasSuffix(e.Actor, " (sudo: tanaka)") {
			t.Errorf("actor %s", e.Actor)
		}
	}
}
