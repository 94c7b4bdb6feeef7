package score

import (
	"fmt"
	"testing"

	"pgregory.net/rapid"
)

// What is cleared without a look at any frequency would have been cleared by
// weighing it: it weighs as much as was asked, and nothing is missing.
func TestWhatAgreesVerifiablyWeighsAsMuch(t *testing.T) {
	families := [...][2]string{{"佐藤", "サトウ"}, {"田中", "タナカ"}, {"勅使河原", "テシガワラ"}, {"小鳥遊", "タカナシ"}}
	givens := [...][2]string{{"太郎", "タロウ"}, {"花子", "ハナコ"}, {"一二三", "ヒフミ"}}
	var people []Person
	f := NewFrequencies(0, NewLines)
	for i, family := range families {
		for j, given := range givens {
			for _, space := range [...]string{"　", ""} {
				p := person(t, family[0]+space+given[0], family[1]+space+given[1], fmt.Sprintf("19%02d-03-04", 40+i), []string{"男", "女"}[j%2], town)
				people = append(people, p)
				for range 1 + 4000>>(4*i+2*j) {
					f.Add(&p, HashWeakKana(p.Kana.Family, p.Kana.Given))
				}
			}
		}
	}
	for k := range 3000 { // everybody else
		p := person(t, "山"+string(rune('一'+k))+"　"+string(rune('丁'+k)), "", "1990-01-01", "男", "")
		f.Add(&p, 0)
	}
	w := NewWeigher(DefaultModel(), f)
	passed := 0
	rapid.Check(t, func(t *rapid.T) {
		holder := people[rapid.IntRange(0, len(people)-1).Draw(t, "person")]
		record := holder
		missing := rapid.IntRange(0, 31).Draw(t, "missing")
		if missing&1 != 0 {
			record.Name.Family, record.Name.Given = nil, nil
		}
		if missing&2 != 0 {
			record.Kana.Family, record.Kana.Given = nil, nil
		}
		if missing&4 != 0 {
			record.Birth = 0
		}
		if missing&8 != 0 {
			record.Sex = 0
		}
		if missing&16 != 0 {
			record.Address = people[0].Address
			record.Address.Town, record.Address.Numbers, record.Address.Municipality = 0, 0, 0
		}
		least := rapid.Float32Range(0, 40).Draw(t, "least")
		var o Weight
		w.Compare(&record, &holder, &o)
		agrees := w.AgreesVerifiably(&o, least)
		if !agrees && w.AgreesFully(&o, least) {
			t.Fatalf("agrees fully with %v bits, but not verifiably", least)
		}
		w.WeighCompared(&record, &holder, &o)
		if !agrees {
			return
		}
		passed++
		if o.Known < least-1e-3 || o.Deficit != 0 {
			t.Fatalf("missing %b: weighs %v of %v where %v was promised", missing, o.Total, o.Known, least)
		}
	})
	if passed < 20 {
		t.Fatalf("only %d pairs agreed", passed)
	}
	record := people[len(people)-2]
	record.Name.Family, record.Name.Given, record.Birth, record.Sex = nil, nil, 0, 0
	record.Address = people[0].Address
	record.Address.Town, record.Address.Numbers, record.Address.Municipality = 0, 0, 0
	var o Weight
	w.Compare(&record, &people[len(people)-2], &o)
	if !w.AgreesVerifiably(&o, 1) {
		t.Error("kana alone says nothing")
	}
}
