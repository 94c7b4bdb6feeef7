package linkage

import (
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
	slot  uint8 // bits of a hash behind those that choose the partition
	parts []indexPart
}

const (
	exactBits     = 38
	fewestParts   = exactBits - 32 // bits: a slot has 32 of the others
	mostParts     = 12
	entriesOfPart = 1 << 14 // as many as the cache of a processor holds while they are inserted
)

type indexPart []indexLine

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

func (ix *index) partOf(h uint64) indexPart { return ix.parts[h>>(ix.slot&63)] }

// buildIndex indexes every row of the register. Where a number stands twice
// the earlier row keeps it; the later ones are returned in file order.
func buildIndex(s *store, m *memory, scheme normalize.Scheme, jobs int) (*index, []ref) {
	ix := &index{store: s}
	ix.unit, ix.exact = unitOf(scheme)
	rows := 0
	for i := range s.segments {
		rows += s.count(i)
	}
	parts := fewestParts
	for parts < mostParts && rows>>parts > entriesOfPart {
		parts++
	}
	ix.slot = uint8(exactBits - parts)
	ix.parts = make([]indexPart, 1<<parts)
	room := slab{from: m}
	for p := range ix.parts {
		ix.parts[p] = carve[indexLine](&room, linesFor(rows>>parts*21/20))
	}
	kept := make([]keptEntries, len(ix.parts))
	writers := make([]*indexWriter, jobs)
	for k := range writers {
		writers[k] = &indexWriter{index: ix, kept: kept, waiting: make([]entryBuffer, len(ix.parts))}
	}
	parallel(jobs, len(s.segments), func(k, i int) { writers[k].segment(i) })
	for _, w := range writers {
		for p := range w.waiting {
			w.flush(p)
		}
	}
	builders := make([]partBuilder, jobs)
	parallel(jobs, len(ix.parts), func(k, p int) { builders[k].build(ix, p, &kept[p], m) })
	var twice []ref
	for k := range builders {
		twice = append(twice, builders[k].twice...)
	}
	slices.Sort(twice)
	return ix, twice
}

// linesFor is how many lines so many entries take.
func linesFor(entries int) int { return entries*10/7/8 + 1 }

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

// keptEntries are the entries of a partition until it is built: they stand in its
// lines in any order.
type keptEntries struct {
	n        atomic.Int64
	lock     sync.Mutex
	overflow []uint64 // those that found no room there
}

func (k *keptEntries) add(p indexPart, entries []uint64) {
	at := int(k.n.Add(int64(len(entries)))) - len(entries)
	for i, entry := range entries {
		if at>>3 >= len(p) {
			k.lock.Lock()
			k.overflow = append(k.overflow, entries[i:]...)
			k.lock.Unlock()
			return
		}
		p[at>>3][at&7] = entry
		at++
	}
}

// indexWriter distributes the entries of one worker over the partitions, some at
// a time, so that each is written from front to back.
type indexWriter struct {
	index   *index
	kept    []keptEntries
	waiting []entryBuffer // by partition
	room    segment
}

type entryBuffer struct {
	entries [15]uint64
	n       int
}

func (w *indexWriter) segment(i int) {
	ix := w.index
	rows := ix.store.rowsOf(i, &w.room)
	for j := range rows {
		h := ix.hash(rows[j].number)
		p := int(h >> (ix.slot & 63))
		b := &w.waiting[p]
		if b.n == len(b.entries) {
			w.flush(p)
		}
		b.entries[b.n] = h<<32 | uint64(makeRef(i, j))
		b.n++
	}
}

func (w *indexWriter) flush(p int) {
	b := &w.waiting[p]
	w.kept[p].add(w.index.parts[p], b.entries[:b.n])
	b.n = 0
}

// partBuilder builds one partition after the other.
type partBuilder struct {
	entries []uint64
	used    []uint8 // slots of each line
	twice   []ref   // rows whose number an earlier one has
}

// build makes lines of the entries that a partition keeps.
func (b *partBuilder) build(ix *index, part int, kept *keptEntries, m *memory) {
	p := ix.parts[part]
	b.entries = b.entries[:0]
	for n := int(kept.n.Load()) - len(kept.overflow); n > 0; n -= len(indexLine{}) {
		line := &p[len(b.entries)/len(indexLine{})]
		b.entries = append(b.entries, line[:min(n, len(line))]...)
		*line = indexLine{}
	}
	b.entries = append(b.entries, kept.overflow...)
	if len(b.entries) > 7*len(p) { // more than its share
		p = carve[indexLine](&slab{from: m}, linesFor(len(b.entries)))
		ix.parts[part] = p
	}
	b.used = slices.Grow(b.used[:0], len(p))[:len(p)]
	clear(b.used)
	for _, entry := range b.entries {
		b.insert(ix, p, entry)
	}
}

// insert enters a row. Of two with one number the one that comes first in the
// file stays, in whatever order they are inserted.
func (b *partBuilder) insert(ix *index, p indexPart, entry uint64) {
	for at := ix.home(p, entry>>32); ; at = p.after(at) {
		line, used := &p[at], b.used[at]
		if line.exactly(entry>>32) != noRef && b.met(ix, line[:used], entry) {
			return
		}
		if int(used) < len(line) {
			line[used] = ^entry
			b.used[at] = used + 1
			return
		}
	}
}

// met tells whether the slots hold the number of an entry already.
func (b *partBuilder) met(ix *index, slots []uint64, entry uint64) bool {
	for i, slot := range slots {
		there := ^slot
		if there>>32 == entry>>32 && (ix.exact || ix.store.at(ref(there)).number == ix.store.at(ref(entry)).number) {
			slots[i] = ^min(there, entry)
			b.twice = append(b.twice, ref(max(there, entry)))
			return true
		}
	}
	return false
}

// home is the line where the search for a hash begins.
func (ix *index) home(p indexPart, h uint64) uint64 {
	return (h & (1<<(ix.slot&63) - 1)) * uint64(len(p)) >> (ix.slot & 63)
}

func (p indexPart) after(line uint64) uint64 {
	if line++; line == uint64(len(p)) {
		return 0
	}
	return line
}

// find is the person with that number, or noRef.
func (ix *index) find(number uint64) ref {
	h := ix.hash(number)
	return ix.search(number, h, ix.home(ix.partOf(h), h))
}

// search goes from line to line until one has the number, or room for it.
func (ix *index) search(number, h, at uint64) ref {
	if ix.exact && number >= 1<<exactBits*ix.unit {
		return noRef
	}
	p := ix.partOf(h)
	for ; ; at = p.after(at) {
		line := &p[at]
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
type lookUp [2]struct{ hash, at [joinGroup]uint64 }

// all finds numbers.
func (l *lookUp) all(ix *index, numbers []uint64, found []ref) {
	l.prepare(0, ix, numbers)
	for g := 0; len(numbers) > 0; g ^= 1 {
		group := numbers[:min(joinGroup, len(numbers))]
		numbers = numbers[len(group):]
		l.prepare(g^1, ix, numbers)
		for i, number := range group {
			found[i] = ix.search(number, l[g].hash[i], l[g].at[i])
		}
		found = found[len(group):]
	}
}

// prepare asks for what looking up the first numbers will read.
func (l *lookUp) prepare(g int, ix *index, numbers []uint64) {
	group := &l[g]
	for i, number := range numbers[:min(joinGroup, len(numbers))] {
		h := ix.hash(number)
		p := ix.partOf(h)
		at := ix.home(p, h)
		group.hash[i], group.at[i] = h, at
		prefetch.Line(unsafe.Pointer(&p[at]))
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
