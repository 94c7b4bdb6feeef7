package model

import (
	"math/bits"
)

// A wordTable is a set of hashed keys with four bits each, searched in place:
// three bytes a slot, twenty bits of fingerprint and the value. A key that is
// not there is found by mistake about once in a million.
type wordTable struct {
	slots string
	count uint64
}

const slotBytes = 3

func (t wordTable) find(hash uint64) (value int, ok bool) {
	if t.count == 0 {
		return 0, false
	}
	slot, _ := bits.Mul64(hash, t.count)
	fingerprint := fingerprintOf(hash)
	for {
		i := slot * slotBytes
		entry := uint32(t.slots[i]) | uint32(t.slots[i+1])<<8 | uint32(t.slots[i+2])<<16
		if entry == 0 {
			return 0, false
		}
		if entry>>4 == fingerprint {
			return int(entry & 15), true
		}
		if slot++; slot == t.count {
			slot = 0
		}
	}
}

func fingerprintOf(hash uint64) uint32 {
	fingerprint := uint32(hash) & (1<<20 - 1)
	if fingerprint == 0 {
		return 1
	}
	return fingerprint
}

// WordKey is one entry of a word table to be built.
type WordKey struct {
	Hash  uint64
	Value int
}

// buildWords lays keys out in the order given; the order decides the bytes.
func buildWords(keys []WordKey) wordTable {
	count := uint64(len(keys))*20/17 + 8
	slots := make([]byte, count*slotBytes)
	for _, key := range keys {
		slot, _ := bits.Mul64(key.Hash, count)
		for slots[slot*slotBytes]|slots[slot*slotBytes+1]|slots[slot*slotBytes+2] != 0 {
			if slot++; slot == count {
				slot = 0
			}
		}
		entry := fingerprintOf(key.Hash)<<4 | uint32(key.Value)
		slots[slot*slotBytes] = byte(entry)
		slots[slot*slotBytes+1] = byte(entry >> 8)
		slots[slot*slotBytes+2] = byte(entry >> 16)
	}
	return wordTable{slots: string(slots), count: count}
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
