package score_test

import (
	"math/rand/v2"
	"testing"

	"github.com/himozuke/himozuke/normalize"
	"github.com/himozuke/himozuke/score"
	"pgregory.net/rapid"
)

// comparePair is all comparisons of a pair, as the engine asks for them.
func comparePair(a, b *score.Person, s *score.Scratch) (score.NameComparison, [3]score.Level) {
	return score.CompareNames(a, b, s), [3]score.Level{
		score.CompareDate(a.Birth, b.Birth),
		score.CompareSex(a.Sex, b.Sex),
		score.CompareAddress(a.Address, b.Address, a.Postal, b.Postal),
	}
}

// Names are drawn from few and alike parts, so that every level turns up.
var (
	familyParts = []string{"山田", "山●", "斎藤", "斉藤", "佐藤", "長谷川", "谷川", "林", "勅使河原", "NGUYEN", "グエン", "●●", ""}
	familyKana  = []string{"ヤマダ", "ヤマザキ", "ヤマサキ", "サイトウ", "サトウ", "オオノ", "オノ", "ハセガワ", "ハヤシ", "●●", "ア", "A", ""}
	givenParts  = []string{"太郎", "次郎", "健一", "健二", "由美子", "由美", "さくら", "茜", "VANAN", "●", ""}
	givenKana   = []string{"タロウ", "ジロウ", "ケンイチ", "ケンジ", "ユミコ", "ユミ", "サクラ", "アカネ", "アレクサンドラガブリエラ", "●", ""}
)

func anyNameForm(t *rapid.T, label string) normalize.NameForm {
	family := rapid.SampledFrom(familyParts).Draw(t, label+" family")
	given := rapid.SampledFrom(givenParts).Draw(t, label+" given")
	if family != "" && given != "" && rapid.Bool().Draw(t, label+" split") {
		return normalize.NameForm{Family: kanji(family), Given: kanji(given), Split: true}
	}
	return normalize.NameForm{Family: kanji(family + given)}
}

func anyPerson(t *rapid.T, label string) *score.Person {
	p := &score.Person{Name: anyNameForm(t, label)}
	family := rapid.SampledFrom(familyKana).Draw(t, label+" family kana")
	given := rapid.SampledFrom(givenKana).Draw(t, label+" given kana")
	if family != "" && given != "" && rapid.Bool().Draw(t, label+" kana split") {
		p.Kana = normalize.KanaForm{Family: kana(family), Given: kana(given), Split: true}
	} else {
		p.Kana = normalize.KanaForm{Family: kana(family + given)}
	}
	if rapid.IntRange(0, 3).Draw(t, label+" has former") == 0 {
		p.Former = kanji(rapid.SampledFrom(familyParts).Draw(t, label+" former"))
	}
	if rapid.IntRange(0, 3).Draw(t, label+" has alias") == 0 {
		p.Alias = anyNameForm(t, label+" alias")
	}
	p.Birth = normalize.MakeDate(rapid.SampledFrom([]int{0, 1958, 1985, 1986}).Draw(t, label+" year"),
		rapid.SampledFrom([]int{0, 3, 4, 12}).Draw(t, label+" month"), rapid.SampledFrom([]int{0, 3, 12, 21}).Draw(t, label+" day"))
	p.Sex = normalize.Sex(rapid.IntRange(0, 2).Draw(t, label+" sex"))
	small := rapid.IntRange(0, 2)
	p.Postal = normalize.PostalCode(small.Draw(t, label+" postal"))
	p.Address = normalize.AddressKey{
		Town: uint32(small.Draw(t, label+" town")), Numbers: uint32(small.Draw(t, label+" numbers")),
		Municipality: uint16(small.Draw(t, label+" municipality")), TownWeak: uint16(small.Draw(t, label+" weak")),
		Block: uint16(small.Draw(t, label+" block")), Flags: normalize.AddressFlags(small.Draw(t, label+" flags")),
	}
	return p
}

