package model

import "math"

// Part of a name. Surnames and given names read the same characters in
// different ways, so each has its own tables.
type Part uint8

// The parts.
const (
	Family Part = iota
	Given
	Parts
)

// MaxKanji and MaxKana bound what is weighed; longer names weigh nothing.
const (
	MaxKanji = 12
	MaxKana  = 31
)

// Probabilities are stored as a byte: eighths of a bit below one.
const (
	levelsPerBit = 8
	levelMax     = 255
)

var probability = func() (table [256]float64) {
	for i := range table {
		table[i] = math.Exp2(-float64(i) / levelsPerBit)
	}
	return table
}()

// Level is the byte of a probability.
func Level(p float64) uint8 {
	if !(p > 0) {
		return levelMax
	}
	return uint8(min(max(math.Round(-math.Log2(p)*levelsPerBit), 0), levelMax))
}

// Probability is the inverse of [Level].
func Probability(level uint8) float64 { return probability[level] }

// Column says where in the name a unit stands; readings depend on it.
type Column uint8

// The columns.
const (
	Initial Column = iota // first of several units
	Whole                 // the only unit
	Later                 // not the first
	Columns
)

// Entry is one reading of a unit.
type Entry struct {
	Chunk  uint64
	Levels [Columns]uint8
}

// Unit is a character, or several read as one, with its readings.
type Unit struct {
	Kanji   [3]uint16
	Length  int
	Unseen  uint8 // level of the probability that the reading is none of the entries
	Entries []Entry
}

func unitKey(kanji []uint16) uint64 {
	var key uint64
	for _, k := range kanji {
		key = key<<16 | uint64(k)
	}
	return key
}

// partModel reads one part of a name.
type partModel struct {
	units      unitTable
	background string                // levels of the next symbol after two, symbols³
	lengths    [chunkMax + 1]float64 // of readings that no entry lists
}

// A unitTable finds the entries of a unit by open addressing; zero is no key.
type unitTable struct {
	keys    []uint64
	spans   []span
	shift   uint
	entries []entry
}

type span struct {
	first, count uint32
	unseen       uint8
}

type entry struct {
	chunk  uint64
	length uint8
	levels [Columns]uint8
}

func (t *unitTable) find(key uint64) (span, bool) {
	mask := uint64(len(t.keys) - 1)
	slot := (key * hashPrime) >> t.shift
	for {
		switch t.keys[slot&mask] {
		case key:
			return t.spans[slot&mask], true
		case 0:
			return span{}, false
		}
		slot++
	}
}

func (p *partModel) next(a, b, c uint8) float64 {
	return probability[p.background[(int(a)*symbols+int(b))*symbols+int(c)]]
}

// Model is a trained reading model. It is read only.
type Model struct {
	parts    [Parts]partModel
	words    wordTable // written forms, and words with their readings
	readings wordTable // how common a reading is
	scalars  Scalars
}

// Scalars are the trained single numbers of a model.
type Scalars struct {
	Common   [Parts]float64        // share of readings that the reading table covers
	CutPrior [MaxKanji + 1]float64 // P(family name has that many characters)
	Lengths  [Parts][chunkMax + 1]float64
}
