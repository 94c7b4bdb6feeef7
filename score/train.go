package score

import (
	"fmt"
	"maps"
	"math"
	"slices"
)

// Training is how a model was estimated.
type Training struct {
	Pairs       int64   `json:"pairs"`        // links
	RandomPairs int64   `json:"random_pairs"` // for u
	Iterations  int     `json:"iterations"`
	Converged   bool    `json:"converged"`
	Reason      string  `json:"reason"`
	Right       float64 `json:"right"`    // share of links that are right
	Family      float64 `json:"family"`   // share that describes a family member of the holder
	Namesake    float64 `json:"namesake"` // share that describes a namesake of the holder
	Other       float64 `json:"other"`    // share that describes anybody

	ConfirmedRight float64 `json:"confirmed_right,omitempty"` // links for which people's decisions stand
	ConfirmedWrong float64 `json:"confirmed_wrong,omitempty"`
}

// Confirmed counts links of which people have decided, by pattern, each with
// the number of links that it stands for. They are among the links.
type Confirmed struct {
	Right, Wrong map[Pattern]float64
}

// confirmedLinks is how many links of a pattern are confirmed.
type confirmedLinks struct{ right, wrong float64 }

func (s confirmedLinks) sum() float64 { return s.right + s.wrong }

// settle says which links the decisions stand for: those of their own pattern,
// and where these are too few, those whose names and birth dates compare the
// same. No pattern gets more than it has links.
func (c *Confirmed) settle(links Patterns, patterns []Pattern) map[Pattern]confirmedLinks {
	if len(c.Right)+len(c.Wrong) == 0 {
		return nil
	}
	out := map[Pattern]confirmedLinks{}
	over, room := map[Pattern]confirmedLinks{}, map[Pattern]float64{} // by likeness
	for _, p := range patterns {
		s, n := confirmedLinks{c.Right[p], c.Wrong[p]}, float64(links[p])
		if sum := s.sum(); sum > n {
			kept := confirmedLinks{s.right * n / sum, s.wrong * n / sum}
			o := over[p.likeness()]
			over[p.likeness()] = confirmedLinks{o.right + s.right - kept.right, o.wrong + s.wrong - kept.wrong}
			s = kept
		}
		out[p] = s
		room[p.likeness()] += n - s.sum()
	}
	for _, p := range patterns {
		o, space := over[p.likeness()], room[p.likeness()]
		if o.sum() == 0 || space <= 0 {
			continue
		}
		s := out[p]
		share := (float64(links[p]) - s.sum()) / max(space, o.sum())
		out[p] = confirmedLinks{s.right + o.right*share, s.wrong + o.wrong*share}
	}
	return out
}

const (
	trainSteps     = 2000
	trainTolerance = 1e-3 // largest change of a log2 m that counts as converged
	trainLeast     = 500  // links below which nothing can be learned
	pseudoEvents   = 1    // weight of the default table, in pairs seen in each cell
	shareFloor     = 1e-7
)

// latent is what a link may really be, as far as its own pattern tells.
type latent int

const (
	isHolder latent = iota
	isFamily
	isNamesake
	isOther
	latents
)

// Train estimates m from the links themselves by expectation–maximization
// (Dempster, Laird and Rubin 1977; for record linkage Winkler 1988) and u from
// random pairs. Besides right links and links to anybody the mixture knows
// links to a family member, who shares family name and address, and to a
// namesake, who shares the name: they would otherwise be taken for right links
// with an odd given name or address. Cells that were hardly seen keep close to
// the default model.
func Train(links, random Patterns, from *Model) (*Model, Training) {
	return TrainConfirmed(links, random, Confirmed{}, from)
}

