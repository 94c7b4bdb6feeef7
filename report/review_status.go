package report

import (
	"database/sql"
	"sort"

	"github.com/himozuke/himozuke/linkage"
	"github.com/himozuke/himozuke/report/words"
)

// ReviewStatus says how far a review is and what it says of the audit so far.
type ReviewStatus struct {
	Run           RunInfo           `json:"run"`
	Prefecture    string            `json:"prefecture,omitempty"`
	Dataset       string            `json:"dataset,omitempty"`
	Total         ReviewProgress    `json:"total"`
	ByDataset     []ReviewProgress  `json:"by_dataset"`
	ByPrefecture  []ReviewProgress  `json:"by_prefecture"`
	Reviewers     []ReviewerCount   `json:"reviewers"`
	Agreement     ReviewAgreement   `json:"agreement"` // of first and second review
	ByPair        []ReviewAgreement `json:"agreement_by_pair"`
	Disagreements []ReviewDispute   `json:"disagreements"`
	Precision     []ReviewPrecision `json:"precision"`
	PrecisionAll  []ReviewPrecision `json:"precision_by_verdict"`
	decisions     map[reviewedData][]standingDecision
	order         []reviewedData
	judged        map[reviewedData]judgement
	outcomes      map[reviewedData]reviewOutcome
}

// ReviewProgress counts the cases of the run in one group.
type ReviewProgress struct {
	Key      string `json:"key"`
	Cases    int64  `json:"cases"`
	Decided  int64  `json:"decided"`
	Disputed int64  `json:"disputed"` // reviewers contradict each other
	Unsure   int64  `json:"unsure"`   // reviewed, but nobody could decide
	Open     int64  `json:"open"`
}

// ReviewerCount counts the standing decisions of a reviewer.
type ReviewerCount struct {
	Reviewer  string `json:"reviewer"`
	Decisions int64  `json:"decisions"`
	Mislinked int64  `json:"mislinked"`
	Correct   int64  `json:"correct"`
	Unsure    int64  `json:"unsure"`
}

// ReviewAgreement compares two reviews of the same cases.
type ReviewAgreement struct {
	Reviewers [2]string   `json:"reviewers,omitzero"`
	Cases     int64       `json:"cases"`
	Agreed    int64       `json:"agreed"`
	Share     *float64    `json:"share"`       // null without cases
	Kappa     *float64    `json:"cohen_kappa"` // null where chance alone would always agree
	Table     [3][3]int64 `json:"table"`       // first by second: mislinked, correct, unsure
}

// ReviewDispute is a case of which reviewers say different things.
type ReviewDispute struct {
	Case      string     `json:"case_id"`
	Decisions []Decision `json:"decisions"`
}

// ReviewPrecision is the share of reviewed findings that were wrong links
// indeed, without those that nobody could decide.
type ReviewPrecision struct {
	Verdict   string   `json:"verdict"`
	Cause     string   `json:"cause"`
	Confirmed int64    `json:"confirmed"` // wrong links
	Refuted   int64    `json:"refuted"`   // right links
	Unsettled int64    `json:"unsettled"` // unsure or disputed
	Precision *float64 `json:"precision"`
	Low       *float64 `json:"low"` // 95% interval by Wilson
	High      *float64 `json:"high"`
}

// ReviewFilter limits a status.
type ReviewFilter struct {
	Prefecture string // two digits
	Dataset    string
}

// reviewedData is what a decision is about: a case with the data it had.
type reviewedData struct {
	caseID  string
	version string // the whole hash
}

type standingDecision struct {
	Decision
	id int64
}

type judgement struct{ verdict, cause string }

// reviewOutcome is what all decisions on the same data come to.
type reviewOutcome uint8

const (
	outcomeUnsure reviewOutcome = iota
	outcomeMislinked
	outcomeCorrect
	outcomeDisputed
)

