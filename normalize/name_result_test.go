package normalize

import (
	"encoding/json"
	"testing"
)

// The keys and their order are part of what the filters promise.
func TestNameAndKanaResults(t *testing.T) {
	tests := []struct {
		result any
		want   string
	}{
		{NormalizeName("髙橋［山田］　花子"),
			`{"input":"髙橋［山田］　花子","family":"高橋","given":"花子","latin":"","kanji":"","former":"山田","alias":"","canonical":"高橋［山田］　花子","key":"高橋花子","notes":["variant","former_name"]}`},
		{NormalizeName("Marty McFly＿回到　未来（田中　五郎）"),
			`{"input":"Marty McFly＿回到　未来（田中　五郎）","family":"MARTY","given":"MCFLY","latin":"MARTY MCFLY","kanji":"回到　未来","former":"","alias":"田中　五郎","canonical":"MARTY MCFLY＿回到　未来（通称 田中　五郎）","key":"MARTYMCFLY","notes":["alias","latin"]}`},
		{NormalizeName("de la Cruz, Juan"),
			`{"input":"de la Cruz, Juan","family":"DELACRUZ","given":"JUAN","latin":"DE LA CRUZ, JUAN","kanji":"","former":"","alias":"","canonical":"DE LA CRUZ, JUAN","key":"DELACRUZJUAN","notes":["latin"]}`},
		{NormalizeName("𠂢山　●子"),
			`{"input":"𠂢山　●子","family":"𠂢山","given":"●子","latin":"","kanji":"","former":"","alias":"","canonical":"𠂢山　●子","key":"𠂢山●子","notes":["placeholder"]}`},
		{NormalizeName(""),
			`{"input":"","family":"","given":"","latin":"","kanji":"","former":"","alias":"","canonical":"","key":"","notes":["empty"]}`},
		{NormalizeKana("ｵｵﾉ ｼｮｳｺﾞ"),
			`{"input":"ｵｵﾉ ｼｮｳｺﾞ","family":"オオノ","given":"シヨウゴ","canonical":"オオノ　シヨウゴ","strong_key":"オオノシヨウゴ","weak_key":"オーノシヨーコ","notes":["width"]}`},
		{NormalizeKana("シ　メイ"),
			`{"input":"シ　メイ","family":"","given":"","canonical":"","strong_key":"","weak_key":"","notes":["dummy"]}`},
	}
	for _, test := range tests {
		got, err := json.Marshal(test.result)
		if err != nil {
			t.Fatal(err)
		}
		if string(got) != test.want {
			t.Errorf("got  %s\nwant %s", got, test.want)
		}
	}
}

func TestNamesAndKanaDoNotAllocate(t *testing.T) {
	var names NameParser
	var kana KanaParser
	weak := make([]byte, 0, 64)
	rows := []struct{ name, kana string }{
		{"山田　太郎", "ﾔﾏﾀﾞ ﾀﾛｳ"},
		{"渡邉［齋藤］　壽美子", "ワタナベ　スミコ"},
		{"Marty McFly＿回到　未来（田中　五郎）", "マーティ・マクフライ"},
		{"𠮷田　𠂢\U000E0101●", "ヨシダ　?"},
		{"山田太郎　成年後見人　鈴木次郎", "ヤマダ タロウ セイネンコウケンニン スズキ ジロウ"},
		{"㈱山田商店", "ｶ)ﾔﾏﾀﾞｼﾖｳﾃﾝ"},
	}
	parse := func() {
		for _, row := range rows {
			names.Parse([]byte(row.name))
			f, _ := kana.Parse([]byte(row.kana))
			weak = AppendWeakKana(AppendWeakKana(weak[:0], f.Family), f.Given)
		}
	}
	parse()
	if n := testing.AllocsPerRun(100, parse); n != 0 {
		t.Errorf("%v allocations for %d rows", n, len(rows))
	}
}

func BenchmarkNameAndKana(b *testing.B) {
	rows := [][2][]byte{
		{[]byte("山田　太郎"), []byte("ﾔﾏﾀﾞ ﾀﾛｳ")},
		{[]byte("髙橋　美穂子"), []byte("タカハシ　ミホコ")},
		{[]byte("佐々木　健一郎"), []byte("ササキ　ケンイチロウ")},
		{[]byte("渡邉　花子"), []byte("ﾜﾀﾅﾍﾞ ﾊﾅｺ")},
	}
	var names NameParser
	var kana KanaParser
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		row := &rows[i&3]
		names.Parse(row[0])
		kana.Parse(row[1])
	}
}
