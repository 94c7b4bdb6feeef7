package linkage

import (
	"math"
	"testing"

	"github.com/himozuke/himozuke/score"
)

// How many people have a double shows in how full the set of their keys is.
func TestShareOfDoubles(t *testing.T) {
	for _, c := range []struct{ people, pairs int }{{500, 3}, {20_000, 0}, {20_000, 200}, {200_000, 4000}} {
		a := newAlike(int64(c.people))
		w := a.writer()
		for i := range c.people {
			key := i
			if i < 2*c.pairs {
				key = i / 2
			}
			w.named++
			w.names.add(&a.names, score.Mix(uint64(key), 7))
		}
		w.close()
		want := max(2*float64(c.pairs)/float64(c.people), fewestDoubles)
		// Chance decides which keys collide: twice the square of people over bits.
		error := 8 * math.Sqrt(1/float64(2*64*len(a.names.once)))
		if got := a.doubles(); math.Abs(got-want) > error {
			t.Errorf("%d people in %d pairs: share %.5f, want %.5f within %.5f", c.people, c.pairs, got, want, error)
		}
	}
	if got := newAlike(10).doubles(); got != fewestDoubles {
		t.Errorf("of nobody %v have a double", got)
	}
}

// How often doubles are mixed up is learned where rows can tell, however many
// cannot, and what cannot be told keeps to what was believed before.
func TestMixupsAreLearnedFromRowsThatTell(t *testing.T) {
	const n, doubles = 100_000, 0.02
	prior := defaultPriors[Namesake] * mixedUpDoubles / doubles
	for _, c := range []struct {
		what       string
		seen       doublesSeen
		withDouble float64
		told, tied float64 // mass
		others     float64
		least      float64
		most       float64 // chance of a mix-up of doubles
	}{
		{what: "all tell", withDouble: 2000, seen: doublesSeen{told: 150}, told: 100, least: 0.049, most: 0.051},
		{what: "half cannot tell, and look wrong", withDouble: 2000, seen: doublesSeen{told: 100, tied: 1000}, told: 50, tied: 900, least: 0.048, most: 0.051},
		{what: "nobody tells", withDouble: 0, seen: doublesSeen{tied: 500}, tied: 400, least: 0.5 * prior, most: 1.1 * prior},
		{what: "more than the register says", withDouble: 10, seen: doublesSeen{told: 1000}, told: 50, least: 0.048, most: 0.051},
		{what: "none wrong", withDouble: 2000, others: 20, least: 0, most: 2 * prior},
	} {
		m := newMixups(doubles)
		m.expect(c.withDouble, c.seen)
		found := masses{doubles: [2]float64{c.told, c.tied}}
		found.causes[Namesake] = c.told + c.tied + c.others
		m.adapt(&found, doubles, n)
		of := func(double bool) float64 {
			return math.Exp2(math.Log2(found.causes[Namesake]/n) + m.share(double))
		}
		if got := of(true); got < c.least || got > c.most {
			t.Errorf("%s: chance %.5f, want %.5f to %.5f", c.what, got, c.least, c.most)
		}
		if got := of(false) * n; math.Abs(got-c.others) > 1 {
			t.Errorf("%s: %.2f namesakes of another birth date are expected, want %.0f", c.what, got, c.others)
		}
	}
}
