package main

import (
	"errors"
	"flag"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"strconv"
	"strings"

	"github.com/himozuke/himozuke/normalize/reading/internal/model"
)

// An example is what a layer sees of a pair, and whether the pair is true.
type example struct {
	features [model.FeatureCount]float64
	kind     kind
}

// A kind of pair.
type kind uint8

const (
	truePair kind = iota
	otherPair
	siblingPair // another name that shares the first two kana
	kinds
)

// share is what the pairs of a kind weigh in sum. Siblings are rare among
// random others, but among those whom a clerk confuses they are not.
var share = [kinds]float64{truePair: 0.5, otherPair: 0.485, siblingPair: 0.015}

// layers learns how much what is known of a pair weighs, from names that models
// left out, and writes it to the file that -layers names. A tenth that is to be
// measured must not be among the tenths.
func layers(args []string) error {
	flags := flag.NewFlagSet("layers", flag.ExitOnError)
	var s sources
	s.register(flags)
	folds := flags.String("tenths", "0,1,4,5,6", "tenths of the written forms to learn from")
	flags.Parse(args)
	truth, err := s.truths()
	if err != nil {
		return err
	}
	var examples [model.Parts][]example
	for fold := range strings.SplitSeq(*folds, ",") {
		if s.fold, err = strconv.Atoi(fold); err != nil {
			return err
		}
		all, err := s.read()
		if err != nil {
			return err
		}
		aligned, a, prior := all.align()
		trained, err := a.trained(all.words, aligned, prior, chosen, unlearned())
		if err != nil {
			return err
		}
		m, err := model.Decode(string(model.Encode(trained)))
		if err != nil {
			return err
		}
		held, err := s.heldOut()
		if err != nil {
			return err
		}
		for part := range model.Parts {
			examples[part] = append(examples[part], examplesOf(m, part, held, truth)...)
		}
		fmt.Fprintf(os.Stderr, "tenth %s: %d, %d examples\n", fold, len(examples[0]), len(examples[1]))
	}
	l, err := readLearned(s.layers)
	if errors.Is(err, os.ErrNotExist) {
		l, err = unlearned(), nil
	}
	if err != nil {
		return err
	}
	for part := range model.Parts {
		l.Layers[part] = learn(examples[part], part)
	}
	return l.write(s.layers)
}

const othersPerWord = 12

// examplesOf pairs the names that a model left out with their own kana and
// with that of others. Names whose form the model knows are another matter.
func examplesOf(m *model.Model, part model.Part, held []word, truth truths) (list []example) {
	var words []word
	for _, w := range held {
		if w.weight[part] >= listed {
			words = append(words, w)
		}
	}
	random := rand.New(rand.NewPCG(7, 8))
	heads := byHead(words)
	add := func(w word, kana []uint8, k kind) bool {
		f, unlisted := m.Features(part, w.kanji, bytesOf(kana))
		if unlisted && (k == truePair || !truth[wordID(w.kanji, kana)]) {
			list = append(list, example{f, k})
		}
		return unlisted
	}
	for _, w := range words {
		if !add(w, w.kana, truePair) {
			continue
		}
		for range othersPerWord {
			add(w, words[random.IntN(len(words))].kana, otherPair)
		}
		if len(w.kana) > 2 {
			alike := heads[[2]uint8(w.kana)]
			add(w, words[alike[random.IntN(len(alike))]].kana, siblingPair)
		}
	}
	return list
}

// A network is a layer that is being learned.
type network struct {
	in    [model.HiddenCount][model.FeatureCount]float64
	bias  [model.HiddenCount]float64
	out   [model.HiddenCount]float64
	skip  [model.FeatureCount]float64
	start float64
}

const numbers = model.HiddenCount*(model.FeatureCount+2) + model.FeatureCount + 1

func (n *network) each(visit func(i int, p *float64)) {
	i := 0
	at := func(p *float64) { visit(i, p); i++ }
	for h := range n.in {
		for k := range n.in[h] {
			at(&n.in[h][k])
		}
		at(&n.bias[h])
		at(&n.out[h])
	}
	for k := range n.skip {
		at(&n.skip[k])
	}
	at(&n.start)
}

