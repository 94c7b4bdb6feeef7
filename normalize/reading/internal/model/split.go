package model

import "math"

// Cut is where a full name divides: the lengths of the family name.
type Cut struct{ Kanji, Kana int }

// Unknown is a cut that the text does not show.
const Unknown = -1

// FullWeight is the weight of a full name without separators: that of its
// likeliest parts, against all the ways in which other names give that kana.
func (m *Model) FullWeight(kanji []uint16, kana []byte) float64 {
	cut, ways := m.full(kanji, kana, Cut{Unknown, Unknown})
	if cut.Kanji == Unknown {
		return 0
	}
	return clamp(m.parted(kanji, kana, cut) - ways)
}

// Split finds the likeliest cut, given what of it is known, and the weight of
// the name cut there.
func (m *Model) Split(kanji []uint16, kana []byte, known Cut) (Cut, float64) {
	cut, _ := m.full(kanji, kana, known)
	if cut.Kanji == Unknown {
		return cut, 0
	}
	return cut, clamp(m.parted(kanji, kana, cut))
}

// CutAt is [Model.Split] without the weight.
func (m *Model) CutAt(kanji []uint16, kana []byte, known Cut) Cut {
	cut, _ := m.full(kanji, kana, known)
	return cut
}

// parted is the weight of a name divided at a cut.
func (m *Model) parted(kanji []uint16, kana []byte, cut Cut) float64 {
	return m.Weight(kanji[:cut.Kanji], kana[:cut.Kana], Family) +
		m.Weight(kanji[cut.Kanji:], kana[cut.Kana:], Given)
}

const (
	// Cuts so much less likely than the best are passed over.
	negligible = 1e-6
	// How often a part of a real name is not in the dictionary, against how
	// often a wrongly cut one is not.
	unlistedFamily = 0.02
	unlistedGiven  = 0.15
	// P(the kana of a part is another person's): so that the cut of a wrong pair
	// is where it would be, and not where the kana can be forced to fit.
	mismatch = 1e-2
)

// full finds the likeliest cut. ways says, in bits, how much likelier the kana
// is as any name than as a name that divides there.
func (m *Model) full(kanji []uint16, kana []byte, known Cut) (best Cut, ways float64) {
	var s spelling
	best = Cut{Unknown, Unknown}
	if len(kanji) < 2 || len(kanji) > MaxKanji || len(kana) < 2 || !s.prepare(kana) {
		return best, 0
	}
	if !s.any {
		m.askCuts(kanji, &s, known)
	}
	var f, g joint
	f.cut, g.cut = known.Kanji, known.Kanji
	family, given := &m.parts[Family], &m.parts[Given]
	family.running(&s, &f.product)
	given.running(&s, &g.product)
	f.seen(family, kanji)
	g.seen(given, kanji)
	if f.known == 0 && g.known == 0 {
		return best, 0
	}
	family.heads(kanji, &s, &f)
	given.tails(kanji, &s, &g)

	var heads, tails [MaxKana + 1]float64
	var all, top float64
	for j := 1; j < s.n; j++ {
		if known.Kana != Unknown && known.Kana != j {
			continue
		}
		heads[j] = f.product[j] * family.next(symbolBefore(&s, j-1), s.symbols[j-1], symbolEdge)
		tails[j] = given.fromStart(&s, &g.product, j, s.n) * given.next(symbolBefore2(&s, j), s.symbols[s.n-1], symbolEdge)
		if !s.any {
			heads[j] = m.withReading(Family, s.symbols[:j], heads[j])
			tails[j] = m.withReading(Given, s.symbols[j:s.n], tails[j])
		}
		all += heads[j] * tails[j]
	}
	for i := 1; i < len(kanji); i++ {
		if known.Kanji != Unknown && known.Kanji != i {
			continue
		}
		prior := m.scalars.CutPrior[i]
		familyWord := m.lookup(Family, kanji[:i], s.any)
		givenWord := m.lookup(Given, kanji[i:], s.any)
		if !familyWord.listed {
			prior *= unlistedFamily
		}
		if !givenWord.listed {
			prior *= unlistedGiven
		}
		for j := 1; j < s.n; j++ {
			if tails[j] == 0 {
				continue
			}
			p := f.total[i][j]
			if familyWord.listed {
				p = m.mixWord(familyWord, s.symbols[:j], p)
			}
			p += mismatch * heads[j]
			if prior*p <= top*negligible {
				continue
			}
			q := g.total[i][j]
			if givenWord.listed {
				q = m.mixWord(givenWord, s.symbols[j:s.n], q)
			}
			q += mismatch * tails[j]
			if joint := prior * p * q; joint > top {
				top = joint
				best = Cut{i, j}
			}
		}
	}
	if best.Kanji == Unknown {
		return best, 0
	}
	here := heads[best.Kana] * tails[best.Kana]
	if here == 0 {
		return Cut{Unknown, Unknown}, 0
	}
	return best, math.Log2(all / here)
}

