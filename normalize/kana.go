package normalize

import (
	"bytes"
	"encoding/binary"
	"math/bits"
	"unicode/utf8"
)

// KanaParser reads kana fields. It is not safe for concurrent use; every
// worker has its own. The zero value is ready.
type KanaParser struct {
	codes []byte // the folded field, then rearranged into family and given
	spare []byte // second buffer for the rare fields that need surgery

	spaces int // how many fold wrote
	space  int // where the first of them is
}

// Marks that live in the folded field until it is split. They lie between the
// kana codes and the ASCII codes, where no code is.
const (
	kanaNone    = 0x60 // nothing to write: a character without meaning for a name
	kanaSpace   = 0x61
	kanaMiddle  = 0x62 // ・, a separator only where there is no space
	kanaVoice   = 0x63 // separate ゛
	kanaSemi    = 0x64 // separate ゜
	kanaRepeat  = 0x65 // ヽ
	kanaRepeatV = 0x66 // ヾ
	kanaOpen    = 0x67 // ［
	kanaClose   = 0x68 // ］
	kanaLook    = 0x69 // a kanji that is drawn like a kana (一 口 力)
	kanaKanji   = 0x6A // any other kanji
	kanaOther   = 0x6B // anything else
	kanaComma   = 0x6C // SURNAME, GIVEN NAMES
)

// Codes that the rules below name.
const (
	kanaA  = 'ア' - KanaBase
	kanaI  = 'イ' - KanaBase
	kanaU  = 'ウ' - KanaBase
	kanaE  = 'エ' - KanaBase
	kanaO  = 'オ' - KanaBase
	kanaVu = 'ヴ' - KanaBase
	kanaWa = 'ワ' - KanaBase
	kanaN  = 'ン' - KanaBase
)

// kanaRune says what a character folds to: the code or mark in the low byte,
// the number of the note plus one above it.
type kanaRune uint16

func kanaEntry(code byte, note Notes) kanaRune {
	e := kanaRune(code)
	for i := 0; note != 0; i++ {
		if note&1 != 0 {
			return e | kanaRune(i+1)<<8
		}
		note >>= 1
	}
	return e
}

func (e kanaRune) code() byte   { return byte(e) }
func (e kanaRune) notes() Notes { return 1 << (e >> 8 & 63) >> 1 }

var (
	kanaASCIITable [0x80]kanaRune  // U+0000–U+007F
	kanaCJKTable   [0x400]kanaRune // U+3000–U+33FF
	kanaWidthTable [0x100]kanaRune // U+FF00–U+FFFF
	kanaVoiced     [0x60]byte      // code with ゛, 0 if it takes none
	kanaSemivoiced [0x60]byte      // code with ゜
	kanaUnvoiced   [0x100]byte     // code without ゛ and ゜
	kanaTerm       [0x100]byte     // whether a term could end in the code, see endsTerm
)

func init() {
	buildKanaTables()
	buildKanaTerms()
	buildPlainKana()
	buildWeakKana()
}

