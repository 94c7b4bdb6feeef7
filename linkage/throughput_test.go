//go:build unix

package linkage

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"sync/atomic"
	"syscall"
	"testing"

	"github.com/himozuke/himozuke/linkage/ingest"
	"github.com/himozuke/himozuke/normalize"
	"github.com/himozuke/himozuke/score"
)

// What bench/duckdb measures of the engine, and its parts. HIMOZUKE_BENCH_JOBS is the number
// of workers, HIMOZUKE_BENCH_FILE a register.

func benchJobs() int {
	if jobs, err := strconv.Atoi(os.Getenv("HIMOZUKE_BENCH_JOBS")); err == nil {
		return jobs
	}
	return 1
}

// perSecond reports how much was done in a second, and the processor time of
// one operation, which a busy machine does not change. Call it before the loop,
// and the result behind.
func perSecond(b *testing.B, unit string) func(done float64) {
	processor := func() float64 {
		var u syscall.Rusage
		if syscall.Getrusage(syscall.RUSAGE_SELF, &u) != nil {
			return 0
		}
		return float64(u.Utime.Nano()+u.Stime.Nano()) / 1e9
	}
	began := processor()
	return func(done float64) {
		b.ReportMetric((processor()-began)/float64(b.N), "cpu-s/op")
		b.ReportMetric(done/b.Elapsed().Seconds(), unit+"/s")
	}
}

func benchSource(b *testing.B) *ingest.Source {
	path := os.Getenv("HIMOZUKE_BENCH_FILE")
	if path == "" {
		b.Skip("HIMOZUKE_BENCH_FILE names no register")
	}
	return openBench(b, ingest.Options{Path: path, Register: true})
}

func openBench(b *testing.B, o ingest.Options) *ingest.Source {
	src, err := ingest.Open(o)
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { src.Close() })
	return src
}

// BenchmarkIngest reads a register into the columns that an audit keeps of it,
// in memory: every field read to its type and folded, names and addresses as
// codes, with number and line. Nothing is counted, grouped or indexed.
func BenchmarkIngest(b *testing.B) {
	src := benchSource(b)
	b.SetBytes(src.Bytes)
	people := int64(0)
	report := perSecond(b, "rows")
	unseen := func(int) func(*score.Person) { return func(*score.Person) {} }
	for b.Loop() {
		r := &register{source: src}
		if err := r.readPeople(context.Background(), normalize.MyNumber{}, benchJobs(), unseen, func(int64) {}); err != nil {
			b.Fatal(err)
		}
		people += r.people
		r.memory.release()
	}
	report(float64(people))
}

// BenchmarkLinks reads and encodes the links that stand beside a register, with
// their keys, organizations and dates; they meet nobody.
func BenchmarkLinks(b *testing.B) {
	if os.Getenv("HIMOZUKE_BENCH_FILE") == "" {
		b.Skip("HIMOZUKE_BENCH_FILE names no register")
	}
	for _, name := range []string{"medical", "bank", "disability"} {
		path := filepath.Join(filepath.Dir(os.Getenv("HIMOZUKE_BENCH_FILE")), name+".csv")
		if _, err := os.Stat(path); err != nil {
			continue
		}
		b.Run(name, func(b *testing.B) {
			src := openBench(b, ingest.Options{Path: path})
			b.SetBytes(src.Bytes)
			readers, batches := make([]linkReader, benchJobs()), make([]linkBatch, benchJobs())
			var rows atomic.Int64
			report := perSecond(b, "rows")
			for b.Loop() {
				for k := range readers {
					readers[k] = linkReader{encoder: newEncoder(normalize.MyNumber{})}
				}
				err := src.Scan(context.Background(), len(readers), func(k int, batch *ingest.Batch) error {
					readers[k].read(batch, &batches[k])
					rows.Add(int64(batch.Rows()))
					return nil
				})
				if err != nil {
					b.Fatal(err)
				}
			}
			report(float64(rows.Load()))
		})
	}
}

