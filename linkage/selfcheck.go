package linkage

import (
	"cmp"
	"slices"

	"github.com/himozuke/himozuke/normalize"
	"github.com/himozuke/himozuke/score"
)

// A run checks itself without labels, in two ways that never touch what it
// finds. Seeded faults: links that were verified get another number in a
// shadow copy, as each cause would give it, and go through the same search and
// decision; how many are found estimates recall. Decoys: people who do not
// exist stand beside the register in the search; how many links would name one
// as their owner estimates false discoveries.

// SelfCheck is what a run measured on itself.
type SelfCheck struct {
	Seeded []SeededFaults // by dataset, then by cause
	Decoys DecoyCheck
}

// SeededFaults counts what became of the planted faults of one cause.
type SeededFaults struct {
	Dataset   string
	Cause     Cause
	Planted   int64
	Traced    int64 // those whose row fits its owner better than the holder of the planted number
	Mislinked int64 // of the traced
	Review    int64 // of the traced
	Owner     int64 // of the traced, found with the right owner
}

// DecoyCheck counts the links that would have named a decoy.
type DecoyCheck struct {
	People int64 // in the register
	Decoys int64
	Named  int64 // links that would be mislinked with a decoy as their owner
	Listed int64 // links that are mislinked
}

const (
	// shadowShare, shadowFewest and shadowMost bound how many links of a
	// dataset get a shadow: enough for an interval, few enough to cost nothing.
	shadowShare  = 300
	shadowFewest = 50
	shadowMost   = 3000

	// decoyShare is how many residents share one decoy.
	decoyShare = 20
	decoyMost  = 250_000

	// tracedBits is by how much a row must fit its owner better for a fault to
	// be one that can be found.
	tracedBits = 1
)

// seededCauses are the causes that a shadow can show by itself. A slip of the
// number needs a number beside it and takes precedence where there is one.
var seededCauses = [...]Cause{Family, Namesake, CarryOver, Unrelated, UnknownOwner}

// sampledLink is a link that may get a shadow.
type sampledLink struct {
	hash     uint64
	line     int64
	holder   ref // whom the row describes
	previous ref // holder of the row before
	near     [2 * neighbours]ref
	suspect  ref // where the link stands among the suspects, noRef when it was cleared
	ended    bool
	row      int // in the sampler's records
}

// sampler draws links of one dataset: those with the lowest hash of their
// line, so that the draw does not depend on who reads which batch.
type sampler struct {
	links     []sampledLink
	records   segment
	threshold uint64
}

func newSampler() *sampler { return &sampler{threshold: ^uint64(0)} }

func hashLine(line int64) uint64 { return score.Mix(uint64(line), 0x5EED) }

// consider draws a row of the batch or not.
func (s *sampler) consider(v *verifier, l *linkBatch, i int, suspected ref) {
	line := l.line(i)
	h := hashLine(line)
	if h > s.threshold || l.claims[i].holder == noRef || v.weight.Known < unverifiableBelow {
		return
	}
	link := sampledLink{hash: h, line: line, holder: l.claims[i].holder, previous: noRef, suspect: suspected,
		ended: l.extras[i].ended, row: len(s.records.rows)}
	if i > 0 {
		link.previous = l.claims[i-1].holder
	}
	var near suspect
	l.neighbourhood(&near, i)
	link.near = near.near
	l.rows.view(i, &v.record)
	s.records.append(&v.record)
	s.links = append(s.links, link)
	if len(s.links) >= 2*shadowMost {
		s.keep(shadowMost)
	}
}

// keep drops all but the n lowest. No two lines have the same hash.
func (s *sampler) keep(n int) {
	if len(s.links) <= n {
		return
	}
	hashes := make([]uint64, len(s.links))
	for k := range s.links {
		hashes[k] = s.links[k].hash
	}
	slices.Sort(hashes)
	s.threshold = hashes[n-1]
	s.links = slices.DeleteFunc(s.links, func(x sampledLink) bool { return x.hash > s.threshold })
	var kept segment
	var p score.Person
	for k := range s.links {
		s.records.view(s.links[k].row, &p)
		s.links[k].row = len(kept.rows)
		kept.append(&p)
	}
	s.records = kept
}

