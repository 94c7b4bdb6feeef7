package normalize

import (
	"slices"
	"unicode/utf8"
)

// Name is one name field taken apart.
type Name struct {
	Main   NameForm // the name in law: kanji, or Latin for foreigners
	Former []uint16 // former family name (旧氏)
	Alias  NameForm // registered alias (通称)
	Kanji  NameForm // kanji written beside a Latin name (漢字併記)
	Latin  bool     // Main is in Latin letters
}

// NameParser reads name fields. It is not safe for concurrent use; every
// worker has its own. The zero value is ready.
type NameParser struct {
	codes  []uint16
	parts  []uint16     // what stands outside brackets, where there are any
	beyond []beyondRune // what the hashed codes of this name stand for
	name   Name
	apart  bool // name has parts beside the main one

	// What fold saw of the marks in codes.
	marks int // how many there are
	space int // the first that is a space

	keepWords    bool // remember main and beside it with their spaces
	main, beside []uint16
}

type beyondRune struct {
	code uint16
	r    rune
}

const (
	sawNameSpace   = 1 << iota
	sawNameOdd     // ・ or a comma
	sawNameBracket // ［ ］ （ ） ＿ ／ 旧
	sawNameLatin
	sawNameCJK
	sawNameSign // a code that words of holders have
)

// Parse folds a name field to codes and takes it apart: family and given name,
// former name in ［］, alias in （）, the kanji beside a Latin name behind ＿.
// The result is valid until the next call.
func (p *NameParser) Parse(raw []byte) (*Name, Notes) {
	notes, saw := p.fold(raw)
	name := &p.name
	if p.apart {
		*name, p.apart = Name{}, false
	}
	if saw&sawNameBracket != 0 {
		*name, p.apart = Name{}, true
		notes |= p.takeApart(name)
	} else {
		p.rememberWords(p.codes, nil)
		name.Main.Family, name.Main.Given = p.split(saw)
		name.Main.Split = len(name.Main.Given) > 0
		name.Latin = saw&(sawNameLatin|sawNameCJK) == sawNameLatin
	}
	if len(name.Main.Family) == 0 {
		return name, notes | NoteEmpty
	}
	if !name.Main.Split {
		notes |= NoteUnsplit
	}
	if name.Latin {
		notes |= NoteLatin
	}
	if dummyNameStart>>(name.Main.Family[0]%64)&1 != 0 && isDummyName(name.Main) {
		*name = Name{}
		return name, notes | NoteDummy
	}
	return name, notes
}

// split takes a name without brackets apart: mostly its one mark is the space
// between family and given name. Only what is split has a given name.
func (p *NameParser) split(saw uint) (family, given []uint16) {
	codes := p.codes
	if saw&sawNameOdd == 0 && p.marks <= 1 {
		if p.marks == 0 {
			return codes, nil
		}
		if at := p.space; at > 0 && at < len(codes)-1 {
			return codes[:at], codes[at+1:]
		}
	}
	form := splitName(codes, saw&sawNameOdd != 0)
	return form.Family, form.Given
}

// rememberWords copies the text of a name before its spaces go.
func (p *NameParser) rememberWords(main, beside []uint16) {
	if p.keepWords {
		p.main, p.beside = slices.Clone(main), slices.Clone(beside)
	}
}

