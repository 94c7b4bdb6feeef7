package report

import (
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/himozuke/himozuke/normalize"
)

// numberMask hides personal numbers in other cells of a row than the number's
// own: a carried column of the old number, a note of the counter.
type numberMask struct {
	scheme normalize.Scheme // nil: only the known numbers are hidden
	known  []string         // numbers of the finding, in digits
	digits []byte
	places []digitPlace
	hidden []digitPlace
}

type digitPlace struct {
	start, end int  // of the digit in the text
	first      bool // no digit stands directly before it
}

func newNumberMask(scheme string) *numberMask {
	s, _ := normalize.SchemeByName(scheme)
	if _, generic := s.(normalize.Generic); generic {
		s = nil // any digits would be a number
	}
	return &numberMask{scheme: s}
}

// know sets the numbers of a finding; those with other signs than digits are
// left out.
func (m *numberMask) know(numbers ...string) {
	m.known = m.known[:0]
	for _, n := range numbers {
		m.add(n)
	}
}

// add is one more number of the finding.
func (m *numberMask) add(number string) {
	if digits := onlyDigits(number); len(digits) >= fewestDigits && !slices.Contains(m.known, digits) {
		m.known = append(m.known, digits)
	}
}

// fewestDigits and mostDigits bound the numbers of the schemes; shownDigits is
// what is left of one.
const (
	fewestDigits = 11
	mostDigits   = 12
	shownDigits  = 4
)

// hide masks the known numbers in a text, also where they are written with
// separators, in full width or within a sentence. In a free text it masks
// whatever is well-formed as a number too, check digit and all.
func (m *numberMask) hide(text string, free bool) string {
	if !mayHoldNumber(text) {
		return text
	}
	m.hidden = m.hidden[:0]
	for from := 0; from < len(text); {
		next := m.readDigits(text, from)
		for i := 0; i < len(m.digits); {
			n := m.numberAt(i, free)
			m.hidden = append(m.hidden, m.places[i:i+max(n-shownDigits, 0)]...)
			i += max(n, 1)
		}
		from = next
	}
	if len(m.hidden) == 0 {
		return text
	}
	var b strings.Builder
	at := 0
	for _, p := range m.hidden {
		b.WriteString(text[at:p.start])
		b.WriteByte('*')
		at = p.end
	}
	b.WriteString(text[at:])
	return b.String()
}

// numberAt gives the length of the number that begins at a digit, 0 for none.
// What is only well-formed must stand by itself; a known number may be part of
// a longer row of digits.
func (m *numberMask) numberAt(i int, free bool) int {
	rest := m.digits[i:]
	for _, known := range m.known {
		if strings.HasPrefix(string(rest), known) {
			return len(known)
		}
	}
	if !free || m.scheme == nil || !m.places[i].first {
		return 0
	}
	for n := fewestDigits; n <= min(len(rest), mostDigits); n++ {
		if n < len(rest) && !m.places[i+n].first {
			continue
		}
		if number, _, ok := m.scheme.Parse(rest[:n]); ok && string(m.scheme.Append(nil, number)) == string(rest[:n]) {
			return n
		}
	}
	return 0
}

// mayHoldNumber tells quickly that a text has too few digits, as nearly all do.
func mayHoldNumber(text string) bool {
	if len(text) < fewestDigits {
		return false
	}
	digits := 0
	for i := 0; i < len(text); i++ {
		if c := text[i]; c-'0' <= 9 || c == 0xEF { // 0xEF begins the full-width digits
			digits++
		}
	}
	return digits >= fewestDigits
}

// readDigits reads one run of digits and separators, and gives where the next
// may begin.
func (m *numberMask) readDigits(text string, from int) (next int) {
	m.digits, m.places = m.digits[:0], m.places[:0]
	separated := true
	for at := from; at < len(text); {
		r, size := rune(text[at]), 1
		if r >= utf8.RuneSelf {
			r, size = utf8.DecodeRuneInString(text[at:])
		}
		switch {
		case r >= '0' && r <= '9', r >= '０' && r <= '９':
			digit := byte(r)
			if r > '9' {
				digit = byte(r - '０' + '0')
			}
			m.digits = append(m.digits, digit)
			m.places = append(m.places, digitPlace{at, at + size, separated})
			separated = false
		case strings.ContainsRune(digitSeparators, r):
			separated = true
		default:
			if len(m.digits) > 0 {
				return at + size
			}
			separated = true
		}
		at += size
	}
	return len(text)
}

// digitSeparators are what people write between the digits of a number.
const digitSeparators = " 　-－‐−ー"
