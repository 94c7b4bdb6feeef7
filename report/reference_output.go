package report

import (
	"fmt"
	"io"

	"github.com/himozuke/himozuke/report/words"
)

var (
	referenceTitle   = words.Text{EN: "Published results of the 2023 inspection, for reference", JA: "【令和5年総点検の公表値（参考）】"}
	headingChecked   = words.Text{EN: "Checked", JA: "点検件数"}
	headingThisRun   = words.Text{EN: "This\nrun", JA: "今回の\n点検"}
	headingPublished = words.Text{EN: "Published\nper 100,000", JA: "公表値\n10万件当たり"}
	referenceNote    = words.Text{
		EN: "The inspection of 2023 looked at links entered in ways known to be unsafe and counted what people confirmed; its rates are a scale to read by, not a target.",
		JA: "令和5年の総点検は、紐付け方法に懸念のある事務を対象とし、職員が確認した誤りを計上したものである。率は目安であり、目標値ではない。",
	}
	sourceLine = words.Text{EN: "%s: %s. Source: %s.", JA: "%s: %s。出典: %s。"}
)

// writeReference draws the published figures under a table by dataset.
func writeReference(w io.Writer, list []Comparison, l words.Lang) error {
	if len(list) == 0 {
		return nil
	}
	if _, err := fmt.Fprintf(w, "\n%s\n", referenceTitle.In(l)); err != nil {
		return err
	}
	layout := table{columns: []column{{heading: labelHeadings[ByDataset].In(l), shrinks: true}}}
	for _, h := range []words.Text{headingChecked, headingMislinked, headingPublished, headingThisRun} {
		layout.columns = append(layout.columns, column{heading: h.In(l), align: right})
	}
	for i := range list {
		c := &list[i]
		layout.add(c.label(l), grouped(c.Checked), grouped(c.Wrong), rateText(c.PublishedRate), optionalRate(c.Rate))
	}
	if err := layout.write(w); err != nil {
		return err
	}
	for i := range list {
		c := &list[i]
		if err := writeWrapped(w, sourceLine.Format(l, c.label(l), c.Scope.In(l), c.Source.In(l))); err != nil {
			return err
		}
	}
	return writeWrapped(w, referenceNote.In(l))
}

func (c *Comparison) label(l words.Lang) string {
	if c.Dataset == "" {
		return totalLabel.In(l)
	}
	return words.Dataset(c.Dataset).In(l)
}

func optionalRate(rate *float64) string {
	if rate == nil {
		return "-"
	}
	return rateText(*rate)
}
