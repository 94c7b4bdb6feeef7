package linkage

import (
	"cmp"
	"math"
	"math/bits"
	"slices"

	"github.com/himozuke/himozuke/score"
)

// A blocking rule gives a person a key; people with equal keys are compared.
// Together the rules must bring any true owner in front of its suspect though
// a field or two are missing or wrong.
type blockingRule uint8

const (
	byKanaBirth      blockingRule = iota // full kana (weak fold) and birth date
	byKanjiBirth                         // full kanji and birth date
	byGivenKanaBirth                     // given kana, birth date and sex: survives a marriage
	byGivenBirth                         // given kanji and birth date
	byKanaTown                           // full kana and town
	byKanjiTown                          // full kanji and town
	byFamilyAddress                      // family name and full address
	byBirthTown                          // birth date and town
	byHousehold                          // household of the holder
	byKanaCity                           // full kana and municipality: for records without an address
	byRareKana                           // full kana alone, where few have it
	byLatin                              // name in Latin letters alone
	byConsonants                         // consonants of a name in Latin letters, for kana
	byReading                            // kana alone, for people without kana: what their kanji may be read
	blockingRules

	// keyedRules are those that give everybody one key.
	keyedRules = byReading
)

var blockingRuleNames = [blockingRules]string{
	"kana+birth_date", "kanji+birth_date", "given_kana+birth_date+sex", "given_kanji+birth_date",
	"kana+town", "kanji+town", "family+address", "birth_date+town", "household_of_holder", "kana+municipality", "rare_kana",
	"latin", "consonants", "reading",
}

// BlockingRules are the words that files use for the rules.
func BlockingRules() []string { return blockingRuleNames[:] }

const (
	// rareKana is how many people may share a kana name for the name alone to
	// be a key.
	rareKana = 16
	// BlockLimit is the size of a block above which its pairs must also share
	// the municipality of the record or of the holder.
	BlockLimit = 256
	// GivenBlockLimit is the same where the given name and the birth date are
	// all: without family name or address they tell one of so many apart only
	// nearby.
	GivenBlockLimit = 32
)

func (r blockingRule) limit() int {
	switch r {
	case byGivenKanaBirth, byGivenBirth:
		return GivenBlockLimit
	case byLatin, byConsonants, byReading:
		return rareKana
	}
	return BlockLimit
}

// mostConsonants is how many people may share the consonants of a name. Few of
// more would be like a suspect in anything else, and in a country they would be
// most of those that are compared.
const mostConsonants = 2048

// most is the size of a block above which not even those of the municipality
// are compared.
func (r blockingRule) most() int {
	if r == byConsonants {
		return mostConsonants
	}
	return math.MaxInt
}

// blockingKeys are the keys of a person, zero where a rule does not apply.
func blockingKeys(p *score.Person, keys *[keyedRules]uint64) {
	*keys = [keyedRules]uint64{}
	set := func(r blockingRule, a, b uint64) { keys[r] = score.Mix(a+uint64(r)*0x9E3779B97F4A7C15, b) | 1 }
	birth := uint64(p.Birth)
	fullBirth := p.Birth.Day() != 0 && p.Birth.Month() != 0 && p.Birth.Year() != 0
	town := uint64(p.Address.TownWeak)<<16 | uint64(p.Address.Municipality)
	hasTown := p.Address.Town != 0
	if len(p.Kana.Family) > 0 {
		kana := score.HashWeakKana(p.Kana.Family, p.Kana.Given)
		set(byRareKana, kana, 1)
		if p.Address.Municipality != 0 {
			set(byKanaCity, kana, uint64(p.Address.Municipality))
		}
		if fullBirth {
			set(byKanaBirth, kana, birth)
		}
		if hasTown {
			set(byKanaTown, kana, town)
		}
		if fullBirth && len(p.Kana.Given) > 0 {
			set(byGivenKanaBirth, score.HashWeakKana(p.Kana.Given, nil), birth<<2|uint64(p.Sex))
		}
	}
	if len(p.Name.Family) > 0 {
		kanji := score.HashKanjiName(p.Name.Family, p.Name.Given)
		if fullBirth {
			set(byKanjiBirth, kanji, birth)
		}
		if hasTown {
			set(byKanjiTown, kanji, town)
		}
		if fullBirth && len(p.Name.Given) > 0 {
			set(byGivenBirth, score.HashKanji(p.Name.Given), birth)
		}
		if p.Name.Split && p.Address.Numbers != 0 {
			set(byFamilyAddress, score.HashKanji(p.Name.Family), uint64(p.Address.Town)<<32|uint64(p.Address.Numbers))
		}
	}
	if latin := latinOf(p); latin != nil {
		set(byLatin, latinWords(latin), 1)
		keys[byConsonants] = consonantsKey(latinConsonants(latin))
	}
	if fullBirth && hasTown {
		set(byBirthTown, birth, town)
	}
	if p.Household != 0 {
		set(byHousehold, uint64(p.Household), 1)
	}
}

