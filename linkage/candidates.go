package linkage

import (
	"cmp"
	"math/bits"
	"slices"
	"sync/atomic"

	"github.com/himozuke/himozuke/normalize"
	"github.com/himozuke/himozuke/score"
)

// suspectID numbers the suspects of a run: dataset by dataset, in file order.
type suspectID = uint32

// caseload is all suspects of a run, of every dataset.
type caseload struct {
	register *register
	scheme   normalize.Scheme
	datasets []*verification
	where    []suspectPlace // by suspectID
	first    []int          // first suspectID of each dataset
	weighers []*score.Weigher

	// The shadows of the self-check stand behind the real suspects, as datasets
	// of their own.
	real        int // datasets
	shadowsFrom int // suspects
	decoys      []candidate
}

// fork gives a worker its own weighers.
func (c *caseload) fork() []*score.Weigher { return forkAll(c.weighers) }

func forkAll(weighers []*score.Weigher) []*score.Weigher {
	own := make([]*score.Weigher, len(weighers))
	for i, w := range weighers {
		own[i] = w.Fork()
	}
	return own
}

type suspectPlace struct {
	dataset int32
	ref     ref
}

// newCaseload gathers the suspects of the datasets and, behind them, the
// shadows of a self-check, if there is one.
func newCaseload(reg *register, scheme normalize.Scheme, datasets []*verification, weighers []*score.Weigher, check *selfCheck) *caseload {
	c := &caseload{register: reg, scheme: scheme, datasets: datasets, weighers: weighers, real: len(datasets)}
	if check != nil {
		c.datasets = slices.Concat(datasets, check.datasets)
		c.weighers = slices.Concat(weighers, weighers)
	}
	for d, v := range c.datasets {
		if d == c.real {
			c.shadowsFrom = len(c.where)
		}
		c.first = append(c.first, len(c.where))
		for b := range v.suspects.info {
			for i := range v.suspects.info[b] {
				c.where = append(c.where, suspectPlace{int32(d), makeRef(b, i)})
			}
		}
	}
	if check == nil {
		c.shadowsFrom = len(c.where)
	} else {
		check.number(c)
	}
	return c
}

func (c *caseload) info(id suspectID) *suspect {
	w := c.where[id]
	return c.datasets[w.dataset].suspects.at(w.ref)
}

func (c *caseload) row(id suspectID) *row {
	w := c.where[id]
	return c.datasets[w.dataset].suspects.store.at(w.ref)
}

func (c *caseload) view(id suspectID, p *score.Person) {
	w := c.where[id]
	c.datasets[w.dataset].suspects.store.view(w.ref, p)
}

func (c *caseload) line(id suspectID) int64 {
	w := c.where[id]
	return c.datasets[w.dataset].suspects.store.line(w.ref)
}

// reweigh weighs every suspect against its holder by the models that were
// trained after it was kept.
func (c *caseload) reweigh(jobs int) {
	forks := make([][]*score.Weigher, jobs)
	for k := range forks {
		forks[k] = c.fork()
	}
	order := c.byHolder()
	parallelRuns(jobs, len(order), func(k, n int) {
		id := order[n]
		if info := c.info(id); info.holder != noRef {
			info.weight = c.weighHolder(id, forks[k]).Total
		}
	})
}

// byHolder lists the suspects in the order of their holders in the register, so
// that one kept on disk is gone through once.
func (c *caseload) byHolder() []suspectID {
	order := make([]suspectID, len(c.where))
	for i := range order {
		order[i] = suspectID(i)
	}
	if c.register.isSpilled() {
		slices.SortFunc(order, func(a, b suspectID) int {
			return cmp.Or(cmp.Compare(c.info(a).holder, c.info(b).holder), cmp.Compare(a, b))
		})
	}
	return order
}

// candidate is a person of the register that a suspect's data may describe.
type candidate struct {
	suspect suspectID
	person  ref
	weight  float32
}

