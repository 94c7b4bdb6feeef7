package linkage

import "slices"

// narrowed are the suspects of blocks of more people than their rule allows, by
// municipality: the further key of such a block. It takes people and suspects
// that meet, not every pair of them, to go through one.
type narrowed struct {
	at     []uint32 // by block: its place in starts, plus one; zero for those in full
	starts []uint32
	homes  []uint64 // municipality and suspect, in order within a block
}

// narrow lists the suspects of the huge blocks under the municipality of the
// record and under that of the holder.
func (t *blockTable) narrow(huge []bool, places [][2]uint16) *narrowed {
	n := &narrowed{at: make([]uint32, len(huge))}
	for b := range huge {
		if !huge[b] {
			continue
		}
		from := len(n.homes)
		n.starts = append(n.starts, uint32(from))
		n.at[b] = uint32(len(n.starts))
		if t.blocks[b].empty {
			continue
		}
		for _, id := range t.suspects(b) {
			record, holder := places[id][0], places[id][1]
			if record != 0 {
				n.homes = append(n.homes, uint64(record)<<32|uint64(id))
			}
			if holder != 0 && holder != record {
				n.homes = append(n.homes, uint64(holder)<<32|uint64(id))
			}
		}
		slices.Sort(n.homes[from:])
	}
	n.starts = append(n.starts, uint32(len(n.homes)))
	return n
}

// isHuge tells whether a block is narrowed.
func (n *narrowed) isHuge(b int) bool { return n.at[b] != 0 }

// suspects are those of a huge block with a tie to the municipality, in the low
// half of each word.
func (n *narrowed) suspects(b int, municipality uint16) []uint64 {
	at := n.at[b]
	homes := n.homes[n.starts[at-1]:n.starts[at]]
	if municipality == 0 {
		return nil
	}
	from, _ := slices.BinarySearch(homes, uint64(municipality)<<32)
	to := from
	for to < len(homes) && homes[to]>>32 == uint64(municipality) {
		to++
	}
	return homes[from:to]
}
