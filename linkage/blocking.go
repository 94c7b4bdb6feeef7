package linkage

import (
	"cmp"
	"slices"

	"github.com/himozuke/himozuke/normalize"
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
	blockingRules
)

var blockingRuleNames = [blockingRules]string{
	"kana+birth_date", "kanji+birth_date", "given_kana+birth_date+sex", "given_kanji+birth_date",
	"kana+town", "kanji+town", "family+address", "birth_date+town", "household_of_holder", "kana+municipality", "rare_kana",
}

// BlockingRules are the words that files use for the rules.
func BlockingRules() []string { return blockingRuleNames[:] }

const (
	// rareKana is how many people may share a kana name for the name alone to
	// be a key.
	rareKana = 64
	// BlockLimit is the size of a block above which its pairs must also share
	// the municipality of the record or of the holder.
	BlockLimit = 256
)

// keyer computes blocking keys; it owns the buffers of the weak fold.
type keyer struct {
	keys  [blockingRules]uint64 // zero: the rule does not apply
	weak  []byte
	given []byte
}

func (k *keyer) compute(p *score.Person) *[blockingRules]uint64 {
	k.keys = [blockingRules]uint64{}
	set := func(r blockingRule, a, b uint64) { k.keys[r] = score.Mix(a+uint64(r)*0x9E3779B97F4A7C15, b) | 1 }
	birth := uint64(p.Birth)
	fullBirth := p.Birth.Day() != 0 && p.Birth.Month() != 0 && p.Birth.Year() != 0
	town := uint64(p.Address.TownWeak)<<16 | uint64(p.Address.Municipality)
	hasTown := p.Address.Town != 0
	if len(p.Kana.Family) > 0 {
		k.weak = append(append(k.weak[:0], p.Kana.Family...), p.Kana.Given...)
		k.given = normalize.AppendWeakKana(k.given[:0], k.weak)
		kana := score.HashKana(k.given, nil)
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
			k.given = normalize.AppendWeakKana(k.given[:0], p.Kana.Given)
			set(byGivenKanaBirth, score.HashKana(k.given, nil), birth<<2|uint64(p.Sex))
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
	if fullBirth && hasTown {
		set(byBirthTown, birth, town)
	}
	if p.Household != 0 {
		set(byHousehold, uint64(p.Household), 1)
	}
	return &k.keys
}

// blockTable maps keys to the suspects that look for them.
type blockTable struct {
	filter  []uint64 // one bit a key: most people of the register stop here
	slots   []blockSlot
	entries []uint32 // suspects, grouped by key
}

type blockSlot struct {
	key   uint64
	start uint32
	count uint32
	rule  blockingRule
	size  uint32 // people of the register with the key
}

type blockEntry struct {
	key     uint64
	suspect uint32
	rule    blockingRule
}

func newBlockTable(entries []blockEntry) *blockTable {
	slices.SortFunc(entries, func(a, b blockEntry) int {
		return cmp.Or(cmp.Compare(a.key, b.key), cmp.Compare(a.suspect, b.suspect))
	})
	entries = slices.CompactFunc(entries, func(a, b blockEntry) bool { return a.key == b.key && a.suspect == b.suspect })
	distinct := 0
	for i := range entries {
		if i == 0 || entries[i].key != entries[i-1].key {
			distinct++
		}
	}
	size := 64
	for size < 2*distinct {
		size *= 2
	}
	t := &blockTable{
		filter:  make([]uint64, size/4), // 16 bits a slot pair
		slots:   make([]blockSlot, size),
		entries: make([]uint32, len(entries)),
	}
	for i := 0; i < len(entries); {
		j := i
		for ; j < len(entries) && entries[j].key == entries[i].key; j++ {
			t.entries[j] = entries[j].suspect
		}
		key := entries[i].key
		bit := t.filterBit(key)
		t.filter[bit>>6] |= 1 << (bit & 63)
		at := int(key>>20) & (size - 1)
		for t.slots[at].key != 0 {
			at = (at + 1) & (size - 1)
		}
		t.slots[at] = blockSlot{key: key, start: uint32(i), count: uint32(j - i), rule: entries[i].rule}
		i = j
	}
	return t
}

func (t *blockTable) filterBit(key uint64) uint64 { return key >> 1 & uint64(len(t.filter)*64-1) }

// find is the slot of a key, nil when no suspect looks for it.
func (t *blockTable) find(key uint64) *blockSlot {
	bit := t.filterBit(key)
	if t.filter[bit>>6]>>(bit&63)&1 == 0 {
		return nil
	}
	mask := len(t.slots) - 1
	for at := int(key>>20) & mask; t.slots[at].key != 0; at = (at + 1) & mask {
		if t.slots[at].key == key {
			return &t.slots[at]
		}
	}
	return nil
}
