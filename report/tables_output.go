package report

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"github.com/himozuke/himozuke/report/words"
)

var (
	tableTitles = map[Dimension]words.Text{
		ByPrefecture:   {EN: "Links by prefecture", JA: "都道府県別の点検結果"},
		ByMunicipality: {EN: "Links by municipality", JA: "市区町村別の点検結果"},
		ByOrganization: {EN: "Links by organization", JA: "機関別の点検結果"},
		ByDataset:      {EN: "Links by dataset", JA: "紐付け情報別の点検結果"},
		ByCause:        {EN: "Wrong links by cause", JA: "原因別の紐付け誤り"},
		ByVerdict:      {EN: "Links by verdict", JA: "判定別の件数"},
		ByMonth:        {EN: "Links by month of entry", JA: "登録月別の点検結果"},
	}
	labelHeadings = map[Dimension]words.Text{
		ByPrefecture:   {EN: "Prefecture", JA: "都道府県"},
		ByMunicipality: {EN: "Municipality", JA: "市区町村"},
		ByOrganization: {EN: "Organization", JA: "機関"},
		ByDataset:      {EN: "Dataset", JA: "紐付け情報"},
		ByCause:        {EN: "Cause", JA: "原因"},
		ByVerdict:      {EN: "Verdict", JA: "判定"},
		ByMonth:        {EN: "Month", JA: "登録月"},
	}
	headingLinks        = words.Text{EN: "Links", JA: "紐付け\n件数"}
	headingMislinked    = words.Text{EN: "Mis-\nlinked", JA: "紐付け\n誤り"}
	headingReview       = words.Text{EN: "Review", JA: "要確認"}
	headingOrphan       = words.Text{EN: "Orphan", JA: "番号\n該当なし"}
	headingUnverifiable = words.Text{EN: "Unveri-\nfiable", JA: "判定\n不能"}
	headingRate         = words.Text{EN: "Per\n100,000", JA: "10万件\n当たり"}
	headingInterval     = words.Text{EN: "95%\ninterval", JA: "95%\n信頼区間"}

	totalLabel    = words.Text{EN: "Total", JA: "合計"}
	runLine       = words.Text{EN: "Run of %s", JA: "点検実施日時 %s"}
	onlyPlace     = words.Text{EN: ", only %s", JA: "、%sのみ"}
	moreRows      = words.Text{EN: "Rows not shown: %s; --format csv lists all, the total counts all.", JA: "ほか%s行。全件は --format csv で出力できる。合計には全件を含む。"}
	rateNote      = words.Text{EN: "Rate: mislinked links per 100,000, with Wilson's 95% interval.", JA: "率は紐付け10万件当たりの紐付け誤り件数、区間は95%信頼区間（Wilson法）。"}
	ambiguousNote = words.Text{EN: "Review holds links that fit two residents alike, too, however unlikely they are to be wrong.", JA: "要確認には、二人の住民のいずれとも判別できない紐付けを、誤りの確率によらず含む。"}
	rateOfVerdict = words.Text{EN: "Rate: links of the verdict per 100,000, with Wilson's 95% interval.", JA: "率は紐付け10万件当たりの各判定の件数、区間は95%信頼区間（Wilson法）。"}
	intervalFrame = words.Text{EN: "%s-%s", JA: "%s～%s"}
)

// WriteTerminal draws the table within 80 columns.
func (t *Table) WriteTerminal(w io.Writer, l words.Lang) error {
	if _, err := fmt.Fprintf(w, "%s\n%s\n\n", tableTitles[t.By].In(l), t.subtitle(l)); err != nil {
		return err
	}
	drawn, hidden := t.Rows, 0
	if long := t.By == ByOrganization || t.By == ByMunicipality; long && t.limit > 0 && len(drawn) > t.limit {
		hidden = len(drawn) - t.limit
		drawn = drawn[:t.limit]
	}
	layout := t.layout(l)
	for i := range drawn {
		layout.add(t.cells(&drawn[i], l, t.labels(&drawn[i], l)...)...)
	}
	if t.By != ByVerdict {
		layout.rule()
		labels := []string{totalLabel.In(l)}
		if t.showsDataset() {
			labels = append(labels, "")
		}
		layout.add(t.cells(&t.Total, l, labels...)...)
	}
	if err := layout.write(w); err != nil {
		return err
	}
	note := rateNote
	if t.By == ByVerdict {
		note = rateOfVerdict
	}
	if hidden > 0 {
		if err := writeWrapped(w, moreRows.Format(l, grouped(int64(hidden)))); err != nil {
			return err
		}
	}
	if err := writeWrapped(w, note.In(l)); err != nil {
		return err
	}
	if t.By == ByVerdict && t.Run.ambiguous {
		if err := writeWrapped(w, ambiguousNote.In(l)); err != nil {
			return err
		}
	}
	if t.suppressed > 0 {
		if err := writeWrapped(w, suppressedNote.Format(l, grouped(t.suppressed))); err != nil {
			return err
		}
	}
	if t.Funnel != nil {
		return t.Funnel.writeTerminal(w, t, l)
	}
	return writeReference(w, t.Reference, l)
}

