package normalize

import "slices"

// The grammar of a resident record's name field, as far as it goes beyond a
// family and a given name:
//
//	田中［旧氏］　花子                   former family name in brackets
//	田中　花子（旧姓 山田）              the same, as people write it
//	MCFLY MARTY＿回到　未来（田中　五郎）  Latin, kanji, alias
//	田中　花子　旧姓山田
//	田中／山田　花子

// formerWords open a former name.
var formerWords = [][]uint16{kanjiCodes("旧姓"), kanjiCodes("旧氏"), kanjiCodes("旧名"), kanjiCodes("旧")}

// aliasWords open an alias.
var aliasWords = [][]uint16{kanjiCodes("通称名"), kanjiCodes("通称"), kanjiCodes("通名"), kanjiCodes("別名")}

// holderNameWord is a word of a holder's name and the note it leaves.
type holderNameWord struct {
	word []uint16
	note Notes
}

// holderNameWords are the capacities in which somebody acts for the person
// named, and legal forms. Longer words first.
var holderNameWords []holderNameWord

// nameWordSign marks the codes that give a word of this file away, so that most
// names are never searched for them.
var nameWordSign [0x10000 / 64]uint64

// plainName marks the characters of three bytes that are their own code, and
// none of the signs above.
var plainName [0x10000 / 64]uint64

// isNameWordSign looks at the code before or behind as well: 直人 is a name.
func isNameWordSign(codes []uint16, i int) bool {
	before := codes[i-1]
	switch codes[i] {
	case '人':
		return slices.Contains(capacityEnds, before)
	case '者':
		return before == '権' || before == '行'
	case '社':
		return before == '会'
	case '様':
		return i == len(codes)-1
	}
	return i+1 < len(codes) && (codes[i+1] == '姓' || codes[i+1] == '氏' || codes[i+1] == '称')
}

var capacityEnds = kanjiCodes("見佐助理財督続法")

func buildNameWords() {
	for _, w := range holderKanjiWords {
		var codes []uint16
		for _, r := range w.word {
			codes = append(codes, nameFold[r])
		}
		if codes[0] >= kanjiFirst { // brackets are found by their own marks
			holderNameWords = append(holderNameWords, holderNameWord{codes, w.note})
		}
	}
	for _, c := range kanjiCodes("旧通様人者社") {
		nameWordSign[c/64] |= 1 << (c % 64)
	}
	for c := 0x800; c <= 0xFFFF; c++ {
		if nameFold[c] == uint16(c) && nameWordSign[c/64]&(1<<(c%64)) == 0 && (c < 0xD800 || c > 0xDFFF) {
			plainName[c/64] |= 1 << (c % 64)
		}
	}
}

// findWords removes from p.codes what tells the capacity of a holder, and says
// whether what is left has to be taken apart.
func (p *NameParser) findWords(notes *Notes) (apart bool) {
	for i := range p.codes {
		for _, w := range holderNameWords {
			n := len(w.word)
			if !startsWith(p.codes[i:], w.word) {
				continue
			}
			*notes |= w.note
			before, after := trimMarks(p.codes[:i]), trimMarks(p.codes[i+n:])
			switch {
			case w.note == NoteCorporate:
				p.codes = append(p.codes[:i], p.codes[i+n:]...)
			case len(before) > 0: // the guardian's own name may follow
				p.codes = p.codes[:len(before)]
			default:
				p.codes = p.codes[:copy(p.codes, after)]
			}
			return true // the scripts that are left are looked at anew
		}
	}
	if n := len(p.codes); n > 2 && p.codes[n-1] == '様' { // honorific of a mailing list
		p.codes = p.codes[:n-1]
		*notes |= NoteCharacters
		return true
	}
	return hasFormerWord(p.codes)
}

func hasFormerWord(codes []uint16) bool {
	for i := 0; i+1 < len(codes); i++ {
		if codes[i] == '旧' && (codes[i+1] == '姓' || codes[i+1] == '氏') || codes[i] == '通' && codes[i+1] == '称' {
			return true
		}
	}
	return false
}