func TestComparisonsAreSymmetric(t *testing.T) {
	var s score.Scratch
	rapid.Check(t, func(t *rapid.T) {
		a, b := anyPerson(t, "a"), anyPerson(t, "b")
		nameAB, levelsAB := comparePair(a, b, &s)
		nameBA, levelsBA := comparePair(b, a, &s)
		if describe(nameAB) != describe(nameBA) {
			t.Fatalf("%s one way, %s the other", describe(nameAB), describe(nameBA))
		}
		if levelsAB != levelsBA {
			t.Fatalf("%v one way, %v the other", levelsAB, levelsBA)
		}
		for _, level := range [...]score.Level{nameAB.FamilyKanji, nameAB.FamilyKana, nameAB.GivenKanji, nameAB.GivenKana} {
			if level > score.Different {
				t.Fatalf("level %d does not exist", level)
			}
		}
	})
}

func TestEverybodyAgreesWithThemselves(t *testing.T) {
	var s score.Scratch
	rapid.Check(t, func(t *rapid.T) {
		p := anyPerson(t, "p")
		n, levels := comparePair(p, p, &s)
		for _, level := range [...]score.Level{n.FamilyKanji, n.FamilyKana, n.GivenKanji, n.GivenKana} {
			if level != score.Exact && level != score.Notation && level != score.Unknown {
				t.Fatalf("a person against the same person: %s", describe(n))
			}
		}
		if n.Swapped || n.NeedsReading {
			t.Fatalf("a person against the same person: %s", describe(n))
		}
		if l := levels[0]; l != score.Exact && (l != score.Notation && l != score.Part && l != score.Unknown || p.Birth.Year() != 0 && p.Birth.Month() != 0 && p.Birth.Day() != 0) {
			t.Fatalf("birth date %d-%d-%d against itself: %s", p.Birth.Year(), p.Birth.Month(), p.Birth.Day(), l)
		}
		if l := levels[1]; l != score.Exact && p.Sex != 0 {
			t.Fatalf("sex against itself: %s", l)
		}
		if l := levels[2]; l == score.Different || p.Address.Town != 0 && p.Address.Numbers != 0 && l != score.Exact {
			t.Fatalf("address against itself: %s", l)
		}
	})
}

// TestExactMeansEqualCodes: what agrees exactly has the same codes, and what
// has the same legible codes agrees exactly.
func TestExactMeansEqualCodes(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		codes := rapid.SliceOfN(rapid.SampledFrom([]uint16{'山', '田', 'サ', 'A', normalize.KanjiWildcard}), 0, 5)
		a, b := codes.Draw(t, "a"), codes.Draw(t, "b")
		exact := score.CompareKanji(a, b) == score.Exact
		equal := len(a) == len(b) && len(a) > 0
		for i := 0; equal && i < len(a); i++ {
			equal = a[i] == b[i] && a[i] != normalize.KanjiWildcard
		}
		if exact != equal {
			t.Fatalf("CompareKanji(%x, %x) exact %v, codes equal %v", a, b, exact, equal)
		}
		bytesOf := rapid.SliceOfN(rapid.SampledFrom([]byte{2, 4, 0x5C, 0x84, 0, normalize.KanaWildcard}), 0, 5)
		x, y := bytesOf.Draw(t, "x"), bytesOf.Draw(t, "y")
		exact = score.CompareKana(x, y) == score.Exact
		equal = string(x) == string(y) && len(x) > 0
		for _, c := range x {
			equal = equal && c != normalize.KanaWildcard
		}
		if exact != equal {
			t.Fatalf("CompareKana(%x, %x) exact %v, codes equal %v", x, y, exact, equal)
		}
	})
}

func FuzzCompareNames(f *testing.F) {
	f.Add([]byte("\x44\x3E\x41"), []byte("\x44\x3E"), "山田太郎", "山田", uint8(2), uint8(1))
	f.Fuzz(func(t *testing.T, kanaA, kanaB []byte, kanjiA, kanjiB string, cutA, cutB uint8) {
		build := func(kanaCodes []byte, text string, cut uint8) *score.Person {
			codes := kanji(text)
			p := &score.Person{Name: normalize.NameForm{Family: codes}, Kana: normalize.KanaForm{Family: kanaCodes}}
			if n := int(cut & 15); n > 0 && n < len(codes) {
				p.Name = normalize.NameForm{Family: codes[:n], Given: codes[n:], Split: true}
				p.Former, p.Alias = codes[n:], normalize.NameForm{Family: codes[n:]}
			}
			if n := int(cut >> 4); n > 0 && n < len(kanaCodes) {
				p.Kana = normalize.KanaForm{Family: kanaCodes[:n], Given: kanaCodes[n:], Split: true}
			}
			return p
		}
		var s score.Scratch
		a, b := build(kanaA, kanjiA, cutA), build(kanaB, kanjiB, cutB)
		there, back := score.CompareNames(a, b, &s), score.CompareNames(b, a, &s)
		if describe(there) != describe(back) {
			t.Fatalf("%s one way, %s the other", describe(there), describe(back))
		}
		there.Parts(a)
	})
}

