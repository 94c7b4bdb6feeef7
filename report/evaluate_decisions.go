package report

import (
	"database/sql"
	"errors"
	"math"
	"path/filepath"
	"sort"

	"github.com/himozuke/himozuke/linkage"
	"github.com/himozuke/himozuke/report/words"
)

// DecisionEvaluation says how good a run is by what reviewers decided.
type DecisionEvaluation struct {
	Run    RunInfo     `json:"run"`
	Sample *SampleInfo `json:"sample"` // null: no sample was drawn, the decisions are on cases that people chose
	Sheets []string    `json:"sheets,omitempty"`

	Links     int64 `json:"links"`
	Verified  int64 `json:"verified"`  // links without a finding: none of them was drawn
	RunCases  int64 `json:"run_cases"` // cases of the run
	Frame     int64 `json:"frame"`     // cases that the estimates are about
	Drawn     int64 `json:"drawn"`
	Before    int64 `json:"decided_before"` // of the frame, not drawn because they had a decision
	Settled   int64 `json:"settled"`
	Unsure    int64 `json:"unsure"`    // reviewed, but nobody could decide
	Disputed  int64 `json:"disputed"`  // reviewers contradict each other
	Changed   int64 `json:"changed"`   // decided, but on other data
	Undecided int64 `json:"undecided"` // drawn, not reviewed
	Uncovered int64 `json:"uncovered"` // cases of strata without any settled decision: no estimate is about them

	Precision   []DecisionPrecision   `json:"precision"`
	Calibration []DecisionCalibration `json:"calibration"`
	FDR         DecisionFDR           `json:"false_discovery_rate"`
	Recall      DecisionRecall        `json:"recall"`
	Strata      []DecisionStratum     `json:"strata"`

	Estimator string `json:"estimator"`
	Interval  string `json:"interval"`
}

// SampleInfo says which sample the decisions are on.
type SampleInfo struct {
	ID      int64  `json:"id,omitempty"` // in the database
	Run     string `json:"run"`
	At      string `json:"drawn_at,omitempty"`
	Filters string `json:"filters,omitempty"`
}

// DecisionPrecision is the share of wrong links among findings of one verdict,
// and one dataset or cause where they are named.
type DecisionPrecision struct {
	Verdict string   `json:"verdict"` // empty: mislinked and review together
	Dataset string   `json:"dataset,omitempty"`
	Cause   string   `json:"cause,omitempty"`
	Share   Estimate `json:"share"`
}

// DecisionCalibration compares the stated probability with the share of wrong
// links, over mislinked and review.
type DecisionCalibration struct {
	From     float64  `json:"from"`
	To       float64  `json:"to"`
	Stated   float64  `json:"stated"` // mean over the same cases
	Observed Estimate `json:"observed"`
	Inside   bool     `json:"inside"` // the stated mean lies in the interval
}

// DecisionFDR compares the promised share of false alarms among mislinked with
// the one that reviewers found.
type DecisionFDR struct {
	Promised float64  `json:"promised"`
	Stated   *float64 `json:"stated"` // mean of 1 - p_wrong
	Observed Estimate `json:"observed"`
}

// DecisionRecall is how many of the wrong links in the frame each cut finds.
// Wrong links among those without a finding are not in it.
type DecisionRecall struct {
	Known  bool        `json:"known"`  // false: nothing but mislinked was decided
	Wrong  float64     `json:"wrong"`  // wrong links in the frame, estimated
	Lowest float64     `json:"lowest"` // least p_wrong that was decided
	Cuts   []RecallCut `json:"cuts"`
}

// RecallCut is one place to cut the list of findings.
type RecallCut struct {
	Verdict string   `json:"verdict,omitempty"` // mislinked; empty: by probability
	From    float64  `json:"p_wrong_from,omitempty"`
	Share   Estimate `json:"share"`
}

// DecisionStratum counts one stratum.
type DecisionStratum struct {
	Stratum   string `json:"stratum"`
	Cases     int64  `json:"cases"`
	Drawn     int64  `json:"drawn"`
	Settled   int64  `json:"settled"`
	Confirmed int64  `json:"confirmed"`
}

// DecisionOptions say which decisions to evaluate by.
type DecisionOptions struct {
	Sheets []string // reviewed sheets; none: what was imported
}

