package reading

import (
	"slices"
	"testing"

	"pgregory.net/rapid"
)

func TestLatinWeightTellsNamesFromOthers(t *testing.T) {
	if !complete {
		t.Skip("the permissive model knows fewer names")
	}
	for _, test := range []struct{ latin, right, wrong string }{
		{"SATO", "サトウ", "スズキ"},
		{"SATOH", "サトウ", "スズキ"},
		{"OHNO", "オオノ", "オカダ"},
		{"SHOICHI", "ショウイチ", "ケンジ"},
		{"SYOITI", "ショウイチ", "ケンジ"},
		{"SMITH", "スミス", "ブラウン"},
		{"JOHN SMITH", "ジョンスミス", "ジョンブラウン"},
		{"SMITH JOHN", "ジョンスミス", "ジェームススミス"},
		{"MARIA SILVA", "マリアシルバ", "マリアサントス"},
		{"NGUYEN", "グエン", "チャン"},
		{"NGUYEN VAN ANH", "グエンヴァンアン", "チャンヴァンアン"},
		{"WANG WEI", "ワンウェイ", "リーミン"},
		{"KIM MINJUN", "キムミンジュン", "パクソヨン"},
	} {
		latin, right := codes(test.latin, test.right)
		_, wrong := codes(test.latin, test.wrong)
		r, w := LatinWeight(latin, right), LatinWeight(latin, wrong)
		t.Logf("%s %s %.1f, %s %.1f", test.latin, test.right, r, test.wrong, w)
		if r < 4 || w > r-6 {
			t.Errorf("%s: %s weighs %.1f bits, %s %.1f", test.latin, test.right, r, test.wrong, w)
		}
	}
}

func BenchmarkLatinWeight(b *testing.B) {
	latin, kana := codes("JOHN SMITH", "ジョンスミス")
	LatinWeight(latin, kana)
	b.ReportAllocs()
	for b.Loop() {
		LatinWeight(latin, kana)
	}
}

// TestLatinNameIsItsPartsOrTheWhole holds the short cuts of a name in two words
// against its parts and the whole, each weighed by itself.
func TestLatinNameIsItsPartsOrTheWhole(t *testing.T) {
	letters := rapid.OneOf(
		rapid.SampledFrom([]string{"LEE", "KIM", "SATO", "SMITH", "JOHN", "NGUYEN", "WEI", "MARIA", "SILVA", "O", "VAN ANH", "●", ""}),
		rapid.StringMatching("[A-Z]{1,9}"),
	)
	sounds := rapid.OneOf(
		rapid.SampledFrom([]string{"リ", "イ", "キム", "サトウ", "スミス", "ジョン", "グエン", "ウェイ", "マリア", "シルバ", "オ", "ヴァンアン", "ーン", "●ン", ""}),
		rapid.StringMatching("[アイウエオカキクケコサシスセソタチツテトナニヌネノハヒフヘホマミムメモヤユヨラリルレロワンー]{1,9}"),
	)
	rapid.Check(t, func(t *rapid.T) {
		family, familyKana := codes(letters.Draw(t, "family"), sounds.Draw(t, "family kana"))
		given, givenKana := codes(letters.Draw(t, "given"), sounds.Draw(t, "given kana"))
		whole := append(append(slices.Clone(family), ' '), given...)
		want := [2]float32{LatinWeight(family, familyKana), LatinWeight(given, givenKana)}
		wantApart := max(want[0], want[1]) > 0
		if !wantApart {
			want = [2]float32{LatinWeight(whole, slices.Concat(familyKana, givenKana))}
		}
		if bits, apart := LatinName(family, given, familyKana, givenKana); bits != want || apart != wantApart {
			t.Fatalf("%v, %v; by parts and whole %v, %v", bits, apart, want, wantApart)
		}
	})
}
