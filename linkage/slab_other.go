//go:build !linux

package linkage

import (
	"errors"
	"os"
)

func mapPiece(size int) []byte { return make([]byte, size) }

func mapFile(*os.File, int64, int) ([]byte, error) {
	return nil, errors.New("a register on disk needs Linux: raise --memory")
}

func unmapPiece([]byte) {}

func letGo([]byte) {}