// blockTable maps keys to the suspects that look for them: the keys in order,
// found through an index of their first bits, behind a filter where most people
// of the register stop.
type blockTable struct {
	memory      memory   // of what the register is held against
	filter      []uint64 // of three bits a key
	buckets     []uint32 // first key of each bucket
	bucketShift uint8
	keys        []uint64
	blocks      []block  // parallel to keys, one more at the end
	entries     []uint32 // suspects, grouped by key
}

type block struct {
	start uint32 // of its entries
	size  uint32 // people of the register with the key; while sizes are estimated, of a sample
	rule  blockingRule
	empty bool // so many people have the key that nobody is compared for it
}

type blockEntry struct {
	key     uint64
	suspect uint32
	rule    blockingRule
}

// tableParts is how many runs of keys a table is made of at once.
const (
	partBits   = 6
	tableParts = 1 << partBits
)

// blockLists are the keys that one worker gathered, by part of the table.
type blockLists [tableParts]chunks[blockEntry]

func (l *blockLists) add(e blockEntry) { l[e.key>>(64-partBits)].add(e, blockChunk) }

const blockChunk = 1024

func newBlockTable(lists []blockLists, jobs int) *blockTable {
	var sorted [tableParts][]blockEntry
	var distinct [tableParts]int
	parallel(jobs, tableParts, func(_, p int) {
		var chunks [][]blockEntry
		for k := range lists {
			chunks = append(chunks, lists[k][p]...)
			lists[k][p] = nil
		}
		part := inOrderOfKeys(chunks)
		part = slices.CompactFunc(part, func(a, b blockEntry) bool { return a.key == b.key && a.suspect == b.suspect })
		for i := range part {
			if i == 0 || part[i].key != part[i-1].key {
				distinct[p]++
			}
		}
		sorted[p] = part
	})
	keys, entries := 0, 0
	for p := range sorted {
		keys += distinct[p]
		entries += len(sorted[p])
	}
	t := &blockTable{}
	room := slab{from: &t.memory}
	t.keys, t.blocks, t.entries = carve[uint64](&room, keys)[:0], carve[block](&room, keys+1)[:0], carve[uint32](&room, entries)[:0]
	for p := range sorted {
		for i, e := range sorted[p] {
			if i == 0 || e.key != sorted[p][i-1].key {
				t.keys = append(t.keys, e.key)
				t.blocks = append(t.blocks, block{start: uint32(len(t.entries)), rule: e.rule})
			}
			t.entries = append(t.entries, e.suspect)
		}
		sorted[p] = nil
	}
	t.blocks = append(t.blocks, block{start: uint32(len(t.entries))})
	t.index()
	return t
}

