//go:build amd64 || arm64

package linkage

// prefetch asks for a line of the index and does not wait for it.
//
//go:noescape
func prefetch(line *indexLine)
