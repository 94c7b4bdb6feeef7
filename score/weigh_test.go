package score

import (
	"math"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/himozuke/himozuke/normalize"
)

// person parses the fields as the engine does.
func person(t *testing.T, name, kana, birth, sex, address string) Person {
	t.Helper()
	var names normalize.NameParser
	var kanas normalize.KanaParser
	var addresses normalize.AddressParser
	var p Person
	if name != "" {
		n, _ := names.Parse([]byte(name))
		p.Name, p.Former, p.Alias = n.Main, n.Former, n.Alias
	}
	if kana != "" {
		p.Kana, _ = kanas.Parse([]byte(kana))
	}
	p.Birth, _ = normalize.ParseDate([]byte(birth))
	p.Sex = normalize.ParseSex([]byte(sex))
	p.Address, _ = addresses.Parse([]byte(address), 0, 0)
	return p
}

const town = "東京都千代田区紀尾井町1-3"

// crowd is a register of 20,000 people: one in ten a 佐藤, one 勅使河原.
func crowd(t *testing.T) *Weigher {
	t.Helper()
	f := NewFrequencies(0, NewLines)
	common := person(t, "佐藤　太郎", "サトウ　タロウ", "1970-01-01", "男", town)
	rare := person(t, "勅使河原　太郎", "テシガワラ　タロウ", "1970-01-01", "男", town)
	other := person(t, "田中　花子", "タナカ　ハナコ", "1980-05-05", "女", "大阪府大阪市北区梅田1-1")
	for range 2000 {
		f.Add(&common, 0)
	}
	f.Add(&rare, 0)
	for range 18000 {
		f.Add(&other, 0)
	}
	return NewWeigher(DefaultModel(), f)
}

func TestDefaultModelIsValid(t *testing.T) {
	if err := DefaultModel().Validate(); err != nil {
		t.Fatal(err)
	}
	m := DefaultModel()
	m.Birth[Exact] = Probability{M: 1e-6, U: 1e-4}
	if m.Validate() == nil {
		t.Error("a model whose agreement speaks against a match passed")
	}
	m = DefaultModel()
	m.Given[clDifferent][clDifferent] = Probability{M: 0.9, U: 0.5}
	if m.Validate() == nil {
		t.Error("a model whose disagreement speaks for a match passed")
	}
}

// In every known pattern of a name part the m and the u must be a
// distribution.
func TestDefaultModelIsADistribution(t *testing.T) {
	m := DefaultModel()
	for _, part := range []struct {
		name  string
		table *NamePart
	}{{"family", &m.Family}, {"given", &m.Given}} {
		for _, known := range nameKnowns {
			var sumM, sumU float64
			known.each(func(k, n class) {
				sumM += part.table[k][n].M
				sumU += part.table[k][n].U
			})
			if math.Abs(sumM-1) > 1e-9 || math.Abs(sumU-1) > 1e-9 {
				t.Errorf("%s, %+v: m sums to %.4f, u to %.4f", part.name, known, sumM, sumU)
			}
		}
	}
	for name, table := range map[string]*[levels]Probability{"birth": &m.Birth, "sex": &m.Sex, "address": &m.Address, "sex|given": &m.SexGivenAgrees} {
		var sumM, sumU float64
		for _, p := range table {
			sumM += p.M
			sumU += p.U
		}
		if math.Abs(sumM-1) > 1e-9 || math.Abs(sumU-1) > 1e-9 {
			t.Errorf("%s: m sums to %.4f, u to %.4f", name, sumM, sumU)
		}
	}
}

func TestSharingARareNameWeighsMore(t *testing.T) {
	w := crowd(t)
	var common, rare Weight
	a := person(t, "佐藤　太郎", "サトウ　タロウ", "1970-01-01", "男", town)
	b := person(t, "勅使河原　太郎", "テシガワラ　タロウ", "1970-01-01", "男", town)
	w.Weigh(&a, &a, &common)
	w.Weigh(&b, &b, &rare)
	if rare.Total < common.Total+6 {
		t.Errorf("勅使河原 weighs %.1f bits, 佐藤 %.1f: a name a thousand times rarer must weigh much more", rare.Total, common.Total)
	}
}

