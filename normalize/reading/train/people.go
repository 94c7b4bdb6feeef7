package main

import (
	"strings"

	"github.com/himozuke/himozuke/normalize/reading/internal/model"
)

// A person is a full name of ENAMDICT; its romanization shows where the kana
// divides.
type person struct {
	kanji   []uint16
	kana    []uint8
	kanaCut int
}

func personOf(e nameEntry) (p person, ok bool) {
	if !strings.Contains(e.classes, "h") {
		return p, false
	}
	_, gloss, _ := strings.Cut(e.gloss, "(h) ")
	gloss, _, _ = strings.Cut(gloss, "/")
	gloss, _, _ = strings.Cut(gloss, "(")
	tokens := strings.Fields(gloss)
	if len(tokens) != 2 {
		return p, false
	}
	kana, ok := kanaOfRomaji(strings.ToUpper(tokens[0]))
	if !ok {
		return p, false
	}
	family, ok := foldKana(kana)
	if !ok {
		return p, false
	}
	if p.kanji, ok = foldKanji(e.written); !ok || !hasHan(p.kanji) {
		return p, false
	}
	if p.kana, ok = foldKana(e.reading); !ok {
		return p, false
	}
	p.kanaCut = len(family)
	return p, len(p.kana) > len(family) && string(p.kana[:len(family)]) == string(family)
}

// addPeople divides the written forms where the dictionary knows the parts,
// and counts both.
func (v *vocabulary) addPeople(people []person, leftOut func([]uint16, []uint8) bool) (counted int) {
	type half struct {
		kanji []uint16
		kana  []uint8
		part  model.Part
	}
	var halves []half
	for _, p := range people {
		best, cut := 0.0, 0
		for i := 1; i < len(p.kanji); i++ {
			score := v.weightOf(p.kanji[:i], p.kana[:p.kanaCut], model.Family) +
				v.weightOf(p.kanji[i:], p.kana[p.kanaCut:], model.Given)
			if score > best {
				best, cut = score, i
			}
		}
		if cut == 0 {
			continue
		}
		counted++
		halves = append(halves,
			half{p.kanji[:cut], p.kana[:p.kanaCut], model.Family},
			half{p.kanji[cut:], p.kana[p.kanaCut:], model.Given})
	}
	for _, h := range halves {
		if !leftOut(h.kanji, h.kana) {
			v.addFolded(h.kanji, h.kana, [model.Parts]float64{}).people[h.part]++
		}
	}
	return counted
}

func (v *vocabulary) weightOf(kanji []uint16, kana []uint8, part model.Part) float64 {
	if i, ok := v.index[wordID(kanji, kana)]; ok {
		return v.words[i].weight[part]
	}
	return 0
}
