package main

import (
	"cmp"
	"slices"

	"github.com/himozuke/himozuke/normalize/reading/internal/model"
)

// smoothing are the scalars that turn counts into probabilities. They were
// chosen on words kept out of training.
type smoothing struct {
	part, column       float64 // how many counts the coarser estimate is worth
	unseen, unseenType float64 // unseen mass: fixed, and per reading seen
	derived            float64 // share of unseen mass for readings derived from known ones
	listed             float64 // weights of the ways to derive a reading
	voiced             float64
	geminate           float64
	prefix             float64
	suffix             float64
	joined             float64 // discount of units of several characters
	faintest           float64 // entries below are dropped
}

var chosen = smoothing{
	part: 2, column: 2,
	unseen: 1, unseenType: 0.3, derived: 0.7,
	listed: 1, voiced: 0.4, geminate: 0.1, prefix: 0.4, suffix: 0.1,
	joined: 0.75, faintest: 1e-4,
}

// unitTables makes the readings of every unit for one part.
func (a *alignment) unitTable(part model.Part, words []word, prior map[pairKey]float64, s smoothing) []model.Unit {
	occurrences := make([]float64, len(a.unitKeys))
	for _, w := range words {
		for i := range w.kanji {
			for length := 1; length <= unitLongest && i+length <= len(w.kanji); length++ {
				if unit, ok := a.units[keyOf(w.kanji[i:i+length])]; ok {
					occurrences[unit] += w.weight[part]
				}
			}
		}
	}
	pairsOf := make([][]int32, len(a.unitKeys))
	for i, pair := range a.pairList {
		if a.count[i] > 1e-4 || prior[pair] > 0 {
			pairsOf[pair.unit] = append(pairsOf[pair.unit], int32(i))
		}
	}
	var units []model.Unit
	for unit, key := range a.unitKeys {
		u := model.Unit{Length: 1}
		for k := key; k > 0xFFFF; k >>= 16 {
			u.Length++
		}
		for i := range u.Length {
			u.Kanji[i] = uint16(key >> (16 * (u.Length - 1 - i)))
		}
		if u.Length > 1 {
			u.Unseen = 255
			u.Entries = a.joinedEntries(part, pairsOf[unit], occurrences[unit], s)
			if len(u.Entries) == 0 {
				continue
			}
		} else {
			a.singleEntries(&u, part, unit, pairsOf[unit], prior, s)
		}
		slices.SortFunc(u.Entries, func(x, y model.Entry) int { return cmp.Compare(x.Chunk, y.Chunk) })
		units = append(units, u)
	}
	slices.SortFunc(units, func(x, y model.Unit) int { return slices.Compare(x.Kanji[:x.Length], y.Kanji[:y.Length]) })
	return units
}

func (a *alignment) joinedEntries(part model.Part, pairs []int32, occurrences float64, s smoothing) (entries []model.Entry) {
	for _, pair := range pairs {
		count := 0.0
		for column := range model.Columns {
			count += a.byPart[part][column][pair]
		}
		if count -= s.joined; count <= 0.2 {
			continue
		}
		level := model.Level(count / (occurrences + 1))
		entries = append(entries, model.Entry{
			Chunk:  a.pairList[pair].chunk,
			Levels: [model.Columns]uint8{level, level, level},
		})
	}
	return entries
}

