package report

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"github.com/himozuke/himozuke/report/words"
)

// WriteJSON writes the status as one JSON object.
func (s *ReviewStatus) WriteJSON(w io.Writer) error {
	encoder := json.NewEncoder(w)
	encoder.SetIndent("", "  ")
	encoder.SetEscapeHTML(false)
	return encoder.Encode(s)
}

var (
	reviewTitle      = words.Text{EN: "Review of run %s", JA: "確認の状況（点検 %s）"}
	progressTitle    = words.Text{EN: "Progress by dataset", JA: "【紐付け情報別の進捗】"}
	progressPlaces   = words.Text{EN: "Progress by prefecture", JA: "【都道府県別の進捗】"}
	progressCases    = words.Text{EN: "Cases", JA: "案件"}
	progressDecided  = words.Text{EN: "Decided", JA: "確認済"}
	progressDisputed = words.Text{EN: "Disputed", JA: "相違"}
	progressUnsure   = words.Text{EN: "Unsure", JA: "判断\nできず"}
	progressOpen     = words.Text{EN: "Open", JA: "未確認"}
	progressShare    = words.Text{EN: "Done", JA: "進捗率"}
	placeHeading     = words.Text{EN: "Prefecture", JA: "都道府県"}
	datasetHeading   = words.Text{EN: "Dataset", JA: "紐付け情報"}
	reviewersTitle   = words.Text{EN: "Reviewers", JA: "【確認者別の件数】"}
	reviewerHeading  = words.Text{EN: "Reviewer", JA: "確認者"}
	decisionsHeading = words.Text{EN: "Decisions", JA: "件数"}
	agreementTitle   = words.Text{EN: "Agreement of double-reviewed cases", JA: "【二重確認の一致】"}
	agreementNone    = words.Text{EN: "No case has been reviewed by two people yet.", JA: "二重確認を行った案件はまだない。"}
	agreementPair    = words.Text{EN: "Reviewers", JA: "確認者"}
	agreementAll     = words.Text{EN: "first and second review", JA: "一次確認と二次確認"}
	agreementBoth    = words.Text{EN: "%s and %s", JA: "%sと%s"}
	agreementAgreed  = words.Text{EN: "Agreed", JA: "一致"}
	agreementShare   = words.Text{EN: "Share", JA: "一致率"}
	agreementKappa   = words.Text{EN: "Cohen's\nkappa", JA: "カッパ\n係数"}
	disputesTitle    = words.Text{EN: "Cases to settle: reviewers say different things", JA: "【確認者の間で結果が異なる案件】"}
	disputesMore     = words.Text{EN: "Not shown: %s (--json lists all).", JA: "ほか%s件（--json で全件を出力）。"}
	precisionTitle   = words.Text{EN: "Precision so far: findings that were wrong links indeed", JA: "【これまでの適合率（検出のうち実際に誤りであったもの）】"}
	precisionNone    = words.Text{EN: "No case has been decided yet.", JA: "確認済みの案件はまだない。"}
	precisionRight   = words.Text{EN: "Wrong\nlinks", JA: "誤り"}
	precisionWrong   = words.Text{EN: "Right\nlinks", JA: "誤り\nなし"}
	precisionOther   = words.Text{EN: "Un-\nsettled", JA: "未確定"}
	precisionShare   = words.Text{EN: "Precision", JA: "適合率"}
	precisionAll     = words.Text{EN: "all causes", JA: "計"}
	precisionVerdict = words.Text{EN: "Verdict", JA: "判定"}
	precisionCause   = words.Text{EN: "Cause", JA: "原因"}
)

const shownDisputes = 20

// WriteTerminal shows the status within 80 columns.
func (s *ReviewStatus) WriteTerminal(w io.Writer, l words.Lang) error {
	p := statusPrinter{s, bufio.NewWriter(w), l}
	fmt.Fprintln(p.out, reviewTitle.Format(l, s.Run.ID))
	p.progress(progressTitle, datasetHeading, s.ByDataset, func(key string) string { return words.Dataset(key).In(l) })
	p.progress(progressPlaces, placeHeading, s.ByPrefecture, func(key string) string {
		return strings.TrimSpace(key + " " + words.Prefecture(key).In(l))
	})
	p.reviewers()
	p.agreement()
	p.disputes()
	p.precision()
	return p.out.Flush()
}

type statusPrinter struct {
	*ReviewStatus
	out  *bufio.Writer
	lang words.Lang
}

func (p *statusPrinter) section(t words.Text) { fmt.Fprintf(p.out, "\n%s\n", t.In(p.lang)) }

func (p *statusPrinter) right(headings ...words.Text) []column {
	columns := make([]column, len(headings))
	for i, h := range headings {
		columns[i] = column{heading: h.In(p.lang), align: right}
	}
	return columns
}

