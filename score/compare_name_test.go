package score_test

import (
	"strings"
	"testing"

	"github.com/himozuke/himozuke/normalize"
	"github.com/himozuke/himozuke/score"
)

// person reads "山田 太郎/ヤマダ タロウ"; a name without a space is not split.
// Further fields are former=… and alias=….
func person(s string) *score.Person {
	fields := strings.Split(s, "/")
	p := &score.Person{Name: nameForm(fields[0])}
	for _, field := range fields[1:] {
		key, value, tagged := strings.Cut(field, "=")
		switch {
		case !tagged && field != "":
			family, given, split := strings.Cut(field, " ")
			p.Kana = normalize.KanaForm{Family: kana(family), Given: kana(given), Split: split}
		case key == "former":
			p.Former = kanji(value)
		case key == "alias":
			p.Alias = nameForm(value)
		}
	}
	return p
}

func nameForm(s string) normalize.NameForm {
	family, given, split := strings.Cut(s, " ")
	return normalize.NameForm{Family: kanji(family), Given: kanji(given), Split: split}
}

func describe(n score.NameComparison) string {
	s := n.FamilyKanji.String() + " " + n.GivenKanji.String() + " / " + n.FamilyKana.String() + " " + n.GivenKana.String()
	for _, flag := range []struct {
		on   bool
		word string
	}{{n.Joined, "joined"}, {n.Swapped, "swapped"}, {n.Former, "former"}, {n.Alias, "alias"}, {n.NeedsReading, "reading"}} {
		if flag.on {
			s += " " + flag.word
		}
	}
	return s
}

var nameCases = []struct{ a, b, want string }{
	{"山田 太郎/ヤマダ タロウ", "山田 太郎/ヤマダ タロウ", "exact exact / exact exact"},
	{"山田 太郎/ヤマダ タロウ", "山田 花子/ヤマダ ハナコ", "exact different / exact different"},
	{"山田 健一/ヤマダ ケンイチ", "山田 健二/ヤマダ ケンジ", "exact part / exact part"},
	{"斎藤 太郎/サイトウ タロウ", "斉藤 太郎/サイトウ タロウ", "confusable exact / exact exact"},
	{"山● 太郎/ヤマダ タロウ", "山崎 太郎/ヤマザキ タロウ", "notation exact / part exact"},
	{"佐藤 一郎/サトウ イチロウ", "高橋 美咲/タカハシ ミサキ", "different different / different different"},

	// One side only.
	{"山田 太郎", "山田 太郎/ヤマダ タロウ", "exact exact / unknown unknown"},
	{"/ヤマダ タロウ", "山田 太郎/ヤマダ タロウ", "unknown unknown / exact exact"},
	{"/ヤマダ タロウ", "山田 太郎", "unknown unknown / unknown unknown reading"},
	{"", "山田 太郎/ヤマダ タロウ", "unknown unknown / unknown unknown"},
	{"", "", "unknown unknown / unknown unknown"},

	// One side is not split.
	{"山田太郎/ヤマダタロウ", "山田 太郎/ヤマダ タロウ", "exact exact / exact exact"},
	{"山田太郎/ヤマダタロウ", "山田 花子/ヤマダ ハナコ", "exact different / exact different"},
	{"鈴木太郎/スズキタロウ", "山田 太郎/ヤマダ タロウ", "different exact / different exact"},
	{"長谷川太郎/ハセガワタロウ", "谷川 太郎/タニガワ タロウ", "part exact / part exact"},
	{"山田由美/ヤマダユミ", "山田 由美子/ヤマダ ユミコ", "exact part / exact part"},
	{"山田", "山田 太郎", "exact unknown / unknown unknown"},
	{"太郎山田", "山田 太郎", "exact exact / unknown unknown swapped"},
	{"林", "谷 茜", "different unknown / unknown unknown"},

	// Neither side is split.
	{"山田太郎/ヤマダタロウ", "山田太郎/ヤマダタロウ", "exact exact / exact exact joined"},
	{"山田太郎", "山田次郎", "exact different / unknown unknown"},
	{"山田太郎", "鈴木太郎", "different exact / unknown unknown"},
	{"/ヤマダタロウ", "/ヤマダハナコ", "unknown unknown / exact different"},
	{"/ヤマダタロウ", "/タロウヤマダ", "unknown unknown / exact exact joined swapped"},
	{"佐藤一郎", "高橋美咲", "different different / unknown unknown joined"},

	// Order.
	{"太郎 山田/タロウ ヤマダ", "山田 太郎/ヤマダ タロウ", "exact exact / exact exact swapped"},

	{"DELA CRUZJOHN", "DELACRUZ JOHN", "exact exact / unknown unknown"},
	{"山田 太郎/ヤマ ダタロウ", "山田太 郎/ヤマダ タロウ", "exact exact / exact exact"},

	// A former family name, on either side.
	{"山田 花子/ヤマダ ハナコ", "佐藤 花子/サトウ ハナコ/former=山田", "exact exact / unknown exact former"},
	{"佐藤 花子/サトウ ハナコ/former=山田", "山田 花子/ヤマダ ハナコ", "exact exact / unknown exact former"},
	{"山田花子", "佐藤 花子/サトウ ハナコ/former=山田", "exact exact / unknown unknown former"},
	{"佐藤花子/former=山田", "山田 花子", "exact exact / unknown unknown former"},
	{"佐藤 花子/サトウ ハナコ/former=山田", "佐藤 花子/サトウ ハナコ/former=田中", "exact exact / exact exact"},
	{"山田 次郎/ヤマダ ジロウ", "佐藤 花子/サトウ ハナコ/former=山田", "exact different / unknown different former"},
	{"鈴木 花子", "佐藤 花子/サトウ ハナコ/former=山田", "different exact / unknown unknown"},

	// An alias, or the kanji beside a Latin name.
	{"田中 五郎/タナカ ゴロウ", "MCFLY MARTY/マクフライ マーティ/alias=田中 五郎", "exact exact / unknown unknown alias"},
	{"MCFLY MARTY", "MCFLY MARTY/alias=田中 五郎", "exact exact / unknown unknown"},
	{"何 俊/カ シユン", "HE JUN/カ シユン/alias=何 俊", "exact exact / exact exact alias"},
	{"HE JUN/alias=何 俊", "CHEN LI/alias=陳 麗", "different different / unknown unknown"},
	{"姜 恵珍/カン ヘジン", "KANG HYEJIN/カン ヘジン/alias=小笠原 佳葉", "unknown unknown / exact exact"},
	{"姜 恵珍", "KANG HYEJIN", "unknown unknown / unknown unknown"},

	// Latin names in the kana field, in another order, without middle names.
	{"/RAMOS JENNIFER", "RAMOS JENNIFER/ラモス ジエニフアー", "exact exact / unknown unknown"},
	{"/RAMOSJENNIFER", "RAMOS JENNIFER/ラモス ジエニフアー", "exact exact / unknown unknown"},
	{"/RAMOS JENNIFER", "/ラモス ジエニフアー", "unknown unknown / unknown unknown reading"},
	{"WILLIAMS LAURAJANE", "LAURA JANEWILLIAMS", "exact exact / unknown unknown swapped"},
	{"TRAN TUANANH", "TRAN TUAN", "exact near / unknown unknown"},

	// Kana in the name field.
	{"ヤマダ タロウ", "山田 太郎/ヤマダ タロウ", "unknown unknown / exact exact"},
	{"ヤマダタロウ", "山田 太郎/ヤマダ ハナコ", "unknown unknown / exact different"},
	{"ヤマダ タロウ", "山田 太郎", "unknown unknown / unknown unknown reading"},

	// A name cut at the length of a bank record.
	{"/アレクサンドラガブリエラゴンザ", "/アレクサンドラガブリエラ ゴンザレスゴメス", "unknown unknown / notation notation"},
}

