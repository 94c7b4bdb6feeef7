package normalize

import (
	"slices"
	"strings"
	"unicode/utf8"
)

//go:generate go run ./internal/tables -unicode /usr/share/unicode -itaiji /usr/share/skk/SKK-JISYO.itaiji

// Marks in the folding table and in a folded name before it is taken apart.
// They are control characters, which no name holds.
const (
	kanjiNone     = 0x01 // nothing to write
	kanjiSelector = 0x02 // variation selector
	kanjiSpace    = 0x03
	kanjiUnder    = 0x04 // ＿ between the scripts of a foreigner's name
	kanjiOpen     = 0x05 // ［ before a former name
	kanjiClose    = 0x06
	kanjiParen    = 0x07 // （ before an alias
	kanjiUnparen  = 0x08
	kanjiSlash    = 0x09
	kanjiMiddle   = 0x0A // ・
	kanjiDash     = 0x0B
	kanjiRepeat   = 0x0C // 々 ゝ ヽ
	kanjiRepeatV  = 0x0D // ゞ ヾ
	kanjiVoice    = 0x0E
	kanjiSemi     = 0x0F
	kanjiHidden   = 0x10 // a placeholder sign
	kanjiPrivate  = 0x11 // private use
	kanjiWord     = 0x12 // a compatibility character that is several (㈱)
	kanjiComma    = 0x13 // SURNAME, GIVEN NAMES
	kanjiFirst    = 0x20 // codes from here on are characters
)

var (
	nameFold      [0x10000]uint16 // strong fold of names: a code or a mark
	kanjiClass    [0x10000]uint16 // blocking class, see WeakKanjiKey
	hasConfusable [0x10000 / 64]uint64
	confusable    []uint32        // pairs a<<16|b with a < b, sorted
	beyondBMP     map[rune]uint16 // folds that lead back into the BMP
	simplified    map[rune]struct{}
	wideWords     map[rune][]uint16 // what a kanjiWord stands for
)

func init() {
	buildKanjiTables()
	buildNameWords()
}

