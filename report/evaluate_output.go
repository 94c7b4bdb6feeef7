package report

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"github.com/himozuke/himozuke/report/words"
)

// WriteJSON writes the evaluation as one JSON object.
func (r *Evaluation) WriteJSON(w io.Writer) error {
	encoder := json.NewEncoder(w)
	encoder.SetIndent("", "  ")
	encoder.SetEscapeHTML(false)
	return encoder.Encode(r)
}

var (
	evaluationTitle = words.Text{EN: "Evaluation against the truth", JA: "正解データとの照合結果"}
	evaluatedLinks  = words.Text{EN: "%s links, %s of them wrong, %s of these with a trace in their row.", JA: "紐付け%s件、うち誤り%s件（記録に痕跡のある誤り%s件）。"}
	notAuditedLine  = words.Text{EN: "Rows of datasets that this run did not read: %s.", JA: "今回点検していない紐付け情報の行: %s件。"}
	unmatchedLine   = words.Text{EN: "Findings of which the truth file knows nothing: %s.", JA: "正解データにない検出: %s件。"}

	scoresTitle     = words.Text{EN: "Accuracy by dataset", JA: "【紐付け情報別の精度】"}
	measureHeading  = words.Text{EN: "Measure", JA: "指標"}
	allDatasets     = words.Text{EN: "all", JA: "全体"}
	measureLinks    = words.Text{EN: "links", JA: "紐付け件数"}
	measureWrong    = words.Text{EN: "wrong links with a trace", JA: "痕跡のある誤りの件数"}
	measurePrec     = words.Text{EN: "precision (mislinked)", JA: "適合率（紐付け誤り）"}
	measureRecall   = words.Text{EN: "recall (mislinked)", JA: "再現率（紐付け誤り）"}
	measureF1       = words.Text{EN: "F1", JA: "F1値"}
	measureBoth     = words.Text{EN: "recall with review", JA: "再現率（要確認を含む）"}
	measurePer      = words.Text{EN: "review per wrong link", JA: "誤り1件当たりの要確認"}
	measureAmb      = words.Text{EN: "ambiguous, in review", JA: "判別不能（要確認のうち）"}
	measureAmbWrong = words.Text{EN: "  of these wrong links", JA: "　うち紐付け誤り"}
	measureBothExc  = words.Text{EN: "recall without these", JA: "再現率（判別不能を除く）"}
	measurePerExc   = words.Text{EN: "review without these", JA: "要確認（判別不能を除く）"}
	measureAP       = words.Text{EN: "average precision", JA: "平均適合率"}
	measureOwner    = words.Text{EN: "owner right", JA: "真の本人の正答率"}
	measureAbsent   = words.Text{EN: "absent owner seen", JA: "本人不在の正答率"}
	measureCause    = words.Text{EN: "cause right", JA: "原因の正答率"}
	measureOrphans  = words.Text{EN: "orphans found", JA: "番号該当なしの再現率"}
	measureConvicts = words.Text{EN: "right links called wrong", JA: "正しい紐付けの誤検出"}

	causesTitle    = words.Text{EN: "By true cause, all datasets", JA: "【真の原因別（全体）】"}
	headingTrueC   = words.Text{EN: "Cause", JA: "真の原因"}
	headingWrongN  = words.Text{EN: "Wrong", JA: "誤り"}
	headingTraced  = words.Text{EN: "Traced", JA: "痕跡\nあり"}
	headingRecall  = words.Text{EN: "Recall", JA: "再現率"}
	headingBoth    = words.Text{EN: "With\nreview", JA: "要確認\nを含む"}
	heading95      = words.Text{EN: "95%\ninterval", JA: "95%\n信頼区間"}
	headingCauseOK = words.Text{EN: "Cause\nright", JA: "原因\n正答"}
	headingOwnerOK = words.Text{EN: "Owner\nright", JA: "本人\n正答"}

	confusionTitle = words.Text{EN: "Verdicts by truth", JA: "【正解と判定】"}
	headingLabel   = words.Text{EN: "Truth", JA: "正解"}
	labelTexts     = map[string]words.Text{
		"ok":        {EN: "right link", JA: "正しい紐付け"},
		"mislinked": {EN: "wrong link", JA: "紐付け誤り"},
		"orphan":    {EN: "number of nobody", JA: "該当者のない番号"},
	}

	rankTitle        = words.Text{EN: "Precision among the k strongest findings", JA: "【確率の高い順にk件の適合率】"}
	calibrationTitle = words.Text{EN: "Calibration: stated and observed probability", JA: "【確率の較正（表示した確率と実際の割合）】"}
	headingStated    = words.Text{EN: "Stated\nrange", JA: "表示した\n確率の範囲"}
	headingMean      = words.Text{EN: "Mean", JA: "平均"}
	headingObserved  = words.Text{EN: "Observed", JA: "実際"}
	headingCount     = words.Text{EN: "Findings", JA: "件数"}
	brierLine        = words.Text{EN: "Brier score %.3g (links that were verified count with probability 0).", JA: "ブライアスコア %.3g（問題なしと判定した紐付けは確率0として計算）。"}
	fdrLine          = words.Text{
		EN: "False discoveries in the mislinked list: promised at most %s, stated %s, observed %s.",
		JA: "「紐付け誤り」の一覧の偽発見率: 上限 %s、推定 %s、実際 %s。",
	}
	positivesTitle = words.Text{EN: "Right links called mislinked: %s", JA: "【誤って「紐付け誤り」とした正しい紐付け】%s件"}
	negativesTitle = words.Text{EN: "Wrong links not found: %s", JA: "【検出できなかった紐付け誤り】%s件"}
	headingTruthIs = words.Text{EN: "Truth", JA: "正解の内訳"}
	headingSaid    = words.Text{EN: "Verdict", JA: "判定"}
	headingDiffs   = words.Text{EN: "Differences", JA: "差異"}
	noTraceText    = words.Text{EN: "no trace", JA: "痕跡なし"}
	moreMisses     = words.Text{EN: "Not shown: %s.", JA: "ほか%s件。"}
)

