package score_test

import (
	"encoding/json"
	"math"
	"strings"
	"testing"

	"github.com/himozuke/himozuke/score"
	"pgregory.net/rapid"
)

func TestCompareText(t *testing.T) {
	for _, test := range []struct{ kind, a, b, want string }{
		{"name", "山田　太郎", "山田　太郎", `{"level":"exact","family":"exact","given":"exact","differences":[],"score":1}`},
		{"name", "斎藤　一郎", "斉藤一郎", `{"level":"confusable","family":"confusable","given":"exact","differences":["kanji_confusable","unsplit"],"score":0.8333}`},
		{"name", "髙橋　一郎", "高橋　一郎", `{"level":"notation","family":"exact","given":"exact","differences":["kanji_variant"],"score":1}`},
		{"name", "山田　花子", "佐藤［山田］　花子", `{"level":"exact","family":"exact","given":"exact","differences":["former_name"],"score":0.6667}`},
		{"name", "山田　太郎", "山田　花子", `{"level":"part","family":"exact","given":"different","differences":["given_differs"],"score":0.6667}`},
		{"name", "山田　太郎", "太郎　山田", `{"level":"notation","family":"exact","given":"exact","differences":["swapped_order"],"score":1}`},
		{"kana", "ヤマダ　タロウ", "タロウ　ヤマダ", `{"level":"notation","family":"exact","given":"exact","differences":["swapped_order"],"score":1}`},
		{"name", "山田　太郎", "", `{"level":"unknown","family":"unknown","given":"unknown","differences":["missing"],"score":0}`},
		{"kana", "ﾔﾏｻﾞｷ ﾀﾛｳ", "ヤマサキタロウ", `{"level":"confusable","family":"confusable","given":"exact","differences":["kana_spelling","unsplit"],"score":0.9238}`},
		{"kana", "サトウ　ハナコ", "サトウ　ハナコ", `{"level":"exact","family":"exact","given":"exact","differences":[],"score":1}`},
		{"date", "昭和55年1月2日", "1980/01/02", `{"level":"notation","differences":["date_notation"],"score":1}`},
		{"date", "1980-01-02", "1980-02-01", `{"level":"near","differences":["date_slip"],"score":0.8}`},
		{"date", "1980-01-00", "1980-01-02", `{"level":"notation","differences":["date_part_unknown"],"score":0.95}`},
		{"address", "東京都千代田区神田神保町一丁目2番3号", "千代田区神田神保町1-2-3", `{"level":"notation","differences":["address_notation"],"score":1}`},
		{"address", "東京都千代田区神田神保町1-2-3", "大阪府大阪市北区梅田1-1", `{"level":"different","differences":["moved"],"score":0}`},
	} {
		got, err := score.CompareText(test.kind, test.a, test.b)
		if err != nil {
			t.Fatal(err)
		}
		text, err := json.Marshal(got)
		if err != nil {
			t.Fatal(err)
		}
		if string(text) != test.want {
			t.Errorf("compare %s %q %q\n got %s\nwant %s", test.kind, test.a, test.b, text, test.want)
		}
	}
}

func TestCompareTextReading(t *testing.T) {
	for _, test := range []struct{ name, kana, level, differences string }{
		{"山田　太郎", "ヤマダ　タロウ", "reading", ""},
		{"山田太郎", "ﾔﾏﾀﾞﾀﾛｳ", "reading", ""},
		{"小鳥遊", "タカナシ", "reading", ""},
		{"花子", "ハナコ", "reading", ""},
		{"光", "アキラ", "reading", ""},
		{"光", "タロウ", "different", "differs"},
		{"花子", "タロウ", "different", "given_differs"},
		{"山田　太郎", "ヤマダ　ハナコ", "part", "given_differs"},
		{"山田　太郎", "サトウ　タロウ", "part", "family_differs"},
		{"勅使河原　美咲", "スズキ　イチロウ", "different", "differs"},
		{"SMITH JOHN", "スミス　ジョン", "reading", ""},
		{"NGUYEN VAN ANH", "グエンヴァンアン", "reading", ""},
		{"SMITH JOHN", "ブラウン　ケンジ", "different", "differs"},
		{"MCFLY MARTY＿回到　未来（田中　五郎）", "タナカ　ゴロウ", "reading", ""},
		{"", "ヤマダ　タロウ", "unknown", "missing"},
	} {
		got, err := score.CompareText("reading", test.name, test.kana)
		if err != nil {
			t.Fatal(err)
		}
		code := ""
		if len(got.Differences) > 0 {
			code = got.Differences[0]
		}
		if got.Level != test.level || code != test.differences {
			t.Errorf("compare reading %s %s: %+v, want %s %s", test.name, test.kana, got, test.level, test.differences)
		}
	}
}

func TestCompareTextOfUnknownKind(t *testing.T) {
	if _, err := score.CompareText("shoe", "a", "b"); err == nil {
		t.Error("a kind that does not exist is compared")
	}
}

func TestCompareTextOfAnyText(t *testing.T) {
	anyText := rapid.OneOf(rapid.String(), rapid.StringOf(rapid.SampledFrom([]rune("山田太郎●ヤマダﾔﾏﾞ　 ［］（）1-昭和年月日東京都港区ABC"))))
	rapid.Check(t, func(t *rapid.T) {
		kind := rapid.SampledFrom(score.CompareKinds).Draw(t, "kind")
		a, b := anyText.Draw(t, "a"), anyText.Draw(t, "b")
		there, err := score.CompareText(kind, a, b)
		if err != nil || math.IsNaN(there.Score) || math.IsInf(there.Score, 0) || there.Differences == nil {
			t.Fatalf("compare %s: %+v, %v", kind, there, err)
		}
		if kind == "reading" {
			return
		}
		back, _ := score.CompareText(kind, b, a)
		if there.Level != back.Level || there.Score != back.Score || len(there.Differences) != len(back.Differences) {
			t.Fatalf("compare %s: %+v, the other way %+v", kind, there, back)
		}
	})
}

func FuzzCompareText(f *testing.F) {
	f.Add("山田［佐藤］　太郎", "MCFLY MARTY＿回到　未来（田中　五郎）")
	f.Add("ﾔﾏﾀﾞﾀﾛｳ", "ヤマダ　タロウ")
	f.Add("昭和64年13月0日", "H320229")
	f.Add("京都府京都市中京区上る１２３の４", "千代田区1-1 ●")
	f.Fuzz(func(t *testing.T, a, b string) {
		for _, kind := range score.CompareKinds {
			there, err := score.CompareText(kind, a, b)
			if err != nil {
				t.Fatal(err)
			}
			if back, _ := score.CompareText(kind, b, a); kind != "reading" && (there.Level != back.Level || there.Score != back.Score) {
				t.Fatalf("compare %s: %+v, the other way %+v", kind, there, back)
			}
		}
	})
}

// TestBrokenFieldsCostLittle: a field in which a whole file ran together is
// neither a crash nor a wait.
func TestBrokenFieldsCostLittle(t *testing.T) {
	for _, unit := range []string{"山", "ヤマ", "A", "● ", "1-", "ab（"} {
		long := strings.Repeat(unit, 20_000)
		for _, kind := range score.CompareKinds {
			for _, pair := range [][2]string{{long, long + "田"}, {long + "　太郎", long + "タロウ"}, {long + "　太郎", "ヤマダタロウ"}} {
				if _, err := score.CompareText(kind, pair[0], pair[1]); err != nil {
					t.Error(err)
				}
			}
		}
	}
}
