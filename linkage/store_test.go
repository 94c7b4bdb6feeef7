package linkage

import (
	"fmt"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/himozuke/himozuke/normalize"
	"github.com/himozuke/himozuke/score"
)

// kanjiOf and kanaOf draw name parts up to the length that is kept.
func kanjiOf(t *rapid.T, label string, least int) []uint16 {
	return rapid.SliceOfN(rapid.Uint16Range(0x4E00, 0x9FFF), least, maxPartLength).Draw(t, label)
}

func kanaOf(t *rapid.T, label string, least int) []byte {
	return rapid.SliceOfN(rapid.ByteRange(1, 0x5C), least, maxPartLength).Draw(t, label)
}

func personOf(t *rapid.T) score.Person {
	p := score.Person{
		Name:      normalize.NameForm{Family: kanjiOf(t, "family", 0), Split: rapid.Bool().Draw(t, "split")},
		Kana:      normalize.KanaForm{Family: kanaOf(t, "family kana", 0), Split: rapid.Bool().Draw(t, "kana split")},
		Birth:     normalize.Date(rapid.Uint32Range(0, 1<<21-1).Draw(t, "birth")),
		Sex:       normalize.Sex(rapid.IntRange(0, 2).Draw(t, "sex")),
		Postal:    normalize.PostalCode(rapid.Uint32Range(0, 9_999_999).Draw(t, "postal")),
		Household: rapid.Uint32().Draw(t, "household"),
	}
	p.Name.Given = kanjiOf(t, "given", 0)
	p.Kana.Given = kanaOf(t, "given kana", 0)
	p.Address.Town = rapid.Uint32().Draw(t, "town")
	if rapid.Bool().Draw(t, "has former") {
		p.Former = kanjiOf(t, "former", 1)
	}
	if rapid.Bool().Draw(t, "has alias") {
		p.Alias = normalize.NameForm{Family: kanjiOf(t, "alias family", 1), Given: kanjiOf(t, "alias given", 0), Split: true}
	}
	return p
}

func samePerson(a, b *score.Person) bool {
	return slices.Equal(a.Name.Family, b.Name.Family) && slices.Equal(a.Name.Given, b.Name.Given) && a.Name.Split == b.Name.Split &&
		slices.Equal(a.Kana.Family, b.Kana.Family) && slices.Equal(a.Kana.Given, b.Kana.Given) && a.Kana.Split == b.Kana.Split &&
		slices.Equal(a.Former, b.Former) &&
		slices.Equal(a.Alias.Family, b.Alias.Family) && slices.Equal(a.Alias.Given, b.Alias.Given) && a.Alias.Split == b.Alias.Split &&
		a.Birth == b.Birth && a.Sex == b.Sex && a.Postal == b.Postal && a.Address == b.Address && a.Household == b.Household
}

func TestSegmentGivesBackWhatWasStored(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var s segment
		s.reset(2)
		people := rapid.SliceOfN(rapid.Custom(personOf), 1, 8).Draw(t, "people")
		for i := range people {
			s.append(&people[i])
		}
		for _, seg := range []*segment{&s, s.compact()} {
			for i := range people {
				var got score.Person
				seg.view(i, &got)
				if !samePerson(&people[i], &got) {
					t.Fatalf("row %d: stored %+v, got back %+v", i, people[i], got)
				}
			}
		}
	})
}

func TestIndexFindsTheFirstRowOfEachNumber(t *testing.T) {
	withAndWithoutVectors(t, func(t *testing.T) {
		rapid.Check(t, func(t *rapid.T) {
			numbers := rapid.SliceOfN(rapid.Uint64Range(0, 300), 1, 400).Draw(t, "numbers")
			perSegment := rapid.IntRange(1, 60).Draw(t, "rows per segment")
			jobs := rapid.IntRange(1, 4).Draw(t, "jobs")
			scheme := rapid.SampledFrom([]normalize.Scheme{normalize.Generic{}, normalize.Isikukood{}}).Draw(t, "scheme")
			s := &store{}
			want := map[uint64]ref{}
			var wantDead []ref
			for i, n := range numbers {
				if i%perSegment == 0 {
					s.segments = append(s.segments, &segment{})
				}
				seg := s.segments[len(s.segments)-1]
				seg.append(&score.Person{}).number = n
				r := makeRef(len(s.segments)-1, len(seg.rows)-1)
				if _, ok := want[n]; ok {
					wantDead = append(wantDead, r)
				} else {
					want[n] = r
				}
			}
			m := new(memory)
			defer m.release()
			ix, dead := buildIndex(s, m, scheme, jobs)
			if !slices.Equal(dead, wantDead) {
				t.Fatalf("duplicates %v, want %v", dead, wantDead)
			}
			asked := []uint64{malformed, malformed - 1<<exactBits}
			for n := range uint64(302) {
				asked = append(asked, n, n+1<<exactBits)
			}
			found := make([]ref, len(asked))
			new(lookUp).all(ix, asked, found)
			for i, n := range asked {
				expected, ok := want[n]
				if !ok {
					expected = noRef
				}
				if got := ix.find(n); got != expected || found[i] != expected {
					t.Fatalf("number %d: %d, and %d among others, want %d", n, got, found[i], expected)
				}
			}
		})
	})
}

