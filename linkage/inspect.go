package linkage

import (
	"bytes"
	"fmt"
	"path/filepath"
	"strings"

	"github.com/himozuke/himozuke/linkage/ingest"
	"github.com/himozuke/himozuke/normalize"
	"github.com/himozuke/himozuke/normalize/encoding"
)

// Inspection is what can be said of an input without running: how its columns
// were understood and what its first rows become.
type Inspection struct {
	Dataset     string
	Path        string
	Bytes       int64
	Format      string
	Compression string
	Encoding    string
	Columns     []InspectedColumn
	Rows        []InspectedRow
	Unreadable  int   // characters of the rows shown that the encoding could not carry over
	Estimated   int64 // rows in the whole file, from the size of the first ones; 0 where it cannot be told
}

// InspectedColumn is one heading and its meaning; no role means carried along.
// Garbled says which encoding its text was read in by mistake before it came
// into the file ("utf-8 read as cp932"), where it looks so.
type InspectedColumn struct{ Heading, Role, Garbled string }

// InspectedRow is a normalized row, its number masked.
type InspectedRow struct {
	Line      int64
	Number    string
	Family    string
	Given     string
	Kana      string
	BirthDate string
	Sex       string
	Postal    string
	Address   string
	Notes     []string
}

// Inspect reads the head of every input of a configuration.
func Inspect(cfg Config, rows int) ([]Inspection, Plan, error) {
	scheme, ok := normalize.SchemeByName(cfg.Scheme)
	if !ok {
		return nil, Plan{}, fmt.Errorf("scheme %q is not known", cfg.Scheme)
	}
	var list []Inspection
	var plan Plan
	for i, s := range append([]Source{cfg.Register}, cfg.Links...) {
		if i == 0 {
			s.Dataset = "register"
		}
		in, err := inspectOne(s, i == 0, scheme, rows)
		if err != nil {
			return nil, plan, err
		}
		list = append(list, in)
		if i == 0 {
			plan.People = in.Estimated
		} else {
			plan.Links += in.Estimated
		}
	}
	return list, planFor(plan.People, plan.Links, cfg.MemoryLimit(), cfg.workers()), nil
}

func inspectOne(s Source, register bool, scheme normalize.Scheme, rows int) (Inspection, error) {
	in := Inspection{Dataset: s.Dataset}
	src, err := ingest.Open(ingest.Options{Path: s.Path, Encoding: s.Encoding, Columns: s.Columns, Register: register})
	if err != nil {
		return in, err
	}
	defer src.Close()
	in.Path, in.Bytes, in.Format = filepath.Clean(src.Path), src.Bytes, src.Format
	in.Compression, in.Encoding = src.Compression, src.Encoding
	for c, heading := range src.Headings {
		role := ""
		if r := src.Role(c); r != ingest.RoleOther {
			role = r.String()
		}
		in.Columns = append(in.Columns, InspectedColumn{Heading: heading, Role: role})
	}
	b, err := src.Sample(rows)
	if err != nil {
		return in, err
	}
	e := newEncoder(scheme)
	for i := range b.Rows() {
		in.Rows = append(in.Rows, e.inspect(b, i))
	}
	for c := range in.Columns {
		if in.Columns[c].Role == "" {
			continue
		}
		var sample []byte
		for i := range b.Rows() {
			sample = append(append(sample, b.Column(i, c)...), '\n')
		}
		in.Columns[c].Garbled, _ = encoding.Mojibake(sample)
		in.Unreadable += bytes.Count(sample, []byte("\uFFFD"))
	}
	in.Estimated = src.EstimateRows()
	return in, nil
}

// readable is an address as it was understood.
func readable(a *normalize.AddressResult) string {
	s := a.Prefecture + a.Municipality + a.Town
	numbers := a.Block
	if a.Chome != "" {
		numbers = strings.TrimSuffix(a.Chome+"-"+a.Block, "-")
	}
	return strings.TrimSpace(s + numbers + " " + a.Building)
}

// inspect describes one row in the words of the normalize commands.
func (e *encoder) inspect(b *ingest.Batch, i int) InspectedRow {
	r := InspectedRow{Line: b.Line(i)}
	var notes normalize.Notes
	if n, note, ok := e.scheme.Parse(b.Field(i, ingest.RoleNumber)); ok {
		digits := e.scheme.Append(nil, n)
		r.Number = "********" + string(digits[max(0, len(digits)-4):])
		notes |= note
	} else {
		notes |= note
	}
	if raw := e.text(b, i, ingest.RoleName, ingest.RoleFamilyName, ingest.RoleGivenName); len(raw) > 0 {
		name := normalize.NormalizeName(string(raw))
		r.Family, r.Given = name.Family, name.Given
		r.Notes = append(r.Notes, name.Notes...)
	}
	if raw := e.text(b, i, ingest.RoleKana, ingest.RoleFamilyKana, ingest.RoleGivenKana); len(raw) > 0 {
		kana := normalize.NormalizeKana(string(raw))
		r.Kana = kana.Canonical
		r.Notes = append(r.Notes, kana.Notes...)
	}
	if raw := b.Field(i, ingest.RoleBirthDate); len(raw) > 0 {
		date := normalize.NormalizeDate(string(raw))
		r.BirthDate = date.ISO
		r.Notes = append(r.Notes, date.Notes...)
	}
	switch normalize.ParseSex(b.Field(i, ingest.RoleSex)) {
	case normalize.Male:
		r.Sex = "male"
	case normalize.Female:
		r.Sex = "female"
	}
	if p, note := normalize.ParsePostal(b.Field(i, ingest.RolePostalCode)); p != 0 {
		r.Postal = fmt.Sprintf("%03d-%04d", p/10000, p%10000)
		notes |= note
	}
	if raw := b.Field(i, ingest.RoleAddress); len(raw) > 0 {
		address := normalize.NormalizeAddress(string(raw))
		r.Address = readable(&address)
		r.Notes = append(r.Notes, address.Notes...)
	}
	r.Notes = append(r.Notes, notes.Names()...)
	return r
}
