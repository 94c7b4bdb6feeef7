package linkage

import (
	"fmt"
	"slices"
	"unsafe"

	"github.com/himozuke/himozuke/normalize"
	"github.com/himozuke/himozuke/normalize/prefetch"
	"github.com/himozuke/himozuke/score"
)

// ref names a person of the register: segment in the high half, row in the
// low half. Refs grow in file order.
type ref uint32

const (
	noRef         ref = ^ref(0)
	maxSegments       = 1<<16 - 1
	segmentRows       = 1 << 16
	maxPartLength     = 60 // characters of a name part that are kept
)

// checkSegment refuses what a ref cannot name: a file of more than 64 GiB.
func checkSegment(path string, index int) error {
	if index >= maxSegments {
		return fmt.Errorf("%s: more than %d blocks of a MiB; split the file and give each part a dataset name of its own", path, maxSegments)
	}
	return nil
}

func makeRef(segment, row int) ref { return ref(segment<<16 | row) }

func (r ref) segment() int { return int(r >> 16) }
func (r ref) row() int     { return int(r & 0xFFFF) }

// row is the fixed part of one record: 48 bytes, no pointers. The variable
// part, its names, stands in the segment's arena at off.
type row struct {
	number    uint64
	birth     normalize.Date
	postalSex uint32 // postal code, 24 bits, and sex
	address   normalize.AddressKey
	household uint32
	off       uint32
	line      uint32 // relative to the segment's first line
	shape     uint32 // lengths of the name parts, 6 bits each, and flags
}

func (r *row) postal() normalize.PostalCode { return normalize.PostalCode(r.postalSex & 0xFFFFFF) }
func (r *row) sex() normalize.Sex           { return normalize.Sex(r.postalSex >> 24) }
func (r *row) has(f rowFlags) bool          { return rowFlags(r.shape>>24)&f != 0 }
func (r *row) set(f rowFlags)               { r.shape |= uint32(f) << 24 }

// length is that of a name part in the arena: family and given name in kanji,
// then in kana.
func (r *row) length(part int) int { return int(r.shape >> (6 * part) & 63) }

type rowFlags uint8

const (
	flagNameSplit  rowFlags = 1 << iota // the name had a separator
	flagKanaSplit                       // the kana had a separator
	flagFormer                          // a former family name follows
	flagAlias                           // an alias follows
	flagAliasSplit                      // and had a separator
	flagDead                            // rejected after the fact: the row stands twice
	flagShared                          // another person of the register has the same number
)

// segment holds the records of one batch in pointer-free columns. The arena
// holds, for each record: kanji of family and given name, former family name
// and alias each behind their lengths, then kana codes two to a word.
type segment struct {
	firstLine int64
	rows      []row
	arena     []uint16
}

// reset empties a segment that is reused for the next batch.
func (s *segment) reset(firstLine int64) {
	s.firstLine, s.rows, s.arena = firstLine, s.rows[:0], s.arena[:0]
}

// compact copies a reused segment to slices of exactly its size.
func (s *segment) compact() *segment {
	return &segment{
		firstLine: s.firstLine,
		rows:      append(make([]row, 0, len(s.rows)), s.rows...),
		arena:     append(make([]uint16, 0, len(s.arena)), s.arena...),
	}
}

// append stores a person; the returned row is completed by the caller.
func (s *segment) append(p *score.Person) *row {
	if len(s.rows) == cap(s.rows) {
		s.rows = slices.Grow(s.rows, 1)
	}
	s.arena = slices.Grow(s.arena, personWords)
	s.rows = s.rows[:len(s.rows)+1]
	r := &s.rows[len(s.rows)-1]
	r.number, r.line = 0, 0
	r.birth, r.postalSex, r.address = p.Birth, uint32(p.Postal)|uint32(p.Sex)<<24, p.Address
	r.household, r.off = p.Household, uint32(len(s.arena))
	r.shape = s.appendKanji(p.Name.Family) | s.appendKanji(p.Name.Given)<<6
	r.setIf(flagNameSplit, p.Name.Split)
	if len(p.Former) > 0 {
		r.set(flagFormer)
		s.appendCounted(p.Former)
	}
	if len(p.Alias.Family) > 0 {
		r.set(flagAlias)
		r.setIf(flagAliasSplit, p.Alias.Split)
		s.appendCounted(p.Alias.Family)
		s.appendCounted(p.Alias.Given)
	}
	r.shape |= s.appendKana(p.Kana.Family, p.Kana.Given) << 12
	r.setIf(flagKanaSplit, p.Kana.Split)
	return r
}

