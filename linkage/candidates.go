package linkage

import (
	"cmp"
	"math/bits"
	"slices"
	"sync/atomic"
	"unsafe"

	"github.com/himozuke/himozuke/normalize"
	"github.com/himozuke/himozuke/normalize/prefetch"
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
func (c *caseload) fork() []*score.Weigher { return score.ForkAll(c.weighers) }

// parent is the dataset that the shadows of a self-check were taken from, and of
// a real one itself.
func (c *caseload) parent(dataset int32) int32 { return dataset % int32(c.real) }

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

// touch reads what is held of a suspect but for its names, and touchNames
// those: many at once, they are under way together.
func (c *caseload) touch(id suspectID) uint64 {
	w := c.where[id]
	s := &c.datasets[w.dataset].suspects
	return uint64(s.at(w.ref).holder) ^ s.touch(w.ref)
}

func (c *caseload) askFor(id suspectID) {
	w := c.where[id]
	s := &c.datasets[w.dataset].suspects
	prefetch.Line(unsafe.Pointer(s.at(w.ref)))
	s.askFor(w.ref)
}

func (c *caseload) askForName(id suspectID) {
	w := c.where[id]
	c.datasets[w.dataset].suspects.askForNames(w.ref)
}

func (c *caseload) touchNames(id suspectID) uint64 {
	w := c.where[id]
	return c.datasets[w.dataset].suspects.touchNames(w.ref)
}

func (c *caseload) line(id suspectID) int64 {
	w := c.where[id]
	return c.datasets[w.dataset].suspects.store.line(w.ref)
}

// hold copies the holders of all suspects and their candidates out of a
// register on disk: they are what is asked for at random.
func (c *caseload) hold(found []candidate, jobs int) {
	if !c.register.isSpilled() {
		return
	}
	people := make([]ref, 0, len(c.where)+len(found))
	for id := range c.where {
		if h := c.info(suspectID(id)).holder; h != noRef {
			people = append(people, h)
		}
	}
	for i := range found {
		people = append(people, found[i].person)
	}
	c.register.hold(people, jobs)
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
	Pairs   int64 // suspects and people that share one and meet
	Largest int64 // people in the largest block
	Refined int64 // blocks over the limit, narrowed to a municipality or left out
}

// search finds and weighs the candidates of every suspect. The search is
// inverted: the suspects' keys stand in a small table and the register streams
// past it once. The result is ordered by suspect, then by weight.
func (c *caseload) search(jobs int) ([]candidate, []BlockCount) {
	table := newBlockTable(c.blockEntries(jobs), jobs)
	readers := c.readers(jobs)
	narrowed := table.narrow(c.hugeBlocks(table, readers, jobs), c.places(jobs))
	seekers := make([]*seeker, jobs)
	for k := range seekers {
		seekers[k] = &seeker{caseload: c, weighers: c.fork(), table: table, narrowed: narrowed, reader: readers[k], counting: true, end: suspectID(len(c.where))}
	}
	parallel(jobs, len(c.register.segments), func(k, i int) { seekers[k].segment(i) })
	c.searchDirect(seekers)
	found := make([][]candidate, jobs)
	for k := range seekers {
		found[k], seekers[k].found = seekers[k].found, nil
	}
	all := gather(found, len(c.where), jobs)
	if len(c.datasets) > c.real {
		c.decoys = c.searchDecoys(seekers)
	}
	counts := c.blockCounts(table, narrowed, seekers)
	table.memory.release()
	return all, counts
}

// gatherParts is how many runs of suspects candidates are put in order by at
// once.
const gatherParts = 256

// gather puts together what workers found, by suspect, then by weight, each
// pair once. It empties the lists.
func gather(found [][]candidate, suspects, jobs int) []candidate {
	width := suspects/gatherParts + 1
	var starts [gatherParts + 1]int
	for _, list := range found {
		for i := range list {
			starts[int(list[i].suspect)/width+1]++
		}
	}
	for p := range gatherParts {
		starts[p+1] += starts[p]
	}
	all := make([]candidate, starts[gatherParts])
	next := starts
	for k, list := range found {
		for _, f := range list {
			p := int(f.suspect) / width
			all[next[p]] = f
			next[p]++
		}
		found[k] = nil
	}
	var lengths [gatherParts]int
	parallel(jobs, gatherParts, func(_, p int) {
		part := all[starts[p]:starts[p+1]]
		slices.SortFunc(part, byWeight)
		lengths[p] = len(slices.CompactFunc(part, func(a, b candidate) bool { return a.suspect == b.suspect && a.person == b.person }))
	})
	kept := all[:0]
	for p, n := range lengths {
		kept = append(kept, all[starts[p]:starts[p]+n]...)
	}
	return kept
}

// byWeight orders candidates by suspect, the best first.
func byWeight(a, b candidate) int {
	switch {
	case a.suspect != b.suspect:
		return cmp.Compare(a.suspect, b.suspect)
	case a.weight > b.weight:
		return -1
	case a.weight < b.weight:
		return 1
	}
	return cmp.Compare(a.person, b.person)
}

// blockEntries lists the keys that suspects look for: those of their own data
// and those of the holder that lead to its household and namesakes.
func (c *caseload) blockEntries(jobs int) []blockLists {
	lists := make([]blockLists, jobs)
	parallelRuns(jobs, len(c.where), func(k, n int) {
		c.appendBlockEntries(&lists[k], suspectID(n))
	})
	return lists
}

// appendBlockEntries adds the keys of one suspect.
func (c *caseload) appendBlockEntries(list *blockLists, id suspectID) {
	info := c.info(id)
	if info.flags&isUnverifiable != 0 {
		return
	}
	add := func(keys *[keyedRules]uint64, rules ...blockingRule) {
		for _, rule := range rules {
			if keys[rule] != 0 {
				list.add(blockEntry{keys[rule], id, rule})
			}
		}
	}
	var record, holder score.Person
	c.view(id, &record)
	record.Household = 0
	var keys [keyedRules]uint64
	blockingKeys(&record, &keys)
	if info.flags&agreesInAll != 0 {
		add(&keys, byKanaBirth, byKanjiBirth)
		c.register.view(info.holder, &holder)
		blockingKeys(&holder, &keys)
		add(&keys, byKanaBirth, byKanjiBirth)
		return
	}
	keys[byKanaCity] = 0
	if keys[byRareKana] != 0 && c.register.freq.FullKanaCount(record.Kana.Family, record.Kana.Given) > rareKana {
		keys[byRareKana] = 0
	} else if len(record.Name.Family) == 0 && record.Birth == 0 && record.Address.Town == 0 {
		keys[byConsonants] = consonantsKey(kanaConsonants(record.Kana.Family, record.Kana.Given))
	}
	for rule := range keyedRules {
		add(&keys, rule)
	}
	if c.register.searchesByReading() {
		for _, key := range recordReadingKeys(&record) {
			list.add(blockEntry{key, id, byReading})
		}
	}
	if info.holder == noRef {
		return
	}
	c.register.view(info.holder, &holder)
	if record.Address.Town == 0 {
		// A bank row has no address: look near the holder.
		record.Address = holder.Address
		blockingKeys(&record, &keys)
		add(&keys, byKanaCity, byKanjiTown)
	}
	blockingKeys(&holder, &keys)
	add(&keys, byKanaBirth, byHousehold)
	if len(holder.Kana.Family) == 0 { // else people are known by their kana
		add(&keys, byKanjiBirth)
	}
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
func (c *caseload) hugeBlocks(t *blockTable, readers []*readingKeyer, jobs int) []bool {
	stride := int(min(max(c.register.people/sizeSample, 1), sampleStride))
	seekers := make([]seeker, jobs)
	for k := range seekers {
		seekers[k].table, seekers[k].reader = t, readers[k]
	}
	parallel(jobs, (len(c.register.segments)+stride-1)/stride, func(k, i int) {
		s := &seekers[k]
		seg := c.register.segment(i*stride, &s.room)
		for from := 0; from < len(seg.rows); from += meetAtOnce {
			s.askAll(seg, from, min(from+meetAtOnce, len(seg.rows)), 0)
			for i := range s.probes {
				s.touched ^= t.first(s.probes[i].key)
			}
			for i := range s.probes {
				if b := t.find(s.probes[i].key); b >= 0 {
					atomic.AddUint32(&t.blocks[b].size, 1)
				}
			}
		}
	})
	huge := make([]bool, len(t.keys))
	for b := range huge {
		block := &t.blocks[b]
		size := int(block.size) * stride
		block.size = 0
		huge[b] = size > block.rule.limit()
		block.empty = size > block.rule.most()
		if huge[b] && block.rule == byReading {
			for _, id := range t.suspects(b) {
				c.info(id).flags |= readByMany
			}
		}
	}
	return huge
}

// blockCounts leaves the shadows out.
func (c *caseload) blockCounts(t *blockTable, narrowed *narrowed, seekers []*seeker) []BlockCount {
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
		n.Largest = max(n.Largest, int64(block.size))
		if narrowed.isHuge(b) {
			n.Refined++
		} else {
			n.Pairs += int64(block.size) * int64(seeking)
		}
	}
	for _, s := range seekers {
		for rule, pairs := range s.nearby {
			counts[rule].Pairs += pairs
		}
	}
	return counts
}

// seeker is one worker of the search.
type seeker struct {
	*caseload
	weighers []*score.Weigher // by dataset
	table    *blockTable
	narrowed *narrowed // its huge blocks
	counting bool      // the people of each block
	end      suspectID // suspects from here on are not compared
	found    []candidate

	reader   *readingKeyer // nil where the register has kana
	room     segment       // where one of a register on disk is read
	person   score.Person
	record   score.Person
	weight   score.Weight
	keys     [meetAtOnce][keyedRules]uint64
	probes   []probe
	meetings []meeting
	nearby   [blockingRules]int64 // pairs that met in huge blocks
	touched  uint64               // keeps the touching from being left out
	slips    []normalize.Number
	numbers  []uint64
	look     lookUp
	holders  []ref // who has these numbers
	reached  []ref
}

// probe is a key of a person that suspects may look for.
type probe struct {
	key          uint64
	row          uint16 // of the segment
	municipality uint16
}

// meeting is a person of the segment at hand and a suspect that looks for it.
type meeting struct {
	suspect suspectID
	row     uint16
}

// meetAtOnce is how many people are held against the table together, so that
// their cache misses are under way together.
const meetAtOnce = 64

// segment streams one segment of the register past the table.
func (s *seeker) segment(i int) {
	seg := s.register.segment(i, &s.room)
	for from := 0; from < len(seg.rows); from += meetAtOnce {
		s.askAll(seg, from, min(from+meetAtOnce, len(seg.rows)), flagDead)
		last := -1
		for _, m := range s.meet() {
			if int(m.row) != last {
				last = int(m.row)
				seg.view(last, &s.person)
			}
			s.compare(m.suspect, makeRef(i, last))
		}
	}
}

// askAll notes the keys of some people of a segment that suspects may look for,
// but for those with a flag.
func (s *seeker) askAll(seg *segment, from, to int, without rowFlags) {
	for j := from; j < to; j++ {
		seg.view(j, &s.person)
		blockingKeys(&s.person, &s.keys[j-from])
		s.table.prefetch(&s.keys[j-from])
	}
	s.probes = s.probes[:0]
	for j := from; j < to; j++ {
		row := &seg.rows[j]
		if row.has(without) {
			continue
		}
		s.ask(&s.keys[j-from], j, row.address.Municipality)
		if s.reader != nil {
			seg.view(j, &s.person)
			s.askByReading(j, row.address.Municipality)
		}
	}
}

// ask notes the keys of a person that suspects may look for.
func (s *seeker) ask(keys *[keyedRules]uint64, row int, municipality uint16) {
	for wanted := s.table.mayHave(keys); wanted != 0; wanted &= wanted - 1 {
		s.probes = append(s.probes, probe{keys[bits.TrailingZeros32(wanted)], uint16(row), municipality})
	}
}

// askByReading notes what the name of the person in view may be read.
func (s *seeker) askByReading(row int, municipality uint16) {
	for _, key := range s.reader.compute(&s.person) {
		if s.table.mayHaveKey(key) {
			s.probes = append(s.probes, probe{key, uint16(row), municipality})
		}
	}
}

// meet brings the people that were asked about before every suspect that shares
// a key with them, each once.
func (s *seeker) meet() []meeting {
	for i := range s.probes {
		s.touched ^= s.table.first(s.probes[i].key)
	}
	s.meetings = s.meetings[:0]
	met := 0 // where those of the person begin
	for i, p := range s.probes {
		if i > 0 && p.row != s.probes[i-1].row {
			met = len(s.meetings)
		}
		b := s.table.find(p.key)
		if b < 0 {
			continue
		}
		if s.counting {
			atomic.AddUint32(&s.table.blocks[b].size, 1)
		}
		if s.narrowed.isHuge(b) {
			for _, home := range s.narrowed.suspects(b, p.municipality) {
				s.bring(suspectID(home), p.row, met)
				if int(uint32(home)) < s.shadowsFrom {
					s.nearby[s.table.blocks[b].rule]++
				}
			}
			continue
		}
		for _, id := range s.table.suspects(b) {
			s.bring(id, p.row, met)
		}
	}
	for _, m := range s.meetings {
		s.touched ^= s.touch(m.suspect)
	}
	for _, m := range s.meetings {
		s.touched ^= s.touchNames(m.suspect)
	}
	return s.meetings
}

// bring notes a meeting, unless it is among those from met on.
func (s *seeker) bring(id suspectID, row uint16, met int) {
	if m := (meeting{id, row}); id < s.end && !slices.Contains(s.meetings[met:], m) {
		s.meetings = append(s.meetings, m)
	}
}

// places lists the municipalities of every suspect's record and of its holder.
func (c *caseload) places(jobs int) [][2]uint16 {
	list := make([][2]uint16, len(c.where))
	parallelRuns(jobs, len(c.where), func(_, n int) {
		id := suspectID(n)
		list[id][0] = c.row(id).address.Municipality
		if h := c.info(id).holder; h != noRef {
			list[id][1] = c.register.at(h).address.Municipality
		}
	})
	return list
}

// searchDirect weighs the candidates that need no search: holders of
// neighbouring rows' numbers, of numbers one slip away and of numbers with the
// same key. It goes by segment of the register.
func (c *caseload) searchDirect(seekers []*seeker) {
	jobs := len(seekers)
	lists := make([][]uint64, jobs)
	for from := 0; from < len(c.where); from += directAtOnce {
		n := min(directAtOnce, len(c.where)-from)
		for k := range lists {
			lists[k] = lists[k][:0]
		}
		parallelRuns(jobs, n, func(k, i int) { lists[k] = seekers[k].appendDirect(lists[k], suspectID(from+i)) })
		pairs := bySegment(lists, len(c.register.segments))
		people := make([]inOrder, jobs)
		for k := range people {
			people[k] = inOrder{store: &c.register.store, dense: c.register.isDense(len(pairs))}
		}
		parallel(jobs, (len(pairs)+run-1)/run, func(k, t int) {
			seekers[k].compareAll(pairs[t*run:min((t+1)*run, len(pairs))], &people[k])
		})
	}
}

// bySegment puts pairs of a person and a suspect in the order of the segments that
// the people are in: the rows of one segment stay in the cache while they are asked for.
func bySegment(lists [][]uint64, segments int) []uint64 {
	ends, n := make([]int, segments+1), 0
	for _, list := range lists {
		n += len(list)
		for _, pair := range list {
			ends[ref(pair>>32).segment()+1]++
		}
	}
	for s := range segments {
		ends[s+1] += ends[s]
	}
	pairs := make([]uint64, n)
	for _, list := range lists {
		for _, pair := range list {
			end := &ends[ref(pair>>32).segment()]
			pairs[*end] = pair
			*end++
		}
	}
	return pairs
}

// compareAll weighs pairs of a person and a suspect, segment by segment. What
// they are read from is asked for ahead: rows two groups, and names, whose place
// the rows tell, one.
func (s *seeker) compareAll(pairs []uint64, people *inOrder) {
	group := func(n int) []uint64 {
		return pairs[min(n*compareGroup, len(pairs)):min((n+1)*compareGroup, len(pairs))]
	}
	s.askForRows(group(0))
	s.askForRows(group(1))
	s.askForNames(group(0))
	for n := 0; n*compareGroup < len(pairs); n++ {
		s.askForRows(group(n + 2))
		s.askForNames(group(n + 1))
		for _, pair := range group(n) {
			r := ref(pair >> 32)
			people.view(r, &s.person)
			s.compare(suspectID(pair), r)
		}
	}
}

// compareGroup is how many pairs are asked for at once.
const compareGroup = 32

func (s *seeker) askForRows(pairs []uint64) {
	for _, pair := range pairs {
		s.askFor(suspectID(pair))
		s.register.askFor(ref(pair >> 32))
	}
}

func (s *seeker) askForNames(pairs []uint64) {
	for _, pair := range pairs {
		s.askForName(suspectID(pair))
		s.register.askForNames(ref(pair >> 32))
	}
}

// directAtOnce is for how many suspects a pass through the register is made.
const directAtOnce = 1 << 18

// appendDirect lists them for one suspect, person and suspect in one word.
func (s *seeker) appendDirect(pairs []uint64, id suspectID) []uint64 {
	info := s.info(id)
	if info.flags&(isUnverifiable|agreesInAll) != 0 {
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
		s.numbers = s.numbers[:0]
		for _, n := range s.slips {
			s.numbers = append(s.numbers, uint64(n))
		}
		s.holders = slices.Grow(s.holders[:0], len(s.numbers))[:len(s.numbers)]
		s.look.all(s.register.index, s.numbers, s.holders)
		for _, r := range s.holders {
			reach(r)
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

// leastWeight is what a candidate must weigh. A bit below nothing may still be
// the likeliest owner once m is learned better: a relative by a former name.
const leastWeight = -1

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
	if weight > leastWeight {
		s.found = append(s.found, candidate{id, r, weight})
	}
}
