package ingest

import (
	"encoding/binary"
	"math/bits"
)

// The loops here look at eight bytes at a time as one number.
const (
	low7  = 0x7F7F7F7F7F7F7F7F
	ones  = 0x0101010101010101
	highs = 0x8080808080808080
	// gather, as a factor, brings the high bits of eight bytes together in the
	// top byte of the product.
	gather = 0x0002040810204081
)

// window is how much text is searched before what was found is used, so that
// both stay in the nearest cache.
const window = 4096

// surplus is what [appendSpans] and [appendPositions] may write behind what
// they found.
const surplus = 4

// positions has room for everything that one window can hold.
type positions [window + surplus]uint32

// clearEither leaves the high bit of every byte of a word clear that is one of
// two ASCII bytes, given as words of eight equal bytes: the low seven bits of x
// are zero where the high bit of x + low7 stays zero, and high bits count
// against a byte.
func clearEither(word, one, other uint64) uint64 {
	low := word & low7
	return (((low^one)+low7)&((low^other)+low7) | word) & highs
}

// maskEither makes one bit of each of 64 bytes, set where it is one of two. It
// is a function of its own to have all registers to itself.
//
//go:noinline
func maskEither(chunk *[64]byte, one, other uint64) (mask uint64) {
	mask = clearEither(binary.LittleEndian.Uint64(chunk[0:]), one, other) * gather >> 56
	mask |= clearEither(binary.LittleEndian.Uint64(chunk[8:]), one, other) * gather >> 56 << 8
	mask |= clearEither(binary.LittleEndian.Uint64(chunk[16:]), one, other) * gather >> 56 << 16
	mask |= clearEither(binary.LittleEndian.Uint64(chunk[24:]), one, other) * gather >> 56 << 24
	mask |= clearEither(binary.LittleEndian.Uint64(chunk[32:]), one, other) * gather >> 56 << 32
	mask |= clearEither(binary.LittleEndian.Uint64(chunk[40:]), one, other) * gather >> 56 << 40
	mask |= clearEither(binary.LittleEndian.Uint64(chunk[48:]), one, other) * gather >> 56 << 48
	mask |= clearEither(binary.LittleEndian.Uint64(chunk[56:]), one, other) * gather >> 56 << 56
	return ^mask
}

// masks are those of one window: a bit for every byte.
type masks [window / 64]uint64

// find sets the bits of the bytes that are one of two, neither of them zero, in
// a text of at most a window.
func (m *masks) find(text []byte, one, other byte) {
	whole := len(text) / 64
	if vector && whole > 0 {
		maskBlocks(&text[0], whole, one, other, &m[0])
	} else {
		for i := range whole {
			m[i] = maskEither((*[64]byte)(text[64*i:]), uint64(one)*ones, uint64(other)*ones)
		}
	}
	if rest := text[64*whole:]; len(rest) > 0 {
		var last [64]byte
		copy(last[:], rest)
		m[whole] = maskEither(&last, uint64(one)*ones, uint64(other)*ones)
	}
}

// findEither finds the bytes that are one of two, in order.
func findEither(text []byte, base uint32, one, other byte, out *positions) int {
	var m masks
	m.find(text, one, other)
	n := 0
	for _, mask := range m[:(len(text)+63)/64] {
		n = appendPositions(out, n, base, mask)
		base += 64
	}
	return n
}

// appendPositions writes the positions of the set bits of a mask, four at a
// time whether there are as many or not: a needless write costs less than a
// branch that is predicted wrongly.
func appendPositions(out *positions, n int, base uint32, mask uint64) int {
	count := bits.OnesCount64(mask)
	for at := n; at < n+count; at += 4 {
		four := (*[4]uint32)(out[at:])
		for i := range four {
			four[i] = base + uint32(bits.TrailingZeros64(mask))
			mask &= mask - 1
		}
	}
	return n + count
}