func buildKanjiTables() {
	for i := range nameFold {
		nameFold[i] = uint16(i)
		kanjiClass[i] = uint16(i)
	}
	for i := range kanjiFirst {
		nameFold[i] = kanjiNone
	}
	for i := 0x7F; i < 0xA0; i++ {
		nameFold[i] = kanjiNone
	}
	for r := rune('a'); r <= 'z'; r++ {
		nameFold[r] = uint16(r - 'a' + 'A')
	}
	beyondBMP = map[rune]uint16{}
	simplified = map[rune]struct{}{}
	wideWords = map[rune][]uint16{}
	set := func(from, to rune) {
		if from > 0xFFFF {
			beyondBMP[from] = kanjiCode(to)
		} else {
			nameFold[from] = kanjiCode(to)
		}
	}
	eachPair(latinLetters, set)
	eachPair(compatibilityForms, set)
	eachPair(strongVariants, set)
	eachPair(simplifiedForms, func(from, to rune) {
		set(from, to)
		simplified[from] = struct{}{}
	})
	mark := func(code uint16, chars string) {
		for _, r := range chars {
			nameFold[r] = code
		}
	}
	nameFold['ヶ'], nameFold['ヵ'] = 'ケ', 'カ'
	mark(kanjiSpace, " \t\n\r\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u2028\u2029\u0085　")
	mark(kanjiComma, ",，、､\ufe50")
	mark(kanjiUnder, "_＿")
	mark(kanjiOpen, "[［〔【〚〘")
	mark(kanjiClose, "]］〕】〛〙")
	mark(kanjiParen, "(（⁽﹙")
	mark(kanjiUnparen, ")）⁾﹚")
	mark(kanjiSlash, "/／")
	mark(kanjiMiddle, "・･·•‧∙⋅")
	mark(kanjiDash, "-－")
	mark(kanjiRepeat, "々ゝヽ〻〱")
	mark(kanjiRepeatV, "ゞヾ〲")
	mark(kanjiVoice, "゛ﾞ\u3099")
	mark(kanjiSemi, "゜ﾟ\u309a")
	mark(kanjiNone, ".．。｡'＇’‘´ʼ`｀\"＂“”「」『』｢｣\u200b\u200c\u200d\u200e\u200f\ufeff\u2060\u00ad:：;；!！")
	for r := rune(0x202A); r <= 0x202E; r++ {
		nameFold[r] = kanjiNone
	}
	for r := rune(0x300); r <= 0x36F; r++ { // combining accents
		nameFold[r] = kanjiNone
	}
	for r := rune(0); r <= 0xFFFF; r++ {
		switch {
		case isVariationSelector(r):
			nameFold[r] = kanjiSelector
		case isDash(r):
			nameFold[r] = kanjiDash
		case isPlaceholder(r):
			nameFold[r] = kanjiHidden
		case isPrivateUse(r):
			nameFold[r] = kanjiPrivate
		}
	}
	mark(kanjiHidden, "?*")
	for _, word := range strings.Fields(compatibilityWords) {
		head, size := utf8.DecodeRuneInString(word)
		var codes []uint16
		for _, r := range word[size:] {
			codes = append(codes, nameFold[r])
		}
		nameFold[head] = kanjiWord
		wideWords[head] = codes
	}
	for head, word := range map[rune]string{'Æ': "AE", 'æ': "AE", 'Œ': "OE", 'œ': "OE", 'ß': "SS", 'ẞ': "SS", 'Þ': "TH", 'þ': "TH", 'Ĳ': "IJ", 'ĳ': "IJ"} {
		nameFold[head] = kanjiWord
		wideWords[head] = []uint16{uint16(word[0]), uint16(word[1])}
	}
	for from, to := range map[rune]uint16{'Ø': 'O', 'ø': 'O', 'Đ': 'D', 'đ': 'D', 'Ð': 'D', 'ð': 'D', 'Ł': 'L', 'ł': 'L', 'Ħ': 'H', 'ħ': 'H', 'ı': 'I', 'ĸ': 'K', 'Ŋ': 'N', 'ŋ': 'N', 'Ŧ': 'T', 'ŧ': 'T', 'Ơ': 'O', 'ơ': 'O', 'Ư': 'U', 'ư': 'U', 'Ə': 'A', 'ə': 'A', 'Ɓ': 'B', 'ɓ': 'B', 'Ɗ': 'D', 'ɗ': 'D'} {
		nameFold[from] = to
	}
	for r, to := range nameFold { // a compatibility form of what is itself folded
		if to >= kanjiFirst {
			nameFold[r] = nameFold[to]
		}
	}
	buildConfusables()
}

func kanjiCode(r rune) uint16 {
	if r > 0xFFFF {
		return hashBeyondBMP(r)
	}
	return uint16(r)
}

// hashBeyondBMP gives a character outside the BMP a code in the range of the
// surrogates. Two of them share a code once in 2,048 pairs.
func hashBeyondBMP(r rune) uint16 {
	return 0xD800 | uint16(uint32(r)*0x9E3779B1>>21)
}

// eachPair walks over a table constant.
func eachPair(table string, f func(a, b rune)) {
	for len(table) > 0 {
		a, n := utf8.DecodeRuneInString(table)
		b, m := utf8.DecodeRuneInString(table[n:])
		f(a, b)
		table = table[n+m:]
	}
}

func buildConfusables() {
	add := func(a, b uint16) {
		a, b = nameFold[a], nameFold[b]
		if a == b || min(a, b) < kanjiFirst {
			return
		}
		if a > b {
			a, b = b, a
		}
		confusable = append(confusable, uint32(a)<<16|uint32(b))
		hasConfusable[a/64] |= 1 << (a % 64)
		hasConfusable[b/64] |= 1 << (b % 64)
	}
	eachPair(confusablePairs, func(a, b rune) { add(uint16(a), uint16(b)) })
	for r := rune('ぁ'); r <= 'ゖ'; r++ { // hiragana for katakana
		add(uint16(r), uint16(r+0x60))
	}
	small := []rune("ァアィイゥウェエォオッツャヤュユョヨヮワ")
	for i := 0; i < len(small); i += 2 {
		add(uint16(small[i]), uint16(small[i+1]))
		add(uint16(small[i]-0x60), uint16(small[i+1]-0x60))
		add(uint16(small[i]-0x60), uint16(small[i+1]))
		add(uint16(small[i]), uint16(small[i+1]-0x60))
	}
	same := []rune("ヲオヰイヱエヂジヅズ")
	for i := 0; i < len(same); i += 2 {
		add(uint16(same[i]), uint16(same[i+1]))
		add(uint16(same[i]-0x60), uint16(same[i+1]-0x60))
		add(uint16(same[i]), uint16(same[i+1]-0x60))
		add(uint16(same[i]-0x60), uint16(same[i+1]))
	}
	slices.Sort(confusable)
	confusable = slices.Compact(confusable)

	find := func(c uint16) uint16 {
		for kanjiClass[c] != c {
			c = kanjiClass[c]
		}
		return c
	}
	for _, p := range confusable {
		a, b := find(uint16(p>>16)), find(uint16(p))
		kanjiClass[max(a, b)] = min(a, b)
	}
	for c := range kanjiClass {
		kanjiClass[c] = find(uint16(c))
	}
}