// takeApart parses p.codes with its brackets into the parts of name.
func (p *NameParser) takeApart(name *Name) Notes {
	var notes Notes
	p.codes = dropStrayClosing(p.codes)
	codes := p.codes
	if cap(p.parts) < 2*len(codes) {
		p.parts = make([]uint16, 0, 4*len(codes))
	}
	main, kanji := p.parts[:0:len(codes)], p.parts[len(codes):len(codes):2*len(codes)]
	inKanji := false
	keep := func(c uint16) {
		if inKanji {
			kanji = append(kanji, c)
		} else {
			main = append(main, c)
		}
	}
	for i := 0; i < len(codes); {
		c := codes[i]
		switch c {
		case kanjiUnder:
			if !inKanji && len(main) > 0 {
				inKanji = true
			} else {
				keep(kanjiSpace)
			}
			i++
			continue
		case kanjiOpen, kanjiParen:
			end := closing(codes, i)
			inside := codes[i+1 : end]
			i = end + 1
			notes |= p.bracket(name, inside, c, followed(codes, i), !inKanji && hasLetters(main) || inKanji && hasLetters(kanji))
			keep(kanjiSpace)
			continue
		case kanjiSlash:
			// 田中／山田　花子: a former name. TANAKA/HANAKO: a space.
			end := i + 1
			for end < len(codes) && codes[end] >= kanjiFirst {
				end++
			}
			if name.Former == nil && end > i+1 && !inKanji && hasLetters(main) && !isLatinCodes(main) && followed(codes, end) {
				name.Former = codes[i+1 : end]
				notes |= NoteFormerName
				i = end
			} else {
				i++
			}
			keep(kanjiSpace)
			continue
		case '旧', '通':
			if n := wordAt(codes[i:], formerWords[:2]); n > 0 && hasLetters(main) && hasLetters(codes[i+n:restOfField(codes, i+n)]) {
				end := restOfField(codes, i+n)
				notes |= p.bracket(name, codes[i:end], kanjiOpen, false, true)
				i = end
				continue
			}
			if n := wordAt(codes[i:], aliasWords); n > 0 && hasLetters(main) && hasLetters(codes[i+n:restOfField(codes, i+n)]) {
				end := restOfField(codes, i+n)
				notes |= p.bracket(name, codes[i:end], kanjiParen, false, true)
				i = end
				continue
			}
		}
		keep(c)
		i++
	}
	p.rememberWords(main, kanji)
	name.Main = splitName(main, true)
	name.Kanji = splitName(kanji, true)
	p.settleScripts(name)
	if len(name.Main.Family) == 0 && hasLetters(p.codes) {
		// Nothing outside the brackets: what is inside is the name.
		*name = Name{}
		p.codes = dropBrackets(p.codes)
		return p.takeApart(name)
	}
	return notes
}

// dropStrayClosing removes closing brackets that nothing opened.
func dropStrayClosing(codes []uint16) []uint16 {
	n, depth := 0, 0
	for _, c := range codes {
		switch c {
		case kanjiOpen, kanjiParen:
			depth++
		case kanjiClose, kanjiUnparen:
			if depth == 0 {
				continue
			}
			depth--
		}
		codes[n] = c
		n++
	}
	return codes[:n]
}

func dropBrackets(codes []uint16) []uint16 {
	n := 0
	for _, c := range codes {
		if c >= kanjiFirst || !isBracket(c) && c != kanjiUnder && c != kanjiSlash {
			codes[n] = c
			n++
		}
	}
	return codes[:n]
}

// bracket files what stood in brackets: a former family name or an alias.
func (p *NameParser) bracket(name *Name, inside []uint16, open uint16, followed, hasMain bool) Notes {
	former := open == kanjiOpen
	inside = trimMarks(inside)
	if len(inside) == 1 {
		switch inside[0] {
		case '株', '有':
			return NoteCorporate
		case '故', '亡': // the late
			return NoteCharacters
		}
	}
	said := false
	for { // 旧氏:旧山田
		if n := wordAt(inside, formerWords); n > 0 && len(inside) > n {
			inside, former, said = trimMarks(inside[n:]), true, true
		} else if n := wordAt(inside, aliasWords); n > 0 && len(inside) > n {
			inside, former, said = trimMarks(inside[n:]), false, true
		} else {
			break
		}
	}
	if !said && open == kanjiParen && hasMain && !isLatinCodes(inside) {
		// 田中（山田）花子, 田中花子（山田): a family name alone is a former one.
		former = followed || len(inside) <= 3 && !hasSpace(inside) && !isLatinCodes(p.codes[:1])
	}
	if len(inside) == 0 {
		return 0
	}
	if former {
		form := splitName(inside, true)
		if name.Former == nil {
			name.Former = form.Family
		}
		return NoteFormerName
	}
	if name.Alias.Family == nil {
		name.Alias = splitName(inside, true)
	}
	return NoteAlias
}

