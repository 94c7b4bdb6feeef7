package linkage

import (
	"slices"
	"sync"

	"github.com/himozuke/himozuke/normalize"
)

// index finds a person by number: open addressing in partitions, by cache lines
// of eight slots, each slot 32 bits of hash and a ref. Numbers of 38 bits are
// hashed one to one, and slot and partition tell all of the hash, so that no row
// is looked at; longer numbers are confirmed in the row.
type index struct {
	store  *store
	memory *memory
	unit   uint64 // numbers are multiples of it, but for a check digit
	exact  bool
	parts  [indexParts]indexPart
}

const (
	partBits   = 9
	indexParts = 1 << partBits
	exactBits  = 38
	slotBits   = exactBits - partBits
)

type indexPart struct {
	lines []indexLine
	used  int
	lock  sync.Mutex
	twice []ref // rows whose number an earlier one has
}

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

func partOf(h uint64) int { return int(h >> slotBits) }

// buildIndex indexes every row of the register. Where a number stands twice
// the earlier row keeps it; the later ones are returned in file order.
func buildIndex(s *store, m *memory, scheme normalize.Scheme, jobs int) (*index, []ref) {
	ix := &index{store: s, memory: m}
	ix.unit, ix.exact = unitOf(scheme)
	rows := 0
	for i := range s.segments {
		rows += s.count(i)
	}
	room := slab{from: m}
	for p := range ix.parts {
		ix.parts[p].init(rows/indexParts*21/20, &room)
	}
	writers := make([]indexWriter, jobs)
	parallel(jobs, len(s.segments), func(k, i int) { writers[k].segment(ix, i) })
	var twice []ref
	for k := range writers {
		for p := range writers[k].waiting {
			writers[k].flush(ix, p)
		}
	}
	for p := range ix.parts {
		twice = append(twice, ix.parts[p].twice...)
		ix.parts[p].twice = nil
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

// indexWriter gathers the entries of one worker by partition, so that each
// partition is in the cache while they are inserted.
type indexWriter struct {
	waiting [indexParts][]uint64
	touched uint64 // keeps the first looks of flush from being optimized away
	room    segment
}

const indexAtOnce = 128

func (w *indexWriter) segment(ix *index, i int) {
	rows := ix.store.rowsOf(i, &w.room)
	for j := range rows {
		h := ix.hash(rows[j].number)
		p := partOf(h)
		if w.waiting[p] == nil {
			w.waiting[p] = make([]uint64, 0, indexAtOnce)
		}
		w.waiting[p] = append(w.waiting[p], h<<32|uint64(makeRef(i, j)))
		if len(w.waiting[p]) == indexAtOnce {
			w.flush(ix, p)
		}
	}
}

func (w *indexWriter) flush(ix *index, p int) {
	part := &ix.parts[p]
	part.lock.Lock()
	defer part.lock.Unlock()
	// Cache misses of all entries are under way before the first is entered.
	for _, entry := range w.waiting[p] {
		w.touched ^= part.lines[part.home(entry>>32)][0]
	}
	for _, entry := range w.waiting[p] {
		if part.insert(ix, entry); part.used > 7*len(part.lines) {
			part.grow(ix)
		}
	}
	w.waiting[p] = w.waiting[p][:0]
}

func (p *indexPart) init(entries int, room *slab) {
	p.lines = carve[indexLine](room, entries*10/7/8+1)
}

// home is the line where the search for a hash begins.
func (p *indexPart) home(h uint64) uint64 {
	return (h & (1<<slotBits - 1)) * uint64(len(p.lines)) >> slotBits
}

// grow makes room in a partition that got more than its share.
func (p *indexPart) grow(ix *index) {
	old := p.lines
	p.used = 0
	p.init(8*len(old), &slab{from: ix.memory})
	for i := range old {
		for _, slot := range old[i] {
			if slot != 0 {
				p.insert(ix, ^slot)
			}
		}
	}
}

// insert enters a row. Of two with one number the one that comes first in the
// file stays, in whatever order they are inserted.
func (p *indexPart) insert(ix *index, entry uint64) {
	for at := p.home(entry >> 32); ; at = p.after(at) {
		line := &p.lines[at]
		for i, slot := range line {
			if slot == 0 {
				line[i] = ^entry
				p.used++
				return
			}
			there := ^slot
			if there>>32 == entry>>32 && (ix.exact || ix.store.at(ref(there)).number == ix.store.at(ref(entry)).number) {
				line[i] = ^min(there, entry)
				p.twice = append(p.twice, ref(max(there, entry)))
				return
			}
		}
	}
}

func (p *indexPart) after(line uint64) uint64 {
	if line++; line == uint64(len(p.lines)) {
		return 0
	}
	return line
}

// find is the person with that number, or noRef.
func (ix *index) find(number uint64) ref {
	h := ix.hash(number)
	return ix.search(number, h, ix.parts[partOf(h)].home(h))
}

// search goes from line to line until one has the number, or room for it.
func (ix *index) search(number, h, at uint64) ref {
	if ix.exact && number >= 1<<exactBits*ix.unit {
		return noRef
	}
	p := &ix.parts[partOf(h)]
	for ; ; at = p.after(at) {
		line := &p.lines[at]
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

// joinGroup is how many look-ups are under way at once, so that their cache
// misses overlap.
const joinGroup = 64

// lookUp is a group of look-ups.
type lookUp struct {
	hash, at [joinGroup]uint64
	touched  uint64 // keeps the first looks from being optimized away
}

// all finds up to joinGroup numbers at once. Each step is a short loop of its
// own, so that the processor looks far ahead of the misses.
func (l *lookUp) all(ix *index, numbers []uint64, found []ref) {
	for i, number := range numbers {
		h := ix.hash(number)
		l.hash[i], l.at[i] = h, ix.parts[partOf(h)].home(h)
	}
	touched := uint64(0)
	for i := range numbers {
		touched ^= ix.parts[partOf(l.hash[i])].lines[l.at[i]][0]
	}
	l.touched = touched
	for i, number := range numbers {
		found[i] = ix.search(number, l.hash[i], l.at[i])
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
