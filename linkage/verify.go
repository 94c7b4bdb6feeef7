package linkage

import (
	"context"
	"slices"
	"sync"

	"github.com/himozuke/himozuke/linkage/ingest"
	"github.com/himozuke/himozuke/normalize"
	"github.com/himozuke/himozuke/score"
)

// neighbours is how many rows before and after a suspect are looked at for
// the number that its own data belongs to.
const neighbours = 6

// clearDeficit is how many bits a link may be below full agreement with its
// holder and still be cleared without a search: less than any cause's prior
// could make up for.
const clearDeficit = 4

// unverifiableBelow is what full agreement of everything in a row must weigh,
// in bits, for the row to be judged at all.
const unverifiableBelow = 9

// suspect is what a run keeps of a link it could not clear at once. Its
// normalized fields stand in the segment at the same position.
type suspect struct {
	holder ref // noRef for orphans
	weight float32
	flags  suspectFlags
	pos    uint16              // row within its batch
	near   [2 * neighbours]ref // holders of the rows before (-1 first) and after (+1 first)
	key    uint64              // hash of its account, certificate or insurance; zero for none
}

type suspectFlags uint8

const (
	isOrphan       suspectFlags = 1 << iota // no holder
	isUnverifiable                          // too little in the row
	sameAsPrevious                          // the row before claims the same number
	hasEnded                                // the record is not valid any more
	keyShared                               // another row carries the same key
	fitsItself                              // the row describes its holder better than chance
)

// suspects are the links of one dataset that need a second look: one segment
// per batch, so that a ref orders them as the file does.
type suspects struct {
	store
	info [][]suspect // parallel to segments
}

func (s *suspects) at(r ref) *suspect { return &s.info[r.segment()][r.row()] }

// verification is the outcome of streaming one dataset past the register.
type verification struct {
	suspects suspects
	rejects  []ingest.Reject
	rows     int64 // in = judged + rejected
	judged   int64
	groups   *groups
	patterns score.Patterns // of links with their holders
	random   score.Patterns // of links with people drawn at random

	integrity *integrity
	sample    *sampler // of the self-check; nil without one
}

// edge is what a batch leaves for its neighbours: the claims of its first and
// last rows.
type edge struct {
	rows        int
	first, last []claim
}

type claim struct {
	number uint64
	holder ref
}

