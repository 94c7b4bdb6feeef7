package linkage

import (
	"cmp"
	"context"
	"slices"
	"sync"

	"github.com/himozuke/himozuke/linkage/ingest"
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
	beside uint16              // municipality of the holders of the rows before and after, zero where they differ
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
	readByMany                              // so many may be read like its kana that they were sought nearby only
	agreesInAll                             // only somebody of the same name and birth date could be meant as well
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
	order     order
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
func verify(ctx context.Context, src *ingest.Source, reg *register, w *score.Weigher, jobs int, check bool, progress func(rows int64)) (*verification, error) {
	p := &pass{register: reg, jobs: jobs, claims: newClaimMap(reg), progress: progress, rejects: map[int][]ingest.Reject{},
		out: &verification{patterns: score.Patterns{}, random: score.Patterns{}}}
	for k := range jobs {
		v := &verifier{register: reg, weigher: w.Fork(), tally: newTally(),
			patterns: newPatternCounter(), random: newPatternCounter(), integrity: new(integrityReader), claimed: p.claims}
		if check {
			v.sample = newSampler()
		}
		p.readers = append(p.readers, &linkReader{encoder: reg.encoders[k]})
		p.verifiers = append(p.verifiers, v)
	}
	if err := src.Scan(ctx, jobs, func(k int, b *ingest.Batch) error {
		if err := checkSegment(src.Path, b.Index); err != nil {
			return err
		}
		p.batch(k, b)
		return nil
	}); err != nil {
		return nil, err
	}
	p.judgeWaiting()
	return p.finish(check), nil
}

// pass is one dataset on its way past the register.
type pass struct {
	register  *register
	jobs      int
	readers   []*linkReader // by worker
	verifiers []*verifier
	claims    claimMap
	progress  func(rows int64)

	mu       sync.Mutex
	out      *verification
	edges    []edge
	rejects  map[int][]ingest.Reject
	rejected int

	gate    sync.RWMutex // held by readers while they add to what waits
	waiting waiting
}

// batch reads a batch and judges it; where the register is on disk it waits
// until there are enough to go through the register for.
func (p *pass) batch(k int, b *ingest.Batch) {
	p.note(b)
	r := p.readers[k]
	r.read(b, &r.batch)
	if !p.register.isSpilled() {
		r.batch.join(p.register)
		p.judge(k, &r.batch)
		return
	}
	p.gate.RLock()
	full := p.waiting.add(r.batch.compact(), p.register.gatherLimit)
	p.gate.RUnlock()
	if full {
		p.judgeWaiting()
	}
}

// note counts the rows of a batch and keeps its rejects.
func (p *pass) note(b *ingest.Batch) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.out.rows += int64(b.Rows() + len(b.Rejects))
	p.out.judged += int64(b.Rows())
	p.progress(p.out.rows)
	if len(b.Rejects) > 0 {
		p.rejects[b.Index] = slices.Clone(b.Rejects)
		if p.rejected += len(b.Rejects); p.rejected > keptRejects {
			forgetRows(p.rejects[b.Index])
		}
	}
}

// judge judges a batch that was joined and keeps its suspects.
func (p *pass) judge(k int, l *linkBatch) {
	v := p.verifiers[k]
	v.batch(l)
	seg, info, e := v.kept.compact(), slices.Clone(v.info), l.edge()
	p.mu.Lock()
	defer p.mu.Unlock()
	for len(p.edges) <= l.index {
		p.edges = append(p.edges, edge{})
		p.out.suspects.segments = append(p.out.suspects.segments, nil)
		p.out.suspects.info = append(p.out.suspects.info, nil)
	}
	p.edges[l.index], p.out.suspects.segments[l.index], p.out.suspects.info[l.index] = e, seg, info
}

// finish puts together what the workers counted.
func (p *pass) finish(check bool) *verification {
	v := p.out
	readers := make([]*integrityReader, p.jobs)
	samples := make([]*sampler, p.jobs)
	kind := noKey
	for k, w := range p.verifiers {
		if sum := w.tally.sum(); k == 0 {
			v.groups = sum
		} else {
			v.groups.merge(sum)
		}
		v.order.add(w.order)
		w.patterns.addTo(v.patterns)
		w.random.addTo(v.random)
		readers[k], samples[k] = w.integrity, w.sample
		kind = max(kind, p.readers[k].kind)
	}
	for i := range p.edges {
		v.rejects = append(v.rejects, p.rejects[i]...)
	}
	if p.rejected > keptRejects {
		forgetRows(v.rejects) // whichever worker came last
	}
	joinEdges(&v.suspects, p.edges)
	v.integrity = joinIntegrity(kind, p.claims, readers, p.register, p.jobs)
	v.suspects.markShared(v.integrity, p.jobs)
	v.suspects.countAgreeing(v.integrity)
	if check {
		v.sample = joinSamplers(samples, v.judged)
	}
	return v
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
	tally    *tally
	patterns *patternCounter
	random   *patternCounter

	kept   segment // suspects of the batch
	info   []suspect
	pos    []int // row of each suspect
	weight score.Weight
	record score.Person
	holder score.Person
	other  score.Person

	integrity *integrityReader
	claimed   claimMap
	sample    *sampler
	fates     []fate   // of the rows of a batch
	home      uint16   // municipality of the holder of the row in hand
	places    []uint16 // municipalities of the rows of a batch, else of their holders
	homes     []uint16 // municipalities of their holders
	order     order

	agreements [score.Exact + 1]fullAgreement // by how sex compares
}

