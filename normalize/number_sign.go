package normalize

import "unicode/utf8"

// A sign is one character of a coded field (dates, numbers, postal codes)
// after its width and form are folded: digits and Latin letters are ASCII and
// upper case, every hyphen and minus is '-', every space ' '. Kanji numerals
// and all else stay what they are.
func nextSign(raw []byte, i int) (sign rune, size int, notes Notes) {
	c := raw[i]
	if c < utf8.RuneSelf {
		if 'a' <= c && c <= 'z' {
			c -= 'a' - 'A'
		} else if c < ' ' {
			c = ' '
		}
		return rune(c), 1, 0
	}
	r, size := utf8.DecodeRune(raw[i:])
	switch {
	case r >= 0xFF01 && r <= 0xFF5E:
		r -= 0xFF01 - '!'
		if 'a' <= r && r <= 'z' {
			r -= 'a' - 'A'
		}
		return r, size, NoteWidth
	case r == 0x3000 || r == 0xA0 || r == 0x202F || r >= 0x2000 && r <= 0x200A:
		return ' ', size, NoteWidth
	case r >= 0x2010 && r <= 0x2015, r == 0x2212, r == 0x30FC, r == 0xFF70, r == 0x2500, r == 0x2501, r == 0xFE63:
		return '-', size, NoteDash
	case r >= 0x200B && r <= 0x200F, r == 0xFEFF, r == 0x2060:
		return ' ', size, 0
	}
	return r, size, 0
}

// isPlaceholderSign tells the signs that stand for what nobody could read or
// did not know.
func isPlaceholderSign(r rune) bool {
	switch r {
	case '?', '*', 'X', '●', '○', '◯', '〓', '□', '■', '◆', '×', utf8.RuneError, '不', '詳', '未':
		return true
	}
	return r >= 0xE000 && r <= 0xF8FF
}

// kanjiDigit gives the value of a positional kanji numeral, or -1.
func kanjiDigit(r rune) int {
	switch r {
	case '〇', '零', '○', '◯':
		return 0
	case '一', '壱', '壹':
		return 1
	case '二', '弐', '貳':
		return 2
	case '三', '参', '參':
		return 3
	case '四', '肆':
		return 4
	case '五', '伍':
		return 5
	case '六', '陸':
		return 6
	case '七', '漆', '柒':
		return 7
	case '八', '捌':
		return 8
	case '九', '玖':
		return 9
	}
	return -1
}

// kanjiTens gives the value of a multiplying kanji numeral, or 0. The numerals
// 廿 and 卅 are 20 and 30 by themselves.
func kanjiTens(r rune) int {
	switch r {
	case '十', '拾':
		return 10
	case '百', '佰':
		return 100
	case '千', '仟', '阡':
		return 1000
	}
	return 0
}