// askCuts has what the tables hold of the parts of a name and their readings
// fetched together.
func (m *Model) askCuts(kanji []uint16, s *spelling, known Cut) {
	var words, readings [2 * MaxKana]uint32
	for j := 1; j < s.n; j++ {
		readings[2*j] = m.readings.ask(HashReading(Family, s.symbols[:j]))
		readings[2*j+1] = m.readings.ask(HashReading(Given, s.symbols[j:s.n]))
	}
	if i := known.Kanji; i > 0 && i < len(kanji) {
		family, given := HashWritten(Family, kanji[:i]), HashWritten(Given, kanji[i:])
		words[0], words[1] = m.words.ask(family), m.words.ask(given)
		for j := 1; j < s.n; j++ {
			words[2*j] = m.words.ask(HashRead(family, s.symbols[:j]))
			words[2*j+1] = m.words.ask(HashRead(given, s.symbols[j:s.n]))
		}
		for _, first := range words[:2*s.n] {
			m.words.fetch(first)
		}
	}
	for _, first := range readings[2 : 2*s.n] {
		m.readings.fetch(first)
	}
}

// joint holds one part's side of a full name.
type joint struct {
	cut     int // how many characters the family name has; Unknown where that is asked
	product [MaxKana + 2]float64
	novel   spread
	known   int
	units   [MaxKanji][unitMax]span
	found   [MaxKanji][unitMax]bool
	inner   [MaxKanji + 1][MaxKana + 1]float64
	total   [MaxKanji + 1][MaxKana + 1]float64
}

func (t *joint) seen(p *partModel, kanji []uint16) {
	for i := range kanji {
		for length := 1; length <= unitMax && i+length <= len(kanji); length++ {
			unit, ok := p.units.find(UnitKey(kanji[i : i+length]))
			t.units[i][length-1], t.found[i][length-1] = unit, ok
			if ok {
				t.known++
			}
		}
	}
}

// wants tells what is asked of the first characters, or of those from there on:
// inner where a part goes on, total where it ends.
func (t *joint) wants(i int) (inner, total bool) {
	return i != t.cut, t.cut == Unknown || i == t.cut
}

func (t *joint) unseen(i int) float64 {
	if !t.found[i][0] {
		return 1
	}
	return probability[t.units[i][0].unseen]
}

// symbolBefore is the symbol before j, or the edge.
func symbolBefore(s *spelling, j int) uint8 {
	if j <= 0 {
		return symbolEdge
	}
	return s.symbols[j-1]
}

// symbolBefore2 is the symbol before the last in a part that starts at j.
func symbolBefore2(s *spelling, j int) uint8 {
	if s.n-1 <= j {
		return symbolEdge
	}
	return s.symbols[s.n-2]
}

// fromStart is the background of the symbols from j up to end when a part
// starts at j.
func (p *partModel) fromStart(s *spelling, product *[MaxKana + 2]float64, j, end int) float64 {
	b := p.next(symbolEdge, symbolEdge, s.symbols[j])
	if end > j+1 {
		b *= p.next(symbolEdge, s.symbols[j], s.symbols[j+1])
	}
	if end > j+2 {
		b *= product[end] / product[j+2]
	}
	return b
}

