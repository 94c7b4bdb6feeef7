package gazetteer

import (
	"cmp"
	"slices"
	"sort"
)

type postalEntry struct {
	code         uint32
	municipality uint16
}

// postalIndex finds the municipalities of a postal code.
type postalIndex struct {
	codes          []uint32
	municipalities []uint16
}

func newPostalIndex(entries []postalEntry) postalIndex {
	slices.SortFunc(entries, func(a, b postalEntry) int {
		if c := cmp.Compare(a.code, b.code); c != 0 {
			return c
		}
		return cmp.Compare(a.municipality, b.municipality)
	})
	entries = slices.Compact(entries)
	x := postalIndex{make([]uint32, len(entries)), make([]uint16, len(entries))}
	for i, e := range entries {
		x.codes[i], x.municipalities[i] = e.code, e.municipality
	}
	return x
}

// ByPostal lists the municipalities that share a postal code: mostly one.
func (g *Gazetteer) ByPostal(code uint32) []uint16 {
	x := &g.postal
	from := sort.Search(len(x.codes), func(i int) bool { return x.codes[i] >= code })
	to := from
	for to < len(x.codes) && x.codes[to] == code {
		to++
	}
	return x.municipalities[from:to]
}

// SharesPostalArea reports whether a municipality has postal codes that begin
// with the same three digits.
func (g *Gazetteer) SharesPostalArea(code uint32, municipality uint16) bool {
	x := &g.postal
	area := code / 10000
	from := sort.Search(len(x.codes), func(i int) bool { return x.codes[i] >= area*10000 })
	for i := from; i < len(x.codes) && x.codes[i]/10000 == area; i++ {
		if x.municipalities[i] == municipality {
			return true
		}
	}
	return false
}
