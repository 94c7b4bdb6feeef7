package linkage

import (
	"math"
	"math/bits"
	"sync"
	"unsafe"

	"github.com/himozuke/himozuke/normalize"
	"github.com/himozuke/himozuke/normalize/prefetch"
	"github.com/himozuke/himozuke/score"
)

// alike knows which residents others could be taken for. Most links that do
// not agree with their holder in all agree in name and birth date: the person
// has moved. Where nobody else in the register has that name and birth date,
// and nobody was born that day in the town of the record, no resident can fit
// the record better than its holder, and it needs no search.
//
// It is kept as bits, so that a collision costs a search and never an error.
type alike struct {
	memory    memory
	names     keyBits // of name and birth date
	towns     keyBits // of town and birth date
	nameless  int64   // people without kana, whose kanji stand for it
	named     int64   // people with a name and a birth date
	everybody int64
}

// alikeBits is how many bits each key has to itself, so that one in sixteen
// collides.
const alikeBits = 16

func newAlike(people int64) *alike {
	a := &alike{}
	room := slab{from: &a.memory}
	a.names.init(people, true, &room)
	a.towns.init(people, false, &room)
	return a
}

// fullKana is the hash of the weak fold of a person's kana, zero for none.
func fullKana(p *score.Person) uint64 {
	if len(p.Kana.Family) == 0 {
		return 0
	}
	return score.HashWeakKana(p.Kana.Family, p.Kana.Given)
}

// kanaKey and kanjiKey are the hashes of kana and of kanji with the birth date,
// zero for what is missing.
func kanaKey(p *score.Person, fullKana uint64) uint64 {
	if fullKana == 0 || !isComplete(p.Birth) {
		return 0
	}
	return score.Mix(fullKana, uint64(p.Birth))
}

func kanjiKey(p *score.Person) uint64 {
	if len(p.Name.Family) == 0 || !isComplete(p.Birth) {
		return 0
	}
	return score.Mix(score.HashKanjiName(p.Name.Family, p.Name.Given), uint64(p.Birth))
}

func townKey(p *score.Person) uint64 {
	if !isComplete(p.Birth) || p.Address.Town == 0 {
		return 0
	}
	return score.Mix(uint64(p.Address.TownWeak)<<16|uint64(p.Address.Municipality), uint64(p.Birth))
}

func isComplete(d normalize.Date) bool { return d.Day() != 0 && d.Month() != 0 && d.Year() != 0 }

// alikeWriter enters the people that one worker reads.
type alikeWriter struct {
	into         *alike
	names, towns keyBuffer
	nameless     int64
	named        int64
	everybody    int64
}

func (a *alike) writer() *alikeWriter { return &alikeWriter{into: a} }

func (w *alikeWriter) add(p *score.Person, fullKana uint64) {
	w.everybody++
	name := kanaKey(p, fullKana)
	if name == 0 {
		w.nameless++
		name = kanjiKey(p)
	}
	if name != 0 {
		w.named++
		w.names.add(&w.into.names, name)
	}
	if town := townKey(p); town != 0 {
		w.towns.add(&w.into.towns, town)
	}
}

func (w *alikeWriter) close() {
	w.names.flush(&w.into.names)
	w.towns.flush(&w.into.towns)
	w.into.nameless += w.nameless
	w.into.named += w.named
	w.into.everybody += w.everybody
}

// unique tells whether nobody else has the holder's name and birth date, and
// nobody at all the record's birth date in the record's town.
func (a *alike) unique(record, holder *score.Person) bool {
	town := townKey(record)
	return town != 0 && !a.towns.has(town) && a.uniqueName(holder)
}

