package score

import (
	"fmt"
	"math"
)

// Probability is the m and u probability of one agreement level: how often two
// records of one person, and of two random people, fall into it (Fellegi and
// Sunter 1969).
type Probability struct {
	M float64 `json:"m"`
	U float64 `json:"u"`
}

// class is what the joint name comparison keeps of a level.
type class uint8

const (
	clUnknown class = iota
	clExact
	clConfusable
	clNear
	clPart
	clDifferent
	classes
)

var classNames = [classes]string{"unknown", "exact", "confusable", "near", "part", "different"}

// classOf folds the levels that the joint table does not tell apart.
var classOf = [levels]class{
	Unknown: clUnknown, Exact: clExact, Notation: clExact, Confusable: clConfusable,
	Near: clNear, Reading: clExact, Part: clPart, Different: clDifferent,
}

// jointClasses are the classes of a name part. Kanji of which only some were
// legible say little: where there is kana it decides alone, else they count as
// confusable.
func jointClasses(kanji, kana Level) (class, class) {
	k, n := classOf[kanji], classOf[kana]
	if kanji == Notation {
		k = clConfusable
		if n != clUnknown {
			k = clUnknown
		}
	}
	return k, n
}

// givenClasses are the classes of the given name. Another one in Latin letters is
// taken for what it is in kana: letters have no variants and no other readings.
func (n *NameComparison) givenClasses() (class, class) {
	if n.OtherLetters && n.GivenKana == Unknown {
		return clUnknown, clDifferent
	}
	return jointClasses(n.GivenKanji, n.GivenKana)
}

// NamePart is the joint comparison of one name part: kanji and kana of the
// same name are far from independent, so each combination of their classes
// has probabilities of its own.
type NamePart [classes][classes]Probability // [kanji][kana]

// at is the cell of a pair of levels.
func (t *NamePart) at(kanji, kana Level) Probability {
	k, n := jointClasses(kanji, kana)
	return t[k][n]
}

// Model is everything that weights are computed from besides frequencies.
type Model struct {
	Family  NamePart
	Given   NamePart
	Birth   [levels]Probability
	Sex     [levels]Probability
	Address [levels]Probability

	// SexGivenAgrees replaces Sex where the given name agrees: the name
	// already tells the sex.
	SexGivenAgrees [levels]Probability

	// Renamed is the share of u that an agreeing former name or alias has of
	// the main name's: another form to agree with is another chance to.
	OtherForm float64

	// OtherReading is how often a part of a right link's name that is known in
	// kana only is another reading of the kanji than the register's.
	OtherReading float64
}

// Validate reports the first level at which agreement would speak against a
// match or disagreement for it, or that weighs more than one that agrees better.
func (m *Model) Validate() error {
	check := func(name string, p Probability, agrees bool) error {
		switch {
		case p.M == 0 && p.U == 0:
			return nil
		case p.M <= 0 || p.U <= 0 || p.M > 1 || p.U > 1:
			return fmt.Errorf("model: %s: m and u must lie in (0, 1]", name)
		case agrees && p.M <= p.U:
			return fmt.Errorf("model: %s: m %.3g is not above u %.3g", name, p.M, p.U)
		case !agrees && p.M >= p.U:
			return fmt.Errorf("model: %s: m %.3g is not below u %.3g", name, p.M, p.U)
		}
		return nil
	}
	for name, share := range map[string]float64{"other form": m.OtherForm, "other reading": m.OtherReading} {
		if share <= 0 || share > 1 {
			return fmt.Errorf("model: %s: the share must lie in (0, 1]", name)
		}
	}
	for _, part := range []struct {
		name  string
		table *NamePart
	}{{"family", &m.Family}, {"given", &m.Given}} {
		for _, c := range [...]struct {
			k, n   class
			agrees bool
		}{
			{clExact, clExact, true}, {clExact, clUnknown, true}, {clUnknown, clExact, true},
			{clDifferent, clDifferent, false}, {clDifferent, clUnknown, false}, {clUnknown, clDifferent, false},
		} {
			name := fmt.Sprintf("%s kanji=%s kana=%s", part.name, classNames[c.k], classNames[c.n])
			if err := check(name, part.table[c.k][c.n], c.agrees); err != nil {
				return err
			}
		}
	}
	for _, t := range []struct {
		name  string
		table *[levels]Probability
	}{{"birth", &m.Birth}, {"sex", &m.Sex}, {"address", &m.Address}} {
		if err := check(t.name+" exact", t.table[Exact], true); err != nil {
			return err
		}
		if err := check(t.name+" different", t.table[Different], false); err != nil {
			return err
		}
	}
	return m.checkOrder()
}

