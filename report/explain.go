package report

import (
	"bufio"
	"fmt"
	"io"
	"math"
	"sort"
	"strings"

	"github.com/himozuke/himozuke/linkage"
	"github.com/himozuke/himozuke/linkage/ingest"
	"github.com/himozuke/himozuke/normalize"
	"github.com/himozuke/himozuke/report/words"
	"github.com/himozuke/himozuke/score"
)

// WriteTerminal explains the case within 80 columns: both sides, what each
// comparison weighs, the hypotheses and why each candidate was taken or not.
func (c *Case) WriteTerminal(w io.Writer, l words.Lang) error {
	out := bufio.NewWriter(w)
	e := explainer{Case: c, out: out, lang: l}
	e.heading()
	e.sides()
	e.weights()
	e.waterfall()
	e.hypotheses()
	e.candidates()
	e.history()
	return out.Flush()
}

type explainer struct {
	*Case
	out  *bufio.Writer
	lang words.Lang
}

func (e *explainer) line(t words.Text, args ...any) {
	for _, line := range wrap(t.Format(e.lang, args...), terminalWidth) {
		fmt.Fprintln(e.out, line)
	}
}

func (e *explainer) section(t words.Text) { fmt.Fprintf(e.out, "\n%s\n", t.In(e.lang)) }

var (
	caseLine    = words.Text{EN: "Case %s", JA: "案件 %s"}
	linkLine    = words.Text{EN: "%s, record %s, line %s, number %s", JA: "%s　記録ID %s（%s行目）　個人番号 %s"}
	verdictLine = words.Text{EN: "Verdict: %s   Cause: %s   Probability that the link is wrong: %s", JA: "判定: %s　原因: %s　誤りの確率: %s"}
	classLine   = words.Text{EN: "Published decision table: %s", JA: "公表された判定表による区分: %s"}
	ownLine     = words.Text{EN: "Decision table of this run: %s", JA: "指定した判定表による区分: %s"}
	twiceLine   = words.Text{EN: "The row stands %d times in its file.", JA: "同じ記録がファイル内に%d件ある。"}
)

func (e *explainer) heading() {
	e.line(caseLine, e.ID)
	e.line(linkLine, words.Dataset(e.Dataset).In(e.lang), printable(e.RecordID), grouped(e.SourceLine), printable(e.Number))
	cause := "-"
	if e.Cause != "" {
		cause = causeText(e.Cause, e.lang)
	}
	wrong := posterior(e.PWrong)
	if e.Verdict == linkage.Orphan.String() {
		wrong = percent(e.PWrong)
	}
	e.line(verdictLine, verdictText(e.Verdict, e.lang), cause, wrong)
	if e.OwnRules { // what its classes mean only its author knows
		e.line(ownLine, e.RuleClass)
	} else {
		if class := words.RuleClass(e.RuleClass).In(e.lang); class != "" {
			e.line(classLine, class)
		}
	}
	if e.SameCase > 1 {
		e.line(twiceLine, e.SameCase)
	}
	for _, line := range wrap(e.summaryIn(e.lang), terminalWidth) {
		fmt.Fprintln(e.out, line)
	}
}

// summaryIn says the summary in the reader's language, which need not be that
// of the run.
func (c *Case) summaryIn(l words.Lang) string {
	verdict, _ := words.VerdictNamed(c.Verdict)
	cause, _ := words.CauseNamed(c.Cause)
	f := linkage.Finding{Number: c.Number, Verdict: verdict, Cause: cause, Ambiguous: c.Ambiguous}
	for _, d := range c.Differences {
		f.Differences = append(f.Differences, score.Difference{Field: d.Field, Code: d.Code})
	}
	for _, x := range c.Evidence {
		f.Evidence = append(f.Evidence, score.Evidence{Detail: x.Detail})
	}
	birth := ingest.RoleBirthDate
	f.Holder.Fields[birth] = c.Holder.Known[birth.String()]
	if owner := c.owner(); owner != nil {
		f.Owner = &linkage.Candidate{}
		f.Owner.Person.Fields[birth] = owner.Person.Known[birth.String()]
		for _, x := range owner.Evidence {
			f.Owner.Evidence = append(f.Owner.Evidence, score.Evidence{Detail: x.Detail})
		}
	}
	return words.Summary(&f, l)
}

