package reading

import (
	"math"
	"testing"

	"pgregory.net/rapid"
)

// anyKanji draws characters of names, kana, Latin letters, wildcards and noise.
var anyKanji = rapid.SliceOfN(rapid.OneOf(
	rapid.SampledFrom([]uint16{'佐', '藤', '田', '中', '子', '美', '太', '郎', '一', '陽', 'の', 'サ', 0xFFFD}),
	rapid.Uint16Range(0x4E00, 0x9FFF),
	rapid.Uint16(),
), 0, 14)

var anyKana = rapid.SliceOfN(rapid.OneOf(
	rapid.SampledFrom([]byte{0x02, 0x35, 0x48, 0x33, 0x5C, 0xFF, 0x00}),
	rapid.ByteRange(0x02, 0x54),
	rapid.Byte(),
), 0, 34)

func checkBits(t rapid.TB, what string, bits float32) {
	if math.IsNaN(float64(bits)) || bits < -20 || bits > 40 {
		t.Fatalf("%s weighs %v bits", what, bits)
	}
}

func TestWeightsStayInBounds(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		kanji, kana := anyKanji.Draw(t, "kanji"), anyKana.Draw(t, "kana")
		for part := FamilyName; part <= FullName; part++ {
			checkBits(t, "part", Weight(kanji, kana, part))
		}
		checkBits(t, "Latin", LatinWeight(kanji, kana))
		kanjiCut, kanaCut, bits := Split(kanji, kana)
		checkBits(t, "split", bits)
		if kanjiCut == -1 != (kanaCut == -1) {
			t.Fatalf("one cut without the other: %d, %d", kanjiCut, kanaCut)
		}
		if kanjiCut != -1 && (kanjiCut < 1 || kanjiCut >= len(kanji) || kanaCut < 1 || kanaCut >= len(kana)) {
			t.Fatalf("cuts %d, %d of %d characters, %d kana", kanjiCut, kanaCut, len(kanji), len(kana))
		}
	})
}

func TestSplitKeepsKnownCuts(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		kanji := rapid.SliceOfN(rapid.SampledFrom([]uint16{'佐', '藤', '田', '中', '子', '美'}), 2, 6).Draw(t, "kanji")
		kana := rapid.SliceOfN(rapid.ByteRange(0x02, 0x42), 2, 10).Draw(t, "kana")
		known := rapid.IntRange(1, len(kanji)-1).Draw(t, "kanji cut")
		if cut, _ := CutAt(kanji, kana, known, -1); cut != known && cut != -1 {
			t.Fatalf("kanji cut %d became %d", known, cut)
		}
		known = rapid.IntRange(1, len(kana)-1).Draw(t, "kana cut")
		if _, cut := CutAt(kanji, kana, -1, known); cut != known && cut != -1 {
			t.Fatalf("kana cut %d became %d", known, cut)
		}
	})
}

func TestWeightIsTheSameEveryTime(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		kanji, kana := anyKanji.Draw(t, "kanji"), anyKana.Draw(t, "kana")
		first := Weight(kanji, kana, GivenName)
		done := make(chan float32)
		go func() { done <- Weight(kanji, kana, GivenName) }()
		if second := <-done; second != first {
			t.Fatalf("%v, then %v", first, second)
		}
	})
}

func TestNothingKnownWeighsNothing(t *testing.T) {
	sato, _ := codes("佐藤", "")
	_, satou := codes("", "サトウ")
	unread := []uint16{0xFFFD, 0xFFFD}
	for _, test := range []struct {
		name  string
		kanji []uint16
		kana  []byte
	}{
		{"no kanji", nil, satou},
		{"no kana", sato, nil},
		{"unreadable kanji", unread, satou},
		{"unreadable kana", sato, []byte{0xFF, 0xFF}},
		{"both unreadable", unread, []byte{0xFF, 0xFF}},
		{"characters nobody knows", []uint16{0xD801, 0xD802}, satou},
		{"too long", make([]uint16, 40), satou},
	} {
		for part := FamilyName; part <= FullName; part++ {
			if bits := Weight(test.kanji, test.kana, part); bits != 0 {
				t.Errorf("%s, part %d: %v bits", test.name, part, bits)
			}
		}
		if bits := LatinWeight(test.kanji, test.kana); bits != 0 {
			t.Errorf("%s as Latin: %v bits", test.name, bits)
		}
	}
}

