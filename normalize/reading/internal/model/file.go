package model

import (
	"cmp"
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"math/bits"
	"slices"
	"strings"
)

// A model file is a line of magic, the length of what is read into tables, that
// part, and the word tables, which are searched in place. Nothing is compressed:
// inflating took longer than reading, and a quarter of the size is not worth it.
const magic = "himozuke readings 5\n"

// Trained is everything that training yields, ready to be written.
type Trained struct {
	Units      []Unit
	Novel      [Parts][]Novel
	Background [Parts][]uint8 // levels, BackgroundSymbols³
	Latin      []LatinUnit
	LatinKana  []uint8 // levels, BackgroundSymbols³
	Words      []WordKey
	Readings   []WordKey
	Scalars    Scalars
}

// BackgroundSymbols is the side of the cube of background levels.
const BackgroundSymbols = symbols

const cube = symbols * symbols * symbols

// Encode writes a trained model. The same input gives the same bytes.
func Encode(t *Trained) []byte {
	packed, err := binary.Append(nil, binary.LittleEndian, &t.Scalars)
	if err != nil {
		panic(err) // scalars are of fixed size
	}
	chunks := distinctChunks(t)
	packed = binary.AppendUvarint(packed, uint64(len(chunks)))
	number := make(map[uint64]uint64, len(chunks))
	for i, chunk := range chunks {
		number[chunk] = uint64(i)
		packed = binary.AppendUvarint(packed, chunk)
	}
	packed = appendUnits(packed, t.Units, number)
	for part := range Parts {
		packed = binary.AppendUvarint(packed, uint64(len(t.Novel[part])))
		for _, n := range t.Novel[part] {
			packed = binary.AppendUvarint(packed, number[n.Chunk])
			packed = append(packed, n.Levels[:]...)
		}
		packed = append(packed, t.Background[part]...)
	}
	packed = binary.AppendUvarint(packed, uint64(len(t.Latin)))
	for _, u := range t.Latin {
		packed = binary.AppendUvarint(packed, u.Key)
		packed = binary.AppendUvarint(packed, uint64(len(u.Entries)))
		slices.SortFunc(u.Entries, func(x, y Entry) int { return byFirst(x.Chunk, y.Chunk) })
		for _, e := range u.Entries {
			packed = binary.AppendUvarint(packed, number[e.Chunk])
			packed = append(packed, e.Levels[:]...)
		}
	}
	packed = append(packed, t.LatinKana...)

	b := binary.AppendUvarint([]byte(magic), uint64(len(packed)))
	b = append(b, packed...)
	b = appendWords(b, t.Words)
	return appendWords(b, t.Readings)
}

func distinctChunks(t *Trained) []uint64 {
	chunks := []uint64{0}
	for _, unit := range t.Units {
		for _, r := range unit.Seen {
			chunks = append(chunks, r.Chunk)
		}
		for _, r := range unit.New {
			chunks = append(chunks, r.Chunk)
		}
	}
	for part := range Parts {
		for _, n := range t.Novel[part] {
			chunks = append(chunks, n.Chunk)
		}
	}
	for _, unit := range t.Latin {
		for _, e := range unit.Entries {
			chunks = append(chunks, e.Chunk)
		}
	}
	slices.SortFunc(chunks, byFirst)
	return slices.Compact(chunks)
}

// byFirst orders chunks by their first symbol, then any way.
func byFirst(x, y uint64) int {
	const first = 1<<symbolBits - 1
	return cmp.Or(cmp.Compare(x&first, y&first), cmp.Compare(x, y))
}

