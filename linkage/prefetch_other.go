//go:build !amd64 && !arm64

package linkage

func prefetch(*indexLine) {}
