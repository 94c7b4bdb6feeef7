package report

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"

	"github.com/himozuke/himozuke/report/words"
)

// WriteJSON writes the evaluation as one JSON object.
func (r *DecisionEvaluation) WriteJSON(w io.Writer) error {
	encoder := json.NewEncoder(w)
	encoder.SetIndent("", "  ")
	encoder.SetEscapeHTML(false)
	return encoder.Encode(r)
}

var (
	decisionsTitle  = words.Text{EN: "Evaluation by reviewers' decisions: run %s", JA: "確認結果による精度の推定（点検 %s）"}
	decisionsSample = words.Text{
		EN: "%s of %s drawn cases are settled. They stand for %s cases of the run's %s.",
		JA: "抽出した%[2]s件のうち%[1]s件で確認結果が確定した。推定の対象は点検の案件%[4]s件のうち%[3]s件。",
	}
	decisionsFilters = words.Text{EN: "The sample was drawn from: %s.", JA: "標本の抽出対象: %s。"}
	decisionsChosen  = words.Text{
		EN: "No sample was drawn (export --sample): %s of %s cases are settled, and people chose which. What follows holds for all cases only if the settled ones are like the others of their dataset, verdict and cause.",
		JA: "標本抽出（export --sample）によらない確認結果である。案件%[2]s件のうち%[1]s件で確認結果が確定した。以下の推定は、確認した案件が同じ紐付け情報・判定・原因の他の案件と同様であるときに限り、全体に当てはまる。",
	}
	decisionsBefore = words.Text{
		EN: "%s cases were decided before the sample was drawn; they are known, and count among the settled ones.",
		JA: "標本抽出の前に確認済みであった案件%s件は、全数を確定した確認結果に含めた。",
	}
	decisionsPart = words.Text{
		EN: "The run's other %s cases were left out of the frame; no figure here is about them.",
		JA: "抽出対象から除いた案件%s件は、以下の推定に含まれない。",
	}
	decisionsRest = words.Text{
		EN: "Not settled: %s unsure, %s disputed, %s not reviewed, %s decided on data that have changed.",
		JA: "未確定: 判断できず%s件、確認者の間で相違%s件、未確認%s件、データ変更前の確認結果%s件。",
	}
	decisionsUncovered = words.Text{
		EN: "%s cases belong to strata without a settled decision; no figure here is about them.",
		JA: "確定した確認結果のない層に属する案件%s件は、以下の推定に含まれない。",
	}
	decisionsMethod = words.Text{
		EN: "Shares are weighted by inclusion probability (Hájek), intervals are Korn and Graubard's, 95%%.",
		JA: "割合は抽出確率による加重推定（Hájek 推定量）、信頼区間は Korn–Graubard 法による95%%信頼区間。",
	}

	estimatedTitle   = words.Text{EN: "Precision: wrong links among the findings", JA: "【適合率（検出のうち実際に誤りであったものの割合）】"}
	estimatedGroup   = words.Text{EN: "Findings", JA: "区分"}
	estimatedAll     = words.Text{EN: "mislinked and review", JA: "紐付け誤り・要確認"}
	estimatedCases   = words.Text{EN: "Cases", JA: "案件"}
	estimatedSettled = words.Text{EN: "Settled", JA: "確定"}
	estimatedWrong   = words.Text{EN: "Wrong", JA: "うち\n誤り"}
	estimatedShare   = words.Text{EN: "Precision", JA: "適合率"}

	bandsTitle  = words.Text{EN: "Calibration: stated and observed probability", JA: "【確率の較正（表示した確率と確認結果による割合）】"}
	bandsInside = words.Text{EN: "Stated is\ninside", JA: "信頼区間\nに含む"}
	bandsYes    = words.Text{EN: "yes", JA: "含む"}
	bandsNo     = words.Text{EN: "no", JA: "含まない"}

	decisionsFDR = words.Text{
		EN: "False discoveries in the mislinked list: promised at most %s, stated %s, observed %s (%s).",
		JA: "「紐付け誤り」の一覧の偽発見率: 上限 %s、推定 %s、確認結果 %s（%s）。",
	}

	recallTitle = words.Text{EN: "Recall among the findings", JA: "【検出の中での再現率】"}
	recallScope = words.Text{
		EN: "The share of about %s wrong links with p_wrong of %s or more. It is not the recall over all links: none of the %s links without a finding was drawn, so wrong links among them cannot be counted from this sample. To reach further down, audit once with a lower --review-floor into a folder of its own, and draw a sample from that.",
		JA: "誤りの確率が%[2]s以上の紐付けに含まれる誤り（推定%[1]s件）に対する割合である。検出のない紐付け%[3]s件からは抽出していないため、紐付け全体に対する再現率はこの標本から推定できない。より低い確率まで確かめるには、--review-floor を下げて別のフォルダーに点検し、その結果から標本を抽出する。",
	}
	recallUnknown = words.Text{
		EN: "Recall cannot be estimated: no settled case is below the list of mislinked links, so nothing is known of wrong links that it lacks. Draw the sample from review cases too, or from an audit with a lower --review-floor.",
		JA: "再現率は推定できない。確認結果の確定した案件が「紐付け誤り」の一覧に限られ、一覧から漏れた誤りについて分からないためである。要確認の案件又は --review-floor を下げた点検からも標本を抽出すること。",
	}
	recallNone    = words.Text{EN: "Recall cannot be estimated: no settled case was a wrong link.", JA: "再現率は推定できない。誤りと確定した案件がないためである。"}
	recallHeading = words.Text{EN: "List", JA: "一覧の範囲"}
	recallFrom    = words.Text{EN: "p_wrong %s or more", JA: "誤りの確率%s以上"}
)

