package linkage

import (
	"slices"
	"sync"
	"unsafe"

	"github.com/himozuke/himozuke/score"
)

// A register that does not fit into the memory that a run may take is kept in
// a file, and links are judged many batches at once: their holders are looked
// up in the index, which stays in memory, and gathered in one pass through the
// file, in its order.

// waiting are the batches that wait for such a pass.
type waiting struct {
	mu      sync.Mutex
	batches []*linkBatch
	bytes   int64
}

// add tells whether the batches have reached the limit.
func (w *waiting) add(l *linkBatch, limit int64) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.batches = append(w.batches, l)
	w.bytes += l.bytes()
	return w.bytes >= limit
}

// gatheredBytes is what a gathered person takes, with what leads to it.
const gatheredBytes = 110

// bytes is about what a batch takes when its holders are gathered.
func (l *linkBatch) bytes() int64 {
	perRow := unsafe.Sizeof(row{}) + unsafe.Sizeof(linkExtra{}) + unsafe.Sizeof(claim{}) + gatheredBytes
	return int64(len(l.rows.rows))*int64(perRow) + int64(2*len(l.rows.arena)+len(l.text))
}

// judgeWaiting judges all batches that wait, while no reader adds to them.
func (p *pass) judgeWaiting() {
	p.gate.Lock()
	defer p.gate.Unlock()
	batches := p.waiting.batches
	p.waiting.batches, p.waiting.bytes = nil, 0
	parallel(p.jobs, len(batches), func(_, i int) { batches[i].join(p.register) })
	p.register.gather(batches, p.jobs)
	parallel(p.jobs, len(batches), func(k, i int) {
		p.judge(k, batches[i])
		batches[i] = nil
	})
}

// place is where a gathered person stands: the segment of the register in the
// high half, the row among those gathered from it in the low half.
type place uint64

func (at place) view(gathered []segment, p *score.Person) { gathered[at>>32].view(int(uint32(at)), p) }

// request asks for a person: for which row of which batch, or for which of its
// draws.
type request struct {
	person ref
	batch  uint32
	index  uint32
}

const isDrawn = 1 << 31 // of an index

// gather copies the people that batches need from the register's file.
func (r *register) gather(batches []*linkBatch, jobs int) {
	requests, bounds := sortRequests(batches, len(r.segments))
	gathered := make([]segment, len(r.segments))
	for _, l := range batches {
		l.gathered = gathered
		l.holderAt, l.drawnAt = make([]place, len(l.claims)), make([]place, len(l.drawn))
	}
	rooms := make([]segment, jobs)
	parallel(jobs, len(r.segments), func(k, s int) {
		here := requests[bounds[s]:bounds[s+1]]
		if len(here) == 0 {
			return
		}
		into, from := &gathered[s], &r.disk.places[s]
		into.rows = make([]row, 0, len(here))
		into.arena = make([]uint16, 0, from.words*len(here)/from.rows*9/8)
		pick := r.disk.some(s, len(here), &rooms[k])
		for _, q := range here {
			at := place(s)<<32 | place(len(into.rows))
			seg, i := pick.person(q.person)
			into.appendFrom(seg, i)
			if q.index&isDrawn != 0 {
				batches[q.batch].drawnAt[q.index&^isDrawn] = at
			} else {
				batches[q.batch].holderAt[q.index] = at
			}
		}
	})
}

// sortRequests lists what batches need by segment; those of segment i stand
// between bounds i and i+1.
func sortRequests(batches []*linkBatch, segments int) (requests []request, bounds []int) {
	each := func(f func(q request)) {
		for b, l := range batches {
			for i, c := range l.claims {
				if c.holder != noRef {
					f(request{c.holder, uint32(b), uint32(i)})
				}
			}
			for i, person := range l.drawn {
				if person != noRef {
					f(request{person, uint32(b), uint32(i) | isDrawn})
				}
			}
		}
	}
	ends := make([]int, segments+1)
	each(func(q request) { ends[q.person.segment()+1]++ })
	for i := range segments {
		ends[i+1] += ends[i]
	}
	bounds = slices.Clone(ends)
	requests = make([]request, ends[segments])
	each(func(q request) {
		s := q.person.segment()
		requests[ends[s]] = q
		ends[s]++
	})
	return requests, bounds
}

// appendFrom copies a record of another segment.
func (s *segment) appendFrom(from *segment, i int) {
	r := from.rows[i]
	end := len(from.arena)
	if i+1 < len(from.rows) {
		end = int(from.rows[i+1].off)
	}
	names := from.arena[r.off:end]
	r.off = uint32(len(s.arena))
	s.arena = append(s.arena, names...)
	s.rows = append(s.rows, r)
}
