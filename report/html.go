package report

import (
	"bufio"
	"cmp"
	"database/sql"
	_ "embed"
	"encoding/json"
	"fmt"
	"html/template"
	"io"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/himozuke/himozuke/linkage"
	"github.com/himozuke/himozuke/linkage/ingest"
	"github.com/himozuke/himozuke/report/words"
)

// HTMLOptions choose what an HTML report shows.
type HTMLOptions struct {
	Prefecture string // two digits: only its links
	Dataset    string // only this dataset
	Lang       words.Lang
	Examples   int // cases in full, which hold personal data; 0 is none
}

//go:embed html/report.tmpl
var htmlTemplate string

//go:embed html/style.css
var htmlStyle string

// WriteHTML writes the latest run as one file that needs nothing else: no
// script, no font, no image, no network. The same database gives the same
// bytes.
func (a *Audit) WriteHTML(w io.Writer, o HTMLOptions) error {
	p, err := a.newPage(o)
	if err != nil {
		return err
	}
	out := bufio.NewWriter(w)
	t := template.Must(template.New("report").Funcs(template.FuncMap{"say": p.say}).Parse(htmlTemplate))
	if err := t.Execute(out, p); err != nil {
		return err
	}
	return out.Flush()
}

// page is what the template fills in: texts in the reader's language, tables
// and charts.
type page struct {
	Lang      string
	Title     string
	Style     template.CSS
	Scope     string
	RunLine   string
	Personal  bool // example cases are in it
	Figures   []figure
	Inputs    htmlTable
	Settings  htmlTable
	Warnings  []string
	Rejects   htmlTable
	Judged    htmlTable
	Causes    *chart
	Places    placesPart
	Ps        *chart
	Weights   *chart
	Spread    htmlTable
	Expected  string
	Trend     htmlTable
	TrendLine *chart
	SelfCheck htmlTable

	Calibration htmlTable
	Calibrated  string // what the table says, or why there is none

	Decoys    string
	Funnels   []*chart
	Beyond    htmlTable
	FunnelEnd string
	Reference htmlTable
	Compared  *chart
	Sources   []string
	Cases     []casePart
	Verdicts  htmlTable
	CauseList htmlTable
	RunID     string
	Version   string

	audit   *Audit
	run     RunInfo
	options HTMLOptions
	lang    words.Lang
	byData  *Table
}

// figure is one of the large numbers at the top.
type figure struct{ Value, Label, Note, Class string }

// htmlTable is a table with a header cell in each row.
type htmlTable struct {
	Caption string
	Class   string
	Columns []htmlColumn
	Rows    []htmlRow
	Long    bool // folded on the screen, unfolded in print
}

type htmlColumn struct {
	Heading string
	Number  bool
}

type htmlRow struct {
	Head  string
	Cells []htmlCell
	Class string
}

type htmlCell struct {
	Text   string
	Number bool
	Code   bool
}

func (t *htmlTable) column(heading string, number bool) {
	t.Columns = append(t.Columns, htmlColumn{oneLine(heading), number})
}

// add makes a row; its cells are numbers where their columns are.
func (t *htmlTable) add(class, head string, cells ...string) {
	row := htmlRow{Head: head, Class: class}
	for i, text := range cells {
		row.Cells = append(row.Cells, htmlCell{Text: text, Number: t.Columns[i+1].Number})
	}
	t.Rows = append(t.Rows, row)
}

// oneLine joins the lines of a heading made for the terminal: a hyphen at the
// end of a line goes, and between Japanese characters there is no space.
func oneLine(heading string) string {
	lines := strings.Split(heading, "\n")
	s := lines[0]
	for _, next := range lines[1:] {
		last, _ := utf8.DecodeLastRuneInString(s)
		first, _ := utf8.DecodeRuneInString(next)
		switch {
		case last == '-':
			s = s[:len(s)-1]
		case last < 0x2E80 && first < 0x2E80:
			s += " "
		}
		s += next
	}
	return s
}

// say finds a fixed text of the page.
func (p *page) say(key string) (string, error) {
	text, ok := htmlTexts[key]
	if !ok {
		return "", fmt.Errorf("no text %q", key)
	}
	return text.In(p.lang), nil
}

