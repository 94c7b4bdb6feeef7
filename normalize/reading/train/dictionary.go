package main

import (
	"math"

	"github.com/himozuke/himozuke/normalize/reading/internal/model"
)

// dictionaryWords makes the table of written forms and of words with their
// readings for one part. words are sorted by written form. The dictionaries do
// not say how common each reading of a form is; how well it fits the
// characters does, and drives out the odd errors.
func dictionaryWords(words []word, part model.Part, units *model.Model, s smoothing) (keys []model.WordKey) {
	for first := 0; first < len(words); {
		next := first
		for next < len(words) && string16(words[next].kanji) == string16(words[first].kanji) {
			next++
		}
		keys = append(keys, oneForm(words[first:next], part, units, s)...)
		first = next
	}
	return keys
}

// oneForm makes the entries of one written form.
func oneForm(words []word, part model.Part, units *model.Model, s smoothing) (keys []model.WordKey) {
	var weight, shares, readings float64
	large := false
	share := make([]float64, len(words))
	for i, w := range words {
		listing := w.weight[part] + s.person*w.people[part]
		if listing < s.listing {
			continue
		}
		weight += listing
		readings++
		large = large || w.large || w.people[part] > 0
		spelled := units.Spelled(part, w.kanji, bytesOf(w.kana))
		share[i] = listing * math.Pow(spelled+s.unspelled, s.spelledPower)
		shares += share[i]
	}
	if readings == 0 {
		return nil
	}
	written := model.HashWritten(part, words[0].kanji)
	unlisted := s.unlisted + s.unlistedReading*readings
	if !large {
		unlisted = weight * s.unlistedSmall / (1 - s.unlistedSmall)
	}
	keys = append(keys, model.WordKey{Hash: written, Value: halfBits(unlisted / (weight + unlisted))})
	for i, w := range words {
		if share[i] > 0 {
			keys = append(keys, model.WordKey{Hash: model.HashRead(written, w.kana), Value: halfBits(share[i] / shares)})
		}
	}
	return keys
}

func halfBits(p float64) int {
	return int(min(max(math.Round(-math.Log2(p)/model.WordStep), 0), 15))
}

func string16(codes []uint16) string {
	return wordID(codes, nil)
}
