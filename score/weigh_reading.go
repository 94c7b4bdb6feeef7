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
	differs := [2]bool{out.Name.FamilyKana > Confusable, out.Name.GivenKana > Confusable}
	if main, known := w.readParts(&person.Name, &record.Kana, differs); known {
		for i, bits := range main {
			p := &out.parts[partFamily+i]
			if differs[i] && bits > readingFloor && p.base+p.adjust < w.w.otherReading+bits {
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
	if isLatin(name.Family) && name.Split && kana.Split {
		bits, apart := w.read.latin(name, kana)
		return read{family: clampReading(bits[0]), given: clampReading(bits[1]), joined: !apart, known: true}
	}
	if parts, ok := w.readParts(name, kana, [2]bool{true, true}); ok {
		return read{family: parts[0], given: parts[1], known: true}
	}
	w.scratch.kana = append(append(w.scratch.kana[:0], kana.Family...), kana.Given...)
	if isLatin(name.Family) { // whole, the words may stand in any order
		w.scratch.kanji = append(append(append(w.scratch.kanji[:0], name.Family...), ' '), name.Given...)
		return read{family: clampReading(w.read.weight(w.scratch.kanji, w.scratch.kana, latinName)), joined: true, known: true}
	}
	w.scratch.kanji = append(append(w.scratch.kanji[:0], name.Family...), name.Given...)
	return read{family: clampReading(w.read.weight(w.scratch.kanji, w.scratch.kana, reading.FullName)), joined: true, known: true}
}

// readParts is the same for the parts that are asked for, where they can be told
// from each other and, of a Latin name, one is read.
func (w *Weigher) readParts(name *normalize.NameForm, kana *normalize.KanaForm, asked [2]bool) (bits [2]float32, ok bool) {
	if len(name.Family) == 0 || len(kana.Family) == 0 {
		return bits, false
	}
	if isLatin(name.Family) {
		if !kana.Split || !name.Split {
			return bits, false
		}
		bits[0] = clampReading(w.read.weight(name.Family, kana.Family, latinName))
		bits[1] = clampReading(w.read.weight(name.Given, kana.Given, latinName))
		return bits, max(bits[0], bits[1]) > 0
	}
	kanji, sounds, ok := w.divide(name, kana)
	for i, part := range [...]reading.Part{reading.FamilyName, reading.GivenName} {
		if ok && asked[i] {
			bits[i] = clampReading(w.read.weight(kanji[i], sounds[i], part))
		}
	}
	return bits, ok
}

func clampReading(bits float32) float32 { return min(max(bits, readingFloor), readingRoof) }

// divide gives family and given name of both texts, where one can be found.
func (w *Weigher) divide(name *normalize.NameForm, kana *normalize.KanaForm) (kanji [2][]uint16, sounds [2][]byte, ok bool) {
	if name.Split && kana.Split {
		return [2][]uint16{name.Family, name.Given}, [2][]byte{kana.Family, kana.Given}, true
	}
	w.scratch.kanji = append(append(w.scratch.kanji[:0], name.Family...), name.Given...)
	w.scratch.kana = append(append(w.scratch.kana[:0], kana.Family...), kana.Given...)
	kanjiCut, kanaCut := -1, -1
	if name.Split {
		kanjiCut = len(name.Family)
	}
	if kana.Split {
		kanaCut = len(kana.Family)
	}
	kanjiCut, kanaCut = reading.CutAt(w.scratch.kanji, w.scratch.kana, kanjiCut, kanaCut)
	if kanjiCut < 0 || kanaCut < 0 {
		return kanji, sounds, false
	}
	return [2][]uint16{w.scratch.kanji[:kanjiCut], w.scratch.kanji[kanjiCut:]},
		[2][]byte{w.scratch.kana[:kanaCut], w.scratch.kana[kanaCut:]}, true
}

func isLatin(codes []uint16) bool { return len(codes) > 0 && codes[0] >= 'A' && codes[0] <= 'Z' }

// readings remembers what name parts weighed that were read lately: families
// come up again and again, with every candidate of a suspect and every suspect
// of a common name.
type readings struct {
	slots []rememberedReading
	names []rememberedName
}

// rememberedName is a Latin name that was read beside kana in two parts.
type rememberedName struct {
	key   uint64
	bits  [2]float32
	apart bool
}

type rememberedReading struct {
	key  uint64
	bits float32
}

// readingBits is the size of the memory, as a logarithm: small enough for the
// cache nearest to a processor but one.
const readingBits = 12

// nameBits is that of the names in Latin letters, which are few.
const nameBits = 9

// latinName stands for names in Latin letters among the parts.
const latinName = reading.FullName + 1

// latin is [reading.LatinName].
func (r *readings) latin(name *normalize.NameForm, kana *normalize.KanaForm) (bits [2]float32, apart bool) {
	if r.names == nil {
		r.names = make([]rememberedName, 1<<nameBits)
	}
	key := Mix(Mix(HashKanji(name.Family), HashKanji(name.Given)), Mix(HashKana(kana.Family, nil), HashKana(kana.Given, nil))) | 1
	slot := &r.names[key>>(64-nameBits)]
	if slot.key != key {
		slot.key = key
		slot.bits, slot.apart = reading.LatinName(name.Family, name.Given, kana.Family, kana.Given)
	}
	return slot.bits, slot.apart
}

// weight is [reading.Weight], or [reading.LatinWeight].
func (r *readings) weight(kanji []uint16, kana []byte, part reading.Part) float32 {
	if r.slots == nil {
		r.slots = make([]rememberedReading, 1<<readingBits)
	}
	key := Mix(HashKanji(kanji), HashKana(kana, nil)+uint64(part)) | 1
	slot := &r.slots[key>>(64-readingBits)]
	if slot.key != key {
		slot.key = key
		if part == latinName {
			slot.bits = reading.LatinWeight(kanji, kana)
		} else {
			slot.bits = reading.Weight(kanji, kana, part)
		}
	}
	return slot.bits
}
