package model

import "math"

// Bounds of a weight in bits.
const (
	MinBits = -20
	MaxBits = 40
	rawMin  = -30 // before calibration
)

const (
	unitMax     = 3 // characters of a unit
	unlistedMax = 5 // kana of a reading that no entry lists
)

// Steps of the values in the word tables, in bits.
const (
	WordStep    = 0.5
	ReadingStep = 1.0
	ReadingBase = 4.0
)

// spelling is the kana of one comparison, prepared for matching chunks at any
// place.
type spelling struct {
	n       int
	any     bool // holds a wildcard
	symbols [MaxKana + 1]uint8
	chunks  [MaxKana + 1]uint64 // the next symbols from here
	mask    [MaxKana + 1]uint64 // where of these a symbol is known
}

// prepare reports whether the kana can be weighed at all.
func (s *spelling) prepare(kana []byte) bool {
	if len(kana) == 0 || len(kana) > MaxKana {
		return false
	}
	s.n = Symbols(s.symbols[:], kana)
	var chunk, mask uint64
	known := false
	for j := s.n - 1; j >= 0; j-- {
		chunk = chunk<<symbolBits | uint64(s.symbols[j])
		mask = mask<<symbolBits | (1<<symbolBits - 1)
		if s.symbols[j] == symbolAny {
			mask &^= 1<<symbolBits - 1
			s.any = true
		} else {
			known = true
		}
		chunk &= chunkMask[chunkMax]
		mask &= chunkMask[chunkMax]
		s.chunks[j], s.mask[j] = chunk, mask
	}
	return known
}

// running fills the products of the background model from the start.
func (p *partModel) running(s *spelling, product *[MaxKana + 2]float64) {
	a, b := uint8(symbolEdge), uint8(symbolEdge)
	product[0] = 1
	for j := 0; j < s.n; j++ {
		product[j+1] = product[j] * p.next(a, b, s.symbols[j])
		a, b = b, s.symbols[j]
	}
	product[s.n+1] = product[s.n] * p.next(a, b, symbolEdge)
}

// Weight is log2 P(kana | kanji) / P(kana) for one part of a name.
func (m *Model) Weight(kanji []uint16, kana []byte, part Part) float64 {
	var s spelling
	if len(kanji) == 0 || len(kanji) > MaxKanji || !s.prepare(kana) {
		return 0
	}
	var product [MaxKana + 2]float64
	p := &m.parts[part]
	p.running(&s, &product)
	paths, known := p.paths(kanji, &s, &product)
	if !known {
		return 0
	}
	background := product[s.n+1]
	if !s.any {
		plain := background
		background = m.withReading(part, s.symbols[:s.n], background)
		paths *= math.Pow(background/plain, m.scalars.Popular[part])
		paths = background * math.Exp2(m.observed(part, len(kanji), ratioBits(paths, background)))
		if word := m.lookup(part, kanji, false); word.listed {
			paths = m.mixWord(word, s.symbols[:s.n], paths)
		}
	}
	return inBits(paths, background)
}

func inBits(numerator, denominator float64) float64 {
	return clamp(ratioBits(numerator, denominator))
}

func ratioBits(numerator, denominator float64) float64 {
	if !(numerator > 0) {
		return rawMin
	}
	return max(math.Log2(numerator/denominator), rawMin)
}

func clamp(bits float64) float64 { return min(max(bits, MinBits), MaxBits) }

// observed is the calibrated weight of what the units say.
func (m *Model) observed(part Part, characters int, bits float64) float64 {
	knots := &m.scalars.Observed[part][min(characters, CalibrationSizes)-1]
	x := (bits - CalibrationFirst) / CalibrationStep
	i := min(max(int(x), 0), CalibrationKnots-2)
	return knots[i] + (x-float64(i))*(knots[i+1]-knots[i])
}

// A writtenWord is what the dictionary says of a written form.
type writtenWord struct {
	listed   bool
	hash     uint64
	unlisted float64 // P(the reading is not in the dictionary)
}

// lookup finds a written form; partly unreadable names are not looked up.
func (m *Model) lookup(part Part, kanji []uint16, unreadable bool) writtenWord {
	if unreadable {
		return writtenWord{}
	}
	hash := HashWritten(part, kanji)
	steps, ok := m.words.find(hash)
	if !ok {
		return writtenWord{}
	}
	return writtenWord{true, hash, math.Exp2(-WordStep * float64(steps))}
}

// mixWord mixes what the dictionary says of the reading into what the units
// say.
func (m *Model) mixWord(w writtenWord, reading []uint8, paths float64) float64 {
	paths *= w.unlisted
	if steps, ok := m.words.find(HashRead(w.hash, reading)); ok {
		paths += (1 - w.unlisted) * math.Exp2(-WordStep*float64(steps))
	}
	return paths
}

