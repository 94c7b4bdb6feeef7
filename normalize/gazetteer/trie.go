package gazetteer

import (
	"cmp"
	"slices"
)

// Trie is a set of code sequences under numbered roots. The nodes of one root
// lie side by side, breadth first, so that a walk stays in few cache lines and
// the children of a node end where those of the next begin.
type Trie struct {
	labels []uint16
	nodes  []trieNode
	twins  [][2]uint32 // values of equal sequences: the one kept, the other
}

type trieNode struct {
	first uint32 // first child; the children end at the next node's first
	value uint32 // 0: no entry ends here
}

// Node is a place in a Trie.
type Node uint32

// entry is one sequence to put into a Trie.
type entry struct {
	codes []uint16
	value uint32
}

// span is a range of entries that share a prefix and become one node.
type span struct{ from, to, depth int }

// addRoot adds the entries under a new root. They are sorted in place; of two
// equal sequences the one with the smaller value stays.
func (t *Trie) addRoot(entries []entry, queue []span) (Node, []span) {
	slices.SortFunc(entries, func(a, b entry) int {
		if c := slices.Compare(a.codes, b.codes); c != 0 {
			return c
		}
		return cmp.Compare(a.value, b.value)
	})
	root := Node(len(t.labels))
	t.add(0)
	queue = append(queue[:0], span{0, len(entries), 0})
	for next := 0; next < len(queue); next++ {
		s := queue[next]
		node := uint32(root) + uint32(next)
		t.nodes[node].first = uint32(len(t.labels))
		i := s.from
		for i < s.to && len(entries[i].codes) == s.depth {
			if t.nodes[node].value == 0 {
				t.nodes[node].value = entries[i].value
			} else {
				t.twins = append(t.twins, [2]uint32{t.nodes[node].value, entries[i].value})
			}
			i++
		}
		for i < s.to {
			label := entries[i].codes[s.depth]
			j := i + 1
			for j < s.to && entries[j].codes[s.depth] == label {
				j++
			}
			t.add(label)
			queue = append(queue, span{i, j, s.depth + 1})
			i = j
		}
	}
	// A node of no root ends the last node's children.
	t.add(0)
	t.nodes[len(t.nodes)-1].first = uint32(len(t.labels) - 1)
	return root, queue
}

func (t *Trie) add(label uint16) {
	t.labels = append(t.labels, label)
	t.nodes = append(t.nodes, trieNode{})
}

// Child follows one code.
func (t *Trie) Child(n Node, code uint16) (Node, bool) {
	low := t.nodes[n].first
	labels := t.labels[low:t.nodes[n+1].first]
	for len(labels) > 8 {
		// The last label that is not greater lies in the half that is kept.
		if half := len(labels) / 2; labels[half] <= code {
			labels = labels[half:]
			low += uint32(half)
		} else {
			labels = labels[:half]
		}
	}
	for i, label := range labels {
		if label == code {
			return Node(low) + Node(i), true
		}
	}
	return 0, false
}

// Value is what was put in for the sequence that ends at n, or 0.
func (t *Trie) Value(n Node) uint32 { return t.nodes[n].value }

// Leaf reports whether no entry goes on behind n.
func (t *Trie) Leaf(n Node) bool { return t.nodes[n].first == t.nodes[n+1].first }
