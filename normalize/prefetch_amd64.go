package normalize

// prefetch asks for a line of memory and does not wait for it.
//
//go:noescape
func prefetch(p *knownTown)
