package score

import (
	"github.com/himozuke/himozuke/normalize"
	"github.com/himozuke/himozuke/normalize/reading"
)

// Reading weights are log-likelihood ratios already; rare readings exist, so
// an implausible one must not convict beyond what a dictionary can know.
const (
	readingFloor = -9
	readingRoof  = 22

	// readingFull is what a plausible reading of one part weighs, for telling
	// how far a pair is below full agreement.
	readingFull = 8
)

// otherName is the chance, in bits, that a record without kanji shows the name
// of an alias.
const otherName = -1.7

// reading weighs a record that has only kana against a person who has only
// kanji, or the other way round.
func (w *Weigher) reading(record, person *Person, out *Weight) {
	kana, of := &record.Kana, person
	if len(record.Kana.Family) == 0 {
		kana, of = &person.Kana, record
	}
	best := w.readForm(&of.Name, kana)
	alias := w.readForm(&of.Alias, kana)
	if alias.known && otherName+alias.total() > best.total() {
		out.Name.Alias = true
		best, alias = alias, best
		best.family += otherName
	}
	if alias.known && !alias.joined && !best.joined {
		// A Chinese name is often read half and half: 郭 as カク, 超 as チャオ.
		best.family = max(best.family, alias.family+otherName)
		best.given = max(best.given, alias.given+otherName)
	}
	if best.known && !best.joined && best.given > 0 {
		// Who is called so and has another family name may have married.
		best.family = max(best.family, w.w.family[clUnknown][clDifferent])
	}
	out.setReading(best)
}

// sameReading is what a part of a name must weigh, in bits, to be read so for
// certain.
const sameReading = 4

// Reads tells whether a person without kana has a name that is read like the
// record's kana, both parts.
func Reads(person, record *Person) bool {
	name, kana := &person.Name, &record.Kana
	return len(person.Kana.Family) == 0 && name.Split && kana.Split && !isLatin(name.Family) &&
		reading.Weight(name.Family, kana.Family, reading.FamilyName) >= sameReading &&
		reading.Weight(name.Given, kana.Given, reading.GivenName) >= sameReading
}

// readAnew gives a record without kanji whose kana disagree a second chance:
// the kana may be another reading of the person's kanji, or of its alias. What
// no dictionary knows as a reading is left to the table.
func (w *Weigher) readAnew(record, person *Person, out *Weight) {
	if main := w.readForm(&person.Name, &record.Kana); main.known && !main.joined {
		levels := [...]Level{out.Name.FamilyKana, out.Name.GivenKana}
		for i, bits := range [...]float32{main.family, main.given} {
			p := &out.parts[partFamily+i]
			if levels[i] > Confusable && bits > readingFloor && p.base+p.adjust < w.w.otherReading+bits {
				w.replace(out, partFamily+i, w.w.otherReading+bits)
				out.Name.Reread[i] = true
			}
		}
	}
	if alias := w.readForm(&person.Alias, &record.Kana); alias.known && otherName+alias.total() > out.NameWeight() {
		w.replace(out, partFamily, otherName+alias.family)
		w.replace(out, partGiven, alias.given)
		out.Name.Reread, out.Name.Alias = [2]bool{true, true}, true
	}
}

func (w *Weigher) replace(out *Weight, i int, bits float32) {
	p := &out.parts[i]
	out.Total += bits - p.base - p.adjust
	out.Deficit = max(0, out.Deficit-(bits-p.base-p.adjust))
	*p = part{base: bits}
}

// read is the outcome of reading one form of a name.
type read struct {
	family, given float32
	joined        bool // the form could not be divided: all is in family
	known         bool
}

func (r *read) total() float32 { return r.family + r.given }

func (o *Weight) setReading(r read) {
	if r.joined {
		o.add(partFamily, r.family, 0, max(r.family, 2*readingFull))
		return
	}
	o.add(partFamily, r.family, 0, max(r.family, readingFull))
	o.add(partGiven, r.given, 0, max(r.given, readingFull))
}

// readForm weighs how plausibly one form of a name is read as the kana.
func (w *Weigher) readForm(name *normalize.NameForm, kana *normalize.KanaForm) read {
	if len(name.Family) == 0 || len(kana.Family) == 0 {
		return read{}
	}
	clamp := func(b float32) float32 { return min(max(b, readingFloor), readingRoof) }
	w.scratch.kanji = append(append(w.scratch.kanji[:0], name.Family...), name.Given...)
	w.scratch.kana = append(append(w.scratch.kana[:0], kana.Family...), kana.Given...)
	if isLatin(name.Family) {
		if kana.Split && name.Split {
			parts := read{
				family: clamp(reading.LatinWeight(name.Family, kana.Family)),
				given:  clamp(reading.LatinWeight(name.Given, kana.Given)), known: true,
			}
			if parts.family > 0 || parts.given > 0 {
				return parts
			}
		}
		// Whole, the words may stand in any order.
		w.scratch.kanji = append(append(append(w.scratch.kanji[:0], name.Family...), ' '), name.Given...)
		return read{family: clamp(reading.LatinWeight(w.scratch.kanji, w.scratch.kana)), joined: true, known: true}
	}
	kanjiCut, kanaCut := -1, -1
	if name.Split {
		kanjiCut = len(name.Family)
	}
	if kana.Split {
		kanaCut = len(kana.Family)
	}
	if kanjiCut < 0 || kanaCut < 0 {
		kanjiCut, kanaCut, _ = reading.SplitAt(w.scratch.kanji, w.scratch.kana, kanjiCut, kanaCut)
	}
	if kanjiCut < 0 || kanaCut < 0 {
		return read{family: clamp(w.read.weight(w.scratch.kanji, w.scratch.kana, reading.FullName)), joined: true, known: true}
	}
	return read{
		family: clamp(w.read.weight(w.scratch.kanji[:kanjiCut], w.scratch.kana[:kanaCut], reading.FamilyName)),
		given:  clamp(w.read.weight(w.scratch.kanji[kanjiCut:], w.scratch.kana[kanaCut:], reading.GivenName)),
		known:  true,
	}
}

func isLatin(codes []uint16) bool { return len(codes) > 0 && codes[0] >= 'A' && codes[0] <= 'Z' }

// readings remembers what name parts weighed that were read lately: families
// come up again and again, with every candidate of a suspect and every suspect
// of a common name.
type readings struct {
	slots []rememberedReading
}

type rememberedReading struct {
	key  uint64
	bits float32
}

// readingBits is the size of the memory, as a logarithm: small enough for the
// cache nearest to a processor but one.
const readingBits = 12

// weight is [reading.Weight].
func (r *readings) weight(kanji []uint16, kana []byte, part reading.Part) float32 {
	if r.slots == nil {
		r.slots = make([]rememberedReading, 1<<readingBits)
	}
	key := Mix(HashKanji(kanji), HashKana(kana, nil)+uint64(part)) | 1
	slot := &r.slots[key>>(64-readingBits)]
	if slot.key != key {
		*slot = rememberedReading{key, reading.Weight(kanji, kana, part)}
	}
	return slot.bits
}
