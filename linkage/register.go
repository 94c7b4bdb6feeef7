package linkage

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"sync"

	"github.com/himozuke/himozuke/linkage/ingest"
	"github.com/himozuke/himozuke/normalize"
	"github.com/himozuke/himozuke/score"
)

// register is the loaded reference file: people in columns, their index by
// number and the frequencies of their names.
type register struct {
	store
	index   *index
	freq    *score.Frequencies
	alike   *alike
	source  *ingest.Source
	rejects []ingest.Reject
	rows    int64
	unread  int64   // people with kanji and no kana
	doubles float64 // share of people whose name and birth date somebody else has

	names, tables memory     // the frequencies of names, and the index, which are never on disk
	gatherLimit   int64      // bytes of links that wait while the register is on disk
	encoders      []*encoder // of the workers, which read the links with what they learned
}

// spill says where the people go that do not fit into memory.
type spill struct {
	dir    string // empty when they fit
	gather int64
}

// release gives back the memory of the register.
func (r *register) release() {
	if r.disk != nil {
		r.disk.close()
	}
	r.memory.release()
	r.names.release()
	r.releaseIndex()
	r.alike.memory.release()
}

// releaseIndex gives back the memory of the index: nobody can be looked up by
// number from then on.
func (r *register) releaseIndex() {
	r.index = nil
	r.tables.release()
}

// isSpilled tells whether the people are on disk; index and counts never are.
func (r *register) isSpilled() bool { return r.gatherLimit > 0 }

// place is the municipality a link is counted under: its own, else its holder's.
func (r *register) place(link *row, holder ref) uint16 {
	if m := link.address.Municipality; m != 0 || holder == noRef {
		return m
	}
	return r.at(holder).address.Municipality
}

// loadRegister reads the register. Rows without a valid number and rows whose
// number stands earlier in the file are rejected: nobody could be linked to
// them. Where such a row is another person, links may describe that person all
// the same, so that the row stays in the search.
func loadRegister(ctx context.Context, src *ingest.Source, scheme normalize.Scheme, jobs int, spill spill, progress func(rows int64)) (r *register, err error) {
	type worker struct {
		freq   *score.Frequencies
		alike  *alikeWriter
		unread int64
	}
	people := estimate(src)
	r = &register{source: src, alike: newAlike(people)}
	counts := make([]memory, jobs) // of the workers but the first
	defer func() {
		for k := range counts {
			counts[k].release()
		}
		if err != nil {
			r.release()
			r = nil
		}
	}()
	if spill.dir != "" {
		if r.disk, err = newDisk(spill.dir); err != nil {
			return r, fmt.Errorf("the register does not fit into --memory and has no room on disk: %w", err)
		}
		r.gatherLimit = spill.gather
	}
	workers := make([]worker, jobs)
	for k := range workers {
		room := slab{from: &counts[k]}
		if k == 0 {
			room.from = &r.names
		}
		freq := score.NewFrequencies(people, func(n int) [][16]uint32 { return carve[[16]uint32](&room, n) })
		workers[k] = worker{freq: freq, alike: r.alike.writer()}
	}
	err = r.readPeople(ctx, scheme, jobs, func(k int) func(*score.Person) {
		w := &workers[k]
		return func(p *score.Person) {
			kana := fullKana(p)
			w.freq.Add(p, kana)
			w.alike.add(p, kana)
			if needsReading(p) {
				w.unread++
			}
		}
	}, progress)
	if err != nil {
		return r, err
	}
	for k := range workers {
		workers[k].alike.close()
		r.unread += workers[k].unread
	}
	r.doubles = r.alike.doubles()
	r.freq = workers[0].freq
	for k := 1; k < jobs; k++ {
		r.freq.Merge(workers[k].freq)
		workers[k].freq = nil
		counts[k].release()
	}
	var duplicates []ref
	r.index, duplicates = buildIndex(&r.store, &r.tables, scheme, jobs)
	r.people -= int64(len(duplicates))
	column := src.Headings[src.Column(ingest.RoleNumber)]
	for _, d := range duplicates {
		r.rejects = append(r.rejects, ingest.Reject{Line: r.line(d), Offset: ingest.NoOffset, Column: column, Reason: r.twice(d)})
	}
	sortRejects(r.rejects)
	return r, nil
}

