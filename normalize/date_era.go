package normalize

// An era of the Japanese calendar, numbered as in the registers of the
// administration (1 明治 … 5 令和). Zero is the Gregorian calendar.
type era uint8

const (
	meiji era = iota + 1
	taisho
	showa
	heisei
	reiwa
)

// eras holds, for each era, the year before its first, and its first and last
// day. The last day of the current era is not known.
var eras = [...]struct {
	name        string
	offset      int
	first, last Date
}{
	meiji:  {"meiji", 1867, MakeDate(1868, 1, 25), MakeDate(1912, 7, 30)},
	taisho: {"taisho", 1911, MakeDate(1912, 7, 30), MakeDate(1926, 12, 25)},
	showa:  {"showa", 1925, MakeDate(1926, 12, 25), MakeDate(1989, 1, 7)},
	heisei: {"heisei", 1988, MakeDate(1989, 1, 8), MakeDate(2019, 4, 30)},
	reiwa:  {"reiwa", 2018, MakeDate(2019, 5, 1), MakeDate(lastYear, 12, 31)},
}

// String is the calendar's name in JSON.
func (e era) String() string {
	if e == 0 {
		return "gregorian"
	}
	return eras[e].name
}

// gregorian converts a year of the era and tells whether the date lies outside
// the era, as dates do that were written on after its end (昭和64年2月, 平成32年).
// Unknown parts are given the benefit of the doubt.
func (e era) gregorian(year, month, day int) (int, bool) {
	if year == 0 {
		return 0, false
	}
	g := eras[e].offset + year
	return g, outside(MakeDate(g, month, day), eras[e].first, eras[e].last)
}

func outside(d, first, last Date) bool {
	switch {
	case d.Month() == 0:
		return d.Year() < first.Year() || d.Year() > last.Year()
	case d.Day() == 0:
		return d>>5 < first>>5 || d>>5 > last>>5
	}
	return d < first || d > last
}

// eraOfSign knows the first character of an era's name, its letter and its
// ligature. The second character of a name carries no news.
func eraOfSign(r rune) era {
	switch r {
	case '明', 'M', '㍾':
		return meiji
	case '大', 'T', '㍽':
		return taisho
	case '昭', 'S', '㍼':
		return showa
	case '平', 'H', '㍻':
		return heisei
	case '令', 'R', '㋿':
		return reiwa
	}
	return 0
}

func eraOfDigit(d int) era {
	if d >= int(meiji) && d <= int(reiwa) {
		return era(d)
	}
	return 0
}