// judgeGroup is how many rows are judged while what they read is in the cache.
const judgeGroup = 32

// fate is what became of a row.
type fate uint8

const (
	isCleared fate = 1 << iota // it needs no second look
	isFitting                  // it describes its holder better than chance
)

// batch judges the rows of a batch that was joined.
func (v *verifier) batch(l *linkBatch) {
	v.kept.reset(l.rows.firstLine)
	v.info, v.pos, v.places, v.homes, v.fates = v.info[:0], v.pos[:0], v.places[:0], v.homes[:0], v.fates[:0]
	for i := range l.rows.rows {
		if i%judgeGroup == 0 {
			l.approach(v.register, v.claimed, i)
		}
		suspected := len(v.info)
		v.judge(l, i)
		place, f := noRef, isCleared|isFitting
		holder := l.claims[i].holder
		if len(v.info) > suspected {
			place, f = makeRef(l.index, suspected), 0
			if v.info[suspected].flags&agreesInAll != 0 || holder != noRef && v.weight.Total > fitBits {
				f = isFitting
			}
			v.info[suspected].note(&l.extras[i], f == isFitting)
		}
		v.fates = append(v.fates, f)
		if v.sample != nil {
			v.sample.consider(v, l, i, place)
		}
		v.homes = append(v.homes, v.home)
		v.places = append(v.places, cmp.Or(l.rows.rows[i].address.Municipality, v.home))
	}
	for i, f := range v.fates {
		v.integrity.row(&l.extras[i], l.claims[i].holder, f, v.claimed)
	}
	for i, place := range v.places {
		v.tally.row(place, l.organization(i), l.extras[i].date)
	}
	for k, i := range v.pos {
		l.neighbourhood(&v.info[k], i)
		v.info[k].beside = placeBeside(v.homes, i)
	}
	v.order.count(v.homes)
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

// judge weighs one row against its holder and keeps it if that does not clear it.
func (v *verifier) judge(l *linkBatch, i int) {
	c := l.claims[i]
	s := suspect{holder: c.holder}
	if i > 0 && c.number != malformed && l.claims[i-1].number == c.number {
		s.flags |= sameAsPrevious
	}
	v.home = 0
	if c.holder == noRef {
		s.flags |= isOrphan
		l.rows.view(i, &v.record)
		v.keep(l, i, s)
		return
	}
	of, at := l.holder(v.register, i)
	v.home = of.rows[at].address.Municipality
	if i%l.randomEvery == 0 && l.drawn[i/l.randomEvery] != noRef {
		var w score.Weight
		l.rows.view(i, &v.record)
		l.viewDrawn(v.register, i/l.randomEvery, &v.other)
		v.weigher.Compare(&v.record, &v.other, &w)
		v.random.count(w.Pattern())
	}
	agreement := v.agreementOf(&l.rows, i, of, at)
	if agreement != nil && agreement.clears {
		v.patterns.count(agreement.pattern)
		v.weight.Known = unverifiableBelow
		return
	}
	l.rows.view(i, &v.record)
	of.view(at, &v.holder)
	v.weigher.Compare(&v.record, &v.holder, &v.weight)
	clears := v.register.clears(v.weigher, &v.record, &v.holder, &v.weight)
	if clears && !v.register.alike.mayMeanAnother(&v.record, &v.holder) {
		if agreement != nil {
			*agreement = fullAgreement{clears: true, pattern: v.weight.Pattern()}
		}
		v.patterns.count(v.weight.Pattern())
		v.weight.Known = unverifiableBelow
		return
	}
	v.weigher.WeighCompared(&v.record, &v.holder, &v.weight)
	v.patterns.count(v.weight.Pattern())
	s.weight = v.weight.Total
	if v.weight.Known < unverifiableBelow {
		s.flags |= isUnverifiable
		v.keep(l, i, s)
		return
	}
	if clears || v.weight.Deficit <= clearDeficit {
		if !clears && !v.register.alike.mayMeanAnother(&v.record, &v.holder) {
			return
		}
		s.flags |= agreesInAll
	}
	v.keep(l, i, s)
}

// clears tells, of a pair that was compared but not weighed, whether it needs no
// second look: all agrees, or all but the address of somebody whom nobody else
// is like.
func (r *register) clears(weigher *score.Weigher, record, holder *score.Person, w *score.Weight) bool {
	if weigher.AgreesVerifiably(w, unverifiableBelow) {
		return true
	}
	level := w.Address
	if w.Birth != score.Exact || level != score.City && level != score.Different {
		return false
	}
	w.Address = score.Unknown
	agrees := weigher.AgreesFully(w, movedBits)
	w.Address = level
	return agrees && r.alike.unique(record, holder)
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

func (v *verifier) keep(l *linkBatch, i int, s suspect) {
	p := v.kept.append(&v.record)
	p.number, p.line = l.rows.rows[i].number, l.rows.rows[i].line
	v.info = append(v.info, s)
	v.pos = append(v.pos, i)
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
