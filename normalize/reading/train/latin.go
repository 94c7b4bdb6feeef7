package main

import (
	"cmp"
	"math"
	"slices"
	"strings"

	"github.com/himozuke/himozuke/normalize/reading/internal/model"
)

// A transliteration is one word in Latin letters with its kana.
type transliteration struct {
	latin  []uint16
	kana   []uint8
	weight float64
	rule   bool // made by rule, not found in a dictionary
}

const (
	latinUnitLongest  = 4
	latinChunkLongest = 4
	latinLongest      = 14
	latinRounds       = 10
	latinDiscount     = 0.6
)

// latinWords finds the katakana names of ENAMDICT with one Latin form, word by
// word, and the romanizations of Japanese readings.
func latinWords(path string, leftOut func(latin []uint16, kana []uint8) bool) (list []transliteration, err error) {
	seen := map[string]bool{}
	add := func(latin, kana string, weight float64, rule bool) {
		letters, ok := foldLatin(latin)
		if !ok || len(letters) > latinLongest {
			return
		}
		reading, ok := foldKana(kana)
		if !ok || len(reading) > latinLongest {
			return
		}
		if key := wordID(letters, reading); !seen[key] && !leftOut(letters, reading) {
			seen[key] = true
			list = append(list, transliteration{letters, reading, weight, rule})
		}
	}
	err = readENAMDICT(path, func(e nameEntry) {
		latin, kana, ok := latinOf(e)
		if !ok {
			return
		}
		for i := range latin {
			add(latin[i], kana[i], 1, false)
			add(latin[i], strings.ReplaceAll(kana[i], "ー", ""), 0.15, false)
			add(latin[i], strings.NewReplacer("ヴァ", "バ", "ヴィ", "ビ", "ヴェ", "ベ", "ヴォ", "ボ", "ヴ", "ブ").Replace(kana[i]), 0.3, false)
		}
	})
	return list, err
}

// latinOf gives the words of a katakana entry when as many Latin words stand
// against them.
func latinOf(e nameEntry) (latin, kana []string, ok bool) {
	if !strings.ContainsAny(e.classes, "sgfmuh") || e.written != e.reading {
		return nil, nil, false
	}
	_, gloss, ok := strings.Cut(e.gloss, ") ")
	if !ok {
		return nil, nil, false
	}
	gloss, _, _ = strings.Cut(gloss, "/")
	gloss, _, _ = strings.Cut(gloss, "(")
	gloss, _, _ = strings.Cut(gloss, ",")
	latin = strings.Fields(gloss)
	kana = strings.FieldsFunc(e.written, func(r rune) bool { return r == '・' || r == '＝' || r == '=' })
	return latin, kana, len(latin) == len(kana) && len(latin) > 0
}

