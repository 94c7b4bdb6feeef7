package linkage

import (
	"bytes"

	"github.com/himozuke/himozuke/linkage/ingest"
	"github.com/himozuke/himozuke/normalize"
	"github.com/himozuke/himozuke/score"
)

// encoder turns rows of text into persons. Each worker has its own: the
// parsers own the buffers that the person aliases until the next row.
type encoder struct {
	scheme  normalize.Scheme
	name    normalize.NameParser
	kana    normalize.KanaParser
	former  normalize.NameParser
	alias   normalize.NameParser
	address normalize.AddressParser
	joined  []byte
	person  score.Person

	code     []byte // of the municipality of the row before, as written
	codeRead uint16
}

func newEncoder(scheme normalize.Scheme) *encoder { return &encoder{scheme: scheme} }

// number reads the number of a row; ok is false when it is malformed.
func (e *encoder) number(b *ingest.Batch, i int) (uint64, bool) {
	n, _, ok := e.scheme.Parse(b.Field(i, ingest.RoleNumber))
	return uint64(n), ok
}

// encode reads everything that is compared. The result is valid until the
// next call.
func (e *encoder) encode(b *ingest.Batch, i int) *score.Person {
	p := &e.person
	*p = score.Person{}
	e.address.Begin(b.Field(i, ingest.RoleAddress))
	if raw := e.text(b, i, ingest.RoleName, ingest.RoleFamilyName, ingest.RoleGivenName); len(raw) > 0 {
		name, _ := e.name.Parse(raw)
		// Part by part: to copy at once what was just written in parts, the
		// processor has to wait for it.
		p.Name.Family, p.Name.Given, p.Name.Split = name.Main.Family, name.Main.Given, name.Main.Split
		p.Former = name.Former
		if len(name.Alias.Family) > 0 {
			p.Alias = name.Alias
		}
		if len(p.Alias.Family) == 0 && len(name.Kanji.Family) > 0 {
			p.Alias = name.Kanji
		}
	}
	if raw := e.text(b, i, ingest.RoleKana, ingest.RoleFamilyKana, ingest.RoleGivenKana); len(raw) > 0 {
		e.kana.ParseInto(&p.Kana, raw)
		if len(p.Name.Family) == 0 && isLatin(p.Kana.Family) {
			// A foreigner's account is often held in Latin letters.
			name, _ := e.name.Parse(raw)
			p.Name, p.Kana = name.Main, normalize.KanaForm{}
		}
	}
	if raw := b.Field(i, ingest.RoleFormerName); len(raw) > 0 && len(p.Former) == 0 {
		name, _ := e.former.Parse(raw)
		p.Former = name.Main.Family
	}
	if len(p.Alias.Family) == 0 {
		raw := b.Field(i, ingest.RoleAlias)
		if len(raw) == 0 {
			raw = b.Field(i, ingest.RoleLatinName)
		}
		if len(raw) > 0 {
			name, _ := e.alias.Parse(raw)
			p.Alias = name.Main
		}
	}
	if len(p.Name.Family) == 0 && len(p.Alias.Family) > 0 {
		p.Name, p.Alias = p.Alias, normalize.NameForm{}
	}
	p.Birth, _ = normalize.ParseDate(b.Field(i, ingest.RoleBirthDate))
	p.Sex = normalize.ParseSex(b.Field(i, ingest.RoleSex))
	p.Postal, _ = normalize.ParsePostal(b.Field(i, ingest.RolePostalCode))
	e.address.Finish(&p.Address, p.Postal, e.municipality(b, i))
	return p
}

// text is the field of the whole, else its two parts with a comma between: the
// parsers cut there first, so that family names of several words stay whole.
func (e *encoder) text(b *ingest.Batch, i int, whole, family, given ingest.Role) []byte {
	if raw := b.Field(i, whole); len(raw) > 0 || !b.Has(family) {
		return raw
	}
	e.joined = append(e.joined[:0], b.Field(i, family)...)
	if g := b.Field(i, given); len(g) > 0 {
		e.joined = append(append(e.joined, ','), g...)
	}
	return e.joined
}

// municipality is the JIS X 0402 code without its check digit, zero when the
// row has none. Files are mostly sorted by it.
func (e *encoder) municipality(b *ingest.Batch, i int) uint16 {
	raw := b.Field(i, ingest.RoleMunicipality)
	if !bytes.Equal(raw, e.code) {
		e.code = append(e.code[:0], raw...)
		e.codeRead, _, _ = normalize.ParseLocalGovernment(raw)
	}
	return e.codeRead
}

// householdOf hashes the household id, or the address with the family name
// where the register has no such column.
func householdOf(b *ingest.Batch, i int, p *score.Person) uint32 {
	if raw := b.Field(i, ingest.RoleHousehold); len(raw) > 0 {
		return uint32(hashKey(raw)>>1) | 1
	}
	if p.Address.Numbers == 0 || len(p.Name.Family) == 0 || !p.Name.Split {
		return 0
	}
	return uint32(score.Mix(score.HashKanji(p.Name.Family), uint64(p.Address.Town)<<32|uint64(p.Address.Numbers))) | 1
}

// isLatin tells whether a kana field holds Latin letters.
func isLatin(codes []byte) bool {
	if len(codes) == 0 || codes[0]&normalize.KanaASCII == 0 {
		return false
	}
	c := codes[0] &^ normalize.KanaASCII
	return c >= 'A' && c <= 'Z'
}
