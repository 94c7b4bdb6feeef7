package gazetteer

import (
	"cmp"
	"math/bits"
	"slices"
)

// Trie is a set of code sequences. Its edges lie in one hash table, so that a
// step reads one line of the cache; where only one sequence goes on, the edge
// holds the codes that are left.
type Trie struct {
	edges []edge // open addressing; a power of two
	shift uint8
}

type edge struct {
	label uint16 // zero: no edge
	from  uint16 // node, with endsHere where one sequence goes on
	value uint32 // of the entry that ends here, or that goes on; zero is none
	rest  [restMost]uint16
}

const (
	restMost = 4
	endsHere = 1 << 15
	nodesMax = 1 << 15
)

// to is the node that an edge leads to where several sequences go on.
func (e *edge) to() uint16 { return e.rest[0] }

// Node is a place in a Trie, with the value of the entry that ends there. The
// zero Node is the root.
type Node struct {
	at    uint32 // a node, or with inEdge a slot and how many codes of its rest are read
	value uint32
}

const (
	inEdge   = 1 << 31
	readBits = 3
)

// entry is one sequence to put into a Trie.
type entry struct {
	codes []uint16
	head  uint64 // the first four codes, to sort by
	value uint32
}

func newEntry(codes []uint16, value uint32) entry {
	e := entry{codes: codes, value: value}
	for i := range 4 {
		e.head <<= 16
		if i < len(codes) {
			e.head |= uint64(codes[i])
		}
	}
	return e
}

func (e entry) compare(other entry) int {
	if c := cmp.Compare(e.head, other.head); c != 0 {
		return c
	}
	if c := slices.Compare(e.codes, other.codes); c != 0 {
		return c
	}
	return cmp.Compare(e.value, other.value)
}

// span is a range of entries that share a prefix and become one node.
type span struct{ from, to, depth int }

// trieBuilder makes tries, one after the other, in the same working memory.
type trieBuilder struct {
	edges []edge
	queue []span      // the nodes, in the order of their numbers
	twins [][2]uint32 // values of equal sequences: the one kept, the other
}

// build makes a trie of entries, which it sorts in place; of two equal
// sequences the one with the smaller value stays.
func (b *trieBuilder) build(entries []entry) Trie {
	slices.SortFunc(entries, entry.compare)
	b.edges, b.twins = b.edges[:0], b.twins[:0]
	b.queue = append(b.queue[:0], span{0, len(entries), 0})
	for node := 0; node < len(b.queue); node++ {
		s := b.queue[node]
		i := s.from
		for i < s.to && len(entries[i].codes) == s.depth {
			i++
		}
		for i < s.to {
			label := entries[i].codes[s.depth]
			j := i + 1
			for j < s.to && entries[j].codes[s.depth] == label {
				j++
			}
			b.child(uint16(node), label, entries, span{i, j, s.depth + 1})
			i = j
		}
	}
	if len(b.queue) > nodesMax {
		panic("gazetteer: more nodes than an edge can name")
	}
	return b.table()
}

// child adds the edge to what a range of entries has in common.
func (b *trieBuilder) child(from, label uint16, entries []entry, s span) {
	e := edge{from: from, label: label}
	first, last := entries[s.from].codes, entries[s.to-1].codes
	if len(first)-s.depth <= restMost && slices.Equal(first, last) {
		e.from |= endsHere
		e.value = b.merge(entries[s.from:s.to])
		copy(e.rest[:], first[s.depth:])
	} else {
		ended := s.from
		for len(entries[ended].codes) == s.depth {
			ended++
		}
		e.value = b.merge(entries[s.from:ended])
		e.rest[0] = uint16(len(b.queue))
		b.queue = append(b.queue, s)
	}
	b.edges = append(b.edges, e)
}

// merge gives the value of equal entries, marked, and remembers the others as
// twins.
func (b *trieBuilder) merge(equal []entry) uint32 {
	switch len(equal) {
	case 0:
		return 0
	case 1:
		return equal[0].value
	}
	for _, e := range equal[1:] {
		b.twins = append(b.twins, [2]uint32{equal[0].value, e.value})
	}
	return equal[0].value | uint32(twinFlag)
}

// table puts the edges into their slots, three quarters full at most.
func (b *trieBuilder) table() Trie {
	size := 1 << bits.Len(uint(len(b.edges))*4/3+1)
	t := Trie{edges: make([]edge, size), shift: uint8(32 - bits.TrailingZeros(uint(size)))}
	mask := uint32(size - 1)
	for _, e := range b.edges {
		slot := t.slot(e.from&^endsHere, e.label)
		for t.edges[slot&mask].label != 0 {
			slot++
		}
		t.edges[slot&mask] = e
	}
	return t
}

func (t *Trie) slot(from, label uint16) uint32 {
	const golden = 0x9E3779B1
	return (uint32(from)<<16 | uint32(label)) * golden >> t.shift
}

// Child follows one code.
func (t *Trie) Child(n Node, code uint16) (Node, bool) {
	if code == 0 {
		return Node{}, false
	}
	mask := uint32(len(t.edges) - 1)
	if n.at&inEdge != 0 {
		e, read := &t.edges[n.at&^inEdge>>readBits&mask], n.at&(1<<readBits-1)
		if read >= restMost || e.rest[read] != code {
			return Node{}, false
		}
		return e.inside(n.at + 1), true
	}
	for slot := t.slot(uint16(n.at), code); ; slot++ {
		e := &t.edges[slot&mask]
		if e.label == code && e.from&^endsHere == uint16(n.at) {
			if e.from&endsHere != 0 {
				return e.inside(inEdge | slot&mask<<readBits), true
			}
			return Node{uint32(e.to()), e.value}, true
		}
		if e.label == 0 {
			return Node{}, false
		}
	}
}

// HasNumeral reports whether a numeral can go on behind n.
func (t *Trie) HasNumeral(n Node) bool {
	if n.Leaf() {
		return false
	}
	for _, sign := range numerals {
		if _, ok := t.Child(n, sign); ok {
			return true
		}
	}
	for _, unit := range numeralUnits {
		if _, ok := t.Child(n, unit.sign); ok {
			return true
		}
	}
	return false
}

// inside is a place in the rest of an edge.
func (e *edge) inside(at uint32) Node {
	if read := at & (1<<readBits - 1); read < restMost && e.rest[read] != 0 {
		return Node{at: at}
	}
	return Node{at, e.value}
}

// Value is what was put in for the sequence that ends at n, or 0.
func (n Node) Value() uint32 { return n.value }

// Leaf reports whether no entry goes on behind n, which has a value.
func (n Node) Leaf() bool { return n.at&inEdge != 0 && n.value != 0 }
