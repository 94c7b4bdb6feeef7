package main

import (
	"flag"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"reflect"
	"slices"
	"time"

	"github.com/himozuke/himozuke/normalize/reading/internal/model"
)

func tune(args []string) error {
	flags := flag.NewFlagSet("tune", flag.ExitOnError)
	var s sources
	s.register(flags)
	names := flags.String("given", "", "")
	minutes := flags.Float64("minutes", 8, "")
	flags.Parse(args)
	all, err := s.read()
	if err != nil {
		return err
	}
	aligned, a, prior := all.align()
	held, err := s.heldOut()
	if err != nil {
		return err
	}
	truth, err := s.truths()
	if err != nil {
		return err
	}
	var sets [3][]word
	for part := range model.Parts {
		for _, w := range held {
			if w.weight[part] >= listed {
				sets[part] = append(sets[part], w)
			}
		}
	}
	if sets[2], err = readGivenNames(*names); err != nil {
		return err
	}
	for _, w := range sets[2] {
		truth[wordID(w.kanji, w.kana)] = true
	}
	r := rand.New(rand.NewPCG(9, 9))
	r.Shuffle(len(sets[2]), func(i, j int) { sets[2][i], sets[2][j] = sets[2][j], sets[2][i] })
	sets[2] = sets[2][:12000]
	evaluate := func(c smoothing) (float64, string) {
		t, err := a.trained(all.words, aligned, prior, c)
		if err != nil {
			panic(err)
		}
		entries := 0
		for _, u := range t.Units {
			entries += len(u.Seen) + len(u.New)
		}
		m, err := model.Decode(string(model.Encode(t)))
		if err != nil {
			panic(err)
		}
		sum, text := 0.0, ""
		for i, set := range sets {
			part := model.Part(min(i, 1))
			random := rand.New(rand.NewPCG(1, 2))
			var same, other []float64
			for _, w := range set {
				same = append(same, m.Weight(w.kanji, bytesOf(w.kana), part))
				for range 6 {
					o := set[random.IntN(len(set))]
					if !truth[wordID(w.kanji, o.kana)] {
						other = append(other, m.Weight(w.kanji, bytesOf(o.kana), part))
					}
				}
			}
			slices.Sort(same)
			slices.Sort(other)
			for _, share := range []float64{0.003, 0.005, 0.008} {
				t := other[len(other)-1-int(share*float64(len(other)))]
				n, _ := slices.BinarySearch(same, t)
				missed := float64(n) / float64(len(same))
				sum += math.Log(missed)
				if share == 0.005 {
					text += fmt.Sprintf(" %.2f", 100*(1-missed))
				}
			}
		}
		return sum / 9, text + fmt.Sprintf(" %dk", entries/1000)
	}
	best := chosen
	start := time.Now()
	score, text := evaluate(best)
	fmt.Printf("start %.4f%s  %.1fs\n", score, text, time.Since(start).Seconds())
	v := reflect.ValueOf(&best).Elem()
	type knob struct {
		name string
		up   bool
	}
	fields := []string{"unseen", "unseenType", "derived", "free", "popular", "neighbour", "neighboursMost", "listed", "prefix", "voiced", "suffix", "geminate",
		"part", "column", "joined", "spelledPower", "unlisted", "unlistedReading", "person", "listing", "unspelled"}
	if flags.NArg() > 0 {
		fields = flags.Args()
	}
	_ = v
	for step := 1.8; step > 1.1; step = math.Sqrt(step) * 1.02 {
		for _, name := range fields {
			for _, factor := range []float64{step, 1 / step} {
				improved := false
				for {
					if time.Since(start).Minutes() > *minutes {
						fmt.Printf("%+v\n", best)
						return nil
					}
					c := best
					adjust(&c, name, factor)
					got, text := evaluate(c)
					if got >= score-0.0005 {
						break
					}
					best, score, improved = c, got, true
					fmt.Printf("%s x%.2f %.4f%s\n", name, factor, score, text)
				}
				if improved {
					break
				}
			}
		}
	}
	fmt.Printf("%+v\n", best)
	return nil
}

func adjust(c *smoothing, name string, factor float64) {
	fields := map[string]*float64{"unseen": &c.unseen, "unseenType": &c.unseenType, "derived": &c.derived, "free": &c.free, "popular": &c.popular,
		"neighbour": &c.neighbour, "listed": &c.listed, "prefix": &c.prefix, "voiced": &c.voiced, "suffix": &c.suffix, "geminate": &c.geminate,
		"part": &c.part, "column": &c.column, "joined": &c.joined, "spelledPower": &c.spelledPower, "unlisted": &c.unlisted, "unlistedReading": &c.unlistedReading,
		"faintest": &c.faintest, "synonym": &c.synonym, "synonymUntil": &c.synonymUntil, "faintestDerived": &c.faintestDerived, "person": &c.person, "listing": &c.listing, "unspelled": &c.unspelled}
	if name == "neighboursMost" {
		c.neighboursMost = min(200, int(float64(c.neighboursMost)*factor))
		return
	}
	p := fields[name]
	switch name {
	case "synonym", "derived", "free", "popular", "neighbour": // odds
		o := *p / (1 - *p) * factor
		*p = o / (1 + o)
	default:
		*p *= factor
	}
	_ = os.Stderr
}
