package linkage

import (
	"bytes"
	"cmp"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"github.com/himozuke/himozuke/score"
)

// Rules is a decision table that names the class of a link from its agreement
// levels. The first row that fits decides; the last one fits everything.
type Rules []Rule

// Rule is one row: a class, and for each field what its level must be.
type Rule struct {
	Class  string
	fields [ruleFields]condition
}

// The fields that a rule may look at, in the order of the file.
const (
	ruleBirth = iota
	ruleSex
	ruleName
	ruleKana
	ruleAddress
	ruleFields
)

const classHeading = "class"

var ruleHeadings = [ruleFields]string{"birth", "sex", "name", "kana", "address"}

// condition is what the level of a field must be: the words of the file and the
// levels that they stand for. The zero value fits every level.
type condition struct {
	words  string
	levels uint16 // one bit each
}

func (c condition) fits(l score.Level) bool { return c.levels == 0 || c.levels&(1<<l) != 0 }

// conditionWords are the levels that a word of a rule stands for: a state, or
// one level by its own name.
var conditionWords = func() map[string]uint16 {
	const differ = 1<<score.Near | 1<<score.Part | 1<<score.City | 1<<score.Different
	byWord := map[string]uint16{"differ": differ}
	agree := uint16(0)
	for l := score.Unknown; l <= score.Different; l++ {
		byWord[l.String()] = 1 << l
		if l != score.Unknown && differ&(1<<l) == 0 {
			agree |= 1 << l
		}
	}
	byWord["agree"] = agree
	return byWord
}()

// defaultRulesText is the decision table that the Ministry of Health, Labour
// and Welfare published for the insurers' inspection (2023-09-07), as a file.
const defaultRulesText = `class,birth,sex,name,kana,address
critical,differ,,,,
critical,,differ,,,
high,,,differ,differ|unknown,
high,,,unknown,differ,
medium,,,differ,,differ
medium,,,,differ,differ
clear,,,,,
`

var defaultRules = func() Rules {
	rules, err := parseRules("built-in rules", []byte(defaultRulesText))
	if err != nil {
		panic(err)
	}
	return rules
}()

// DefaultRules is the built-in table.
func DefaultRules() Rules { return slices.Clone(defaultRules) }

// classOf is the class of a link that has a holder.
func (r Rules) classOf(f *Finding) string {
	if r == nil {
		r = defaultRules
	}
	levels := [ruleFields]score.Level{
		ruleBirth: f.BirthLevel, ruleSex: f.SexLevel, ruleName: f.NameLevel, ruleKana: f.KanaLevel, ruleAddress: f.AddressLevel,
	}
	for i := range r {
		if r[i].fits(&levels) {
			return r[i].Class
		}
	}
	return "" // the last row fits everything
}

func (r *Rule) fits(levels *[ruleFields]score.Level) bool {
	for i, c := range r.fields {
		if !c.fits(levels[i]) {
			return false
		}
	}
	return true
}

// cells is a rule as a row of the file.
func (r *Rule) cells() []string {
	cells := []string{r.Class}
	for _, c := range r.fields {
		cells = append(cells, c.words)
	}
	return cells
}

// MarshalText writes the rules as a file holds them, so that a run keeps which
// table it used, whatever becomes of the file.
func (r Rules) MarshalText() ([]byte, error) {
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	w.Write(append([]string{classHeading}, ruleHeadings[:]...))
	for i := range r {
		w.Write(r[i].cells())
	}
	w.Flush()
	return b.Bytes(), w.Error()
}

// UnmarshalText reads what MarshalText wrote.
func (r *Rules) UnmarshalText(text []byte) (err error) {
	*r, err = parseRules("rules", text)
	return err
}

// RulesProblemKind says what is wrong with a file of rules.
type RulesProblemKind uint8

// The kinds.
const (
	RulesUnreadable RulesProblemKind = iota + 1 // the file cannot be read
	RulesQuotes                                 // not CSV
	RulesHeading                                // a heading that is not known, or stands twice
	RulesNoClass                                // no column class
	RulesExtra                                  // a cell beyond the headings
	RulesClass                                  // not a name
	RulesCondition                              // neither a state nor a level
	RulesUnreached                              // a row above fits everything
	RulesOpenEnd                                // the last row does not fit everything
)

// RulesProblem is a file of rules that cannot be used.
type RulesProblem struct {
	Kind         RulesProblemKind
	Path         string
	Line, Column int // 1 is the first; 0 is not known
	Detail       string
	Err          error
}

// Where is the file with line and column as far as they are known.
func (p *RulesProblem) Where() string {
	switch {
	case p.Line == 0:
		return p.Path
	case p.Column == 0:
		return fmt.Sprintf("%s:%d", p.Path, p.Line)
	}
	return fmt.Sprintf("%s:%d:%d", p.Path, p.Line, p.Column)
}

var rulesProblems = map[RulesProblemKind]string{
	RulesUnreadable: "cannot be read%s; check the path",
	RulesQuotes:     "the quotes of a cell do not match%s; save it again as CSV",
	RulesHeading:    "the heading%s is not known or stands twice; the headings are class, birth, sex, name, kana and address",
	RulesNoClass:    "the heading class is missing%s; print the built-in rules with himozuke model rules",
	RulesExtra:      "a cell without a heading%s; take it out",
	RulesClass:      "%s is not the name of a class; use 1 to 32 of a-z, 0-9, - and _",
	RulesCondition:  "%s is neither agree, differ, unknown nor a level; join several by |",
	RulesUnreached:  "this row is never reached%s; a row above fits everything",
	RulesOpenEnd:    "the last row must fit everything%s; add one that has only a class",
}

