package linkage

import (
	"os"
	"slices"
	"sync"
	"sync/atomic"
	"unsafe"

	"github.com/himozuke/himozuke/score"
)

// disk is where the people of a register stand that does not fit into memory:
// a file beside the results. It is read and never mapped, so that what the
// process takes is what it holds, and the system's cache of the file is the
// system's own.
//
// A pass reads whole segments, into room that each worker has. People who are
// asked for at random are held: copied into memory in one pass before. Whoever
// else is asked for is read alone.
type disk struct {
	dir  string
	file *os.File

	mu     sync.Mutex // while it is written
	size   int64
	places []diskPlace // by segment

	err atomic.Pointer[error] // the first that was met since
}

// diskPlace is where a segment stands, its rows first, and what is held of it.
type diskPlace struct {
	at          int64
	firstLine   int64
	rows, words int

	held   []uint16 // rows, ascending
	copies segment  // of these rows
}

// newDisk makes the file, which loses its name at once where the system allows
// that.
func newDisk(dir string) (*disk, error) {
	f, err := os.CreateTemp(dir, ".himozuke-register-*")
	if err != nil {
		return nil, err
	}
	os.Remove(f.Name()) //nolint:errcheck // close tries again
	return &disk{dir: dir, file: f}, nil
}

func (d *disk) close() {
	d.file.Close()
	os.Remove(d.file.Name()) //nolint:errcheck // it has no name, as a rule
}

// write appends a segment to the file.
func (d *disk) write(index int, s *segment) error {
	rows, words := bytesOf(s.rows), bytesOf(s.arena)
	d.mu.Lock()
	for len(d.places) <= index {
		d.places = append(d.places, diskPlace{})
	}
	at := d.size
	d.size += int64(len(rows) + len(words))
	d.places[index] = diskPlace{at: at, firstLine: s.firstLine, rows: len(s.rows), words: len(s.arena)}
	d.mu.Unlock()
	if _, err := d.file.WriteAt(rows, at); err != nil {
		return err
	}
	_, err := d.file.WriteAt(words, at+int64(len(rows)))
	return err
}

// bytesOf is the memory of values without pointers.
func bytesOf[T any](values []T) []byte {
	if len(values) == 0 {
		return nil
	}
	var zero T
	return unsafe.Slice((*byte)(unsafe.Pointer(&values[0])), len(values)*int(unsafe.Sizeof(zero)))
}

// readAt fills b, with zeros where the file cannot be read: the run fails at
// the end of its stage.
func (d *disk) readAt(b []byte, at int64) {
	if _, err := d.file.ReadAt(b, at); err != nil {
		clear(b)
		d.err.CompareAndSwap(nil, &err)
	}
}

// failed is the first error that was met since all was written.
func (d *disk) failed() error {
	if err := d.err.Load(); err != nil {
		return *err
	}
	return nil
}

// rowBytes is the size of a row in the file.
const rowBytes = int64(unsafe.Sizeof(row{}))

// read fills a segment, reusing its memory.
func (d *disk) read(index int, into *segment) {
	p := &d.places[index]
	d.readRows(index, into)
	into.arena = slices.Grow(into.arena[:0], p.words)[:p.words]
	d.readAt(bytesOf(into.arena), p.at+int64(p.rows)*rowBytes)
}

// readRows is the same without the names.
func (d *disk) readRows(index int, into *segment) {
	p := &d.places[index]
	into.firstLine = p.firstLine
	into.rows = slices.Grow(into.rows[:0], p.rows)[:p.rows]
	d.readAt(bytesOf(into.rows), p.at)
}

// held finds somebody who is held; nil for who is not.
func (d *disk) held(r ref) (*segment, int) {
	p := &d.places[r.segment()]
	if i, ok := slices.BinarySearch(p.held, uint16(r.row())); ok {
		return &p.copies, i
	}
	return nil, 0
}

