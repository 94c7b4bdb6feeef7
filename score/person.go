package score

import "github.com/himozuke/himozuke/normalize"

// Person is one record as comparisons see it: a view into the columns of the
// store or into the parsers of the row at hand. It owns nothing.
type Person struct {
	Name      normalize.NameForm
	Kana      normalize.KanaForm
	Former    []uint16           // former family name (旧氏)
	Alias     normalize.NameForm // registered alias (通称) or the kanji beside a Latin name
	Birth     normalize.Date
	Sex       normalize.Sex
	Postal    normalize.PostalCode
	Address   normalize.AddressKey
	Household uint32 // hash of the household id or of address and family name; 0 is none
}
