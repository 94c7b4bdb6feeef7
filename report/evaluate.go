package report

import (
	"compress/gzip"
	"database/sql"
	"encoding/csv"
	"errors"
	"io"
	"math"
	"os"
	"slices"
	"sort"
	"strings"

	"github.com/himozuke/himozuke/linkage"
	"github.com/himozuke/himozuke/report/words"
)

// EvaluateOptions say what to evaluate against.
type EvaluateOptions struct {
	Truth   string // CSV, gzip if it ends in .gz
	KeyFile string // key of the run's pseudonyms; empty: where the run says it is
	List    int    // false positives and negatives to list, each; 0 is 1000
}

// Evaluation compares the verdicts of a run with the truth.
type Evaluation struct {
	Run         RunInfo       `json:"run"`
	Links       int64         `json:"links"`       // rows of the truth file
	Unmatched   int64         `json:"unmatched"`   // findings of which the truth file knows nothing
	NotAudited  int64         `json:"not_audited"` // rows of datasets that the run did not read
	Overall     Score         `json:"overall"`
	Datasets    []Score       `json:"datasets"`
	Causes      []CauseScore  `json:"causes"`
	Confusion   []Confusion   `json:"confusion"`
	Mixups      []Mixup       `json:"causes_confused"` // of wrong links that were found
	PrecisionAt []PrecisionAt `json:"precision_at"`
	Calibration []Calibration `json:"calibration"`
	Brier       float64       `json:"brier"` // findings, and the rest with probability zero
	FDR         StatedFDR     `json:"false_discovery_rate"`
	FDRAt       []FDRAt       `json:"false_discovery_rate_at"` // of longer and shorter lists
	Innocent    []Innocent    `json:"innocent"`                // right links, by how they differ from their holder

	FalsePositives      []Miss `json:"false_positives"`
	FalseNegatives      []Miss `json:"false_negatives"`
	FalsePositivesTotal int64  `json:"false_positives_total"`
	FalseNegativesTotal int64  `json:"false_negatives_total"`
}

// Share is hits of trials with a 95% interval; null without trials.
type Share struct {
	Hits   int64    `json:"hits"`
	Of     int64    `json:"of"`
	Value  *float64 `json:"value"`
	Low    *float64 `json:"low"`
	High   *float64 `json:"high"`
	scores bool
}

func share(hits, of int64) Share {
	s := Share{Hits: hits, Of: of, scores: of > 0}
	if of > 0 {
		ci := wilson(hits, of)
		value := float64(hits) / float64(of)
		s.Value, s.Low, s.High = &value, &ci.low, &ci.high
	}
	return s
}

// Score is how well one dataset, or everything, was judged. Recall, F1 and
// average precision are over wrong links that leave a trace in their row, where
// the truth file says which do; links that leave none count neither way.
type Score struct {
	Dataset          string   `json:"dataset,omitempty"`
	Links            int64    `json:"links"`
	Wrong            int64    `json:"wrong"`
	Traced           int64    `json:"traced"`
	Mislinked        int64    `json:"mislinked"`
	Review           int64    `json:"review"`
	Precision        Share    `json:"precision"`        // of verdict mislinked
	Recall           Share    `json:"recall"`           // by verdict mislinked
	F1               *float64 `json:"f1"`               // of these two
	RecallOrReview   Share    `json:"recall_or_review"` // by mislinked or review
	ReviewPerFault   *float64 `json:"review_per_fault"` // review cases for each traced wrong link
	Ambiguous        Share    `json:"ambiguous"`        // wrong links, of review cases that fit two residents alike
	PerFaultWithout  *float64 `json:"review_per_fault_without_ambiguous"`
	RecallWithout    Share    `json:"recall_or_review_without_ambiguous"`
	AveragePrecision *float64 `json:"average_precision"`   // of findings, then of next.csv, ranked by p_wrong
	Owner            Share    `json:"owner"`               // right owner, of rightly mislinked whose owner is known
	OwnerAbsent      Share    `json:"owner_absent"`        // nobody named, of rightly mislinked whose owner is nobody known
	Cause            Share    `json:"cause"`               // right cause, of rightly mislinked
	OrphanRecall     Share    `json:"orphan_recall"`       // verdict orphan, of numbers nobody has
	OrphanPrecision  Share    `json:"orphan_precision"`    // numbers nobody has, of verdict orphan
	InnocentConvicts Share    `json:"innocent_mislinked"`  // verdict mislinked, of right links
	InnocentReviewed Share    `json:"innocent_for_review"` // verdict review, of right links
}

