package normalize

import "testing"

func TestParsePostal(t *testing.T) {
	for _, c := range []struct {
		raw   string
		want  PostalCode
		notes Notes
	}{
		{"100-0005", 1000005, 0}, {"1000005", 1000005, 0}, {"060-0001", 600001, 0},
		{"〒100-0005", 1000005, 0}, {"１００－０００５", 1000005, NoteWidth}, {"１００ー０００５", 1000005, NoteWidth | NoteDash},
		{"100 0005", 1000005, 0}, {"600001", 600001, NoteLength}, {"60-0001", 600001, NoteLength},
		{"一〇〇－〇〇〇五", 1000005, NoteKanjiNumerals | NoteWidth},
		{"000-0000", 0, NoteDummy}, {"9999999", 0, NoteDummy}, {"0", 0, NoteDummy}, {"", 0, NoteEmpty}, {"183", 0, NoteLength},
		{"183-00", 0, NoteLength}, {"●●●-●●●●", 0, NotePlaceholder}, {"abc", 0, NoteLength | NoteCharacters},
	} {
		got, notes := ParsePostal([]byte(c.raw))
		if got != c.want || notes != c.notes {
			t.Errorf("%q: %07d %v", c.raw, got, notes.Names())
		}
	}
}

func FuzzParsePostal(f *testing.F) {
	for _, s := range []string{"100-0005", "〒１００", "60-0001", "\xe3\x80"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		if code, notes := ParsePostal(raw); code > 9999999 || code == 0 && notes == 0 {
			t.Errorf("%q: %d %v", raw, code, notes.Names())
		}
	})
}