// Confusable tells whether two strong codes are commonly interchanged though
// they differ (斎 and 斉, 島 and 嶋). It is symmetric and not transitive; equal
// codes are confusable, and so is the wildcard with everything.
func Confusable(a, b uint16) bool {
	if a == b || a == KanjiWildcard || b == KanjiWildcard {
		return true
	}
	if !HasConfusable(a) || !HasConfusable(b) || kanjiClass[a] != kanjiClass[b] {
		return false
	}
	if a > b {
		a, b = b, a
	}
	_, found := slices.BinarySearch(confusable, uint32(a)<<16|uint32(b))
	return found
}

// HasConfusable tells whether any other code is confusable with this one, the
// wildcard aside.
func HasConfusable(code uint16) bool { return hasConfusable[code/64]&(1<<(code%64)) != 0 }

// WeakKanjiKey is the blocking class of a code: confusable codes share it, and
// so do codes that are linked only over others. It finds candidates; it never
// says that two characters agree.
func WeakKanjiKey(code uint16) uint16 { return kanjiClass[code] }

// FoldNameRune is the strong fold of a single character of a name. Characters
// that names do not keep (spaces, marks, selectors) give 0.
func FoldNameRune(r rune) uint16 {
	code := foldNameRune(r)
	switch {
	case code == kanjiHidden || code == kanjiPrivate:
		return KanjiWildcard
	case code < kanjiFirst:
		return 0
	}
	return code
}

// foldNameRune is the table with the characters beyond the BMP.
func foldNameRune(r rune) uint16 {
	if r <= 0xFFFF {
		return nameFold[r]
	}
	if code, ok := beyondBMP[r]; ok {
		return code
	}
	switch {
	case isVariationSelector(r):
		return kanjiSelector
	case isPrivateUse(r):
		return kanjiPrivate
	case isHan(r):
		return hashBeyondBMP(r)
	}
	return kanjiHidden
}

func isVariationSelector(r rune) bool {
	return r >= 0xFE00 && r <= 0xFE0F || r >= 0xE0100 && r <= 0xE01EF || r >= 0x180B && r <= 0x180D
}

// isDash: every hyphen and line that stands in for ー outside the tables of
// ASCII and of full-width forms.
func isDash(r rune) bool {
	switch r {
	case 0x2212, 0x2500, 0x2501, 0x2E3A, 0x2E3B, 0x02D7, 0x2043, 0xFE58, 0xFE63, 0x2796, 0x30A0, 0x301C, 0x3030, 0xFF5E:
		return true
	}
	return r >= 0x2010 && r <= 0x2015
}

// isPlaceholder: the signs that systems put where they cannot show a character.
func isPlaceholder(r rune) bool {
	switch r {
	case '●', '○', '◯', '◎', '◉', '■', '□', '▢', '◆', '◇', '▲', '△', '▼', '▽', '★', '☆', '※', '〓', '〿', '⬛', '⬜', '？', '＊', '＃', utf8.RuneError:
		return true
	}
	return false
}

func isPrivateUse(r rune) bool {
	return r >= 0xE000 && r <= 0xF8FF || r >= 0xF0000 && r <= 0x10FFFD
}

func isHan(r rune) bool {
	return r >= 0x4E00 && r <= 0x9FFF || r >= 0x3400 && r <= 0x4DBF || r >= 0xF900 && r <= 0xFAFF || r >= 0x20000 && r <= 0x323AF || r >= 0x2E80 && r <= 0x2FDF || r == '〇' || r == '々'
}
