package score_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/himozuke/himozuke/score"
	"pgregory.net/rapid"
)

func texts(pairs ...string) score.Texts {
	var t score.Texts
	for i := 0; i+1 < len(pairs); i += 2 {
		*map[string]*string{
			"name": &t.Name, "kana": &t.Kana, "former": &t.FormerName, "alias": &t.Alias, "latin": &t.Latin,
			"birth": &t.BirthDate, "sex": &t.Sex, "postal": &t.PostalCode, "address": &t.Address,
		}[pairs[i]] = pairs[i+1]
	}
	return t
}

func listed(differences []score.Difference) string {
	words := make([]string, len(differences))
	for i, d := range differences {
		words[i] = d.Field + ":" + d.Code
	}
	return strings.Join(words, " ")
}

func TestDifferences(t *testing.T) {
	for _, test := range []struct {
		a, b score.Texts
		want string
	}{
		{texts(), texts(), ""},
		{texts("name", "山田　太郎", "kana", "ヤマダ　タロウ", "birth", "1980-01-02", "sex", "男"),
			texts("name", "山田　太郎", "kana", "ヤマダ　タロウ", "birth", "1980-01-02", "sex", "男"), ""},

		// Names.
		{texts("name", "髙橋　一郎"), texts("name", "高橋　一郎"), "name:kanji_variant"},
		{texts("name", "渡邉　一郎"), texts("name", "渡邊　一郎"), "name:kanji_variant"},
		{texts("name", "斎藤　一郎"), texts("name", "斉藤　一郎"), "name:kanji_confusable"},
		{texts("name", "髙橋　一郎"), texts("name", "高橋　二郎"), "name:given_differs name:kanji_variant"},
		{texts("name", "山田　太郎"), texts("name", "山田 太郎"), "name:name_notation"},
		{texts("name", "山田太郎"), texts("name", "山田　太郎"), "name:unsplit"},
		{texts("name", "山●　太郎"), texts("name", "山田　太郎"), "name:placeholder"},
		{texts("name", "●●　●●"), texts("name", "山田　太郎"), "name:placeholder"},
		{texts("name", "太郎　山田"), texts("name", "山田　太郎"), "name:swapped_order"},
		{texts("name", "山田　花子"), texts("name", "佐藤［山田］　花子"), "name:former_name"},
		{texts("name", "山田　花子"), texts("name", "佐藤　花子", "former", "山田"), "name:former_name"},
		{texts("name", "山田　花子", "birth", "1980-01-02"), texts("name", "佐藤　花子", "birth", "1980-01-02"), "name:renamed"},
		{texts("name", "山田　花子", "birth", "1980-01-02"), texts("name", "佐藤　花子", "birth", "1971-11-30"), "name:family_differs birth_date:differs"},
		{texts("name", "山田　太郎"), texts("name", "山田　花子"), "name:given_differs"},
		{texts("name", "山田　太郎"), texts("name", "佐藤　花子"), "name:differs"},
		{texts("name", "小山田　太郎"), texts("name", ""), "name:missing"},
		{texts("name", "長谷川　太郎"), texts("name", "長谷山　太郎"), "name:near"},
		{texts("name", "田中　五郎"), texts("name", "MCFLY MARTY", "alias", "田中　五郎"), "name:alias name:latin"},
		{texts("kana", "ヤマダ　タロウ"), texts("name", "山田　太郎"), "name:reading_only"},

		{texts("name", "TRAN TUAN ANH"), texts("name", "TRAN TUAN"), "name:truncated"},
		{texts("name", "LAURA JANE WILLIAMS"), texts("name", "WILLIAMS LAURA JANE"), "name:swapped_order"},
		{texts("name", "森［草次］里美"), texts("name", "森　里美"), "name:former_name"},

		// Kana.
		{texts("kana", "ﾔﾏﾀﾞ ﾀﾛｳ"), texts("kana", "ヤマダ　タロウ"), "kana:kana_notation"},
		{texts("kana", "やまだ　たろう"), texts("kana", "ヤマダ　タロウ"), "kana:kana_notation"},
		{texts("kana", "キョウコ"), texts("kana", "キヨウコ"), "kana:kana_notation"},
		{texts("kana", "ヤマダタロウ"), texts("kana", "ヤマダ　タロウ"), "kana:unsplit"},
		{texts("kana", "ヤマサキ　タロウ"), texts("kana", "ヤマザキ　タロウ"), "kana:kana_spelling"},
		{texts("kana", "ヤマダ　ハナコ"), texts("kana", "ヤマダ　タケシ"), "kana:given_differs"},
		{texts("kana", "ヤマダ　ハナコ"), texts("kana", "サトウ　タケシ"), "kana:differs"},
		{texts("kana", "シ　メイ"), texts("kana", "ヤマダ　タケシ"), "kana:dummy"},
		{texts("kana", "アレクサンドラガブリエラゴンザ"), texts("kana", "アレクサンドラガブリエラ　ゴンザレスゴメス"), "kana:truncated kana:unsplit"},

		{texts("name", "佐藤［山田］　花子", "kana", "サトウ　ハナコ"), texts("kana", "ヤマダ　ハナコ"), "name:missing kana:former_name"},
		{texts("name", "MCFLY MARTY", "alias", "田中　五郎", "kana", "マクフライ　マーティ"), texts("kana", "タナカ　ゴロウ"), "name:missing kana:alias"},
		{texts("name", "長谷　太郎", "kana", "ハセ　タロウ"), texts("name", "長谷　太郎", "kana", "ナガタニ　タロウ"), "kana:other_reading"},
		{texts("name", "山田　裕子", "kana", "ヤマダ　ユウコ"), texts("name", "山田　裕子", "kana", "ヤマダ　ヒロコ"), "kana:other_reading"},
		{texts("name", "山田　裕子", "kana", "ヤマダ　ユウコ"), texts("name", "山田　裕子", "kana", "ヤマダ　ケンイチ"), "kana:given_differs"},

		{texts("name", "山田　裕子", "kana", "ヤマダ　ユウコ"), texts("kana", "ヤマダ　ヒロコ"), "name:missing kana:other_reading"},
		{texts("name", "RAMOS JENNIFER", "kana", "ラモス　ジェニファー"), texts("kana", "RAMOS JENNIFER"), "name:missing kana:latin"},

		// Birth dates.
		{texts("birth", "昭和55年1月2日"), texts("birth", "1980-01-02"), "birth_date:date_notation"},
		{texts("birth", "1980-01-00"), texts("birth", "1980-01-02"), "birth_date:date_part_unknown"},
		{texts("birth", "1980-02-01"), texts("birth", "1980-01-02"), "birth_date:date_slip"},
		{texts("birth", "1980-01-23"), texts("birth", "1980-01-02"), "birth_date:part_differs"},
		{texts("birth", "1962-11-23"), texts("birth", "1980-01-02"), "birth_date:differs"},
		{texts("birth", ""), texts("birth", "1980-01-02"), "birth_date:missing"},

		// Sex.
		{texts("sex", "男"), texts("sex", "1"), ""},
		{texts("sex", "男"), texts("sex", "女"), "sex:sex_differs"},
		{texts("sex", ""), texts("sex", "女"), "sex:missing"},

		// Addresses.
		{texts("address", "東京都千代田区神田神保町1丁目2番3号"), texts("address", "東京都千代田区神田神保町１－２－３"), "address:address_notation"},
		{texts("address", "東京都千代田区神田神保町1-2-3"), texts("address", "東京都千代田区神田神保町1-2-3 コーポ山田101号室"), "address:building_missing"},
		{texts("address", "東京都千代田区神田神保町1-2-3"), texts("address", "東京都千代田区神田神保町1-5-9"), "address:number_differs"},
		{texts("address", "東京都千代田区神田神保町1-2-3"), texts("address", "東京都千代田区神田神保町"), "address:address_incomplete"},
		{texts("address", "東京都千代田区神田神保町1-2-3", "postal", "101-0051"), texts("address", "大阪府大阪市北区梅田1-1", "postal", "530-0001"),
			"postal_code:differs address:moved"},
		{texts("address", "千葉県浦安市舞浜2番11号"), texts("address", "千葉県浦安市舞浜2番地11"), "address:address_uncertain"},
		{texts("address", "埼玉県桶川市神明2483-16"), texts("address", "埼玉県桶川市大字神明2483番地16"), "address:address_notation"},
		{texts("postal", "1010051"), texts("postal", "101-0051"), ""},
	} {
		got := score.Differences(test.a, test.b)
		if listed(got) != test.want {
			t.Errorf("Differences(%+v, %+v)\n got %s\nwant %s", test.a, test.b, listed(got), test.want)
		}
		if back := score.Differences(test.b, test.a); listed(back) != listed(got) {
			t.Errorf("Differences(%+v, %+v)\n one way %s\nthe other %s", test.a, test.b, listed(got), listed(back))
		}
		for _, d := range got {
			if !slices.Contains(score.DifferenceCodes, d.Code) {
				t.Errorf("the code %s is not in DifferenceCodes", d.Code)
			}
		}
	}
}

func TestDifferencesOfAnyText(t *testing.T) {
	anyText := rapid.OneOf(rapid.String(), rapid.StringOf(rapid.SampledFrom([]rune("山田太郎●ヤマダﾔﾏﾞ　 ［］（）1-昭和年月日ABC"))))
	rapid.Check(t, func(t *rapid.T) {
		any := func(label string) score.Texts {
			return texts("name", anyText.Draw(t, label+" name"), "kana", anyText.Draw(t, label+" kana"),
				"former", anyText.Draw(t, label+" former"), "birth", anyText.Draw(t, label+" birth"),
				"sex", anyText.Draw(t, label+" sex"), "address", anyText.Draw(t, label+" address"))
		}
		a, b := any("a"), any("b")
		got := score.Differences(a, b)
		if back := score.Differences(b, a); listed(back) != listed(got) {
			t.Fatalf("one way %s, the other %s", listed(got), listed(back))
		}
		for _, d := range got {
			if !slices.Contains(score.DifferenceCodes, d.Code) {
				t.Fatalf("the code %s is not in DifferenceCodes", d.Code)
			}
		}
		if same := score.Differences(a, a); len(same) > 0 {
			t.Fatalf("a record differs from itself: %s", listed(same))
		}
	})
}
