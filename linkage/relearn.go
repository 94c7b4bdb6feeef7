package linkage

import (
	"cmp"
	"maps"
	"math"
	"slices"

	"github.com/himozuke/himozuke/score"
)

// learner adapts the priors and the m of each dataset to what the hypotheses
// make of its links (expectation–maximization). Training sees only patterns:
// where a row holds little, as in a bank file, it cannot tell a family member's
// link from a right one whose given name is odd, and takes all for right.
type learner struct {
	*decider
	jobs    int
	workers []hypotheses
	terms   [][]term    // of each suspect whose judgement may change
	active  []suspectID // these suspects

	agreeing []suspectID // agree in all with their holder: nothing is to be learned from them

	considered []suspectID     // those that may change what is learned, in order
	counted    []score.Pattern // of each considered suspect, when it was verified
	now        []score.Pattern // the same by the model of now
}

const (
	priorSteps = 6 // before m is touched
	learnSteps = 30

	// learnTolerance is the change of the expected number of wrong links in a
	// step at which learning has come to rest.
	learnTolerance = 0.02
)

// learn judges all suspects and, while priors and m adapt, those in doubt
// again. What may become a finding is judged by the outcome.
func (d *decider) learn(jobs int, floor float64) {
	l := learner{decider: d, jobs: jobs, workers: make([]hypotheses, jobs), terms: make([][]term, d.shadowsFrom)}
	for k := range l.workers {
		l.workers[k] = hypotheses{decider: d, weighers: d.fork()}
	}
	l.judgeAll()
	l.adapt(floor)
	l.weighAgain(l.agreeing)
	l.conclude(l.agreeing)
}

// adapt judges the suspects in doubt until priors and m explain them.
func (l *learner) adapt(floor float64) {
	for range priorSteps {
		l.adaptPriors(l.masses(l.active))
		l.conclude(l.active)
	}
	if !slices.Contains(l.frozen, false) {
		return
	}
	l.considered, _ = l.divide(considerable, 2)
	l.counted = l.patterns(l.considered, l.clearing)
	l.now = slices.Clone(l.counted)
	settled := l.changes(l.considered)
	l.relearn(settled, nil)
	l.weighAgain(l.moved(l.considered))
	l.adaptPriors(l.masses(l.active))
	l.conclude(l.active)

	open, rest := l.divide(leastDoubt, 1-leastDoubt)
	settled = l.changes(rest)
	masses := l.masses(rest)
	for step, before := 0, math.Inf(-1); step < learnSteps; step++ {
		l.relearn(settled, l.changes(open))
		l.weighAgain(l.moved(open))
		sums := l.masses(open)
		for i := range sums {
			sums[i].add(masses[i])
		}
		l.adaptPriors(sums)
		l.conclude(open)
		sum := 0.0
		for _, id := range open {
			sum += l.judged[id].wrong
		}
		if math.Abs(sum-before) < learnTolerance {
			break
		}
		before = sum
	}
	l.conclude(rest)
	found, _ := l.divide(floor*listedBelow, 2)
	l.weighAgain(found)
	l.conclude(found)
}

// judgeAll is the first look at every suspect. It keeps the terms of those that
// may be wrong, and counts the holders who have a double.
func (l *learner) judgeAll() {
	contested := l.contested()
	l.weighHolders(contested, l.weighers, func(i int, w *score.Weight) { l.info(contested[i]).weight = w.Total })
	seen := make([][]doublesSeen, l.jobs)
	for k := range seen {
		seen[k] = make([]doublesSeen, l.real)
	}
	parallelRuns(l.jobs, l.shadowsFrom, func(k, i int) {
		id, h := suspectID(i), &l.workers[k]
		if l.info(id).flags&agreesInAll != 0 && !l.isContested(id) {
			return // has no double, and is judged at last
		}
		if l.judged[i] = h.judge(id); l.judged[i].wrong > negligible {
			l.terms[i] = h.keepTerms()
		}
		l.takeWeight(h, id)
		if at := slices.IndexFunc(h.terms, func(t term) bool { return t.double }); at >= 0 {
			seen[k][l.where[i].dataset].count(h.terms[at].tied)
		}
	})
	for i, v := range l.datasets[:l.real] {
		var all doublesSeen
		for k := range seen {
			all.add(seen[k][i])
		}
		l.mixups[i].expect(float64(v.judged)*v.patterns.WithBirth()*l.register.doubles, all)
	}
	for id := range l.shadowsFrom {
		switch {
		case l.info(suspectID(id)).flags&agreesInAll != 0:
			l.agreeing = append(l.agreeing, suspectID(id))
		case l.judged[id].wrong > negligible:
			l.active = append(l.active, suspectID(id))
		}
	}
}

