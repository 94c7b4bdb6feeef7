package score

import (
	"slices"
	"strings"

	"github.com/himozuke/himozuke/normalize"
	"github.com/himozuke/himozuke/normalize/reading"
)

// DifferenceCodes lists every code that [Differences] can give, the harmless
// ones of a field before those that may mean another person. What each means
// is said in docs/comparisons.md.
var DifferenceCodes = []string{
	// any field
	"missing", "placeholder", "dummy", "near", "differs",
	// name and kana
	"name_notation", "kanji_variant", "kanji_confusable", "kana_notation", "kana_spelling",
	"unsplit", "swapped_order", "truncated", "reading_only", "other_reading", "latin", "alias", "former_name",
	"renamed", "family_differs", "given_differs",
	// birth date and sex
	"date_notation", "date_part_unknown", "date_slip", "part_differs", "sex_differs",
	// address
	"address_notation", "building_missing", "building_differs", "address_incomplete",
	"number_differs", "address_uncertain", "moved",
}

// Texts is one record as it was written, for saying why two records differ.
type Texts struct {
	Name, Kana               string
	FormerName, Alias, Latin string
	BirthDate, Sex           string
	PostalCode, Address      string
	Municipality             string // local government code, a hint for the address
}

// written is one record, parsed, with the notes of its fields.
type written struct {
	Texts
	person                           Person
	nameNotes, kanaNotes, birthNotes normalize.Notes

	name, former, alias normalize.NameParser
	kana                normalize.KanaParser
	address             normalize.AddressParser
}

func (w *written) read(t Texts) {
	w.Texts = t
	p := &w.person
	var name *normalize.Name
	name, w.nameNotes = w.name.Parse([]byte(t.Name))
	p.Name, p.Former, p.Alias = name.Main, name.Former, name.Alias
	if len(p.Alias.Family) == 0 {
		p.Alias = name.Kanji
	}
	if t.FormerName != "" && len(p.Former) == 0 {
		former, _ := w.former.Parse([]byte(t.FormerName))
		p.Former = former.Main.Family
	}
	if alias := firstOf(t.Alias, t.Latin); alias != "" && len(p.Alias.Family) == 0 {
		name, _ := w.alias.Parse([]byte(alias))
		p.Alias = name.Main
	}
	if len(p.Name.Family) == 0 && len(p.Alias.Family) > 0 {
		p.Name, p.Alias = p.Alias, normalize.NameForm{}
	}
	p.Kana, w.kanaNotes = w.kana.Parse([]byte(t.Kana))
	p.Birth, w.birthNotes = normalize.ParseDate([]byte(t.BirthDate))
	p.Sex = normalize.ParseSex([]byte(t.Sex))
	p.Postal, _ = normalize.ParsePostal([]byte(t.PostalCode))
	code, _, _ := normalize.ParseLocalGovernment([]byte(t.Municipality))
	p.Address, _ = w.address.Parse([]byte(t.Address), p.Postal, code)
}

func firstOf(texts ...string) string {
	for _, t := range texts {
		if strings.TrimSpace(t) != "" {
			return t
		}
	}
	return ""
}

// Differences says why the fields of two records are not the same text, field
// by field in a fixed order. Fields that are, or that both sides lack, give
// nothing.
func Differences(a, b Texts) []Difference {
	var x, y written
	x.read(a)
	y.read(b)
	var scratch Scratch
	n := CompareNames(&x.person, &y.person, &scratch)
	back := CompareNames(&y.person, &x.person, &scratch)
	x.person.Name, x.person.Kana = n.Parts(&x.person)
	y.person.Name, y.person.Kana = back.Parts(&y.person)

	var out differences
	out.name(&x, &y, &n)
	out.kana(&x, &y, &n)
	out.birth(&x, &y)
	out.sex(&x, &y)
	out.address(&x, &y)
	return out
}

type differences []Difference

func (d *differences) add(field, code string) {
	if one := (Difference{field, code}); !slices.Contains(*d, one) {
		*d = append(*d, one)
	}
}

// comparable deals with what keeps two texts from being compared; known tells
// whether something legible was found in each.
func (d *differences) comparable(field, a, b string, knownA, knownB bool, notes normalize.Notes) bool {
	a, b = strings.TrimSpace(a), strings.TrimSpace(b)
	switch {
	case a == b:
		return false
	case a == "" || b == "":
		d.add(field, "missing")
		return false
	case knownA && knownB:
		return true
	}
	switch {
	case notes&normalize.NoteDummy != 0:
		d.add(field, "dummy")
	case notes&(normalize.NotePlaceholder|normalize.NotePrivateUse) != 0:
		d.add(field, "placeholder")
	default:
		d.add(field, "missing")
	}
	return false
}

