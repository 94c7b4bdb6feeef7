package main

import (
	"flag"
	"fmt"
	"math"
	"math/rand/v2"
	"os"

	"github.com/himozuke/himozuke/normalize/reading/internal/model"
)

// calibration holds the knots of [model.Scalars.Observed].
type calibration = [model.Parts][model.CalibrationSizes][model.CalibrationKnots]float64

// calibrate prints the knots for a model that left a fold out: what true pairs
// and others of that fold, whose form the model does not know, were seen to
// weigh. They go into observed.go.
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
	held, err := s.heldOut()
	if err != nil {
		return err
	}
	truth, err := s.truths()
	if err != nil {
		return err
	}
	fmt.Println("package main\n\n// observedKnots were printed by the calibrate command.\nvar observedKnots = calibration{")
	for part := range model.Parts {
		fmt.Println("\t{")
		for size := range model.CalibrationSizes {
			var words []word
			for _, w := range held {
				if w.weight[part] >= listed && min(len(w.kanji), model.CalibrationSizes) == size+1 {
					words = append(words, w)
				}
			}
			knots := observe(m, part, words, held, truth)
			fmt.Print("\t\t{")
			for i, k := range knots {
				if i > 0 {
					fmt.Print(", ")
				}
				fmt.Printf("%.2f", k)
			}
			fmt.Println("},")
		}
		fmt.Println("\t},")
	}
	fmt.Println("}")
	return nil
}

const othersPerWord = 40

// observe fits a rising line through the knots: the logarithm of how much more
// often true pairs than others have a weight near the knot.
func observe(m *model.Model, part model.Part, words, all []word, truth truths) (knots [model.CalibrationKnots]float64) {
	var others []word
	for _, w := range all {
		if w.weight[part] >= listed {
			others = append(others, w)
		}
	}
	random := rand.New(rand.NewPCG(7, 8))
	var same, other [model.CalibrationKnots]float64
	var sames, otherses float64
	add := func(counts *[model.CalibrationKnots]float64, bits float64) {
		x := min(max((bits-model.CalibrationFirst)/model.CalibrationStep, 0), model.CalibrationKnots-1)
		i := min(int(x), model.CalibrationKnots-2)
		counts[i] += 1 - (x - float64(i))
		counts[i+1] += x - float64(i)
	}
	for _, w := range words {
		bits, unlisted := m.Uncalibrated(part, w.kanji, bytesOf(w.kana))
		if !unlisted {
			continue
		}
		add(&same, bits)
		sames++
		for range othersPerWord {
			o := others[random.IntN(len(others))]
			if truth[wordID(w.kanji, o.kana)] {
				continue
			}
			bits, _ := m.Uncalibrated(part, w.kanji, bytesOf(o.kana))
			add(&other, bits)
			otherses++
		}
	}
	// Where one side is rare the prior that the weight is right takes over.
	const prior = 3.0
	var weight [model.CalibrationKnots]float64
	for i := range knots {
		said := model.CalibrationFirst + model.CalibrationStep*float64(i)
		t, f := same[i]/sames, other[i]/otherses
		pt, pf := prior/sames, prior/otherses
		if t/pt > f/pf {
			pf = prior / sames * math.Exp2(-said)
		} else {
			pt = prior / otherses * math.Exp2(said)
		}
		knots[i] = math.Log2((t + pt) / (f + pf))
		weight[i] = same[i] + other[i]/othersPerWord + 1
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
