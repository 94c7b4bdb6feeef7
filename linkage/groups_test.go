package linkage

import (
	"maps"
	"testing"

	"pgregory.net/rapid"

	"github.com/himozuke/himozuke/normalize"
)

// Whatever shares a slot, every row is counted under its own organization.
func TestTallyCountsEveryOrganization(t *testing.T) {
	name := rapid.SliceOfN(rapid.SampledFrom([]byte{0, '0', '1', 0xE3}), 0, 12)
	rapid.Check(t, func(t *rapid.T) {
		counts, want := newTally(), map[string]int64{}
		names := rapid.SliceOfN(name, 1, 30).Draw(t, "names")
		for range rapid.IntRange(0, 200).Draw(t, "rows") {
			org := rapid.SampledFrom(names).Draw(t, "organization")
			place := rapid.SampledFrom([]uint16{0, 1101, 13101, 47201}).Draw(t, "place")
			counts.row(place, org, normalize.Date(0))
			if len(org) > 0 {
				want[string(append([]byte{uint8(place / 1000)}, org...))]++
			}
		}
		got := map[string]int64{}
		for key, c := range counts.sum().organization {
			got[key] = c.links
		}
		if !maps.Equal(got, want) {
			t.Fatalf("%v, not %v", got, want)
		}
	})
}
