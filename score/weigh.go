package score

import (
	"math"

	"github.com/himozuke/himozuke/normalize"
)

// Weigher computes match weights from a model and the frequencies of the
// register. It is not safe for concurrent use: each worker has its own, made
// by Fork.
type Weigher struct {
	model   *Model
	w       *weights
	freq    *Frequencies
	scratch Scratch
	read    *readings

	town         uint32 // whose rarity was asked last
	rarityOfTown float64

	// sharedAddress is the rarity, in bits, of sharing an address: two random
	// people do as members of one household.
	sharedAddress float64
	addressU      [levels]float64 // log2

	// log2 of the u of full agreement, by what is known of the part: the
	// reference that the frequency of the value at hand replaces.
	familyU, givenU [4]float64

	// The least that frequencies add to an agreeing name part, and the least
	// that an agreeing address weighs.
	leastName    [2]float32
	leastAddress float32
	least        leastNames
}

// known tells which scripts of a part are known: 1 kanji, 2 kana, 3 both.
func known(kanji, kana class) int {
	k := 0
	if kanji != clUnknown {
		k |= 1
	}
	if kana != clUnknown {
		k |= 2
	}
	return k
}

// household is the mean household size (2.2 in the 2020 census), rounded up
// for institutions.
const household = 2.4

// NewWeigher readies a model and frequencies for weighing.
func NewWeigher(m *Model, f *Frequencies) *Weigher {
	f.seal()
	bits := m.weights()
	w := &Weigher{model: m, w: &bits, freq: f, read: new(readings), sharedAddress: -math.Log2(household / (float64(f.People) + household))}
	for l, p := range m.Address {
		w.addressU[l] = math.Log2(p.U)
	}
	for i, cell := range [...][2]class{1: {clExact, clUnknown}, 2: {clUnknown, clExact}, 3: {clExact, clExact}} {
		if i > 0 {
			w.familyU[i] = math.Log2(m.Family[cell[0]][cell[1]].U)
			w.givenU[i] = math.Log2(m.Given[cell[0]][cell[1]].U)
		}
	}
	w.setLeast()
	w.least = w.leastNames()
	return w
}

// NothingAgrees tells, after [Weigher.Compare], whether nothing speaks for the
// pair: no part of the name, nor birth date, nor address.
func (o *Weight) NothingAgrees() bool {
	n := &o.Name
	agrees := func(l, last Level) bool { return l != Unknown && l <= last }
	return !n.NeedsReading && !agrees(n.FamilyKanji, Part) && !agrees(n.GivenKanji, Part) &&
		!agrees(n.FamilyKana, Part) && !agrees(n.GivenKana, Part) &&
		!agrees(o.Birth, Part) && !agrees(o.Address, Uncertain)
}

// setLeast finds the bounds for [Weigher.AgreesFully]: what the commonest
// values weigh.
func (w *Weigher) setLeast() {
	f := w.freq
	part := func(u *[4]float64, kanji, kana int) float32 {
		least := float32(0) // where no frequency is asked
		for k := 1; k < len(u); k++ {
			least = min(least, adjustment(u[k], f.commonest[kanji]), adjustment(u[k], f.commonest[kana]))
		}
		return least
	}
	w.leastName[partFamily] = part(&w.familyU, countFamily, countFamilyKana)
	w.leastName[partGiven] = part(&w.givenU, countGiven, countGivenKana)
	whole := adjustment(w.familyU[2]+w.givenU[2], f.commonest[countFullKana])
	w.leastName[partFamily] = min(w.leastName[partFamily], whole)
	rarity := min(w.sharedAddress, f.commonest[countTown]+addressesOfTown)
	w.leastAddress = w.w.address[Exact] + adjustment(w.addressU[Exact], rarity)
}

// Relearn is a weigher whose m is estimated once more (see Model.Relearn), nil
// when the outcome contradicts itself.
func (w *Weigher) Relearn(links Patterns, changes map[Pattern]float64, confirmed Confirmed) *Weigher {
	m := w.model.Relearn(links, changes, confirmed)
	if m.Validate() != nil {
		return nil
	}
	return NewWeigher(m, w.freq)
}

// Model is what the weights come from.
func (w *Weigher) Model() *Model { return w.model }

// Fork is another weigher on the same model, for another worker.
func (w *Weigher) Fork() *Weigher {
	f := *w
	f.scratch, f.read = Scratch{}, new(readings)
	return &f
}

// ForkAll is one of each for another worker, which uses them by turns.
func ForkAll(weighers []*Weigher) []*Weigher {
	own := make([]*Weigher, len(weighers))
	for i, w := range weighers {
		own[i] = w.Fork()
		own[i].read = own[0].read
	}
	return own
}

