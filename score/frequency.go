package score

import (
	"encoding/binary"
	"math"
	"math/bits"
	"unsafe"

	"github.com/himozuke/himozuke/normalize"
	"github.com/himozuke/himozuke/normalize/prefetch"
)

// sketch is a count-min sketch (Cormode and Muthukrishnan 2005) of two counters
// a value, both in one cache line: a register of tens of millions is counted
// at the cost of one miss a value. Plain additions commute, so counting in
// parallel gives the same result whatever the order.
type sketch struct {
	lines [][16]uint32
	shift uint8
}

// sketchBits are the sizes of the sketches, as logarithms of their lines. The
// values that are frequent need to be right, and those are few: no more than
// fit a processor's cache. Full names are counted to tell the rare ones, so
// that their sketch grows with the register.
var sketchBits = [countKinds]int{
	countFamily: 13, countGiven: 14, countFamilyKana: 13, countGivenKana: 13, countFullKana: 15, countTown: 14,
}

const fullKanaBitsMost = 21

// NewLines is room on the heap.
func NewLines(lines int) [][16]uint32 { return make([][16]uint32, lines) }

func (s *sketch) at(h uint64) (line *[16]uint32, a, b uint64) {
	a, b = h&15, h>>4&15
	if a == b {
		b ^= 1
	}
	return &s.lines[h>>s.shift], a, b
}

func (s *sketch) add(h uint64, n uint32) {
	line, a, b := s.at(h)
	line[a] += n
	line[b] += n
}

func (s *sketch) count(h uint64) uint32 {
	line, a, b := s.at(h)
	return min(line[a], line[b])
}

// most is a bound on the count of any value.
func (s *sketch) most() (n uint32) {
	for i := range s.lines {
		for _, c := range s.lines[i] {
			n = max(n, c)
		}
	}
	return n
}

func (s *sketch) merge(o *sketch) {
	for i := range s.lines {
		for k := range s.lines[i] {
			s.lines[i][k] += o.lines[i][k]
		}
	}
}

// A value kind has its own sketch.
const (
	countFamily = iota
	countGiven
	countFamilyKana
	countGivenKana
	countFullKana
	countTown
	countKinds
)

// Frequencies counts name parts and towns over the register, so that sharing
// a rare value weighs more than sharing a common one.
type Frequencies struct {
	People int64
	counts [countKinds]sketch
	cities [1 << 16]uint32 // by municipality code

	tallies [countKinds]*tally // before the sketches, until these are sealed or merged

	// Set by seal.
	logPeople float64
	commonest [countKinds]float64 // rarity that no value falls below
}

// NewFrequencies makes room for counting about so many people. The lines of the
// largest sketch come from room, all zero.
func NewFrequencies(people int64, room func(lines int) [][16]uint32) *Frequencies {
	f := new(Frequencies)
	for k, size := range sketchBits {
		f.tallies[k] = &tally{into: &f.counts[k]}
		if k != countFullKana {
			f.counts[k] = sketch{lines: NewLines(1 << size), shift: uint8(64 - size)}
			continue
		}
		size = fullKanaBits(people)
		f.counts[k] = sketch{lines: room(1 << size), shift: uint8(64 - size)}
	}
	return f
}

// RoomOfNames is what the lines of the largest sketch take, in bytes.
func RoomOfNames(people int64) int64 { return 64 << fullKanaBits(people) }

func fullKanaBits(people int64) int {
	size := sketchBits[countFullKana]
	for size < fullKanaBitsMost && people>>(size+5) > 0 {
		size++
	}
	return size
}

// seal readies the counts for use, when all people are counted.
func (f *Frequencies) seal() {
	if f.logPeople != 0 {
		return
	}
	f.logPeople = math.Log2(float64(f.People) + 1)
	f.settle()
	for k := range f.counts {
		f.commonest[k] = f.rarityOf(f.counts[k].most())
	}
}

