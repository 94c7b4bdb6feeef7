package normalize

import (
	"bytes"
	"unicode/utf8"

	"github.com/himozuke/himozuke/normalize/gazetteer"
)

const (
	addressMaxCodes   = 160 // what lies behind is building text
	addressMaxNumbers = 6
)

// AddressParser turns addresses into keys. Its zero value is ready; it is
// reused row after row and must not be shared between goroutines.
type AddressParser struct {
	places *gazetteer.Gazetteer
	towns  *gazetteer.Towns            // of the municipality at hand
	codes  [addressMaxCodes + 2]uint16 // folded text, ended by a zero
	n      int
	path   [addressMaxCodes]uint16 // codes of the town walked last, as the gazetteer has them
	pathTo int
	only   [1]uint16
	raw    []byte // during Parse only
	postal PostalCode
	notes  Notes
	at     addressParts

	known    knownPrefix
	previous uint16 // municipality of the row before

	memory    *knownTowns
	unlearned int    // addresses read before there is a memory
	digits    int    // where the first digit of the text is, in bytes; -1 where what is before it is not kept
	digitCode int    // and in codes, -1 where it was not folded
	wider     bool   // more than the text before it told the town
	hash      uint64 // of the text before it

	last    lastAddress
	repeats bool // the text is that of the last one
}

// lastAddress is the address read last. Files mostly go by household, and every
// other row repeats the address of the row before.
type lastAddress struct {
	raw          []byte
	postal       PostalCode
	municipality uint16 // the hint
	key          AddressKey
	notes        Notes
}

// addressParts is where the parts of the text were found.
type addressParts struct {
	prefecture   int // 1 to 47
	municipality int // index in the gazetteer, 0 unknown
	code         uint16
	town         int  // index in the gazetteer, -1 unknown
	chome        bool // addresses of the town have 丁目
	streets      bool // the town is several places
	townWeak     uint16
	townFrom     int // where the town text starts
	townTo       int // where the gazetteer's town ends
	streetFrom   int // Kyoto street name before the town
	streetTo     int
	oaza         bool   // 大字 is written
	hamlet       uint64 // hash state of town and hamlet (字)
	hamletTo     int    // end of the text before the numbers
	hamletCodes  int    // characters of it that count
	unread       bool   // ● among them
	building     int    // where the building text starts, n if there is none
	numbers      addressNumbers
}

// Parse reads an address. The postal code decides between municipalities of
// one name and stands in for one that is not written; where it is not known,
// the municipality hint (the holder's, 0 if there is none) does.
func (p *AddressParser) Parse(raw []byte, postal PostalCode, municipality uint16) (k AddressKey, notes Notes) {
	p.Begin(raw)
	notes = p.Finish(&k, postal, municipality)
	return k, notes
}

// Begin and Finish are Parse in two steps. Between them other fields of the row
// can be read, while what Finish needs is on its way from memory.
func (p *AddressParser) Begin(raw []byte) {
	if p.places == nil {
		p.places = gazetteer.Load()
	}
	p.raw = raw
	if p.repeats = len(raw) > 0 && bytes.Equal(raw, p.last.raw); !p.repeats {
		p.lookUp()
	}
}

// Finish reads the address that Begin was given into k.
func (p *AddressParser) Finish(k *AddressKey, postal PostalCode, municipality uint16) Notes {
	last := &p.last
	if p.repeats {
		if postal == last.postal && municipality == last.municipality {
			*k = last.key
			return last.notes
		}
		p.lookUp()
	} else {
		last.raw = append(last.raw[:0], p.raw...)
	}
	p.finish(k, postal, municipality)
	last.postal, last.municipality, last.notes = postal, municipality, p.notes
	// Part by part: to copy at once what was just written in parts, the
	// processor has to wait for it.
	l := &last.key
	l.Town, l.Numbers, l.Municipality, l.TownWeak = k.Town, k.Numbers, k.Municipality, k.TownWeak
	l.Block, l.Building, l.Flags = k.Block, k.Building, k.Flags
	return p.notes
}

func (p *AddressParser) finish(k *AddressKey, postal PostalCode, municipality uint16) {
	*k = AddressKey{}
	if known := p.recalled(); known != nil {
		p.recall(known)
	} else if !p.read(postal, municipality) {
		return
	}
	p.key(k)
}

