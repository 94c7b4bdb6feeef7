package normalize

// The grammar of a resident record's name field, as far as it goes beyond a
// family and a given name:
//
//	田中［旧氏］　花子                   former family name in brackets
//	田中　花子（旧姓 山田）              the same, as people write it
//	MCFLY MARTY＿回到　未来（田中　五郎）  Latin, kanji, alias
//	田中　花子　旧姓山田

// formerWords open a former name.
var formerWords = [][]uint16{kanjiCodes("旧姓"), kanjiCodes("旧氏"), kanjiCodes("旧名"), kanjiCodes("旧")}

// aliasWords open an alias.
var aliasWords = [][]uint16{kanjiCodes("通称名"), kanjiCodes("通称"), kanjiCodes("通名"), kanjiCodes("別名")}

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
		case kanjiClose, kanjiUnparen:
			i++
			continue
		case kanjiSlash:
			if name.Former == nil && hasLetters(main) && !inKanji {
				end := i + 1
				for end < len(codes) && codes[end] >= kanjiFirst {
					end++
				}
				name.Former = codes[i+1 : end]
				notes |= NoteFormerName
				keep(kanjiSpace)
				i = end
				continue
			}
			i++
			continue
		case '旧', '通':
			if n := wordAt(codes[i:], formerWords[:2]); n > 0 && (hasLetters(main) || i == 0) {
				end := restOfField(codes, i+n)
				notes |= p.bracket(name, codes[i:end], kanjiOpen, false, true)
				i = end
				continue
			}
			if n := wordAt(codes[i:], aliasWords); n > 0 && hasLetters(main) {
				end := restOfField(codes, i+n)
				notes |= p.bracket(name, codes[i:end], kanjiParen, false, true)
				i = end
				continue
			}
		}
		keep(c)
		i++
	}
	name.Main = splitName(main, hasMiddle(main))
	name.Kanji = splitName(kanji, hasMiddle(kanji))
	p.settleScripts(name)
	if len(name.Main.Family) == 0 {
		switch { // nothing outside the brackets: what is inside is the name
		case len(name.Alias.Family) > 0:
			name.Main, name.Alias = name.Alias, NameForm{}
		case len(name.Kanji.Family) > 0:
			name.Main, name.Kanji = name.Kanji, NameForm{}
		}
		name.Latin = isLatinForm(name.Main)
	}
	return notes
}

// bracket files what stood in brackets: a former family name or an alias.
func (p *NameParser) bracket(name *Name, inside []uint16, open uint16, followed, hasMain bool) Notes {
	former := open == kanjiOpen
	inside = trimMarks(inside)
	if n := wordAt(inside, formerWords); n > 0 && len(inside) > n {
		inside, former = trimMarks(inside[n:]), true
	} else if n := wordAt(inside, aliasWords); n > 0 && len(inside) > n {
		inside, former = trimMarks(inside[n:]), false
	} else if open == kanjiParen && hasMain && !isLatinCodes(inside) {
		// 田中（山田）花子, 田中花子（山田): a family name alone is a former one.
		former = followed || len(inside) <= 3 && !hasSpace(inside) && !isLatinCodes(p.codes[:1])
	}
	if len(inside) == 0 {
		return 0
	}
	if former {
		form := splitName(inside, hasMiddle(inside))
		if name.Former == nil {
			name.Former = form.Family
		}
		return NoteFormerName
	}
	if name.Alias.Family == nil {
		name.Alias = splitName(inside, hasMiddle(inside))
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

func wordAt(codes []uint16, words [][]uint16) int {
next:
	for _, w := range words {
		if len(codes) < len(w) {
			continue
		}
		for i, c := range w {
			if codes[i] != c {
				continue next
			}
		}
		return len(w)
	}
	return 0
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

func hasSpace(codes []uint16) bool  { return hasCode(codes, kanjiSpace) }
func hasMiddle(codes []uint16) bool { return hasCode(codes, kanjiMiddle) }

func hasCode(codes []uint16, code uint16) bool {
	for _, c := range codes {
		if c == code {
			return true
		}
	}
	return false
}

func hasLetters(codes []uint16) bool {
	for _, c := range codes {
		if c >= kanjiFirst {
			return true
		}
	}
	return false
}

func isLatinForm(f NameForm) bool {
	return isLatinCodes(f.Family) && (len(f.Given) == 0 || isLatinCodes(f.Given))
}

// isLatinCodes: Latin letters and nothing of another script but unread signs.
func isLatinCodes(codes []uint16) bool {
	letters := false
	for _, c := range codes {
		switch {
		case c >= 'A' && c <= 'Z':
			letters = true
		case c >= 0x80 && c != KanjiWildcard:
			return false
		}
	}
	return letters
}
