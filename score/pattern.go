package score

// Pattern is the outcome of one pair as far as a model is concerned: the cell
// of every comparison. Counting patterns is all that training needs of the
// data, however many pairs there are.
type Pattern uint32

// Pattern packs the cells: parts read otherwise, family 6×6, given 6×6, birth,
// sex, address.
func (o *Weight) Pattern() Pattern {
	n := &o.Name
	fk, fn := jointClasses(n.FamilyKanji, n.FamilyKana)
	gk, gn := n.givenClasses()
	// What a reading weighs does not come from the table.
	if n.NeedsReading || n.Joined || n.Reread[partFamily] {
		fk, fn = clUnknown, clUnknown
	}
	if n.NeedsReading || n.Joined || n.Reread[partGiven] {
		gk, gn = clUnknown, clUnknown
	}
	p := Pattern(0)
	for _, reread := range n.Reread {
		if p *= 2; reread && !n.Alias {
			p++
		}
	}
	for _, v := range [...]struct{ value, size Pattern }{
		{Pattern(fk), Pattern(classes)}, {Pattern(fn), Pattern(classes)}, {Pattern(gk), Pattern(classes)}, {Pattern(gn), Pattern(classes)},
		{Pattern(o.Birth), Pattern(levels)}, {Pattern(o.Sex), Pattern(levels)}, {Pattern(o.Address), Pattern(levels)},
	} {
		p = p*v.size + v.value
	}
	return p
}

// PatternOf compares a pair. Only where kana may be another reading of the name
// does its pattern take weights.
func (w *Weigher) PatternOf(record, person *Person) Pattern {
	var o Weight
	w.Compare(record, person, &o)
	if mayBeReadAnew(record, &o) {
		w.WeighCompared(record, person, &o)
	}
	return o.Pattern()
}

// cells is a pattern unpacked.
type cells struct {
	reread              [2]bool // family and given name, as another reading of the main name
	fk, fn, gk, gn      class
	birth, sex, address Level
}

func (p Pattern) cells() (c cells) {
	take := func(size Pattern) Pattern {
		v := p % size
		p /= size
		return v
	}
	c.address, c.sex, c.birth = Level(take(Pattern(levels))), Level(take(Pattern(levels))), Level(take(Pattern(levels)))
	c.gn, c.gk, c.fn = class(take(Pattern(classes))), class(take(Pattern(classes))), class(take(Pattern(classes)))
	c.fk = class(take(Pattern(classes)))
	c.reread[partGiven], c.reread[partFamily] = take(2) == 1, take(2) == 1
	return c
}

// likeness is the pattern without sex and address: how names and birth dates
// compare.
func (p Pattern) likeness() Pattern { return p / (Pattern(levels) * Pattern(levels)) }

// Patterns counts the patterns of many pairs.
type Patterns map[Pattern]int64

// Merge adds other counts.
func (p Patterns) Merge(o Patterns) {
	for k, n := range o {
		p[k] += n
	}
}

// Total is the number of pairs.
func (p Patterns) Total() (n int64) {
	for _, c := range p {
		n += c
	}
	return n
}

// WithBirth is the share of pairs that hold a birth date.
func (p Patterns) WithBirth() float64 {
	n := int64(0)
	for k, count := range p {
		if k.cells().birth != Unknown {
			n += count
		}
	}
	return float64(n) / float64(max(p.Total(), 1))
}

// NameOnly is the share of pairs that agree in the name and hold no address.
func (p Patterns) NameOnly() float64 {
	n := int64(0)
	for k, count := range p {
		if c := k.cells(); c.address == Unknown && agreesFully(c.fk, c.fn) && agreesFully(c.gk, c.gn) {
			n += count
		}
	}
	return float64(n) / float64(max(p.Total(), 1))
}