// CauseScore is how well wrong links of one true cause were found.
type CauseScore struct {
	Dataset        string `json:"dataset"`
	Cause          string `json:"cause"`
	Wrong          int64  `json:"wrong"`
	Traced         int64  `json:"traced"`
	Recall         Share  `json:"recall"`
	RecallOrReview Share  `json:"recall_or_review"`
	CauseRight     Share  `json:"cause_right"`
	OwnerRight     Share  `json:"owner_right"`
}

// Confusion counts links by true label and verdict.
type Confusion struct {
	Label   string `json:"label"`
	Verdict string `json:"verdict"`
	Links   int64  `json:"links"`
}

// Mixup counts found wrong links by true cause and stated cause.
type Mixup struct {
	Truth  string `json:"truth"`
	Stated string `json:"stated"`
	Links  int64  `json:"links"`
}

// PrecisionAt is the share of wrong links among the k strongest findings.
type PrecisionAt struct {
	K         int64 `json:"k"`
	Precision Share `json:"precision"`
}

// Calibration compares the stated probability with the observed share.
type Calibration struct {
	From     float64 `json:"from"`
	To       float64 `json:"to"`
	Stated   float64 `json:"stated"` // mean
	Observed Share   `json:"observed"`
}

// StatedFDR compares the promised false-discovery rate of the mislinked list
// with the real one.
type StatedFDR struct {
	Promised float64 `json:"promised"` // max_fdr
	Stated   float64 `json:"stated"`   // mean of 1 - p_wrong over the list
	Observed Share   `json:"observed"`
}

// Miss is one wrong judgement.
type Miss struct {
	CaseID      string  `json:"case_id,omitempty"`
	Dataset     string  `json:"dataset"`
	RecordID    string  `json:"record_id"`
	Label       string  `json:"label"`
	TrueCause   string  `json:"true_cause"` // of a right link: what makes it look wrong
	Detail      string  `json:"detail,omitempty"`
	Trace       string  `json:"trace,omitempty"`
	Verdict     string  `json:"verdict"`
	Cause       string  `json:"cause"`
	PWrong      float64 `json:"p_wrong"`
	Differences string  `json:"differences"`
}

// Evaluate compares the verdicts of the latest run with a truth file, which is
// streamed: it has a row for every link.
func (a *Audit) Evaluate(o EvaluateOptions) (*Evaluation, error) {
	e, err := a.newEvaluator(o)
	if err != nil {
		return nil, err
	}
	if err := e.readTruth(o.Truth); err != nil {
		return nil, err
	}
	return e.result(), nil
}

// judged is a finding with what the truth file says of it.
type judged struct {
	caseID, dataset, record, differences string
	verdict                              linkage.Verdict
	cause                                linkage.Cause
	pWrong                               float64
	ambiguous                            bool
	number, owner                        Pseudonym
	hasOwner                             bool
	next                                 int32 // another finding of the same record, -1 when none

	known  bool
	label  string
	traced bool
}

type evaluator struct {
	run        RunInfo
	promised   float64
	pseudonyms *Pseudonyms
	findings   []judged
	byRecord   map[string]int32
	list       int
	key        []byte

	links     int64
	others    int64 // rows of datasets that the run did not read
	scores    map[string]*counts
	causes    map[[2]string]*causeCounts
	confusion map[[2]string]int64
	mixups    map[[2]string]int64
	missed    []Miss
	missedAll int64
	falseAll  int64
	falseList []Miss
	unfound   int64 // wrong links that no finding names, for the Brier score
	innocent  map[string]*innocentCounts
	caseKey   []byte
	next      map[string]float64  // p_wrong of the verified links that are the likeliest to be wrong, by case
	below     map[string][]ranked // these, by dataset
}