// weights is a model in bits, ready for the hot path.
type weights struct {
	family, given  [classes][classes]float32
	otherFamily    [classes][classes]float32 // where the given name differs too
	birth          [levels]float32
	sex            [levels]float32
	sexGivenAgrees [levels]float32
	address        [levels]float32
	otherForm      float32
	otherReading   float32
}

func (m *Model) weights() weights {
	var w weights
	bits := func(p Probability) float32 { return float32(p.bits()) }
	for k := range m.Family {
		for n := range m.Family[k] {
			w.family[k][n] = bits(m.Family[k][n])
			w.given[k][n] = bits(m.Given[k][n])
			w.otherFamily[k][n] = bits(Probability{otherNameToo, m.Family[k][n].U})
		}
	}
	for l := range m.Birth {
		w.birth[l] = bits(m.Birth[l])
		w.sex[l] = bits(m.Sex[l])
		w.sexGivenAgrees[l] = bits(m.SexGivenAgrees[l])
		w.address[l] = bits(m.Address[l])
	}
	w.otherForm = float32(math.Log2(m.OtherForm))
	w.otherReading = float32(math.Log2(m.OtherReading))
	return w
}

// The u of agreeing names in the default table: the chance that two residents
// share the part.
const (
	familyU = 1.0 / 300
	givenU  = 1.0 / 2500
)

// DefaultModel is the table an audit uses when nothing was trained. m comes
// from the funnel of the 2023 inspection and the notation rates in insurers'
// reports, u from surname and given name counts; both are rounded, and term
// frequencies refine u for each value.
func DefaultModel() *Model {
	type p = Probability
	m := &Model{OtherForm: 0.5, OtherReading: 0.01}

	// Kanji and kana of the family name. A marriage changes both; a variant
	// the strong fold does not know changes only the kanji; a clerk's reading
	// changes only the kana. Rows: kanji; columns: kana.
	m.Family = NamePart{
		//           unknown            exact               confusable         near                part               different
		clUnknown:    {{}, {0.94, familyU}, {0.010, familyU / 2}, {0.012, 0.006}, {0.004, 0.02}, {0.034, 0.97}},
		clExact:      {{0.95, familyU}, {0.90, familyU}, {0.012, familyU / 8}, {0.014, familyU / 6}, {0.003, familyU / 8}, {0.004, familyU / 3}},
		clConfusable: {{0.006, familyU / 3}, {0.005, familyU / 4}, {3e-4, familyU / 60}, {2e-4, familyU / 60}, {4e-5, familyU / 60}, {8e-5, familyU / 6}},
		clNear:       {{0.002, 0.0012}, {0.003, familyU / 6}, {8e-5, familyU / 40}, {8e-5, 1e-4}, {2e-5, 1e-4}, {8e-5, 8e-4}},
		clPart:       {{0.004, 0.07}, {0.006, familyU / 3}, {1e-4, familyU / 6}, {1e-4, 7e-4}, {5e-4, 6e-3}, {3e-3, 0.03}},
		clDifferent:  {{0.034, 0.928}, {0.005, familyU / 2}, {1e-4, familyU / 3}, {1e-4, 4e-3}, {6e-4, 0.014}, {0.028, 0.945}},
	}
	// The given name: hardly ever changes, so a full difference is rare. In kana
	// alone slips and other readings are told apart from another name: what is
	// left are changes of the given name, which a few thousand of 125 million
	// people make in a year and records follow within weeks.
	m.Given = NamePart{
		clUnknown:    {{}, {0.962, givenU}, {0.014, givenU}, {0.018, 0.010}, {0.003, 0.05}, {5e-6, 0.94}},
		clExact:      {{0.972, givenU}, {0.930, givenU}, {0.014, givenU / 8}, {0.018, givenU / 6}, {0.003, givenU / 8}, {0.004, givenU / 3}},
		clConfusable: {{0.004, givenU / 3}, {0.004, givenU / 3}, {2e-4, givenU / 50}, {2e-4, givenU / 50}, {3e-5, givenU / 50}, {4e-5, givenU / 6}},
		clNear:       {{0.002, 0.0012}, {0.003, givenU / 4}, {6e-5, givenU / 30}, {6e-5, 1e-4}, {1e-5, 1e-4}, {3e-5, 8e-4}},
		clPart:       {{0.005, 0.05}, {0.007, givenU / 2}, {1e-4, givenU / 4}, {2e-4, 1e-3}, {1e-4, 6e-3}, {4e-4, 0.04}},
		clDifferent:  {{0.0045, 0.95}, {0.006, givenU}, {1e-4, givenU / 2}, {2e-4, 8e-3}, {1e-4, 0.04}, {6e-4, 0.89}},
	}
	m.Birth = [levels]Probability{
		Exact:     p{0.992, 1.0 / 26000},
		Notation:  p{0.003, 1.0 / 3000},
		Near:      p{0.0035, 0.012},
		Part:      p{0.0007, 0.006},
		Different: p{0.0006, 0.982},
	}
	m.Sex = [levels]Probability{
		Exact:     p{0.9985, 0.5},
		Different: p{0.0015, 0.5},
	}
	m.SexGivenAgrees = [levels]Probability{
		Exact:     p{0.9985, 0.97},
		Different: p{0.0015, 0.03},
	}
	m.Address = [levels]Probability{
		Exact:     p{0.84, 2e-6},
		Block:     p{0.02, 1e-5},
		Town:      p{0.02, 3e-4},
		Uncertain: p{0.015, 2e-4},
		City:      p{0.035, 0.02},
		Different: p{0.07, 0.9797},
	}
	m.normalize()
	return m
}

