package normalize

// Isikukood is the Estonian personal code: century and sex, birth date, serial
// number and a check digit of two rounds (EVS 585).
type Isikukood struct{}

const isikukoodDigits = 11

// Name implements [Scheme].
func (Isikukood) Name() string { return "ee-isikukood" }

// Parse implements [Scheme]. A code whose date does not exist is no code.
func (Isikukood) Parse(raw []byte) (Number, Notes, bool) {
	var d digitRun
	d.read(raw)
	if d.unreadable() {
		return 0, d.notes, false
	}
	v := d.value()
	switch {
	case d.n != isikukoodDigits:
		return 0, d.notes | NoteLength, false
	case d.repeated():
		return 0, d.notes | NoteDummy, false
	case v%10 != isikukoodCheckDigit(v/10):
		return 0, d.notes | NoteCheckDigit, false
	case !isikukoodDateExists(v):
		return 0, d.notes | NoteImpossible, false
	}
	return Number(v), d.notes, true
}

// Append implements [Scheme].
func (Isikukood) Append(dst []byte, n Number) []byte {
	return appendPadded(dst, uint64(n), isikukoodDigits)
}

// AppendSlips implements [Scheme].
func (Isikukood) AppendSlips(dst []Number, n Number) []Number {
	return appendSlips(dst, uint64(n), isikukoodDigits, func(v uint64) bool {
		return v%10 == isikukoodCheckDigit(v/10) && isikukoodDateExists(v)
	})
}

// isikukoodCheckDigit weighs the first ten digits 1…9,1, and where that leaves
// a remainder of ten, 3…9,1,2,3.
func isikukoodCheckDigit(first10 uint64) uint64 {
	var first, second uint64
	for position := uint64(9); ; position-- {
		digit := first10 % 10
		first10 /= 10
		first += digit * (position%9 + 1)
		second += digit * ((position+2)%9 + 1)
		if position == 0 {
			break
		}
	}
	if r := first % 11; r < 10 {
		return r
	}
	return second % 11 % 10
}

func isikukoodDateExists(v uint64) bool {
	century := int(v / 1e10)
	if century < 1 || century > 8 {
		return false
	}
	year := 1800 + (century-1)/2*100 + int(v/1e8%100)
	month, day := int(v/1e6%100), int(v/1e4%100)
	return month >= 1 && month <= 12 && day >= 1 && day <= daysIn(year, month)
}

// IsikukoodBirth reads date of birth and sex out of a valid code.
func IsikukoodBirth(n Number) (Date, Sex) {
	v := uint64(n)
	century := int(v / 1e10)
	sex := Male
	if century%2 == 0 {
		sex = Female
	}
	year := 1800 + (century-1)/2*100 + int(v/1e8%100)
	return MakeDate(year, int(v/1e6%100), int(v/1e4%100)), sex
}