func (p *page) text(key string) string { return htmlTexts[key].In(p.lang) }

func (a *Audit) newPage(o HTMLOptions) (*page, error) {
	run, err := a.LatestRun()
	if err != nil {
		return nil, err
	}
	p := &page{
		Lang: o.Lang.String(), Style: template.CSS(htmlStyle), RunID: run.ID, Version: run.Version,
		audit: a, run: run, options: o, lang: o.Lang,
	}
	p.Title = p.text("title")
	p.RunLine = runLine.Format(p.lang, clock(run.Started))
	p.Scope = p.scope()
	for _, part := range []func() error{
		p.addOverview, p.addTrend, p.addInputs, p.addSettings, p.addJudgements, p.addPlaces, p.addSpread, p.addCalibration, p.addSelfCheck, p.addFunnel, p.addReference, p.addCases,
	} {
		if err := part(); err != nil {
			return nil, err
		}
	}
	p.addMeanings()
	return p, nil
}

func (p *page) scope() string {
	parts := []string{}
	if p.options.Prefecture != "" {
		parts = append(parts, words.Prefecture(p.options.Prefecture).In(p.lang))
	}
	if p.options.Dataset != "" {
		parts = append(parts, words.Dataset(p.options.Dataset).In(p.lang))
	}
	if len(parts) == 0 {
		return p.text("everything")
	}
	return onlyScope.Format(p.lang, strings.Join(parts, words.ListSeparator.In(p.lang)))
}

func (p *page) table(by Dimension) (*Table, error) {
	return p.audit.Table(TableOptions{By: by, Prefecture: p.options.Prefecture, Dataset: p.options.Dataset})
}

func (p *page) addOverview() (err error) {
	if p.byData, err = p.table(ByDataset); err != nil {
		return err
	}
	total := &p.byData.Total
	add := func(n int64, label, note, class string) {
		p.Figures = append(p.Figures, figure{grouped(n), label, note, class})
	}
	interval := "-"
	if total.Rate != nil {
		interval = ratePerLine.Format(p.lang, rateText(*total.Rate), rateText(*total.RateLow), rateText(*total.RateHigh))
	}
	add(total.Links, p.text("links judged"), "", "")
	for _, v := range verdictOrder[:4] {
		note := ""
		if v == linkage.Mislinked {
			note = interval
		}
		add(*total.verdict(v), words.Verdict(v).In(p.lang), note, v.String())
	}
	return nil
}

// trendShown is how many runs a page shows.
const trendShown = 30

// addTrend shows the runs of a database that holds several.
func (p *page) addTrend() error {
	trend, err := p.audit.Trend(TableOptions{Prefecture: p.options.Prefecture, Dataset: p.options.Dataset, Limit: trendShown})
	if err != nil || len(trend.Runs) < 2 {
		return err
	}
	t := &p.Trend
	t.Caption = trendTitle.In(p.lang)
	t.column(headingRun.In(p.lang), false)
	for _, h := range trend.headings() {
		t.column(h.In(p.lang), true)
	}
	t.Long = len(trend.shown()) > 7
	for _, r := range trend.shown() {
		t.add("", minute(r.Started), r.cells()...)
	}
	p.TrendLine = trendChart(trend.shown(), p)
	return nil
}

