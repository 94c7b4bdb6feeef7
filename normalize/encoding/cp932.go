package encoding

import (
	"encoding/binary"
	"math/bits"
	"unicode/utf8"
)

// User-defined characters: lead bytes F0–F9 with 188 trail bytes each stand
// for U+E000–U+E757, as on Windows. What they look like only their owner knows.
const (
	userDefinedFirst = 0xE000
	userDefinedLast  = 0xE757
	trailsPerLead    = 188
)

// highBits marks the bytes of a word that are not ASCII.
const highBits = 0x8080808080808080

const replacement = "\uFFFD"

// packed is the UTF-8 form of one character: its bytes in the order of memory
// in the low three bytes, its length in the top one. Zero means no character.
type packed uint32

// AppendUTF8 appends CP932 text as UTF-8. Bytes that are no CP932 character
// become U+FFFD each and are counted. Both codes of 髙 and of the other
// characters that Windows holds twice are read; user-defined characters become
// U+E000–U+E757.
func AppendUTF8(dst, cp932 []byte) (out []byte, undecodable int) {
	tables := &decoding
	// Three bytes out for one byte in is the most that can happen; up to eight
	// are written at a time.
	need := len(dst) + 3*len(cp932) + 8
	if cap(dst) < need {
		grown := make([]byte, len(dst), need)
		copy(grown, dst)
		dst = grown
	}
	buf := dst[:cap(dst)]
	at, i := len(dst), 0
	for i < len(cp932) {
		lead := cp932[i]
		if lead < 0x80 {
			if i+8 <= len(cp932) {
				word := binary.LittleEndian.Uint64(cp932[i:])
				binary.LittleEndian.PutUint64(buf[at:at+8], word)
				ascii := 8
				if word&highBits != 0 {
					ascii = bits.TrailingZeros64(word&highBits) >> 3
				}
				at += ascii
				i += ascii
				continue
			}
			buf[at] = lead
			at++
			i++
			continue
		}
		if i+1 < len(cp932) {
			if p := tables.double[int(lead&0x7F)<<8|int(cp932[i+1])]; p != 0 {
				binary.LittleEndian.PutUint32(buf[at:at+4], uint32(p))
				// Nearly all take three bytes; a branch that is predicted does
				// not make the next character wait for this one's length.
				if p>>24 == 3 {
					at += 3
				} else {
					at += int(p >> 24)
				}
				i += 2
				continue
			}
		}
		p := tables.single[lead]
		if p == 0 {
			at += copy(buf[at:], replacement)
			undecodable++
			i++
			continue
		}
		binary.LittleEndian.PutUint32(buf[at:at+4], uint32(p))
		at += int(p >> 24)
		i++
	}
	return buf[:at], undecodable
}

// AppendCP932 appends UTF-8 text as CP932 the way Windows writes it: 髙 is
// FBFC, and the second Unicode forms of 〜 − ― ‖ ¢ £ ¬ ¦ ¥ ‾ find their byte.
// Every other character that CP932 lacks becomes 〓 and is counted; a variation
// selector is dropped, and counted too, because its base character remains.
func AppendCP932(dst, text []byte) (out []byte, replaced int) {
	codes := encodingTable()
	out = dst
	previous := rune(0)
	for i := 0; i < len(text); {
		if i+8 <= len(text) && binary.LittleEndian.Uint64(text[i:])&highBits == 0 {
			out = append(out, text[i:i+8]...)
			i += 8
			previous = 0
			continue
		}
		if text[i] < 0x80 {
			out = append(out, text[i])
			i++
			previous = 0
			continue
		}
		r, size := utf8.DecodeRune(text[i:])
		i += size
		var code uint16
		if r <= 0xFFFF {
			code = codes[r]
		}
		switch {
		case code > 0xFF:
			out = append(out, byte(code>>8), byte(code))
		case code != 0:
			out = append(out, byte(code))
		case r == 0x3099 || r == 0x309A:
			// A separate voicing mark: Windows has no byte for it, but the
			// composed kana has one.
			if voiced := composeVoicing(previous, r); voiced != 0 {
				out = append(out[:len(out)-2], byte(codes[voiced]>>8), byte(codes[voiced]))
			} else {
				out = append(out, voicingMark(r)...)
			}
		case isSelector(r):
			replaced++
		default:
			out = append(out, 0x81, 0xAC) // 〓
			replaced++
		}
		previous = r
	}
	return out, replaced
}

func isSelector(r rune) bool {
	return r >= 0xFE00 && r <= 0xFE0F || r >= 0xE0100 && r <= 0xE01EF
}

func voicingMark(r rune) []byte {
	if r == 0x3099 {
		return []byte{0x81, 0x4A} // ゛
	}
	return []byte{0x81, 0x4B} // ゜
}

// composeVoicing joins a full-width kana and a voicing mark; zero when they
// make no character of CP932.
func composeVoicing(kana, mark rune) rune {
	hiragana := kana >= 0x3041 && kana <= 0x3096
	if hiragana {
		kana += 0x60
	}
	row := kana >= 'ハ' && kana <= 'ホ' && (kana-'ハ')%3 == 0
	voiced := rune(0)
	switch {
	case mark == 0x309A && row:
		voiced = kana + 2
	case mark == 0x309A:
	case kana == 'ウ':
		return 'ヴ' // also of う: CP932 has no ゔ
	case row, kana >= 'カ' && kana <= 'チ' && (kana-'カ')%2 == 0, kana >= 'ツ' && kana <= 'ト' && (kana-'ツ')%2 == 0:
		voiced = kana + 1
	}
	if hiragana && voiced != 0 {
		voiced -= 0x60
	}
	return voiced
}
