package score

import "github.com/himozuke/himozuke/normalize"

// CompareDate compares birth dates:
//
//   - Exact: the same day
//   - Notation: the same year, and all else that both sides know; a month or
//     day is not known
//   - Near: one slip apart: a digit replaced, neighbouring digits exchanged,
//     month and day exchanged, a part off by one, a year off by ten or by the
//     distance of two eras
//   - Part: two of year, month and day
//   - Different
//   - Unknown: no date on one side, or no part known to both
func CompareDate(a, b normalize.Date) Level {
	if a == 0 || b == 0 {
		return Unknown
	}
	ya, ma, da := a.Year(), a.Month(), a.Day()
	yb, mb, db := b.Year(), b.Month(), b.Day()
	if ya == 0 || ma == 0 || da == 0 || yb == 0 || mb == 0 || db == 0 {
		return compareIncompleteDate(ya, ma, da, yb, mb, db)
	}
	if a == b {
		return Exact
	}
	agreeing := 0
	for _, same := range [...]bool{ya == yb, ma == mb, da == db} {
		if same {
			agreeing++
		}
	}
	if agreeing > 0 && isDateSlip(ya, ma, da, yb, mb, db) {
		return Near
	}
	if agreeing == 2 {
		return Part
	}
	return Different
}

func compareIncompleteDate(ya, ma, da, yb, mb, db int) Level {
	known, agreeing := 0, 0
	for _, part := range [...][2]int{{ya, yb}, {ma, mb}, {da, db}} {
		if part[0] != 0 && part[1] != 0 {
			known++
			if part[0] == part[1] {
				agreeing++
			}
		}
	}
	switch {
	case known == 0:
		return Unknown
	case agreeing == known && ya != 0 && yb != 0:
		return Notation
	case agreeing == known, agreeing == 2:
		return Part
	}
	return Different
}

// eraDistance marks the differences of years that a wrong era or a wrong
// century makes: 昭和 for 大正 is 14 years off, 平成 for 昭和 63, 令和 for 平成
// 30; 昭和55 read as 1955 is 25 off, 平成2 read as 2002 12, 令和5 as 2005 18.
var eraDistance = [...]bool{
	1: true, 10: true, 12: true, 14: true, 18: true, 25: true, 30: true,
	44: true, 58: true, 63: true, 77: true, 93: true, 100: true,
}

// isDateSlip tells whether one slip of the hand makes one complete date from
// the other.
func isDateSlip(ya, ma, da, yb, mb, db int) bool {
	if ma == mb && da == db {
		if d := max(ya-yb, yb-ya); d < len(eraDistance) && eraDistance[d] {
			return true
		}
	}
	if ya == yb {
		if ma == db && da == mb {
			return true
		}
		if da == db && max(ma-mb, mb-ma) == 1 || ma == mb && max(da-db, db-da) == 1 {
			return true
		}
	}
	return isDigitSlip(dateDigits(ya, ma, da), dateDigits(yb, mb, db))
}

// dateDigits is YYYYMMDD as eight nibbles.
func dateDigits(y, m, d int) uint32 {
	return uint32(decimal(y/100))<<24 | uint32(decimal(y%100))<<16 | uint32(decimal(m))<<8 | uint32(decimal(d))
}

func decimal(n int) int { return n/10<<4 | n%10 }

// isDigitSlip tells whether one nibble, or two neighbours exchanged, is all
// that differs.
func isDigitSlip(a, b uint32) bool {
	for shift := 0; shift < 32; shift += 4 {
		if x := a ^ b; x>>shift&0xF == 0 {
			continue
		} else if x>>shift < 16 {
			return true // the only digit that differs
		} else if x>>shift < 256 {
			lowA, highA := a>>shift&0xF, a>>(shift+4)&0xF
			lowB, highB := b>>shift&0xF, b>>(shift+4)&0xF
			return lowA == highB && highA == lowB
		}
		return false
	}
	return false
}
