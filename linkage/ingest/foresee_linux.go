package ingest

import (
	"os"

	"golang.org/x/sys/unix"
)

// willNeed has the system read a part of a file meanwhile.
func willNeed(f *os.File, offset, size int64) {
	unix.Fadvise(int(f.Fd()), offset, size, unix.FADV_WILLNEED) //nolint:errcheck // advice
}
