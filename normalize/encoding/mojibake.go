package encoding

import (
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/japanese"
)

// Mojibake recognizes text that some program on the way read in the wrong
// encoding: it turns the sample back into the bytes that program saw and looks
// whether they make Japanese in another encoding. kind says what happened, for
// example "utf-8 read as cp932". Hand it the fields of one column: a garbled
// column beside sound ones is not recognized in a sample of both.
func Mojibake(sample []byte) (kind string, ok bool) {
	if lost(sample) {
		return "cp932 read as utf-8", true
	}
	if bytes := latinBytes(sample); bytes != nil {
		if japanese := countJapanese(bytes); japanese.convincing() {
			return "utf-8 read as latin-1", true
		}
		text, undecodable := AppendUTF8(nil, bytes)
		japanese := countJapanese(text)
		japanese.other += undecodable
		if japanese.convincing() {
			return "cp932 read as latin-1", true
		}
		return "", false
	}
	bytes, _ := AppendCP932(nil, sample)
	if japanese := countJapanese(bytes); japanese.convincing() {
		return "utf-8 read as cp932", true
	}
	if halfWidth(sample) {
		text, _ := japanese.EUCJP.NewDecoder().Bytes(bytes)
		// Half-width kana that are meant make kanji at random, hardly kana.
		if japanese := countJapanese(text); japanese.convincing() && japanese.kana*4 > japanese.all {
			return "euc-jp read as cp932", true
		}
	}
	return "", false
}

// tally counts the characters beyond ASCII.
type tally struct{ all, kana, other int }

func (t tally) convincing() bool { return t.all >= 3 && t.other*4 <= t.all }

// countJapanese counts kana and kanji; bytes that are no UTF-8 and characters
// that Japanese text seldom holds count as other.
func countJapanese(text []byte) (t tally) {
	for len(text) > 0 {
		r, size := utf8.DecodeRune(text)
		text = text[size:]
		switch {
		case r < utf8.RuneSelf:
		case r == utf8.RuneError:
			t.other++
		case r >= 'ぁ' && r <= 'ヿ', r >= '｡' && r <= 'ﾟ':
			t.kana++
			t.all++
		case r >= 0x3000 && r <= 0x303F, r >= 0x4E00 && r <= 0x9FFF, r >= 0xF900 && r <= 0xFAFF, r >= 0xFF01 && r <= 0xFF5E:
			t.all++
		default:
			t.other++
		}
	}
	return t
}

// lost tells whether nearly all that was beyond ASCII became U+FFFD.
func lost(sample []byte) bool {
	replaced, others := 0, 0
	for _, r := range string(sample) {
		switch {
		case r == utf8.RuneError:
			replaced++
		case r >= utf8.RuneSelf:
			others++
		}
	}
	return replaced >= 3 && replaced > 4*others
}

// latinBytes gives the bytes of a sample whose characters are all of
// Windows-1252 or Latin-1, with some beyond ASCII; else nil.
func latinBytes(sample []byte) []byte {
	var bytes []byte
	beyond := false
	for _, r := range string(sample) {
		b, ok := charmap.Windows1252.EncodeRune(r)
		switch {
		case ok:
		case r >= 0x80 && r <= 0x9F:
			b = byte(r)
		case r == utf8.RuneError:
			b = 0x81 // one of five bytes that Windows-1252 lacks, the likeliest
		default:
			return nil
		}
		beyond = beyond || b >= 0x80
		bytes = append(bytes, b)
	}
	if !beyond {
		return nil
	}
	return bytes
}

// halfWidth tells whether most of what is beyond ASCII is half-width kana.
func halfWidth(sample []byte) bool {
	half, others := 0, 0
	for _, r := range string(sample) {
		switch {
		case r >= '｡' && r <= 'ﾟ':
			half++
		case r >= utf8.RuneSelf:
			others++
		}
	}
	return half > others
}
