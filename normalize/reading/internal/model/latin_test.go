package model

import (
	"math"
	"testing"

	"pgregory.net/rapid"
)

// TestLatinSumsEveryWay holds the weight of a Latin name against the plain sum
// over every order of its words and every way to read their letters.
func TestLatinSumsEveryWay(t *testing.T) {
	trained := small()
	level := func(p float64) [Columns]uint8 { return [Columns]uint8{Level(p), Level(p / 2), Level(p / 4)} }
	units := map[string]map[string]float64{
		"A":   {"\x01": 0.7, "\x01\x01": 0.1, "": 0.02},
		"B":   {"\x02": 0.3, "": 0.2},
		"C":   {"\x03": 0.4, "\x02\x01": 0.1},
		"AB":  {"\x01\x02": 0.5},
		"BC":  {"\x03\x02\x01": 0.2, "": 0.1},
		"CAB": {"\x03": 0.6},
	}
	for _, letters := range []string{"A", "B", "C", "AB", "BC", "CAB"} {
		var codes []uint16
		for _, c := range letters {
			codes = append(codes, uint16(c))
		}
		unit := LatinUnit{Key: UnitKey(codes)}
		for _, kana := range []string{"", "\x01", "\x01\x01", "\x01\x02", "\x02", "\x02\x01", "\x03", "\x03\x02\x01"} {
			if p, ok := units[letters][kana]; ok {
				unit.Entries = append(unit.Entries, Entry{Pack([]byte(kana)), level(p)})
			}
		}
		trained.Latin = append(trained.Latin, unit)
	}
	for i := range trained.LatinKana {
		trained.LatinKana[i] = Level(0.02 + 0.3*float64(i%7)/7)
	}
	m, err := Decode(string(Encode(trained)))
	if err != nil {
		t.Fatal(err)
	}
	rapid.Check(t, func(t *rapid.T) {
		words := rapid.SliceOfN(rapid.StringMatching("[A-C]{1,4}"), 1, 3).Draw(t, "words")
		symbols := rapid.SliceOfN(rapid.SampledFrom([]uint8{1, 2, 3, 4, symbolAny}), 1, 5).Draw(t, "kana")
		var name []uint16
		for _, word := range words {
			name = append(name, ' ')
			for _, c := range word {
				name = append(name, uint16(c))
			}
		}
		kana := make([]byte, len(symbols))
		readable := false
		for i, s := range symbols {
			kana[i] = KanaOf(s)
			readable = readable || s != symbolAny
		}
		got, n := m.Latin(name, kana)
		if !readable {
			if n != 0 {
				t.Fatalf("unreadable kana weigh %v", got)
			}
			return
		}
		all := everyWay{units: units, words: words, kana: symbols}
		background := partModel{background: m.latin.background}
		var s spelling
		s.prepare(kana)
		background.running(&s, &all.product)
		want := max(math.Log2(all.orders(0, 0)/all.product[len(symbols)+1]), rawMin)
		if n != len(words) || math.Abs(got-want) > 1e-9 {
			t.Fatalf("%v words, %v bits, want %v", n, got, want)
		}
	})
}

// everyWay adds up P(kana from here on) way by way.
type everyWay struct {
	units   map[string]map[string]float64
	words   []string
	kana    []uint8
	product [MaxKana + 2]float64
}

// orders tries every word that is not used yet.
func (e *everyWay) orders(used, from int) float64 {
	if used == 1<<len(e.words)-1 {
		if from == len(e.kana) {
			return 1
		}
		return 0
	}
	sum := 0.0
	for w := range e.words {
		if used>>w&1 != 0 {
			continue
		}
		prior := wordOrder(used, w, len(e.words))
		sum += prior * e.letters(used|1<<w, e.words[w], 0, from)
		if len(e.words) > 2 && w > 0 && w < len(e.words)-1 {
			sum += latinSkip * prior * e.orders(used|1<<w, from)
		}
	}
	return sum
}

// letters reads a word from one letter on.
func (e *everyWay) letters(used int, word string, i, from int) float64 {
	if i == len(word) {
		return e.orders(used, from)
	}
	sum := 0.0
	for length := 1; i+length <= len(word); length++ {
		divide := 1.0
		switch {
		case i+length == len(word):
			divide = 2
		case i > 0:
			divide = 4
		}
		for kana, p := range e.units[word[i:i+length]] {
			if e.fits(kana, from) {
				sum += Probability(Level(p/divide)) * e.letters(used, word, i+length, from+len(kana))
			}
		}
	}
	for free := 0; free <= 2 && from+free <= len(e.kana); free++ {
		sum += latinFree * e.product[from+free] / e.product[from] * e.letters(used, word, i+1, from+free)
	}
	return sum
}

func (e *everyWay) fits(kana string, from int) bool {
	if from+len(kana) > len(e.kana) {
		return false
	}
	for k := range len(kana) {
		if s := e.kana[from+k]; s != kana[k] && s != symbolAny {
			return false
		}
	}
	return true
}
