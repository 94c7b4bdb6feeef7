package normalize

import "github.com/himozuke/himozuke/normalize/gazetteer"

// addressNumbers is 丁目, block and number as one tuple.
type addressNumbers struct {
	value   [addressMaxNumbers]uint32
	n       int
	mark    uint64 // hash of signs that belong to the number: 甲, イ, 街区, 無番地
	chome   bool   // 丁目 is written
	lot     bool   // 番地 is written
	ban     bool   // 番 is written
	residue bool   // 号 is written
}

// A unit is the word behind a number.
type addressUnit uint8

const (
	noUnit       addressUnit = iota
	unitChome                // 丁目, 丁
	unitLot                  // 番地
	unitBan                  // 番
	unitGo                   // 号
	unitDash                 // - の
	unitSection              // 地割: a part like 丁目
	unitOther                // 街区, 号地, 番戸: kept apart from plain numbers
	unitHamlet               // 線, 条, 区, 組: part of a name
	unitBuilding             // 号室, 階, F, 棟
	unitEnd                  // end of text
	unitSpace                // a space
	unitText                 // other text
)

// unitAt reads the word behind a number and where it ends.
func (p *AddressParser) unitAt(pos int) (addressUnit, int) {
	next := p.codes[pos+1]
	switch p.codes[pos] {
	case 0:
		return unitEnd, pos
	case ' ', ',', '(':
		return unitSpace, pos
	case '-':
		return unitDash, pos + 1
	case gazetteer.No:
		if p.numberAhead(pos + 1) {
			return unitDash, pos + 1
		}
		if next == '町' {
			return unitHamlet, pos + 2
		}
	case '丁':
		if next == '目' {
			return unitChome, pos + 2
		}
		return unitChome, pos + 1
	case '番':
		return p.banAt(pos, next)
	case '号':
		switch next {
		case '室', '棟', '館':
			return unitBuilding, pos + 2
		case '地':
			return unitOther, pos + 2
		case '線':
			return unitHamlet, pos + 2
		}
		return unitGo, pos + 1
	case '地':
		if next == '割' {
			return unitSection, pos + 2
		}
	case '街':
		if next == '区' {
			return unitOther, pos + 2
		}
	case '画':
		if next == '地' {
			return unitOther, pos + 2
		}
	case '区':
		if next == '画' {
			return unitOther, pos + 2
		}
		return unitHamlet, pos + 1
	case '線', '条', '組':
		return unitHamlet, pos + 1
	case '階', '棟', '室', 'F':
		return unitBuilding, pos + 1
	}
	return unitText, pos
}

// banAt tells the words apart that begin with 番.
func (p *AddressParser) banAt(pos int, next uint16) (addressUnit, int) {
	switch next {
	case '地':
		if p.codes[pos+2] == '先' {
			return unitLot, pos + 3
		}
		return unitLot, pos + 2
	case '号', '先':
		return unitBan, pos + 2
	case '町', '丁', '通', '組':
		return unitHamlet, pos + 2
	case '館', '街', '棟':
		return unitBuilding, pos + 2
	case '戸':
		return unitOther, pos + 2
	case '屋', '耕': // 番屋敷, 番耕地
		if p.codes[pos+2] == '敷' || p.codes[pos+2] == '地' {
			return unitOther, pos + 3
		}
	}
	return unitBan, pos + 1
}

// numberAhead tells whether a number starts at pos.
func (p *AddressParser) numberAhead(pos int) bool {
	c := p.codes[pos]
	if c >= '0' && c <= '9' {
		return true
	}
	_, end := p.kanjiNumber(pos)
	return end > pos
}

// number reads an arabic or kanji number; end is pos when there is none.
// Kanji digits side by side are positional, or else each multiplies a unit.
func (p *AddressParser) number(pos int) (value uint32, end int) {
	if c := p.codes[pos]; c < '0' || c > '9' {
		return p.kanjiNumber(pos)
	}
	for p.codes[pos] >= '0' && p.codes[pos] <= '9' {
		value = min(value*10+uint32(p.codes[pos]-'0'), 1<<28)
		pos++
	}
	return value, pos
}

