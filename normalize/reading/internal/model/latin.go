package model

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
	units      unitTable
	background string // trigram levels of whole names, as of a part
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
	if m.latin.units.keys == nil || !l.parse(codes) {
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
			m.latin.word(l.text[l.start[w]:l.start[w+1]], &s, &product, &reach[used], to, prior)
			if l.words > 2 && w > 0 && w < l.words-1 {
				for j := range s.n + 1 {
					to[j] += latinSkip * prior * reach[used][j]
				}
			}
		}
	}
	return ratioBits(reach[all][s.n], product[s.n+1]), l.words
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

// word reads one word from wherever the words before it end.
func (m *latinModel) word(text []uint16, s *spelling, product *[MaxKana + 2]float64, before, to *[MaxKana + 1]float64, prior float64) {
	var reach [latinUnitMax + 1][MaxKana + 1]float64 // a ring over letters
	reach[0] = *before
	for i := range text {
		at := &reach[i%(latinUnitMax+1)]
		for length := 1; length <= latinUnitMax && i+length <= len(text); length++ {
			unit, ok := m.units.find(UnitKey(text[i : i+length]))
			if !ok {
				continue
			}
			column := LatinInner
			if i+length == len(text) {
				column = LatinFinal
			} else if i == 0 {
				column = LatinInitial
			}
			next := &reach[(i+length)%(latinUnitMax+1)]
			entries := m.units.entries[unit.first : unit.first+unit.count]
			for j := range s.n + 1 {
				if at[j] == 0 {
					continue
				}
				if len(entries) > 0 && entries[0].chunk == 0 { // silent here
					next[j] += at[j] * probability[entries[0].levels[column]]
				}
				here := from(entries, s.symbols[j])
				for k := range here {
					e := &here[k]
					end := j + int(e.length)
					if e.length == 0 {
						continue
					}
					if end > s.n || (s.chunks[j]^e.chunk)&s.mask[j]&chunkMask[e.length] != 0 {
						continue
					}
					next[end] += at[j] * probability[e.levels[column]]
				}
				if length == 1 {
					for c := 0; c <= 2 && j+c <= s.n; c++ {
						next[j+c] += at[j] * latinFree * product[j+c] / product[j]
					}
				}
			}
		}
		clear(at[:])
	}
	last := &reach[len(text)%(latinUnitMax+1)]
	for j := range s.n + 1 {
		to[j] += prior * last[j]
	}
}