func appendUnits(b []byte, units []Unit, number map[uint64]uint64) []byte {
	b = binary.AppendUvarint(b, uint64(len(units)))
	for _, unit := range units {
		b = binary.AppendUvarint(b, unit.Key)
		b = append(b, unit.Free[:]...)
		b = append(b, unit.Derived[:]...)
		slices.SortFunc(unit.Seen, func(x, y Seen) int { return byFirst(x.Chunk, y.Chunk) })
		slices.SortFunc(unit.New, func(x, y New) int { return byFirst(x.Chunk, y.Chunk) })
		b = binary.AppendUvarint(b, uint64(len(unit.Seen)))
		b = binary.AppendUvarint(b, uint64(len(unit.New)))
		var before uint64
		for _, r := range unit.Seen {
			b = binary.AppendUvarint(b, number[r.Chunk]-before)
			before = number[r.Chunk]
			for part := range Parts {
				b = append(b, r.Levels[part][:]...)
			}
		}
		before = 0
		for _, r := range unit.New {
			b = binary.AppendUvarint(b, number[r.Chunk]-before)
			before = number[r.Chunk]
			b = append(b, r.Level)
		}
	}
	return b
}

var errDamaged = errors.New("the reading model is damaged; make it again with the train command")

// Decode reads what [Encode] wrote. The model keeps pointing into data.
func Decode(data string) (*Model, error) {
	if !strings.HasPrefix(data, magic) {
		return nil, fmt.Errorf("no reading model of this version: %w", errDamaged)
	}
	outer := &fileReader{rest: data[len(magic):]}
	inner := &fileReader{rest: outer.take(outer.count())}
	m := &Model{words: outer.words(), readings: outer.words()}
	if outer.damaged || outer.left() != 0 {
		return nil, errDamaged
	}
	scalars := inner.take(binary.Size(m.scalars))
	if _, err := binary.Decode([]byte(scalars), binary.LittleEndian, &m.scalars); err != nil {
		return nil, fmt.Errorf("%w: %w", errDamaged, err)
	}
	m.read(inner)
	if m.parts[0].units.keys == nil {
		return nil, errDamaged
	}
	return m, nil
}

// read fills the model from what stands before the words; a damaged one leaves it
// empty.
func (m *Model) read(r *fileReader) {
	chunks := make([]uint64, r.count())
	for i := range chunks {
		if chunks[i] = r.uvarint(); chunks[i] > chunkMask[chunkMax] {
			r.damage()
			chunks[i] = 0
		}
	}
	r.units(chunks, &m.parts)
	for part := range Parts {
		p := &m.parts[part]
		p.lengths, p.free = m.scalars.Lengths[part], m.scalars.Free[part]
		novel := newUnitTable(r.count())
		for range novel.capacity {
			e := r.entry(chunks)
			novel.add(e.chunk, span{}, []entry{e})
		}
		p.novel = novel.unitTable
		p.background = r.take(cube)
	}
	var entries []entry
	for range r.count() {
		key := r.uvarint()
		entries = entries[:0]
		for range r.count() {
			entries = append(entries, r.entry(chunks))
		}
		if !m.latin.add(key, entries) {
			r.damage()
		}
	}
	m.latin.background = r.take(cube)
	m.latin.speaks = math.Exp2(calibratedFrom(&m.scalars.Latin, 0))
	if r.damaged || r.left() != 0 {
		*m = Model{}
	}
}

// units reads the readings of characters into one table for each part.
func (r *fileReader) units(chunks []uint64, parts *[Parts]partModel) {
	count := r.count()
	seen, added := r.countReadings(count)
	var tables [Parts]*tableBuilder
	for part := range Parts {
		tables[part] = newUnitTable(count)
		tables[part].entries = make([]entry, 0, seen)
	}
	var entries [Parts][]entry
	derived := make([]derivedReading, 0, added)
	for range count {
		key := r.uvarint()
		var spans [Parts]span
		for part := range Parts {
			spans[part].unseen = r.byte()
			entries[part] = entries[part][:0]
		}
		for part := range Parts {
			spans[part].derived = r.byte()
		}
		seen, added := r.count(), r.count()
		number := uint64(0)
		for range seen {
			number += r.uvarint()
			chunk := r.chunk(chunks, number)
			for part := range Parts {
				e := entry{chunk: chunk, length: uint8(chunkLen(chunk)), levels: r.levels()}
				if e.levels != [Columns]uint8{levelMax, levelMax, levelMax, levelMax} {
					entries[part] = append(entries[part], e)
				}
			}
		}
		first := uint32(len(derived))
		number = 0
		for range added {
			number += r.uvarint()
			derived = append(derived, derivedReading(r.chunk(chunks, number)|uint64(r.byte())<<(chunkMax*symbolBits)))
		}
		for part := range Parts {
			spans[part].firstDerived, spans[part].countDerived = first, uint32(added)
			tables[part].add(key, spans[part], entries[part])
		}
	}
	for part := range Parts {
		parts[part].units = tables[part].unitTable
		parts[part].derived = derived
	}
}