func (p *AddressParser) kanjiNumber(pos int) (value uint32, end int) {
	total, current := uint32(0), uint32(0)
	digits := 0 // in a row
	unit := uint32(10_000)
	for i := pos; ; i++ {
		r := rune(p.codes[i])
		if d := kanjiDigit(r); r >= 0x3000 && d >= 0 {
			if digits++; digits > 1 && unit < 10_000 || digits > 8 {
				return 0, pos
			}
			current = current*10 + uint32(d)
			continue
		}
		t := uint32(0)
		if r == '廿' {
			t, current = 10, 2
		} else if r >= 0x3000 {
			t = uint32(kanjiTens(r))
		}
		if t == 0 {
			return total + current, i
		}
		if digits > 1 || t >= unit {
			return 0, pos // 三五十 is a name
		}
		total += max(current, 1) * t
		current, digits, unit = 0, 0, t
	}
}

// findNumbers reads what follows the town: a hamlet (字, 小字), the numbers,
// the building.
func (p *AddressParser) findNumbers(pos int) {
	at := &p.at
	hamletFrom, before := pos, at.hamlet
	for {
		c := p.codes[pos]
		if c == 0 {
			at.hamletTo = pos
			p.endHamlet(before, pos)
			return
		}
		if c == '(' {
			if after := p.behindComment(pos); after > 0 {
				pos = after
				continue
			}
			at.hamletTo = pos
			p.endHamlet(before, pos)
			at.building = pos
			return
		}
		if start, ok := p.numbersStart(pos); ok {
			at.hamletTo = pos
			p.endHamlet(before, pos)
			p.readNumbers(start)
			return
		}
		// A numeral inside a name is hashed by its value.
		if c >= '0' && c <= '9' {
			v, end := p.number(pos)
			var numeral [8]uint16
			if v <= 9999 {
				at.hamlet = gazetteer.HashCodes(at.hamlet, gazetteer.AppendNumeral(numeral[:0], int(v)))
			} else {
				at.hamlet = gazetteer.HashCodes(at.hamlet, p.codes[pos:end])
			}
			at.hamletCodes++
			pos = end
			continue
		}
		switch {
		case c == ' ' || c == ',' || c == '-':
		case c == '字', c == '大' && p.codes[pos+1] == '字':
		case (c == gazetteer.No) && pos == hamletFrom:
		default:
			at.unread = at.unread || c == gazetteer.Wild
			at.hamlet = gazetteer.HashCode(at.hamlet, c)
			at.hamletCodes++
		}
		pos++
	}
}

// behindComment is the end of a remark in brackets that numbers follow, or 0.
func (p *AddressParser) behindComment(pos int) int {
	for i := pos; i < p.n; i++ {
		if p.codes[i] == ')' {
			i = p.skipSpace(i + 1)
			if p.numberAhead(i) {
				return i
			}
			return 0
		}
	}
	return 0
}

// endHamlet takes a lone 甲, イ or the like before the numbers off the name, by
// going back to the hash before it: it belongs to the number.
func (p *AddressParser) endHamlet(before uint64, to int) {
	if to < p.n && p.at.hamletCodes == 1 && isLotSign(p.codes[to-1]) {
		p.at.hamletCodes = 0
		p.at.hamlet = before
		p.at.numbers.mark = gazetteer.HashCode(1, p.codes[to-1])
	}
}

func isLotSign(c uint16) bool {
	switch c {
	case '甲', '乙', '丙', '丁', '戊', '己', '庚', '辛', '壬', '癸',
		'イ', 'ロ', 'ハ', 'ニ', 'ホ', 'ヘ', 'ト', 'チ', 'リ', 'ヌ', 'ル', 'オ', 'ワ', 'カ', 'ヨ', 'タ', 'レ', 'ソ', 'ツ', 'ネ', 'ナ', 'ラ', 'ム':
		return true
	}
	return false
}

// numbersStart tells whether the block of numbers begins at pos, and where its
// first number is.
func (p *AddressParser) numbersStart(pos int) (int, bool) {
	c := p.codes[pos]
	if c == '第' {
		if !p.numberAhead(pos + 1) {
			return 0, false
		}
		pos++
		c = p.codes[pos]
	}
	if c == '無' && p.codes[pos+1] == '番' && p.codes[pos+2] == '地' ||
		c == '番' && p.codes[pos+1] == '外' && p.codes[pos+2] == '地' {
		return pos, true
	}
	arabic := c >= '0' && c <= '9'
	if !arabic && (c < 0x3000 || kanjiDigit(rune(c)) < 0 && kanjiTens(rune(c)) == 0 && c != '廿') {
		return 0, false
	}
	value, end := p.number(pos)
	unit, after := p.unitAt(end)
	switch unit {
	case unitHamlet:
		return 0, false
	case unitSection:
		// 第9地割字銅屋13: the section is part of the name.
		return pos, p.codes[after] != '字' && (!p.isTownText(after) || p.numberAhead(after))
	case unitText:
		return pos, arabic && !p.nameGoesOn(end)
	case unitBan, unitGo:
		// 一番沢 is a name, 一番三号 and 一番 are numbers.
		return pos, arabic || value >= 20 || !p.isNameSign(after)
	case unitDash, unitEnd, unitSpace, unitLot, unitChome, unitOther, unitBuilding:
		return pos, arabic || unit != unitBuilding
	}
	return 0, false
}

