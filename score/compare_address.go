package score

import "github.com/himozuke/himozuke/normalize"

// CompareAddress compares addresses with their postal codes:
//
//   - Exact: the same town and numbers; the building does not count
//   - Block: the same town and block, or the same numbers in a town that is
//     written alike
//   - Town: the same town, or the same postal code where a town is not known
//   - Uncertain: one place written in two ways, or two places: towns alike but
//     for 大字, 町 or ノ, towns that differ under one postal code, a lot number
//     (地番) against a residence number (住居表示)
//   - City: the same municipality
//   - Different
//   - Unknown: nothing on one side that the other has too
func CompareAddress(a, b normalize.AddressKey, postalA, postalB normalize.PostalCode) Level {
	samePostal := postalA == postalB && postalA != 0
	if a.Town != 0 && b.Town != 0 {
		switch {
		case a.Town == b.Town:
			return compareNumbers(a, b)
		case a.TownWeak == b.TownWeak && a.TownWeak != 0 && sameOrUnknown(a.Municipality, b.Municipality):
			if a.Numbers == b.Numbers && a.Numbers != 0 {
				return Block
			}
			return Uncertain
		case samePostal:
			return Uncertain
		}
		return compareMunicipality(a.Municipality, b.Municipality, Different)
	}
	if samePostal {
		if a.Numbers == b.Numbers && a.Numbers != 0 {
			return Block
		}
		return Town
	}
	unsettled := Unknown
	if postalA != 0 && postalB != 0 {
		unsettled = Different // another postal code is another town
	}
	return compareMunicipality(a.Municipality, b.Municipality, unsettled)
}

// compareNumbers compares within one town.
func compareNumbers(a, b normalize.AddressKey) Level {
	switch {
	case a.Numbers == b.Numbers && a.Numbers != 0:
		return Exact
	case a.Block == b.Block && a.Block != 0:
		return Block
	case a.Undecided(b):
		return Uncertain
	}
	return Town
}

func compareMunicipality(a, b uint16, unknown Level) Level {
	switch {
	case a == 0 || b == 0:
		return unknown
	case a == b:
		return City
	}
	return Different
}

func sameOrUnknown(a, b uint16) bool { return a == b || a == 0 || b == 0 }
