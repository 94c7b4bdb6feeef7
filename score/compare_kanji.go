package score

import (
	"math/bits"

	"github.com/himozuke/himozuke/normalize"
)

// CompareKanji compares one part of a name, or a whole name, in kanji codes:
//
//   - Exact: the same codes
//   - Notation: the same wherever both can be read (placeholders agree)
//   - Confusable: all that differs is commonly interchanged (斎 and 斉)
//   - Near: one edit in three or more characters; Latin and kana as in
//     [CompareKana]
//   - Part: a character in common, other than those that end every other name
//   - Different
//   - Unknown: nothing on one side, nothing legible in common, or Latin
//     letters against another script
func CompareKanji(a, b []uint16) Level {
	if len(a) == 0 || len(b) == 0 {
		return Unknown
	}
	if len(a) <= 4 && len(b) <= 4 {
		if level, done := compareShortKanji(a, b); done {
			return level
		}
	}
	return compareAnyKanji(a[:min(len(a), longestName)], b[:min(len(b), longestName)])
}

func compareAnyKanji(a, b []uint16) Level {
	if len(a) == len(b) {
		if level, done := compareKanjiAligned(a, b); done {
			return level
		}
	} else if allWildcards(a) || allWildcards(b) {
		return Unknown
	}
	scriptA, scriptB := scriptOf(a), scriptOf(b)
	if scriptA == kanjiScript && scriptB == kanjiScript {
		return compareKanjiUnaligned(a, b)
	}
	if scriptA == latinScript || scriptB == latinScript {
		if scriptA != scriptB {
			return Unknown // a transliteration decides
		}
	} else if scriptA != scriptB {
		return Different
	}
	return comparePhonetic(a, b, scriptA)
}

// compareShortKanji is done with most pairs of people: names of up to four
// characters that are the same, or have none in common and none to confuse.
func compareShortKanji(a, b []uint16) (level Level, done bool) {
	x, y := loadKanji(a), loadKanji(b)
	// Codes with one of the two highest bits are ideographs, and no wildcards.
	if (x^x<<1)&pairHighs != pairHighs>>(64-16*len(a)) || (y^y<<1)&pairHighs != pairHighs>>(64-16*len(b)) {
		return Unknown, false
	}
	if x == y {
		return Exact, true
	}
	x |= ^uint64(0) << (16 * len(a)) // no code that y may have
	shared := uint64(0)
	for turn := 0; turn < 64; turn += 16 {
		z := x ^ bits.RotateLeft64(y, turn)
		shared |= (z - pairOnes) &^ z
	}
	if shared&pairHighs != 0 {
		return Unknown, false
	}
	if len(a) == len(b) {
		for i, code := range a {
			if normalize.HasConfusable(code) && normalize.Confusable(code, b[i]) {
				return Unknown, false
			}
		}
	}
	return Different, true
}

// agreeingKanji is [CompareKanji] of two names of one length where they agree,
// and Different where their first characters tell that they do not.
func agreeingKanji(a, b []uint16) Level {
	if len(a) > 0 && len(b) > 0 && !normalize.Confusable(a[0], b[0]) {
		return Different
	}
	return CompareKanji(a, b)
}

// longestName is how many codes of a name are looked at: more than any name
// has, few enough that a broken field costs no time.
const longestName = 128

// compareKanjiAligned compares names of one length character by character. It
// is done when they agree everywhere or differ in one place of three or more.
func compareKanjiAligned(a, b []uint16) (level Level, done bool) {
	legible, wild, confusable, different := 0, 0, 0, 0
	last := 0
	for i, x := range a {
		y := b[i]
		switch {
		case x == normalize.KanjiWildcard || y == normalize.KanjiWildcard:
			wild++
		case x == y:
			legible++
		case normalize.Confusable(x, y):
			confusable++
		default:
			different++
			last = i
		}
	}
	switch {
	case different == 0 && legible+confusable == 0:
		return Unknown, true
	case different == 0 && confusable > 0:
		return Confusable, true
	case different == 0 && wild > 0:
		return Notation, true
	case different == 0:
		return Exact, true
	case len(a) < 3 || isPhonetic(a[last]) || isPhonetic(b[last]):
		return Unknown, false
	case different == 1:
		return Near, true
	case different == 2 && a[last] == b[last-1] && a[last-1] == b[last]:
		return Near, true
	}
	return Unknown, false
}

