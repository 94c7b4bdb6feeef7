package main

import (
	"cmp"
	"math"
	"slices"

	"github.com/himozuke/himozuke/normalize/reading/internal/model"
)

const (
	side      = model.BackgroundSymbols
	edge      = 0
	anySymbol = side - 1
)

// backgroundPerson is how much a person counts beside a listing: people show
// which readings are common.
const backgroundPerson = 1

// backgroundLeast keeps what is no name out of the background.
const backgroundLeast = 0.3

// background makes the trigram levels of the kana of one part. A context that
// is a wildcard is the average over all contexts.
func background(words []word, part model.Part) []uint8 {
	var unigram [side]float64
	bigram := make([]float64, side*side)
	trigram := make([]float64, side*side*side)
	for _, w := range words {
		weight := w.weight[part] + backgroundPerson*w.people[part]
		if weight < backgroundLeast {
			continue
		}
		a, b := edge, edge
		for i := 0; i <= len(w.kana); i++ {
			c := edge
			if i < len(w.kana) {
				c = int(w.kana[i])
			}
			unigram[c] += weight
			bigram[b*side+c] += weight
			trigram[(a*side+b)*side+c] += weight
			a, b = b, c
		}
	}
	var uniform [side]float64
	for c := range anySymbol {
		uniform[c] = 1.0 / float64(anySymbol)
	}
	interpolate := func(counts, below []float64) []float64 {
		sum, types := 0.0, 0.0
		for _, n := range counts {
			sum += n
			if n > 0 {
				types++
			}
		}
		p := make([]float64, side)
		for c := range p {
			if sum+types == 0 {
				p[c] = below[c]
				continue
			}
			p[c] = (counts[c] + types*below[c]) / (sum + types)
		}
		return p
	}
	one := interpolate(unigram[:], uniform[:])
	levels := make([]uint8, side*side*side)
	for b := range side {
		two := one
		if b != anySymbol {
			two = interpolate(bigram[b*side:(b+1)*side], one)
		}
		for a := range side {
			three := two
			if a != anySymbol && b != anySymbol {
				row := (a*side + b) * side
				three = interpolate(trigram[row:row+side], two)
			}
			for c := range side {
				level := model.Level(three[c])
				if c == anySymbol {
					level = 0
				}
				levels[(a*side+b)*side+c] = level
			}
		}
	}
	return levels
}

// readingTable says how common each reading is, and which share of readings
// the table can be trusted to cover (Good and Turing's estimate).
func readingTable(words []word, part model.Part) (keys []model.WordKey, covered float64) {
	type counted struct {
		reading []uint8
		count   float64
	}
	byReading := map[string]*counted{}
	total := 0.0
	for _, w := range words {
		weight := w.weight[part] + backgroundPerson*w.people[part]
		if weight < backgroundLeast {
			continue
		}
		c := byReading[string(w.kana)]
		if c == nil {
			c = &counted{reading: w.kana}
			byReading[string(w.kana)] = c
		}
		c.count += weight
		total += weight
	}
	list := make([]*counted, 0, len(byReading))
	for _, c := range byReading {
		list = append(list, c)
	}
	slices.SortFunc(list, func(a, b *counted) int {
		return cmp.Or(cmp.Compare(b.count, a.count), slices.Compare(a.reading, b.reading))
	})
	once := 0.0
	for _, c := range list {
		if c.count <= 1 {
			once += c.count
			continue
		}
		bits := -math.Log2(c.count/total) - model.ReadingBase
		keys = append(keys, model.WordKey{
			Hash:  model.HashReading(part, c.reading),
			Value: int(min(max(math.Round(bits/model.ReadingStep), 0), 15)),
		})
	}
	return keys, 1 - once/total
}

// affinityPrior is how many names the background is worth where a character's
// names are counted.
const affinityPrior = 10

// affinities says which whole readings names that begin or end with a
// character have oftener than other names.
func affinities(words []word, part model.Part, s smoothing) (keys []model.WordKey) {
	type ended struct {
		end   int
		kanji uint16
	}
	type pair struct {
		ended
		reading string
	}
	counts, names, readings := map[pair]float64{}, map[ended]float64{}, map[string]float64{}
	var order []pair
	total := 0.0
	for _, w := range words {
		if len(w.kanji) < 2 || w.weight[part]+w.people[part] < backgroundLeast || !hasHan(w.kanji) {
			continue
		}
		total++
		readings[string(w.kana)]++
		for end, kanji := range []uint16{w.kanji[0], w.kanji[len(w.kanji)-1]} {
			p := pair{ended{end, kanji}, string(w.kana)}
			if counts[p] == 0 {
				order = append(order, p)
			}
			counts[p]++
			names[p.ended]++
		}
	}
	for _, p := range order {
		if readings[p.reading] < s.affinityReadings {
			continue
		}
		share := readings[p.reading] / total
		bits := math.Log2((counts[p] + affinityPrior*share) / (names[p.ended] + affinityPrior) / share)
		if bits >= s.affinityBits {
			keys = append(keys, model.WordKey{
				Hash:  model.HashAffinity(part, p.end, p.kanji, []uint8(p.reading)),
				Value: int(min(max(math.Round(bits)-1, 0), 15)),
			})
		}
	}
	return keys
}
