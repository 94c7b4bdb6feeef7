package linkage

import (
	"fmt"
	"os"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/himozuke/himozuke/score"
)

// storesOf keeps the same people in memory and on disk, the second of every
// three segments empty.
func storesOf(t *rapid.T, people []score.Person, perSegment int) (memory, onDisk *store) {
	d, err := newDisk(os.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	memory, onDisk = new(store), &store{disk: d}
	room := slab{from: &memory.memory}
	for len(people) > 0 {
		var s segment
		index := len(memory.segments)
		n := min(perSegment, len(people))
		if index%3 == 1 {
			n = 0
		}
		memory.begin(&s, int64(2+100*index), n, &room)
		for i := range people[:n] {
			r := s.append(&people[i])
			r.number, r.line = uint64(1000*index+i), uint32(i)
		}
		people = people[n:]
		for _, to := range []*store{memory, onDisk} {
			seg, err := to.put(index, &s, &room)
			if err != nil {
				t.Fatal(err)
			}
			to.segments = append(to.segments, seg)
		}
	}
	return memory, onDisk
}

func TestARegisterOnDiskIsTheOneInMemory(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		people := rapid.SliceOfN(rapid.Custom(personOf), 1, 40).Draw(t, "people")
		memory, onDisk := storesOf(t, people, rapid.IntRange(1, 3*readWhole).Draw(t, "rows per segment"))
		defer memory.memory.release()
		defer onDisk.disk.close()
		var all []ref
		for i := range memory.segments {
			for j := range memory.count(i) {
				all = append(all, makeRef(i, j))
			}
		}
		marked := rapid.SampledFrom(all).Draw(t, "marked")
		memory.mark(marked, flagShared)
		onDisk.mark(marked, flagShared)
		same := func(when string) {
			t.Helper()
			orders := []*inOrder{{store: onDisk}, {store: onDisk, dense: true}}
			for _, r := range all {
				var want score.Person
				memory.view(r, &want)
				var got [3]score.Person
				onDisk.view(r, &got[0])
				for k, o := range orders {
					o.view(r, &got[1+k])
				}
				for k := range got {
					if !samePerson(&want, &got[k]) {
						t.Fatalf("%s, person %d, way %d: %+v, want %+v", when, r, k, got[k], want)
					}
				}
				a, b := *memory.at(r), *onDisk.at(r)
				a.off, b.off = 0, 0 // of another arena
				if a != b || memory.line(r) != onDisk.line(r) {
					t.Fatalf("%s, person %d: row %+v in line %d, want %+v in line %d", when, r, b, onDisk.line(r), a, memory.line(r))
				}
			}
			for i := range memory.segments {
				var room, rows segment
				seg := onDisk.segment(i, &room)
				if n := len(onDisk.rowsOf(i, &rows)); n != memory.count(i) || len(seg.rows) != n || onDisk.count(i) != n || seg.firstLine != memory.segments[i].firstLine {
					t.Fatalf("%s: segment %d has %d rows, want %d", when, i, n, memory.count(i))
				}
				for j := range seg.rows {
					var want, got score.Person
					memory.view(makeRef(i, j), &want)
					seg.view(j, &got)
					if !samePerson(&want, &got) || seg.rows[j].number != rows.rows[j].number {
						t.Fatalf("%s: segment %d, row %d: %+v, want %+v", when, i, j, got, want)
					}
				}
			}
		}
		same("nobody held")
		held := rapid.SliceOf(rapid.SampledFrom(all)).Draw(t, "held")
		onDisk.hold(slices.Clone(held), 2)
		same(fmt.Sprint(len(held), " held"))
		for _, r := range held {
			if seg, _ := onDisk.disk.held(r); seg == nil {
				t.Fatalf("person %d is not held", r)
			}
		}
		onDisk.hold(nil, 2)
		if seg, _ := onDisk.disk.held(all[0]); seg != nil {
			t.Fatal("somebody is held still")
		}
		if err := onDisk.failed(); err != nil {
			t.Fatal(err)
		}
	})
}

func TestARegisterOnDiskThatCannotBeReadFailsTheRun(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		people := rapid.SliceOfN(rapid.Custom(personOf), 2, 20).Draw(t, "people")
		memory, onDisk := storesOf(t, people, len(people))
		defer memory.memory.release()
		defer onDisk.disk.close()
		if err := onDisk.disk.file.Truncate(rapid.Int64Range(0, onDisk.disk.size-1).Draw(t, "left")); err != nil {
			t.Fatal(err)
		}
		var room segment
		var p score.Person
		for i := range people {
			onDisk.view(makeRef(0, i), &p)
		}
		for j := range onDisk.segment(0, &room).rows {
			room.view(j, &p)
		}
		onDisk.hold([]ref{0, 1}, 1)
		onDisk.view(0, &p)
		if onDisk.failed() == nil {
			t.Fatal("no error, though the file is cut short")
		}
	})
}
