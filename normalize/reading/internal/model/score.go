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

// ending is P(nothing follows these symbols).
func (p *partModel) ending(s []uint8) float64 {
	before := uint8(symbolEdge)
	if len(s) > 1 {
		before = s[len(s)-2]
	}
	return p.next(before, s[len(s)-1], symbolEdge)
}

// Weight is log2 P(kana | kanji) / P(kana) for one part of a name.
func (m *Model) Weight(kanji []uint16, kana []byte, part Part) float64 {
	var s spelling
	if len(kanji) == 0 || len(kanji) > MaxKanji || !s.prepare(kana) {
		return 0
	}
	if !s.any {
		m.ask(kanji, s.symbols[:s.n], part)
	}
	var product [MaxKana + 2]float64
	p := &m.parts[part]
	p.running(&s, &product)
	w := p.paths(kanji, &s, &product)
	if !w.known {
		return 0
	}
	background := product[s.n+1]
	paths := w.total()
	if !s.any {
		plain, listed := background, false
		background, listed = m.reading(part, s.symbols[:s.n], plain)
		features := m.features(part, kanji, &s, &w, plain, background, listed)
		paths = background * math.Exp2(m.scalars.Layer[part].Bits(&features))
		if word := m.lookup(part, kanji, false); word.listed {
			paths = m.mixWord(word, s.symbols[:s.n], paths)
		}
	}
	return inBits(paths, background)
}

// ask has what the tables hold of a name and its reading fetched together,
// while the ways to read it are summed up.
func (m *Model) ask(kanji []uint16, reading []uint8, part Part) {
	written := HashWritten(part, kanji)
	n := len(kanji)
	firsts := [...]uint32{
		m.words.ask(written), m.words.ask(HashRead(written, reading)), m.readings.ask(HashReading(part, reading)),
		m.readings.ask(HashAffinity(part, FirstOf, kanji[0], reading)), m.readings.ask(HashAffinity(part, LastOf, kanji[n-1], reading)),
	}
	for i, first := range firsts {
		if i < 2 {
			m.words.fetch(first)
		} else {
			m.readings.fetch(first)
		}
	}
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
	background, _ = m.reading(part, reading, background)
	return background
}

// reading is the same, and whether names are read so.
func (m *Model) reading(part Part, reading []uint8, plain float64) (background float64, listed bool) {
	common := m.scalars.Common[part]
	background = plain * (1 - common)
	steps, listed := m.readings.find(HashReading(part, reading))
	if listed {
		background += common * math.Exp2(-ReadingBase-ReadingStep*float64(steps))
	}
	return background, listed
}

// ways are the probabilities of the ways to divide the kana among the
// characters, by the weakest kind of reading that a way needs.
type ways struct {
	seen, derived, unlisted float64
	first, last             float64 // the likeliest recorded reading of the first and of the last character that fits
	firstKana, lastKana     int     // how many kana these are
	known                   bool    // some character has a reading on record
}

func (w *ways) total() float64 { return w.seen + w.derived + w.unlisted }

// mass is the probability of [ways] that are under way.
type mass struct{ seen, derived, unlisted float64 }

func (m *mass) total() float64 { return m.seen + m.derived + m.unlisted }

// usualPlaces are the places in the grid of characters and kana that most name
// parts have.
const usualPlaces = 5 * 10

// paths sums the probabilities of every way to divide the kana among the
// characters.
func (p *partModel) paths(kanji []uint16, s *spelling, product *[MaxKana + 2]float64) ways {
	if places := (len(kanji) + 1) * (s.n + 1); places > usualPlaces {
		var room [(MaxKanji + 1) * (MaxKana + 1)]mass
		return p.pathsIn(room[:places], kanji, s, product)
	}
	var room [usualPlaces]mass
	return p.pathsIn(room[:], kanji, s, product)
}

