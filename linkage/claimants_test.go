package linkage

import (
	"slices"
	"testing"

	"pgregory.net/rapid"
)

func TestClaimantsAreFoundByHolder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		holder := rapid.OneOf(rapid.Uint32Range(0, 40), rapid.Uint32Range(0, 1<<20), rapid.Uint32Max(^uint32(0)-1))
		var claims []uint64
		for id, h := range rapid.SliceOfN(holder, 0, 60).Draw(t, "holders") {
			claims = append(claims, uint64(h)<<32|uint64(id))
		}
		c := newClaimants(slices.Clone(claims))
		for range 20 {
			h := holder.Draw(t, "holder")
			if len(claims) > 0 && rapid.Bool().Draw(t, "claimed") {
				h = uint32(rapid.SampledFrom(claims).Draw(t, "claim") >> 32)
			}
			var want []uint64
			for _, claim := range claims {
				if uint32(claim>>32) == h {
					want = append(want, claim)
				}
			}
			if got := c.of(ref(h)); !slices.Equal(got, want) {
				t.Fatalf("holder %d: %v, want %v", h, got, want)
			}
		}
	})
}
