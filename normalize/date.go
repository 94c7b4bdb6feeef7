package normalize

import "encoding/binary"

// ParseDate reads a date of the Gregorian calendar or of a Japanese era:
// 1980-03-01, 19800301, 1980/3/1, 昭和55年3月1日, S55.3.1, 3550301 (era digit),
// 平成元年, full width, kanji numerals. Unknown parts (00, 不詳, ●) become zero
// parts and are noted, placeholders for a whole date give the zero Date, a day
// that cannot exist keeps what can, and a year past the end of its era is
// converted and noted.
func ParseDate(raw []byte) (Date, Notes) {
	if len(raw) == 10 && raw[4] == '-' && raw[7] == '-' {
		digits := uint64(binary.LittleEndian.Uint32(raw)) | uint64(binary.LittleEndian.Uint16(raw[5:]))<<32 | uint64(binary.LittleEndian.Uint16(raw[8:]))<<48
		if d, ok := fixedDate(digits); ok {
			return d, 0
		}
	} else if len(raw) == 8 {
		if d, ok := fixedDate(binary.LittleEndian.Uint64(raw)); ok {
			return d, 0
		}
	}
	w, ok := readPlainDate(raw)
	if !ok {
		w = readDate(raw)
	}
	return w.date, w.notes
}

// readPlainDate is the short cut for 昭和55年3月1日, S55.3.1, 1980/3/1, 1980年3月1日
// and 3550301. What it declines goes the long way.
func readPlainDate(raw []byte) (w writtenDate, ok bool) {
	if len(raw) < len("S1.1.1") || len(raw) > len("昭和10年10月10日") {
		return w, false
	}
	f := dateFields{count: 3}
	if len(raw) == 7 {
		digits := uint64(binary.LittleEndian.Uint32(raw))<<8 | uint64(binary.LittleEndian.Uint32(raw[3:]))<<32 | '0'
		if areDigits(digits) {
			v := int(eightDigits(digits))
			f.era = eraOfDigit(v / 1000000)
			f.set(v/10000%100, 2, v/100%100, v%100)
			return f.finish(), f.era != 0
		}
	}
	var text datePadded
	copy(text[:], raw)
	i := 0
	if year := binary.LittleEndian.Uint32(raw); areDigits(uint64(year) | uint64(year)<<32) {
		f.value[0], f.digits[0], i = int(fourDigits(year)), 4, 4
	} else {
		f.era, i = text.era()
		i = text.number(&f, 0, i)
		f.eraMark = true
	}
	switch mark := text[i]; {
	case mark == '.' || mark == '/':
		i = text.number(&f, 1, i+1)
		if text[i] != mark {
			return w, false
		}
		i = text.number(&f, 2, i+1)
	case text.has(i, "年"):
		f.marked = true
		i = text.number(&f, 1, i+len("年"))
		if !text.has(i, "月") {
			return w, false
		}
		i = text.number(&f, 2, i+len("月"))
		if !text.has(i, "日") {
			return w, false
		}
		i += len("日")
	}
	if i != len(raw) || f.digits[0]*f.digits[1]*f.digits[2] == 0 || f.digits[0] < 4 && f.era == 0 {
		return w, false
	}
	return f.finish(), true
}

// datePadded is a short text with zeros behind it, to look ahead in.
type datePadded [32]byte

func (t *datePadded) has(i int, mark string) bool { return string(t[i:i+3]) == mark }

// number reads a number of up to two digits and returns where it ends.
func (t *datePadded) number(f *dateFields, n, i int) int {
	first, second := int(t[i]-'0'), int(t[i+1]-'0')
	switch {
	case first > 9:
		return i
	case second > 9:
		f.value[n], f.digits[n] = first, 1
		return i + 1
	}
	f.value[n], f.digits[n] = first*10+second, 2
	return i + 2
}

// era is the era that the text begins with, and where its name ends.
func (t *datePadded) era() (era, int) {
	switch t[0] {
	case 'M', 'T', 'S', 'H', 'R':
		return eraOfSign(rune(t[0])), 1
	}
	switch string(t[:len("昭和")]) {
	case "昭和":
		return showa, len("昭和")
	case "平成":
		return heisei, len("平成")
	case "令和":
		return reiwa, len("令和")
	case "大正":
		return taisho, len("大正")
	}
	return 0, 0
}

// fixedDate is the short cut for whole, existing dates of fixed width. What it
// declines goes the long way.
func fixedDate(digits uint64) (Date, bool) {
	if !areDigits(digits) {
		return 0, false
	}
	pairs := digits & 0x0F0F0F0F0F0F0F0F * (10<<8 | 1) >> 8
	year, month, day := int(pairs&0xFF*100+pairs>>16&0xFF), int(pairs>>32&0xFF), int(pairs>>48&0xFF)
	if year < 1901 || year > lastYear || uint(month-1) > 11 || day == 0 || day > 28 && day > daysIn(year, month) {
		return 0, false
	}
	return MakeDate(year, month, day), true
}

