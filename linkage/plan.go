package linkage

import (
	"fmt"

	"github.com/himozuke/himozuke/linkage/ingest"
)

// Plan is what a run would take, and how it would go about it.
type Plan struct {
	People int64
	Links  int64
	Memory int64 // resident bytes, with the register in memory
	Limit  int64 // resident bytes that the run may take
	Least  int64 // resident bytes, with the register on disk
	Disk   int64 // bytes of the register on disk; zero when it fits into memory
	Output int64 // bytes on disk, at most
}

// What a run holds, in bytes; docs/performance.md has the measurements.
const (
	bytesOfPeople   = 66 // a person's row and names
	bytesOfLookup   = 18 // a person in the index, and in the groups of alike people
	bytesPerLink    = 25 // keys of all links, and suspects with their candidates
	leastPerLink    = 12 // the same where garbage is collected at once
	bytesOfProgram  = 250 << 20
	bytesPerFinding = 6_000
	findingShare    = 0.005

	// leastGather is the least that links take which wait for a pass through a
	// register on disk.
	leastGather = 64 << 20
)

func planFor(people, links, limit int64) Plan {
	p := Plan{People: people, Links: links, Limit: limit}
	p.Memory = people*(bytesOfPeople+bytesOfLookup) + links*bytesPerLink + bytesOfProgram
	p.Least = people*bytesOfLookup + links*leastPerLink + bytesOfProgram + leastGather
	if p.Memory > limit {
		p.Disk = people * bytesOfPeople
	}
	p.Output = int64(float64(links) * findingShare * bytesPerFinding)
	return p
}

// gather is how much the links may take that wait for a pass through a
// register on disk.
func (p *Plan) gather() int64 { return max(p.Limit-p.Least, 0)/3 + leastGather }

// heap is what the garbage collector may let the heap grow to: the register and
// its index are not on it.
func (p *Plan) heap() int64 {
	off := p.People * bytesOfLookup
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
	return planFor(people, links, a.cfg.MemoryLimit())
}

// bytesPerRow is a cautious guess for files whose rows cannot be told.
const bytesPerRow = 20

func estimate(src *ingest.Source) int64 {
	if rows := src.EstimateRows(); rows > 0 {
		return rows
	}
	return src.Bytes / bytesPerRow
}