// counts is the raw material of a Score.
type counts struct {
	links, wrong, traced, orphans, right        int64
	mislinked, review, orphan                   int64 // verdicts
	hits, tracedHits, tracedReviewed            int64
	owners, ownersRight, absent, absentRight    int64
	causesRight, orphanHits, convicts, reviewed int64
	ambiguous, ambiguousWrong, ambiguousTraced  int64
}

type causeCounts struct {
	wrong, traced, hits, reviewed          int64
	found, causeRight, owners, ownersRight int64
}

func (a *Audit) newEvaluator(o EvaluateOptions) (*evaluator, error) {
	run, err := a.LatestRun()
	if err != nil {
		return nil, err
	}
	e := &evaluator{
		run: run, list: o.List, byRecord: map[string]int32{}, scores: map[string]*counts{"": {}},
		causes: map[[2]string]*causeCounts{}, innocent: map[string]*innocentCounts{}, confusion: map[[2]string]int64{}, mixups: map[[2]string]int64{},
	}
	if e.list == 0 {
		e.list = 1000
	}
	keyPath := o.KeyFile
	if keyPath == "" {
		keyPath = a.keyPath
	}
	key, err := ReadKey(keyPath)
	if err != nil {
		return nil, err
	}
	if e.pseudonyms, err = a.pseudonyms(keyPath, key); err != nil {
		return nil, err
	}
	if err := a.db.QueryRow("SELECT max_fdr FROM runs WHERE run_id = ?", run.rowID).Scan(&e.promised); err != nil {
		return nil, databaseProblem(a.path, err)
	}
	e.caseKey, e.below = key, map[string][]ranked{}
	if a.folder != "" {
		if e.next, err = readNextBest(a.folder); err != nil {
			return nil, err
		}
	}
	return e, a.readJudged(e)
}

func (a *Audit) readJudged(e *evaluator) error {
	return a.query(func(rows *sql.Rows) error {
		var j judged
		var verdict, cause string
		var number, owner sql.RawBytes
		if err := rows.Scan(&j.caseID, &j.dataset, &j.record, &verdict, &cause, &j.pWrong, &number, &owner, &j.differences, &j.ambiguous); err != nil {
			return err
		}
		j.verdict, _ = words.VerdictNamed(verdict)
		j.cause, _ = words.CauseNamed(cause)
		copy(j.number[:], number)
		j.hasOwner = copy(j.owner[:], owner) > 0
		j.next = -1
		at := int32(len(e.findings))
		key := j.dataset + "\x00" + j.record
		if first, ok := e.byRecord[key]; ok {
			j.next = first
		}
		e.byRecord[key] = at
		e.findings = append(e.findings, j)
		return nil
	}, `SELECT case_id, dataset, record_id, verdict, cause, p_wrong, number_hash, owner_hash, differences, ambiguous
		FROM findings WHERE run_id = ? ORDER BY finding_id`, e.run.rowID)
}

// truthColumns are the columns of a truth file; the last two need not be there.
var truthColumns = []string{"dataset", "record_id", "claimed_number", "true_number", "label", "cause", "detail", "trace"}

const truthNeeded = 6

type truthRow struct{ dataset, record, claimed, owner, label, cause, detail, trace string }

func (e *evaluator) readTruth(path string) error {
	file, err := os.Open(path)
	if err != nil {
		return &Problem{Kind: ProblemTruth, Path: path, Err: withoutPath(err)}
	}
	defer file.Close()
	var text io.Reader = file
	if strings.HasSuffix(path, ".gz") {
		if text, err = gzip.NewReader(file); err != nil {
			return &Problem{Kind: ProblemTruth, Path: path, Err: err}
		}
	}
	rows := csv.NewReader(text)
	rows.ReuseRecord = true
	heading, err := rows.Read()
	if err != nil {
		return truthProblem(path, err)
	}
	columns := make([]int, len(truthColumns))
	for i, name := range truthColumns {
		columns[i] = slices.IndexFunc(heading, func(h string) bool {
			return strings.EqualFold(strings.TrimSpace(strings.TrimPrefix(h, "\uFEFF")), name)
		})
		if columns[i] < 0 && i < truthNeeded {
			return &Problem{Kind: ProblemTruth, Path: path, Line: 1, Detail: "no column " + name}
		}
	}
	field := func(row []string, i int) string {
		if columns[i] < 0 {
			return ""
		}
		return row[columns[i]]
	}
	for {
		row, err := rows.Read()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return truthProblem(path, err)
		}
		t := truthRow{field(row, 0), field(row, 1), field(row, 2), field(row, 3), field(row, 4), field(row, 5), field(row, 6), field(row, 7)}
		if t.label != "ok" && t.label != "mislinked" && t.label != "orphan" {
			line, _ := rows.FieldPos(columns[4])
			return &Problem{Kind: ProblemTruth, Path: path, Line: int64(line), Detail: "label is not ok, mislinked or orphan"}
		}
		e.judge(&t)
	}
}