// Error says it in English.
func (p *RulesProblem) Error() string {
	detail := ""
	switch {
	case p.Err != nil:
		detail = fmt.Sprintf(" (%v)", p.Err)
	case p.Kind == RulesClass || p.Kind == RulesCondition:
		detail = fmt.Sprintf("%q", p.Detail)
	case p.Detail != "":
		detail = fmt.Sprintf(" %q", p.Detail)
	}
	return p.Where() + ": " + fmt.Sprintf(rulesProblems[p.Kind], detail)
}

func (p *RulesProblem) Unwrap() error { return p.Err }

// ReadRules reads a decision table from a CSV file.
func ReadRules(path string) (Rules, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, &RulesProblem{Kind: RulesUnreadable, Path: path, Err: errors.Unwrap(err)}
	}
	return parseRules(path, text)
}

// rulesReader reads the rows of a file of rules.
type rulesReader struct {
	*csv.Reader
	path    string
	columns []int // field of each column; -1 is the class
}

func parseRules(path string, text []byte) (Rules, error) {
	r := rulesReader{Reader: csv.NewReader(bytes.NewReader(bytes.TrimPrefix(text, []byte("\uFEFF")))), path: path}
	r.FieldsPerRecord = -1
	var rules Rules
	last := 0
	for {
		cells, err := r.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, r.broken(err)
		}
		if isRemark(cells) {
			continue
		}
		if r.columns == nil {
			if err := r.headings(cells); err != nil {
				return nil, err
			}
			continue
		}
		last, _ = r.FieldPos(0)
		if n := len(rules); n > 0 && rules[n-1].fields == ([ruleFields]condition{}) {
			return nil, &RulesProblem{Kind: RulesUnreached, Path: path, Line: last, Column: 1}
		}
		rule, err := r.rule(cells)
		if err != nil {
			return nil, err
		}
		rules = append(rules, rule)
	}
	switch n := len(rules); {
	case r.columns == nil:
		return nil, &RulesProblem{Kind: RulesNoClass, Path: path}
	case n == 0 || rules[n-1].fields != ([ruleFields]condition{}):
		return nil, &RulesProblem{Kind: RulesOpenEnd, Path: path, Line: last}
	}
	return rules, nil
}

// isRemark tells a row of remarks, and one that a spreadsheet left empty.
func isRemark(cells []string) bool {
	return strings.HasPrefix(strings.TrimSpace(cells[0]), "#") || strings.TrimSpace(strings.Join(cells, "")) == ""
}

func (r *rulesReader) broken(err error) error {
	p := &RulesProblem{Kind: RulesQuotes, Path: r.path}
	var parse *csv.ParseError
	if errors.As(err, &parse) {
		p.Line, p.Column = parse.Line, parse.Column
	}
	return p
}

func (r *rulesReader) problem(kind RulesProblemKind, cell int, detail string) error {
	line, column := r.FieldPos(cell)
	return &RulesProblem{Kind: kind, Path: r.path, Line: line, Column: column, Detail: detail}
}

func (r *rulesReader) headings(cells []string) error {
	seen := map[string]bool{}
	for i, cell := range cells {
		heading := ruleWord(cell)
		field := -1
		for f, known := range ruleHeadings {
			if heading == known {
				field = f
			}
		}
		if field < 0 && heading != classHeading || seen[heading] {
			return r.problem(RulesHeading, i, strings.ToValidUTF8(cell, "?"))
		}
		seen[heading] = true
		r.columns = append(r.columns, field)
	}
	if !seen[classHeading] {
		return r.problem(RulesNoClass, 0, "")
	}
	return nil
}

func ruleWord(s string) string { return strings.ToLower(strings.TrimSpace(s)) }

func (r *rulesReader) rule(cells []string) (Rule, error) {
	var rule Rule
	for i, cell := range cells {
		word := ruleWord(cell)
		switch {
		case i >= len(r.columns):
			if word != "" {
				return rule, r.problem(RulesExtra, i, "")
			}
		case r.columns[i] < 0:
			rule.Class = word
			if !isClass(word) {
				return rule, r.problem(RulesClass, i, strings.ToValidUTF8(cell, "?"))
			}
		case word != "":
			c, wrong := readCondition(word)
			if wrong != "" {
				return rule, r.problem(RulesCondition, i, strings.ToValidUTF8(wrong, "?"))
			}
			rule.fields[r.columns[i]] = c
		}
	}
	if rule.Class == "" { // the row ends before its class
		return rule, r.problem(RulesClass, len(cells)-1, "")
	}
	return rule, nil
}

// isClass keeps classes to what every file and program can hold.
func isClass(s string) bool {
	return s != "" && len(s) <= 32 && strings.Trim(s, "abcdefghijklmnopqrstuvwxyz0123456789-_") == ""
}

// readCondition reads what a cell asks for; wrong is the word it does not know.
func readCondition(cell string) (c condition, wrong string) {
	var parts []string
	for part := range strings.SplitSeq(cell, "|") {
		part = strings.TrimSpace(part)
		levels, known := conditionWords[part]
		if !known {
			return c, cmp.Or(part, cell)
		}
		c.levels |= levels
		parts = append(parts, part)
	}
	c.words = strings.Join(parts, "|")
	return c, ""
}
