package normalize

import "encoding/binary"

// MyNumber is the Japanese 個人番号: twelve digits, the last a check digit by
// Order 85 of 2014 of the Ministry of Internal Affairs, article 5.
type MyNumber struct{}

const myNumberDigits = 12

// Name implements [Scheme].
func (MyNumber) Name() string { return "jp-mynumber" }

// Parse implements [Scheme]. A spreadsheet drops a leading zero: eleven digits
// are restored, and noted [NoteLength], only if the check digit then fits.
func (MyNumber) Parse(raw []byte) (Number, Notes, bool) {
	if len(raw) == myNumberDigits {
		if v, fits := readTwelve(raw); fits && v%repeatedTwelve != 0 {
			return Number(v), 0, true
		}
	}
	var d digitRun
	d.read(raw)
	if d.unreadable() {
		return 0, d.notes, false
	}
	v := d.value()
	switch {
	case d.n == myNumberDigits-1 && myNumberFits(v) && !d.repeated():
		return Number(v), d.notes | NoteLength, true
	case d.n != myNumberDigits:
		return 0, d.notes | NoteLength, false
	case d.repeated():
		return 0, d.notes | NoteDummy, false
	case !myNumberFits(v):
		return 0, d.notes | NoteCheckDigit, false
	}
	return Number(v), d.notes, true
}

// Append implements [Scheme].
func (MyNumber) Append(dst []byte, n Number) []byte {
	return appendPadded(dst, uint64(n), myNumberDigits)
}

// AppendSlips implements [Scheme]. Every suspect of an audit is asked, so it
// moves the weighted sum by what a slip changes instead of adding it up anew.
func (MyNumber) AppendSlips(dst []Number, n Number) []Number {
	var digit, weight, unit [myNumberDigits]int
	sum := 0
	for i, v, u := 0, uint64(n), 1; i < myNumberDigits; i, v, u = i+1, v/10, u*10 {
		digit[i], unit[i] = int(v%10), u
		if i > 0 {
			weight[i] = (i-1)%6 + 2
			sum += digit[i] * weight[i]
		}
	}
	sum += 11 * 11 * 10 // keeps every moved sum positive
	for i := range myNumberDigits {
		for other := range 10 {
			change := other - digit[i]
			check := digit[0]
			if i == 0 {
				check = other
			}
			if change != 0 && checkOfSum(sum+change*weight[i]) == check {
				dst = append(dst, n+Number(change*unit[i]))
			}
		}
	}
	for i := range myNumberDigits - 1 {
		change := digit[i+1] - digit[i]
		check := digit[0]
		if i == 0 {
			check = digit[1]
		}
		if change != 0 && checkOfSum(sum+change*(weight[i]-weight[i+1])) == check {
			dst = append(dst, n+Number(change*(unit[i]-unit[i+1])))
		}
	}
	return dst
}

const repeatedTwelve = 111_111_111_111

// readTwelve reads twelve ASCII digits, four and eight at once, and tells
// whether they are that and the last is the check digit. The products put the
// weighted sum of every second digit into the highest sixteen bits.
func readTwelve(raw []byte) (v uint64, fits bool) {
	head, tail := binary.LittleEndian.Uint32(raw), binary.LittleEndian.Uint64(raw[4:myNumberDigits])
	if !areDigits(uint64(head)|uint64(head)<<32) || !areDigits(tail) {
		return 0, false
	}
	const (
		odd  = 0x000F000F000F000F
		odd4 = 0x000F000F
	)
	sum := head&odd4*(6<<16|4)>>16 + head>>8&odd4*(5<<16|3)>>16 +
		uint32(tail&odd*(2<<48|6<<32|4<<16|2)>>48) + uint32(tail>>8&odd*(7<<48|5<<32|3<<16)>>48)
	v = uint64(fourDigits(head))*100_000_000 + uint64(eightDigits(tail))
	return v, checkOfSum(int(sum)) == int(raw[myNumberDigits-1]-'0')
}

func myNumberFits(v uint64) bool { return v%10 == MyNumberCheckDigit(v/10) }

// MyNumberCheckDigit is the check digit of the first eleven digits: weights 2
// to 7 and 2 to 6 from the lowest digit, 11 minus the sum modulo 11, zero for
// a remainder of 0 or 1.
func MyNumberCheckDigit(first11 uint64) uint64 {
	sum := uint64(0)
	for weight := uint64(2); first11 > 0; first11 /= 10 {
		sum += first11 % 10 * weight
		if weight++; weight == 8 {
			weight = 2
		}
	}
	return uint64(checkOfSum(int(sum)))
}

// checkOfSum is the check digit that belongs to a weighted sum.
func checkOfSum(sum int) int {
	if r := sum % 11; r > 1 {
		return 11 - r
	}
	return 0
}
