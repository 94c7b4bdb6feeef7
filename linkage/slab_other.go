//go:build !linux

package linkage

func mapPiece(size int) []byte { return make([]byte, size) }

func unmapPiece([]byte) {}