var (
	decisionsMissing = words.Text{
		EN: "%s: no decision has been imported on this run or a sample of it; import reviewed sheets with review import, or name them with --sheet",
		JA: "%s: この点検又はその標本について取り込まれた確認結果がありません。review import で取り込むか、--sheet で確認票を指定してください",
	}
	sheetEmpty = words.Text{EN: "%s: no row has a decision", JA: "%s: 確認結果の記入された行がありません"}
	sheetCase  = words.Text{
		EN: "%s: row %d: no such case, or its data are not those of the sheet; evaluate against the database that the sheet was exported from",
		JA: "%s: %d 行目: 該当する案件がないか、データが確認票と異なります。確認票を出力したデータベースを指定してください",
	}
	sheetWord = words.Text{
		EN: "%s: row %d: the decision is none of the list: %s",
		JA: "%s: %d 行目: 確認結果が一覧にありません。%s のいずれかとしてください",
	}
	sheetDesign = words.Text{
		EN: "%s: row %d: the inclusion probability is not a share above 0; export wrote it, do not change it",
		JA: "%s: %d 行目: 抽出確率が 0 より大きく 1 以下の数ではありません。export が出力した値を変更しないでください",
	}
)

// reviewedCase is one case of the frame that was drawn.
type reviewedCase struct {
	unit     sampledUnit
	stratum  string
	outcome  reviewOutcome
	reviewed bool
}

// decisionEvaluator gathers the strata and what was decided in them.
type decisionEvaluator struct {
	*DecisionEvaluation
	strata map[string]*sampledStratum
}

// EvaluateDecisions estimates precision, calibration and, as far as the sample
// reaches, recall from what reviewers decided.
func (a *Audit) EvaluateDecisions(o DecisionOptions) (*DecisionEvaluation, error) {
	e := &decisionEvaluator{strata: map[string]*sampledStratum{}, DecisionEvaluation: &DecisionEvaluation{
		Precision: []DecisionPrecision{}, Calibration: []DecisionCalibration{}, Strata: []DecisionStratum{},
		Recall:    DecisionRecall{Cuts: []RecallCut{}},
		Estimator: "ratio of Horvitz-Thompson totals (Hajek 1971), variance linearized under stratified sampling without replacement",
		Interval:  "95%, Korn and Graubard 1998: Clopper-Pearson at the effective sample size",
	}}
	var err error
	if e.Run, err = a.LatestRun(); err != nil {
		return nil, err
	}
	if len(o.Sheets) > 0 {
		err = a.gatherSheets(e, o.Sheets)
	} else {
		err = a.gatherDecisions(e)
	}
	if err == nil {
		err = a.gatherRun(e)
	}
	if err != nil {
		return nil, err
	}
	e.measure()
	return e.DecisionEvaluation, nil
}

// gatherDecisions takes the newest sample with decisions, else the run itself.
func (a *Audit) gatherDecisions(e *decisionEvaluator) error {
	decided, err := a.outcomes()
	if err != nil {
		return err
	}
	if e.Sample, err = a.newestSample(e.Run); err != nil {
		return err
	}
	if e.Sample != nil {
		err = a.gatherSample(e, decided)
	} else {
		err = a.gatherFrame(e, decided)
	}
	if err == nil && e.Settled+e.Unsure+e.Disputed == 0 {
		return &said{text: decisionsMissing, args: []any{a.path}}
	}
	return err
}

// decidedCases is what all standing decisions come to: by the data they are
// about, and which cases have any.
type decidedCases struct {
	outcomes map[reviewedData]reviewOutcome
	cases    map[string]bool
}

func (a *Audit) outcomes() (*decidedCases, error) {
	s := &ReviewStatus{decisions: map[reviewedData][]standingDecision{}, judged: map[reviewedData]judgement{}}
	if err := a.readDecisions(s); err != nil {
		return nil, err
	}
	d := &decidedCases{outcomes: map[reviewedData]reviewOutcome{}, cases: map[string]bool{}}
	for _, data := range s.order {
		d.outcomes[data] = outcomeOf(s.decisions[data])
		d.cases[data.caseID] = true
	}
	return d, nil
}

