package normalize

import (
	"testing"
	"unicode/utf16"
)

func kanjiText(codes []uint16) string {
	return string(utf16.Decode(codes))
}

func TestNameParse(t *testing.T) {
	type want struct{ family, given, former, alias, kanji string }
	tests := []struct {
		raw   string
		want  want
		notes Notes
	}{
		{"山田　太郎", want{"山田", "太郎", "", "", ""}, 0},
		{"髙橋 一郎", want{"高橋", "一郎", "", "", ""}, NoteVariant},
		{"渡邉花子", want{"渡辺花子", "", "", "", ""}, NoteVariant | NoteUnsplit},
		{"葛\U000E0100城 健", want{"葛城", "健", "", "", ""}, NoteSelector},
		{"𠮷田 𠮟", want{"吉田", "叱", "", "", ""}, NoteVariant},
		{"佐々木 希", want{"佐佐木", "希", "", "", ""}, NoteIteration},
		{"山\uE000 太●", want{"山\uFFFD", "太\uFFFD", "", "", ""}, NotePlaceholder | NotePrivateUse},
		{"田中［山田］　花子", want{"田中", "花子", "山田", "", ""}, NoteFormerName},
		{"田中　花子（旧姓 山田）", want{"田中", "花子", "山田", "", ""}, NoteFormerName},
		{"田中　花子　旧姓山田", want{"田中", "花子", "山田", "", ""}, NoteFormerName},
		{"田中（山田）花子", want{"田中", "花子", "山田", "", ""}, NoteFormerName},
		{"Marty McFly＿回到　未来（田中　五郎）", want{"MARTY", "MCFLY", "", "田中 五郎", "回到 未来"}, NoteAlias | NoteLatin},
		{"ＨＥ　ＪＵＮ＿何　俊", want{"HE", "JUN", "", "", "何 俊"}, NoteWidth | NoteLatin},
		{"NGUYỄN VĂN AN", want{"NGUYEN", "VANAN", "", "", ""}, NoteLatin | NoteVariant},
		{"MÜLLER, JÖRG-ß", want{"MULLER", "JORGSS", "", "", ""}, NoteLatin | NoteVariant | NoteDash | NoteWidth},
		{"刘 晓明", want{"劉", "暁明", "", "", ""}, NoteSimplified},
		{"⾼橋 ﾏﾘｱ", want{"高橋", "マリア", "", "", ""}, NoteVariant | NoteWidth},
		{"\ufa19田 ﾊﾞﾝ", want{"神田", "バン", "", "", ""}, NoteVariant | NoteWidth},
		{"山田　太郎　成年後見人　鈴木　次郎", want{"山田", "太郎", "", "", ""}, NoteGuardian},
		{"成年被後見人　山田　太郎", want{"山田", "太郎", "", "", ""}, NoteGuardian},
		{"株式会社山田商店", want{"山田商店", "", "", "", ""}, NoteCorporate | NoteUnsplit},
		{"(株)山田商店", want{"山田商店", "", "", "", ""}, NoteCorporate | NoteUnsplit},
		{"㈱山田商店", want{"山田商店", "", "", "", ""}, NoteCorporate | NoteUnsplit | NoteWidth},
		{"山田　直人", want{"山田", "直人", "", "", ""}, 0},
		{"山田　太郎様", want{"山田", "太郎", "", "", ""}, NoteCharacters},
		{"田中(旧:山田)花子", want{"田中", "花子", "山田", "", ""}, NoteFormerName},
		{"田中／山田　花子", want{"田中", "花子", "山田", "", ""}, NoteFormerName},
		{"DE LA CRUZ, Juan Miguel", want{"DELACRUZ", "JUANMIGUEL", "", "", ""}, NoteLatin},
		{"高 橋 太 郎", want{"高橋太郎", "", "", "", ""}, NoteUnsplit},
		{"（故）山田　太郎", want{"山田", "太郎", "", "", ""}, NoteCharacters},
		{"&#39641;橋　&#x4e00;郎", want{"高橋", "一郎", "", "", ""}, NoteVariant | NoteCharacters},
		{"A&B &#1;", want{"A&B", "&#1", "", "", ""}, NoteLatin},
		{"TANAKA/HANAKO", want{"TANAKA", "HANAKO", "", "", ""}, NoteLatin},
		{"田中/花子", want{"田中", "花子", "", "", ""}, 0},
		{"田中　花子［旧氏 山田］", want{"田中", "花子", "山田", "", ""}, NoteFormerName},
		{"金　英子（金田　英子）", want{"金", "英子", "", "金田 英子", ""}, NoteAlias},
		{"金　英子　通称　金田英子", want{"金", "英子", "", "金田英子", ""}, NoteAlias},
		{"何　俊＿HE JUN", want{"HE", "JUN", "", "", "何 俊"}, NoteLatin},
		{"KIM YONGJA（金田　英子）", want{"KIM", "YONGJA", "", "金田 英子", ""}, NoteAlias | NoteLatin},
		{"マリア・ガルシア・ロペス", want{"マリア", "ガルシアロペス", "", "", ""}, 0},
		{"OH, Ken’ichi", want{"OH", "KENICHI", "", "", ""}, NoteLatin},
		{"O'Brien  Anne-Marie J.", want{"OBRIEN", "ANNEMARIEJ", "", "", ""}, NoteLatin | NoteDash},
		{"渡部", want{"渡部", "", "", "", ""}, NoteUnsplit},
		{"健－ 佐藤", want{"健ー", "佐藤", "", "", ""}, NoteDash},
		{"", want{}, NoteEmpty},
		{"氏名不詳", want{}, NoteDummy | NoteUnsplit},
	}
	text := func(f NameForm) string {
		if f.Split {
			return kanjiText(f.Family) + " " + kanjiText(f.Given)
		}
		return kanjiText(f.Family)
	}
	var p NameParser
	for _, test := range tests {
		n, notes := p.Parse([]byte(test.raw))
		got := want{kanjiText(n.Main.Family), kanjiText(n.Main.Given), kanjiText(n.Former), text(n.Alias), text(n.Kanji)}
		if got != test.want || notes != test.notes {
			t.Errorf("%q: %+v %v, want %+v %v", test.raw, got, notes.Names(), test.want, test.notes.Names())
		}
	}
}

func BenchmarkNameParse(b *testing.B) {
	for name, raw := range map[string]string{"plain": "山田　太郎", "variant": "髙橋　美穂子", "former": "田中［山田］　花子", "latin": "NGUYEN VAN AN"} {
		b.Run(name, func(b *testing.B) {
			in := []byte(raw)
			var p NameParser
			b.ReportAllocs()
			for b.Loop() {
				p.Parse(in)
			}
		})
	}
}
