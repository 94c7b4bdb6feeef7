package linkage

import (
	"bytes"
	"cmp"
	"context"
	"encoding/csv"
	"math"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/himozuke/himozuke/fixtures"
	"github.com/himozuke/himozuke/linkage/ingest"
	"github.com/himozuke/himozuke/normalize"
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
	ended  bool
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
	at      map[ref]int // place in people
	born    map[normalize.Date][]int
}

func newReference(a *audit) *reference {
	r := &reference{audit: a, holders: map[uint64]ref{}, at: map[ref]int{}, born: map[normalize.Date][]int{}}
	for i := range a.register.segments {
		seg := a.register.segment(i, new(segment)) // persons go on pointing into it
		for j := range seg.rows {
			var p score.Person
			seg.view(j, &p)
			r.at[makeRef(i, j)] = len(r.people)
			r.born[p.Birth] = append(r.born[p.Birth], len(r.people))
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
			l := naiveLink{person: keep(e.encode(b, i)), number: number, key: keys.key(b, i, keyKindOf(b)), line: b.Line(i), holder: noRef, ended: !isValid(b, i)}
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

// sharesName tells whether somebody else has a person's name and birth date, as
// the groups of alike residents know names.
func (r *reference) sharesName(holder ref) bool {
	p := &r.persons[r.at[holder]]
	if !isComplete(p.Birth) {
		return false
	}
	for _, i := range r.born[p.Birth] {
		q := &r.persons[i]
		if r.people[i] == holder {
			continue
		}
		if fullKana(p) != 0 && fullKana(p) == fullKana(q) {
			return true
		}
		if (fullKana(p) == 0 || fullKana(q) == 0) && len(p.Name.Family) > 0 && len(q.Name.Family) > 0 &&
			score.HashKanjiName(p.Name.Family, p.Name.Given) == score.HashKanjiName(q.Name.Family, q.Name.Given) {
			return true
		}
	}
	return false
}

// hasKana tells whether anybody in the register has kana.
func (r *reference) hasKana() bool {
	return slices.ContainsFunc(r.persons, func(p score.Person) bool { return fullKana(&p) != 0 })
}

// ambiguous tells whether a row fits another resident of the holder's name, birth
// date and sex as well as the holder, and nobody better.
func (r *reference) ambiguous(load *caseload, id suspectID, links []naiveLink, at int, cleared map[ref]bool, w *score.Weigher) bool {
	l := &links[at]
	var weight score.Weight
	weigh := func(i int) float32 {
		w.Weigh(&l.person, &r.persons[i], &weight)
		return weight.Total
	}
	mine := r.at[l.holder]
	holder := &r.persons[mine]
	own, found := weigh(mine), false
	if !weight.NameAgrees() || weight.Birth != score.Exact || weight.Sex > score.Exact {
		return false
	}
	beside := func(p ref) bool {
		for _, n := range [2]int{at - 1, at + 1} {
			if n >= 0 && n < len(links) && links[n].holder != noRef && links[n].holder != p && r.register.sameFamily(p, links[n].holder) {
				return true
			}
		}
		return false
	}
	for _, i := range r.born[holder.Birth] {
		q := &r.persons[i]
		if i == mine || r.register.at(r.people[i]).has(flagDead) {
			continue
		}
		kana := len(q.Kana.Family) > 0 && len(holder.Kana.Family) > 0 &&
			score.HashKana(q.Kana.Family, q.Kana.Given) == score.HashKana(holder.Kana.Family, holder.Kana.Given)
		kanji := len(q.Name.Family) > 0 && len(holder.Name.Family) > 0 &&
			score.HashKanjiName(q.Name.Family, q.Name.Given) == score.HashKanjiName(holder.Name.Family, holder.Name.Given)
		sex := q.Sex == holder.Sex || q.Sex == 0 || holder.Sex == 0
		weight := weigh(i)
		if weight > own+alikeWithin {
			return false
		}
		placed := cleared[r.people[i]] && !l.ended || beside(l.holder) && !beside(r.people[i])
		found = found || (kana || kanji) && sex && !placed && weight >= own-alikeWithin
	}
	return found
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
	s := &seeker{caseload: load, weighers: load.fork()}
	homes := load.places(1)[id]
	near := func() bool { // the further key of huge blocks
		m := s.person.Address.Municipality
		return m != 0 && (homes[0] == m || homes[1] == m)
	}
	info, number := load.info(id), load.row(id).number
	for i, person := range r.people {
		s.person = r.persons[i]
		reached := false
		if !r.register.at(person).has(flagDead) {
			var keys [keyedRules]uint64
			blockingKeys(&s.person, &keys)
			for rule, key := range keys {
				reached = reached || key != 0 && wanted[key] &&
					(sizes[key] <= blockingRule(rule).limit() || sizes[key] <= blockingRule(rule).most() && near())
			}
			for _, key := range reader.compute(&s.person) {
				reached = reached || wanted[key] && (sizes[key] <= byReading.limit() || near())
			}
		}
		first := r.holders[r.register.at(person).number] == person
		beside := info.flags&agreesInAll == 0 // else only people of the same name and birth date could be meant
		for d := 1; d <= neighbours && beside; d++ {
			reached = reached || at-d >= 0 && links[at-d].holder == person || at+d < len(links) && links[at+d].holder == person
		}
		reached = reached || beside && first && number != malformed && oneSlip(number, r.register.at(person).number)
		if info.flags&isUnverifiable == 0 && (reached || beside && r.sharesKey(links, at, person)) {
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

// addDoubles gives every so many of a register's people a double of the same
// name, birth date and sex at another address.
func addDoubles(t *testing.T, path string, every int) {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(bytes.NewReader(text)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	w := csv.NewWriter(&out)
	w.WriteAll(rows)
	const household, postal, address, municipality = 1, 9, 10, 11
	for i := 1; i < len(rows); i += every {
		double, far := slices.Clone(rows[i]), rows[(i+len(rows)/2)%len(rows)]
		double[0], double[household] = number(i), "H9"+number(i)
		double[postal], double[address], double[municipality] = far[postal], far[address], far[municipality]
		w.Write(double)
	}
	w.Flush()
	if err := os.WriteFile(path, out.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
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
			addDoubles(t, filepath.Join(dir, "register.csv"), 20)
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
	found, _ := load.search(r.jobs)
	reader := load.readers(1)[0]
	sizes, kana := r.sizes(reader), r.hasKana()
	suspects, moved, collided, agreeing, alike, ambiguous := 0, 0, 0, 0, 0, 0
	byLine := make([]map[int64]suspectID, len(r.datasets))
	for d := range r.datasets {
		links := r.links(t, d)
		suspected := map[int64]suspectID{}
		for id := range load.where {
			if load.where[id].dataset == int32(d) {
				suspected[load.line(suspectID(id))] = suspectID(id)
			}
		}
		byLine[d] = suspected
		for at := range links {
			l := &links[at]
			id, kept := suspected[l.line]
			clears, alone := r.clears(r.clearing[d], l)
			without := clears && l.person.Address.Town == 0 && isComplete(l.person.Birth)
			means := without && (kana && len(l.person.Kana.Family) == 0 || r.sharesName(l.holder))
			if kept && (load.info(id).flags&agreesInAll != 0) != clears && !alone {
				t.Fatalf("dataset %d line %d: it is not known that it agrees in all", d, l.line)
			}
			switch {
			case means && kept:
				alike++
			case without && kept:
				agreeing++ // a bit was somebody else's
			case means:
				t.Fatalf("dataset %d line %d: cleared, though it may mean somebody else", d, l.line)
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
	r.decide(load, found)
	for d := range r.datasets {
		ambiguous += r.checkAmbiguous(t, load, d, byLine[d])
	}
	if alike < 10 || ambiguous < 3 || agreeing > 100 {
		t.Errorf("%d rows may mean somebody else, %d of them only by collision, %d are ambiguous", alike, agreeing, ambiguous)
	}
}

// checkAmbiguous goes through the rows of a dataset, and counts those that fit
// several residents alike.
func (r *reference) checkAmbiguous(t *testing.T, load *caseload, d int, suspected map[int64]suspectID) (count int) {
	links, cleared := r.links(t, d), map[ref]bool{}
	for at := range links {
		if _, kept := suspected[links[at].line]; !kept && !links[at].ended {
			cleared[links[at].holder] = true
		}
	}
	for at := range links {
		l := &links[at]
		id, kept := suspected[l.line]
		if l.holder == noRef || kept && load.info(id).flags&isUnverifiable != 0 {
			continue
		}
		got, want := kept && r.decider.judged[id].ambiguous, r.ambiguous(load, id, links, at, cleared, r.decider.weighers[d])
		if got != want {
			t.Errorf("dataset %d line %d (kept %v): ambiguous is %v, the reference says %v", d, l.line, kept, got, want)
		}
		if want {
			count++
		}
	}
	return count
}