// newestSample is the newest sample that has a decision; where the audit was
// opened by its folder, of that run.
func (a *Audit) newestSample(run RunInfo) (*SampleInfo, error) {
	s := &SampleInfo{}
	err := a.db.QueryRow(`
		SELECT s.sample_id, r.run_key, s.drawn_at, s.filters FROM samples s JOIN runs r USING (run_id)
		WHERE (?1 = '' OR r.run_key = ?2) AND r.purged_at IS NULL AND EXISTS (
			SELECT 1 FROM sample_cases c JOIN decisions d USING (case_id) WHERE c.sample_id = s.sample_id)
		ORDER BY s.sample_id DESC LIMIT 1`, a.run, run.ID).Scan(&s.ID, &s.Run, &s.At, &s.Filters)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	return s, databaseProblem(a.path, err)
}

func (a *Audit) gatherSample(e *decisionEvaluator, decided *decidedCases) error {
	if err := a.query(func(rows *sql.Rows) error {
		var s sampledStratum
		err := rows.Scan(&s.name, &s.cases, &s.drawn)
		e.strata[s.name] = &s
		return err
	}, "SELECT stratum, cases, drawn FROM sample_strata WHERE sample_id = ?", e.Sample.ID); err != nil {
		return err
	}
	if err := a.query(func(rows *sql.Rows) error {
		var c reviewedCase
		data, err := c.scan(rows, &c.stratum)
		if err == nil {
			e.take(&c, data, decided)
		}
		return err
	}, `SELECT f.case_id, f.data_hash, f.dataset, f.verdict, f.cause, f.p_wrong, c.stratum
		FROM sample_cases c JOIN findings f USING (finding_id) WHERE c.sample_id = ? ORDER BY f.finding_id`, e.Sample.ID); err != nil {
		return err
	}
	if e.Sample.Filters != "" { // whatever was decided before may lie outside
		return nil
	}
	return a.gatherBefore(e, decided)
}

// gatherBefore adds the cases that were left out of the sample because they
// had a decision: all of them are known, so that they need no estimate.
func (a *Audit) gatherBefore(e *decisionEvaluator, decided *decidedCases) error {
	seen := map[string]bool{}
	return a.query(func(rows *sql.Rows) error {
		var c reviewedCase
		data, err := c.scan(rows)
		if err != nil || seen[data.caseID] {
			return err
		}
		seen[data.caseID] = true
		c.stratum = stratumName(c.unit.dataset, c.unit.verdict, c.unit.cause, c.unit.pWrong) + "/decided before"
		e.stratum(c.stratum).cases++
		e.Before++
		e.take(&c, data, decided)
		return nil
	}, `SELECT f.case_id, f.data_hash, f.dataset, f.verdict, f.cause, f.p_wrong
		FROM samples s JOIN findings f USING (run_id)
		WHERE s.sample_id = ?1
		  AND f.case_id NOT IN (SELECT case_id FROM sample_cases WHERE sample_id = ?1)
		  AND EXISTS (SELECT 1 FROM decisions d WHERE d.case_id = f.case_id AND d.data_hash = f.data_hash
			AND d.decision <> 'unsure' AND d.decided_at <= s.drawn_at)
		ORDER BY f.finding_id`, e.Sample.ID)
}

// gatherFrame takes all cases of the run for drawn: decisions that no sample
// stands behind.
func (a *Audit) gatherFrame(e *decisionEvaluator, decided *decidedCases) error {
	return a.eachDrawn(e, func(c *reviewedCase, data reviewedData) { e.take(c, data, decided) })
}

// eachDrawn visits every case of the run once, as drawn from its stratum.
func (a *Audit) eachDrawn(e *decisionEvaluator, visit func(c *reviewedCase, data reviewedData)) error {
	seen := map[string]bool{}
	return a.query(func(rows *sql.Rows) error {
		var c reviewedCase
		data, err := c.scan(rows)
		if err != nil || seen[data.caseID] {
			return err
		}
		seen[data.caseID] = true
		c.stratum = stratumName(c.unit.dataset, c.unit.verdict, c.unit.cause, c.unit.pWrong)
		s := e.stratum(c.stratum)
		s.cases++
		s.drawn++
		visit(&c, data)
		return nil
	}, `SELECT f.case_id, f.data_hash, f.dataset, f.verdict, f.cause, f.p_wrong
		FROM findings f WHERE f.run_id = ? ORDER BY f.finding_id`, e.Run.rowID)
}

