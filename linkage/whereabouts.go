package linkage

import (
	"math"

	"github.com/himozuke/himozuke/score"
)

// order is how well a file goes by place, as one does that offices fill: of the
// rows between two whose holders live in one municipality, how many are of
// somebody who lives there too.
type order struct{ between, same int64 }

func (o *order) add(p order) {
	o.between += p.between
	o.same += p.same
}

// count takes the municipalities of the holders of rows in a row.
func (o *order) count(places []uint16) {
	for i, place := range places {
		if beside := placeBeside(places, i); beside != 0 && place != 0 {
			o.between++
			if place == beside {
				o.same++
			}
		}
	}
}

// placeBeside is where the holders of both rows beside live, zero where that is
// not one municipality.
func placeBeside(places []uint16, i int) uint16 {
	if i == 0 || i+1 == len(places) || places[i-1] != places[i+1] {
		return 0
	}
	return places[i-1]
}

// share is how often a row between two of one place is of that place, as if
// otherPlaces rows had been seen that were not.
func (o *order) share() float64 {
	return float64(o.same) / float64(o.between+otherPlaces)
}

const otherPlaces = 100

// whereabouts is the logarithm of how likely a resident is to be the one whose
// data went to a stranger: people of the place that is likely come first.
func (h *hypotheses) whereabouts(id suspectID, person *row, near float64) float64 {
	place, share := h.likelyPlace(id, near)
	return math.Log2(h.chanceAt(place, share, person.address.Municipality))
}

// likelyPlace is where the owner of a stranger's data may live, zero where nothing
// says, and how likely that is. Mix-ups happen at one counter: where the file goes
// by place it is that of the rows beside, else, by the given share, the holder's
// municipality.
func (h *hypotheses) likelyPlace(id suspectID, near float64) (place uint16, share float64) {
	info := h.info(id)
	if share := h.datasets[h.where[id].dataset].order.share(); info.beside != 0 && share > near {
		return info.beside, share
	}
	if info.holder != noRef {
		place = h.register.at(info.holder).address.Municipality
	}
	return place, near
}

// chanceAt is how likely one resident of a municipality is to be the owner, if one
// of the likely place is with that share.
func (h *hypotheses) chanceAt(place uint16, share float64, municipality uint16) float64 {
	anywhere := (1 - share) / float64(max(h.register.people, 1))
	if place == 0 || municipality != place {
		return anywhere
	}
	return anywhere + share/float64(max(h.register.freq.Residents(place), 1))
}

// placeEvidence is what it weighs for a person to be the owner, against anybody,
// where it lives, for people to read.
func (h *hypotheses) placeEvidence(id suspectID, person ref, near float64) (e score.Evidence) {
	place, share := h.likelyPlace(id, near)
	municipality := h.register.at(person).address.Municipality
	if place == 0 || municipality == 0 {
		return e
	}
	e = score.Evidence{
		Comparison: "place", Level: score.Exact, Detail: DetailLikelyPlace,
		M: h.chanceAt(place, share, municipality), U: 1 / float64(max(h.register.people, 1)),
	}
	if municipality != place {
		e.Level, e.Detail = score.Different, DetailOtherPlace
	}
	e.Weight = math.Log2(e.M / e.U)
	return e
}
