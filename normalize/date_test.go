package normalize

import "testing"

func TestParseDate(t *testing.T) {
	for _, c := range []struct {
		raw   string
		want  Date
		notes Notes
	}{
		{"1980-03-01", MakeDate(1980, 3, 1), 0},
		{"19800301", MakeDate(1980, 3, 1), 0},
		{"1980/3/1", MakeDate(1980, 3, 1), 0},
		{"1980.03.01", MakeDate(1980, 3, 1), 0},
		{"１９８０年３月１日", MakeDate(1980, 3, 1), NoteWidth},
		{"昭和55年3月1日", MakeDate(1980, 3, 1), NoteWareki},
		{"昭和五十五年三月一日", MakeDate(1980, 3, 1), NoteWareki | NoteKanjiNumerals},
		{"一九八〇年三月一日", MakeDate(1980, 3, 1), NoteKanjiNumerals},
		{"S55.3.1", MakeDate(1980, 3, 1), NoteWareki},
		{"s550301", MakeDate(1980, 3, 1), NoteWareki},
		{"3550301", MakeDate(1980, 3, 1), NoteWareki},
		{"平成元年1月8日", MakeDate(1989, 1, 8), NoteWareki},
		{"㍻元年1月8日", MakeDate(1989, 1, 8), NoteWareki},
		{"令和元年5月1日", MakeDate(2019, 5, 1), NoteWareki},
		{"昭和64年1月7日", MakeDate(1989, 1, 7), NoteWareki},
		{"昭和64年1月8日", MakeDate(1989, 1, 8), NoteWareki | NoteEraOverrun},
		{"昭和70年4月1日", MakeDate(1995, 4, 1), NoteWareki | NoteEraOverrun},
		{"平成32年4月1日", MakeDate(2020, 4, 1), NoteWareki | NoteEraOverrun},
		{"1980-00-00", MakeDate(1980, 0, 0), NotePartUnknown},
		{"19800300", MakeDate(1980, 3, 0), NotePartUnknown},
		{"昭和55年00月00日", MakeDate(1980, 0, 0), NoteWareki | NotePartUnknown},
		{"昭和55年3月不詳", MakeDate(1980, 3, 0), NoteWareki | NotePlaceholder | NotePartUnknown},
		{"1981-02-30", MakeDate(1981, 2, 0), NoteImpossible | NotePartUnknown},
		{"1981-13-01", MakeDate(1981, 0, 0), NoteImpossible | NotePartUnknown},
		{"00000000", 0, NoteDummy},
		{"99999999", 0, NoteDummy},
		{"9999-12-31", 0, NoteDummy},
		{"", 0, NoteEmpty},
		{"不詳", 0, NotePlaceholder},
		{"●●●●", 0, NotePlaceholder},
		{"12/31/1980", MakeDate(1980, 12, 31), 0},
		{"31/12/1980", MakeDate(1980, 12, 31), 0},
		{"1980-03-01T00:00:00", MakeDate(1980, 3, 1), 0},
		{"昭和55年3月1日生", MakeDate(1980, 3, 1), NoteWareki},
		{"1980", MakeDate(1980, 0, 0), NotePartUnknown},
		{"1980年3月", MakeDate(1980, 3, 0), NotePartUnknown},
		{"198003", MakeDate(1980, 3, 0), NotePartUnknown},
	} {
		got, notes := ParseDate([]byte(c.raw))
		if got != c.want || notes != c.notes {
			t.Errorf("%q: got %d-%d-%d %v, want %d-%d-%d %v", c.raw, got.Year(), got.Month(), got.Day(), notes.Names(),
				c.want.Year(), c.want.Month(), c.want.Day(), c.notes.Names())
		}
	}
}