// countReadings looks ahead at how many readings so many units have, so that
// the tables are made in their size: fresh memory costs more than a second look.
func (r *fileReader) countReadings(units int) (seen, added int) {
	ahead := *r
	for range units {
		ahead.uvarint()
		ahead.take(2 * int(Parts))
		s, n := ahead.count(), ahead.count()
		for range s {
			ahead.uvarint()
			ahead.take(int(Parts) * int(Columns))
		}
		for range n {
			ahead.uvarint()
			ahead.take(1)
		}
		seen, added = seen+s, added+n
		if ahead.damaged {
			return 0, 0
		}
	}
	return seen, added
}

// A tableBuilder fills a unit table.
type tableBuilder struct {
	unitTable
	capacity int
}

func newUnitTable(count int) *tableBuilder {
	size := 1 << bits.Len(uint(count)*3/2+1)
	return &tableBuilder{capacity: count, unitTable: unitTable{
		keys:  make([]uint64, size),
		spans: make([]span, size),
		shift: uint(64 - bits.TrailingZeros(uint(size))),
	}}
}

// add stores the entries of a unit, which come ordered by first kana.
func (t *tableBuilder) add(key uint64, s span, entries []entry) {
	if key == 0 {
		return
	}
	s.first, s.count = uint32(len(t.entries)), uint32(len(entries))
	t.entries = append(t.entries, entries...)
	mask := uint64(len(t.keys) - 1)
	slot := (key * hashPrime) >> t.shift
	for t.keys[slot&mask] != 0 {
		slot++
	}
	t.keys[slot&mask], t.spans[slot&mask] = key, s
}

type fileReader struct {
	rest    string
	at      int
	damaged bool
}

func (r *fileReader) left() int { return len(r.rest) - r.at }

func (r *fileReader) damage() {
	r.damaged = true
	r.at = len(r.rest)
}

func (r *fileReader) take(n int) string {
	if n < 0 || n > r.left() {
		r.damage()
		return ""
	}
	r.at += n
	return r.rest[r.at-n : r.at]
}

func (r *fileReader) byte() uint8 {
	if r.at >= len(r.rest) {
		r.damaged = true
		return 0
	}
	r.at++
	return r.rest[r.at-1]
}

func (r *fileReader) uvarint() uint64 {
	if r.at < len(r.rest) && r.rest[r.at] < 0x80 {
		r.at++
		return uint64(r.rest[r.at-1])
	}
	return r.longUvarint()
}

func (r *fileReader) longUvarint() uint64 {
	var v uint64
	for shift := 0; shift < 64; shift += 7 {
		b := r.byte()
		v |= uint64(b&0x7F) << shift
		if b < 0x80 {
			return v
		}
	}
	r.damage()
	return 0
}

// count reads a length, which cannot pass the bytes that are left.
func (r *fileReader) count() int {
	n := r.uvarint()
	if n > uint64(r.left()) {
		r.damage()
		return 0
	}
	return int(n)
}

func (r *fileReader) chunk(chunks []uint64, number uint64) uint64 {
	if number >= uint64(len(chunks)) {
		r.damage()
		return 0
	}
	return chunks[number]
}

func (r *fileReader) entry(chunks []uint64) entry {
	chunk := r.chunk(chunks, r.uvarint())
	return entry{chunk: chunk, length: uint8(chunkLen(chunk)), levels: r.levels()}
}

func (r *fileReader) levels() (l [Columns]uint8) {
	copy(l[:], r.take(int(Columns)))
	return l
}