// read finds all parts of the address in its text; it is false where there is
// none.
func (p *AddressParser) read(postal PostalCode, municipality uint16) bool {
	p.postal, p.wider = postal, false
	pos := 0
	if p.known.begins(p.raw) {
		// Files are mostly sorted by municipality.
		p.fold(p.raw, p.known.length, p.known.codes)
		p.at = addressParts{town: -1, building: p.n}
		p.notes |= p.known.notes
		pos = p.settle(int(p.known.municipality), p.known.codes)
	} else {
		p.known.length = 0
		p.fold(p.raw, 0, 0)
		p.at = addressParts{town: -1, building: p.n}
		if p.n == 0 {
			p.notes |= NoteEmpty
			return false
		}
		pos = p.findMunicipality(postal, municipality)
	}
	p.learn(pos)
	p.findNumbers(pos)
	p.raw = nil
	return true
}

// knownPrefix is prefecture and municipality as the rows before wrote them,
// where nothing that follows could change what they mean.
type knownPrefix struct {
	text         [96]byte
	length       int // bytes of text, 0 is none
	codes        int // codes they fold to
	municipality uint16
	notes        Notes
}

func (k *knownPrefix) begins(raw []byte) bool {
	return k.length > 0 && len(raw) >= k.length && string(raw[:k.length]) == string(k.text[:k.length])
}

// remember keeps the text up to a code for the next row, once two rows in
// succession name the same municipality.
func (p *AddressParser) remember(m uint16, codes int) {
	if m != p.previous {
		p.previous = m
		return
	}
	end := p.rawOffset(p.raw, codes)
	if end > len(p.known.text) {
		return
	}
	p.known.length = copy(p.known.text[:], p.raw[:end])
	p.known.codes, p.known.municipality, p.known.notes = codes, m, p.notes&NotePrefecture
}

// fold brings the text from an offset on into codes, behind the n codes that
// are there.
func (p *AddressParser) fold(raw []byte, from, n int) {
	fold := p.places.Fold
	first := n
	p.digitCode = -1
	var notes Notes
	for i := from; i < len(raw) && n < addressMaxCodes; {
		c := raw[i]
		if i == p.digits {
			p.digitCode = n
		}
		var code uint16
		switch {
		case c < utf8.RuneSelf:
			code = fold[c]
			i++
		case c >= 0xE0 && c < 0xF0 && i+2 < len(raw) && raw[i+1]&0xC0 == 0x80 && raw[i+2]&0xC0 == 0x80:
			r := uint16(c)<<12 | uint16(raw[i+1]&0x3F)<<6 | uint16(raw[i+2]&0x3F)
			i += 3
			code = fold[r]
		default:
			r, size := utf8.DecodeRune(raw[i:])
			i += size
			if r > 0xFFFF {
				code = gazetteer.Astral(r)
			} else {
				code = fold[r]
			}
		}
		if code <= gazetteer.SemiVoice {
			if n > 0 && code != gazetteer.Drop {
				p.codes[n-1] = fold.Voiced(p.codes[n-1], code)
			}
			continue
		}
		if code == gazetteer.Wild {
			notes |= NotePlaceholder
		}
		p.codes[n] = code
		n++
	}
	for n > first && p.codes[n-1] == ' ' {
		n--
	}
	p.codes[n] = 0
	p.n, p.notes = n, notes
}

func (p *AddressParser) skipSpace(pos int) int {
	for p.codes[pos] == ' ' || p.codes[pos] == ',' {
		pos++
	}
	return pos
}

// walk finds the longest entry of a trie that the text at pos starts with, and
// tells whether no text behind it could have made it longer.
func (p *AddressParser) walk(t *gazetteer.Trie, pos int) (value uint32, end int, final bool) {
	var node gazetteer.Node
	for {
		next, ok := t.Child(node, p.codes[pos])
		if !ok {
			if p.codes[pos] == ' ' && node != (gazetteer.Node{}) {
				pos++
				continue
			}
			return value, end, final
		}
		node = next
		pos++
		if v := node.Value(); v != 0 {
			value, end, final = v, pos, node.Leaf()
		}
	}
}