// nameGoesOn tells whether text behind a number, that is no unit, is followed
// by another number with 番地 or 丁目, so that the first belongs to a name.
func (p *AddressParser) nameGoesOn(pos int) bool {
	for ; p.codes[pos] != 0; pos++ {
		c := p.codes[pos]
		if c == ' ' || c == '(' {
			return false
		}
		if c == '番' && p.codes[pos+1] == '地' && p.codes[pos-1] >= '0' && p.codes[pos-1] <= '9' {
			return true
		}
	}
	return false
}

func (p *AddressParser) isNameSign(pos int) bool {
	c := p.codes[pos]
	katakana := c >= 'ァ' && c <= 'ヿ' && c != gazetteer.Ke
	return c >= 0x3040 && c != 0xFFFD && !katakana && !p.numberAhead(pos) && c != '地' && c != '第' && c != '甲' && c != '乙'
}

// readNumbers reads the tuple and finds where the building begins.
func (p *AddressParser) readNumbers(pos int) {
	at := &p.at
	num := &at.numbers
	joined := true // the next number belongs to the tuple even behind a space
	dashed := false
	for {
		start := pos
		pos = p.skipSpace(pos)
		spaced := pos > start
		c := p.codes[pos]
		if c == 0 {
			return
		}
		numbered := c == '第' && p.numberAhead(pos+1)
		if numbered {
			pos++
			c = p.codes[pos]
		}
		if c == '無' && p.codes[pos+1] == '番' || c == '番' && p.codes[pos+1] == '外' {
			num.mark = gazetteer.HashCode(num.mark, '無')
			pos += 3
			joined = false
			continue
		}
		v, end := p.number(pos)
		if end == pos {
			if num.n > 0 && joined && isLotSign(c) && (p.numberAhead(pos+1) || p.codes[pos+1] == 0) {
				num.mark = gazetteer.HashCode(num.mark, c)
				pos++
				continue
			}
			if c == gazetteer.Wild && joined {
				*num = addressNumbers{} // 1-●-3
				return
			}
			at.building = pos
			return
		}
		unit, after := p.unitAt(end)
		if num.n > 0 && unit == unitText && (numbered || c > 0x3000 && !dashed) {
			at.building = start // 第2マルワビル, 千葉ビル
			return
		}
		if num.n > 0 && (spaced && !joined || unit == unitBuilding || unit == unitText && p.roomLike(v) && num.n >= 2 ||
			num.n == addressMaxNumbers || p.isRoom(v, unit)) {
			at.building = pos
			return
		}
		if num.n == 0 && unit == unitBuilding {
			at.building = pos
			return
		}
		if c > 0x3000 {
			p.notes |= NoteKanjiNumerals
		}
		num.value[num.n] = v
		num.n++
		joined = true
		switch unit {
		case unitChome:
			num.chome = num.chome || num.n == 1
		case unitLot:
			num.lot = true
		case unitBan:
			num.ban = true
		case unitGo:
			num.residue = true
			joined = false
		case unitOther:
			num.mark = gazetteer.HashCodes(num.mark, p.codes[end:after])
		case unitHamlet:
			num.mark = gazetteer.HashCode(num.mark, p.codes[end])
		case unitEnd:
			return
		case unitSpace:
			joined = false
		case unitText:
			if p.codes[end] == gazetteer.Wild {
				*num = addressNumbers{}
				return
			}
			at.building = end
			return
		}
		pos = after
		dashed = unit == unitDash
		if unit != unitDash && unit != unitSpace {
			// 番地の3, 2丁目-3
			for p.codes[pos] == '-' || p.codes[pos] == gazetteer.No && p.numberAhead(pos+1) {
				pos++
				joined, dashed = true, true
			}
		}
	}
}

// isRoom tells whether a number at the end of a full tuple is a room.
func (p *AddressParser) isRoom(v uint32, unit addressUnit) bool {
	num := &p.at.numbers
	if unit == unitLot || unit == unitBan || unit == unitChome {
		return false
	}
	chome := p.hasChome()
	switch {
	case num.n >= 3 && chome:
		return v > 100
	case num.n >= 3:
		return p.roomLike(v)
	case num.n == 2 && !chome && p.at.town >= 0:
		return p.roomLike(v)
	}
	return false
}

