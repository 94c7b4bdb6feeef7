package linkage

import (
	"testing"

	"pgregory.net/rapid"

	"github.com/himozuke/himozuke/normalize"
	"github.com/himozuke/himozuke/score"
)

var mostly = rapid.SampledFrom([]bool{true, true, true, false})

// alikePerson draws from so few values that two of them often agree.
var alikePerson = rapid.Custom(func(t *rapid.T) score.Person {
	kanji := func(name string, least int) []uint16 {
		return rapid.SliceOfN(rapid.SampledFrom([]uint16{'田', '田', '中', '中', 'A', '川', '仿', normalize.KanjiWildcard}), least, 3).Draw(t, name)
	}
	kana := func(name string, least int) []byte {
		return rapid.SliceOfN(rapid.SampledFrom([]byte{0x20, 0x20, 0x21, 0x21, 0x35, 0x35, 0x42, normalize.KanaWildcard}), least, 3).Draw(t, name)
	}
	least := 0
	if mostly.Draw(t, "whole") {
		least = 1
	}
	p := score.Person{
		Name:    normalize.NameForm{Family: kanji("family", least), Given: kanji("given", least), Split: mostly.Draw(t, "split")},
		Kana:    normalize.KanaForm{Family: kana("family kana", least), Given: kana("given kana", least), Split: mostly.Draw(t, "kana split")},
		Birth:   rapid.SampledFrom([]normalize.Date{normalize.MakeDate(1970, 1, 2), normalize.MakeDate(1970, 1, 2), 0, normalize.MakeDate(1970, 1, 0)}).Draw(t, "birth"),
		Sex:     normalize.Sex(rapid.IntRange(0, 2).Draw(t, "sex")),
		Postal:  normalize.PostalCode(rapid.IntRange(0, 1).Draw(t, "postal code")),
		Address: normalize.AddressKey{Town: rapid.SampledFrom([]uint32{1, 1, 1, 2, 0}).Draw(t, "town"), Numbers: rapid.SampledFrom([]uint32{1, 1, 1, 0}).Draw(t, "numbers"), Municipality: 13101},
	}
	if !p.Name.Split {
		p.Name.Family, p.Name.Given = append(p.Name.Family, p.Name.Given...), nil
	}
	if !p.Kana.Split {
		p.Kana.Family, p.Kana.Given = append(p.Kana.Family, p.Kana.Given...), nil
	}
	switch rapid.IntRange(0, 5).Draw(t, "also") {
	case 0:
		p.Former = kanji("former", 1)
	case 1:
		p.Alias = normalize.NameForm{Family: kanji("alias", 1), Given: kanji("given alias", 1), Split: true}
	}
	return p
})

// Pairs of one kind compare alike, whoever they are.
func TestFullAgreementIsOneComparison(t *testing.T) {
	full := func(t *rapid.T) (record, person score.Person) {
		person = alikePerson.Draw(t, "person")
		if record = person; rapid.Bool().Draw(t, "another") {
			record = alikePerson.Draw(t, "record")
		} else if rapid.Bool().Draw(t, "undivided") {
			record.Name = normalize.NameForm{Family: append(append([]uint16{}, person.Name.Family...), person.Name.Given...)}
			record.Kana = normalize.KanaForm{Family: append(append([]byte{}, person.Kana.Family...), person.Kana.Given...)}
		}
		return record, person
	}
	weigher := score.NewWeigher(score.DefaultModel(), score.NewFrequencies(1000, func(n int) [][16]uint32 { return make([][16]uint32, n) }))
	kinds := 0
	check := func(t *rapid.T) {
		record, person := full(t)
		var links, people segment
		links.append(&score.Person{Name: normalize.NameForm{Family: []uint16{'田'}}}) // so that names begin anywhere
		links.append(&record)
		people.append(&person)
		if rapid.Bool().Draw(t, "more") {
			people.append(&record)
		}
		var v verifier
		kind := v.agreementOf(&links, 1, &people, 0)
		if kind == nil {
			return
		}
		kinds++
		var got score.Weight
		links.view(1, &record)
		people.view(0, &person)
		weigher.Compare(&record, &person, &got)
		want := score.Weight{Birth: score.Exact, Sex: score.CompareSex(record.Sex, person.Sex), Address: score.Exact}
		want.Name = score.NameComparison{
			FamilyKanji: score.Exact, FamilyKana: score.Exact, GivenKanji: score.Exact, GivenKana: score.Exact,
			KanjiCut: got.Name.KanjiCut, KanaCut: got.Name.KanaCut,
		}
		if got != want || kind != &v.agreements[got.Sex] {
			t.Fatalf("%+v", got)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		for range 50 {
			check(t)
		}
	})
	if kinds == 0 {
		t.Error("no pair agreed in all")
	}
}

func TestSameLegibleLooksAtEveryWord(t *testing.T) {
	for n := range 12 {
		for at := range n {
			for _, code := range []uint16{'中', 0x00FF, normalize.KanjiWildcard} {
				a, b := make([]uint16, n), make([]uint16, n)
				if !sameLegible(a, b) {
					t.Fatalf("%d words are not the same", n)
				}
				a[at] = code
				if sameLegible(a, b) || sameLegible(b, a) {
					t.Fatalf("%d words: %#x at %d is overlooked", n, code, at)
				}
				if b[at] = code; sameLegible(a, b) != (code == '中') {
					t.Fatalf("%d words: %#x on both sides at %d", n, code, at)
				}
			}
		}
	}
}