func truthProblem(path string, err error) error {
	var parse *csv.ParseError
	if errors.As(err, &parse) {
		return &Problem{Kind: ProblemTruth, Path: path, Line: int64(parse.Line), Err: parse.Err}
	}
	if errors.Is(err, io.EOF) {
		return &Problem{Kind: ProblemTruth, Path: path, Detail: "empty"}
	}
	return &Problem{Kind: ProblemTruth, Path: path, Err: err}
}

// find gives the finding of a row of the truth file. Where several findings
// have the same record id, the number tells; an orphan's may have been
// completed by the zero that a spreadsheet dropped.
func (e *evaluator) find(t *truthRow) *judged {
	e.key = append(append(append(e.key[:0], t.dataset...), 0), t.record...)
	at, ok := e.byRecord[string(e.key)]
	if !ok {
		return nil
	}
	number := e.pseudonyms.Of(t.claimed)
	if f := &e.findings[at]; f.next < 0 && f.verdict == linkage.Orphan && t.label == "orphan" {
		return f
	}
	for ; at >= 0; at = e.findings[at].next {
		if f := &e.findings[at]; f.number == number {
			return f
		}
	}
	return nil
}

func (e *evaluator) judge(t *truthRow) {
	if !slices.Contains(e.run.Datasets, t.dataset) {
		e.others++
		return
	}
	e.links++
	f := e.find(t)
	verdict := linkage.Verified
	if f != nil {
		verdict = f.verdict
		f.known, f.label, f.traced = true, strings.Clone(t.label), t.label == "mislinked" && t.trace != "no"
	}
	if f == nil && len(e.next) > 0 {
		e.rankNext(t)
	}
	e.confusion[[2]string{labelName(t.label), verdict.String()}]++
	dataset := e.scores[t.dataset]
	if dataset == nil {
		dataset = &counts{}
		e.scores[strings.Clone(t.dataset)] = dataset
	}
	for _, c := range [...]*counts{e.scores[""], dataset} {
		e.count(c, t, f, verdict)
	}
	if t.label == "mislinked" {
		e.countCause(t, f, verdict)
		if f == nil {
			e.unfound++
		}
		if verdict != linkage.Mislinked && verdict != linkage.Review {
			e.missedAll++
			if len(e.missed) < e.list {
				e.missed = append(e.missed, miss(t, f, verdict))
			}
		}
		return
	}
	if t.label == "ok" {
		e.countInnocent(t.cause, verdict)
	}
	if verdict == linkage.Mislinked {
		e.falseAll++
		if len(e.falseList) < e.list {
			e.falseList = append(e.falseList, miss(t, f, verdict))
		}
	}
}

// rankNext gives a verified link its place below the findings, if it has one.
func (e *evaluator) rankNext(t *truthRow) {
	p, ok := e.next[linkage.CaseID(e.caseKey, t.dataset, t.record, t.claimed)]
	if ok && (t.label != "mislinked" || t.trace != "no") {
		dataset := strings.Clone(t.dataset)
		e.below[dataset] = append(e.below[dataset], ranked{p, t.label == "mislinked"})
	}
}

// labelName is a constant equal to the label, which lies in a buffer.
func labelName(label string) string {
	switch label {
	case "ok":
		return "ok"
	case "orphan":
		return "orphan"
	}
	return "mislinked"
}