func buildKanaTables() {
	for i := range kanaASCIITable {
		kanaASCIITable[i] = kanaASCIIEntry(byte(i))
	}
	for i := range kanaCJKTable {
		kanaCJKTable[i] = kanaEntry(kanaOther, NoteCharacters)
	}
	for i := range kanaWidthTable {
		kanaWidthTable[i] = kanaEntry(kanaOther, NoteCharacters)
	}
	cjk := func(r rune) *kanaRune { return &kanaCJKTable[r-0x3000] }

	for r := rune('ァ'); r <= 'ー'; r++ {
		*cjk(r) = kanaEntry(byte(r-KanaBase), 0)
	}
	small := []rune("ァアィイゥウェエォオッツャヤュユョヨヮワヵカヶケㇰクㇱシㇲスㇳトㇴヌㇵハㇶヒㇷフㇸヘㇹホㇺムㇻラㇼリㇽルㇾレㇿロ")
	for i := 0; i < len(small); i += 2 {
		*cjk(small[i]) = kanaEntry(byte(small[i+1]-KanaBase), NoteSmallKana)
	}
	same := []rune("ヲオヰイヱエヂジヅズ")
	for i := 0; i < len(same); i += 2 {
		*cjk(same[i]) = kanaEntry(byte(same[i+1]-KanaBase), NoteVariant)
	}
	for r := rune('ぁ'); r <= 'ゖ'; r++ {
		*cjk(r) = kanaEntry(cjk(r+0x60).code(), NoteHiragana)
	}
	for r := rune('㋐'); r <= '㋾'; r++ { // circled kana, in the order of the syllabary
		k := []rune("アイウエオカキクケコサシスセソタチツテトナニヌネノハヒフヘホマミムメモヤユヨラリルレロワイエオ")[r-'㋐']
		*cjk(r) = kanaEntry(byte(k-KanaBase), NoteWidth)
	}
	*cjk('ー') = kanaEntry(KanaDash, 0)
	*cjk('・') = kanaEntry(kanaMiddle, 0)
	*cjk('゛') = kanaEntry(kanaVoice, NoteVoicing)
	*cjk('゜') = kanaEntry(kanaSemi, NoteVoicing)
	*cjk(0x3099) = kanaEntry(kanaVoice, NoteVoicing)
	*cjk(0x309A) = kanaEntry(kanaSemi, NoteVoicing)
	for _, r := range "ヽゝ" {
		*cjk(r) = kanaEntry(kanaRepeat, NoteIteration)
	}
	for _, r := range "ヾゞ" {
		*cjk(r) = kanaEntry(kanaRepeatV, NoteIteration)
	}
	*cjk('　') = kanaEntry(kanaSpace, 0)
	for _, r := range "〜〰゠" {
		*cjk(r) = kanaEntry(KanaDash, NoteDash)
	}
	*cjk('〓') = kanaEntry(KanaWildcard, NotePlaceholder)
	for _, r := range "「」『』《》〈〉" {
		*cjk(r) = kanaEntry(kanaNone, NoteCharacters)
	}
	for _, r := range "〔【" {
		*cjk(r) = kanaEntry(kanaOpen, 0)
	}
	for _, r := range "〕】" {
		*cjk(r) = kanaEntry(kanaClose, 0)
	}
	for _, r := range "、。" {
		*cjk(r) = kanaEntry(kanaSpace, NoteCharacters)
	}

	for r := rune('！'); r <= '～'; r++ {
		e := kanaASCIIEntry(byte(r - '！' + '!'))
		if c := e.code(); e>>8 == 0 && c >= KanaASCII|'0' && c <= KanaASCII|'Z' {
			e = kanaEntry(c, NoteWidth)
		}
		kanaWidthTable[r-0xFF00] = e
	}
	half := []rune("ヲァィゥェォャュョッーアイウエオカキクケコサシスセソタチツテトナニヌネノハヒフヘホマミムメモヤユヨラリルレロワン")
	for i, r := range half {
		kanaWidthTable['ｦ'-0xFF00+i] = kanaEntry(cjk(r).code(), NoteWidth)
	}
	kanaWidthTable['･'-0xFF00] = kanaEntry(kanaMiddle, NoteWidth)
	kanaWidthTable['ﾞ'-0xFF00] = kanaEntry(kanaVoice, NoteWidth)
	kanaWidthTable['ﾟ'-0xFF00] = kanaEntry(kanaSemi, NoteWidth)
	for _, r := range "｢｣" {
		kanaWidthTable[r-0xFF00] = kanaEntry(kanaNone, NoteCharacters)
	}
	for _, r := range "､｡" {
		kanaWidthTable[r-0xFF00] = kanaEntry(kanaSpace, NoteCharacters)
	}
	kanaWidthTable['￣'-0xFF00] = kanaEntry(KanaDash, NoteDash)
	kanaWidthTable['￥'-0xFF00] = kanaEntry(kanaNone, NoteCharacters)
	kanaWidthTable[0xFF] = kanaEntry(kanaNone, NoteCharacters)
	kanaWidthTable[utf8.RuneError-0xFF00] = kanaEntry(KanaWildcard, NotePlaceholder)

	for i := range kanaUnvoiced {
		kanaUnvoiced[i] = byte(i)
	}
	voiced := []rune("ウヴカガキギクグケゲコゴサザシジスズセゼソゾタダチジツズテデトドハバヒビフブヘベホボ")
	for i := 0; i < len(voiced); i += 2 {
		kanaVoiced[voiced[i]-KanaBase] = byte(voiced[i+1] - KanaBase)
		if voiced[i] != 'チ' && voiced[i] != 'ツ' {
			kanaUnvoiced[voiced[i+1]-KanaBase] = byte(voiced[i] - KanaBase)
		}
	}
	semi := []rune("ハパヒピフプヘペホポ")
	for i := 0; i < len(semi); i += 2 {
		kanaSemivoiced[semi[i]-KanaBase] = byte(semi[i+1] - KanaBase)
		kanaUnvoiced[semi[i+1]-KanaBase] = byte(semi[i] - KanaBase)
	}
}

