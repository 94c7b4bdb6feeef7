package score

import (
	"encoding/binary"
	"math/bits"

	"github.com/himozuke/himozuke/normalize"
)

// The kernels below look at eight kana or four kanji at once: a text of up to
// 64 codes is held as words of byte or 16-bit lanes, and "where does this code
// occur in b" is one exclusive or and one carry trick per word. Sets of
// positions are then bits of one integer.
const (
	longest = 64 // codes that fit the bit sets; longer texts take the slow path

	byteOnes  = 0x0101010101010101
	byteHighs = 0x8080808080808080
	pairOnes  = 0x0001000100010001
	pairHighs = 0x8000800080008000
)

// JaroWinkler is the similarity of Winkler (1990) of two texts in kana codes,
// 0 to 1: Jaro's, raised by a tenth of the rest for each of the first four
// codes that agree, where Jaro's is above 0.7. Both are computed in integers,
// so that the threshold falls alike everywhere. [normalize.KanaWildcard]
// agrees with every code.
func JaroWinkler(a, b []byte) float64 {
	if len(a) == 0 || len(b) == 0 {
		return emptySimilarity(len(a), len(b))
	}
	if len(a) > longest || len(b) > longest || hasKanaWildcard(a) || hasKanaWildcard(b) {
		return slowJaroWinkler(a, b, normalize.KanaWildcard)
	}
	matchedA, matchedB := matchKana(a, b)
	if matchedA == 0 {
		return 0
	}
	unaligned := 0
	for x, y := matchedA, matchedB; x != 0 && y != 0; x, y = x&(x-1), y&(y-1) {
		if a[bits.TrailingZeros64(x)&63] != b[bits.TrailingZeros64(y)&63] {
			unaligned++
		}
	}
	prefix := 0
	for prefix < 4 && prefix < len(a) && prefix < len(b) && a[prefix] == b[prefix] {
		prefix++
	}
	return winkler(bits.OnesCount64(matchedA), unaligned, len(a), len(b), prefix)
}

// JaroWinklerKanji is [JaroWinkler] on kanji codes.
func JaroWinklerKanji(a, b []uint16) float64 {
	if len(a) == 0 || len(b) == 0 {
		return emptySimilarity(len(a), len(b))
	}
	if len(a) > longest || len(b) > longest || hasKanjiWildcard(a) || hasKanjiWildcard(b) {
		return slowJaroWinkler(a, b, normalize.KanjiWildcard)
	}
	matchedA, matchedB := matchKanji(a, b)
	if matchedA == 0 {
		return 0
	}
	unaligned := 0
	for x, y := matchedA, matchedB; x != 0 && y != 0; x, y = x&(x-1), y&(y-1) {
		if a[bits.TrailingZeros64(x)&63] != b[bits.TrailingZeros64(y)&63] {
			unaligned++
		}
	}
	prefix := 0
	for prefix < 4 && prefix < len(a) && prefix < len(b) && a[prefix] == b[prefix] {
		prefix++
	}
	return winkler(bits.OnesCount64(matchedA), unaligned, len(a), len(b), prefix)
}

// matchKana pairs each code of a with the first free equal code of b within
// Jaro's window, and returns the positions taken in each.
func matchKana(a, b []byte) (matchedA, matchedB uint64) {
	reach := jaroReach(len(a), len(b))
	window := uint64(1)<<(reach+1) - 1
	free := ^uint64(0) >> (64 - len(b))
	if len(b) <= 8 {
		word := loadKana(b)
		for i, code := range a {
			hits := kanaHits(word, code) & free & window
			low := hits & -hits
			free ^= low
			matchedA |= (low | -low) >> 63 << i
			window = window<<1 | uint64(i-reach)>>63
		}
		return matchedA, ^uint64(0)>>(64-len(b)) ^ free
	}
	if len(b) <= 16 {
		first, second := loadKana(b), loadKana(b[8:])
		for i, code := range a {
			hits := (kanaHits(first, code) | kanaHits(second, code)<<8) & free & window
			low := hits & -hits
			free ^= low
			matchedA |= (low | -low) >> 63 << i
			window = window<<1 | uint64(i-reach)>>63
		}
		return matchedA, ^uint64(0)>>(64-len(b)) ^ free
	}
	var words [longest / 8]uint64
	n := loadKanaWords(&words, b)
	for i, code := range a {
		hits := kanaWordHits(&words, n, code) & free & window
		low := hits & -hits
		free ^= low
		matchedA |= (low | -low) >> 63 << i
		window = window<<1 | uint64(i-reach)>>63
	}
	return matchedA, ^uint64(0)>>(64-len(b)) ^ free
}

// matchKanji is [matchKana] on kanji codes.
func matchKanji(a, b []uint16) (matchedA, matchedB uint64) {
	reach := jaroReach(len(a), len(b))
	window := uint64(1)<<(reach+1) - 1
	free := ^uint64(0) >> (64 - len(b))
	if len(b) <= 4 {
		word := loadKanji(b)
		for i, code := range a {
			hits := kanjiHits(word, code) & free & window
			low := hits & -hits
			free ^= low
			matchedA |= (low | -low) >> 63 << i
			window = window<<1 | uint64(i-reach)>>63
		}
		return matchedA, ^uint64(0)>>(64-len(b)) ^ free
	}
	var words [longest / 4]uint64
	n := loadKanjiWords(&words, b)
	for i, code := range a {
		hits := kanjiWordHits(&words, n, code) & free & window
		low := hits & -hits
		free ^= low
		matchedA |= (low | -low) >> 63 << i
		window = window<<1 | uint64(i-reach)>>63
	}
	return matchedA, ^uint64(0)>>(64-len(b)) ^ free
}

