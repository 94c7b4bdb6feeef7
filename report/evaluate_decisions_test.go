package report

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"math"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/himozuke/himozuke/linkage"
	"github.com/himozuke/himozuke/report/words"
)

// wrongCase makes a case wrong with the probability that its finding states.
func wrongCase(f *linkage.Finding) bool {
	return float64(lot(f.CaseID, 99)>>11)/(1<<53) < f.PWrong
}

// reviewedSample draws a sample of a run, and decides each case as the truth is.
// It gives the sheet and the share of wrong links by verdict.
func reviewedSample(t *testing.T, n *nights, findings []*linkage.Finding, o ExportOptions) (sheet string, truth map[string]float64) {
	t.Helper()
	truth = map[string]float64{}
	byCase, total := map[string]*linkage.Finding{}, map[string]float64{}
	for _, f := range findings {
		byCase[f.CaseID] = f
		total[f.Verdict.String()]++
		if wrongCase(f) {
			truth[f.Verdict.String()]++
		}
	}
	for verdict := range total {
		truth[verdict] /= total[verdict]
	}
	o.Lang, o.Format, o.Now = words.English, ExportCSV, func() time.Time { return time.Date(2026, 11, 21, 8, 0, 0, 0, time.UTC) }
	text, _ := exportBytes(t, openFolder(t, n.database), o)
	rows, err := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(text, []byte("\uFEFF")))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	at := func(name string) int { return slices.Index(rows[0], name) }
	for _, row := range rows[1:] {
		decision := "correct"
		if wrongCase(byCase[row[at("case")]]) {
			decision = "mislinked"
		}
		row[at("decision")], row[at("reviewer")] = decision, "sato"
	}
	sheet = filepath.Join(t.TempDir(), "sheet.csv")
	writeFile(t, sheet, reviewSheetText(",", rows...))
	return sheet, truth
}

func evaluateDecisions(t *testing.T, path string, sheets ...string) *DecisionEvaluation {
	t.Helper()
	e, err := openFolder(t, path).EvaluateDecisions(DecisionOptions{Sheets: sheets})
	if err != nil {
		t.Fatal(err)
	}
	return e
}

func precisionOf(e *DecisionEvaluation, verdict string) Estimate {
	for _, p := range e.Precision {
		if p.Verdict == verdict && p.Dataset == "" && p.Cause == "" {
			return p.Share
		}
	}
	return Estimate{}
}

// From a sample of 400 of 4,000 cases the precision of each verdict, the
// calibration and the recall of the list are estimated within their intervals,
// and imported decisions say the same as the sheet.
func TestEvaluateDecisions(t *testing.T) {
	r := &reviews{newNights(t)}
	findings := manyFindings(4000, 21)
	r.audit(findings...)
	sheet, truth := reviewedSample(t, r.nights, findings, ExportOptions{Sample: 400, Seed: 3})
	bySheet := evaluateDecisions(t, r.database, sheet)
	if _, err := r.importSheet(sheet, ImportOptions{}); err != nil {
		t.Fatal(err)
	}
	e := evaluateDecisions(t, r.database)
	if e.Sample == nil || e.Frame != 4000 || e.Drawn != 400 || e.Settled != 400 || e.RunCases != 4000 {
		t.Fatalf("%+v", e)
	}
	for verdict, want := range truth {
		got := precisionOf(e, verdict)
		if *got.Low > want || *got.High < want || *got.High-*got.Low > 0.2 {
			t.Errorf("%s: %g to %g, truth %g", verdict, *got.Low, *got.High, want)
		}
		if other := precisionOf(bySheet, verdict); *other.Value != *got.Value || math.Abs(*other.Low-*got.Low) > 1e-6 {
			t.Errorf("%s: the sheet says %g, the database %g", verdict, *other.Value, *got.Value)
		}
	}
	inside := 0
	for _, c := range e.Calibration {
		if c.Inside {
			inside++
		}
	}
	if len(e.Calibration) != 10 || inside < 8 {
		t.Errorf("%d of %d bands are calibrated", inside, len(e.Calibration))
	}
	wrong, listed := 0.0, 0.0
	for _, f := range findings {
		if wrongCase(f) {
			wrong++
			if f.Verdict == linkage.Mislinked {
				listed++
			}
		}
	}
	if cut := e.Recall.Cuts[0]; !e.Recall.Known || cut.Verdict != "mislinked" || *cut.Share.Low > listed/wrong || *cut.Share.High < listed/wrong {
		t.Errorf("recall %+v, truth %g", e.Recall, listed/wrong)
	}
	if math.Abs(e.Recall.Wrong-wrong) > 0.1*wrong {
		t.Errorf("%g wrong links, truth %g", e.Recall.Wrong, wrong)
	}
	var object bytes.Buffer
	if err := e.WriteJSON(&object); err != nil {
		t.Fatal(err)
	}
	golden(t, "decisions.json", object.Bytes())
	both(t, func(t *testing.T, l words.Lang) {
		var b bytes.Buffer
		if err := e.WriteTerminal(&b, l); err != nil {
			t.Fatal(err)
		}
		fits80(t, b.String())
		golden(t, "decisions."+l.String()+".txt", b.Bytes())
	})
}

