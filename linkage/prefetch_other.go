//go:build !amd64

package linkage

func prefetchWords(*uint64, uint64, *[keyedRules]uint64) {}
