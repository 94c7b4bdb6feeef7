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
	Middle                // neither the first nor the last
	Last                  // the last of several
	Columns
)

// Entry is one reading of a unit.
type Entry struct {
	Chunk  uint64
	Levels [Columns]uint8
}

// Seen is a reading that training saw, by part and place.
type Seen struct {
	Chunk  uint64
	Levels [Parts][Columns]uint8
}

// New is a reading that follows from others of the character or from like
// characters; Level is its share of all such.
type New struct {
	Chunk uint64
	Level uint8
}

// Unit is a character, or several read as one, with its readings.
type Unit struct {
	Key     uint64       // of [UnitKey]
	Free    [Parts]uint8 // P(the reading is none of these)
	Derived [Parts]uint8 // P(it is one of New)
	Seen    []Seen
	New     []New
}

// LatinUnit is some letters with their readings.
type LatinUnit struct {
	Key     uint64
	Entries []Entry
}

// UnitKey numbers up to three characters.
func UnitKey(kanji []uint16) uint64 {
	var key uint64
	for _, k := range kanji {
		key = key<<16 | uint64(k)
	}
	return key
}

// Novel is how likely a character that is read in a way nobody recorded is
// read so: some kana are readings of many characters, most are of none.
type Novel struct {
	Chunk  uint64
	Levels [Columns]uint8
}

// partModel reads one part of a name.
type partModel struct {
	units      unitTable
	derived    []derivedReading      // of all units, shared by the parts
	novel      unitTable             // one entry for each key, which is a chunk
	background string                // levels of the next symbol after two, symbols³
	lengths    [chunkMax + 1]float64 // of readings that no entry lists
	free       float64
}

// A unitTable finds the entries of a unit by open addressing; zero is no key.
type unitTable struct {
	keys    []uint64
	spans   []span
	shift   uint
	entries []entry
}

// A span is where a unit's readings are: those seen in names of the part, and
// those derived, which both parts share.
type span struct {
	first, count               uint32
	firstDerived, countDerived uint32
	unseen, derived            uint8 // levels of neither, and of all derived ones together
}

// A derivedReading is a chunk with its level in the top byte.
type derivedReading uint64

func (d derivedReading) chunk() uint64 { return uint64(d) & chunkMask[chunkMax] }
func (d derivedReading) level() uint8  { return uint8(d >> (chunkMax * symbolBits)) }

// derivedFrom gives the derived readings that can begin with a symbol.
func derivedFrom(list []derivedReading, symbol uint8) []derivedReading {
	if symbol == symbolAny || len(list) < 8 {
		return list
	}
	const first = 1<<symbolBits - 1
	low, high := 0, len(list)
	for low < high {
		middle := int(uint(low+high) >> 1)
		if uint8(list[middle]&first) < symbol {
			low = middle + 1
		} else {
			high = middle
		}
	}
	end := low
	for end < len(list) && uint8(list[end]&first) == symbol {
		end++
	}
	return list[low:end]
}

type entry struct {
	chunk  uint64
	length uint8
	levels [Columns]uint8
}

func (e *entry) first() uint8 { return uint8(e.chunk & (1<<symbolBits - 1)) }

// from gives the entries that can begin with a symbol; any symbol may stand
// for any other, and entries without kana begin everywhere.
func from(entries []entry, symbol uint8) []entry {
	if symbol == symbolAny || len(entries) < 8 {
		return entries
	}
	low, high := 0, len(entries)
	for low < high {
		middle := int(uint(low+high) >> 1)
		if entries[middle].first() < symbol {
			low = middle + 1
		} else {
			high = middle
		}
	}
	end := low
	for end < len(entries) && entries[end].first() == symbol {
		end++
	}
	return entries[low:end]
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
	latin    latinModel
	scalars  Scalars
}

// The knots of a calibration are evenly spaced in bits.
const (
	CalibrationKnots = 25
	CalibrationFirst = -28
	CalibrationStep  = 2
)

// Scalars are the trained single numbers of a model.
type Scalars struct {
	Common   [Parts]float64        // share of readings that the reading table covers
	CutPrior [MaxKanji + 1]float64 // P(family name has that many characters)
	Popular  [Parts]float64        // how much common readings are preferred in new spellings
	Free     [Parts]float64        // share of unrecorded readings that are any kana
	Lengths  [Parts][chunkMax + 1]float64
	Layer    [Parts]Layer
	Latin    [CalibrationKnots]float64 // what single Latin words of a weight were seen to say
}
