package linkage

import (
	"maps"
	"math/bits"
	"slices"
	"sync"
	"sync/atomic"
	"unsafe"

	"github.com/himozuke/himozuke/normalize"
	"github.com/himozuke/himozuke/normalize/prefetch"
)

// index finds a person by number: open addressing in partitions, by cache lines
// of eight slots, each slot 32 bits of hash and a ref. Numbers of 38 bits are
// hashed one to one, and slot and partition tell all of the hash, so that no row
// is looked at; longer numbers are confirmed in the row.
type index struct {
	store *store
	unit  uint64 // numbers are multiples of it, but for a check digit
	exact bool
	limit uint64 // numbers are below it, where they are hashed one to one

	slot  uint8       // bits of a hash behind those that choose the partition
	homes uint64      // lines of a partition where the search for a hash may begin
	lines []indexLine // of all partitions, one behind the other
	stray map[uint64]ref
}

const (
	exactBits     = 38
	fewestParts   = exactBits - 32 // bits: a slot has 32 of the others
	mostParts     = 12
	entriesOfPart = 1 << 15 // as many as the cache of a processor holds while they are inserted

	// tailLines are behind the homes of a partition, for what has no room in the
	// last of them. What finds no room there either goes astray: none, as a rule.
	tailLines = 8
)

// indexLine holds ^(hash<<32 | ref) from its first slot on, so that fresh memory
// is empty. Where it is full the next line has the rest.
type indexLine [8]uint64

// hash is of 38 bits, the first of which choose the partition. Both steps
// of mixing can be undone, so that no two numbers of 38 bits meet.
func (ix *index) hash(number uint64) uint64 {
	const low = 1<<exactBits - 1
	h := number
	if ix.unit == 10 { // a constant divides much faster than a variable
		h /= 10
	}
	if !ix.exact {
		h = h * 0x9E3779B97F4A7C15 >> (64 - exactBits)
	}
	h = h * 0x9E3779B97F4A7C15 & low
	h ^= h >> (exactBits / 2)
	h = h * 0xBF58476D1CE4E5B9 & low
	return h ^ h>>(exactBits/2)
}

func (ix *index) partOf(h uint64) int { return int(h >> (ix.slot & 63)) }

// home is the line where the search for a hash begins: the homes of all
// partitions divide all hashes evenly.
func (ix *index) home(h uint64) uint64 {
	home, _ := bits.Mul64(h<<(64-exactBits), ix.homes<<(exactBits-ix.slot))
	return home + tailLines*uint64(ix.partOf(h))
}

// part are the lines of a partition.
func (ix *index) part(p int) []indexLine {
	size := int(ix.homes) + tailLines
	return ix.lines[p*size:][:size]
}

// buildIndex indexes every row of the register. Where a number stands twice
// the earlier row keeps it; the later ones are returned in file order.
func buildIndex(s *store, m *memory, scheme normalize.Scheme, jobs int) (*index, []ref) {
	ix := &index{store: s}
	ix.unit, ix.exact = unitOf(scheme)
	ix.limit = ix.unit << exactBits
	rows := 0
	for i := range s.segments {
		rows += s.count(i)
	}
	parts := fewestParts
	for parts < mostParts && rows>>parts > entriesOfPart {
		parts++
	}
	ix.slot = uint8(exactBits - parts)
	ix.homes = uint64((rows>>parts)*10/7/len(indexLine{}) + 1)
	ix.lines = carve[indexLine](&slab{from: m}, (int(ix.homes)+tailLines)<<parts)
	kept := &keptEntries{index: ix, lines: make([]atomic.Uint32, 1<<parts), overflow: map[int][]uint64{}}
	writers := make([]*indexWriter, jobs)
	for k := range writers {
		writers[k] = &indexWriter{index: ix, kept: kept, waiting: make([]indexLine, 1<<parts), entered: make([]uint8, 1<<parts)}
	}
	parallel(jobs, len(s.segments), func(k, i int) { writers[k].segment(i) })
	builders := make([]partBuilder, jobs)
	for k := range builders {
		builders[k] = partBuilder{index: ix, stray: map[uint64]ref{}}
	}
	parallel(jobs, 1<<parts, func(k, p int) { builders[k].build(p, kept, writers) })
	var twice []ref
	ix.stray = builders[0].stray
	for k := range builders {
		twice = append(twice, builders[k].twice...)
		maps.Copy(ix.stray, builders[k].stray)
	}
	slices.Sort(twice)
	return ix, twice
}

