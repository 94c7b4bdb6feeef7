package score

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/himozuke/himozuke/normalize"
	"github.com/himozuke/himozuke/normalize/reading"
)

// CompareKinds are the kinds of text that [CompareText] knows.
var CompareKinds = []string{"name", "kana", "address", "date", "reading"}

// TextComparison is the outcome for two texts as `compare` prints it.
type TextComparison struct {
	Level       string   `json:"level"`
	Family      string   `json:"family,omitempty"` // level of the part, for names
	Given       string   `json:"given,omitempty"`
	Differences []string `json:"differences"`

	// Score is the Jaro–Winkler similarity of the codes for name and kana, in the
	// order of family and given name in which they are more alike, a fixed figure per level for address and date, and for reading the weight
	// in bits: above zero speaks for the reading, below against it.
	Score float64 `json:"score"`
}

// CompareText compares two raw texts of a kind. For reading the first is a
// name in kanji or Latin letters and the second its kana.
func CompareText(kind, a, b string) (TextComparison, error) {
	var c TextComparison
	switch kind {
	case "name":
		c = compareNameText(a, b)
	case "kana":
		c = compareKanaText(a, b)
	case "address":
		c = compareAddressText(a, b)
	case "date":
		c = compareDateText(a, b)
	case "reading":
		c = compareReadingText(a, b)
	default:
		return c, fmt.Errorf("no such kind of text: %q; know %s", kind, strings.Join(CompareKinds, ", "))
	}
	if c.Level == Exact.String() && slices.ContainsFunc(c.Differences, isNotation) {
		c.Level = Notation.String() // the codes agree, the texts do not
	}
	c.Score = math.Round(c.Score*1e4) / 1e4
	return c, nil
}

// isNotation tells whether a difference is one of writing, not of which name
// was used.
func isNotation(code string) bool { return code != "former_name" && code != "alias" }

func compareNameText(a, b string) TextComparison {
	var x, y written
	x.read(Texts{Name: a})
	y.read(Texts{Name: b})
	var s Scratch
	n := CompareNames(&x.person, &y.person, &s)
	c := ofParts(n.FamilyKanji, n.GivenKanji)
	if n.FamilyKanji == Unknown && n.GivenKanji == Unknown && hasKanji(&x.person) && hasKanji(&y.person) {
		c.Level = Unknown.String()
	}
	for _, p := range [...]*normalize.NameForm{&x.person.Name, &x.person.Alias} {
		for _, q := range [...]*normalize.NameForm{&y.person.Name, &y.person.Alias} {
			if len(p.Family) > 0 && len(q.Family) > 0 {
				c.Score = max(c.Score, JaroWinklerKanji(joinKanji(p), joinKanji(q)),
					JaroWinklerKanji(joinKanji(swapped(p)), joinKanji(q)), JaroWinklerKanji(joinKanji(p), joinKanji(swapped(q))))
			}
		}
	}
	c.Differences = codesOf(Differences(x.Texts, y.Texts))
	return c
}

func compareKanaText(a, b string) TextComparison {
	var x, y written
	x.read(Texts{Kana: a})
	y.read(Texts{Kana: b})
	var s Scratch
	n := CompareNames(&x.person, &y.person, &s)
	c := ofParts(n.FamilyKana, n.GivenKana)
	if hasKana(&x.person) && hasKana(&y.person) {
		p, q := &x.person.Kana, &y.person.Kana
		c.Score = max(JaroWinkler(joinKana(p), joinKana(q)),
			JaroWinkler(joinKana(swappedKana(p)), joinKana(q)), JaroWinkler(joinKana(p), joinKana(swappedKana(q))))
	}
	c.Differences = codesOf(Differences(x.Texts, y.Texts))
	return c
}

func compareAddressText(a, b string) TextComparison {
	var x, y written
	x.read(Texts{Address: a})
	y.read(Texts{Address: b})
	level := CompareAddress(x.person.Address, y.person.Address, 0, 0)
	return TextComparison{Level: level.String(), Differences: codesOf(Differences(x.Texts, y.Texts)), Score: levelScore[level]}
}

func compareDateText(a, b string) TextComparison {
	var x, y written
	x.read(Texts{BirthDate: a})
	y.read(Texts{BirthDate: b})
	level := CompareDate(x.person.Birth, y.person.Birth)
	return TextComparison{Level: level.String(), Differences: codesOf(Differences(x.Texts, y.Texts)), Score: levelScore[level]}
}

// levelScore puts the levels on a scale for those who sort by it; weights come
// from a model, not from here.
var levelScore = [levels]float64{
	Exact: 1, Notation: 0.95, Confusable: 0.9, Near: 0.8, Block: 0.8, Town: 0.6,
	Uncertain: 0.5, Part: 0.5, City: 0.3,
}

// plausible is the weight in bits from which a reading counts as one, and
// below whose negative it counts as another name's.
const plausible = 3

