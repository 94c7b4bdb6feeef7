package report

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"
)

// Whatever a cell holds, another reader gets it back, but for the quote before
// a formula.
func FuzzCSVCell(f *testing.F) {
	for _, s := range []string{"", "a,b", "=1+1", "＝1", "-5", "-5+cmd", "\"q\"", "line\nbreak", "\t=1", "@x", "  x", "+81312345678", "山田　花子"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if strings.Contains(s, "\r") {
			return // the reader of the standard library folds CR LF in quotes
		}
		var b bytes.Buffer
		c := newCSVWriter(&b)
		c.text(s)
		c.text("end")
		c.endRow()
		if err := c.flush(); err != nil {
			t.Fatal(err)
		}
		row, err := csv.NewReader(&b).Read()
		if err != nil || len(row) != 2 || row[1] != "end" {
			t.Fatalf("%q: %q %v", s, row, err)
		}
		if want := strings.TrimPrefix(row[0], "'"); row[0] != s && want != s {
			t.Errorf("%q came back as %q", s, row[0])
		}
		if isFormula(row[0]) {
			t.Errorf("%q is still a formula: %q", s, row[0])
		}
	})
}

func TestIsFormula(t *testing.T) {
	for s, want := range map[string]bool{
		"": false, "abc": false, "12": false, "-12.5": false, "+81": false, "=A1": true, "@SUM(A1)": true, "-1+2": true,
		"+cmd": true, "-": true, "\t=1": true, "\r=1": true, "＝A1": true, "＋1": true, "－1": true, "＠x": true, "山田": false, "\x00=1": true, "-1.2.3": true,
	} {
		if got := isFormula(s); got != want {
			t.Errorf("%q: %v", s, got)
		}
	}
}

func TestJSONTextAgreesWithTheStandardLibrary(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := string(rapid.SliceOf(rapid.Byte()).Draw(t, "bytes"))
		if rapid.Bool().Draw(t, "valid") {
			s = rapid.String().Draw(t, "text")
		}
		var back string
		if err := json.Unmarshal(appendJSON(nil, s), &back); err != nil {
			t.Fatalf("%q: %v", s, err)
		}
		if want := strings.ToValidUTF8(s, "\uFFFD"); utf8.ValidString(s) && back != want {
			t.Fatalf("%q came back as %q", s, back)
		}
		var standard string
		text, _ := json.Marshal(s)
		if err := json.Unmarshal(text, &standard); err != nil || standard != back {
			t.Fatalf("%q: %q, standard library %q", s, back, standard)
		}
	})
}

func TestMaskNumber(t *testing.T) {
	for number, want := range map[string]string{
		"012345670001": "********0001", "38001085718": "*******5718", "": "", "1234": "****", "1234567": "*******",
		"12345678": "****5678", "０１２３４５６７８９０１": "********８９０１",
	} {
		if got := maskNumber(number); got != want {
			t.Errorf("%s: %s, want %s", number, got, want)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		number := rapid.String().Draw(t, "number")
		masked := maskNumber(number)
		if utf8.RuneCountInString(masked) != utf8.RuneCountInString(number) {
			t.Fatalf("%q: %q has another length", number, masked)
		}
		shown := strings.TrimLeft(masked, "*")
		if utf8.RuneCountInString(shown) > 4 {
			t.Fatalf("%q: %q shows more than four", number, masked)
		}
	})
}

func TestWrap(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.StringOf(rapid.SampledFrom([]rune("ab1 (),.　山田（）「」、。アー"))).Draw(t, "text")
		width := rapid.IntRange(4, 40).Draw(t, "width")
		if strings.TrimLeft(s, " ") != s {
			s = strings.TrimLeft(s, " ")
		}
		lines := wrap(s, width)
		squeeze := func(s string) string { return strings.ReplaceAll(s, " ", "") }
		if got := squeeze(strings.Join(lines, "")); got != squeeze(s) {
			t.Fatalf("%q lost something: %q", s, lines)
		}
		for _, line := range lines {
			if cells.StringWidth(line) > width {
				t.Fatalf("%q: %q is wider than %d", s, line, width)
			}
		}
	})
}

func TestWrapJapanese(t *testing.T) {
	for _, c := range []struct {
		text  string
		width int
		want  string
	}{
		{"氏名（異体字）、住所（転居）。", 16, "氏名（異体字）、|住所（転居）。"},
		{"ウェイトが低い", 10, "ウェイトが|低い"},
		{"   one two three", 9, "   one|   two|   three"},
		{"閉じる括弧の前）で", 14, "閉じる括弧の|前）で"},
	} {
		if got := strings.Join(wrap(c.text, c.width), "|"); got != c.want {
			t.Errorf("%s at %d: %s, want %s", c.text, c.width, got, c.want)
		}
	}
}

// A table never passes 80 columns as long as something may shrink.
func TestTableKeepsToTheTerminal(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		layout := table{}
		columns := rapid.IntRange(2, 7).Draw(t, "columns")
		for range columns {
			layout.columns = append(layout.columns, column{heading: rapid.SampledFrom([]string{"x", "見出し", "two\nlines"}).Draw(t, "heading"), shrinks: true})
		}
		for range rapid.IntRange(0, 4).Draw(t, "rows") {
			row := make([]string, columns)
			for i := range row {
				row[i] = rapid.StringOfN(rapid.SampledFrom([]rune("ab山ｱ")), 0, 50, -1).Draw(t, "cell")
			}
			layout.add(row...)
		}
		var b bytes.Buffer
		if err := layout.write(&b); err != nil {
			t.Fatal(err)
		}
		for _, line := range strings.Split(b.String(), "\n") {
			if w := cells.StringWidth(line); w > terminalWidth {
				t.Fatalf("%d columns: %s", w, line)
			}
		}
	})
}

func TestPrintable(t *testing.T) {
	if got := printable("a\x1b[31mb\u202e\nc"); strings.ContainsAny(got, "\x1b\n\u202e") {
		t.Errorf("%q", got)
	}
}

func TestGrouped(t *testing.T) {
	for n, want := range map[int64]string{0: "0", 999: "999", 1000: "1,000", 125_000_000: "125,000,000", -1234: "-1,234"} {
		if got := grouped(n); got != want {
			t.Errorf("%d: %s", n, got)
		}
	}
}