// percent keeps enough digits to tell certainty from near certainty.
func percent(p float64) string {
	x := 100 * p
	switch {
	case x == 0 || x == 100:
		return fmt.Sprintf("%.0f%%", x)
	case x < 0.0001:
		return "<0.0001%"
	case x > 99.9999:
		return ">99.9999%"
	case x < 1 || x > 99:
		return fmt.Sprintf("%.4f%%", x)
	}
	return fmt.Sprintf("%.1f%%", x)
}

// posterior is never certain: what the model computes as 1 is more than it can
// tell apart.
func posterior(p float64) string {
	if p > 0.999999 {
		return ">99.9999%"
	}
	return percent(p)
}

var (
	sidesTitle    = words.Text{EN: "The record, the holder of its number and the best other owner", JA: "【記録、番号の本人及び真の本人の候補の比較】"}
	sidesAlone    = words.Text{EN: "The record and the holder of its number", JA: "【記録と番号の本人の比較】"}
	recordHeading = words.Text{EN: "record", JA: "記録"}
	holderHeading = words.Text{EN: "holder", JA: "番号の本人"}
	ownerHeading  = words.Text{EN: "best owner", JA: "真の本人の候補"}
	fieldHeading  = words.Text{EN: "field", JA: "項目"}
	marksNote     = words.Text{EN: "Record against holder: = same, ~ written otherwise or close, x differs, blank: nothing to compare", JA: "記録と番号の本人の比較: = 一致、~ 表記違い又は近似、x 不一致、空欄は比較不能"}
	reasonsLine   = words.Text{EN: "Differences: %s", JA: "差異理由: %s"}
)

func (e *explainer) sides() {
	owner := e.owner()
	people := []Fields{e.Record, e.Holder}
	headings := []string{recordHeading.In(e.lang), holderHeading.In(e.lang)}
	title := sidesAlone
	if owner != nil {
		people = append(people, owner.Person)
		headings = append(headings, ownerHeading.In(e.lang))
		title = sidesTitle
	}
	e.section(title)
	rows := [][]string{append([]string{"", fieldHeading.In(e.lang)}, headings...)}
	for role := ingest.RoleOther + 1; role < ingest.Roles; role++ {
		key := role.String()
		if role == ingest.RoleNumber || role == ingest.RoleRecord || nobodyHas(people, key) {
			continue
		}
		row := []string{e.mark(role), words.Role(role).In(e.lang)}
		for _, p := range people {
			row = append(row, printable(p.Known[key]))
		}
		rows = append(rows, row)
	}
	e.grid(rows)
	e.line(marksNote)
	if len(e.Differences) > 0 {
		list := make([]string, len(e.Differences))
		for i, d := range e.Differences {
			list[i] = words.FieldDifference(d.Field, d.Code, e.lang)
		}
		e.line(reasonsLine, strings.Join(list, words.ListSeparator.In(e.lang)))
	}
}

func nobodyHas(people []Fields, key string) bool {
	for _, p := range people {
		if p.Known[key] != "" {
			return false
		}
	}
	return true
}

// mark compares record and holder in one sign, by the agreement level where
// there is one.
func (e *explainer) mark(role ingest.Role) string {
	record, holder := e.Record.Known[role.String()], e.Holder.Known[role.String()]
	if record == "" || holder == "" {
		return " "
	}
	if record == holder {
		return "="
	}
	level := ""
	switch role {
	case ingest.RoleName, ingest.RoleFamilyName, ingest.RoleGivenName:
		level = e.Levels.Name
	case ingest.RoleKana, ingest.RoleFamilyKana, ingest.RoleGivenKana:
		level = e.Levels.Kana
	case ingest.RoleBirthDate:
		level = e.Levels.Birth
	case ingest.RoleSex:
		level = e.Levels.Sex
	case ingest.RoleAddress:
		level = e.Levels.Address
	case ingest.RolePostalCode:
		if a, _ := normalize.ParsePostal([]byte(record)); a != 0 {
			if b, _ := normalize.ParsePostal([]byte(holder)); a == b {
				return "~"
			}
		}
	}
	switch level {
	case "unknown":
		return " "
	case "exact", "notation", "confusable", "near", "reading", "uncertain":
		return "~"
	}
	return "x"
}

