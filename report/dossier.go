package report

import (
	"crypto/sha256"
	"encoding/hex"
	"math"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/himozuke/himozuke/linkage"
	"github.com/himozuke/himozuke/linkage/ingest"
	"github.com/himozuke/himozuke/score"
)

// dossier is everything that explains one finding, as JSON texts.
type dossier struct {
	digest     [16]byte
	record     string
	holder     string
	evidence   string
	candidates string
	hypotheses string
}

// dossierMaker builds dossiers. It is not safe for concurrent use.
type dossierMaker struct {
	rows       rowMaker
	pseudonyms *Pseudonyms
	carried    map[string][]carriedColumn // dataset → columns without a role
	mask       *numberMask
	buf        []byte
}

// carriedColumn is a column that the product does not know and only carries.
type carriedColumn struct {
	position int
	heading  string
}

func newDossierMaker(rows rowMaker, pseudonyms *Pseudonyms, run *linkage.Run) *dossierMaker {
	m := &dossierMaker{rows: rows, pseudonyms: pseudonyms, carried: map[string][]carriedColumn{}, mask: newNumberMask(run.Config.Scheme)}
	for _, input := range run.Inputs {
		known := make(map[string]bool, len(input.Columns))
		for _, heading := range input.Columns {
			known[heading] = true
		}
		for i, heading := range input.Headings {
			if !known[heading] {
				m.carried[input.Dataset] = append(m.carried[input.Dataset], carriedColumn{i, heading})
			}
		}
	}
	return m
}

const registerDataset = "register"

func (m *dossierMaker) dossier(f *linkage.Finding) dossier {
	m.mask.know(f.Number, f.Holder.Fields[ingest.RoleNumber])
	for i := range f.Candidates {
		m.mask.add(f.Candidates[i].Number)
	}
	d := dossier{
		record:     m.text(func(b []byte) []byte { return m.appendRow(b, &f.Record, f.Dataset, f.Number) }),
		holder:     m.text(func(b []byte) []byte { return m.appendRow(b, &f.Holder, registerDataset, f.Number) }),
		evidence:   m.text(func(b []byte) []byte { return appendEvidence(b, f.Evidence) }),
		candidates: m.text(func(b []byte) []byte { return m.appendCandidates(b, f.Candidates) }),
		hypotheses: m.text(func(b []byte) []byte { return appendHypotheses(b, f.Priors) }),
	}
	sum := sha256.New()
	for _, s := range [...]string{d.record, d.holder, d.evidence, d.candidates, d.hypotheses} {
		writeString(sum, s)
		sum.Write([]byte{0})
	}
	copy(d.digest[:], sum.Sum(nil))
	return d
}

func (m *dossierMaker) text(build func([]byte) []byte) string {
	m.buf = build(m.buf[:0])
	return string(m.buf)
}

// dataHash changes when either row does: a decision holds as long as it stays.
func (m *dossierMaker) dataHash(f *linkage.Finding) Pseudonym {
	parts := make([]string, 0, 2*int(ingest.Roles))
	parts = append(parts, f.Record.Fields[:]...)
	parts = append(parts, f.Holder.Fields[:]...)
	return m.pseudonyms.Of(parts...)
}

// appendRow writes the fields of a row that are not empty, and under "other"
// the columns that the product only carries. Numbers that stand in other cells
// are masked as the number is.
func (m *dossierMaker) appendRow(b []byte, raw *linkage.Raw, dataset, number string) []byte {
	b = append(b, '{')
	for role, value := range raw.Fields {
		if value == "" || role == int(ingest.RoleOther) {
			continue
		}
		switch {
		case m.rows.reveal:
		case role == int(ingest.RoleNumber) || value == number:
			value = maskNumber(value)
		default:
			value = m.mask.hide(value, false)
		}
		b = appendKey(b, ingest.Role(role).String())
		b = appendJSON(b, value)
	}
	other := false
	for _, column := range m.carried[dataset] {
		if column.position >= len(raw.Columns) || raw.Columns[column.position] == "" {
			continue
		}
		value := raw.Columns[column.position]
		switch {
		case m.rows.reveal:
		case strings.TrimSpace(value) == number:
			value = maskNumber(value)
		default:
			value = m.mask.hide(value, true)
		}
		if !other {
			b = append(appendKey(b, "other"), '{')
			other = true
		}
		b = appendKey(b, column.heading)
		b = appendJSON(b, value)
	}
	if other {
		b = append(b, '}')
	}
	return append(b, '}')
}