func (d *differences) name(x, y *written, n *NameComparison) {
	const field = "name"
	notes := x.nameNotes | y.nameNotes
	if n.NeedsReading {
		d.add(field, "reading_only")
		return
	}
	if !d.comparable(field, x.Name, y.Name, hasKanji(&x.person), hasKanji(&y.person), notes) {
		return
	}
	if n.Alias {
		d.add(field, "alias")
	}
	if n.Former || (x.nameNotes^y.nameNotes)&normalize.NoteFormerName != 0 {
		d.add(field, "former_name")
	}
	if n.Swapped {
		d.add(field, "swapped_order")
	}
	if (x.nameNotes^y.nameNotes)&normalize.NoteLatin != 0 {
		d.add(field, "latin")
	}
	levels := [...]Level{n.FamilyKanji, n.GivenKanji}
	if has(levels[:], Notation) || notes&(normalize.NotePlaceholder|normalize.NotePrivateUse) != 0 {
		d.add(field, "placeholder")
	}
	if has(levels[:], Confusable) {
		d.add(field, "kanji_confusable")
	}
	if has(levels[:], Near) && isLatinBeginning(&x.person.Name, &y.person.Name) {
		d.add(field, "truncated")
	} else {
		d.parts(field, x, y, n, n.FamilyKanji, n.GivenKanji)
	}
	const variants = normalize.NoteVariant | normalize.NoteSelector | normalize.NoteSimplified | normalize.NoteIteration
	agreed := agrees(n.FamilyKanji) || agrees(n.GivenKanji)
	if agreed && (x.nameNotes^y.nameNotes)&variants != 0 || exact(levels[:]) && notes&variants != 0 {
		d.add(field, "kanji_variant")
	}
	if (x.nameNotes^y.nameNotes)&normalize.NoteUnsplit != 0 && agreed {
		d.add(field, "unsplit")
	}
	if !d.of(field) {
		d.add(field, "name_notation")
	}
}

func (d *differences) kana(x, y *written, n *NameComparison) {
	const field = "kana"
	notes := x.kanaNotes | y.kanaNotes
	if n.NeedsReading {
		return // said of the name
	}
	if !d.comparable(field, x.Kana, y.Kana, hasKana(&x.person), hasKana(&y.person), notes) {
		return
	}
	if n.Former && n.FamilyKana == Unknown {
		d.add(field, "former_name")
	}
	if n.Alias && n.FamilyKana == Unknown && n.GivenKana == Unknown {
		d.add(field, "alias")
	}
	if isLatinKana(&x.person.Kana) != isLatinKana(&y.person.Kana) {
		d.add(field, "latin")
		return
	}
	if d.byReading(field, x, y, n) {
		return
	}
	if n.Swapped {
		d.add(field, "swapped_order")
	}
	levels := [...]Level{n.FamilyKana, n.GivenKana}
	placeholder := notes&(normalize.NotePlaceholder|normalize.NotePrivateUse) != 0
	if placeholder {
		d.add(field, "placeholder")
	}
	if has(levels[:], Notation) && !placeholder {
		d.add(field, "truncated")
	}
	if has(levels[:], Confusable) {
		d.add(field, "kana_spelling")
	}
	d.parts(field, x, y, n, n.FamilyKana, n.GivenKana)
	if (x.kanaNotes^y.kanaNotes)&normalize.NoteUnsplit != 0 && (agrees(n.FamilyKana) || agrees(n.GivenKana)) {
		d.add(field, "unsplit")
	}
	const spelled = normalize.NoteWidth | normalize.NoteHiragana | normalize.NoteSmallKana | normalize.NoteVoicing |
		normalize.NoteDash | normalize.NoteVariant
	if !d.of(field) || exact(levels[:]) && (x.kanaNotes^y.kanaNotes)&spelled != 0 {
		d.add(field, "kana_notation")
	}
}

// byReading explains kana that differ by the kanji of either side: the kana is
// how a former name or an alias is read, or another reading of the name that
// both share.
func (d *differences) byReading(field string, x, y *written, n *NameComparison) bool {
	differ := func(l Level) bool { return l == Near || l == Part || l == Different }
	a, b := &x.person, &y.person
	if n.Joined || !differ(n.FamilyKana) && !differ(n.GivenKana) {
		return false
	}
	reads := func(kanji []uint16, kana []byte, part reading.Part) bool {
		return len(kanji) > 0 && len(kana) > 0 && reading.Weight(kanji, kana, part) >= plausible
	}
	if agrees(n.GivenKana) && (reads(a.Former, b.Kana.Family, reading.FamilyName) || reads(b.Former, a.Kana.Family, reading.FamilyName)) {
		d.add(field, "former_name")
		return true
	}
	alias := func(form *normalize.NameForm, kana *normalize.KanaForm) bool {
		return len(form.Family) > 0 && compareReading(form, kana).Level == Reading.String()
	}
	if alias(&a.Alias, &b.Kana) || alias(&b.Alias, &a.Kana) {
		d.add(field, "alias")
		return true
	}
	kanjiA, kanjiB := a.Name, b.Name
	if len(kanjiA.Family) == 0 {
		kanjiA = kanjiB // the kanji of one side speak for both
	} else if len(kanjiB.Family) == 0 {
		kanjiB = kanjiA
	}
	family := !differ(n.FamilyKanji) &&
		reads(kanjiA.Family, a.Kana.Family, reading.FamilyName) && reads(kanjiB.Family, b.Kana.Family, reading.FamilyName)
	given := !differ(n.GivenKanji) &&
		reads(kanjiA.Given, a.Kana.Given, reading.GivenName) && reads(kanjiB.Given, b.Kana.Given, reading.GivenName)
	if (family || !differ(n.FamilyKana)) && (given || !differ(n.GivenKana)) {
		d.add(field, "other_reading")
		return true
	}
	return false
}

