package linkage

import "math"

// mixups is who is taken for a namesake, in one dataset. Somebody of the holder's
// name and birth date, a double, is looked up in the holder's place far more
// often than somebody of the name alone, but few people have one.
type mixups struct {
	telling float64    // links whose holder has a double, and whose row tells the two apart
	logs    [2]float64 // of a link's chance over the prior of the cause, for namesakes and for doubles
}

const (
	// fewestDoubles is the least share of people that are taken to share name
	// and birth date with another resident.
	fewestDoubles = 1e-4

	// mixedUpDoubles is the share of mix-ups of namesakes that are taken to be of
	// doubles before any is seen.
	mixedUpDoubles = 0.5

	// mixupLinks is how many links of people with a double that share is worth.
	mixupLinks = 10
)

// newMixups takes the share of people who have a double.
func newMixups(doubles float64) (m mixups) {
	m.divide(mixedUpDoubles, doubles)
	return m
}

// divide says which share of the cause's prior belongs to doubles.
func (m *mixups) divide(share, doubles float64) {
	m.logs = [2]float64{math.Log2(1 - share), math.Log2(share / doubles)}
}

// share is the logarithm of what a link's chance to be a mix-up with such a
// person is, over the prior of the cause.
func (m *mixups) share(double bool) float64 {
	if double {
		return m.logs[1]
	}
	return m.logs[0]
}

// expect counts the links that tell doubles apart: those of people who have one,
// in a file with birth dates, but for the suspects that fit both alike. At least
// those are there that were seen.
func (m *mixups) expect(withDouble float64, seen doublesSeen) {
	m.telling = max(withDouble-float64(seen.tied), float64(seen.told))
}

// doublesSeen counts the suspects whose holder has a double, by whether the row
// tells the two apart.
type doublesSeen struct{ told, tied int }

func (s *doublesSeen) count(tied bool) {
	if tied {
		s.tied++
	} else {
		s.told++
	}
}

func (s *doublesSeen) add(o doublesSeen) {
	s.told += o.told
	s.tied += o.tied
}

// adapt sets the chances to what was found in n links. How often doubles are
// mixed up shows where the row tells them apart, and holds where it does not:
// learned from rows that nothing can decide, a chance would only confirm itself.
// The mass of the cause becomes what that makes in all links.
func (m *mixups) adapt(found *masses, doubles, n float64) {
	before := defaultPriors[Namesake] * mixedUpDoubles / doubles
	chance := (found.doubles[0] + before*mixupLinks) / (m.telling + mixupLinks)
	others := max(found.causes[Namesake]-found.doubles[0]-found.doubles[1], 0)
	mixed := chance * doubles * n
	found.causes[Namesake] = mixed + others
	// Neither kind is ruled out because none of it was seen.
	m.divide((mixed+mixedUpDoubles)/(mixed+others+1), doubles)
}
