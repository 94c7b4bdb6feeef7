package score_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/himozuke/himozuke/normalize"
	"github.com/himozuke/himozuke/score"
	"github.com/xrash/smetrics"
	"pgregory.net/rapid"
)

// randomPair gives two texts that are sometimes unrelated and mostly a few
// edits apart, over an alphabet small enough for repeats.
func randomPair(rng *rand.Rand, longest, alphabet int) (a, b []byte) {
	a = make([]byte, rng.IntN(longest+1))
	for i := range a {
		a[i] = byte(1 + rng.IntN(alphabet))
	}
	if rng.IntN(4) == 0 {
		b = make([]byte, rng.IntN(longest+1))
		for i := range b {
			b[i] = byte(1 + rng.IntN(alphabet))
		}
		return a, b
	}
	b = append(b, a...)
	for range rng.IntN(4) {
		if len(b) == 0 {
			break
		}
		i := rng.IntN(len(b))
		switch rng.IntN(4) {
		case 0:
			b[i] = byte(1 + rng.IntN(alphabet))
		case 1:
			b = append(b[:i], b[i+1:]...)
		case 2:
			if len(b) < longest {
				b = append(b[:i+1], b[i:]...)
				b[i] = byte(1 + rng.IntN(alphabet))
			}
		case 3:
			if i > 0 {
				b[i], b[i-1] = b[i-1], b[i]
			}
		}
	}
	return a, b
}

// wide maps one-byte codes to kanji codes that differ in either half only.
func wide(s []byte) []uint16 {
	out := make([]uint16, len(s))
	for i, c := range s {
		if c&1 == 0 {
			out[i] = 0x4E00 | uint16(c>>1)
		} else {
			out[i] = 0x4E | uint16(c>>1+0x40)<<8
		}
	}
	return out
}

// referenceJaroWinkler is the textbook algorithm on runes, with the boost
// threshold in integers.
func referenceJaroWinkler(a, b []rune, wildcard rune) float64 {
	if len(a) == 0 && len(b) == 0 {
		return 1
	}
	same := func(x, y rune) bool { return x == y || x == wildcard || y == wildcard }
	reach := max(len(a), len(b))/2 - 1
	if reach < 0 {
		reach = 0
	}
	var usedA, usedB [256]bool
	m := 0
	for i, x := range a {
		for j, y := range b {
			if j >= i-reach && j <= i+reach && !usedB[j] && same(x, y) {
				usedA[i], usedB[j] = true, true
				m++
				break
			}
		}
	}
	if m == 0 {
		return 0
	}
	var as, bs []rune
	var asBuffer, bsBuffer [256]rune
	as, bs = asBuffer[:0], bsBuffer[:0]
	for i, x := range a {
		if usedA[i] {
			as = append(as, x)
		}
	}
	for j, y := range b {
		if usedB[j] {
			bs = append(bs, y)
		}
	}
	t := 0
	for i := range as {
		if !same(as[i], bs[i]) {
			t++
		}
	}
	t /= 2
	la, lb := len(a), len(b)
	fm := float64(m)
	j := (fm/float64(la) + fm/float64(lb) + float64(m-t)/fm) / 3
	if 10*(m*m*(la+lb)+la*lb*(m-t)) > 21*la*lb*m {
		p := 0
		for p < 4 && p < la && p < lb && same(a[p], b[p]) {
			p++
		}
		j += 0.1 * float64(p) * (1 - j)
	}
	return j
}

func runes[T byte | uint16](s []T) []rune {
	out := make([]rune, len(s))
	for i, c := range s {
		out[i] = rune(c)
	}
	return out
}

// rounded makes two ways of writing the same fraction comparable.
func rounded(x float64) int64 { return int64(math.Round(x * 1e12)) }

func TestJaroWinklerAgainstReference(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	for i := range 1_000_000 {
		longest := 10
		if i%64 == 0 {
			longest = 80
		}
		a, b := randomPair(rng, longest, 2+rng.IntN(30))
		want := rounded(referenceJaroWinkler(runes(a), runes(b), -1))
		if got := rounded(score.JaroWinkler(a, b)); got != want {
			t.Fatalf("JaroWinkler(%v, %v) = %d, reference %d", a, b, got, want)
		}
		wa, wb := wide(a), wide(b)
		if got := rounded(score.JaroWinklerKanji(wa, wb)); got != want {
			t.Fatalf("JaroWinklerKanji(%v, %v) = %d, reference %d", wa, wb, got, want)
		}
	}
}

func TestJaroWinklerAgainstSmetrics(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 4))
	for range 200_000 {
		a, b := randomPair(rng, 20, 2+rng.IntN(80))
		if math.Abs(smetrics.Jaro(string(a), string(b))-0.7) < 1e-9 {
			continue // at the threshold smetrics follows the last bit of a float
		}
		want := smetrics.JaroWinkler(string(a), string(b), 0.7, 4)
		if got := score.JaroWinkler(a, b); rounded(got) != rounded(want) {
			t.Fatalf("JaroWinkler(%v, %v) = %v, smetrics %v", a, b, got, want)
		}
	}
}