// unitOf is 10 where the last digit follows from the others, and tells whether
// numbers are of few enough bits.
func unitOf(scheme normalize.Scheme) (unit uint64, exact bool) {
	switch scheme.(type) {
	case normalize.MyNumber:
		return 10, true
	case normalize.Isikukood:
		return 1, true
	}
	return 1, false
}

// keptEntries are the entries of the partitions until these are built: they stand
// in their lines in any order, but for those that wait with a writer.
type keptEntries struct {
	index    *index
	lines    []atomic.Uint32 // of each partition
	lock     sync.Mutex
	overflow map[int][]uint64 // those that found no room there
}

func (k *keptEntries) add(p int, line *indexLine) {
	part := k.index.part(p)
	if at := int(k.lines[p].Add(1)) - 1; at < len(part) {
		part[at] = *line
		return
	}
	k.lock.Lock()
	defer k.lock.Unlock()
	k.overflow[p] = append(k.overflow[p], line[:]...)
}

// full are the lines of a partition that hold entries.
func (k *keptEntries) full(p int) []indexLine {
	part := k.index.part(p)
	return part[:min(int(k.lines[p].Load()), len(part))]
}

// indexWriter distributes the entries of one worker over the partitions, a line
// at a time, so that each is written from front to back.
type indexWriter struct {
	index   *index
	kept    *keptEntries
	waiting []indexLine // by partition
	entered []uint8     // how many were entered into each, but for whole lines
	room    segment
}

func (w *indexWriter) segment(i int) {
	ix := w.index
	rows := ix.store.rowsOf(i, &w.room)
	waiting, entered := w.waiting, w.entered[:len(w.waiting)]
	for j := range rows {
		h := ix.hash(rows[j].number)
		p := ix.partOf(h)
		line, n := &waiting[p], entered[p]
		entered[p] = n + 1
		line[n&7] = ^(h<<32 | uint64(makeRef(i, j)))
		if n&7 == 7 {
			w.kept.add(p, line)
		}
	}
}

// entries are those of a partition that fill no line.
func (w *indexWriter) entries(p int) []uint64 { return w.waiting[p][:w.entered[p]&7] }

// partBuilder builds one partition after the other.
type partBuilder struct {
	index   *index
	entries []uint64
	twice   []ref // rows whose number an earlier one has
	stray   map[uint64]ref
}

// build makes lines of the entries that a partition keeps.
func (b *partBuilder) build(p int, kept *keptEntries, writers []*indexWriter) {
	ix := b.index
	lines := ix.part(p)
	b.entries = append(b.entries[:0], kept.overflow[p]...)
	for _, w := range writers {
		b.entries = append(b.entries, w.entries(p)...)
	}
	full := kept.full(p)
	for i := range full {
		b.entries = append(b.entries, full[i][:]...)
	}
	clear(full)
	for group := range slices.Chunk(b.entries, joinGroup) {
		left := ^uint64(0) >> (joinGroup - len(group))
		if vector && ix.exact {
			left = insertGroup(&lines[0], ix.homes, uint64(ix.slot), &group[0], len(group))
		}
		for ; left != 0; left &= left - 1 {
			b.insert(lines, group[bits.TrailingZeros64(left)])
		}
	}
}

// insert enters a row. Of two with one number the one that comes first in the
// file stays, in whatever order they are inserted.
func (b *partBuilder) insert(lines []indexLine, entry uint64) {
	slot := b.index.slot
	home := (^entry >> 32 & (1<<slot - 1)) * b.index.homes >> slot
	for at := range lines[home:] {
		line := &lines[int(home)+at]
		for i, there := range line {
			if there == 0 {
				line[i] = entry
				return
			}
			if there>>32 == entry>>32 && (b.index.exact || b.number(there) == b.number(entry)) {
				line[i] = max(there, entry)
				b.twice = append(b.twice, ref(^min(there, entry)))
				return
			}
		}
	}
	r, number := ref(^entry), b.number(entry)
	if there, ok := b.stray[number]; ok {
		b.twice = append(b.twice, max(there, r))
		r = min(there, r)
	}
	b.stray[number] = r
}

func (b *partBuilder) number(entry uint64) uint64 { return b.index.store.at(ref(^entry)).number }

// find is the person with that number, or noRef.
func (ix *index) find(number uint64) ref { return ix.search(number, ix.hash(number)) }

// search goes from line to line until one has the number, or room for it.
func (ix *index) search(number, h uint64) ref {
	if ix.exact && number >= ix.limit {
		return noRef
	}
	size := int(ix.homes) + tailLines
	for at := int(ix.home(h)); at < (ix.partOf(h)+1)*size; at++ {
		line := &ix.lines[at]
		var found ref
		if ix.exact {
			found = line.exactly(h)
		} else {
			found = ix.confirmed(line, number, h)
		}
		if found != noRef || line[len(line)-1] == 0 {
			return found
		}
	}
	if r, ok := ix.stray[number]; ok {
		return r
	}
	return noRef
}

