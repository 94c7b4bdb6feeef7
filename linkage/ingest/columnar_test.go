package ingest

import (
	"bytes"
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/apache/arrow/go/v16/arrow"
	"github.com/apache/arrow/go/v16/arrow/array"
	"github.com/apache/arrow/go/v16/arrow/ipc"
	"github.com/apache/arrow/go/v16/arrow/memory"
	"github.com/apache/arrow/go/v16/parquet"
	"github.com/apache/arrow/go/v16/parquet/compress"
	"github.com/apache/arrow/go/v16/parquet/pqarrow"
)

// people is a table of n rows with the types that other programs give to the
// columns, and the text that must come out.
func people(n, first int) (arrow.Record, []row) {
	schema := arrow.NewSchema([]arrow.Field{
		{Name: "個人番号", Type: arrow.PrimitiveTypes.Int64, Nullable: true},
		{Name: "氏名", Type: arrow.BinaryTypes.String, Nullable: true},
		{Name: "生年月日", Type: arrow.FixedWidthTypes.Date32, Nullable: true},
		{Name: "性別", Type: &arrow.DictionaryType{IndexType: arrow.PrimitiveTypes.Int32, ValueType: arrow.BinaryTypes.String}, Nullable: true},
		{Name: "郵便番号", Type: arrow.PrimitiveTypes.Float64, Nullable: true},
		{Name: "登録日", Type: &arrow.TimestampType{Unit: arrow.Millisecond}, Nullable: true},
		{Name: "備考", Type: arrow.FixedWidthTypes.Boolean, Nullable: true},
	}, nil)
	b := array.NewRecordBuilder(memory.DefaultAllocator, schema)
	defer b.Release()
	var want []row
	for i := first; i < first+n; i++ {
		if i%7 == 3 {
			for _, field := range b.Fields() {
				field.AppendNull()
			}
			want = append(want, row{line: int64(i + 2), fields: make([]string, 7)})
			continue
		}
		b.Field(0).(*array.Int64Builder).Append(int64(i))
		b.Field(1).(*array.StringBuilder).Append(fmt.Sprintf("山田,%d", i))
		b.Field(2).(*array.Date32Builder).Append(arrow.Date32(i % 1000))
		if err := b.Field(3).(*array.BinaryDictionaryBuilder).AppendString([]string{"男", "女"}[i%2]); err != nil {
			panic(err)
		}
		b.Field(4).(*array.Float64Builder).Append(float64(600000 + i%10))
		day := int64(i%3) * 43200_000
		b.Field(5).(*array.TimestampBuilder).Append(arrow.Timestamp(day))
		b.Field(6).(*array.BooleanBuilder).Append(i%2 == 0)
		want = append(want, row{line: int64(i + 2), fields: []string{
			fmt.Sprintf("%012d", i), fmt.Sprintf("山田,%d", i), arrow.Date32(i % 1000).FormattedString(), []string{"男", "女"}[i%2],
			fmt.Sprintf("060000%d", i%10), []string{"1970-01-01", "1970-01-01T12:00:00", "1970-01-02"}[i%3], fmt.Sprint(i%2 == 0),
		}})
	}
	return b.NewRecord(), want
}

