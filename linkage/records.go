package linkage

import (
	"iter"
	"math"
	"slices"

	"github.com/himozuke/himozuke/score"
)

// A person mostly has one valid record in a dataset. What other records there are,
// of the holder and of whoever else a row may describe, tells whose it is.

const (
	// besideHolders is the most wrong links that stand beside the holder's own
	// record: of those that insurers knew by 2022, 94% did.
	besideHolders = 0.94

	// ownerToo is how often the owner of a wrong link has another valid record,
	// under its own number: it was missed and entered again.
	ownerToo = 0.1

	// mostTwice is what another fitting record of the number may weigh at most.
	mostTwice = 8

	// twiceRows and twiceRate are the rows that a dataset is taken to have had
	// before this run, and the rate of people with two records among them.
	twiceRows = 1000
	twiceRate = 1e-3
)

// otherRecord is what else stands under a suspect's number.
type otherRecord int

const (
	noRecord        otherRecord = iota // none, or somebody else's
	doubtfulRecord                     // one that may be the holder's
	undecidedRecord                    // one that fits the holder and a double alike
	fittingRecord                      // one that fits the holder
)

// otherRecord looks for another valid row of a suspect's number. It gives the
// holder's double where there is such a row to be either's.
func (d *decider) otherRecord(id suspectID) (found otherRecord, double ref) {
	if holder := d.info(id).holder; d.datasets[d.parent(d.where[id].dataset)].integrity.claims.has(holder) {
		return fittingRecord, noRef
	}
	double = noRef
	for other := range d.besides(id) {
		if found == noRecord {
			double = d.double(id)
		}
		switch {
		case d.fitsAlike(other, double):
			found = max(found, undecidedRecord)
		case d.info(other).flags&agreesInAll != 0:
			return fittingRecord, double
		case !d.isAnothers(other):
			found = max(found, doubtfulRecord)
		}
	}
	return found, double
}

// fitsAlike tells whether a row fits a candidate as well as the holder of its
// number.
func (d *decider) fitsAlike(id suspectID, person ref) bool {
	return person != noRef && slices.ContainsFunc(d.candidatesOf(id), func(c candidate) bool {
		weight := d.info(id).weight
		return c.person == person && c.weight > weight-alikeWithin && c.weight < weight+alikeWithin
	})
}

// besides are the other suspects of a suspect's number that are valid records.
func (d *decider) besides(id suspectID) iter.Seq[suspectID] { return d.validOf(id, d.info(id).holder) }

// validOf are the suspects of a person's number in a suspect's dataset that are
// valid records, but for that suspect.
func (d *decider) validOf(id suspectID, person ref) iter.Seq[suspectID] {
	dataset := d.parent(d.where[id].dataset)
	return func(yield func(suspectID) bool) {
		for _, claim := range d.claimants.of(person) {
			other := suspectID(claim)
			if other != id && d.where[other].dataset == dataset && d.info(other).flags&hasEnded == 0 && !yield(other) {
				return
			}
		}
	}
}

// describes tells whether a suspect's row is clearly a candidate's rather than
// its holder's.
func (d *decider) describes(id suspectID, c candidate) bool {
	return c.weight > d.info(id).weight+fitBits
}

// isAnothers tells whether a suspect's row is clearly somebody else's than the
// holder's.
func (d *decider) isAnothers(id suspectID) bool {
	best := d.candidatesOf(id) // the heaviest first
	return len(best) > 0 && d.describes(id, best[0])
}

// double is somebody who has the name and birth date of a suspect's holder.
func (d *decider) double(id suspectID) ref {
	var holder, person score.Person
	d.register.view(d.info(id).holder, &holder)
	for _, c := range d.candidatesOf(id) {
		d.register.view(c.person, &person)
		if sameName(&holder, &person) && holder.Birth == person.Birth && holder.Birth != 0 {
			return c.person
		}
	}
	return noRef
}

// mixedUp is how likely another link of the suspect's number is to be the
// double's, by how often that happens and by what else the double has.
func (d *decider) mixedUp(id suspectID, double ref) float64 {
	dataset := d.where[id].dataset
	return math.Exp2(d.logs[dataset][Namesake] + d.mixups[dataset].share(true) + d.ownRecordEvidence(id, double).Weight)
}

// twiceRates is how often a link has another fitting record beside it on its
// number: right links by what was counted, wrong ones as often as anybody has
// a record at all.
func (in *integrity) twiceRates(people int64) (right, wrong float64) {
	right = (2*float64(in.fitting-in.distinct) + twiceRows*twiceRate) / (float64(in.fitting) + twiceRows)
	wrong = min(float64(in.distinct)/float64(max(people, 1)), besideHolders)
	return min(right, 1), wrong
}

// ownRecordEvidence is what it weighs for a person to be a suspect's owner that
// another record of the dataset is the person's or that none is: the owner of a
// wrong link mostly misses it. A shared key speaks by itself, and the owners of
// shadows have their records still. Nothing is known of decoys.
func (d *decider) ownRecordEvidence(id suspectID, person ref) (e score.Evidence) {
	dataset := int(d.where[id].dataset)
	in := d.datasets[dataset].integrity
	isDecoy := person.segment() >= len(in.claims)
	if dataset >= d.real || isDecoy || d.info(id).flags&hasEnded != 0 || d.sharesKey(id, person) {
		return e
	}
	_, anybody := in.twiceRates(d.register.people)
	e.Comparison = "other_record"
	if in.claims.has(person) || d.hasDoubtfulRecord(id, person) {
		e.Level, e.Detail, e.M, e.U = score.Different, DetailOwnRecord, ownerToo, anybody
		e.Weight = min(math.Log2(e.M/e.U), 0)
	} else {
		e.Level, e.Detail, e.M, e.U = score.Exact, DetailNoOtherRecord, 1-ownerToo, 1-anybody
		e.Weight = max(math.Log2(e.M/e.U), 0)
	}
	return e
}

// hasDoubtfulRecord tells whether another suspect is a person's record: one of the
// person's number that is nobody else's, or one of the suspect's own number.
func (d *decider) hasDoubtfulRecord(id suspectID, person ref) bool {
	for other := range d.validOf(id, person) {
		if !d.isAnothers(other) {
			return true
		}
	}
	for other := range d.besides(id) {
		for _, c := range d.candidatesOf(other) {
			if c.person == person && d.describes(other, c) {
				return true
			}
		}
	}
	return false
}

// secondRecord is what it weighs against the holder of a suspect's number, in
// bits, that another valid record is the holder's; nothing beside one that has
// ended.
func (d *decider) secondRecord(id suspectID) float64 {
	if d.info(id).flags&hasEnded != 0 {
		return 0
	}
	right, wrong := d.datasets[d.where[id].dataset].integrity.twiceRates(d.register.people)
	return min(max(math.Log2(wrong/right), 0), mostTwice)
}
