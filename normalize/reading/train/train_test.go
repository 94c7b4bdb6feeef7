package main

import (
	"math"
	"strings"
	"testing"

	"github.com/himozuke/himozuke/normalize/reading/internal/model"
)

func kanaOf(reading []uint8) string {
	var b strings.Builder
	for _, code := range bytesOf(reading) {
		b.WriteRune(rune(code) + kanaBase)
	}
	return b.String()
}

func TestRomanStyles(t *testing.T) {
	for _, test := range []struct{ kana, want string }{
		{"サトウ", "SATO SATOH SATOU SATO SATOU"},
		{"オオノ", "ONO OHNO OONO ONO OONO"},
		{"シヨウイチ", "SHOICHI SHOHICHI SHOUICHI SYOITI SYOUITI"},
		{"ハツトリ", "HATTORI HATTORI HATTORI HATTORI HATTORI"},
		{"ユウキ", "YUKI YUKI YUUKI YUKI YUUKI"},
		{"ジユン", "JUN JUN JUN ZYUN ZYUN"},
	} {
		reading, _ := foldKana(test.kana)
		var got []string
		for _, style := range romanStyles {
			got = append(got, word{kanji: style.write(reading)}.String())
		}
		if joined := strings.Join(strings.Fields(strings.Join(got, " ")), " "); joined != test.want {
			t.Errorf("%s: got %s, want %s", test.kana, joined, test.want)
		}
	}
}

func TestKanaOfRomaji(t *testing.T) {
	for romaji, want := range map[string]string{
		"TAKAHASHI": "タカハシ", "SHIN'ICHI": "シンイチ", "HATTORI": "ハツトリ", "KYOUKO": "キヨウコ", "JUN": "ジユン",
	} {
		if got, ok := kanaOfRomaji(romaji); !ok || got != want {
			t.Errorf("%s: got %s, want %s", romaji, got, want)
		}
	}
	if got, ok := kanaOfRomaji("SMITH"); ok {
		t.Errorf("SMITH became %s", got)
	}
}

func TestPeopleDivideByTheirRomanization(t *testing.T) {
	p, ok := personOf(nameEntry{written: "高橋介炎", reading: "たかはしかいえん", classes: "h", gloss: "(h) Takahashi Kaien/"})
	if !ok || p.kanaCut != 4 || kanaOf(p.kana) != "タカハシカイエン" {
		t.Errorf("got %+v, %v", p, ok)
	}
	if _, ok := personOf(nameEntry{written: "高橋介炎", reading: "たかはしかいえん", classes: "h", gloss: "(h) Suzuki Kaien/"}); ok {
		t.Error("a romanization that does not fit is accepted")
	}
	var v vocabulary
	v.add("高橋", "タカハシ", [model.Parts]float64{model.Family: 1})
	v.addPeople([]person{p}, func([]uint16, []uint8) bool { return false })
	if w := v.words[v.index[wordID(p.kanji[2:], p.kana[4:])]]; w.people[model.Given] != 1 {
		t.Errorf("the given name is not counted: %+v", w)
	}
}

func TestAlignmentFindsCharacters(t *testing.T) {
	var v vocabulary
	for _, pair := range [][2]string{{"山田", "ヤマダ"}, {"山本", "ヤマモト"}, {"田中", "タナカ"}, {"中本", "ナカモト"}, {"中山", "ナカヤマ"}, {"本田", "ホンダ"}} {
		v.add(pair[0], pair[1], [model.Parts]float64{model.Family: 1})
	}
	all := lexicon{words: v.sorted()}
	_, a, _ := all.align()
	best := func(kanji rune) string {
		unit := a.units[uint64(kanji)]
		count, chunk := 0.0, uint64(0)
		for i, pair := range a.pairList {
			if pair.unit == unit && a.count[i] > count {
				count, chunk = a.count[i], pair.chunk
			}
		}
		return kanaOf(model.Unpack(chunk))
	}
	for kanji, want := range map[rune]string{'山': "ヤマ", '中': "ナカ", '田': "ダ"} {
		if got := best(kanji); got != want {
			t.Errorf("%c: got %s, want %s", kanji, got, want)
		}
	}
}

func TestRiseMakesValuesRise(t *testing.T) {
	values := []float64{1, 3, 2, 5, 4, 4}
	rise(values, []float64{1, 1, 1, 1, 2, 1})
	want := []float64{1, 2.5, 2.5, 4.25, 4.25, 4.25}
	for i := range values {
		if math.Abs(values[i]-want[i]) > 1e-9 {
			t.Fatalf("got %v, want %v", values, want)
		}
	}
}

func TestPinyinCoversCommonSurnames(t *testing.T) {
	made := map[string][]string{}
	for _, s := range pinyin() {
		made[s.latin] = append(made[s.latin], s.kana...)
	}
	for latin, kana := range map[string]string{"WANG": "ワン", "LI": "リー", "ZHANG": "ジャン", "LIU": "リウ", "CHEN": "チェン", "YANG": "ヤン", "HUANG": "フアン", "ZHOU": "ジョウ", "XU": "シュ", "GUO": "グオ"} {
		found := false
		for _, k := range made[latin] {
			found = found || k == kana
		}
		if !found {
			t.Errorf("%s %s is not among %v", latin, kana, made[latin])
		}
	}
}