// BenchmarkRegister loads a register as an audit does: what BenchmarkIngest
// does, and names counted, people who are alike grouped, all indexed by number.
func BenchmarkRegister(b *testing.B) {
	src := benchSource(b)
	b.SetBytes(src.Bytes)
	people := int64(0)
	report := perSecond(b, "rows")
	for b.Loop() {
		r, err := loadRegister(context.Background(), src, normalize.MyNumber{}, benchJobs(), spill{}, func(int64) {})
		if err != nil {
			b.Fatal(err)
		}
		people += r.people
		r.release()
	}
	report(float64(people))
}

// BenchmarkJoin indexes people by number and looks up as many links, of which
// 99.5 % find somebody. HIMOZUKE_BENCH_ROWS is how many there are.
func BenchmarkJoin(b *testing.B) {
	n, err := strconv.Atoi(os.Getenv("HIMOZUKE_BENCH_ROWS"))
	if err != nil {
		b.Skip("HIMOZUKE_BENCH_ROWS is not set")
	}
	jobs := benchJobs()
	numbers := individualNumbers(n)
	s := &store{people: int64(n)}
	for from := 0; from < n; from += 1 << 15 {
		seg := &segment{}
		for _, number := range numbers[from:min(from+1<<15, n)] {
			seg.append(&score.Person{}).number = number
		}
		s.segments = append(s.segments, seg)
	}
	links := make([]uint64, n)
	random := rand.New(rand.NewPCG(7, 8))
	for i := range links {
		links[i] = numbers[random.IntN(n)]
		if random.IntN(200) == 0 {
			links[i] = 999_999_999_770 + uint64(i%10)
		}
	}
	runtime.GC()
	b.ResetTimer()
	report := perSecond(b, "rows")
	for b.Loop() {
		var m memory
		ix, _ := buildIndex(s, &m, normalize.MyNumber{}, jobs)
		var found, sum atomic.Int64
		parallel(jobs, (n+run-1)/run, func(_, t int) {
			part := links[t*run : min((t+1)*run, n)]
			var look lookUp
			var holders [run]ref
			hits, rows := int64(0), int64(0)
			look.all(ix, part, holders[:])
			for _, r := range holders[:len(part)] {
				if r != noRef {
					hits++
					rows += int64(r)
				}
			}
			found.Add(hits)
			sum.Add(rows)
		})
		m.release()
		if got := float64(found.Load()); got < .99*float64(n) || got > .9999*float64(n) {
			b.Fatal(got)
		}
	}
	report(2 * float64(n) * float64(b.N))
}

// individualNumbers are different individual numbers.
func individualNumbers(n int) []uint64 {
	numbers := make([]uint64, n)
	for i := range numbers {
		first := (uint64(i)*61_803_398_875 + 99) % 99_999_999_977
		numbers[i] = first*10 + normalize.MyNumberCheckDigit(first)
	}
	return numbers
}

// BenchmarkScoring compares and weighs pairs in all their fields, half of them
// of one household or the next, half of anybody. As in the search, what some
// pairs are read from is asked for before they are weighed.
func BenchmarkScoring(b *testing.B) {
	src := benchSource(b)
	jobs := benchJobs()
	reg, err := loadRegister(context.Background(), src, normalize.MyNumber{}, jobs, spill{}, func(int64) {})
	if err != nil {
		b.Fatal(err)
	}
	weigher := score.NewWeigher(score.DefaultModel(), reg.freq)
	var people []ref
	for i, seg := range reg.segments {
		for j := range seg.rows {
			people = append(people, makeRef(i, j))
		}
	}
	weighers := make([]*score.Weigher, jobs)
	for k := range weighers {
		weighers[k] = weigher.Fork()
	}
	const records, candidates, task = 20_000, 10, 100
	b.ResetTimer()
	var total atomic.Int64
	report := perSecond(b, "pairs")
	for b.Loop() {
		parallel(jobs, records/task, func(k, t int) {
			random := rand.New(rand.NewPCG(uint64(t), 1))
			var pairs [task * candidates][2]ref
			for n := range pairs {
				if n%candidates == 0 {
					pairs[n][0] = ref(random.IntN(len(people) - candidates))
				} else {
					pairs[n][0] = pairs[n-1][0]
				}
				pairs[n][1] = pairs[n][0] + 1 + ref(n%candidates/2)
				if n%2 == 1 {
					pairs[n][1] = ref(random.IntN(len(people)))
				}
			}
			var record, person score.Person
			var weight score.Weight
			sum := 0.0
			group := func(n int) [][2]ref {
				return pairs[min(n*compareGroup, len(pairs)):min((n+1)*compareGroup, len(pairs))]
			}
			askForRows := func(pairs [][2]ref) {
				for i, pair := range pairs {
					pairs[i] = [2]ref{people[pair[0]], people[pair[1]]}
					reg.askFor(pairs[i][0])
					reg.askFor(pairs[i][1])
				}
			}
			askForNames := func(pairs [][2]ref) {
				for _, pair := range pairs {
					reg.askForNames(pair[0])
					reg.askForNames(pair[1])
				}
			}
			askForRows(group(0))
			askForRows(group(1))
			askForNames(group(0))
			for n := 0; n*compareGroup < len(pairs); n++ {
				askForRows(group(n + 2))
				askForNames(group(n + 1))
				for _, pair := range group(n) {
					reg.view(pair[0], &record)
					reg.view(pair[1], &person)
					weighers[k].Weigh(&record, &person, &weight)
					sum += float64(weight.Total)
				}
			}
			total.Add(int64(sum))
		})
	}
	report(records * candidates * float64(b.N))
}

