package normalize

import "encoding/binary"

// ParsePostal reads a postal code in any width, with or without 〒 and hyphen.
// Six bare digits are taken for seven that lost a leading zero to a
// spreadsheet and noted [NoteLength]; old codes of three or five digits are
// noted and not kept. Runs of one repeated digit are placeholders.
func ParsePostal(raw []byte) (PostalCode, Notes) {
	if len(raw) == 8 && raw[3] == '-' {
		digits := uint64(binary.LittleEndian.Uint32(raw)&0xFFFFFF)<<8 | uint64(binary.LittleEndian.Uint32(raw[4:]))<<32 | '0'
		if areDigits(digits) {
			return checkPostal(eightDigits(digits), 0)
		}
	} else if len(raw) == 7 {
		digits := uint64(binary.LittleEndian.Uint32(raw))<<8 | uint64(binary.LittleEndian.Uint32(raw[3:]))<<32 | '0'
		if areDigits(digits) {
			return checkPostal(eightDigits(digits), 0)
		}
	}
	return parsePostalText(raw)
}

func parsePostalText(raw []byte) (PostalCode, Notes) {
	var notes Notes
	code, digits, unread := uint32(0), 0, false
	hyphenAfter := -1
	for i := 0; i < len(raw); {
		r, size, n := nextSign(raw, i)
		i += size
		notes |= n
		digit := -1
		if r >= '0' && r <= '9' {
			digit = int(r - '0')
		} else if d := kanjiDigit(r); d >= 0 && r != '○' && r != '◯' {
			digit, notes = d, notes|NoteKanjiNumerals
		}
		switch {
		case digit >= 0:
			if digits < 8 {
				code = code*10 + uint32(digit)
			}
			digits++
		case r == '-':
			hyphenAfter = digits
		case r == ' ' || r == '〒' || r == '〶' || r == '"' || r == '\'' || r == 'の' || r == 'ノ':
		case isPlaceholderSign(r):
			unread = true
		default:
			notes |= NoteCharacters
		}
	}
	switch {
	case unread:
		return 0, notes | NotePlaceholder
	case digits == 7:
		return checkPostal(code, notes)
	case digits == 6 && (hyphenAfter < 0 || hyphenAfter == 2):
		return checkPostal(code, notes|NoteLength)
	case digits == 0 && notes&NoteCharacters == 0:
		return 0, notes | NoteEmpty
	case code == 0 && digits > 0:
		return 0, notes | NoteDummy
	}
	return 0, notes | NoteLength
}

func checkPostal(code uint32, notes Notes) (PostalCode, Notes) {
	if code%1111111 == 0 { // 0000000, 1111111, … 9999999
		return 0, notes | NoteDummy
	}
	return PostalCode(code), notes
}