// Weight is the outcome of one pair in bits.
type Weight struct {
	Total   float32
	Deficit float32 // how far Total is below full agreement of all that is known
	Known   float32 // what full agreement of all that is known would weigh

	Name    NameComparison
	Birth   Level
	Sex     Level
	Address Level

	parts [parts]part
}

type part struct{ base, adjust float32 }

const (
	partFamily = iota
	partGiven
	partBirth
	partSex
	partAddress
	parts
)

// partNames are the comparisons of a weight, in the order of its evidence.
var partNames = [parts]string{"family", "given", "birth", "sex", "address"}

// Compare finds the agreement levels of a pair and weighs nothing.
func (w *Weigher) Compare(record, person *Person, out *Weight) {
	*out = Weight{}
	out.Name.compare(record, person, &w.scratch)
	out.Birth = CompareDate(record.Birth, person.Birth)
	out.Sex = CompareSex(record.Sex, person.Sex)
	out.Address = CompareAddress(record.Address, person.Address, record.Postal, person.Postal)
}

// Weigh compares a linked record with a person of the register.
func (w *Weigher) Weigh(record, person *Person, out *Weight) {
	w.Compare(record, person, out)
	w.WeighCompared(record, person, out)
}

// WeighCompared weighs a pair that [Weigher.Compare] has compared.
func (w *Weigher) WeighCompared(record, person *Person, out *Weight) {
	w.names(record, person, out)
	if mayBeReadAnew(record, out) {
		w.readAnew(record, person, out)
	}

	if out.Birth != Unknown {
		full := Exact
		if out.Birth != Exact {
			full = max(bestDate(record.Birth), bestDate(person.Birth))
		}
		out.add(partBirth, w.w.birth[out.Birth], 0, w.w.birth[full])
	}
	if out.Sex != Unknown {
		table := &w.w.sex
		if givenAgrees(&out.Name) {
			table = &w.w.sexGivenAgrees
		}
		out.add(partSex, table[out.Sex], 0, table[Exact])
	}
	if out.Address != Unknown {
		full := Exact
		if out.Address != Exact {
			full = max(bestAddress(record), bestAddress(person))
		}
		rarity := w.townRarity(record.Address.Town)
		out.add(partAddress, w.w.address[out.Address], w.addressAdjustment(out.Address, rarity),
			w.w.address[full]+w.addressAdjustment(full, rarity))
	}
}

// bestAddress is the level that an address reaches beside itself.
func bestAddress(p *Person) Level {
	if a := &p.Address; a.Town != 0 && a.Numbers != 0 {
		return Exact
	}
	return CompareAddress(p.Address, p.Address, p.Postal, p.Postal)
}

// bestDate is the same for a date.
func bestDate(d normalize.Date) Level {
	if d.Day() != 0 && d.Month() != 0 && d.Year() != 0 {
		return Exact
	}
	return CompareDate(d, d)
}

// townRarity is the rarity of a town. Pairs of one record come one after the
// other.
func (w *Weigher) townRarity(town uint32) float64 {
	if town != w.town || w.rarityOfTown == 0 {
		w.town, w.rarityOfTown = town, w.freq.rarity(countTown, mix(uint64(town)))
	}
	return w.rarityOfTown
}

// AgreesFully tells, after [Weigher.Compare], whether all that both sides know
// agrees and weighs at least so many bits together, however common its values
// are. That clears most links without a look at any frequency.
func (w *Weigher) AgreesFully(o *Weight, least float32) bool {
	n := &o.Name
	if !o.allAgrees() {
		return false
	}
	bits := float32(0)
	if fk, fn := jointClasses(n.FamilyKanji, n.FamilyKana); fk|fn != clUnknown {
		bits += w.w.family[fk][fn] + w.leastName[partFamily]
	}
	if gk, gn := jointClasses(n.GivenKanji, n.GivenKana); gk|gn != clUnknown {
		bits += w.w.given[gk][gn] + w.leastName[partGiven]
	}
	if o.Birth == Exact {
		bits += w.w.birth[Exact]
	}
	if o.Address == Exact {
		bits += w.leastAddress
	}
	return bits >= least
}

// allAgrees tells whether nothing that is known differs.
func (o *Weight) allAgrees() bool {
	n := &o.Name
	return max(n.FamilyKanji, n.FamilyKana, n.GivenKanji, n.GivenKana, o.Birth, o.Sex, o.Address) <= Exact &&
		!n.NeedsReading && !n.Former && !n.Alias && !n.Swapped
}

func (o *Weight) add(i int, base, adjust, full float32) {
	o.parts[i] = part{base, adjust}
	got := base + adjust
	o.Total += got
	full = max(full, got)
	o.Deficit += full - got
	o.Known += full
}