func writeWrapped(w io.Writer, s string) error {
	for _, line := range wrap(s, terminalWidth) {
		if _, err := fmt.Fprintln(w, line); err != nil {
			return err
		}
	}
	return nil
}

// clock writes a time of the database for people.
func clock(rfc3339 string) string {
	return strings.TrimSuffix(strings.Replace(rfc3339, "T", " ", 1), "Z") + " UTC"
}

func (t *Table) subtitle(l words.Lang) string {
	s := runLine.Format(l, clock(t.Run.Started))
	if t.Prefecture != "" {
		s += onlyPlace.Format(l, words.Prefecture(t.Prefecture).In(l))
	}
	if t.Dataset != "" {
		s += onlyPlace.Format(l, words.Dataset(t.Dataset).In(l))
	}
	return s
}

func (t *Table) layout(l words.Lang) *table {
	columns := []column{{heading: labelHeadings[t.By].In(l), shrinks: true}}
	if t.showsDataset() {
		columns[0].shrinks = false
		columns = append(columns, column{heading: labelHeadings[ByDataset].In(l), shrinks: true})
	}
	number := func(h words.Text) { columns = append(columns, column{heading: h.In(l), align: right}) }
	number(headingLinks)
	switch t.By {
	case ByVerdict:
	case ByCause:
		number(headingMislinked)
		number(headingReview)
	default:
		number(headingMislinked)
		number(headingReview)
		number(headingOrphan)
		number(headingUnverifiable)
	}
	number(headingRate)
	number(headingInterval)
	return &table{columns: columns}
}

func (t *Table) cells(r *TableRow, l words.Lang, row ...string) []string {
	switch t.By {
	case ByVerdict:
		row = append(row, r.countText(t.rateColumn(r)))
	case ByCause:
		row = append(row, r.countText(columnLinks), r.countText(columnMislinked), r.countText(columnReview))
	default:
		for _, c := range [...]countColumn{columnLinks, columnMislinked, columnReview, columnOrphan, columnUnverifiable} {
			row = append(row, r.countText(c))
		}
	}
	if r.withheld.has(t.rateColumn(r)) || r.withheld.has(columnLinks) {
		return append(row, withheldMark, withheldMark)
	}
	if r.Rate == nil {
		return append(row, "-", "-")
	}
	return append(row, rateText(*r.Rate), intervalFrame.Format(l, rateText(*r.RateLow), rateText(*r.RateHigh)))
}

// rateText keeps three digits that matter: rates run from 0.1 to thousands.
func rateText(x float64) string {
	switch {
	case x == 0:
		return "0"
	case x < 10:
		return fmt.Sprintf("%.2f", x)
	case x < 1000:
		return fmt.Sprintf("%.1f", x)
	}
	return grouped(int64(x + 0.5))
}

// WriteCSV writes the table for programs and spreadsheets, total last.
func (t *Table) WriteCSV(w io.Writer, l words.Lang) error {
	c := newCSVWriter(w)
	header := []string{string(t.By), "name", "dataset", "links", "verified", "mislinked", "review", "orphan",
		"unverifiable", "rate_per_100000", "rate_low", "rate_high"}
	if t.Funnel != nil {
		header = append(header, "expected", "p_value", "p_adjusted")
	}
	c.header(header)
	for i := range t.Rows {
		t.csvRow(c, &t.Rows[i], t.Rows[i].Key, t.label(&t.Rows[i], l))
	}
	t.csvRow(c, &t.Total, "total", totalLabel.In(l))
	return c.flush()
}

func (t *Table) csvRow(c *csvWriter, r *TableRow, key, label string) {
	c.text(key)
	c.text(label)
	c.text(r.Dataset)
	for column := columnLinks; column <= columnUnverifiable; column++ {
		if r.withheld.has(column) {
			c.text(withheldMark)
		} else {
			c.integer(r.count(column))
		}
	}
	for _, rate := range [...]*float64{r.Rate, r.RateLow, r.RateHigh} {
		if rate == nil {
			c.empty()
		} else {
			c.decimal(*rate, 4)
		}
	}
	if t.Funnel != nil {
		t.Funnel.csvCells(c, r)
	}
	c.endRow()
}

// WriteJSON writes the table as one JSON object.
func (t *Table) WriteJSON(w io.Writer) error {
	if t.suppressed > 0 {
		return t.writePublished(w)
	}
	encoder := json.NewEncoder(w)
	encoder.SetIndent("", "  ")
	encoder.SetEscapeHTML(false)
	return encoder.Encode(t)
}