// population is a thousand people with names of common lengths.
func population() []*score.Person {
	rng := rand.New(rand.NewPCG(21, 22))
	pick := func(from, n int) []uint16 {
		s := make([]uint16, n)
		for i := range s {
			s[i] = uint16(from + rng.IntN(600))
		}
		return s
	}
	kanaOf := func(n int) []byte {
		s := make([]byte, n)
		for i := range s {
			s[i] = byte(2 + rng.IntN(0x50))
		}
		return s
	}
	people := make([]*score.Person, 1024)
	for i := range people {
		people[i] = &score.Person{
			Name:   normalize.NameForm{Family: pick(0x5000, 1+rng.IntN(3)), Given: pick(0x6000, 1+rng.IntN(3)), Split: true},
			Kana:   normalize.KanaForm{Family: kanaOf(2 + rng.IntN(4)), Given: kanaOf(2 + rng.IntN(4)), Split: true},
			Birth:  normalize.MakeDate(1930+rng.IntN(90), 1+rng.IntN(12), 1+rng.IntN(28)),
			Sex:    normalize.Sex(1 + rng.IntN(2)),
			Postal: normalize.PostalCode(1000000 + rng.IntN(1000)),
			Address: normalize.AddressKey{
				Town: rng.Uint32(), Numbers: rng.Uint32(), Municipality: uint16(13100 + rng.IntN(30)),
				TownWeak: uint16(1 + rng.IntN(60000)), Block: uint16(1 + rng.IntN(60000)),
			},
		}
	}
	return people
}

func BenchmarkComparePair(b *testing.B) {
	people := population()
	copies := population()
	var s score.Scratch
	var total int
	run := func(name string, x, y []*score.Person) {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for i := range b.N {
				n, levels := comparePair(x[i&1023], y[i&1023], &s)
				total += int(n.FamilyKanji) + int(levels[2])
			}
		})
	}
	run("agreeing", people, copies)
	run("random", people, append(copies[1:], copies[0]))

	// Family members: family name and address agree.
	household := population()
	for i, p := range household {
		p.Name.Family, p.Kana.Family = people[i].Name.Family, people[i].Kana.Family
		other := people[(i+7)&1023]
		p.Name.Given, p.Kana.Given, p.Birth = other.Name.Given, other.Kana.Given, other.Birth
	}
	run("family", people, household)

	whole := population()
	for _, p := range whole {
		p.Name = normalize.NameForm{Family: append(append([]uint16(nil), p.Name.Family...), p.Name.Given...)}
		p.Kana = normalize.KanaForm{Family: append(append([]byte(nil), p.Kana.Family...), p.Kana.Given...)}
	}
	run("agreeing unsplit", people, whole)
	run("random unsplit", people, append(whole[1:], whole[0]))
	sink += float64(total)
}

func TestComparisonsDoNotAllocate(t *testing.T) {
	people := population()
	others := population()
	for i, p := range others {
		switch i % 4 {
		case 1: // not split
			p.Name = normalize.NameForm{Family: append(append([]uint16(nil), p.Name.Family...), p.Name.Given...)}
			p.Kana = normalize.KanaForm{Family: append(append([]byte(nil), p.Kana.Family...), p.Kana.Given...)}
		case 2: // somebody else
			others[i] = people[(i+1)&1023]
		case 3: // a Latin name in the kana field, a former name, an alias
			p.Kana = normalize.KanaForm{Family: kana("RAMOS"), Given: kana("JENNIFER"), Split: true}
			p.Former, p.Alias = kanji("山田"), nameForm("田中 五郎")
		}
	}
	var s score.Scratch
	for i := range people {
		comparePair(people[i], others[i], &s) // fills the scratch
	}
	i := 0
	if n := testing.AllocsPerRun(4000, func() {
		comparePair(people[i&1023], others[i&1023], &s)
		i++
	}); n != 0 {
		t.Errorf("a pair takes %v allocations", n)
	}
}
