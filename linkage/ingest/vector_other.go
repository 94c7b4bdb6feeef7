//go:build !amd64

package ingest

var vector = false

func maskBlocks(text *byte, blocks int, one, other byte, masks *uint64) { panic("no vectors") }

func checkBlocks(text *byte, blocks int, tables *[3][16]byte, state *[2][32]byte) {
	panic("no vectors")
}
