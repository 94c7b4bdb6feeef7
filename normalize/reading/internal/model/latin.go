package model

import (
	"math"
	"math/bits"
)

// Bounds of a name in Latin letters.
const (
	latinUnitMax   = 4 // letters of a unit
	latinTokenMax  = 4 // words that are tried in any order
	latinLetterMax = 40
	latinFree      = 1e-4 // P(a letter stands for kana that no entry lists)
	latinSkip      = 0.03 // P(a middle name is left out)
)

// Columns of Latin units.
const (
	LatinInitial Column = iota // begins a word
	LatinFinal                 // ends one
	LatinInner
	LatinColumns
)

// latinModel reads Latin letters as kana.
type latinModel struct {
	nodes      []latinNode // the first stands for no letter
	entries    []entry
	groups     []uint32 // first of the entries of each node that begin with one symbol
	background string   // trigram levels of whole names, as of a part
}

// A latinNode is some letters in a row, perhaps a unit, and the letters that
// may follow them.
type latinNode struct {
	next      [26]uint16 // node of one letter more, zero for none
	unit      bool
	maySilent bool
	silent    [Columns]uint8 // level of having no kana
	group     uint32         // of its readings that have kana; one more ends the last
	begins    symbolSet      // what those readings begin with
}

// symbolSet has one bit a symbol.
type symbolSet [(symbols + 63) / 64]uint64

func (s *symbolSet) add(symbol uint8)      { s[symbol/64] |= 1 << (symbol % 64) }
func (s *symbolSet) has(symbol uint8) bool { return s[symbol/64]>>(symbol%64)&1 != 0 }

// before counts the symbols below one.
func (s *symbolSet) before(symbol uint8) int {
	n := bits.OnesCount64(s[symbol/64] & (1<<(symbol%64) - 1))
	if symbol >= 64 {
		n += bits.OnesCount64(s[0])
	}
	return n
}

func (s *symbolSet) len() int { return bits.OnesCount64(s[0]) + bits.OnesCount64(s[1]) }

func (s *symbolSet) meets(o *symbolSet) bool {
	return s[0]&o[0]|s[1]&o[1] != 0
}

// add stores the readings of a unit, which come ordered by first kana.
func (m *latinModel) add(key uint64, entries []entry) bool {
	if m.nodes == nil {
		m.nodes = make([]latinNode, 1)
	}
	at, empty := uint16(0), true
	for shift := 16 * (latinUnitMax - 1); shift >= 0; shift -= 16 {
		letter := uint16(key >> shift)
		if letter == 0 && empty {
			continue
		}
		empty = false
		if letter < 'A' || letter > 'Z' {
			return true // no name has it
		}
		next := &m.nodes[at].next[letter-'A']
		if *next == 0 {
			if len(m.nodes) > math.MaxUint16 {
				return false
			}
			*next = uint16(len(m.nodes))
			at = *next
			m.nodes = append(m.nodes, latinNode{})
			continue
		}
		at = *next
	}
	node := &m.nodes[at]
	if empty || node.unit {
		return true
	}
	node.unit = true
	if len(entries) > 0 && entries[0].chunk == 0 {
		node.maySilent, node.silent = true, entries[0].levels
	}
	node.group = uint32(len(m.groups))
	for _, e := range entries {
		if e.length == 0 {
			continue
		}
		if !node.begins.has(e.first()) {
			node.begins.add(e.first())
			m.groups = append(m.groups, uint32(len(m.entries)))
		}
		m.entries = append(m.entries, e)
	}
	m.groups = append(m.groups, uint32(len(m.entries)))
	return true
}

// letters are the words of a Latin name in letters A to Z; word w is
// letters[start[w]:start[w+1]].
type letters struct {
	text  [latinLetterMax]uint16
	start [latinTokenMax + 1]int
	words int
}

// parse keeps letters and word boundaries; what is neither parts words too,
// but for the apostrophe, which the strong fold has dropped.
func (l *letters) parse(codes []uint16) bool {
	n := 0
	inWord := false
	for _, c := range codes {
		if c < 'A' || c > 'Z' {
			inWord = false
			continue
		}
		if n == latinLetterMax {
			return false
		}
		if !inWord && l.words < latinTokenMax {
			l.start[l.words] = n
			l.words++
		}
		inWord = true
		l.text[n] = c
		n++
	}
	l.start[l.words] = n
	return n > 0
}

// LatinWeight is log2 P(kana | Latin letters) / P(kana). The words of the name
// may stand in any order, and one may be missing from the kana where there are
// three or more. Single words are spelled more wildly than the model knows, so
// theirs is what pairs of that weight were seen to say.
func (m *Model) LatinWeight(codes []uint16, kana []byte) float64 {
	bits, words := m.Latin(codes, kana)
	if words == 1 {
		bits = between(&m.scalars.Latin, bits)
	}
	return clamp(bits)
}

// between reads a calibration between its knots; beyond the last it rises as
// the weight does.
func between(knots *[CalibrationKnots]float64, bits float64) float64 {
	x := (bits - CalibrationFirst) / CalibrationStep
	i := min(max(int(x), 0), CalibrationKnots-2)
	if over := bits - CalibrationFirst - CalibrationStep*(CalibrationKnots-1); over > 0 {
		return knots[CalibrationKnots-1] + over
	}
	return knots[i] + (max(x, 0)-float64(i))*(knots[i+1]-knots[i])
}