// withAndWithoutVectors tests what other processors do as well.
func withAndWithoutVectors(t *testing.T, test func(t *testing.T)) {
	was := vector
	t.Cleanup(func() { vector = was })
	for _, vector = range []bool{false, was} {
		t.Run(fmt.Sprintf("vector %v", vector), test)
	}
}

// Lines that are full, and the lines behind them, of a register as large as some
// partitions.
func TestIndexOfManyPeople(t *testing.T) {
	withAndWithoutVectors(t, func(t *testing.T) {
		numbers := individualNumbers(120_000)
		present := numbers[:len(numbers)/2]
		s := &store{}
		for chunk := range slices.Chunk(present, 7_001) {
			seg := &segment{}
			for _, n := range chunk {
				seg.append(&score.Person{}).number = n
			}
			s.segments = append(s.segments, seg)
		}
		m := new(memory)
		defer m.release()
		ix, dead := buildIndex(s, m, normalize.MyNumber{}, 2)
		if len(dead) != 0 {
			t.Fatalf("%d duplicates", len(dead))
		}
		found := make([]ref, len(numbers))
		new(lookUp).all(ix, numbers, found)
		for i, n := range numbers {
			want := noRef
			if i < len(present) {
				want = makeRef(i/7_001, i%7_001)
			}
			if found[i] != want || ix.find(n) != want {
				t.Fatalf("number %d found at %d and %d, want %d", i, found[i], ix.find(n), want)
			}
		}
	})
}

func TestBlockTableFindsEveryKeyAndNoOther(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		entries := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) blockEntry {
			return blockEntry{key: score.Mix(rapid.Uint64Range(1, 50).Draw(t, "key"), 7) | 1, suspect: rapid.Uint32Range(0, 20).Draw(t, "suspect")}
		}), 0, 200).Draw(t, "entries")
		want := map[uint64]map[uint32]bool{}
		for _, e := range entries {
			if want[e.key] == nil {
				want[e.key] = map[uint32]bool{}
			}
			want[e.key][e.suspect] = true
		}
		lists := make([]blockLists, 2)
		for i, e := range entries {
			lists[i%2].add(e)
		}
		table := newBlockTable(lists, 2)
		for k := range uint64(60) {
			key := score.Mix(k, 7) | 1
			b := table.find(key)
			if (b >= 0) != (want[key] != nil) {
				t.Fatalf("key %d: found %v, want %v", k, b >= 0, want[key] != nil)
			}
			if b < 0 {
				continue
			}
			got := table.suspects(b)
			if len(got) != len(want[key]) {
				t.Fatalf("key %d: %d suspects, want %d", k, len(got), len(want[key]))
			}
			for _, s := range got {
				if !want[key][s] {
					t.Fatalf("key %d: suspect %d does not look for it", k, s)
				}
			}
		}
	})
}

func TestOneSlipAgreesWithTheScheme(t *testing.T) {
	scheme := normalize.MyNumber{}
	rapid.Check(t, func(t *rapid.T) {
		first := rapid.Uint64Range(0, 99_999_999_999).Draw(t, "number")
		n := first*10 + normalize.MyNumberCheckDigit(first)
		slips := scheme.AppendSlips(nil, normalize.Number(n))
		for _, s := range slips {
			if !oneSlip(n, uint64(s)) || !oneSlip(uint64(s), n) {
				t.Fatalf("%012d and %012d are one slip apart", n, s)
			}
		}
		other := rapid.Uint64Range(0, 99_999_999_999).Draw(t, "other")
		o := other*10 + normalize.MyNumberCheckDigit(other)
		if oneSlip(n, o) != slices.Contains(slips, normalize.Number(o)) {
			t.Fatalf("%012d and %012d: one slip %v", n, o, oneSlip(n, o))
		}
	})
}

