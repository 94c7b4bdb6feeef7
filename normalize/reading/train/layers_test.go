package main

import (
	"math"
	"math/rand/v2"
	"path/filepath"
	"testing"

	"github.com/himozuke/himozuke/normalize/reading/internal/model"
)

// Two bells one apart have a likelihood ratio that is known.
func TestLayersLearnTheLikelihoodRatio(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	var examples []example
	for i := range 24_000 {
		e := example{kind: otherPair}
		mean := -0.5
		if i%6 == 0 {
			e.kind, mean = truePair, 0.5
		} else if i%6 == 1 {
			e.kind = siblingPair
		}
		e.features[0] = mean + random.NormFloat64()/2
		e.features[1] = random.NormFloat64()
		examples = append(examples, e)
	}
	l := learn(examples, model.Given)
	for _, x := range []float64{-0.5, 0, 0.5} {
		want := 4 * x / math.Ln2
		var f [model.FeatureCount]float64
		f[0] = x
		if got := l.Bits(&f); math.Abs(got-want) > 0.7 {
			t.Errorf("at %v: %.2f bits, the ratio is %.2f", x, got, want)
		}
	}
}

func TestWhatIsLearnedSurvivesItsFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "layers.json")
	l := unlearned()
	l.Layers[model.Given].In[3][4] = 1.25
	if err := l.write(path); err != nil {
		t.Fatal(err)
	}
	if again, err := readLearned(path); err != nil || again != l {
		t.Errorf("%v, %v", again, err)
	}
	if _, err := readLearned(path + ".not"); err == nil {
		t.Error("a missing file is read")
	}
}

func TestAffinitiesTellWhichReadingsAnEndHas(t *testing.T) {
	var v vocabulary
	for _, pair := range [][2]string{{"千秋", "チアキ"}, {"千明", "チアキ"}, {"千晶", "チアキ"}, {"美咲", "ミサキ"}, {"美樹", "ミキ"}, {"光希", "ミキ"}} {
		v.add(pair[0], pair[1], [model.Parts]float64{model.Given: 1})
	}
	for i := range 80 { // names that share nothing with these
		v.addFolded([]uint16{uint16(0x5000 + i), uint16(0x6000 + i)}, []uint8{uint8(1 + i/40), uint8(2 + i%40)}, [model.Parts]float64{model.Given: 1})
	}
	keys := map[uint64]bool{}
	for _, k := range affinities(v.sorted(), model.Given, chosen) {
		keys[k.Hash] = true
	}
	for _, c := range []struct {
		end         int
		kanji, kana string
		want        bool
	}{
		{model.FirstOf, "千", "チアキ", true}, {model.LastOf, "千", "チアキ", false}, {model.LastOf, "秋", "チアキ", true},
		{model.FirstOf, "千", "ミキ", false}, {model.FirstOf, "美", "ミサキ", false}, {model.FirstOf, "美", "ミキ", true},
	} {
		kanji, _ := foldKanji(c.kanji)
		kana, _ := foldKana(c.kana)
		if got := keys[model.HashAffinity(model.Given, c.end, kanji[0], kana)]; got != c.want {
			t.Errorf("end %d, %s, %s: %v", c.end, c.kanji, c.kana, got)
		}
	}
}
