package report

import (
	"bytes"
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"testing"

	"github.com/himozuke/himozuke/linkage"
	"github.com/himozuke/himozuke/report/words"
	"github.com/himozuke/himozuke/score"
)

// checkedRun is a run with everything that key integrity and the self-check
// may say.
func checkedRun(findings ...*linkage.Finding) *linkage.Run {
	run := sampleRun(findings...)
	run.Integrity = []linkage.DatasetIntegrity{
		{Dataset: "medical", Key: "symbol", Keys: 119_000, SharedKeys: 2, DoubleClaims: 61},
		{Dataset: "bank", Key: "account", Keys: 80_000, SharedKeys: 188, FamilyKeys: 186, DoubleClaims: 4},
	}
	run.Budgets = []linkage.ReviewBudget{{Links: 1, Wrong: 0.75, Last: 0.75}, {Links: 3, Wrong: 1.5, Last: 0.25}}
	run.SelfCheck = &linkage.SelfCheck{
		Seeded: []linkage.SeededFaults{
			{Dataset: "medical", Cause: linkage.Family, Planted: 120, Traced: 120, Mislinked: 117, Review: 2, Owner: 119},
			{Dataset: "medical", Cause: linkage.Namesake, Planted: 60, Traced: 40, Mislinked: 40, Owner: 39},
			{Dataset: "bank", Cause: linkage.Family, Planted: 80, Traced: 80, Mislinked: 60, Review: 18, Owner: 78},
		},
		Decoys: linkage.DecoyCheck{People: 100_000, Decoys: 5000, Named: 1, Listed: 450},
	}
	return run
}

func TestOverviewShowsKeysAndSelfCheck(t *testing.T) {
	run := checkedRun()
	dir := writeFolder(t, FolderOptions{KeyFile: keyFile(t)}, run, nil)
	both(t, func(t *testing.T, l words.Lang) {
		var b bytes.Buffer
		if err := PrintOverview(&b, dir, run, l); err != nil {
			t.Fatal(err)
		}
		text := bytes.ReplaceAll(b.Bytes(), []byte(dir), []byte("out"))
		golden(t, "overview.check."+l.String()+".txt", text)
		fits80(t, string(text))
	})
}

func TestSummaryHoldsKeysBudgetsAndSelfCheck(t *testing.T) {
	dir := writeFolder(t, FolderOptions{KeyFile: keyFile(t)}, checkedRun(), nil)
	s, err := ReadSummary(dir)
	if err != nil {
		t.Fatal(err)
	}
	if len(s.Integrity) != 2 || s.Integrity[1].SharedKeys != 188 || s.Integrity[1].Key != "account" {
		t.Errorf("integrity %+v", s.Integrity)
	}
	if len(s.Budgets) != 2 || s.Budgets[1].Precision != 0.5 {
		t.Errorf("budgets %+v, want a precision of 1.5 of 3", s.Budgets)
	}
	seeded := s.SelfCheck.Seeded
	if len(seeded) != 3 || seeded[0].Cause != "family" || *seeded[0].Recall.Value != 119.0/120 || seeded[1].Recall.Of != 40 {
		t.Errorf("seeded %+v", seeded)
	}
	if low, high := *seeded[0].Recall.Low, *seeded[0].Recall.High; low > 119.0/120 || high < 119.0/120 || low < 0.95 {
		t.Errorf("the interval %g to %g does not hold 119 of 120", low, high)
	}
	// One of 5,000 decoys among 100,000 people: 20 expected.
	if d := s.SelfCheck.Decoys; math.Abs(d.Expected-20) > 0.01 || d.Low >= 20 || d.High <= 20 {
		t.Errorf("decoys %+v", d)
	}
}