func (e *evaluator) count(c *counts, t *truthRow, f *judged, verdict linkage.Verdict) {
	c.links++
	wrong, traced := t.label == "mislinked", t.label == "mislinked" && t.trace != "no"
	switch t.label {
	case "mislinked":
		c.wrong++
		if traced {
			c.traced++
		}
	case "orphan":
		c.orphans++
	default:
		c.right++
	}
	switch verdict {
	case linkage.Mislinked:
		c.mislinked++
		if wrong {
			c.hits++
			e.countOwner(c, t, f)
		}
		if traced {
			c.tracedHits++
		}
		if t.label == "ok" {
			c.convicts++
		}
	case linkage.Review:
		c.review++
		if f.ambiguous {
			c.countAmbiguous(wrong, traced)
		}
		if traced {
			c.tracedReviewed++
		}
		if t.label == "ok" {
			c.reviewed++
		}
	case linkage.Orphan:
		c.orphan++
		if t.label == "orphan" {
			c.orphanHits++
		}
	}
}

func (c *counts) countAmbiguous(wrong, traced bool) {
	c.ambiguous++
	if wrong {
		c.ambiguousWrong++
	}
	if traced {
		c.ambiguousTraced++
	}
}

func (e *evaluator) countOwner(c *counts, t *truthRow, f *judged) {
	if f.cause.String() == t.cause {
		c.causesRight++
	}
	if t.owner == "" {
		c.absent++
		if !f.hasOwner {
			c.absentRight++
		}
		return
	}
	c.owners++
	if e.ownerRight(t, f) {
		c.ownersRight++
	}
}

func (e *evaluator) ownerRight(t *truthRow, f *judged) bool {
	return f.hasOwner && f.owner == e.pseudonyms.Of(t.owner)
}

func (e *evaluator) countCause(t *truthRow, f *judged, verdict linkage.Verdict) {
	key := [2]string{t.dataset, t.cause}
	c := e.causes[key]
	if c == nil {
		c = &causeCounts{}
		e.causes[[2]string{strings.Clone(t.dataset), strings.Clone(t.cause)}] = c
	}
	c.wrong++
	traced := t.trace != "no"
	if traced {
		c.traced++
	}
	if verdict != linkage.Mislinked && verdict != linkage.Review {
		return
	}
	if traced && verdict == linkage.Mislinked {
		c.hits++
	}
	if traced && verdict == linkage.Review {
		c.reviewed++
	}
	c.found++
	if f.cause.String() == t.cause {
		c.causeRight++
	}
	e.mixups[[2]string{strings.Clone(t.cause), f.cause.String()}]++
	if t.owner != "" {
		c.owners++
		if e.ownerRight(t, f) {
			c.ownersRight++
		}
	}
}

func miss(t *truthRow, f *judged, verdict linkage.Verdict) Miss {
	m := Miss{
		Dataset: strings.Clone(t.dataset), RecordID: strings.Clone(t.record), Label: labelName(t.label),
		TrueCause: strings.Clone(t.cause), Detail: strings.Clone(t.detail), Trace: strings.Clone(t.trace), Verdict: verdict.String(),
	}
	if f != nil {
		m.CaseID, m.Cause, m.PWrong, m.Differences = f.caseID, f.cause.String(), f.pWrong, f.differences
	}
	return m
}

func (e *evaluator) result() *Evaluation {
	r := &Evaluation{
		Run: e.run, Links: e.links, NotAudited: e.others, Overall: e.score("", ""),
		FalsePositives: nonNilMisses(e.falseList), FalseNegatives: nonNilMisses(e.missed),
		FalsePositivesTotal: e.falseAll, FalseNegativesTotal: e.missedAll,
	}
	for _, dataset := range e.datasets() {
		r.Datasets = append(r.Datasets, e.score(dataset, dataset))
	}
	for i := range e.findings {
		if !e.findings[i].known {
			r.Unmatched++
		}
	}
	r.Causes = e.causeScores()
	r.Confusion = e.confusions()
	r.Mixups = e.mixupList()
	r.PrecisionAt = e.precisionAt()
	r.Calibration, r.Brier = e.calibration()
	r.FDR, r.FDRAt = e.fdr(), e.fdrAt()
	r.Innocent = e.innocents()
	return r
}

func nonNilMisses(m []Miss) []Miss {
	if m == nil {
		return []Miss{}
	}
	return m
}

// datasets are in the order of the run.
func (e *evaluator) datasets() []string {
	list := []string{}
	for _, d := range e.run.Datasets {
		if e.scores[d] != nil {
			list = append(list, d)
		}
	}
	return list
}

