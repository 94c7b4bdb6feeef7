package model

import (
	"cmp"
	"slices"
)

// beamWidth is how many beginnings of a reading are kept at each character, of
// up to beamRoom at hand, and hopeless how much less likely than the likeliest
// none of them may be.
const (
	beamWidth = 32
	beamRoom  = 128
	hopeless  = 1e-8
)

// A Reading is one way to read a written form, with its share of all ways.
type Reading struct {
	Kana  []byte
	Share float64
}

// beginning is a reading of the first characters of a name.
type beginning struct {
	symbols [MaxKana]uint8
	n       int
	p       float64
}

// Likeliest lists up to n readings of one part of a name, the likeliest first,
// by what the dictionary and the recorded and derived readings of the characters
// say of each. It is empty where a character has none.
func (m *Model) Likeliest(kanji []uint16, part Part, n int) []Reading {
	if len(kanji) == 0 || len(kanji) > MaxKanji {
		return nil
	}
	ways := m.parts[part].beginnings(kanji)
	word := m.lookup(part, kanji, false)
	list := make([]Reading, 0, len(ways))
	for i := range ways {
		w := &ways[i]
		p := w.p
		if word.listed {
			p = m.mixWord(word, w.symbols[:w.n], p)
		}
		kana := make([]byte, w.n)
		for j, symbol := range w.symbols[:w.n] {
			kana[j] = KanaOf(symbol)
		}
		list = append(list, Reading{kana, p})
	}
	slices.SortFunc(list, func(a, b Reading) int {
		return cmp.Or(cmp.Compare(b.Share, a.Share), slices.Compare(a.Kana, b.Kana))
	})
	return list[:min(n, len(list))]
}

// beginnings is the likeliest readings of the whole, found character by
// character.
func (p *partModel) beginnings(kanji []uint16) []beginning {
	var reach [MaxKanji + 1]beam
	reach[0].list = []beginning{{p: 1}}
	var readings []unitReading
	for i := range kanji {
		at := reach[i].kept()
		for length := 1; length <= unitMax && i+length <= len(kanji); length++ {
			to := &reach[i+length]
			column := ColumnOf(i == 0, i+length == len(kanji))
			if symbol := kanaItself(kanji[i]); length == 1 && symbol != 0 {
				for k := range at {
					to.extend(&at[k], uint64(symbol), 1)
				}
				continue
			}
			unit, ok := p.units.find(UnitKey(kanji[i : i+length]))
			if !ok {
				continue
			}
			readings = p.readingsOf(readings[:0], unit, column, length == 1)
			for k := range at {
				for _, r := range readings {
					if at[k].p*r.p < to.least {
						break
					}
					to.extend(&at[k], r.chunk, r.p)
				}
			}
		}
	}
	return reach[len(kanji)].kept()
}

// unitReading is how one unit may be read.
type unitReading struct {
	chunk uint64
	p     float64
}

// readingsOf lists the readings of a unit in one place of a name, the likeliest
// first.
func (p *partModel) readingsOf(list []unitReading, unit span, column Column, derived bool) []unitReading {
	least := 0.0
	add := func(chunk uint64, q float64) {
		if q > least {
			least = max(least, q*hopeless)
			list = append(list, unitReading{chunk, q})
		}
	}
	for _, e := range p.units.entries[unit.first : unit.first+unit.count] {
		add(e.chunk, probability[e.levels[column]])
	}
	if derived {
		share := probability[unit.derived]
		for _, d := range p.derived[unit.firstDerived : unit.firstDerived+unit.countDerived] {
			add(d.chunk(), share*probability[d.level()])
		}
	}
	slices.SortFunc(list, func(a, b unitReading) int {
		if a.p != b.p {
			return cmp.Compare(b.p, a.p)
		}
		return cmp.Compare(a.chunk, b.chunk)
	})
	return list
}

// beam is the beginnings that reach one character.
type beam struct {
	list  []beginning
	least float64 // what is less likely is hopeless
}

// extend adds a beginning with one more unit.
func (b *beam) extend(from *beginning, chunk uint64, q float64) {
	p, n := from.p*q, chunkLen(chunk)
	if from.n+n > MaxKana {
		return
	}
	b.least = max(b.least, p*hopeless)
	next := beginning{symbols: from.symbols, n: from.n + n, p: p}
	for j := range n {
		next.symbols[from.n+j] = uint8(chunk >> (symbolBits * j) & (1<<symbolBits - 1))
	}
	if b.list = append(b.list, next); len(b.list) == beamRoom {
		b.list = b.kept()
		if len(b.list) == beamWidth {
			b.least = max(b.least, b.list[beamWidth-1].p)
		}
	}
}

// kept sums the ways to the same kana and keeps the likeliest.
func (b *beam) kept() []beginning {
	slices.SortFunc(b.list, func(x, y beginning) int {
		if x.p != y.p {
			return cmp.Compare(y.p, x.p)
		}
		return slices.Compare(x.symbols[:x.n], y.symbols[:y.n])
	})
	kept := 0
	for i := range b.list {
		next := &b.list[i]
		at := slices.IndexFunc(b.list[:kept], func(o beginning) bool { return o.n == next.n && o.symbols == next.symbols })
		switch {
		case at >= 0:
			b.list[at].p += next.p
		case kept < beamWidth:
			b.list[kept] = *next
			kept++
		}
	}
	return b.list[:kept]
}

// kanaItself is the symbol of a character that is kana, zero for any other.
func kanaItself(c uint16) uint8 {
	if c < kanaBase || c > kanaBase+0xFF {
		return 0
	}
	if symbol := symbolOf[c-kanaBase]; symbol != symbolAny {
		return symbol
	}
	return 0
}
