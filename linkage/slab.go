package linkage

import (
	"cmp"
	"os"
	"sync"
	"time"
	"unsafe"
)

// memory is what a register is kept in: large pieces that the garbage
// collector need not know of, on huge pages where the system has them. Reading
// a country's register touches gigabytes at random, and half the price of that
// is finding the page.
//
// With a file behind it the pieces are mapped from there: the system keeps in
// memory what is used and there is room for.
type memory struct {
	mu     sync.Mutex
	pieces [][]byte
	file   *os.File // has no name any more
	size   int64    // of the file
	err    error    // the first that was met
}

// pieceSize is how much is asked for at a time.
const pieceSize = 32 << 20

// spillTo puts the pieces into a file in that folder.
func (m *memory) spillTo(dir string) error {
	f, err := os.CreateTemp(dir, ".himozuke-register-*")
	if err != nil {
		return err
	}
	m.file = f
	return os.Remove(f.Name())
}

// piece is a new piece of at least that size, all zero.
func (m *memory) piece(size int) []byte {
	size = (size + pieceSize - 1) / pieceSize * pieceSize
	m.mu.Lock()
	defer m.mu.Unlock()
	p := m.mapPiece(size)
	m.pieces = append(m.pieces, p)
	return p
}

func (m *memory) mapPiece(size int) []byte {
	if m.file != nil {
		p, err := mapFile(m.file, m.size, size)
		if err == nil {
			m.size += int64(size)
			return p
		}
		m.err = cmp.Or(m.err, err)
	}
	return mapPiece(size)
}

// failed is the first error of the file, such as a full disk.
func (m *memory) failed() error {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.err
}

// letGoOf drops what lies wholly in values from the process; their file keeps
// them.
func letGoOf[T any](values []T) {
	if len(values) == 0 {
		return
	}
	var zero T
	bytes := unsafe.Slice((*byte)(unsafe.Pointer(&values[0])), len(values)*int(unsafe.Sizeof(zero)))
	page := os.Getpagesize()
	from := -int(uintptr(unsafe.Pointer(&bytes[0]))) & (page - 1)
	to := from + (len(bytes)-from)/page*page
	if from < to {
		letGo(bytes[from:to])
	}
}

// release gives everything back; nothing that was carved may be used again.
func (m *memory) release() {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, p := range m.pieces {
		unmapPiece(p)
	}
	m.pieces = nil
	if m.file != nil {
		m.file.Close()
		m.file = nil
	}
}

// keepBelow lets go of the mapped pages of the file whenever the process has
// grown to the limit, until done is closed. Their content stays in the file.
func (m *memory) keepBelow(limit int64, done <-chan struct{}) {
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	for {
		select {
		case <-done:
			return
		case <-tick.C:
		}
		if residentMemory() < limit {
			continue
		}
		m.mu.Lock()
		for _, p := range m.pieces {
			letGo(p)
		}
		m.mu.Unlock()
	}
}

// slab carves pieces of memory for one worker.
type slab struct {
	from *memory
	free []byte
}

// cacheLine is what everything is aligned to.
const cacheLine = 64

// carve takes room for n values without pointers, all zero.
func carve[T any](s *slab, n int) []T {
	var zero T
	size := (n*int(unsafe.Sizeof(zero)) + cacheLine - 1) / cacheLine * cacheLine
	if size == 0 {
		return nil
	}
	if size > len(s.free) {
		s.free = s.from.piece(size)
	}
	taken := s.free[:size:size]
	s.free = s.free[size:]
	return unsafe.Slice((*T)(unsafe.Pointer(&taken[0])), n)
}

// chunks is a list that is not copied as it grows.
type chunks[T any] [][]T

// add appends a value; size is how many a new chunk has room for.
func (c *chunks[T]) add(v T, size int) {
	if n := len(*c); n == 0 || len((*c)[n-1]) == size {
		*c = append(*c, make([]T, 0, size))
	}
	last := &(*c)[len(*c)-1]
	*last = append(*last, v)
}