// inOrderOfKeys puts the entries of a part in order, by key and then by suspect.
// Keys are hashes: a bucket for every two, by the bits behind those of the part,
// leaves little to be sorted.
func inOrderOfKeys(chunks [][]blockEntry) []blockEntry {
	n := 0
	for _, chunk := range chunks {
		n += len(chunk)
	}
	width := bits.Len(uint(n) / 2)
	bucket := func(key uint64) uint64 { return key << partBits >> (64 - width) }
	ends := make([]uint32, 1<<width+1)
	for _, chunk := range chunks {
		for i := range chunk {
			ends[bucket(chunk[i].key)+1]++
		}
	}
	for b := range 1 << width {
		ends[b+1] += ends[b]
	}
	all := make([]blockEntry, n)
	for _, chunk := range chunks {
		for _, e := range chunk {
			end := &ends[bucket(e.key)]
			all[*end] = e
			*end++
		}
	}
	from := uint32(0)
	for _, to := range ends[:1<<width] {
		if to-from > 1 {
			slices.SortFunc(all[from:to], func(a, b blockEntry) int {
				return cmp.Or(cmp.Compare(a.key, b.key), cmp.Compare(a.suspect, b.suspect))
			})
		}
		from = to
	}
	return all
}

// filterKey is how many bits of the filter each key has to itself, of which it
// sets three in one word: one in sixty people who share no key go on to the
// table for it.
const filterKey = 12

// index makes the filter, and the buckets, with one or two keys each.
func (t *blockTable) index() {
	width := max(bits.Len(uint(len(t.keys))), 6)
	t.bucketShift = uint8(64 - width + 1)
	room := slab{from: &t.memory}
	t.filter = carve[uint64](&room, len(t.keys)*filterKey/64+1)
	t.buckets = carve[uint32](&room, 1<<(width-1)+1)
	next := 0
	for i, key := range t.keys {
		t.filter[filterWord(key, len(t.filter))] |= filterMask(key)
		for ; next <= int(key>>t.bucketShift); next++ {
			t.buckets[next] = uint32(i)
		}
	}
	for ; next < len(t.buckets); next++ {
		t.buckets[next] = uint32(len(t.keys))
	}
}

// filterMix makes the filter see other bits of a key than the buckets.
const filterMix = 0x9E3779B97F4A7C15

// filterWord is where the filter has the bits of a key.
func filterWord(key uint64, words int) uint64 {
	at, _ := bits.Mul64(key*filterMix, uint64(words))
	return at
}

func filterMask(key uint64) uint64 {
	return 1<<(key>>1&63) | 1<<(key>>7&63) | 1<<(key>>13&63)
}

// mayHave tells for which rules suspects may look for the key, one bit a rule.
// Most people of the register stop here.
func (t *blockTable) mayHave(keys *[keyedRules]uint64) (rules uint32) {
	filter := t.filter
	for rule, key := range keys {
		missing := filterMask(key)&^filter[filterWord(key, len(filter))] | ^key&1 // zero is no key
		rules |= uint32(1-(missing|-missing)>>63) << rule
	}
	return rules
}

// prefetch asks for the words of the filter that [blockTable.mayHave] will look
// at, of many people one after the other: no load has to wait for another.
func (t *blockTable) prefetch(keys *[keyedRules]uint64) {
	prefetchWords(&t.filter[0], uint64(len(t.filter)), keys)
}

// mayHaveKey is [blockTable.mayHave] for one key.
func (t *blockTable) mayHaveKey(key uint64) bool {
	return filterMask(key)&^t.filter[filterWord(key, len(t.filter))] == 0
}

// first touches the first key of a bucket and returns it, so that a loop over
// many keys has their cache misses under way together.
func (t *blockTable) first(key uint64) uint64 {
	if at := int(t.buckets[key>>t.bucketShift]); at < len(t.keys) {
		return t.keys[at]
	}
	return 0
}

// find is the block of a key, -1 when no suspect looks for it.
func (t *blockTable) find(key uint64) int {
	if key == 0 {
		return -1
	}
	at := key >> t.bucketShift
	for i := t.buckets[at]; i < t.buckets[at+1]; i++ {
		if t.keys[i] == key {
			return int(i)
		}
	}
	return -1
}

// suspects are those that look for the key of a block.
func (t *blockTable) suspects(b int) []uint32 {
	return t.entries[t.blocks[b].start:t.blocks[b+1].start]
}
