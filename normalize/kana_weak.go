package normalize

// The weak fold brings kana spellings together that are commonly confused
// though they are different sounds: long vowels however written, voicing, and
// the ways in which foreign sounds are put into kana. Equal weak keys mean
// "confusable", never "the same".

var (
	kanaVowel [0x60]byte // the vowel a kana ends in, as the code of アイウエオ
	kanaWeak  [0x60]byte // code without voicing
	kanaWeakF [0x80]byte // by vowel: what フ and the vowel become
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
}

// AppendWeakKana appends the weak fold of strong codes to dst.
func AppendWeakKana(dst, strong []byte) []byte {
	start := len(dst) // where the current word begins in dst
	vowel := byte(0)  // the vowel that the next code could lengthen
	for i := 0; i < len(strong); i++ {
		c := strong[i]
		switch {
		case c == KanaDash:
			if vowel != 0 {
				dst = append(dst, KanaDash)
				vowel = 0
			}
			continue
		case c >= kanaNone || c == KanaSeparator:
			dst = append(dst, c)
			vowel = 0
			if c == KanaSeparator {
				start = len(dst)
			}
			continue
		case vowel != 0 && lengthens(vowel, c):
			dst = append(dst, KanaDash)
			vowel = 0
			continue
		}
		var next, after byte
		if i+1 < len(strong) {
			next = strong[i+1]
		}
		if i+2 < len(strong) {
			after = strong[i+2]
		}
		folded := kanaWeak[c]
		switch {
		case folded == 'フ'-KanaBase && kanaWeakF[next&0x7F] != 0 && next < kanaNone: // ファ ヴァ to ハ
			folded = kanaWeakF[next]
			i++
		case folded == 'シ'-KanaBase && next == kanaE && len(dst) == start: // ジェームス, ゼームス
			folded = 'セ' - KanaBase
			i++
		case folded == 'テ'-KanaBase && next == kanaI && foreignAfter(after): // ティーナ, チーナ
			if c == 'デ'-KanaBase {
				folded = 'シ' - KanaBase
			} else {
				folded = 'チ' - KanaBase
			}
			i++
		}
		dst = append(dst, folded)
		vowel = kanaVowel[folded]
	}
	return dst
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