// parts says which part of a name differs.
func (d *differences) parts(field string, x, y *written, n *NameComparison, family, given Level) {
	if family == Near || given == Near {
		d.add(field, "near")
	}
	differ := func(l Level) bool { return l == Part || l == Different }
	switch {
	case differ(family) && differ(given):
		d.add(field, "differs")
	case differ(family) && agrees(given) && x.person.Birth == y.person.Birth && x.person.Birth != 0:
		d.add(field, "renamed")
	case differ(family):
		d.add(field, "family_differs")
	case differ(given):
		d.add(field, "given_differs")
	}
}

func (d *differences) birth(x, y *written) {
	const field = "birth_date"
	a, b := x.person.Birth, y.person.Birth
	if !d.comparable(field, x.BirthDate, y.BirthDate, a != 0, b != 0, x.birthNotes|y.birthNotes) {
		return
	}
	switch CompareDate(a, b) {
	case Exact:
		d.add(field, "date_notation")
	case Notation:
		d.add(field, "date_part_unknown")
	case Near:
		d.add(field, "date_slip")
	case Part:
		d.add(field, "part_differs")
	case Different:
		d.add(field, "differs")
	default:
		d.add(field, "date_part_unknown")
	}
}

func (d *differences) sex(x, y *written) {
	const field = "sex"
	switch a, b := x.person.Sex, y.person.Sex; {
	case a == b:
	case a == normalize.SexUnknown || b == normalize.SexUnknown:
		d.add(field, "missing")
	default:
		d.add(field, "sex_differs")
	}
}

func (d *differences) address(x, y *written) {
	a, b := &x.person, &y.person
	if a.Postal != b.Postal {
		if a.Postal == 0 || b.Postal == 0 {
			d.add("postal_code", "missing")
		} else {
			d.add("postal_code", "differs")
		}
	}
	const field = "address"
	if !d.comparable(field, x.Address, y.Address, a.Address != normalize.AddressKey{}, b.Address != normalize.AddressKey{}, 0) {
		return
	}
	switch CompareAddress(a.Address, b.Address, a.Postal, b.Postal) {
	case Exact:
		d.building(field, a.Address.Building, b.Address.Building)
	case Block, Town:
		if a.Address.Numbers == 0 || b.Address.Numbers == 0 {
			d.add(field, "address_incomplete")
		} else if a.Address.Undecided(b.Address) {
			d.add(field, "address_uncertain")
		} else if a.Address.Numbers != b.Address.Numbers {
			d.add(field, "number_differs")
		} else {
			d.add(field, "address_notation")
		}
	case Uncertain:
		d.add(field, "address_uncertain")
	case City:
		if a.Address.Town == 0 || b.Address.Town == 0 {
			d.add(field, "address_incomplete")
		} else {
			d.add(field, "moved")
		}
	case Different:
		d.add(field, "moved")
	default:
		d.add(field, "address_incomplete")
	}
}

// building tells what is left to differ in one place.
func (d *differences) building(field string, a, b uint8) {
	switch {
	case a == b:
		d.add(field, "address_notation")
	case a == 0 || b == 0:
		d.add(field, "building_missing")
	default:
		d.add(field, "building_differs")
	}
}

// isLatinBeginning tells whether one Latin name is the beginning of the other:
// a middle name is left out, or the end is cut.
func isLatinBeginning(a, b *normalize.NameForm) bool {
	if scriptOf(a.Family) != latinScript || scriptOf(b.Family) != latinScript {
		return false
	}
	x, y := joinKanji(a), joinKanji(b)
	n := min(len(x), len(y))
	return len(x) != len(y) && slices.Equal(x[:n], y[:n])
}

// of tells whether the field has a difference yet.
func (d differences) of(field string) bool {
	return slices.ContainsFunc(d, func(one Difference) bool { return one.Field == field })
}

func has(levels []Level, l Level) bool { return slices.Contains(levels, l) }

func exact(levels []Level) bool {
	for _, l := range levels {
		if l != Exact && l != Unknown {
			return false
		}
	}
	return has(levels, Exact)
}