// findMunicipality reads prefecture, municipality and town, and returns where
// the rest begins.
func (p *AddressParser) findMunicipality(postal PostalCode, hint uint16) int {
	g := p.places
	start := p.skipPostal(p.skipSpace(0))
	prefecture, afterPrefecture, _ := p.walk(&g.Prefectures, start)
	short := prefecture&gazetteer.ShortPrefecture != 0
	prefecture &^= gazetteer.ShortPrefecture
	pos := start
	value, end, final := uint32(0), 0, false
	if prefecture != 0 {
		pos = p.skipSpace(afterPrefecture)
		value, end, final = p.walkPlaces(pos, int(prefecture))
	}
	if prefecture == 0 || short {
		// 千葉市川市 is 千葉 and 市川市, 福島市 is no 福島 and 市.
		if v, e, f := p.walkPlaces(start, 0); e > end || prefecture == 0 {
			value, end, final, prefecture = v, e, f, 0
			pos = start
		}
	}
	if value == 0 {
		if short {
			prefecture, pos = 0, start
		}
		p.at.prefecture = int(prefecture)
		return p.townWithoutMunicipality(pos, postal, hint)
	}
	candidates := g.Candidates(value, &p.only)
	if prefecture == 0 {
		p.notes |= NotePrefecture
	}
	if final && !short && len(candidates) == 1 {
		p.remember(candidates[0], end)
	}
	return p.chooseMunicipality(candidates, int(prefecture), end, postal, hint)
}

// skipPostal passes over a postal code in front of the address.
func (p *AddressParser) skipPostal(pos int) int {
	i := pos
	if p.codes[i] == '〒' {
		i++
	}
	digits := 0
	for ; p.codes[i] >= '0' && p.codes[i] <= '9' || p.codes[i] == '-' || p.codes[i] == ' '; i++ {
		if p.codes[i] >= '0' && p.codes[i] <= '9' {
			digits++
		}
	}
	if digits == 7 && i > pos {
		return i
	}
	if p.codes[pos] == '〒' {
		return p.skipSpace(pos + 1)
	}
	return pos
}

// walkPlaces finds the longest municipality name, of one prefecture or, with
// 0, of the country.
func (p *AddressParser) walkPlaces(pos, prefecture int) (value uint32, end int, final bool) {
	return p.walk(&p.places.Places[prefecture], pos)
}

// chooseMunicipality decides among the municipalities that the text may name:
// by prefecture, by postal code, by the town, by the hint.
func (p *AddressParser) chooseMunicipality(candidates []uint16, prefecture, pos int, postal PostalCode, hint uint16) int {
	g := p.places
	p.at.prefecture = prefecture
	if len(candidates) == 1 {
		return p.settle(int(candidates[0]), pos)
	}
	p.wider = true
	p.notes |= NoteMunicipality
	if postal != 0 {
		for _, m := range g.ByPostal(uint32(postal)) {
			for _, c := range candidates {
				if c == m {
					return p.settle(int(c), pos)
				}
			}
		}
	}
	if best := p.likeliest(candidates, pos, postal, hint); best != 0 {
		return p.settle(best, pos)
	}
	p.notes |= NoteAmbiguous | NoteTownUnknown
	p.notes &^= NoteMunicipality
	p.at.hamlet = gazetteer.HashCode(0, 0)
	p.at.townFrom = p.skipSpace(pos)
	return p.townStart(pos)
}

// likeliest decides between municipalities of one name: the one that has
// postal codes like the given one, or those whose towns fit the text best, and
// of these the one that the hint names or whose name is written in full. It is
// 0 when several remain.
func (p *AddressParser) likeliest(candidates []uint16, pos int, postal PostalCode, hint uint16) int {
	g := p.places
	if postal != 0 {
		// An office's own code, or one that is no longer in use.
		if m := only(candidates, func(m uint16) bool { return g.SharesPostalArea(uint32(postal), m) }); m != 0 {
			return m
		}
	}
	start := p.townStart(pos)
	longest := 0
	var kept [32]uint16
	n := 0
	for _, m := range candidates {
		_, end := p.walkTown(g.TownsOf(int(m)), start)
		if end > longest {
			longest, n = end, 0
		}
		if end == longest && n < len(kept) {
			kept[n] = m
			n++
		}
	}
	left := kept[:n]
	if n == 1 && longest > 0 {
		return int(left[0])
	}
	if m := only(left, func(m uint16) bool { return inHint(g.Municipalities[m].Code, hint) }); m != 0 {
		return m
	}
	if longest == 0 {
		return 0
	}
	return only(left, func(m uint16) bool {
		place := &g.Municipalities[m]
		return place.County == "" && (place.Ward == "" || place.City == "")
	})
}