func kanaASCIIEntry(c byte) kanaRune {
	switch {
	case c >= 'a' && c <= 'z':
		return kanaEntry(KanaASCII|(c-'a'+'A'), 0)
	case c >= 'A' && c <= 'Z', c >= '0' && c <= '9':
		return kanaEntry(KanaASCII|c, 0)
	}
	switch c {
	case ' ', '\t', '\n', '\r', '_':
		return kanaEntry(kanaSpace, 0)
	case ',':
		return kanaEntry(kanaComma, 0)
	case '-', '~', '=':
		return kanaEntry(KanaDash, NoteDash)
	case '?', '*':
		return kanaEntry(KanaWildcard, NotePlaceholder)
	case '[':
		return kanaEntry(kanaOpen, 0)
	case ']':
		return kanaEntry(kanaClose, 0)
	case '(', ')', '.', '/', '&', '+':
		return kanaEntry(KanaASCII|c, 0)
	case '\'', '`', '"', '\\':
		return kanaEntry(kanaNone, 0)
	}
	return kanaEntry(kanaNone, NoteCharacters)
}

// Which marks a folded field holds decides how much work its split is.
const (
	sawOdd     = 1 << iota // ・ or a comma
	sawBracket             // ［］
	sawParen               // ()
	sawKanji
	sawASCII
	sawKana
	sawTerm // ends of the words that holder names carry: ニン シヤ ジン
)

// Parse folds a kana field to codes and splits it at its first space into
// family and given name. The result is valid until the next call.
//
// A dummy value (シ メイ, フメイ) gives an empty form: it is nobody's name.
func (p *KanaParser) Parse(raw []byte) (f KanaForm, notes Notes) {
	notes = p.ParseInto(&f, raw)
	return f, notes
}

// ParseInto is Parse into an empty form, which is not copied.
func (p *KanaParser) ParseInto(f *KanaForm, raw []byte) Notes {
	notes, saw, plain := p.foldPlain(raw)
	if !plain {
		notes, saw = p.fold(raw)
	}
	if saw&sawKanji != 0 {
		if stripped, found := p.stripKanjiWords(raw, &notes); found {
			more, s := p.fold(stripped)
			notes, saw = notes|more, s
		}
		if saw&sawKanji != 0 {
			p.settleKanji()
		}
	}
	if len(p.codes) >= 15 {
		if w := zenginWidth(p.codes); w == 30 || w == 40 || w == 48 {
			notes |= NoteTruncated
		}
	}
	if saw&(sawBracket|sawParen) != 0 {
		notes |= p.stripBrackets()
	}
	if saw&sawTerm != 0 {
		notes |= p.stripTerms()
	}
	family, given := p.split(saw)
	if len(family) == 0 {
		return notes | NoteEmpty
	}
	if len(given) == 0 {
		notes |= NoteUnsplit
	}
	if begins := dummyStart[family[0]]; begins != 0 && (len(family) == 1 || begins>>(family[1]%64)&1 != 0) && isDummyKana(family, given) {
		return notes | NoteDummy
	}
	f.Family, f.Given, f.Split = family, given, len(given) > 0
	return notes
}

