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
	gather  = 0x0002040810204081
	topByte = 0xFF << 56
)

// window is how much text is searched before what was found is used, so that
// both stay in the nearest cache.
const window = 4096

// positions has room for everything that one window can hold, and for the
// surplus of [appendPositions].
type positions [window + 4]uint32

// either marks the bytes of a word that are one of two, given as words of eight
// equal bytes. A byte of a is zero where its high bit in (a&low7 + low7) | a
// stays zero.
func either(word, one, other uint64) uint64 {
	a, b := word^one, word^other
	return ^(((a & low7) + low7 | a) & ((b & low7) + low7 | b)) & highs
}

// findEither finds the bytes that are one of two, in order.
func findEither(text []byte, base uint32, one, other byte, out *positions) int {
	ones1, ones2 := uint64(one)*ones, uint64(other)*ones
	n, i := 0, 0
	for ; i+64 <= len(text); i += 64 {
		chunk := (*[64]byte)(text[i:])
		mask := uint64(0)
		for j := 0; j < 64; j += 8 {
			mask = mask>>8 | either(binary.LittleEndian.Uint64(chunk[j:j+8]), ones1, ones2)*gather&topByte
		}
		n = appendPositions(out, n, base+uint32(i), mask)
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
		chunk := (*[64]byte)(text[i:])
		mask := uint64(0)
		for j := 0; j < 64; j += 8 {
			word := binary.LittleEndian.Uint64(chunk[j : j+8])
			a, b, c := word^ones1, word^ones2, word^ones3
			found := ^(((a & low7) + low7 | a) & ((b & low7) + low7 | b) & ((c & low7) + low7 | c)) & highs
			mask = mask>>8 | found*gather&topByte
		}
		n = appendPositions(out, n, base+uint32(i), mask)
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