// isContested tells whether somebody else could be the owner of a suspect. Only of
// such a suspect is the weight asked for by others: it must be known before any is
// judged. That of the others comes with their own judgement.
func (d *decider) isContested(id suspectID) bool { return d.span[id] != span{} }

func (d *decider) contested() (ids []suspectID) {
	for id := range d.shadowsFrom {
		if d.isContested(suspectID(id)) {
			ids = append(ids, suspectID(id))
		}
	}
	return ids
}

// takeWeight keeps what the holder of an uncontested suspect weighed when it was
// judged.
func (d *decider) takeWeight(h *hypotheses, id suspectID) {
	if info := d.info(id); info.holder != noRef && info.flags&isUnverifiable == 0 && !d.isContested(id) {
		info.weight = h.weight.Total
	}
}

// conclude judges suspects again by their terms.
func (l *learner) conclude(ids []suspectID) {
	parallelRuns(l.jobs, len(ids), func(k, i int) {
		id, h := ids[i], &l.workers[k]
		l.judged[id] = h.conclude(h.withPriors(id, l.terms[id]))
	})
}

// divide parts the active suspects by their probability of being wrong.
func (l *learner) divide(from, below float64) (inside, outside []suspectID) {
	for _, id := range l.active {
		if p := l.judged[id].wrong; p >= from && p < below {
			inside = append(inside, id)
		} else {
			outside = append(outside, id)
		}
	}
	return inside, outside
}

// patterns compares suspects with the holders of their numbers.
func (l *learner) patterns(ids []suspectID, weighers []*score.Weigher) []score.Pattern {
	list := make([]score.Pattern, len(ids))
	l.beforeHolders(ids, weighers, func(i int, w *score.Weigher, record, holder *score.Person) {
		list[i] = w.PatternOf(record, holder)
	})
	return list
}

func (l *learner) weighHolders(ids []suspectID, weighers []*score.Weigher, see func(i int, w *score.Weight)) {
	l.beforeHolders(ids, weighers, func(i int, w *score.Weigher, record, holder *score.Person) {
		var weight score.Weight
		w.Weigh(record, holder, &weight)
		see(i, &weight)
	})
}

// beforeHolders brings suspects before the holders of their numbers.
func (l *learner) beforeHolders(ids []suspectID, weighers []*score.Weigher, see func(i int, w *score.Weigher, record, holder *score.Person)) {
	forks := make([][]*score.Weigher, l.jobs)
	for k := range forks {
		forks[k] = score.ForkAll(weighers)
	}
	parallelRuns(l.jobs, len(ids), func(k, i int) {
		id := ids[i]
		if info := l.info(id); info.holder != noRef {
			var record, holder score.Person
			l.view(id, &record)
			l.register.view(info.holder, &holder)
			see(i, forks[k][l.where[id].dataset], &record, &holder)
		}
	})
}

// changes is what suspects do to the counts of right links, by dataset: each
// was counted as right, and is so by its probability only.
func (l *learner) changes(ids []suspectID) []map[score.Pattern]float64 {
	changes := make([]map[score.Pattern]float64, l.real)
	for i := range changes {
		changes[i] = map[score.Pattern]float64{}
	}
	for _, id := range ids {
		if at, ok := slices.BinarySearch(l.considered, id); ok && l.info(id).holder != noRef {
			c := changes[l.where[id].dataset]
			c[l.counted[at]]--
			c[l.now[at]] += 1 - l.judged[id].wrong
		}
	}
	return changes
}