// fold writes the codes and marks of raw to p.codes.
func (p *NameParser) fold(raw []byte) (notes Notes, saw uint) {
	if cap(p.codes) < len(raw)+8 {
		p.codes = make([]uint16, 0, 2*len(raw)+64)
	}
	p.beyond = p.beyond[:0]
	p.marks, p.space = 0, -1
	out := p.codes[:0]
	for i := 0; i < len(raw); {
		var r rune
		c := raw[i]
		if c >= 0xE0 && i+2 < len(raw) {
			if r, plain := plainNameRune(c, raw[i+1], raw[i+2]); plain {
				out = append(out, r)
				saw |= sawNameCJK
				i += 3
				continue
			}
			if c == 0xE3 && raw[i+1] == 0x80 && raw[i+2] == 0x80 { // the space of nearly all names
				out = p.foldSpace(out)
				i += 3
				continue
			}
		}
		if c < 0x80 {
			r = rune(c)
			i++
			if c == '&' {
				if ref, size := characterReference(raw[i-1:]); size > 0 {
					r = ref
					i += size - 1
					notes |= NoteCharacters
				}
			}
		} else if c&0xF0 == 0xE0 && i+2 < len(raw) && raw[i+1]&0xC0 == 0x80 && raw[i+2]&0xC0 == 0x80 && (c != 0xE0 || raw[i+1] >= 0xA0) && (c != 0xED || raw[i+1] < 0xA0) {
			r = rune(c&0x0F)<<12 | rune(raw[i+1]&0x3F)<<6 | rune(raw[i+2]&0x3F)
			i += 3
		} else {
			var size int
			r, size = utf8.DecodeRune(raw[i:])
			i += size
		}
		var code uint16
		if r <= 0xFFFF {
			code = nameFold[r]
		} else {
			code = p.foldBeyond(r)
		}
		if rune(code) != r {
			notes |= foldNote(r, code)
		}
		if code >= kanjiFirst {
			out = append(out, code)
			if nameWordSign[code/64]&(1<<(code%64)) != 0 {
				saw |= sawNameSign
			}
			if code < 0x80 {
				if code >= 'A' && code <= 'Z' {
					saw |= sawNameLatin
				}
			} else {
				saw |= sawNameCJK
			}
			continue
		}
		switch code {
		case kanjiSpace:
			out = p.foldSpace(out)
		case kanjiMiddle:
			out = append(out, kanjiMiddle)
			saw |= sawNameOdd
		case kanjiComma:
			if n := len(out); n > 0 && out[n-1] == kanjiSpace {
				out = out[:n-1]
			}
			out = append(out, kanjiComma)
			saw |= sawNameOdd
		case kanjiUnder, kanjiOpen, kanjiClose, kanjiParen, kanjiUnparen, kanjiSlash:
			out = append(out, code)
			saw |= sawNameBracket
		default:
			out = foldMark(out, code, r, &notes)
			if code == kanjiWord {
				saw |= sawIn(wideWords[r]) | sawNameSign
			} else if n := len(out); n > 0 && out[n-1] >= 0x80 && out[n-1] != KanjiWildcard {
				saw |= sawNameCJK
			}
		}
	}
	p.codes = out
	if saw&sawNameSign == 0 {
		return notes, saw
	}
	for i, c := range out {
		if nameWordSign[c/64]&(1<<(c%64)) != 0 && i > 0 && isNameWordSign(out, i) {
			if p.findWords(&notes) {
				saw |= sawNameBracket
			}
			break
		}
	}
	return notes, saw
}

// foldSpace writes a space where one has a meaning.
func (p *NameParser) foldSpace(out []uint16) []uint16 {
	n := len(out)
	if n == 0 || out[n-1] == kanjiSpace || out[n-1] == kanjiComma {
		return out
	}
	if p.space < 0 {
		p.space = n
	}
	p.marks++
	return append(out, kanjiSpace)
}

// plainNameRune is a character of three bytes that the fold leaves as it is and
// that no rule of names asks for.
func plainNameRune(a, b, c byte) (uint16, bool) {
	r := uint16(a)<<12 | uint16(b&0x3F)<<6 | uint16(c&0x3F)
	return r, a < 0xF0 && b&0xC0 == 0x80 && c&0xC0 == 0x80 && plainName[r/64]>>(r%64)&1 != 0
}

// sawIn is what a character that stands for several brings into a name.
func sawIn(codes []uint16) (saw uint) {
	for _, c := range codes {
		switch {
		case c < kanjiFirst:
			saw |= sawNameBracket
		case c >= 'A' && c <= 'Z':
			saw |= sawNameLatin
		case c >= 0x80:
			saw |= sawNameCJK
		}
	}
	return saw
}