// inHint tells whether a municipality is the one that the hint names, or a ward
// of the designated city (14100) that it names.
func inHint(code, hint uint16) bool {
	return code == hint && hint != 0 || isCityOfWards(hint) && code > hint && code < hint+wardsAtMost
}

// The codes of a designated city's wards follow its own, which ends in a zero
// and begins with a one behind the prefecture.
const wardsAtMost = 30

func isCityOfWards(code uint16) bool { return code%10 == 0 && code/100%10 == 1 }

// only is the single municipality that passes the test, or 0.
func only(list []uint16, test func(uint16) bool) int {
	found := 0
	for _, m := range list {
		if test(m) {
			if found != 0 {
				return 0
			}
			found = int(m)
		}
	}
	return found
}

// fits tells whether a municipality lies in a prefecture; 0 is any.
func (p *AddressParser) fits(m uint16, prefecture int) bool {
	return prefecture == 0 || int(p.places.Municipalities[m].Code)/1000 == prefecture
}

// settle takes a municipality as found and reads the town.
func (p *AddressParser) settle(m, pos int) int {
	g := p.places
	p.at.municipality = m
	towns := g.TownsOf(m)
	p.at.code = towns.Code
	p.at.prefecture = int(towns.Code) / 1000
	p.at.hamlet = towns.Seed
	pos = p.skipSpace(pos)
	p.at.townFrom = pos
	if inKyoto(towns.Code) {
		p.wider = true
		if end, ok := p.kyotoTown(towns, pos); ok {
			return end
		}
	}
	start := p.townStart(pos)
	p.at.oaza = p.codes[pos] == '大' && start != pos
	if value, end := p.walkTown(towns, start); value != 0 {
		p.takeTown(value, end)
		return end
	}
	p.notes |= NoteTownUnknown
	return start
}

// takeTown takes the town that walkTown found last.
func (p *AddressParser) takeTown(value gazetteer.TownValue, end int) {
	path := p.path[:p.pathTo]
	p.at.town, p.at.townTo = value.Town(), end
	p.at.chome, p.at.streets = value.Chome(), value.Streets()
	p.at.hamlet = gazetteer.HashCodes(p.at.hamlet, path)
	p.at.townWeak = gazetteer.WeakHash(path)
	if value.Twin() {
		p.wider = true
		p.chooseTwin()
	}
}

// chooseTwin decides between 日の出 and 日之出 of one municipality by the
// characters as written.
func (p *AddressParser) chooseTwin() {
	g := p.places
	twin := p.towns.TwinOf(p.at.town)
	isTown, isTwin := p.written(g.TownName(p.at.town)), p.written(g.TownName(twin))
	if isTwin && !isTown {
		p.at.town = twin
		p.at.chome = g.Town(twin).Chome
		p.at.hamlet = gazetteer.HashCode(p.at.hamlet, 1)
	} else if !isTown {
		p.notes |= NoteAmbiguous
	}
}

// written tells whether the text holds a name letter for letter.
func (p *AddressParser) written(name string) bool {
	for i := 0; i+len(name) <= len(p.raw); i++ {
		if string(p.raw[i:i+len(name)]) == name {
			return true
		}
	}
	return false
}

// townStart passes over spaces and 大字 or 字.
func (p *AddressParser) townStart(pos int) int {
	pos = p.skipSpace(pos)
	if p.codes[pos] == '大' && p.codes[pos+1] == '字' {
		return p.skipSpace(pos + 2)
	}
	if p.codes[pos] == '字' {
		return p.skipSpace(pos + 1)
	}
	return pos
}

// townWithoutMunicipality reads a town whose municipality is not written, or is
// one that was merged away: the postal code or the hint names it.
func (p *AddressParser) townWithoutMunicipality(pos int, postal PostalCode, hint uint16) int {
	g := p.places
	p.wider = true
	var byPostal []uint16
	if postal != 0 {
		byPostal = g.ByPostal(uint32(postal))
	}
	m, start := p.townOfAny(byPostal, pos)
	if m == 0 {
		var named [wardsAtMost]uint16
		m, start = p.townOfAny(p.hinted(named[:0], hint), pos)
	}
	if m == 0 && len(byPostal) == 1 && p.fits(byPostal[0], p.at.prefecture) {
		m, start = int(byPostal[0]), pos
	}
	if m != 0 {
		p.notes |= NoteMunicipality
		return p.settle(m, start)
	}
	p.notes |= NoteTownUnknown
	p.at.hamlet = gazetteer.HashCode(0, 0)
	p.at.townFrom = pos
	return p.townStart(pos)
}

