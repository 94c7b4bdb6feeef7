package report

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"path/filepath"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/himozuke/himozuke/linkage"
	"github.com/himozuke/himozuke/report/words"
)

// truthOf is a truth file whose rows fit sampleFindings and some more.
const sampleTruth = `dataset,record_id,claimed_number,true_number,label,cause,detail,trace
medical,R000001,012345670001,012345670002,mislinked,family,child,yes
medical,R000002,012345670009,012345670009,ok,moved+kanji_variant,,
medical,R000003,012345670004,012345670005,mislinked,namesake,,yes
medical,R000004,012345670006,012345670007,mislinked,swap,,no
bank,=cmd|' /C calc'!A0,０１２３,012345670008,orphan,number_typo,,yes
bank,B000007,012345670003,012345670003,ok,,,
`

func evaluateSample(t *testing.T, o FolderOptions, findings []*linkage.Finding, truth string) *Evaluation {
	t.Helper()
	dir := writeFolder(t, o, sampleRun(findings...), findings)
	path := filepath.Join(t.TempDir(), "truth.csv")
	writeFile(t, path, truth)
	r, err := openFolder(t, dir).Evaluate(EvaluateOptions{Truth: path})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestEvaluate(t *testing.T) {
	r := evaluateSample(t, FolderOptions{KeyFile: keyFile(t)}, sampleFindings(), sampleTruth)
	var object bytes.Buffer
	if err := r.WriteJSON(&object); err != nil {
		t.Fatal(err)
	}
	golden(t, "evaluate.json", object.Bytes())
	both(t, func(t *testing.T, l words.Lang) {
		var b bytes.Buffer
		if err := r.WriteTerminal(&b, l); err != nil {
			t.Fatal(err)
		}
		fits80(t, b.String())
		golden(t, "evaluate."+l.String()+".txt", b.Bytes())
	})
}

// Hand-counted: 6 links, 3 wrong, 2 of them with a trace, 1 found, its owner
// and cause right.
func TestEvaluateCounts(t *testing.T) {
	for name, o := range map[string]FolderOptions{"masked": {}, "revealed": {RevealNumbers: true}, "given key": {KeyFile: keyFile(t)}} {
		t.Run(name, func(t *testing.T) {
			r := evaluateSample(t, o, sampleFindings(), sampleTruth)
			all := r.Overall
			if r.Links != 6 || all.Wrong != 3 || all.Traced != 2 || all.Mislinked != 1 || all.Review != 1 {
				t.Errorf("counts %+v", all)
			}
			for what, c := range map[string]struct {
				got      Share
				hits, of int64
			}{
				"precision": {all.Precision, 1, 1}, "recall": {all.Recall, 1, 2}, "recall with review": {all.RecallOrReview, 1, 2},
				"owner": {all.Owner, 1, 1}, "cause": {all.Cause, 1, 1}, "orphans": {all.OrphanRecall, 1, 1},
				"innocent for review": {all.InnocentReviewed, 1, 2}, "innocent mislinked": {all.InnocentConvicts, 0, 2},
			} {
				if c.got.Hits != c.hits || c.got.Of != c.of {
					t.Errorf("%s: %d of %d, want %d of %d", what, c.got.Hits, c.got.Of, c.hits, c.of)
				}
			}
			if math.Abs(*all.AveragePrecision-0.5) > 1e-12 || math.Abs(*all.F1-2.0/3) > 1e-12 || *all.ReviewPerFault != 0.5 {
				t.Errorf("AP %v F1 %v review %v", *all.AveragePrecision, *all.F1, *all.ReviewPerFault)
			}
			want := (math.Pow(1-0.9998765432, 2) + 0.31*0.31 + 2) / 5
			if math.Abs(r.Brier-want) > 1e-12 {
				t.Errorf("Brier %v, want %v", r.Brier, want)
			}
			if r.FalseNegativesTotal != 2 || r.FalsePositivesTotal != 0 || r.Unmatched != 0 {
				t.Errorf("misses %d %d, unmatched %d", r.FalseNegativesTotal, r.FalsePositivesTotal, r.Unmatched)
			}
		})
	}
}

func TestEvaluateWithoutTraceColumn(t *testing.T) {
	truth := "dataset,record_id,claimed_number,true_number,label,cause\n" +
		"medical,R000001,012345670001,012345670002,mislinked,family\nmedical,R000004,012345670006,012345670007,mislinked,swap\n"
	r := evaluateSample(t, FolderOptions{}, sampleFindings(), truth)
	if r.Overall.Traced != 2 || r.Overall.Recall.Hits != 1 || r.Unmatched != 2 {
		t.Errorf("traced %d, recall %+v, unmatched %d", r.Overall.Traced, r.Overall.Recall, r.Unmatched)
	}
}

func TestEvaluateRefusals(t *testing.T) {
	dir := writeFolder(t, FolderOptions{}, sampleRun(), nil)
	audit := openFolder(t, dir)
	for name, text := range map[string]string{
		"empty": "", "no label column": "dataset,record_id,claimed_number,true_number,cause\n",
		"bad label": strings.Replace(sampleTruth, ",ok,", ",fine,", 1), "ragged": sampleTruth + "medical,1\n",
	} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "truth.csv")
			writeFile(t, path, text)
			_, err := audit.Evaluate(EvaluateOptions{Truth: path})
			wantProblem(t, err, ProblemTruth)
		})
	}
	_, err := audit.Evaluate(EvaluateOptions{Truth: "none.csv"})
	wantProblem(t, err, ProblemTruth)
	_, err = audit.Evaluate(EvaluateOptions{Truth: "none.csv", KeyFile: keyFile(t)})
	wantProblem(t, err, ProblemKey)
}