// joinSamplers draws from what the workers drew.
func joinSamplers(workers []*sampler, judged int64) *sampler {
	all := newSampler()
	var p score.Person
	for _, w := range workers {
		for _, link := range w.links {
			w.records.view(link.row, &p)
			link.row = len(all.records.rows)
			all.records.append(&p)
			all.links = append(all.links, link)
		}
	}
	all.keep(int(min(max(judged/shadowShare, shadowFewest), shadowMost)))
	slices.SortFunc(all.links, func(a, b sampledLink) int { return cmp.Compare(a.hash, b.hash) })
	return all
}

// selfCheck is the check of one run in progress.
type selfCheck struct {
	register *register
	scheme   normalize.Scheme
	samples  []*sampler // by dataset
	shadows  [][]shadow // by dataset, as planted
	datasets []*verification
}

// shadow is a link with a planted fault.
type shadow struct {
	link    *sampledLink
	cause   Cause
	claimed ref
	traced  bool
	id      suspectID // noSuspect when the planted number was cleared at once
}

const noSuspect = ^suspectID(0)

// plant gives every sampled link another number and verifies it as its
// dataset's links were.
func plant(reg *register, scheme normalize.Scheme, datasets []*verification, weighers []*score.Weigher, jobs int) *selfCheck {
	c := &selfCheck{register: reg, scheme: scheme}
	for _, v := range datasets {
		c.samples = append(c.samples, v.sample)
		c.shadows = append(c.shadows, c.choose(v.sample))
		v.sample = nil
	}
	c.findRelatives(jobs)
	for d, v := range datasets {
		c.datasets = append(c.datasets, c.verify(d, v, weighers[d]))
	}
	return c
}

// choose gives each sampled link its cause and, where that does not take a
// search, its number.
func (c *selfCheck) choose(s *sampler) []shadow {
	shadows := make([]shadow, len(s.links))
	var slips []normalize.Number
	for k := range s.links {
		link := &s.links[k]
		x := shadow{link: link, cause: seededCauses[k%len(seededCauses)], claimed: noRef, id: noSuspect}
		slips = c.scheme.AppendSlips(slips[:0], normalize.Number(c.register.at(link.holder).number))
		for _, n := range slips {
			if r := c.register.index.find(uint64(n)); r != noRef {
				x.cause, x.claimed = NumberTypo, r
				break
			}
		}
		if x.cause == CarryOver && link.previous != link.holder {
			x.claimed = link.previous
		}
		shadows[k] = x
	}
	return shadows
}

// anybody is a resident drawn by a hash.
func (r *register) anybody(h uint64) ref {
	for ; ; h = score.Mix(h, 1) {
		segment := int(h >> 32 % uint64(len(r.segments)))
		if n := r.count(segment); n > 0 {
			return makeRef(segment, int(h&0xFFFFFFFF%uint64(n)))
		}
	}
}

// relative is the draw of one family member or namesake.
type relative struct {
	hash   uint64
	person ref
}

