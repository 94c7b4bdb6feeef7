package model

import (
	"os"
	"testing"

	"pgregory.net/rapid"
)

// TestWhatAKnownCutDoesNotAskForIsLeftOut: where a name is known to divide after
// some characters, the ways to read the parts there are what they are among all.
func TestWhatAKnownCutDoesNotAskForIsLeftOut(t *testing.T) {
	data, err := os.ReadFile("../../permissive/model.bin")
	if err != nil {
		t.Fatal(err)
	}
	m, err := Decode(string(data))
	if err != nil {
		t.Fatal(err)
	}
	family, given := &m.parts[Family], &m.parts[Given]
	rapid.Check(t, func(t *rapid.T) {
		kanji := rapid.SliceOfN(rapid.SampledFrom([]uint16{'佐', '藤', '長', '谷', '川', '中', '子', '美', '太', '郎', '小', '百', '合', 0xFFFD}), 2, 6).Draw(t, "kanji")
		kana := rapid.SliceOfN(rapid.OneOf(rapid.ByteRange(0x02, 0x53), rapid.SampledFrom([]byte{0xFF, 0x5C})), 2, 10).Draw(t, "kana")
		cut := rapid.IntRange(1, len(kanji)-1).Draw(t, "cut")
		var s spelling
		if !s.prepare(kana) {
			return
		}
		sides := func(cut int) (f, g joint) {
			f.cut, g.cut = cut, cut
			family.running(&s, &f.product)
			given.running(&s, &g.product)
			f.seen(family, kanji)
			g.seen(given, kanji)
			family.heads(kanji, &s, &f)
			given.tails(kanji, &s, &g)
			return f, g
		}
		allF, allG := sides(Unknown)
		f, g := sides(cut)
		if f.total[cut] != allF.total[cut] || g.total[cut] != allG.total[cut] {
			t.Fatalf("cut after %d: %v and %v, among all %v and %v", cut, f.total[cut], g.total[cut], allF.total[cut], allG.total[cut])
		}
		for _, known := range []int{0, len(kanji), len(kanji) + 1} {
			if cut := m.CutAt(kanji, kana, Cut{known, Unknown}); cut != (Cut{Unknown, Unknown}) {
				t.Fatalf("a family name of %d characters: cut at %v", known, cut)
			}
		}
	})
}