// BlockCount tells what one blocking rule did.
type BlockCount struct {
	Rule    string
	Keys    int64 // keys that suspects looked for
	Pairs   int64 // suspects times people that share one
	Largest int64 // people in the largest block
	Refined int64 // blocks over the limit, narrowed to a municipality
}

// search finds and weighs the candidates of every suspect. The search is
// inverted: the suspects' keys stand in a small table and the register streams
// past it once. The result is ordered by suspect, then by weight.
func (c *caseload) search(jobs int) ([]candidate, []BlockCount) {
	table := newBlockTable(c.blockEntries(jobs), jobs)
	huge := c.hugeBlocks(table, jobs)
	places := c.places(jobs)
	found := make([][]candidate, jobs)
	seekers := make([]*seeker, jobs)
	for k := range seekers {
		s := &seeker{caseload: c, weighers: c.fork(), table: table, huge: huge, homes: places, counting: true, end: suspectID(len(c.where))}
		s.take = s.compare
		seekers[k] = s
	}
	parallel(jobs, len(c.register.segments), func(k, i int) {
		seekers[k].segment(i)
		c.register.leave(i)
	})
	c.searchDirect(seekers)
	for k := range seekers {
		found[k] = seekers[k].found
	}
	all := slices.Concat(found...)
	slices.SortFunc(all, func(a, b candidate) int {
		return cmp.Or(cmp.Compare(a.suspect, b.suspect), cmp.Compare(b.weight, a.weight), cmp.Compare(a.person, b.person))
	})
	all = slices.CompactFunc(all, func(a, b candidate) bool { return a.suspect == b.suspect && a.person == b.person })
	if len(c.datasets) > c.real {
		c.decoys = c.searchDecoys(seekers[0], jobs)
	}
	counts := c.blockCounts(table, huge)
	table.memory.release()
	return all, counts
}

// blockEntries lists the keys that suspects look for: those of their own data
// and those of the holder that lead to its household and namesakes.
func (c *caseload) blockEntries(jobs int) []blockLists {
	lists := make([]blockLists, jobs)
	keyers := make([]keyer, jobs)
	parallelRuns(jobs, len(c.where), func(k, n int) {
		c.appendBlockEntries(&lists[k], suspectID(n), &keyers[k])
	})
	return lists
}

// appendBlockEntries adds the keys of one suspect.
func (c *caseload) appendBlockEntries(list *blockLists, id suspectID, k *keyer) {
	info := c.info(id)
	if info.flags&isUnverifiable != 0 {
		return
	}
	add := func(keys *[blockingRules]uint64, rules ...blockingRule) {
		for _, rule := range rules {
			if keys[rule] != 0 {
				list.add(blockEntry{keys[rule], id, rule})
			}
		}
	}
	var record, holder score.Person
	c.view(id, &record)
	record.Household = 0
	keys := k.compute(&record)
	keys[byKanaCity] = 0
	if keys[byRareKana] != 0 && c.register.freq.FullKanaCount(record.Kana.Family, record.Kana.Given) > rareKana {
		keys[byRareKana] = 0
	}
	for rule := range blockingRules {
		add(keys, rule)
	}
	if info.holder == noRef {
		return
	}
	c.register.view(info.holder, &holder)
	if record.Address.Town == 0 {
		// A bank row has no address: look near the holder.
		record.Address = holder.Address
		add(k.compute(&record), byKanaCity, byKanjiTown)
	}
	add(k.compute(&holder), byKanaBirth, byHousehold)
}

// sizeSample is how many people are looked at, at least, to tell the huge
// blocks before the search, and sampleStride how few of them may be looked at:
// even a block of the least limit must show in the sample.
const (
	sizeSample   = 1 << 18
	sampleStride = 8
)

