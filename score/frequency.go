package score

import "math"

// sketchBits sizes the count sketches: 2^18 counters a row are enough for the
// values that are frequent, and only those need to be right.
const sketchBits = 18

// sketch is a count-min sketch with two rows (Cormode and Muthukrishnan 2005).
// Plain additions commute, so counting in parallel gives the same result
// whatever the order.
type sketch [2][1 << sketchBits]uint32

func (s *sketch) add(h uint64) {
	s[0][h>>(64-sketchBits)]++
	s[1][h&(1<<sketchBits-1)]++
}

func (s *sketch) count(h uint64) uint32 {
	return min(s[0][h>>(64-sketchBits)], s[1][h&(1<<sketchBits-1)])
}

func (s *sketch) merge(o *sketch) {
	for r := range s {
		for i := range s[r] {
			s[r][i] += o[r][i]
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

	logPeople float64 // set by seal
}

// seal readies the counts for use, when all people are counted.
func (f *Frequencies) seal() { f.logPeople = math.Log2(float64(f.People) + 1) }

// Add counts one person of the register.
func (f *Frequencies) Add(p *Person) {
	f.People++
	if p.Name.Split {
		f.counts[countFamily].add(HashKanji(p.Name.Family))
		f.counts[countGiven].add(HashKanji(p.Name.Given))
	}
	if p.Kana.Split {
		f.counts[countFamilyKana].add(HashKana(p.Kana.Family, nil))
		f.counts[countGivenKana].add(HashKana(p.Kana.Given, nil))
	}
	if len(p.Kana.Family) > 0 {
		f.counts[countFullKana].add(HashKana(p.Kana.Family, p.Kana.Given))
	}
	f.cities[p.Address.Municipality]++
	if p.Address.Town != 0 {
		f.counts[countTown].add(mix(uint64(p.Address.Town)))
	}
}

// Merge adds the counts of another part of the register.
func (f *Frequencies) Merge(o *Frequencies) {
	f.People += o.People
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
	n := f.counts[kind].count(h)
	if n < uint32(len(logCounts)) {
		return f.logPeople - logCounts[n]
	}
	return f.logPeople - math.Log2(float64(n)+0.5)
}

// logCounts is log2 of small counts and a half: most values are rare.
var logCounts = func() (t [1024]float64) {
	for n := range t {
		t[n] = math.Log2(float64(n) + 0.5)
	}
	return t
}()

// FullKanaCount estimates how many people of the register have this kana name.
func (f *Frequencies) FullKanaCount(family, given []byte) int {
	return int(f.counts[countFullKana].count(HashKana(family, given)))
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
	h := uint64(0x9E3779B97F4A7C15)
	for _, part := range [2][]uint16{family, given} {
		for _, c := range part {
			h = (h ^ uint64(c)) * 0x9DDFEA08EB382D69
			h ^= h >> 29
		}
	}
	return mix(h)
}

// HashKana hashes the joined codes of one or both name parts.
func HashKana(family, given []byte) uint64 {
	h := uint64(0xC2B2AE3D27D4EB4F)
	for _, part := range [2][]byte{family, given} {
		for _, c := range part {
			h = (h ^ uint64(c)) * 0x9DDFEA08EB382D69
			h ^= h >> 29
		}
	}
	return mix(h)
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