// grid draws cells of several lines: a sign, a label, and the people.
func (e *explainer) grid(rows [][]string) {
	label := 0
	for _, row := range rows {
		label = max(label, cells.StringWidth(row[1]))
	}
	label = min(label, 18)
	people := len(rows[0]) - 2
	width := (terminalWidth - 2 - label) / people
	for i, row := range rows {
		lines := 1
		wrapped := make([][]string, len(row))
		for k, s := range row {
			switch k {
			case 0:
				wrapped[k] = []string{s}
			case 1:
				wrapped[k] = wrap(s, label)
			default:
				wrapped[k] = wrap(s, width-2)
			}
			lines = max(lines, len(wrapped[k]))
		}
		for n := range lines {
			var b strings.Builder
			for k := range row {
				s := ""
				if n < len(wrapped[k]) {
					s = wrapped[k][n]
				}
				room := [...]int{2, label}
				if k < 2 {
					b.WriteString(cells.FillRight(s, room[k]))
				} else {
					b.WriteString("  " + cells.FillRight(s, width-2))
				}
			}
			fmt.Fprintln(e.out, strings.TrimRight(b.String(), " "))
		}
		if i == 0 {
			fmt.Fprintln(e.out, strings.Repeat("-", terminalWidth))
		}
	}
}

var (
	weightsTitle = words.Text{EN: "What each comparison of record and holder weighs, in bits", JA: "【記録と番号の本人の一致ウェイト（ビット）】"}
	headingComp  = words.Text{EN: "comparison", JA: "比較"}
	headingLevel = words.Text{EN: "level", JA: "一致水準"}
	headingAdj   = words.Text{EN: "frequency", JA: "頻度補正"}
	headingWt    = words.Text{EN: "weight", JA: "ウェイト"}
	headingSum   = words.Text{EN: "sum", JA: "累計"}
	weightsNote  = words.Text{EN: "m, u: how often this level occurs between records of one person, of two people. Weight = log2(m/u) + frequency.", JA: "m・u は、同一人・別人の記録の間でその水準が生じる確率。ウェイト = log2(m/u) + 頻度補正。"}
	restLabel    = words.Text{EN: "other", JA: "その他"}
)

// step is one bar of the waterfall. Its shown weight is the difference of the
// shown sums, so that what is printed adds up to the last digit.
type step struct {
	label       string
	from, to    float64
	shownWeight float64
}

func (e *explainer) steps() []step {
	steps := make([]step, 0, len(e.Evidence)+1)
	sum := 0.0
	add := func(label string, weight float64) {
		from := sum
		sum += weight
		steps = append(steps, step{label, from, sum, rounded(rounded(sum, 2)-rounded(from, 2), 2)})
	}
	for _, x := range e.Evidence {
		add(words.Comparison(x.Comparison).In(e.lang), x.Weight)
	}
	if rest := e.Weight - sum; math.Abs(rest) >= 0.005 {
		add(restLabel.In(e.lang), rest)
	}
	return steps
}

func (e *explainer) weights() {
	if len(e.Evidence) == 0 {
		return
	}
	e.section(weightsTitle)
	layout := table{columns: []column{
		{heading: headingComp.In(e.lang)}, {heading: headingLevel.In(e.lang), shrinks: true},
		{heading: "m", align: right}, {heading: "u", align: right}, {heading: headingAdj.In(e.lang), align: right},
		{heading: headingWt.In(e.lang), align: right}, {heading: headingSum.In(e.lang), align: right},
	}}
	for i, s := range e.steps() {
		level, m, u, adjustment := "", "", "", ""
		if i < len(e.Evidence) {
			x := e.Evidence[i]
			level, m, u, adjustment = words.EvidenceLevel(x.Level, x.Detail).In(e.lang), probability(x.M), probability(x.U), signed(x.Adjustment)
		}
		layout.add(s.label, level, m, u, adjustment, signed(s.shownWeight), signed(s.to))
	}
	layout.rule()
	layout.add(totalLabel.In(e.lang), "", "", "", "", signed(e.Weight), "")
	layout.write(e.out)
	e.line(weightsNote)
}

func probability(p float64) string {
	if p != 0 && p < 0.001 {
		return fmt.Sprintf("%.1e", p)
	}
	return fmt.Sprintf("%.4f", p)
}