// settleScripts puts the Latin side of a name in two scripts first.
func (p *NameParser) settleScripts(name *Name) {
	name.Latin = isLatinForm(name.Main)
	if len(name.Kanji.Family) == 0 {
		return
	}
	switch {
	case name.Latin && isLatinForm(name.Kanji):
		if name.Alias.Family == nil {
			name.Alias = name.Kanji
		}
		name.Kanji = NameForm{}
	case !name.Latin && isLatinForm(name.Kanji):
		name.Main, name.Kanji = name.Kanji, name.Main
		name.Latin = true
	case !name.Latin:
		if name.Alias.Family == nil {
			name.Alias = name.Kanji
		}
		name.Kanji = NameForm{}
	}
}

// closing is the index of the bracket that closes the one at open, or the end.
func closing(codes []uint16, open int) int {
	depth := 0
	for i := open; i < len(codes); i++ {
		switch codes[i] {
		case kanjiOpen, kanjiParen:
			depth++
		case kanjiClose, kanjiUnparen:
			if depth--; depth == 0 {
				return i
			}
		}
	}
	return len(codes)
}

// followed tells whether the name goes on behind a bracket: before ＿ and
// before another bracket.
func followed(codes []uint16, i int) bool {
	for ; i < len(codes); i++ {
		switch c := codes[i]; {
		case c == kanjiUnder || c == kanjiOpen || c == kanjiParen:
			return false
		case c >= kanjiFirst:
			return true
		}
	}
	return false
}

// restOfField is where the text behind a word like 旧姓 ends.
func restOfField(codes []uint16, i int) int {
	for i < len(codes) && codes[i] == kanjiSpace {
		i++
	}
	for i < len(codes) {
		switch codes[i] {
		case kanjiUnder, kanjiOpen, kanjiClose, kanjiParen, kanjiUnparen, kanjiSpace:
			return i
		}
		i++
	}
	return i
}

// wordAt is the length of the first of words that codes begin with.
func wordAt(codes []uint16, words [][]uint16) int {
	for _, w := range words {
		if startsWith(codes, w) {
			return len(w)
		}
	}
	return 0
}

func startsWith(codes, word []uint16) bool {
	return len(codes) >= len(word) && slices.Equal(codes[:len(word)], word)
}

func trimMarks(codes []uint16) []uint16 {
	for len(codes) > 0 && codes[0] < kanjiFirst {
		codes = codes[1:]
	}
	for len(codes) > 0 && codes[len(codes)-1] < kanjiFirst {
		codes = codes[:len(codes)-1]
	}
	return codes
}

func hasSpace(codes []uint16) bool { return slices.Contains(codes, kanjiSpace) }

func hasLetters(codes []uint16) bool {
	for _, c := range codes {
		if c >= kanjiFirst {
			return true
		}
	}
	return false
}

func isLatinForm(f NameForm) bool {
	family, others := latinLetters16(f.Family)
	given, more := latinLetters16(f.Given)
	return (family || given) && !others && !more
}

// isLatinCodes: Latin letters and nothing of another script but unread signs.
func isLatinCodes(codes []uint16) bool {
	letters, others := latinLetters16(codes)
	return letters && !others
}

// latinLetters16 tells whether codes hold Latin letters, and whether anything
// of another script.
func latinLetters16(codes []uint16) (letters, others bool) {
	for _, c := range codes {
		letters = letters || c >= 'A' && c <= 'Z'
		others = others || c >= 0x80 && c != KanjiWildcard
	}
	return letters, others
}
