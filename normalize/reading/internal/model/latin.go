package model

import (
	"math"
	"math/bits"
	"sync"
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
	nodes      []latinNode  // the first stands for no letter
	next       [][26]uint16 // of each node, that of one letter more, zero for none
	entries    []entry
	groups     []uint32 // first of the entries of each node that begin with one symbol
	background string   // trigram levels of whole names, as of a part
	speaks     float64  // how much likelier kana must be by a word for that to say something
}

// A latinNode is some letters in a row, perhaps a unit.
type latinNode struct {
	begins    symbolSet      // what its readings that have kana begin with
	group     uint32         // of those readings; one more ends the last
	silent    [Columns]uint8 // level of having no kana
	unit      bool
	maySilent bool
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

// add stores the readings of a unit, which come ordered by first kana.
func (m *latinModel) add(key uint64, entries []entry) bool {
	if m.nodes == nil {
		m.nodes, m.next = make([]latinNode, 1), make([][26]uint16, 1)
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
		next := &m.next[at][letter-'A']
		if *next == 0 {
			if len(m.nodes) > math.MaxUint16 {
				return false
			}
			*next = uint16(len(m.nodes))
			at = *next
			m.nodes, m.next = append(m.nodes, latinNode{}), append(m.next, [26]uint16{})
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

// calibratedFrom is a weight before calibration such that it and any below it
// are no more than the floor after it.
func calibratedFrom(knots *[CalibrationKnots]float64, floor float64) float64 {
	i := 0
	for i < len(knots) && knots[i] <= floor {
		i++
	}
	if i == 0 {
		return math.Inf(-1)
	}
	return CalibrationFirst + CalibrationStep*float64(i-1)
}

// Latin is the weight before calibration, and the number of words; none where
// nothing can be weighed.
func (m *Model) Latin(codes []uint16, kana []byte) (bits float64, words int) {
	ways := latinRooms.Get().(*latinWays)
	defer latinRooms.Put(ways)
	if !ways.find(m, codes, kana) {
		return 0, 0
	}
	return ways.sum(), ways.letters.words
}

// LatinName weighs a Latin name beside kana in two parts each: family and given
// name as [Model.LatinWeight] does, where the weight of one is above zero, and
// otherwise, in the first place, that of the whole. Most names are not the same
// and both parts are told apart by the ways to read the whole.
func (m *Model) LatinName(family, given []uint16, familyKana, givenKana []byte) (bits [2]float64, apart bool) {
	var codeRoom, kanaRoom = [2 * latinLetterMax]uint16{}, [2 * MaxKana]byte{}
	codes := append(append(append(codeRoom[:0], family...), ' '), given...)
	kana := append(append(kanaRoom[:0], familyKana...), givenKana...)
	ways := latinRooms.Get().(*latinWays)
	defer latinRooms.Put(ways)
	found := ways.find(m, codes, kana)
	shares := found && ways.sharesParts(family, given, familyKana, givenKana)
	if shares {
		bits[0] = clamp(between(&m.scalars.Latin, ways.familyBits(len(familyKana))))
		if bits[0] <= 0 && ways.mostOfGiven(len(familyKana)) <= m.latin.speaks {
			return [2]float64{clamp(ways.sum())}, false
		}
	} else {
		bits[0] = m.LatinWeight(family, familyKana)
	}
	if bits[1] = m.LatinWeight(given, givenKana); max(float32(bits[0]), float32(bits[1])) > 0 {
		return bits, true
	}
	if !found {
		return [2]float64{}, false
	}
	whole := ways.sum()
	if ways.letters.words == 1 {
		whole = between(&m.scalars.Latin, whole)
	}
	return [2]float64{clamp(whole)}, false
}

// find finds the ways to read a name as the kana, if anything can be weighed.
func (w *latinWays) find(m *Model, codes []uint16, kana []byte) bool {
	l, s := &w.letters, &w.kana
	*l, *s = letters{}, spelling{}
	if m.latin.nodes == nil || !l.parse(codes) {
		return false
	}
	var joined [MaxKana]byte
	n := 0
	for _, k := range kana {
		if k == 0 {
			continue
		}
		if n == MaxKana {
			return false
		}
		joined[n] = k
		n++
	}
	if !s.prepare(joined[:n]) {
		return false
	}
	w.background = partModel{background: m.latin.background}
	w.background.running(s, &w.product)
	w.n, w.steps = s.n, w.steps[:0]
	w.places.fill(s)
	for j, p := range w.product[:s.n+1] {
		w.alone[j] = 1 / p
	}
	for word := range l.words {
		m.latin.compile(w, l, word, s, &w.product)
	}
	return true
}

// sharesParts tells whether the first word is the family name and the second
// the given name, and whether their kana are the same by themselves.
func (w *latinWays) sharesParts(family, given []uint16, familyKana, givenKana []byte) bool {
	return w.letters.words == 2 && isWord(family) && isWord(given) && !w.kana.any &&
		len(familyKana) > 0 && len(givenKana) > 0 && len(familyKana)+len(givenKana) == w.n && givenKana[0] != kanaDash
}

func isWord(codes []uint16) bool {
	for _, c := range codes {
		if c < 'A' || c > 'Z' {
			return false
		}
	}
	return len(codes) > 0
}

// familyBits is the weight of the first word beside the first kana by
// themselves: the ways up to there are the same.
func (w *latinWays) familyBits(cut int) float64 {
	end := w.product[cut] * w.background.ending(w.kana.symbols[:cut])
	return ratioBits(w.wordAlone(0, 0, cut)*w.product[cut], end)
}

// mostOfGiven is a bound on how much likelier the kana from the cut on are by
// the second word than by themselves. By themselves the first two of them are
// likelier or less than after others, and so less or more likely by the word.
func (w *latinWays) mostOfGiven(cut int) float64 {
	s, p := &w.kana, &w.background
	most := w.wordAlone(1, cut, w.n) * (1 + 1e-9) // for rounding
	first := p.next(symbolBefore(s, cut-1), s.symbols[cut-1], s.symbols[cut]) / p.next(symbolEdge, symbolEdge, s.symbols[cut])
	most *= max(first, 1)
	if cut+1 < w.n {
		second := p.next(s.symbols[cut-1], s.symbols[cut], s.symbols[cut+1]) / p.next(symbolEdge, s.symbols[cut], s.symbols[cut+1])
		most *= max(second, 1)
	}
	return most / p.ending(s.symbols[cut:w.n])
}

// wordAlone reads one word as the kana from one place to another.
func (w *latinWays) wordAlone(word, from, to int) float64 {
	before, after := &w.reach[len(w.reach)-2], &w.reach[len(w.reach)-1]
	clear(before[:w.n+1])
	clear(after[:w.n+1])
	before[from] = 1
	w.read(w.letters.start[word], w.letters.start[word+1], before, after, 1)
	return after[to]
}

// sum adds up the ways to read the name as the kana, in bits.
func (w *latinWays) sum() float64 {
	l, s := &w.letters, &w.kana
	all := 1<<l.words - 1
	reach := w.reach[:all+1]
	for used := range reach {
		clear(reach[used][:s.n+1])
	}
	reach[0][0] = 1
	for used := 0; used < all; used++ {
		for word := range l.words {
			if used&(1<<word) != 0 {
				continue
			}
			prior := wordOrder(used, word, l.words)
			to := &reach[used|1<<word]
			w.read(l.start[word], l.start[word+1], &reach[used], to, prior)
			if l.words > 2 && word > 0 && word < l.words-1 {
				for j := range s.n + 1 {
					to[j] += latinSkip * prior * reach[used][j]
				}
			}
		}
	}
	return ratioBits(reach[all][s.n]*w.product[s.n], w.product[s.n+1])
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
	letters    letters
	kana       spelling
	background partModel
	product    [MaxKana + 2]float64 // of the background

	n      int                                   // kana
	places places                                // of the kana
	alone  [MaxKana + 2]float64                  // reciprocals of the products of the background
	steps  []latinStep                           // letter by letter
	first  [latinLetterMax + 1]int               // of the steps of each letter
	silent [latinLetterMax][latinUnitMax]float64 // P(the letters from here, so many, have no kana)
	free   [latinLetterMax]bool                  // the letter may stand for kana that no entry lists

	// reach says how much likelier the kana up to a place are by the letters
	// than by themselves, by the words that are used. Within a word, ring says so
	// for the next few letters.
	reach [1 << latinTokenMax][MaxKana + 1]float64
	ring  [latinUnitMax + 1][MaxKana + 1]float64
}

// latinRooms are reused: emptying them took as long as reading a short name.
var latinRooms = sync.Pool{New: func() any { return new(latinWays) }}

// places says where in a spelling each symbol stands, one bit a place. What it
// says of symbols that are not within means nothing.
type places struct {
	within symbolSet
	of     [symbols]uint32
	all    uint32
}

func (p *places) fill(s *spelling) {
	p.within = symbolSet{}
	p.all = 1<<s.n - 1
	for _, symbol := range s.symbols[:s.n] {
		p.of[symbol] = 0
	}
	for j, symbol := range s.symbols[:s.n] {
		p.within.add(symbol)
		p.of[symbol] |= 1 << j
	}
}

// starting are the places where readings that begin with these symbols may
// start. Where kana cannot be read any may.
func (p *places) starting(begins *symbolSet) (at uint32) {
	for k := range begins {
		for common := begins[k] & p.within[k]; common != 0; common &= common - 1 {
			at |= p.of[64*k+bits.TrailingZeros64(common)]
		}
	}
	if p.within.has(symbolAny) {
		at |= p.of[symbolAny]
	}
	return at
}

// A latinStep reads some letters as some kana; its weight is how much likelier
// that makes them.
type latinStep struct {
	letters, from, to uint8
	weight            float64
}

// compile finds the steps of a word and appends them.
func (m *latinModel) compile(w *latinWays, l *letters, word int, s *spelling, product *[MaxKana + 2]float64) {
	start, stop := l.start[word], l.start[word+1]
	steps := w.steps
	w.first[start] = len(steps)
	for i := start; i < stop; i++ {
		w.silent[i], w.free[i] = [latinUnitMax]float64{}, false
		at := uint16(0)
		for length := 1; length <= latinUnitMax && i+length <= stop; length++ {
			if at = m.next[at][l.text[i+length-1]-'A']; at == 0 {
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
			for from := w.places.starting(&node.begins); from != 0; from &= from - 1 {
				j := bits.TrailingZeros32(from)
				first, last := 0, node.begins.len()
				if symbol := s.symbols[j]; symbol != symbolAny {
					first = node.begins.before(symbol)
					last = first + 1
				}
				groups := m.groups[node.group:]
				here := m.entries[groups[first]:groups[last]]
				for k := range here {
					e := &here[k]
					end := j + int(e.length)
					if end > s.n || (s.chunks[j]^e.chunk)&s.mask[j]&chunkMask[e.length] != 0 {
						continue
					}
					likelier := probability[e.levels[column]] * product[j] * w.alone[end]
					steps = append(steps, latinStep{uint8(length), uint8(j), uint8(end), likelier})
				}
			}
		}
		w.first[i+1] = len(steps)
	}
	w.steps = steps
}

// read reads the letters of one word from wherever the words before it end.
func (w *latinWays) read(start, stop int, before, to *[MaxKana + 1]float64, prior float64) {
	n, reach := w.n, &w.ring
	copy(reach[0][:n+1], before[:n+1])
	for k := 1; k < len(reach); k++ {
		clear(reach[k][:n+1])
	}
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
		for _, step := range w.steps[w.first[i]:w.first[i+1]] {
			reach[(i-start+int(step.letters))%(latinUnitMax+1)][step.to] += at[step.from] * step.weight
		}
		clear(at)
	}
	for j, p := range reach[(stop-start)%(latinUnitMax+1)][:n+1] {
		to[j] += prior * p
	}
}