// pathsIn does so in a grid of one row a character.
func (p *partModel) pathsIn(grid []mass, kanji []uint16, s *spelling, product *[MaxKana + 2]float64) (w ways) {
	width := s.n + 1
	row := func(i int) []mass { return grid[i*width : (i+1)*width] }
	grid[0].seen = 1
	for i := range kanji {
		for length := 1; length <= unitMax && i+length <= len(kanji); length++ {
			unit, ok := p.units.find(UnitKey(kanji[i : i+length]))
			unseen := 1.0
			if ok {
				w.known = true
				unseen = probability[unit.unseen]
			} else if length > 1 {
				continue
			}
			last := i+length == len(kanji)
			column := ColumnOf(i == 0, last)
			at, to := row(i), row(i+length)
			entries := p.units.entries[unit.first : unit.first+unit.count]
			derived := p.derived[unit.firstDerived : unit.firstDerived+unit.countDerived]
			share := probability[unit.derived]
			for j := 0; j < s.n; j++ {
				from0 := &at[j]
				total := from0.total()
				if total == 0 {
					continue
				}
				here := from(entries, s.symbols[j])
				for k := range here {
					e := &here[k]
					end := j + int(e.length)
					if (s.chunks[j]^e.chunk)&s.mask[j]&chunkMask[e.length] != 0 || end > s.n || last && end != s.n {
						continue
					}
					q := probability[e.levels[column]]
					to[end].seen += from0.seen * q
					to[end].derived += from0.derived * q
					to[end].unlisted += from0.unlisted * q
					if i == 0 && q > w.first {
						w.first, w.firstKana = q, int(e.length)
					}
					if last && q > w.last {
						w.last, w.lastKana = q, int(e.length)
					}
				}
				if length > 1 {
					continue
				}
				for _, d := range derivedFrom(derived, s.symbols[j]) {
					c := chunkLen(d.chunk())
					if end := j + c; (s.chunks[j]^d.chunk())&s.mask[j]&chunkMask[c] == 0 && end <= s.n && (!last || end == s.n) {
						q := share * probability[d.level()]
						to[end].derived += (from0.seen + from0.derived) * q
						to[end].unlisted += from0.unlisted * q
					}
				}
				for c := 1; c <= unlistedMax && j+c <= s.n; c++ {
					if !last || j+c == s.n {
						to[j+c].unlisted += total * unseen * p.unrecorded(s, j, c, column, product[j+c]/product[j])
					}
				}
			}
		}
	}
	end := &row(len(kanji))[s.n]
	w.seen, w.derived, w.unlisted = end.seen, end.derived, end.unlisted
	return w
}

// A spread holds how likely the kana at each place are readings that no entry
// lists, for every length.
type spread [MaxKana][unlistedMax + 1][Columns]float32

// fill looks every stretch of kana up once.
func (n *spread) fill(p *partModel, s *spelling) {
	for j := range s.n {
		for c := 1; c <= unlistedMax && j+c <= s.n; c++ {
			if e := p.novelReading(s, j, c); e != nil {
				for column := range e.levels {
					n[j][c][column] = p.novelShare(e, Column(column))
				}
			}
		}
	}
}

// unrecorded is P(the next c kana | a reading that no entry lists).
func (n *spread) unrecorded(p *partModel, s *spelling, j, c int, column Column, background float64) float64 {
	return p.anyKana(s, j, c, background) + float64(n[j][c][column])
}

// unrecorded is the same for what is asked once.
func (p *partModel) unrecorded(s *spelling, j, c int, column Column, background float64) float64 {
	share := float32(0)
	if e := p.novelReading(s, j, c); e != nil {
		share = p.novelShare(e, column)
	}
	return p.anyKana(s, j, c, background) + float64(share)
}

// novelReading is how likely the c kana from j on are a reading that no entry
// lists, nil where nothing says so.
func (p *partModel) novelReading(s *spelling, j, c int) *entry {
	if s.mask[j]&chunkMask[c] != chunkMask[c] {
		return nil
	}
	found, ok := p.novel.find(s.chunks[j] & chunkMask[c])
	if !ok {
		return nil
	}
	return &p.novel.entries[found.first]
}

func (p *partModel) novelShare(e *entry, column Column) float32 {
	return float32((1 - p.free) * probability[e.levels[column]])
}

// anyKana is P(the next c kana) where a reading may be any kana, as kana that
// cannot be read always are.
func (p *partModel) anyKana(s *spelling, j, c int, background float64) float64 {
	free := p.free
	if s.any && s.mask[j]&chunkMask[c] != chunkMask[c] {
		free = 1
	}
	return free * p.lengths[c] * background
}

// ColumnOf is the place of a unit in a name.
func ColumnOf(first, last bool) Column {
	switch {
	case first && last:
		return Whole
	case first:
		return Initial
	case last:
		return Last
	}
	return Middle
}

// Features are what the layer of a part sees of a pair, for the training
// program; unlisted is false when the dictionary has the form.
func (m *Model) Features(part Part, kanji []uint16, kana []byte) (f [FeatureCount]float64, unlisted bool) {
	var s spelling
	if len(kanji) == 0 || len(kanji) > MaxKanji || !s.prepare(kana) || s.any {
		return f, false
	}
	var product [MaxKana + 2]float64
	m.parts[part].running(&s, &product)
	w := m.parts[part].paths(kanji, &s, &product)
	if !w.known {
		return f, false
	}
	plain := product[s.n+1]
	background, listed := m.reading(part, s.symbols[:s.n], plain)
	return m.features(part, kanji, &s, &w, plain, background, listed), !m.lookup(part, kanji, false).listed
}

// Spelled is P(kana | kanji) by units alone, for the training program.
func (m *Model) Spelled(part Part, kanji []uint16, kana []byte) float64 {
	var s spelling
	if len(kanji) == 0 || len(kanji) > MaxKanji || !s.prepare(kana) {
		return 0
	}
	var product [MaxKana + 2]float64
	m.parts[part].running(&s, &product)
	w := m.parts[part].paths(kanji, &s, &product)
	return w.total()
}
