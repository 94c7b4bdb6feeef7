package normalize

import (
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func drawDate(t *rapid.T) Date {
	year := rapid.IntRange(1873, 2040).Draw(t, "year")
	month := rapid.IntRange(1, 12).Draw(t, "month")
	d := MakeDate(year, month, rapid.IntRange(1, daysIn(year, month)).Draw(t, "day"))
	if d == MakeDate(1900, 1, 1) {
		t.Skip("the zero of a spreadsheet")
	}
	return d
}

var kanjiDigits = []string{"〇", "一", "二", "三", "四", "五", "六", "七", "八", "九"}

func kanjiNumber(v int) string {
	s := ""
	if v >= 20 {
		s += kanjiDigits[v/10]
	}
	if v >= 10 {
		s += "十"
	}
	if v%10 > 0 {
		s += kanjiDigits[v%10]
	}
	return s
}

func wide(s string) string {
	return strings.Map(func(r rune) rune {
		if r > ' ' && r <= '~' {
			return r - '!' + 0xFF01
		}
		return r
	}, s)
}

// All spellings of one date meet.
func TestSpellingsOfOneDateMeet(t *testing.T) {
	names := []string{"", "明治", "大正", "昭和", "平成", "令和"}
	rapid.Check(t, func(t *rapid.T) {
		d := drawDate(t)
		y, m, day := d.Year(), d.Month(), d.Day()
		spellings := []string{
			fmt.Sprintf("%04d-%02d-%02d", y, m, day), fmt.Sprintf("%04d%02d%02d", y, m, day),
			fmt.Sprintf("%d/%d/%d", y, m, day), fmt.Sprintf("%d.%d.%d", y, m, day), fmt.Sprintf("%d年%d月%d日", y, m, day),
			fmt.Sprintf("西暦%d年%02d月%02d日", y, m, day), fmt.Sprintf(" %d - %d - %d ", y, m, day),
			fmt.Sprintf("%04d-%02d-%02d 00:00:00", y, m, day),
		}
		for e := meiji; e <= reiwa; e++ {
			n := y - eras[e].offset
			if n < 1 || n > 99 {
				continue
			}
			letter := string("MTSHR"[e-1])
			spellings = append(spellings,
				fmt.Sprintf("%s%d年%d月%d日", names[e], n, m, day), fmt.Sprintf("%s%d.%d.%d", letter, n, m, day),
				fmt.Sprintf("%s%02d%02d%02d", letter, n, m, day), fmt.Sprintf("%d%02d%02d%02d", e, n, m, day),
				fmt.Sprintf("%s%s年%s月%s日", names[e], kanjiNumber(n), kanjiNumber(m), kanjiNumber(day)),
				fmt.Sprintf("%c%d-%d-%d", []rune(names[e])[0], n, m, day),
			)
			if n == 1 {
				spellings = append(spellings, fmt.Sprintf("%s元年%d月%d日", names[e], m, day), fmt.Sprintf("%s元.%d.%d", letter, m, day))
			}
		}
		for _, s := range spellings {
			for _, s := range []string{s, wide(s)} {
				got, notes := ParseDate([]byte(s))
				if got != d || notes&^(NoteWidth|NoteWareki|NoteEraOverrun|NoteKanjiNumerals|NoteDash) != 0 {
					t.Fatalf("%s: %d-%d-%d %v", s, got.Year(), got.Month(), got.Day(), notes.Names())
				}
			}
		}
	})
}

// The era of a date that lies in it is not noted, of one outside it is.
func TestEraOverrunIsNoted(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := drawDate(t)
		for e := meiji; e <= reiwa; e++ {
			n := d.Year() - eras[e].offset
			if n < 1 || n > 99 {
				continue
			}
			_, notes := ParseDate(fmt.Appendf(nil, "%d%02d%02d%02d", e, n, d.Month(), d.Day()))
			inside := d >= eras[e].first && d <= eras[e].last
			if inside == (notes&NoteEraOverrun != 0) {
				t.Fatalf("%s %d: %v", e, d, notes.Names())
			}
		}
	})
}

func TestNormalizeDate(t *testing.T) {
	for _, c := range []struct{ input, iso, precision, calendar string }{
		{"昭和55年3月1日", "1980-03-01", "day", "showa"},
		{"S55.3", "1980-03", "month", "showa"},
		{"1980-00-00", "1980", "year", "gregorian"},
		{"R1.5.1", "2019-05-01", "day", "reiwa"},
		{"不詳", "", "", ""},
	} {
		r := NormalizeDate(c.input)
		if r.ISO != c.iso || r.Precision != c.precision || r.Calendar != c.calendar {
			t.Errorf("%s: %+v", c.input, r)
		}
	}
}

func FuzzParseDate(f *testing.F) {
	for _, s := range []string{"1980-03-01", "昭和五十五年三月一日", "3550301", "S55.3.1", "1981-02-30", "99999999", "○○年", "\xe6\x98", "平成元"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		d, notes := ParseDate(raw)
		if d.Month() > 12 || d.Day() > 31 || d.Year() != 0 && (d.Year() < firstYear || d.Year() > lastYear) {
			t.Fatalf("%q: %d-%d-%d", raw, d.Year(), d.Month(), d.Day())
		}
		if d == 0 && notes == 0 {
			t.Fatalf("%q: no date and no note", raw)
		}
		// Normalizing twice changes nothing.
		if iso := NormalizeDate(string(raw)).ISO; iso != "" {
			if again, _ := ParseDate([]byte(iso)); again != d {
				t.Fatalf("%q is %s, and that is %d-%d-%d", raw, iso, again.Year(), again.Month(), again.Day())
			}
		}
	})
}