// normalize makes every known pattern of a comparison a distribution: a table
// of rounded figures is a little off.
func (m *Model) normalize() {
	for _, part := range []*NamePart{&m.Family, &m.Given} {
		for _, known := range nameKnowns {
			var sum Probability
			known.each(func(k, n class) {
				sum.M += part[k][n].M
				sum.U += part[k][n].U
			})
			known.each(func(k, n class) {
				part[k][n].M /= sum.M
				part[k][n].U /= sum.U
			})
		}
	}
	for _, table := range []*[levels]Probability{&m.Birth, &m.Sex, &m.SexGivenAgrees, &m.Address} {
		var sum Probability
		for _, p := range table {
			sum.M += p.M
			sum.U += p.U
		}
		for l := range table {
			table[l].M /= sum.M
			table[l].U /= sum.U
		}
	}
}

// nameKnown is which scripts of a name part both sides have; the cells of each
// such pattern are one distribution.
type nameKnown struct{ kanji, kana bool }

var nameKnowns = [...]nameKnown{{true, true}, {true, false}, {false, true}}

// each visits the cells of the pattern.
func (known nameKnown) each(f func(kanji, kana class)) {
	for k := range classes {
		for n := range classes {
			if (k != clUnknown) == known.kanji && (n != clUnknown) == known.kana {
				f(k, n)
			}
		}
	}
}

// LevelWeight is one line of a model for people.
type LevelWeight struct {
	Comparison, Level string
	M, U, Bits        float64
}

// Weights lists every level with its weight in bits.
func (m *Model) Weights() []LevelWeight {
	var out []LevelWeight
	add := func(comparison, level string, p Probability) {
		if p.M > 0 && p.U > 0 {
			out = append(out, LevelWeight{comparison, level, p.M, p.U, p.bits()})
		}
	}
	for _, part := range []struct {
		name  string
		table *NamePart
	}{{"family", &m.Family}, {"given", &m.Given}} {
		for _, known := range nameKnowns {
			known.each(func(k, n class) { add(part.name, cellName(k, n), part.table[k][n]) })
		}
	}
	for _, t := range []struct {
		name  string
		table *[levels]Probability
	}{{"birth", &m.Birth}, {"sex", &m.Sex}, {"address", &m.Address}} {
		for l := range t.table {
			add(t.name, Level(l).String(), t.table[l])
		}
	}
	return out
}
