package report

import (
	"bufio"
	"io"
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
	widths := t.widths(headings)
	total := 2 * (len(widths) - 1)
	for _, width := range widths {
		total += width
	}
	line := strings.Repeat("-", total)
	for _, h := range headings {
		t.writeRow(out, h, widths)
	}
	out.WriteString(line + "\n")
	for i, row := range t.rows {
		if t.rules[i] {
			out.WriteString(line + "\n")
		}
		t.writeRow(out, row, widths)
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

func (t *table) widths(headings [][]string) []int {
	widths := make([]int, len(t.columns))
	for _, rows := range [][][]string{headings, t.rows} {
		for _, row := range rows {
			for i, s := range row {
				widths[i] = max(widths[i], cells.StringWidth(s))
			}
		}
	}
	excess := 2*(len(widths)-1) - terminalWidth
	for _, width := range widths {
		excess += width
	}
	for excess > 0 {
		widest := -1
		for i, c := range t.columns {
			if c.shrinks && widths[i] > 6 && (widest < 0 || widths[i] > widths[widest]) {
				widest = i
			}
		}
		if widest < 0 {
			break
		}
		widths[widest]--
		excess--
	}
	return widths
}

func (t *table) writeRow(out *bufio.Writer, row []string, widths []int) {
	var line strings.Builder
	for i, s := range row {
		if i > 0 {
			line.WriteString("  ")
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

// wrap breaks a text into lines of a width: at spaces where there are any,
// else between characters, as Japanese allows, but never before a closing mark.
func wrap(s string, width int) []string {
	var lines []string
	for cells.StringWidth(s) > width {
		cut := breakAt(s, width)
		lines = append(lines, strings.TrimRight(s[:cut], " "))
		s = strings.TrimLeft(s[cut:], " ")
	}
	return append(lines, s)
}

const closingMarks = "、。，．）」』】・ー々：；！？),.;:!?"

func breakAt(s string, width int) int {
	used, cut, space, previous := 0, 0, 0, 0
	for i, r := range s {
		w := cells.RuneWidth(r)
		if r == ' ' {
			space = i
		}
		if used+w > width {
			cut = i
			if r < 0x2E80 && space > 0 { // inside a word of Latin letters
				return space
			}
			if strings.ContainsRune(closingMarks, r) && previous > 0 {
				return previous
			}
			break
		}
		used += w
		previous = i
	}
	if cut == 0 { // one character wider than the line
		for i := range s {
			if i > 0 {
				return i
			}
		}
		return len(s)
	}
	return cut
}

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
