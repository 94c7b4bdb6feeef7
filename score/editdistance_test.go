package score_test

import (
	"math/rand/v2"
	"testing"

	"github.com/himozuke/himozuke/normalize"
	"github.com/himozuke/himozuke/score"
	"pgregory.net/rapid"
)

// referenceEditDistance is optimal string alignment by the full matrix.
func referenceEditDistance(a, b []rune, wildcard rune) int {
	same := func(x, y rune) bool { return x == y || x == wildcard || y == wildcard }
	var matrix [102][102]int
	for i := range len(a) + 1 {
		matrix[i][0] = i
	}
	for j := range len(b) + 1 {
		matrix[0][j] = j
	}
	for i := 1; i <= len(a); i++ {
		for j := 1; j <= len(b); j++ {
			cost := 1
			if same(a[i-1], b[j-1]) {
				cost = 0
			}
			d := min(matrix[i-1][j]+1, matrix[i][j-1]+1, matrix[i-1][j-1]+cost)
			if i > 1 && j > 1 && same(a[i-1], b[j-2]) && same(a[i-2], b[j-1]) {
				d = min(d, matrix[i-2][j-2]+1)
			}
			matrix[i][j] = d
		}
	}
	return matrix[len(a)][len(b)]
}

func TestEditDistanceAgainstReference(t *testing.T) {
	rng := rand.New(rand.NewPCG(11, 12))
	for i := range 1_000_000 {
		longest := 8
		if i%64 == 0 {
			longest = 80
		}
		a, b := randomPair(rng, longest, 2+rng.IntN(12))
		want := referenceEditDistance(runes(a), runes(b), -1)
		if got := score.EditDistance(a, b); got != want {
			t.Fatalf("EditDistance(%v, %v) = %d, reference %d", a, b, got, want)
		}
		wa, wb := wide(a), wide(b)
		if got := score.EditDistanceKanji(wa, wb); got != want {
			t.Fatalf("EditDistanceKanji(%v, %v) = %d, reference %d", wa, wb, got, want)
		}
	}
}

func TestEditDistanceWildcards(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		codes := rapid.SliceOfN(rapid.SampledFrom([]uint16{1, 2, 3, normalize.KanjiWildcard}), 0, 70)
		a, b := codes.Draw(t, "a"), codes.Draw(t, "b")
		want := referenceEditDistance(runes(a), runes(b), normalize.KanjiWildcard)
		if got := score.EditDistanceKanji(a, b); got != want {
			t.Fatalf("EditDistanceKanji(%v, %v) = %d, reference %d", a, b, got, want)
		}
	})
}

func FuzzEditDistance(f *testing.F) {
	f.Add([]byte("ﾔﾏﾀﾞ"), []byte("ヤマダ"))
	f.Add([]byte{1, 2, 0xFF}, []byte{0xFF, 2, 0})
	f.Fuzz(func(t *testing.T, a, b []byte) {
		got := score.EditDistance(a, b)
		if got != score.EditDistance(b, a) {
			t.Fatalf("EditDistance(%v, %v) is not symmetric", a, b)
		}
		if got > max(len(a), len(b)) || got < max(len(a), len(b))-min(len(a), len(b)) || string(a) == string(b) && got != 0 {
			t.Fatalf("EditDistance(%v, %v) = %d", a, b, got)
		}
	})
}

func BenchmarkEditDistance(b *testing.B) {
	x, y := benchmarkPairs()
	total := 0
	b.Run("kana", func(b *testing.B) {
		b.ReportAllocs()
		for i := range b.N {
			total += score.EditDistance(x[i&1023], y[i&1023])
		}
	})
	b.Run("kanji", func(b *testing.B) {
		var wx, wy [1024][]uint16
		for i := range x {
			wx[i], wy[i] = wide(x[i]), wide(y[i])
		}
		b.ReportAllocs()
		for i := range b.N {
			total += score.EditDistanceKanji(wx[i&1023], wy[i&1023])
		}
	})
	sink += float64(total)
}
