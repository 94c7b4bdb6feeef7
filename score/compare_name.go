package score

import (
	"slices"

	"github.com/himozuke/himozuke/normalize"
)

// Scratch is the working memory of one worker's comparisons.
type Scratch struct {
	kanji   []uint16
	kana    []byte
	settled [2]settled
}

// NameComparison says how two names agree. Levels are Unknown where either
// side lacks the part or the script.
type NameComparison struct {
	FamilyKanji, FamilyKana Level
	GivenKanji, GivenKana   Level

	// KanjiCut and KanaCut say where the family name ends in the first
	// record's text, also when it was found by the other side's boundary; see
	// [NameComparison.Parts]. Zero: not known.
	KanjiCut, KanaCut uint8

	// Reread, set by Weigh: the kana of family or given name disagree but are
	// another reading of the kanji, or of an alias.
	Reread [2]bool

	// Joined: neither side tells family from given name, in no script, and
	// the names were compared whole. Family and given levels are then the
	// same.
	Joined bool

	OtherLetters bool // given names in Latin letters differ
	Swapped      bool // family and given name change places
	Former       bool // the family name agrees with a former one
	Alias        bool // an alias, or the kanji beside a Latin name, agrees better
	NeedsReading bool // one side has only kanji (or Latin), the other only kana
}

// Parts are the family and given name of the first record as they were
// compared. Parts that are not known are nil.
func (n *NameComparison) Parts(a *Person) (name normalize.NameForm, kana normalize.KanaForm) {
	name, kana = a.Name, a.Kana
	if cut := int(n.KanjiCut); !name.Split && cut > 0 && cut < len(name.Family) {
		name = normalize.NameForm{Family: name.Family[:cut], Given: name.Family[cut:], Split: true}
	}
	if cut := int(n.KanaCut); !kana.Split && cut > 0 && cut < len(kana.Family) {
		kana = normalize.KanaForm{Family: kana.Family[:cut], Given: kana.Family[cut:], Split: true}
	}
	return name, kana
}

// CompareNames compares the names of two records part by part, in kanji and in
// kana. Where only one side separates family and given name its boundary is
// applied to the other. Of the main name, alias and former name of both sides
// the forms that agree best count, the main ones first.
func CompareNames(a, b *Person, s *Scratch) (n NameComparison) {
	n.compare(a, b, s)
	return n
}

// compare is [CompareNames] into what is empty.
func (n *NameComparison) compare(a, b *Person, s *Scratch) {
	if sameNames(a, b) {
		n.FamilyKanji, n.GivenKanji, n.FamilyKana, n.GivenKana = Exact, Exact, Exact, Exact
		n.KanjiCut, n.KanaCut = cutAt(len(b.Name.Family)), cutAt(len(b.Kana.Family))
		return
	}
	if needsSettling(a) {
		a = s.settled[0].settle(a)
	}
	if needsSettling(b) {
		b = s.settled[1].settle(b)
	}
	kanji := compareForms(&a.Name, &b.Name)
	if kanji.comparable() && !kanji.agrees() && sameLatinWords(&a.Name, &b.Name, s) {
		kanji.family, kanji.given, kanji.swapped = Exact, Exact, true
	}
	kana := compareKanaForms(&a.Kana, &b.Kana)
	if kanji.joined != kana.joined && kanji.comparable() && kana.comparable() {
		// One script shows where the names part; the other need share less.
		if kanji.joined && !kanji.agrees() {
			kanji = compareJoined(a.Name.Family, b.Name.Family, sharedKanji.less(&kana), CompareKanji)
		} else if kana.joined && !kana.agrees() {
			kana = compareJoined(a.Kana.Family, b.Kana.Family, sharedKana.less(&kanji), CompareKana)
		}
	}
	n.Swapped = kanji.swapped || kana.swapped && !kanji.agrees()
	if !kanji.agrees() {
		if len(a.Alias.Family) > 0 || len(b.Alias.Family) > 0 {
			if alias, ok := bestAlias(a, b, kanji); ok {
				kanji, n.Alias = alias, true
			}
		}
		if len(a.Former) > 0 || len(b.Former) > 0 {
			if former, ok := bestFormer(a, b, kanji); ok {
				kanji, n.Former = former, true
			}
		}
	}
	n.FamilyKanji, n.GivenKanji = kanji.family, kanji.given
	n.FamilyKana, n.GivenKana = kana.family, kana.given
	n.KanjiCut, n.KanaCut = kanji.cut, kana.cut
	n.Joined = (kanji.joined || !kanji.comparable()) && (kana.joined || !kana.comparable()) &&
		(kanji.joined || kana.joined)
	n.OtherLetters = !n.Alias && n.GivenKanji == Different && isLatin(a.Name.Given) && isLatin(b.Name.Given)
	if n.Former && !agrees(n.FamilyKana) {
		n.FamilyKana = Unknown // it is the reading of another name
	}
	if n.Alias && !kana.agrees() {
		n.FamilyKana, n.GivenKana = Unknown, Unknown
	}
	n.NeedsReading = !kanji.comparable() && !kana.comparable() &&
		(hasKanji(a) && hasKana(b) || hasKana(a) && hasKanji(b))
}

