package report

import (
	"context"
	"database/sql"
	"errors"
	"sort"
	"strings"

	"github.com/himozuke/himozuke/linkage"
	"github.com/himozuke/himozuke/report/words"
)

// Dimension is what a report groups by.
type Dimension string

// The dimensions.
const (
	ByPrefecture   Dimension = "prefecture"
	ByMunicipality Dimension = "municipality"
	ByOrganization Dimension = "organization"
	ByDataset      Dimension = "dataset"
	ByCause        Dimension = "cause"
	ByVerdict      Dimension = "verdict"
	ByMonth        Dimension = "month"
)

// Dimensions lists them in the order that help texts do.
var Dimensions = []Dimension{ByPrefecture, ByMunicipality, ByOrganization, ByDataset, ByCause, ByVerdict, ByMonth}

// ParseDimension reads the value of --by.
func ParseDimension(s string) (Dimension, bool) {
	for _, d := range Dimensions {
		if string(d) == s {
			return d, true
		}
	}
	return "", false
}

// TableOptions choose a table.
type TableOptions struct {
	By         Dimension
	Prefecture string // two digits: only its links
	Dataset    string // only this dataset
	Limit      int    // rows of a terminal table; 0 is all
	Suppress   int    // withhold counts below this, for a table that is published; 0: none
}

// Table is a report: one row per group and a total. Rates are of mislinked
// links, or of the row's verdict in a table by verdict.
type Table struct {
	By         Dimension  `json:"by"`
	Run        RunInfo    `json:"run"`
	Prefecture string     `json:"prefecture,omitempty"`
	Dataset    string     `json:"dataset,omitempty"`
	Rows       []TableRow `json:"rows"`
	Total      TableRow   `json:"total"`

	Funnel    *Funnel      `json:"funnel,omitempty"`         // in tables by organization
	Reference []Comparison `json:"reference_2023,omitempty"` // in tables by dataset

	limit      int
	suppressed int64 // counts below it are withheld
}

// TableRow counts the links of one group. In a table by cause or verdict the
// links are those of the whole selection.
type TableRow struct {
	Key          string   `json:"key"`
	Dataset      string   `json:"dataset,omitempty"` // in tables by organization
	Links        int64    `json:"links"`
	Verified     int64    `json:"verified"`
	Mislinked    int64    `json:"mislinked"`
	Review       int64    `json:"review"`
	Orphan       int64    `json:"orphan"`
	Unverifiable int64    `json:"unverifiable"`
	Rate         *float64 `json:"rate_per_100000"` // null without links
	RateLow      *float64 `json:"rate_low"`        // 95% interval by Wilson
	RateHigh     *float64 `json:"rate_high"`

	withheld withheld
}

// RunInfo tells which run a report is about.
type RunInfo struct {
	ID       string   `json:"id"`
	Version  string   `json:"version"`
	Started  string   `json:"started_at"`
	Finished string   `json:"finished_at"`
	Datasets []string `json:"datasets"`

	rowID     int64
	revealed  bool
	ambiguous bool // links that fit two residents alike go to review
}

// LatestRun is the last finished run, or the one of the folder that the audit
// was opened by.
func (a *Audit) LatestRun() (RunInfo, error) {
	var run RunInfo
	var numbers string
	err := a.db.QueryRow(`
		SELECT run_id, run_key, version, started_at, finished_at, numbers, ifnull(config_json ->> 'ReviewAmbiguous', 0) FROM runs
		WHERE finished_at IS NOT NULL AND purged_at IS NULL AND (?1 = '' OR run_key = ?1) ORDER BY run_id DESC LIMIT 1`, a.run).
		Scan(&run.rowID, &run.ID, &run.Version, &run.Started, &run.Finished, &numbers, &run.ambiguous)
	if errors.Is(err, sql.ErrNoRows) {
		return run, &Problem{Kind: ProblemNoRun, Path: a.path}
	}
	if err != nil {
		return run, databaseProblem(a.path, err)
	}
	run.revealed = numbers == "revealed"
	err = a.query(func(rows *sql.Rows) error {
		var dataset string
		err := rows.Scan(&dataset)
		run.Datasets = append(run.Datasets, dataset)
		return err
	}, "SELECT dataset FROM inputs WHERE run_id = ? AND position > 0 ORDER BY position", run.rowID)
	return run, err
}

// query calls a function for each row.
func (a *Audit) query(each func(*sql.Rows) error, query string, args ...any) error {
	rows, err := a.db.QueryContext(context.Background(), query, args...)
	if err != nil {
		return databaseProblem(a.path, err)
	}
	defer rows.Close()
	for rows.Next() {
		if err := each(rows); err != nil {
			return databaseProblem(a.path, err)
		}
	}
	return databaseProblem(a.path, rows.Err())
}