// ReviewStatus reads progress from the latest run; agreement and precision are
// over all decisions, also of cases that were corrected since.
func (a *Audit) ReviewStatus(f ReviewFilter) (*ReviewStatus, error) {
	run, err := a.LatestRun()
	if err != nil {
		return nil, err
	}
	s := &ReviewStatus{Run: run, Prefecture: f.Prefecture, Dataset: f.Dataset,
		Reviewers: []ReviewerCount{}, ByPair: []ReviewAgreement{}, Disagreements: []ReviewDispute{}, Precision: []ReviewPrecision{},
		decisions: map[reviewedData][]standingDecision{}, judged: map[reviewedData]judgement{}, outcomes: map[reviewedData]reviewOutcome{}}
	if err := a.readDecisions(s); err != nil {
		return nil, err
	}
	for _, data := range s.order {
		s.outcomes[data] = outcomeOf(s.decisions[data])
	}
	if err := a.readProgress(s); err != nil {
		return nil, err
	}
	s.countReviewers()
	s.compareReviewers()
	s.measurePrecision()
	return s, nil
}

// readDecisions reads the standing decisions with what the audit said of the
// data that they are about.
func (a *Audit) readDecisions(s *ReviewStatus) error {
	return a.query(func(rows *sql.Rows) error {
		var data reviewedData
		var hash []byte
		var d standingDecision
		var j judgement
		if err := rows.Scan(&d.id, &data.caseID, &hash, &d.At, &d.Reviewer, &d.Decision.Decision, &d.Reason, &d.Comment, &j.verdict, &j.cause); err != nil {
			return err
		}
		data.version = string(hash)
		list, known := s.decisions[data]
		if !known {
			s.order = append(s.order, data)
			s.judged[data] = j
		}
		for i := range list {
			if list[i].Reviewer == d.Reviewer { // the later one counts
				list = append(list[:i], list[i+1:]...)
				break
			}
		}
		s.decisions[data] = append(list, d)
		return nil
	}, `SELECT s.decision_id, s.case_id, s.data_hash, s.decided_at, s.reviewer, s.decision, s.reason, s.comment,
			coalesce(f.verdict, s.verdict), coalesce(f.cause, s.cause)
		FROM standing_decisions s JOIN cases c USING (case_id)
			LEFT JOIN findings f ON f.finding_id = iif(s.verdict IS NULL, coalesce(s.finding_id, c.last_finding_id), 0)
		WHERE (?1 = '' OR coalesce(f.prefecture, s.prefecture) = ?1) AND (?2 = '' OR c.dataset = ?2)
			AND coalesce(f.verdict, s.verdict) IS NOT NULL
		ORDER BY s.case_id, s.decision_id`, s.Prefecture, s.Dataset)
}

func outcomeOf(list []standingDecision) reviewOutcome {
	outcome := outcomeUnsure
	for _, d := range list {
		says := outcomeUnsure
		switch d.Decision.Decision {
		case "mislinked":
			says = outcomeMislinked
		case "correct":
			says = outcomeCorrect
		}
		switch {
		case says == outcomeUnsure || says == outcome:
		case outcome == outcomeUnsure:
			outcome = says
		default:
			return outcomeDisputed
		}
	}
	return outcome
}