// sameNames is the short cut for most pairs of a link and its holder: the
// holder's names are complete, split and legible, and the record's are the
// same, split or not.
func sameNames(a, b *Person) bool {
	return b.Name.Split && b.Kana.Split &&
		len(b.Name.Family) > 0 && len(b.Name.Given) > 0 && len(b.Kana.Family) > 0 && len(b.Kana.Given) > 0 &&
		sameText(a.Kana.Family, a.Kana.Given, a.Kana.Split, b.Kana.Family, b.Kana.Given) &&
		sameText(a.Name.Family, a.Name.Given, a.Name.Split, b.Name.Family, b.Name.Given) &&
		!hasKanjiWildcard(b.Name.Family) && !hasKanjiWildcard(b.Name.Given) &&
		!hasKanaWildcard(b.Kana.Family) && !hasKanaWildcard(b.Kana.Given)
}

// sameText tells whether a name is the split one, whether it is split or not.
func sameText[T byte | uint16](aFamily, aGiven []T, aSplit bool, family, given []T) bool {
	if aSplit {
		return slices.Equal(aGiven, given) && slices.Equal(aFamily, family)
	}
	return len(aGiven) == 0 && len(aFamily) == len(family)+len(given) &&
		slices.Equal(aFamily[:len(family)], family) && slices.Equal(aFamily[len(family):], given)
}

func hasKanji(p *Person) bool { return !allWildcards(p.Name.Family) || !allWildcards(p.Name.Given) }
func hasKana(p *Person) bool  { return readable(p.Kana.Family)+readable(p.Kana.Given) > 0 }

// formComparison is the outcome for one form of both names in one script.
type formComparison struct {
	family, given Level
	cut           uint8 // of the first text
	joined        bool
	swapped       bool
}

func (c *formComparison) comparable() bool { return c.family != Unknown || c.given != Unknown }

// agrees tells whether all that is known of the form agrees.
func (c *formComparison) agrees() bool {
	return c.comparable() && (agrees(c.family) || c.family == Unknown) && (agrees(c.given) || c.given == Unknown)
}

// cost orders outcomes: less agreement costs more, and a part that is not
// known more than one that agrees.
func (c *formComparison) cost() int {
	cost := levelCost[c.family] + levelCost[c.given]
	if c.swapped {
		cost++
	}
	return cost
}

// betterThan is a total order of outcomes, so that the best of several does not
// depend on the order in which they are tried.
func (c *formComparison) betterThan(d *formComparison) bool {
	if x, y := c.cost(), d.cost(); x != y {
		return x < y
	}
	if c.joined != d.joined {
		return d.joined
	}
	return c.family < d.family
}

var levelCost = [levels]int{
	Exact: 0, Notation: 1, Confusable: 2, Near: 5, Unknown: 7, Part: 8, Different: 10,
}

// compareForms compares two names in kanji codes.
func compareForms(a, b *normalize.NameForm) formComparison {
	if len(a.Family)+len(a.Given) == 0 || len(b.Family)+len(b.Given) == 0 {
		return formComparison{}
	}
	switch {
	case a.Split && b.Split:
		c := formComparison{
			family: CompareKanji(a.Family, b.Family),
			given:  CompareKanji(a.Given, b.Given),
			cut:    cutAt(len(a.Family)),
		}
		if c.family != Exact && c.given != Exact {
			reorder(&c, agreeingKanji, a.Family, a.Given, b.Family, b.Given)
		}
		return c
	case a.Split:
		c, _ := alignName(a.Family, a.Given, b.Family, CompareKanji)
		c.cut = cutAt(len(a.Family))
		return c
	case b.Split:
		c, cut := alignName(b.Family, b.Given, a.Family, CompareKanji)
		c.cut = cutAt(cut)
		return c
	}
	return compareJoined(a.Family, b.Family, sharedKanji, CompareKanji)
}