func TestCompareNames(t *testing.T) {
	var scratch score.Scratch
	for _, test := range nameCases {
		a, b := person(test.a), person(test.b)
		got := score.CompareNames(a, b, &scratch)
		if describe(got) != test.want {
			t.Errorf("CompareNames(%s, %s) = %s, want %s", test.a, test.b, describe(got), test.want)
		}
		back := score.CompareNames(b, a, &scratch)
		if describe(back) != describe(got) {
			t.Errorf("CompareNames(%s, %s) = %s, the other way %s", test.a, test.b, describe(got), describe(back))
		}
	}
}

func TestPartsOfUnsplitName(t *testing.T) {
	var scratch score.Scratch
	a, b := person("山田太郎/ヤマダタロウ"), person("山田 太郎/ヤマダ タロウ")
	n := score.CompareNames(a, b, &scratch)
	name, kanaParts := n.Parts(a)
	if string(kanaParts.Family) != string(kana("ヤマダ")) || string(kanaParts.Given) != string(kana("タロウ")) {
		t.Errorf("kana parts %v %v", kanaParts.Family, kanaParts.Given)
	}
	if len(name.Family) != 2 || len(name.Given) != 2 || !name.Split {
		t.Errorf("kanji parts %v %v", name.Family, name.Given)
	}
}

func TestUnsplitNamesOfOneFamily(t *testing.T) {
	var scratch score.Scratch
	for _, test := range []struct{ a, b, want string }{
		{"寺嶋裕貴/テラシマユウキ", "寺嶋裕行/テラシマヒロユキ", "exact part / exact different"},
		{"瀬野尾雅斗/セノオマサト", "瀬野尾慶/セノオケイ", "exact different / exact different"},
		{"吉川圭士/ヨシカワケイシ", "吉川圭三/ヨシカワケイゾウ", "exact part / exact part"},
		// One shared code is enough where the other script shows the boundary.
		{"戸井実/トイミノル", "戸井和子/トイカズコ", "exact different / exact different"},
		{"袋千紘/フクロチヒロ", "袋莉子/フクロリコ", "exact different / exact different"},
		// A slip in the given name of one person.
		{"山田健太郎/ヤマダケンタロウ", "山田健太郎/ヤマダケソタロウ", "exact exact / exact near"},
	} {
		a, b := person(test.a), person(test.b)
		got, back := score.CompareNames(a, b, &scratch), score.CompareNames(b, a, &scratch)
		if describe(got) != test.want || describe(back) != test.want {
			t.Errorf("CompareNames(%s, %s) = %s, the other way %s, want %s", test.a, test.b, describe(got), describe(back), test.want)
		}
	}
}