func (e *evaluator) score(name, dataset string) Score {
	c := e.scores[dataset]
	s := Score{
		Dataset: name, Links: c.links, Wrong: c.wrong, Traced: c.traced, Mislinked: c.mislinked, Review: c.review,
		Precision: share(c.hits, c.mislinked), Recall: share(c.tracedHits, c.traced),
		RecallOrReview: share(c.tracedHits+c.tracedReviewed, c.traced),
		Ambiguous:      share(c.ambiguousWrong, c.ambiguous),
		RecallWithout:  share(c.tracedHits+c.tracedReviewed-c.ambiguousTraced, c.traced),
		Owner:          share(c.ownersRight, c.owners), OwnerAbsent: share(c.absentRight, c.absent), Cause: share(c.causesRight, c.hits),
		OrphanRecall: share(c.orphanHits, c.orphans), OrphanPrecision: share(c.orphanHits, c.orphan),
		InnocentConvicts: share(c.convicts, c.right), InnocentReviewed: share(c.reviewed, c.right),
	}
	if c.traced > 0 {
		perFault := float64(c.review) / float64(c.traced)
		s.ReviewPerFault = &perFault
		without := float64(c.review-c.ambiguous) / float64(c.traced)
		s.PerFaultWithout = &without
		ap := averagePrecision(e.ranking(dataset), c.traced)
		s.AveragePrecision = &ap
	}
	if s.Precision.scores && s.Recall.scores {
		f1 := 0.0
		if p, q := *s.Precision.Value, *s.Recall.Value; p+q > 0 {
			f1 = 2 * p * q / (p + q)
		}
		s.F1 = &f1
	}
	return s
}

// ranked is a finding in the order of suspicion.
type ranked struct {
	pWrong float64
	wrong  bool
}

// ranking sorts the findings that were judged as links of somebody: a number
// that nobody has is another matter, and a wrong link without a trace counts
// neither way.
func (e *evaluator) ranking(dataset string) []ranked {
	var list []ranked
	for i := range e.findings {
		f := &e.findings[i]
		if !f.known || f.verdict == linkage.Orphan || dataset != "" && f.dataset != dataset || f.label == "mislinked" && !f.traced {
			continue
		}
		list = append(list, ranked{f.pWrong, f.label == "mislinked"})
	}
	for name, below := range e.below {
		if dataset == "" || dataset == name {
			list = append(list, below...)
		}
	}
	sort.SliceStable(list, func(i, j int) bool { return list[i].pWrong > list[j].pWrong })
	return list
}

// averagePrecision is the area under precision over recall, one step for each
// distinct probability, since findings of the same probability have no order.
// Wrong links that are neither findings nor in next.csv are never reached.
func averagePrecision(list []ranked, positives int64) float64 {
	sum, hits, reached := 0.0, int64(0), int64(0)
	for i := 0; i < len(list); {
		j := i
		for ; j < len(list) && list[j].pWrong == list[i].pWrong; j++ {
			if list[j].wrong {
				hits++
			}
		}
		sum += float64(hits-reached) / float64(positives) * float64(hits) / float64(j)
		reached, i = hits, j
	}
	return sum
}

func (e *evaluator) precisionAt() []PrecisionAt {
	list := e.ranking("")
	ks := []int64{10, 30, 100, 300, 1000, 3000, 10_000, 30_000, 100_000}
	if traced := e.scores[""].traced; traced > 0 && !slices.Contains(ks, traced) {
		ks = append(ks, traced)
		slices.Sort(ks)
	}
	result := []PrecisionAt{}
	hits, k := int64(0), int64(0)
	for _, r := range list {
		k++
		if r.wrong {
			hits++
		}
		if len(ks) > 0 && k == ks[0] {
			result = append(result, PrecisionAt{k, share(hits, k)})
			ks = ks[1:]
		}
	}
	return result
}

