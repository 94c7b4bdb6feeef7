package model

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"math/bits"
	"slices"
)

const magic = "himozuke readings 1\n"

// Trained is everything that training yields, ready to be written.
type Trained struct {
	Units      [Parts][]Unit
	Background [Parts][]uint8 // levels, Symbols³
	Words      []WordKey
	Readings   []WordKey
	Scalars    Scalars
}

// BackgroundSymbols is the side of the cube of background levels.
const BackgroundSymbols = symbols

// Encode writes a trained model. The same input gives the same bytes.
func Encode(t *Trained) []byte {
	b := []byte(magic)
	for part := range Parts {
		b = binary.LittleEndian.AppendUint64(b, math.Float64bits(t.Scalars.Common[part]))
		for _, p := range t.Scalars.Lengths[part] {
			b = binary.LittleEndian.AppendUint64(b, math.Float64bits(p))
		}
	}
	for _, p := range t.Scalars.CutPrior {
		b = binary.LittleEndian.AppendUint64(b, math.Float64bits(p))
	}
	chunks := distinctChunks(t)
	b = binary.AppendUvarint(b, uint64(len(chunks)))
	number := make(map[uint64]uint64, len(chunks))
	var before uint64
	for i, chunk := range chunks {
		number[chunk] = uint64(i)
		b = binary.AppendUvarint(b, chunk-before)
		before = chunk
	}
	for part := range Parts {
		b = appendUnits(b, t.Units[part], number)
		b = append(b, t.Background[part]...)
	}
	b = appendWords(b, buildWords(t.Words))
	return appendWords(b, buildWords(t.Readings))
}

func distinctChunks(t *Trained) []uint64 {
	var chunks []uint64
	for part := range Parts {
		for _, unit := range t.Units[part] {
			for _, e := range unit.Entries {
				chunks = append(chunks, e.Chunk)
			}
		}
	}
	slices.Sort(chunks)
	return slices.Compact(chunks)
}

func appendUnits(b []byte, units []Unit, number map[uint64]uint64) []byte {
	b = binary.AppendUvarint(b, uint64(len(units)))
	total := 0
	for _, unit := range units {
		total += len(unit.Entries)
	}
	b = binary.AppendUvarint(b, uint64(total))
	for _, unit := range units {
		b = binary.AppendUvarint(b, unitKey(unit.Kanji[:unit.Length]))
		b = append(b, unit.Unseen)
		b = binary.AppendUvarint(b, uint64(len(unit.Entries)))
		var before uint64
		for _, e := range unit.Entries {
			b = binary.AppendUvarint(b, number[e.Chunk]-before)
			before = number[e.Chunk]
			b = append(b, e.Levels[:]...)
		}
	}
	return b
}

func appendWords(b []byte, t wordTable) []byte {
	b = binary.AppendUvarint(b, t.count)
	return append(b, t.slots...)
}

var errDamaged = errors.New("reading model: the embedded file is damaged; run the train command again")

// Decode reads what [Encode] wrote. Tables that are searched in place keep
// pointing into data.
func Decode(data string) (m *Model, err error) {
	if len(data) < len(magic) || data[:len(magic)] != magic {
		return nil, fmt.Errorf("reading model: this is not a model file of this version: %w", errDamaged)
	}
	r := &fileReader{rest: data[len(magic):]}
	m = new(Model)
	for part := range Parts {
		m.scalars.Common[part] = r.float()
		for i := range m.scalars.Lengths[part] {
			m.scalars.Lengths[part][i] = r.float()
		}
		m.parts[part].lengths = m.scalars.Lengths[part]
	}
	for i := range m.scalars.CutPrior {
		m.scalars.CutPrior[i] = r.float()
	}
	chunks := make([]uint64, r.count())
	var before uint64
	for i := range chunks {
		before += r.uvarint()
		chunks[i] = before
	}
	for part := range Parts {
		m.parts[part].units = r.units(chunks)
		m.parts[part].background = r.take(symbols * symbols * symbols)
	}
	m.words = r.words()
	m.readings = r.words()
	if r.damaged || len(r.rest) != 0 {
		return nil, errDamaged
	}
	return m, nil
}

type fileReader struct {
	rest    string
	damaged bool
}

func (r *fileReader) take(n int) string {
	if n < 0 || n > len(r.rest) {
		r.damaged = true
		r.rest = ""
		return ""
	}
	taken := r.rest[:n]
	r.rest = r.rest[n:]
	return taken
}

func (r *fileReader) byte() uint8 {
	if len(r.rest) == 0 {
		r.damaged = true
		return 0
	}
	b := r.rest[0]
	r.rest = r.rest[1:]
	return b
}

func (r *fileReader) uvarint() uint64 {
	var v uint64
	for shift := 0; shift < 64; shift += 7 {
		b := r.byte()
		v |= uint64(b&0x7F) << shift
		if b < 0x80 {
			return v
		}
	}
	r.damaged = true
	return 0
}

// count reads a length, which cannot pass the bytes that are left.
func (r *fileReader) count() int {
	n := r.uvarint()
	if n > uint64(len(r.rest)) {
		r.damaged = true
		return 0
	}
	return int(n)
}

func (r *fileReader) float() float64 {
	raw := r.take(8)
	if len(raw) < 8 {
		return 0
	}
	return math.Float64frombits(binary.LittleEndian.Uint64([]byte(raw)))
}

func (r *fileReader) units(chunks []uint64) unitTable {
	count, total := r.count(), r.count()
	size := 1 << bits.Len(uint(count)*3/2+1)
	t := unitTable{
		keys:    make([]uint64, size),
		spans:   make([]span, size),
		shift:   uint(64 - bits.TrailingZeros(uint(size))),
		entries: make([]entry, 0, total),
	}
	for range count {
		key := r.uvarint()
		s := span{first: uint32(len(t.entries)), unseen: r.byte(), count: uint32(r.count())}
		var number uint64
		for range s.count {
			var e entry
			number += r.uvarint()
			for column := range Columns {
				e.levels[column] = r.byte()
			}
			if r.damaged || number >= uint64(len(chunks)) || key == 0 {
				r.damaged = true
				return unitTable{keys: make([]uint64, 1), spans: make([]span, 1), shift: 63}
			}
			e.chunk = chunks[number]
			e.length = uint8(chunkLen(e.chunk))
			t.entries = append(t.entries, e)
		}
		slot := (key * hashPrime) >> t.shift
		for t.keys[slot&uint64(size-1)] != 0 {
			slot++
		}
		t.keys[slot&uint64(size-1)] = key
		t.spans[slot&uint64(size-1)] = s
	}
	return t
}

func (r *fileReader) words() wordTable {
	count := r.uvarint()
	if count > uint64(len(r.rest)/slotBytes) {
		r.damaged = true
		return wordTable{}
	}
	return wordTable{slots: r.take(int(count) * slotBytes), count: count}
}