// A slow average precision: for every threshold, count from scratch.
func slowAveragePrecision(list []ranked, positives int64) float64 {
	thresholds := map[float64]bool{}
	for _, r := range list {
		thresholds[r.pWrong] = true
	}
	at := func(threshold float64) (hits, n float64) {
		for _, r := range list {
			if r.pWrong >= threshold {
				n++
				if r.wrong {
					hits++
				}
			}
		}
		return
	}
	sum := 0.0
	for threshold := range thresholds {
		hits, n := at(threshold)
		before, _ := at(math.Nextafter(threshold, 2))
		sum += (hits - before) / float64(positives) * hits / n
	}
	return sum
}

func TestAveragePrecision(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(0, 40).Draw(t, "n")
		list := make([]ranked, n)
		p, positives := 1.0, int64(rapid.IntRange(1, 3).Draw(t, "unreached"))
		for i := range list {
			if rapid.Bool().Draw(t, "step") {
				p -= 0.01
			}
			list[i] = ranked{p, rapid.Bool().Draw(t, "wrong")}
			if list[i].wrong {
				positives++
			}
		}
		got, want := averagePrecision(list, positives), slowAveragePrecision(list, positives)
		if math.Abs(got-want) > 1e-9 {
			t.Fatalf("got %v, want %v", got, want)
		}
	})
}

// What was not audited cannot have been missed.
func TestEvaluateLeavesOutOtherDatasets(t *testing.T) {
	r := evaluateSample(t, FolderOptions{}, sampleFindings(), sampleTruth+"pension,P1,012345670001,012345670002,mislinked,family,,yes\n")
	if r.NotAudited != 1 || r.Links != 6 || r.Overall.Traced != 2 || len(r.Datasets) != 2 {
		t.Errorf("not audited %d, links %d, traced %d, datasets %d", r.NotAudited, r.Links, r.Overall.Traced, len(r.Datasets))
	}
}

// Ties in the same record id are told apart by the number.
func TestEvaluateSameRecordTwice(t *testing.T) {
	a, b := familyFinding(), familyFinding()
	b.Number, b.CaseID, b.SourceLine, b.Verdict = sister.number, "c0ffee0000000009", 3, linkage.Review
	truth := "dataset,record_id,claimed_number,true_number,label,cause\n" +
		"medical,R000001,012345670001,012345670002,mislinked,family\nmedical,R000001,012345670003,012345670003,ok,\n"
	r := evaluateSample(t, FolderOptions{}, []*linkage.Finding{a, b}, truth)
	if r.Unmatched != 0 || r.Overall.Recall.Hits != 1 || r.Overall.InnocentReviewed.Hits != 1 {
		t.Errorf("%+v", r.Overall)
	}
}

func TestEvaluationJSONReadsBack(t *testing.T) {
	r := evaluateSample(t, FolderOptions{}, sampleFindings(), sampleTruth)
	var b bytes.Buffer
	if err := r.WriteJSON(&b); err != nil {
		t.Fatal(err)
	}
	var back Evaluation
	if err := json.Unmarshal(b.Bytes(), &back); err != nil || back.Overall.Traced != 2 || len(back.Causes) == 0 {
		t.Errorf("%v %+v", err, back.Overall)
	}
}

