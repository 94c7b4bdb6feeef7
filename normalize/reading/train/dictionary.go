package main

import (
	"math"

	"github.com/himozuke/himozuke/normalize/reading/internal/model"
)

// unlistedWeight is what the readings that no dictionary lists weigh beside
// those that it does.
const unlistedWeight = 0.15

// worthListing keeps places that are no family names out of the table.
const worthListing = 0.3

// dictionaryWords makes the table of written forms and of words with their
// readings for one part. words are sorted by written form.
func dictionaryWords(words []word, part model.Part) (keys []model.WordKey) {
	for first := 0; first < len(words); {
		next := first
		sum := 0.0
		for next < len(words) && string16(words[next].kanji) == string16(words[first].kanji) {
			if words[next].weight[part] >= worthListing {
				sum += words[next].weight[part]
			}
			next++
		}
		if sum > 0 {
			written := model.HashWritten(part, words[first].kanji)
			keys = append(keys, model.WordKey{Hash: written, Value: halfBits(unlistedWeight / (sum + unlistedWeight))})
			for _, w := range words[first:next] {
				if w.weight[part] >= worthListing {
					keys = append(keys, model.WordKey{
						Hash:  model.HashRead(written, w.kana),
						Value: halfBits(w.weight[part] / sum),
					})
				}
			}
		}
		first = next
	}
	return keys
}

func halfBits(p float64) int {
	return int(min(max(math.Round(-math.Log2(p)/model.WordStep), 0), 15))
}

func string16(codes []uint16) string {
	return wordID(codes, nil)
}
