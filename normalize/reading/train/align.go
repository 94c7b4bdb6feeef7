package main

import (
	"github.com/himozuke/himozuke/normalize/reading/internal/model"
)

// An alignment says which kana each unit of a written form is read with,
// learned by expectation maximization over all words.
type alignment struct {
	units    map[uint64]int32 // unit key to number
	unitKeys []uint64
	pairs    map[pairKey]int32
	pairList []pairKey
	arcs     []int32 // of all words, in the order that walk visits them
	starts   []int   // of each word in arcs

	probability []float64
	count       []float64 // expected count of each pair, all parts
	occurrences []float64 // weight of words that hold the unit
	near        *neighbours
	alike       *synonymTable
	meanings    meanings
	// sinoJapanese are on readings, which the meaning does not tell.
	sinoJapanese map[pairKey]bool
	byPart       [model.Parts][model.Columns][]float64
	unitByPart   [model.Parts][model.Columns][]float64
}

type pairKey struct {
	unit  int32
	chunk uint64
}

const (
	unitLongest  = 3
	chunkLongest = 7
	rounds       = 12
	// A unit of several characters must earn its place: part of its count is
	// taken away in each round, so that only what recurs survives.
	joinedDiscount = 0.75
	joinedStart    = 0.05
)

// walk visits every arc (from character i and kana j, length of the unit,
// length of its reading) that can be part of a whole path.
func walk(characters, kana int, visit func(i, j, length, chunk int)) {
	for i := range characters {
		for length := 1; length <= unitLongest && i+length <= characters; length++ {
			after := characters - i - length
			for j := i; j < kana; j++ {
				if i == 0 && j > 0 {
					break
				}
				for chunk := 1; chunk <= chunkLongest && j+chunk <= kana; chunk++ {
					rest := kana - j - chunk
					if after == 0 && rest > 0 || rest < 0 || after > 0 && (rest == 0 || rest > after*chunkLongest) {
						continue
					}
					visit(i, j, length, chunk)
				}
			}
		}
	}
}

func newAlignment(words []word) *alignment {
	a := &alignment{units: map[uint64]int32{}, pairs: map[pairKey]int32{}}
	frequency := map[uint64]int{}
	for _, w := range words {
		for i := range w.kanji {
			for length := 1; length <= unitLongest && i+length <= len(w.kanji); length++ {
				frequency[model.UnitKey(w.kanji[i:i+length])]++
			}
		}
	}
	for _, w := range words {
		a.starts = append(a.starts, len(a.arcs))
		walk(len(w.kanji), len(w.kana), func(i, j, length, chunk int) {
			key := model.UnitKey(w.kanji[i : i+length])
			if length > 1 && frequency[key] < 2 {
				a.arcs = append(a.arcs, -1)
				return
			}
			unit, ok := a.units[key]
			if !ok {
				unit = int32(len(a.unitKeys))
				a.units[key] = unit
				a.unitKeys = append(a.unitKeys, key)
			}
			pk := pairKey{unit, model.Pack(w.kana[j : j+chunk])}
			pair, ok := a.pairs[pk]
			if !ok {
				pair = int32(len(a.pairList))
				a.pairs[pk] = pair
				a.pairList = append(a.pairList, pk)
			}
			a.arcs = append(a.arcs, pair)
		})
	}
	a.starts = append(a.starts, len(a.arcs))
	a.occurrences = make([]float64, len(a.unitKeys))
	for _, w := range words {
		weight := w.weight[model.Family] + w.weight[model.Given]
		for i := range w.kanji {
			for length := 1; length <= unitLongest && i+length <= len(w.kanji); length++ {
				if unit, ok := a.units[model.UnitKey(w.kanji[i:i+length])]; ok {
					a.occurrences[unit] += weight
				}
			}
		}
	}
	return a
}

// isJoined says whether a unit is several characters.
func isJoined(key uint64) bool { return key > 0xFFFF }

// train runs expectation maximization; dictionary readings of characters are
// added as prior counts.
func (a *alignment) train(words []word, prior map[pairKey]float64) {
	a.probability = make([]float64, len(a.pairList))
	a.count = make([]float64, len(a.pairList))
	priorOf := make([]float64, len(a.pairList))
	priorSum := make([]float64, len(a.unitKeys))
	for i, pair := range a.pairList {
		a.probability[i] = 0.01
		if isJoined(a.unitKeys[pair.unit]) {
			a.probability[i] *= joinedStart
		}
		if p := prior[pair]; p > 0 {
			a.probability[i] = 0.2
			priorOf[i] = p
			priorSum[pair.unit] += p
		}
	}
	for round := range rounds {
		clear(a.count)
		last := round == rounds-1
		if last {
			for part := range model.Parts {
				for column := range model.Columns {
					a.byPart[part][column] = make([]float64, len(a.pairList))
					a.unitByPart[part][column] = make([]float64, len(a.unitKeys))
				}
			}
		}
		for n, w := range words {
			a.expect(w, a.arcs[a.starts[n]:a.starts[n+1]], last)
		}
		if last {
			return
		}
		for i, pair := range a.pairList {
			count := a.count[i]
			if isJoined(a.unitKeys[pair.unit]) {
				count = max(0, count-joinedDiscount)
			}
			a.probability[i] = (count + priorOf[i]) / (a.occurrences[pair.unit] + priorSum[pair.unit])
		}
	}
}

// expect adds one word's expected counts.
func (a *alignment) expect(w word, arcs []int32, final bool) {
	characters, kana := len(w.kanji), len(w.kana)
	width := kana + 1
	forward := make([]float64, (characters+1)*width)
	backward := make([]float64, (characters+1)*width)
	type arc struct {
		from, to int32
		pair     int32
		column   model.Column
	}
	path := make([]arc, 0, len(arcs))
	next := 0
	forward[0] = 1
	walk(characters, kana, func(i, j, length, chunk int) {
		pair := arcs[next]
		next++
		if pair < 0 || a.probability[pair] == 0 {
			return
		}
		from, to := i*width+j, (i+length)*width+j+chunk
		if forward[from] == 0 {
			return
		}
		forward[to] += forward[from] * a.probability[pair]
		column := model.ColumnOf(i == 0, i+length == characters)
		path = append(path, arc{int32(from), int32(to), pair, column})
	})
	total := forward[len(forward)-1]
	if total == 0 {
		return
	}
	backward[len(backward)-1] = 1
	weight := w.weight[model.Family] + w.weight[model.Given]
	for k := len(path) - 1; k >= 0; k-- {
		e := path[k]
		p := a.probability[e.pair]
		backward[e.from] += backward[e.to] * p
		share := forward[e.from] * p * backward[e.to] / total
		a.count[e.pair] += share * weight
		if final {
			for part := range model.Parts {
				a.byPart[part][e.column][e.pair] += share * w.weight[part]
				a.unitByPart[part][e.column][a.pairList[e.pair].unit] += share * w.weight[part]
			}
		}
	}
}