func TestJaroWinklerKnownValues(t *testing.T) {
	// The classic examples of Winkler (1990), to three decimals.
	for _, test := range []struct {
		a, b string
		want float64
	}{
		{"MARTHA", "MARHTA", 0.961},
		{"DWAYNE", "DUANE", 0.840},
		{"DIXON", "DICKSONX", 0.813},
		{"JONES", "JOHNSON", 0.832},
		{"ABC", "", 0},
		{"", "", 1},
		{"ABC", "ABC", 1},
		{"ABC", "XYZ", 0},
	} {
		if got := score.JaroWinkler([]byte(test.a), []byte(test.b)); math.Abs(got-test.want) > 0.0005 {
			t.Errorf("JaroWinkler(%s, %s) = %.4f, want %.3f", test.a, test.b, got, test.want)
		}
	}
}

func TestJaroWinklerThresholdIsExact(t *testing.T) {
	// Where Jaro is exactly 7/10 there is no boost.
	found := 0
	rng := rand.New(rand.NewPCG(5, 6))
	for range 200_000 {
		a, b := randomPair(rng, 10, 4)
		if len(a) == 0 || len(b) == 0 {
			continue
		}
		if jaro := smetrics.Jaro(string(a), string(b)); math.Abs(jaro-0.7) < 1e-12 {
			found++
			if got := score.JaroWinkler(a, b); got != 0.7 {
				t.Fatalf("JaroWinkler(%v, %v) = %v, want 0.7 without boost", a, b, got)
			}
		}
	}
	if found == 0 {
		t.Fatal("no pair at the threshold was tried")
	}
}

func TestJaroWinklerWildcards(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		codes := rapid.SliceOfN(rapid.SampledFrom([]byte{1, 2, 3, normalize.KanaWildcard}), 0, 70)
		a, b := codes.Draw(t, "a"), codes.Draw(t, "b")
		want := max(
			referenceJaroWinkler(runes(a), runes(b), normalize.KanaWildcard),
			referenceJaroWinkler(runes(b), runes(a), normalize.KanaWildcard))
		if got := score.JaroWinkler(a, b); rounded(got) != rounded(want) {
			t.Fatalf("JaroWinkler(%v, %v) = %v, reference %v", a, b, got, want)
		}
		if got := score.JaroWinkler(b, a); rounded(got) != rounded(want) {
			t.Fatalf("not symmetric: JaroWinkler(%v, %v) = %v and %v", b, a, got, want)
		}
	})
}

func FuzzJaroWinkler(f *testing.F) {
	f.Add([]byte("ﾔﾏﾀﾞ"), []byte("ヤマダ"))
	f.Add([]byte{1, 2, 0xFF}, []byte{0xFF, 2, 0})
	f.Fuzz(func(t *testing.T, a, b []byte) {
		got := score.JaroWinkler(a, b)
		if got != score.JaroWinkler(b, a) {
			t.Fatalf("JaroWinkler(%v, %v) is not symmetric", a, b)
		}
		if got < 0 || got > 1 || string(a) == string(b) && got != 1 {
			t.Fatalf("JaroWinkler(%v, %v) = %v", a, b, got)
		}
	})
}

// benchmarkPairs are joined kana names of 6.4 codes on average, half of them
// one edit apart and half unrelated.
func benchmarkPairs() (a, b [1024][]byte) {
	rng := rand.New(rand.NewPCG(7, 8))
	name := func() []byte {
		s := make([]byte, 4+rng.IntN(6))
		for i := range s {
			s[i] = byte(1 + rng.IntN(80))
		}
		return s
	}
	for i := range a {
		a[i] = name()
		if i%2 == 0 {
			b[i] = name()
			continue
		}
		b[i] = append([]byte(nil), a[i]...)
		k := rng.IntN(len(b[i]))
		switch rng.IntN(3) {
		case 0:
			b[i][k] = byte(1 + rng.IntN(80))
		case 1:
			b[i] = append(b[i][:k], b[i][k+1:]...)
		case 2:
			j := (k + 1) % len(b[i])
			b[i][j], b[i][k] = b[i][k], b[i][j]
		}
	}
	return a, b
}

var sink float64

func BenchmarkJaroWinkler(b *testing.B) {
	x, y := benchmarkPairs()
	b.Run("kana", func(b *testing.B) {
		b.ReportAllocs()
		for i := range b.N {
			sink += score.JaroWinkler(x[i&1023], y[i&1023])
		}
	})
	b.Run("kanji", func(b *testing.B) {
		var wx, wy [1024][]uint16
		for i := range x {
			wx[i], wy[i] = wide(x[i][:min(len(x[i]), 3+i&1)]), wide(y[i][:min(len(y[i]), 3+i>>1&1)])
		}
		b.ReportAllocs()
		for i := range b.N {
			sink += score.JaroWinklerKanji(wx[i&1023], wy[i&1023])
		}
	})
	b.Run("long kana", func(b *testing.B) {
		var lx, ly [1024][]byte
		for i := range x {
			lx[i] = append(append([]byte(nil), x[i]...), x[(i+2)&1023]...)
			ly[i] = append(append([]byte(nil), y[i]...), y[(i+2)&1023]...)
		}
		b.ReportAllocs()
		for i := range b.N {
			sink += score.JaroWinkler(lx[i&1023], ly[i&1023])
		}
	})
	b.Run("smetrics on codes", func(b *testing.B) {
		var sx, sy [1024]string
		for i := range x {
			sx[i], sy[i] = string(x[i]), string(y[i])
		}
		b.ReportAllocs()
		for i := range b.N {
			sink += smetrics.JaroWinkler(sx[i&1023], sy[i&1023], 0.7, 4)
		}
	})
}
