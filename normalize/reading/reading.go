package reading

import (
	"sync"

	"github.com/himozuke/himozuke/normalize/reading/internal/model"
)

// Part says which part of a name is weighed; surnames and given names read the
// same characters in different ways.
type Part uint8

// The parts. A full name has no separator on either side.
const (
	FamilyName Part = iota
	GivenName
	FullName
)

var load = sync.OnceValue(decode)

func decode() *model.Model {
	m, err := model.Decode(embedded)
	if err != nil {
		panic(err) // the file is part of the program; tests load it
	}
	return m
}

// Weight is how plausible it is that kanji is read kana, in bits between -20
// and 40. Kanji are strong-folded code points, kana strong-folded kana codes
// (see [github.com/himozuke/himozuke/normalize]). Wildcards and characters
// that no dictionary knows add nothing; when nothing else is left, or the
// name is longer than any, the weight is zero.
func Weight(kanji []uint16, kana []byte, part Part) float32 {
	switch part {
	case FamilyName:
		return float32(load().Weight(kanji, kana, model.Family))
	case GivenName:
		return float32(load().Weight(kanji, kana, model.Given))
	}
	return float32(load().FullWeight(kanji, kana))
}

// Split finds the likeliest way to divide a full name that has no separator:
// how many characters and how many kana the family name takes, and the weight
// of both parts divided there. The cuts are -1 when the name cannot be divided.
func Split(kanji []uint16, kana []byte) (kanjiCut, kanaCut int, bits float32) {
	cut, weight := load().Split(kanji, kana, model.Cut{Kanji: -1, Kana: -1})
	return cut.Kanji, cut.Kana, float32(weight)
}

// CutAt finds the cuts of [Split] for a name that may have its separator on one
// side: a cut that is known is given, the other is -1.
func CutAt(kanji []uint16, kana []byte, kanjiCut, kanaCut int) (int, int) {
	cut := load().CutAt(kanji, kana, model.Cut{Kanji: kanjiCut, Kana: kanaCut})
	return cut.Kanji, cut.Kana
}

// LatinWeight is how plausible it is that a name in Latin letters (upper-case
// ASCII codes, words parted by spaces) is read with these kana: romanized
// Japanese in any system, and foreign names. The words may stand in any order.
func LatinWeight(latin []uint16, kana []byte) float32 {
	return float32(load().LatinWeight(latin, kana))
}

// Likeliest lists up to n readings of one part of a name, a family or a given
// name, the likeliest first: strong-folded kana codes. It is empty where the
// name holds a character of which no reading is on record.
func Likeliest(kanji []uint16, part Part, n int) [][]byte {
	of := model.Family
	if part == GivenName {
		of = model.Given
	}
	readings := load().Likeliest(kanji, of, n)
	list := make([][]byte, len(readings))
	for i, r := range readings {
		list[i] = r.Kana
	}
	return list
}

// LatinName weighs a name in Latin letters beside kana, in two parts each: family
// and given name as [LatinWeight] does where one of them speaks for the pair.
// Otherwise, as the words may stand in any order, the first weight is that of
// the whole.
func LatinName(family, given []uint16, familyKana, givenKana []byte) (bits [2]float32, apart bool) {
	weights, apart := load().LatinName(family, given, familyKana, givenKana)
	return [2]float32{float32(weights[0]), float32(weights[1])}, apart
}
