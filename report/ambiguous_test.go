package report

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/himozuke/himozuke/linkage"
	"github.com/himozuke/himozuke/report/words"
)

func ambiguousFinding() *linkage.Finding {
	f := reviewFinding()
	f.Ambiguous, f.PWrong = true, 0.004
	f.Candidates = familyFinding().Candidates[:1]
	f.Candidates[0].Alike = true
	return f
}

// An ambiguous case says so wherever it is shown, names who fits as well without
// the whole number, and is quiet once it was found correct.
func TestAmbiguousCases(t *testing.T) {
	n := newNights(t)
	n.want(n.audit(ambiguousFinding(), familyFinding()), CaseCounts{New: 2})
	text, err := os.ReadFile(filepath.Join(n.dir, "findings.csv"))
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(text), ",true\n") || strings.Count(string(text), ",false\n") != 1 {
		t.Errorf("findings.csv:\n%s", text)
	}
	audit := openFolder(t, n.dir)
	c, err := audit.Case(ambiguousFinding().CaseID)
	if err != nil || !c.Ambiguous || !c.Candidates[0].Alike {
		t.Fatalf("%+v, %v", c, err)
	}
	for l, want := range map[words.Lang][2]string{
		words.English:  {"Cannot be decided: another resident", "fits the record as well as the holder does"},
		words.Japanese: {"いずれの者か判別できない", "番号の本人と同程度に当てはまり"},
	} {
		var b bytes.Buffer
		if err := c.WriteTerminal(&b, l); err != nil {
			t.Fatal(err)
		}
		flat := strings.ReplaceAll(b.String(), "\n", "")
		for _, s := range want {
			if !strings.Contains(flat, s) {
				t.Errorf("explain %v lacks %q:\n%s", l, s, b.String())
			}
		}
		if strings.Contains(b.String(), ambiguousFinding().Candidates[0].Number) {
			t.Error("explain shows a whole number")
		}
		sheet, _ := exportBytes(t, audit, ExportOptions{Lang: l, Format: ExportCSV})
		if !strings.Contains(string(sheet), want[0]) || !strings.Contains(string(sheet), map[words.Lang]string{words.English: ",yes,", words.Japanese: ",該当,"}[l]) {
			t.Errorf("the sheet does not say so:\n%s", sheet)
		}
	}
	n.decide(ambiguousFinding().CaseID, "correct")
	n.want(n.audit(ambiguousFinding(), familyFinding()), CaseCounts{Persisting: 1, Decided: 1})
}