// WriteTerminal shows the evaluation within 80 columns.
func (r *Evaluation) WriteTerminal(w io.Writer, l words.Lang) error {
	out := bufio.NewWriter(w)
	p := evaluationPrinter{r, out, l}
	p.heading()
	p.scores()
	p.causes()
	p.confusion()
	p.ranks()
	p.calibration()
	const shown = 20
	p.misses(positivesTitle, r.FalsePositives, r.FalsePositivesTotal, shown)
	p.misses(negativesTitle, r.FalseNegatives, r.FalseNegativesTotal, shown)
	return out.Flush()
}

// WriteScores shows only the accuracy by dataset and by cause.
func (r *Evaluation) WriteScores(w io.Writer, l words.Lang) error {
	out := bufio.NewWriter(w)
	p := evaluationPrinter{r, out, l}
	p.heading()
	p.scores()
	p.causes()
	return out.Flush()
}

type evaluationPrinter struct {
	*Evaluation
	out  *bufio.Writer
	lang words.Lang
}

func (p evaluationPrinter) heading() {
	fmt.Fprintln(p.out, evaluationTitle.In(p.lang))
	writeWrapped(p.out, evaluatedLinks.Format(p.lang, grouped(p.Links), grouped(p.Overall.Wrong), grouped(p.Overall.Traced)))
	if p.NotAudited > 0 {
		writeWrapped(p.out, notAuditedLine.Format(p.lang, grouped(p.NotAudited)))
	}
	if p.Unmatched > 0 {
		writeWrapped(p.out, unmatchedLine.Format(p.lang, grouped(p.Unmatched)))
	}
}

func (p evaluationPrinter) section(t words.Text, args ...any) {
	fmt.Fprintf(p.out, "\n%s\n", t.Format(p.lang, args...))
}

func (s Share) text() string {
	if s.Value == nil {
		return "-"
	}
	return decimals(*s.Value)
}

