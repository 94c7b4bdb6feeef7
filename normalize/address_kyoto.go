package normalize

import "github.com/himozuke/himozuke/normalize/gazetteer"

// Addresses of Kyoto put a crossing before the town: 寺町通御池上る上本能寺前町.
// The street name says where, not what: it is taken out, and kept only where a
// ward has several places of one name.

func inKyoto(code uint16) bool { return code >= 26100 && code < 26120 }

// kyotoTown reads a town behind a street name. It is false when there is no
// street name; then the town stands where it stands everywhere.
func (p *AddressParser) kyotoTown(towns *gazetteer.Towns, pos int) (int, bool) {
	behind := p.behindDirection(towns, pos)
	if behind < 0 {
		value, end := p.walkTown(towns, p.townStart(pos))
		if value != 0 {
			p.takeTown(value, end)
			p.choosePlace(0)
			return end, true
		}
		return p.townBehindStreet(towns, pos)
	}
	value, end := p.walkTown(towns, behind)
	if value == 0 {
		return 0, false
	}
	p.at.streetFrom, p.at.streetTo = pos, behind
	p.notes |= NoteStreetName
	p.takeTown(value, end)
	p.choosePlace(gazetteer.HashStreet(p.codes[pos:behind]))
	return end, true
}

// behindDirection finds the end of the last 上ル, 下ル, 東入ル, 西入ル … before the
// building, or -1.
func (p *AddressParser) behindDirection(towns *gazetteer.Towns, pos int) int {
	found := -1
	for i := pos + 1; i < p.n; i++ {
		end := p.directionAt(i)
		if end == 0 {
			continue
		}
		if v, after := p.number(end); after > end && v < 20 && p.codes[after] == '筋' && p.codes[after+1] == '目' {
			end = after + 2
		}
		// 東入二丁目 belongs to the direction.
		if v, after := p.number(p.skipSpace(end)); after > end && v < 20 {
			if unit, behind := p.unitAt(after); unit == unitChome {
				if _, e := p.walkTown(towns, p.skipSpace(behind)); e > 0 {
					end = behind
				}
			}
		}
		found = p.skipSpace(end)
		i = end - 1
	}
	return found
}

// directionAt gives the end of a direction that starts at i, or 0.
func (p *AddressParser) directionAt(i int) int {
	c, next := p.codes[i], p.codes[i+1]
	switch c {
	case '上', '下':
		if next == 'ル' {
			return i + 2
		}
		if (next == gazetteer.Ke || next == 'サ') && p.codes[i+2] == 'ル' {
			return i + 3
		}
	case '東', '西', '南', '北':
		if next != '入' {
			return 0
		}
		if p.codes[i+2] == 'ル' {
			return i + 3
		}
		if p.codes[i+2] == 'リ' || p.codes[i+2] == 'イ' && p.codes[i+3] != 'ル' {
			return i + 3
		}
		if p.codes[i+2] == 'イ' {
			return i + 4
		}
		return i + 2
	}
	return 0
}

// townBehindStreet finds a town behind 烏丸通 without a direction: the longest
// that the numbers or the end follow.
func (p *AddressParser) townBehindStreet(towns *gazetteer.Towns, pos int) (int, bool) {
	bestValue, bestFrom, bestEnd := gazetteer.TownValue(0), 0, 0
	for i := pos + 1; i < p.n; i++ {
		c := p.codes[i]
		if c == '(' || c >= '0' && c <= '9' && (p.codes[i+1] != '丁' || p.codes[i+2] != '目') {
			break
		}
		value, end := p.walkTown(towns, i)
		if value != 0 && end-i >= 2 && end-i > bestEnd-bestFrom && !p.isTownText(end) {
			bestValue, bestFrom, bestEnd = value, i, end
		}
	}
	if bestValue == 0 {
		return 0, false
	}
	p.at.streetFrom, p.at.streetTo = pos, bestFrom
	p.notes |= NoteStreetName
	p.walkTown(towns, bestFrom) // leaves its path
	p.takeTown(bestValue, bestEnd)
	p.choosePlace(gazetteer.HashStreet(p.codes[pos:bestFrom]))
	return bestEnd, true
}

// choosePlace tells the places of one ward that share a name apart, by street
// (0 is none) or else by postal code.
func (p *AddressParser) choosePlace(street uint64) {
	town := p.at.town
	if !p.at.streets {
		return
	}
	place := uint32(0)
	if street != 0 {
		place = p.towns.ByStreet(town, street)
	}
	if place == 0 {
		place = uint32(p.postal)
	}
	if place == 0 && street == 0 {
		p.notes |= NoteAmbiguous
		return
	}
	state := p.at.hamlet
	if place != 0 {
		street = uint64(place)
	}
	for ; street != 0; street >>= 16 {
		state = gazetteer.HashCode(state, uint16(street))
	}
	p.at.hamlet = state
}
