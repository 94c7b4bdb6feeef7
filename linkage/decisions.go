package linkage

import (
	"fmt"
	"slices"
	"strconv"
	"sync"

	"github.com/himozuke/himozuke/linkage/ingest"
	"github.com/himozuke/himozuke/normalize"
	"github.com/himozuke/himozuke/score"
)

// Decisions is what reviewers decided about the links of earlier runs.
type Decisions interface {
	// Cases is how many cases of a dataset have a decision.
	Cases(dataset string) int
	// Mentions tells whether a case may be about a row with that record id and
	// number, as written. It is asked for every row, by several goroutines.
	Mentions(dataset string, record, number []byte) bool
	// On gives the decision on a link; the finding holds its case and both rows.
	On(f *Finding) (Decided, DecisionState)
}

// DecisionState says what decisions are worth for a link as it is now.
type DecisionState uint8

// The states.
const (
	DecisionNone      DecisionState = iota // no such case
	DecisionHolds                          // made on these very data
	DecisionChanged                        // the data are not those that the reviewer saw
	DecisionUnsettled                      // unsure, or disputed
)

// Decided is a decision with what the run that it is about had stated.
type Decided struct {
	Wrong      bool
	Weight     float64 // cases that this one stands for: one over its inclusion probability
	Run        string
	Hypotheses []CausePrior
}

// DecisionUse is which decisions a model was learned from.
type DecisionUse struct {
	Runs          map[string]int `json:"runs"` // run → decisions on its findings
	Used          int            `json:"used"`
	Right         int            `json:"right"`
	Wrong         int            `json:"wrong"`
	Weight        float64        `json:"weight"`         // links that they stand for
	Changed       int            `json:"changed"`        // not used: the data changed since
	Missing       int            `json:"missing"`        // not used: the row is not in the file
	Unsettled     int            `json:"unsettled"`      // not used: unsure or disputed
	WithoutHolder int            `json:"without_holder"` // not used: nobody has the number
}

// TaughtPrior is the prior of a cause as decisions corrected it, and how many
// links that is worth: a run adapts it as if it had seen those links before.
type TaughtPrior struct {
	Prior float64 `json:"prior"`
	Links float64 `json:"links"`
}

const (
	// decisionWeightMost bounds how many links one decision stands for.
	decisionWeightMost = 20

	// priorWorth is how many wrong links the stated prior of a cause is worth
	// beside decisions: with fewer of them it hardly moves.
	priorWorth = 20

	// leastExpected is how many wrong links of a cause decisions must have been
	// expected to find to say anything of it.
	leastExpected = 0.5
)

// decidedRow is a row that a decision may be about.
type decidedRow struct {
	finding Finding
	holder  ref
	pattern score.Pattern
}

// lessons is what decisions teach about one dataset.
type lessons struct {
	confirmed score.Confirmed
	priors    map[string]TaughtPrior
	use       *DecisionUse
}

// learn matches decisions to the rows of a dataset, which is read once more.
func (a *audit) learn(d int, decisions Decisions) (*lessons, error) {
	name := a.cfg.Links[d].Dataset
	if decisions == nil || decisions.Cases(name) == 0 {
		return &lessons{}, nil
	}
	rows, err := a.decidedRows(d, decisions)
	if err != nil {
		return nil, err
	}
	if err := a.addHolders(rows); err != nil {
		return nil, err
	}
	l := &lessons{
		confirmed: score.Confirmed{Right: map[score.Pattern]float64{}, Wrong: map[score.Pattern]float64{}},
		use:       &DecisionUse{Runs: map[string]int{}},
	}
	var used []Decided
	seen := map[string]bool{}
	for i := range rows {
		r := &rows[i]
		decided, state := decisions.On(&r.finding)
		if state == DecisionNone || seen[r.finding.CaseID] { // another number, or the row stands twice
			continue
		}
		seen[r.finding.CaseID] = true
		switch {
		case state == DecisionChanged:
			l.use.Changed++
		case state == DecisionUnsettled:
			l.use.Unsettled++
		case r.holder == noRef:
			l.use.WithoutHolder++
		default:
			l.use.take(r, &decided, &l.confirmed)
			used = append(used, decided)
		}
	}
	l.use.Missing = decisions.Cases(name) - len(seen)
	l.priors = teachPriors(used)
	return l, nil
}

// take adds a decision to what is confirmed.
func (u *DecisionUse) take(r *decidedRow, d *Decided, to *score.Confirmed) {
	d.Weight = min(max(d.Weight, 1), decisionWeightMost)
	u.Used++
	u.Runs[d.Run]++
	u.Weight += d.Weight
	if d.Wrong {
		u.Wrong++
		to.Wrong[r.pattern] += d.Weight
	} else {
		u.Right++
		to.Right[r.pattern] += d.Weight
	}
}