// What a person takes in the arena at most, with what appending may write
// behind that.
const (
	kanaWords   = maxPartLength + 16
	personWords = 5*(maxPartLength+1) + kanaWords
)

func (r *row) setIf(f rowFlags, on bool) {
	if on {
		r.set(f)
	}
}

func (s *segment) appendKanji(codes []uint16) uint32 {
	if len(codes) > maxPartLength {
		codes = codes[:maxPartLength]
	}
	at := len(s.arena)
	s.arena = s.arena[:at+len(codes)]
	// Nearly all parts are of four characters at most, which are one word.
	if len(codes) <= 4 && cap(codes) >= 4 {
		*(*[4]uint16)(s.arena[at : at+4]) = [4]uint16(codes[:4])
	} else {
		copy(s.arena[at:], codes)
	}
	return uint32(len(codes))
}

func (s *segment) appendCounted(codes []uint16) {
	at := len(s.arena)
	s.arena = append(s.arena, 0)
	s.arena[at] = uint16(s.appendKanji(codes))
}

// appendKana packs two codes to a word; family and given are contiguous. It
// returns their lengths, 6 bits each.
func (s *segment) appendKana(family, given []byte) uint32 {
	if len(family) > maxPartLength {
		family = family[:maxPartLength]
	}
	if len(given) > maxPartLength {
		given = given[:maxPartLength]
	}
	at, n := len(s.arena), len(family)+len(given)
	b := asBytes(s.arena[at : at+kanaWords])
	putKana(b, family)
	putKana(b[len(family):], given)
	b[n] = 0 // half of the last word may stay empty
	s.arena = s.arena[:at+(n+1)/2]
	return uint32(len(family)) | uint32(len(given))<<6
}

// putKana copies codes; b has room for more.
func putKana(b, codes []byte) {
	const most = 16 // of nearly all: two moves of any processor
	if len(codes) <= most && cap(codes) >= most {
		*(*[most]byte)(b) = [most]byte(codes[:most])
		return
	}
	copy(b, codes)
}

func asBytes(words []uint16) []byte {
	if len(words) == 0 {
		return nil
	}
	return unsafe.Slice((*byte)(unsafe.Pointer(&words[0])), 2*len(words))
}

// view fills p with a record. The slices alias the arena.
func (s *segment) view(i int, p *score.Person) {
	r := &s.rows[i]
	at := int(r.off)
	next := func(n int) []uint16 {
		part := s.arena[at : at+n : at+n]
		at += n
		return part
	}
	p.Name.Family = next(r.length(0))
	p.Name.Given = next(r.length(1))
	p.Name.Split = r.has(flagNameSplit)
	p.Former = nil
	if r.has(flagFormer) {
		p.Former = next(int(next(1)[0]))
	}
	p.Alias = normalize.NameForm{}
	if r.has(flagAlias) {
		p.Alias.Family = next(int(next(1)[0]))
		p.Alias.Given = next(int(next(1)[0]))
		p.Alias.Split = r.has(flagAliasSplit)
	}
	nf, ng := r.length(2), r.length(3)
	kana := asBytes(next((nf + ng + 1) / 2))
	p.Kana.Family = kana[:nf:nf]
	p.Kana.Given = kana[nf : nf+ng : nf+ng]
	p.Kana.Split = r.has(flagKanaSplit)
	p.Birth, p.Sex, p.Postal = r.birth, r.sex(), r.postal()
	p.Address, p.Household = r.address, r.household
}

// store is the register: one segment per batch, in file order.
type store struct {
	segments []*segment // nil where it is on disk
	people   int64
	memory   memory
	disk     *disk // nil where all are in memory
}

// begin empties a segment that is to be put and has at most so many rows. In
// memory they stand where they stay; names are copied there, as nobody knows
// beforehand how long they are.
func (s *store) begin(into *segment, firstLine int64, rows int, room *slab) {
	into.reset(firstLine)
	if s.disk == nil {
		into.rows = carve[row](room, rows)[:0]
	}
}

// put keeps a segment, which it returns unless that is on disk.
func (s *store) put(index int, from *segment, room *slab) (*segment, error) {
	if s.disk != nil {
		return nil, s.disk.write(index, from)
	}
	kept := &segment{firstLine: from.firstLine, rows: from.rows, arena: carve[uint16](room, len(from.arena))}
	copy(kept.arena, from.arena)
	return kept, nil
}

