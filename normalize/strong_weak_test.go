package normalize

import (
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// Whatever the strong fold makes equal, the weak fold makes equal too.

func TestStrongEqualKanaAreWeakEqual(t *testing.T) {
	var p, q KanaParser
	met := 0
	rapid.Check(t, func(t *rapid.T) {
		spell := func(name []rune) string {
			var text string
			for _, r := range name {
				text += rapid.SampledFrom(kanaSpellings(r)).Draw(t, "spelling")
			}
			return text
		}
		name := rapid.SliceOfN(rapid.SampledFrom([]rune("アイウエオカガシジツテデトハバフブヴンヨ")), 1, 6).Draw(t, "name")
		a, _ := p.Parse([]byte(spell(name)))
		b, _ := q.Parse([]byte(spell(name)))
		if !slices.Equal(a.Family, b.Family) {
			return
		}
		met++
		if !slices.Equal(AppendWeakKana(nil, a.Family), AppendWeakKana(nil, b.Family)) {
			t.Fatalf("%s is strong-equal to itself but not weak-equal", kanaText(a.Family))
		}
	})
	if met == 0 {
		t.Error("no spellings met")
	}
}

func TestStrongEqualKanjiAreWeakEqual(t *testing.T) {
	byCode := map[uint16][]rune{}
	for r := rune(0x2E80); r <= 0xFAFF; r++ {
		if code := FoldNameRune(r); code != 0 {
			byCode[code] = append(byCode[code], r)
		}
	}
	for code, runes := range byCode {
		for _, r := range runes {
			if other := FoldNameRune(r); !Confusable(code, other) || WeakKanjiKey(code) != WeakKanjiKey(other) {
				t.Errorf("%c folds to %c and is not confusable with it", r, code)
			}
		}
	}
	for r := rune(0x20000); r <= 0x2FA1F; r++ {
		if code := FoldNameRune(r); code != 0 && !Confusable(code, FoldNameRune(rune(code))) && code < 0xD800 {
			t.Errorf("%c folds to %c and is not confusable with it", r, code)
		}
	}
}

// Addresses of one town agree in the coarser town, and those of one number in
// the coarser block.
func TestStrongEqualAddressesAreWeakEqual(t *testing.T) {
	var p AddressParser
	rapid.Check(t, func(t *rapid.T) {
		spellings := drawAddress(t).spellings()
		keys := make([]AddressKey, len(spellings))
		for i, s := range spellings {
			keys[i], _ = p.Parse([]byte(s), 0, 0)
		}
		for i, a := range keys {
			for j, b := range keys {
				if a.Town == b.Town && (a.Municipality != b.Municipality || a.TownWeak != b.TownWeak) {
					t.Fatalf("%s and %s are in one town, but not in its coarser form", spellings[i], spellings[j])
				}
				if a.Numbers == b.Numbers && a.Block != b.Block {
					t.Fatalf("%s and %s have one number, but not one block", spellings[i], spellings[j])
				}
			}
		}
	})
}
