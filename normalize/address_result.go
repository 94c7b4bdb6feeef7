package normalize

import (
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"github.com/himozuke/himozuke/normalize/gazetteer"
)

// AddressResult is one address as `normalize address` prints it.
type AddressResult struct {
	Input            string   `json:"input"`
	Prefecture       string   `json:"prefecture"`
	PrefectureCode   string   `json:"prefecture_code"` // two digits
	Municipality     string   `json:"municipality"`    // with county, city and ward
	MunicipalityCode string   `json:"municipality_code"`
	Town             string   `json:"town"`     // 町域, and the hamlet (字) behind it
	Chome            string   `json:"chome"`    // 丁目
	Block            string   `json:"block"`    // the other numbers: 12-4
	Building         string   `json:"building"` // as written, in canonical width
	Key              string   `json:"key"`      // equal for all spellings of one place
	Level            string   `json:"level"`    // the finest part known: block, chome, town, municipality, prefecture
	Notes            []string `json:"notes"`
}

// NormalizeAddress reads one address. See [AddressParser.Parse].
func NormalizeAddress(s string) AddressResult {
	var p AddressParser
	return p.Result(s, 0, 0)
}

// Result parses an address and spells its parts out.
func (p *AddressParser) Result(s string, postal PostalCode, municipality uint16) AddressResult {
	p.last = lastAddress{} // which is not spelled out
	p.Begin([]byte(s))
	var key AddressKey
	if p.read(postal, municipality) { // a town recalled is not spelled out
		p.key(&key)
	}
	r := AddressResult{Input: s, Notes: (p.notes | p.spellingNotes(s)).Names()}
	if p.at.prefecture != 0 {
		r.Prefecture = gazetteer.PrefectureNames[p.at.prefecture]
		r.PrefectureCode = fmt.Sprintf("%02d", p.at.prefecture)
		r.Level = "prefecture"
	}
	if p.at.municipality != 0 {
		m := &p.places.Municipalities[p.at.municipality]
		r.Municipality = m.County + m.City + m.Ward
		r.MunicipalityCode = fmt.Sprintf("%05d", m.Code)
		r.Level = "municipality"
	}
	if r.Town = p.townText(s); r.Town != "" {
		r.Level = "town"
	}
	p.spellNumbers(&r)
	if p.at.building < p.n {
		r.Building = strings.TrimSpace(norm.NFKC.String(s[p.rawOffset([]byte(s), p.at.building):]))
	}
	r.Key = fmt.Sprintf("%05d-%08x-%08x", key.Municipality, key.Town, key.Numbers)
	return r
}

// spellingNotes says what the fold made equal. The hot path does without.
func (p *AddressParser) spellingNotes(s string) Notes {
	var notes Notes
	for _, r := range s {
		switch {
		case r >= 0xFE00 && r <= 0xFE0F || r >= 0xE0100 && r <= 0xE01EF:
			notes |= NoteSelector
		case r > 0xFFFF:
			if gazetteer.Astral(r) != gazetteer.Drop {
				notes |= NoteVariant
			}
		case r >= 0xE000 && r <= 0xF8FF:
			notes |= NotePrivateUse
		case r >= 0xFF01 && r <= 0xFF9F || r == 0x3000:
			notes |= NoteWidth
			if p.places.Fold[r] == gazetteer.Dash {
				notes |= NoteDash
			}
		case r == 'ー' || r == '-' || r <= 0x7F:
		case p.places.Fold[r] == gazetteer.Dash:
			notes |= NoteDash
		case (r >= 0x4E00 && r <= 0x9FFF || r >= 0xF900 && r <= 0xFAFF) && p.places.Fold[r] != uint16(r):
			notes |= NoteVariant
		}
	}
	return notes
}

// townText is the gazetteer's name, then the hamlet as written.
func (p *AddressParser) townText(s string) string {
	from := p.at.townFrom
	name := ""
	if p.at.town >= 0 {
		name = p.places.TownName(p.at.town)
		from = p.at.townTo
	}
	if p.at.hamletCodes == 0 || p.at.hamletTo <= from {
		return name
	}
	hamlet := s[p.rawOffset([]byte(s), from):p.rawOffset([]byte(s), p.at.hamletTo)]
	return name + strings.Trim(norm.NFKC.String(hamlet), " -,、")
}

func (p *AddressParser) spellNumbers(r *AddressResult) {
	num := &p.at.numbers
	values := num.value[:num.n]
	if len(values) > 0 && p.hasChome() {
		r.Chome = strconv.Itoa(int(values[0]))
		r.Level = "chome"
		values = values[1:]
	}
	parts := make([]string, len(values))
	for i, v := range values {
		parts[i] = strconv.Itoa(int(v))
	}
	if len(parts) > 0 {
		r.Block = strings.Join(parts, "-")
		r.Level = "block"
	}
}

// rawOffset is where the code of an index came from in the text.
func (p *AddressParser) rawOffset(raw []byte, index int) int {
	n := 0
	for i := 0; i < len(raw); {
		r, size := utf8.DecodeRune(raw[i:])
		at := i
		i += size
		code := uint16(0)
		if r > 0xFFFF {
			code = gazetteer.Astral(r)
		} else {
			code = p.places.Fold[r]
		}
		if code <= gazetteer.SemiVoice {
			continue
		}
		if n == index {
			return at
		}
		n++
	}
	return len(raw)
}