// count is how many rows a segment has.
func (s *store) count(segment int) int {
	if seg := s.segments[segment]; seg != nil {
		return len(seg.rows)
	}
	return s.disk.places[segment].rows
}

// segment is one for a pass; room is where to read it if it is on disk.
func (s *store) segment(i int, room *segment) *segment {
	if seg := s.segments[i]; seg != nil {
		return seg
	}
	s.disk.read(i, room)
	return room
}

// rowsOf are the rows of a segment whose names are not needed.
func (s *store) rowsOf(i int, room *segment) []row {
	if seg := s.segments[i]; seg != nil {
		return seg.rows
	}
	s.disk.readRows(i, room)
	return room.rows
}

// hold copies people who will be asked for at random, so that a register on
// disk is gone through once for them.
func (s *store) hold(people []ref, jobs int) {
	if s.disk != nil {
		s.disk.hold(people, jobs)
	}
}

// failed is the first error of a register on disk.
func (s *store) failed() error {
	if s.disk == nil {
		return nil
	}
	return s.disk.failed()
}

// at is a row to read; of a register on disk it is a copy.
func (s *store) at(r ref) *row {
	if seg := s.segments[r.segment()]; seg != nil {
		return &seg.rows[r.row()]
	}
	return s.disk.row(r)
}

// mark sets a flag of a row.
func (s *store) mark(r ref, f rowFlags) {
	if seg := s.segments[r.segment()]; seg != nil {
		seg.rows[r.row()].set(f)
		return
	}
	s.disk.mark(r, f)
}

func (s *store) view(r ref, p *score.Person) {
	if seg := s.segments[r.segment()]; seg != nil {
		seg.view(r.row(), p)
		return
	}
	s.disk.view(r, p)
}

// touch reads both ends of a row, which may lie in two cache lines. It does
// nothing for a row on disk.
func (s *store) touch(r ref) uint64 {
	seg := s.segments[r.segment()]
	if seg == nil {
		return 0
	}
	row := &seg.rows[r.row()]
	return row.number ^ uint64(row.shape)
}

// touchNames reads both ends of the names of a person.
func (s *store) touchNames(r ref) uint64 {
	first, last := s.endsOfNames(r)
	if first == nil {
		return 0
	}
	return uint64(*first ^ *last)
}

// askFor asks for both ends of a row, which may lie in two cache lines.
func (s *store) askFor(r ref) {
	if seg := s.segments[r.segment()]; seg != nil {
		row := &seg.rows[r.row()]
		prefetch.Line(unsafe.Pointer(&row.number))
		prefetch.Line(unsafe.Pointer(&row.shape))
	}
}

// askForNames asks for both ends of the names of a person whose row is there.
func (s *store) askForNames(r ref) {
	if first, last := s.endsOfNames(r); first != nil {
		prefetch.Line(unsafe.Pointer(first))
		prefetch.Line(unsafe.Pointer(last))
	}
}

// endsOfNames is where the names of a person begin and end, nil for one who is on
// disk or has none.
func (s *store) endsOfNames(r ref) (first, last *uint16) {
	seg := s.segments[r.segment()]
	if seg == nil {
		return nil, nil
	}
	row := &seg.rows[r.row()]
	from := int(row.off)
	if from >= len(seg.arena) {
		return nil, nil
	}
	to := from + row.length(0) + row.length(1) + (row.length(2)+row.length(3))/2
	return &seg.arena[from], &seg.arena[min(to, len(seg.arena)-1)]
}

func (s *store) line(r ref) int64 {
	seg, i := s.segments[r.segment()], r.row()
	if seg == nil {
		seg, i = s.disk.person(r)
	}
	return seg.firstLine + int64(seg.rows[i].line)
}

// inOrder views people in the order of the register, of which so many are asked
// for that a segment on disk is read as a whole.
type inOrder struct {
	store *store
	dense bool
	room  segment
	at    int // the segment in room, and one
}

func (o *inOrder) view(r ref, p *score.Person) {
	if !o.dense || o.store.segments[r.segment()] != nil {
		o.store.view(r, p)
		return
	}
	if o.at != r.segment()+1 {
		o.store.disk.read(r.segment(), &o.room)
		o.at = r.segment() + 1
	}
	o.room.view(r.row(), p)
}

// isDense tells whether n people of the register are enough for that.
func (s *store) isDense(n int) bool { return n >= readWhole*len(s.segments) }
