package normalize

import "testing"

func TestMyNumber(t *testing.T) {
	for _, c := range []struct {
		raw   string
		want  Number
		notes Notes
		ok    bool
	}{
		{"123456789018", 123456789018, 0, true},
		{"983205673214", 983205673214, 0, true},
		{"１２３４ ５６７８ ９０１８", 123456789018, NoteWidth, true},
		{"1234-5678-9018", 123456789018, 0, true},
		{"123456789019", 0, NoteCheckDigit, false},
		{"12345678901", 0, NoteLength, false},
		{"000000000000", 0, NoteDummy, false},
		{"", 0, NoteEmpty, false},
		{"12345678901A", 0, NoteCharacters, false},
	} {
		got, notes, ok := MyNumber{}.Parse([]byte(c.raw))
		if got != c.want || notes != c.notes || ok != c.ok {
			t.Errorf("%q: got %d %v %v", c.raw, got, notes.Names(), ok)
		}
	}
}

func TestInsurerAndLocalGovernmentCheckDigits(t *testing.T) {
	for _, n := range []uint32{33120015, 54016027, 138016} {
		if !InsurerFits(n) || InsurerFits(n+1) {
			t.Errorf("%d", n)
		}
	}
	for _, n := range []uint32{131016, 11002, 141003} {
		if LocalGovernmentCheckDigit(n/10) != n%10 {
			t.Errorf("%d", n)
		}
	}
}