// compareKanaForms is [compareForms] on kana codes, where names may be cut.
func compareKanaForms(a, b *normalize.KanaForm) formComparison {
	la, lb := len(a.Family)+len(a.Given), len(b.Family)+len(b.Given)
	if la == 0 || lb == 0 {
		return formComparison{}
	}
	var c formComparison
	switch {
	case a.Split && b.Split:
		c = formComparison{
			family: CompareKana(a.Family, b.Family),
			given:  CompareKana(a.Given, b.Given),
			cut:    cutAt(len(a.Family)),
		}
		if c.family != Exact && c.given != Exact {
			reorder(&c, agreeingKana, a.Family, a.Given, b.Family, b.Given)
		}
	case a.Split:
		c, _ = alignName(a.Family, a.Given, b.Family, CompareKana)
		c.cut = cutAt(len(a.Family))
	case b.Split:
		var cut int
		c, cut = alignName(b.Family, b.Given, a.Family, CompareKana)
		c.cut = cutAt(cut)
	default:
		c = compareJoined(a.Family, b.Family, sharedKana, CompareKana)
	}
	if la != lb && min(la, lb) >= shortestLimit && !c.agrees() {
		var joinedA, joinedB [longest]byte
		x := append(append(joinedA[:0], a.Family...), a.Given...)
		y := append(append(joinedB[:0], b.Family...), b.Given...)
		if isTruncated(x, y) {
			c.family, c.given = Notation, Notation
		}
	}
	return c
}

// reorder sees split names whose parts differ but whose text is the same: in
// the other order, or split in another place.
func reorder[T byte | uint16](c *formComparison, agreeing func(a, b []T) Level, familyA, givenA, familyB, givenB []T) {
	if len(familyA) == len(givenB) && len(givenA) == len(familyB) {
		if f := agreeing(familyA, givenB); agrees(f) {
			if g := agreeing(givenA, familyB); agrees(g) {
				// Which side has the order right is not known: the worse level is both's.
				c.family, c.given, c.swapped = max(f, g), max(f, g), true
				return
			}
		}
	}
	if len(familyA) > len(familyB) {
		familyA, givenA, familyB, givenB = familyB, givenB, familyA, givenA
	}
	moved := len(familyB) - len(familyA) // codes that stand on the other side of the space
	if moved > 0 && len(givenA) == len(givenB)+moved && slices.Equal(familyB[:len(familyA)], familyA) &&
		slices.Equal(givenA[:moved], familyB[len(familyA):]) && slices.Equal(givenA[moved:], givenB) {
		c.family, c.given = Exact, Exact
	}
}

func cutAt(n int) uint8 { return uint8(min(n, 255)) }

// alignName compares a split name with a whole one by finding where the
// boundary falls in the whole: where the family name ends, where the given
// name begins, or with the two in the other order. It returns the length of
// the family name in the whole, zero when the whole is one part.
func alignName[T byte | uint16](family, given, whole []T, compare func(a, b []T) Level) (best formComparison, cut int) {
	best = formComparison{family: Different, given: Different}
	if len(whole) == 0 {
		return formComparison{}, 0
	}
	try := func(at int) {
		if at <= 0 || at >= len(whole) {
			return
		}
		c := formComparison{family: compare(family, whole[:at]), given: compare(given, whole[at:])}
		if cut == 0 || c.cost() < best.cost() {
			best, cut = c, at
		}
	}
	try(len(family))
	if best.agrees() && cut > 0 {
		return best, cut
	}
	if at := len(whole) - len(given); at != len(family) {
		try(at)
	}
	if len(whole) == len(family)+len(given) && len(given) > 0 && !best.agrees() {
		c := formComparison{
			family:  compare(family, whole[len(given):]),
			given:   compare(given, whole[:len(given)]),
			swapped: true,
		}
		if c.agrees() {
			return c, len(given)
		}
	}
	if c := (formComparison{family: compare(family, whole)}); agrees(c.family) && c.cost() < best.cost() {
		return c, 0 // the given name is missing
	}
	if cut == 0 {
		best = formComparison{family: compare(family, whole), given: compare(given, whole)}
		if best.family != Unknown && best.given != Unknown {
			// One short text cannot be both parts: it is held against the better.
			if levelCost[best.family] <= levelCost[best.given] {
				best.given = Unknown
			} else {
				best.family = Unknown
			}
		}
	}
	return best, cut
}

// shared is how many codes two whole names must have in common at the
// beginning to be taken for one family name, and at the end for one given name.
type shared struct{ beginning, end int }

var (
	sharedKanji = shared{2, 2}
	sharedKana  = shared{3, 3}
)

// less asks for one code less at the end of the name that the other script
// found to agree.
func (m shared) less(other *formComparison) shared {
	switch family, given := agrees(other.family), agrees(other.given); {
	case family && !given:
		m.beginning--
	case given && !family:
		m.end--
	}
	return m
}