func (s Share) interval(l words.Lang) string {
	if s.Value == nil {
		return "-"
	}
	return intervalFrame.Format(l, decimals(*s.Low), decimals(*s.High))
}

// decimals never rounds up to a perfect score.
func decimals(x float64) string {
	if x < 1 && x > 0.9999 {
		return ">0.9999"
	}
	return fmt.Sprintf("%.4f", x)
}

func optional(x *float64, places int) string {
	if x == nil {
		return "-"
	}
	return fmt.Sprintf("%.*f", places, *x)
}

func (p evaluationPrinter) scores() {
	p.section(scoresTitle)
	scores := append([]Score{p.Overall}, p.Datasets...)
	if len(p.Datasets) == 1 {
		scores = p.Datasets
	}
	for start := 0; start < len(scores); start += datasetsAcross + 1 {
		part := scores[start:min(start+datasetsAcross+1, len(scores))]
		layout := table{columns: []column{{heading: measureHeading.In(p.lang)}}}
		for _, s := range part {
			name := allDatasets.In(p.lang)
			if s.Dataset != "" {
				name = printable(words.Dataset(s.Dataset).In(p.lang))
			}
			layout.columns = append(layout.columns, column{heading: name, align: right, shrinks: true})
		}
		for _, m := range []struct {
			name  words.Text
			value func(*Score) string
		}{
			{measureLinks, func(s *Score) string { return grouped(s.Links) }},
			{measureWrong, func(s *Score) string { return grouped(s.Traced) }},
			{measurePrec, func(s *Score) string { return s.Precision.text() }},
			{measureRecall, func(s *Score) string { return s.Recall.text() }},
			{measureF1, func(s *Score) string { return optional(s.F1, 4) }},
			{measureBoth, func(s *Score) string { return s.RecallOrReview.text() }},
			{measurePer, func(s *Score) string { return optional(s.ReviewPerFault, 2) }},
			{measureAmb, func(s *Score) string { return grouped(s.Ambiguous.Of) }},
			{measureAmbWrong, func(s *Score) string { return grouped(s.Ambiguous.Hits) }},
			{measureBothExc, func(s *Score) string { return s.RecallWithout.text() }},
			{measurePerExc, func(s *Score) string { return optional(s.PerFaultWithout, 2) }},
			{measureAP, func(s *Score) string { return optional(s.AveragePrecision, 4) }},
			{measureOwner, func(s *Score) string { return s.Owner.text() }},
			{measureAbsent, func(s *Score) string { return s.OwnerAbsent.text() }},
			{measureCause, func(s *Score) string { return s.Cause.text() }},
			{measureOrphans, func(s *Score) string { return s.OrphanRecall.text() }},
			{measureConvicts, func(s *Score) string { return grouped(s.InnocentConvicts.Hits) }},
		} {
			row := []string{m.name.In(p.lang)}
			for i := range part {
				row = append(row, m.value(&part[i]))
			}
			layout.add(row...)
		}
		if start > 0 {
			fmt.Fprintln(p.out)
		}
		layout.write(p.out)
	}
}

func (p evaluationPrinter) causes() {
	layout := table{columns: []column{{heading: headingTrueC.In(p.lang), shrinks: true}}}
	for _, h := range []words.Text{headingWrongN, headingTraced, headingRecall, headingBoth, heading95, headingCauseOK, headingOwnerOK} {
		layout.columns = append(layout.columns, column{heading: h.In(p.lang), align: right})
	}
	for _, c := range p.Causes {
		if c.Dataset != "" {
			continue
		}
		layout.add(causeOrWord(c.Cause, p.lang), grouped(c.Wrong), grouped(c.Traced), c.Recall.text(), c.RecallOrReview.text(),
			c.RecallOrReview.interval(p.lang), c.CauseRight.text(), c.OwnerRight.text())
	}
	if len(layout.rows) == 0 {
		return
	}
	p.section(causesTitle)
	layout.write(p.out)
}