// foldPlain is fold for what nearly all fields are: up to sixteen katakana in
// full width that stay as they are, with a space between. All else is left to
// fold: then it is false.
func (p *KanaParser) foldPlain(raw []byte) (notes Notes, saw uint, plain bool) {
	n := len(raw) / 3
	if len(raw)%3 != 0 || n == 0 || n > 16 {
		return 0, 0, false
	}
	// Nothing is decided before the end: what a name holds cannot be predicted.
	first, seen := plainKana(raw[:min(len(raw), 24)])
	second := uint64(0)
	if n > 8 {
		more := uint64(0)
		second, more = plainKana(raw[24:])
		seen |= more
	}
	// No kana has both bits that a space has.
	const bit = 0x2020202020202020
	here, there := first&(first>>1)&bit, second&(second>>1)&bit
	p.spaces, p.space = bits.OnesCount64(here)+bits.OnesCount64(there), bits.LeadingZeros64(here)/8
	if here == 0 {
		p.space += bits.LeadingZeros64(there) / 8
	}
	if seen&kanaNotPlain != 0 || p.spaces > 1 || p.space == 0 || p.space == n-1 {
		return 0, 0, false
	}
	if cap(p.codes) < 16 {
		p.codes = make([]byte, 0, 64)
	}
	p.codes = p.codes[:16]
	binary.BigEndian.PutUint64(p.codes, first)
	binary.BigEndian.PutUint64(p.codes[8:], second)
	p.codes = p.codes[:n]
	return Notes(seen>>kanaSmallBit&1) * NoteSmallKana, sawKana | sawTerms(p.codes, byte(seen>>8&(termEnd|termBefore))), true
}

// plainKana are the codes of up to eight characters, the first uppermost, and
// all that their entries have and that speaks against the characters.
func plainKana(raw []byte) (codes, seen uint64) {
	for i := 0; i+2 < len(raw); i += 3 {
		c := uint64(raw[i]) | uint64(raw[i+1])<<8 | uint64(raw[i+2])<<16
		e := uint64(kanaPlain[uint8(c>>2&0xC0|c>>16&0x3F)])
		seen |= e | (c&0xC0FCFF^0x8080E3)<<32 // U+3000–U+30FF
		codes = codes<<8 | e&0xFF
	}
	return codes << (64 - len(raw)/3*8), seen
}

// kanaPlain says what the characters from U+3000 to U+30FF are: the code, and
// above it the kanaTerm of it and whether it stands for a small kana.
var kanaPlain [0x100]uint16

const (
	kanaSmallBit = 10
	kanaNotPlain = 0x80 | 0xFFFFFFFF<<32 // what is no katakana, no space or no such character at all
)

func buildPlainKana() {
	for i := range kanaPlain {
		switch e := kanaCJKTable[i]; {
		case e.code() < kanaNone && (e.notes() == 0 || e.notes() == NoteSmallKana):
			kanaPlain[i] = uint16(e.code()) | uint16(kanaTerm[e.code()])<<8
			if e.notes() != 0 {
				kanaPlain[i] |= 1 << kanaSmallBit
			}
		case e == kanaSpace:
			kanaPlain[i] = kanaSpace
		default:
			kanaPlain[i] = kanaNotPlain & 0xFF
		}
	}
}

