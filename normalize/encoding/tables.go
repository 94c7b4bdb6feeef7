package encoding

import (
	"sync"
	"unicode/utf8"

	"golang.org/x/text/encoding/japanese"
)

// decodingTables maps CP932 bytes to UTF-8: one byte, or the low seven bits of
// a lead byte and its trail byte.
type decodingTables struct {
	single [256]packed
	double [128 * 256]packed
}

// pair is the place of a two-byte code.
func pair(lead, trail int) int { return lead&0x7F<<8 | trail }

// decoding is filled when the package is loaded: about 11,000 characters out
// of x/text, which is right about all of CP932 but the user-defined ones.
var decoding = makeDecoding()

func makeDecoding() (t decodingTables) {
	for c := 0xA1; c <= 0xDF; c++ {
		t.single[c] = pack(rune(0xFF61 + c - 0xA1))
	}
	t.single[0x80] = pack(0x80)
	decoder := japanese.ShiftJIS.NewDecoder()
	var src [2]byte
	var dst [8]byte
	for lead := 0x81; lead <= 0xFC; lead++ {
		if lead >= 0xA0 && lead <= 0xDF {
			continue
		}
		for trail := 0x40; trail <= 0xFC; trail++ {
			if trail == 0x7F {
				continue
			}
			if lead >= 0xF0 && lead <= 0xF9 {
				r := userDefinedFirst + (lead-0xF0)*trailsPerLead + trailIndex(trail)
				t.double[pair(lead, trail)] = pack(rune(r))
				continue
			}
			src[0], src[1] = byte(lead), byte(trail)
			n, read, err := decoder.Transform(dst[:], src[:], true)
			if err != nil || read != 2 {
				continue
			}
			if r, size := utf8.DecodeRune(dst[:n]); r != utf8.RuneError && size == n {
				t.double[pair(lead, trail)] = pack(r)
			}
		}
	}
	return t
}

func trailIndex(trail int) int {
	if trail > 0x7F {
		trail--
	}
	return trail - 0x40
}

func pack(r rune) packed {
	var b [4]byte
	n := utf8.EncodeRune(b[:], r)
	return packed(uint32(b[0]) | uint32(b[1])<<8 | uint32(b[2])<<16 | uint32(n)<<24)
}

func (p packed) rune() rune {
	b := [3]byte{byte(p), byte(p >> 8), byte(p >> 16)}
	r, _ := utf8.DecodeRune(b[:p>>24])
	return r
}

// encodingTable maps code points to CP932, built at the first use. Where two
// codes stand for one character the later assignment wins, so the rows go from
// what Windows never writes to what it prefers: NEC selection of IBM
// extensions (ED, EE), IBM extensions (FA–FC), NEC row 13 (87), JIS X 0208.
var encodingTable = sync.OnceValue(func() *[1 << 16]uint16 {
	codes := new([1 << 16]uint16)
	add := func(first, last int) {
		for lead := first; lead <= last; lead++ {
			for trail := 0x40; trail <= 0xFC; trail++ {
				if p := decoding.double[pair(lead, trail)]; p != 0 {
					codes[p.rune()] = uint16(lead<<8 | trail)
				}
			}
		}
	}
	add(0xED, 0xEE)
	add(0xFA, 0xFC)
	add(0x87, 0x87)
	add(0x81, 0x84)
	add(0x88, 0x9F)
	add(0xE0, 0xEA)
	add(0xF0, 0xF9)
	for c, p := range decoding.single {
		if p != 0 {
			codes[p.rune()] = uint16(c)
		}
	}
	for r, code := range secondForms {
		codes[r] = code
	}
	return codes
})

// secondForms are characters that other systems assign to a byte code which
// Windows reads as another character.
var secondForms = map[rune]uint16{
	'〜': 0x8160, // U+301C; Windows reads ～ U+FF5E
	'−': 0x817C, // U+2212; Windows reads － U+FF0D
	'—': 0x815C, // U+2014; Windows reads ― U+2015
	'‖': 0x8161, // U+2016; Windows reads ∥ U+2225
	'¢': 0x8191,
	'£': 0x8192,
	'¬': 0x81CA,
	'¦': 0xFA55,
	'¥': 0x5C,
	'‾': 0x7E,
}