// mayBeReadAnew tells whether kana that disagree may be another reading of the
// person's name: the record has nothing else.
func mayBeReadAnew(record *Person, o *Weight) bool {
	return !o.Name.NeedsReading && len(record.Name.Family) == 0 && kanaDisagrees(&o.Name)
}

// kanaDisagrees tells whether a part's kana is more than notation off.
func kanaDisagrees(n *NameComparison) bool { return max(n.FamilyKana, n.GivenKana) > Confusable }

func givenAgrees(n *NameComparison) bool {
	return n.GivenKanji == Exact || n.GivenKana == Exact && n.GivenKanji != Different
}

// blocksOfTown and addressesOfTown are how many bits rarer a block and an
// address are than their town.
const (
	blocksOfTown    = 5.6
	addressesOfTown = 8.6
)

func (w *Weigher) addressAdjustment(l Level, rarity float64) float32 {
	switch l {
	case Exact:
		rarity = min(w.sharedAddress, rarity+addressesOfTown)
	case Block:
		rarity = min(w.sharedAddress-1, rarity+blocksOfTown)
	case Town, Uncertain:
	default:
		return 0
	}
	return adjustment(w.addressU[l], rarity)
}

// names weighs the family and the given name, each jointly over kanji and kana.
func (w *Weigher) names(record, person *Person, out *Weight) {
	n := &out.Name
	if n.NeedsReading {
		w.reading(record, person, out)
		return
	}
	fk, fn := jointClasses(n.FamilyKanji, n.FamilyKana)
	gk, gn := n.givenClasses()
	family, given := &w.w.family, &w.w.given
	form := float32(0)
	if n.Former || n.Alias {
		form = w.w.otherForm
	}
	if n.Joined {
		// One side could not be split: the whole name was compared as one.
		if fk|fn != clUnknown {
			adjust := float32(0)
			if agreesFully(fk, fn) {
				adjust = w.fullNameAdjustment(record)
			}
			out.add(partFamily, family[fk][fn]+form, adjust, bestOf(family, fk, fn, n.FamilyKanji)+adjust)
			out.add(partGiven, given[fk][fn], 0, bestOf(given, fk, fn, n.FamilyKanji))
		}
		return
	}
	var name normalize.NameForm
	var kana normalize.KanaForm
	if agreesFully(fk, fn) || agreesFully(gk, gn) {
		name, kana = n.Parts(record)
	}
	if fk|fn != clUnknown {
		adjust := float32(0)
		if agreesFully(fk, fn) {
			adjust = w.partAdjustment(name.Family, kana.Family, kana.Split && n.FamilyKana == Exact, countFamily, countFamilyKana, fk == clExact, w.familyU[known(fk, fn)])
		}
		base := family[fk][fn]
		if bothDiffer(fk, fn, gk, gn) {
			base = max(base, w.w.otherFamily[fk][fn])
		}
		out.add(partFamily, base+form, adjust, bestOf(family, fk, fn, n.FamilyKanji)+adjust)
	}
	if gk|gn != clUnknown {
		adjust := float32(0)
		if agreesFully(gk, gn) {
			adjust = w.partAdjustment(name.Given, kana.Given, kana.Split && n.GivenKana == Exact, countGiven, countGivenKana, gk == clExact, w.givenU[known(gk, gn)])
		}
		out.add(partGiven, given[gk][gn], adjust, bestOf(given, gk, gn, n.GivenKanji)+adjust)
	}
}

// bestOf is the weight the part would have if what is known agreed.
func bestOf(t *[classes][classes]float32, k, n class, kanji Level) float32 {
	if k != clUnknown && kanji != Notation {
		k = clExact
	}
	if n != clUnknown {
		n = clExact
	}
	return t[k][n]
}

// otherNameToo is how often the family name of a right link differs where its
// given name does: a trade name, an alias or somebody who acts for the holder
// replaces both.
const otherNameToo = 0.1

func bothDiffer(fk, fn, gk, gn class) bool { return differsFully(fk, fn) && differsFully(gk, gn) }

func differsFully(k, n class) bool {
	return (k == clDifferent || k == clUnknown) && (n == clDifferent || n == clUnknown) && k|n != clUnknown
}

func agreesFully(k, n class) bool { return k == clExact || n == clExact }

func (w *Weigher) partAdjustment(name []uint16, kana []byte, kanaAgrees bool, byName, byKana int, kanjiAgrees bool, logU float64) float32 {
	if kanjiAgrees && len(name) > 0 {
		return adjustment(logU, w.freq.rarity(byName, HashKanji(name)))
	}
	if len(kana) > 0 && kanaAgrees {
		return adjustment(logU, w.freq.rarity(byKana, HashKana(kana, nil)))
	}
	return 0
}

