package normalize

import (
	"bytes"
	"fmt"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// myNumberOracle is article 5 of the Order word for word, on text.
func myNumberOracle(first11 string) byte {
	sum := 0
	for n := 1; n <= 11; n++ {
		p := int(first11[11-n] - '0')
		q := n + 1
		if n >= 7 {
			q = n - 5
		}
		sum += p * q
	}
	r := sum % 11
	if r <= 1 {
		return '0'
	}
	return byte('0' + 11 - r)
}

func TestMyNumberAgreesWithTheOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		first := rapid.StringMatching(`[0-9]{11}`).Draw(t, "first")
		check := myNumberOracle(first)
		for d := byte('0'); d <= '9'; d++ {
			text := first + string(d)
			n, notes, ok := MyNumber{}.Parse([]byte(text))
			dummy := text == string(bytes.Repeat([]byte{text[0]}, 12))
			if ok != (d == check && !dummy) {
				t.Fatalf("%s: %v %v", text, ok, notes.Names())
			}
			if ok && string(MyNumber{}.Append(nil, n)) != text {
				t.Fatalf("%s is written %s", text, MyNumber{}.Append(nil, n))
			}
		}
	})
}

// A leading zero that a spreadsheet dropped comes back only if it fits.
func TestMyNumberRestoresALeadingZero(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		first := "0" + rapid.StringMatching(`[1-9][0-9]{9}`).Draw(t, "first")
		text := first + string(myNumberOracle(first))
		n, notes, ok := MyNumber{}.Parse([]byte(text[1:]))
		if !ok || notes != NoteLength || string(MyNumber{}.Append(nil, n)) != text {
			t.Fatalf("%s: %d %v %v", text[1:], n, notes.Names(), ok)
		}
	})
}

// slipsOracle finds by brute force on text what AppendSlips lists.
func slipsOracle(scheme Scheme, n Number) []Number {
	text := scheme.Append(nil, n)
	var list []Number
	try := func(slip []byte) {
		if s, notes, ok := scheme.Parse(slip); ok && notes == 0 {
			list = append(list, s)
		}
	}
	for i := range text {
		for d := byte('0'); d <= '9'; d++ {
			if d != text[i] {
				slip := slices.Clone(text)
				slip[i] = d
				try(slip)
			}
		}
		if i > 0 && text[i] != text[i-1] {
			slip := slices.Clone(text)
			slip[i], slip[i-1] = slip[i-1], slip[i]
			try(slip)
		}
	}
	slices.Sort(list)
	return list
}

func TestSlipsAgreeWithBruteForce(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		first := rapid.StringMatching(`[0-9]{11}`).Draw(t, "first")
		var numbers = map[Scheme]string{
			MyNumber{}: first + string(myNumberOracle(first)),
			Generic{}:  first[:1+len(first)/3],
		}
		born := rapid.IntRange(0, 3_000_000_000).Draw(t, "serial")
		for d := range 10 {
			code := fmt.Sprintf("%d%02d%02d%02d%03d%d", 3+born%4, born/7%100, 1+born/11%12, 1+born/13%28, born/17%1000, d)
			if _, _, ok := (Isikukood{}).Parse([]byte(code)); ok {
				numbers[Isikukood{}] = code
			}
		}
		for scheme, text := range numbers {
			n, _, ok := scheme.Parse([]byte(text))
			if !ok {
				continue // a run of one digit
			}
			got := scheme.AppendSlips(nil, n)
			slices.Sort(got)
			if want := slipsOracle(scheme, n); !slices.Equal(got, want) {
				t.Fatalf("%s %s: %d slips, not %d", scheme.Name(), text, len(got), len(want))
			}
		}
	})
}

func TestGenericKeepsLeadingZeros(t *testing.T) {
	seen := map[Number]string{}
	for _, text := range []string{"0", "00", "1", "01", "001", "9", "10", "123456789012345678", "000000000000000000"} {
		n, _, ok := Generic{}.Parse([]byte(text))
		if !ok || string(Generic{}.Append(nil, n)) != text {
			t.Errorf("%s is written %s", text, Generic{}.Append(nil, n))
		}
		if seen[n] != "" {
			t.Errorf("%s and %s are one", text, seen[n])
		}
		seen[n] = text
	}
	if _, notes, ok := (Generic{}).Parse([]byte("1234567890123456789")); ok || notes != NoteLength {
		t.Error("nineteen digits are taken")
	}
}

