package score

import "github.com/himozuke/himozuke/normalize"

// Banks write a foreigner's name into the kana field as the Latin letters of
// the residence card, and some systems write kana into the name field. Both
// are compared as what they are.

// needsSettling tells whether a name stands in the field of the other script.
func needsSettling(p *Person) bool {
	return len(p.Kana.Family) > 0 && p.Kana.Family[0]&normalize.KanaASCII != 0 && isLatinKana(&p.Kana) ||
		len(p.Kana.Family) == 0 && len(p.Name.Family) > 0 && isKatakana(p.Name.Family[0]) && isKanaName(&p.Name)
}

// settle is the person with the name in the field of its script.
func (s *settled) settle(p *Person) *Person {
	s.person = *p
	q := &s.person
	if len(p.Kana.Family) == 0 {
		s.kana = s.kana[:0]
		for _, part := range [...][]uint16{p.Name.Family, p.Name.Given} {
			for _, code := range part {
				s.kana = append(s.kana, kanaOfName[code&0xFF])
			}
		}
		n := len(p.Name.Family)
		q.Kana = normalize.KanaForm{Family: s.kana[:n], Given: s.kana[n:], Split: p.Name.Split}
		q.Name = normalize.NameForm{}
		return q
	}
	s.latin = s.latin[:0]
	for _, part := range [...][]byte{p.Kana.Family, p.Kana.Given} {
		for _, code := range part {
			s.latin = append(s.latin, latinOfKana(code))
		}
	}
	n := len(p.Kana.Family)
	latin := normalize.NameForm{Family: s.latin[:n], Given: s.latin[n:], Split: p.Kana.Split}
	q.Kana = normalize.KanaForm{}
	switch {
	case len(p.Name.Family) == 0:
		q.Name = latin
	case len(p.Alias.Family) == 0:
		q.Alias = latin
	}
	return q
}

// settled is the working memory of one side.
type settled struct {
	person Person
	latin  []uint16
	kana   []byte
}

func isLatinKana(f *normalize.KanaForm) bool {
	letter := false
	for _, part := range [...][]byte{f.Family, f.Given} {
		for _, code := range part {
			if code&normalize.KanaASCII == 0 {
				return false
			}
			letter = letter || code >= normalize.KanaASCII|'A' && code <= normalize.KanaASCII|'Z'
		}
	}
	return letter
}

func latinOfKana(code byte) uint16 {
	if code == normalize.KanaWildcard {
		return normalize.KanjiWildcard
	}
	return uint16(code &^ normalize.KanaASCII)
}

func isKatakana(code uint16) bool {
	return code > normalize.KanaBase && code <= normalize.KanaBase+0x5C
}

func isKanaName(f *normalize.NameForm) bool {
	for _, part := range [...][]uint16{f.Family, f.Given} {
		for _, code := range part {
			if !isKatakana(code) && code != normalize.KanjiWildcard {
				return false
			}
		}
	}
	return true
}

// kanaOfName turns the low byte of a katakana in a name field, or of the
// wildcard, into its kana code: the fold of names leaves alone what the fold
// of kana does not.
var kanaOfName = func() (codes [256]byte) {
	var parser normalize.KanaParser
	for r := rune(normalize.KanaBase + 1); r < normalize.KanaBase+0x5D; r++ {
		codes[r&0xFF] = byte(r - normalize.KanaBase)
		if form, _ := parser.Parse([]byte("ア" + string(r))); len(form.Family) == 2 {
			codes[r&0xFF] = form.Family[1]
		}
	}
	wildcard := normalize.KanjiWildcard
	codes[wildcard&0xFF] = normalize.KanaWildcard
	return codes
}()

// sameLatinWords tells whether two Latin names are the same words in another
// order, in whatever place their first space cuts them: LAURA JANE WILLIAMS
// and WILLIAMS LAURA JANE.
func sameLatinWords(a, b *normalize.NameForm, s *Scratch) bool {
	if len(a.Family)+len(a.Given) != len(b.Family)+len(b.Given) ||
		scriptOf(a.Family) != latinScript || scriptOf(b.Family) != latinScript {
		return false
	}
	s.kanji = append(append(s.kanji[:0], a.Family...), a.Given...)
	n := len(s.kanji)
	s.kanji = append(append(s.kanji, b.Family...), b.Given...)
	return n <= longestName && isRotated(s.kanji[:n], s.kanji[n:], 3)
}