// characterReference reads &#39640; or &#x9AD8;, which browsers send in place
// of characters that a form's encoding lacks.
func characterReference(raw []byte) (r rune, size int) {
	if len(raw) < 4 || raw[1] != '#' {
		return 0, 0
	}
	i, base := 2, rune(10)
	if raw[2]|0x20 == 'x' {
		i, base = 3, 16
	}
	start := i
	for ; i < len(raw) && i < start+7; i++ {
		digit := rune(raw[i]) - '0'
		if letter := rune(raw[i]|0x20) - 'a'; base == 16 && letter >= 0 && letter < 6 {
			digit = letter + 10
		} else if digit < 0 || digit > 9 {
			break
		}
		r = r*base + digit
	}
	if i == start || i == len(raw) || raw[i] != ';' || r < 0x80 || !utf8.ValidRune(r) {
		return 0, 0
	}
	return r, i + 1
}

func (p *NameParser) foldBeyond(r rune) uint16 {
	code := foldNameRune(r)
	if code >= 0xD800 && code < 0xE000 {
		p.beyond = append(p.beyond, beyondRune{code, r})
	}
	return code
}

// foldMark writes what a mark stands for behind what is already there.
func foldMark(out []uint16, mark uint16, r rune, notes *Notes) []uint16 {
	var last uint16
	if len(out) > 0 {
		last = out[len(out)-1]
	}
	switch mark {
	case kanjiHidden, kanjiPrivate:
		return append(out, KanjiWildcard)
	case kanjiWord:
		return append(out, wideWords[r]...)
	case kanjiDash:
		if last >= 0x80 { // behind Latin letters a hyphen, elsewhere ー or 一
			return append(out, 'ー')
		}
	case kanjiRepeat, kanjiRepeatV:
		for n := len(out); n > 0 && isBracket(out[n-1]); n-- {
			last = out[max(n-2, 0)]
		}
		if last < kanjiFirst {
			return append(out, '々')
		}
		if isKana16(last) {
			last = voiceKana16(last, mark == kanjiRepeatV)
		}
		return append(out, last)
	case kanjiVoice, kanjiSemi:
		if isKana16(last) {
			out[len(out)-1] = markKana16(last, mark == kanjiSemi)
		} else {
			*notes |= NoteCharacters
		}
	}
	return out
}

func isBracket(c uint16) bool { return c >= kanjiOpen && c <= kanjiUnparen }

func isKana16(c uint16) bool { return c >= 0x3041 && c <= 0x30FF }

// voiceKana16 is a hiragana or katakana with or without its voicing.
func voiceKana16(c uint16, voiced bool) uint16 {
	shift := uint16(0)
	if c < 0x30A0 {
		shift = 0x60
	}
	k := c + shift - KanaBase
	if k >= uint16(len(kanaVoiced)) {
		return c
	}
	switch k { // the strong kana fold takes ヂ for ジ; names keep them apart
	case 'ヂ' - KanaBase:
		k = 'チ' - KanaBase
	case 'ヅ' - KanaBase:
		k = 'ツ' - KanaBase
	default:
		k = uint16(kanaUnvoiced[k])
	}
	if voiced {
		return markKana16(k+KanaBase-shift, false)
	}
	return k + KanaBase - shift
}

func markKana16(c uint16, semi bool) uint16 {
	shift := uint16(0)
	if c < 0x30A0 {
		shift = 0x60
	}
	k := c + shift - KanaBase
	if k >= uint16(len(kanaVoiced)) {
		return c
	}
	var to uint16
	switch {
	case semi:
		to = uint16(kanaSemivoiced[k])
	case k == 'チ'-KanaBase:
		to = 'ヂ' - KanaBase
	case k == 'ツ'-KanaBase:
		to = 'ヅ' - KanaBase
	default:
		to = uint16(kanaVoiced[k])
	}
	if to == 0 {
		return c
	}
	return to + KanaBase - shift
}

