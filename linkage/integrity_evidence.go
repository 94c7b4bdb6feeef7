package linkage

import (
	"math"

	"github.com/himozuke/himozuke/score"
)

// What the other rows say of one link, in bits. docs/method.md, section 7, has
// the reasons for the figures.
const (
	// sharedKeyOwner and sharedKeyChance are how often the key of a row stands
	// on its owner's own number too, and on the number of anybody else. The
	// second is the rate of family accounts, shared between the family; it is
	// higher where the keys of strangers are often the same.
	sharedKeyOwner  = 0.5
	sharedKeyChance = 1e-3

	// repeatedKey is how often two rows of one number carry one key although
	// both are right, and strayKey how often that is so of a row that came to
	// the number for another reason than its key.
	repeatedKey = 1e-3
	strayKey    = 1e-5

	// sharedNumber is the chance that a row of a number which the register
	// gives to two people describes the second.
	sharedNumber = 0.5

	// inPlace is the share of owners from outside the register whose row took
	// the place of the holder's.
	inPlace = 0.9

	// runLengthBits is the length of a shifted run.
	runLengthBits = 3
)

var (
	repeatedKeyBits = -math.Log2(repeatedKey)
	strayKeyBits    = math.Log2(strayKey / repeatedKey)
)

// Details of evidence that comes from other rows. They travel to audit.db.
const (
	DetailOtherRecord   = "other_record_fits"    // another valid record of the number fits its holder
	DetailNoOtherRecord = "no_other_record"      // the number has no other valid record; of a candidate: it has no record
	DetailOwnRecord     = "own_record"           // the candidate has a valid record of its own
	DetailLikelyPlace   = "likely_place"         // the candidate lives where the rows beside, else the holder, say
	DetailOtherPlace    = "other_place"          // or elsewhere
	DetailSharedKey     = "linked_by_owner"      // the owner's own number carries the same key
	DetailRepeatedKey   = "key_of_other_record"  // another record of the number carries the same key
	DetailSharedNumber  = "number_on_two_people" // the register gives the number to two people
	DetailHouseholdName = "name_of_household"    // somebody of the holder's household has the row's family name
	DetailSameElsewhere = "same_in_all_datasets" // every record of the number describes the same other person
)

// crossEvidence is what the other rows of a dataset say of one suspect.
type crossEvidence struct {
	twice    float64 // against the holder, in bits: another valid record of the number fits; for it where there is none
	right    float64 // how often a right link has what was seen
	wrong    float64 // and a wrong one
	repeated bool    // a fitting record of the same number carries the same key
}

// cross gathers the evidence of other rows for a suspect.
func (d *decider) cross(id suspectID) (e crossEvidence) {
	info, in := d.info(id), d.datasets[d.where[id].dataset].integrity
	if info.holder == noRef {
		return e
	}
	fitting := 0
	if info.flags&keyShared != 0 {
		for _, other := range in.sharing(info.key) {
			if other.holder() == info.holder && other.fits() {
				fitting++
			}
		}
	}
	if info.flags&fitsItself != 0 {
		fitting--
	}
	e.repeated = fitting > 0
	// The row before speaks by itself: it makes a carried-over number likely.
	if e.repeated || info.flags&(sameAsPrevious|hasEnded) != 0 {
		return e
	}
	right, wrong := in.twiceRates(d.register.people)
	if right >= wrong { // rows of a number mean nothing here
		return e
	}
	switch found, double := d.otherRecord(id); found {
	case fittingRecord, undecidedRecord:
		e.right, e.wrong = right, wrong
		if found == undecidedRecord {
			// It may be the double's, and this one the holder's.
			e.right += wrong * d.mixedUp(id, double)
		}
	case noRecord:
		e.right, e.wrong = 1-right, 1-wrong
	default:
		return e
	}
	e.twice = min(math.Log2(e.wrong/e.right), mostTwice)
	return e
}

// against is what the evidence weighs against the holder, in bits. A swap
// leaves each number with one record, as a right link does.
func (e *crossEvidence) against() float64 {
	if e.repeated {
		return strayKeyBits
	}
	return e.twice
}

// againstShift is the same for a row shift: of a run, only the last number
// has a record of its own left.
func (e *crossEvidence) againstShift() float64 { return min(e.against(), runLengthBits) }

// forStranger is what the evidence does to the hypothesis that nobody in the
// register is the owner, in bits: most such rows stand in the place of the
// holder's own record, not beside it, and then speak as a right link does.
func (e *crossEvidence) forStranger() float64 {
	if e.repeated {
		return 0
	}
	return math.Log2(inPlace*math.Exp2(-e.twice) + 1 - inPlace)
}

