package linkage

import "github.com/himozuke/himozuke/score"

// alikeWithin is how far apart, in bits, the weights of two residents may be for
// a row to fit both equally well.
const alikeWithin = 0.5

// markAmbiguous finds the suspects whose row cannot decide, and among them those
// that nothing else can either.
func (d *decider) markAmbiguous(jobs int) {
	workers := make([]hypotheses, jobs)
	for k := range workers {
		workers[k] = hypotheses{decider: d, weighers: d.fork()}
	}
	parallelRuns(jobs, d.shadowsFrom, func(k, i int) {
		people, tied := workers[k].alsoFit(suspectID(i))
		d.judged[i].tied, d.judged[i].ambiguous = tied, len(people) > 0
	})
}

// alsoFit lists the residents who have the holder's name, birth date and sex, as
// the row has them, and whom it fits as well as the holder, unless the rows around
// it say that it is the holder's; tied tells whether there are any, whatever is
// around. Where somebody fits better there are none.
func (h *hypotheses) alsoFit(id suspectID) (people []ref, tied bool) {
	info := h.info(id)
	if info.holder == noRef || info.flags&isUnverifiable != 0 {
		return nil, false
	}
	candidates := h.decider.candidatesOf(id) // the heaviest first
	if len(candidates) == 0 || candidates[0].weight < info.weight-alikeWithin || candidates[0].weight > info.weight+alikeWithin {
		return nil, false
	}
	h.view(id, &h.record)
	h.register.view(info.holder, &h.holder)
	h.weighers[h.where[id].dataset].Weigh(&h.record, &h.holder, &h.weight)
	if !h.weight.NameAgrees() || h.weight.Birth != score.Exact || h.weight.Sex > score.Exact {
		return nil, false
	}
	for _, c := range candidates {
		if c.weight < info.weight-alikeWithin {
			break
		}
		if !h.isDouble(c.person) {
			continue
		}
		if tied = true; !h.isPlaced(id, c.person) {
			people = append(people, c.person)
		}
	}
	return people, tied
}

// isDouble tells whether a person has the holder's name, birth date and sex.
func (h *hypotheses) isDouble(r ref) bool {
	same, sameBirth, read := h.sameName(r)
	return same && !read && sameBirth && score.CompareSex(h.holder.Sex, h.person.Sex) <= score.Exact
}

// isPlaced tells whether the rows around a suspect's say that it is not the
// person's: the person has a record of its own that can be nobody else's, or the
// row stands among those of the holder's family, as files that go by household
// have it.
func (h *hypotheses) isPlaced(id suspectID, person ref) bool {
	info := h.info(id)
	if info.flags&hasEnded == 0 && h.datasets[h.where[id].dataset].integrity.claims.has(person) {
		return true
	}
	return h.familyBeside(info, info.holder) && !h.familyBeside(info, person)
}

// familyBeside tells whether the row before or after belongs to a member of the
// person's family.
func (h *hypotheses) familyBeside(info *suspect, person ref) bool {
	for _, r := range [2]ref{info.near[0], info.near[neighbours]} {
		if r != noRef && r != person && h.register.sameFamily(person, r) {
			return true
		}
	}
	return false
}
