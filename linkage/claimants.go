package linkage

import (
	"math/bits"
	"slices"
)

// claimants are the suspects by their holders: both in one word, in order, and
// where the holders of each run of the register begin.
type claimants struct {
	list  []uint64
	from  []uint32
	shift uint8
}

// newClaimants takes holders, each with a suspect behind it, in any order.
func newClaimants(list []uint64) *claimants {
	slices.Sort(list)
	last := ref(0)
	if len(list) > 0 {
		last = ref(list[len(list)-1] >> 32)
	}
	c := &claimants{list: list}
	c.shift = uint8(max(bits.Len32(uint32(last))-bits.Len(uint(len(c.list)))-1, 0))
	c.from = make([]uint32, int(last>>c.shift)+2)
	next := 0
	for i, claim := range c.list {
		for ; next <= int(claim>>32>>c.shift); next++ {
			c.from[next] = uint32(i)
		}
	}
	for ; next < len(c.from); next++ {
		c.from[next] = uint32(len(c.list))
	}
	return c
}

// of lists the suspects that claim the number of a person.
func (c *claimants) of(holder ref) []uint64 {
	run := int(holder >> c.shift)
	if run+1 >= len(c.from) {
		return nil
	}
	list := c.list[c.from[run]:c.from[run+1]]
	from := 0
	for from < len(list) && ref(list[from]>>32) < holder {
		from++
	}
	to := from
	for to < len(list) && ref(list[to]>>32) == holder {
		to++
	}
	return list[from:to]
}
