package linkage

import (
	"github.com/himozuke/himozuke/normalize"
	"github.com/himozuke/himozuke/score"
)

// Names in Latin letters stand in bank rows as they are, or in kana that nobody
// can spell out from the letters. Few people bear each, so that the name by
// itself is a key, and so are the consonants that letters and kana share.

// latinOf is the name of a person in Latin letters, empty where it has none.
func latinOf(p *score.Person) *normalize.NameForm {
	if len(p.Name.Family) > 0 && isLatinLetter(p.Name.Family[0]) {
		return &p.Name
	}
	if len(p.Alias.Family) > 0 && isLatinLetter(p.Alias.Family[0]) {
		return &p.Alias
	}
	return nil
}

func isLatinLetter(c uint16) bool { return c >= 'A' && c <= 'Z' }

// latinWords hashes the words of a name, in whatever order they stand.
func latinWords(name *normalize.NameForm) (sum uint64) {
	word := uint64(0)
	for _, part := range [...][]uint16{name.Family, name.Given} {
		for _, c := range part {
			if isLatinLetter(c) {
				word = word*0x9E3779B97F4A7C15 + uint64(c)
			} else {
				sum, word = sum+score.Mix(word, 1), 0
			}
		}
		sum, word = sum+score.Mix(word, 1), 0
	}
	return sum
}

// consonants gathers the classes of consonants that are told apart: the rows of
// カ, of サ and タ, of ナ and マ, of ハ. Others are often silent, or vowels.
type consonants struct {
	word uint64
	n    int
}

const (
	rowNone = iota
	rowKa
	rowTa
	rowNa
	rowHa
)

// add appends a class unless it repeats the one before.
func (c *consonants) add(row uint64) {
	if row != rowNone && (c.n == 0 || c.word&7 != row) && c.n < 20 {
		c.word, c.n = c.word<<3|row, c.n+1
	}
}

// kanaRows is the class of each kana code.
var kanaRows = func() (rows [256]uint64) {
	for row, kana := range [...]string{rowKa: "カキクケコガギグゲゴ", rowTa: "サシスセソザジズゼゾタチツテトダヂヅデド",
		rowNa: "ナニヌネノマミムメモン", rowHa: "ハヒフヘホバビブベボパピプペポヴ"} {
		for _, r := range kana {
			rows[r-normalize.KanaBase] = uint64(row)
		}
	}
	return rows
}()

// consonantsKey is the blocking key of some consonants, zero for none.
func consonantsKey(word uint64) uint64 {
	if word == 0 {
		return 0
	}
	return score.Mix(word, 0x1A71) | 1
}

func kanaConsonants(parts ...[]byte) uint64 {
	var c consonants
	for _, kana := range parts {
		for _, code := range kana {
			c.add(kanaRows[code])
		}
	}
	return c.word
}

func latinConsonants(name *normalize.NameForm) uint64 {
	var c consonants
	for _, part := range [...][]uint16{name.Family, name.Given} {
		for i := range part {
			at := func(j int) uint16 {
				if j < 0 || j >= len(part) {
					return ' '
				}
				return part[j]
			}
			c.add(latinRow(at(i-1), at(i), at(i+1)))
		}
	}
	return c.word
}

// latinRow is the class of a letter between two others.
func latinRow(before, letter, after uint16) uint64 {
	soft := after == 'E' || after == 'I' || after == 'Y'
	switch letter {
	case 'K':
		return rowKa
	case 'C':
		if soft || after == 'H' {
			return rowTa
		}
		return rowKa
	case 'Q':
		if after == 'U' {
			return rowKa
		}
		return rowTa
	case 'G':
		switch {
		case before == 'N' && !isVowel(after):
			return rowNone
		case soft:
			return rowTa
		}
		return rowKa
	case 'D', 'J', 'S', 'T', 'X', 'Z':
		return rowTa
	case 'N':
		if after == 'G' && !isLatinLetter(before) {
			return rowNone // NGUYEN
		}
		return rowNa
	case 'M':
		return rowNa
	case 'B', 'F', 'P', 'V':
		return rowHa
	case 'H':
		if !isLatinLetter(before) || isVowel(before) && isVowel(after) {
			return rowHa
		}
	}
	return rowNone
}

func isVowel(c uint16) bool {
	return c == 'A' || c == 'E' || c == 'I' || c == 'O' || c == 'U' || c == 'Y'
}