// What was decided before the sample was drawn is known, and needs no estimate;
// with filters nobody knows whether it would have been drawn from.
func TestDecisionsBeforeTheSample(t *testing.T) {
	r := &reviews{newNights(t)}
	findings := manyFindings(300, 27)
	r.audit(findings...)
	var early []string
	for _, f := range findings[:60] {
		decision := "correct"
		if wrongCase(f) {
			decision = "mislinked"
		}
		early = append(early, f.CaseID+" "+decision+" sato")
	}
	r.take(ImportOptions{}, early...)
	if _, err := openSQL(t, r.database).Exec("UPDATE decisions SET decided_at = '2026-11-20T00:00:00Z'"); err != nil {
		t.Fatal(err)
	}
	sheet, truth := reviewedSample(t, r.nights, findings, ExportOptions{Sample: 240})
	if _, err := r.importSheet(sheet, ImportOptions{}); err != nil {
		t.Fatal(err)
	}
	e := evaluateDecisions(t, r.database)
	if e.Frame != 300 || e.Drawn != 240 || e.Before != 60 || e.Settled != 300 {
		t.Errorf("%+v", e)
	}
	for verdict, want := range truth {
		if got := precisionOf(e, verdict); math.Abs(*got.Value-want) > 1e-9 || *got.Low != *got.High {
			t.Errorf("%s: %g, every case is known and %g are wrong", verdict, *got.Value, want)
		}
	}
	var b bytes.Buffer
	if err := e.WriteTerminal(&b, words.English); err != nil {
		t.Fatal(err)
	}
	if text := b.String(); !strings.Contains(text, "240 of 240 drawn cases") || !strings.Contains(text, "60 cases were decided before") {
		t.Error(text)
	}
}

// Nothing is said of recall where only the list of mislinked links was drawn.
func TestDecisionsOnMislinkedAloneSayNothingOfRecall(t *testing.T) {
	r := &reviews{newNights(t)}
	findings := manyFindings(200, 22)
	r.audit(findings...)
	sheet, _ := reviewedSample(t, r.nights, findings, ExportOptions{Sample: 30, Filter: ExportFilter{Verdict: "mislinked"}})
	e := evaluateDecisions(t, r.database, sheet)
	if e.Recall.Known || len(e.Recall.Cuts) != 0 || e.Frame != 100 {
		t.Errorf("%+v", e)
	}
	both(t, func(t *testing.T, l words.Lang) {
		var b bytes.Buffer
		if err := e.WriteTerminal(&b, l); err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(strings.ReplaceAll(b.String(), "\n", ""), strings.ReplaceAll(recallUnknown.In(l)[:30], "\n", "")) {
			t.Errorf("does not say that recall is unknown:\n%s", b.String())
		}
	})
}

// Decisions that no sample stands behind are said to be so; what nobody
// settled, and what was decided on other data, is counted apart.
func TestDecisionsWithoutASample(t *testing.T) {
	r := &reviews{newNights(t)}
	r.audit(sampleFindings()...)
	r.take(ImportOptions{}, familyCase+" mislinked sato", orphanCase+" unsure sato", reviewCase+" correct sato")
	r.take(ImportOptions{}, reviewCase+" mislinked tanaka")
	e := evaluateDecisions(t, r.database)
	if e.Sample != nil || e.Frame != 3 || e.Settled != 1 || e.Unsure != 1 || e.Disputed != 1 || e.Uncovered != 2 {
		t.Errorf("%+v", e)
	}
	changed := familyFinding()
	changed.Record.Fields[0] = ""
	changed.Holder.Fields[len(changed.Holder.Fields)-1] = "moved"
	r.audit(changed, orphanFinding(), reviewFinding())
	e = evaluateDecisions(t, r.database)
	if e.Changed != 1 || e.Settled != 0 || len(e.Precision) != 0 {
		t.Errorf("after a change: %+v", e)
	}
	both(t, func(t *testing.T, l words.Lang) {
		var b bytes.Buffer
		if err := e.WriteTerminal(&b, l); err != nil {
			t.Fatal(err)
		}
		fits80(t, b.String())
	})
}

