//go:build amd64 || arm64

package prefetch

import "unsafe"

// Line asks for the line of memory at p.
//
//go:noescape
func Line(p unsafe.Pointer)
