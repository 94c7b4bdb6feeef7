package report

import (
	"encoding/json"
	"io"

	"github.com/himozuke/himozuke/linkage"
	"github.com/himozuke/himozuke/report/words"
)

// Small counts can single out people together with what else is known of them,
// so a table that is published withholds them, and as many others as keep them
// from being reckoned from the totals.

// countColumn is a column of counts.
type countColumn uint8

const (
	columnLinks countColumn = iota
	columnVerified
	columnMislinked
	columnReview
	columnOrphan
	columnUnverifiable
)

// withheld is a set of columns.
type withheld uint8

func (w withheld) has(c countColumn) bool { return w&(1<<c) != 0 }

func (r *TableRow) withhold(c countColumn) { r.withheld |= 1 << c }

func (r *TableRow) count(c countColumn) int64 {
	return [...]int64{r.Links, r.Verified, r.Mislinked, r.Review, r.Orphan, r.Unverifiable}[c]
}

// verdictColumns are the columns of a verdict.
var verdictColumns = map[linkage.Verdict]countColumn{
	linkage.Verified: columnVerified, linkage.Mislinked: columnMislinked, linkage.Review: columnReview,
	linkage.Orphan: columnOrphan, linkage.Unverifiable: columnUnverifiable,
}

// suppress withholds counts from 1 to below n.
func (t *Table) suppress(n int64) {
	if n <= 1 {
		return
	}
	t.suppressed = n
	small := func(x int64) bool { return x > 0 && x < n }
	if t.By == ByVerdict {
		t.suppressVerdicts(n)
	} else {
		columns := []countColumn{columnLinks, columnMislinked, columnReview, columnOrphan, columnUnverifiable}
		for i := range t.Rows {
			r := &t.Rows[i]
			for _, c := range columns {
				if small(r.count(c)) || small(r.Links) && r.count(c) > 0 {
					r.withhold(c)
				}
			}
		}
		for _, c := range columns {
			if small(t.Total.count(c)) {
				t.Total.withhold(c)
			}
			t.protect(c, n)
		}
		// The verified links would tell the rest of their row.
		for i := range t.Rows {
			if t.Rows[i].withheld != 0 {
				t.Rows[i].withhold(columnVerified)
			}
		}
		if t.Total.withheld != 0 {
			t.Total.withhold(columnVerified)
		}
	}
	for i := range t.Rows {
		t.Rows[i].withholdRate(t.rateColumn(&t.Rows[i]))
	}
	t.Total.withholdRate(columnMislinked)
	if t.Funnel != nil {
		t.Funnel.suppress(n)
	}
	for i := range t.Reference {
		if row := t.row(t.Reference[i].Dataset); row != nil && row.Rate == nil || t.Reference[i].Dataset == "" && t.Total.Rate == nil {
			c := &t.Reference[i]
			c.Rate, c.RateLow, c.RateHigh = nil, nil, nil
		}
	}
}

// protect withholds more of a column until what is withheld cannot be reckoned
// from the total: at least two counts, n together. Where there are not enough
// the total goes.
func (t *Table) protect(c countColumn, n int64) {
	for !t.Total.withheld.has(c) {
		hidden, sum := 0, int64(0)
		var next *TableRow
		for i := range t.Rows {
			r := &t.Rows[i]
			switch x := r.count(c); {
			case x == 0:
			case r.withheld.has(c):
				hidden++
				sum += x
			case next == nil || x < next.count(c):
				next = r
			}
		}
		switch {
		case hidden == 0 || hidden > 1 && sum >= n:
			return
		case next == nil:
			t.Total.withhold(c)
		default:
			next.withhold(c)
		}
	}
}