// Latin is the weight before calibration, and the number of words; none where
// nothing can be weighed.
func (m *Model) Latin(codes []uint16, kana []byte) (bits float64, words int) {
	var l letters
	var s spelling
	if m.latin.nodes == nil || !l.parse(codes) {
		return 0, 0
	}
	var joined [MaxKana]byte
	n := 0
	for _, k := range kana {
		if k == 0 {
			continue
		}
		if n == MaxKana {
			return 0, 0
		}
		joined[n] = k
		n++
	}
	if !s.prepare(joined[:n]) {
		return 0, 0
	}
	var product [MaxKana + 2]float64
	background := partModel{background: m.latin.background}
	background.running(&s, &product)

	var alone [MaxKana + 2]float64 // reciprocals of the products
	for j, p := range product[:s.n+1] {
		alone[j] = 1 / p
	}
	var within symbolSet
	for _, symbol := range s.symbols[:s.n] {
		within.add(symbol)
	}
	var room [256]latinStep
	steps := room[:0]
	ways := latinWays{n: s.n}
	for w := range l.words {
		steps = m.latin.compile(&ways, steps, &l, w, &s, &within, &product, &alone)
	}

	// How much likelier the kana up to a place are by the letters than by
	// themselves, by the words that are used.
	var reach [1 << latinTokenMax][MaxKana + 1]float64
	reach[0][0] = 1
	all := 1<<l.words - 1
	for used := 0; used < all; used++ {
		for w := range l.words {
			if used&(1<<w) != 0 {
				continue
			}
			prior := wordOrder(used, w, l.words)
			to := &reach[used|1<<w]
			ways.read(steps, l.start[w], l.start[w+1], &reach[used], to, prior)
			if l.words > 2 && w > 0 && w < l.words-1 {
				for j := range s.n + 1 {
					to[j] += latinSkip * prior * reach[used][j]
				}
			}
		}
	}
	return ratioBits(reach[all][s.n]*product[s.n], product[s.n+1]), l.words
}

// wordOrder is P(word w comes next): as written, most of the time.
func wordOrder(used, w, words int) float64 {
	left, first := 0, -1
	for i := range words {
		if used&(1<<i) == 0 {
			left++
			if first < 0 {
				first = i
			}
		}
	}
	if left == 1 {
		return 1
	}
	if w == first {
		return 0.7
	}
	return 0.3 / float64(left-1)
}

// latinWays are all ways in which the letters of a name can be read as the kana
// of a spelling, found once for every order of its words.
type latinWays struct {
	n      int                                   // kana
	silent [latinLetterMax][latinUnitMax]float64 // P(the letters from here, so many, have no kana)
	free   [latinLetterMax]bool                  // the letter may stand for kana that no entry lists
	first  [latinLetterMax + 1]int               // of the steps of each letter
}

// A latinStep reads some letters as some kana; its weight is how much likelier
// that makes them.
type latinStep struct {
	letters, from, to uint8
	weight            float64
}

// compile finds the steps of a word and appends them.
func (m *latinModel) compile(w *latinWays, steps []latinStep, l *letters, word int, s *spelling, within *symbolSet, product, alone *[MaxKana + 2]float64) []latinStep {
	start, stop := l.start[word], l.start[word+1]
	for i := start; i < stop; i++ {
		at := uint16(0)
		for length := 1; length <= latinUnitMax && i+length <= stop; length++ {
			if at = m.nodes[at].next[l.text[i+length-1]-'A']; at == 0 {
				break
			}
			node := &m.nodes[at]
			if !node.unit {
				continue
			}
			column := LatinInner
			if i+length == stop {
				column = LatinFinal
			} else if i == start {
				column = LatinInitial
			}
			if node.maySilent {
				w.silent[i][length-1] = probability[node.silent[column]]
			}
			if length == 1 {
				w.free[i] = true
			}
			if !s.any && !node.begins.meets(within) {
				continue
			}
			groups := m.groups[node.group:]
			for j := range s.n {
				first, last := 0, node.begins.len()
				if symbol := s.symbols[j]; symbol != symbolAny {
					if !node.begins.has(symbol) {
						continue
					}
					first = node.begins.before(symbol)
					last = first + 1
				}
				here := m.entries[groups[first]:groups[last]]
				for k := range here {
					e := &here[k]
					end := j + int(e.length)
					if end > s.n || (s.chunks[j]^e.chunk)&s.mask[j]&chunkMask[e.length] != 0 {
						continue
					}
					likelier := probability[e.levels[column]] * product[j] * alone[end]
					steps = append(steps, latinStep{uint8(length), uint8(j), uint8(end), likelier})
				}
			}
		}
		w.first[i+1] = len(steps)
	}
	return steps
}

// read reads the letters of one word from wherever the words before it end.
func (w *latinWays) read(steps []latinStep, start, stop int, before, to *[MaxKana + 1]float64, prior float64) {
	var reach [latinUnitMax + 1][MaxKana + 1]float64 // a ring over letters
	reach[0] = *before
	n := w.n
	for i := start; i < stop; i++ {
		at := reach[(i-start)%(latinUnitMax+1)][:n+1]
		if next := reach[(i-start+1)%(latinUnitMax+1)][:n+1]; w.free[i] {
			// Up to two kana that the letter does not stand for.
			keep, one, two := w.silent[i][0]+latinFree, 0.0, 0.0
			for j, p := range at {
				next[j] += p*keep + one + two
				two, one = one, p*latinFree
			}
		}
		for length := 2; length <= latinUnitMax; length++ {
			if silent := w.silent[i][length-1]; silent != 0 {
				next := reach[(i-start+length)%(latinUnitMax+1)][:n+1]
				for j, p := range at {
					next[j] += p * silent
				}
			}
		}
		for _, step := range steps[w.first[i]:w.first[i+1]] {
			reach[(i-start+int(step.letters))%(latinUnitMax+1)][step.to] += at[step.from] * step.weight
		}
		clear(at)
	}
	for j, p := range reach[(stop-start)%(latinUnitMax+1)][:n+1] {
		to[j] += prior * p
	}
}