// WriteTerminal shows the evaluation within 80 columns.
func (r *DecisionEvaluation) WriteTerminal(w io.Writer, l words.Lang) error {
	out := bufio.NewWriter(w)
	p := decisionPrinter{r, out, l}
	p.heading()
	p.precision()
	p.calibration()
	p.recall()
	return out.Flush()
}

type decisionPrinter struct {
	*DecisionEvaluation
	out  *bufio.Writer
	lang words.Lang
}

func (p decisionPrinter) say(t words.Text, args ...any) {
	writeWrapped(p.out, t.Format(p.lang, args...))
}

func (p decisionPrinter) section(t words.Text) { fmt.Fprintf(p.out, "\n%s\n", t.In(p.lang)) }

func (p decisionPrinter) heading() {
	p.say(decisionsTitle, p.Run.ID)
	if p.Sample != nil {
		p.say(decisionsSample, grouped(p.Settled-p.settledBefore()), grouped(p.Drawn), grouped(p.Frame), grouped(p.RunCases))
		if p.Sample.Filters != "" {
			p.say(decisionsFilters, printable(p.Sample.Filters))
		}
		if p.Before > 0 {
			p.say(decisionsBefore, grouped(p.Before))
		}
		if rest := p.RunCases - p.Frame; rest > 0 {
			p.say(decisionsPart, grouped(rest))
		}
	} else {
		p.say(decisionsChosen, grouped(p.Settled), grouped(p.Frame))
	}
	p.say(decisionsRest, grouped(p.Unsure), grouped(p.Disputed), grouped(p.Undecided), grouped(p.Changed))
	if p.Uncovered > 0 {
		p.say(decisionsUncovered, grouped(p.Uncovered))
	}
	p.say(decisionsMethod)
}

// settledBefore counts the settled cases that were not drawn.
func (p decisionPrinter) settledBefore() (n int64) {
	for _, s := range p.Strata {
		if s.Drawn == 0 {
			n += s.Settled
		}
	}
	return n
}

func (e *Estimate) text() string {
	if e.Value == nil {
		return "-"
	}
	return decimals(*e.Value)
}

func (e *Estimate) interval(l words.Lang) string {
	if e.Value == nil {
		return "-"
	}
	return intervalFrame.Format(l, decimals(*e.Low), decimals(*e.High))
}

func (e *Estimate) cells(l words.Lang) []string {
	return []string{grouped(int64(e.Cases + 0.5)), grouped(e.Settled), grouped(e.Confirmed), e.text(), e.interval(l)}
}

func (p decisionPrinter) precision() {
	p.section(estimatedTitle)
	layout := table{columns: []column{{heading: estimatedGroup.In(p.lang), shrinks: true}}}
	for _, h := range []words.Text{estimatedCases, estimatedSettled, estimatedWrong, estimatedShare, heading95} {
		layout.columns = append(layout.columns, column{heading: h.In(p.lang), align: right})
	}
	kind := ""
	for i := range p.Precision {
		g := &p.Precision[i]
		name, now := estimatedAll.In(p.lang), "verdict"
		if g.Verdict != "" {
			name = verdictText(g.Verdict, p.lang)
		}
		switch {
		case g.Dataset != "":
			name, now = printable(words.Dataset(g.Dataset).In(p.lang))+": "+name, "dataset"
		case g.Cause != "":
			name, now = causeText(g.Cause, p.lang)+": "+name, "cause"
		}
		if kind != "" && kind != now {
			layout.rule()
		}
		kind = now
		layout.add(append([]string{name}, g.Share.cells(p.lang)...)...)
	}
	layout.write(p.out)
}

func (p decisionPrinter) calibration() {
	if len(p.Calibration) == 0 {
		return
	}
	p.section(bandsTitle)
	layout := table{columns: []column{{heading: headingStated.In(p.lang)}}}
	for _, h := range []words.Text{estimatedSettled, headingMean, headingObserved, heading95, bandsInside} {
		layout.columns = append(layout.columns, column{heading: h.In(p.lang), align: right})
	}
	for i := range p.Calibration {
		c := &p.Calibration[i]
		inside := bandsYes
		if !c.Inside {
			inside = bandsNo
		}
		layout.add(intervalFrame.Format(p.lang, fmt.Sprintf("%.1f", c.From), fmt.Sprintf("%.1f", c.To)), grouped(c.Observed.Settled),
			decimals(c.Stated), c.Observed.text(), c.Observed.interval(p.lang), inside.In(p.lang))
	}
	layout.write(p.out)
	if p.FDR.Stated != nil {
		observed := &p.FDR.Observed
		p.say(decisionsFDR, percent(p.FDR.Promised), percent(*p.FDR.Stated), percent(*observed.Value),
			intervalFrame.Format(p.lang, percent(*observed.Low), percent(*observed.High)))
	}
}

func (p decisionPrinter) recall() {
	p.section(recallTitle)
	switch {
	case !p.Recall.Known:
		p.say(recallUnknown)
		return
	case len(p.Recall.Cuts) == 0:
		p.say(recallNone)
		return
	}
	layout := table{columns: []column{
		{heading: recallHeading.In(p.lang), shrinks: true}, {heading: headingRecall.In(p.lang), align: right}, {heading: heading95.In(p.lang), align: right},
	}}
	for i := range p.Recall.Cuts {
		c := &p.Recall.Cuts[i]
		name := verdictText(c.Verdict, p.lang)
		if c.Verdict == "" {
			name = recallFrom.Format(p.lang, fmt.Sprintf("%g", c.From))
		}
		layout.add(name, c.Share.text(), c.Share.interval(p.lang))
	}
	layout.write(p.out)
	p.say(recallScope, grouped(int64(p.Recall.Wrong+0.5)), fmt.Sprintf("%.2g", p.Recall.Lowest), grouped(p.Verified))
}