// calibration sorts findings into tenths of the stated probability. Whatever
// was verified is in none of them: its probability was below the review floor
// and is not kept, so the Brier score counts it as zero.
func (e *evaluator) calibration() ([]Calibration, float64) {
	const bins = 10
	var stated [bins]float64
	var hits, links [bins]int64
	squares, counted := 0.0, int64(0)
	for i := range e.findings {
		f := &e.findings[i]
		if !f.known || f.verdict != linkage.Mislinked && f.verdict != linkage.Review {
			continue
		}
		bin := min(int(f.pWrong*bins), bins-1)
		truth := 0.0
		if f.label == "mislinked" {
			truth = 1
			hits[bin]++
		}
		stated[bin] += f.pWrong
		links[bin]++
		squares += (f.pWrong - truth) * (f.pWrong - truth)
		counted++
	}
	list := []Calibration{}
	for bin := range bins {
		if links[bin] == 0 {
			continue
		}
		list = append(list, Calibration{
			From: float64(bin) / bins, To: float64(bin+1) / bins,
			Stated: stated[bin] / float64(links[bin]), Observed: share(hits[bin], links[bin]),
		})
	}
	rest := e.links - counted - e.scores[""].orphan
	if counted+rest <= 0 {
		return list, 0
	}
	return list, (squares + float64(e.unfound)) / float64(counted+max(rest, 0))
}

func (e *evaluator) fdr() StatedFDR {
	sum, wrong, n := 0.0, int64(0), int64(0)
	for i := range e.findings {
		f := &e.findings[i]
		if !f.known || f.verdict != linkage.Mislinked {
			continue
		}
		n++
		sum += 1 - f.pWrong
		if f.label != "mislinked" {
			wrong++
		}
	}
	s := StatedFDR{Promised: e.promised, Observed: share(wrong, n)}
	if n > 0 {
		s.Stated = math.Max(sum/float64(n), 0)
	}
	return s
}

func (e *evaluator) causeScores() []CauseScore {
	list := []CauseScore{}
	all := map[string]*causeCounts{}
	add := func(dataset, cause string, c *causeCounts) {
		list = append(list, CauseScore{
			Dataset: dataset, Cause: cause, Wrong: c.wrong, Traced: c.traced,
			Recall: share(c.hits, c.traced), RecallOrReview: share(c.hits+c.reviewed, c.traced),
			CauseRight: share(c.causeRight, c.found), OwnerRight: share(c.ownersRight, c.owners),
		})
	}
	for key, c := range e.causes {
		add(key[0], key[1], c)
		sum := all[key[1]]
		if sum == nil {
			sum = &causeCounts{}
			all[key[1]] = sum
		}
		sum.wrong += c.wrong
		sum.traced += c.traced
		sum.hits += c.hits
		sum.reviewed += c.reviewed
		sum.found += c.found
		sum.causeRight += c.causeRight
		sum.owners += c.owners
		sum.ownersRight += c.ownersRight
	}
	for cause, c := range all {
		add("", cause, c)
	}
	datasets := e.datasets()
	sort.Slice(list, func(i, j int) bool {
		a, b := &list[i], &list[j]
		if a.Dataset != b.Dataset {
			return slices.Index(datasets, a.Dataset) < slices.Index(datasets, b.Dataset)
		}
		return causeRank(a.Cause) < causeRank(b.Cause) || causeRank(a.Cause) == causeRank(b.Cause) && a.Cause < b.Cause
	})
	return list
}

// causeRank keeps the causes in the order of the vocabulary; others follow.
func causeRank(word string) int {
	if c, ok := words.CauseNamed(word); ok {
		return int(c)
	}
	return int(linkage.Causes)
}

func (e *evaluator) confusions() []Confusion {
	list := []Confusion{}
	for _, label := range []string{"mislinked", "orphan", "ok"} {
		for _, v := range verdictOrder {
			if n := e.confusion[[2]string{label, v.String()}]; n > 0 {
				list = append(list, Confusion{label, v.String(), n})
			}
		}
	}
	return list
}

func (e *evaluator) mixupList() []Mixup {
	list := []Mixup{}
	for key, n := range e.mixups {
		list = append(list, Mixup{key[0], key[1], n})
	}
	sort.Slice(list, func(i, j int) bool {
		a, b := list[i], list[j]
		if a.Truth != b.Truth {
			return causeRank(a.Truth) < causeRank(b.Truth) || causeRank(a.Truth) == causeRank(b.Truth) && a.Truth < b.Truth
		}
		return causeRank(a.Stated) < causeRank(b.Stated)
	})
	return list
}
