package encoding

import (
	"bytes"
	"testing"
	"unicode/utf8"

	"golang.org/x/text/encoding/japanese"
	"pgregory.net/rapid"
)

func TestReadsCP932(t *testing.T) {
	tests := []struct {
		name        string
		cp932       string
		want        string
		undecodable int
	}{
		{"ascii", "1234,abc", "1234,abc", 0},
		{"kanji", "\x8eR\x93c\x91\xbe\x98Y", "山田太郎", 0},
		{"half-width kana", "\xd4\xcf\xc0\xde", "ﾔﾏﾀﾞ", 0},
		{"backslash trails", "\x83\x5c\x95\x5c\x97\x5c", "ソ表予", 0},
		{"髙 by NEC", "\xee\xe0", "髙", 0},
		{"髙 by IBM", "\xfb\xfc", "髙", 0},
		{"﨑 by NEC", "\xed\x95", "﨑", 0},
		{"﨑 by IBM", "\xfa\xb1", "﨑", 0},
		{"wave dash and minus as Windows", "\x81\x60\x81\x7c\x81\x5c", "～－―", 0},
		{"first user-defined", "\xf0\x40", "\uE000", 0},
		{"user-defined before and after 7F", "\xf0\x7e\xf0\x80", "\uE03E\uE03F", 0},
		{"last user-defined", "\xf9\xfc", "\uE757", 0},
		{"lead byte at the end", "a\x8e", "a\uFFFD", 1},
		{"lead byte before ascii", "\x8e,x", "\uFFFD,x", 1},
		{"lead byte before a bad trail", "\x8e\xff", "\uFFFD\uFFFD", 2},
		{"no such pair", "\x85\x40z", "\uFFFD@z", 1},
		{"bytes of no meaning", "\xa0\xfd\xfe\xff", "\uFFFD\uFFFD\uFFFD\uFFFD", 4},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got, undecodable := AppendUTF8([]byte("head "), []byte(test.cp932))
			if string(got) != "head "+test.want || undecodable != test.undecodable {
				t.Errorf("got %q with %d undecodable, want %q with %d", got[5:], undecodable, test.want, test.undecodable)
			}
		})
	}
}

func TestWritesCP932(t *testing.T) {
	tests := []struct {
		name     string
		text     string
		want     string
		replaced int
	}{
		{"kanji", "山田太郎", "\x8eR\x93c\x91\xbe\x98Y", 0},
		{"half-width kana", "ﾔﾏﾀﾞ", "\xd4\xcf\xc0\xde", 0},
		{"髙 as Windows", "髙", "\xfb\xfc", 0},
		{"﨑 as Windows", "﨑", "\xfa\xb1", 0},
		{"row 13 before the IBM extensions", "Ⅰ№℡㈱", "\x87\x54\x87\x82\x87\x84\x87\x8a", 0},
		{"JIS before row 13", "≒≡∪", "\x81\xe0\x81\xdf\x81\xbe", 0},
		{"lower roman numerals of IBM", "ⅰⅹ", "\xfa\x40\xfa\x49", 0},
		{"not sign", "￢¬", "\x81\xca\x81\xca", 0},
		{"wave dash, minus and em dash", "〜−—", "\x81\x60\x81\x7c\x81\x5c", 0},
		{"the forms of Windows", "～－―", "\x81\x60\x81\x7c\x81\x5c", 0},
		{"yen and overline", "¥‾", "\\~", 0},
		{"user-defined", "\uE000\uE757", "\xf0\x40\xf9\xfc", 0},
		{"beyond CP932", "𠮷田 鷗", "\x81\xac\x93c \x81\xac", 2},
		{"variation selector", "葛\U000E0100城", "\x8a\x8b\x8f\xe9", 1},
		{"invalid byte", "a\xffb", "a\x81\xacb", 1},
		{"voicing marks on their own", "か\u3099ハ\u309Aウ\u3099", "\x82\xaa\x83\x70\x83\x94", 0},
		{"voicing mark on nothing", "x\u3099", "x\x81\x4a", 0},
		{"voicing mark after ascii that looks like a trail", "ソ@\u3099", "\x83\x5c@\x81\x4a", 0},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got, replaced := AppendCP932([]byte("head "), []byte(test.text))
			if string(got) != "head "+test.want || replaced != test.replaced {
				t.Errorf("got % x with %d replaced, want % x with %d", got[5:], replaced, test.want, test.replaced)
			}
		})
	}
}

// Every character that CP932 has must survive a round trip, and x/text must
// agree on every pair of bytes except where it is known to be wrong.
func TestEveryPairAgreesWithOracle(t *testing.T) {
	for lead := 0; lead < 256; lead++ {
		for trail := 0; trail < 256; trail++ {
			src := []byte{byte(lead), byte(trail)}
			got, undecodable := AppendUTF8(nil, src)
			if !utf8.Valid(got) {
				t.Fatalf("% x gives invalid UTF-8 % x", src, got)
			}
			if lead >= 0xF0 && lead <= 0xF9 && undecodable == 0 {
				if r, _ := utf8.DecodeRune(got); r < userDefinedFirst || r > userDefinedLast {
					t.Fatalf("% x is user-defined, got %q", src, got)
				}
			} else {
				want, err := japanese.ShiftJIS.NewDecoder().Bytes(src)
				if err != nil {
					t.Fatal(err)
				}
				if undecodable == 0 && !bytes.Equal(got, want) {
					t.Fatalf("% x: got %q, x/text says %q", src, got, want)
				}
				if undecodable > 0 && !bytes.Contains(want, []byte(replacement)) {
					t.Fatalf("% x: got %q, x/text can read it as %q", src, got, want)
				}
			}
			if undecodable > 0 {
				continue
			}
			back, replaced := AppendCP932(nil, got)
			again, _ := AppendUTF8(nil, back)
			if replaced != 0 || !bytes.Equal(again, got) {
				t.Fatalf("% x: %q does not survive a round trip: % x", src, got, back)
			}
		}
	}
}

