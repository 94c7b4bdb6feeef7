package linkage

import (
	"slices"
	"sync"
)

// index finds a person by number: open addressing in partitions, each slot 32
// bits of hash and a ref, the full number confirmed in the row. Partitions
// are filled independently, so building is parallel and the result does not
// depend on how.
type index struct {
	store *store
	parts [indexParts]indexPart
}

const indexParts = 64

type indexPart struct {
	slots []uint64 // hash<<32 | ref; emptySlot
	width uint64
}

const emptySlot = ^uint64(0)

func hashNumber(n uint64) uint64 {
	h := n * 0x9E3779B97F4A7C15
	return h ^ h>>32
}

// The top bits choose the partition, the next 32 the slot.
func partOf(h uint64) int { return int(h >> 58) }

// buildIndex indexes every row of the register. Where a number stands twice
// the earlier row keeps it; the later ones are returned in file order.
func buildIndex(s *store, jobs int) (*index, []ref) {
	ix := &index{store: s}
	// Each worker scatters a run of segments into the partitions.
	lists := make([][indexParts][]uint64, jobs)
	parallel(jobs, jobs, func(_, k int) {
		from, to := len(s.segments)*k/jobs, len(s.segments)*(k+1)/jobs
		for i := from; i < to; i++ {
			for j := range s.segments[i].rows {
				h := hashNumber(s.segments[i].rows[j].number)
				p := partOf(h)
				lists[k][p] = append(lists[k][p], h<<6>>32<<32|uint64(makeRef(i, j)))
			}
		}
	})
	var duplicates [indexParts][]ref
	parallel(jobs, indexParts, func(_, p int) {
		n := 0
		for k := range lists {
			n += len(lists[k][p])
		}
		part := &ix.parts[p]
		part.width = uint64(n)*10/7 + 8
		part.slots = make([]uint64, part.width)
		for i := range part.slots {
			part.slots[i] = emptySlot
		}
		for k := range lists {
			for _, entry := range lists[k][p] {
				if !part.insert(s, entry) {
					duplicates[p] = append(duplicates[p], ref(entry))
				}
			}
			lists[k][p] = nil
		}
	})
	var dead []ref
	for _, d := range duplicates {
		dead = append(dead, d...)
	}
	slices.Sort(dead)
	return ix, dead
}

func (p *indexPart) insert(s *store, entry uint64) bool {
	i := (entry >> 32) * p.width >> 32
	for {
		slot := p.slots[i]
		if slot == emptySlot {
			p.slots[i] = entry
			return true
		}
		if slot>>32 == entry>>32 && s.at(ref(slot)).number == s.at(ref(entry)).number {
			return false
		}
		if i++; i == p.width {
			i = 0
		}
	}
}

// find is the person with that number, or noRef.
func (ix *index) find(number uint64) ref {
	h := hashNumber(number)
	p := &ix.parts[partOf(h)]
	tag := h << 6 >> 32
	i := tag * p.width >> 32
	for {
		slot := p.slots[i]
		if slot == emptySlot {
			return noRef
		}
		if slot>>32 == tag && ix.store.at(ref(slot)).number == number {
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
	h := hashNumber(number)
	p := &ix.parts[partOf(h)]
	return p.slots[(h<<6>>32)*p.width>>32]
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
