package report

import (
	"io"
	"math"
	"strconv"
	"strings"
)

// findingsHeader is the contract of findings.csv and findings.parquet.
var findingsHeader = []string{
	"case_id", "dataset", "record_id", "source_line", "number", "verdict", "cause",
	"p_wrong", "weight", "owner_number", "p_owner", "owner_weight", "rule_class",
	"differences", "name_level", "kana_level", "birth_level", "sex_level",
	"address_level", "prefecture_code", "municipality_code", "organization", "date",
	"channel", "summary", "ambiguous",
}

// csvWriter writes RFC 4180 with LF line ends into a buffer of its own.
type csvWriter struct {
	w     io.Writer
	buf   []byte
	first bool // at the first cell of a row
	err   error
}

const csvBuffer = 1 << 18

func newCSVWriter(w io.Writer) *csvWriter {
	return &csvWriter{w: w, buf: make([]byte, 0, csvBuffer+1<<12), first: true}
}

func (c *csvWriter) separate() {
	if !c.first {
		c.buf = append(c.buf, ',')
	}
	c.first = false
}

// text writes a cell of people's text, which a spreadsheet must not take for
// a formula.
func (c *csvWriter) text(s string) {
	c.separate()
	formula := isFormula(s)
	if !formula && !needsQuotes(s) {
		c.buf = append(c.buf, s...)
		return
	}
	c.buf = append(c.buf, '"')
	if formula {
		c.buf = append(c.buf, '\'')
	}
	for i := 0; i < len(s); i++ {
		if s[i] == '"' {
			c.buf = append(c.buf, '"')
		}
		c.buf = append(c.buf, s[i])
	}
	c.buf = append(c.buf, '"')
}

// quotedSigns are those that a cell without quotes may not hold. A table is
// several times faster than strings.ContainsAny, which makes a set for each
// cell.
var quotedSigns = [256]bool{',': true, '"': true, '\r': true, '\n': true}

func needsQuotes(s string) bool {
	for i := 0; i < len(s); i++ {
		if quotedSigns[s[i]] {
			return true
		}
	}
	return false
}

func (c *csvWriter) integer(n int64) {
	c.separate()
	c.buf = strconv.AppendInt(c.buf, n, 10)
}

func (c *csvWriter) decimal(x float64, places int) {
	c.separate()
	c.buf = strconv.AppendFloat(c.buf, rounded(x, places), 'f', places, 64)
}

func (c *csvWriter) empty() { c.separate() }

func (c *csvWriter) endRow() {
	c.buf = append(c.buf, '\n')
	c.first = true
	if len(c.buf) >= csvBuffer {
		c.flush()
	}
}

func (c *csvWriter) header(names []string) {
	for _, name := range names {
		c.text(name)
	}
	c.endRow()
}

func (c *csvWriter) flush() error {
	if c.err == nil && len(c.buf) > 0 {
		_, c.err = c.w.Write(c.buf)
	}
	c.buf = c.buf[:0]
	return c.err
}

// rounded keeps minus zero out of the files.
func rounded(x float64, places int) float64 {
	scale := math.Pow10(places)
	r := math.Round(x*scale) / scale
	if r == 0 {
		return 0
	}
	return r
}

// isFormula tells whether a spreadsheet would run the cell: it begins with a
// sign of a formula, full width too, since Japanese spreadsheets take those
// for the same, or with a control character that hides one. A plain signed
// number runs nothing.
func isFormula(s string) bool {
	if s == "" {
		return false
	}
	switch s[0] {
	case '=', '@', '\t', '\r', '\n':
		return true
	case '+', '-':
		return !isNumber(s[1:])
	case "＝"[0]: // all full-width signs begin so
		for _, sign := range [...]string{"＝", "＋", "－", "＠"} {
			if strings.HasPrefix(s, sign) {
				return true
			}
		}
	}
	return s[0] < ' '
}

func isNumber(s string) bool {
	digits, point := false, false
	for i := 0; i < len(s); i++ {
		switch {
		case s[i] >= '0' && s[i] <= '9':
			digits = true
		case s[i] == '.' && !point:
			point = true
		default:
			return false
		}
	}
	return digits
}

func (c *csvWriter) finding(r *row) error {
	c.text(r.caseID)
	c.text(r.dataset)
	c.text(r.recordID)
	c.integer(r.sourceLine)
	c.text(r.number)
	c.text(r.verdict)
	c.text(r.cause)
	c.decimal(r.pWrong, 6)
	c.decimal(r.weight, 2)
	c.text(r.ownerNumber)
	if r.hasOwner {
		c.decimal(r.pOwner, 6)
		c.decimal(r.ownerWeight, 2)
	} else {
		c.empty()
		c.empty()
	}
	c.text(r.ruleClass)
	c.text(r.differences)
	c.text(r.nameLevel)
	c.text(r.kanaLevel)
	c.text(r.birthLevel)
	c.text(r.sexLevel)
	c.text(r.addressLevel)
	c.text(r.prefecture)
	c.text(r.municipality)
	c.text(r.organization)
	c.text(r.date)
	c.text(r.channel)
	c.text(r.summary)
	c.text(strconv.FormatBool(r.ambiguous))
	c.endRow()
	return c.err
}
