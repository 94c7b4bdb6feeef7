package normalize

import (
	"testing"
)

func kanaText(codes []byte) string { return string(DecodeKana(nil, codes)) }

func TestKanaParse(t *testing.T) {
	tests := []struct {
		raw, family, given string
		notes              Notes
	}{
		{"ヤマダ　タロウ", "ヤマダ", "タロウ", 0},
		{"ﾔﾏﾀﾞ ﾀﾛｳ", "ヤマダ", "タロウ", NoteWidth},
		{"やまだ たろう", "ヤマダ", "タロウ", NoteHiragana},
		{"ヤマタ゛ タロウ", "ヤマダ", "タロウ", NoteVoicing},
		{"ヤマタ\u3099 タロウ", "ヤマダ", "タロウ", NoteVoicing},
		{"ショウイチ", "シヨウイチ", "", NoteSmallKana | NoteUnsplit},
		{"シヅオ ヂ", "シズオ", "ジ", NoteVariant},
		{"ヲノ ヰヱ", "オノ", "イエ", NoteVariant},
		{"サイト－ ﾕ-ｺ", "サイトー", "ユーコ", NoteWidth | NoteDash},
		{"グエン・ヴァン・アン", "グエン", "ヴアンアン", NoteSmallKana},
		{"グエン ヴァン アン", "グエン", "ヴアンアン", NoteSmallKana},
		{"マクドナルド・スミス ジョン", "マクドナルドスミス", "ジヨン", NoteSmallKana},
		{"ササキ　イスヾ", "ササキ", "イスズ", NoteIteration},
		{"デ ラ クルス,フアン", "デラクルス", "フアン", 0},
		{"ｽﾐｽ, ｼﾞﾖﾝ", "スミス", "ジヨン", NoteWidth},
		{"ヤマ● タロウ", "ヤマ●", "タロウ", NotePlaceholder},
		{"ヤマ? タロウ", "ヤマ●", "タロウ", NotePlaceholder},
		{"ｶ)ﾔﾏﾀﾞｼﾖｳﾃﾝ", "ヤマダシヨウテン", "", NoteWidth | NoteCorporate | NoteUnsplit},
		{"ﾔﾏﾀﾞｼﾖｳﾃﾝ(ｶ", "ヤマダシヨウテン", "", NoteWidth | NoteCorporate | NoteUnsplit},
		{"ド）ヤマダ", "ヤマダ", "", NoteCorporate | NoteUnsplit},
		{"ヤマダ タロウ セイネンコウケンニン スズキ ジロウ", "ヤマダ", "タロウ", NoteGuardian},
		{"セイネンヒコウケンニン ヤマダ タロウ", "ヤマダ", "タロウ", NoteGuardian},
		{"ヤマダ　タロウ　成年後見人　スズキ", "ヤマダ", "タロウ", NoteGuardian | NoteCharacters},
		{"シ メイ", "", "", NoteDummy},
		{"フメイ", "", "", NoteDummy | NoteUnsplit},
		{"", "", "", NoteEmpty},
		{"　 ", "", "", NoteEmpty},
		{"イチロ一", "イチロー", "", NoteCharacters | NoteUnsplit},
		{"山田 太郎", "●●", "●●", NoteCharacters},
		{"ヤマダ［スズキ］ ハナコ", "ヤマダ", "ハナコ", NoteFormerName},
		{"NGUYEN van an", "NGUYEN", "VANAN", NoteLatin},
		{"ﾏｸﾄﾞﾅﾙﾄﾞｽﾐｽ ｱﾚｸｻﾝﾀﾞｰﾌｨﾘｯﾌﾟｱﾙﾊﾞｰﾄ", "マクドナルドスミス", "アレクサンダーフイリツプアルバート", NoteWidth},
		{"ﾏｸﾄﾞﾅﾙﾄﾞｽﾐｽ ｱﾚｸｻﾝﾀﾞｰﾌｲﾘｯﾌﾟｱﾙﾊﾞ", "マクドナルドスミス", "アレクサンダーフイリツプアルバ", NoteWidth | NoteTruncated},
		{"カヶ ヵケ", "カケ", "カケ", NoteSmallKana},
	}
	var p KanaParser
	for _, test := range tests {
		f, notes := p.Parse([]byte(test.raw))
		if kanaText(f.Family) != test.family || kanaText(f.Given) != test.given || notes != test.notes {
			t.Errorf("%q: %q %q %v, want %q %q %v", test.raw, kanaText(f.Family), kanaText(f.Given), notes.Names(), test.family, test.given, test.notes.Names())
		}
	}
}

func TestWeakKana(t *testing.T) {
	groups := [][]string{
		{"オオノ", "オウノ", "オーノ"},
		{"ユウコ", "ユーコ"},
		{"ケイコ", "ケーコ", "ゲイコ"},
		{"ヤマサキ", "ヤマザキ"},
		{"ナカタ", "ナカダ"},
		{"ヴァイオリン", "バイオリン"},
		{"フィリップ", "ヒリップ"},
		{"ジェームズ", "ゼームス"},
		{"マーティン", "マーチン"},
		{"シヅオ", "シスオ", "シズオ"},
	}
	var p KanaParser
	weak := func(s string) string {
		f, _ := p.Parse([]byte(s))
		return kanaText(AppendWeakKana(nil, f.Family))
	}
	for _, g := range groups {
		for _, s := range g[1:] {
			if weak(s) != weak(g[0]) {
				t.Errorf("%s gives %s, %s gives %s", g[0], weak(g[0]), s, weak(s))
			}
		}
	}
	if weak("オノ") == weak("オオノ") {
		t.Error("小野 and 大野 meet")
	}
}

func BenchmarkKanaParse(b *testing.B) {
	for name, raw := range map[string]string{"half": "ﾔﾏﾀﾞ ﾀﾛｳ", "full": "ヤマダ　タロウ", "long": "サイトウ　シヨウイチロウ"} {
		b.Run(name, func(b *testing.B) {
			in := []byte(raw)
			var p KanaParser
			b.ReportAllocs()
			for b.Loop() {
				p.Parse(in)
			}
		})
	}
}
