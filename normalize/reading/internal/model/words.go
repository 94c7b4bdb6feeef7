package model

import (
	"cmp"
	"encoding/binary"
	"math/bits"
	"slices"
	"unsafe"

	"github.com/himozuke/himozuke/normalize/prefetch"
)

// A wordTable is a set of hashed keys with four bits each. The top bits of the
// hash choose a bucket, of whose few entries each has 24 more bits of it and
// the value, packed two in seven bytes. A key that is not there is found by
// mistake about once in three million.
type wordTable struct {
	entries string
	starts  []uint32 // of each bucket, and the end of the last
	shift   uint
}

const (
	fingerprintBits = 24
	valueBits       = 4
	pairBytes       = 7
	bucketSize      = 6 // entries of a bucket, about
)

func (t *wordTable) find(hash uint64) (value int, ok bool) {
	if len(t.starts) == 0 {
		return 0, false
	}
	bucket := hash >> t.shift
	fingerprint := fingerprintOf(hash)
	for i := t.starts[bucket]; i < t.starts[bucket+1]; i++ {
		if e := t.entry(i); e>>valueBits == fingerprint {
			return int(e & (1<<valueBits - 1)), true
		}
	}
	return 0, false
}

// ask has the bucket of a key fetched, in two steps: where it is, and then,
// given that, what is in it. Keys that are asked for together wait together.
func (t *wordTable) ask(hash uint64) (first uint32) {
	if len(t.starts) == 0 {
		return 0
	}
	return t.starts[hash>>t.shift]
}

func (t *wordTable) fetch(first uint32) {
	if at := uint(first) / 2 * pairBytes; at+bucketSize*pairBytes/2 < uint(len(t.entries)) {
		text := unsafe.StringData(t.entries)
		prefetch.Line(unsafe.Pointer(unsafe.Add(unsafe.Pointer(text), at)))
		prefetch.Line(unsafe.Pointer(unsafe.Add(unsafe.Pointer(text), at+bucketSize*pairBytes/2)))
	}
}

func (t *wordTable) entry(i uint32) uint32 {
	at := i / 2 * pairBytes
	if i%2 == 0 {
		e := t.entries[at : at+4]
		return (uint32(e[0]) | uint32(e[1])<<8 | uint32(e[2])<<16 | uint32(e[3])<<24) & (1<<28 - 1)
	}
	e := t.entries[at+3 : at+7]
	return (uint32(e[0]) | uint32(e[1])<<8 | uint32(e[2])<<16 | uint32(e[3])<<24) >> 4
}

func fingerprintOf(hash uint64) uint32 { return uint32(hash) & (1<<fingerprintBits - 1) }

// WordKey is one entry of a word table to be built.
type WordKey struct {
	Hash  uint64
	Value int
}

// appendWords writes a table: the number of keys and of bucket bits, the size
// of each bucket, the entries.
func appendWords(b []byte, keys []WordKey) []byte {
	bucketBits := max(bits.Len(uint(len(keys)/bucketSize)), 1)
	shift := 64 - bucketBits
	keys = slices.Clone(keys)
	slices.SortFunc(keys, func(x, y WordKey) int {
		return cmp.Or(cmp.Compare(x.Hash>>shift, y.Hash>>shift), cmp.Compare(fingerprintOf(x.Hash), fingerprintOf(y.Hash)), cmp.Compare(x.Value, y.Value))
	})
	keys = slices.CompactFunc(keys, func(x, y WordKey) bool {
		return x.Hash>>shift == y.Hash>>shift && fingerprintOf(x.Hash) == fingerprintOf(y.Hash)
	})
	sizes := make([]byte, 1<<bucketBits)
	packed := make([]byte, (len(keys)+1)/2*pairBytes)
	for i, key := range keys {
		sizes[key.Hash>>shift]++
		e := uint64(fingerprintOf(key.Hash))<<valueBits | uint64(key.Value)
		for k := range 4 {
			packed[i/2*pairBytes+i%2*3+k] |= byte(e << (i % 2 * 4) >> (8 * k))
		}
	}
	b = binary.AppendUvarint(b, uint64(len(keys)))
	b = append(b, byte(bucketBits))
	b = append(b, sizes...)
	return append(b, packed...)
}

func (r *fileReader) words() (t wordTable) {
	count := r.count()
	bucketBits := r.byte()
	if bucketBits == 0 || bucketBits > 24 {
		r.damage()
		return wordTable{}
	}
	sizes := r.take(1 << bucketBits)
	t.shift = uint(64 - bucketBits)
	t.starts = make([]uint32, len(sizes)+1)
	for i := range len(sizes) {
		t.starts[i+1] = t.starts[i] + uint32(sizes[i])
	}
	if len(sizes) == 0 || int(t.starts[len(sizes)]) != count {
		r.damage()
		return wordTable{}
	}
	t.entries = r.take((count + 1) / 2 * pairBytes)
	return t
}

const (
	hashSeed  = 0x9E3779B97F4A7C15
	hashPrime = 0xD6E8FEB86659FD93
)

func hashStep(h, v uint64) uint64 {
	h = (h ^ v) * hashPrime
	return h ^ h>>32
}

// HashWritten is the key of a written form as a word of a part.
func HashWritten(part Part, kanji []uint16) uint64 {
	h := hashStep(hashSeed, uint64(part)+1)
	for _, k := range kanji {
		h = hashStep(h, uint64(k))
	}
	return hashStep(h, uint64(len(kanji)))
}

// HashRead extends the key of a written form to a word with its reading.
func HashRead(written uint64, reading []uint8) uint64 {
	h := written
	for len(reading) > chunkMax {
		h = hashStep(h, Pack(reading[:chunkMax]))
		reading = reading[chunkMax:]
	}
	return hashStep(hashStep(h, Pack(reading)), hashPrime)
}

// HashReading is the key of a reading by itself.
func HashReading(part Part, reading []uint8) uint64 {
	return HashRead(hashStep(hashSeed, uint64(part)+0x100), reading)
}