// fold writes the codes and marks of raw to p.codes.
func (p *KanaParser) fold(raw []byte) (notes Notes, saw uint) {
	if cap(p.codes) < len(raw)+2 {
		p.codes = make([]byte, 0, 2*len(raw)+64)
	}
	p.spaces, p.space = 0, -1
	out := p.codes[:0]
	terms := byte(0)
	for i := 0; i < len(raw); {
		var e kanaRune
		c := raw[i]
		switch {
		case c < 0x80:
			e = kanaASCIITable[c]
			i++
		case c == 0xE3 && i+2 < len(raw) && raw[i+1]&0xF0 == 0x80 && raw[i+2]&0xC0 == 0x80: // U+3000–U+33FF
			e = kanaCJKTable[uint(raw[i+1]&0x0F)<<6|uint(raw[i+2]&0x3F)]
			i += 3
			if e < kanaNone { // most of all: kana without a note
				out = append(out, byte(e))
				terms |= kanaTerm[byte(e)]
				saw |= sawKana
				continue
			}
		case c == 0xEF && i+2 < len(raw) && raw[i+1] >= 0xBC && raw[i+1]&0xC0 == 0x80 && raw[i+2]&0xC0 == 0x80: // U+FF00–U+FFFF
			e = kanaWidthTable[uint(raw[i+1]&0x03)<<6|uint(raw[i+2]&0x3F)]
			i += 3
		default:
			r, size := utf8.DecodeRune(raw[i:])
			e = kanaElsewhere(r)
			if e.code() == kanaLook {
				e = kanaLookalike(r, out)
			}
			i += size
		}
		notes |= e.notes()
		code := e.code()
		if code < kanaNone { // kana
			out = append(out, code)
			terms |= kanaTerm[code]
			saw |= sawKana
			continue
		}
		if code >= KanaASCII {
			out = append(out, code)
			switch {
			case code == KanaASCII|'(' || code == KanaASCII|')':
				saw |= sawParen
			case code != KanaWildcard:
				saw |= sawASCII
			}
			continue
		}
		switch code {
		case kanaSpace:
			if n := len(out); n > 0 && out[n-1] != kanaSpace && out[n-1] != kanaComma {
				if p.spaces++; p.spaces == 1 {
					p.space = n
				}
				out = append(out, kanaSpace)
			}
		case kanaVoice:
			if n := len(out) - 1; n >= 0 && out[n] < kanaNone && kanaVoiced[out[n]] != 0 {
				out[n] = kanaVoiced[out[n]]
				continue
			}
			out = voiceOther(out, &notes)
		case kanaSemi:
			if n := len(out) - 1; n >= 0 && out[n] < kanaNone && kanaSemivoiced[out[n]] != 0 {
				out[n] = kanaSemivoiced[out[n]]
			} else {
				notes |= NoteCharacters
			}
		case kanaRepeat, kanaRepeatV:
			out = repeatKana(out, code == kanaRepeatV, &notes)
			terms = termEnd | termBefore
		case kanaMiddle:
			out = append(out, kanaMiddle)
			saw |= sawOdd
		case kanaComma:
			if n := len(out); n > 0 && out[n-1] == kanaSpace {
				out = out[:n-1]
			}
			out = append(out, kanaComma)
			saw |= sawOdd
		case kanaOpen, kanaClose:
			out = append(out, code)
			saw |= sawBracket
		case kanaKanji:
			out = append(out, kanaKanji)
			saw |= sawKanji
		}
	}
	p.codes = out
	if saw&sawASCII != 0 && hasLatin(out) {
		notes |= NoteLatin
	}
	return notes, saw | sawTerms(out, terms)
}

// sawTerms is sawTerm if a term could end in the codes; terms is all that
// kanaTerm says of them.
func sawTerms(codes []byte, terms byte) uint {
	if len(codes) >= 7 && terms == termEnd|termBefore {
		for i := 1; i < len(codes); i++ {
			if c := codes[i]; (c == kanaN || c == 'ヤ'-KanaBase) && endsTerm(codes[i-1], c) {
				return sawTerm
			}
		}
	}
	return 0
}

func endsTerm(before, last byte) bool {
	if last == kanaN {
		return before == 'ニ'-KanaBase || before == 'ジ'-KanaBase
	}
	return before == 'シ'-KanaBase
}

// What a field must hold for [endsTerm] to be true anywhere.
const (
	termEnd    = 1
	termBefore = 2
)

func buildKanaTerms() {
	for last := range kanaTerm {
		for before := range kanaVoiced {
			if endsTerm(byte(before), byte(last)) {
				kanaTerm[last] |= termEnd
				kanaTerm[before] |= termBefore
			}
		}
	}
	for c, voiced := range kanaVoiced {
		kanaTerm[c] |= kanaTerm[voiced] // a mark may follow
	}
}

// voiceOther voices what the table of voiced kana does not have.
func voiceOther(out []byte, notes *Notes) []byte {
	n := len(out) - 1
	switch {
	case n >= 0 && out[n] == kanaWa: // ヷ is ヴァ
		out[n] = kanaVu
		out = append(out, kanaA)
	default:
		*notes |= NoteCharacters
	}
	return out
}

