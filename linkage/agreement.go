package linkage

import "github.com/himozuke/himozuke/score"

// Most links agree with their holder in every field. All such pairs come to one
// comparison, whoever they are: it is made once, and the others are seen to be of
// that kind by their rows.

// fullAgreement is what a pair that agrees in all comes to: name in kanji and kana,
// birth date and address, and sex where it is known.
type fullAgreement struct {
	clears  bool // known by a pair that was compared
	pattern score.Pattern
}

// agreementOf finds the kind of a row and its holder, nil where something differs
// or is missing, or where it takes a closer look to tell.
func (v *verifier) agreementOf(links *segment, i int, people *segment, at int) *fullAgreement {
	x, y := &links.rows[i], &people.rows[at]
	if x.birth != y.birth || !isComplete(x.birth) || x.address.Town == 0 {
		return nil
	}
	sex := score.CompareSex(x.sex(), y.sex())
	if sex > score.Exact || score.CompareAddress(x.address, y.address, x.postal(), y.postal()) != score.Exact {
		return nil
	}
	if !sameFullNames(links, i, people, at) {
		return nil
	}
	return &v.agreements[sex]
}

// sameFullNames tells whether a record has the name of a person whose names are
// complete in kanji and kana, divided and legible, and nothing else beside them.
// The record's may be undivided: names stand in the arena without a space.
func sameFullNames(links *segment, i int, people *segment, at int) bool {
	const others = flagFormer | flagAlias
	x, y := &links.rows[i], &people.rows[at]
	if !y.has(flagNameSplit) || !y.has(flagKanaSplit) || x.has(others) || y.has(others) {
		return false
	}
	kanji, ok := sameLengths(x, y, 0, flagNameSplit)
	if !ok {
		return false
	}
	kana, ok := sameLengths(x, y, 2, flagKanaSplit)
	if !ok {
		return false
	}
	words := kanji + (kana+1)/2
	return sameLegible(links.arena[x.off:int(x.off)+words], people.arena[y.off:int(y.off)+words])
}

// sameLengths tells whether family and given name, the parts from first on, are as
// long as the person's, who has both, or as long together where they are undivided.
func sameLengths(record, person *row, first int, divided rowFlags) (sum int, ok bool) {
	family, given := person.length(first), person.length(first+1)
	if family == 0 || given == 0 {
		return 0, false
	}
	if record.has(divided) {
		return family + given, record.length(first) == family && record.length(first+1) == given
	}
	return family + given, record.length(first) == family+given && record.length(first+1) == 0
}

// sameLegible tells whether two texts are the same and no byte of them is that of
// a wildcard, in kanji or in kana.
func sameLegible(a, b []uint16) bool {
	const low, high = 0x0101010101010101, 0x8080808080808080
	for len(a) >= 4 && len(b) >= 4 {
		word := uint64(a[0]) | uint64(a[1])<<16 | uint64(a[2])<<32 | uint64(a[3])<<48
		other := uint64(b[0]) | uint64(b[1])<<16 | uint64(b[2])<<32 | uint64(b[3])<<48
		// A byte of ones is a zero in the inverse.
		if word != other || (^word-low)&word&high != 0 {
			return false
		}
		a, b = a[4:], b[4:]
	}
	for k, code := range a {
		if code != b[k] || code&0xFF == 0xFF || code>>8 == 0xFF {
			return false
		}
	}
	return true
}
