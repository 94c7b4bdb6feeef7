package report

import (
	"database/sql"
	"encoding/json"
	"fmt"
	"io"

	"github.com/himozuke/himozuke/report/words"
)

// Trend is how the counts went over the runs of a database, up to the run that
// the report is about.
type Trend struct {
	Prefecture string     `json:"prefecture,omitempty"`
	Dataset    string     `json:"dataset,omitempty"`
	Runs       []TrendRow `json:"runs"` // oldest first

	limit int
}

// TrendRow is one run. The events of cases are known for all links only: null
// where the trend is of one prefecture or dataset.
type TrendRow struct {
	Run     string `json:"run"`
	Started string `json:"started_at"`
	TableRow
	New      *int64 `json:"new_cases"`
	Reopened *int64 `json:"reopened_cases"`
	Resolved *int64 `json:"resolved_cases"`
}

// Trend reads the runs that judged links of the selection.
func (a *Audit) Trend(o TableOptions) (*Trend, error) {
	run, err := a.LatestRun()
	if err != nil {
		return nil, err
	}
	t := &Trend{Prefecture: o.Prefecture, Dataset: o.Dataset, Runs: []TrendRow{}, limit: o.Limit}
	at := map[int64]int{}
	err = a.query(func(rows *sql.Rows) error {
		var r TrendRow
		var id int64
		err := rows.Scan(&id, &r.Run, &r.Started, &r.Links, &r.Verified, &r.Mislinked, &r.Review, &r.Orphan, &r.Unverifiable)
		r.Key = r.Run
		r.rate(r.Mislinked)
		at[id] = len(t.Runs)
		t.Runs = append(t.Runs, r)
		return err
	}, `SELECT run_id, run_key, started_at, sum(links), sum(verified), sum(mislinked), sum(review), sum(orphan), sum(unverifiable)
		FROM groups JOIN runs USING (run_id)
		WHERE dimension = 'municipality' AND finished_at IS NOT NULL AND run_id <= ?1
			AND (?2 = '' OR prefecture = ?2) AND (?3 = '' OR dataset = ?3)
		GROUP BY run_id ORDER BY run_id`, run.rowID, o.Prefecture, o.Dataset)
	if err != nil || o.Prefecture != "" || o.Dataset != "" {
		return t, err
	}
	for i := range t.Runs {
		r := &t.Runs[i]
		r.New, r.Reopened, r.Resolved = new(int64), new(int64), new(int64)
	}
	return t, a.query(func(rows *sql.Rows) error {
		var id, n int64
		var event string
		if err := rows.Scan(&id, &event, &n); err != nil {
			return err
		}
		if i, ok := at[id]; ok {
			t.Runs[i].count(event, n)
		}
		return nil
	}, "SELECT run_id, event, count(*) FROM case_events WHERE run_id <= ? GROUP BY run_id, event", run.rowID)
}

func (r *TrendRow) count(event string, n int64) {
	switch event {
	case "new":
		*r.New = n
	case "reopened":
		*r.Reopened = n
	case "resolved":
		*r.Resolved = n
	}
}

var (
	trendTitle      = words.Text{EN: "Trend over the runs", JA: "点検ごとの推移"}
	headingRun      = words.Text{EN: "Run", JA: "点検実施日時"}
	headingNew      = words.Text{EN: "New\ncases", JA: "新規\n案件"}
	headingReopened = words.Text{EN: "Reopened\ncases", JA: "再検出\n案件"}
	headingResolved = words.Text{EN: "Resolved\ncases", JA: "解消\n案件"}
	allLinks        = words.Text{EN: "All links", JA: "点検対象の全件"}
	earlierRuns     = words.Text{EN: "Earlier runs not shown: %s; --limit 0 lists all.", JA: "ほかに以前の点検%s回。全ては --limit 0 で表示できる。"}
)

// shown leaves out the oldest runs where there are more than the limit.
func (t *Trend) shown() []TrendRow {
	if t.limit > 0 && len(t.Runs) > t.limit {
		return t.Runs[len(t.Runs)-t.limit:]
	}
	return t.Runs
}

// cells are the columns of a run after its time, without the rate's interval
// where cases are counted.
func (r *TrendRow) cells() []string {
	cells := []string{grouped(r.Links), grouped(r.Mislinked), grouped(r.Review), optionalRate(r.Rate)}
	if r.New != nil {
		cells = append(cells, grouped(*r.New), grouped(*r.Reopened), grouped(*r.Resolved))
	}
	return cells
}

func (t *Trend) headings() []words.Text {
	list := []words.Text{headingLinks, headingMislinked, headingReview, headingRate}
	if t.Prefecture == "" && t.Dataset == "" {
		list = append(list, headingNew, headingReopened, headingResolved)
	}
	return list
}

// minute writes when a run began, short enough for a table.
func minute(rfc3339 string) string {
	return clock(rfc3339)[:min(len("2006-01-02 15:04"), len(clock(rfc3339)))]
}

// WriteTerminal draws the runs within 80 columns, newest last.
func (t *Trend) WriteTerminal(w io.Writer, l words.Lang) error {
	if _, err := fmt.Fprintf(w, "%s\n%s\n\n", trendTitle.In(l), t.scope(l)); err != nil {
		return err
	}
	layout := table{columns: []column{{heading: headingRun.In(l)}}}
	for _, h := range t.headings() {
		layout.columns = append(layout.columns, column{heading: h.In(l), align: right})
	}
	shown := t.shown()
	for i := range shown {
		layout.add(append([]string{minute(shown[i].Started)}, shown[i].cells()...)...)
	}
	if err := layout.write(w); err != nil {
		return err
	}
	if hidden := len(t.Runs) - len(shown); hidden > 0 {
		return writeWrapped(w, earlierRuns.Format(l, grouped(int64(hidden))))
	}
	return nil
}

func (t *Trend) scope(l words.Lang) string {
	s := allLinks.In(l)
	if t.Prefecture != "" {
		s += onlyPlace.Format(l, words.Prefecture(t.Prefecture).In(l))
	}
	if t.Dataset != "" {
		s += onlyPlace.Format(l, words.Dataset(t.Dataset).In(l))
	}
	return s
}

// WriteCSV writes the runs for programs and spreadsheets.
func (t *Trend) WriteCSV(w io.Writer, _ words.Lang) error {
	c := newCSVWriter(w)
	c.header([]string{"run", "started_at", "links", "verified", "mislinked", "review", "orphan", "unverifiable",
		"rate_per_100000", "rate_low", "rate_high", "new_cases", "reopened_cases", "resolved_cases"})
	for i := range t.Runs {
		r := &t.Runs[i]
		c.text(r.Run)
		c.text(r.Started)
		for _, n := range [...]int64{r.Links, r.Verified, r.Mislinked, r.Review, r.Orphan, r.Unverifiable} {
			c.integer(n)
		}
		for _, rate := range [...]*float64{r.Rate, r.RateLow, r.RateHigh} {
			if rate == nil {
				c.empty()
			} else {
				c.decimal(*rate, 4)
			}
		}
		for _, n := range [...]*int64{r.New, r.Reopened, r.Resolved} {
			if n == nil {
				c.empty()
			} else {
				c.integer(*n)
			}
		}
		c.endRow()
	}
	return c.flush()
}

// WriteJSON writes the runs as one JSON object.
func (t *Trend) WriteJSON(w io.Writer) error {
	encoder := json.NewEncoder(w)
	encoder.SetIndent("", "  ")
	return encoder.Encode(t)
}
