package encoding

import "unicode/utf8"

// AppendUTF16 appends UTF-16 text, little-endian or big-endian, as UTF-8. It
// stops before a half character at the end of src and says how many bytes it
// read; the caller hands them in again with the bytes that follow. Lone
// surrogates become U+FFFD and are counted.
func AppendUTF16(dst, src []byte, bigEndian bool) (out []byte, read, undecodable int) {
	low, high := 0, 1
	if bigEndian {
		low, high = 1, 0
	}
	i := 0
	for ; i+2 <= len(src); i += 2 {
		unit := rune(src[i+low]) | rune(src[i+high])<<8
		switch {
		case unit < 0x80:
			dst = append(dst, byte(unit))
		case unit < 0xD800 || unit > 0xDFFF:
			dst = utf8.AppendRune(dst, unit)
		case unit > 0xDBFF: // a low surrogate without its high one
			dst = append(dst, replacement...)
			undecodable++
		default:
			if i+4 > len(src) {
				return dst, i, undecodable
			}
			next := rune(src[i+2+low]) | rune(src[i+2+high])<<8
			if next < 0xDC00 || next > 0xDFFF {
				dst = append(dst, replacement...)
				undecodable++
				continue
			}
			dst = utf8.AppendRune(dst, (unit-0xD800)<<10+(next-0xDC00)+0x10000)
			i += 2
		}
	}
	return dst, i, undecodable
}

// AppendValid appends text with every invalid byte replaced by U+FFFD, and
// counts them.
func AppendValid(dst, text []byte) (out []byte, undecodable int) {
	for i := 0; i < len(text); {
		if text[i] < utf8.RuneSelf {
			dst = append(dst, text[i])
			i++
			continue
		}
		r, size := utf8.DecodeRune(text[i:])
		if r == utf8.RuneError && size == 1 {
			dst = append(dst, replacement...)
			undecodable++
		} else {
			dst = append(dst, text[i:i+size]...)
		}
		i += size
	}
	return dst, undecodable
}