func appendEvidence(b []byte, evidence []score.Evidence) []byte {
	b = append(b, '[')
	for i := range evidence {
		e := &evidence[i]
		if i > 0 {
			b = append(b, ',')
		}
		b = append(b, '{')
		b = appendJSON(appendKey(b, "comparison"), e.Comparison)
		b = appendJSON(appendKey(b, "level"), e.Level.String())
		if e.Detail != "" {
			b = appendJSON(appendKey(b, "detail"), e.Detail)
		}
		b = appendProbability(appendKey(b, "m"), e.M)
		b = appendProbability(appendKey(b, "u"), e.U)
		b = appendBits(appendKey(b, "adjustment"), e.Adjustment)
		b = appendBits(appendKey(b, "weight"), e.Weight)
		b = append(b, '}')
	}
	return append(b, ']')
}

func (m *dossierMaker) appendCandidates(b []byte, candidates []linkage.Candidate) []byte {
	b = append(b, '[')
	for i := range candidates {
		c := &candidates[i]
		if i > 0 {
			b = append(b, ',')
		}
		b = append(b, '{')
		b = appendJSON(appendKey(b, "number"), m.rows.number(c.Number))
		hash := m.pseudonyms.Of(c.Number)
		b = append(appendKey(b, "number_hash"), '"')
		b = append(hex.AppendEncode(b, hash[:]), '"')
		b = appendJSON(appendKey(b, "cause"), c.Cause.String())
		b = appendProbability(appendKey(b, "posterior"), c.Posterior)
		b = appendBits(appendKey(b, "weight"), c.Weight)
		b = strconv.AppendInt(appendKey(b, "register_line"), c.Line, 10)
		b = m.appendRow(appendKey(b, "person"), &c.Person, registerDataset, c.Number)
		b = appendEvidence(appendKey(b, "evidence"), c.Evidence)
		if c.Alike {
			b = append(appendKey(b, "alike"), "true"...)
		}
		b = append(b, '}')
	}
	return append(b, ']')
}

func appendHypotheses(b []byte, priors []linkage.CausePrior) []byte {
	b = append(b, '[')
	for i, p := range priors {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(b, '{')
		b = appendJSON(appendKey(b, "cause"), p.Cause.String())
		b = appendProbability(appendKey(b, "prior"), p.Prior)
		b = appendProbability(appendKey(b, "posterior"), p.Posterior)
		b = append(b, '}')
	}
	return append(b, ']')
}

func appendKey(b []byte, key string) []byte {
	if b[len(b)-1] != '{' {
		b = append(b, ',')
	}
	return append(appendJSON(b, key), ':')
}

// appendProbability keeps as many digits as anybody can use; the rest would
// only be bytes, in every comparison of every candidate.
func appendProbability(b []byte, p float64) []byte {
	if math.IsNaN(p) || math.IsInf(p, 0) {
		return append(b, "null"...)
	}
	return strconv.AppendFloat(b, p, 'g', 9, 64)
}

// appendBits writes a weight to a millionth of a bit, so that the sum of many
// still agrees with the total. JSON has no infinity: a weight without bound
// becomes a number beyond any weight.
func appendBits(b []byte, x float64) []byte {
	switch {
	case math.IsNaN(x):
		return append(b, "null"...)
	case math.IsInf(x, 0):
		return strconv.AppendFloat(b, math.Copysign(1e9, x), 'f', -1, 64)
	}
	return strconv.AppendFloat(b, rounded(x, 6), 'f', -1, 64)
}

func appendJSON(b []byte, s string) []byte {
	b = append(b, '"')
	start := 0
	for i := 0; i < len(s); {
		c := s[i]
		if c >= ' ' && c != '"' && c != '\\' && c < utf8.RuneSelf {
			i++
			continue
		}
		if c >= utf8.RuneSelf {
			r, size := utf8.DecodeRuneInString(s[i:])
			if r == utf8.RuneError && size == 1 {
				b = append(append(b, s[start:i]...), "\uFFFD"...)
				start = i + 1
			}
			i += size
			continue
		}
		b = append(b, s[start:i]...)
		if c == '"' || c == '\\' {
			b = append(b, '\\', c)
		} else {
			const hexDigits = "0123456789abcdef"
			b = append(b, '\\', 'u', '0', '0', hexDigits[c>>4], hexDigits[c&15])
		}
		i++
		start = i
	}
	return append(append(b, s[start:]...), '"')
}
