package normalize

import (
	"fmt"
	"testing"
)

func BenchmarkDateSexPostal(b *testing.B) {
	var dates, postals [][]byte
	for i := range 1024 {
		dates = append(dates, fmt.Appendf(nil, "%04d-%02d-%02d", 1930+i%90, 1+i%12, 1+i%28))
		postals = append(postals, fmt.Appendf(nil, "%03d-%04d", 1+i%900, 1+i%9000))
	}
	sexes := [][]byte{[]byte("男"), []byte("女"), []byte("1"), []byte("2")}
	b.ReportAllocs()
	defer reportCPU(b)()
	i := 0
	for b.Loop() {
		ParseDate(dates[i&1023])
		ParseSex(sexes[i&3])
		ParsePostal(postals[i&1023])
		i++
	}
}

func BenchmarkDateWareki(b *testing.B) {
	list := [][]byte{[]byte("昭和55年3月1日"), []byte("3550301"), []byte("S55.3.1"), []byte("平成元年12月31日")}
	b.ReportAllocs()
	defer reportCPU(b)()
	i := 0
	for b.Loop() {
		ParseDate(list[i&3])
		i++
	}
}

func BenchmarkMyNumber(b *testing.B) {
	list := [][]byte{[]byte("123456789018"), []byte("983205673214")}
	b.ReportAllocs()
	defer reportCPU(b)()
	i := 0
	for b.Loop() {
		MyNumber{}.Parse(list[i&1])
		i++
	}
}
