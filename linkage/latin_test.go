package linkage

import (
	"testing"

	"github.com/himozuke/himozuke/normalize"
)

func TestLettersAndKanaShareTheirConsonants(t *testing.T) {
	var names normalize.NameParser
	var kanas normalize.KanaParser
	for _, test := range []struct{ latin, kana string }{
		{"PHAM VAN NAM", "ﾌｱﾑ ｳﾞｱﾝﾅﾑ"},
		{"NGUYEN THI HUONG", "グエン ティフオン"},
		{"DAVIS JENNIFER", "ﾃﾞｲﾋﾞｽ ｼﾞｴﾆﾌｱ-"},
		{"AQUINO MARITES", "アキノ マリテス"},
		{"MENDOZA ANGELICA", "メンドーサ アンジェリカ"},
		{"WU YUTING", "ウー ユーティン"},
		{"ZHANG WEI", "チャン ウェイ"},
		{"SINGH SRI RAHAYU", "シン スリラハユ"},
		{"MA LIHUA", "マー リーホア"},
		{"KIM MINJUN", "キム ミンジュン"},
	} {
		name, _ := names.Parse([]byte(test.latin))
		kana, _ := kanas.Parse([]byte(test.kana))
		got, want := latinConsonants(&name.Main), kanaConsonants(kana.Family, kana.Given)
		if got != want {
			t.Errorf("%s: consonants %o, %s has %o", test.latin, got, test.kana, want)
		}
	}
}

func TestOwnersAreFoundByLatinLetters(t *testing.T) {
	for _, test := range []struct{ what, registered, kana, written string }{
		{"letters, register without kana", "MENDOZA ANGELICA", "", "MENDOZA ANGELICA"},
		{"letters, register with kana", "MENDOZA ANGELICA", "メンドーサ　アンジェリカ", "MENDOZA ANGELICA"},
		{"kana, register without kana", "PHAM VAN NAM", "", "ﾌｱﾑ ｳﾞｱﾝﾅﾑ"},
	} {
		t.Run(test.what, func(t *testing.T) {
			people := townspeople(3000)
			people[1700].name, people[1700].kana = test.registered, test.kana
			s := newScene(t, people)
			for i := range people {
				switch i {
				case 40:
					s.link(number(i), resident{kana: test.written})
				case 1700:
				default:
					s.link(number(i), resident{kana: people[i].kana})
				}
			}
			got := s.audit(t, 2).at(42)
			if got == nil || got.Owner == nil || got.Owner.Number != number(1700) {
				t.Fatalf("finding %+v, want another owner", got)
			}
		})
	}
}

// TestConsonantsOfTooManyAreNoKey: those nearby are compared and counted as long
// as not too many share the consonants of a name.
func TestConsonantsOfTooManyAreNoKey(t *testing.T) {
	for _, test := range []struct{ sharing, pairs, refined int64 }{
		{rareKana, rareKana, 0},
		{rareKana + 1, rareKana + 1, 1},
		{mostConsonants, mostConsonants, 1},
		{mostConsonants + 1, 0, 1},
	} {
		people := townspeople(int(test.sharing) + 100)
		for i := range test.sharing {
			people[i].name, people[i].kana = "PHAM VAN NAM", ""
		}
		s := newScene(t, people)
		for i := test.sharing; i < test.sharing+60; i++ {
			s.link(number(int(i)), resident{kana: people[i].kana})
		}
		s.link(number(int(test.sharing)+60), resident{kana: "ﾌｱﾑ ｳﾞｱﾝﾅﾑ"})
		got := s.audit(t, 1).run.Blocks[byConsonants]
		if got.Pairs != test.pairs || got.Refined != test.refined || got.Largest != test.sharing {
			t.Errorf("%d share consonants: %+v, want %d pairs, %d refined", test.sharing, got, test.pairs, test.refined)
		}
	}
}
