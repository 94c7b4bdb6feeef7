package report

import (
	"encoding/json"
	"errors"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/himozuke/himozuke/linkage/ingest"
)

// jsonCursor walks a JSON text once and takes from it only what is asked for.
// An export reads a few fields of dossiers that are mostly evidence; building
// all of it would take most of the time. After a syntax error it yields
// nothing more.
type jsonCursor struct {
	text string
	at   int
	err  error
}

var errJSON = errors.New("not the JSON of a dossier")

func (j *jsonCursor) fail() {
	if j.err == nil {
		j.err = errJSON
	}
	j.at = len(j.text)
}

// peek is the next byte that is not space, 0 at the end.
func (j *jsonCursor) peek() byte {
	for j.at < len(j.text) {
		c := j.text[j.at]
		if c != ' ' && c != '\n' && c != '\t' && c != '\r' {
			return c
		}
		j.at++
	}
	return 0
}

func (j *jsonCursor) expect(c byte) {
	if j.peek() != c {
		j.fail()
		return
	}
	j.at++
}

// key opens the next member of an object. Call it first right after
// expect('{'); it closes the object when there is none left.
func (j *jsonCursor) key(first bool) (name string, ok bool) {
	if !j.next('}', first) {
		return "", false
	}
	name = j.string()
	j.expect(':')
	return name, j.err == nil
}

// next moves to the next element of an array or member of an object.
func (j *jsonCursor) next(end byte, first bool) bool {
	c := j.peek()
	switch {
	case c == end:
		j.at++
		return false
	case first:
		return j.err == nil && c != 0 || j.unended()
	case c == ',':
		j.at++
		if j.peek() != end {
			return true
		}
	}
	return j.unended()
}

func (j *jsonCursor) unended() bool {
	j.fail()
	return false
}

// string reads a string. Without escapes it is a part of the text.
func (j *jsonCursor) string() string {
	if j.peek() != '"' {
		j.fail()
		return ""
	}
	start := j.at
	escaped := j.skipString()
	if j.err != nil {
		return ""
	}
	if !escaped {
		return j.text[start+1 : j.at-1]
	}
	var s string
	if json.Unmarshal([]byte(j.text[start:j.at]), &s) != nil {
		j.fail()
	}
	return s
}

func (j *jsonCursor) skipString() (escaped bool) {
	for i := j.at + 1; i < len(j.text); i++ {
		switch c := j.text[i]; {
		case c == '"':
			j.at = i + 1
			return escaped
		case c == '\\':
			escaped = true
			i++
		case c < ' ':
			j.fail()
			return false
		}
	}
	j.fail()
	return false
}

func (j *jsonCursor) number() float64 {
	j.peek()
	start := j.at
	for j.at < len(j.text) && strings.IndexByte("+-.0123456789eE", j.text[j.at]) >= 0 {
		j.at++
	}
	x, err := strconv.ParseFloat(j.text[start:j.at], 64)
	if err != nil {
		j.fail()
	}
	return x
}

// skip passes over one value of any kind.
func (j *jsonCursor) skip() {
	switch j.peek() {
	case '"':
		j.skipString()
	case '{', '[':
		j.skipNested()
	case 0, '}', ']', ',', ':':
		j.fail()
	default:
		j.skipWord()
	}
}

// skipNested passes over an object or array. It only counts what opens and
// closes: most of a dossier is evidence that nobody asked for, and what writes
// it is the program itself.
func (j *jsonCursor) skipNested() {
	depth := 0
	for i := j.at; i < len(j.text); i++ {
		switch j.text[i] {
		case '{', '[':
			depth++
		case '}', ']':
			if depth--; depth == 0 {
				j.at = i + 1
				return
			}
		case '"':
			j.at = i
			if j.skipString(); j.err != nil {
				return
			}
			i = j.at - 1
		}
	}
	j.fail()
}

// skipWord passes over a number, true, false or null.
func (j *jsonCursor) skipWord() {
	start := j.at
	for j.at < len(j.text) && strings.IndexByte(",]} \n\t\r", j.text[j.at]) < 0 {
		j.at++
	}
	if j.at == start {
		j.fail()
	}
}

// dossierPerson is one row of a dossier: the roles that the product knows and
// the columns that it carries.
type dossierPerson struct {
	known   [ingest.Roles]string
	carried []carriedCell
}

type carriedCell struct{ heading, value string }

func (p *dossierPerson) clear() {
	clear(p.known[:])
	clear(p.carried)
	p.carried = p.carried[:0]
}

var rolesByKey = func() map[string]ingest.Role {
	roles := map[string]ingest.Role{}
	for r := ingest.RoleOther + 1; r < ingest.Roles; r++ {
		roles[r.String()] = r
	}
	return roles
}()

// person reads one row of a dossier.
func (j *jsonCursor) person(p *dossierPerson) {
	j.expect('{')
	for first := true; ; first = false {
		key, ok := j.key(first)
		if !ok {
			return
		}
		role, known := rolesByKey[key]
		switch {
		case known:
			p.known[role] = validText(j.string())
		case key == "other":
			j.carried(p)
		default:
			j.skip()
		}
	}
}

func (j *jsonCursor) carried(p *dossierPerson) {
	j.expect('{')
	for first := true; ; first = false {
		heading, ok := j.key(first)
		if !ok {
			return
		}
		p.carried = append(p.carried, carriedCell{heading, validText(j.string())})
	}
}

// validText guards the formats that only take UTF-8.
func validText(s string) string {
	if utf8.ValidString(s) {
		return s
	}
	return strings.ToValidUTF8(s, "\uFFFD")
}

// dossierCandidate is another person whom the record may describe.
type dossierCandidate struct {
	number    string
	cause     string
	posterior float64
	person    dossierPerson
}

// candidates reads the people of a dossier into list, reusing its elements.
func (j *jsonCursor) candidates(list []dossierCandidate) []dossierCandidate {
	list = list[:0]
	j.expect('[')
	for first := true; j.next(']', first); first = false {
		if len(list) < cap(list) {
			list = list[:len(list)+1]
		} else {
			list = append(list, dossierCandidate{})
		}
		j.candidate(&list[len(list)-1])
	}
	return list
}

func (j *jsonCursor) candidate(c *dossierCandidate) {
	c.person.clear()
	j.expect('{')
	for first := true; ; first = false {
		key, ok := j.key(first)
		if !ok {
			return
		}
		switch key {
		case "number":
			c.number = j.string()
		case "cause":
			c.cause = j.string()
		case "posterior":
			if j.peek() == 'n' {
				j.skip()
				c.posterior = 0
			} else {
				c.posterior = j.number()
			}
		case "person":
			j.person(&c.person)
		default:
			j.skip()
		}
	}
}