// suppressVerdicts is for a table whose rows together are all links.
func (t *Table) suppressVerdicts(n int64) {
	own := func(r *TableRow) (countColumn, int64) {
		c := t.rateColumn(r)
		return c, r.count(c)
	}
	hidden, sum := 0, int64(0)
	for {
		var next *TableRow
		for i := range t.Rows {
			r := &t.Rows[i]
			c, x := own(r)
			if x > 0 && !r.withheld.has(c) && (next == nil || x < next.count(t.rateColumn(next))) {
				next = r
			}
		}
		if next == nil {
			return
		}
		c, x := own(next)
		if enough := hidden == 0 || hidden > 1 && sum >= n; x >= n && enough {
			return
		}
		next.withhold(c)
		hidden++
		sum += x
	}
}

// rateColumn is what the rate of a row is the rate of.
func (t *Table) rateColumn(r *TableRow) countColumn {
	if t.By == ByVerdict {
		if v, ok := words.VerdictNamed(r.Key); ok {
			return verdictColumns[v]
		}
	}
	return columnMislinked
}

func (r *TableRow) withholdRate(of countColumn) {
	if r.withheld.has(of) || r.withheld.has(columnLinks) {
		r.Rate, r.RateLow, r.RateHigh = nil, nil, nil
	}
}

// suppress leaves out the organizations that a small count convicts.
func (f *Funnel) suppress(n int64) {
	kept := f.Beyond[:0]
	for _, p := range f.Beyond {
		if p.Mislinked >= n && p.Links >= n {
			kept = append(kept, p)
		}
	}
	f.Withheld = len(f.Beyond) - len(kept)
	f.Beyond = kept
}

// countText is a count for people, X where it is withheld.
func (r *TableRow) countText(c countColumn) string {
	if r.withheld.has(c) {
		return withheldMark
	}
	return grouped(r.count(c))
}

const withheldMark = "X"

var suppressedNote = words.Text{
	EN: "X: withheld, fewer than %s or needed to reckon such a count. Tables of the same run that are published side by side can be subtracted from each other: publish one grouping.",
	JA: "Xは秘匿した件数（%s件未満の件数及びこれを推計できる件数）。同じ点検の複数の集計表を併せて公表すると、差引きにより秘匿した件数が判明するおそれがあるため、公表する区分は一つとすること。",
}

// publishedRow is a row of JSON in which a count may be withheld.
type publishedRow struct {
	Key          string   `json:"key"`
	Dataset      string   `json:"dataset,omitempty"`
	Links        *int64   `json:"links"`
	Verified     *int64   `json:"verified"`
	Mislinked    *int64   `json:"mislinked"`
	Review       *int64   `json:"review"`
	Orphan       *int64   `json:"orphan"`
	Unverifiable *int64   `json:"unverifiable"`
	Rate         *float64 `json:"rate_per_100000"`
	RateLow      *float64 `json:"rate_low"`
	RateHigh     *float64 `json:"rate_high"`
}

func (r *TableRow) published() publishedRow {
	p := publishedRow{Key: r.Key, Dataset: r.Dataset, Rate: r.Rate, RateLow: r.RateLow, RateHigh: r.RateHigh}
	for c, into := range [...]**int64{&p.Links, &p.Verified, &p.Mislinked, &p.Review, &p.Orphan, &p.Unverifiable} {
		if !r.withheld.has(countColumn(c)) {
			n := r.count(countColumn(c))
			*into = &n
		}
	}
	return p
}

// writePublished is WriteJSON of a table with withheld counts, which are null.
func (t *Table) writePublished(w io.Writer) error {
	out := struct {
		Table
		Suppressed int64          `json:"suppressed_below"`
		Rows       []publishedRow `json:"rows"`
		Total      publishedRow   `json:"total"`
	}{Table: *t, Suppressed: t.suppressed, Total: t.Total.published(), Rows: []publishedRow{}}
	for i := range t.Rows {
		out.Rows = append(out.Rows, t.Rows[i].published())
	}
	encoder := json.NewEncoder(w)
	encoder.SetIndent("", "  ")
	encoder.SetEscapeHTML(false)
	return encoder.Encode(out)
}