func repeatKana(out []byte, voiced bool, notes *Notes) []byte {
	n := len(out) - 1
	if n < 0 || out[n] == 0 || out[n] >= kanaNone || out[n] == KanaDash {
		*notes |= NoteCharacters
		return out
	}
	c := kanaUnvoiced[out[n]]
	if voiced && kanaVoiced[c] != 0 {
		c = kanaVoiced[c]
	}
	return append(out, c)
}

// kanaElsewhere folds the characters outside the three tables.
func kanaElsewhere(r rune) kanaRune {
	switch {
	case r == 0xA0 || r >= 0x2000 && r <= 0x200A || r == 0x202F || r == 0x205F || r == 0x2028 || r == 0x2029 || r == 0x85 || r == 0x1680:
		return kanaEntry(kanaSpace, 0)
	case r >= 0x200B && r <= 0x200F || r == 0xFEFF || r == 0x2060 || r >= 0x202A && r <= 0x202E || r == 0xAD:
		return kanaEntry(kanaNone, 0)
	case isVariationSelector(r):
		return kanaEntry(kanaNone, NoteSelector)
	case isDash(r):
		return kanaEntry(KanaDash, NoteDash)
	case isPlaceholder(r):
		return kanaEntry(KanaWildcard, NotePlaceholder)
	case isPrivateUse(r):
		return kanaEntry(KanaWildcard, NotePrivateUse)
	case r == '·' || r == '•' || r == '‧' || r == '∙' || r == '⋅':
		return kanaEntry(kanaMiddle, NoteVariant)
	case r == '’' || r == '‘' || r == '´' || r == 'ʼ' || r == '“' || r == '”' || r == '¥':
		return kanaEntry(kanaNone, 0)
	case r == '﹙' || r == '⁽':
		return kanaEntry(KanaASCII|'(', NoteWidth)
	case r == '﹚' || r == '⁾':
		return kanaEntry(KanaASCII|')', NoteWidth)
	case r >= 0x1B150 && r <= 0x1B152: // small ゐ ゑ を
		return kanaEntry([]byte{kanaI, kanaE, kanaO}[r-0x1B150], NoteSmallKana)
	case r >= 0x1B164 && r <= 0x1B166: // small ヰ ヱ ヲ
		return kanaEntry([]byte{kanaI, kanaE, kanaO}[r-0x1B164], NoteSmallKana)
	case isHan(r):
		switch r {
		case '一', '二', '八', '力', '夕', '口', '工', '卜', '千', '三':
			return kanaEntry(kanaLook, 0)
		}
		return kanaEntry(kanaKanji, NoteCharacters)
	case r < 0x10000 && nameFold[r] >= 'A' && nameFold[r] <= 'Z': // Latin with a diacritic
		return kanaEntry(KanaASCII|byte(nameFold[r]), NoteVariant)
	}
	return kanaEntry(kanaOther, NoteCharacters)
}

// kanaLookalike takes a kanji that stands right behind kana for the kana it is
// drawn like; keyboards and scanners interchange them.
func kanaLookalike(r rune, out []byte) kanaRune {
	if n := len(out); n == 0 || out[n-1] == 0 || out[n-1] >= kanaNone {
		return kanaEntry(kanaKanji, NoteCharacters)
	}
	from, to := []rune("一二八力夕口工卜千三"), []rune("ーニハカタロエトチミ")
	for i, f := range from {
		if f == r {
			return kanaEntry(byte(to[i]-KanaBase), NoteCharacters)
		}
	}
	return kanaEntry(kanaKanji, NoteCharacters)
}

func hasLatin(codes []byte) bool {
	for _, c := range codes {
		if c >= KanaASCII|'A' && c <= KanaASCII|'Z' {
			return true
		}
	}
	return false
}

// split takes a field apart: nearly all have no mark but the space between
// family and given name. Only what is split has a given name.
func (p *KanaParser) split(saw uint) (family, given []byte) {
	if saw&^(sawKana|sawASCII) == 0 && p.spaces <= 1 {
		if p.spaces == 0 {
			return p.codes, nil
		}
		if at := p.space; at > 0 && at < len(p.codes)-1 {
			return p.codes[:at], p.codes[at+1:]
		}
	}
	return p.splitMarks(saw)
}

