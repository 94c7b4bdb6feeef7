package gazetteer

import (
	"slices"
	"sort"
	"strconv"
	"strings"
)

// postalIndex finds the municipalities of a postal code.
type postalIndex struct {
	codes          []uint32
	municipalities []uint16
}

// postalIndex reads the postal codes of all towns, which the file gives as
// differences from the one before.
func (g *Gazetteer) postalIndex() *postalIndex {
	pairs := make([]uint64, 0, len(g.list)+len(g.list)/4)
	for i := range g.Municipalities {
		m := &g.Municipalities[i]
		postal := int(m.postal)
		if postal != 0 {
			pairs = append(pairs, postalPair(postal, i))
		}
		for line := range strings.Lines(g.text[m.from:m.to]) {
			if line[0] == '+' {
				continue
			}
			_, rest := cut(strings.TrimSuffix(line, "\n"))
			_, rest = cut(rest)
			for rest != "" {
				var difference string
				difference, rest = cut(rest)
				d, _ := strconv.Atoi(difference)
				postal += d
				pairs = append(pairs, postalPair(postal, i))
			}
		}
	}
	slices.Sort(pairs)
	pairs = slices.Compact(pairs)
	x := &postalIndex{make([]uint32, len(pairs)), make([]uint16, len(pairs))}
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
	x := g.postal()
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
	x := g.postal()
	area := code / 10000
	from := sort.Search(len(x.codes), func(i int) bool { return x.codes[i] >= area*10000 })
	for i := from; i < len(x.codes) && x.codes[i]/10000 == area; i++ {
		if x.municipalities[i] == municipality {
			return true
		}
	}
	return false
}