func (c *reviewedCase) scan(rows *sql.Rows, more ...any) (reviewedData, error) {
	var data reviewedData
	var hash []byte
	err := rows.Scan(append([]any{&data.caseID, &hash, &c.unit.dataset, &c.unit.verdict, &c.unit.cause, &c.unit.pWrong}, more...)...)
	data.version = string(hash)
	return data, err
}

func (e *decisionEvaluator) stratum(name string) *sampledStratum {
	s := e.strata[name]
	if s == nil {
		s = &sampledStratum{name: name}
		e.strata[name] = s
	}
	return s
}

// take adds a case with what the database has of decisions on it.
func (e *decisionEvaluator) take(c *reviewedCase, data reviewedData, decided *decidedCases) {
	c.outcome, c.reviewed = decided.outcomes[data]
	if !c.reviewed && decided.cases[data.caseID] {
		e.Changed++
		return
	}
	e.settle(c)
}

func (e *decisionEvaluator) settle(c *reviewedCase) {
	switch {
	case !c.reviewed:
		e.Undecided++
	case c.outcome == outcomeUnsure:
		e.Unsure++
	case c.outcome == outcomeDisputed:
		e.Disputed++
	default:
		e.Settled++
		c.unit.wrong = c.outcome == outcomeMislinked
		s := e.stratum(c.stratum)
		s.units = append(s.units, c.unit)
	}
}

// gatherRun reads what the estimates are measured against.
func (a *Audit) gatherRun(e *decisionEvaluator) (err error) {
	if e.Sample != nil {
		if e.Run, err = (&Audit{db: a.db, path: a.path, run: e.Sample.Run}).LatestRun(); err != nil {
			return err
		}
	}
	return databaseProblem(a.path, errors.Join(
		a.db.QueryRow("SELECT max_fdr FROM runs WHERE run_id = ?", e.Run.rowID).Scan(&e.FDR.Promised),
		a.db.QueryRow(`SELECT coalesce(sum(links), 0), coalesce(sum(iif(verdict = 'verified', links, 0)), 0)
			FROM counts WHERE run_id = ?`, e.Run.rowID).Scan(&e.Links, &e.Verified),
		a.db.QueryRow("SELECT count(DISTINCT case_id) FROM findings WHERE run_id = ?", e.Run.rowID).Scan(&e.RunCases),
	))
}

// sheetReview is what sheets say of one case.
type sheetReview struct {
	row       reviewRow
	path      string
	decisions []standingDecision
}

// gatherSheets takes decisions from reviewed sheets. Their own columns tell the
// design; sheets without them are taken for part of the run.
func (a *Audit) gatherSheets(e *decisionEvaluator, paths []string) error {
	reviews := map[[2]string]*sheetReview{}
	var order [][2]string
	sampled := true
	for _, path := range paths {
		rows, _, err := readReviewFile(path)
		if err != nil {
			return err
		}
		e.Sheets = append(e.Sheets, filepath.Base(path))
		for _, r := range rows {
			key := [2]string{r.caseID, r.version}
			review := reviews[key]
			if review == nil {
				review = &sheetReview{row: r, path: path}
				reviews[key] = review
				order = append(order, key)
			}
			sampled = sampled && r.stratum != ""
			if r.decision == "" {
				continue
			}
			word, known := decisionOf(r.decision)
			if !known {
				return &said{text: sheetWord, args: []any{path, r.row, decisionChoicesArg{}}}
			}
			review.decisions = append(review.decisions, standingDecision{Decision: Decision{Reviewer: r.reviewer, Decision: word}})
		}
	}
	if len(order) == 0 {
		return &said{text: sheetEmpty, args: []any{filepath.Base(paths[0])}}
	}
	if !sampled {
		return a.gatherUnsampled(e, reviews)
	}
	return a.gatherSampled(e, reviews, order)
}

// gatherUnsampled matches sheets to the cases of the run.
func (a *Audit) gatherUnsampled(e *decisionEvaluator, reviews map[[2]string]*sheetReview) error {
	matched := 0
	err := a.eachDrawn(e, func(c *reviewedCase, data reviewedData) {
		if review := reviews[[2]string{data.caseID, dataVersion([]byte(data.version))}]; review != nil {
			matched++
			c.reviewed, c.outcome = len(review.decisions) > 0, outcomeOf(review.decisions)
		}
		e.settle(c)
	})
	e.Changed = int64(len(reviews) - matched)
	if err == nil && e.Settled+e.Unsure+e.Disputed == 0 {
		return &said{text: sheetEmpty, args: []any{e.Sheets[0]}}
	}
	return err
}

