package linkage

import (
	"cmp"
	"math/bits"
	"slices"
	"sync/atomic"
	"unsafe"

	"github.com/himozuke/himozuke/linkage/ingest"
	"github.com/himozuke/himozuke/normalize"
	"github.com/himozuke/himozuke/normalize/prefetch"
)

// Key integrity is what rows tell about each other: one account on two
// numbers, one certificate that two records of a number share, two insurances
// that are valid at the same time. Links are not held, so verification leaves
// 8 bytes for each key and one bit for each person whose number a fitting
// record claims.

// DatasetIntegrity counts what the keys of one dataset say, right links too.
type DatasetIntegrity struct {
	Dataset      string
	Key          string // account, certificate, symbol; empty when the rows have none
	Keys         int64  // rows with a key
	SharedKeys   int64  // keys that stand on several numbers
	FamilyKeys   int64  // of these, all on numbers of one family
	DoubleClaims int64  // records beside another valid record of the same number, both fitting its holder
}

// keyParts is the number of partitions of the keys of a dataset: so many that
// those of a country are sifted in a processor's cache.
const (
	keyPartBits = 8
	keyParts    = 1 << keyPartBits
)

// keyEntry is one row that carries a key: 31 bits of the key's hash beside the
// 8 that choose the partition, whether the row fits the holder of its number,
// and that holder.
type keyEntry uint64

const (
	fitsHolder  keyEntry = 1 << 32
	hashOfEntry keyEntry = 1<<64 - 1<<33
)

func makeKeyEntry(key uint64, holder ref, fits bool) keyEntry {
	e := keyEntry(key<<keyPartBits)&hashOfEntry | keyEntry(holder)
	if fits {
		e |= fitsHolder
	}
	return e
}

func (e keyEntry) holder() ref { return ref(e) }
func (e keyEntry) fits() bool  { return e&fitsHolder != 0 }

func partOfKey(key uint64) int { return int(key >> (64 - keyPartBits)) }

const keyChunk = 1024

type keyLists [keyParts]chunks[keyEntry]

func (l *keyLists) add(key uint64, e keyEntry) { l[partOfKey(key)].add(e, keyChunk) }

// integrityReader is a worker's part in gathering keys and claims.
type integrityReader struct {
	lists    keyLists
	rows     int64 // with a key
	fitting  int64 // valid rows that fit their holder
	distinct int64 // people whom these are about
}

// row notes one row and what became of it.
func (r *integrityReader) row(x *linkExtra, holder ref, f fate, claims claimMap) {
	if holder == noRef {
		return
	}
	if x.key != 0 {
		r.rows++
		r.lists.add(x.key, makeKeyEntry(x.key, holder, f&isFitting != 0))
	}
	if f&isCleared != 0 && !x.ended {
		r.fitting++
		if claims.set(holder) {
			r.distinct++
		}
	}
}

// fitBits is what a row must weigh to be taken for its holder's, where another
// row is asked what it is worth.
const fitBits = 8

// note keeps with the suspect what its row has told.
func (s *suspect) note(x *linkExtra, fits bool) {
	s.key = x.key
	if x.ended {
		s.flags |= hasEnded
	}
	if fits {
		s.flags |= fitsItself
	}
}

// markShared marks the suspects whose key another row carries, so that the
// search need not ask for the rest.
func (s *suspects) markShared(in *integrity, jobs int) {
	parallel(jobs, len(s.info), func(_, b int) {
		for i := range s.info[b] {
			if x := &s.info[b][i]; len(in.sharing(x.key)) > 0 {
				x.flags |= keyShared
			}
		}
	})
}

// countAgreeing counts the valid rows that fit their holder though they were
// not cleared: somebody else may fit them as well.
func (s *suspects) countAgreeing(in *integrity) {
	people := map[ref]bool{}
	for _, infos := range s.info {
		for i := range infos {
			if x := &infos[i]; x.flags&(agreesInAll|hasEnded) == agreesInAll {
				in.fitting++
				if !in.claims.has(x.holder) && !people[x.holder] {
					people[x.holder] = true
					in.distinct++
				}
			}
		}
	}
}

// isValid tells whether a record has not ended. The day of the run does not
// count, so that the same files give the same verdicts on every day.
func isValid(b *ingest.Batch, i int) bool {
	raw := b.Field(i, ingest.RoleValidTo)
	if len(raw) == 0 {
		return true
	}
	end, _ := normalize.ParseDate(raw)
	return end.Year() == 0 || end.Year() >= openEnd
}

// openEnd is the year from which an end of validity means "until further
// notice".
const openEnd = 2100

// claimMap has one bit for each person of the register.
type claimMap [][]uint64

func newClaimMap(reg *register) claimMap {
	m := make(claimMap, len(reg.segments))
	for i := range m {
		m[i] = make([]uint64, (reg.count(i)+63)/64)
	}
	return m
}

// set tells whether the bit was not set before. It may be called at once by
// many.
func (m claimMap) set(r ref) bool {
	bit := uint64(1) << (r.row() & 63)
	return atomic.OrUint64(&m[r.segment()][r.row()>>6], bit)&bit == 0
}

