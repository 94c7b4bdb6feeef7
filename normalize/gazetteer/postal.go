package gazetteer

import (
	"slices"
	"sort"
)

// postalIndex finds the municipalities of a postal code.
type postalIndex struct {
	codes          []uint32
	municipalities []uint16
}

// newPostalIndex takes pairs of a code and, in the low 16 bits, a municipality.
func newPostalIndex(pairs []uint64) postalIndex {
	slices.Sort(pairs)
	pairs = slices.Compact(pairs)
	x := postalIndex{make([]uint32, len(pairs)), make([]uint16, len(pairs))}
	for i, p := range pairs {
		x.codes[i], x.municipalities[i] = uint32(p>>16), uint16(p)
	}
	return x
}

func postalPair(code, municipality int) uint64 {
	return uint64(code)<<16 | uint64(municipality)
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