// relearn estimates m from the links that are right.
func (l *learner) relearn(settled, open []map[score.Pattern]float64) {
	for i, v := range l.datasets[:l.real] {
		if l.frozen[i] {
			continue
		}
		changes := maps.Clone(settled[i])
		if open != nil {
			for p, n := range open[i] {
				changes[p] += n
			}
		}
		var confirmed score.Confirmed
		if l.confirmed != nil {
			confirmed = l.confirmed[i]
		}
		if w := l.weighers[i].Relearn(v.patterns, changes, confirmed); w != nil {
			l.weighers[i] = w
			if shadows := l.real + i; shadows < len(l.weighers) {
				l.weighers[shadows] = w
			}
		}
	}
	for k := range l.workers {
		l.workers[k].weighers = l.fork()
	}
}

// moved picks the suspects whose weight the model of now changes by more than
// a trifle.
func (l *learner) moved(ids []suspectID) []suspectID {
	moved := make([]bool, len(ids))
	now := make([]score.Pattern, len(ids))
	l.weighHolders(ids, l.weighers, func(i int, w *score.Weight) {
		now[i] = w.Pattern()
		moved[i] = math.Abs(float64(w.Total-l.info(ids[i]).weight)) > trifle
	})
	var picked []suspectID
	for i, id := range ids {
		if at, ok := slices.BinarySearch(l.considered, id); ok {
			l.now[at] = now[i]
		}
		if moved[i] {
			picked = append(picked, id)
		}
	}
	return picked
}

// trifle is a change of a weight, in bits, that is not worth another look.
const trifle = 0.05

// weighAgain brings the weights and terms of suspects up to the model of now.
func (l *learner) weighAgain(ids []suspectID) {
	var contested []suspectID
	for _, id := range ids {
		if l.isContested(id) {
			contested = append(contested, id)
		}
	}
	l.weighAnew(contested, l.jobs)
	parallelRuns(l.jobs, len(ids), func(k, i int) {
		id, h := ids[i], &l.workers[k]
		h.enumerate(id)
		l.terms[id] = h.keepTerms()
		l.takeWeight(h, id)
	})
}

// weighHolder weighs a suspect against the holder of its number.
func (c *caseload) weighHolder(id suspectID, weighers []*score.Weigher) *score.Weight {
	var record, holder score.Person
	var weight score.Weight
	c.view(id, &record)
	c.register.view(c.info(id).holder, &holder)
	weighers[c.where[id].dataset].Weigh(&record, &holder, &weight)
	return &weight
}

// weighCandidate weighs a suspect against somebody else.
func (c *caseload) weighCandidate(id suspectID, r ref, weighers []*score.Weigher) float32 {
	var record, person score.Person
	var weight score.Weight
	c.view(id, &record)
	c.register.view(r, &person)
	weighers[c.where[id].dataset].Weigh(&record, &person, &weight)
	return weight.Total + c.sharedKeyWeight(id, r)
}

// weighAnew weighs suspects and their candidates by the models of now.
func (d *decider) weighAnew(ids []suspectID, jobs int) {
	weighers := make([][]*score.Weigher, jobs)
	for k := range weighers {
		weighers[k] = d.fork()
	}
	parallelRuns(jobs, len(ids), func(k, i int) {
		id := ids[i]
		info := d.info(id)
		if info.holder != noRef {
			info.weight = d.weighHolder(id, weighers[k]).Total
		}
		candidates := d.candidatesOf(id)
		for n := range candidates {
			candidates[n].weight = d.weighCandidate(id, candidates[n].person, weighers[k])
		}
		slices.SortFunc(candidates, func(a, b candidate) int {
			return cmp.Or(cmp.Compare(b.weight, a.weight), cmp.Compare(a.person, b.person))
		})
	})
}

// shadows lists the suspects of the self-check.
func (c *caseload) shadows() []suspectID {
	ids := make([]suspectID, len(c.where)-c.shadowsFrom)
	for i := range ids {
		ids[i] = suspectID(c.shadowsFrom + i)
	}
	return ids
}