// roomLike tells whether a number looks like floor and door: 101, 1205.
func (p *AddressParser) roomLike(v uint32) bool {
	return v > 100 && v < 6000 && v%100 >= 1 && v%100 <= 40
}

// The highest 丁目 there is, with some to spare: 帯広市西十九条南四十二丁目, and
// outside Hokkaido 京都市東山区本町二十二丁目. There two numbers of which the first
// is above nine are mostly a lot and its branch.
const (
	mostChomeHokkaido = 45
	mostChome         = 24
	mostChomeOfTwo    = 9
)

// hasChome tells whether the first number is 丁目: where it is written, and in
// a town that has 丁目 where nothing speaks against it, as 番地, 大字 (which names
// what lies outside the 丁目) and a large number do.
func (p *AddressParser) hasChome() bool {
	num := &p.at.numbers
	if num.chome || num.lot || p.at.oaza || !p.at.chome {
		return num.chome
	}
	most := uint32(mostChome)
	if p.at.prefecture == 1 {
		most = mostChomeHokkaido
	} else if num.n <= 2 {
		most = mostChomeOfTwo
	}
	return num.value[0] <= most
}

// pack puts the tuple into a key. Tuples in common use are packed so that no
// two are equal; the others are hashed.
//
// A lot number in a town that has 丁目 is packed apart from 丁目 and block:
// 2番地11 and 2丁目11 are two places.
func (a *addressNumbers) pack(k *AddressKey, lotInChomeTown bool) {
	if a.chome {
		k.Flags |= AddressChome
	}
	if a.lot || lotInChomeTown && a.n > 0 {
		k.Flags |= AddressLot
	}
	if a.residue && (a.ban || a.chome) {
		k.Flags |= AddressResidence
	}
	if a.n == 0 && a.mark == 0 {
		return
	}
	k.Block = gazetteer.Fold16(gazetteer.HashCode(gazetteer.HashCode(gazetteer.HashCode(a.mark, uint16(a.value[0])), uint16(a.value[0]>>16)), uint16(a.value[1])))
	v := &a.value
	switch {
	case a.mark == 0 && !lotInChomeTown && a.n <= 3 && v[0] >= 1 && v[0] < 1<<7 && small(v[1], a.n > 1, 12) && small(v[2], a.n > 2, 12):
		k.Numbers = v[0]<<24 | v[1]<<12 | v[2]
	case a.mark == 0 && a.n <= 2 && v[0] >= 1 && v[0] < 1<<15 && small(v[1], a.n > 1, 15):
		k.Numbers = 1<<31 | v[0]<<15 | v[1]
	default:
		state := a.mark
		if lotInChomeTown {
			state = gazetteer.HashCode(state, '地')
		}
		for _, x := range v[:a.n] {
			state = gazetteer.HashCode(gazetteer.HashCode(state, uint16(x)), uint16(x>>16)+1)
		}
		k.Numbers = 3<<30 | gazetteer.Fold32(state)>>2
	}
}

// small tells whether a number that is present fits its bits and is not zero,
// which stands for "absent".
func small(v uint32, present bool, bits int) bool {
	return !present || v >= 1 && v < 1<<bits
}

// buildingHash is the room if there is one, else the text.
func (p *AddressParser) buildingHash() uint8 {
	text := p.codes[p.at.building:p.n]
	if room, ok := roomOf(text); ok {
		return gazetteer.Fold8(gazetteer.HashCode(uint64(room>>16)+1, uint16(room)))
	}
	state, kept := uint64(1), 0
	for _, c := range text {
		if c == ' ' || c == '-' || c == ',' || c == '(' || c == ')' {
			continue
		}
		state = gazetteer.HashCode(state, c)
		kept++
	}
	if kept == 0 {
		return 0
	}
	return gazetteer.Fold8(state)
}

// roomOf finds the last number of a building text, which is the room where
// there is one; floors and houses alone are not rooms.
func roomOf(text []uint16) (uint32, bool) {
	value, found := uint32(0), false
	for i := 0; i < len(text); {
		if text[i] < '0' || text[i] > '9' {
			i++
			continue
		}
		v := uint32(0)
		for i < len(text) && text[i] >= '0' && text[i] <= '9' {
			v = min(v*10+uint32(text[i]-'0'), 1<<28)
			i++
		}
		value, found = v, true
	}
	return value, found
}
