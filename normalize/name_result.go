package normalize

import (
	"strings"
	"unicode/utf8"
)

// NameResult is one name as `normalize name` prints it.
type NameResult struct {
	Input     string   `json:"input"`
	Family    string   `json:"family"` // the whole name where it is not split
	Given     string   `json:"given"`
	Latin     string   `json:"latin"`     // the name in Latin letters, words apart
	Kanji     string   `json:"kanji"`     // the kanji beside a Latin name
	Former    string   `json:"former"`    // former family name (旧氏)
	Alias     string   `json:"alias"`     // registered alias (通称)
	Canonical string   `json:"canonical"` // the whole in one notation; normalizing it again changes nothing
	Key       string   `json:"key"`       // the name run together, for exact matching
	Notes     []string `json:"notes"`
}

// NormalizeName reads one name field and says what was seen. See
// [NameParser.Parse].
func NormalizeName(s string) NameResult {
	p := NameParser{keepWords: true}
	name, notes := p.Parse([]byte(s))
	r := NameResult{
		Input:  s,
		Family: p.text(name.Main.Family),
		Given:  p.text(name.Main.Given),
		Kanji:  p.formText(name.Kanji),
		Former: p.text(name.Former),
		Alias:  p.formText(name.Alias),
		Notes:  notes.Names(),
	}
	r.Key = r.Family + r.Given
	if name.Latin {
		r.Latin = p.latinWords(name.Main)
	}
	r.Canonical = canonicalName(&r, name)
	return r
}

// canonicalName writes the parts the way a resident record does.
func canonicalName(r *NameResult, name *Name) string {
	var b strings.Builder
	if name.Latin {
		b.WriteString(r.Latin)
		if r.Former != "" {
			b.WriteString("［" + r.Former + "］")
		}
	} else {
		b.WriteString(r.Family)
		if r.Former != "" {
			b.WriteString("［" + r.Former + "］")
		}
		if r.Given != "" {
			b.WriteString("　" + r.Given)
		}
	}
	if r.Kanji != "" {
		b.WriteString("＿" + r.Kanji)
	}
	if r.Alias != "" {
		b.WriteString("（通称 " + r.Alias + "）")
	}
	return b.String()
}

func (p *NameParser) formText(f NameForm) string {
	if f.Split {
		return p.text(f.Family) + "　" + p.text(f.Given)
	}
	return p.text(f.Family)
}

// text decodes codes, with the characters outside the BMP as they were read.
func (p *NameParser) text(codes []uint16) string {
	var b strings.Builder
	for _, c := range codes {
		switch {
		case c == KanjiWildcard:
			b.WriteRune('●')
		case c >= 0xD800 && c < 0xE000:
			b.WriteRune(p.unhash(c))
		default:
			b.WriteRune(rune(c))
		}
	}
	return b.String()
}

func (p *NameParser) unhash(code uint16) rune {
	for _, x := range p.beyond {
		if x.code == code {
			return x.r
		}
	}
	return utf8.RuneError
}

// DecodeKanji appends the text of codes to dst, ● for [KanjiWildcard] and 〓 for
// characters outside the BMP, which codes do not keep.
func DecodeKanji(dst []byte, codes []uint16) []byte {
	for _, c := range codes {
		switch {
		case c == KanjiWildcard:
			dst = append(dst, "●"...)
		case c >= 0xD800 && c < 0xE000:
			dst = append(dst, "〓"...)
		default:
			dst = utf8.AppendRune(dst, rune(c))
		}
	}
	return dst
}

// latinWords is the Latin name with its words apart, which the codes of a
// parsed name no longer show.
func (p *NameParser) latinWords(main NameForm) string {
	whole := p.text(main.Family) + p.text(main.Given)
	for _, section := range [][]uint16{p.main, p.beside} {
		words, family := p.words(section, len(main.Family))
		if strings.Join(words, "") != whole {
			continue
		}
		if main.Split && family > 1 { // only a comma says that several words are the family name
			return strings.Join(words[:family], " ") + ", " + strings.Join(words[family:], " ")
		}
		return strings.Join(words, " ")
	}
	return p.formText(main)
}

// words cuts codes at spaces, or at ・ where there is no space, and counts the
// words of the first n codes.
func (p *NameParser) words(codes []uint16, n int) (words []string, first int) {
	cut := uint16(kanjiMiddle)
	for _, c := range trimMarks(codes) {
		if c == kanjiSpace || c == kanjiSlash || c == kanjiComma {
			cut = kanjiSpace
		}
	}
	seen := 0
	var word []uint16
	for i := 0; i <= len(codes); i++ {
		switch {
		case i == len(codes) || codes[i] == cut || codes[i] == kanjiSlash || codes[i] == kanjiComma:
			if len(word) > 0 {
				words = append(words, p.text(word))
				word = word[:0]
				if seen <= n {
					first = len(words)
				}
			}
		case codes[i] >= kanjiFirst:
			word = append(word, codes[i])
			seen++
		}
	}
	return words, first
}