// hugeBlocks tells the blocks of more people than their rule allows, so that they can
// be refined instead of compared in full or dropped. A large register is
// sampled: a block of any concern has plenty of people in the sample.
func (c *caseload) hugeBlocks(t *blockTable, jobs int) []bool {
	stride := int(min(max(c.register.people/sizeSample, 1), sampleStride))
	keyers := make([]keyer, jobs)
	parallel(jobs, (len(c.register.segments)+stride-1)/stride, func(k, i int) {
		seg := c.register.segments[i*stride]
		var p score.Person
		for j := range seg.rows {
			seg.view(j, &p)
			keys := keyers[k].compute(&p)
			for wanted := t.mayHave(keys); wanted != 0; wanted &= wanted - 1 {
				if b := t.find(keys[bits.TrailingZeros32(wanted)]); b >= 0 {
					atomic.AddUint32(&t.blocks[b].size, 1)
				}
			}
		}
	})
	huge := make([]bool, len(t.keys))
	for b := range huge {
		huge[b] = int(t.blocks[b].size)*stride > t.blocks[b].rule.limit()
		t.blocks[b].size = 0
	}
	return huge
}

// blockCounts leaves the shadows out.
func (c *caseload) blockCounts(t *blockTable, huge []bool) []BlockCount {
	counts := make([]BlockCount, blockingRules)
	for r := range counts {
		counts[r].Rule = blockingRuleNames[r]
	}
	for b := range t.keys {
		seeking := 0
		for _, id := range t.suspects(b) {
			if int(id) < c.shadowsFrom {
				seeking++
			}
		}
		if seeking == 0 {
			continue
		}
		block := &t.blocks[b]
		n := &counts[block.rule]
		n.Keys++
		n.Pairs += int64(block.size) * int64(seeking)
		n.Largest = max(n.Largest, int64(block.size))
		if huge[b] {
			n.Refined++
		}
	}
	return counts
}

// seeker is one worker of the search.
type seeker struct {
	*caseload
	weighers []*score.Weigher // by dataset
	table    *blockTable
	huge     []bool                    // of its blocks
	homes    [][2]uint16               // of suspects, for huge blocks
	counting bool                      // the people of each block
	end      suspectID                 // suspects from here on are not compared
	take     func(id suspectID, r ref) // what to do with a person who shares a key
	found    []candidate

	keyer   keyer
	person  score.Person
	record  score.Person
	weight  score.Weight
	tried   []suspectID // suspects this person was compared with already
	slips   []normalize.Number
	reached []ref
}

// meetAtOnce is how many people are held against the table's filter together,
// so that their cache misses are under way together.
const meetAtOnce = 32

// segment streams one segment of the register past the table.
func (s *seeker) segment(i int) {
	seg := s.register.segments[i]
	var keys [meetAtOnce][blockingRules]uint64
	for from := 0; from < len(seg.rows); from += meetAtOnce {
		to := min(from+meetAtOnce, len(seg.rows))
		for j := from; j < to; j++ {
			seg.view(j, &s.person)
			keys[j-from] = *s.keyer.compute(&s.person)
		}
		var wanted [meetAtOnce]uint32
		for j := range to - from {
			wanted[j] = s.table.mayHave(&keys[j])
		}
		for j := from; j < to; j++ {
			if wanted[j-from] != 0 && !seg.rows[j].has(flagDead) {
				seg.view(j, &s.person)
				s.meetBy(makeRef(i, j), &keys[j-from], wanted[j-from])
			}
		}
	}
}

// meet brings the person in view before every suspect that shares a key.
func (s *seeker) meet(r ref) {
	keys := s.keyer.compute(&s.person)
	s.meetBy(r, keys, s.table.mayHave(keys))
}

func (s *seeker) meetBy(r ref, keys *[blockingRules]uint64, wanted uint32) {
	s.tried = s.tried[:0]
	for ; wanted != 0; wanted &= wanted - 1 {
		b := s.table.find(keys[bits.TrailingZeros32(wanted)])
		if b < 0 {
			continue
		}
		if s.counting {
			atomic.AddUint32(&s.table.blocks[b].size, 1)
		}
		for _, id := range s.table.suspects(b) {
			if id >= s.end || s.huge[b] && !s.near(id) {
				continue
			}
			if !slices.Contains(s.tried, id) {
				s.tried = append(s.tried, id)
				s.take(id, r)
			}
		}
	}
}

