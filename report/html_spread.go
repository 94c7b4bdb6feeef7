package report

import (
	"database/sql"
	"fmt"
	"strings"

	"github.com/himozuke/himozuke/linkage"
	"github.com/himozuke/himozuke/report/words"
)

// probabilityEdges cut the probabilities finely near 0 and 1, where decisions
// are made.
var probabilityEdges = []float64{0, 0.01, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99, 0.999, 0.9999, 1}

// weightBin is the width of a bar of weights, in bits.
const weightBin = 5

// spread is how the findings lie by probability and by weight.
type spread struct {
	probabilities map[string][]int64       // verdict → count by edge
	weights       map[string]map[int]int64 // verdict → count by bin
	mislinked     int64
	falseAlarms   float64 // expected among the mislinked
	least         float64 // probability of a mislinked link
}

// addSpread draws the findings by probability and weight. Verified links are
// only counted in the database, so they are not in it.
func (p *page) addSpread() error {
	s, err := p.readSpread()
	if err != nil {
		return err
	}
	floor, least, err := p.thresholds()
	if err != nil {
		return err
	}
	p.Ps = probabilityChart(s, floor, least, p)
	p.Weights = weightChart(s, p)
	if s.mislinked > 0 {
		p.Expected = expectedLine.Format(p.lang, grouped(s.mislinked), fmt.Sprintf("%.1f", s.falseAlarms),
			percent(s.falseAlarms/float64(s.mislinked)), percent(s.least))
	}
	t := &p.Spread
	t.Caption = p.text("spread")
	t.Long = true
	t.column(p.text("probability"), false)
	t.column(words.Verdict(linkage.Mislinked).In(p.lang), true)
	t.column(words.Verdict(linkage.Review).In(p.lang), true)
	for i := range len(probabilityEdges) - 1 {
		m, r := s.at(linkage.Mislinked, i), s.at(linkage.Review, i)
		if m+r > 0 {
			t.add("", edgeText(i, p.lang), grouped(m), grouped(r))
		}
	}
	return nil
}

// thresholds are what divides the verdicts of the whole run: the floor of
// review, and the least probability of a mislinked link, 0 without any.
func (p *page) thresholds() (floor, least float64, err error) {
	err = p.audit.db.QueryRow(`SELECT review_floor, ifnull((
			SELECT p_wrong FROM findings WHERE run_id = ?1 AND verdict = 'mislinked' ORDER BY p_wrong LIMIT 1), 0)
		FROM runs WHERE run_id = ?1`, p.run.rowID).Scan(&floor, &least)
	return floor, least, databaseProblem(p.audit.path, err)
}

func (s *spread) at(v linkage.Verdict, bin int) int64 {
	if list := s.probabilities[v.String()]; list != nil {
		return list[bin]
	}
	return 0
}

func edgeText(i int, l words.Lang) string {
	return intervalFrame.Format(l, edgeLabel(probabilityEdges[i]), edgeLabel(probabilityEdges[i+1]))
}

func edgeLabel(x float64) string {
	return strings.TrimSuffix(strings.TrimRight(fmt.Sprintf("%.2f", 100*x), "0"), ".") + "%"
}

// spreadQuery counts findings by verdict, probability and weight. It names its
// index, without which a million findings would be read for one prefecture.
func spreadQuery(prefecture string) string {
	var bin strings.Builder
	for i := 1; i < len(probabilityEdges)-1; i++ {
		fmt.Fprintf(&bin, "(p_wrong >= %g) + ", probabilityEdges[i])
	}
	prefectures := "= ?2"
	if prefecture == "" {
		prefectures = ">= ?2"
	}
	return fmt.Sprintf(`SELECT verdict, %s0, CAST(weight / %d + 10000 AS INTEGER) - 10000, count(*), sum(1 - p_wrong), min(p_wrong)
		FROM findings INDEXED BY findings_by_scope
		WHERE run_id = ?1 AND prefecture %s AND +verdict IN ('mislinked', 'review') AND (?3 = '' OR dataset = ?3)
		GROUP BY 1, 2, 3 ORDER BY 1, 2, 3`, bin.String(), weightBin, prefectures)
}

func (p *page) readSpread() (*spread, error) {
	s := &spread{probabilities: map[string][]int64{}, weights: map[string]map[int]int64{}, least: 1}
	err := p.audit.query(func(rows *sql.Rows) error {
		var verdict string
		var edge, weight int
		var n int64
		var alarms, least float64
		if err := rows.Scan(&verdict, &edge, &weight, &n, &alarms, &least); err != nil {
			return err
		}
		if s.weights[verdict] == nil {
			s.probabilities[verdict] = make([]int64, len(probabilityEdges)-1)
			s.weights[verdict] = map[int]int64{}
		}
		s.probabilities[verdict][edge] += n
		s.weights[verdict][weight] += n
		if verdict == linkage.Mislinked.String() {
			s.mislinked += n
			s.falseAlarms += alarms
			s.least = min(s.least, least)
		}
		return nil
	}, spreadQuery(p.options.Prefecture), p.run.rowID, p.options.Prefecture, p.options.Dataset)
	return s, err
}