// Years outside these bounds are no dates of living people's records.
const (
	firstYear = 1800
	lastYear  = 2199
)

func daysIn(year, month int) int {
	switch month {
	case 4, 6, 9, 11:
		return 30
	case 2:
		// The year may be unknown, and then February 29 may exist.
		if year == 0 || year%4 == 0 && (year%100 != 0 || year%400 == 0) {
			return 29
		}
		return 28
	}
	return 31
}

// writtenDate is a date with what was seen while reading it.
type writtenDate struct {
	date  Date
	era   era
	notes Notes
}

// dateFields collects the number tokens of a date before they are understood.
type dateFields struct {
	value   [3]int // in the order written
	digits  [3]int // how many digits the token had; 0 is an unknown part
	count   int
	era     era
	eraMark bool // an era name or letter came first
	marked  bool // a year mark (年) was seen
	notes   Notes
}

func readDate(raw []byte) writtenDate {
	var f dateFields
	f.scan(raw)
	return f.interpret()
}

// scan splits the text into at most three numbers, an era and notes. Text
// behind the third number (時刻, 生) is not part of the date.
func (f *dateFields) scan(raw []byte) {
	for i := 0; i < len(raw); {
		r, size, n := nextSign(raw, i)
		switch {
		case r >= '0' && r <= '9':
			if f.count == 3 {
				return
			}
			i = f.scanDigits(raw, i)
			f.notes |= n
			continue
		case f.count < 3 && f.isKanjiNumeral(raw, i, r):
			i = f.scanKanji(raw, i)
			continue
		}
		i += size
		switch {
		case r == ' ' || r == '/' || r == '.' || r == ',' || r == '、' || r == '・' || r == '．' ||
			r == '月' || r == '日' || r == '(' || r == ')' || r == '"' || r == '\'' || r == ':':
		case r == '-':
			f.notes |= n
		case r == '年':
			f.marked = true
		case r == '元':
			f.add(1, 1)
		case f.count > 0 && (r == 'T' || r == '生' || r == 'Z'):
			if f.count == 3 {
				return
			}
		case r == '西' || r == '暦' || r == '紀' || r == 'A' || r == 'D' || r == 'C' || r == 'E':
			f.eraMark = true // the calendar is named: no era digit can follow
		case f.count == 0 && eraOfSign(r) != 0:
			f.era, f.eraMark = eraOfSign(r), true
			f.notes |= n
		case isPlaceholderSign(r):
			i = skipPlaceholders(raw, i)
			f.notes |= NotePlaceholder
			f.add(0, 0)
		case r == '和' || r == '治' || r == '正' || r == '成' || r == '頃' || r == 'ま' || r == 'れ' || r == '明':
		case f.count == 3:
			return
		default:
			f.notes |= NoteCharacters
		}
	}
}

func (f *dateFields) add(value, digits int) {
	if f.count < 3 {
		f.value[f.count], f.digits[f.count] = value, digits
		f.count++
	}
}

func (f *dateFields) scanDigits(raw []byte, i int) int {
	value, digits := 0, 0
	for i < len(raw) {
		r, size, n := nextSign(raw, i)
		if r < '0' || r > '9' {
			break
		}
		if digits < 9 {
			value = value*10 + int(r-'0')
		}
		digits++
		f.notes |= n
		i += size
	}
	f.add(value, digits)
	return i
}

// isKanjiNumeral keeps ○, which is a zero among kanji numerals and a
// placeholder elsewhere, apart by its neighbour.
func (f *dateFields) isKanjiNumeral(raw []byte, i int, r rune) bool {
	if r == '○' || r == '◯' {
		return f.notes&NoteKanjiNumerals != 0 && i > 0 && !isPlaceholderAround(raw, i)
	}
	return kanjiDigit(r) >= 0 || kanjiTens(r) > 0 || r == '廿' || r == '卅'
}

func isPlaceholderAround(raw []byte, i int) bool {
	_, size, _ := nextSign(raw, i)
	if i+size >= len(raw) {
		return false
	}
	r, _, _ := nextSign(raw, i+size)
	return r == '○' || r == '◯'
}

func (f *dateFields) scanKanji(raw []byte, i int) int {
	total, current, digits := 0, 0, 0
	positional := true
	for i < len(raw) {
		r, size, _ := nextSign(raw, i)
		if d := kanjiDigit(r); d >= 0 {
			if digits > 0 && positional {
				current = current*10 + d
			} else {
				current = d
			}
		} else if t := kanjiTens(r); t > 0 {
			total += max(current, 1) * t
			current, positional = 0, false
		} else if r == '廿' || r == '卅' {
			total += 20
			if r == '卅' {
				total += 10
			}
			positional = false
		} else {
			break
		}
		if digits++; digits > 9 {
			current = 0
		}
		i += size
	}
	if !positional {
		digits = 2
		if total+current > 999 {
			digits = 4
		}
	}
	f.notes |= NoteKanjiNumerals
	f.add(total+current, digits)
	return i
}