func signed(x float64) string {
	if x = rounded(x, 2); x == 0 {
		return "0.00"
	}
	return fmt.Sprintf("%+.2f", x)
}

var waterfallTitle = words.Text{EN: "Waterfall (left of | speaks against the holder, right of it for the holder)", JA: "【ウォーターフォール図】（| の左は本人でない根拠、右は本人である根拠）"}

// waterfall draws each weight from where the one before ended.
func (e *explainer) waterfall() {
	steps := e.steps()
	if len(steps) == 0 {
		return
	}
	steps = append(steps, step{totalLabel.In(e.lang), 0, e.Weight, rounded(e.Weight, 2)})
	label, low, high := 0, 0.0, 0.0
	for _, s := range steps {
		label = max(label, cells.StringWidth(s.label))
		low, high = min(low, s.to), max(high, s.to)
	}
	if high == low {
		return
	}
	e.section(waterfallTitle)
	width := terminalWidth - label - 11
	at := func(x float64) int { return int(math.Round((x - low) / (high - low) * float64(width-1))) }
	for _, s := range steps {
		bar := []byte(strings.Repeat(" ", width))
		from, to, sign := at(s.from), at(s.to), byte('+')
		if to < from {
			from, to, sign = to, from, '-'
		}
		for i := from; i <= to && s.from != s.to; i++ {
			bar[i] = sign
		}
		bar[at(0)] = '|'
		fmt.Fprintf(e.out, "%s %8s  %s\n", cells.FillRight(s.label, label), signed(s.shownWeight), strings.TrimRight(string(bar), " "))
	}
}

var (
	hypothesesTitle  = words.Text{EN: "Whose record is it?", JA: "【この記録は誰のものか】"}
	headingWho       = words.Text{EN: "hypothesis", JA: "仮説"}
	headingPrior     = words.Text{EN: "before", JA: "事前確率"}
	headingPosterior = words.Text{EN: "after", JA: "事後確率"}
)

func (e *explainer) hypotheses() {
	if len(e.Hypotheses) == 0 {
		return
	}
	e.section(hypothesesTitle)
	layout := table{columns: []column{
		{heading: headingWho.In(e.lang)}, {heading: headingPrior.In(e.lang), align: right}, {heading: headingPosterior.In(e.lang), align: right},
	}}
	for _, h := range e.Hypotheses {
		cause, _ := words.CauseNamed(h.Cause)
		layout.add(words.Hypothesis(cause).In(e.lang), percent(h.Prior), posterior(h.Posterior))
	}
	layout.write(e.out)
}

var (
	candidatesTitle = words.Text{EN: "Candidates for the owner", JA: "【真の本人の候補】"}
	noCandidates    = words.Text{EN: "Nobody in the register fits the record better than chance.", JA: "住民台帳に、この記録に当てはまる者は見当たらない。"}
	candidateLine   = words.Text{EN: "%d. number %s (register line %s), %s: probability %s, weight %s bits", JA: "%d. 個人番号 %s（台帳%s行目）　%s　確率 %s　ウェイト %sビット"}
	takenLine       = words.Text{EN: "   named as the owner", JA: "   真の本人として採用"}
	becauseLine     = words.Text{EN: "   because of %s", JA: "   根拠: %s"}
	notTakenLine    = words.Text{EN: "   not taken: weaker than %s on %s", JA: "   不採用: %sに比べ、%sが劣る"}
	notTakenPrior   = words.Text{EN: "   not taken: fits the record no worse than %s, but is the less likely mix-up", JA: "   不採用: 記録との一致は%sに劣らないが、取り違えの起こりやすさで下回る"}
	alikeLine       = words.Text{EN: "   fits the record as well as the holder does: nothing in it tells them apart", JA: "   番号の本人と同程度に当てはまり、記録からは判別できない"}
	theHolder       = words.Text{EN: "the holder", JA: "番号の本人"}
	theFirst        = words.Text{EN: "the first candidate", JA: "第1候補"}
	theOwner        = words.Text{EN: "the owner", JA: "採用した候補"}
	comparedWith    = words.Text{EN: "%s (%s, %s bits)", JA: "%s（%s、%sビット）"}
)

