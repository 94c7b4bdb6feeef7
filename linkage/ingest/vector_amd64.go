package ingest

import "golang.org/x/sys/cpu"

// vector tells whether the processor has what maskBlocks and checkBlocks need.
// Without it, and on other processors, words of eight bytes do their work.
var vector = cpu.X86.HasAVX2

// maskBlocks makes one bit of each byte, set where it is one of two, for blocks
// of 64 bytes, at least one.
//
//go:noescape
func maskBlocks(text *byte, blocks int, one, other byte, masks *uint64)

// checkBlocks checks UTF-8 in blocks of 32 bytes, at least one, by the method
// of Keiser and Lemire (2021). state holds the block before and what was wrong
// so far.
//
//go:noescape
func checkBlocks(text *byte, blocks int, tables *[3][16]byte, state *[2][32]byte)
