package linkage

import (
	"slices"
	"sync"

	"github.com/himozuke/himozuke/normalize"
)

// index finds a person by number: open addressing in partitions, each slot 32
// bits of hash and a ref. Numbers of 38 bits are hashed one to one, and slot and
// partition tell all of the hash, so that no row is looked at; longer numbers
// are confirmed in the row.
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
	slots []uint64 // hash<<32 | ref; emptySlot
	width uint64
	used  int
	lock  sync.Mutex
	twice []ref // rows whose number an earlier one has
}

const emptySlot = ^uint64(0)

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
	for _, seg := range s.segments {
		rows += len(seg.rows)
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
}

const indexAtOnce = 128

func (w *indexWriter) segment(ix *index, i int) {
	for j := range ix.store.segments[i].rows {
		h := ix.hash(ix.store.segments[i].rows[j].number)
		p := partOf(h)
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
	for _, entry := range w.waiting[p] {
		if part.insert(ix, entry); part.used*8 > int(part.width)*7 {
			part.grow(ix)
		}
	}
	w.waiting[p] = w.waiting[p][:0]
}

func (p *indexPart) init(entries int, room *slab) {
	p.width = uint64(entries)*10/7 + 8
	p.slots = carve[uint64](room, int(p.width))
	for i := range p.slots {
		p.slots[i] = emptySlot
	}
}

// home is where the search for a hash begins.
func (p *indexPart) home(h uint64) uint64 { return (h & (1<<slotBits - 1)) * p.width >> slotBits }

// grow makes room in a partition that got more than its share.
func (p *indexPart) grow(ix *index) {
	old := p.slots
	p.used = 0
	p.init(len(old), &slab{from: ix.memory})
	for _, slot := range old {
		if slot != emptySlot {
			p.insert(ix, slot)
		}
	}
}

// insert enters a row. Of two with one number the one that comes first in the
// file stays, in whatever order they are inserted.
func (p *indexPart) insert(ix *index, entry uint64) {
	i := p.home(entry >> 32)
	for {
		slot := p.slots[i]
		if slot == emptySlot {
			p.slots[i] = entry
			p.used++
			return
		}
		if slot>>32 == entry>>32 && (ix.exact || ix.store.at(ref(slot)).number == ix.store.at(ref(entry)).number) {
			p.slots[i] = min(slot, entry)
			p.twice = append(p.twice, ref(max(slot, entry)))
			return
		}
		if i++; i == p.width {
			i = 0
		}
	}
}

// find is the person with that number, or noRef.
func (ix *index) find(number uint64) ref {
	if ix.exact && number >= 1<<exactBits*ix.unit {
		return noRef
	}
	h := ix.hash(number)
	p := &ix.parts[partOf(h)]
	tag := h & 0xFFFFFFFF
	i := p.home(tag)
	for {
		slot := p.slots[i]
		if slot == emptySlot {
			return noRef
		}
		if slot>>32 == tag && (ix.exact || ix.store.at(ref(slot)).number == number) {
			return ref(slot)
		}
		if i++; i == p.width {
			i = 0
		}
	}
}

// first touches the first slot of a number and returns it, so that a loop over
// many numbers has their cache misses under way together.
func (ix *index) first(number uint64) uint64 {
	h := ix.hash(number)
	p := &ix.parts[partOf(h)]
	return p.slots[p.home(h)]
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
