package normalize

// The weak fold brings kana spellings together that are commonly confused
// though they are different sounds: long vowels however written, voicing, and
// the ways in which foreign sounds are put into kana. Equal weak keys mean
// "confusable", never "the same".

var (
	kanaVowel   [0x60]byte // the vowel a kana ends in, as the code of アイウエオ
	weakVowelOf [0x60]byte // that vowel's place in weakVowels
	kanaWeak    [0x60]byte // code without voicing
	kanaWeakF   [0x80]byte // by vowel: what フ and the vowel become
)

func buildWeakKana() {
	rows := [...]struct {
		vowel byte
		kana  string
	}{
		{kanaA, "アカガサザタダナハバパマヤラワ"},
		{kanaI, "イキギシジチニヒビピミリ"},
		{kanaU, "ウヴクグスズツヌフブプムユル"},
		{kanaE, "エケゲセゼテデネヘベペメレ"},
		{kanaO, "オコゴソゾトドノホボポモヨロ"},
	}
	for _, row := range rows {
		for _, r := range row.kana {
			kanaVowel[r-KanaBase] = row.vowel
		}
	}
	for i := range kanaWeak {
		kanaWeak[i] = kanaUnvoiced[i]
	}
	kanaWeak[kanaVu] = 'フ' - KanaBase
	kanaWeakF[kanaA] = 'ハ' - KanaBase
	kanaWeakF[kanaI] = 'ヒ' - KanaBase
	kanaWeakF[kanaE] = 'ヘ' - KanaBase
	kanaWeakF[kanaO] = 'ホ' - KanaBase
	for at, vowel := range weakVowels {
		for code, of := range kanaVowel {
			if of == vowel {
				weakVowelOf[code] = byte(at)
			}
		}
	}
	buildWeakSteps()
}

// weakStep is what the weak fold makes of one code: the code it writes, and the
// vowel that the next code could lengthen, as its place in weakVowels. Which it
// is depends on the vowel before; where more must be seen it is weakUnsettled.
type weakStep uint16

const weakUnsettled weakStep = 1 << 15

var weakVowels = [...]byte{0, kanaA, kanaI, kanaU, kanaE, kanaO}

var weakSteps [8][256]weakStep // by vowel; two rows stand empty

func buildWeakSteps() {
	for at, vowel := range weakVowels {
		for c := range weakSteps[at] {
			code, step := byte(c), weakUnsettled
			switch {
			case code == KanaSeparator, code == KanaDash && vowel == 0:
			case code == KanaDash, code < kanaNone && vowel != 0 && lengthens(vowel, code):
				step = weakStep(KanaDash) << 4
			case code >= kanaNone:
				step = weakStep(code) << 4
			default:
				folded := kanaWeak[code]
				if folded != 'フ'-KanaBase && folded != 'テ'-KanaBase && (folded != 'シ'-KanaBase || vowel != 0) {
					step = weakStep(folded)<<4 | weakStep(weakVowelOf[folded])
				}
			}
			weakSteps[at][c] = step
		}
	}
}

// AppendWeakKana appends the weak fold of strong codes to dst, which may be
// strong[:0]: the fold is never ahead of what it reads.
func AppendWeakKana(dst, strong []byte) []byte {
	start := len(dst) // where the current word begins in dst
	vowel := byte(0)  // the vowel that the next code could lengthen, in weakVowels
	for i := 0; i < len(strong); i++ {
		step := weakSteps[vowel&7][strong[i]]
		if step&weakUnsettled == 0 {
			dst = append(dst, byte(step>>4))
			vowel = byte(step & 7)
			continue
		}
		switch c := strong[i]; c {
		case KanaDash: // lengthens nothing
		case KanaSeparator:
			dst = append(dst, c)
			vowel = 0
			start = len(dst)
		default:
			var next, after byte
			if i+1 < len(strong) {
				next = strong[i+1]
			}
			if i+2 < len(strong) {
				after = strong[i+2]
			}
			folded, both := foldForeign(c, next, after, len(dst) == start)
			if both {
				i++
			}
			dst = append(dst, folded)
			vowel = weakVowelOf[folded]
		}
	}
	return dst
}

// foldForeign is the weak fold of フ, シ and テ and what is voiced from them, and
// tells whether the next code is in it.
func foldForeign(c, next, after byte, begins bool) (folded byte, both bool) {
	folded = kanaWeak[c]
	switch {
	case folded == 'フ'-KanaBase && kanaWeakF[next&0x7F] != 0 && next < kanaNone: // ファ ヴァ to ハ
		return kanaWeakF[next], true
	case folded == 'シ'-KanaBase && next == kanaE && begins: // ジェームス, ゼームス
		return 'セ' - KanaBase, true
	case folded == 'テ'-KanaBase && next == kanaI && foreignAfter(after): // ティーナ, チーナ
		if c == 'デ'-KanaBase {
			return 'シ' - KanaBase, true
		}
		return 'チ' - KanaBase, true
	}
	return folded, false
}

// lengthens tells whether c after a kana with this vowel is commonly read or
// written as a long vowel.
func lengthens(vowel, c byte) bool {
	return c == vowel || vowel == kanaO && c == kanaU || vowel == kanaE && c == kanaI
}

// foreignAfter: what follows テイ or デイ only where they stand for ティ, ディ.
func foreignAfter(c byte) bool {
	return c == KanaDash || c == kanaN || c == kanaA || c == kanaE || c == kanaO
}
