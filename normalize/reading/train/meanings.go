package main

import (
	"bufio"
	"cmp"
	"compress/bzip2"
	"fmt"
	"math"
	"os"
	"slices"
	"strings"
)

// meanings gives each character the words that dictionaries explain it with.
// Characters that mean the same share name readings: what is bright is read
// アキ, テル or ミツ, however rare the character.
type meanings map[uint16][]string

func (m meanings) add(kanji, gloss string) {
	codes, ok := foldKanji(kanji)
	if !ok || len(codes) != 1 {
		return
	}
	for _, w := range strings.FieldsFunc(strings.ToLower(gloss), func(r rune) bool { return r < 'a' || r > 'z' }) {
		if len(w) > 2 && !plainWords[w] && !slices.Contains(m[codes[0]], w) {
			m[codes[0]] = append(m[codes[0]], w)
		}
	}
}

var plainWords = func() map[string]bool {
	set := map[string]bool{}
	for _, w := range strings.Fields("the and for with from used variant surname name kind type also one who that not same character simplified form original sometimes non classical another radical kangxi ancient modern japanese korean cantonese vulgar old its into out off are has can such person place names made make thing things something part very rad") {
		set[w] = true
	}
	return set
}()

// readDefinitions reads kDefinition of Unihan.
func readDefinitions(path string, m meanings) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	scanner := bufio.NewScanner(bzip2.NewReader(f))
	scanner.Buffer(nil, 1<<20)
	for scanner.Scan() {
		fields := strings.Split(scanner.Text(), "\t")
		if len(fields) != 3 || fields[1] != "kDefinition" {
			continue
		}
		var code rune
		if _, err := fmt.Sscanf(fields[0], "U+%X", &code); err != nil {
			return fmt.Errorf("%s: %w", path, err)
		}
		m.add(string(code), fields[2])
	}
	return scanner.Err()
}

// A synonymTable finds the readings of characters that mean the same.
type synonymTable struct {
	words map[string][]int // word to units
	of    [][]string       // unit to words
	rows  [][]weighted     // unit to its name readings
	best  map[int][]weighted
}

// wordSpread bounds the characters that a word may explain to say something.
const wordSpread = 60

func (a *alignment) synonyms(n *neighbours, m meanings, sinoJapanese map[pairKey]bool) *synonymTable {
	t := &synonymTable{words: map[string][]int{}, of: make([][]string, len(a.unitKeys)), rows: make([][]weighted, len(a.unitKeys)), best: map[int][]weighted{}}
	for unit, key := range a.unitKeys {
		if isJoined(key) {
			continue
		}
		t.of[unit] = m[uint16(key)]
		if a.occurrences[unit] < 3 {
			continue
		}
		for _, r := range n.rows[unit] {
			if !sinoJapanese[pairKey{int32(unit), n.chunks[r.id]}] {
				t.rows[unit] = append(t.rows[unit], r)
			}
		}
		if len(t.rows[unit]) == 0 {
			continue
		}
		for _, w := range t.of[unit] {
			t.words[w] = append(t.words[w], unit)
		}
	}
	return t
}

// readings gives the likeliest readings of a character by way of its synonyms.
func (t *synonymTable) readings(unit, most int, chunks []uint64) []weighted {
	if list, ok := t.best[unit]; ok {
		return list[:min(most, len(list))]
	}
	sums := map[int32]float64{}
	total := 0.0
	for _, w := range t.of[unit] {
		units := t.words[w]
		if len(units) > wordSpread {
			continue
		}
		weight := 1 / math.Sqrt(float64(len(units)))
		for _, other := range units {
			if other == unit {
				continue
			}
			for _, r := range t.rows[other] {
				sums[r.id] += weight * r.weight
				total += weight * r.weight
			}
		}
	}
	list := make([]weighted, 0, len(sums))
	for id, p := range sums {
		list = append(list, weighted{id, p / total})
	}
	slices.SortFunc(list, func(x, y weighted) int {
		return cmp.Or(cmp.Compare(y.weight, x.weight), cmp.Compare(chunks[x.id], chunks[y.id]))
	})
	list = list[:min(100, len(list))]
	t.best[unit] = list
	return list[:min(most, len(list))]
}