// Table makes a report of the latest run.
func (a *Audit) Table(o TableOptions) (*Table, error) {
	run, err := a.LatestRun()
	if err != nil {
		return nil, err
	}
	t := &Table{By: o.By, Run: run, Prefecture: o.Prefecture, Dataset: o.Dataset, Rows: []TableRow{}, limit: o.Limit}
	switch o.By {
	case ByDataset, ByVerdict, ByCause:
		err = a.tableByJudgement(t)
	default:
		err = a.tableByGroup(t)
	}
	if err != nil {
		return nil, err
	}
	t.sort()
	t.rates()
	switch o.By {
	case ByOrganization:
		t.Funnel, err = a.funnel(t)
	case ByDataset:
		t.Reference = compareWith2023(t)
	}
	if err == nil {
		t.suppress(int64(o.Suppress))
	}
	return t, err
}

// groupKeys say how the groups of the database make the rows of a table.
var groupKeys = map[Dimension]struct{ dimension, dataset, key string }{
	ByPrefecture:   {"municipality", "''", "prefecture"},
	ByMunicipality: {"municipality", "''", "value"},
	ByOrganization: {"organization", "dataset", "value"},
	ByMonth:        {"month", "''", "value"},
	ByDataset:      {"municipality", "''", "dataset"},
}

func (a *Audit) tableByGroup(t *Table) error {
	keys, ok := groupKeys[t.By]
	if !ok {
		return errors.New("no table by " + string(t.By))
	}
	err := a.query(func(rows *sql.Rows) error {
		var r TableRow
		err := rows.Scan(&r.Key, &r.Dataset, &r.Links, &r.Verified, &r.Mislinked, &r.Review, &r.Orphan, &r.Unverifiable)
		t.Rows = append(t.Rows, r)
		return err
	}, `SELECT `+keys.key+`, `+keys.dataset+`, sum(links), sum(verified), sum(mislinked), sum(review), sum(orphan), sum(unverifiable)
		FROM groups WHERE run_id = ?1 AND dimension = ?2 AND (?3 = '' OR prefecture = ?3) AND (?4 = '' OR dataset = ?4)
		GROUP BY 1, 2`, t.Run.rowID, keys.dimension, t.Prefecture, t.Dataset)
	for _, r := range t.Rows {
		t.Total.add(r)
	}
	return err
}

func (r *TableRow) add(s TableRow) {
	r.Links += s.Links
	r.Verified += s.Verified
	r.Mislinked += s.Mislinked
	r.Review += s.Review
	r.Orphan += s.Orphan
	r.Unverifiable += s.Unverifiable
}

// verdict is the count of one verdict.
func (r *TableRow) verdict(v linkage.Verdict) *int64 {
	switch v {
	case linkage.Verified:
		return &r.Verified
	case linkage.Mislinked:
		return &r.Mislinked
	case linkage.Review:
		return &r.Review
	case linkage.Orphan:
		return &r.Orphan
	}
	return &r.Unverifiable
}

// tableByJudgement counts over whole datasets, so that links without a place
// are in it too.
func (a *Audit) tableByJudgement(t *Table) error {
	datasets, err := a.datasetRows(t)
	if err != nil {
		return err
	}
	for _, r := range datasets {
		t.Total.add(r)
	}
	switch t.By {
	case ByDataset:
		t.Rows = datasets
	case ByVerdict:
		for _, v := range verdictOrder {
			r := TableRow{Key: v.String(), Links: t.Total.Links}
			*r.verdict(v) = *t.Total.verdict(v)
			t.Rows = append(t.Rows, r)
		}
	case ByCause:
		return a.causeRows(t)
	}
	return nil
}

// verdictOrder is the order in which people read verdicts.
var verdictOrder = []linkage.Verdict{linkage.Mislinked, linkage.Review, linkage.Orphan, linkage.Unverifiable, linkage.Verified}

func (a *Audit) datasetRows(t *Table) ([]TableRow, error) {
	if t.Prefecture != "" {
		byDataset := &Table{By: ByDataset, Run: t.Run, Prefecture: t.Prefecture, Dataset: t.Dataset}
		err := a.tableByGroup(byDataset)
		return byDataset.Rows, err
	}
	var list []TableRow
	err := a.query(func(rows *sql.Rows) error {
		var dataset, word string
		var links int64
		if err := rows.Scan(&dataset, &word, &links); err != nil {
			return err
		}
		if len(list) == 0 || list[len(list)-1].Key != dataset {
			list = append(list, TableRow{Key: dataset})
		}
		r := &list[len(list)-1]
		r.Links += links
		if v, ok := words.VerdictNamed(word); ok {
			*r.verdict(v) += links
		}
		return nil
	}, `SELECT dataset, verdict, sum(links) FROM counts WHERE run_id = ?1 AND (?2 = '' OR dataset = ?2)
		GROUP BY dataset, verdict ORDER BY dataset`, t.Run.rowID, t.Dataset)
	return list, err
}