func BenchmarkEvaluateTruthRow(b *testing.B) {
	findings := manyFindings(2000, 5)
	dir := filepath.Join(b.TempDir(), "out")
	if err := tryFolder(dir, FolderOptions{}, sampleRun(findings...), findings); err != nil {
		b.Fatal(err)
	}
	var truth strings.Builder
	truth.WriteString("dataset,record_id,claimed_number,true_number,label,cause,detail,trace\n")
	for i := range b.N {
		fmt.Fprintf(&truth, "medical,R%07d,012345670001,012345670001,ok,moved+kanji_variant,,\n", i)
	}
	path := filepath.Join(b.TempDir(), "truth.csv")
	writeFile(b, path, truth.String())
	audit, err := OpenAudit(dir)
	if err != nil {
		b.Fatal(err)
	}
	defer audit.Close()
	b.ReportAllocs()
	b.ResetTimer()
	if _, err := audit.Evaluate(EvaluateOptions{Truth: path}); err != nil {
		b.Fatal(err)
	}
}

// Two right links differ in what the truth file says, one of them is for
// review; lists cut at a higher share of false alarms hold the shorter ones.
func TestEvaluateInnocentLinksAndCuts(t *testing.T) {
	r := evaluateSample(t, FolderOptions{KeyFile: keyFile(t)}, sampleFindings(), sampleTruth)
	got := map[string]int64{}
	for _, i := range r.Innocent {
		got[i.Difference] = i.Links
		if i.Mislinked.Hits != 0 {
			t.Errorf("%q: %d called mislinked", i.Difference, i.Mislinked.Hits)
		}
	}
	if len(got) != 3 || got[""] != 1 || got["moved"] != 1 || got["kanji_variant"] != 1 {
		t.Errorf("innocent links %v, want one that moved and has a variant", got)
	}
	last := FDRAt{}
	for _, cut := range r.FDRAt {
		if cut.Stated > cut.MaxFDR || cut.Listed < last.Listed {
			t.Errorf("after %+v came %+v", last, cut)
		}
		last = cut
	}
	if last.Listed == 0 {
		t.Error("no list was cut")
	}
}

// What next.csv names is ranked below the findings; a wrong link that stands
// there is reached, by its case and not by its masked number.
func TestEvaluateRanksBelowTheFloor(t *testing.T) {
	findings := sampleFindings()[:1]
	run := sampleRun(findings...)
	key := keyFile(t)
	text, err := ReadKey(key)
	if err != nil {
		t.Fatal(err)
	}
	for _, n := range []linkage.NextBest{
		{Dataset: "medical", RecordID: "R000003", SourceLine: 4, Number: "012345670004", Cause: linkage.Namesake, PWrong: 0.04},
		{Dataset: "medical", RecordID: "R000002", SourceLine: 3, Number: "012345670009", Cause: linkage.Unrelated, PWrong: 0.01},
	} {
		n.CaseID = linkage.CaseID(text, n.Dataset, n.RecordID, n.Number)
		run.NextBest = append(run.NextBest, n)
	}
	dir := writeFolder(t, FolderOptions{KeyFile: key}, run, findings)
	want := "case_id,dataset,record_id,source_line,number,cause,p_wrong\n" +
		run.NextBest[0].CaseID + ",medical,R000003,4,********0004,namesake,0.040000\n" +
		run.NextBest[1].CaseID + ",medical,R000002,3,********0009,unrelated,0.010000\n"
	if got := string(readFile(t, filepath.Join(dir, NextBestName))); got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	path := filepath.Join(t.TempDir(), "truth.csv")
	writeFile(t, path, sampleTruth)
	r, err := openFolder(t, dir).Evaluate(EvaluateOptions{Truth: path})
	if err != nil {
		t.Fatal(err)
	}
	if ap := r.Overall.AveragePrecision; ap == nil || *ap != 1 {
		t.Errorf("average precision %v, want both wrong links first", ap)
	}
	if r.Overall.RecallOrReview.Hits != 1 {
		t.Errorf("%d found, want one: what is ranked below is no finding", r.Overall.RecallOrReview.Hits)
	}
}