func causeOrWord(word string, l words.Lang) string {
	if _, ok := words.CauseNamed(word); ok {
		return causeText(word, l)
	}
	return printable(word)
}

func (p evaluationPrinter) confusion() {
	p.section(confusionTitle)
	layout := table{columns: []column{
		{heading: headingLabel.In(p.lang)}, {heading: headingSaid.In(p.lang)}, {heading: headingLinks.In(p.lang), align: right},
	}}
	label := ""
	for _, c := range p.Confusion {
		text := ""
		if c.Label != label {
			text, label = labelTexts[c.Label].In(p.lang), c.Label
		}
		layout.add(text, verdictText(c.Verdict, p.lang), grouped(c.Links))
	}
	layout.write(p.out)
}

func (p evaluationPrinter) ranks() {
	if len(p.PrecisionAt) == 0 {
		return
	}
	p.section(rankTitle)
	layout := table{columns: []column{
		{heading: "k", align: right}, {heading: measurePrec.In(p.lang), align: right}, {heading: heading95.In(p.lang), align: right},
	}}
	for _, r := range p.PrecisionAt {
		layout.add(grouped(r.K), r.Precision.text(), r.Precision.interval(p.lang))
	}
	layout.write(p.out)
}

func (p evaluationPrinter) calibration() {
	p.section(calibrationTitle)
	layout := table{columns: []column{
		{heading: headingStated.In(p.lang)}, {heading: headingCount.In(p.lang), align: right}, {heading: headingMean.In(p.lang), align: right},
		{heading: headingObserved.In(p.lang), align: right}, {heading: heading95.In(p.lang), align: right},
	}}
	for _, c := range p.Calibration {
		layout.add(intervalFrame.Format(p.lang, fmt.Sprintf("%.1f", c.From), fmt.Sprintf("%.1f", c.To)), grouped(c.Observed.Of),
			decimals(c.Stated), c.Observed.text(), c.Observed.interval(p.lang))
	}
	layout.write(p.out)
	writeWrapped(p.out, brierLine.Format(p.lang, p.Brier))
	writeWrapped(p.out, fdrLine.Format(p.lang, percent(p.FDR.Promised), percent(p.FDR.Stated), observedPercent(p.FDR.Observed)))
}

func observedPercent(s Share) string {
	if s.Value == nil {
		return "-"
	}
	return fmt.Sprintf("%s (%d/%d)", percent(*s.Value), s.Hits, s.Of)
}

func (p evaluationPrinter) misses(title words.Text, list []Miss, total int64, shown int) {
	p.section(title, grouped(total))
	if len(list) == 0 {
		return
	}
	list = list[:min(len(list), shown)]
	layout := table{columns: []column{
		{heading: labelHeadings[ByDataset].In(p.lang), shrinks: true}, {heading: headingRecord.In(p.lang)},
		{heading: headingTruthIs.In(p.lang), shrinks: true}, {heading: headingSaid.In(p.lang)},
		{heading: headingWrong.In(p.lang), align: right}, {heading: headingDiffs.In(p.lang), shrinks: true},
	}}
	for _, m := range list {
		truth := m.TrueCause
		if m.Label == "mislinked" {
			truth = causeOrWord(m.TrueCause, p.lang)
			if m.Detail != "" {
				truth += " " + printable(m.Detail)
			}
			if m.Trace == "no" {
				truth = noTraceText.In(p.lang) + " " + truth
			}
		} else if truth == "" {
			truth = labelTexts[m.Label].In(p.lang)
		}
		probability := "-"
		if m.CaseID != "" {
			probability = percent(m.PWrong)
		}
		layout.add(printable(words.Dataset(m.Dataset).In(p.lang)), printable(m.RecordID), printable(truth), verdictText(m.Verdict, p.lang), probability,
			strings.ReplaceAll(m.Differences, ";", " "))
	}
	layout.write(p.out)
	if rest := total - int64(len(list)); rest > 0 {
		writeWrapped(p.out, moreMisses.Format(p.lang, grouped(rest)))
	}
}