// splitMarks cuts p.codes in place: at the first space, before that at a comma, and
// at ・ where there is neither. Later separators only go.
func (p *KanaParser) splitMarks(saw uint) (family, given []byte) {
	codes := trimSpaces(p.codes)
	first := bytes.IndexByte(codes, kanaSpace)
	if saw&sawOdd != 0 {
		if i := bytes.IndexByte(codes, kanaComma); i >= 0 {
			first = i
		} else if first < 0 {
			first = bytes.IndexByte(codes, kanaMiddle)
		}
	}
	if first < 0 {
		return codes, nil
	}
	family, given = codes[:first], codes[first+1:]
	if saw&sawOdd != 0 || bytes.IndexByte(given, kanaSpace) >= 0 {
		family, given = dropSeparators(family), dropSeparators(given)
	}
	if len(family) == 0 || len(given) == 0 {
		return codes[:copy(codes, append(family, given...))], nil
	}
	return family, given
}

func isSeparator(c byte) bool { return c == kanaSpace || c == kanaMiddle || c == kanaComma }

func dropSeparators(codes []byte) []byte {
	n := 0
	for _, c := range codes {
		if !isSeparator(c) {
			codes[n] = c
			n++
		}
	}
	return codes[:n]
}

// settleKanji turns kanji that no rule has read into wildcards: in a kana
// field they say nothing that could be compared.
func (p *KanaParser) settleKanji() {
	for i, c := range p.codes {
		if c == kanaKanji {
			p.codes[i] = KanaWildcard
		}
	}
}

// zenginWidth is the length of a field in the bytes of a bank record, where
// voicing marks stand apart.
func zenginWidth(codes []byte) int {
	n := len(codes)
	for _, c := range codes {
		if kanaUnvoiced[c] != c {
			n++
		}
	}
	return n
}

// dummyStart has, by the first code of dummy values, the bits of their second
// codes, by the lowest six.
var dummyStart [0x100]uint64

func init() {
	for _, d := range dummyKana {
		dummyStart[d[0]] |= 1 << (d[1] % 64)
	}
}

func isDummyKana(family, given []byte) bool {
	for _, d := range dummyKana {
		if len(d) == len(family)+len(given) && bytes.HasPrefix(d, family) && bytes.HasSuffix(d, given) {
			return true
		}
	}
	return false
}

// Values that forms and systems put where no kana is known.
var dummyKana = [][]byte{
	kanaCodes("シメイ"), kanaCodes("セイメイ"), kanaCodes("フメイ"), kanaCodes("フシヨウ"),
	kanaCodes("ミシヨウ"), kanaCodes("シメイフメイ"), kanaCodes("シメイナシ"), kanaCodes("カナナシ"),
	kanaCodes("カナフメイ"), kanaCodes("テスト"), kanaCodes("ダミ-"), kanaCodes("フリガナ"), kanaCodes("シメイカナ"),
}

// kanaCodes spells out codes of large full-width kana for the tables above.
func kanaCodes(s string) []byte {
	var codes []byte
	for _, r := range s {
		switch {
		case r == '-' || r == 'ー':
			codes = append(codes, KanaDash)
		case r < 0x80:
			codes = append(codes, KanaASCII|byte(r))
		default:
			codes = append(codes, byte(r-KanaBase))
		}
	}
	return codes
}

// DecodeKana appends the text of codes to dst: full-width katakana, ASCII
// signs, an ideographic space for [KanaSeparator], ● for [KanaWildcard].
func DecodeKana(dst, codes []byte) []byte {
	for _, c := range codes {
		switch {
		case c == KanaWildcard:
			dst = append(dst, "●"...)
		case c == KanaSeparator:
			dst = append(dst, "　"...)
		case c&KanaASCII != 0:
			dst = append(dst, c&^KanaASCII)
		default:
			dst = utf8.AppendRune(dst, KanaBase+rune(c))
		}
	}
	return dst
}