// exactly finds the one slot with a hash that no two numbers share. It looks at
// all slots, as which of them it is cannot be predicted, and at the first ones
// last: an empty slot is like the hash of all ones.
func (l *indexLine) exactly(h uint64) ref {
	tag := ^uint32(h)
	found := uint32(0)
	if uint32(l[7]>>32) == tag {
		found = uint32(l[7])
	}
	if uint32(l[6]>>32) == tag {
		found = uint32(l[6])
	}
	if uint32(l[5]>>32) == tag {
		found = uint32(l[5])
	}
	if uint32(l[4]>>32) == tag {
		found = uint32(l[4])
	}
	if uint32(l[3]>>32) == tag {
		found = uint32(l[3])
	}
	if uint32(l[2]>>32) == tag {
		found = uint32(l[2])
	}
	if uint32(l[1]>>32) == tag {
		found = uint32(l[1])
	}
	if uint32(l[0]>>32) == tag {
		found = uint32(l[0])
	}
	return ref(^found)
}

// confirmed finds the slot with that hash whose row has the number.
func (ix *index) confirmed(l *indexLine, number, h uint64) ref {
	for _, slot := range l {
		if r := ref(^slot); slot != 0 && uint32(^slot>>32) == uint32(h) && ix.store.at(r).number == number {
			return r
		}
	}
	return noRef
}

// joinGroup is how many look-ups are prepared at once, so that their cache misses
// overlap with one another and with the look-ups before them.
const joinGroup = 64

// lookUp is room for two groups of look-ups: one is under way while the next is
// prepared.
type lookUp [2]lookGroup

type lookGroup struct {
	hash   [joinGroup]uint64
	line   [joinGroup]uint64 // where the search for each begins, in bytes
	beyond uint64            // bits of the numbers that have no hash
}

// all finds numbers.
func (l *lookUp) all(ix *index, numbers []uint64, found []ref) {
	l[0].prepare(ix, numbers)
	l[0].ask(ix)
	for g := 0; len(numbers) > 0; g ^= 1 {
		group := numbers[:min(joinGroup, len(numbers))]
		numbers = numbers[len(group):]
		now, next := &l[g], &l[g^1]
		next.prepare(ix, numbers)
		left := ^uint64(0) >> (joinGroup - len(group))
		if vector && ix.exact {
			left &= findGroup(&ix.lines[0], ix.homes<<(exactBits-ix.slot), uint64(ix.slot), now, next, &found[0], len(group)) | now.beyond
		} else {
			next.ask(ix)
		}
		for ; left != 0; left &= left - 1 {
			i := bits.TrailingZeros64(left)
			found[i] = ix.search(group[i], now.hash[i])
		}
		found = found[len(group):]
	}
}

// prepare hashes the first numbers.
func (g *lookGroup) prepare(ix *index, numbers []uint64) {
	g.beyond = 0
	for i, number := range numbers[:min(joinGroup, len(numbers))] {
		g.hash[i] = ix.hash(number)
		if number >= ix.limit {
			g.beyond |= 1 << i
		}
	}
}

// ask asks for what looking them up will read.
func (g *lookGroup) ask(ix *index) {
	for i, h := range g.hash {
		at := ix.home(h)
		g.line[i] = at * cacheLine
		prefetch.Line(unsafe.Pointer(&ix.lines[at]))
	}
}

// run is how many items one task of parallelRuns takes.
const run = 4096

// parallelRuns calls f(worker, i) for every i below n, in runs that are long
// enough to be worth a task.
func parallelRuns(jobs, n int, f func(worker, i int)) {
	parallel(jobs, (n+run-1)/run, func(k, t int) {
		for i := t * run; i < min((t+1)*run, n); i++ {
			f(k, i)
		}
	})
}

// parallel calls f(worker, task) for every task, on at most jobs goroutines.
func parallel(jobs, tasks int, f func(worker, task int)) {
	if jobs <= 1 || tasks <= 1 {
		for t := range tasks {
			f(0, t)
		}
		return
	}
	next := make(chan int, tasks)
	for t := range tasks {
		next <- t
	}
	close(next)
	var wg sync.WaitGroup
	for k := range min(jobs, tasks) {
		wg.Go(func() {
			for t := range next {
				f(k, t)
			}
		})
	}
	wg.Wait()
}
