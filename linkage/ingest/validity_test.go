package ingest

import (
	"strings"
	"testing"
	"unicode/utf8"
)

func TestValidityAgreesOnEveryPairOfBytes(t *testing.T) {
	for _, tail := range []string{"", "\x80", "\x80\x80", "a", "\xbf\xbfa"} {
		for _, pad := range []int{0, 1, 5, 6, 13, 30, 31, 62} {
			before := strings.Repeat("x", pad)
			for one := range 256 {
				for other := range 256 {
					text := []byte(before + string([]byte{byte(one), byte(other)}) + tail + "山田 太郎")
					sameValidity(t, text)
					text = text[:pad+2+len(tail)]
					sameValidity(t, text)
				}
			}
		}
	}
}

// sameValidity asks both ways to check, whatever the processor has.
func sameValidity(t *testing.T, text []byte) {
	want := utf8.Valid(text)
	if got := validUTF8(text); got != want {
		t.Fatalf("%q: got %v, want %v", text, got, want)
	}
	if got := validBytewise(text); got != want {
		t.Fatalf("%q: got %v bytewise, want %v", text, got, want)
	}
}

func FuzzValidity(f *testing.F) {
	f.Add([]byte("山田𠮷野\xe5\xb1,\xf0\x9f\xed\xa0\x80ab\xc2\xa9\xe0\x80"))
	f.Fuzz(func(t *testing.T, text []byte) {
		sameValidity(t, text)
		if got, want := isASCII(text), !strings.ContainsFunc(string(text), func(r rune) bool { return r >= utf8.RuneSelf }); got != want {
			t.Fatalf("%q: ASCII %v", text, got)
		}
	})
}
