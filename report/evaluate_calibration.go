package report

import (
	"sort"
	"strings"

	"github.com/himozuke/himozuke/linkage"
)

// FDRAt is what a list cut at one expected share of false alarms would have
// been, had it not ended where mislinked does.
type FDRAt struct {
	MaxFDR   float64 `json:"max_fdr"`
	Listed   int64   `json:"listed"`
	Stated   float64 `json:"stated"`
	Observed Share   `json:"observed"`
}

var fdrCuts = [...]float64{0.005, 0.01, 0.02, 0.05, 0.1, 0.2}

// fdrAt cuts the findings, the likeliest to be wrong first, where the expected
// share of right links passes each cut.
func (e *evaluator) fdrAt() []FDRAt {
	var list []ranked
	for i := range e.findings {
		if f := &e.findings[i]; f.known && (f.verdict == linkage.Mislinked || f.verdict == linkage.Review) {
			list = append(list, ranked{f.pWrong, f.label == "mislinked"})
		}
	}
	sort.SliceStable(list, func(i, j int) bool { return list[i].pWrong > list[j].pWrong })
	cuts := []FDRAt{}
	expected, right, n := 0.0, int64(0), 0
	for _, most := range fdrCuts {
		for ; n < len(list) && expected+1-list[n].pWrong <= most*float64(n+1); n++ {
			expected += 1 - list[n].pWrong
			if !list[n].wrong {
				right++
			}
		}
		if n > 0 {
			cuts = append(cuts, FDRAt{most, int64(n), expected / float64(n), share(right, int64(n))})
		}
	}
	return cuts
}

// Innocent is what became of right links that differ from their holder in one
// way; the empty name stands for all that differ in any.
type Innocent struct {
	Difference string `json:"difference"`
	Links      int64  `json:"links"`
	Mislinked  Share  `json:"mislinked"`
	Review     Share  `json:"review"`
}

type innocentCounts struct{ links, mislinked, review int64 }

// countInnocent counts a right link under each of its differences.
func (e *evaluator) countInnocent(differences string, verdict linkage.Verdict) {
	if differences == "" {
		return
	}
	e.addInnocent("", verdict)
	for more := true; more; {
		var name string
		name, differences, more = strings.Cut(differences, "+")
		e.addInnocent(name, verdict)
	}
}

func (e *evaluator) addInnocent(name string, verdict linkage.Verdict) {
	c := e.innocent[name]
	if c == nil {
		c = &innocentCounts{}
		e.innocent[strings.Clone(name)] = c
	}
	c.links++
	switch verdict {
	case linkage.Mislinked:
		c.mislinked++
	case linkage.Review:
		c.review++
	}
}

func (e *evaluator) innocents() []Innocent {
	list := []Innocent{}
	for name, c := range e.innocent {
		list = append(list, Innocent{name, c.links, share(c.mislinked, c.links), share(c.review, c.links)})
	}
	sort.Slice(list, func(i, j int) bool { return list[i].Difference < list[j].Difference })
	return list
}