// TrainConfirmed is Train where people have decided some of the links: what
// these are is not estimated but known. It is the only word on kinds of wrong
// links that the mixture does not know, like twins.
func TrainConfirmed(links, random Patterns, confirmed Confirmed, from *Model) (*Model, Training) {
	t := Training{Pairs: links.Total(), RandomPairs: random.Total()}
	m := *from
	if t.RandomPairs > 0 {
		m.estimateU(random)
	}
	if t.Pairs < trainLeast {
		t.Reason = fmt.Sprintf("%d links are too few to learn from; at least %d are needed", t.Pairs, trainLeast)
		return &m, t
	}
	prior := m
	shares := [latents]float64{1 - 3e-4, 1e-4, 1e-4, 1e-4}
	patterns := slices.Sorted(maps.Keys(links))
	known := confirmed.settle(links, patterns)
	for _, p := range patterns {
		t.ConfirmedRight += known[p].right
		t.ConfirmedWrong += known[p].wrong
	}
	last := math.Inf(1)
	for t.Iterations = 1; t.Iterations <= trainSteps; t.Iterations++ {
		counts := newCellCounts()
		var mass [latents]float64
		for _, p := range patterns {
			n := float64(links[p])
			post := m.latentOf(p.cells(), shares)
			known := known[p]
			n = max(n-known.sum(), 0)
			for k := range mass {
				mass[k] += n * post[k]
			}
			if known.wrong > 0 {
				post.divide(known.wrong, &mass)
			}
			mass[isHolder] += known.right
			counts.add(p.cells(), n*post[isHolder]+known.right)
		}
		for k := range shares {
			shares[k] = max(mass[k]/float64(t.Pairs), shareFloor)
		}
		next := prior
		counts.estimate(&next, &prior)
		change := m.distance(&next)
		m = next
		last = change
		if change < trainTolerance {
			t.Converged = true
			break
		}
	}
	m.fallBack(links, from)
	t.Iterations = min(t.Iterations, trainSteps)
	t.Right, t.Family, t.Namesake, t.Other = shares[isHolder], shares[isFamily], shares[isNamesake], shares[isOther]
	if t.Converged {
		t.Reason = fmt.Sprintf("no log2 m moved by more than %g in step %d", trainTolerance, t.Iterations)
	} else {
		t.Reason = fmt.Sprintf("still moving by %.3g bits after %d steps", last, trainSteps)
	}
	return &m, t
}

// posterior is how likely a link is to be each of the kinds.
type posterior [latents]float64

// divide shares a number of wrong links among the kinds of wrong links.
func (p *posterior) divide(wrong float64, mass *[latents]float64) {
	rest := 0.0
	for k := isHolder + 1; k < latents; k++ {
		rest += p[k]
	}
	if rest <= 0 {
		mass[isOther] += wrong
		return
	}
	for k := isHolder + 1; k < latents; k++ {
		mass[k] += wrong * p[k] / rest
	}
}

// Relearn estimates m once more when it is known how likely each link is to be
// wrong: what the patterns alone cannot tell apart, a right link with an odd
// given name from a family member's, the people of the register can. changes is
// what that does to the counts of right links; what people decided stands.
func (m *Model) Relearn(links Patterns, changes map[Pattern]float64, confirmed Confirmed) *Model {
	counts := newCellCounts()
	patterns := slices.Sorted(maps.Keys(links))
	for _, p := range patterns {
		counts.add(p.cells(), float64(links[p]))
	}
	for _, p := range slices.Sorted(maps.Keys(changes)) {
		counts.add(p.cells(), changes[p])
	}
	if known := confirmed.settle(links, patterns); known != nil {
		for _, p := range patterns {
			// Of the links that decisions stand for, what was thought of them
			// gives way to what they are.
			n := float64(links[p])
			thought := max(n+changes[p], 0) * known[p].sum() / n
			counts.add(p.cells(), known[p].right-thought)
		}
	}
	next := *m
	table := DefaultModel()
	counts.estimate(&next, table)
	next.fallBack(links, table)
	return &next
}

// rareNames is the share of links below which a way to know a name (kanji alone,
// kana alone, both) is too rare to be learned against reason: one row in a
// hundred of a bank file has Latin letters, which hardly any random pair shares.
const rareNames = 0.05

// fallBack gives rare ways to know a name the m and u of a table where what was
// learned has no order.
func (m *Model) fallBack(links Patterns, table *Model) {
	if m.checkOrder() == nil {
		return
	}
	counts := newCellCounts()
	for p, n := range links {
		counts.add(p.cells(), float64(n))
	}
	rare := rareNames * float64(links.Total())
	for _, part := range []struct {
		to, from *NamePart
		seen     *[classes][classes]float64
	}{{&m.Family, &table.Family, &counts.family}, {&m.Given, &table.Given, &counts.given}} {
		for _, known := range nameKnowns {
			seen := 0.0
			known.each(func(k, c class) { seen += part.seen[k][c] })
			if seen < rare {
				known.each(func(k, c class) { part.to[k][c] = part.from[k][c] })
			}
		}
	}
}

// latentOf is the posterior of what a link with that pattern really is.
func (m *Model) latentOf(c cells, shares [latents]float64) (post posterior) {
	ratio := func(p Probability) float64 {
		if p.M == 0 || p.U == 0 {
			return 1
		}
		return p.M / p.U
	}
	family, given := ratio(m.Family[c.fk][c.fn]), ratio(m.Given[c.gk][c.gn])
	birth, sex, address := ratio(m.Birth[c.birth]), ratio(m.Sex[c.sex]), ratio(m.Address[c.address])
	post[isHolder] = shares[isHolder] * family * given * birth * sex * address
	post[isFamily] = shares[isFamily] * family * address
	post[isNamesake] = shares[isNamesake] * family * given * sex * (0.5 + 0.5*birth)
	post[isOther] = shares[isOther]
	sum := 0.0
	for _, p := range post {
		sum += p
	}
	for k := range post {
		post[k] /= sum
	}
	return post
}

