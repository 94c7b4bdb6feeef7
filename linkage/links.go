package linkage

import (
	"iter"
	"slices"

	"github.com/himozuke/himozuke/linkage/ingest"
	"github.com/himozuke/himozuke/normalize"
	"github.com/himozuke/himozuke/score"
)

// linkBatch is one batch of a linked file, read: what is compared, and what
// else judging the rows takes, so that the text is not needed any more.
type linkBatch struct {
	index  int
	rows   segment
	extras []linkExtra
	text   []byte // names of organizations
	claims []claim
	drawn  []ref // a person for the random pair of each randomEvery-th row

	randomEvery int

	// Where the register is on disk, its people that the batch needs are
	// gathered before it is judged: their places, parallel to claims and drawn.
	gathered          []segment
	holderAt, drawnAt []place

	numbers []uint64 // of the rows, and their holders
	holders []ref
	look    lookUp
}

// linkExtra is what one row says beside what is compared.
type linkExtra struct {
	key          uint64 // hash of its account, certificate or insurance
	organization uint32 // begin in text
	length       uint32
	ended        bool
	date         normalize.Date
}

func (l *linkBatch) line(i int) int64 { return l.rows.firstLine + int64(l.rows.rows[i].line) }

func (l *linkBatch) organization(i int) []byte {
	e := &l.extras[i]
	return l.text[e.organization : e.organization+uint32(e.length)]
}

// linkReader reads the batches of one worker.
type linkReader struct {
	encoder *encoder
	keys    keyReader
	kind    keyKind
	batch   linkBatch
}

// read fills l from a batch of text.
func (r *linkReader) read(b *ingest.Batch, l *linkBatch) {
	l.index = b.Index
	l.rows.reset(b.FirstLine)
	l.extras, l.text = l.extras[:0], l.text[:0]
	l.randomEvery = randomEvery
	if b.Index >= randomOftenBlocks {
		l.randomEvery = randomEveryLater
	}
	if b.Rows() > 0 {
		r.kind = keyKindOf(b)
	}
	for i := range b.Rows() {
		number, ok := r.encoder.number(b, i)
		row := l.rows.append(r.encoder.encode(b, i))
		row.number, row.line = number, uint32(b.Line(i)-b.FirstLine)
		if !ok {
			row.number = malformed
		}
		organization := b.Field(i, ingest.RoleOrganization)
		date, _ := normalize.ParseDate(b.Field(i, ingest.RoleDate))
		l.extras = append(l.extras, linkExtra{
			key: r.keys.key(b, i, r.kind), ended: !isValid(b, i), date: date,
			organization: uint32(len(l.text)), length: uint32(len(organization)),
		})
		l.text = append(l.text, organization...)
	}
}

// join finds the holder of every row.
func (l *linkBatch) join(r *register) {
	l.claims, l.drawn = l.claims[:0], l.drawn[:0]
	rows := l.rows.rows
	l.numbers, l.holders = l.numbers[:0], slices.Grow(l.holders[:0], len(rows))[:len(rows)]
	for i := range rows {
		l.numbers = append(l.numbers, rows[i].number)
	}
	l.look.all(r.index, l.numbers, l.holders)
	for i, number := range l.numbers {
		c := claim{number: number, holder: l.holders[i]}
		if number == malformed {
			c.holder = noRef
		}
		l.claims = append(l.claims, c)
	}
	for i := 0; i < len(rows); i += l.randomEvery {
		l.drawn = append(l.drawn, r.drawnFor(rows[i].number))
	}
}

// approach asks for what judging the rows after next will read: the rows of their
// holders two groups ahead, and the names, whose place the rows tell, one ahead.
func (l *linkBatch) approach(r *register, claimed claimMap, from int) {
	if l.gathered != nil {
		return
	}
	if from == 0 {
		l.askForRows(r, claimed, 0, 2*judgeGroup)
		l.askForNames(r, 0, judgeGroup)
	}
	l.askForRows(r, claimed, from+2*judgeGroup, from+3*judgeGroup)
	l.askForNames(r, from+judgeGroup, from+2*judgeGroup)
}

func (l *linkBatch) askForRows(r *register, claimed claimMap, from, to int) {
	for person := range l.people(from, to) {
		r.askFor(person)
	}
	for i := from; i < min(to, len(l.claims)); i++ {
		if holder := l.claims[i].holder; holder != noRef {
			claimed.askFor(holder)
		}
	}
}

func (l *linkBatch) askForNames(r *register, from, to int) {
	for person := range l.people(from, to) {
		r.askForNames(person)
	}
}

// people are the holders of some rows, and those drawn for them.
func (l *linkBatch) people(from, to int) iter.Seq[ref] {
	return func(yield func(ref) bool) {
		for i := from; i < min(to, len(l.claims)); i++ {
			if holder := l.claims[i].holder; holder != noRef && !yield(holder) {
				return
			}
			if i%l.randomEvery == 0 && l.drawn[i/l.randomEvery] != noRef && !yield(l.drawn[i/l.randomEvery]) {
				return
			}
		}
	}
}

// drawnFor draws a person by a hash of a number, for the u probabilities.
func (r *register) drawnFor(number uint64) ref {
	h := score.Mix(number, 0x75)
	segment := int(h >> 32 % uint64(len(r.segments)))
	rows := r.count(segment)
	if rows == 0 {
		return noRef
	}
	return makeRef(segment, int(h&0xFFFFFFFF%uint64(rows)))
}

func (l *linkBatch) neighbourhood(s *suspect, i int) {
	s.pos = uint16(i)
	for d := 1; d <= neighbours; d++ {
		s.near[d-1], s.near[neighbours+d-1] = noRef, noRef
		if i-d >= 0 {
			s.near[d-1] = l.claims[i-d].holder
		}
		if i+d < len(l.claims) {
			s.near[neighbours+d-1] = l.claims[i+d].holder
		}
	}
}

func (l *linkBatch) edge() edge {
	n := min(neighbours, len(l.claims))
	return edge{rows: len(l.claims), first: slices.Clone(l.claims[:n]), last: slices.Clone(l.claims[len(l.claims)-n:])}
}

// holder is where the holder of a row stands.
func (l *linkBatch) holder(r *register, i int) (*segment, int) {
	if l.gathered == nil {
		holder := l.claims[i].holder
		return r.segments[holder.segment()], holder.row()
	}
	at := l.holderAt[i]
	return &l.gathered[at>>32], int(uint32(at))
}

// viewDrawn fills p with the n-th person drawn.
func (l *linkBatch) viewDrawn(r *register, n int, p *score.Person) {
	if l.gathered == nil {
		r.view(l.drawn[n], p)
		return
	}
	l.drawnAt[n].view(l.gathered, p)
}

// compact copies a batch whose buffers are used for the next one.
func (l *linkBatch) compact() *linkBatch {
	return &linkBatch{
		index: l.index, rows: *l.rows.compact(), randomEvery: l.randomEvery,
		extras: slices.Clone(l.extras), text: slices.Clone(l.text),
	}
}