// person finds one person, in a segment that is for this person alone unless it
// is held.
func (d *disk) person(r ref) (*segment, int) {
	if seg, i := d.held(r); seg != nil {
		return seg, i
	}
	return d.readPerson(r), 0
}

// readPerson reads the row and the next one, which tells where its names end.
func (d *disk) readPerson(r ref) *segment {
	p := &d.places[r.segment()]
	both := make([]row, min(2, p.rows-r.row()))
	d.readAt(bytesOf(both), d.placeOf(r))
	from, end := int(both[0].off), p.words
	if len(both) == 2 {
		end = int(both[1].off)
	}
	both[0].off = 0
	s := &segment{firstLine: p.firstLine, rows: both[:1]}
	if from < end {
		s.arena = make([]uint16, end-from)
		d.readAt(bytesOf(s.arena), p.at+int64(p.rows)*rowBytes+2*int64(from))
	}
	if d.failed() != nil { // row and names may not agree
		return &segment{firstLine: p.firstLine, rows: make([]row, 1)}
	}
	return s
}

func (d *disk) view(r ref, p *score.Person) {
	seg, i := d.person(r)
	seg.view(i, p)
}

func (d *disk) row(r ref) *row {
	if seg, i := d.held(r); seg != nil {
		return &seg.rows[i]
	}
	return d.rowAlone(r)
}

// rowAlone is the row of somebody who is not held.
func (d *disk) rowAlone(r ref) *row {
	alone := make([]row, 1)
	d.readAt(bytesOf(alone), d.placeOf(r))
	return &alone[0]
}

func (d *disk) placeOf(r ref) int64 {
	return d.places[r.segment()].at + int64(r.row())*rowBytes
}

// mark sets a flag of a row, before anybody is held.
func (d *disk) mark(r ref, f rowFlags) {
	alone := d.rowAlone(r)
	alone.set(f)
	if _, err := d.file.WriteAt(bytesOf(unsafe.Slice(alone, 1)), d.placeOf(r)); err != nil {
		d.err.CompareAndSwap(nil, &err)
	}
}

// readWhole is from how many people of a segment on it is cheaper to read all
// of it than to read them one by one.
const readWhole = 16

// some readies a segment for n of its people to be asked for: it is read into
// room if that is worth it.
func (d *disk) some(index, n int, room *segment) picker {
	if n < readWhole {
		return picker{disk: d}
	}
	d.read(index, room)
	return picker{whole: room}
}

// picker finds people of one segment.
type picker struct {
	disk  *disk
	whole *segment
}

func (k picker) person(r ref) (*segment, int) {
	if k.whole != nil {
		return k.whole, r.row()
	}
	return k.disk.person(r)
}

// hold copies people into memory, and lets go of those that were held before.
// The list is put in order.
func (d *disk) hold(people []ref, jobs int) {
	slices.Sort(people)
	people = slices.Compact(people)
	bounds := make([]int, 1, len(d.places)+1)
	at := 0
	for i := range d.places {
		d.places[i].held, d.places[i].copies = nil, segment{}
		for at < len(people) && people[at].segment() == i {
			at++
		}
		bounds = append(bounds, at)
	}
	rooms := make([]segment, max(jobs, 1))
	parallel(jobs, len(d.places), func(k, i int) {
		if here := people[bounds[i]:bounds[i+1]]; len(here) > 0 {
			d.holdSegment(i, here, &rooms[k])
		}
	})
}

func (d *disk) holdSegment(index int, people []ref, room *segment) {
	p := &d.places[index]
	pick := d.some(index, len(people), room)
	copies := segment{firstLine: p.firstLine, rows: make([]row, 0, len(people))}
	copies.arena = make([]uint16, 0, 2*len(people)+p.words*len(people)/p.rows)
	held := make([]uint16, len(people))
	for n, r := range people {
		held[n] = uint16(r.row())
		seg, i := pick.person(r)
		copies.appendFrom(seg, i)
	}
	p.held, p.copies = held, *copies.compact()
}