func (p *page) addInputs() error {
	t := &p.Inputs
	t.Caption = p.text("inputs")
	t.column(labelHeadings[ByDataset].In(p.lang), false)
	t.column(headingFile.In(p.lang), false)
	t.column(headingRows.In(p.lang), true)
	t.column(headingJudged.In(p.lang), true)
	t.column(headingRejected.In(p.lang), true)
	t.column("SHA-256", false)
	err := p.audit.query(func(rows *sql.Rows) error {
		var dataset, path, sum string
		var all, judged, rejected int64
		if err := rows.Scan(&dataset, &path, &sum, &all, &judged, &rejected); err != nil {
			return err
		}
		t.add("", words.Dataset(dataset).In(p.lang), path[strings.LastIndexAny(path, `/\`)+1:], grouped(all), grouped(judged), grouped(rejected), sum)
		t.Rows[len(t.Rows)-1].Cells[4].Code = true
		return nil
	}, "SELECT dataset, path, sha256, rows, judged, rejected FROM inputs WHERE run_id = ? ORDER BY position", p.run.rowID)
	if err != nil {
		return err
	}
	t = &p.Rejects
	t.Caption = p.text("rejects")
	t.column(labelHeadings[ByDataset].In(p.lang), false)
	t.column(p.text("reason"), false)
	t.column(headingRows.In(p.lang), true)
	return p.audit.query(func(rows *sql.Rows) error {
		var dataset, reason string
		var n int64
		err := rows.Scan(&dataset, &reason, &n)
		t.add("", words.Dataset(dataset).In(p.lang), rejectReasonText(reason, p.lang), grouped(n))
		return err
	}, "SELECT dataset, reason, rows FROM rejects WHERE run_id = ? ORDER BY dataset, reason", p.run.rowID)
}

func rejectReasonText(word string, l words.Lang) string {
	for r := ingest.ReasonFieldCount; r <= ingest.ReasonSharedNumber; r++ {
		if words.RejectReasonWord(r) == word {
			return words.RejectReason(r).In(l)
		}
	}
	return word
}

// addSettings says what decided the verdicts: thresholds, model, warnings.
func (p *page) addSettings() error {
	t := &p.Settings
	t.Caption, t.Class = p.text("settings"), "prose"
	t.column(p.text("setting"), false)
	t.column(p.text("value"), false)
	var fdr, floor float64
	var scheme string
	var model []byte
	err := p.audit.db.QueryRow("SELECT max_fdr, review_floor, scheme, model_json FROM runs WHERE run_id = ?", p.run.rowID).
		Scan(&fdr, &floor, &scheme, &model)
	if err != nil {
		return databaseProblem(p.audit.path, err)
	}
	t.add("", p.text("fdr"), percent(fdr))
	from := percent(floor)
	if p.run.ambiguous {
		from = floorBesides.Format(p.lang, from)
	}
	t.add("", p.text("floor"), from)
	t.add("", p.text("scheme"), scheme)
	for _, line := range modelLines(model, p.run.Datasets, p.lang) {
		t.add("", modelOf.Format(p.lang, words.Dataset(line[0]).In(p.lang)), line[1])
	}
	t.add("", p.text("version"), p.run.Version)
	return p.audit.query(func(rows *sql.Rows) error {
		var kind, dataset, detail string
		err := rows.Scan(&kind, &dataset, &detail)
		p.Warnings = append(p.Warnings, warningLine.Format(p.lang, words.Dataset(dataset).In(p.lang), words.Warning(linkage.WarningKind(kind)).In(p.lang), words.Said(detail, p.lang)))
		return err
	}, "SELECT kind, dataset, detail FROM warnings WHERE run_id = ? ORDER BY position", p.run.rowID)
}

// modelLines says for each dataset where its model came from.
func modelLines(text []byte, datasets []string, l words.Lang) [][2]string {
	var model struct {
		Datasets map[string]struct {
			Training struct {
				Pairs      int64 `json:"pairs"`
				Iterations int   `json:"iterations"`
				Converged  bool  `json:"converged"`
			} `json:"training"`
		} `json:"datasets"`
	}
	if len(text) == 0 || json.Unmarshal(text, &model) != nil {
		return nil
	}
	var lines [][2]string
	for _, name := range datasets {
		d, ok := model.Datasets[name]
		switch {
		case !ok:
		case d.Training.Converged:
			lines = append(lines, [2]string{name, modelLearned.Format(l, grouped(d.Training.Pairs), d.Training.Iterations)})
		default:
			lines = append(lines, [2]string{name, modelDefault.In(l)})
		}
	}
	return lines
}

// addJudgements makes the table of verdict by cause, datasets side by side.
func (p *page) addJudgements() error {
	counts := map[[3]string]int64{} // verdict, cause, dataset
	err := p.audit.query(func(rows *sql.Rows) error {
		var key [3]string
		var n int64
		err := rows.Scan(&key[0], &key[1], &key[2], &n)
		counts[key] += n
		return err
	}, `SELECT verdict, cause, dataset, sum(findings) FROM tallies
		WHERE run_id = ?1 AND (?2 = '' OR prefecture = ?2) AND (?3 = '' OR dataset = ?3) GROUP BY 1, 2, 3`,
		p.run.rowID, p.options.Prefecture, p.options.Dataset)
	if err != nil {
		return err
	}
	t := &p.Judged
	t.Caption = p.text("judged")
	t.column(headingJudge.In(p.lang), false)
	datasets := p.byData.Rows
	for _, d := range datasets {
		t.column(words.Dataset(d.Key).In(p.lang), true)
	}
	t.column(totalLabel.In(p.lang), true)
	row := func(class, head string, total int64, count func(*TableRow) int64) {
		cells := []string{}
		for i := range datasets {
			cells = append(cells, grouped(count(&datasets[i])))
		}
		t.add(class, head, append(cells, grouped(total))...)
	}
	bars := []bar{}
	for _, v := range verdictOrder {
		row("verdict", words.Verdict(v).In(p.lang), *p.byData.Total.verdict(v), func(r *TableRow) int64 { return *r.verdict(v) })
		for c := linkage.NoCause + 1; c < linkage.Causes; c++ {
			total := int64(0)
			for _, d := range datasets {
				total += counts[[3]string{v.String(), c.String(), d.Key}]
			}
			if total == 0 {
				continue
			}
			row("cause", words.Cause(c).In(p.lang), total, func(r *TableRow) int64 { return counts[[3]string{v.String(), c.String(), r.Key}] })
			if v == linkage.Mislinked {
				b := bar{label: words.Cause(c).In(p.lang), total: total}
				for _, d := range datasets {
					b.parts = append(b.parts, counts[[3]string{v.String(), c.String(), d.Key}])
				}
				bars = append(bars, b)
			}
		}
	}
	row("total", totalLabel.In(p.lang), p.byData.Total.Links, func(r *TableRow) int64 { return r.Links })
	slices.SortStableFunc(bars, func(a, b bar) int { return cmp.Compare(b.total, a.total) })
	names := []string{}
	for _, d := range datasets {
		names = append(names, words.Dataset(d.Key).In(p.lang))
	}
	p.Causes = causeChart(bars, names, p)
	return nil
}

// placesPart is the map of the country, or the municipalities of the one
// prefecture that the report is limited to.
type placesPart struct {
	Heading string
	Map     *chart
	Table   htmlTable
	Note    string
}

func (p *page) addPlaces() error {
	by := ByPrefecture
	if p.options.Prefecture != "" {
		by = ByMunicipality
	}
	places, err := p.table(by)
	if err != nil {
		return err
	}
	average := 0.0
	if places.Total.Links > 0 {
		average = float64(places.Total.Mislinked) / float64(places.Total.Links)
	}
	rows := make([]funnelRow, len(places.Rows))
	for i, r := range places.Rows {
		rows[i] = funnelRow{key: r.Key, links: r.Links, mislinked: r.Mislinked, rate: average}
	}
	funnel := newFunnel(rows)
	beyond := map[string]bool{}
	for _, point := range funnel.Beyond {
		beyond[point.Key] = true
	}
	p.Places.Heading = p.text("places")
	if by == ByPrefecture {
		p.Places.Map = tileChart(places, beyond, p)
	} else {
		p.Places.Heading = p.text("municipalities")
	}
	p.Places.Note = placesNote.Format(p.lang, grouped(int64(funnel.Tested)))
	t := &p.Places.Table
	t.Caption = tableTitles[by].In(p.lang)
	t.Long = len(places.Rows) > 12
	t.column(labelHeadings[by].In(p.lang), false)
	for _, h := range []words.Text{headingLinks, headingMislinked, headingReview, headingOrphan, headingUnverifiable, headingRate, headingInterval} {
		t.column(h.In(p.lang), true)
	}
	t.column(p.text("beyond"), false)
	for i := range places.Rows {
		r := &places.Rows[i]
		mark := ""
		if beyond[r.Key] {
			mark = p.text("beyond mark")
		}
		t.add("", places.label(r, p.lang), append(p.counts(r), mark)...)
	}
	t.add("total", totalLabel.In(p.lang), append(p.counts(&places.Total), "")...)
	return nil
}

func (p *page) counts(r *TableRow) []string {
	cells := []string{grouped(r.Links), grouped(r.Mislinked), grouped(r.Review), grouped(r.Orphan), grouped(r.Unverifiable)}
	if r.Rate == nil {
		return append(cells, "-", "-")
	}
	return append(cells, rateText(*r.Rate), intervalFrame.Format(p.lang, rateText(*r.RateLow), rateText(*r.RateHigh)))
}

// addFunnel checks the organizations; each dataset is a chart of its own.
func (p *page) addFunnel() error {
	orgs, err := p.table(ByOrganization)
	if err != nil {
		return err
	}
	f := orgs.Funnel
	for _, d := range p.byData.Rows {
		if c := funnelChart(f, d.Key, p); c != nil {
			p.Funnels = append(p.Funnels, c)
		}
	}
	p.FunnelEnd = f.note(p.lang)
	t := &p.Beyond
	t.Caption = strings.Trim(funnelTitle.In(p.lang), "【】")
	t.column(labelHeadings[ByOrganization].In(p.lang), false)
	t.column(labelHeadings[ByDataset].In(p.lang), false)
	for _, h := range []words.Text{headingLinks, headingMislinked, headingExpected, headingRate, headingAdjusted} {
		t.column(h.In(p.lang), true)
	}
	for i := range f.Beyond {
		if i == beyondShown {
			p.FunnelEnd = notShownLine.Format(p.lang, grouped(int64(len(f.Beyond)-i))) + " " + p.FunnelEnd
			break
		}
		x := &f.Beyond[i]
		t.add("", x.Key, words.Dataset(x.Dataset).In(p.lang), grouped(x.Links), grouped(x.Mislinked),
			rateText(x.Expected), rateText(x.rate()), probabilityText(x.PAdjusted))
	}
	if len(f.Beyond) == 0 {
		p.FunnelEnd = funnelNobody.Format(p.lang, grouped(int64(f.Tested))) + " " + p.FunnelEnd
	}
	return nil
}

// beyondShown is how many organizations a page lists.
const beyondShown = 50

func (p *page) addReference() error {
	list := p.byData.Reference
	if len(list) == 0 {
		return nil
	}
	t := &p.Reference
	t.Caption = strings.Trim(referenceTitle.In(p.lang), "【】")
	t.column(labelHeadings[ByDataset].In(p.lang), false)
	for _, h := range []words.Text{headingChecked, headingMislinked, headingPublished, headingThisRun, headingInterval} {
		t.column(h.In(p.lang), true)
	}
	for i := range list {
		c := &list[i]
		interval := "-"
		if c.Rate != nil {
			interval = intervalFrame.Format(p.lang, rateText(*c.RateLow), rateText(*c.RateHigh))
		}
		t.add("", c.label(p.lang), grouped(c.Checked), grouped(c.Wrong), rateText(c.PublishedRate), optionalRate(c.Rate), interval)
		p.Sources = append(p.Sources, sourceLine.Format(p.lang, c.label(p.lang), c.Scope.In(p.lang), c.Source.In(p.lang)))
	}
	p.Sources = append(p.Sources, referenceNote.In(p.lang))
	p.Compared = referenceChart(list, p)
	return nil
}

func (p *page) addMeanings() {
	t := &p.Verdicts
	t.Caption, t.Class = p.text("verdict meanings"), "prose"
	t.column(headingJudge.In(p.lang), false)
	t.column(p.text("meaning"), false)
	for _, v := range verdictOrder {
		t.add("", words.Verdict(v).In(p.lang), words.VerdictMeaning(v).In(p.lang))
	}
	t = &p.CauseList
	t.Caption, t.Class = p.text("cause meanings"), "prose"
	t.column(headingCause.In(p.lang), false)
	t.column(p.text("meaning"), false)
	for c := linkage.NoCause + 1; c < linkage.Causes; c++ {
		t.add("", words.Cause(c).In(p.lang), words.CauseMeaning(c).In(p.lang))
	}
}
