package linkage

import "golang.org/x/sys/cpu"

// vector tells whether the processor has what findGroup and insertGroup need.
// Without it, and on other processors, all is left to search and insert.
var vector = cpu.X86.HasAVX2

// findGroup looks up the hashes of now, n at least, and asks for what those of
// next will read, so that memory is never idle: a person who is found or cannot
// be there is told at once, the bits of the others are returned.
//
//go:noescape
func findGroup(lines *indexLine, homes, slot uint64, now, next *lookGroup, found *ref, n int) (left uint64)

// insertGroup enters the first n entries, at least one, into the lines of a
// partition, and returns the bits of those that meet another with their hash or
// find no room nearby.
//
//go:noescape
func insertGroup(part *indexLine, homes, slot uint64, entries *uint64, n int) (left uint64)
