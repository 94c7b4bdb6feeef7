package linkage

import (
	"cmp"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

func TestKeysStandInOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		top := rapid.Uint64Range(0, tableParts-1).Draw(t, "part") << (64 - partBits)
		key := rapid.OneOf(rapid.Uint64Range(0, 3), rapid.Uint64())
		var chunks [][]blockEntry
		for range rapid.IntRange(0, 4).Draw(t, "chunks") {
			chunks = append(chunks, rapid.SliceOfN(rapid.Custom(func(t *rapid.T) blockEntry {
				return blockEntry{top | key.Draw(t, "key")>>partBits, rapid.Uint32Range(0, 9).Draw(t, "suspect"), byLatin}
			}), 0, 40).Draw(t, "chunk"))
		}
		want := slices.Concat(chunks...)
		slices.SortFunc(want, func(a, b blockEntry) int {
			return cmp.Or(cmp.Compare(a.key, b.key), cmp.Compare(a.suspect, b.suspect))
		})
		if got := inOrderOfKeys(chunks); !slices.Equal(got, want) {
			t.Fatalf("%v, not %v", got, want)
		}
	})
}