// verify streams one dataset: every row is joined to its holder by number and
// compared; what agrees is counted and forgotten.
func verify(ctx context.Context, src *ingest.Source, reg *register, w *score.Weigher, scheme normalize.Scheme, jobs int, check bool, progress func(rows int64)) (*verification, error) {
	v := &verification{groups: newGroups(), patterns: score.Patterns{}, random: score.Patterns{}}
	workers := make([]*verifier, jobs)
	claims := newClaimMap(reg)
	for k := range workers {
		workers[k] = &verifier{register: reg, weigher: w.Fork(), encoder: newEncoder(scheme), tally: newTally(),
			patterns: newPatternCounter(), random: newPatternCounter(), integrity: new(integrityReader), claimed: claims}
		if check {
			workers[k].sample = newSampler()
		}
	}
	var mu sync.Mutex
	var edges []edge
	rejects := map[int][]ingest.Reject{}
	rejected := 0
	err := src.Scan(ctx, jobs, func(k int, b *ingest.Batch) error {
		if err := checkSegment(src.Path, b.Index); err != nil {
			return err
		}
		w := workers[k]
		w.batch(b)
		seg := w.kept.compact()
		info := slices.Clone(w.info)
		e := w.edge()
		mu.Lock()
		defer mu.Unlock()
		for len(edges) <= b.Index {
			edges = append(edges, edge{})
			v.suspects.segments = append(v.suspects.segments, nil)
			v.suspects.info = append(v.suspects.info, nil)
		}
		edges[b.Index], v.suspects.segments[b.Index], v.suspects.info[b.Index] = e, seg, info
		v.rows += int64(b.Rows() + len(b.Rejects))
		v.judged += int64(b.Rows())
		progress(v.rows)
		if len(b.Rejects) > 0 {
			rejects[b.Index] = slices.Clone(b.Rejects)
			if rejected += len(b.Rejects); rejected > keptRejects {
				forgetRows(rejects[b.Index])
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	for _, w := range workers {
		v.groups.merge(w.tally.sum())
		w.patterns.addTo(v.patterns)
		w.random.addTo(v.random)
	}
	for i := range edges {
		v.rejects = append(v.rejects, rejects[i]...)
	}
	if rejected > keptRejects {
		forgetRows(v.rejects) // whichever worker came last
	}
	joinEdges(&v.suspects, edges)
	readers := make([]*integrityReader, jobs)
	for k, w := range workers {
		readers[k] = w.integrity
	}
	v.integrity = joinIntegrity(claims, readers, reg, jobs)
	v.suspects.markShared(v.integrity, jobs)
	if check {
		samples := make([]*sampler, jobs)
		for k, w := range workers {
			samples[k] = w.sample
		}
		v.sample = joinSamplers(samples, v.judged)
	}
	return v, nil
}

// keptRejects is how many rejected rows of a file are kept as text. A file
// with more of them is broken as a whole.
const keptRejects = 10_000

func forgetRows(rejects []ingest.Reject) {
	for i := range rejects {
		rejects[i].Row = ""
	}
}

// verifier is one worker's state.
type verifier struct {
	register *register
	weigher  *score.Weigher
	encoder  *encoder
	tally    *tally
	patterns *patternCounter
	random   *patternCounter

	randomEvery int // rows that share a random pair

	rows   segment // the batch
	claims []claim
	kept   segment // its suspects
	info   []suspect
	pos    []int // row of each suspect
	weight score.Weight
	record score.Person
	holder score.Person
	other  score.Person

	integrity *integrityReader
	claimed   claimMap
	sample    *sampler

	touched uint64 // keeps the first look of join from being optimized away
}

func (v *verifier) batch(b *ingest.Batch) {
	v.rows.reset(b.FirstLine)
	v.kept.reset(b.FirstLine)
	v.claims, v.info, v.pos = v.claims[:0], v.info[:0], v.pos[:0]
	v.randomEvery = randomEvery
	if b.Index >= randomOftenBlocks {
		v.randomEvery = randomEveryLater
	}
	for i := range b.Rows() {
		number, ok := v.encoder.number(b, i)
		row := v.rows.append(v.encoder.encode(b, i))
		row.number, row.line = number, uint32(b.Line(i)-b.FirstLine)
		if !ok {
			row.number = malformed
		}
	}
	v.join()
	for i := range v.rows.rows {
		suspected := len(v.info)
		v.judge(i)
		cleared, holder := len(v.info) == suspected, v.claims[i].holder
		fits := cleared || holder != noRef && v.weight.Total > fitBits
		key, valid := v.integrity.row(b, i, holder, fits, cleared, v.claimed)
		if !cleared {
			v.info[suspected].note(key, valid, fits)
		}
		if v.sample != nil {
			place := noRef
			if !cleared {
				place = makeRef(b.Index, suspected)
			}
			v.sample.consider(v, b, i, place)
		}
		v.tally.row(b, i, v.register.place(&v.rows.rows[i], holder))
	}
	for k, i := range v.pos {
		v.neighbourhood(&v.info[k], i)
	}
}

// patternCounter counts patterns through a small cache: most links agree in
// one of a few ways.
type patternCounter struct {
	counts score.Patterns
	recent [64]patternCount
}

type patternCount struct {
	pattern score.Pattern
	links   int64
}

func newPatternCounter() *patternCounter { return &patternCounter{counts: score.Patterns{}} }

func (c *patternCounter) count(p score.Pattern) {
	slot := &c.recent[uint32(p)*0x9E3779B1>>26]
	if slot.pattern != p {
		c.flush(slot)
		slot.pattern = p
	}
	slot.links++
}

func (c *patternCounter) flush(slot *patternCount) {
	if slot.links > 0 {
		c.counts[slot.pattern] += slot.links
		slot.links = 0
	}
}

func (c *patternCounter) addTo(total score.Patterns) {
	for i := range c.recent {
		c.flush(&c.recent[i])
	}
	total.Merge(c.counts)
}

// malformed stands for a number that the scheme refuses.
const malformed = ^uint64(0)

// joinGroup is how many look-ups are under way at once, so that their cache
// misses overlap.
const joinGroup = 32

func (v *verifier) join() {
	rows := v.rows.rows
	var touched uint64
	for from := 0; from < len(rows); from += joinGroup {
		group := rows[from:min(from+joinGroup, len(rows))]
		for i := range group {
			touched ^= v.register.index.first(group[i].number)
		}
		for i := range group {
			c := claim{number: group[i].number, holder: noRef}
			if c.number != malformed {
				c.holder = v.register.index.find(c.number)
			}
			v.claims = append(v.claims, c)
		}
		for _, c := range v.claims[from:] {
			if c.holder != noRef {
				touched ^= v.register.firstOfName(c.holder)
			}
		}
	}
	v.touched = touched
}

// judge weighs one row against its holder and keeps it if that does not clear it.
func (v *verifier) judge(i int) {
	v.rows.view(i, &v.record)
	c := v.claims[i]
	s := suspect{holder: c.holder}
	if i > 0 && c.number != malformed && v.claims[i-1].number == c.number {
		s.flags |= sameAsPrevious
	}
	if c.holder == noRef {
		s.flags |= isOrphan
		v.keep(i, s)
		return
	}
	v.register.view(c.holder, &v.holder)
	if i%v.randomEvery == 0 {
		v.drawRandom(c.number)
	}
	v.weigher.Compare(&v.record, &v.holder, &v.weight)
	if v.clears(&v.record, &v.holder, &v.weight) {
		v.patterns.count(v.weight.Pattern())
		v.weight.Known = unverifiableBelow
		return
	}
	v.weigher.Weigh(&v.record, &v.holder, &v.weight)
	v.patterns.count(v.weight.Pattern())
	s.weight = v.weight.Total
	if v.weight.Known < unverifiableBelow {
		s.flags |= isUnverifiable
		v.keep(i, s)
		return
	}
	if v.weight.Deficit > clearDeficit {
		v.keep(i, s)
	}
}

// clears tells, of a pair that was compared but not weighed, whether it needs no
// second look: all agrees, or all but the address of somebody whom nobody else
// is like.
func (v *verifier) clears(record, holder *score.Person, w *score.Weight) bool {
	if v.weigher.AgreesFully(w, unverifiableBelow) {
		return true
	}
	level := w.Address
	if w.Birth != score.Exact || level != score.City && level != score.Different {
		return false
	}
	w.Address = score.Unknown
	agrees := v.weigher.AgreesFully(w, movedBits)
	w.Address = level
	return agrees && v.register.alike.unique(record, holder)
}

// movedBits is what name and birth date must weigh for a link to be cleared
// though the address differs: more than a stranger's prior and address could
// make up for.
const movedBits = 20

// Random pairs are drawn from every eighth row of the first blocks of a file
// and more rarely after: u is known well enough by then.
const (
	randomEvery       = 8
	randomEveryLater  = 64
	randomOftenBlocks = 32
)

// drawRandom compares the row with a person drawn by a hash of its number, for
// the u probabilities.
func (v *verifier) drawRandom(number uint64) {
	h := score.Mix(number, 0x75)
	segments := v.register.segments
	seg := segments[h>>32%uint64(len(segments))]
	if len(seg.rows) == 0 {
		return
	}
	var w score.Weight
	seg.view(int(h&0xFFFFFFFF%uint64(len(seg.rows))), &v.other)
	v.weigher.Compare(&v.record, &v.other, &w)
	v.random.count(w.Pattern())
}

func (v *verifier) keep(i int, s suspect) {
	p := v.kept.append(&v.record)
	p.number, p.line = v.rows.rows[i].number, v.rows.rows[i].line
	v.info = append(v.info, s)
	v.pos = append(v.pos, i)
}

func (v *verifier) neighbourhood(s *suspect, i int) {
	s.pos = uint16(i)
	for d := 1; d <= neighbours; d++ {
		s.near[d-1], s.near[neighbours+d-1] = noRef, noRef
		if i-d >= 0 {
			s.near[d-1] = v.claims[i-d].holder
		}
		if i+d < len(v.claims) {
			s.near[neighbours+d-1] = v.claims[i+d].holder
		}
	}
}

func (v *verifier) edge() edge {
	n := min(neighbours, len(v.claims))
	return edge{rows: len(v.claims), first: slices.Clone(v.claims[:n]), last: slices.Clone(v.claims[len(v.claims)-n:])}
}

// joinEdges completes the neighbours of suspects at the ends of their batch.
func joinEdges(s *suspects, edges []edge) {
	before := func(batch, k int) (claim, bool) { // the k-th row before the batch
		for batch--; batch >= 0; batch-- {
			if k <= len(edges[batch].last) {
				return edges[batch].last[len(edges[batch].last)-k], true
			}
			k -= edges[batch].rows
		}
		return claim{}, false
	}
	after := func(batch, k int) (claim, bool) { // the k-th row after the batch
		for batch++; batch < len(edges); batch++ {
			if k <= len(edges[batch].first) {
				return edges[batch].first[k-1], true
			}
			k -= edges[batch].rows
		}
		return claim{}, false
	}
	for b := range s.info {
		for i := range s.info[b] {
			x := &s.info[b][i]
			pos, rest := int(x.pos), edges[b].rows-1-int(x.pos)
			for d := pos + 1; d <= neighbours; d++ {
				if c, ok := before(b, d-pos); ok {
					x.near[d-1] = c.holder
					if number := s.segments[b].rows[i].number; d == 1 && c.number == number && number != malformed {
						x.flags |= sameAsPrevious
					}
				}
			}
			for d := rest + 1; d <= neighbours; d++ {
				if c, ok := after(b, d-rest); ok {
					x.near[neighbours+d-1] = c.holder
				}
			}
		}
	}
}