// uniqueName tells whether nobody else has the holder's name and birth date.
func (a *alike) uniqueName(holder *score.Person) bool {
	if kana := kanaKey(holder, fullKana(holder)); kana != 0 {
		if a.names.hasTwo(kana) {
			return false
		}
		if a.nameless == 0 {
			return true
		}
		kanji := kanjiKey(holder)
		return kanji != 0 && !a.names.has(kanji)
	}
	// Those who have kana are not found by kanji.
	kanji := kanjiKey(holder)
	return kanji != 0 && a.nameless == a.everybody && !a.names.hasTwo(kanji)
}

// mayMeanAnother tells, of a record that agrees with its holder, whether
// somebody of the same name and birth date may fit it as well: it has no address
// to tell them apart. A record without kana may mean whoever is written alike,
// and people are known by their kana: it takes a search to tell.
func (a *alike) mayMeanAnother(record, holder *score.Person) bool {
	if record.Address.Town != 0 || !isComplete(record.Birth) {
		return false
	}
	return len(record.Kana.Family) == 0 && a.nameless < a.everybody || !a.uniqueName(holder)
}

// doubles is the share of people whose name and birth date somebody else has. As
// many people as there are over the different keys have the key of another; how
// many keys differ shows in how full the set is (Whang and others 1990). Nearly
// all doubles are pairs.
func (a *alike) doubles() float64 {
	if a.named == 0 {
		return fewestDoubles
	}
	repeated := float64(a.named) - a.names.distinct()
	return min(max(2*repeated/float64(a.named), fewestDoubles), 1)
}

// keyBits is a set of hashed keys that also knows which were entered twice.
type keyBits struct {
	lock        sync.Mutex // while keys are entered
	once, twice []uint64
	shift       uint8
}

// keyBitsWidth is the logarithm of how many bits a set of so many keys has.
func keyBitsWidth(keys int64) uint8 {
	width := uint8(20)
	for width < 40 && int64(1)<<width < keys*alikeBits {
		width++
	}
	return width
}

// roomOfAlike is what the groups of so many people take, in bytes: names twice and
// towns.
func roomOfAlike(people int64) int64 { return 3 << (keyBitsWidth(people) - 3) }

func (t *keyBits) init(keys int64, twice bool, room *slab) {
	width := keyBitsWidth(keys)
	t.shift = 64 - width
	t.once = carve[uint64](room, 1<<(width-6))
	if twice {
		t.twice = carve[uint64](room, 1<<(width-6))
	}
}

func (t *keyBits) has(key uint64) bool {
	at := key >> t.shift
	return t.once[at>>6]>>(at&63)&1 != 0
}

func (t *keyBits) hasTwo(key uint64) bool {
	at := key >> t.shift
	return t.twice[at>>6]>>(at&63)&1 != 0
}

// distinct estimates how many different keys were entered.
func (t *keyBits) distinct() float64 {
	set := 0
	for _, word := range t.once {
		set += bits.OnesCount64(word)
	}
	size := float64(64 * len(t.once))
	return math.Log1p(-float64(set)/size) / math.Log1p(-1/size)
}

// keyBuffer gathers the keys of one worker while their bits are on their way
// from memory.
type keyBuffer struct {
	keys [64]uint64
	n    int
}

func (b *keyBuffer) add(t *keyBits, key uint64) {
	prefetch.Line(unsafe.Pointer(&t.once[key>>(t.shift&63)>>6]))
	b.keys[b.n] = key
	if b.n++; b.n == len(b.keys) {
		b.flush(t)
	}
}

// flush sets the bits of what was gathered. Other workers do the same, in any
// order: of two with one key one is the second. One lock for all of them costs
// far less than an atomic operation for each.
func (b *keyBuffer) flush(t *keyBits) {
	t.lock.Lock()
	defer t.lock.Unlock()
	for _, key := range b.keys[:b.n] {
		at := key >> (t.shift & 63)
		bit := uint64(1) << (at & 63)
		word := &t.once[at>>6]
		if *word&bit != 0 && t.twice != nil {
			t.twice[at>>6] |= bit
		}
		*word |= bit
	}
	b.n = 0
}
