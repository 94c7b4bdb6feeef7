package linkage

import (
	"fmt"

	"github.com/himozuke/himozuke/linkage/ingest"
	"github.com/himozuke/himozuke/score"
)

// Plan is what a run would take, and how it would go about it.
type Plan struct {
	People int64
	Links  int64
	Jobs   int
	Memory int64 // resident bytes, with the register in memory
	Limit  int64 // resident bytes that the run may take
	Least  int64 // resident bytes, with the register on disk
	Disk   int64 // bytes of the register on disk; zero when it fits into memory
	Output int64 // bytes on disk, at most
}

// What a run holds, in bytes; docs/performance.md has the measurements.
const (
	bytesOfPeople   = 66 // a person's row and names
	bytesOfIndex    = 12 // a person in the index
	bytesPerLink    = 25 // keys of all links, and suspects with their candidates
	leastPerLink    = 12 // the same where garbage is collected at once
	bytesOfCode     = 48 << 20
	bytesOfProgram  = 160 << 20 // code, tables and what the heap holds whatever the input
	bytesPerWorker  = 16 << 20  // the batch that is read, and what becomes of it
	bytesPerFinding = 6_000
	findingShare    = 0.005

	// leastGather is the least that links take which wait for a pass through a
	// register on disk.
	leastGather = 64 << 20
)

func planFor(people, links, limit int64, jobs int) Plan {
	p := Plan{People: people, Links: links, Limit: limit, Jobs: jobs}
	p.Memory = max(p.loading()+people*bytesOfPeople, p.judging()+people*bytesOfPeople+links*bytesPerLink)
	p.Least = max(p.loading(), p.judging()+links*leastPerLink+leastGather)
	if p.Memory > limit {
		p.Disk = people * bytesOfPeople
	}
	p.Output = int64(float64(links) * findingShare * bytesPerFinding)
	return p
}

// loading is what is held while the register is read, itself not counted: every
// worker counts names by itself.
func (p *Plan) loading() int64 {
	return p.program() + roomOfAlike(p.People) + int64(p.Jobs)*score.RoomOfNames(p.People)
}

// judging is the same from then on, without what the links take.
func (p *Plan) judging() int64 { return p.program() + p.offHeap() }

func (p *Plan) program() int64 { return bytesOfProgram + int64(p.Jobs)*bytesPerWorker }

// offHeap is what the garbage collector does not know of while links are
// judged, but for the code and the register.
func (p *Plan) offHeap() int64 {
	return p.People*bytesOfIndex + roomOfAlike(p.People) + score.RoomOfNames(p.People)
}

// gather is how much the links may take that wait for a pass through a
// register on disk.
func (p *Plan) gather() int64 { return max(p.Limit-p.Least, 0)/3 + leastGather }

// heap is what the garbage collector may let the heap grow to while links are
// judged. A sixteenth is left for what the plan does not know of: the database's
// memory, tables of the search.
func (p *Plan) heap() int64 { return p.heapBeside(p.offHeap()) }

// heapOfSearch is the same when no link is cleared any more.
func (p *Plan) heapOfSearch() int64 { return p.heapBeside(p.offHeap() - roomOfAlike(p.People)) }

// heapAtLast is the same when nobody is looked up by number any more.
func (p *Plan) heapAtLast() int64 { return p.heapBeside(score.RoomOfNames(p.People)) }

func (p *Plan) heapBeside(off int64) int64 {
	off += bytesOfCode + p.Limit/16
	if p.Disk == 0 {
		off += p.People * bytesOfPeople
	}
	return max(p.Limit-off, bytesOfProgram)
}

// heapPercent is how much garbage may pile up beside what is in use: little of
// the heap has pointers, so that collecting it is cheap.
const heapPercent = 40

// check tells whether the run is possible.
func (p *Plan) check() error {
	if p.Disk > 0 && p.Limit < p.Least {
		return fmt.Errorf("about %d people and %d links take %d MiB of memory even with the register on disk, but only %d MiB may be used: raise --memory or split the links over several runs",
			p.People, p.Links, p.Least>>20, p.Limit>>20)
	}
	return nil
}

// plan foretells the run from the sizes of its files.
func (a *audit) plan() Plan {
	people, links := estimate(a.sources[0]), int64(0)
	for _, src := range a.sources[1:] {
		links += estimate(src)
	}
	return planFor(people, links, a.cfg.MemoryLimit(), a.jobs)
}

// bytesPerRow is a cautious guess for files whose rows cannot be told.
const bytesPerRow = 20

func estimate(src *ingest.Source) int64 {
	if rows := src.EstimateRows(); rows > 0 {
		return rows
	}
	return src.Bytes / bytesPerRow
}