func (a *Audit) causeRows(t *Table) error {
	byCause := map[string]*TableRow{}
	err := a.query(func(rows *sql.Rows) error {
		var cause, word string
		var n int64
		if err := rows.Scan(&cause, &word, &n); err != nil {
			return err
		}
		if byCause[cause] == nil {
			byCause[cause] = &TableRow{Key: cause, Links: t.Total.Links}
		}
		if v, ok := words.VerdictNamed(word); ok {
			*byCause[cause].verdict(v) += n
		}
		return nil
	}, `SELECT cause, verdict, sum(findings) FROM tallies
		WHERE run_id = ?1 AND (?2 = '' OR prefecture = ?2) AND (?3 = '' OR dataset = ?3) AND verdict IN ('mislinked', 'review')
		GROUP BY cause, verdict`, t.Run.rowID, t.Prefecture, t.Dataset)
	for _, r := range byCause {
		t.Rows = append(t.Rows, *r)
	}
	t.Total.Verified, t.Total.Orphan, t.Total.Unverifiable = 0, 0, 0
	return err
}

func (t *Table) sort() {
	order := map[string]int{}
	switch t.By {
	case ByDataset:
		for i, d := range t.Run.Datasets {
			order[d] = i
		}
	case ByCause:
		for c := linkage.NoCause; c < linkage.Causes; c++ {
			order[c.String()] = int(c)
		}
		order[""] = int(linkage.Causes)
	case ByVerdict:
		for i, v := range verdictOrder {
			order[v.String()] = i
		}
	}
	sort.SliceStable(t.Rows, func(i, j int) bool {
		a, b := &t.Rows[i], &t.Rows[j]
		switch t.By {
		case ByDataset, ByCause, ByVerdict:
			return order[a.Key] < order[b.Key]
		case ByOrganization: // thousands of them: those to look at come first
			if a.Mislinked != b.Mislinked {
				return a.Mislinked > b.Mislinked
			}
			if a.Review != b.Review {
				return a.Review > b.Review
			}
			if a.Dataset != b.Dataset {
				return a.Dataset < b.Dataset
			}
		}
		if (a.Key == "") != (b.Key == "") {
			return b.Key == "" // places and months that nobody knows come last
		}
		return a.Key < b.Key
	})
}

func (t *Table) rates() {
	for i := range t.Rows {
		r := &t.Rows[i]
		hits := r.Mislinked
		if t.By == ByVerdict {
			if v, ok := words.VerdictNamed(r.Key); ok {
				hits = *r.verdict(v)
			}
		}
		r.rate(hits)
	}
	t.Total.rate(t.Total.Mislinked)
}

func (r *TableRow) rate(hits int64) {
	if r.Links == 0 {
		return
	}
	const per = 100_000
	ci := wilson(hits, r.Links)
	rate, low, high := per*float64(hits)/float64(r.Links), per*ci.low, per*ci.high
	r.Rate, r.RateLow, r.RateHigh = &rate, &low, &high
}

// label is the row's name for people.
func (t *Table) label(r *TableRow, l words.Lang) string {
	switch t.By {
	case ByPrefecture:
		return strings.TrimSpace(r.Key + " " + words.Prefecture(r.Key).In(l))
	case ByDataset:
		return words.Dataset(r.Key).In(l)
	case ByCause:
		if c, ok := words.CauseNamed(r.Key); ok {
			if c == linkage.NoCause {
				return noCauseNamed.In(l)
			}
			return words.Cause(c).In(l)
		}
	case ByVerdict:
		if v, ok := words.VerdictNamed(r.Key); ok {
			return words.Verdict(v).In(l)
		}
	case ByMunicipality:
		if len(r.Key) >= 2 {
			if name := municipalityName(r.Key); name != "" {
				return r.Key + " " + name // the first digits say the prefecture
			}
			return r.Key + " " + words.Prefecture(r.Key[:2]).In(l)
		}
	}
	if r.Key == "" {
		return notKnown.In(l)
	}
	return printable(r.Key)
}

// showsDataset tells whether rows need their dataset to be told apart: codes of
// banks and of insurers are independent of each other.
func (t *Table) showsDataset() bool {
	return t.By == ByOrganization && t.Dataset == "" && len(t.Run.Datasets) > 1
}

func (t *Table) labels(r *TableRow, l words.Lang) []string {
	labels := []string{t.label(r, l)}
	if t.showsDataset() {
		labels = append(labels, words.Dataset(r.Dataset).In(l))
	}
	return labels
}

var (
	notKnown     = words.Text{EN: "not known", JA: "不明"}
	noCauseNamed = words.Text{EN: "cause not known", JA: "原因不明"}
)
