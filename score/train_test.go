package score

import (
	"maps"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

// draw takes one cell of a distribution.
func drawPart(r *rand.Rand, t *NamePart, kanji, kana, byM bool) (class, class) {
	x := r.Float64()
	var lastK, lastN class
	for k := range classes {
		for n := range classes {
			if (k != clUnknown) != kanji || (n != clUnknown) != kana {
				continue
			}
			p := t[k][n].U
			if byM {
				p = t[k][n].M
			}
			lastK, lastN = k, n
			if x -= p; x < 0 {
				return k, n
			}
		}
	}
	return lastK, lastN
}

func drawLevel(r *rand.Rand, t *[levels]Probability, byM bool) Level {
	x := r.Float64()
	last := Unknown
	for l := Unknown + 1; l < levels; l++ {
		p := t[l].U
		if byM {
			p = t[l].M
		}
		if p == 0 {
			continue
		}
		last = l
		if x -= p; x < 0 {
			return l
		}
	}
	return last
}

func (c cells) pattern() Pattern {
	p := Pattern(c.fk)
	for _, v := range [...][2]Pattern{
		{Pattern(c.fn), Pattern(classes)}, {Pattern(c.gk), Pattern(classes)}, {Pattern(c.gn), Pattern(classes)},
		{Pattern(c.birth), Pattern(levels)}, {Pattern(c.sex), Pattern(levels)}, {Pattern(c.address), Pattern(levels)},
	} {
		p = p*v[1] + v[0]
	}
	return p
}

// plant draws links of a model with known shares of wrong ones.
func plant(r *rand.Rand, m *Model, n int, wrong, family float64) Patterns {
	out := Patterns{}
	for range n {
		x := r.Float64()
		right, kin := x >= wrong+family, x < family
		var c cells
		c.fk, c.fn = drawPart(r, &m.Family, true, true, right || kin)
		c.gk, c.gn = drawPart(r, &m.Given, true, true, right)
		c.birth = drawLevel(r, &m.Birth, right)
		c.sex = drawLevel(r, &m.Sex, right)
		c.address = drawLevel(r, &m.Address, right || kin)
		out[c.pattern()]++
	}
	return out
}

func TestPatternUnpacks(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	m := DefaultModel()
	for p := range plant(r, m, 2000, 0.3, 0.2) {
		if got := p.cells().pattern(); got != p {
			t.Fatalf("pattern %d unpacks to one of %d", p, got)
		}
	}
}

// Parameters planted in generated patterns are recovered, also when some links
// are wrong, and family members among them are not learned as odd right links.
func TestTrainingRecoversPlantedParameters(t *testing.T) {
	truth := DefaultModel()
	truth.Address[Exact].M, truth.Address[Different].M = 0.64, 0.27
	truth.Birth[Exact].M, truth.Birth[Near].M = 0.980, 0.0155
	truth.Given[clExact][clConfusable].M = 0.064
	truth.normalize()
	r := rand.New(rand.NewPCG(7, 8))
	const family, wrong = 0.002, 0.003
	links := plant(r, truth, 400_000, wrong, family)
	random := plant(r, truth, 200_000, 1, 0)
	m, training := Train(links, random, DefaultModel())
	if !training.Converged {
		t.Fatalf("did not converge: %s", training.Reason)
	}
	for _, c := range []struct {
		name      string
		got, want float64
		off       float64
	}{
		{"address exact", m.Address[Exact].M, truth.Address[Exact].M, 0.01},
		{"address different", m.Address[Different].M, truth.Address[Different].M, 0.01},
		{"birth exact", m.Birth[Exact].M, truth.Birth[Exact].M, 0.003},
		{"birth near", m.Birth[Near].M, truth.Birth[Near].M, 0.001},
		{"birth different", m.Birth[Different].M, truth.Birth[Different].M, 2e-4},
		{"given confusable kana", m.Given[clExact][clConfusable].M, truth.Given[clExact][clConfusable].M, 0.003},
		{"given different", m.Given[clDifferent][clDifferent].M, truth.Given[clDifferent][clDifferent].M, 3e-4},
		{"u of address in the city", m.Address[City].U, truth.Address[City].U, 0.002},
		{"share of family", training.Family, family, 5e-4},
		{"share of others", training.Other, wrong, 5e-4},
	} {
		if math.Abs(c.got-c.want) > c.off {
			t.Errorf("%s: estimated %.5f, planted %.5f", c.name, c.got, c.want)
		}
	}
	if err := m.Validate(); err != nil {
		t.Error(err)
	}
}

func TestTrainingSaysWhenItCannotLearn(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	m, training := Train(plant(r, DefaultModel(), 100, 0, 0), nil, DefaultModel())
	if training.Converged || !strings.Contains(training.Reason, "too few") {
		t.Errorf("100 links: %+v", training)
	}
	if m.Birth != DefaultModel().Birth {
		t.Error("a table was changed by too few links")
	}
}

// plantTwins replaces some links by wrong ones that name a twin: family name,
// birth date, sex and address are those of the holder, the given name is not.
// The mixture knows no twins.
func plantTwins(r *rand.Rand, m *Model, n int) Patterns {
	out := Patterns{}
	for range n {
		var c cells
		c.fk, c.fn = drawPart(r, &m.Family, true, true, true)
		c.gk, c.gn = clDifferent, clDifferent
		c.birth, c.sex, c.address = drawLevel(r, &m.Birth, true), Exact, drawLevel(r, &m.Address, true)
		out[c.pattern()]++
	}
	return out
}

// sampleOf draws about n of the patterns, each of which stands for that many.
func sampleOf(r *rand.Rand, from Patterns, n int) map[Pattern]float64 {
	out := map[Pattern]float64{}
	share := float64(n) / float64(from.Total())
	for _, p := range slices.Sorted(maps.Keys(from)) {
		for range from[p] {
			if r.Float64() < share {
				out[p] += 1 / share
			}
		}
	}
	return out
}

// Links to twins are learned as right links with an odd given name; decisions
// say what they are, and a few decisions say little.
func TestDecisionsCorrectWhatWasLearnedWrongly(t *testing.T) {
	truth := DefaultModel()
	r := rand.New(rand.NewPCG(21, 22))
	const links, twins = 200_000, 1500
	right := plant(r, truth, links-twins, 0, 0)
	wrong := plantTwins(r, truth, twins)
	all := Patterns{}
	all.Merge(right)
	all.Merge(wrong)
	random := plant(r, truth, 50_000, 1, 0)
	given := func(c Confirmed) float64 {
		m, training := TrainConfirmed(all, random, c, DefaultModel())
		if !training.Converged {
			t.Fatal(training.Reason)
		}
		return math.Log2(m.Given[clDifferent][clDifferent].M)
	}
	planted := math.Log2(truth.Given[clDifferent][clDifferent].M)
	alone := given(Confirmed{})
	if alone-planted < 2 {
		t.Fatalf("without decisions m is %.2f bits off: the test shows nothing", alone-planted)
	}
	if taught := given(Confirmed{Right: sampleOf(r, right, 3000), Wrong: sampleOf(r, wrong, 500)}); math.Abs(taught-planted) > 1 {
		t.Errorf("with decisions m is %.2f bits off, without %.2f", taught-planted, alone-planted)
	}
	few := map[Pattern]float64{}
	for _, p := range slices.Sorted(maps.Keys(wrong))[:5] {
		few[p] = 1
	}
	if nudged := given(Confirmed{Wrong: few}); math.Abs(nudged-alone) > 0.05 {
		t.Errorf("five decisions moved m by %.2f bits", nudged-alone)
	}
}

// More decisions than links of a pattern do not make more links.
func TestConfirmedLinksAreAmongTheLinks(t *testing.T) {
	r := rand.New(rand.NewPCG(23, 24))
	all := plant(r, DefaultModel(), 5000, 0.01, 0)
	c := Confirmed{Right: map[Pattern]float64{}, Wrong: map[Pattern]float64{}}
	for p, n := range all {
		c.Right[p], c.Wrong[p] = 3*float64(n), float64(n)
	}
	m, training := TrainConfirmed(all, nil, c, DefaultModel())
	if got := training.ConfirmedRight + training.ConfirmedWrong; math.Abs(got-5000) > 1e-6 {
		t.Errorf("%g of 5000 links are confirmed", got)
	}
	if sum := training.Right + training.Family + training.Namesake + training.Other; math.Abs(sum-1) > 1e-6 || math.Abs(training.Right-0.75) > 1e-6 {
		t.Errorf("shares %+v", training)
	}
	if err := m.Validate(); err != nil {
		t.Error(err)
	}
}

// Links that turn out to be another's leave the estimate; those that were
// hardly seen keep close to the default.
func TestRelearnTakesWrongLinksOut(t *testing.T) {
	right := cells{fn: clExact, gn: clExact}.pattern()
	odd := cells{fn: clExact, gn: clDifferent}.pattern()
	links := Patterns{right: 996_000, odd: 4000}
	m, _ := Train(links, nil, DefaultModel())
	before := m.Given[clUnknown][clDifferent].M
	after := m.Relearn(links, map[Pattern]float64{odd: -3800}, Confirmed{})
	if got := after.Given[clUnknown][clDifferent].M; got > 3e-4 || got < 1e-4 {
		t.Errorf("m is %.5f with 200 of a million left, before it was %.5f", got, before)
	}
	if none := m.Relearn(links, map[Pattern]float64{odd: -5000}, Confirmed{}).Given[clUnknown][clDifferent].M; none <= 0 || none > 2e-5 {
		t.Errorf("m is %g where no right link is left", none)
	}
	if after.Given[clUnknown][clDifferent].U != m.Given[clUnknown][clDifferent].U {
		t.Error("u was touched")
	}
}

// Where people decided, that is what a link is, whatever was thought of it.
func TestRelearningKeepsDecisions(t *testing.T) {
	r := rand.New(rand.NewPCG(31, 32))
	m := DefaultModel()
	links, twins := plant(r, m, 20_000, 0, 0), plantTwins(r, m, 400)
	all := Patterns{}
	all.Merge(links)
	all.Merge(twins)
	given := func(c Confirmed) float64 { return m.Relearn(all, nil, c).Given[clDifferent][clDifferent].M }
	wrong := map[Pattern]float64{}
	for p, n := range twins {
		wrong[p] = float64(n)
	}
	thought, known := given(Confirmed{}), given(Confirmed{Wrong: wrong})
	planted := m.Given[clDifferent][clDifferent].M
	if thought < 10*planted || known > 3*planted {
		t.Errorf("m of another given name is %g, %g where its links are known to be wrong; planted %g", thought, known, planted)
	}
	// What was thought wrong, and is confirmed to be right, counts again.
	changes := map[Pattern]float64{}
	for p, n := range twins {
		changes[p] = -float64(n)
	}
	right := m.Relearn(all, changes, Confirmed{Right: wrong}).Given[clDifferent][clDifferent].M
	if right < thought/2 {
		t.Errorf("m of another given name is %g, %g where nothing was doubted", right, thought)
	}
}

// Where a few rows of many know a name by its kanji, chance may make a worse
// level weigh more: the table says better what they weigh. Where many do, it is
// an error.
func TestRareWaysToKnowANameFallBackToTheTable(t *testing.T) {
	kana := func(c class) Pattern { return cells{fn: clExact, gn: c}.pattern() }
	kanji := func(c class) Pattern { return cells{fk: clExact, gk: c}.pattern() }
	for _, c := range []struct {
		times int64 // as many links with kanji
		valid bool
	}{{1, true}, {1000, false}} {
		links := Patterns{kana(clExact): 1_000_000, kana(clDifferent): 500, kanji(clExact): 300 * c.times, kanji(clNear): 100 * c.times}
		random := Patterns{kana(clDifferent): 100_000, kana(clExact): 200, kanji(clDifferent): 100 * c.times, kanji(clConfusable): 100 * c.times}
		m, training := Train(links, random, DefaultModel())
		if !training.Converged {
			t.Fatal(training.Reason)
		}
		if err := m.Validate(); (err == nil) != c.valid {
			t.Errorf("%d times: %v", c.times, err)
		}
		table := DefaultModel()
		if fromTable := m.Given[clNear][clUnknown] == table.Given[clNear][clUnknown]; fromTable != c.valid {
			t.Errorf("%d times: kanji are from the table: %v", c.times, fromTable)
		}
		if m.Given[clUnknown][clExact] == table.Given[clUnknown][clExact] {
			t.Errorf("%d times: kana were not learned", c.times)
		}
	}
}
