package score

import (
	"testing"

	"pgregory.net/rapid"

	"github.com/himozuke/himozuke/normalize"
)

// shortKanji draws names of up to four characters, of which many are in common,
// confusable or not ideographs at all.
var shortKanji = rapid.SliceOfN(rapid.OneOf(
	rapid.SampledFrom([]rune("斎斉齋渡辺邊邉島嶋田中山本太郎子々〆")),
	rapid.SampledFrom([]rune("サくA Z●一")),
	rapid.Rune(),
), 1, 4)

func drawShortKanji(t *rapid.T, label string) []uint16 {
	var codes []uint16
	for _, r := range shortKanji.Draw(t, label) {
		if r == '●' {
			r = normalize.KanjiWildcard
		}
		codes = append(codes, uint16(r))
	}
	return codes
}

// TestShortNamesCompareAsAnyOthers: what is decided at once is what the rules
// say character by character.
func TestShortNamesCompareAsAnyOthers(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b := drawShortKanji(t, "a"), drawShortKanji(t, "b")
		if rapid.Bool().Draw(t, "alike") {
			b = append([]uint16(nil), a...)
			b[rapid.IntRange(0, len(b)-1).Draw(t, "place")] = drawShortKanji(t, "slip")[0]
		}
		want := compareAnyKanji(a, b)
		if got, done := compareShortKanji(a, b); done && got != want {
			t.Fatalf("%04X and %04X: %s, by the rules %s", a, b, got, want)
		}
		if got := CompareKanji(a, b); got != want {
			t.Fatalf("%04X and %04X: %s, by the rules %s", a, b, got, want)
		}
	})
}

// TestWhatCannotAgreeDoesNot: where names of one length agree the short cut for
// the other order says how.
func TestWhatCannotAgreeDoesNot(t *testing.T) {
	code := rapid.OneOf(rapid.SampledFrom([]byte{0x02, 0x06, 0x0B, 0x0C, 0x21, 0x22, 0x54, 0x5C, normalize.KanaWildcard}), rapid.Byte())
	rapid.Check(t, func(t *rapid.T) {
		a, b := drawShortKanji(t, "a"), drawShortKanji(t, "b")
		b = b[:min(len(a), len(b))]
		a = a[:len(b)]
		if got, want := agreeingKanji(a, b), CompareKanji(a, b); got != want && (agrees(got) || agrees(want)) {
			t.Fatalf("%04X and %04X: %s and %s", a, b, got, want)
		}
		x := rapid.SliceOfN(code, 0, 10).Draw(t, "x")
		y := rapid.SliceOfN(code, len(x), len(x)).Draw(t, "y")
		if got, want := agreeingKana(x, y), CompareKana(x, y); got != want && (agrees(got) || agrees(want)) {
			t.Fatalf("%X and %X: %s and %s", x, y, got, want)
		}
	})
}
