package linkage

import (
	"os"
	"syscall"
)

// What package syscall does not name.
const (
	adviseHugePages = 14 // MADV_HUGEPAGE
	adviseDontNeed  = 4  // MADV_DONTNEED
)

func mapPiece(size int) []byte {
	p, err := syscall.Mmap(-1, 0, size, syscall.PROT_READ|syscall.PROT_WRITE, syscall.MAP_ANON|syscall.MAP_PRIVATE)
	if err != nil {
		return make([]byte, size) // the runtime says what it is short of
	}
	syscall.Madvise(p, adviseHugePages) //nolint:errcheck // slower without
	return p
}

// mapFile maps the next part of a file, which it makes room for first: a full
// disk would otherwise end the process.
func mapFile(f *os.File, offset int64, size int) ([]byte, error) {
	if err := syscall.Fallocate(int(f.Fd()), 0, offset, int64(size)); err != nil {
		return nil, err
	}
	return syscall.Mmap(int(f.Fd()), offset, size, syscall.PROT_READ|syscall.PROT_WRITE, syscall.MAP_SHARED)
}

func unmapPiece(p []byte) { syscall.Munmap(p) } //nolint:errcheck // nothing to do about it

// letGo drops the pages of a piece from the process; a file keeps them.
func letGo(p []byte) { syscall.Madvise(p, adviseDontNeed) } //nolint:errcheck // more memory without
