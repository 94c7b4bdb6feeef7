package score_test

import (
	"testing"

	"pgregory.net/rapid"

	"github.com/himozuke/himozuke/score"
)

// TestWhatAWorkerHasSeenDoesNotMatter: weighers remember towns and readings;
// one that has weighed many pairs finds what a new one finds.
func TestWhatAWorkerHasSeenDoesNotMatter(t *testing.T) {
	f := score.NewFrequencies(0, score.NewLines)
	for _, p := range population() {
		f.Add(p, 0)
	}
	w := score.NewWeigher(score.DefaultModel(), f)
	rapid.Check(t, func(t *rapid.T) {
		used := score.ForkAll([]*score.Weigher{w, w})
		people := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) *score.Person { return anyPerson(t, "person") }), 2, 8).Draw(t, "people")
		for i, record := range people {
			for k, person := range people {
				var got, want score.Weight
				used[(i+k)%2].Weigh(record, person, &got)
				w.Fork().Weigh(record, person, &want)
				if got != want {
					t.Fatalf("person %d beside %d weighs %+v, by a new worker %+v", i, k, got, want)
				}
			}
		}
	})
}
