package gazetteer

import "golang.org/x/text/unicode/norm"

// Codes of the fold that stand for more than one character.
const (
	Drop      = 0      // not part of the text: selectors, joiners
	Voice     = 1      // ﾞ after a kana
	SemiVoice = 2      // ﾟ after a kana
	Space     = ' '    // any space
	Dash      = '-'    // any hyphen, minus or long vowel mark
	Ke        = 'ケ'    // ケ ヶ が ガ ヵ 箇
	No        = 'ノ'    // ノ の 之 乃
	Wild      = 0xFFFD // ● 〓 and private use: a character nobody could read
)

// FoldTable maps a character of the basic plane to its code in addresses:
// width, kana kind and size, dashes and variant characters are folded. It is
// for places only; as a fold of people's names it would be wrong.
type FoldTable [1 << 16]uint16

// newFoldTable is built once, in well under a millisecond.
func newFoldTable() *FoldTable {
	t := new(FoldTable)
	for r := range t {
		t[r] = uint16(r)
	}
	t.spacesAndDashes()
	t.kana()
	t.latin()
	t.placeholders()
	t.variants()
	t.compatibility()
	return t
}

func (t *FoldTable) spacesAndDashes() {
	for r := range 0x20 { // 1 and 2 are no text, and their codes are taken
		t[r] = Space
	}
	for _, r := range []rune{0xA0, 0x3000, 0x202F, 0x205F, 0x1680} {
		t[r] = Space
	}
	for r := 0x2000; r <= 0x200A; r++ {
		t[r] = Space
	}
	for r := 0x200B; r <= 0x200F; r++ {
		t[r] = Drop
	}
	for r := 0xFE00; r <= 0xFE0F; r++ {
		t[r] = Drop
	}
	for _, r := range []rune{0xFEFF, 0x2060, 0xAD, 0x180B, 0x180C, 0x180D, '"', '\'', '“', '”', '’', '‘'} {
		t[r] = Drop
	}
	for _, r := range []rune{'‐', '‑', '‒', '–', '—', '―', '−', '－', 'ー', 'ｰ', '━', '─', '﹣', '﹘', '⁃', '˗', '~', '～', '〜', '_', '＿'} {
		t[r] = Dash
	}
	for _, r := range []rune{'、', '，', '､', '・', '･', '．', '。', '｡'} {
		t[r] = ','
	}
	t['.'] = ','
}

func (t *FoldTable) kana() {
	for r := uint16('ァ'); r <= 'ヶ'; r++ {
		t[r] = largeKana(r)
	}
	for r := uint16('ぁ'); r <= 'ゖ'; r++ {
		t[r] = largeKana(r + 0x60)
	}
	half := []rune("ヲアイウエオヤユヨツーアイウエオカキクケコサシスセソタチツテトナニヌネノハヒフヘホマミムメモヤユヨラリルレロワン")
	for i, r := range half {
		t[0xFF66+i] = largeKana(uint16(r))
	}
	t[0xFF70] = Dash
	t[0xFF9E], t[0x3099], t[0x309B] = Voice, Voice, Voice
	t[0xFF9F], t[0x309A], t[0x309C] = SemiVoice, SemiVoice, SemiVoice
	for _, r := range []rune{'ガ', 'が', 'ヶ', 'ヵ', 'ゕ', 'ゖ', '箇', '个', 'け', 'ケ', 'ｹ'} {
		t[r] = Ke
	}
	for _, r := range []rune{'の', '之', '乃', 'ﾉ', 'ノ'} {
		t[r] = No
	}
}

// largeKana is the full-size form of a small katakana, and the modern form of
// an obsolete one.
func largeKana(r uint16) uint16 {
	switch r {
	case 'ァ', 'ィ', 'ゥ', 'ェ', 'ォ', 'ッ', 'ャ', 'ュ', 'ョ', 'ヮ':
		return r + 1
	case 'ヲ':
		return 'オ'
	case 'ヰ':
		return 'イ'
	case 'ヱ':
		return 'エ'
	case 'ヂ':
		return 'ジ'
	case 'ヅ':
		return 'ズ'
	}
	return r
}

// Voiced is the code of a kana followed by a separate voicing mark ([Voice] or
// [SemiVoice]); what takes no mark stays.
func (t *FoldTable) Voiced(code, mark uint16) uint16 {
	switch {
	case code >= 'ハ' && code <= 'ホ':
		return code + mark
	case mark != Voice:
	case code == 'ウ':
		return 'ヴ'
	case code >= 'カ' && code <= 'ト':
		return t[code+1]
	}
	return code
}

func (t *FoldTable) latin() {
	for r := 0xFF01; r <= 0xFF5E; r++ {
		if t[r] == uint16(r) {
			t[r] = t[r-0xFF01+'!']
		}
	}
	for r := 'a'; r <= 'z'; r++ {
		t[r] = uint16(r - 'a' + 'A')
		t[r-'a'+0xFF41] = t[r]
	}
	for i := range uint16(9) {
		t['①'+i] = '1' + i
		t['⑴'+i] = '1' + i
	}
	for i, r := range []rune("一二三四五六七八九十") {
		t['㊀'+i] = uint16(r)
		t['㈠'+i] = uint16(r)
	}
	for i := range uint16(9) {
		t['Ⅰ'+i] = '1' + i
		t['ⅰ'+i] = '1' + i
	}
	for _, r := range []rune{'（', '［', '【', '〔', '「', '『', '[', '{', '｛'} {
		t[r] = '('
	}
	for _, r := range []rune{'）', '］', '】', '〕', '」', '』', ']', '}', '｝'} {
		t[r] = ')'
	}
}

func (t *FoldTable) placeholders() {
	for r := 0xE000; r <= 0xF8FF; r++ {
		t[r] = Wild
	}
	for _, r := range []rune{'●', '〓', '□', '■', '◆', '?', '？', '◯', 0xFFFD} {
		t[r] = Wild
	}
	t['○'] = '〇' // more often a zero of 二〇 than a blank
}

func (t *FoldTable) variants() {
	for _, class := range variantClasses {
		to := uint16(0)
		for _, r := range class {
			if to == 0 {
				to = uint16(r)
			} else if r <= 0xFFFF {
				t[r] = to
			}
		}
	}
}

// compatibility folds what Unicode holds twice: radicals and compatibility
// ideographs, which the variants may fold further.
func (t *FoldTable) compatibility() {
	for _, block := range [...][2]rune{{0x2E80, 0x2FDF}, {0xF900, 0xFAFF}} {
		for r := block[0]; r <= block[1]; r++ {
			if t[r] != uint16(r) {
				continue
			}
			folded := []rune(norm.NFKC.String(string(r)))
			if len(folded) == 1 && folded[0] <= 0xFFFF {
				t[r] = t[folded[0]]
			}
		}
	}
}

// Astral is the code of a character beyond the basic plane.
func Astral(r rune) uint16 {
	switch r {
	case '𠮷':
		return '吉'
	case '𣘺':
		return '橋'
	case '𡌛':
		return '埴'
	case '𩸽', '𠀋':
		return uint16(r)
	}
	if r >= 0xE0100 && r <= 0xE01EF || r >= 0x1F000 && r <= 0x1FAFF {
		return Drop
	}
	if r >= 0xF0000 {
		return Wild
	}
	return 0xD800 | uint16(r)&0x7FF // the surrogate range, which no text uses
}
