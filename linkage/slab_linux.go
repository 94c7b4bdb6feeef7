package linkage

import "syscall"

// adviseHugePages is MADV_HUGEPAGE, which package syscall does not name.
const adviseHugePages = 14

func mapPiece(size int) []byte {
	p, err := syscall.Mmap(-1, 0, size, syscall.PROT_READ|syscall.PROT_WRITE, syscall.MAP_ANON|syscall.MAP_PRIVATE)
	if err != nil {
		return make([]byte, size) // the runtime says what it is short of
	}
	syscall.Madvise(p, adviseHugePages) //nolint:errcheck // slower without
	return p
}

func unmapPiece(p []byte) { syscall.Munmap(p) } //nolint:errcheck // nothing to do about it