func (p *statusPrinter) progress(title, key words.Text, rows []ReviewProgress, label func(string) string) {
	p.section(title)
	layout := table{columns: append([]column{{heading: key.In(p.lang), shrinks: true}},
		p.right(progressCases, progressDecided, progressDisputed, progressUnsure, progressOpen, progressShare)...)}
	add := func(label string, r ReviewProgress) {
		done := "-"
		if r.Cases > 0 {
			done = fmt.Sprintf("%.1f%%", 100*float64(r.Decided)/float64(r.Cases))
		}
		layout.add(label, grouped(r.Cases), grouped(r.Decided), grouped(r.Disputed), grouped(r.Unsure), grouped(r.Open), done)
	}
	for _, r := range rows {
		add(printable(label(r.Key)), r)
	}
	layout.rule()
	add(totalLabel.In(p.lang), p.Total)
	layout.write(p.out)
}

func (p *statusPrinter) reviewers() {
	if len(p.Reviewers) == 0 {
		return
	}
	p.section(reviewersTitle)
	layout := table{columns: append([]column{{heading: reviewerHeading.In(p.lang), shrinks: true}},
		p.right(decisionsHeading, words.DecisionNamed("mislinked"), words.DecisionNamed("correct"), words.DecisionNamed("unsure"))...)}
	for _, r := range p.Reviewers {
		layout.add(printable(r.Reviewer), grouped(r.Decisions), grouped(r.Mislinked), grouped(r.Correct), grouped(r.Unsure))
	}
	layout.write(p.out)
}

func (p *statusPrinter) agreement() {
	p.section(agreementTitle)
	if p.Agreement.Cases == 0 {
		fmt.Fprintln(p.out, agreementNone.In(p.lang))
		return
	}
	layout := table{columns: append([]column{{heading: agreementPair.In(p.lang), shrinks: true}},
		p.right(progressCases, agreementAgreed, agreementShare, agreementKappa)...)}
	add := func(label string, g ReviewAgreement) {
		layout.add(label, grouped(g.Cases), grouped(g.Agreed), orDash("%.1f%%", g.Share, 100), orDash("%.3f", g.Kappa, 1))
	}
	for _, g := range p.ByPair {
		add(agreementBoth.Format(p.lang, printable(g.Reviewers[0]), printable(g.Reviewers[1])), g)
	}
	layout.rule()
	add(agreementAll.In(p.lang), p.Agreement)
	layout.write(p.out)
}

// orDash is a number that need not be there.
func orDash(format string, x *float64, scale float64) string {
	if x == nil {
		return "-"
	}
	return fmt.Sprintf(format, scale**x)
}

func (p *statusPrinter) disputes() {
	if len(p.Disagreements) == 0 {
		return
	}
	p.section(disputesTitle)
	for i, d := range p.Disagreements {
		if i == shownDisputes {
			fmt.Fprintln(p.out, disputesMore.Format(p.lang, grouped(int64(len(p.Disagreements)-shownDisputes))))
			return
		}
		said := make([]string, len(d.Decisions))
		for k, x := range d.Decisions {
			said[k] = printable(x.Reviewer) + ": " + words.DecisionNamed(x.Decision).In(p.lang)
		}
		for _, line := range wrap(d.Case+"  "+strings.Join(said, words.ListSeparator.In(p.lang)), terminalWidth) {
			fmt.Fprintln(p.out, line)
		}
	}
}

func (p *statusPrinter) precision() {
	p.section(precisionTitle)
	if len(p.Precision) == 0 {
		fmt.Fprintln(p.out, precisionNone.In(p.lang))
		return
	}
	layout := table{columns: append([]column{{heading: precisionVerdict.In(p.lang)}, {heading: precisionCause.In(p.lang), shrinks: true}},
		p.right(precisionRight, precisionWrong, precisionOther, precisionShare, heading95)...)}
	add := func(verdict, cause string, r ReviewPrecision) {
		interval := "-"
		if r.Low != nil {
			interval = fmt.Sprintf("%.1f-%.1f%%", 100**r.Low, 100**r.High)
		}
		layout.add(verdict, cause, grouped(r.Confirmed), grouped(r.Refuted), grouped(r.Unsettled), orDash("%.1f%%", r.Precision, 100), interval)
	}
	for _, all := range p.PrecisionAll {
		verdict, causes := verdictText(all.Verdict, p.lang), 0
		for _, r := range p.Precision {
			if r.Verdict == all.Verdict {
				add(verdict, r.causeLabel(p.lang), r)
				verdict = ""
				causes++
			}
		}
		if causes > 1 {
			add(verdict, precisionAll.In(p.lang), all)
		}
		layout.rule()
	}
	layout.write(p.out)
}
