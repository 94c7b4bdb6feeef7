package normalize

// A kana code is one byte: katakana are rune-0x30A0 after the strong fold
// (ア is 0x02, ー is [KanaDash]), any printable ASCII sign that account names
// may hold (A-Z, 0-9, parentheses, period …) is 0x80|sign, and [KanaWildcard]
// stands for a character nobody could read.
const (
	KanaBase      = 0x30A0
	KanaDash      = 0x5C // ー and every hyphen written in its place
	KanaASCII     = 0x80 // flag: the low seven bits are an ASCII sign
	KanaSeparator = 0x00 // between family and given name in joined form
	KanaWildcard  = 0xFF // ● 〓 □ ? U+FFFD: matches anything, weighs nothing
)

// A kanji code is the code point of the character after the strong fold, in
// two bytes. Characters beyond the BMP that no fold brings back into it are
// hashed into the surrogate range, which no text uses. Latin letters are upper
// case ASCII.
const (
	KanjiWildcard = 0xFFFD // ● 〓 □ ? U+FFFD private use: matches anything
)

// Sex follows ISO/IEC 5218, reduced to what can be compared.
type Sex uint8

// Sexes; everything that is neither is unknown and weighs nothing.
const (
	SexUnknown Sex = 0
	Male       Sex = 1
	Female     Sex = 2
)

// Date is year<<9 | month<<5 | day of the Gregorian calendar. A zero part is
// an unknown part (month or day 00 in the register), the zero Date is no date.
type Date uint32

// MakeDate packs a date; parts that are not known are zero.
func MakeDate(year, month, day int) Date { return Date(year<<9 | month<<5 | day) }

// Year is zero when it is not known.
func (d Date) Year() int { return int(d >> 9) }

// Month is zero when it is not known.
func (d Date) Month() int { return int(d>>5) & 15 }

// Day is zero when it is not known.
func (d Date) Day() int { return int(d) & 31 }

// PostalCode is the seven digits as a number; zero is unknown or a placeholder.
type PostalCode uint32

// AddressKey is what the engine keeps of an address: hashes of its parts from
// the coarse to the fine, so that agreement levels are integer comparisons.
// A zero part is not known. It holds no text.
type AddressKey struct {
	Town         uint32       // municipality, town and hamlet (町字), strong fold
	Numbers      uint32       // 丁目, block and number, in full
	Municipality uint16       // JIS X 0402 code without check digit (13101)
	TownWeak     uint16       // town with 大字/字/町 and ケ/ノ variation folded away; no 小字
	Block        uint16       // 丁目 and block only (the first two numbers)
	Building     uint8        // room, or the building where no room is given
	Flags        AddressFlags // how the numbers were written
}

// NameForm is one written form of a person's name in kanji codes. When the
// raw text had no separator the whole of it is in Family and Split is false.
type NameForm struct {
	Family, Given []uint16
	Split         bool
}

// KanaForm is the same for kana codes.
type KanaForm struct {
	Family, Given []byte
	Split         bool
}
