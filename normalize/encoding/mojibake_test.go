package encoding

import (
	"testing"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/japanese"
)

func TestMojibake(t *testing.T) {
	const text = "山田　太郎\n髙橋 花子\nヤマダ　タロウ\n東京都千代田区霞が関１丁目\nさいたま市みなみ区\n"
	cp932, _ := AppendCP932(nil, []byte(text))
	euc, err := japanese.EUCJP.NewEncoder().Bytes([]byte("山田　太郎\nヤマダ　タロウ\nさいたま市みなみ区\nハナコ"))
	if err != nil {
		t.Fatal(err)
	}
	latin := func(bytes []byte) string {
		var out []rune
		for _, b := range bytes {
			out = append(out, charmap.Windows1252.DecodeByte(b))
		}
		return string(out)
	}
	asCP932 := func(bytes []byte) string {
		out, _ := AppendUTF8(nil, bytes)
		return string(out)
	}
	valid, _ := AppendValid(nil, cp932)
	tests := []struct{ name, sample, want string }{
		{"sound", text, ""},
		{"half-width kana", "ﾔﾏﾀﾞ ﾀﾛｳ\nｻﾄｳ ﾊﾅｺ\nﾁﾖﾀﾞｸ\nｵｵｻｶﾌ\n", ""},
		{"ascii", "YAMADA TARO, 1-2-3", ""},
		{"french", "Müller, Besançon, Gérard, Å", ""},
		{"vietnamese", "NGUYỄN THỊ HƯƠNG", ""},
		{"some unreadable characters", "山\uFFFD太郎 \uFFFD橋花子 東京都\uFFFD区", ""},
		{"empty", "", ""},
		{"utf-8 as cp932", asCP932([]byte(text)), "utf-8 read as cp932"},
		{"one name, utf-8 as cp932", asCP932([]byte("佐藤花子")), "utf-8 read as cp932"},
		{"cp932 as utf-8", string(valid), "cp932 read as utf-8"},
		{"utf-8 as latin-1", latin([]byte(text)), "utf-8 read as latin-1"},
		{"cp932 as latin-1", latin(cp932), "cp932 read as latin-1"},
		{"euc-jp as cp932", asCP932(euc), "euc-jp read as cp932"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if got, ok := Mojibake([]byte(test.sample)); got != test.want || ok != (test.want != "") {
				t.Errorf("%q: got %q", test.sample, got)
			}
		})
	}
}

func BenchmarkDecodeCP932(b *testing.B) {
	var text []byte
	for range 2000 {
		text = append(text, "123456789018,山田　太郎,ﾔﾏﾀﾞ ﾀﾛｳ,1980-01-02,1,1000013,東京都千代田区霞が関1丁目2番3号\n"...)
	}
	cp932, _ := AppendCP932(nil, text)
	b.Run("ours", func(b *testing.B) {
		b.SetBytes(int64(len(cp932)))
		b.ReportAllocs()
		var out []byte
		for b.Loop() {
			out, _ = AppendUTF8(out[:0], cp932)
		}
	})
	b.Run("x-text", func(b *testing.B) {
		b.SetBytes(int64(len(cp932)))
		decoder := japanese.ShiftJIS.NewDecoder()
		out := make([]byte, 4*len(cp932))
		for b.Loop() {
			if _, _, err := decoder.Transform(out, cp932, true); err != nil {
				b.Fatal(err)
			}
		}
	})
}