func TestWeightFallsWithDisagreement(t *testing.T) {
	w := crowd(t)
	holder := person(t, "髙橋　健太", "タカハシ　ケンタ", "1985-04-12", "男", town)
	rows := []struct {
		what string
		row  Person
	}{
		{"the same", person(t, "高橋　健太", "ﾀｶﾊｼ ｹﾝﾀ", "S60.4.12", "1", "東京都千代田区紀尾井町1番3号")},
		{"moved", person(t, "高橋　健太", "ﾀｶﾊｼ ｹﾝﾀ", "S60.4.12", "1", "大阪府大阪市北区梅田1-1")},
		{"moved, birth date one slip off", person(t, "高橋　健太", "ﾀｶﾊｼ ｹﾝﾀ", "S60.4.21", "1", "大阪府大阪市北区梅田1-1")},
		{"a brother", person(t, "高橋　健司", "タカハシ　ケンジ", "1988-11-02", "男", town)},
		{"a stranger", person(t, "田中　花子", "タナカ　ハナコ", "1980-05-05", "女", "大阪府大阪市北区梅田1-1")},
	}
	last := float32(math.Inf(1))
	for _, r := range rows {
		var got Weight
		w.Weigh(&r.row, &holder, &got)
		if got.Total >= last {
			t.Errorf("%s weighs %.1f bits, not less than the row before (%.1f)", r.what, got.Total, last)
		}
		last = got.Total
	}
	if last > -20 {
		t.Errorf("a stranger weighs %.1f bits, want clearly against", last)
	}
}

func TestEvidenceAddsUp(t *testing.T) {
	w := crowd(t)
	names := []string{"", "佐藤　太郎", "佐籐　太郎", "勅使河原太郎", "田中　花子", "●藤　太郎"}
	kanas := []string{"", "サトウ　タロウ", "ｻﾄｳ ﾀﾛｳ", "サトウタロウ", "タナカ　ハナコ"}
	births := []string{"", "1970-01-01", "1970-01-00", "1971-10-01"}
	sexes := []string{"", "男", "女"}
	towns := []string{"", town, "大阪府大阪市北区梅田1-1"}
	rapid.Check(t, func(rt *rapid.T) {
		draw := func() Person {
			return person(t, rapid.SampledFrom(names).Draw(rt, "name"), rapid.SampledFrom(kanas).Draw(rt, "kana"),
				rapid.SampledFrom(births).Draw(rt, "birth"), rapid.SampledFrom(sexes).Draw(rt, "sex"), rapid.SampledFrom(towns).Draw(rt, "address"))
		}
		a, b := draw(), draw()
		var got Weight
		w.Weigh(&a, &b, &got)
		sum := 0.0
		for _, e := range w.Evidence(&got) {
			sum += e.Weight
		}
		if math.Abs(sum-float64(got.Total)) > 1e-3 {
			rt.Fatalf("evidence adds up to %.4f, the weight is %.4f", sum, got.Total)
		}
		if got.Deficit < -1e-3 || got.Known < got.Total-1e-3 {
			rt.Fatalf("deficit %.3f, known %.3f, total %.3f", got.Deficit, got.Known, got.Total)
		}
		var self Weight
		w.Weigh(&a, &a, &self)
		if self.Deficit > 1e-3 {
			rt.Fatalf("a record is %.3f bits below full agreement with itself", self.Deficit)
		}
	})
}

// A name that differs altogether is not two accidents that happened to meet: a
// trade name, an alias or somebody who acts for the holder replaces both parts.
func TestBothNamesDiffer(t *testing.T) {
	w := crowd(t)
	holder := person(t, "", "タナカ　ハナコ", "", "", "")
	family := func(kana string) (float32, Evidence) {
		record := person(t, "", kana, "", "", "")
		var out Weight
		w.Weigh(&record, &holder, &out)
		return out.FamilyWeight(), w.Evidence(&out)[partFamily]
	}
	alone, _ := family("ヤマグチ　ハナコ")
	both, evidence := family("ヤマグチ　ケンイチ")
	if want := float32(math.Log2(otherNameToo / evidence.U)); both <= alone || math.Abs(float64(both-want)) > 1e-3 {
		t.Errorf("another family name weighs %.2f alone and %.2f with another given name, want %.2f", alone, both, want)
	}
	if evidence.M != otherNameToo || math.Abs(evidence.Adjustment) > 1e-3 {
		t.Errorf("the evidence says otherwise: %+v", evidence)
	}
}

// Agreement that speaks against a match, or disagreement for one, is refused at
// every comparison.
func TestModelsThatContradictThemselvesAreRefused(t *testing.T) {
	swapped := func(p Probability) Probability { return Probability{M: p.U, U: p.M} }
	for name, change := range map[string]func(m *Model){
		"family":            func(m *Model) { m.Family[clExact][clExact] = swapped(m.Family[clExact][clExact]) },
		"family, kana only": func(m *Model) { m.Family[clUnknown][clDifferent] = swapped(m.Family[clUnknown][clDifferent]) },
		"given":             func(m *Model) { m.Given[clDifferent][clDifferent] = swapped(m.Given[clDifferent][clDifferent]) },
		"given, kanji only": func(m *Model) { m.Given[clExact][clUnknown] = swapped(m.Given[clExact][clUnknown]) },
		"birth":             func(m *Model) { m.Birth[Different] = swapped(m.Birth[Different]) },
		"sex":               func(m *Model) { m.Sex[Exact] = Probability{0.4, 0.5} },
		"address":           func(m *Model) { m.Address[Exact] = swapped(m.Address[Exact]) },
		"no probability":    func(m *Model) { m.Address[Different].M = 0 },
	} {
		m := DefaultModel()
		change(m)
		if m.Validate() == nil {
			t.Errorf("%s: a model that contradicts itself passed", name)
		}
	}
}

