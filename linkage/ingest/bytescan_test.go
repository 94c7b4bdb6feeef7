package ingest

import (
	"math/rand/v2"
	"testing"
)

// Words and vectors must find the same bytes, which are those that are there.
func TestMasks(t *testing.T) {
	random := rand.New(rand.NewPCG(5, 6))
	was := vector
	t.Cleanup(func() { vector = was })
	for size := range 700 {
		text := make([]byte, size)
		for i := range text {
			text[i] = "a,\n\"\xac\x8a,\n,x\x2d\x0b\xff\x01"[random.IntN(14)]
		}
		for _, vector = range []bool{false, was} {
			var m masks
			m.find(text, ',', '\n')
			for i, c := range text {
				if got := m[i/64]>>(i%64)&1 == 1; got != (c == ',' || c == '\n') {
					t.Fatalf("vector %v: byte %d of %q is marked: %v", vector, i, text, got)
				}
			}
			if rest := m[size/64] >> (size % 64); rest != 0 {
				t.Fatalf("vector %v: marks behind the end of %q", vector, text)
			}
		}
	}
}

// Rows come out the same on processors without vectors.
func TestScanWithoutVectors(t *testing.T) {
	was := vector
	t.Cleanup(func() { vector = was })
	vector = false
	t.Run("long files", TestLongFilesAreTheSameHoweverCut)
	t.Run("orderly rows", TestOrderlyQuotedRowsLikeRowByRow)
	t.Run("well-formed", TestWellFormedLikeEncodingCSV)
}