// foldNote says what the fold of one character was.
func foldNote(r rune, code uint16) Notes {
	switch code {
	case kanjiSelector:
		return NoteSelector
	case kanjiHidden:
		return NotePlaceholder
	case kanjiPrivate:
		return NotePrivateUse
	case kanjiRepeat, kanjiRepeatV:
		return NoteIteration
	case kanjiWord, kanjiVoice, kanjiSemi:
		return NoteWidth
	case kanjiDash:
		return NoteDash
	}
	if code < kanjiFirst {
		return 0
	}
	switch {
	case r >= 'a' && r <= 'z':
		return 0
	case r >= 0xFF00 && r <= 0xFFEF:
		return NoteWidth
	case r == 'ヶ' || r == 'ヵ':
		return NoteSmallKana
	case r > 0xFFFF && code >= 0xD800 && code < 0xE000:
		return 0
	}
	if _, ok := simplified[r]; ok {
		return NoteSimplified
	}
	return NoteVariant
}

// splitName cuts codes in place at the first space and drops the spaces behind
// it. If odd, there may be other marks: a comma cuts before any space does, ・
// only where there is no space.
func splitName(codes []uint16, odd bool) NameForm {
	codes = trimMarks(codes)
	first, more := -1, odd
	for i, c := range codes {
		if c == kanjiSpace {
			if first >= 0 {
				more = true
				break
			}
			first = i
		}
	}
	if odd {
		if i := slices.Index(codes, kanjiComma); i >= 0 {
			first = i
		} else if first < 0 {
			first = slices.Index(codes, kanjiMiddle)
		}
	}
	if first < 0 {
		if odd {
			codes = dropMarks(codes)
		}
		return NameForm{Family: codes}
	}
	family, given := codes[:first], codes[first+1:]
	if more {
		if isLetterSpaced(codes) {
			return NameForm{Family: dropMarks(codes)}
		}
		family, given = dropMarks(family), dropMarks(given)
	}
	if len(family) == 0 || len(given) == 0 {
		return NameForm{Family: dropMarks(codes)}
	}
	return NameForm{Family: family, Given: given, Split: true}
}

// isLetterSpaced: 高 橋 太 郎, where no space tells where the family name ends.
func isLetterSpaced(codes []uint16) bool {
	if len(codes) < 5 || len(codes)%2 == 0 {
		return false
	}
	for i, c := range codes {
		if i%2 == 0 && c < 0x80 || i%2 == 1 && c != kanjiSpace {
			return false
		}
	}
	return true
}

func dropMarks(codes []uint16) []uint16 {
	n := 0
	for _, c := range codes {
		if c >= kanjiFirst {
			codes[n] = c
			n++
		}
	}
	return codes[:n]
}

func isDummyName(f NameForm) bool {
	for _, d := range dummyNames {
		if len(d) != len(f.Family)+len(f.Given) {
			continue
		}
		same := true
		for i, c := range f.Family {
			same = same && c == d[i]
		}
		for i, c := range f.Given {
			same = same && c == d[len(f.Family)+i]
		}
		if same {
			return true
		}
	}
	return false
}

var dummyNames = [][]uint16{
	kanjiCodes("不明"), kanjiCodes("氏名不明"), kanjiCodes("氏名不詳"), kanjiCodes("不詳"), kanjiCodes("氏名"),
	kanjiCodes("未詳"), kanjiCodes("テスト"), kanjiCodes("氏名なし"), kanjiCodes("該当なし"), kanjiCodes("名無し"),
}

// dummyNameStart has the bits of the first codes of dummy names, by their lowest
// six.
var dummyNameStart = func() (bits uint64) {
	for _, d := range dummyNames {
		bits |= 1 << (d[0] % 64)
	}
	return bits
}()

// kanjiCodes spells out the strong codes of a text of plain characters.
func kanjiCodes(s string) []uint16 {
	var codes []uint16
	for _, r := range s {
		codes = append(codes, uint16(r))
	}
	return codes
}