// A sheet without the columns of a sample is matched to the run.
func TestEvaluateSheetWithoutDesign(t *testing.T) {
	r := &reviews{newNights(t)}
	r.audit(sampleFindings()...)
	e := evaluateDecisions(t, r.database, r.sheet(familyCase+" mislinked sato", reviewCase+" correct sato"))
	if e.Sample != nil || e.Settled != 2 || e.Undecided != 1 || *precisionOf(e, "").Value != 0.5 {
		t.Errorf("%+v", e)
	}
}

func TestDecisionsThatCannotBeEvaluated(t *testing.T) {
	r := &reviews{newNights(t)}
	findings := manyFindings(60, 23)
	r.audit(findings...)
	sheet, _ := reviewedSample(t, r.nights, findings, ExportOptions{Sample: 20})
	text := string(readFile(t, sheet))
	write := func(name, text string) string {
		path := filepath.Join(t.TempDir(), name)
		writeFile(t, path, text)
		return path
	}
	for want, sheets := range map[string][]string{
		"no decision has been imported": nil,
		"no row has a decision":         {write("a.csv", strings.NewReplacer(`"mislinked","","sato"`, `"","",""`, `"correct","","sato"`, `"","",""`).Replace(text))},
		"the decision is none of":       {write("b.csv", strings.Replace(text, `"correct","","sato"`, `"perhaps","","sato"`, 1))},
		"cannot be read":                {"none.csv"},
		"no such case":                  nil,
	} {
		if want == "no such case" { // a case that was drawn
			first := strings.Split(strings.Split(text, "\r\n")[1], `"`)[1]
			sheets = []string{write("d.csv", strings.Replace(text, first, "0000000000000000", 1))}
		}
		_, err := openFolder(t, r.database).EvaluateDecisions(DecisionOptions{Sheets: sheets})
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v, want %s", err, want)
			continue
		}
		if ja := words.Error(err, words.Japanese); ja == err.Error() || strings.Contains(fmt.Sprint(ja), "%!") {
			t.Errorf("not said in Japanese: %s", ja)
		}
	}
}

// The same sample is kept once, a sample of another seed beside it, and the
// frame of a narrowed sample is what passed the filters.
func TestSamplesAreKept(t *testing.T) {
	r := &reviews{newNights(t)}
	findings := manyFindings(300, 24)
	r.audit(findings...)
	audit := openFolder(t, r.database)
	for _, o := range []ExportOptions{
		{Sample: 20, Seed: 1}, {Sample: 20, Seed: 1}, {Sample: 20, Seed: 2},
		{Sample: 1, Filter: ExportFilter{Dataset: "bank", MinProbability: 0.5}}, {Sample: 2, Filter: ExportFilter{Decided: true}},
	} {
		o.Format, o.Lang = ExportCSV, words.English
		exportBytes(t, audit, o)
	}
	var samples, strata, cases, frame int
	var filters string
	db := openSQL(t, r.database)
	if err := db.QueryRow(`SELECT (SELECT count(*) FROM samples), (SELECT count(*) FROM sample_strata), (SELECT count(*) FROM sample_cases),
		(SELECT sum(cases) FROM sample_strata WHERE sample_id = 3), (SELECT group_concat(filters, '; ' ORDER BY sample_id) FROM samples)`).
		Scan(&samples, &strata, &cases, &frame, &filters); err != nil {
		t.Fatal(err)
	}
	wide := 0
	for _, f := range findings {
		if f.Dataset == "bank" && f.PWrong >= 0.5 {
			wide++
		}
	}
	if samples != 4 || cases != 43 || frame != wide || filters != "; ; dataset bank, p_wrong 0.5 or more; decided cases too" {
		t.Errorf("%d samples, %d strata, %d cases, frame %d of %d, filters %q", samples, strata, cases, frame, wide, filters)
	}
}