// Add counts one person of the register; fullKana is [HashWeakKana] of the
// name, zero when there is no kana.
func (f *Frequencies) Add(p *Person, fullKana uint64) {
	f.People++
	if p.Name.Split {
		f.tallies[countFamily].add(HashKanji(p.Name.Family))
		f.tallies[countGiven].add(HashKanji(p.Name.Given))
	}
	if p.Kana.Split {
		f.tallies[countFamilyKana].add(HashKana(p.Kana.Family, nil))
		f.tallies[countGivenKana].add(HashKana(p.Kana.Given, nil))
	}
	if fullKana != 0 {
		f.tallies[countFullKana].handOn(once(fullKana)) // which hardly repeat
	}
	f.cities[p.Address.Municipality]++
	if p.Address.Town != 0 {
		f.tallies[countTown].add(mix(uint64(p.Address.Town)))
	}
}

// A tally counts values before its sketch does. Each has a place that its hash
// tells, and most names and towns are still there when they come again, so that
// the sketch hears of them once, with their count. What has to make room waits
// while the line of the sketch is on its way from memory.
type tally struct {
	into    *sketch
	recent  [1 << tallyBits]uint32 // twelve bits of the hash, and the count
	waiting [tallyWaiting]counted
	n       int // waiting
}

const (
	tallyBits    = 12
	tallyMost    = 1<<20 - 1
	tallyWaiting = 64
)

// counted is a hash with the count of its value in twenty bits that no sketch
// looks at: all it needs are the first, for the line, and the last eight. Only
// the sketch of full names has more than 2^16 lines.
type counted uint64

func (v counted) count() uint32 { return uint32(v>>8) & tallyMost }

func once(h uint64) counted { return counted(h&^(tallyMost<<8) | 1<<8) }

func (t *tally) add(h uint64) {
	place := h >> (64 - tallyBits)
	slot := t.recent[place]
	tag := uint32(h>>48&0xF<<8|h&0xFF) << 20
	if slot&^tallyMost == tag && slot&tallyMost != tallyMost {
		t.recent[place] = slot + 1
		return
	}
	t.handOn(recalled(place, slot))
	t.recent[place] = tag | 1
}

// recalled is what stands at a place: the four bits of its hash behind those
// that choose the place, and the last eight.
func recalled(place uint64, slot uint32) counted {
	tag := uint64(slot >> 20)
	return counted(place<<(64-tallyBits) | tag>>8<<48 | uint64(slot&tallyMost)<<8 | tag&0xFF)
}

func (t *tally) handOn(v counted) {
	prefetch.Line(unsafe.Pointer(&t.into.lines[v>>(t.into.shift&63)]))
	t.waiting[t.n] = v
	if t.n++; t.n == len(t.waiting) {
		t.empty()
	}
}

func (t *tally) empty() {
	for _, v := range t.waiting[:t.n] {
		t.into.add(uint64(v), v.count())
	}
	t.n = 0
}

// settle hands everything on; the tallies are done with.
func (f *Frequencies) settle() {
	for kind, t := range f.tallies {
		if t == nil {
			continue
		}
		for place, slot := range t.recent {
			t.handOn(recalled(uint64(place), slot))
		}
		t.empty()
		f.tallies[kind] = nil
	}
}

// Merge adds the counts of another part of the register.
func (f *Frequencies) Merge(o *Frequencies) {
	f.People += o.People
	o.settle()
	for k := range f.counts {
		f.counts[k].merge(&o.counts[k])
	}
	for m := range f.cities {
		f.cities[m] += o.cities[m]
	}
}

// rarity is the smoothed share of people that have the value, as -log2: half a
// person is added so that a value nobody in the register has still has a
// frequency.
func (f *Frequencies) rarity(kind int, h uint64) float64 {
	return f.rarityOf(f.counts[kind].count(h))
}

func (f *Frequencies) rarityOf(n uint32) float64 {
	if n < uint32(len(logCounts)) {
		return f.logPeople - logCounts[n]
	}
	// Ten digits are plenty for a weight, and the logarithm itself is slow.
	shift := bits.Len32(n) - 10
	return f.logPeople - logCounts[n>>shift] - float64(shift)
}

