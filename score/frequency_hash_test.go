package score

import (
	"testing"

	"pgregory.net/rapid"

	"github.com/himozuke/himozuke/normalize"
)

// hashOneByOne is what the hashes are: all codes in words of 64 bits, one
// after the other.
func hashOneByOne[C uint8 | uint16](h uint64, size int, parts ...[]C) uint64 {
	word, n := uint64(0), 0
	for _, part := range parts {
		for _, c := range part {
			word = word<<size | uint64(c)
			if n++; n*size%64 == 0 {
				h, word = stir(h, word), 0
			}
		}
	}
	return mix(stir(h, word) ^ uint64(n))
}

func TestHashesOfNamesTakeEveryCode(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		family := rapid.SliceOfN(rapid.Byte(), 0, 70).Draw(t, "family")
		given := rapid.SliceOfN(rapid.Byte(), 0, 70).Draw(t, "given")
		want := hashOneByOne(0xC2B2AE3D27D4EB4F, 8, family, given)
		if got := HashKana(family, given); got != want {
			t.Fatalf("kana %x, want %x", got, want)
		}
		if got := HashKana(append(family[:len(family):len(family)], given...), nil); got != want {
			t.Fatalf("joined kana %x, want %x", got, want)
		}
		folded := normalize.AppendWeakKana(nil, append(family[:len(family):len(family)], given...))
		if got, want := HashWeakKana(family, given), hashCodes(folded); got != want {
			t.Fatalf("weak kana %x, want %x of %x", got, want, folded)
		}
	})
	rapid.Check(t, func(t *rapid.T) {
		family := rapid.SliceOfN(rapid.Uint16(), 0, 9).Draw(t, "family")
		given := rapid.SliceOfN(rapid.Uint16(), 0, 9).Draw(t, "given")
		if got, want := HashKanjiName(family, given), hashOneByOne(0x9E3779B97F4A7C15, 16, family, given); got != want {
			t.Fatalf("kanji %x, want %x", got, want)
		}
	})
}
