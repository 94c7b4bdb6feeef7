package linkage

import (
	"cmp"
	"context"
	"math"
	"path/filepath"
	"slices"
	"testing"

	"github.com/himozuke/himozuke/fixtures"
	"github.com/himozuke/himozuke/linkage/ingest"
	"github.com/himozuke/himozuke/score"
)

// The reference does slowly and plainly what the engine does with an index, bit
// tables, blocks, samples and passes: it compares everybody with everybody.

// naiveLink is one row of a linked file with its holder.
type naiveLink struct {
	person score.Person
	number uint64
	key    uint64
	line   int64
	holder ref
}

// keep copies what a parser owns.
func keep(p *score.Person) score.Person {
	q := *p
	for _, codes := range []*[]uint16{&q.Name.Family, &q.Name.Given, &q.Former, &q.Alias.Family, &q.Alias.Given} {
		*codes = slices.Clone(*codes)
	}
	q.Kana.Family, q.Kana.Given = slices.Clone(q.Kana.Family), slices.Clone(q.Kana.Given)
	return q
}

// reference is a run to be checked.
type reference struct {
	*audit
	people  []ref
	persons []score.Person // parallel to people
	holders map[uint64]ref
}

func newReference(a *audit) *reference {
	r := &reference{audit: a, holders: map[uint64]ref{}}
	for i := range a.register.segments {
		seg := a.register.segment(i, new(segment)) // persons go on pointing into it
		for j := range seg.rows {
			var p score.Person
			seg.view(j, &p)
			r.people = append(r.people, makeRef(i, j))
			r.persons = append(r.persons, p)
			if _, ok := r.holders[seg.rows[j].number]; !ok {
				r.holders[seg.rows[j].number] = makeRef(i, j)
			}
		}
	}
	return r
}

