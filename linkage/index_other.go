//go:build !amd64

package linkage

var vector = false

func findGroup(*indexLine, uint64, uint64, *lookGroup, *lookGroup, *ref, int) uint64 {
	panic("no vectors")
}

func insertGroup(*indexLine, uint64, uint64, *uint64, int) uint64 { panic("no vectors") }