func TestSummaryWithoutSelfCheckSaysNull(t *testing.T) {
	dir := writeFolder(t, FolderOptions{}, sampleRun(), nil)
	text, err := os.ReadFile(filepath.Join(dir, SummaryName))
	if err != nil {
		t.Fatal(err)
	}
	var s map[string]json.RawMessage
	if err := json.Unmarshal(text, &s); err != nil {
		t.Fatal(err)
	}
	for key, want := range map[string]string{"self_check": "null", "review_budgets": "[]", "integrity": "[]"} {
		if string(s[key]) != want {
			t.Errorf("%s is %s, want %s", key, s[key], want)
		}
	}
}

func TestBlocksTable(t *testing.T) {
	run := sampleRun()
	run.Blocks = []linkage.BlockCount{
		{Rule: "kana+birth_date", Keys: 1200, Pairs: 3400, Largest: 9},
		{Rule: "rare_kana", Keys: 1500, Pairs: 91_234, Largest: 300, Refined: 2},
	}
	dir := writeFolder(t, FolderOptions{}, run, nil)
	audit, err := OpenAudit(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer audit.Close()
	blocks, err := audit.Blocks()
	if err != nil {
		t.Fatal(err)
	}
	both(t, func(t *testing.T, l words.Lang) {
		var b, c bytes.Buffer
		if err := blocks.WriteTerminal(&b, l); err != nil {
			t.Fatal(err)
		}
		golden(t, "blocks."+l.String()+".txt", b.Bytes())
		fits80(t, b.String())
		if err := blocks.WriteCSV(&c, l); err != nil {
			t.Fatal(err)
		}
		if !bytes.Contains(c.Bytes(), []byte(",1500,91234,300,2\n")) {
			t.Errorf("csv: %s", &c)
		}
	})
	if len(blocks.Rows) != 2 || blocks.Rows[0].Rule != "rare_kana" {
		t.Errorf("rows %+v, want the rule with most pairs first", blocks.Rows)
	}
}

// A case tells what other rows say, in the sentence and in the explanation,
// also when it is read back from the database.
func TestCaseTellsWhatOtherRowsSay(t *testing.T) {
	f := familyFinding()
	f.Evidence = append(f.Evidence, score.Evidence{Comparison: "other_record", Level: score.Different, Detail: linkage.DetailOtherRecord, M: 0.002, U: 0.5, Weight: -8})
	f.Weight -= 8
	shared := score.Evidence{Comparison: "account", Level: score.Exact, Detail: linkage.DetailSharedKey, M: 0.5, U: 0.001, Weight: 8.97}
	f.Owner.Evidence = append(f.Owner.Evidence, shared)
	for i := range f.Candidates {
		if f.Candidates[i].Number == f.Owner.Number {
			f.Candidates[i].Evidence = f.Owner.Evidence
		}
	}
	f.Evidence = append(f.Evidence, score.Evidence{Comparison: "number", Detail: linkage.DetailSameElsewhere})
	dir := writeFolder(t, FolderOptions{KeyFile: keyFile(t)}, sampleRun(f), []*linkage.Finding{f})
	audit, err := OpenAudit(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer audit.Close()
	c, err := audit.Case(f.CaseID)
	if err != nil {
		t.Fatal(err)
	}
	both(t, func(t *testing.T, l words.Lang) {
		var b bytes.Buffer
		if err := c.WriteTerminal(&b, l); err != nil {
			t.Fatal(err)
		}
		between := map[words.Lang]string{words.English: " "}[l] // where a line was broken
		text := bytes.ReplaceAll(b.Bytes(), []byte("\n"), []byte(between))
		for _, want := range []words.Text{
			{EN: "other record", JA: "別の記録"},
			{EN: "fits holder", JA: "本人に適合"},
			{EN: "own number carries the same account", JA: "真の本人の番号にも同じ口座"},
			{EN: "describes the same other person", JA: "同じ別人のもの"},
		} {
			if !bytes.Contains(text, []byte(want.In(l))) {
				t.Errorf("%q is not said:\n%s", want.In(l), &b)
			}
		}
		fits80(t, b.String())
	})
}
