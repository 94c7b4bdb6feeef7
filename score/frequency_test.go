package score

import (
	"math/rand/v2"
	"slices"
	"testing"
)

// Counting by way of tallies leaves the sketches as counting one by one does.
func TestTalliesCountEveryValue(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	values := make([]uint64, 40_000)
	for i := range values {
		values[i] = mix(uint64(i))
		if i%8 == 0 { // like another in all but bits that a sketch does not look at
			values[i] = values[r.IntN(i+1)] ^ 1<<20
		}
	}
	for kind, bits := range sketchBits {
		one := sketch{lines: NewLines(1 << bits), shift: uint8(64 - bits)}
		all := sketch{lines: NewLines(1 << bits), shift: uint8(64 - bits)}
		f := new(Frequencies)
		f.counts[kind] = all
		f.tallies[kind] = &tally{into: &f.counts[kind]}
		for range 200_000 {
			h := values[int(float64(len(values))*r.Float64()*r.Float64()*r.Float64())]
			one.add(h, 1)
			if r.IntN(5) == 0 {
				f.tallies[kind].handOn(once(h))
			} else {
				f.tallies[kind].add(h)
			}
		}
		for range tallyMost + 2 { // more than a place can count
			one.add(values[0], 1)
			f.tallies[kind].add(values[0])
		}
		f.settle()
		if !slices.Equal(one.lines, f.counts[kind].lines) {
			t.Fatalf("kind %d: counts differ", kind)
		}
	}
}