// hinted lists the municipalities that a hint names: one, or the wards of a
// designated city.
func (p *AddressParser) hinted(list []uint16, hint uint16) []uint16 {
	if m := p.places.ByCode(hint); m != 0 {
		return append(list, uint16(m))
	}
	if isCityOfWards(hint) {
		for code := hint + 1; code < hint+wardsAtMost; code++ {
			if m := p.places.ByCode(code); m != 0 {
				list = append(list, uint16(m))
			}
		}
	}
	return list
}

// townOfAny finds the longest town of the municipalities that the text names
// at pos, or behind a county or municipality of before a merger (稗貫郡石鳥谷町,
// 清水市).
func (p *AddressParser) townOfAny(list []uint16, pos int) (municipality, start int) {
	const reach = 12 // codes that such a name may have
	longest := 0
	for _, m := range list {
		if !p.fits(m, p.at.prefecture) {
			continue
		}
		towns := p.places.TownsOf(int(m))
		for from := pos; from < pos+reach && from < p.n; from++ {
			if from > pos && !endsMunicipality(p.codes[from-1]) {
				continue
			}
			at := p.townStart(from)
			if value, end := p.walkTown(towns, at); value != 0 && end-at > longest {
				municipality, start, longest = int(m), from, end-at
			}
		}
	}
	return municipality, start
}

func endsMunicipality(c uint16) bool {
	return c == '郡' || c == '市' || c == '町' || c == '村' || c == '区'
}

// walkTown finds the longest town the text starts with, bridging what
// spellings leave out: 大字 and 字 inside, ノ and ケ on either side, arabic or
// positional for kanji numerals, the リ of 通リ, a final 町. It leaves the codes
// of the town in path.
func (p *AddressParser) walkTown(towns *gazetteer.Towns, pos int) (value gazetteer.TownValue, end int) {
	p.towns = towns
	var root gazetteer.Node
	w := townWalk{node: root}
	matched := pos
	numeral, numeralPos := w, -1 // where the kanji numeral at hand began
	p.pathTo = 0
	for {
		code := p.codes[pos]
		if code == 0 {
			break
		}
		if isKanjiNumeral(code) {
			if numeralPos < 0 {
				numeral, numeralPos = w, pos
			}
		} else {
			numeralPos = -1
		}
		next, ok := p.step(w, code)
		after := pos + 1
		switch {
		case ok:
		case code >= '0' && code <= '9':
			p.wider = p.wider || towns.Trie.HasNumeral(w.node)
			next, after, ok = p.walkArabic(w, pos)
			if ok && w.node == root && p.codes[after] == '-' {
				if v, ok := p.chomeTown(next); ok {
					return v, after // 下田市2-4-26 is in the town 二丁目
				}
			}
		case numeralPos >= 0:
			next, after, ok = p.walkPositional(numeral, numeralPos)
			if !ok && p.pathTo > numeral.length {
				copy(p.path[numeral.length:p.pathTo], p.codes[numeralPos:])
			}
		case w.node != root:
			if skipped := p.skippable(pos); skipped > 0 {
				pos += skipped
				continue
			}
			next, ok = p.bridge(w, p.codes[pos])
			after = pos
		}
		if !ok {
			break
		}
		w, pos, matched = next, after, after
		if v := w.node.Value(); v != 0 {
			value, end, p.pathTo = gazetteer.TownValue(v), pos, w.length
		}
	}
	// 町 may be left out where no name goes on.
	if w.node != root && w.node.Value() == 0 && !p.isTownText(pos) {
		if next, ok := p.step(w, '町'); ok && next.node.Value() != 0 {
			p.pathTo = next.length
			return gazetteer.TownValue(next.node.Value()), matched
		}
	}
	return value, end
}

// townWalk is a place in the trie of towns and how many codes led there.
type townWalk struct {
	node   gazetteer.Node
	length int
}

// step follows one code and notes it in path.
func (p *AddressParser) step(w townWalk, code uint16) (townWalk, bool) {
	next, ok := p.towns.Trie.Child(w.node, code)
	if !ok || w.length == len(p.path) {
		return w, false
	}
	p.path[w.length] = code
	return townWalk{next, w.length + 1}, true
}