// findRelatives streams the register past the holders that need a member of
// their household or a namesake. Who finds none gets anybody's number.
func (c *selfCheck) findRelatives(jobs int) {
	wanted := map[uint64][]*shadow{}
	filter, outlines := make([]uint64, 1<<12), make([]uint64, 1<<10)
	var p score.Person
	for _, shadows := range c.shadows {
		for k := range shadows {
			x := &shadows[k]
			key := uint64(0)
			switch c.register.view(x.link.holder, &p); {
			case x.claimed != noRef:
			case x.cause == Family, x.cause == UnknownOwner && k%2 == 0: // relatives who live elsewhere
				key = householdKey(&p)
			case x.cause == Namesake:
				key = nameKey(&p)
				outline := nameOutline(&p)
				outlines[outline>>6] |= 1 << (outline & 63)
			}
			if key != 0 {
				wanted[key] = append(wanted[key], x)
				filter[key>>6&(1<<12-1)] |= 1 << (key & 63)
			}
		}
	}
	found := make([]map[*shadow]relative, jobs)
	for k := range found {
		found[k] = map[*shadow]relative{}
	}
	rooms := make([]segment, jobs)
	parallel(jobs, len(c.register.segments), func(w, i int) {
		seg := c.register.segment(i, &rooms[w])
		var p score.Person
		for j := range seg.rows {
			if seg.rows[j].has(flagDead) {
				continue
			}
			seg.view(j, &p)
			keys := [...]uint64{householdKey(&p), 0}
			if outline := nameOutline(&p); outlines[outline>>6]>>(outline&63)&1 != 0 {
				keys[1] = nameKey(&p)
			}
			for _, key := range keys {
				if key == 0 || filter[key>>6&(1<<12-1)]>>(key&63)&1 == 0 {
					continue
				}
				for _, x := range wanted[key] {
					r := makeRef(i, j)
					h := score.Mix(seg.rows[j].number, x.link.hash)
					if best, ok := found[w][x]; r != x.link.holder && (!ok || h < best.hash || h == best.hash && r < best.person) {
						found[w][x] = relative{h, r}
					}
				}
			}
		}
	})
	for _, shadows := range c.shadows {
		for k := range shadows {
			shadows[k].settle(c.register, found)
		}
	}
}

// settle takes the relative with the lowest draw, else anybody.
func (x *shadow) settle(reg *register, found []map[*shadow]relative) {
	if x.claimed != noRef {
		return
	}
	best := relative{person: noRef}
	for _, f := range found {
		if r, ok := f[x]; ok && (best.person == noRef || r.hash < best.hash || r.hash == best.hash && r.person < best.person) {
			best = r
		}
	}
	x.claimed = best.person
	if x.claimed == noRef || reg.index.find(reg.at(x.claimed).number) != x.claimed {
		if x.cause != UnknownOwner {
			x.cause = Unrelated
		}
		x.claimed = reg.anybody(score.Mix(x.link.hash, 2))
	}
}

func householdKey(p *score.Person) uint64 {
	if p.Household == 0 {
		return 0
	}
	return score.Mix(uint64(p.Household), 0x48) | 1
}

// nameOutline is the same for people of one name and takes no look at most of it:
// how long it is, and how it begins and ends.
func nameOutline(p *score.Person) uint16 {
	if len(p.Kana.Family) > 0 {
		return outlineOf(p.Kana.Family, p.Kana.Given)
	}
	if len(p.Name.Family) > 0 {
		return outlineOf(p.Name.Family, p.Name.Given)
	}
	return 0
}

func outlineOf[T byte | uint16](family, given []T) uint16 {
	end := given
	if len(given) == 0 {
		end = family
	}
	n := len(family) + len(given)
	return uint16((uint32(n)<<24 ^ uint32(family[0])<<8 ^ uint32(end[len(end)-1])) * 0x9E3779B1 >> 16)
}

func nameKey(p *score.Person) uint64 {
	switch {
	case len(p.Kana.Family) > 0:
		return score.Mix(score.HashKana(p.Kana.Family, p.Kana.Given), 0x4E) | 1
	case len(p.Name.Family) > 0:
		return score.Mix(score.HashKanjiName(p.Name.Family, p.Name.Given), 0x4F) | 1
	}
	return 0
}

