package gazetteer

import (
	"cmp"
	"slices"
)

// Trie is a set of code sequences under numbered roots. The nodes of one root
// lie side by side, breadth first, and where only one sequence goes on its
// codes lie in a row, so that a walk stays in few cache lines.
type Trie struct {
	labels []uint16
	nodes  []trieNode  // parallel to labels
	tails  []uint16    // codes, a zero, the value in two halves
	twins  [][2]uint32 // values of equal sequences: the one kept, the other
}

type trieNode struct {
	first uint32 // first child, or a tail
	value uint32 // 0: no entry ends here
	count uint16 // children
}

// Node is a place in a Trie: a node, or with isTail a place in a tail.
type Node uint32

const isTail Node = 1 << 31

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
type span struct {
	from, to, depth int
	node            uint32
}

// addRoot adds the entries under a new root. They are sorted in place; of two
// equal sequences the one with the smaller value stays. The queue is working
// memory that is handed back.
func (t *Trie) addRoot(entries []entry, queue []span) (Node, []span) {
	slices.SortFunc(entries, entry.compare)
	root := t.add(0)
	queue = append(queue[:0], span{0, len(entries), 0, root})
	for next := 0; next < len(queue); next++ {
		s := queue[next]
		first := uint32(len(t.labels))
		i := s.from
		for i < s.to && len(entries[i].codes) == s.depth {
			i++
		}
		t.nodes[s.node].value = t.merge(entries[s.from:i])
		for i < s.to {
			label := entries[i].codes[s.depth]
			j := i + 1
			for j < s.to && entries[j].codes[s.depth] == label {
				j++
			}
			child := t.add(label)
			if slices.Equal(entries[i].codes, entries[j-1].codes) {
				t.nodes[child].first = t.addTail(entries[i:j], s.depth+1)
			} else {
				queue = append(queue, span{i, j, s.depth + 1, child})
			}
			i = j
		}
		t.nodes[s.node].first = first
		t.nodes[s.node].count = uint16(uint32(len(t.labels)) - first)
	}
	return Node(root), queue
}

func (t *Trie) add(label uint16) uint32 {
	t.labels = append(t.labels, label)
	t.nodes = append(t.nodes, trieNode{})
	return uint32(len(t.nodes) - 1)
}

func (t *Trie) addTail(equal []entry, depth int) uint32 {
	at := uint32(len(t.tails)) | uint32(isTail)
	value := t.merge(equal)
	t.tails = append(t.tails, equal[0].codes[depth:]...)
	t.tails = append(t.tails, 0, uint16(value>>16), uint16(value))
	return at
}

// merge gives the value of equal entries, marked, and remembers the others as
// twins.
func (t *Trie) merge(equal []entry) uint32 {
	switch len(equal) {
	case 0:
		return 0
	case 1:
		return equal[0].value
	}
	for _, e := range equal[1:] {
		t.twins = append(t.twins, [2]uint32{equal[0].value, e.value})
	}
	return equal[0].value | uint32(twinFlag)
}

// Child follows one code.
func (t *Trie) Child(n Node, code uint16) (Node, bool) {
	if n&isTail != 0 {
		return n + 1, t.tails[n&^isTail] == code && code != 0
	}
	node := &t.nodes[n]
	if node.count == 0 {
		return 0, false
	}
	// The last label that is not greater, by steps without branches.
	labels := t.labels[node.first : node.first+uint32(node.count)]
	at := 0
	for left := len(labels); left > 1; {
		half := left / 2
		if next := at + half; labels[next] <= code {
			at = next
		}
		left -= half
	}
	if labels[at] != code {
		return 0, false
	}
	child := Node(node.first) + Node(at)
	if tail := Node(t.nodes[child].first); tail&isTail != 0 {
		return tail, true
	}
	return child, true
}

// Value is what was put in for the sequence that ends at n, or 0.
func (t *Trie) Value(n Node) uint32 {
	if n&isTail != 0 {
		tail := t.tails[n&^isTail:]
		if tail[0] != 0 {
			return 0
		}
		return uint32(tail[1])<<16 | uint32(tail[2])
	}
	return t.nodes[n].value
}

// Leaf reports whether no entry goes on behind n.
func (t *Trie) Leaf(n Node) bool {
	if n&isTail != 0 {
		return t.tails[n&^isTail] == 0
	}
	return t.nodes[n].count == 0
}