// compareJoined compares two names that nobody split. When they differ, the
// beginning (or end) in common is taken for the family (or given) name;
// otherwise both parts get the level of the whole. Where little differs, what
// is in common reaches into the other part, and half the name is cut off.
func compareJoined[T byte | uint16](a, b []T, least shared, compare func(a, b []T) Level) formComparison {
	whole := compare(a, b)
	if whole == Unknown || agrees(whole) {
		return formComparison{family: whole, given: whole, joined: whole != Unknown}
	}
	if len(a) <= longestName && isRotated(a, b, least.beginning) {
		return formComparison{family: Exact, given: Exact, joined: true, swapped: true}
	}
	shorter := min(len(a), len(b))
	prefix, suffix := 0, 0
	for prefix < shorter && a[prefix] == b[prefix] {
		prefix++
	}
	for suffix < shorter && a[len(a)-1-suffix] == b[len(b)-1-suffix] {
		suffix++
	}
	prefix, suffix = min(prefix, shorter-1), min(suffix, shorter-1)
	switch {
	case prefix >= least.beginning && (prefix >= suffix || suffix < least.end):
		cut := prefix
		if whole == Near {
			cut = min(prefix, max(least.beginning, shorter/2))
		}
		return formComparison{family: Exact, given: compare(a[cut:], b[cut:]), cut: cutAt(cut)}
	case suffix >= least.end:
		keep := suffix
		if whole == Near {
			keep = min(suffix, max(least.end, shorter/2))
		}
		x, y := a[:len(a)-keep], b[:len(b)-keep]
		return formComparison{family: compare(x, y), given: Exact, cut: cutAt(len(x))}
	}
	return formComparison{family: whole, given: whole, joined: true}
}

// isRotated tells whether b is a with its beginning moved to the end, each
// piece having at least part−1 codes.
func isRotated[T byte | uint16](a, b []T, part int) bool {
	if len(a) != len(b) || len(a) < 2*part-1 {
		return false
	}
	for at := part - 1; at <= len(a)-part+1; at++ {
		if at > 0 && at < len(a) && a[at] == b[0] && slices.Equal(a[at:], b[:len(a)-at]) && slices.Equal(a[:at], b[len(a)-at:]) {
			return true
		}
	}
	return false
}

// bestAlias compares every form of one side with every form of the other and
// returns the best, when it beats the main names.
func bestAlias(a, b *Person, main formComparison) (formComparison, bool) {
	best, found := main, false
	for _, pair := range [...][2]*normalize.NameForm{{&a.Alias, &b.Name}, {&a.Name, &b.Alias}, {&a.Alias, &b.Alias}} {
		c := compareForms(pair[0], pair[1])
		if !c.comparable() || !agrees(c.family) && !agrees(c.given) {
			continue
		}
		if !best.comparable() || c.betterThan(&best) {
			if pair[0] == &a.Alias {
				c.cut = 0 // it cuts the alias, not the name
			}
			best, found = c, true
		}
	}
	return best, found
}

// bestFormer puts a former family name in the place of the present one, on
// either side or both, and returns the best outcome in which it agrees.
func bestFormer(a, b *Person, main formComparison) (formComparison, bool) {
	best, found := main, false
	if agrees(main.family) && !main.joined {
		return best, false
	}
	try := func(x, y normalize.NameForm) {
		c := compareForms(&x, &y)
		if agrees(c.family) && (!best.comparable() || c.betterThan(&best)) {
			c.cut = main.cut
			best, found = c, true
		}
	}
	formerA, okA := withFamily(a.Former, &a.Name, &b.Name)
	formerB, okB := withFamily(b.Former, &b.Name, &a.Name)
	if okA {
		try(formerA, b.Name)
	}
	if okB {
		try(a.Name, formerB)
	}
	if okA && okB {
		try(formerA, formerB)
	}
	return best, found
}

// withFamily is the name under another family name. In a name that nobody
// split the given name is what it ends in like the other side.
func withFamily(family []uint16, name, other *normalize.NameForm) (normalize.NameForm, bool) {
	if len(family) == 0 {
		return normalize.NameForm{}, false
	}
	given := name.Given
	if !name.Split {
		given = commonEnd(name.Family, other)
	}
	return normalize.NameForm{Family: family, Given: given, Split: true}, true
}

// commonEnd is the end of the whole name that it shares with the other name,
// and never all of it.
func commonEnd(whole []uint16, other *normalize.NameForm) []uint16 {
	theirs := other.Family
	if other.Split {
		theirs = other.Given
	}
	n := 0
	for n < len(theirs) && n < len(whole)-1 && whole[len(whole)-1-n] == theirs[len(theirs)-1-n] {
		n++
	}
	return whole[len(whole)-n:]
}