func TestWildcardsLeaveTheRestOfTheEvidence(t *testing.T) {
	for _, test := range []struct{ kanji, right, wrong string }{
		{"\uFFFD藤", "サトウ", "スズキ"},
		{"高\uFFFD", "タカハシ", "ヤマモト"},
		{"佐藤", "サ●ウ", "ス●キ"},
		{"\uFFFD子", "ハナコ", "ミサキ"},
	} {
		kanji, right := codes(test.kanji, test.right)
		_, wrong := codes(test.kanji, test.wrong)
		part := FamilyName
		if test.right == "ハナコ" {
			part = GivenName
		}
		r, w := Weight(kanji, right, part), Weight(kanji, wrong, part)
		if r <= 0 || w >= 0 {
			t.Errorf("%s: %s weighs %.1f, %s %.1f", test.kanji, test.right, r, test.wrong, w)
		}
	}
}

// A reading that is not even of the right length cannot outweigh a listed one.
func TestListedReadingsOutweighPiecesOfThem(t *testing.T) {
	if !complete {
		t.Skip("the permissive model knows fewer names")
	}
	for _, test := range [][2]string{
		{"佐藤", "サトウ"}, {"鈴木", "スズキ"}, {"長谷川", "ハセガワ"}, {"勅使河原", "テシガワラ"},
		{"五十嵐", "イガラシ"}, {"東海林", "ショウジ"}, {"小鳥遊", "タカナシ"}, {"渡辺", "ワタナベ"},
	} {
		kanji, kana := codes(test[0], test[1])
		whole := Weight(kanji, kana, FamilyName)
		for n := 1; n < len(kana); n++ {
			if cut := Weight(kanji, kana[:n], FamilyName); cut >= whole {
				t.Errorf("%s: %d of %d kana weigh %.1f, all %.1f", test[0], n, len(kana), cut, whole)
			}
		}
	}
}

func FuzzWeight(f *testing.F) {
	f.Add([]byte("佐藤"), []byte{0x35, 0x48, 0x06})
	f.Add([]byte("SATO"), []byte{0x35, 0x48, 0x06})
	f.Add([]byte{0xFF, 0xFD, 0, 0}, []byte{0xFF, 0x5C, 0x00})
	f.Fuzz(func(t *testing.T, raw, kana []byte) {
		kanji := make([]uint16, 0, len(raw))
		for _, r := range string(raw) {
			kanji = append(kanji, uint16(r))
		}
		for part := FamilyName; part <= FullName; part++ {
			if bits := Weight(kanji, kana, part); math.IsNaN(float64(bits)) || bits < -20 || bits > 40 {
				t.Fatalf("part %d: %v bits", part, bits)
			}
		}
		if bits := LatinWeight(kanji, kana); math.IsNaN(float64(bits)) || bits < -20 || bits > 40 {
			t.Fatalf("Latin: %v bits", bits)
		}
		Split(kanji, kana)
	})
}

func TestWeighingAllocatesNothing(t *testing.T) {
	kanji, kana := codes("長谷川健太郎", "ハセガワケンタロウ")
	latin, _ := codes("NGUYEN VAN ANH", "")
	if n := testing.AllocsPerRun(20, func() {
		Weight(kanji, kana, FullName)
		Weight(kanji[:3], kana[:4], FamilyName)
		Split(kanji, kana)
		LatinWeight(latin, kana)
	}); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

func TestLikeliestReadingsAreDistinctAndFit(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		kanji, n := anyKanji.Draw(t, "kanji"), rapid.IntRange(0, 12).Draw(t, "n")
		part := rapid.SampledFrom([]Part{FamilyName, GivenName}).Draw(t, "part")
		list := Likeliest(kanji, part, n)
		if len(list) > n {
			t.Fatalf("%d readings of %d", len(list), n)
		}
		seen := map[string]bool{}
		for _, kana := range list {
			if seen[string(kana)] || len(kana) == 0 {
				t.Fatalf("%v twice or empty", kana)
			}
			seen[string(kana)] = true
			if bits := Weight(kanji, kana, part); bits < -20 {
				t.Fatalf("%v weighs %v bits", kana, bits)
			}
		}
	})
}
