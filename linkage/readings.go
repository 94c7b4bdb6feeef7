package linkage

import (
	"sync"

	"github.com/himozuke/himozuke/normalize/reading"
	"github.com/himozuke/himozuke/score"
)

// Where the register has no kana, a row of kana alone shares no key with
// anybody. People without kana therefore have as keys the likeliest readings of
// their kanji.
const (
	familyReadings = 4
	givenReadings  = 8

	// The same at each place where a name without separator may divide, of
	// which there are unsplitCuts.
	unsplitFamilyReadings = 2
	unsplitGivenReadings  = 4
	unsplitCuts           = 4

	// unreadShare is how few of the people may be without kana for nobody to be
	// searched by reading.
	unreadShare = 1000

	// readingsHeld is how many names have their readings at hand.
	readingsHeld = 1 << 19
)

// readings holds the readings of name parts, as hashes, for all workers.
type readings struct {
	mu sync.RWMutex
	of map[uint64][]uint64
}

// readingKeyer computes the keys of people whose names must be read.
type readingKeyer struct {
	*readings
	keys []uint64
}

// needsReading tells whether somebody has kanji and no kana.
func needsReading(p *score.Person) bool {
	return len(p.Kana.Family) == 0 && len(p.Name.Family) > 0 && p.Name.Family[0] > 'Z'
}

// searchesByReading tells whether the register lacks enough kana for it.
func (r *register) searchesByReading() bool { return r.unread > r.people/unreadShare }

// readers are one for each worker, nil where the register has kana.
func (c *caseload) readers(jobs int) []*readingKeyer {
	list := make([]*readingKeyer, jobs)
	if c.register.searchesByReading() {
		shared := &readings{of: map[uint64][]uint64{}}
		for k := range list {
			list[k] = &readingKeyer{readings: shared}
		}
	}
	return list
}

// compute lists the keys of a person, none where the kana are known.
func (k *readingKeyer) compute(p *score.Person) []uint64 {
	if k == nil || !needsReading(p) {
		return nil
	}
	k.keys = k.keys[:0]
	if p.Name.Split {
		k.cross(p.Name.Family, p.Name.Given, familyReadings, givenReadings)
		return k.keys
	}
	for cut := 1; cut <= min(unsplitCuts, len(p.Name.Family)-1); cut++ {
		k.cross(p.Name.Family[:cut], p.Name.Family[cut:], unsplitFamilyReadings, unsplitGivenReadings)
	}
	return k.keys
}

// cross adds every reading of the family name with every one of the given name.
func (k *readingKeyer) cross(family, given []uint16, families, givens int) {
	f, g := k.likeliest(family, reading.FamilyName, familyReadings), k.likeliest(given, reading.GivenName, givenReadings)
	for _, a := range f[:min(families, len(f))] {
		for _, b := range g[:min(givens, len(g))] {
			k.keys = append(k.keys, readingKey(a, b))
		}
	}
}

// likeliest is the hashes of the likeliest readings of one part of a name.
func (r *readings) likeliest(kanji []uint16, part reading.Part, n int) []uint64 {
	key := score.Mix(score.HashKanji(kanji), uint64(part))
	r.mu.RLock()
	list, ok := r.of[key]
	r.mu.RUnlock()
	if ok {
		return list
	}
	for _, kana := range reading.Likeliest(kanji, part, n) {
		list = append(list, hashWeak(kana))
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(r.of) >= readingsHeld {
		clear(r.of)
	}
	r.of[key] = list
	return list
}

// hashWeak hashes the weak fold of one part of a name.
func hashWeak(kana []byte) uint64 { return score.HashWeakKana(kana, nil) }

func readingKey(family, given uint64) uint64 {
	return score.Mix(score.Mix(family, 0x5EAD), given) | 1
}

// recordReadingKeys are the keys that a row of kana alone looks for: one, or one
// for each place where kana without separator may divide.
func recordReadingKeys(p *score.Person) (keys []uint64) {
	if len(p.Name.Family) > 0 || len(p.Kana.Family) == 0 {
		return nil
	}
	if p.Kana.Split {
		return []uint64{readingKey(hashWeak(p.Kana.Family), hashWeak(p.Kana.Given))}
	}
	for cut := 1; cut < len(p.Kana.Family); cut++ {
		keys = append(keys, readingKey(hashWeak(p.Kana.Family[:cut]), hashWeak(p.Kana.Family[cut:])))
	}
	return keys
}