func TestTextThatXTextCanWriteIsReadTheSame(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringOf(rapid.RuneFrom([]rune("aZ09 ,ｱｶﾞー〓●○①Ⅳ㈱あんアヴ亜熙髙﨑鄧濵德瀨"))).Draw(t, "text")
		cp932, err := japanese.ShiftJIS.NewEncoder().Bytes([]byte(text))
		if err != nil {
			t.Skip("x/text cannot write it")
		}
		got, undecodable := AppendUTF8(nil, cp932)
		if string(got) != text || undecodable != 0 {
			t.Fatalf("got %q, want %q", got, text)
		}
	})
}

func FuzzDecodeCP932(f *testing.F) {
	f.Add([]byte("\x8eR\x93c,\xf0\x40\xee\xe0\xff\x81"))
	f.Fuzz(func(t *testing.T, src []byte) {
		got, undecodable := AppendUTF8(nil, src)
		if !utf8.Valid(got) {
			t.Fatalf("invalid UTF-8 out of % x", src)
		}
		if n := bytes.Count(got, []byte(replacement)); n != undecodable {
			t.Fatalf("%d replacement characters, %d counted", n, undecodable)
		}
		if undecodable == 0 {
			back, replaced := AppendCP932(nil, got)
			again, _ := AppendUTF8(nil, back)
			if replaced != 0 || !bytes.Equal(again, got) {
				t.Fatalf("%q does not survive a round trip", got)
			}
		}
	})
}

func FuzzEncodeCP932(f *testing.F) {
	f.Add([]byte("髙橋〜−𠮷か\u3099"))
	f.Fuzz(func(t *testing.T, text []byte) {
		out, _ := AppendCP932(nil, text)
		if _, undecodable := AppendUTF8(nil, out); undecodable != 0 {
			t.Fatalf("%q was written as % x, which cannot be read", text, out)
		}
	})
}

func TestReadsUTF16(t *testing.T) {
	tests := []struct {
		name        string
		src         string
		bigEndian   bool
		want        string
		read        int
		undecodable int
	}{
		{"little-endian", "q\x5cA\x00", false, "山A", 4, 0},
		{"big-endian", "\x5cq\x00A", true, "山A", 4, 0},
		{"pair", "\x42\xd8\xb7\xdf", false, "𠮷", 4, 0},
		{"half a unit", "A\x00B", false, "A", 2, 0},
		{"half a pair", "A\x00\x42\xd8", false, "A", 2, 0},
		{"lone high", "\x42\xd8A\x00", false, "\uFFFDA", 4, 1},
		{"lone low", "\xb7\xdfA\x00", false, "\uFFFDA", 4, 1},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got, read, undecodable := AppendUTF16(nil, []byte(test.src), test.bigEndian)
			if string(got) != test.want || read != test.read || undecodable != test.undecodable {
				t.Errorf("got %q, read %d, undecodable %d", got, read, undecodable)
			}
		})
	}
}

func TestInvalidUTF8IsReplacedByteByByte(t *testing.T) {
	got, undecodable := AppendValid(nil, []byte("山\xe5\xb1,\uFFFD\xff"))
	if string(got) != "山\uFFFD\uFFFD,\uFFFD\uFFFD" || undecodable != 3 {
		t.Errorf("got %q, %d", got, undecodable)
	}
}

// FuzzAnyEncoding: whatever the bytes are, what is read is valid and what could
// not be read is counted; the suspicion of mojibake looks at any sample.
func FuzzAnyEncoding(f *testing.F) {
	f.Add([]byte("q\x5cA\x00\x42\xd8A\x00"))
	f.Add([]byte("山\xe5\xb1,\uFFFD\xff"))
	f.Add([]byte("縺ゅ＞縺�"))
	f.Fuzz(func(t *testing.T, src []byte) {
		for _, bigEndian := range []bool{false, true} {
			got, read, undecodable := AppendUTF16(nil, src, bigEndian)
			if !utf8.Valid(got) || read > len(src) || bytes.Count(got, []byte(replacement)) < undecodable {
				t.Fatalf("% x: %q, %d read, %d counted", src, got, read, undecodable)
			}
		}
		got, undecodable := AppendValid(nil, src)
		if !utf8.Valid(got) || bytes.Count(got, []byte(replacement)) < undecodable {
			t.Fatalf("% x: %q, %d counted", src, got, undecodable)
		}
		if kind, ok := Mojibake(src); ok != (kind != "") {
			t.Fatalf("% x: %q %v", src, kind, ok)
		}
	})
}