func (e *explainer) candidates() {
	if e.Verdict == linkage.Orphan.String() || e.Verdict == linkage.Unverifiable.String() {
		if len(e.Candidates) == 0 {
			return
		}
	}
	e.section(candidatesTitle)
	if len(e.Candidates) == 0 {
		e.line(noCandidates)
		return
	}
	owner := e.owner()
	for i := range e.Candidates {
		c := &e.Candidates[i]
		e.line(candidateLine, i+1, printable(c.Number), grouped(c.RegisterLine), causeText(c.Cause, e.lang), posterior(c.Posterior), signed(c.Weight))
		if c.Alike {
			e.line(alikeLine)
			continue
		}
		if c == owner {
			e.line(takenLine)
			e.line(becauseLine, e.reasons(c.Evidence))
			continue
		}
		rival, evidence := theHolder, e.Evidence
		switch {
		case owner != nil:
			rival, evidence = theOwner, owner.Evidence
		case i > 0 && e.Candidates[0].Posterior > e.holderPosterior():
			rival, evidence = theFirst, e.Candidates[0].Evidence
		}
		if weaker := e.weaker(c.Evidence, evidence); weaker != "" {
			e.line(notTakenLine, rival.In(e.lang), weaker)
		} else {
			e.line(notTakenPrior, rival.In(e.lang))
		}
	}
}

// reasons lists what every comparison says for a candidate.
func (e *explainer) reasons(evidence []Evidence) string {
	texts := make([]string, len(evidence))
	for i, x := range evidence {
		texts[i] = comparedWith.Format(e.lang, words.Comparison(x.Comparison).In(e.lang), words.EvidenceLevel(x.Level, x.Detail).In(e.lang), signed(x.Weight))
	}
	return strings.Join(texts, words.ListSeparator.In(e.lang))
}

func (e *explainer) holderPosterior() float64 {
	for _, h := range e.Hypotheses {
		if h.Cause == "" {
			return h.Posterior
		}
	}
	return 1 - e.PWrong
}

// weaker names the comparisons where a candidate loses most to its rival.
func (e *explainer) weaker(candidate, rival []Evidence) string {
	type loss struct {
		text string
		bits float64
	}
	var losses []loss
	for _, r := range rival {
		for _, c := range candidate {
			if c.Comparison != r.Comparison || c.Weight >= r.Weight-0.5 {
				continue
			}
			bits := c.Weight - r.Weight
			losses = append(losses, loss{comparedWith.Format(e.lang, words.Comparison(c.Comparison).In(e.lang),
				words.EvidenceLevel(c.Level, c.Detail).In(e.lang), signed(bits)), bits})
		}
	}
	sort.SliceStable(losses, func(i, j int) bool { return losses[i].bits < losses[j].bits })
	texts := make([]string, 0, 2)
	for i := 0; i < len(losses) && i < 2; i++ {
		texts = append(texts, losses[i].text)
	}
	return strings.Join(texts, words.ListSeparator.In(e.lang))
}

var (
	historyTitle = words.Text{EN: "History", JA: "【経過】"}
	eventTexts   = map[string]words.Text{
		"new":      {EN: "found", JA: "検出"},
		"resolved": {EN: "no longer found: corrected or removed at the source", JA: "解消（元データの訂正又は削除）"},
		"reopened": {EN: "found again, or its data changed after a decision", JA: "再検出（確認後のデータ変更を含む）"},
	}
	decisionLine = words.Text{EN: "%s  %s decided: %s %s %s", JA: "%s  %sによる確認: %s %s %s"}
)

func (e *explainer) history() {
	if len(e.Events)+len(e.Decisions) == 0 {
		return
	}
	e.section(historyTitle)
	for _, x := range e.Events {
		text, ok := eventTexts[x.Event]
		if !ok {
			text = words.Text{EN: x.Event, JA: x.Event}
		}
		fmt.Fprintf(e.out, "%s  %s\n", clock(x.At), text.In(e.lang))
	}
	for _, d := range e.Decisions {
		line := decisionLine.Format(e.lang, clock(d.At), printable(d.Reviewer), words.DecisionNamed(d.Decision).In(e.lang), printable(d.Reason), printable(d.Comment))
		for _, part := range wrap(strings.TrimRight(line, " "), terminalWidth) {
			fmt.Fprintln(e.out, part)
		}
	}
}
