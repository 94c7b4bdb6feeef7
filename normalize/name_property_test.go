package normalize

import (
	"reflect"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
	"pgregory.net/rapid"
)

// strongClasses lists, for each canonical character, everything that folds to
// it.
func strongClasses() map[rune][]string {
	classes := map[rune][]string{}
	eachPair(strongVariants, func(from, to rune) { classes[to] = append(classes[to], string(from)) })
	eachPair(simplifiedForms, func(from, to rune) { classes[to] = append(classes[to], string(from)) })
	return classes
}

// Every way to write a name meets at one canonical form.
func TestNameSpellingsMeet(t *testing.T) {
	classes := strongClasses()
	heads := []rune{}
	for r := range classes {
		if r >= 0x4E00 && r <= 0x9FFF {
			heads = append(heads, r)
		}
	}
	slices.Sort(heads)
	var p, q NameParser
	rapid.Check(t, func(t *rapid.T) {
		draw := rapid.SliceOfN(rapid.SampledFrom(heads), 1, 4)
		family, given := draw.Draw(t, "family"), draw.Draw(t, "given")
		spelling := func(name []rune) string {
			var b strings.Builder
			for i, r := range name {
				if i > 0 && name[i-1] == r && rapid.Bool().Draw(t, "repeat") {
					b.WriteString("々")
					continue
				}
				b.WriteString(rapid.SampledFrom(append(classes[r], string(r))).Draw(t, "variant"))
				b.WriteString(rapid.SampledFrom([]string{"", "\U000E0100", "\U000E01EF", "\uFE00"}).Draw(t, "selector"))
			}
			return b.String()
		}
		plain := string(family) + "　" + string(given)
		varied := spelling(family) + rapid.SampledFrom([]string{" ", "　", "\u2003 "}).Draw(t, "space") + spelling(given)
		a, _ := p.Parse([]byte(plain))
		b, _ := q.Parse([]byte(varied))
		if !slices.Equal(a.Main.Family, b.Main.Family) || !slices.Equal(a.Main.Given, b.Main.Given) {
			t.Fatalf("%q gives %s %s, %q gives %s %s", plain, kanjiText(a.Main.Family), kanjiText(a.Main.Given), varied, kanjiText(b.Main.Family), kanjiText(b.Main.Given))
		}
	})
}

func TestLatinSpellingsMeet(t *testing.T) {
	var p, q NameParser
	rapid.Check(t, func(t *rapid.T) {
		words := rapid.SliceOfN(rapid.StringMatching(`[A-Z]{1,8}`), 1, 4).Draw(t, "words")
		var b strings.Builder
		for i, w := range words {
			if i > 0 {
				spaces := []string{" ", "　", ", "}
				if i > 1 { // a comma behind more than one word makes them the family name
					spaces = spaces[:2]
				}
				b.WriteString(rapid.SampledFrom(spaces).Draw(t, "space"))
			}
			for _, r := range w {
				switch rapid.IntRange(0, 3).Draw(t, "form") {
				case 0:
					r += 'a' - 'A'
				case 1:
					r += 'Ａ' - 'A'
				case 2:
					b.WriteString(norm.NFC.String(string(r) + "\u0301"))
					continue
				}
				b.WriteRune(r)
			}
		}
		x, _ := p.Parse([]byte(strings.Join(words, " ")))
		y, _ := q.Parse([]byte(b.String()))
		if !x.Latin || !reflect.DeepEqual(x.Main, y.Main) {
			t.Fatalf("%v gives %s %s, %q gives %s %s", words, kanjiText(x.Main.Family), kanjiText(x.Main.Given), b.String(), kanjiText(y.Main.Family), kanjiText(y.Main.Given))
		}
	})
}

// referenceName is the strong fold of a name's characters, written the slow
// and obvious way over the generated rows.
func referenceName(s string, strong map[rune]rune) string {
	s = norm.NFKC.String(strings.Map(func(r rune) rune {
		if to, ok := strong[r]; ok {
			return to
		}
		return r
	}, s))
	return strings.ToUpper(strings.Map(func(r rune) rune {
		if to, ok := strong[r]; ok {
			return to
		}
		if r == 'ヶ' {
			return 'ケ'
		}
		return r
	}, s))
}

// referenceAlphabet is what a name may hold, and the strong fold of it by the
// generated rows.
func referenceAlphabet() (strong map[rune]rune, alphabet []rune) {
	strong = map[rune]rune{}
	alphabet = []rune("山田太郎花子佐藤さくらアンナｱﾝﾅABCabcＡＢｃ葛城鈴木")
	eachPair(strongVariants, func(from, to rune) {
		strong[from] = to
		if to <= 0xFFFF { // beyond it, texts keep the form that was written
			alphabet = append(alphabet, from, to)
		}
	})
	eachPair(simplifiedForms, func(from, to rune) {
		strong[from] = to
		alphabet = append(alphabet, from)
	})
	return strong, slices.DeleteFunc(alphabet, func(r rune) bool { // words that are read, signs that are cut
		return strings.ContainsRune("旧通様人者社", rune(FoldNameRune(r))) || r < 0x3000 && r > 0x7F
	})
}

func TestNameAgainstReference(t *testing.T) {
	strong, alphabet := referenceAlphabet()
	var p NameParser
	rapid.Check(t, func(t *rapid.T) {
		text := string(rapid.SliceOfN(rapid.SampledFrom(alphabet), 1, 10).Draw(t, "name"))
		p.fold([]byte(text))
		if got, want := p.text(p.codes), referenceName(text, strong); got != want {
			t.Fatalf("%q: %s, the reference has %s", text, got, want)
		}
	})
}

func FuzzName(f *testing.F) {
	for _, s := range []string{"山田　太郎", "田中［旧氏］　花子", "Marty McFly＿回到　未来（田中　五郎）", "（", "［［］", "旧姓旧氏", "＿＿", "通称", "／／", "\xff\xe3", "々々", "ゝヽ゛", "㈱山田", "成年後見人", "A＿B（C）", "𠮷\U000E0100", "\U00020000\U0002A6D6"} {
		f.Add([]byte(s))
	}
	var p NameParser
	f.Fuzz(func(t *testing.T, raw []byte) {
		name, notes := p.Parse(raw)
		for _, codes := range [][]uint16{name.Main.Family, name.Main.Given, name.Former, name.Alias.Family, name.Alias.Given, name.Kanji.Family, name.Kanji.Given} {
			for _, c := range codes {
				if c < kanjiFirst || c < 0xD800 && nameFold[c] != c && c != '々' {
					t.Fatalf("%q leaves the code %#x in %s", raw, c, kanjiText(codes))
				}
			}
		}
		for _, form := range []NameForm{name.Main, name.Alias, name.Kanji} {
			if form.Split != (len(form.Given) > 0) || form.Split && len(form.Family) == 0 {
				t.Fatalf("%q: %+v", raw, form)
			}
		}
		if (len(name.Main.Family) == 0) != (notes&(NoteEmpty|NoteDummy) != 0) {
			t.Fatalf("%q: %+v %v", raw, name, notes.Names())
		}
		r := NormalizeName(string(raw))
		if !utf8.ValidString(r.Canonical) {
			t.Fatalf("%q: canonical %q", raw, r.Canonical)
		}
		again := NormalizeName(r.Canonical)
		again.Input, again.Notes, r.Notes = r.Input, nil, nil
		if !reflect.DeepEqual(again, r) {
			t.Fatalf("%q gives\n%+v, which gives\n%+v", raw, r, again)
		}
	})
}
