package linkage

import (
	"cmp"
	"slices"

	"github.com/himozuke/himozuke/score"
)

// decoyCount is how many decoys stand beside a register.
func decoyCount(people int64) int { return int(min(people/decoyShare, decoyMost)) }

// decoy makes the n-th decoy of a register: the family name and address of one
// resident, the given name of another, the birth date of a third. Every second
// one is a newcomer to that household, the others have moved to a fourth
// resident's address.
func (r *register) decoy(n int, p, part *score.Person) {
	r.view(r.drawForDecoy(n, 0), p)
	p.Former, p.Alias.Family, p.Alias.Given = nil, nil, nil
	r.view(r.drawForDecoy(n, 1), part)
	p.Name.Given, p.Kana.Given, p.Sex = part.Name.Given, part.Kana.Given, part.Sex
	p.Birth = r.at(r.drawForDecoy(n, 2)).birth
	if n%2 == 0 {
		home := r.at(r.drawForDecoy(n, 3))
		p.Address, p.Postal, p.Household = home.address, home.postal(), 0
	}
}

// drawForDecoy draws one of the residents a decoy is made of.
func (r *register) drawForDecoy(n, part int) ref {
	return r.anybody(score.Mix(uint64(n), 0xDEC0+uint64(part)))
}

// holdForDecoys copies the residents that all decoys are made of.
func (r *register) holdForDecoys(jobs int) {
	if !r.isSpilled() {
		return
	}
	people := make([]ref, 0, 4*decoyCount(r.people))
	for n := range decoyCount(r.people) {
		for part := range 4 {
			people = append(people, r.drawForDecoy(n, part))
		}
	}
	r.hold(people, jobs)
}

// searchDecoys streams the decoys past the suspects' keys as the register was.
// The person of each candidate is the number of the decoy.
func (c *caseload) searchDecoys(like []*seeker) []candidate {
	jobs := len(like)
	seekers := make([]*seeker, jobs)
	parts := make([]score.Person, jobs)
	for k, l := range like {
		seekers[k] = &seeker{caseload: c, weighers: c.fork(), table: l.table, narrowed: l.narrowed, reader: l.reader, end: suspectID(c.shadowsFrom)}
	}
	c.register.holdForDecoys(jobs)
	parallelRuns(jobs, decoyCount(c.register.people), func(k, i int) {
		s := seekers[k]
		c.register.decoy(i, &s.person, &parts[k])
		var keys [keyedRules]uint64
		blockingKeys(&s.person, &keys)
		s.probes = s.probes[:0]
		s.ask(&keys, 0, s.person.Address.Municipality)
		s.askByReading(0, s.person.Address.Municipality)
		for _, m := range s.meet() {
			s.compareDecoy(m.suspect, ref(i))
		}
	})
	var found []candidate
	for _, s := range seekers {
		found = append(found, s.found...)
	}
	slices.SortFunc(found, func(a, b candidate) int {
		return cmp.Or(cmp.Compare(a.suspect, b.suspect), cmp.Compare(a.person, b.person))
	})
	return found
}

// compareDecoy weighs a decoy and keeps it if it fits at all.
func (s *seeker) compareDecoy(id suspectID, r ref) {
	s.view(id, &s.record)
	s.weighers[s.where[id].dataset].Weigh(&s.record, &s.person, &s.weight)
	if s.weight.Total > 0 {
		s.found = append(s.found, candidate{id, r, s.weight.Total})
	}
}

// sieveDecoys keeps the decoys that could be taken for the owner: those that fit
// better than the holder.
func (c *caseload) sieveDecoys(jobs int) {
	weighers := make([][]*score.Weigher, jobs)
	for k := range weighers {
		weighers[k] = c.fork()
	}
	fits := make([]bool, len(c.decoys))
	parallelRuns(jobs, len(c.decoys), func(k, i int) {
		f := &c.decoys[i]
		fits[i] = c.info(f.suspect).holder == noRef || f.weight > c.weighHolder(f.suspect, weighers[k]).Total
	})
	kept := c.decoys[:0]
	for i, f := range c.decoys {
		if fits[i] {
			kept = append(kept, f)
		}
	}
	c.decoys = kept
}

// judgeDecoys counts the links that would be mislinked with a decoy as owner.
// The decoys that matter stand behind the register while it looks.
func (d *decider) judgeDecoys(found []candidate) DecoyCheck {
	check := DecoyCheck{People: d.register.people, Decoys: int64(decoyCount(d.register.people))}
	for id := range d.shadowsFrom {
		if d.judged[id].verdict == Mislinked {
			check.Listed++
		}
	}
	real := d.register.segments
	defer func() { d.register.segments = real }()
	d.register.segments = append(real[:len(real):len(real)], d.register.keepDecoys(found)...)
	h := hypotheses{decider: d, weighers: d.fork()}
	for i, f := range found {
		found[i].weight = d.weighCandidate(f.suspect, makeRef(len(real)+i/segmentRows, i%segmentRows), h.weighers)
	}
	for from := 0; from < len(found); {
		id, to := found[from].suspect, from
		h.beside = append(h.beside[:0], d.candidatesOf(id)...)
		for ; to < len(found) && found[to].suspect == id; to++ {
			h.beside = append(h.beside, candidate{id, makeRef(len(real)+to/segmentRows, to%segmentRows), found[to].weight})
		}
		from = to
		if d.info(id).flags&(isOrphan|isUnverifiable) != 0 {
			continue
		}
		if j := h.judge(id); j.wrong >= d.mislinkedFrom && j.owner != noRef && j.owner.segment() >= len(real) {
			check.Named++
		}
	}
	return check
}

// keepDecoys makes the decoys of some candidates anew, in their order.
func (r *register) keepDecoys(found []candidate) []*segment {
	var list []*segment
	var p, part score.Person
	for i, f := range found {
		if i%segmentRows == 0 {
			list = append(list, &segment{})
		}
		r.decoy(int(f.person), &p, &part)
		list[len(list)-1].append(&p).household = p.Household
	}
	return list
}
