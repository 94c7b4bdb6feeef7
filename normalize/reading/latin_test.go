package reading

import "testing"

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