// heads fills total[i][j]: the family name is the first i characters, read
// with the first j kana.
func (p *partModel) heads(kanji []uint16, s *spelling, t *joint) {
	t.inner[0][0] = 1
	t.novel.fill(p, s)
	end := len(kanji) - 1
	if t.cut != Unknown {
		end = min(end, t.cut)
	}
	for i := range end {
		for length := 1; length <= unitMax && i+length <= end; length++ {
			if length > 1 && !t.found[i][length-1] {
				continue
			}
			wantsInner, wantsTotal := t.wants(i + length)
			unit := t.units[i][length-1]
			entries := p.units.entries[unit.first : unit.first+unit.count]
			derived := p.derived[unit.firstDerived : unit.firstDerived+unit.countDerived]
			share := probability[unit.derived]
			inner, last := ColumnOf(i == 0, false), ColumnOf(i == 0, true)
			unseen := t.unseen(i)
			for j := 0; j < s.n; j++ {
				reached := t.inner[i][j]
				if reached == 0 {
					continue
				}
				here := from(entries, s.symbols[j])
				for k := range here {
					e := &here[k]
					end := j + int(e.length)
					if (s.chunks[j]^e.chunk)&s.mask[j]&chunkMask[e.length] != 0 || end >= s.n {
						continue
					}
					if wantsInner {
						t.inner[i+length][end] += reached * probability[e.levels[inner]]
					}
					if wantsTotal {
						t.total[i+length][end] += reached * probability[e.levels[last]]
					}
				}
				if length > 1 {
					continue
				}
				for _, d := range derivedFrom(derived, s.symbols[j]) {
					c := chunkLen(d.chunk())
					if end := j + c; end < s.n && (s.chunks[j]^d.chunk())&s.mask[j]&chunkMask[c] == 0 {
						add := reached * share * probability[d.level()]
						t.inner[i+1][end] += add
						t.total[i+1][end] += add
					}
				}
				for c := 1; c <= unlistedMax && j+c < s.n; c++ {
					background := t.product[j+c] / t.product[j]
					if wantsInner {
						t.inner[i+1][j+c] += reached * unseen * t.novel.unrecorded(p, s, j, c, inner, background)
					}
					if wantsTotal {
						t.total[i+1][j+c] += reached * unseen * t.novel.unrecorded(p, s, j, c, last, background)
					}
				}
			}
		}
	}
}

// tails fills total[i][j]: the given name is the characters from i on, read
// with the kana from j on.
func (p *partModel) tails(kanji []uint16, s *spelling, t *joint) {
	n := len(kanji)
	t.inner[n][s.n] = 1
	t.novel.fill(p, s)
	for i := n - 1; i >= max(t.cut, 1); i-- {
		wantsInner, wantsTotal := t.wants(i)
		for length := 1; length <= unitMax && i+length <= n; length++ {
			if length > 1 && !t.found[i][length-1] {
				continue
			}
			unit := t.units[i][length-1]
			entries := p.units.entries[unit.first : unit.first+unit.count]
			derived := p.derived[unit.firstDerived : unit.firstDerived+unit.countDerived]
			share := probability[unit.derived]
			first, later := ColumnOf(true, i+length == n), ColumnOf(false, i+length == n)
			unseen := t.unseen(i)
			for j := 1; j < s.n; j++ {
				here := from(entries, s.symbols[j])
				for k := range here {
					e := &here[k]
					end := j + int(e.length)
					if (s.chunks[j]^e.chunk)&s.mask[j]&chunkMask[e.length] != 0 || end > s.n {
						continue
					}
					rest := t.inner[i+length][end]
					if wantsInner {
						t.inner[i][j] += rest * probability[e.levels[later]]
					}
					if wantsTotal {
						t.total[i][j] += rest * probability[e.levels[first]]
					}
				}
				if length > 1 {
					continue
				}
				for _, d := range derivedFrom(derived, s.symbols[j]) {
					c := chunkLen(d.chunk())
					if end := j + c; end <= s.n && (s.chunks[j]^d.chunk())&s.mask[j]&chunkMask[c] == 0 {
						add := t.inner[i+1][end] * share * probability[d.level()]
						t.inner[i][j] += add
						t.total[i][j] += add
					}
				}
				for c := 1; c <= unlistedMax && j+c <= s.n; c++ {
					rest := t.inner[i+1][j+c] * unseen
					if rest == 0 {
						continue
					}
					if wantsInner {
						t.inner[i][j] += rest * t.novel.unrecorded(p, s, j, c, later, t.product[j+c]/t.product[j])
					}
					if wantsTotal {
						t.total[i][j] += rest * t.novel.unrecorded(p, s, j, c, first, p.fromStart(s, &t.product, j, j+c))
					}
				}
			}
		}
	}
}