func (w *Weigher) fullNameAdjustment(p *Person) float32 {
	if len(p.Kana.Family) == 0 {
		return 0
	}
	const kanaOnly = 2
	return adjustment(w.familyU[kanaOnly]+w.givenU[kanaOnly], w.freq.rarity(countFullKana, HashWeakKana(p.Kana.Family, p.Kana.Given)))
}

// Evidence lists the comparisons of a weight; the weights add up to Total.
func (w *Weigher) Evidence(o *Weight) []Evidence {
	list := make([]Evidence, 0, parts)
	add := func(i int, level Level, detail string, p Probability) {
		if level == Unknown && o.parts[i] == (part{}) {
			list = append(list, Evidence{Comparison: partNames[i], Level: Unknown, Detail: detail})
			return
		}
		e := Evidence{
			Comparison: partNames[i], Level: level, Detail: detail, M: p.M, U: p.U,
			Weight: float64(o.parts[i].base) + float64(o.parts[i].adjust),
		}
		base := 0.0
		if p.M > 0 && p.U > 0 {
			base = math.Log2(p.M / p.U)
		}
		e.Adjustment = e.Weight - base
		list = append(list, e)
	}
	n := &o.Name
	joint := func(k, n Level) string { return "kanji=" + k.String() + " kana=" + n.String() }
	byReading := func(i int) bool { return n.NeedsReading || n.Reread[i] }
	if byReading(partFamily) {
		add(partFamily, Reading, "reading", Probability{})
	} else {
		family := w.model.Family.at(n.FamilyKanji, n.FamilyKana)
		fk, fn := jointClasses(n.FamilyKanji, n.FamilyKana)
		if gk, gn := n.givenClasses(); !n.Joined && bothDiffer(fk, fn, gk, gn) {
			family.M = max(family.M, otherNameToo)
		}
		add(partFamily, jointLevel(n.FamilyKanji, n.FamilyKana), joint(n.FamilyKanji, n.FamilyKana), family)
	}
	if byReading(partGiven) {
		add(partGiven, Reading, "reading", Probability{})
	} else {
		gk, gn := n.GivenKanji, n.GivenKana
		k, c := n.givenClasses()
		if n.Joined {
			gk, gn = n.FamilyKanji, n.FamilyKana
			k, c = jointClasses(gk, gn)
		}
		add(partGiven, jointLevel(gk, gn), joint(gk, gn), w.model.Given[k][c])
	}
	add(partBirth, o.Birth, "", w.model.Birth[o.Birth])
	sex := &w.model.Sex
	if givenAgrees(n) {
		sex = &w.model.SexGivenAgrees
	}
	add(partSex, o.Sex, "", sex[o.Sex])
	add(partAddress, o.Address, "", w.model.Address[o.Address])
	return list
}

// jointLevel is the level of a name part for a reader: the better of the two.
func jointLevel(kanji, kana Level) Level {
	switch {
	case kanji == Unknown, kanji == Notation && kana != Unknown:
		return kana
	case kana == Unknown:
		return kanji
	}
	return min(kanji, kana)
}

// PartWeight is the weight of one comparison of the pair, adjusted.
func (o *Weight) PartWeight(i int) float32 { return o.parts[i].base + o.parts[i].adjust }

// FamilyWeight is the weight of the family name alone.
func (o *Weight) FamilyWeight() float32 { return o.PartWeight(partFamily) }

// OnlyFamilyDiffers tells whether the family name differs and the given name
// agrees, as after a marriage.
func (o *Weight) OnlyFamilyDiffers() bool {
	n := &o.Name
	return !n.NeedsReading && !n.Joined && differsFully(jointClasses(n.FamilyKanji, n.FamilyKana)) && givenAgrees(n)
}

// SharedWeight is the weight of what members of one household share: family
// name and address.
func (o *Weight) SharedWeight() float32 { return o.PartWeight(partFamily) + o.PartWeight(partAddress) }

// NameWeight is the weight of the name alone, BirthWeight of the birth date.
func (o *Weight) NameWeight() float32 { return o.PartWeight(partFamily) + o.PartWeight(partGiven) }

// NameAgrees tells whether the name speaks for the pair, and no part of it
// against.
func (o *Weight) NameAgrees() bool {
	return o.NameWeight() > 0 && o.PartWeight(partFamily) >= 0 && o.PartWeight(partGiven) >= 0
}

// BirthWeight is the weight of the birth date alone.
func (o *Weight) BirthWeight() float32 { return o.PartWeight(partBirth) }