// near tells whether the person lives in the municipality of the record or of
// its holder: the further key of huge blocks.
func (s *seeker) near(id suspectID) bool {
	m := s.person.Address.Municipality
	p := s.homes[id]
	return m != 0 && (p[0] == m || p[1] == m)
}

// places lists the municipalities of every suspect's record and of its holder.
func (c *caseload) places(jobs int) [][2]uint16 {
	list := make([][2]uint16, len(c.where))
	order := c.byHolder()
	parallelRuns(jobs, len(order), func(_, n int) {
		id := order[n]
		list[id][0] = c.row(id).address.Municipality
		if h := c.info(id).holder; h != noRef {
			list[id][1] = c.register.at(h).address.Municipality
		}
	})
	return list
}

// searchDirect weighs the candidates that need no search: holders of
// neighbouring rows' numbers, of numbers one slip away and of numbers with the
// same key. It goes by person, in the order of the register.
func (c *caseload) searchDirect(seekers []*seeker) {
	jobs := len(seekers)
	lists := make([][]uint64, jobs)
	for from := 0; from < len(c.where); from += directAtOnce {
		n := min(directAtOnce, len(c.where)-from)
		for k := range lists {
			lists[k] = lists[k][:0]
		}
		parallelRuns(jobs, n, func(k, i int) { lists[k] = seekers[k].appendDirect(lists[k], suspectID(from+i)) })
		pairs := slices.Concat(lists...)
		slices.Sort(pairs)
		parallelRuns(jobs, len(pairs), func(k, i int) {
			r, id := ref(pairs[i]>>32), suspectID(pairs[i])
			c.register.view(r, &seekers[k].person)
			seekers[k].compare(id, r)
		})
	}
}

// directAtOnce is for how many suspects a pass through the register is made.
const directAtOnce = 1 << 18

// appendDirect lists them for one suspect, person and suspect in one word.
func (s *seeker) appendDirect(pairs []uint64, id suspectID) []uint64 {
	info := s.info(id)
	if info.flags&isUnverifiable != 0 {
		return pairs
	}
	s.reached = s.reached[:0]
	reach := func(r ref) {
		if r != noRef && r != info.holder && !slices.Contains(s.reached, r) {
			s.reached = append(s.reached, r)
			pairs = append(pairs, uint64(r)<<32|uint64(id))
		}
	}
	for _, r := range info.near {
		reach(r)
	}
	if info.flags&keyShared != 0 {
		for _, other := range s.datasets[s.where[id].dataset].integrity.sharing(info.key) {
			reach(other.holder())
		}
	}
	if number := s.row(id).number; number != malformed {
		s.slips = s.scheme.AppendSlips(s.slips[:0], normalize.Number(number))
		for _, n := range s.slips {
			reach(s.register.index.find(uint64(n)))
		}
	}
	return pairs
}

// mayReadAnew tells whether a row of kana alone, of which nothing agrees, may
// still be another reading of the name: of somebody in the holder's family, or
// of an alias.
func (s *seeker) mayReadAnew(info *suspect, r ref) bool {
	return len(s.record.Name.Family) == 0 &&
		(len(s.person.Alias.Family) > 0 || info.holder != noRef && s.register.sameFamily(info.holder, r))
}

// compare weighs one pair and keeps it if the person could be the owner.
func (s *seeker) compare(id suspectID, r ref) {
	info := s.info(id)
	if r == info.holder {
		return
	}
	s.view(id, &s.record)
	w := s.weighers[s.where[id].dataset]
	w.Compare(&s.record, &s.person, &s.weight)
	if s.weight.NothingAgrees() && !s.mayReadAnew(info, r) {
		return
	}
	w.WeighCompared(&s.record, &s.person, &s.weight)
	weight := s.weight.Total + s.sharedKeyWeight(id, r)
	if weight > 0 {
		s.found = append(s.found, candidate{id, r, weight})
	}
}
