//go:build !amd64

package normalize

func prefetch(*knownTown) {}