// appendSpans writes the fields that end at the set bits of a mask, the first
// of which begins at start, and returns how many there are then and where the
// next one begins. It needs room for [surplus] more.
func appendSpans(out []span, n int, start, base uint32, mask uint64) (int, uint32) {
	if mask == 0 {
		return n, start
	}
	count, next := bits.OnesCount64(mask), base+uint32(bits.Len64(mask))
	for at := n; at < n+count; at += 4 {
		four := (*[4]span)(out[at:])
		end := base + uint32(bits.TrailingZeros64(mask))
		mask &= mask - 1
		four[0] = span{start, end}
		start = end + 1
		end = base + uint32(bits.TrailingZeros64(mask))
		mask &= mask - 1
		four[1] = span{start, end}
		start = end + 1
		end = base + uint32(bits.TrailingZeros64(mask))
		mask &= mask - 1
		four[2] = span{start, end}
		start = end + 1
		end = base + uint32(bits.TrailingZeros64(mask))
		mask &= mask - 1
		four[3] = span{start, end}
		start = end + 1
	}
	return n + count, next
}

// findFields appends the fields that end in text, which has no quotes and
// begins at base; start is where the first of them does.
func findFields(out []span, n int, text []byte, start, base uint32, comma byte) (int, uint32) {
	var m masks
	m.find(text, comma, '\n')
	for _, mask := range m[:(len(text)+63)/64] {
		n, start = appendSpans(out, n, start, base, mask)
		base += 64
	}
	return n, start
}

// quoting follows the quotes of text that is searched from front to back, as
// long as they are in order: a quote opens where a field begins, and closes
// before its end. Then a byte is inside quotes if the number of quotes before
// it is odd; the two that stand for one close and open again.
type quoting struct {
	comma   byte
	inside  uint64 // all ones inside quotes
	edge    uint64 // 1 if a quote may open: behind a delimiter or a closing quote
	closed  uint64 // 1 behind a closing quote
	doubled bool   // two quotes have stood for one
}

func newQuoting(comma byte) quoting { return quoting{comma: comma, edge: 1} }

// find marks the bytes of the window at from that end a field. ok is false when
// the quotes are out of order; atEnd tells that nothing follows data.
func (q *quoting) find(data []byte, from int, atEnd bool, delimiters *masks) (ok bool) {
	text := data[from:min(from+window, len(data))]
	var quotes masks
	delimiters.find(text, q.comma, '\n')
	quotes.find(text, '"', '"')
	for i := range (len(text) + 63) / 64 {
		if delimiters[i], ok = q.delimiters(delimiters[i], quotes[i], data, from+64*i, atEnd); !ok {
			return false
		}
	}
	return true
}

// delimiters is find for the 64 bytes at a place.
func (q *quoting) delimiters(mask, quotes uint64, data []byte, at int, atEnd bool) (uint64, bool) {
	if quotes == 0 && q.inside|q.closed == 0 {
		q.edge = mask >> 63
		return mask, true
	}
	open := prefixXOR(quotes) ^ q.inside // inside, with the opening and without the closing quote
	opening, closing := quotes&open, quotes&^open
	behind := closing<<1 | q.closed
	ok := opening&^(mask<<1|q.edge|behind) == 0
	for odd := behind &^ (mask | quotes); odd != 0 && ok; odd &= odd - 1 {
		i := at + bits.TrailingZeros64(odd)
		ok = i >= len(data) || data[i] == '\r' && (i+1 < len(data) && data[i+1] == '\n' || i+1 == len(data) && atEnd)
	}
	q.doubled = q.doubled || opening&behind != 0
	q.inside = uint64(int64(open) >> 63)
	q.edge, q.closed = mask>>63, closing>>63
	return mask &^ open, ok
}

// prefixXOR sets every bit to the parity of the bits up to it.
func prefixXOR(x uint64) uint64 {
	x ^= x << 1
	x ^= x << 2
	x ^= x << 4
	x ^= x << 8
	x ^= x << 16
	return x ^ x<<32
}

// indexEither finds the first byte that is one of two, or the end of the text.
func indexEither(text []byte, one, other byte) int {
	ones1, ones2 := uint64(one)*ones, uint64(other)*ones
	i := 0
	for ; i+8 <= len(text); i += 8 {
		if clear := clearEither(binary.LittleEndian.Uint64(text[i:]), ones1, ones2); clear != highs {
			return i + bits.TrailingZeros64(clear^highs)>>3
		}
	}
	for ; i < len(text) && text[i] != one && text[i] != other; i++ {
	}
	return i
}

func isASCII(text []byte) bool {
	i := 0
	for ; i+8 <= len(text); i += 8 {
		if binary.LittleEndian.Uint64(text[i:])&highs != 0 {
			return false
		}
	}
	for ; i < len(text); i++ {
		if text[i] >= 0x80 {
			return false
		}
	}
	return true
}