func skipPlaceholders(raw []byte, i int) int {
	for i < len(raw) {
		r, size, _ := nextSign(raw, i)
		if !isPlaceholderSign(r) {
			break
		}
		i += size
	}
	return i
}

func (f *dateFields) interpret() writtenDate {
	if f.count == 0 {
		if f.notes&NoteCharacters == 0 && f.era == 0 {
			f.notes |= NoteEmpty
		} else {
			f.notes |= NoteCharacters
		}
		return writtenDate{0, f.era, f.notes}
	}
	if f.allUnknown() {
		return writtenDate{0, f.era, f.notes | NotePlaceholder}
	}
	if f.count == 1 || f.digits[0] >= 5 {
		if !f.splitCompact() {
			return writtenDate{0, f.era, f.notes}
		}
	}
	return f.finish()
}

func (f *dateFields) allUnknown() bool {
	for i := range f.count {
		if f.digits[i] != 0 {
			return false
		}
	}
	return true
}

// splitCompact understands a date written as one run of digits.
func (f *dateFields) splitCompact() bool {
	v, n := f.value[0], f.digits[0]
	named := f.era != 0
	f.count = 3
	switch {
	case n == 8:
		f.set(v/10000, 4, v/100%100, v%100)
	case n == 7 && !f.eraMark && eraOfDigit(v/1000000) != 0:
		f.era = eraOfDigit(v / 1000000)
		f.set(v/10000%100, 2, v/100%100, v%100)
	case n == 6 && named:
		f.set(v/10000, 2, v/100%100, v%100)
	case n == 6 && (v/10000 == 19 || v/10000 == 20) && v%100 >= 1 && v%100 <= 12:
		f.set(v/100, 4, v%100, 0)
	case n == 6:
		f.set(v/10000, 2, v/100%100, v%100)
	case n == 5 && !f.eraMark && eraOfDigit(v/10000) != 0: // era digit, year, month
		f.era = eraOfDigit(v / 10000)
		f.set(v/100%100, 2, v%100, 0)
	case n == 5 && named: // S40301 lost a zero
		f.set(v/10000, 2, v/100%100, v%100)
		f.notes |= NoteLength
	case n == 4 && !named:
		f.set(v, 4, 0, 0)
	case n == 4:
		f.set(v/100, 2, v%100, 0)
	case n <= 2 && (named || f.marked):
		f.set(v, n, 0, 0)
	case v == 0:
		f.notes |= NoteDummy
		return false
	default:
		f.notes |= NoteLength
		return false
	}
	return true
}

func (f *dateFields) set(year, yearDigits, month, day int) {
	f.value = [3]int{year, month, day}
	f.digits = [3]int{yearDigits, 2, 2}
}

// finish turns year, month and day as written into a date.
func (f *dateFields) finish() writtenDate {
	w := writtenDate{era: f.era, notes: f.notes}
	year, month, day := f.value[0], f.value[1], f.value[2]
	yearDigits := f.digits[0]
	if f.era == 0 && yearDigits <= 2 && f.count == 3 && f.digits[2] == 4 {
		// The year comes last: 1/3/1980.
		month, day, year, yearDigits = f.value[0], f.value[1], f.value[2], 4
		switch {
		case month > 12 && day <= 12:
			month, day = day, month
		case month <= 12 && day <= 12 && month != day:
			w.notes |= NoteAmbiguous
			month, day = 0, 0
		}
	}
	switch {
	case f.era != 0:
		var overrun bool
		year, overrun = f.era.gregorian(year, month, day)
		if overrun {
			w.notes |= NoteEraOverrun
		}
		w.notes |= NoteWareki
	case yearDigits == 0:
		year = 0
	case year == 0 || year == 9999 || year == 999:
		year = 0
		if month == day && (month == 0 || month == 99) || year == 0 && f.value[0] != 0 {
			w.notes |= NoteDummy
			return w
		}
	case yearDigits <= 2:
		year = 0
		w.notes |= NoteAmbiguous
	}
	if year != 0 && (year < firstYear || year > lastYear) {
		w.notes |= NoteImpossible
		return w
	}
	if f.era == 0 && year == 1900 && month == 1 && day <= 1 { // a spreadsheet's zero
		w.notes |= NoteDummy
		return w
	}
	if month == 99 {
		month = 0
	}
	if day == 99 {
		day = 0
	}
	if month > 12 {
		w.notes |= NoteImpossible
		month, day = 0, 0
	}
	if day > daysIn(year, month) {
		w.notes |= NoteImpossible
		day = 0
	}
	if month == 0 && day != 0 { // a day of no month says nothing
		day = 0
	}
	if year == 0 || month == 0 || day == 0 {
		w.notes |= NotePartUnknown
	}
	w.date = MakeDate(year, month, day)
	return w
}