// withReading mixes how often the whole reading is seen into the background.
func (m *Model) withReading(part Part, reading []uint8, background float64) float64 {
	common := m.scalars.Common[part]
	background *= 1 - common
	if steps, ok := m.readings.find(HashReading(part, reading)); ok {
		background += common * math.Exp2(-ReadingBase-ReadingStep*float64(steps))
	}
	return background
}

// paths sums the probabilities of every way to divide the kana among the
// characters. known is false when no character has any reading on record.
func (p *partModel) paths(kanji []uint16, s *spelling, product *[MaxKana + 2]float64) (total float64, known bool) {
	var reach [MaxKanji + 1][MaxKana + 1]float64
	reach[0][0] = 1
	var novel spread
	novel.fill(p, s)
	for i := range kanji {
		for length := 1; length <= unitMax && i+length <= len(kanji); length++ {
			unit, ok := p.units.find(UnitKey(kanji[i : i+length]))
			unseen := 1.0
			if ok {
				known = true
				unseen = probability[unit.unseen]
			} else if length > 1 {
				continue
			}
			last := i+length == len(kanji)
			column := columnOf(i == 0, last)
			at, to := &reach[i], &reach[i+length]
			entries := p.units.entries[unit.first : unit.first+unit.count]
			derived := p.derived[unit.firstDerived : unit.firstDerived+unit.countDerived]
			share := probability[unit.derived]
			for j := 0; j < s.n; j++ {
				if at[j] == 0 {
					continue
				}
				here := from(entries, s.symbols[j])
				for k := range here {
					e := &here[k]
					end := j + int(e.length)
					if (s.chunks[j]^e.chunk)&s.mask[j]&chunkMask[e.length] != 0 || end > s.n || last && end != s.n {
						continue
					}
					to[end] += at[j] * probability[e.levels[column]]
				}
				if length > 1 {
					continue
				}
				for _, d := range derivedFrom(derived, s.symbols[j]) {
					c := chunkLen(d.chunk())
					if end := j + c; (s.chunks[j]^d.chunk())&s.mask[j]&chunkMask[c] == 0 && end <= s.n && (!last || end == s.n) {
						to[end] += at[j] * share * probability[d.level()]
					}
				}
				for c := 1; c <= unlistedMax && j+c <= s.n; c++ {
					if !last || j+c == s.n {
						to[j+c] += at[j] * unseen * novel.unrecorded(p, s, j, c, column, product[j+c]/product[j])
					}
				}
			}
		}
	}
	return reach[len(kanji)][s.n], known
}

// A spread holds how likely the kana at each place are readings that no entry
// lists, for every length.
type spread [MaxKana][unlistedMax + 1][Columns]float32

// fill looks every stretch of kana up once.
func (n *spread) fill(p *partModel, s *spelling) {
	for j := range s.n {
		for c := 1; c <= unlistedMax && j+c <= s.n; c++ {
			if s.mask[j]&chunkMask[c] != chunkMask[c] {
				continue
			}
			if found, ok := p.novel.find(s.chunks[j] & chunkMask[c]); ok {
				for column, level := range p.novel.entries[found.first].levels {
					n[j][c][column] = float32((1 - p.free) * probability[level])
				}
			}
		}
	}
}

// unrecorded is P(the next c kana | a reading that no entry lists). Kana that
// cannot be read are any kana.
func (n *spread) unrecorded(p *partModel, s *spelling, j, c int, column Column, background float64) float64 {
	free := p.free
	if s.any && s.mask[j]&chunkMask[c] != chunkMask[c] {
		free = 1
	}
	return free*p.lengths[c]*background + float64(n[j][c][column])
}

func columnOf(first, last bool) Column {
	switch {
	case !first:
		return Later
	case last:
		return Whole
	}
	return Initial
}

// Uncalibrated is the weight of a form by its units alone, as calibration
// takes it; unlisted is false when the dictionary has the form.
func (m *Model) Uncalibrated(part Part, kanji []uint16, kana []byte) (bits float64, unlisted bool) {
	var s spelling
	if len(kanji) == 0 || len(kanji) > MaxKanji || !s.prepare(kana) {
		return 0, false
	}
	var product [MaxKana + 2]float64
	m.parts[part].running(&s, &product)
	paths, known := m.parts[part].paths(kanji, &s, &product)
	background := m.withReading(part, s.symbols[:s.n], product[s.n+1])
	paths *= math.Pow(background/product[s.n+1], m.scalars.Popular[part])
	return ratioBits(paths, background), known && !m.lookup(part, kanji, s.any).listed
}

// Spelled is P(kana | kanji) by units alone, for the training program.
func (m *Model) Spelled(part Part, kanji []uint16, kana []byte) float64 {
	var s spelling
	if len(kanji) == 0 || len(kanji) > MaxKanji || !s.prepare(kana) {
		return 0
	}
	var product [MaxKana + 2]float64
	m.parts[part].running(&s, &product)
	total, _ := m.parts[part].paths(kanji, &s, &product)
	return total
}