func compareReadingText(name, kana string) TextComparison {
	var w written
	w.read(Texts{Name: name, Kana: kana})
	best := TextComparison{Level: Unknown.String(), Differences: []string{}}
	if !hasKanji(&w.person) || !hasKana(&w.person) {
		best.Differences = append(best.Differences, "missing")
		return best
	}
	best.Score = math.Inf(-1)
	for _, form := range [...]*normalize.NameForm{&w.person.Name, &w.person.Alias} {
		if len(form.Family) == 0 {
			continue
		}
		if c := compareReading(form, &w.person.Kana); c.Score > best.Score {
			best = c
		}
	}
	return best
}

// compareReading weighs family and given name apart, where the likeliest
// division of what is not divided puts their boundary.
func compareReading(name *normalize.NameForm, kana *normalize.KanaForm) TextComparison {
	codes, sounds := joinKanji(name), joinKana(kana)
	if scriptOf(codes) == latinScript {
		if name.Split && len(name.Family) < len(codes) {
			codes = slices.Insert(codes, len(name.Family), ' ')
		}
		return wholeReading(reading.LatinWeight(codes, sounds))
	}
	kanjiCut, kanaCut := -1, -1
	if name.Split {
		kanjiCut = len(name.Family)
	}
	if kana.Split {
		kanaCut = len(kana.Family)
	}
	if !name.Split || !kana.Split {
		kanjiCut, kanaCut = reading.CutAt(codes, sounds, kanjiCut, kanaCut)
	}
	// The text may be a family or a given name alone.
	one := max(reading.Weight(codes, sounds, reading.FamilyName), reading.Weight(codes, sounds, reading.GivenName))
	if kanjiCut <= 0 || kanaCut <= 0 || kanjiCut >= len(codes) || kanaCut >= len(sounds) {
		return wholeReading(one)
	}
	if !name.Split && !kana.Split {
		both := reading.Weight(codes[:kanjiCut], sounds[:kanaCut], reading.FamilyName) +
			reading.Weight(codes[kanjiCut:], sounds[kanaCut:], reading.GivenName)
		if one > both {
			return wholeReading(one)
		}
	}
	family := reading.Weight(codes[:kanjiCut], sounds[:kanaCut], reading.FamilyName)
	given := reading.Weight(codes[kanjiCut:], sounds[kanaCut:], reading.GivenName)
	f, g := readingLevel(family), readingLevel(given)
	c := TextComparison{Family: f.String(), Given: g.String(), Differences: []string{}, Score: float64(family + given)}
	switch {
	case f == Different && g == Different:
		c.Level, c.Differences = Different.String(), []string{"differs"}
	case f == Different:
		c.Level, c.Differences = readingWhole(g, family+given), []string{"family_differs"}
	case g == Different:
		c.Level, c.Differences = readingWhole(f, family+given), []string{"given_differs"}
	default:
		c.Level = readingLevel(family + given).String()
	}
	return c
}

// readingWhole is the level of a name of which one part is read otherwise.
func readingWhole(other Level, bits float32) string {
	if other == Reading {
		return Part.String()
	}
	return readingLevel(min(bits, 0)).String()
}

// wholeReading is the outcome for a name that was read as one.
func wholeReading(bits float32) TextComparison {
	c := TextComparison{Level: readingLevel(bits).String(), Differences: []string{}, Score: float64(bits)}
	if readingLevel(bits) == Different {
		c.Differences = append(c.Differences, "differs")
	}
	return c
}

func readingLevel(bits float32) Level {
	switch {
	case bits >= plausible:
		return Reading
	case bits <= -plausible:
		return Different
	}
	return Uncertain
}

// ofParts is the level of a whole name from those of its parts: as they agree
// both, the worse one; Part where only one agrees.
func ofParts(family, given Level) TextComparison {
	c := TextComparison{Family: family.String(), Given: given.String()}
	better, worse := family, given
	if levelCost[better] > levelCost[worse] {
		better, worse = worse, better
	}
	switch {
	case family == Unknown:
		c.Level = given.String()
	case given == Unknown:
		c.Level = family.String()
	case worse == Different && better != Different:
		c.Level = Part.String()
	default:
		c.Level = worse.String()
	}
	return c
}

// joinKanji is the name without its boundary, as far as names are looked at.
func joinKanji(f *normalize.NameForm) []uint16 {
	codes := append(append(make([]uint16, 0, len(f.Family)+len(f.Given)), f.Family...), f.Given...)
	return codes[:min(len(codes), longestName)]
}

// swapped is the name in the other order.
func swapped(f *normalize.NameForm) *normalize.NameForm {
	return &normalize.NameForm{Family: f.Given, Given: f.Family, Split: f.Split}
}

func swappedKana(f *normalize.KanaForm) *normalize.KanaForm {
	return &normalize.KanaForm{Family: f.Given, Given: f.Family, Split: f.Split}
}

func joinKana(f *normalize.KanaForm) []byte {
	codes := append(append(make([]byte, 0, len(f.Family)+len(f.Given)), f.Family...), f.Given...)
	return codes[:min(len(codes), longestName)]
}

func codesOf(list []Difference) []string {
	codes := make([]string, len(list))
	for i, d := range list {
		codes[i] = d.Code
	}
	return codes
}
