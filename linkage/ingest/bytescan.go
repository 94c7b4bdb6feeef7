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

// positions has room for everything that one window can hold, and for the
// surplus of [appendPositions].
type positions [window + 4]uint32

// either marks the bytes of a word that are one of two ASCII bytes, given as
// words of eight equal bytes: the low seven bits of x are zero where the high
// bit of x + low7 stays zero, and high bits count against a byte.
func either(word, one, other uint64) uint64 {
	low := word & low7
	return ^(((low^one)+low7)&((low^other)+low7) | word) & highs
}

// special is either for three.
func special(word, one, other, third uint64) uint64 {
	low := word & low7
	return ^(((low^one)+low7)&((low^other)+low7)&((low^third)+low7) | word) & highs
}

// maskEither makes one bit of each of 64 bytes. It is a function of its own to
// have all registers to itself.
//
//go:noinline
func maskEither(chunk *[64]byte, one, other uint64) (mask uint64) {
	mask = either(binary.LittleEndian.Uint64(chunk[0:]), one, other) * gather >> 56
	mask |= either(binary.LittleEndian.Uint64(chunk[8:]), one, other) * gather >> 56 << 8
	mask |= either(binary.LittleEndian.Uint64(chunk[16:]), one, other) * gather >> 56 << 16
	mask |= either(binary.LittleEndian.Uint64(chunk[24:]), one, other) * gather >> 56 << 24
	mask |= either(binary.LittleEndian.Uint64(chunk[32:]), one, other) * gather >> 56 << 32
	mask |= either(binary.LittleEndian.Uint64(chunk[40:]), one, other) * gather >> 56 << 40
	mask |= either(binary.LittleEndian.Uint64(chunk[48:]), one, other) * gather >> 56 << 48
	mask |= either(binary.LittleEndian.Uint64(chunk[56:]), one, other) * gather >> 56 << 56
	return mask
}

//go:noinline
func maskSpecials(chunk *[64]byte, one, other, third uint64) (mask uint64) {
	mask = special(binary.LittleEndian.Uint64(chunk[0:]), one, other, third) * gather >> 56
	mask |= special(binary.LittleEndian.Uint64(chunk[8:]), one, other, third) * gather >> 56 << 8
	mask |= special(binary.LittleEndian.Uint64(chunk[16:]), one, other, third) * gather >> 56 << 16
	mask |= special(binary.LittleEndian.Uint64(chunk[24:]), one, other, third) * gather >> 56 << 24
	mask |= special(binary.LittleEndian.Uint64(chunk[32:]), one, other, third) * gather >> 56 << 32
	mask |= special(binary.LittleEndian.Uint64(chunk[40:]), one, other, third) * gather >> 56 << 40
	mask |= special(binary.LittleEndian.Uint64(chunk[48:]), one, other, third) * gather >> 56 << 48
	mask |= special(binary.LittleEndian.Uint64(chunk[56:]), one, other, third) * gather >> 56 << 56
	return mask
}

// findEither finds the bytes that are one of two, in order.
func findEither(text []byte, base uint32, one, other byte, out *positions) int {
	ones1, ones2 := uint64(one)*ones, uint64(other)*ones
	n, i := 0, 0
	for ; i+64 <= len(text); i += 64 {
		n = appendPositions(out, n, base+uint32(i), maskEither((*[64]byte)(text[i:]), ones1, ones2))
	}
	for ; i < len(text); i++ {
		if text[i] == one || text[i] == other {
			out[n] = base + uint32(i)
			n++
		}
	}
	return n
}

// findSpecials finds the bytes that are one of three, in order.
func findSpecials(text []byte, base uint32, one, other, third byte, out *positions) int {
	ones1, ones2, ones3 := uint64(one)*ones, uint64(other)*ones, uint64(third)*ones
	n, i := 0, 0
	for ; i+64 <= len(text); i += 64 {
		n = appendPositions(out, n, base+uint32(i), maskSpecials((*[64]byte)(text[i:]), ones1, ones2, ones3))
	}
	for ; i < len(text); i++ {
		if c := text[i]; c == one || c == other || c == third {
			out[n] = base + uint32(i)
			n++
		}
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
		four[0] = base + uint32(bits.TrailingZeros64(mask))
		mask &= mask - 1
		four[1] = base + uint32(bits.TrailingZeros64(mask))
		mask &= mask - 1
		four[2] = base + uint32(bits.TrailingZeros64(mask))
		mask &= mask - 1
		four[3] = base + uint32(bits.TrailingZeros64(mask))
		mask &= mask - 1
	}
	return n + count
}

// indexEither finds the first byte that is one of two, or the end of the text.
func indexEither(text []byte, one, other byte) int {
	ones1, ones2 := uint64(one)*ones, uint64(other)*ones
	i := 0
	for ; i+8 <= len(text); i += 8 {
		if found := either(binary.LittleEndian.Uint64(text[i:]), ones1, ones2); found != 0 {
			return i + bits.TrailingZeros64(found)>>3
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
