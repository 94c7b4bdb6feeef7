package report

import (
	"bytes"
	"context"
	"encoding/csv"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/apache/arrow/go/v16/arrow"
	"github.com/apache/arrow/go/v16/arrow/array"
	"github.com/apache/arrow/go/v16/arrow/memory"
	"github.com/apache/arrow/go/v16/parquet"
	"github.com/apache/arrow/go/v16/parquet/file"
	"github.com/apache/arrow/go/v16/parquet/pqarrow"
)

func readParquet(t *testing.T, path string) arrow.Table {
	t.Helper()
	table, err := pqarrow.ReadTable(context.Background(), bytes.NewReader(readFile(t, path)), parquet.NewReaderProperties(memory.DefaultAllocator),
		pqarrow.ArrowReadProperties{}, memory.DefaultAllocator)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(table.Release)
	return table
}

// The two files hold the same rows, but for formulas, which only a
// spreadsheet would run.
func TestParquetHoldsTheRowsOfTheCSV(t *testing.T) {
	findings := append(sampleFindings(), manyFindings(500, 11)...)
	dir := writeFolder(t, FolderOptions{}, sampleRun(findings...), findings)
	rows, err := csv.NewReader(bytes.NewReader(readFile(t, filepath.Join(dir, FindingsCSVName)))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	table := readParquet(t, filepath.Join(dir, FindingsParquetName))
	if int(table.NumRows()) != len(rows)-1 || int(table.NumCols()) != len(rows[0]) {
		t.Fatalf("%d × %d, CSV %d × %d", table.NumRows(), table.NumCols(), len(rows)-1, len(rows[0]))
	}
	for c := range rows[0] {
		if name := table.Schema().Field(c).Name; name != rows[0][c] {
			t.Errorf("column %d is %s, CSV %s", c, name, rows[0][c])
		}
		r := 1
		for _, chunk := range table.Column(c).Data().Chunks() {
			for i := range chunk.Len() {
				if got, want := cellText(chunk, rows[0][c], i), rows[r][c]; got != want && "'"+got != want {
					t.Errorf("row %d %s: %q, CSV %q", r, rows[0][c], got, want)
				}
				r++
			}
		}
	}
}

func cellText(chunk arrow.Array, name string, i int) string {
	if chunk.IsNull(i) {
		return ""
	}
	switch a := chunk.(type) {
	case *array.Int64:
		return strconv.FormatInt(a.Value(i), 10)
	case *array.Float64:
		places := 2
		if strings.HasPrefix(name, "p_") {
			places = 6
		}
		return strconv.FormatFloat(a.Value(i), 'f', places, 64)
	}
	return chunk.ValueStr(i)
}

func TestParquetWithoutFindings(t *testing.T) {
	dir := writeFolder(t, FolderOptions{}, sampleRun(), nil)
	if table := readParquet(t, filepath.Join(dir, FindingsParquetName)); table.NumRows() != 0 || int(table.NumCols()) != len(findingsHeader) {
		t.Errorf("%d × %d", table.NumRows(), table.NumCols())
	}
}

func TestParquetMetadata(t *testing.T) {
	findings := manyFindings(10, 2)
	dir := writeFolder(t, FolderOptions{}, sampleRun(findings...), findings)
	reader, err := file.OpenParquetFile(filepath.Join(dir, FindingsParquetName), false)
	if err != nil {
		t.Fatal(err)
	}
	defer reader.Close()
	if by := reader.MetaData().GetCreatedBy(); by != "himozuke" {
		t.Errorf("created by %q: bytes must not depend on library versions' names", by)
	}
}

// A column whose pages are of two encodings would not be the same bytes each
// time: see dictionaryRoom.
func TestParquetColumnsHaveOneEncoding(t *testing.T) {
	var out bytes.Buffer
	w, err := newParquetWriter(&out)
	if err != nil {
		t.Fatal(err)
	}
	for i := range parquetBatch + 10 {
		text := strconv.Itoa(i) + strings.Repeat("渡邉", 20)
		r := row{caseID: text, recordID: text, differences: text, organization: text, summary: text, sourceLine: int64(i),
			pWrong: float64(i) / parquetBatch, weight: float64(i), hasOwner: true, pOwner: float64(i) / parquetBatch, ownerWeight: float64(i)}
		if err := w.finding(&r); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.close(); err != nil {
		t.Fatal(err)
	}
	reader, err := file.NewParquetReader(bytes.NewReader(out.Bytes()))
	if err != nil {
		t.Fatal(err)
	}
	defer reader.Close()
	for g := range reader.NumRowGroups() {
		for c := range findingsHeader {
			column, err := reader.MetaData().RowGroup(g).ColumnChunk(c)
			if err != nil {
				t.Fatal(err)
			}
			want := 1
			if column.HasDictionaryPage() {
				want = 2
			}
			if got := len(column.EncodingStats()); got != want {
				t.Errorf("group %d, %s: pages of %d encodings, want %d", g, findingsHeader[c], got, want)
			}
		}
	}
}
