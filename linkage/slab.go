package linkage

import (
	"sync"
	"unsafe"
)

// memory is what a register is kept in: large pieces that the garbage
// collector need not know of, on huge pages where the system has them. Reading
// a country's register touches gigabytes at random, and half the price of that
// is finding the page.
type memory struct {
	mu     sync.Mutex
	pieces [][]byte
}

// pieceSize is how much is asked for at a time.
const pieceSize = 32 << 20

// piece is a new piece of at least that size, all zero.
func (m *memory) piece(size int) []byte {
	size = (size + pieceSize - 1) / pieceSize * pieceSize
	p := mapPiece(size)
	m.mu.Lock()
	defer m.mu.Unlock()
	m.pieces = append(m.pieces, p)
	return p
}

// release gives everything back; nothing that was carved may be used again.
func (m *memory) release() {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, p := range m.pieces {
		unmapPiece(p)
	}
	m.pieces = nil
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
