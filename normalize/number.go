package normalize

import "bytes"

// A Number is a personal number of some [Scheme], packed so that equal numbers
// are equal and no digit is lost. Zero is no number.
type Number uint64

// A Scheme is one kind of personal number. It has no state.
type Scheme interface {
	// Name is the scheme's name in the configuration.
	Name() string
	// Parse reads one number as written. It is false when the text is no
	// number of the scheme; the notes say why.
	Parse(raw []byte) (Number, Notes, bool)
	// Append writes the number in its canonical form.
	Append(dst []byte, n Number) []byte
	// AppendSlips lists the valid numbers that one mistyped digit or one
	// exchange of neighbouring digits away from n, each once.
	AppendSlips(dst []Number, n Number) []Number
}

var schemes = [...]Scheme{MyNumber{}, Isikukood{}, Generic{}}

// SchemeByName finds a scheme: jp-mynumber, ee-isikukood or generic.
func SchemeByName(name string) (Scheme, bool) {
	for _, s := range schemes {
		if s.Name() == name {
			return s, true
		}
	}
	return nil, false
}

// SchemeNames lists the schemes for help texts and errors.
func SchemeNames() []string {
	names := make([]string, len(schemes))
	for i, s := range schemes {
		names[i] = s.Name()
	}
	return names
}

const maxDigits = 18 // what fits a Number with its length

// digitRun is the digits of one field, most significant first.
type digitRun struct {
	digit [maxDigits]uint8
	n     int // how many there were, also beyond maxDigits
	notes Notes
}

// read collects the digits of a field, passing over spaces, hyphens and the
// quotes that spreadsheets put around text. Other signs are noted.
func (d *digitRun) read(raw []byte) {
	for i := 0; i < len(raw); {
		c := raw[i]
		if c >= '0' && c <= '9' {
			d.add(c - '0')
			i++
			continue
		}
		r, size, n := nextSign(raw, i)
		i += size
		switch {
		case r >= '0' && r <= '9':
			d.notes |= n
			d.add(uint8(r - '0'))
		case r == ' ' || r == '-' || r == '\'' || r == '"' || r == '=':
			d.notes |= n
		case isPlaceholderSign(r):
			d.notes |= NotePlaceholder
		default:
			d.notes |= NoteCharacters
		}
	}
}

func (d *digitRun) add(v uint8) {
	if d.n < maxDigits {
		d.digit[d.n] = v
	}
	d.n++
}

func (d *digitRun) value() uint64 {
	v := uint64(0)
	for _, x := range d.digit[:min(d.n, maxDigits)] {
		v = v*10 + uint64(x)
	}
	return v
}

// repeated tells a run of one digit (000…, 999…), which is a placeholder.
func (d *digitRun) repeated() bool {
	for _, x := range d.digit[1:d.n] {
		if x != d.digit[0] {
			return false
		}
	}
	return true
}

// unreadable is the common part of every Parse: what makes a field no number
// before its digits are looked at.
func (d *digitRun) unreadable() bool {
	if d.n == 0 && d.notes&(NoteCharacters|NotePlaceholder) == 0 {
		d.notes |= NoteEmpty
	}
	return d.n == 0 || d.notes&(NoteCharacters|NotePlaceholder) != 0
}

func appendPadded(dst []byte, v uint64, width int) []byte {
	var text [20]byte
	i := len(text)
	for v > 0 || width > 0 {
		i--
		text[i] = '0' + byte(v%10)
		v /= 10
		width--
	}
	return append(dst, text[i:]...)
}

// appendSlips tries every substitution of one digit and every exchange of
// neighbours among the lowest width digits of v.
func appendSlips(dst []Number, v uint64, width int, valid func(uint64) bool) []Number {
	unit := uint64(1)
	for range width {
		digit := v / unit % 10
		for other := range uint64(10) {
			if s := v - digit*unit + other*unit; other != digit && valid(s) {
				dst = append(dst, Number(s))
			}
		}
		unit *= 10
	}
	unit = 1
	for range width - 1 {
		low, high := v/unit%10, v/(unit*10)%10
		if low != high {
			s := v - low*unit - high*unit*10 + high*unit + low*unit*10
			if valid(s) {
				dst = append(dst, Number(s))
			}
		}
		unit *= 10
	}
	return dst
}

// Generic is any run of up to 18 digits without a check digit. Leading zeros
// are kept, since numbers collide when they are lost.
type Generic struct{}

// Name implements [Scheme].
func (Generic) Name() string { return "generic" }

// Parse implements [Scheme].
func (Generic) Parse(raw []byte) (Number, Notes, bool) {
	var d digitRun
	d.read(raw)
	if d.unreadable() {
		return 0, d.notes, false
	}
	if d.n > maxDigits {
		return 0, d.notes | NoteLength, false
	}
	// A one before the digits keeps their count.
	return Number(powersOfTen[d.n] + d.value()), d.notes, true
}

// Append implements [Scheme].
func (Generic) Append(dst []byte, n Number) []byte {
	width := genericWidth(n)
	return appendPadded(dst, uint64(n)-powersOfTen[width], width)
}

// AppendSlips implements [Scheme].
func (Generic) AppendSlips(dst []Number, n Number) []Number {
	return appendSlips(dst, uint64(n), genericWidth(n), func(uint64) bool { return true })
}

func genericWidth(n Number) int {
	width := 0
	for width < maxDigits && uint64(n) >= 2*powersOfTen[width] {
		width++
	}
	return width
}

var powersOfTen = func() (p [maxDigits + 1]uint64) {
	p[0] = 1
	for i := 1; i < len(p); i++ {
		p[i] = 10 * p[i-1]
	}
	return p
}()

// NumberResult is one number as `normalize number` prints it.
type NumberResult struct {
	Input  string   `json:"input"`
	Scheme string   `json:"scheme"`
	Number string   `json:"number"` // canonical form; empty when not valid
	Valid  bool     `json:"valid"`
	Notes  []string `json:"notes"`
}

// NormalizeNumber checks one number against a scheme.
func NormalizeNumber(s string, scheme Scheme) NumberResult {
	n, notes, ok := scheme.Parse(bytes.TrimSpace([]byte(s)))
	r := NumberResult{Input: s, Scheme: scheme.Name(), Valid: ok, Notes: notes.Names()}
	if ok {
		r.Number = string(scheme.Append(nil, n))
	}
	return r
}

// areDigits tells whether the eight bytes of a word are ASCII digits.
func areDigits(x uint64) bool {
	const high = 0xF0F0F0F0F0F0F0F0
	return (x&high | (x+0x0606060606060606)&high>>4) == 0x3333333333333333
}

// eightDigits is the value of eight ASCII digits, the first in the lowest byte:
// neighbours are put together, then pairs, then fours.
func eightDigits(x uint64) uint32 {
	x = x & 0x0F0F0F0F0F0F0F0F * (10<<8 | 1) >> 8
	x = x & 0x00FF00FF00FF00FF * (100<<16 | 1) >> 16
	return uint32(x & 0x0000FFFF0000FFFF * (10_000<<32 | 1) >> 32)
}

// fourDigits is the same for four.
func fourDigits(x uint32) uint32 {
	x = x & 0x0F0F0F0F * (10<<8 | 1) >> 8
	return x & 0x00FF00FF * (100<<16 | 1) >> 16
}
