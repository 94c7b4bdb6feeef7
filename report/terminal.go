package report

import (
	"bufio"
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/mattn/go-runewidth"
)

// terminalWidth is what every text output keeps to.
const terminalWidth = 80

// cells counts the columns of a terminal that a text takes. Characters of
// ambiguous width count one everywhere, so that output does not depend on the
// locale.
var cells = &runewidth.Condition{}

type alignment uint8

const (
	left alignment = iota
	right
)

// column of a terminal table. The heading may have several lines.
type column struct {
	heading string
	align   alignment
	shrinks bool // gives up room when the table is too wide
}

// table lays out rows by the width of East Asian characters.
type table struct {
	columns []column
	rows    [][]string
	rules   map[int]bool // a line before that row
}

func (t *table) add(row ...string) { t.rows = append(t.rows, row) }

// rule draws a line before the next row.
func (t *table) rule() {
	if t.rules == nil {
		t.rules = map[int]bool{}
	}
	t.rules[len(t.rows)] = true
}

func (t *table) write(w io.Writer) error {
	out := bufio.NewWriter(w)
	headings := t.headings()
	widths, gap := t.widths(headings)
	total := gap * (len(widths) - 1)
	for _, width := range widths {
		total += width
	}
	line := strings.Repeat("-", total)
	for _, h := range headings {
		t.writeRow(out, h, widths, gap)
	}
	out.WriteString(line + "\n")
	for i, row := range t.rows {
		if t.rules[i] {
			out.WriteString(line + "\n")
		}
		t.writeRow(out, row, widths, gap)
	}
	return out.Flush()
}

// headings gives the lines of the heading, the last line always filled.
func (t *table) headings() [][]string {
	lines := 1
	for _, c := range t.columns {
		lines = max(lines, 1+strings.Count(c.heading, "\n"))
	}
	rows := make([][]string, lines)
	for i := range rows {
		rows[i] = make([]string, len(t.columns))
	}
	for i, c := range t.columns {
		parts := strings.Split(c.heading, "\n")
		for k, part := range parts {
			rows[lines-len(parts)+k][i] = part
		}
	}
	return rows
}

// widths shrinks columns that may until the table fits, and narrows the gaps
// where that is not enough.
func (t *table) widths(headings [][]string) (widths []int, gap int) {
	natural := make([]int, len(t.columns))
	for _, rows := range [][][]string{headings, t.rows} {
		for _, row := range rows {
			for i, s := range row {
				natural[i] = max(natural[i], cells.StringWidth(s))
			}
		}
	}
	if widths, ok := t.shrink(natural, 2, 10); ok {
		return widths, 2
	}
	widths, _ = t.shrink(natural, 1, 6)
	return widths, 1
}

// shrink takes from the widest column, down to a least width.
func (t *table) shrink(natural []int, gap, least int) (widths []int, fits bool) {
	widths = slices.Clone(natural)
	excess := gap*(len(widths)-1) - terminalWidth
	for _, width := range widths {
		excess += width
	}
	for ; excess > 0; excess-- {
		widest := -1
		for i, c := range t.columns {
			if c.shrinks && widths[i] > least && (widest < 0 || widths[i] > widths[widest]) {
				widest = i
			}
		}
		if widest < 0 {
			return widths, false
		}
		widths[widest]--
	}
	return widths, true
}

func (t *table) writeRow(out *bufio.Writer, row []string, widths []int, gap int) {
	var line strings.Builder
	for i, s := range row {
		if i > 0 {
			line.WriteString("  "[:gap])
		}
		if cells.StringWidth(s) > widths[i] {
			s = truncate(s, widths[i])
		}
		pad := strings.Repeat(" ", widths[i]-cells.StringWidth(s))
		if t.columns[i].align == right {
			line.WriteString(pad + s)
		} else {
			line.WriteString(s + pad)
		}
	}
	out.WriteString(strings.TrimRight(line.String(), " ") + "\n")
}

// truncate cuts a text to a width and says so by two dots.
func truncate(s string, width int) string {
	if cells.StringWidth(s) <= width {
		return s
	}
	return cells.Truncate(s, width, "..")
}

// wrap breaks a text into lines of a width: at spaces, and between characters
// where Japanese is written, but never before a closing mark nor after an
// opening one. Lines that follow are indented like the first.
func wrap(s string, width int) []string {
	indent := s[:len(s)-len(strings.TrimLeft(s, " "))]
	var lines []string
	for cells.StringWidth(s) > width {
		cut := breakAt(s, width, len(indent))
		lines = append(lines, strings.TrimRight(s[:cut], " "))
		s = indent + strings.TrimLeft(s[cut:], " ")
	}
	return append(lines, s)
}

const (
	closingMarks = "、。，．）」』】〕・ー々：；！？～),.;:!?%"
	openingMarks = "（「『【〔("
)

// breakAt finds the last place at which a text may break within a width, and
// breaks at the width itself where there is none.
func breakAt(s string, width, indent int) int {
	used, hard, legal := 0, 0, 0
	previous := rune(0)
	for i, r := range s {
		if i > indent && mayBreak(previous, r) {
			legal = i
		}
		w := cells.RuneWidth(r)
		if used+w > width && i > indent {
			hard = i
			break
		}
		used += w
		previous = r
	}
	switch {
	case legal > 0:
		return legal
	case hard > 0:
		return hard
	}
	return len(s)
}

func mayBreak(before, after rune) bool {
	if before == ' ' {
		return after != ' '
	}
	if before < 0x2E80 && after < 0x2E80 || isKatakana(before) && isKatakana(after) {
		return false
	}
	return !strings.ContainsRune(closingMarks, after) && !strings.ContainsRune(openingMarks, before)
}

func isKatakana(r rune) bool { return r >= 0x30A0 && r <= 0x30FF }

// printable keeps control characters of the data away from the terminal.
func printable(s string) string {
	clean := func(r rune) rune {
		if r < ' ' || r == 0x7F || (r >= 0x80 && r < 0xA0) || (r >= 0x202A && r <= 0x202E) || (r >= 0x2066 && r <= 0x2069) {
			return '\uFFFD'
		}
		return r
	}
	return strings.Map(clean, s)
}

// grouped writes a count with a comma every three digits.
func grouped(n int64) string {
	s := strconv.FormatInt(n, 10)
	start := 0
	if n < 0 {
		start = 1
	}
	for i := len(s) - 3; i > start; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}
