package report

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/binary"
	"fmt"
	"math"
	"sort"
	"strconv"
	"strings"

	"github.com/himozuke/himozuke/linkage"
)

// stratum is the cases of one dataset, verdict and cause, those that are hardly
// ever wrong apart: within it every case
// has the same chance of being drawn.
type stratum struct {
	name  string // as the sheet shows it: dataset/verdict/cause
	cases int
	drawn int
}

func (s *stratum) probability() float64 { return float64(s.drawn) / float64(s.cases) }

// unlikelyBelow parts the cases that only a lowered review_floor sends to
// review: they are many and hardly ever wrong, and are drawn from by themselves.
const unlikelyBelow = 0.05

func stratumName(dataset, verdict, cause string, wrong float64) string {
	name := dataset + "/" + verdict
	if cause != "" {
		name += "/" + cause
	}
	if verdict == linkage.Review.String() && wrong < unlikelyBelow {
		name += "/unlikely"
	}
	return name
}

// selectedCase is a case that passed the filters.
type selectedCase struct {
	finding int64
	id      string
	group   string // of --split-by
	stratum *stratum
}

// strataOf lists the strata of the cases in order of name.
func strataOf(all []selectedCase) []*stratum {
	seen := map[*stratum]bool{}
	var strata []*stratum
	for _, c := range all {
		if !seen[c.stratum] {
			seen[c.stratum] = true
			strata = append(strata, c.stratum)
		}
	}
	sort.Slice(strata, func(i, j int) bool { return strata[i].name < strata[j].name })
	return strata
}

// drawSample draws n cases, fewer if there are fewer. Strata share the sample
// by the square root of their size, so that rare causes are judged too, and
// every stratum gets a case as long as n reaches. What is drawn depends on the
// case ids and the seed only.
func drawSample(all []selectedCase, n int, seed uint64) []selectedCase {
	byStratum := map[*stratum][]int{}
	for i := range all {
		byStratum[all[i].stratum] = append(byStratum[all[i].stratum], i)
	}
	strata := strataOf(all)
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

// recordSample keeps the design of a sample: without it nothing can be
// estimated from what reviewers decide. The same sample is kept once.
func (e *exporter) recordSample(ctx context.Context, conn *sql.Conn, strata []*stratum, sample []selectedCase) error {
	digest := sha256.New()
	fmt.Fprintln(digest, e.run.ID)
	for _, s := range strata {
		fmt.Fprintln(digest, s.name, s.cases, s.drawn)
	}
	for _, c := range sample {
		fmt.Fprintln(digest, c.id)
	}
	filters := e.options.Filter.String()
	if p := e.options.Filter.MinProbability; p > 0 {
		filters += fmt.Sprintf(", p_wrong %g or more", p)
	}
	if e.options.Filter.Decided {
		filters += ", decided cases too"
	}
	filters = strings.TrimPrefix(filters, ", ")
	result, err := conn.ExecContext(ctx, `INSERT INTO samples (run_id, drawn_at, seed, filters, digest) VALUES (?, ?, ?, ?, ?)
		ON CONFLICT (digest) DO NOTHING`,
		e.run.rowID, timestamp(e.options.Now()), strconv.FormatUint(e.options.Seed, 10), filters, digest.Sum(nil))
	if err != nil {
		return err
	}
	if n, err := result.RowsAffected(); n == 0 || err != nil {
		return err
	}
	id, err := result.LastInsertId()
	if err != nil {
		return err
	}
	for _, s := range strata {
		if _, err := conn.ExecContext(ctx, "INSERT INTO sample_strata VALUES (?, ?, ?, ?)", id, s.name, s.cases, s.drawn); err != nil {
			return err
		}
	}
	insert, err := conn.PrepareContext(ctx, "INSERT INTO sample_cases (sample_id, case_id, stratum, finding_id) VALUES (?, ?, ?, ?)")
	if err != nil {
		return err
	}
	defer insert.Close()
	for _, c := range sample {
		if _, err := insert.ExecContext(ctx, id, c.id, c.stratum.name, c.finding); err != nil {
			return err
		}
	}
	return nil
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
