package linkage

import "math"

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
// data went to a stranger. Mix-ups happen at one counter: where the file goes by
// place people of the place of the rows beside come first, else, by the given
// share, those of the holder's municipality.
func (h *hypotheses) whereabouts(id suspectID, person *row, near float64) float64 {
	info := h.info(id)
	place := uint16(0)
	if info.holder != noRef {
		place = h.register.at(info.holder).address.Municipality
	}
	if share := h.datasets[h.where[id].dataset].order.share(); info.beside != 0 && share > near {
		place, near = info.beside, share
	}
	anywhere := (1 - near) / float64(max(h.register.people, 1))
	if place == 0 || person.address.Municipality != place {
		return math.Log2(anywhere)
	}
	return math.Log2(anywhere + near/float64(max(h.register.freq.Residents(place), 1)))
}
