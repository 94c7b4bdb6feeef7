package model

import "math/bits"

// Symbols are the kana that the strong fold leaves, numbered without gaps so
// that trigram tables stay small and eight of them fit into one word.
const (
	symbolEdge = 0  // before the first and after the last kana
	symbolAny  = 70 // a wildcard or a sign that is no kana; as a context, any kana
	symbols    = 71
)

const foldedKana = "アイウエオカガキギクグケゲコゴサザシジスズセゼソゾタダチツテデトド" +
	"ナニヌネノハバパヒビピフブプヘベペホボポマミムメモヤユヨラリルレロワンヴ"

const (
	kanaBase = 0x30A0
	kanaDash = 0x5C
)

// symbolOf maps kana codes to symbols.
var symbolOf = func() (table [256]uint8) {
	for i := range table {
		table[i] = symbolAny
	}
	next := uint8(1)
	for _, r := range foldedKana {
		table[r-kanaBase] = next
		next++
	}
	return table
}()

// KanaOf is the kana code of a symbol.
func KanaOf(symbol uint8) byte {
	if symbol == symbolEdge || symbol >= symbolAny {
		return 0xFF
	}
	return kanaOfSymbol[symbol-1]
}

var kanaOfSymbol = func() (codes []byte) {
	for _, r := range foldedKana {
		codes = append(codes, byte(r-kanaBase))
	}
	return codes
}()

// longVowel maps a symbol to the symbol that a dash after it stands for.
var longVowel = func() (table [symbols]uint8) {
	rows := []struct{ row, vowel string }{
		{"アカガサザタダナハバパマヤラワ", "ア"},
		{"イキギシジチニヒビピミリエケゲセゼテデネヘベペメレ", "イ"},
		{"ウクグスズツヌフブプムユルヴオコゴソゾトドノホボポモヨロ", "ウ"},
	}
	for i := range table {
		table[i] = symbolAny
	}
	for _, row := range rows {
		vowel := symbolOf[[]rune(row.vowel)[0]-kanaBase]
		for _, r := range row.row {
			table[symbolOf[r-kanaBase]] = vowel
		}
	}
	return table
}()

// Symbols writes the symbols of kana codes into dst and returns how many there
// are, or -1 when they do not fit. A dash becomes the vowel it lengthens.
func Symbols(dst []uint8, kana []byte) int {
	if len(kana) > len(dst) {
		return -1
	}
	for i, code := range kana {
		symbol := symbolOf[code]
		if code == kanaDash && i > 0 {
			symbol = longVowel[dst[i-1]]
		}
		dst[i] = symbol
	}
	return len(kana)
}

// A chunk packs up to eight symbols, seven bits each, the first lowest.
const (
	chunkMax   = 8
	symbolBits = 7
)

// Pack makes a chunk of at most eight symbols.
func Pack(s []uint8) uint64 {
	var chunk uint64
	for i, symbol := range s {
		chunk |= uint64(symbol) << (symbolBits * i)
	}
	return chunk
}

// Unpack is the inverse of [Pack].
func Unpack(chunk uint64) []uint8 {
	s := make([]uint8, 0, chunkMax)
	for ; chunk != 0; chunk >>= symbolBits {
		s = append(s, uint8(chunk&(1<<symbolBits-1)))
	}
	return s
}

func chunkLen(chunk uint64) int { return (bits.Len64(chunk) + symbolBits - 1) / symbolBits }

// chunkMask covers the first n symbols of a chunk.
var chunkMask = func() (masks [chunkMax + 1]uint64) {
	for n := range masks {
		masks[n] = 1<<(symbolBits*n) - 1
	}
	return masks
}()