// gatherSampled rebuilds the design from the sheets: of each stratum they hold
// the cases drawn, with the probability that each had.
func (a *Audit) gatherSampled(e *decisionEvaluator, reviews map[[2]string]*sheetReview, order [][2]string) error {
	find, err := a.db.Prepare(`SELECT f.data_hash, f.dataset, f.verdict, f.cause, f.p_wrong, r.run_key
		FROM findings f JOIN runs r USING (run_id) WHERE f.case_id = ? ORDER BY f.finding_id DESC`)
	if err != nil {
		return databaseProblem(a.path, err)
	}
	defer find.Close()
	drawn := map[string]float64{} // cases that the drawn ones stand for
	for _, key := range order {
		review := reviews[key]
		var c reviewedCase
		run, err := a.findReviewed(find, key, &c)
		if err != nil {
			return err
		}
		if run == "" {
			return &said{text: sheetCase, args: []any{review.path, review.row.row}}
		}
		if p := review.row.inclusion; !(p > 0 && p <= 1) {
			return &said{text: sheetDesign, args: []any{review.path, review.row.row}}
		}
		if e.Sample == nil {
			e.Sample = &SampleInfo{Run: run}
		}
		c.stratum = review.row.stratum
		e.stratum(c.stratum).drawn++
		drawn[c.stratum] += 1 / review.row.inclusion
		c.reviewed, c.outcome = len(review.decisions) > 0, outcomeOf(review.decisions)
		e.settle(&c)
	}
	for name, cases := range drawn {
		e.stratum(name).cases = int64(math.Round(cases))
	}
	if e.Settled+e.Unsure+e.Disputed == 0 {
		return &said{text: sheetEmpty, args: []any{e.Sheets[0]}}
	}
	return nil
}

// findReviewed reads the finding that a sheet shows; no run: there is none.
func (a *Audit) findReviewed(find *sql.Stmt, key [2]string, c *reviewedCase) (run string, err error) {
	rows, err := find.Query(key[0])
	if err != nil {
		return "", databaseProblem(a.path, err)
	}
	defer rows.Close()
	for rows.Next() {
		var hash []byte
		var found string
		if err := rows.Scan(&hash, &c.unit.dataset, &c.unit.verdict, &c.unit.cause, &c.unit.pWrong, &found); err != nil {
			return "", databaseProblem(a.path, err)
		}
		if dataVersion(hash) == key[1] {
			return found, nil
		}
	}
	return "", databaseProblem(a.path, rows.Err())
}

// decisionChoicesArg lists the decisions in the language of the message.
type decisionChoicesArg struct{}

func (decisionChoicesArg) Error() string          { return decisionChoices(words.English) }
func (decisionChoicesArg) In(l words.Lang) string { return decisionChoices(l) }

// measure estimates everything from what was gathered.
func (e *decisionEvaluator) measure() {
	var strata []sampledStratum
	for _, s := range e.strata {
		strata = append(strata, *s)
	}
	sort.Slice(strata, func(i, j int) bool { return strata[i].name < strata[j].name })
	for i := range strata {
		s := &strata[i]
		count := DecisionStratum{Stratum: s.name, Cases: s.cases, Drawn: s.drawn, Settled: int64(len(s.units))}
		for _, u := range s.units {
			if u.wrong {
				count.Confirmed++
			}
		}
		e.Strata = append(e.Strata, count)
		e.Frame += s.cases
		e.Drawn += s.drawn
		if len(s.units) == 0 {
			e.Uncovered += s.cases
		}
	}
	e.precision(strata)
	e.calibration(strata)
	e.discoveries(strata)
	e.recall(strata)
}

func isWrong(u *sampledUnit) bool { return u.wrong }

func isMislinked(u *sampledUnit) bool { return u.verdict == linkage.Mislinked.String() }

func isReview(u *sampledUnit) bool { return u.verdict == linkage.Review.String() }

func isSuspected(u *sampledUnit) bool { return isMislinked(u) || isReview(u) }