// compareKanjiUnaligned looks for one missing character, then for any in
// common.
func compareKanjiUnaligned(a, b []uint16) Level {
	if len(a) > len(b) {
		a, b = b, a
	}
	if len(b) == len(a)+1 && len(a) >= 3 && EditDistanceKanji(a, b) == 1 {
		return Near
	}
	for i, x := range a {
		if x == normalize.KanjiWildcard || isPhonetic(x) {
			continue
		}
		for j, y := range b {
			if x != y && (y == normalize.KanjiWildcard || i != j || len(a) != len(b) || !normalize.Confusable(x, y)) {
				continue
			}
			if (i > 0 || j > 0) && (isCommonEnding(x) || isCommonEnding(y)) {
				continue
			}
			return Part
		}
	}
	return Different
}

// isCommonEnding tells the characters that so many names end in that sharing
// one says nothing, unless both names begin with it: 田 of 山田, 本田 and 田中,
// 子 of 花子 and 良子.
func isCommonEnding(x uint16) bool {
	switch x {
	case '田', '藤', '本', '川', '村', '野', '山', '原', '井', '子', '美', '郎', '男', '夫', '雄':
		return true
	}
	return false
}

// comparePhonetic compares names written in kana or Latin letters. Of Latin
// names one that the other begins with is near: middle names are left out, and
// long ones are cut.
func comparePhonetic(a, b []uint16, s script) Level {
	if isNearPhonetic(len(a), len(b), func() int { return EditDistanceKanji(a, b) }, func() float64 { return JaroWinklerKanji(a, b) }) {
		return Near
	}
	shorter := min(len(a), len(b))
	prefix, suffix := 0, 0
	for prefix < shorter && a[prefix] == b[prefix] {
		prefix++
	}
	for suffix < shorter && a[len(a)-1-suffix] == b[len(b)-1-suffix] {
		suffix++
	}
	if s == latinScript && prefix == shorter && prefix >= 2 {
		return Near
	}
	if prefix >= 3 || suffix >= 4 || prefix == shorter && prefix >= 2 || suffix == shorter && suffix >= 2 {
		return Part
	}
	return Different
}

// isNearPhonetic is the rule for spellings in an alphabet: one edit in three
// or more letters, two in six or more, or in long names a Jaro–Winkler
// similarity that several slips still leave.
func isNearPhonetic(la, lb int, distance func() int, similarity func() float64) bool {
	shorter, longer := min(la, lb), max(la, lb)
	if shorter >= 3 && longer-shorter <= 2 {
		if d := distance(); d <= 1 || d == 2 && shorter >= 6 {
			return true
		}
	}
	return shorter >= 8 && longer >= 10 && similarity() >= longNameSimilarity
}

// longNameSimilarity is what three slips in twelve letters still reach.
const longNameSimilarity = 0.91

type script uint8

const (
	kanjiScript script = iota
	kanaScript
	latinScript
)

// scriptOf is the script of a whole text: kanji as soon as one is in it.
func scriptOf(s []uint16) script {
	found := latinScript
	for _, x := range s {
		switch {
		case x == normalize.KanjiWildcard:
		case !isPhonetic(x):
			return kanjiScript
		case x >= 0x3000:
			found = kanaScript
		}
	}
	return found
}

// isPhonetic tells Latin letters and kana from ideographs (and 々 〆 〇).
func isPhonetic(x uint16) bool { return x < 0x3005 || x >= 0x3040 && x < 0x3400 }

func allWildcards(s []uint16) bool {
	for _, x := range s {
		if x != normalize.KanjiWildcard {
			return false
		}
	}
	return true
}

// agrees tells the levels that leave the content the same.
func agrees(l Level) bool { return l == Exact || l == Notation || l == Confusable }
