package linkage

import "math"

// Priors is how often a link is wrong by each cause; NoCause holds nothing:
// the holder has the rest.
type Priors [Causes]float64

// defaultPriors are of the order that the inspection of 2023 found (0.002% to
// 0.03% of links, most by a family member or a look-up by too few fields). A
// run adapts them to its data, never below a floor.
var defaultPriors = Priors{
	Family:       2e-5,
	Namesake:     8e-6,
	NumberTypo:   8e-6,
	RowShift:     8e-6,
	CarryOver:    4e-6,
	Swap:         4e-6,
	KeyCollision: 4e-6,
	Unrelated:    1e-5,
	UnknownOwner: 8e-6,
}

const (
	priorFloor = 1e-6
	priorRoof  = 0.02

	// considerable is the probability of being wrong from which a suspect may
	// change what is learned of m.
	considerable = 1e-5

	// leastDoubt is how far from 0 and 1 the probability of a suspect must be
	// for it to be judged anew in every step.
	leastDoubt = 0.004

	// listedBelow is how far below the review floor a link is still judged by
	// the last model.
	listedBelow = 0.1

	// absentFamily and absentNamesake are the shares of unknown owners that
	// belong to the holder's family, or share its name and birth date, without
	// standing in the register.
	absentFamily   = 0.4
	absentNamesake = 1.0 / 6

	// repeatedClaim is how often two rows in a row claim one number although
	// both are right: a renewed record beside the old one.
	repeatedClaim = 2e-3

	// familyBeside is how often the next row describes a family member of the
	// row's person.
	familyBeside = 0.2

	// carryOverNear and unrelatedNear are the shares of such mix-ups that stay
	// within one municipality: they happen at one counter, or in one file that
	// goes by office.
	carryOverNear = 0.8
	unrelatedNear = 0.3

	// familyRepeats is how often the row of the family member whose number was
	// taken stands right before.
	familyRepeats = 0.15

	// mutualMixup is how often two people of one name who were taken for one
	// another got each other's numbers.
	mutualMixup = 0.1

	// nameKept is how often the name that a row has from before a marriage is
	// that of a given member of the holder's household.
	nameKept = 0.3

	// ownerShare is the share of the probability of being wrong that a person
	// must have to be named as the owner.
	ownerShare = 0.5

	// supportedShift is the prior of a row shift where rows beside it are
	// shifted by the same offset.
	supportedShift = 0.2

	// loneShift is the share of shifted rows that no other shifted row stands
	// beside: shifts come in runs.
	loneShift = 0.03

	// shiftEnd is the same for the row at the end of a run, whose own number
	// stands nowhere near.
	shiftEnd = 1e-3

	// familySize is the mean number of other members a mistaken family link
	// could have meant.
	familySize = 2.2

	// mislinkedFloor is the least probability with which a link is called
	// mislinked, however low the expected share of false alarms is.
	mislinkedFloor = 0.9
)

// log2sum adds probabilities given as logarithms.
func log2sum(a, b float64) float64 {
	if a < b {
		a, b = b, a
	}
	if a-b > 60 || math.IsInf(b, -1) { // nothing that a holds
		return a
	}
	return a + math.Log2(1+math.Exp2(b-a))
}