// logCounts is log2 of small counts and a half: most values are rare.
var logCounts = func() (t [1024]float64) {
	for n := range t {
		t[n] = math.Log2(float64(n) + 0.5)
	}
	return t
}()

// FullKanaCount estimates how many people of the register have this kana name,
// or one that is the same after the weak fold.
func (f *Frequencies) FullKanaCount(family, given []byte) int {
	return int(f.counts[countFullKana].count(HashWeakKana(family, given)))
}

// Residents is how many people live in a municipality.
func (f *Frequencies) Residents(municipality uint16) int64 { return int64(f.cities[municipality]) }

// adjustment is the term-frequency correction in bits: log2(u/share), kept
// within what a table of finite size can support.
func adjustment(logU, rarity float64) float32 {
	return float32(min(max(logU+rarity, -7), 9))
}

// HashKanji hashes the codes of a name part.
func HashKanji(codes []uint16) uint64 { return HashKanjiName(codes, nil) }

// HashKanjiName hashes a whole name, split or not, to the same value.
func HashKanjiName(family, given []uint16) uint64 {
	h, word, n := uint64(0x9E3779B97F4A7C15), uint64(0), len(family)+len(given)
	if n <= 4 {
		for _, c := range family {
			word = word<<16 | uint64(c)
		}
		for _, c := range given {
			word = word<<16 | uint64(c)
		}
		if n == 4 {
			h, word = stir(h, word), 0
		}
		return mix(stir(h, word) ^ uint64(n))
	}
	n = 0
	for _, part := range [2][]uint16{family, given} {
		for _, c := range part {
			word = word<<16 | uint64(c)
			if n++; n&3 == 0 {
				h, word = stir(h, word), 0
			}
		}
	}
	return mix(stir(h, word) ^ uint64(n))
}

// HashKana hashes the joined codes of one or both name parts.
func HashKana(family, given []byte) uint64 {
	if len(given) == 0 {
		return hashCodes(family)
	}
	var joined [128]byte
	return hashCodes(append(append(joined[:0], family...), given...))
}

// hashCodes takes eight codes at a time, the first uppermost.
func hashCodes(codes []byte) uint64 {
	h, n := uint64(0xC2B2AE3D27D4EB4F), len(codes)
	for ; len(codes) >= 8; codes = codes[8:] {
		h = stir(h, binary.BigEndian.Uint64(codes))
	}
	return mix(stir(h, shortWord(codes)) ^ uint64(n))
}

// shortWord is the big-endian value of fewer than eight bytes.
func shortWord(b []byte) uint64 {
	switch n := len(b); {
	case n >= 4: // the two halves overlap
		return uint64(binary.BigEndian.Uint32(b))<<(8*(n-4)) | uint64(binary.BigEndian.Uint32(b[n-4:]))
	case n >= 2:
		return uint64(binary.BigEndian.Uint16(b))<<(8*(n-2)) | uint64(b[n-1])
	case n == 1:
		return uint64(b[0])
	}
	return 0
}

// HashWeakKana hashes the weak fold of a kana name, split or not.
func HashWeakKana(family, given []byte) uint64 {
	var joined [128]byte
	codes := append(append(joined[:0], family...), given...)
	return hashCodes(normalize.AppendWeakKana(codes[:0], codes))
}

// stir adds a word of codes to a hash.
func stir(h, word uint64) uint64 {
	h = (h ^ word) * 0x9DDFEA08EB382D69
	return h ^ h>>29
}

// mix spreads all bits over the word (the finalizer of MurmurHash3, Appleby).
func mix(h uint64) uint64 {
	h ^= h >> 33
	h *= 0xFF51AFD7ED558CCD
	h ^= h >> 33
	h *= 0xC4CEB9FE1A85EC53
	return h ^ h>>33
}

// Mix combines a hash with another value into a new hash.
func Mix(h, v uint64) uint64 { return mix(h ^ v*0x9E3779B97F4A7C15) }
