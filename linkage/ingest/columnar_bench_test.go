package ingest

import (
	"bytes"
	"context"
	"encoding/csv"
	"fmt"
	"os"
	"strconv"
	"sync/atomic"
	"testing"
	"time"

	"github.com/apache/arrow/go/v16/arrow"
	"github.com/apache/arrow/go/v16/arrow/array"
	"github.com/apache/arrow/go/v16/arrow/ipc"
	"github.com/apache/arrow/go/v16/arrow/memory"
	"github.com/apache/arrow/go/v16/parquet/file"
	"github.com/apache/arrow/go/v16/parquet/pqarrow"
)

// registerRecord is the register of the other benchmarks as a table.
func registerRecord(b *testing.B, rows int) arrow.Record {
	records, err := csv.NewReader(bytes.NewReader(register(rows, false))).ReadAll()
	if err != nil {
		b.Fatal(err)
	}
	var fields []arrow.Field
	for _, heading := range records[0] {
		field := arrow.Field{Name: heading, Type: arrow.BinaryTypes.String}
		switch heading {
		case "個人番号":
			field.Type = arrow.PrimitiveTypes.Int64
		case "生年月日":
			field.Type = arrow.FixedWidthTypes.Date32
		}
		fields = append(fields, field)
	}
	builder := array.NewRecordBuilder(memory.DefaultAllocator, arrow.NewSchema(fields, nil))
	for _, record := range records[1:] {
		for i, value := range record {
			switch column := builder.Field(i).(type) {
			case *array.Int64Builder:
				n, _ := strconv.ParseInt(value, 10, 64)
				column.Append(n)
			case *array.Date32Builder:
				day, _ := time.Parse(time.DateOnly, value)
				column.Append(arrow.Date32FromTime(day))
			case *array.StringBuilder:
				column.Append(value)
			}
		}
	}
	return builder.NewRecord()
}

// BenchmarkColumnar scans Parquet and Arrow files beside the bare readers.
func BenchmarkColumnar(b *testing.B) {
	record := registerRecord(b, benchRows)
	var pieces []arrow.Record
	for from := int64(0); from < benchRows; from += 50_000 {
		pieces = append(pieces, record.NewSlice(from, min(from+50_000, benchRows)))
	}
	for _, c := range []struct {
		name, file string
		content    []byte
		bare       func(*testing.B, string, bool) int64
	}{
		{"parquet in groups", "in.parquet", asParquet(b, 25_000, record), bareParquet},
		{"parquet in one", "in.parquet", asParquet(b, benchRows, record), bareParquet},
		{"arrow file", "in.arrow", asArrowFile(b, pieces...), bareArrow},
		{"arrow stream, zstd", "in.arrow", asArrowStream(b, pieces...), bareArrow},
	} {
		path := write(b, c.file, c.content)
		for _, jobs := range []int{1, 2} {
			run := func(name string, read func(*testing.B) int64) {
				b.Run(fmt.Sprintf("%s/jobs=%d/%s", c.name, jobs, name), func(b *testing.B) {
					b.ReportAllocs()
					rows := int64(0)
					for b.Loop() {
						rows += read(b)
					}
					if rows != benchRows*int64(b.N) {
						b.Fatal(rows)
					}
					b.ReportMetric(float64(rows)/b.Elapsed().Seconds(), "rows/s")
				})
			}
			run("ours", func(b *testing.B) int64 {
				s, err := Open(Options{Path: path, Free: true})
				if err != nil {
					b.Fatal(err)
				}
				defer s.Close()
				var rows atomic.Int64
				err = s.Scan(context.Background(), jobs, func(_ int, batch *Batch) error {
					rows.Add(int64(batch.Rows()))
					return nil
				})
				if err != nil {
					b.Fatal(err)
				}
				return rows.Load()
			})
			run("bare", func(b *testing.B) int64 { return c.bare(b, path, jobs > 1) })
		}
	}
}

func bareParquet(b *testing.B, path string, parallel bool) (rows int64) {
	f, err := file.OpenParquetFile(path, false)
	if err != nil {
		b.Fatal(err)
	}
	defer f.Close()
	r, err := pqarrow.NewFileReader(f, pqarrow.ArrowReadProperties{Parallel: parallel, BatchSize: recordRows}, memory.DefaultAllocator)
	if err != nil {
		b.Fatal(err)
	}
	records, err := r.GetRecordReader(context.Background(), nil, nil)
	if err != nil {
		b.Fatal(err)
	}
	for records.Next() {
		rows += records.Record().NumRows()
	}
	return rows
}

func bareArrow(b *testing.B, path string, _ bool) (rows int64) {
	f, err := os.Open(path)
	if err != nil {
		b.Fatal(err)
	}
	defer f.Close()
	if r, err := ipc.NewFileReader(f); err == nil {
		for i := range r.NumRecords() {
			record, err := r.RecordAt(i)
			if err != nil {
				b.Fatal(err)
			}
			rows += record.NumRows()
			record.Release()
		}
		return rows
	}
	if _, err := f.Seek(0, 0); err != nil {
		b.Fatal(err)
	}
	r, err := ipc.NewReader(f)
	if err != nil {
		b.Fatal(err)
	}
	for r.Next() {
		rows += r.Record().NumRows()
	}
	return rows
}