func TestFilesBeyondWhatARefCanNameAreRefused(t *testing.T) {
	if err := checkSegment("big.csv", maxSegments-1); err != nil {
		t.Errorf("the last block was refused: %v", err)
	}
	if checkSegment("big.csv", maxSegments) == nil {
		t.Error("a block that no ref can name was accepted")
	}
	if r := makeRef(maxSegments-1, segmentRows-1); r == noRef || r.segment() != maxSegments-1 || r.row() != segmentRows-1 {
		t.Errorf("the last ref is %d: segment %d, row %d", r, r.segment(), r.row())
	}
}

// A hash of all ones is like an empty slot, but for the ref.
func TestIndexFindsTheNumberWhoseHashIsAllOnes(t *testing.T) {
	const low = 1<<exactBits - 1
	unmix := func(h uint64) uint64 {
		for _, k := range []uint64{0xBF58476D1CE4E5B9, 0x9E3779B97F4A7C15} {
			inverse := k
			for range 6 {
				inverse *= 2 - k*inverse
			}
			h = (h ^ h>>(exactBits/2)) * inverse & low
		}
		return h
	}
	last := unmix(low)
	s := &store{segments: []*segment{{}}}
	for _, n := range []uint64{unmix(low - 1), last, unmix(low - 2)} {
		s.segments[0].append(&score.Person{}).number = n
	}
	withAndWithoutVectors(t, func(t *testing.T) {
		ix, _ := buildIndex(s, new(memory), normalize.Isikukood{}, 1)
		if h := ix.hash(last); h != low {
			t.Fatalf("hash %x", h)
		}
		var found [2]ref
		new(lookUp).all(ix, []uint64{last, unmix(low - 3)}, found[:])
		if got := ix.find(last); got != 1 || found[0] != 1 {
			t.Fatalf("found %d and %d", got, found[0])
		}
		if got := ix.find(unmix(low - 3)); got != noRef || found[1] != noRef {
			t.Fatalf("found %d and %d, whom nobody entered", got, found[1])
		}
	})
}

// Partitions that get far more than their share, of different numbers and of
// one that stands on many rows.
func TestIndexOfUnevenPartitions(t *testing.T) {
	like := index{unit: 10, exact: true}
	var numbers []uint64
	for _, n := range individualNumbers(200_000) {
		if like.hash(n)>>(exactBits-fewestParts) == 3 {
			numbers = append(numbers, n)
		}
	}
	withAndWithoutVectors(t, func(t *testing.T) {
		absent := len(numbers) / 10
		for _, jobs := range []int{1, 3} {
			s := &store{}
			var wantDead []ref
			for i := range 3 * len(numbers) {
				if i%500 == 0 {
					s.segments = append(s.segments, &segment{})
				}
				seg := s.segments[len(s.segments)-1]
				n := numbers[absent]
				if at := i / 3; i%3 == 0 && at > absent {
					n = numbers[at]
				} else if i > 0 {
					wantDead = append(wantDead, makeRef(len(s.segments)-1, len(seg.rows)))
				}
				seg.append(&score.Person{}).number = n
			}
			m := new(memory)
			defer m.release()
			ix, dead := buildIndex(s, m, normalize.MyNumber{}, jobs)
			if !slices.Equal(dead, wantDead) {
				t.Fatalf("%d workers: %d duplicates, want %d", jobs, len(dead), len(wantDead))
			}
			if len(ix.stray) == 0 {
				t.Fatal("nobody went astray")
			}
			found := make([]ref, len(numbers))
			new(lookUp).all(ix, numbers, found)
			for i, n := range numbers {
				want := noRef
				if i == absent {
					want = 0
				} else if i > absent {
					want = makeRef(3*i/500, 3*i%500)
				}
				if found[i] != want || ix.find(n) != want {
					t.Fatalf("%d workers: number %d found at %d and %d, want %d", jobs, i, found[i], ix.find(n), want)
				}
			}
		}
	})
}
