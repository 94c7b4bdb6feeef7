package linkage

// prefetchWords asks for the words of a filter at [filterWord] of each key and
// does not wait for them.
//
//go:noescape
func prefetchWords(filter *uint64, words uint64, keys *[keyedRules]uint64)