func TestIsikukood(t *testing.T) {
	n, notes, ok := Isikukood{}.Parse([]byte("37605030299"))
	if !ok || notes != 0 {
		t.Fatal(notes.Names())
	}
	if birth, sex := IsikukoodBirth(n); birth != MakeDate(1976, 5, 3) || sex != Male {
		t.Errorf("%v %v", birth, sex)
	}
	for text, want := range map[string]Notes{
		"37605030298": NoteCheckDigit, "3760503029": NoteLength, "37605030299a": NoteCharacters, "": NoteEmpty, "11111111111": NoteDummy,
	} {
		if _, notes, ok := (Isikukood{}).Parse([]byte(text)); ok || notes != want {
			t.Errorf("%q: %v", text, notes.Names())
		}
	}
	// A date that does not exist is no code, whatever its check digit.
	for d := range 10 {
		if _, notes, ok := (Isikukood{}).Parse(fmt.Appendf(nil, "376023102%d%d", 9, d)); ok || notes&(NoteCheckDigit|NoteImpossible) == 0 {
			t.Errorf("February 31: %v", notes.Names())
		}
	}
}

func TestSchemeByName(t *testing.T) {
	for _, name := range SchemeNames() {
		if s, ok := SchemeByName(name); !ok || s.Name() != name {
			t.Error(name)
		}
	}
	if _, ok := SchemeByName("no-such"); ok {
		t.Error("an unknown scheme is found")
	}
}

func TestParseInsurer(t *testing.T) {
	for _, c := range []struct {
		raw   string
		want  uint32
		notes Notes
		ok    bool
	}{
		{"33120015", 33120015, 0, true},
		{"３３１２００１５", 33120015, NoteWidth, true},
		{"138016", 138016, 0, true},
		{"33120016", 33120016, NoteCheckDigit, true},
		{"1230012", 0, NoteLength, false},
		{"123", 0, NoteLength, false},
		{"", 0, NoteEmpty, false},
		{"00000000", 0, NoteDummy, false},
	} {
		got, notes, ok := ParseInsurer([]byte(c.raw))
		if got != c.want || notes != c.notes || ok != c.ok {
			t.Errorf("%q: %d %v %v", c.raw, got, notes.Names(), ok)
		}
	}
}

func TestParseLocalGovernment(t *testing.T) {
	for _, c := range []struct {
		raw   string
		want  uint16
		notes Notes
		ok    bool
	}{
		{"131016", 13101, 0, true}, {"13101", 13101, 0, true}, {"011002", 1100, 0, true}, {"01100", 1100, 0, true},
		{"1100", 1100, NoteLength, true}, {"12025", 1202, NoteLength, true}, {"12203", 12203, 0, true}, {"11002", 1100, NoteLength, true}, {"13", 13000, 0, true}, {"131017", 13101, NoteCheckDigit, true},
		{"99101", 0, NoteImpossible, false}, {"00000", 0, NoteImpossible, false}, {"1234567", 0, NoteLength, false},
	} {
		got, notes, ok := ParseLocalGovernment([]byte(c.raw))
		if got != c.want || notes != c.notes || ok != c.ok {
			t.Errorf("%q: %d %v %v", c.raw, got, notes.Names(), ok)
		}
	}
}

func FuzzNumber(f *testing.F) {
	for _, s := range []string{"123456789018", "１２３４－５６７８", "=\"0123\"", "\xff\xfe", "37605030299"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		for _, s := range schemes {
			n, _, ok := s.Parse(raw)
			if !ok {
				if n != 0 {
					t.Errorf("%s: a number without success", s.Name())
				}
				continue
			}
			text := s.Append(nil, n)
			if again, notes, ok := s.Parse(text); !ok || again != n || notes != 0 {
				t.Errorf("%s: %q is %s, which is %d %v", s.Name(), raw, text, again, notes.Names())
			}
		}
		ParseInsurer(raw)
		ParseLocalGovernment(raw)
	})
}
