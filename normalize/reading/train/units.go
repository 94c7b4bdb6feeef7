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
	neighbour          float64 // readings of characters that share other readings
	neighboursMost     int
	synonym            float64 // readings of characters of the same meaning
	synonymUntil       float64 // which matter less the more of a character is seen
	joined             float64 // discount of units of several characters
	popular            float64
	free               float64
	faintest           float64 // entries below are dropped
	faintestDerived    float64

	person                         float64 // what a person of that name is worth beside a listing
	listing                        float64 // least weight of a word that the table lists
	spelledPower                   float64 // how much the spelling decides between readings of a form
	unspelled                      float64
	unlisted                       float64 // what unlisted readings weigh: fixed, and per reading listed
	unlistedReading                float64
	affinityReadings, affinityBits float64
	unlistedSmall                  float64 // what they weigh where only the small dictionary has the form
}

var chosen = smoothing{
	part: 400, column: 20,
	unseen: 0.17, unseenType: 0.029, derived: 0.98,
	listed: 0.095, voiced: 0.4, geminate: 0.18, prefix: 0.7, suffix: 0.1,
	neighbour: 0.5, neighboursMost: 60, synonym: 0.37, synonymUntil: 42,
	joined: 0.75, popular: 0.5, free: 0.55,
	faintest: 1e-4, faintestDerived: 0.005,
	person: 1, listing: 0.32, spelledPower: 0.5, unspelled: 1e-7, unlisted: 0.1, unlistedReading: 0.05, unlistedSmall: 0.3, affinityReadings: 2, affinityBits: 1,
}

// unitTable makes the readings of every unit.
func (a *alignment) unitTable(words []word, prior map[pairKey]float64, s smoothing) (units []model.Unit) {
	occurrences := make([][model.Parts]float64, len(a.unitKeys))
	for _, w := range words {
		for i := range w.kanji {
			for length := 1; length <= unitLongest && i+length <= len(w.kanji); length++ {
				if unit, ok := a.units[model.UnitKey(w.kanji[i:i+length])]; ok {
					for part := range model.Parts {
						occurrences[unit][part] += w.weight[part]
					}
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
	if a.near == nil {
		a.near = a.neighbours(pairsOf, prior)
		a.alike = a.synonyms(a.near, a.meanings, a.sinoJapanese)
	}
	for unit, key := range a.unitKeys {
		u := model.Unit{Key: key}
		if isJoined(key) {
			u.Free = [model.Parts]uint8{255, 255}
			u.Seen = a.joinedReadings(pairsOf[unit], occurrences[unit], s)
			if len(u.Seen) == 0 {
				continue
			}
		} else {
			a.singleReadings(&u, unit, pairsOf[unit], prior, s)
		}
		units = append(units, u)
	}
	slices.SortFunc(units, func(x, y model.Unit) int { return cmp.Compare(x.Key, y.Key) })
	return units
}

func (a *alignment) joinedReadings(pairs []int32, occurrences [model.Parts]float64, s smoothing) (seen []model.Seen) {
	for _, pair := range pairs {
		r := model.Seen{Chunk: a.pairList[pair].chunk}
		worth := false
		for part := range model.Parts {
			count := -s.joined
			for column := range model.Columns {
				count += a.byPart[part][column][pair]
			}
			level := uint8(255)
			if count > 0.2 {
				worth = true
				level = model.Level(count / (occurrences[part] + 1))
			}
			r.Levels[part] = [model.Columns]uint8{level, level, level, level}
		}
		if worth {
			seen = append(seen, r)
		}
	}
	return seen
}

// singleReadings makes the readings of one character: those that were seen,
// by part and place, and those derived from them, which share what is left.
func (a *alignment) singleReadings(u *model.Unit, unit int, pairs []int32, prior map[pairKey]float64, s smoothing) {
	all := map[uint64]float64{}
	var order []uint64
	var sum float64
	for _, pair := range pairs {
		sum += a.count[pair] + prior[a.pairList[pair]]
	}
	for _, pair := range pairs {
		chunk := a.pairList[pair].chunk
		order = append(order, chunk)
		all[chunk] = (a.count[pair] + prior[a.pairList[pair]]) / sum
	}
	derived, derivedOrder := deriveReadings(order, all, s)
	derivedOrder = mix(derived, derivedOrder, a.near.of(unit, s.neighboursMost), a.near.chunks, s.neighbour)
	synonym := s.synonym / (1 + sum/s.synonymUntil)
	derivedOrder = mix(derived, derivedOrder, a.alike.readings(unit, s.neighboursMost, a.near.chunks), a.near.chunks, synonym)

	levels := make([][model.Parts][model.Columns]float64, len(pairs))
	for part := range model.Parts {
		var partSum, types float64
		counts := make([]float64, len(pairs))
		for i, pair := range pairs {
			for column := range model.Columns {
				counts[i] += a.byPart[part][column][pair]
			}
			partSum += counts[i]
			if counts[i] > 0.3 {
				types++
			}
		}
		unseen := s.unseen + s.unseenType*types
		unseen /= partSum + unseen
		u.Free[part] = model.Level(unseen * (1 - s.derived))
		u.Derived[part] = model.Level(unseen * s.derived)
		for i, pair := range pairs {
			chunk := order[i]
			inPart := (counts[i] + s.part*all[chunk]) / (partSum + s.part)
			for column := range model.Columns {
				p := (a.byPart[part][column][pair] + s.column*inPart) / (a.unitByPart[part][column][unit] + s.column)
				levels[i][part][column] = (1-unseen)*p + unseen*s.derived*derived[chunk]
			}
		}
	}
	seen := map[uint64]bool{}
	for i, chunk := range order {
		r := model.Seen{Chunk: chunk}
		best := 0.0
		for part := range model.Parts {
			for column := range model.Columns {
				best = max(best, levels[i][part][column])
				r.Levels[part][column] = model.Level(levels[i][part][column])
			}
		}
		if best >= s.faintest && (all[chunk]*sum > 0.05 || best > s.faintestDerived) {
			seen[chunk] = true
			u.Seen = append(u.Seen, r)
		}
	}
	for _, chunk := range derivedOrder {
		if !seen[chunk] && derived[chunk] >= s.faintestDerived {
			u.New = append(u.New, model.New{Chunk: chunk, Level: model.Level(derived[chunk])})
		}
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

// novelReadings says how many characters are read each way, by column: what a
// character is read that nobody recorded is drawn from that.
func (a *alignment) novelReadings(part model.Part) (list []model.Novel) {
	sums := map[uint64]*[model.Columns]float64{}
	var order []uint64
	var total [model.Columns]float64
	for i, pair := range a.pairList {
		if isJoined(a.unitKeys[pair.unit]) {
			continue
		}
		for column := range model.Columns {
			n := min(1, a.byPart[part][column][i])
			if n < 0.3 {
				continue
			}
			if sums[pair.chunk] == nil {
				sums[pair.chunk] = new([model.Columns]float64)
				order = append(order, pair.chunk)
			}
			sums[pair.chunk][column] += n
			total[column] += n
		}
	}
	slices.Sort(order)
	for _, chunk := range order {
		sum := sums[chunk]
		if max(sum[0], sum[1], sum[2], sum[3]) < 2 {
			continue
		}
		n := model.Novel{Chunk: chunk}
		for column := range model.Columns {
			n.Levels[column] = model.Level(sum[column] / total[column])
		}
		list = append(list, n)
	}
	return list
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