// jaroReach is how far apart equal codes may stand to count as matched.
func jaroReach(la, lb int) int { return max(0, max(la, lb)/2-1) }

func emptySimilarity(la, lb int) float64 {
	if la == lb {
		return 1
	}
	return 0
}

// winkler turns the counts of one pair into its similarity. Jaro's value is
// sum/(3·la·lb·m); the boost applies where it is strictly above 7/10.
func winkler(matched, unaligned, la, lb, prefix int) float64 {
	sum := matched*matched*(la+lb) + la*lb*(matched-unaligned/2)
	whole := 3 * la * lb * matched
	if 10*sum > 7*whole {
		return float64(10*sum+prefix*(whole-sum)) / float64(10*whole)
	}
	return float64(sum) / float64(whole)
}

// slowJaroWinkler serves what the bit sets do not: long texts and wildcards. A
// wildcard makes the greedy matching depend on the side it starts from; the
// better one counts, which keeps the measure symmetric.
func slowJaroWinkler[T byte | uint16](a, b []T, wildcard T) float64 {
	same := func(x, y T) bool { return x == y || x == wildcard || y == wildcard }
	oneWay := func(a, b []T) float64 {
		reach := jaroReach(len(a), len(b))
		matchedA, matchedB := make([]bool, len(a)), make([]bool, len(b))
		matched := 0
		for i := range a {
			for j := max(0, i-reach); j < len(b) && j <= i+reach; j++ {
				if !matchedB[j] && same(a[i], b[j]) {
					matchedA[i], matchedB[j] = true, true
					matched++
					break
				}
			}
		}
		if matched == 0 {
			return 0
		}
		unaligned, j := 0, 0
		for i := range a {
			if !matchedA[i] {
				continue
			}
			for !matchedB[j] {
				j++
			}
			if !same(a[i], b[j]) {
				unaligned++
			}
			j++
		}
		prefix := 0
		for prefix < 4 && prefix < len(a) && prefix < len(b) && same(a[prefix], b[prefix]) {
			prefix++
		}
		return winkler(matched, unaligned, len(a), len(b), prefix)
	}
	return max(oneWay(a, b), oneWay(b, a))
}

// loadKana puts up to eight codes into the lanes of one word.
func loadKana(s []byte) uint64 {
	switch n := len(s); {
	case n >= 8:
		return binary.LittleEndian.Uint64(s)
	case n >= 4:
		return uint64(binary.LittleEndian.Uint32(s)) | uint64(binary.LittleEndian.Uint32(s[n-4:]))<<(8*n-32)
	case n >= 2:
		return uint64(binary.LittleEndian.Uint16(s)) | uint64(binary.LittleEndian.Uint16(s[n-2:]))<<(8*n-16)
	case n == 1:
		return uint64(s[0])
	}
	return 0
}

// loadKanaWords fills words with the codes of s and says how many it took.
func loadKanaWords(words *[longest / 8]uint64, s []byte) (n int) {
	for len(s) > 0 && n < len(words) {
		chunk := s[:min(8, len(s))]
		words[n] = loadKana(chunk)
		s = s[len(chunk):]
		n++
	}
	return n
}

// kanaHits is the set of lanes of word that hold the code. Lanes past the
// text hold zero: callers mask them.
func kanaHits(word uint64, code byte) uint64 {
	x := word ^ uint64(code)*byteOnes
	zero := ^((x&^byteHighs + ^uint64(byteHighs)) | x) & byteHighs
	return zero >> 7 * 0x0102040810204080 >> 56
}

func kanaWordHits(words *[longest / 8]uint64, n int, code byte) (hits uint64) {
	for k := 0; k < n; k++ {
		hits |= kanaHits(words[k&7], code) << (8 * k)
	}
	return hits
}

// loadKanji puts up to four codes into the lanes of one word.
func loadKanji(s []uint16) uint64 {
	switch len(s) {
	case 0:
		return 0
	case 1:
		return uint64(s[0])
	case 2:
		return uint64(s[0]) | uint64(s[1])<<16
	case 3:
		return uint64(s[0]) | uint64(s[1])<<16 | uint64(s[2])<<32
	}
	return uint64(s[0]) | uint64(s[1])<<16 | uint64(s[2])<<32 | uint64(s[3])<<48
}

func loadKanjiWords(words *[longest / 4]uint64, s []uint16) (n int) {
	for len(s) > 0 && n < len(words) {
		chunk := s[:min(4, len(s))]
		words[n] = loadKanji(chunk)
		s = s[len(chunk):]
		n++
	}
	return n
}

// kanjiHits is [kanaHits] for 16-bit lanes.
func kanjiHits(word uint64, code uint16) uint64 {
	x := word ^ uint64(code)*pairOnes
	zero := ^((x&^pairHighs + ^uint64(pairHighs)) | x) & pairHighs
	return zero >> 15 * 0x0001000200040008 >> 48
}

func kanjiWordHits(words *[longest / 4]uint64, n int, code uint16) (hits uint64) {
	for k := 0; k < n; k++ {
		hits |= kanjiHits(words[k&15], code) << (4 * k)
	}
	return hits
}

func hasKanaWildcard(s []byte) bool {
	for len(s) >= 8 {
		if kanaHits(binary.LittleEndian.Uint64(s), normalize.KanaWildcard) != 0 {
			return true
		}
		s = s[8:]
	}
	return kanaHits(loadKana(s), normalize.KanaWildcard) != 0
}

func hasKanjiWildcard(s []uint16) bool {
	for _, code := range s {
		if code == normalize.KanjiWildcard {
			return true
		}
	}
	return false
}
