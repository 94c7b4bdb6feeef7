package normalize

import (
	"math"

	"github.com/himozuke/himozuke/normalize/gazetteer"
)

// ParseInsurer reads a 保険者番号: eight digits (法別, prefecture, insurer,
// check digit) or, for National Health Insurance, six without 法別. Seven or
// five digits that fit the check digit after a leading zero are restored and
// noted [NoteLength]; a check digit that does not fit is noted, and the number
// is kept, since it still names the organization.
func ParseInsurer(raw []byte) (uint32, Notes, bool) {
	var d digitRun
	d.read(raw)
	if d.unreadable() {
		return 0, d.notes, false
	}
	v := d.value()
	switch d.n {
	case 6, 8:
	case 5, 7:
		d.notes |= NoteLength
		if !InsurerFits(uint32(v)) {
			return 0, d.notes, false
		}
	default:
		return 0, d.notes | NoteLength, false
	}
	if v == 0 {
		return 0, d.notes | NoteDummy, false
	}
	if !InsurerFits(uint32(v)) {
		d.notes |= NoteCheckDigit
	}
	return uint32(v), d.notes, true
}

// InsurerFits tells whether the last digit of a 保険者番号 is its check digit:
// weights 2, 1, 2, … from the lowest of the others, products of two digits
// added digit by digit, ten minus the last digit of the sum.
func InsurerFits(number uint32) bool {
	return number%10 == insurerCheckDigit(number/10)
}

func insurerCheckDigit(others uint32) uint32 {
	sum, weight := uint32(0), uint32(2)
	for ; others > 0; others /= 10 {
		product := others % 10 * weight
		sum += product/10 + product%10
		weight = 3 - weight
	}
	return (10 - sum%10) % 10
}

// ParseLocalGovernment reads a 全国地方公共団体コード of six digits, or five
// without check digit, and gives the five (13101). A prefecture may be written
// with its two digits alone (13 is 13000). A leading zero that a spreadsheet
// dropped is restored where no such code exists without it and the check digit
// then fits.
func ParseLocalGovernment(raw []byte) (uint16, Notes, bool) {
	var d digitRun
	d.read(raw)
	if d.unreadable() {
		return 0, d.notes, false
	}
	v := uint32(d.value())
	code := v
	switch d.n {
	case 1, 2:
		code = v * 1000
	case 4:
		d.notes |= NoteLength
	case 5:
		// 12025 is 012025 (函館市) without its zero, or a municipality of
		// prefecture 12: the one that exists.
		if !municipalityExists(v) && localGovernmentFits(v) && municipalityExists(v/10) {
			code = v / 10
			d.notes |= NoteLength
		}
	case 6:
		code = v / 10
		if !localGovernmentFits(v) {
			d.notes |= NoteCheckDigit
		}
	default:
		return 0, d.notes | NoteLength, false
	}
	if p := code / 1000; p == 0 || p > prefectures {
		return 0, d.notes | NoteImpossible, false
	}
	return uint16(code), d.notes, true
}

const prefectures = 47

// municipalityExists knows municipalities, wards, and the cities of wards.
func municipalityExists(code uint32) bool {
	g := gazetteer.Load()
	return code <= math.MaxUint16 && (g.ByCode(uint16(code)) != 0 || isCityOfWards(uint16(code)) && g.ByCode(uint16(code)+1) != 0)
}

func localGovernmentFits(six uint32) bool {
	return six%10 == LocalGovernmentCheckDigit(six/10)
}

// LocalGovernmentCheckDigit is the sixth digit of a 全国地方公共団体コード:
// weights 6 to 2, and the last digit of 11 minus the sum modulo 11.
func LocalGovernmentCheckDigit(five uint32) uint32 {
	sum := uint32(0)
	for weight := uint32(2); weight <= 6; weight++ {
		sum += five % 10 * weight
		five /= 10
	}
	return (11 - sum%11) % 10
}