// alignLatin learns how letters are read, and makes the table of units.
func alignLatin(list []transliteration) []model.LatinUnit {
	type pair struct {
		unit  int32
		chunk uint64
	}
	units := map[uint64]int32{}
	var unitKeys []uint64
	pairs := map[pair]int32{}
	var pairList []pair
	frequency := map[uint64]int{}
	for _, w := range list {
		for i := range w.latin {
			for length := 1; length <= latinUnitLongest && i+length <= len(w.latin); length++ {
				frequency[model.UnitKey(w.latin[i:i+length])]++
			}
		}
	}
	walkLatin := func(letters, kana int, visit func(i, j, length, chunk int)) {
		for i := range letters {
			for length := 1; length <= latinUnitLongest && i+length <= letters; length++ {
				for j := 0; j <= kana; j++ {
					if i == 0 && j > 0 {
						break
					}
					for chunk := 0; chunk <= latinChunkLongest && j+chunk <= kana; chunk++ {
						rest := kana - j - chunk
						if left := letters - i - length; left == 0 && rest > 0 || rest > 3*left+1 || length > 2 && chunk == 0 || length == 1 && chunk > 3 {
							continue
						}
						visit(i, j, length, chunk)
					}
				}
			}
		}
	}
	var arcs []int32
	starts := make([]int, 0, len(list)+1)
	var occurrences []float64
	for _, w := range list {
		starts = append(starts, len(arcs))
		walkLatin(len(w.latin), len(w.kana), func(i, j, length, chunk int) {
			key := model.UnitKey(w.latin[i : i+length])
			if length > 1 && frequency[key] < 5 {
				arcs = append(arcs, -1)
				return
			}
			unit, ok := units[key]
			if !ok {
				unit = int32(len(unitKeys))
				units[key] = unit
				unitKeys = append(unitKeys, key)
				occurrences = append(occurrences, 0)
			}
			p := pair{unit, model.Pack(w.kana[j : j+chunk])}
			id, ok := pairs[p]
			if !ok {
				id = int32(len(pairList))
				pairs[p] = id
				pairList = append(pairList, p)
			}
			arcs = append(arcs, id)
		})
		for i := range w.latin {
			for length := 1; length <= latinUnitLongest && i+length <= len(w.latin); length++ {
				if unit, ok := units[model.UnitKey(w.latin[i:i+length])]; ok {
					occurrences[unit] += w.weight
				}
			}
		}
	}
	starts = append(starts, len(arcs))
	probability := make([]float64, len(pairList))
	for i, p := range pairList {
		probability[i] = 0.02
		for key := unitKeys[p.unit]; key > 0xFFFF; key >>= 16 {
			probability[i] *= 0.1
		}
		if p.chunk == 0 {
			probability[i] *= 0.1
		}
	}
	count := make([][model.Columns]float64, len(pairList))
	type arc struct {
		from, to, pair int32
		column         model.Column
	}
	var path []arc
	for round := range latinRounds {
		clear(count)
		for n, w := range list {
			width := len(w.kana) + 1
			forward := make([]float64, (len(w.latin)+1)*width)
			backward := make([]float64, len(forward))
			forward[0] = 1
			path = path[:0]
			next := starts[n]
			walkLatin(len(w.latin), len(w.kana), func(i, j, length, chunk int) {
				id := arcs[next]
				next++
				if id < 0 || probability[id] == 0 {
					return
				}
				from, to := i*width+j, (i+length)*width+j+chunk
				if forward[from] == 0 {
					return
				}
				forward[to] += forward[from] * probability[id]
				column := model.LatinInner
				if i+length == len(w.latin) {
					column = model.LatinFinal
				} else if i == 0 {
					column = model.LatinInitial
				}
				path = append(path, arc{int32(from), int32(to), id, column})
			})
			total := forward[len(forward)-1]
			if total == 0 {
				continue
			}
			backward[len(backward)-1] = 1
			for k := len(path) - 1; k >= 0; k-- {
				e := path[k]
				backward[e.from] += backward[e.to] * probability[e.pair]
				count[e.pair][e.column] += w.weight * forward[e.from] * probability[e.pair] * backward[e.to] / total
			}
		}
		if round == latinRounds-1 {
			break
		}
		for i, p := range pairList {
			n := count[i][0] + count[i][1] + count[i][2]
			if unitKeys[p.unit] > 0xFFFF {
				n = max(0, n-latinDiscount)
			}
			probability[i] = n / occurrences[p.unit]
		}
	}
	return latinUnits(unitKeys, len(pairList), func(i int) (int32, uint64, [model.Columns]float64) {
		return pairList[i].unit, pairList[i].chunk, count[i]
	}, list)
}

// latinUnits turns counts into entries. A unit's readings are shared out over
// how often its letters stand in that place of a word.
func latinUnits(keys []uint64, pairs int, pair func(int) (int32, uint64, [model.Columns]float64), list []transliteration) (units []model.LatinUnit) {
	number := make(map[uint64]int, len(keys))
	for i, key := range keys {
		number[key] = i
	}
	places := make([][model.Columns]float64, len(keys))
	for _, w := range list {
		for i := range w.latin {
			for length := 1; length <= latinUnitLongest && i+length <= len(w.latin); length++ {
				if n, ok := number[model.UnitKey(w.latin[i:i+length])]; ok {
					column := model.LatinInner
					if i+length == len(w.latin) {
						column = model.LatinFinal
					} else if i == 0 {
						column = model.LatinInitial
					}
					places[n][column] += w.weight
				}
			}
		}
	}
	entries := make([][]model.Entry, len(keys))
	for i := range pairs {
		unit, chunk, count := pair(i)
		total := count[0] + count[1] + count[2]
		if keys[unit] > 0xFFFF {
			if total < 1.5 {
				continue
			}
		} else if total < 0.05 {
			continue
		}
		place := places[unit]
		overall := total / (place[0] + place[1] + place[2] + 1)
		e := model.Entry{Chunk: chunk}
		best := 0.0
		for column := range model.LatinColumns {
			p := (count[column] + 2*overall) / (place[column] + 2)
			best = max(best, p)
			e.Levels[column] = model.Level(p)
		}
		if best > 1e-5 && !math.IsNaN(best) {
			entries[unit] = append(entries[unit], e)
		}
	}
	for i, key := range keys {
		if len(entries[i]) == 0 {
			continue
		}
		slices.SortFunc(entries[i], func(x, y model.Entry) int { return cmp.Compare(x.Chunk, y.Chunk) })
		units = append(units, model.LatinUnit{Key: key, Entries: entries[i]})
	}
	slices.SortFunc(units, func(x, y model.LatinUnit) int { return cmp.Compare(x.Key, y.Key) })
	return units
}

// latinBackground is the kana of names in Latin letters: words by themselves
// and next to another.
func latinBackground(list []transliteration) []uint8 {
	words := make([]word, 0, 2*len(list))
	var before []uint8
	for _, w := range list {
		words = append(words, word{kana: w.kana, weight: [model.Parts]float64{w.weight, 0}})
		if before != nil {
			words = append(words, word{kana: slices.Concat(w.kana, before), weight: [model.Parts]float64{w.weight / 2, 0}})
		}
		before = w.kana
	}
	return background(words, model.Family)
}
