package normalize

import "slices"

// Swapped is the name with family and given name exchanged. A name that is not
// split stays as it is.
func (f NameForm) Swapped() NameForm {
	if !f.Split {
		return f
	}
	return NameForm{Family: f.Given, Given: f.Family, Split: true}
}

// Swapped is the name with family and given name exchanged. A name that is not
// split stays as it is.
func (f KanaForm) Swapped() KanaForm {
	if !f.Split {
		return f
	}
	return KanaForm{Family: f.Given, Given: f.Family, Split: true}
}

// SwappedName tells whether one name is the other with family and given name
// exchanged. Where one of them is not split the letters run together must be
// those of the other in exchanged order.
func SwappedName(a, b NameForm) bool {
	return swapped(a.Family, a.Given, b.Family, b.Given)
}

// SwappedKana is [SwappedName] for kana.
func SwappedKana(a, b KanaForm) bool {
	return swapped(a.Family, a.Given, b.Family, b.Given)
}

func swapped[C comparable](aFamily, aGiven, bFamily, bGiven []C) bool {
	switch {
	case len(aFamily)+len(aGiven) != len(bFamily)+len(bGiven):
		return false
	case len(aGiven) > 0 && len(bGiven) > 0:
		return slices.Equal(aFamily, bGiven) && slices.Equal(aGiven, bFamily)
	case len(aGiven) > 0:
		return joins(bFamily, aGiven, aFamily)
	case len(bGiven) > 0:
		return joins(aFamily, bGiven, bFamily)
	}
	return false // neither side says where a part ends
}

func joins[C comparable](whole, first, second []C) bool {
	return slices.Equal(whole[:len(first)], first) && slices.Equal(whole[len(first):], second)
}

// OmitsMiddleName tells whether two Latin or kana names are one but for middle
// names or for given names cut to initials: SMITH JOHN PAUL and SMITH JOHN,
// SMITH JOHN PAUL and SMITH J. It compares given names as they are run
// together; names in kanji have no middle names.
func OmitsMiddleName(a, b NameForm) bool {
	if !isLatinForm(a) || !isLatinForm(b) {
		return false
	}
	return omitsMiddle(a.Family, a.Given, b.Family, b.Given)
}

// OmitsMiddleKana is [OmitsMiddleName] for the kana of a foreign name.
func OmitsMiddleKana(a, b KanaForm) bool {
	if min(len(a.Given), len(b.Given)) < 2 {
		return false
	}
	return omitsMiddle(a.Family, a.Given, b.Family, b.Given)
}

func omitsMiddle[C comparable](aFamily, aGiven, bFamily, bGiven []C) bool {
	if len(aGiven) > len(bGiven) {
		aGiven, bGiven = bGiven, aGiven
	}
	return len(aGiven) > 0 && len(aGiven) < len(bGiven) && slices.Equal(aFamily, bFamily) &&
		(slices.Equal(aGiven, bGiven[:len(aGiven)]) || len(aGiven) > 1 && slices.Equal(aGiven, bGiven[len(bGiven)-len(aGiven):]))
}