// readProgress counts the cases of the run; a decision counts as long as the
// data are as the reviewer saw them.
func (a *Audit) readProgress(s *ReviewStatus) error {
	datasets, prefectures := map[string]*ReviewProgress{}, map[string]*ReviewProgress{}
	group := func(m map[string]*ReviewProgress, key string) *ReviewProgress {
		if m[key] == nil {
			m[key] = &ReviewProgress{Key: key}
		}
		return m[key]
	}
	if err := a.query(func(rows *sql.Rows) error {
		var dataset, prefecture string
		var n int64
		if err := rows.Scan(&dataset, &prefecture, &n); err != nil {
			return err
		}
		for _, p := range []*ReviewProgress{&s.Total, group(datasets, dataset), group(prefectures, prefecture)} {
			p.Cases += n
			p.Open += n
		}
		return nil
	}, `SELECT dataset, prefecture, count(DISTINCT case_id) FROM findings
		WHERE run_id = ?1 AND (?2 = '' OR prefecture = ?2) AND (?3 = '' OR dataset = ?3) GROUP BY dataset, prefecture`,
		s.Run.rowID, s.Prefecture, s.Dataset); err != nil {
		return err
	}
	seen := map[string]bool{}
	if err := a.query(func(rows *sql.Rows) error {
		var data reviewedData
		var hash []byte
		var dataset, prefecture string
		if err := rows.Scan(&data.caseID, &hash, &dataset, &prefecture); err != nil {
			return err
		}
		data.version = string(hash)
		outcome, reviewed := s.outcomes[data]
		if !reviewed || seen[data.caseID] {
			return nil
		}
		seen[data.caseID] = true
		for _, p := range []*ReviewProgress{&s.Total, group(datasets, dataset), group(prefectures, prefecture)} {
			p.settle(outcome)
		}
		return nil
	}, `SELECT f.case_id, f.data_hash, f.dataset, f.prefecture FROM findings f
		WHERE f.run_id = ?1 AND (?2 = '' OR f.prefecture = ?2) AND (?3 = '' OR f.dataset = ?3)
		  AND f.case_id IN (SELECT case_id FROM decisions) ORDER BY f.finding_id`,
		s.Run.rowID, s.Prefecture, s.Dataset); err != nil {
		return err
	}
	s.ByDataset = sortedProgress(datasets, s.Run.Datasets)
	s.ByPrefecture = sortedProgress(prefectures, nil)
	return nil
}

func (p *ReviewProgress) settle(o reviewOutcome) {
	p.Open--
	switch o {
	case outcomeUnsure:
		p.Unsure++
	case outcomeDisputed:
		p.Disputed++
	default:
		p.Decided++
	}
}

// sortedProgress puts groups in the order given, then by key; a place that
// nobody knows comes last.
func sortedProgress(groups map[string]*ReviewProgress, order []string) []ReviewProgress {
	place := map[string]int{}
	for i, key := range order {
		place[key] = i - len(order)
	}
	list := make([]ReviewProgress, 0, len(groups))
	for _, p := range groups {
		list = append(list, *p)
	}
	sort.Slice(list, func(i, j int) bool {
		a, b := list[i].Key, list[j].Key
		if place[a] != place[b] {
			return place[a] < place[b]
		}
		if (a == "") != (b == "") {
			return b == ""
		}
		return a < b
	})
	return list
}

func (s *ReviewStatus) countReviewers() {
	counts := map[string]*ReviewerCount{}
	for _, data := range s.order {
		for _, d := range s.decisions[data] {
			c := counts[d.Reviewer]
			if c == nil {
				c = &ReviewerCount{Reviewer: d.Reviewer}
				counts[d.Reviewer] = c
			}
			c.Decisions++
			switch d.Decision.Decision {
			case "mislinked":
				c.Mislinked++
			case "correct":
				c.Correct++
			default:
				c.Unsure++
			}
		}
	}
	for _, c := range counts {
		s.Reviewers = append(s.Reviewers, *c)
	}
	sort.Slice(s.Reviewers, func(i, j int) bool { return s.Reviewers[i].Reviewer < s.Reviewers[j].Reviewer })
}

