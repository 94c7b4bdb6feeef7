package reading

import (
	"slices"
	"strings"
	"testing"
)

// codes writes kanji and katakana as the strong fold would.
func codes(kanji, kana string) ([]uint16, []byte) {
	var k []uint16
	for _, r := range kanji {
		k = append(k, uint16(r))
	}
	var y []byte
	for _, r := range strings.NewReplacer("ョ", "ヨ", "ュ", "ユ", "ャ", "ヤ", "ッ", "ツ", "ヅ", "ズ", "ヂ", "ジ", "ェ", "エ", "ァ", "ア", "ィ", "イ").Replace(kana) {
		if r == '●' {
			y = append(y, 0xFF)
			continue
		}
		y = append(y, byte(r-0x30A0))
	}
	return k, y
}

func TestWeightTellsReadingsFromOthers(t *testing.T) {
	if !complete {
		t.Skip("the permissive model knows fewer names")
	}
	for _, test := range []struct {
		part         Part
		kanji        string
		right, wrong string
	}{
		{FamilyName, "佐藤", "サトウ", "スズキ"},
		{FamilyName, "勅使河原", "テシガワラ", "ハセガワ"},
		{FamilyName, "東海林", "ショウジ", "ヤマダ"},
		{FamilyName, "小鳥遊", "タカナシ", "コバヤシ"},
		{FamilyName, "五十嵐", "イガラシ", "イトウ"},
		{FamilyName, "長谷川", "ハセガワ", "オガワ"},
		{FamilyName, "服部", "ハットリ", "フクダ"},
		{FamilyName, "山田", "ヤマダ", "ヤダ"},
		{GivenName, "大翔", "ヒロト", "タクミ"},
		{GivenName, "一", "ハジメ", "ヨシコ"},
		{GivenName, "陽菜", "ヒナ", "ミサキ"},
		{GivenName, "さくら", "サクラ", "ハナコ"},
		{FullName, "勅使河原花子", "テシガワラハナコ", "テシガワラタロウ"},
		{FullName, "田中太郎", "タナカタロウ", "タナカハナコ"},
	} {
		kanji, right := codes(test.kanji, test.right)
		_, wrong := codes(test.kanji, test.wrong)
		r, w := Weight(kanji, right, test.part), Weight(kanji, wrong, test.part)
		if r < 5 {
			t.Errorf("%s %s weighs %.1f bits, want at least 5", test.kanji, test.right, r)
		}
		if w > r-8 {
			t.Errorf("%s %s weighs %.1f bits, the right reading %.1f", test.kanji, test.wrong, w, r)
		}
	}
}

func TestSplitFindsBothCuts(t *testing.T) {
	for _, test := range []struct {
		kanji, kana     string
		family, reading string
	}{
		{"田中太郎", "タナカタロウ", "田中", "タナカ"},
		{"勅使河原花子", "テシガワラハナコ", "勅使河原", "テシガワラ"},
		{"森鴎外", "モリオウガイ", "森", "モリ"},
		{"長谷川一夫", "ハセガワカズオ", "長谷川", "ハセガワ"},
		{"五十嵐一", "イガラシヒトシ", "五十嵐", "イガラシ"},
		{"林真理子", "ハヤシマリコ", "林", "ハヤシ"},
	} {
		kanji, kana := codes(test.kanji, test.kana)
		wantKanji, wantKana := codes(test.family, test.reading)
		gotKanji, gotKana, bits := Split(kanji, kana)
		if gotKanji != len(wantKanji) || gotKana != len(wantKana) || bits < 10 {
			t.Errorf("Split(%s, %s) = %d, %d, %.1f; want %d, %d", test.kanji, test.kana, gotKanji, gotKana, bits, len(wantKanji), len(wantKana))
		}
	}
}

func TestLikeliestListsReadings(t *testing.T) {
	if !complete {
		t.Skip("the permissive model knows fewer names")
	}
	for _, test := range []struct {
		part  Part
		kanji string
		want  []string
	}{
		{FamilyName, "佐藤", []string{"サトウ"}},
		{FamilyName, "長谷川", []string{"ハセガワ"}},
		{FamilyName, "東海林", []string{"ショウジ", "トウカイリン"}},
		{FamilyName, "上野", []string{"ウエノ"}},
		{GivenName, "裕子", []string{"ユウコ", "ヒロコ"}},
		{GivenName, "大翔", []string{"ヒロト"}},
		{GivenName, "ミツ子", []string{"ミツコ"}},
		{GivenName, "マリア", []string{"マリア"}},
	} {
		kanji, _ := codes(test.kanji, "")
		got := Likeliest(kanji, test.part, 8)
		for _, want := range test.want {
			_, kana := codes("", want)
			if !slices.ContainsFunc(got, func(g []byte) bool { return slices.Equal(g, kana) }) {
				t.Errorf("%s: %s is not among %d readings", test.kanji, want, len(got))
			}
		}
	}
	kanji, _ := codes("佐藤", "")
	if _, kana := codes("", "サトウ"); !slices.Equal(Likeliest(kanji, FamilyName, 1)[0], kana) {
		t.Error("the likeliest reading of 佐藤 is another than サトウ")
	}
}

func BenchmarkLikeliest(b *testing.B) {
	kanji, _ := codes("健太郎", "")
	Likeliest(kanji, GivenName, 8)
	b.ReportAllocs()
	for b.Loop() {
		Likeliest(kanji, GivenName, 8)
	}
}

func BenchmarkWeight(b *testing.B) {
	kanji, kana := codes("長谷川", "ハセガワ")
	given, name := codes("健太郎", "ケンタロウ")
	full, whole := codes("長谷川健太郎", "ハセガワケンタロウ")
	Weight(kanji, kana, FamilyName)
	b.Run("family", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			Weight(kanji, kana, FamilyName)
		}
	})
	b.Run("given", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			Weight(given, name, GivenName)
		}
	})
	b.Run("full", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			Weight(full, whole, FullName)
		}
	})
	b.Run("load", func(b *testing.B) {
		for b.Loop() {
			decode()
		}
	})
}
