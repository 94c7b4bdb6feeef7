package linkage

import "syscall"

const adviseHugePages = 14 // MADV_HUGEPAGE, which package syscall does not name

func mapPiece(size int) []byte {
	p, err := syscall.Mmap(-1, 0, size, syscall.PROT_READ|syscall.PROT_WRITE, syscall.MAP_ANON|syscall.MAP_PRIVATE)
	if err != nil {
		return make([]byte, size) // the runtime says what it is short of
	}
	syscall.Madvise(p, adviseHugePages) //nolint:errcheck // slower without
	return p
}

func unmapPiece(p []byte) { syscall.Munmap(p) } //nolint:errcheck // nothing to do about it