// cellCounts are expected counts of every cell of a model.
type cellCounts struct {
	family, given       [classes][classes]float64
	birth, sex, address [levels]float64

	kanaOnly, reread float64 // parts of names
}

func newCellCounts() *cellCounts { return &cellCounts{} }

func (n *cellCounts) add(c cells, weight float64) {
	n.family[c.fk][c.fn] += weight
	n.given[c.gk][c.gn] += weight
	n.birth[c.birth] += weight
	n.sex[c.sex] += weight
	n.address[c.address] += weight
	for i, kanaOnly := range [...]bool{c.fk == clUnknown && c.fn != clUnknown, c.gk == clUnknown && c.gn != clUnknown} {
		switch {
		case c.reread[i]:
			n.reread += weight
			n.kanaOnly += weight
		case kanaOnly:
			n.kanaOnly += weight
		}
	}
}

// estimate sets m to the shares of the counts, smoothed towards a prior.
func (n *cellCounts) estimate(m, prior *Model) {
	estimatePart(&m.Family, &prior.Family, &n.family, func(p *Probability) *float64 { return &p.M })
	estimatePart(&m.Given, &prior.Given, &n.given, func(p *Probability) *float64 { return &p.M })
	byM := func(p *Probability) *float64 { return &p.M }
	estimateLevels(&m.Birth, &prior.Birth, &n.birth, byM)
	estimateLevels(&m.Sex, &prior.Sex, &n.sex, byM)
	for l := range m.Sex {
		m.SexGivenAgrees[l].M = m.Sex[l].M
	}
	estimateLevels(&m.Address, &prior.Address, &n.address, byM)
	m.OtherReading = (max(n.reread, 0) + pseudoEvents) / (max(n.kanaOnly, 0) + pseudoEvents/prior.OtherReading)
}

// estimateU sets u from pairs of people drawn at random.
func (m *Model) estimateU(random Patterns) {
	n := newCellCounts()
	for p, count := range random {
		n.add(p.cells(), float64(count))
	}
	prior := *m
	byU := func(p *Probability) *float64 { return &p.U }
	estimatePart(&m.Family, &prior.Family, &n.family, byU)
	estimatePart(&m.Given, &prior.Given, &n.given, byU)
	estimateLevels(&m.Birth, &prior.Birth, &n.birth, byU)
	estimateLevels(&m.Sex, &prior.Sex, &n.sex, byU)
	estimateLevels(&m.Address, &prior.Address, &n.address, byU)
}

// estimatePart works within each pattern of what is known: kanji and kana,
// kanji only, kana only.
func estimatePart(to, prior *NamePart, n *[classes][classes]float64, field func(*Probability) *float64) {
	for _, known := range nameKnowns {
		var cells []cell
		known.each(func(k, c class) {
			cells = append(cells, cell{n[k][c], *field(&prior[k][c]), field(&to[k][c])})
		})
		smooth(cells)
	}
}

func estimateLevels(to, prior *[levels]Probability, n *[levels]float64, field func(*Probability) *float64) {
	var cells []cell
	for l := Unknown + 1; l < levels; l++ {
		if prior[l] != (Probability{}) { // else the comparison has no such level
			cells = append(cells, cell{n[l], *field(&prior[l]), field(&to[l])})
		}
	}
	smooth(cells)
}

// cell is one probability to be estimated.
type cell struct {
	count, prior float64
	to           *float64
}

// smooth turns counts into a distribution. Each cell starts as if it had been
// seen pseudoEvents times in as many pairs as the default table says that
// takes: not having seen in a thousand pairs what happens once in a million
// says nothing.
func smooth(cells []cell) {
	total, sum := 0.0, 0.0
	for i := range cells {
		cells[i].count = max(cells[i].count, 0)
		total += cells[i].count
	}
	for _, c := range cells {
		*c.to = (c.count + pseudoEvents) / (total + pseudoEvents/c.prior)
		sum += *c.to
	}
	for _, c := range cells {
		*c.to /= sum
	}
}

// distance is the largest change of a log2 m between two models.
func (m *Model) distance(o *Model) float64 {
	worst := 0.0
	see := func(a, b Probability) {
		if a.M > 0 && b.M > 0 {
			worst = max(worst, math.Abs(math.Log2(a.M/b.M)))
		}
	}
	for k := range classes {
		for c := range classes {
			see(m.Family[k][c], o.Family[k][c])
			see(m.Given[k][c], o.Given[k][c])
		}
	}
	for l := range levels {
		see(m.Birth[l], o.Birth[l])
		see(m.Sex[l], o.Sex[l])
		see(m.Address[l], o.Address[l])
	}
	see(Probability{M: m.OtherReading}, Probability{M: o.OtherReading})
	return worst
}