// precision is over all, by verdict, by dataset and by cause.
func (e *decisionEvaluator) precision(strata []sampledStratum) {
	add := func(p DecisionPrecision, domain func(*sampledUnit) bool) {
		if p.Share = estimate(strata, domain, isWrong); p.Share.Settled > 0 {
			e.Precision = append(e.Precision, p)
		}
	}
	add(DecisionPrecision{}, isSuspected)
	for _, v := range verdictOrder {
		add(DecisionPrecision{Verdict: v.String()}, func(u *sampledUnit) bool { return u.verdict == v.String() })
	}
	suspicions := []linkage.Verdict{linkage.Mislinked, linkage.Review}
	for _, dataset := range e.Run.Datasets {
		for _, v := range suspicions {
			add(DecisionPrecision{Verdict: v.String(), Dataset: dataset}, func(u *sampledUnit) bool {
				return u.verdict == v.String() && u.dataset == dataset
			})
		}
	}
	for cause := linkage.Family; cause < linkage.Causes; cause++ {
		for _, v := range suspicions {
			add(DecisionPrecision{Verdict: v.String(), Cause: cause.String()}, func(u *sampledUnit) bool {
				return u.verdict == v.String() && u.cause == cause.String()
			})
		}
	}
}

// calibration is by tenths of p_wrong.
func (e *decisionEvaluator) calibration(strata []sampledStratum) {
	for band := range 10 {
		c := DecisionCalibration{From: float64(band) / 10, To: float64(band+1) / 10}
		domain := func(u *sampledUnit) bool {
			return isSuspected(u) && min(int(u.pWrong*10), 9) == band
		}
		if c.Observed = estimateProcess(strata, domain, isWrong); c.Observed.Settled == 0 {
			continue
		}
		c.Stated = *stated(strata, domain)
		c.Inside = *c.Observed.Low <= c.Stated && c.Stated <= *c.Observed.High
		e.Calibration = append(e.Calibration, c)
	}
}

// stated is the mean p_wrong of the settled cases, weighted as the observed
// share is; nil without any.
func stated(strata []sampledStratum, domain func(*sampledUnit) bool) *float64 {
	sum, weight := 0.0, 0.0
	for i := range strata {
		for k := range strata[i].units {
			if u := &strata[i].units[k]; domain(u) {
				sum += strata[i].weight() * u.pWrong
				weight += strata[i].weight()
			}
		}
	}
	if weight == 0 {
		return nil
	}
	mean := sum / weight
	return &mean
}

func (e *decisionEvaluator) discoveries(strata []sampledStratum) {
	e.FDR.Observed = estimate(strata, isMislinked, func(u *sampledUnit) bool { return !u.wrong })
	if mean := stated(strata, isMislinked); mean != nil {
		share := max(1-*mean, 0)
		e.FDR.Stated = &share
	}
}

// recallCuts are the probabilities at which the list of findings is cut.
var recallCuts = []float64{0.5, 0.2, 0.1, 0.05, 0.02, 0.01, 0.005, 0.002, 0.001}

// recall is known only as far down as links were drawn.
func (e *decisionEvaluator) recall(strata []sampledStratum) {
	// An orphan has no holder: it is found without judging anything.
	wrong := func(u *sampledUnit) bool { return u.wrong && u.verdict != linkage.Orphan.String() }
	e.Recall.Lowest = 1
	for i := range strata {
		for k := range strata[i].units {
			u := &strata[i].units[k]
			if wrong(u) {
				e.Recall.Wrong += strata[i].weight()
			}
			if isReview(u) {
				e.Recall.Known = true
				e.Recall.Lowest = min(e.Recall.Lowest, u.pWrong)
			}
		}
	}
	if !e.Recall.Known || e.Recall.Wrong == 0 {
		return
	}
	e.Recall.Cuts = append(e.Recall.Cuts, RecallCut{Verdict: linkage.Mislinked.String(), Share: estimate(strata, wrong, isMislinked)})
	for _, from := range recallCuts {
		e.Recall.Cuts = append(e.Recall.Cuts, RecallCut{From: from, Share: estimate(strata, wrong, func(u *sampledUnit) bool {
			return isMislinked(u) || isReview(u) && u.pWrong >= from
		})})
		if from <= e.Recall.Lowest {
			break
		}
	}
}