// links reads a dataset row by row.
func (r *reference) links(t *testing.T, d int) []naiveLink {
	var list []naiveLink
	var keys keyReader
	e := newEncoder(r.scheme)
	err := r.sources[d+1].Scan(context.Background(), 1, func(_ int, b *ingest.Batch) error {
		for i := range b.Rows() {
			number, ok := e.number(b, i)
			l := naiveLink{person: keep(e.encode(b, i)), number: number, key: keys.key(b, i, keyKindOf(b)), line: b.Line(i), holder: noRef}
			if !ok {
				l.number = malformed
			} else if h, ok := r.holders[number]; ok {
				l.holder = h
			}
			list = append(list, l)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return list
}

// clears tells whether a link needs no search, and whether that is because
// nobody else is like a holder who has moved.
func (r *reference) clears(w *score.Weigher, l *naiveLink) (clears, moved bool) {
	if l.holder == noRef {
		return false, false
	}
	var holder score.Person
	var weight score.Weight
	r.register.view(l.holder, &holder)
	w.Weigh(&l.person, &holder, &weight)
	if weight.Known >= unverifiableBelow && weight.Deficit <= clearDeficit {
		return true, false
	}
	n := &weight.Name
	agree := max(n.FamilyKanji, n.FamilyKana, n.GivenKanji, n.GivenKana, weight.Sex) <= score.Exact &&
		!n.NeedsReading && !n.Former && !n.Alias && !n.Swapped && weight.Birth == score.Exact &&
		(weight.Address == score.City || weight.Address == score.Different)
	if !agree || weight.Known-weight.PartWeight(4) < movedBits || l.person.Address.Town == 0 {
		return false, false
	}
	for i := range r.persons {
		p := &r.persons[i]
		if p.Birth != holder.Birth {
			continue
		}
		if p.Address.Town != 0 && p.Address.Municipality == l.person.Address.Municipality && p.Address.TownWeak == l.person.Address.TownWeak {
			return false, false
		}
		kana := len(p.Kana.Family) > 0 && len(holder.Kana.Family) > 0 && fullKana(p) == fullKana(&holder)
		if r.people[i] != l.holder && kana {
			return false, false
		}
	}
	return true, true
}

// candidates compares a suspect with everybody.
func (r *reference) candidates(load *caseload, id suspectID, links []naiveLink, at int, sizes map[uint64]int, reader *readingKeyer) []candidate {
	var lists blockLists
	load.appendBlockEntries(&lists, id)
	wanted := map[uint64]bool{}
	for _, part := range lists {
		for _, chunk := range part {
			for _, e := range chunk {
				wanted[e.key] = true
			}
		}
	}
	s := &seeker{caseload: load, weighers: load.fork(), homes: load.places(1)}
	info, number := load.info(id), load.row(id).number
	for i, person := range r.people {
		s.person = r.persons[i]
		reached := false
		if !r.register.at(person).has(flagDead) {
			var keys [keyedRules]uint64
			blockingKeys(&s.person, &keys)
			for rule, key := range keys {
				reached = reached || key != 0 && wanted[key] &&
					(sizes[key] <= blockingRule(rule).limit() || s.near(id, s.person.Address.Municipality))
			}
			for _, key := range reader.compute(&s.person) {
				reached = reached || wanted[key] && (sizes[key] <= byReading.limit() || s.near(id, s.person.Address.Municipality))
			}
		}
		first := r.holders[r.register.at(person).number] == person
		for d := 1; d <= neighbours; d++ {
			reached = reached || at-d >= 0 && links[at-d].holder == person || at+d < len(links) && links[at+d].holder == person
		}
		reached = reached || first && number != malformed && oneSlip(number, r.register.at(person).number)
		if info.flags&isUnverifiable == 0 && (reached || r.sharesKey(links, at, person)) {
			s.compare(id, person)
		}
	}
	slices.SortFunc(s.found, func(a, b candidate) int {
		return cmp.Or(cmp.Compare(b.weight, a.weight), cmp.Compare(a.person, b.person))
	})
	return s.found
}

// sharesKey tells whether a row of that person carries the same key, which is
// no dummy.
func (r *reference) sharesKey(links []naiveLink, at int, person ref) bool {
	key, rows, shares := links[at].key, 0, false
	if key == 0 {
		return false
	}
	for i := range links {
		if links[i].key == key && links[i].holder != noRef {
			rows++
			shares = shares || links[i].holder == person
		}
	}
	return shares && rows >= 2 && rows <= maxSharing
}

// sizes counts the people behind every key.
func (r *reference) sizes(reader *readingKeyer) map[uint64]int {
	count := map[uint64]int{}
	for i := range r.persons {
		var keys [keyedRules]uint64
		blockingKeys(&r.persons[i], &keys)
		for _, key := range keys {
			if key != 0 {
				count[key]++
			}
		}
		for _, key := range reader.compute(&r.persons[i]) {
			count[key]++
		}
	}
	return count
}

func TestTheEngineFindsWhatComparingEverybodyFinds(t *testing.T) {
	for _, c := range []struct {
		what   string
		kana   bool
		gather int64
	}{{"with kana", true, 0}, {"without kana", false, 0}, {"on disk", true, 1}} {
		t.Run(c.what, func(t *testing.T) {
			dir := t.TempDir()
			_, err := fixtures.Generate(context.Background(), fixtures.Options{Dir: dir, People: 2500, Seed: 4711, FaultRate: 0.03, Hard: true,
				NoRegisterKana: !c.kana, Prefectures: []int{31}})
			if err != nil {
				t.Fatal(err)
			}
			cfg := DefaultConfig()
			cfg.Jobs, cfg.Register.Path = 2, filepath.Join(dir, "register.csv")
			for _, d := range []string{"medical", "bank", "disability"} {
				cfg.Links = append(cfg.Links, Source{Dataset: d, Path: filepath.Join(dir, d+".csv")})
			}
			a, err := newAudit(context.Background(), cfg, Options{gather: c.gather, TempDir: dir}, nil)
			if err != nil {
				t.Fatal(err)
			}
			defer a.close()
			for _, step := range []func() error{a.open, a.load, a.verify, a.train} {
				if err := step(); err != nil {
					t.Fatal(err)
				}
			}
			newReference(a).check(t)
		})
	}
}

func (r *reference) check(t *testing.T) {
	load := newCaseload(r.register, r.scheme, r.datasets, r.weighers, nil)
	load.reweigh(r.jobs)
	found, _ := load.search(r.jobs)
	reader := load.readers(1)[0]
	sizes := r.sizes(reader)
	suspects, moved, collided := 0, 0, 0
	for d := range r.datasets {
		links := r.links(t, d)
		suspected := map[int64]suspectID{}
		for id := range load.where {
			if load.where[id].dataset == int32(d) {
				suspected[load.line(suspectID(id))] = suspectID(id)
			}
		}
		for at := range links {
			l := &links[at]
			id, kept := suspected[l.line]
			clears, alone := r.clears(r.clearing[d], l)
			switch {
			case alone && kept:
				collided++ // a bit was somebody else's
			case kept == clears:
				t.Fatalf("dataset %d line %d: suspected is %v, the reference says %v", d, l.line, kept, !clears)
			case alone:
				moved++
			}
			if !kept {
				continue
			}
			suspects++
			if load.info(id).holder != l.holder {
				t.Fatalf("dataset %d line %d: another holder than the reference's", d, l.line)
			}
			from, _ := slices.BinarySearchFunc(found, id, func(c candidate, id suspectID) int { return cmp.Compare(c.suspect, id) })
			var got []candidate
			for ; from < len(found) && found[from].suspect == id; from++ {
				got = append(got, found[from])
			}
			if want := r.candidates(load, id, links, at, sizes, reader); !slices.Equal(got, want) {
				t.Fatalf("dataset %d line %d: %d candidates, the reference has %d", d, l.line, len(got), len(want))
			}
		}
	}
	if suspects < 100 || moved < 100 || float64(collided) > math.Max(3, float64(moved)/5) {
		t.Errorf("%d suspects, %d cleared as moved, %d collisions", suspects, moved, collided)
	}
}