// verify weighs the shadows of one dataset against the holders of their new
// numbers; those that are not cleared become suspects of a dataset beside it.
func (c *selfCheck) verify(d int, parent *verification, w *score.Weigher) *verification {
	v := &verification{judged: parent.judged, integrity: parent.integrity}
	seg, info := &segment{}, []suspect{}
	var record, person score.Person
	var claimed, owner score.Weight
	for k := range c.shadows[d] {
		x := &c.shadows[d][k]
		link := x.link
		if x.claimed == link.holder {
			continue
		}
		c.samples[d].records.view(link.row, &record)
		c.register.view(link.holder, &person)
		w.Weigh(&record, &person, &owner)
		c.register.view(x.claimed, &person)
		w.Weigh(&record, &person, &claimed)
		x.traced = owner.Total-claimed.Total > tracedBits
		if claimed.Deficit <= clearDeficit || c.register.clears(w, &record, &person, &claimed) {
			continue
		}
		s := suspect{holder: x.claimed, weight: claimed.Total, near: link.near}
		if x.claimed == link.previous {
			s.flags |= sameAsPrevious
		}
		if link.ended {
			s.flags |= hasEnded
		}
		row := seg.append(&record)
		row.number, row.line = c.register.at(x.claimed).number, uint32(link.line)
		x.id = suspectID(len(info)) // completed by number
		info = append(info, s)
	}
	v.suspects.segments, v.suspects.info = []*segment{seg}, [][]suspect{info}
	return v
}

// number completes the ids of the shadows, which stand behind the real
// suspects.
func (c *selfCheck) number(load *caseload) {
	for d := range c.shadows {
		first := suspectID(load.first[load.real+d])
		for k := range c.shadows[d] {
			if x := &c.shadows[d][k]; x.id != noSuspect {
				x.id += first
			}
		}
	}
}

// hide takes from the candidates the owners that are meant to be missing from
// the register.
func (c *selfCheck) hide(found []candidate) []candidate {
	absent := map[suspectID]ref{}
	for _, shadows := range c.shadows {
		for _, x := range shadows {
			if x.cause == UnknownOwner && x.id != noSuspect {
				absent[x.id] = x.link.holder
			}
		}
	}
	return slices.DeleteFunc(found, func(f candidate) bool {
		owner, ok := absent[f.suspect]
		return ok && f.person == owner
	})
}

// judge decides on the shadows by the priors and thresholds of the run.
func (c *selfCheck) judge(d *decider, names []string) []SeededFaults {
	h := hypotheses{decider: d, weighers: d.fork()}
	var counts []SeededFaults
	for i, shadows := range c.shadows {
		d.priors[d.real+i], d.logs[d.real+i], d.mixups[d.real+i] = d.priors[i], d.logs[i], d.mixups[i]
		var byCause [Causes]SeededFaults
		for k := range shadows {
			if x := &shadows[k]; x.claimed != x.link.holder && d.verdictOf(i, x.link.suspect) == Verified {
				byCause[x.cause].add(x, &h)
			}
		}
		for cause, n := range byCause {
			if n.Planted > 0 {
				n.Dataset, n.Cause = names[i], Cause(cause)
				counts = append(counts, n)
			}
		}
	}
	return counts
}

// add counts one shadow.
func (n *SeededFaults) add(x *shadow, h *hypotheses) {
	n.Planted++
	if !x.traced {
		return
	}
	n.Traced++
	if x.id == noSuspect {
		return
	}
	j := h.judge(x.id)
	switch {
	case j.wrong >= h.mislinkedFrom:
		n.Mislinked++
	case j.wrong >= h.reviewFrom:
		n.Review++
	default:
		return
	}
	if x.cause == UnknownOwner && j.owner == noRef || x.cause != UnknownOwner && j.owner == x.link.holder {
		n.Owner++
	}
}

// verdictOf is the verdict of a link by its place among the suspects of a
// dataset; what was cleared is verified.
func (d *decider) verdictOf(dataset int, r ref) Verdict {
	if r == noRef {
		return Verified
	}
	id := d.first[dataset] + r.row()
	for _, batch := range d.datasets[dataset].suspects.info[:r.segment()] {
		id += len(batch)
	}
	return d.judged[id].verdict
}