// decidedRows reads the rows that decisions may be about, in file order, with
// the pattern of each against its holder.
func (a *audit) decidedRows(d int, decisions Decisions) ([]decidedRow, error) {
	name, src := a.cfg.Links[d].Dataset, a.sources[1+d]
	type worker struct {
		encoder        *encoder
		weigher        *score.Weigher
		rows           segment
		record, person score.Person
		weight         score.Weight
		line           []byte
	}
	workers := make([]worker, a.jobs)
	for k := range workers {
		workers[k] = worker{encoder: newEncoder(a.scheme), weigher: a.clearing[d].Fork()}
	}
	var mu sync.Mutex
	var found []decidedRow
	err := src.Scan(a.ctx, a.jobs, func(k int, b *ingest.Batch) error {
		w := &workers[k]
		for i := range b.Rows() {
			record, number := b.Field(i, ingest.RoleRecord), b.Field(i, ingest.RoleNumber)
			if len(record) == 0 {
				w.line = strconv.AppendInt(w.line[:0], b.Line(i), 10)
				record = w.line
			}
			if !decisions.Mentions(name, record, number) {
				continue
			}
			r := decidedRow{holder: noRef, finding: Finding{
				Dataset: name, RecordID: string(record), SourceLine: b.Line(i), Number: string(number), Record: rawRow(b, i, src),
			}}
			if n, ok := w.encoder.number(b, i); ok {
				r.finding.Number = string(a.scheme.Append(nil, normalize.Number(n)))
				r.holder = a.register.index.find(n)
			}
			r.finding.CaseID = CaseID(a.options.Key, name, r.finding.RecordID, r.finding.Number)
			if r.holder != noRef {
				w.rows.reset(b.FirstLine)
				w.rows.append(w.encoder.encode(b, i))
				w.rows.view(0, &w.record)
				a.register.view(r.holder, &w.person)
				w.weigher.Weigh(&w.record, &w.person, &w.weight)
				r.pattern = w.weight.Pattern()
			}
			mu.Lock()
			found = append(found, r)
			mu.Unlock()
		}
		return nil
	})
	slices.SortFunc(found, func(a, b decidedRow) int { return int(a.finding.SourceLine - b.finding.SourceLine) })
	return found, err
}

// addHolders reads the register's rows of the holders.
func (a *audit) addHolders(rows []decidedRow) error {
	holders := map[int64]*Raw{}
	for i := range rows {
		if h := rows[i].holder; h != noRef {
			holders[a.register.line(h)] = &Raw{}
		}
	}
	if err := fetchPeople(a.ctx, a.register.source, holders); err != nil {
		return err
	}
	for i := range rows {
		if h := rows[i].holder; h != noRef {
			rows[i].finding.Holder = *holders[a.register.line(h)]
		}
	}
	return nil
}

// teachPriors corrects the stated prior of each cause by what decisions found
// of it. Wrong links of a cause come like a Poisson process, its rate has a
// gamma distribution around the stated one that is worth priorWorth wrong
// links, and the decisions say how many there were where so many were expected.
// It is worth as many links to later runs as it takes to expect those: one
// night's, where a sample of all its findings was decided.
func teachPriors(used []Decided) map[string]TaughtPrior {
	var stated, times, expected, confirmed [Causes]float64
	for _, d := range used {
		wrong := 0.0
		for _, h := range d.Hypotheses {
			if h.Cause != NoCause {
				wrong += h.Posterior
			}
		}
		for _, h := range d.Hypotheses {
			if h.Cause == NoCause {
				continue
			}
			stated[h.Cause] += h.Prior
			times[h.Cause]++
			expected[h.Cause] += d.Weight * h.Posterior
			if d.Wrong && wrong > 0 {
				confirmed[h.Cause] += d.Weight * h.Posterior / wrong
			}
		}
	}
	taught := map[string]TaughtPrior{}
	for c := Family; c < Causes; c++ {
		if stated[c] == 0 || expected[c] < leastExpected {
			continue // nobody looked at links of that cause: they say nothing of it
		}
		before := stated[c] / times[c]
		prior := before * (priorWorth + confirmed[c]) / (priorWorth + expected[c])
		taught[c.String()] = TaughtPrior{Prior: min(max(prior, priorFloor), priorRoof), Links: expected[c] / before}
	}
	return taught
}

// taughtPriors are those of a model, by dataset; a cause that was not taught
// has none.
type taughtPriors [][Causes]TaughtPrior

func (f *ModelFile) taught(datasets []string) taughtPriors {
	t := make(taughtPriors, len(datasets))
	for i, name := range datasets {
		for c := Family; c < Causes; c++ {
			t[i][c] = f.Datasets[name].Priors[c.String()]
		}
	}
	return t
}

// check refuses priors that a run could not work with.
func (d *DatasetModel) check() error {
	for word, p := range d.Priors {
		known := false
		for c := Family; c < Causes; c++ {
			known = known || c.String() == word
		}
		if !known || !(p.Prior > 0 && p.Prior < 1) || !(p.Links >= 0) {
			return fmt.Errorf("the prior of the cause %q is not usable", word)
		}
	}
	return nil
}
