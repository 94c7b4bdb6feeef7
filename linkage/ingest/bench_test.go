package ingest

import (
	"bytes"
	"context"
	"encoding/csv"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"sync/atomic"
	"testing"
	"unicode/utf8"

	"golang.org/x/text/encoding/japanese"

	"github.com/himozuke/himozuke/normalize/encoding"
)

// register makes a register of about 136 bytes a row, without quotes or with
// every field quoted.
func register(rows int, quoted bool) []byte {
	var b bytes.Buffer
	r := rand.New(rand.NewPCG(1, 2))
	sep, edge := ",", ""
	if quoted {
		sep, edge = `","`, `"`
	}
	fmt.Fprintf(&b, "%[2]s個人番号%[1]s氏名%[1]s氏名カナ%[1]s生年月日%[1]s性別%[1]s郵便番号%[1]s住所%[2]s\n", sep, edge)
	family := []string{"佐藤", "鈴木", "高橋", "長谷川", "髙", "勅使河原"}
	familyKana := []string{"サトウ", "スズキ", "タカハシ", "ハセガワ", "コウ", "テシガワラ"}
	given := []string{"太郎", "花子", "翔", "陽菜", "喜久代"}
	givenKana := []string{"タロウ", "ハナコ", "ショウ", "ヒナ", "キクヨ"}
	town := []string{"東京都千代田区霞が関", "大阪府大阪市北区梅田", "北海道札幌市中央区北一条西"}
	for i := range rows {
		f, g := r.IntN(len(family)), r.IntN(len(given))
		fmt.Fprintf(&b, "%[2]s%012[3]d%[1]s%[4]s　%[5]s%[1]s%[6]s　%[7]s%[1]s19%02[8]d-%02[9]d-%02[10]d%[1]s%[11]d%[1]s%07[12]d%[1]s%[13]s%[14]d丁目%[15]d番%[16]d号%[2]s\n",
			sep, edge, uint64(i)*7919%1e12, family[f], given[g], familyKana[f], givenKana[g],
			r.IntN(100), 1+r.IntN(12), 1+r.IntN(28), 1+r.IntN(2), r.IntN(1e7), town[r.IntN(len(town))], 1+r.IntN(9), 1+r.IntN(40), 1+r.IntN(30))
	}
	return b.Bytes()
}

const benchRows = 200_000

func BenchmarkSplit(b *testing.B) {
	plain, quoted := register(benchRows, false), register(benchRows, true)
	cp932, _ := encoding.AppendCP932(nil, plain)
	ascii := bytes.Map(func(r rune) rune {
		if r >= utf8.RuneSelf {
			return 'x'
		}
		return r
	}, plain)
	for _, c := range []struct {
		name    string
		content []byte
	}{{"utf-8", plain}, {"quoted", quoted}, {"cp932", cp932}, {"ascii", ascii}} {
		b.Run(c.name+"/ours", func(b *testing.B) { benchScan(b, c.content, 1) })
		b.Run(c.name+"/ours2", func(b *testing.B) { benchScan(b, c.content, 2) })
		b.Run(c.name+"/encoding-csv", func(b *testing.B) {
			b.SetBytes(int64(len(c.content)))
			for b.Loop() {
				var in io.Reader = bytes.NewReader(c.content)
				if c.name == "cp932" {
					in = japanese.ShiftJIS.NewDecoder().Reader(in)
				}
				r := csv.NewReader(in)
				r.ReuseRecord = true
				rows := 0
				for {
					if _, err := r.Read(); err != nil {
						break
					}
					rows++
				}
				if rows != benchRows+1 {
					b.Fatal(rows)
				}
			}
		})
	}
}

func benchScan(b *testing.B, content []byte, jobs int) {
	s := open(b, Options{Path: write(b, "in.csv", content), Free: true})
	b.SetBytes(int64(len(content)))
	b.ReportAllocs()
	rows := make([]int, jobs*16)
	for b.Loop() {
		clear(rows)
		err := s.Scan(context.Background(), jobs, func(worker int, batch *Batch) error {
			rows[worker*16] += batch.Rows()
			return nil
		})
		if err != nil {
			b.Fatal(err)
		}
		total := 0
		for _, n := range rows {
			total += n
		}
		if total != benchRows {
			b.Fatal(total)
		}
	}
}

// BenchmarkKernels times the parts of a scan on text in memory.
func BenchmarkKernels(b *testing.B) {
	for _, c := range []struct {
		name    string
		content []byte
	}{{"plain", register(benchRows/4, false)}, {"quoted", register(benchRows/4, true)}} {
		run := func(name string, fn func([]byte)) {
			b.Run(c.name+"/"+name, func(b *testing.B) {
				b.SetBytes(int64(len(c.content)))
				for b.Loop() {
					fn(c.content)
				}
			})
		}
		s := open(b, Options{Path: write(b, "in.csv", c.content), Free: true})
		sp := newSplitter(s)
		sp.batch.data = c.content
		run("split", func(text []byte) {
			sp.fields, sp.spans, sp.line = 0, 0, 0
			sp.batch.lines, sp.batch.starts, sp.batch.Rejects = sp.batch.lines[:0], sp.batch.starts[:0], sp.batch.Rejects[:0]
			if c.name == "quoted" {
				sp.splitQuoted(text)
			} else {
				sp.splitFields(text, false)
			}
		})
		run("encoding-csv", func(text []byte) {
			r := csv.NewReader(bytes.NewReader(text))
			r.ReuseRecord = true
			for {
				if _, err := r.Read(); err != nil {
					break
				}
			}
		})
		run("cut", func(text []byte) { lastRowEnd(text, ',', false, 1<<30) })
		run("cut-singly", func(text []byte) { lastRowEndSingly(text, ',', false, 1<<30) })
		run("valid", func(text []byte) { validUTF8(text) })
		run("valid-bytewise", func(text []byte) { validBytewise(text) })
		run("utf8.Valid", func(text []byte) { utf8.Valid(text) })
	}
}

// BenchmarkFile scans the file that HIMOZUKE_BENCH_FILE names, with its hash.
func BenchmarkFile(b *testing.B) {
	path := os.Getenv("HIMOZUKE_BENCH_FILE")
	if path == "" {
		b.Skip("HIMOZUKE_BENCH_FILE names no file")
	}
	s := open(b, Options{Path: path, Free: true, Hash: true})
	b.SetBytes(s.Bytes)
	for _, jobs := range []int{1, 2} {
		b.Run(fmt.Sprintf("jobs=%d", jobs), func(b *testing.B) {
			b.SetBytes(s.Bytes)
			b.ReportAllocs()
			var rows atomic.Int64
			for b.Loop() {
				err := s.Scan(context.Background(), jobs, func(_ int, batch *Batch) error {
					rows.Add(int64(batch.Rows()))
					return nil
				})
				if err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(rows.Load())/b.Elapsed().Seconds(), "rows/s")
		})
	}
}
