package report

import (
	"fmt"
	"io"

	"github.com/himozuke/himozuke/report/words"
)

var (
	funnelTitle     = words.Text{EN: "Organizations beyond chance", JA: "【偶然では説明できない機関】"}
	headingExpected = words.Text{EN: "Ex-\npected", JA: "期待\n件数"}
	headingAdjusted = words.Text{EN: "Adjusted\np", JA: "調整後\np値"}
	funnelNobody    = words.Text{EN: "None of the %s organizations has more mislinked links than chance explains.", JA: "%s機関のうち、紐付け誤りが偶然の範囲を超える機関はない。"}
	funnelNote      = words.Text{
		EN: "Exact one-sided binomial test of %s organizations against the rate of their dataset in the whole run; p-values adjusted by Benjamini and Hochberg. Of the organizations listed (adjusted p up to %s) no more than 5%% are expected to be there by chance. A single mislinked link is never listed.",
		JA: "%s機関について、点検全体における同じ紐付け情報の誤り率を基準に片側の正確二項検定を行い、p値をBenjamini–Hochberg法で調整した。掲載した機関（調整後p値%s以下）のうち偶然によるものは5%%以下と期待される。紐付け誤りが1件のみの機関は掲載しない。",
	}
	notShownLine = words.Text{EN: "Organizations not shown: %s.", JA: "ほか%s機関。"}
)

var funnelWithheld = words.Text{
	EN: "Organizations beyond chance that are not listed because their counts are withheld: %s.",
	JA: "偶然の範囲を超えるが、件数を秘匿しているため掲載しない機関: %s。",
}

// writeTerminal draws the organizations beyond chance within 80 columns.
func (f *Funnel) writeTerminal(w io.Writer, t *Table, l words.Lang) error {
	if _, err := fmt.Fprintf(w, "\n%s\n", funnelTitle.In(l)); err != nil {
		return err
	}
	if f.Withheld > 0 {
		if err := writeWrapped(w, funnelWithheld.Format(l, grouped(int64(f.Withheld)))); err != nil {
			return err
		}
	}
	if len(f.Beyond) == 0 && f.Withheld == 0 {
		if err := writeWrapped(w, funnelNobody.Format(l, grouped(int64(f.Tested)))); err != nil {
			return err
		}
		return writeWrapped(w, f.note(l))
	}
	shown := f.Beyond
	if t.limit > 0 && len(shown) > t.limit {
		shown = shown[:t.limit]
	}
	layout := table{columns: []column{{heading: labelHeadings[ByOrganization].In(l), shrinks: true}}}
	if t.showsDataset() {
		layout.columns = append(layout.columns, column{heading: labelHeadings[ByDataset].In(l), shrinks: true})
	}
	for _, h := range []words.Text{headingLinks, headingMislinked, headingExpected, headingRate, headingAdjusted} {
		layout.columns = append(layout.columns, column{heading: h.In(l), align: right})
	}
	for i := range shown {
		p := &shown[i]
		cells := []string{printable(p.Key)}
		if t.showsDataset() {
			cells = append(cells, words.Dataset(p.Dataset).In(l))
		}
		layout.add(append(cells, grouped(p.Links), grouped(p.Mislinked), rateText(p.Expected), rateText(p.rate()), probabilityText(p.PAdjusted))...)
	}
	if err := layout.write(w); err != nil {
		return err
	}
	if hidden := len(f.Beyond) - len(shown); hidden > 0 {
		if err := writeWrapped(w, notShownLine.Format(l, grouped(int64(hidden)))); err != nil {
			return err
		}
	}
	return writeWrapped(w, f.note(l))
}

// csvCells writes the check of a row; the total and links that name no
// organization are not tested.
func (f *Funnel) csvCells(c *csvWriter, r *TableRow) {
	i, tested := f.at[[2]string{r.Dataset, r.Key}]
	if !tested || r.withheld != 0 {
		c.empty()
		c.empty()
		c.empty()
		return
	}
	p := &f.points[i]
	c.decimal(p.Expected, 4)
	c.text(fmt.Sprintf("%.6g", p.PValue))
	c.text(fmt.Sprintf("%.6g", p.PAdjusted))
}

func (f *Funnel) note(l words.Lang) string {
	return funnelNote.Format(l, grouped(int64(f.Tested)), fmt.Sprintf("%.2f", f.Level))
}

func (p *FunnelPoint) rate() float64 { return 100_000 * float64(p.Mislinked) / float64(p.Links) }

// probabilityText writes a p-value with the digits that anybody can use.
func probabilityText(p float64) string {
	switch {
	case p < 1e-99:
		return "<1e-99"
	case p < 0.001:
		return fmt.Sprintf("%.1e", p)
	}
	return fmt.Sprintf("%.3f", p)
}