const (
	epochs     = 14
	batchSize  = 256
	firstSpeed = 0.004
	decay      = 1e-5
)

// learn minimizes the logistic loss where true pairs and others weigh the
// same in sum, so that the logarithm of the odds is that of the likelihood
// ratio.
func learn(examples []example, part model.Part) (l model.Layer) {
	random := rand.New(rand.NewPCG(9, uint64(part)))
	var weight [kinds]float64
	for _, e := range examples {
		weight[e.kind]++
	}
	for k, n := range weight {
		weight[k] = share[k] * float64(len(examples)) / n
	}
	var n network
	n.each(func(i int, p *float64) { *p = random.NormFloat64() * 0.25 })
	n.skip = [model.FeatureCount]float64{8 * math.Ln2}
	n.start = 0
	for h := range n.out {
		n.out[h] *= 0.2
	}
	var first, second [numbers]float64
	steps := 0
	order := random.Perm(len(examples))
	for epoch := range epochs {
		random.Shuffle(len(order), func(i, j int) { order[i], order[j] = order[j], order[i] })
		loss := 0.0
		for begin := 0; begin+batchSize <= len(order); begin += batchSize {
			var g network
			for _, at := range order[begin : begin+batchSize] {
				e := &examples[at]
				loss += n.backward(&e.features, e.kind == truePair, weight[e.kind]/batchSize, &g)
			}
			steps++
			progress := (float64(epoch) + float64(begin)/float64(len(order))) / epochs
			speed := firstSpeed * (1 - progress) * math.Min(1, float64(steps)/200)
			c1, c2 := 1-math.Pow(0.9, float64(steps)), 1-math.Pow(0.999, float64(steps))
			var gradient [numbers]float64
			g.each(func(i int, p *float64) { gradient[i] = *p })
			n.each(func(i int, p *float64) {
				d := gradient[i] + decay**p
				first[i] = 0.9*first[i] + 0.1*d
				second[i] = 0.999*second[i] + 0.001*d*d
				*p -= speed * first[i] / c1 / (math.Sqrt(second[i]/c2) + 1e-8)
			})
		}
		fmt.Fprintf(os.Stderr, "%s, round %d: loss %.5f\n", partNames[part], epoch+1, loss*batchSize/float64(len(order)))
	}
	return n.layer()
}

// backward adds the gradient of one example and returns its loss.
func (n *network) backward(x *[model.FeatureCount]float64, truth bool, weight float64, g *network) float64 {
	var hidden [model.HiddenCount]float64
	z := n.start
	for k, v := range x {
		z += n.skip[k] * v
	}
	for h := range hidden {
		sum := n.bias[h]
		for k, v := range x {
			sum += n.in[h][k] * v
		}
		hidden[h] = max(0, sum)
		z += n.out[h] * hidden[h]
	}
	p := 1 / (1 + math.Exp(-z))
	y := 0.0
	if truth {
		y = 1
	}
	d := (p - y) * weight
	g.start += d
	for k, v := range x {
		g.skip[k] += d * v
	}
	for h := range hidden {
		if hidden[h] == 0 {
			continue
		}
		g.out[h] += d * hidden[h]
		inner := d * n.out[h]
		g.bias[h] += inner
		for k, v := range x {
			g.in[h][k] += inner * v
		}
	}
	if truth {
		return -math.Log(max(p, 1e-12)) * weight
	}
	return -math.Log(max(1-p, 1e-12)) * weight
}

// layer gives the network in bits, rounded so that the file stays small.
func (n *network) layer() (l model.Layer) {
	round := func(v float64) float32 { return float32(math.Round(v*1e4) / 1e4) }
	for h := range n.in {
		for k := range n.in[h] {
			l.In[h][k] = round(n.in[h][k])
		}
		l.Bias[h] = round(n.bias[h])
		l.Out[h] = round(n.out[h] / math.Ln2)
	}
	for k := range n.skip {
		l.Skip[k] = round(n.skip[k] / math.Ln2)
	}
	l.Start = round(n.start / math.Ln2)
	return l
}
