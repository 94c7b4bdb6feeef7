package score

import (
	"bytes"
	"math/bits"

	"github.com/himozuke/himozuke/normalize"
)

// CompareKana compares one part of a name in kana codes:
//
//   - Exact: the same codes
//   - Notation: the same wherever both can be read
//   - Confusable: the same after the weak fold (ヤマサキ and ヤマザキ)
//   - Near: one edit in three or more codes, two in six or more, or a long
//     name of high similarity
//   - Part: the first or last two codes in common, one of three missing, or of
//     two: one slip apart, as in a short name, can be another name as well
//   - Different
//   - Unknown: nothing on one side, or nothing legible in common
func CompareKana(a, b []byte) Level {
	if len(a) == 0 || len(b) == 0 {
		return Unknown
	}
	a, b = a[:min(len(a), longestName)], b[:min(len(b), longestName)]
	shorter, longer := min(len(a), len(b)), max(len(a), len(b))
	var wild bool
	var prefix, suffix int // how many codes at both ends are the same
	if longer <= 8 {
		x, y := loadKana(a), loadKana(b)
		wild = kanaHits(x, normalize.KanaWildcard)|kanaHits(y, normalize.KanaWildcard) != 0
		prefix = min(bits.TrailingZeros64(x^y)/8, shorter)
		suffix = min(bits.LeadingZeros64(x<<(64-8*len(a))^y<<(64-8*len(b)))/8, shorter)
	} else {
		wild = hasKanaWildcard(a) || hasKanaWildcard(b)
		for prefix < shorter && a[prefix] == b[prefix] {
			prefix++
		}
		for suffix < shorter && a[len(a)-1-suffix] == b[len(b)-1-suffix] {
			suffix++
		}
	}
	if !wild && prefix == longer {
		return Exact
	}
	if wild {
		if legible, same := legibleKana(a, b); legible == 0 {
			return Unknown
		} else if same {
			return Notation
		}
	}
	if weakKanaEqual(a, b) {
		return Confusable
	}
	if shorter >= 3 && isNearKana(a, b, longer, min(prefix+suffix, shorter), wild) {
		return Near
	}
	if prefix >= 2 || suffix >= 2 || shorter == 2 && isPartOfShort(a, b, longer, prefix+suffix) {
		return Part
	}
	return Different
}

// agreeingKana is [CompareKana] of two names where they agree, and Different
// where their first codes tell that they do not.
func agreeingKana(a, b []byte) Level {
	if len(a) > 0 && len(b) > 0 && beginDifferently(a[0], b[0]) && a[0] != normalize.KanaWildcard && b[0] != normalize.KanaWildcard {
		return Different
	}
	return CompareKana(a, b)
}

// isPartOfShort knows how many codes of a name of two agree at both ends.
func isPartOfShort(a, b []byte, longer, ends int) bool {
	return longer == 3 && ends >= 2 || longer == 2 && (ends == 1 || a[0] == b[1] && a[1] == b[0])
}

// isNearKana knows how many codes the longer text has and how many at both
// ends agree: what is left between them decides without a distance in most
// cases.
func isNearKana(a, b []byte, longer, ends int, wild bool) bool {
	shorter := min(len(a), len(b))
	if wild || ends >= longer-2 || shorter >= 6 && longer-shorter <= 2 {
		if d := EditDistance(a, b); d <= 1 || d == 2 && shorter >= 6 {
			return true
		}
	}
	return shorter >= 8 && longer >= 10 && JaroWinkler(a, b) >= longNameSimilarity
}

// CompareKanaFull compares full names as they stand in account records,
// family and given name run together. A name cut at the length limit of such
// a record (30 half-width positions, of which a voiced kana takes two) agrees
// with the whole one: that is Notation.
func CompareKanaFull(a, b []byte) Level {
	level := CompareKana(a, b)
	if level != Exact && isTruncated(a, b) {
		return Notation
	}
	return level
}

// shortestLimit is the least number of codes that a cut name keeps: fifteen
// voiced kana fill thirty half-width positions.
const shortestLimit = 15

// isTruncated tells whether one text is the beginning of the other, cut at a
// length limit, perhaps between a kana and its voicing mark.
func isTruncated(a, b []byte) bool {
	if len(a) > len(b) {
		a, b = b, a
	}
	n := len(a)
	if n < shortestLimit || n == len(b) {
		return false
	}
	if !bytes.Equal(a[:n-1], b[:n-1]) {
		return false
	}
	return a[n-1] == b[n-1] || isUnvoiced(a[n-1], b[n-1])
}

// isUnvoiced tells whether a is b without its voicing mark.
func isUnvoiced(a, b byte) bool {
	switch {
	case b >= 0x0C && b <= 0x22 && b&1 == 0, // ガ … ヂ: the code before, doubled rows
		b == 0x27, b == 0x29: // デ, ド
		// The strong fold writes ヂ and ヅ as ジ and ズ.
		return a == b-1 || b == 0x18 && a == 0x21 || b == 0x1A && a == 0x24
	case b >= 0x30 && b <= 0x3D && (b-0x2F)%3 == 1: // バ ビ ブ ベ ボ
		return a == b-1
	case b >= 0x31 && b <= 0x3D && (b-0x2F)%3 == 2: // パ ピ プ ペ ポ
		return a == b-2
	case b == 0x54: // ヴ
		return a == 0x06
	}
	return false
}

// legibleKana counts the positions that both sides can be read at and says
// whether all of them agree. Texts of different length are not the same; what
// is legible in them is the lesser number of readable codes.
func legibleKana(a, b []byte) (legible int, same bool) {
	if len(a) != len(b) {
		return min(readable(a), readable(b)), false
	}
	same = true
	for i, x := range a {
		if x != normalize.KanaWildcard && b[i] != normalize.KanaWildcard {
			legible++
			same = same && x == b[i]
		}
	}
	return legible, same
}

func readable(s []byte) (n int) {
	for _, x := range s {
		if x != normalize.KanaWildcard {
			n++
		}
	}
	return n
}

// weakKanaEqual tells whether the weak fold leaves no difference.
func weakKanaEqual(a, b []byte) bool {
	if beginDifferently(a[0], b[0]) {
		return false
	}
	var weakA, weakB [longest]byte
	return bytes.Equal(normalize.AppendWeakKana(weakA[:0], a), normalize.AppendWeakKana(weakB[:0], b))
}

func beginDifferently(a, b byte) bool {
	x, y := weakStart[a], weakStart[b]
	return x != y && x != 0 && y != 0
}

// weakStart classes the codes by what the weak fold can begin with after them:
// texts whose first codes are of two classes cannot fold to the same. Class 0
// is for codes that may fold to nothing.
var weakStart = func() (class [256]byte) {
	var parent [256]byte
	find := func(c byte) byte {
		for parent[c] != c {
			c = parent[c]
		}
		return c
	}
	for c := range parent {
		parent[c] = byte(c)
	}
	var nothing [256]bool
	for c := 1; c < len(parent); c++ {
		for _, next := range "ンアイウエオ" {
			for _, after := range "ンアイウエオー" {
				folded := normalize.AppendWeakKana(nil, []byte{byte(c), byte(next - normalize.KanaBase), byte(after - normalize.KanaBase)})
				if len(folded) < 2 || byte(c) == normalize.KanaDash {
					nothing[c] = true
					continue
				}
				parent[find(folded[0])] = find(byte(c))
			}
		}
	}
	for c := range class {
		if !nothing[c] {
			class[c] = find(byte(c))
		}
	}
	return class
}()
