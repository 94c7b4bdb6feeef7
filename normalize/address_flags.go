package normalize

// AddressFlags says how the numbers of an address were written, so that a
// comparison can tell "differs" from "cannot be decided".
type AddressFlags uint8

// The flags.
const (
	AddressLot       AddressFlags = 1 << iota // 番地 is written: a lot number (地番)
	AddressResidence                          // 番 and 号 are written: a residence number (住居表示)
	AddressChome                              // 丁目 is written, or the town is known to have 丁目
	AddressTownKnown                          // the town is in the gazetteer
	AddressAmbiguous                          // several municipalities remain possible
)

// Undecided reports whether a and b may be one place although their numbers
// differ: the same town, where one side gives a lot number (地番) and the
// other a residence number (住居表示). No gazetteer of towns can tell.
func (a AddressKey) Undecided(b AddressKey) bool {
	if a.Municipality != b.Municipality || a.TownWeak != b.TownWeak || a.TownWeak == 0 ||
		a.Numbers == b.Numbers || a.Numbers == 0 || b.Numbers == 0 {
		return false
	}
	mixed := a.Flags.lot() && b.Flags.residence() || b.Flags.lot() && a.Flags.residence()
	return mixed || a.Block == b.Block && (a.Flags.lot() != b.Flags.lot())
}

func (f AddressFlags) lot() bool       { return f&AddressLot != 0 }
func (f AddressFlags) residence() bool { return f&AddressResidence != 0 }