// askFor asks for the word of a bit.
func (m claimMap) askFor(r ref) { prefetch.Line(unsafe.Pointer(&m[r.segment()][r.row()>>6])) }

func (m claimMap) has(r ref) bool { return m[r.segment()][r.row()>>6]>>(r.row()&63)&1 != 0 }

// integrity is what the keys and claims of one dataset came to.
type integrity struct {
	kind     keyKind
	claims   claimMap
	shared   [keyParts][]keyEntry // of keys that stand on several rows, in order
	keys     int64
	several  int64 // keys that stand on several numbers
	family   int64 // of these, all on numbers of one family
	fitting  int64
	distinct int64
}

// maxSharing is how many rows may carry one key for it to mean anything; a key
// of more is a dummy.
const maxSharing = 8

// joinIntegrity puts together what the workers noted and keeps the keys that
// stand on several rows.
func joinIntegrity(kind keyKind, claims claimMap, workers []*integrityReader, reg *register, jobs int) *integrity {
	in := &integrity{kind: kind, claims: claims}
	for _, w := range workers {
		in.keys += w.rows
		in.fitting += w.fitting
		in.distinct += w.distinct
	}
	parallel(jobs, keyParts, func(_, p int) {
		var lists [][]keyEntry
		for _, w := range workers {
			lists = append(lists, w.lists[p]...)
			w.lists[p] = nil
		}
		some := repeatedEntries(lists)
		slices.Sort(some)
		in.shared[p] = slices.Clone(keepShared(some))
	})
	in.countShared(reg)
	return in
}

// repeatedEntries picks the entries whose key another entry may have too. Keys
// are hashed to 16 times as many bits as there are entries, so that hardly any
// unique key is left to be sorted.
func repeatedEntries(lists [][]keyEntry) []keyEntry {
	n := 0
	for _, l := range lists {
		n += len(l)
	}
	width := min(max(bits.Len(uint(16*n)), 6), 31)
	once, twice := make([]uint64, 1<<(width-6)), make([]uint64, 1<<(width-6))
	for _, l := range lists {
		for _, e := range l {
			at := uint64(e) >> (64 - width)
			bit := uint64(1) << (at & 63)
			twice[at>>6] |= once[at>>6] & bit
			once[at>>6] |= bit
		}
	}
	var some []keyEntry
	for _, l := range lists {
		for _, e := range l {
			if at := uint64(e) >> (64 - width); twice[at>>6]>>(at&63)&1 != 0 {
				some = append(some, e)
			}
		}
	}
	return some
}

// keepShared keeps the entries whose key another entry has too.
func keepShared(sorted []keyEntry) []keyEntry {
	kept := sorted[:0]
	for i := 0; i < len(sorted); {
		j := i + 1
		for ; j < len(sorted) && sorted[j]&hashOfEntry == sorted[i]&hashOfEntry; j++ {
		}
		if n := j - i; n >= 2 && n <= maxSharing {
			kept = append(kept, sorted[i:j]...)
		}
		i = j
	}
	return kept
}

// sharing lists the rows that carry a key, the asking row among them.
func (in *integrity) sharing(key uint64) []keyEntry {
	if key == 0 {
		return nil
	}
	part, hash := in.shared[partOfKey(key)], keyEntry(key<<keyPartBits)&hashOfEntry
	from, found := slices.BinarySearchFunc(part, hash, func(e, h keyEntry) int { return cmp.Compare(e&hashOfEntry, h) })
	if !found {
		return nil
	}
	to := from
	for to < len(part) && part[to]&hashOfEntry == hash {
		to++
	}
	return part[from:to]
}

// count is what a run says of the dataset's keys.
func (in *integrity) count(dataset string) DatasetIntegrity {
	c := DatasetIntegrity{Dataset: dataset, Keys: in.keys, SharedKeys: in.several, FamilyKeys: in.family, DoubleClaims: in.fitting - in.distinct}
	if in.kind != noKey {
		c.Key = keyComparisons[in.kind]
	}
	return c
}

// countShared counts the keys that stand on several numbers.
func (in *integrity) countShared(reg *register) {
	for _, part := range in.shared {
		for i := 0; i < len(part); {
			j := i
			several, family := false, true
			for ; j < len(part) && part[j]&hashOfEntry == part[i]&hashOfEntry; j++ {
				if part[j].holder() != part[i].holder() {
					several = true
					family = family && reg.sameFamily(part[i].holder(), part[j].holder())
				}
			}
			if several {
				in.several++
				if family {
					in.family++
				}
			}
			i = j
		}
	}
}

// sameFamily tells whether two people share a household or an address.
func (r *register) sameFamily(a, b ref) bool {
	p, q := r.at(a), r.at(b)
	return p.household != 0 && p.household == q.household || sameAddress(p, q)
}

func sameAddress(p, q *row) bool {
	return p.address.Numbers != 0 && p.address.Town == q.address.Town &&
		p.address.Numbers == q.address.Numbers && p.address.Building == q.address.Building
}
