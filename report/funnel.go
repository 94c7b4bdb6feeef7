package report

import (
	"math"
	"sort"
)

// Funnel lists the organizations of a table whose rate of mislinked links is
// higher than chance explains. Each organization is tested against the rate of
// all links of its dataset in the run, also where the table shows only one
// prefecture, so that a place is not measured by its own mistakes.
type Funnel struct {
	Test       string        `json:"test"`
	Correction string        `json:"correction"`
	Level      float64       `json:"false_discovery_rate"`
	Tested     int           `json:"tested"`
	Beyond     []FunnelPoint `json:"beyond_chance"`
	Withheld   int           `json:"withheld,omitempty"` // beyond chance too, but with counts that are not published

	points   []FunnelPoint     // everything that was tested, in the order of the table
	at       map[[2]string]int // dataset and key → point
	expected map[string]float64
}

// FunnelPoint is one organization, or one prefecture, in the check.
type FunnelPoint struct {
	Key       string  `json:"key"`
	Dataset   string  `json:"dataset,omitempty"`
	Links     int64   `json:"links"`
	Mislinked int64   `json:"mislinked"`
	Expected  float64 `json:"expected"`   // mislinked links at the rate of its dataset
	PValue    float64 `json:"p_value"`    // of as many or more by chance
	PAdjusted float64 `json:"p_adjusted"` // after the correction

	beyond bool
}

const (
	funnelLevel      = 0.05
	funnelLeast      = 2 // one wrong link is no pattern and points at one person
	funnelTest       = "exact binomial, one-sided"
	funnelCorrection = "Benjamini-Hochberg"
)

// funnelRow is what the check needs of one row of a table: how many of its
// links are of which rate.
type funnelRow struct {
	key, dataset string
	links        int64
	mislinked    int64
	rate         float64 // expected share of mislinked links
}

// newFunnel tests every row and corrects for their number.
func newFunnel(rows []funnelRow) *Funnel {
	f := &Funnel{Test: funnelTest, Correction: funnelCorrection, Level: funnelLevel, Beyond: []FunnelPoint{}, at: map[[2]string]int{}}
	for _, r := range rows {
		if r.key == "" || r.links == 0 {
			continue // links that name no organization are nobody's record
		}
		f.at[[2]string{r.dataset, r.key}] = len(f.points)
		f.points = append(f.points, FunnelPoint{
			Key: r.key, Dataset: r.dataset, Links: r.links, Mislinked: r.mislinked,
			Expected: float64(r.links) * r.rate, PValue: binomialTail(r.mislinked, r.links, r.rate),
		})
	}
	f.Tested = len(f.points)
	adjustBenjaminiHochberg(f.points)
	for i := range f.points {
		if p := &f.points[i]; p.PAdjusted <= f.Level && p.Mislinked >= funnelLeast {
			p.beyond = true
			f.Beyond = append(f.Beyond, *p)
		}
	}
	sort.SliceStable(f.Beyond, func(i, j int) bool { return f.Beyond[i].PValue < f.Beyond[j].PValue })
	return f
}

// funnel checks the rows of a table by organization.
func (a *Audit) funnel(t *Table) (*Funnel, error) {
	rates, err := a.datasetRates(t.Run)
	if err != nil {
		return nil, err
	}
	rows := make([]funnelRow, len(t.Rows))
	for i, r := range t.Rows {
		rows[i] = funnelRow{r.Key, r.Dataset, r.Links, r.Mislinked, rates[r.Dataset]}
	}
	f := newFunnel(rows)
	f.expected = rates
	return f, nil
}

// datasetRates is the share of mislinked links of each dataset in a run.
func (a *Audit) datasetRates(run RunInfo) (map[string]float64, error) {
	rows, err := a.datasetRows(&Table{By: ByDataset, Run: run})
	rates := make(map[string]float64, len(rows))
	for _, r := range rows {
		if r.Links > 0 {
			rates[r.Key] = float64(r.Mislinked) / float64(r.Links)
		}
	}
	return rates, err
}

// adjustBenjaminiHochberg fills the adjusted p-values: among rows at or under
// a level q, at most a share q is expected to be chance (Benjamini and
// Hochberg 1995).
func adjustBenjaminiHochberg(points []FunnelPoint) {
	order := make([]int, len(points))
	for i := range order {
		order[i] = i
	}
	sort.SliceStable(order, func(i, j int) bool { return points[order[i]].PValue < points[order[j]].PValue })
	least := 1.0
	for rank := len(order); rank > 0; rank-- {
		p := &points[order[rank-1]]
		least = min(least, p.PValue*float64(len(order))/float64(rank))
		p.PAdjusted = least
	}
}

// binomialTail is the probability of hits or more in n trials of rate p. It
// adds the terms of the shorter side of the distribution outwards from hits,
// where they shrink, until they no longer matter.
func binomialTail(hits, n int64, p float64) float64 {
	switch {
	case hits <= 0:
		return 1
	case hits > n || p <= 0:
		return 0
	case p >= 1:
		return 1
	}
	odds := p / (1 - p)
	if float64(hits) > float64(n)*p {
		sum, term := 0.0, binomialTerm(hits, n, p)
		for k := hits; k <= n && term > sum*1e-17; k++ {
			sum += term
			term *= float64(n-k) / float64(k+1) * odds
		}
		return min(sum, 1)
	}
	sum, term := 0.0, binomialTerm(hits-1, n, p)
	for k := hits - 1; k >= 0 && term > sum*1e-17; k-- {
		sum += term
		term *= float64(k) / float64(n-k+1) / odds
	}
	return max(1-sum, 0)
}

// binomialTerm is the probability of exactly k of n.
func binomialTerm(k, n int64, p float64) float64 {
	all, _ := math.Lgamma(float64(n) + 1)
	hit, _ := math.Lgamma(float64(k) + 1)
	miss, _ := math.Lgamma(float64(n-k) + 1)
	return math.Exp(all - hit - miss + float64(k)*math.Log(p) + float64(n-k)*math.Log1p(-p))
}

// binomialQuantile is the greatest number of hits that chance reaches with a
// probability of more than alpha: the upper limit of the funnel.
func binomialQuantile(n int64, p, alpha float64) int64 {
	low, high := int64(0), n+1 // binomialTail(low) > alpha >= binomialTail(high)
	for high-low > 1 {
		if middle := low + (high-low)/2; binomialTail(middle, n, p) > alpha {
			low = middle
		} else {
			high = middle
		}
	}
	return low
}
