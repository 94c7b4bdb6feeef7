package linkage

import (
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// A huge block brings people before just those suspects that are tied to their
// municipality, and one that is left out before nobody.
func TestNarrowKeepsThoseNearby(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		suspects := rapid.IntRange(1, 60).Draw(t, "suspects")
		places := make([][2]uint16, suspects)
		lists := make([]blockLists, 1)
		for id := range places {
			places[id] = [2]uint16{uint16(rapid.IntRange(0, 4).Draw(t, "record")), uint16(rapid.IntRange(0, 4).Draw(t, "holder"))}
			for range rapid.IntRange(0, 3).Draw(t, "keys") {
				key := uint64(rapid.IntRange(1, 5).Draw(t, "key")) * 0x9E3779B97F4A7C15
				lists[0].add(blockEntry{key: key, suspect: uint32(id)})
			}
		}
		table := newBlockTable(lists, 1)
		defer table.memory.release()
		huge := make([]bool, len(table.keys))
		for b := range huge {
			huge[b] = rapid.Bool().Draw(t, "huge")
			table.blocks[b].empty = huge[b] && rapid.Bool().Draw(t, "empty")
		}
		n := table.narrow(huge, places)
		for b := range huge {
			if n.isHuge(b) != huge[b] {
				t.Fatalf("block %d of %v is huge: %v", b, huge, n.isHuge(b))
			}
			for m := uint16(0); huge[b] && m < 6; m++ {
				var want, got []uint32
				for _, id := range table.suspects(b) {
					if p := places[id]; !table.blocks[b].empty && m != 0 && (p[0] == m || p[1] == m) {
						want = append(want, id)
					}
				}
				for _, home := range n.suspects(b, m) {
					got = append(got, uint32(home))
				}
				if !slices.Equal(got, want) {
					t.Fatalf("municipality %d: %v, not %v", m, got, want)
				}
			}
		}
	})
}