func isKanjiNumeral(c uint16) bool {
	switch c {
	case '〇', '一', '二', '三', '四', '五', '六', '七', '八', '九', '十', '百':
		return true
	}
	return false
}

// skippable counts the codes at pos that spellings add inside a town's name.
func (p *AddressParser) skippable(pos int) int {
	switch p.codes[pos] {
	case ' ', gazetteer.No, gazetteer.Ke, '字':
		return 1
	case '大':
		if p.codes[pos+1] == '字' {
			return 2
		}
	case 'リ':
		if p.codes[pos-1] == '通' {
			return 1
		}
	}
	return 0
}

// bridge passes over a ノ, ケ, 条 or リ of the gazetteer that the text leaves out
// (鷹巣 for 鷹ノ巣, 北3西6 for 北三条西6) before a code.
func (p *AddressParser) bridge(w townWalk, code uint16) (townWalk, bool) {
	for _, extra := range [...]uint16{gazetteer.No, gazetteer.Ke, '条', 'リ'} {
		if next, ok := p.step(w, extra); ok {
			if _, ok := p.towns.Trie.Child(next.node, code); ok {
				return next, true
			}
		}
	}
	return w, false
}

// isTownText tells whether the code at pos goes on a name, which digits,
// spaces and the end do not.
func (p *AddressParser) isTownText(pos int) bool {
	c := p.codes[pos]
	return c != 0 && c != ' ' && c != ',' && c != '-' && (c < '0' || c > '9') && c != '字' && c != '大'
}

// walkArabic follows an arabic number in the text along the kanji numerals of
// the trie.
func (p *AddressParser) walkArabic(w townWalk, pos int) (townWalk, int, bool) {
	v := 0
	for p.codes[pos] >= '0' && p.codes[pos] <= '9' {
		if v = v*10 + int(p.codes[pos]-'0'); v > 9999 {
			return w, 0, false
		}
		pos++
	}
	next, ok := p.walkNumeral(w, v)
	return next, pos, ok
}

// chomeTown is the town that 丁目 makes of a number.
func (p *AddressParser) chomeTown(w townWalk) (gazetteer.TownValue, bool) {
	w, ok := p.step(w, '丁')
	if ok {
		w, ok = p.step(w, '目')
	}
	if !ok || w.node.Value() == 0 {
		return 0, false
	}
	p.pathTo = w.length
	return gazetteer.TownValue(w.node.Value()), true
}

// walkPositional does the same for 二四, which the gazetteer writes 二十四.
func (p *AddressParser) walkPositional(w townWalk, pos int) (townWalk, int, bool) {
	v, from := 0, pos
	for ; isKanjiNumeral(p.codes[pos]); pos++ {
		d := kanjiDigit(rune(p.codes[pos]))
		if d < 0 || v > 999 {
			return w, 0, false
		}
		v = v*10 + d
	}
	if pos-from < 2 {
		return w, 0, false
	}
	next, ok := p.walkNumeral(w, v)
	return next, pos, ok
}

func (p *AddressParser) walkNumeral(w townWalk, v int) (townWalk, bool) {
	var numeral [8]uint16
	for _, c := range gazetteer.AppendNumeral(numeral[:0], v) {
		next, ok := p.step(w, c)
		if !ok {
			return w, false
		}
		w = next
	}
	return w, true
}

// key packs what was found into an empty key.
func (p *AddressParser) key(k *AddressKey) {
	k.Municipality = p.at.code
	switch {
	case p.at.town >= 0:
		k.Town = gazetteer.Fold32(p.at.hamlet)
		k.TownWeak = p.at.townWeak
		k.Flags |= AddressTownKnown
		if p.at.chome {
			k.Flags |= AddressChome
		}
	case p.at.hamletCodes > 0:
		k.Town = gazetteer.Fold32(p.at.hamlet)
		k.TownWeak = gazetteer.WeakHash(p.codes[p.at.townFrom:p.at.hamletTo])
	}
	if p.at.unread {
		// What nobody could read is not known, and differs from nothing.
		k.Town = 0
		if p.at.town < 0 {
			k.TownWeak = 0
		}
	}
	if p.notes&NoteAmbiguous != 0 {
		k.Flags |= AddressAmbiguous
	}
	p.at.numbers.pack(k, k.Flags&AddressChome != 0 && !p.hasChome())
	if p.at.building < p.n {
		p.notes |= NoteBuilding
		k.Building = p.buildingHash()
	}
}