// compareReviewers compares the first review of a case with the second, and
// each pair of reviewers.
func (s *ReviewStatus) compareReviewers() {
	pairs := map[[2]string]*ReviewAgreement{}
	for _, data := range s.order {
		list := s.decisions[data]
		if len(list) < 2 {
			continue
		}
		s.Agreement.add(list[0].Decision.Decision, list[1].Decision.Decision)
		agreed := true
		for i := range list {
			for j := i + 1; j < len(list); j++ {
				a, b := list[i], list[j]
				if a.Reviewer > b.Reviewer {
					a, b = b, a
				}
				key := [2]string{a.Reviewer, b.Reviewer}
				if pairs[key] == nil {
					pairs[key] = &ReviewAgreement{Reviewers: key}
				}
				pairs[key].add(a.Decision.Decision, b.Decision.Decision)
				agreed = agreed && a.Decision.Decision == b.Decision.Decision
			}
		}
		if !agreed {
			dispute := ReviewDispute{Case: data.caseID}
			for _, d := range list {
				dispute.Decisions = append(dispute.Decisions, d.Decision)
			}
			s.Disagreements = append(s.Disagreements, dispute)
		}
	}
	s.Agreement.measure()
	for _, p := range pairs {
		p.measure()
		s.ByPair = append(s.ByPair, *p)
	}
	sort.Slice(s.ByPair, func(i, j int) bool {
		a, b := s.ByPair[i].Reviewers, s.ByPair[j].Reviewers
		if a[0] != b[0] {
			return a[0] < b[0]
		}
		return a[1] < b[1]
	})
}

func decisionIndex(word string) int {
	for i, w := range decisionWords {
		if w == word {
			return i
		}
	}
	return len(decisionWords) - 1
}

func (g *ReviewAgreement) add(first, second string) {
	g.Table[decisionIndex(first)][decisionIndex(second)]++
	g.Cases++
	if first == second {
		g.Agreed++
	}
}

// measure is Cohen's kappa: agreement beyond what two reviewers with these
// habits would reach by chance.
func (g *ReviewAgreement) measure() {
	if g.Cases == 0 {
		return
	}
	n := float64(g.Cases)
	share := float64(g.Agreed) / n
	g.Share = &share
	chance := 0.0
	for k := range g.Table {
		var first, second int64
		for i := range g.Table {
			first += g.Table[k][i]
			second += g.Table[i][k]
		}
		chance += float64(first) / n * float64(second) / n
	}
	if chance < 1 {
		kappa := (share - chance) / (1 - chance)
		g.Kappa = &kappa
	}
}

func (s *ReviewStatus) measurePrecision() {
	byCause := map[judgement]*ReviewPrecision{}
	byVerdict := map[string]*ReviewPrecision{}
	for _, data := range s.order {
		j := s.judged[data]
		if byCause[j] == nil {
			byCause[j] = &ReviewPrecision{Verdict: j.verdict, Cause: j.cause}
		}
		if byVerdict[j.verdict] == nil {
			byVerdict[j.verdict] = &ReviewPrecision{Verdict: j.verdict}
		}
		for _, p := range []*ReviewPrecision{byCause[j], byVerdict[j.verdict]} {
			switch s.outcomes[data] {
			case outcomeMislinked:
				p.Confirmed++
			case outcomeCorrect:
				p.Refuted++
			default:
				p.Unsettled++
			}
		}
	}
	for _, v := range verdictOrder {
		all := byVerdict[v.String()]
		if all == nil {
			continue
		}
		all.measure()
		s.PrecisionAll = append(s.PrecisionAll, *all)
		for c := linkage.NoCause; c < linkage.Causes; c++ {
			if p := byCause[judgement{v.String(), c.String()}]; p != nil {
				p.measure()
				s.Precision = append(s.Precision, *p)
			}
		}
	}
}

func (p *ReviewPrecision) measure() {
	settled := p.Confirmed + p.Refuted
	if settled == 0 {
		return
	}
	share := float64(p.Confirmed) / float64(settled)
	ci := wilson(p.Confirmed, settled)
	p.Precision, p.Low, p.High = &share, &ci.low, &ci.high
}

// causeLabel names a cause, or the verdict where it alone says what was found.
func (p *ReviewPrecision) causeLabel(l words.Lang) string {
	if p.Cause == "" {
		return noCauseNamed.In(l)
	}
	return causeText(p.Cause, l)
}
