package main

import (
	"flag"
	"math"
	"math/rand/v2"
	"os"
	"slices"

	"github.com/himozuke/himozuke/normalize/reading/internal/model"
)

// calibrate learns the knots of [model.Scalars.Latin] from the names that a model
// left out, and puts them into the file of what is learned. The model must have
// been made with a file that holds none.
func calibrate(args []string) error {
	flags := flag.NewFlagSet("calibrate", flag.ExitOnError)
	var s sources
	s.register(flags)
	path := flags.String("model", "", "model file")
	flags.Parse(args)
	data, err := os.ReadFile(*path)
	if err != nil {
		return err
	}
	m, err := model.Decode(string(data))
	if err != nil {
		return err
	}
	single, _, err := s.foreignSets()
	if err != nil {
		return err
	}
	l, err := readLearned(s.layers)
	if err != nil {
		return err
	}
	l.Latin = observeLatin(m, single)
	return l.write(s.layers)
}

const latinOthers = 40

// observeLatin fits a rising line through the knots: the logarithm of how much
// more often true pairs than others have a weight near the knot.
func observeLatin(m *model.Model, names []transliteration) (knots [model.CalibrationKnots]float64) {
	random := rand.New(rand.NewPCG(7, 8))
	var same, other [model.CalibrationKnots]float64
	var sames, others float64
	add := func(counts *[model.CalibrationKnots]float64, latin []uint16, kana []uint8) {
		bits, _ := m.Latin(latin, bytesOf(kana))
		x := min(max((bits-model.CalibrationFirst)/model.CalibrationStep, 0), model.CalibrationKnots-1)
		i := min(int(x), model.CalibrationKnots-2)
		counts[i] += 1 - (x - float64(i))
		counts[i+1] += x - float64(i)
	}
	for _, n := range names {
		add(&same, n.latin, n.kana)
		sames++
		for range latinOthers {
			if o := names[random.IntN(len(names))]; !slices.Equal(o.kana, n.kana) {
				add(&other, n.latin, o.kana)
				others++
			}
		}
	}
	// Where one side is rare the prior that the weight is right takes over.
	const prior = 3.0
	var weight [model.CalibrationKnots]float64
	for i := range knots {
		said := model.CalibrationFirst + model.CalibrationStep*float64(i)
		t, f := same[i]/sames, other[i]/others
		pt, pf := prior/sames, prior/others
		if t/pt > f/pf {
			pf = prior / sames * math.Exp2(-said)
		} else {
			pt = prior / others * math.Exp2(said)
		}
		knots[i] = math.Round(100*math.Log2((t+pt)/(f+pf))) / 100
		weight[i] = same[i] + other[i]/latinOthers + 1
	}
	rise(knots[:], weight[:])
	return knots
}

// rise pools neighbours until the values rise (isotonic regression).
func rise(values, weights []float64) {
	type block struct {
		sum, weight float64
		count       int
	}
	var blocks []block
	for i, v := range values {
		blocks = append(blocks, block{v * weights[i], weights[i], 1})
		for n := len(blocks); n > 1 && blocks[n-1].sum/blocks[n-1].weight < blocks[n-2].sum/blocks[n-2].weight; n = len(blocks) {
			last := blocks[n-1]
			blocks = blocks[:n-1]
			blocks[n-2].sum += last.sum
			blocks[n-2].weight += last.weight
			blocks[n-2].count += last.count
		}
	}
	i := 0
	for _, b := range blocks {
		for range b.count {
			values[i] = b.sum / b.weight
			i++
		}
	}
}