func TestWhoHasTheGivenNameMayHaveMarried(t *testing.T) {
	w := crowd(t)
	weigh := func(holder, kana string) float32 {
		record, person := person(t, "", kana, "", "", ""), person(t, holder, "", "1970-01-01", "男", town)
		var out Weight
		w.Weigh(&record, &person, &out)
		return out.FamilyWeight()
	}
	different := w.w.family[clUnknown][clDifferent]
	if family := weigh("佐藤　花子", "スズキ ハナコ"); family != different {
		t.Errorf("another family name weighs %.2f bits, want %.2f", family, different)
	}
	if family := weigh("佐藤　花子", "スズキ タロウ"); family >= different {
		t.Errorf("another family name with another given name weighs %.2f bits, more than %.2f", family, different)
	}
	if family := weigh("佐藤　花子", "サトウ ハナコ"); family < 3 {
		t.Errorf("the family name weighs %.2f bits", family)
	}
}

// A level in the middle that weighs clearly more than one that agrees better is
// named with its comparison.
func TestWeightsMustFallWithAgreement(t *testing.T) {
	raise := func(p, above *Probability, bits float64) {
		p.M, p.U = 1e-9*math.Exp2(above.bits()+bits), 1e-9
	}
	for _, c := range []struct {
		named  []string
		change func(m *Model, bits float64)
	}{
		{[]string{"family", "kanji=near kana=unknown"}, func(m *Model, bits float64) {
			raise(&m.Family[clNear][clUnknown], &m.Family[clConfusable][clUnknown], bits)
		}},
		{[]string{"given", "kanji=unknown kana=part"}, func(m *Model, bits float64) {
			raise(&m.Given[clUnknown][clPart], &m.Given[clUnknown][clNear], bits)
		}},
		{[]string{"given", "kanji=near kana=near"}, func(m *Model, bits float64) {
			raise(&m.Given[clNear][clNear], &m.Given[clConfusable][clConfusable], bits)
		}},
		{[]string{"birth", "part"}, func(m *Model, bits float64) { raise(&m.Birth[Part], &m.Birth[Near], bits) }},
		{[]string{"address", "city"}, func(m *Model, bits float64) { raise(&m.Address[City], &m.Address[Exact], bits) }},
		{[]string{"address", "uncertain"}, func(m *Model, bits float64) { raise(&m.Address[Uncertain], &m.Address[Exact], bits) }},
	} {
		m := DefaultModel()
		c.change(m, orderTolerance-0.5)
		if err := m.Validate(); err != nil {
			t.Errorf("%v: within what sampling explains: %v", c.named, err)
		}
		c.change(m, orderTolerance+0.5)
		err := m.Validate()
		if err == nil {
			t.Errorf("%v weighs more than a better level and passes", c.named)
			continue
		}
		for _, name := range c.named {
			if !strings.Contains(err.Error(), name) {
				t.Errorf("%q does not name %q", err, name)
			}
		}
	}
}

// Another given name in Latin letters weighs and counts what it does in kana,
// one that is close to it what it does in characters.
func TestOtherGivenNamesInLatinLetters(t *testing.T) {
	w := crowd(t)
	weigh := func(record, holder string) (Weight, []Evidence) {
		var out Weight
		a, b := person(t, record, "", "", "", ""), person(t, holder, "", "", "", "")
		w.Weigh(&a, &b, &out)
		return out, w.Evidence(&out)
	}
	kana := DefaultModel().Given[clUnknown][clDifferent]
	for _, c := range []struct {
		record, holder string
		asKana         bool
	}{
		{"MA PATRICIA", "MA LIHUA", true},
		{"MA LIHUI", "MA LIHUA", false},
		{"MA LIHUA", "MA LIHUA", false},
		{"山田　花子", "山田　良美", false},
	} {
		out, evidence := weigh(c.record, c.holder)
		if got := math.Abs(float64(out.PartWeight(partGiven))-kana.bits()) < 1e-3; got != c.asKana {
			t.Errorf("%s / %s: given name weighs %.2f, that in kana %.2f", c.record, c.holder, out.PartWeight(partGiven), kana.bits())
		}
		if e := evidence[partGiven]; (e.M == kana.M) != c.asKana {
			t.Errorf("%s / %s: explained by m %.2g", c.record, c.holder, e.M)
		}
		cells := out.Pattern().cells()
		if (cells.gk == clUnknown && cells.gn == clDifferent) != c.asKana {
			t.Errorf("%s / %s: counted as %s and %s", c.record, c.holder, classNames[cells.gk], classNames[cells.gn])
		}
	}
}
