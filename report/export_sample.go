package report

import (
	"crypto/sha256"
	"encoding/binary"
	"math"
	"sort"
	"strconv"
	"strings"
)

// stratum is the cases of one dataset, verdict and cause: within it every case
// has the same chance of being drawn.
type stratum struct {
	name  string // as the sheet shows it: dataset/verdict/cause
	cases int
	drawn int
}

func (s *stratum) probability() float64 { return float64(s.drawn) / float64(s.cases) }

func stratumName(dataset, verdict, cause string) string {
	if cause == "" {
		return dataset + "/" + verdict
	}
	return dataset + "/" + verdict + "/" + cause
}

// selectedCase is a case that passed the filters.
type selectedCase struct {
	finding int64
	id      string
	group   string // of --split-by
	stratum *stratum
}

// drawSample draws n cases, fewer if there are fewer. Strata share the sample
// by the square root of their size, so that rare causes are judged too, and
// every stratum gets a case as long as n reaches. What is drawn depends on the
// case ids and the seed only.
func drawSample(all []selectedCase, n int, seed uint64) []selectedCase {
	byStratum := map[*stratum][]int{}
	var strata []*stratum
	for i := range all {
		s := all[i].stratum
		if byStratum[s] == nil {
			strata = append(strata, s)
		}
		byStratum[s] = append(byStratum[s], i)
	}
	sort.Slice(strata, func(i, j int) bool { return strata[i].name < strata[j].name })
	allocate(strata, n)
	var drawn []int
	for _, s := range strata {
		members := byStratum[s]
		order := make([]uint64, len(members))
		for k, i := range members {
			order[k] = lot(all[i].id, seed)
		}
		sort.Sort(byLot{members, order})
		drawn = append(drawn, members[:s.drawn]...)
	}
	sort.Ints(drawn)
	sample := make([]selectedCase, len(drawn))
	for k, i := range drawn {
		sample[k] = all[i]
	}
	return sample
}

// allocate shares n among the strata: first one each, in order of size, then
// in proportion to the square root of size, never more than there are.
func allocate(strata []*stratum, n int) {
	bySize := append([]*stratum(nil), strata...)
	sort.SliceStable(bySize, func(i, j int) bool { return bySize[i].cases > bySize[j].cases })
	for _, s := range bySize {
		s.drawn = 0
		if n > 0 {
			s.drawn = 1
			n--
		}
	}
	for n > 0 {
		var best *stratum
		var bestNeed float64
		for _, s := range bySize {
			if s.drawn == s.cases {
				continue
			}
			// The method of divisors (Sainte-Laguë): the next goes where the
			// share is furthest behind.
			if need := math.Sqrt(float64(s.cases)) / (float64(s.drawn) + 0.5); best == nil || need > bestNeed {
				best, bestNeed = s, need
			}
		}
		if best == nil {
			return
		}
		best.drawn++
		n--
	}
}

func lot(id string, seed uint64) uint64 {
	sum := sha256.Sum256([]byte("himozuke sample " + strconv.FormatUint(seed, 10) + " " + id))
	return binary.BigEndian.Uint64(sum[:])
}

type byLot struct {
	members []int
	lots    []uint64
}

func (b byLot) Len() int { return len(b.members) }
func (b byLot) Less(i, j int) bool {
	if b.lots[i] != b.lots[j] {
		return b.lots[i] < b.lots[j]
	}
	return b.members[i] < b.members[j]
}
func (b byLot) Swap(i, j int) {
	b.members[i], b.members[j] = b.members[j], b.members[i]
	b.lots[i], b.lots[j] = b.lots[j], b.lots[i]
}

// splitGroups puts the cases of each group together, groups in order of name.
func splitGroups(cases []selectedCase) [][]selectedCase {
	byGroup := map[string][]selectedCase{}
	var names []string
	for _, c := range cases {
		if byGroup[c.group] == nil {
			names = append(names, c.group)
		}
		byGroup[c.group] = append(byGroup[c.group], c)
	}
	sort.Strings(names)
	groups := make([][]selectedCase, len(names))
	for i, name := range names {
		groups[i] = byGroup[name]
	}
	return groups
}

// fileName is a group's name as that of a file on any system.
func fileName(group string) string {
	clean := strings.Map(func(r rune) rune {
		if r < ' ' || strings.ContainsRune(`/\:*?"<>|`, r) {
			return '_'
		}
		return r
	}, strings.TrimSpace(group))
	clean = strings.TrimRight(clean, ". ")
	if len(clean) > 100 {
		clean = strings.ToValidUTF8(clean[:100], "")
	}
	if strings.Trim(clean, "._") == "" {
		return "unknown"
	}
	return clean
}
