package linkage

import (
	"encoding/binary"
	"fmt"
	"maps"
	"math"
	"slices"

	"github.com/himozuke/himozuke/normalize"
)

// groups counts links and verdicts by municipality, organization and month,
// so that reports have denominators without one row per link.
type groups struct {
	municipality map[uint16]*groupCount
	organization map[string]*groupCount // prefecture (one byte) and organization
	month        map[uint32]*groupCount // prefecture<<16 | year*12+month-1
}

type groupCount struct {
	links    int64
	verdicts [Verdicts]int64 // without verified: that is the rest
}

func newGroups() *groups {
	return &groups{
		municipality: map[uint16]*groupCount{},
		organization: map[string]*groupCount{},
		month:        map[uint32]*groupCount{},
	}
}

// tally counts the rows of one worker by group. Nearly every row falls into a
// group that was just met, so that the maps of groups stay out of the way.
type tally struct {
	municipality [1 << 16]int64
	code         [1 << codeBits]talliedCode // organizations of eight bytes at most, by a hash: the last one met
	organization [1 << talliedBits]tallied  // the others
	month        [48][monthsTallied]int64
	groups       *groups
	key          []byte
}

const talliedBits = 12

type tallied struct {
	key   string
	links int64
}

// talliedCode is an organization that is named by a short code, as insurers and
// banks are.
type talliedCode struct {
	code   uint64
	links  uint32
	pref   uint8
	length uint8
}

const codeBits = 14

// organizationCode counts an organization of eight bytes at most.
func (t *tally) organizationCode(pref uint8, org []byte) {
	var room [8]byte
	copy(room[:], org)
	code := binary.LittleEndian.Uint64(room[:])
	slot := &t.code[(code^uint64(pref))*0x9E3779B97F4A7C15>>(64-codeBits)]
	if slot.code != code || slot.pref != pref || int(slot.length) != len(org) || slot.links == math.MaxUint32 {
		t.flushCode(slot)
		*slot = talliedCode{code: code, pref: pref, length: uint8(len(org))}
	}
	slot.links++
}

func (t *tally) flushCode(slot *talliedCode) {
	if slot.links > 0 {
		var key [9]byte
		key[0] = slot.pref
		binary.LittleEndian.PutUint64(key[1:], slot.code)
		entry(t.groups.organization, string(key[:1+slot.length])).links += int64(slot.links)
	}
}

// The months from 1900 to 2099 are tallied.
const (
	firstMonth    = 1900 * 12
	monthsTallied = 200 * 12
)

func newTally() *tally { return &tally{groups: newGroups()} }

// row adds one row.
func (t *tally) row(place uint16, org []byte, d normalize.Date) {
	pref := uint8(place / 1000)
	t.municipality[place]++
	switch {
	case len(org) == 0:
	case len(org) <= 8:
		t.organizationCode(pref, org)
	default:
		t.key = append(append(t.key[:0], pref), org...)
		slot := &t.organization[hashKey(t.key)>>(64-talliedBits)]
		if slot.key != string(t.key) {
			t.flush(slot)
			*slot = tallied{key: string(t.key)}
		}
		slot.links++
	}
	if d.Month() != 0 {
		if m := d.Year()*12 + d.Month() - 1 - firstMonth; m >= 0 && m < monthsTallied && pref < 48 {
			t.month[pref][m]++
		} else {
			entry(t.groups.month, monthKey(pref, d)).links++
		}
	}
}

func (t *tally) flush(slot *tallied) {
	if slot.links > 0 {
		entry(t.groups.organization, slot.key).links += slot.links
	}
}

// sum is all that was tallied.
func (t *tally) sum() *groups {
	for place, n := range t.municipality {
		if n > 0 {
			entry(t.groups.municipality, uint16(place)).links += n
		}
	}
	for i := range t.code {
		t.flushCode(&t.code[i])
	}
	for i := range t.organization {
		t.flush(&t.organization[i])
	}
	for pref := range t.month {
		for m, n := range t.month[pref] {
			if n > 0 {
				entry(t.groups.month, uint32(pref)<<16|uint32(m+firstMonth)).links += n
			}
		}
	}
	return t.groups
}

// judge adds the verdict of a row that was counted.
func (g *groups) judge(v Verdict, place uint16, organization string, date normalize.Date) {
	pref := uint8(place / 1000)
	entry(g.municipality, place).verdicts[v]++
	if organization != "" {
		entry(g.organization, string(append([]byte{pref}, organization...))).verdicts[v]++
	}
	if date.Month() != 0 {
		entry(g.month, monthKey(pref, date)).verdicts[v]++
	}
}

func monthKey(pref uint8, d normalize.Date) uint32 {
	return uint32(pref)<<16 | uint32(d.Year()*12+d.Month()-1)
}

func entry[K comparable](m map[K]*groupCount, k K) *groupCount {
	c := m[k]
	if c == nil {
		c = &groupCount{}
		m[k] = c
	}
	return c
}

func (g *groups) merge(o *groups) {
	mergeCounts(g.municipality, o.municipality)
	mergeCounts(g.organization, o.organization)
	mergeCounts(g.month, o.month)
}

func mergeCounts[K comparable](into, from map[K]*groupCount) {
	for k, c := range from {
		t := entry(into, k)
		t.links += c.links
		for v := range c.verdicts {
			t.verdicts[v] += c.verdicts[v]
		}
	}
}

// list is the groups in a fixed order: by dimension, prefecture and value.
func (g *groups) list(dataset string) []GroupCount {
	out := make([]GroupCount, 0, len(g.month)+len(g.municipality)+len(g.organization))
	var prefectures [256]string
	for pref := 1; pref < len(prefectures); pref++ {
		prefectures[pref] = fmt.Sprintf("%02d", pref)
	}
	add := func(dimension string, pref uint8, value string, c *groupCount) {
		n := GroupCount{Dataset: dataset, Dimension: dimension, Prefecture: prefectures[pref], Value: value, Links: c.links, ByVerdict: c.verdicts}
		n.ByVerdict[Verified] = c.links
		for v := Verified + 1; v < Verdicts; v++ {
			n.ByVerdict[Verified] -= c.verdicts[v]
		}
		out = append(out, n)
	}
	for _, key := range slices.Sorted(maps.Keys(g.month)) {
		months := key & 0xFFFF
		add("month", uint8(key>>16), fmt.Sprintf("%04d-%02d", months/12, months%12+1), g.month[key])
	}
	for _, place := range slices.Sorted(maps.Keys(g.municipality)) {
		value := ""
		if place != 0 {
			value = fmt.Sprintf("%05d", place)
		}
		add("municipality", uint8(place/1000), value, g.municipality[place])
	}
	for _, key := range slices.Sorted(maps.Keys(g.organization)) {
		add("organization", key[0], key[1:], g.organization[key])
	}
	return out
}