// readPeople reads the rows of the register into the store, with a valid number
// each, and rejects the others. A worker shows everybody it has read to the
// function that witness makes for it, before it reads on.
func (r *register) readPeople(ctx context.Context, scheme normalize.Scheme, jobs int, witness func(worker int) func(*score.Person), progress func(rows int64)) error {
	type worker struct {
		encoder *encoder
		show    func(*score.Person)
		scratch segment
		room    slab
	}
	workers := make([]worker, jobs)
	for k := range workers {
		r.encoders = append(r.encoders, newEncoder(scheme))
		workers[k] = worker{encoder: r.encoders[k], show: witness(k), room: slab{from: &r.memory}}
	}
	src := r.source
	column := src.Headings[src.Column(ingest.RoleNumber)]
	var mu sync.Mutex
	rejects := map[int][]ingest.Reject{}
	err := src.Scan(ctx, jobs, func(k int, b *ingest.Batch) error {
		if err := checkSegment(src.Path, b.Index); err != nil {
			return err
		}
		w := &workers[k]
		r.begin(&w.scratch, b.FirstLine, b.Rows(), &w.room)
		bad := append([]ingest.Reject(nil), b.Rejects...)
		forgetRows(bad) // cases are about links
		for i := range b.Rows() {
			number, ok := w.encoder.number(b, i)
			if !ok {
				bad = append(bad, ingest.Reject{Line: b.Line(i), Offset: b.Offset(i), Column: column, Reason: ingest.ReasonNumber})
				continue
			}
			p := w.encoder.encode(b, i)
			p.Household = householdOf(b, i, p)
			w.show(p)
			row := w.scratch.append(p)
			row.number, row.line = number, uint32(b.Line(i)-b.FirstLine)
		}
		seg, err := r.put(b.Index, &w.scratch, &w.room)
		if err != nil {
			return fmt.Errorf("the register does not fit into --memory and there is no room for it on disk in %s: %w", r.disk.dir, err)
		}
		mu.Lock()
		defer mu.Unlock()
		for len(r.segments) <= b.Index {
			r.segments = append(r.segments, nil)
		}
		r.segments[b.Index] = seg
		r.rows += int64(b.Rows() + len(b.Rejects))
		progress(r.rows)
		if len(bad) > 0 {
			rejects[b.Index] = bad
		}
		return nil
	})
	if err != nil {
		return err
	}
	for i := range r.segments {
		r.rejects = append(r.rejects, rejects[i]...)
		r.people += int64(r.count(i))
	}
	return nil
}

// twice marks a row whose number stands on an earlier row already, and tells
// one person who stands twice from two people with one number.
func (r *register) twice(d ref) ingest.Reason {
	first := r.index.find(r.at(d).number)
	if r.samePerson(first, d) {
		r.mark(d, flagDead)
		return ingest.ReasonDuplicate
	}
	r.mark(first, flagShared)
	r.mark(d, flagShared)
	return ingest.ReasonSharedNumber
}

// samePerson compares two rows with one number: a name that agrees in kanji or
// kana, or a given name where the family name changed, with the same birth date.
func (r *register) samePerson(a, b ref) bool {
	var p, q score.Person
	r.view(a, &p)
	r.view(b, &q)
	if p.Birth != q.Birth && p.Birth != 0 && q.Birth != 0 {
		return false
	}
	same := func(a, b []byte) bool { return len(a) > 0 && bytes.Equal(a, b) }
	return len(p.Name.Given) > 0 && slices.Equal(p.Name.Given, q.Name.Given) || same(p.Kana.Given, q.Kana.Given) ||
		len(p.Name.Family) > 0 && score.HashKanjiName(p.Name.Family, p.Name.Given) == score.HashKanjiName(q.Name.Family, q.Name.Given) ||
		len(p.Kana.Family) > 0 && score.HashKana(p.Kana.Family, p.Kana.Given) == score.HashKana(q.Kana.Family, q.Kana.Given)
}