func asParquet(t testing.TB, groupRows int64, records ...arrow.Record) []byte {
	t.Helper()
	var b bytes.Buffer
	w, err := pqarrow.NewFileWriter(records[0].Schema(), &b,
		parquet.NewWriterProperties(parquet.WithCompression(compress.Codecs.Snappy), parquet.WithMaxRowGroupLength(groupRows)),
		pqarrow.DefaultWriterProps())
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range records {
		table := array.NewTableFromRecords(r.Schema(), []arrow.Record{r})
		if err := w.WriteTable(table, groupRows); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func asArrowFile(t testing.TB, records ...arrow.Record) []byte {
	t.Helper()
	f := memoryFile{}
	w, err := ipc.NewFileWriter(&f, ipc.WithSchema(records[0].Schema()))
	if err != nil {
		t.Fatal(err)
	}
	writeRecords(t, w, records)
	return f.Bytes()
}

func asArrowStream(t testing.TB, records ...arrow.Record) []byte {
	t.Helper()
	var b bytes.Buffer
	writeRecords(t, ipc.NewWriter(&b, ipc.WithSchema(records[0].Schema()), ipc.WithZstd()), records)
	return b.Bytes()
}

func writeRecords(t testing.TB, w interface {
	Write(arrow.Record) error
	Close() error
}, records []arrow.Record) {
	t.Helper()
	for _, r := range records {
		if err := w.Write(r); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
}

// memoryFile is a buffer that says where it is.
type memoryFile struct{ bytes.Buffer }

func (m *memoryFile) Seek(offset int64, whence int) (int64, error) { return int64(m.Len()), nil }

func TestParquetAndArrowGiveTheSameRowsAsText(t *testing.T) {
	const n = 36400
	first, want := people(n/2, 0)
	second, more := people(n/2, n/2)
	want = append(want, more...)
	tests := []struct {
		name, format, compression string
		content                   []byte
	}{
		{"one row group each", "parquet", "", asParquet(t, n, first, second)},
		{"many row groups", "parquet", "", asParquet(t, 3000, first, second)},
		{"arrow file", "arrow", "", asArrowFile(t, first, second)},
		{"arrow stream", "arrow", "", asArrowStream(t, first, second)},
		{"arrow stream in gzip", "arrow", "gzip", compressed(t, asArrowStream(t, first, second), "gzip")},
		{"parquet in zstd", "parquet", "zstd", compressed(t, asParquet(t, 3000, first, second), "zstd")},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			s := open(t, Options{Path: write(t, "in.parquet", test.content), Hash: true})
			if s.Format != test.format || s.Compression != test.compression {
				t.Errorf("understood as %s, %q", s.Format, s.Compression)
			}
			if s.Column(RoleNumber) != 0 || s.Column(RolePostalCode) != 4 {
				t.Errorf("understood %v", s.Understood())
			}
			for _, jobs := range []int{1, 3} {
				got := scanned(t, s, jobs)
				if len(got) != len(want) {
					t.Fatalf("%d jobs: %d rows, want %d", jobs, len(got), len(want))
				}
				for i := range got {
					if got[i].String() != want[i].String() {
						t.Fatalf("%d jobs: got %v, want %v", jobs, got[i], want[i])
					}
				}
			}
			if len(s.SHA256()) != 64 {
				t.Errorf("hash is %q", s.SHA256())
			}
			var fetched []string
			lines := []int64{2, 3, 17000, 18201, 18202, 36399, n + 1}
			err := s.Fetch(context.Background(), lines, func(line int64, b *Batch, r int) error {
				fetched = append(fetched, fmt.Sprint(line, string(b.Field(r, RoleName))))
				return nil
			})
			if err != nil {
				t.Fatal(err)
			}
			for i, line := range lines {
				if w := fmt.Sprint(line, want[line-2].fields[1]); fetched[i] != w {
					t.Errorf("fetched %q, want %q", fetched[i], w)
				}
			}
			sample, err := s.Sample(10)
			if err != nil || sample.Rows() != 10 || string(sample.Field(9, RoleName)) != want[9].fields[1] {
				t.Errorf("sample has %d rows, %v", sample.Rows(), err)
			}
		})
	}
}

func TestDamagedTables(t *testing.T) {
	record, _ := people(1000, 0)
	whole := map[string][]byte{
		"parquet": asParquet(t, 300, record), "file": asArrowFile(t, record), "stream": asArrowStream(t, record),
	}
	for name, content := range whole {
		for cut := 1; cut < 12; cut++ {
			damaged := bytes.Clone(content[:len(content)*cut/12])
			if cut > 6 { // the whole length, with a hole
				damaged = bytes.Clone(content)
				clear(damaged[len(content)*(cut-6)/7:][:min(200, len(content)/20)])
			}
			path := write(t, "in.parquet", damaged)
			s, err := Open(Options{Path: path})
			if err == nil {
				err = s.Scan(context.Background(), 2, func(int, *Batch) error { return nil })
				s.Close()
			}
			if err == nil {
				continue // a hole in values gives other values
			}
			checkProblem(t, err, path, ProblemContainer, "")
			if strings.Contains(err.Error(), "goroutine") {
				t.Errorf("%s cut at %d: %v", name, cut, err)
			}
		}
	}
}
