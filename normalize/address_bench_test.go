package normalize

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/himozuke/himozuke/normalize/gazetteer"
)

// benchmarkAddresses draws addresses from the whole country, which is harder
// on the caches than a register sorted by municipality.
func benchmarkAddresses(n int) [][]byte {
	r := rand.New(rand.NewPCG(1, 2))
	g := gazetteer.Load()
	list := make([][]byte, n)
	for i := range list {
		for {
			m := &g.Municipalities[1+r.IntN(len(g.Municipalities)-1)]
			if m.TownCount == 0 {
				continue
			}
			town := m.FirstTown + r.IntN(m.TownCount)
			t := g.Town(town)
			s := m.Prefecture + m.County + m.City + m.Ward + g.TownName(town)
			switch {
			case t.Chome && i%2 == 0:
				s += fmt.Sprintf("%d丁目%d番%d号", 1+r.IntN(6), 1+r.IntN(40), 1+r.IntN(30))
			case t.Chome:
				s += fmt.Sprintf("%d-%d-%d", 1+r.IntN(6), 1+r.IntN(40), 1+r.IntN(30))
			default:
				s += fmt.Sprintf("%d番地%d", 1+r.IntN(3000), 1+r.IntN(20))
			}
			if i%4 == 0 {
				s += "　コーポ富士201号室"
			}
			list[i] = []byte(s)
			break
		}
	}
	return list
}

func BenchmarkAddress(b *testing.B) {
	list := benchmarkAddresses(1 << 14)
	var p AddressParser
	for _, address := range list { // the gazetteer makes a municipality's towns at its first address
		p.Parse(address, 0, 0)
	}
	b.ReportAllocs()
	defer reportCPU(b)()
	i := 0
	for b.Loop() {
		p.Parse(list[i&(1<<14-1)], 0, 0)
		i++
	}
}

// BenchmarkAddressOneTown is a register sorted by municipality.
func BenchmarkAddressOneTown(b *testing.B) {
	var list [][]byte
	for i := range 1 << 10 {
		list = append(list, fmt.Appendf(nil, "東京都世田谷区北沢%d丁目%d番%d号", 1+i%5, 1+i%40, 1+i%30))
	}
	var p AddressParser
	p.Parse(list[0], 0, 0)
	b.ReportAllocs()
	defer reportCPU(b)()
	i := 0
	for b.Loop() {
		p.Parse(list[i&(1<<10-1)], 0, 0)
		i++
	}
}
