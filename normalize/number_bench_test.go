package normalize

import "testing"

func BenchmarkMyNumberSlips(b *testing.B) {
	b.ReportAllocs()
	var slips []Number
	for b.Loop() {
		slips = MyNumber{}.AppendSlips(slips[:0], 123456789018)
	}
}
