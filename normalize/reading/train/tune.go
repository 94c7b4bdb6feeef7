package main

import (
	"flag"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"time"

	"github.com/himozuke/himozuke/normalize/reading/internal/model"
)

// tune looks for better smoothing by changing one number at a time, and prints
// every step that helps. It measures on a fold that training leaves out; use
// another fold to measure what comes of it.
func tune(args []string) error {
	flags := flag.NewFlagSet("tune", flag.ExitOnError)
	var s sources
	s.register(flags)
	minutes := flags.Float64("minutes", 10, "stop after this long")
	names := flags.String("numbers", "unseen,unseenType,derived,free,popular,neighbour,synonym,prefix,suffix,voiced,joined,column", "what to change, in this order")
	flags.Parse(args)
	trial, err := newTrial(s)
	if err != nil {
		return err
	}
	start := time.Now()
	best := chosen
	score, err := trial.missed(best)
	if err != nil {
		return err
	}
	fmt.Printf("start %.4f\n", score)
	for step := 1.8; step > 1.1; step = math.Sqrt(step) * 1.02 {
		for name := range strings.SplitSeq(*names, ",") {
			for _, factor := range []float64{step, 1 / step} {
				for time.Since(start).Minutes() < *minutes {
					next := best
					if !next.scale(name, factor) {
						return fmt.Errorf("no number is called %q", name)
					}
					got, err := trial.missed(next)
					if err != nil {
						return err
					}
					if got > score-smallestGain {
						break
					}
					best, score = next, got
					fmt.Printf("%s x%.2f %.4f\n", name, factor, score)
				}
			}
		}
	}
	fmt.Printf("%+v\n", best)
	return nil
}

const (
	smallestGain   = 0.0005
	othersPerTrial = 6
)

// scale multiplies a number; shares of one are scaled as odds.
func (s *smoothing) scale(name string, factor float64) bool {
	numbers := map[string]*float64{
		"unseen": &s.unseen, "unseenType": &s.unseenType, "listed": &s.listed, "prefix": &s.prefix, "suffix": &s.suffix,
		"voiced": &s.voiced, "geminate": &s.geminate, "part": &s.part, "column": &s.column, "joined": &s.joined,
		"synonymUntil": &s.synonymUntil, "faintestDerived": &s.faintestDerived,
	}
	shares := map[string]*float64{
		"derived": &s.derived, "free": &s.free, "popular": &s.popular, "neighbour": &s.neighbour, "synonym": &s.synonym,
	}
	if share, ok := shares[name]; ok {
		odds := *share / (1 - *share) * factor
		*share = odds / (1 + odds)
		return true
	}
	number, ok := numbers[name]
	if ok {
		*number *= factor
	}
	return ok
}

// A trial measures models that differ in smoothing only.
type trial struct {
	all     *lexicon
	a       *alignment
	aligned []word
	prior   map[pairKey]float64
	sets    [model.Parts][]word
	truth   truths
	learned learned
}

func newTrial(s sources) (*trial, error) {
	t := new(trial)
	var err error
	if t.all, err = s.read(); err != nil {
		return nil, err
	}
	t.aligned, t.a, t.prior = t.all.align()
	held, err := s.heldOut()
	if err != nil {
		return nil, err
	}
	for part := range model.Parts {
		for _, w := range held {
			if w.weight[part] >= listed {
				t.sets[part] = append(t.sets[part], w)
			}
		}
	}
	if t.truth, err = s.truths(); err != nil {
		return nil, err
	}
	t.learned, err = readLearned(s.layers)
	return t, err
}

// missed is the mean logarithm of the share of true pairs that are refused
// where few others are accepted.
func (t *trial) missed(s smoothing) (float64, error) {
	trained, err := t.a.trained(t.all.words, t.aligned, t.prior, s, t.learned)
	if err != nil {
		return 0, err
	}
	m, err := model.Decode(string(model.Encode(trained)))
	if err != nil {
		return 0, err
	}
	sum, terms := 0.0, 0.0
	for part, set := range t.sets {
		random := rand.New(rand.NewPCG(1, 2))
		var same, other []float64
		for _, w := range set {
			same = append(same, m.Weight(w.kanji, bytesOf(w.kana), model.Part(part)))
			for range othersPerTrial {
				if o := set[random.IntN(len(set))]; !t.truth[wordID(w.kanji, o.kana)] {
					other = append(other, m.Weight(w.kanji, bytesOf(o.kana), model.Part(part)))
				}
			}
		}
		slices.Sort(same)
		slices.Sort(other)
		for _, share := range []float64{0.003, 0.005, 0.008} {
			limit := other[len(other)-1-int(share*float64(len(other)))]
			n, _ := slices.BinarySearch(same, limit)
			sum += math.Log((float64(n) + 0.5) / float64(len(same)))
			terms++
		}
	}
	return sum / terms, nil
}
