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
	first  []uint32 // first child; the children end at the next node's first
	values []uint32 // 0: no entry ends here
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
		t.first[node] = uint32(len(t.labels))
		i := s.from
		for i < s.to && len(entries[i].codes) == s.depth {
			if t.values[node] == 0 {
				t.values[node] = entries[i].value
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
	t.first[len(t.first)-1] = uint32(len(t.labels) - 1)
	return root, queue
}

func (t *Trie) add(label uint16) {
	t.labels = append(t.labels, label)
	t.first = append(t.first, 0)
	t.values = append(t.values, 0)
}

// Child follows one code.
func (t *Trie) Child(n Node, code uint16) (Node, bool) {
	low, high := t.first[n], t.first[n+1]
	for high-low > 8 {
		mid := (low + high) / 2
		if t.labels[mid] <= code {
			low = mid
		} else {
			high = mid
		}
	}
	for ; low < high; low++ {
		if t.labels[low] == code {
			return Node(low), true
		}
	}
	return 0, false
}

// Value is what was put in for the sequence that ends at n, or 0.
func (t *Trie) Value(n Node) uint32 { return t.values[n] }