// evidence is the same for people to read.
func (e *crossEvidence) evidence(kind keyKind) []score.Evidence {
	switch {
	case e.repeated:
		return []score.Evidence{{
			Comparison: keyComparisons[kind], Level: score.Exact, Detail: DetailRepeatedKey,
			M: repeatedKey, U: strayKey, Weight: -e.against(),
		}}
	case e.twice == 0:
		return nil
	}
	found := score.Evidence{
		Comparison: "other_record", Level: score.Different, Detail: DetailOtherRecord,
		M: e.right, U: e.wrong, Adjustment: math.Log2(e.wrong/e.right) - e.twice, Weight: -e.twice,
	}
	if e.twice < 0 {
		found.Level, found.Detail = score.Exact, DetailNoOtherRecord
	}
	return []score.Evidence{found}
}

// collision tells whether a candidate's key may have been taken for the
// holder's, and what that does to the prior, in bits.
func (h *hypotheses) collision(id suspectID, person ref, cross *crossEvidence) (prior float64, ok bool) {
	holder := h.info(id).holder
	switch {
	case holder == noRef:
		return 0, false
	case cross.repeated:
		// The row came to the number because of the key that both records carry.
		return repeatedKeyBits - strayKeyBits + h.whereabouts(id, h.register.at(person), carryOverNear), true
	case h.sharesKey(id, person):
		// Families share accounts, and a look-up by name finds the namesake's:
		// those causes have the key's weight already.
		name, _, _ := h.sameName(person)
		return 0, !name && !h.sameFamily(person)
	}
	return 0, false
}

// sharedNumberOwner tells whether the register gives the number of a suspect
// to this person too.
func (c *caseload) sharedNumberOwner(id suspectID, person ref) bool {
	return person != noRef && c.register.at(person).number == c.row(id).number && person != c.info(id).holder
}

// sameElsewhere finds the numbers whose records, in several datasets, all
// describe one other person: then the number was given to the wrong person, or
// the register has it wrong, and no dataset by itself is to blame.
func (d *decider) sameElsewhere() map[suspectID]bool {
	found := map[suspectID]bool{}
	for n := range d.shadowsFrom {
		if id := suspectID(n); d.describesOther(id) && d.allDescribe(id) {
			found[id] = true
		}
	}
	return found
}

func (d *decider) describesOther(id suspectID) bool {
	j := &d.judged[id]
	return (j.verdict == Mislinked || j.verdict == Review) && j.owner != noRef && !j.ambiguous
}

// maxRecords is how many doubtful records a number may have for them to be
// compared; a number of more is a dummy.
const maxRecords = 64

// allDescribe tells whether every record of the suspect's number describes the
// suspect's owner, and several datasets have one.
func (d *decider) allDescribe(id suspectID) bool {
	holder, several := d.info(id).holder, false
	claims := d.claimants.of(holder)
	if len(claims) > maxRecords {
		return false
	}
	for _, v := range d.datasets[:d.real] {
		if v.integrity.claims.has(holder) {
			return false
		}
	}
	for _, claim := range claims {
		other := suspectID(claim)
		if !d.describesOther(other) || d.judged[other].owner != d.judged[id].owner {
			return false
		}
		several = several || d.where[other].dataset != d.where[id].dataset
	}
	return several
}

// notes are the evidence that weighs nothing by itself but belongs to a case.
func (c *composer) notes(id suspectID) (list []score.Evidence) {
	if h := c.info(id).holder; h != noRef && c.register.at(h).has(flagShared) {
		list = append(list, score.Evidence{Comparison: "number", Level: score.Unknown, Detail: DetailSharedNumber})
	}
	if c.elsewhere[id] {
		list = append(list, score.Evidence{Comparison: "number", Level: score.Unknown, Detail: DetailSameElsewhere})
	}
	return list
}

// sharedKeyWeight is what it weighs, in bits, that the person's own number
// carries the suspect's key; zero where it does not.
func (c *caseload) sharedKeyWeight(id suspectID, person ref) float32 {
	if !c.sharesKey(id, person) {
		return 0
	}
	return float32(c.keyEvidence(id).Weight)
}

// sharesKey tells whether another number's row carries the suspect's key and
// that number is the person's.
func (c *caseload) sharesKey(id suspectID, person ref) bool {
	if c.info(id).flags&keyShared == 0 {
		return false
	}
	in := c.datasets[c.where[id].dataset].integrity
	for _, other := range in.sharing(c.info(id).key) {
		if other.holder() == person && person != c.info(id).holder {
			return true
		}
	}
	return false
}

// keyEvidence is what a shared key weighs for a candidate.
func (c *caseload) keyEvidence(id suspectID) score.Evidence {
	in := c.datasets[c.where[id].dataset].integrity
	chance := max(sharedKeyChance, 2*float64(in.several-in.family)/float64(max(in.keys, 1)))
	return score.Evidence{
		Comparison: keyComparisons[in.kind], Level: score.Exact, Detail: DetailSharedKey,
		M: sharedKeyOwner, U: chance, Weight: max(math.Log2(sharedKeyOwner/chance), 0),
	}
}