func (a *alignment) singleEntries(u *model.Unit, part model.Part, unit int, pairs []int32, prior map[pairKey]float64, s smoothing) {
	all := map[uint64]float64{}
	var priorSum, countSum float64
	for _, pair := range pairs {
		countSum += a.count[pair]
		priorSum += prior[a.pairList[pair]]
	}
	partCount := map[uint64]float64{}
	partSum, types := 0.0, 0.0
	var order []uint64
	for _, pair := range pairs {
		chunk := a.pairList[pair].chunk
		order = append(order, chunk)
		all[chunk] = (a.count[pair] + prior[a.pairList[pair]]) / (countSum + priorSum)
		for column := range model.Columns {
			partCount[chunk] += a.byPart[part][column][pair]
		}
		partSum += partCount[chunk]
		if partCount[chunk] > 0.3 {
			types++
		}
	}
	unseen := (s.unseen + s.unseenType*types) / (partSum + s.unseen + s.unseenType*types)
	derived, derivedOrder := deriveReadings(order, all, s)
	inPart := map[uint64]float64{}
	for _, chunk := range order {
		inPart[chunk] = (partCount[chunk] + s.part*all[chunk]) / (partSum + s.part)
	}
	levels := map[uint64][model.Columns]float64{}
	for column := range model.Columns {
		columnSum := a.unitByPart[part][column][unit]
		for _, pair := range pairs {
			chunk := a.pairList[pair].chunk
			p := levels[chunk]
			p[column] = (1 - unseen) * (a.byPart[part][column][pair] + s.column*inPart[chunk]) / (columnSum + s.column)
			levels[chunk] = p
		}
	}
	for _, d := range derivedOrder {
		p, seen := levels[d]
		for column := range model.Columns {
			p[column] += unseen * s.derived * derived[d]
		}
		levels[d] = p
		if !seen {
			order = append(order, d)
		}
	}
	u.Unseen = model.Level(unseen * (1 - s.derived))
	for _, chunk := range order {
		p := levels[chunk]
		if max(p[0], p[1], p[2]) < s.faintest {
			continue
		}
		e := model.Entry{Chunk: chunk}
		for column := range model.Columns {
			e.Levels[column] = model.Level(p[column])
		}
		u.Entries = append(u.Entries, e)
	}
}

// deriveReadings spreads the mass of unseen readings over what known readings
// turn into inside names: voiced, geminated or cut short.
func deriveReadings(order []uint64, known map[uint64]float64, s smoothing) (derived map[uint64]float64, list []uint64) {
	derived = map[uint64]float64{}
	sum := 0.0
	add := func(chunk uint64, weight float64) {
		if _, ok := derived[chunk]; !ok {
			list = append(list, chunk)
		}
		derived[chunk] += weight
		sum += weight
	}
	for _, chunk := range order {
		reading := model.Unpack(chunk)
		weight := known[chunk]
		add(chunk, s.listed*weight)
		if v, ok := voicedOf[reading[0]]; ok {
			changed := slices.Clone(reading)
			changed[0] = v
			add(model.Pack(changed), s.voiced*weight)
		}
		if len(reading) < 2 {
			continue
		}
		if geminates[reading[len(reading)-1]] {
			changed := slices.Clone(reading)
			changed[len(changed)-1] = symbolTsu
			add(model.Pack(changed), s.geminate*weight)
		}
		for n := 1; n < len(reading); n++ {
			add(model.Pack(reading[:n]), s.prefix*weight/float64(len(reading)-1))
			add(model.Pack(reading[n:]), s.suffix*weight/float64(len(reading)-1))
		}
	}
	for _, chunk := range list {
		derived[chunk] /= sum
	}
	return derived, list
}

func symbolsOf(kana string) []uint8 {
	reading, _ := foldKana(kana)
	return reading
}

var (
	symbolTsu = symbolsOf("ツ")[0]
	geminates = func() map[uint8]bool {
		set := map[uint8]bool{}
		for _, symbol := range symbolsOf("キクチ") {
			set[symbol] = true
		}
		return set
	}()
	voicedOf = func() map[uint8]uint8 {
		plain, voiced := symbolsOf("カキクケコサシスセソタチツテトハヒフヘホ"), symbolsOf("ガギグゲゴザジズゼゾダジズデドバビブベボ")
		table := map[uint8]uint8{}
		for i := range plain {
			table[plain[i]] = voiced[i]
		}
		return table
	}()
)
