package normalize

import "github.com/himozuke/himozuke/normalize/gazetteer"

// plainNumbers reads what nearly all addresses have behind the town: up to
// three arabic numbers with 丁目, 番地, 番, 号, hyphen or の behind them, and
// then the end, or a space and the building. It reads the text itself, from an
// offset on, where codes of it are folded already. All else is left to
// [AddressParser.findNumbers]: then it is false.
func (p *AddressParser) plainNumbers(raw []byte, i, codes int) bool {
	num := &p.at.numbers
	*num = addressNumbers{}
	joined := false // a number behind a space would belong to the tuple
	for {
		v, digits := uint32(0), 0
		for ; i < len(raw); digits++ {
			if c := raw[i] - '0'; c < 10 {
				v = v*10 + uint32(c)
				i++
			} else if c := digitOfWidth(raw, i); c < 10 {
				v = v*10 + uint32(c)
				i += 3
			} else {
				break
			}
		}
		if digits == 0 || digits > 6 || num.n == plainNumbersMost || num.n == 2 && v > 100 { // a room
			return false
		}
		codes += digits
		num.value[num.n] = v
		num.n++

		code, size := p.codeAt(raw, i)
		next, nextSize := uint16(0), 0
		switch joined = true; code {
		case '丁':
			if next, nextSize = p.codeAt(raw, i+size); next != '目' || num.n > 1 {
				return false
			}
			num.chome = true
		case '番':
			if next, nextSize = p.codeAt(raw, i+size); next == '地' {
				num.lot = true
			} else {
				num.ban = true
				nextSize = 0
			}
		case '号':
			num.residue = true
			joined = false
		case '-', gazetteer.No:
			if !p.isArabic(raw, i+size) {
				return false
			}
			i += size
			codes++
			continue
		default:
			joined = false
			size = 0
		}
		if size > 0 {
			i += size + nextSize
			codes++
			if nextSize > 0 {
				codes++
			}
			if code, size = p.codeAt(raw, i); joined && (code == '-' || code == gazetteer.No) { // 番地の3
				if !p.isArabic(raw, i+size) {
					return false
				}
				i += size
				codes++
				continue
			}
		}
		switch {
		case i == len(raw):
			p.n, p.codes[codes], p.notes = codes, 0, 0
			p.at.building = codes
			return true
		case code == ' ' || code == ',' || code == '(':
			return p.plainBuilding(raw, i, codes, joined)
		case !joined || !p.isArabic(raw, i):
			return false
		}
	}
}

const plainNumbersMost = 3

// digitOfWidth is the full-width digit at i; ten and more is none.
func digitOfWidth(raw []byte, i int) byte {
	if raw[i] == 0xEF && i+2 < len(raw) && raw[i+1] == 0xBC {
		return raw[i+2] - 0x90
	}
	return 10
}

func (p *AddressParser) isArabic(raw []byte, i int) bool {
	return i < len(raw) && (raw[i]-'0' < 10 || digitOfWidth(raw, i) < 10)
}

// codeAt is the code of the character at i and its size; zero where there is
// none, or one that is not plain.
func (p *AddressParser) codeAt(raw []byte, i int) (uint16, int) {
	if i >= len(raw) {
		return 0, 0
	}
	c := raw[i]
	if c < 0x80 {
		return p.places.Fold[c], 1
	}
	if c >= 0xE0 && c < 0xF0 && i+2 < len(raw) && raw[i+1]&0xC0 == 0x80 && raw[i+2]&0xC0 == 0x80 {
		return p.places.Fold[uint16(c)<<12|uint16(raw[i+1]&0x3F)<<6|uint16(raw[i+2]&0x3F)], 3
	}
	return 0, 0
}

// plainBuilding folds the rest of the text, which is the building unless it
// goes on with a word that belongs to the numbers.
func (p *AddressParser) plainBuilding(raw []byte, i, codes int, joined bool) bool {
	p.fold(raw, i, codes)
	at := p.skipSpace(codes)
	c := p.codes[at]
	switch {
	case c == '第' || c == '無' || c == '番':
		return false
	case joined && c != 0 && (c == gazetteer.Wild || isLotSign(c) || p.numberAhead(at)):
		return false
	case c == 0:
		at = p.n
	}
	p.at.building = at
	return true
}
