package report

import (
	"math"
	"testing"

	"github.com/himozuke/himozuke/linkage"
	"github.com/himozuke/himozuke/linkage/ingest"
)

func readTraining(t *testing.T, path, keyFile string) linkage.Decisions {
	t.Helper()
	d, key, err := ReadTrainingDecisions(path, keyFile)
	if err != nil {
		t.Fatal(err)
	}
	if len(key) < keyBytes {
		t.Fatalf("a key of %d bytes", len(key))
	}
	return d
}

// A decision counts as long as both rows are as the reviewer saw them, also
// when they went away and came back; one that nobody is sure of does not.
func TestTrainingDecisions(t *testing.T) {
	r := &reviews{newNights(t)}
	r.audit(sampleFindings()...)
	r.take(ImportOptions{}, familyCase+" mislinked sato", orphanCase+" unsure sato", reviewCase+" correct sato")
	d := readTraining(t, r.database, "")
	if d.Cases("medical") != 1 || d.Cases("bank") != 2 || d.Cases("pension") != 0 {
		t.Errorf("cases %d %d %d", d.Cases("medical"), d.Cases("bank"), d.Cases("pension"))
	}
	changed := reviewFinding()
	changed.Holder.Fields[ingest.RoleAddress] = "moved"
	other := familyFinding()
	other.CaseID = "feed000000000000"
	for name, c := range map[string]struct {
		f     *linkage.Finding
		state linkage.DecisionState
		wrong bool
	}{
		"wrong": {familyFinding(), linkage.DecisionHolds, true}, "right": {reviewFinding(), linkage.DecisionHolds, false},
		"unsure": {orphanFinding(), linkage.DecisionUnsettled, false}, "changed": {changed, linkage.DecisionChanged, false},
		"other case": {other, linkage.DecisionNone, false},
	} {
		if decided, state := d.On(c.f); state != c.state || decided.Wrong != c.wrong {
			t.Errorf("%s: %+v, state %d", name, decided, state)
		}
	}
	decided, _ := d.On(familyFinding())
	if decided.Weight != 1 || decided.Run != "20261101T020000Z" || len(decided.Hypotheses) != 4 || decided.Hypotheses[1].Cause != linkage.Family ||
		math.Abs(decided.Hypotheses[1].Posterior-0.9997) > 1e-9 {
		t.Errorf("%+v", decided)
	}
	if !d.Mentions("medical", []byte("R000001"), nil) || d.Mentions("bank", []byte("R000001"), nil) || d.Mentions("medical", []byte("R000009"), nil) {
		t.Error("mentions the wrong rows")
	}

	// Another night changes the row; the decision on the old data stays with them.
	r.audit(familyFinding(), orphanFinding(), changed)
	r.take(ImportOptions{}, reviewCase+" mislinked sato")
	d = readTraining(t, r.database, "")
	if now, state := d.On(changed); state != linkage.DecisionHolds || !now.Wrong || now.Run != "20261102T020000Z" {
		t.Errorf("%+v, state %d", now, state)
	}
	if before, state := d.On(reviewFinding()); state != linkage.DecisionHolds || before.Wrong {
		t.Errorf("%+v, state %d", before, state)
	}

	// Reviewers who contradict each other say nothing.
	r.take(ImportOptions{}, familyCase+" correct tanaka")
	if _, state := readTraining(t, r.database, "").On(familyFinding()); state != linkage.DecisionUnsettled {
		t.Errorf("state %d", state)
	}
	_, _, err := ReadTrainingDecisions(r.database, keyFile(t))
	wantProblem(t, err, ProblemKey)
}

// A case of a sample stands for as many as its stratum has for each drawn.
func TestTrainingWeightsBySample(t *testing.T) {
	r := &reviews{newNights(t)}
	findings := manyFindings(300, 31)
	findings = append(findings, familyFinding())
	findings[300].RecordID = findings[300].Number // a file whose key is the number
	r.audit(findings...)
	sheet, _ := reviewedSample(t, r.nights, findings, ExportOptions{Sample: 30, Seed: 5})
	if _, err := r.importSheet(sheet, ImportOptions{}); err != nil {
		t.Fatal(err)
	}
	r.take(ImportOptions{}, familyCase+" mislinked tanaka")
	d := readTraining(t, r.database, "")
	used, sum := 0, 0.0
	for _, f := range findings[:300] {
		decided, state := d.On(f)
		if state == linkage.DecisionNone {
			continue
		}
		if decided.Wrong != wrongCase(f) || decided.Weight < 2 {
			t.Errorf("%+v", decided)
		}
		used++
		sum += decided.Weight
	}
	if used < 28 || math.Abs(sum-300) > 15 {
		t.Errorf("%d decisions stand for %g cases", used, sum)
	}
	if !d.Mentions("medical", []byte(mother.number), []byte(mother.number)) {
		t.Error("a record id that is the number is not found")
	}
}