// BenchmarkMeetings compares and weighs the pairs that a search brings together:
// suspects of the links that stand beside the register, as generate writes them,
// in the order of the register.
func BenchmarkMeetings(b *testing.B) {
	src := benchSource(b)
	jobs := benchJobs()
	cfg := DefaultConfig()
	cfg.Jobs, cfg.Register.Path = jobs, src.Path
	for _, name := range []string{"medical", "bank", "disability"} {
		cfg.Links = append(cfg.Links, Source{Dataset: name, Path: filepath.Join(filepath.Dir(src.Path), name+".csv")})
	}
	a, err := newAudit(context.Background(), cfg, Options{}, &collected{})
	if err != nil {
		b.Fatal(err)
	}
	defer a.close()
	for _, step := range []func() error{a.open, a.load, a.verify, a.train} {
		if err := step(); err != nil {
			b.Fatal(err)
		}
	}
	load := newCaseload(a.register, a.scheme, a.datasets, a.weighers, nil)
	table := newBlockTable(load.blockEntries(jobs), jobs)
	defer table.memory.release()
	readers := load.readers(jobs)
	narrowed := table.narrow(load.hugeBlocks(table, readers, jobs), load.places(jobs))
	var seekers []*seeker
	for k := range jobs {
		seekers = append(seekers, &seeker{caseload: load, weighers: load.fork(), table: table, narrowed: narrowed, reader: readers[k], end: suspectID(len(load.where))})
	}
	var pairs []uint64 // person and suspect
	s := seekers[0]
	for i, seg := range a.register.segments {
		for from := 0; from < len(seg.rows); from += meetAtOnce {
			s.askAll(seg, from, min(from+meetAtOnce, len(seg.rows)), flagDead)
			for _, m := range s.meet() {
				pairs = append(pairs, uint64(makeRef(i, int(m.row)))<<32|uint64(m.suspect))
			}
		}
	}
	for id := range load.where {
		pairs = s.appendDirect(pairs, suspectID(id))
	}
	slices.Sort(pairs)
	b.ResetTimer()
	report := perSecond(b, "pairs")
	for b.Loop() {
		parallel(jobs, (len(pairs)+run-1)/run, func(k, t int) {
			seekers[k].compareAll(pairs[t*run:min((t+1)*run, len(pairs))], &inOrder{store: &a.register.store})
			seekers[k].found = seekers[k].found[:0]
		})
	}
	report(float64(len(pairs)) * float64(b.N))
}

// BenchmarkCanary tells what two threads of one process gain over one on work
// that needs no memory: less than 1.7 means that no series of two threads can
// be believed.
func BenchmarkCanary(b *testing.B) {
	spin := func(_, t int) {
		x := uint64(t) | 1
		for range 60_000_000 {
			x = x*0x9E3779B97F4A7C15 ^ x>>29
		}
		canary.Store(x)
	}
	for _, jobs := range []int{1, 2} {
		b.Run(fmt.Sprintf("threads=%d", jobs), func(b *testing.B) {
			for b.Loop() {
				parallel(jobs, 4, spin)
			}
		})
	}
}

var canary atomic.Uint64
