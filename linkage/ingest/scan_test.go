package ingest

import (
	"bytes"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"encoding/csv"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"unicode/utf16"

	"github.com/klauspost/compress/zstd"
	"pgregory.net/rapid"

	"github.com/himozuke/himozuke/normalize/encoding"
)

// write puts content into a file of its own.
func write(t testing.TB, name string, content []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, content, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// row is what a scan says of one row: its line with its fields, or its reject.
type row struct {
	line   int64
	fields []string
	reject Reason
	offset int64
}

func (r row) String() string {
	if r.reject != 0 {
		return fmt.Sprintf("%d@%d: reject %d", r.line, r.offset, r.reject)
	}
	return fmt.Sprintf("%d: %q", r.line, r.fields)
}

// scanned collects every row and reject of a source, in file order.
func scanned(t testing.TB, s *Source, jobs int) []row {
	t.Helper()
	var mu sync.Mutex
	batches := map[int][]row{}
	err := s.Scan(context.Background(), jobs, func(_ int, b *Batch) error {
		mu.Lock()
		defer mu.Unlock()
		if _, twice := batches[b.Index]; twice {
			t.Errorf("batch %d came twice", b.Index)
		}
		if b.Rows() > 65535 {
			t.Errorf("batch %d has %d rows", b.Index, b.Rows())
		}
		batches[b.Index] = batchRows(b, len(s.Headings))
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	var all []row
	for i := range len(batches) {
		rows, ok := batches[i]
		if !ok {
			t.Fatalf("there are %d batches, but none has index %d", len(batches), i)
		}
		all = append(all, rows...)
	}
	return all
}

func batchRows(b *Batch, columns int) []row {
	rows := []row{}
	for r := range b.Rows() {
		one := row{line: b.Line(r)}
		for c := range columns {
			one.fields = append(one.fields, string(b.Column(r, c)))
		}
		rows = append(rows, one)
	}
	for _, r := range b.Rejects {
		rows = append(rows, row{line: r.Line, reject: r.Reason, offset: r.Offset})
	}
	slices.SortStableFunc(rows, func(a, b row) int { return int(a.line - b.line) })
	return rows
}

func open(t testing.TB, o Options) *Source {
	t.Helper()
	s, err := Open(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

const small = "個人番号,氏名,住所\n" +
	"123456789018,山田　太郎,東京都千代田区1-1\n" +
	"983205673214,髙橋 花子,\"大阪市, 北区\"\n"

func compressed(t testing.TB, content []byte, with string) []byte {
	t.Helper()
	var b bytes.Buffer
	var w io.WriteCloser = gzip.NewWriter(&b)
	if with == "zstd" {
		var err error
		if w, err = zstd.NewWriter(&b); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := w.Write(content); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func inUTF16(text string, bigEndian bool) []byte {
	var out []byte
	for _, u := range utf16.Encode([]rune(text)) {
		if bigEndian {
			out = append(out, byte(u>>8), byte(u))
		} else {
			out = append(out, byte(u), byte(u>>8))
		}
	}
	return out
}

func inCP932(t testing.TB, text string) []byte {
	out, replaced := encoding.AppendCP932(nil, []byte(text))
	if replaced > 0 {
		t.Fatalf("%q has no CP932 form", text)
	}
	return out
}

func TestReadsEveryEncodingAndCompression(t *testing.T) {
	tests := []struct {
		name, encoding, compression, format string
		content                             []byte
	}{
		{"plain", "utf-8", "", "csv", []byte(small)},
		{"byte order mark", "utf-8-bom", "", "csv", []byte("\uFEFF" + small)},
		{"cp932", "cp932", "", "csv", inCP932(t, small)},
		{"utf-16 with mark", "utf-16le", "", "csv", inUTF16("\uFEFF"+small, false)},
		{"big-endian with mark", "utf-16be", "", "csv", inUTF16("\uFEFF"+small, true)},
		{"utf-16 without mark", "utf-16le", "", "csv", inUTF16(small, false)},
		{"big-endian without mark", "utf-16be", "", "csv", inUTF16(small, true)},
		{"gzip", "utf-8", "gzip", "csv", compressed(t, []byte(small), "gzip")},
		{"zstd", "utf-8", "zstd", "csv", compressed(t, []byte(small), "zstd")},
		{"cp932 in gzip", "cp932", "gzip", "csv", compressed(t, inCP932(t, small), "gzip")},
		{"utf-16 in zstd", "utf-16le", "zstd", "csv", compressed(t, inUTF16("\uFEFF"+small, false), "zstd")},
		{"two gzip members", "utf-8", "gzip", "csv", append(compressed(t, []byte(small[:40]), "gzip"), compressed(t, []byte(small[40:]), "gzip")...)},
		{"crlf", "utf-8", "", "csv", []byte(strings.ReplaceAll(small, "\n", "\r\n"))},
		{"carriage returns", "utf-8", "", "csv", []byte(strings.ReplaceAll(small, "\n", "\r"))},
		{"carriage returns in utf-16", "utf-16be", "", "csv", inUTF16("\uFEFF"+strings.ReplaceAll(small, "\n", "\r"), true)},
		{"no last line end", "utf-8", "", "csv", []byte(strings.TrimSuffix(small, "\n"))},
		{"old end mark", "cp932", "", "csv", append(inCP932(t, small), 0x1A)},
		{"tabs", "utf-8", "", "tsv", []byte(strings.NewReplacer(`"大阪市, 北区"`, "大阪市, 北区", ",", "\t", ", ", ", ").Replace(small))},
	}
	want := []row{
		{line: 2, fields: []string{"123456789018", "山田　太郎", "東京都千代田区1-1"}},
		{line: 3, fields: []string{"983205673214", "髙橋 花子", "大阪市, 北区"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			s := open(t, Options{Path: write(t, "in.csv", test.content), Hash: true})
			if s.Encoding != test.encoding || s.Compression != test.compression || s.Format != test.format {
				t.Errorf("understood as %q, %q, %q", s.Encoding, s.Compression, s.Format)
			}
			if got := s.Understood(); got["individual_number"] != "個人番号" || got["name"] != "氏名" || got["address"] != "住所" {
				t.Errorf("columns understood as %v", got)
			}
			for _, jobs := range []int{1, 3} {
				if got := scanned(t, s, jobs); fmt.Sprint(got) != fmt.Sprint(want) {
					t.Errorf("%d jobs: got %v", jobs, got)
				}
			}
			sum := sha256.Sum256(test.content)
			if got := s.SHA256(); got != hex.EncodeToString(sum[:]) {
				t.Errorf("hash is %s", got)
			}
			err := s.Fetch(context.Background(), []int64{2, 3}, func(line int64, b *Batch, r int) error {
				if got := string(b.Field(r, RoleName)); got != want[line-2].fields[1] {
					t.Errorf("line %d: fetched %q", line, got)
				}
				return nil
			})
			if err != nil {
				t.Error(err)
			}
		})
	}
}

func TestStandardInputIsSpooled(t *testing.T) {
	in, err := os.Open(write(t, "in.csv", []byte(small)))
	if err != nil {
		t.Fatal(err)
	}
	defer in.Close()
	temporary := t.TempDir()
	t.Setenv("TMPDIR", temporary)
	stdin := os.Stdin
	os.Stdin = in
	defer func() { os.Stdin = stdin }()
	s := open(t, Options{Path: "-"})
	if rows := scanned(t, s, 2); len(rows) != 2 {
		t.Errorf("got %v", rows)
	}
	if left, _ := os.ReadDir(temporary); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
}

func TestRejects(t *testing.T) {
	const head = "number,name,birth_date\n"
	opts := map[string]string{"number": "number"}
	tests := []struct {
		name string
		text string
		want []row
	}{
		{"ragged", "1,a\n2,b,c\n3,d,e,f\n", []row{
			{line: 2, reject: ReasonFieldCount, offset: 23}, {line: 3, fields: []string{"2", "b", "c"}}, {line: 4, reject: ReasonFieldCount, offset: 33}}},
		{"quoted newline", "1,\"a\nb\",c\n2,d,e\n", []row{
			{line: 2, fields: []string{"1", "a\nb", "c"}}, {line: 4, fields: []string{"2", "d", "e"}}}},
		{"doubled quotes", "1,\"a \"\"b\"\" c\",\"\"\"\"\n2,\"\",\"\"\"x\"\n", []row{
			{line: 2, fields: []string{"1", `a "b" c`, `"`}}, {line: 3, fields: []string{"2", "", `"x`}}}},
		{"quote inside a field is text", "1,a\"b,c\n", []row{{line: 2, fields: []string{"1", `a"b`, "c"}}}},
		{"unterminated quote costs one line", "1,\"a,b\n2,c,d\n3,e,f\n", []row{
			{line: 2, reject: ReasonQuote, offset: 23}, {line: 3, fields: []string{"2", "c", "d"}}, {line: 4, fields: []string{"3", "e", "f"}}}},
		{"unterminated quote before quoted rows", "1,\"a,b\n2,\"c\",d\n", []row{
			{line: 2, reject: ReasonQuote, offset: 23}, {line: 3, fields: []string{"2", "c", "d"}}}},
		{"text after a quote", "1,\"a\"b,c\n2,c,d\n", []row{
			{line: 2, reject: ReasonQuote, offset: 23}, {line: 3, fields: []string{"2", "c", "d"}}}},
		{"unterminated after a quoted newline", "1,\"a\nb\",\"c\n2,d,e\n", []row{
			{line: 2, reject: ReasonQuote, offset: 23}, {line: 4, fields: []string{"2", "d", "e"}}}},
		{"ragged over two lines", "1,\"a\nb\"\n2,d,e\n", []row{
			{line: 2, reject: ReasonFieldCount, offset: 23}, {line: 4, fields: []string{"2", "d", "e"}}}},
		{"blank lines are no rows", "\n1,a,b\r\n\r\n\n2,c,d", []row{
			{line: 3, fields: []string{"1", "a", "b"}}, {line: 6, fields: []string{"2", "c", "d"}}}},
		{"lone carriage return", "1,a\rb,c\r\n2,d,e\r", []row{
			{line: 2, fields: []string{"1", "a\rb", "c"}}, {line: 3, fields: []string{"2", "d", "e"}}}},
		{"quoted at the end of the file", "1,a,\"b\"\r\n2,c,\"d\"\r", []row{
			{line: 2, fields: []string{"1", "a", "b"}}, {line: 3, fields: []string{"2", "c", "d"}}}},
		{"too long", "1,a,b\n2," + strings.Repeat("x", 400) + ",d\n3,e,f\n", []row{
			{line: 2, fields: []string{"1", "a", "b"}}, {line: 3, reject: ReasonTooLong, offset: 29}, {line: 4, fields: []string{"3", "e", "f"}}}},
		{"quote closed beyond the limit", "1,\"a\n" + strings.Repeat("2,b,c\n", 60) + "3,\",f\n", append(append([]row{
			{line: 2, reject: ReasonQuote, offset: 23}}, repeated(60, 3)...),
			row{line: 63, reject: ReasonQuote, offset: 388})},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			path := write(t, "in.csv", []byte(head+test.text))
			for _, size := range []int{8, 32, 256} {
				s := open(t, Options{Path: path, Columns: opts, blockSize: size, rowLimit: 256})
				if got := scanned(t, s, 2); fmt.Sprint(got) != fmt.Sprint(test.want) {
					t.Errorf("blocks of %d: got  %v\nwant %v", size, got, test.want)
				}
			}
		})
	}
}

func repeated(n int, line int64) (rows []row) {
	for i := range n {
		rows = append(rows, row{line: line + int64(i), fields: []string{"2", "b", "c"}})
	}
	return rows
}

// What comes out may depend neither on the number of workers nor on where the
// file is cut, whatever its bytes; and no line may be lost.
func sameHoweverCut(t testing.TB, content []byte) {
	sameWithOptions(t, content, []Options{
		{blockSize: 4096, rowLimit: 4096},
		{blockSize: 16, rowLimit: 4096},
		{blockSize: 77, rowLimit: 4096, maxRows: 3},
		{blockSize: 1024, rowLimit: 4096},
	})
}

func sameWithOptions(t testing.TB, content []byte, options []Options) {
	t.Helper()
	path := write(t, "in.csv", content)
	var want []row
	dataLine := int64(0)
	for i, o := range options {
		o.Path, o.Free, o.Encoding, o.Hash = path, true, "utf-8", true
		s, err := Open(o)
		if err != nil {
			var p *Problem
			if !errors.As(err, &p) {
				t.Fatalf("not a problem: %v", err)
			}
			return
		}
		dataLine = s.dataLine
		for _, jobs := range []int{1, 3} {
			got := scanned(t, s, jobs)
			if sum := sha256.Sum256(content); s.SHA256() != hex.EncodeToString(sum[:]) {
				t.Fatalf("blocks of %d, %d jobs: hash is %s of %q", o.blockSize, jobs, s.SHA256(), content)
			}
			if i == 0 && jobs == 1 {
				want = got
				continue
			}
			if fmt.Sprint(got) != fmt.Sprint(want) {
				t.Fatalf("blocks of %d, %d jobs: got  %v\nwant %v\nof %q", o.blockSize, jobs, got, want, content)
			}
		}
		s.Close()
	}
	covered(t, content, dataLine, want)
}

// covered makes sure that every line with something on it belongs to a row or
// a reject.
func covered(t testing.TB, content []byte, first int64, rows []row) {
	begins := map[int64]bool{}
	for _, r := range rows {
		if begins[r.line] {
			t.Fatalf("line %d stands for two rows of %q", r.line, content)
		}
		begins[r.line] = true
	}
	lines := bytes.Split(content, []byte("\n"))
	for i := int(first) - 1; i < len(lines); i++ {
		if begins[int64(i+1)] || blank(bytes.TrimSuffix(lines[i], []byte("\r")), i == len(lines)-1) {
			continue
		}
		// Else the line is inside a quoted field of an earlier row.
		if !bytes.Contains(bytes.Join(lines[:i+1], nil), []byte(`"`)) {
			t.Fatalf("line %d of %q is lost", i+1, content)
		}
	}
}

func FuzzCSV(f *testing.F) {
	f.Add([]byte("a,b\n1,\"x\ny\"\n\n2,\"z"))
	f.Add([]byte("a,b\n\"1\",\"\"\"\"\r\n2,b\"c\r\n,\"\"x\n\"\r"))
	f.Add([]byte("a\n\"\"\n\n\"\n\"\n\x1a"))
	f.Add([]byte("a,b\n1,\xff\n\"\xe5\xb1\",2\n"))
	f.Fuzz(func(t *testing.T, content []byte) {
		if len(content) < 1<<12 {
			sameHoweverCut(t, content)
		}
		likeEncodingCSV(t, content)
	})
}

// likeEncodingCSV compares with encoding/csv where that has no complaint.
func likeEncodingCSV(t testing.TB, content []byte) {
	reader := csv.NewReader(bytes.NewReader(content))
	records, err := reader.ReadAll()
	if err != nil || len(records) < 2 || bytes.IndexByte(content, 0x1A) >= 0 ||
		!bytes.Equal(bytes.ToValidUTF8(content, nil), content) || bytes.HasPrefix(content, markUTF8) {
		return
	}
	s, err := Open(Options{Path: write(t, "in.csv", content), Free: true, Encoding: "utf-8"})
	if err != nil || s.Format == "tsv" {
		return
	}
	defer s.Close()
	rows := scanned(t, s, 2)
	if len(rows) != len(records)-1 {
		t.Fatalf("%d rows, encoding/csv says %d: %q", len(rows), len(records)-1, content)
	}
	for i, r := range rows {
		if r.reject != 0 {
			t.Fatalf("line %d is rejected, encoding/csv reads %q", r.line, records[i+1])
		}
		for c, field := range r.fields {
			// encoding/csv makes one line end of two inside quotes.
			if strings.ReplaceAll(field, "\r\n", "\n") != records[i+1][c] {
				t.Fatalf("line %d: %q, encoding/csv says %q", r.line, r.fields, records[i+1])
			}
		}
	}
}

func TestSameHoweverCut(t *testing.T) {
	pieces := []string{"a", "bc", ",", ",", "\n", "\n", "\r\n", `"`, `"`, `""`, `,"`, `",`, "\"\n", "山", "\r", "\xff"}
	rapid.Check(t, func(rt *rapid.T) {
		parts := rapid.SliceOfN(rapid.SampledFrom(pieces), 0, 200).Draw(rt, "parts")
		sameHoweverCut(t, []byte("x,y\n"+strings.Join(parts, "")))
	})
}

func TestLongFilesAreTheSameHoweverCut(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 4))
	pieces := []string{"a,b\n", "山田,\"x\"\r\n", "\"c\",\"d\ne\"\n", "\"\"\"f\",\n", "g\"h,i\n", strings.Repeat("k", 300) + ",\n", "l,\"m\n", "\"n\"o,p\n", "q\n", "\n"}
	var content []byte
	for len(content) < 200_000 {
		at := random.IntN(len(pieces))
		if at > 5 && random.IntN(20) > 0 {
			at = 0
		}
		content = append(content, pieces[at]...)
	}
	sameWithOptions(t, append([]byte("x,y\n"), content...), []Options{
		{blockSize: 1 << 20, rowLimit: 1 << 20},
		{blockSize: 5000, rowLimit: 1 << 20},
		{blockSize: 40000, rowLimit: 1 << 20, maxRows: 500},
	})
}

func TestWellFormedLikeEncodingCSV(t *testing.T) {
	field := rapid.StringOfN(rapid.RuneFrom([]rune("ab,\"\n 山田ｱ\t")), 0, 8, -1)
	rapid.Check(t, func(rt *rapid.T) {
		n := rapid.IntRange(2, 5).Draw(rt, "columns")
		records := rapid.SliceOfN(rapid.SliceOfN(field, n, n), 1, 40).Draw(rt, "records")
		var b bytes.Buffer
		b.WriteString("h,h2,h3,h4,h5"[:3*n-2] + "\n")
		w := csv.NewWriter(&b)
		w.UseCRLF = rapid.Bool().Draw(rt, "crlf")
		if err := w.WriteAll(records); err != nil {
			rt.Fatal(err)
		}
		likeEncodingCSV(t, b.Bytes())
	})
}

// The fast way to split rows with quotes must do what the plain one does, and
// cut where it does.
func TestQuotedRowsLikeRowByRow(t *testing.T) {
	pieces := []string{"a", "bc", ",", ",", "\n", "\r\n", `"`, `""`, `,"`, `",`, "\"\n", `"x",`, "\"y\"\n", "山", "\r", strings.Repeat("z", 70), "\x1a"}
	rapid.Check(t, func(rt *rapid.T) {
		likeRowByRow(rt, strings.Join(rapid.SliceOfN(rapid.SampledFrom(pieces), 0, 300).Draw(rt, "parts"), ""))
	})
}

// Of text that is mostly in order the windows and words are many.
func TestOrderlyQuotedRowsLikeRowByRow(t *testing.T) {
	rows := []string{"a,b\n", "\"a\",\"b\"\n", "\"a\",b\r\n", "\"\",\"\"\r\n", "\"a\nb\",c\n", "\"山\"\"川\",\"x\r\n,y\"\n",
		"\"" + strings.Repeat("z\n", 40) + "\",\"" + strings.Repeat("k", 60) + "\"\n", "\n", "a\n", "\"a\"\n", "\"\"\"\",\"\"\"\"\n"}
	faults := []string{"a\"b,c\n", "\"a\"b,c\n", "\"a,b\n", "\"a\",\"b\"\r", "\"a\"\r,b\n"}
	rapid.Check(t, func(rt *rapid.T) {
		random := rand.New(rand.NewPCG(rapid.Uint64().Draw(rt, "seed"), 1))
		few, often := rapid.IntRange(1, len(rows)).Draw(rt, "kinds"), rapid.SampledFrom([]int{50, 2000, 1 << 30}).Draw(rt, "faults")
		var text strings.Builder
		for text.Len() < 10_000 {
			text.WriteString(rows[random.IntN(few)])
			if random.IntN(often) == 0 {
				text.WriteString(faults[random.IntN(len(faults))])
			}
		}
		likeRowByRow(rt, text.String()+rapid.SampledFrom([]string{"", "a", "a,b", "\"a\",\"b\"", "\"a\",\"b"}).Draw(rt, "end"))
	})
}

func likeRowByRow(t *rapid.T, content string) {
	s := &Source{Headings: []string{"x", "y"}, comma: ','}
	s.setColumns(noColumns(s.Headings))
	text := []byte(content)
	fast := newSplitter(s)
	got := batchRows(fast.split(block{data: bytes.Clone(text), line: 2, quoted: true}), 2)
	slow := newSplitter(s)
	slow.batch.data, slow.batch.FirstLine = bytes.Clone(text), 2
	for at := 0; at < len(text); {
		at = slow.quotedRow(slow.batch.data, at)
	}
	for _, i := range slow.doubled {
		slow.batch.spans[i].end = unquote(slow.batch.data, slow.batch.spans[i])
	}
	if want := batchRows(&slow.batch, 2); fmt.Sprint(got) != fmt.Sprint(want) {
		t.Fatalf("%q: got %v, row by row %v", text, got, want)
	}
	for _, atEnd := range []bool{false, true} {
		if got, ok := orderlyRowEnd(text, ',', atEnd, 1<<20); ok && got != lastRowEndSingly(text, ',', atEnd, 1<<20) {
			t.Fatalf("%q: cut at %d, singly at %d", text, got, lastRowEndSingly(text, ',', atEnd, 1<<20))
		}
	}
}

func TestFetchFindsTheRowsOfAScan(t *testing.T) {
	var text strings.Builder
	text.WriteString("個人番号,氏名,住所\n")
	for i := range 3000 {
		switch i % 7 {
		case 2:
			fmt.Fprintf(&text, "%012d,\"山田\n太郎\",\"a\"\"%d\"\n", i, i)
		case 4:
			fmt.Fprintf(&text, "%012d,short\n\n", i)
		case 5:
			fmt.Fprintf(&text, "%012d,\"open,x%d\n", i, i)
		default:
			fmt.Fprintf(&text, "%012d,佐藤,b%d\n", i, i)
		}
	}
	for name, content := range map[string][]byte{
		"utf-8": []byte(text.String()), "cp932": inCP932(t, text.String()),
		"utf-16": inUTF16("\uFEFF"+text.String(), false), "gzip": compressed(t, []byte(text.String()), "gzip"),
	} {
		for _, size := range []int{16 << 10, blockSize} {
			s := open(t, Options{Path: write(t, "in.csv", content), blockSize: size})
			rows := scanned(t, s, 2)
			for _, every := range []int{1, 3, 50, 2000} {
				var lines []int64
				want := map[int64]string{}
				for i, r := range rows {
					if r.reject == 0 && i%every == 0 {
						lines = append(lines, r.line)
						want[r.line] = r.String()
					}
				}
				s.Foresee(lines)
				err := s.Fetch(context.Background(), lines, func(line int64, b *Batch, i int) error {
					got := row{line: b.Line(i)}
					for c := range s.Headings {
						got.fields = append(got.fields, string(b.Column(i, c)))
					}
					if line != lines[0] || got.String() != want[line] {
						t.Errorf("%s: got %v, want line %d: %s", name, got, lines[0], want[line])
					}
					lines = lines[1:]
					return nil
				})
				if err != nil || len(lines) > 0 {
					t.Errorf("%s: %d lines are left, %v", name, len(lines), err)
				}
			}
			for _, line := range []int64{1, 8, 1 << 40} {
				s.Foresee([]int64{line})
				if err := s.Fetch(context.Background(), []int64{line}, func(int64, *Batch, int) error { return nil }); err == nil {
					t.Errorf("%s: line %d is no row, but was fetched", name, line)
				}
			}
		}
	}
}

func TestEstimateRows(t *testing.T) {
	text := register(20000, false)
	record, _ := people(1000, 0)
	for name, content := range map[string][]byte{
		"csv": text, "utf-16": inUTF16(string(text), true), "parquet": asParquet(t, 300, record), "gzip": compressed(t, text, "gzip"),
	} {
		want := map[string]int64{"csv": 20000, "utf-16": 20000, "parquet": 1000}[name]
		got := open(t, Options{Path: write(t, "in.csv", content)}).EstimateRows()
		if got < want*98/100 || got > want*102/100 {
			t.Errorf("%s: %d rows estimated, there are %d", name, got, want)
		}
	}
}

func TestUndecodableBytesAreCountedAndLocated(t *testing.T) {
	tests := []struct{ name, encoding, content string }{
		{"utf-8", "utf-8", "個人番号,氏名,備考\n1,山\xe5太郎,\xff\n2,花子,x\n3,\xff\xfe,y\n"},
		{"cp932", "cp932", "\x8c\xc2\x90l\x94\xd4\x8d\x86,\x8e\x81\x96\xbc,x\n1,\x8eR\xff\x91\xbe\x98Y,\xa0\n2,\x89\xd4\x8eq,x\n3,\xfd\xa0,y\n"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			s := open(t, Options{Path: write(t, "in.csv", []byte(test.content)), Encoding: test.encoding})
			want := "[2: [\"1\" \"山\uFFFD太郎\" \"\uFFFD\"] 3: [\"2\" \"花子\" \"x\"] 4: [\"3\" \"\uFFFD\uFFFD\" \"y\"]]"
			for range 2 {
				if got := fmt.Sprint(scanned(t, s, 2)); got != want {
					t.Errorf("got %s", got)
				}
				if count, lines := s.Undecodable(); count != 3 || fmt.Sprint(lines) != "[2 4]" {
					t.Errorf("%d undecodable bytes on lines %v", count, lines)
				}
			}
		})
	}
}

func TestErrorsEndAScan(t *testing.T) {
	content := []byte("個人番号,氏名\n" + strings.Repeat("1,a\n", 5000))
	s := open(t, Options{Path: write(t, "in.csv", content), blockSize: 64})
	stop := errors.New("stop")
	for _, jobs := range []int{1, 4} {
		err := s.Scan(context.Background(), jobs, func(_ int, b *Batch) error {
			if b.Index >= 3 {
				return fmt.Errorf("%d: %w", b.Index, stop)
			}
			return nil
		})
		if !errors.Is(err, stop) || !strings.HasPrefix(err.Error(), "3:") {
			t.Errorf("%d jobs: %v", jobs, err)
		}
	}
	ctx, cancel := context.WithCancel(context.Background())
	err := s.Scan(ctx, 2, func(int, *Batch) error { cancel(); return nil })
	if !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
}

func TestAChangedFileIsAProblem(t *testing.T) {
	path := write(t, "in.csv", []byte(small))
	s := open(t, Options{Path: path})
	changed := false
	err := s.Scan(context.Background(), 1, func(int, *Batch) error {
		if !changed {
			changed = true
			return os.WriteFile(path, []byte(small+small), 0o600)
		}
		return nil
	})
	checkProblem(t, err, path, ProblemUnreadable, "changed")
}

func TestTruncatedArchiveIsAProblem(t *testing.T) {
	long := []byte("個人番号,氏名\n")
	random := rand.New(rand.NewPCG(5, 6))
	for len(long) < 3<<20 {
		long = fmt.Appendf(long, "%012d,%x\n", random.IntN(1e12), random.Uint64())
	}
	for _, with := range []string{"gzip", "zstd"} {
		whole := compressed(t, long, with)
		path := write(t, "in.csv", whole[:len(whole)-len(whole)/20])
		s := open(t, Options{Path: path})
		err := s.Scan(context.Background(), 2, func(int, *Batch) error { return nil })
		checkProblem(t, err, path, ProblemContainer, "ends too early")
	}
}

func TestSampleGivesTheFirstRows(t *testing.T) {
	s := open(t, Options{Path: write(t, "in.csv", register(100, true))})
	b, err := s.Sample(10)
	if err != nil || b.Rows() != 10 || b.Line(9) != 11 {
		t.Fatalf("%d rows, %v", b.Rows(), err)
	}
	if got := string(b.Field(1, RoleNumber)); got != "000000007919" {
		t.Errorf("second row is %q", got)
	}
}

func TestOffsetsOfRejectsAreThoseOfTheFile(t *testing.T) {
	const before = "個人番号,氏名\n1,山田ﾔﾏﾀﾞ\n2,\"髙\"\"橋\"\n\n"
	const ragged = "3,～,x\n"
	for name, in := range map[string]func(string) []byte{
		"utf-8":     func(s string) []byte { return []byte(s) },
		"mark":      func(s string) []byte { return []byte("\uFEFF" + s) },
		"cp932":     func(s string) []byte { return inCP932(t, s) },
		"utf-16":    func(s string) []byte { return inUTF16("\uFEFF"+s, false) },
		"no mark":   func(s string) []byte { return inUTF16(s, true) },
		"surrogate": func(s string) []byte { return inUTF16("\uFEFF"+strings.ReplaceAll(s, "髙", "𠮷"), true) },
	} {
		for _, size := range []int{32, 1 << 20} {
			s := open(t, Options{Path: write(t, "in.csv", in(before+ragged+"4,a\n")), blockSize: size})
			rows := scanned(t, s, 2)
			want := fmt.Sprintf("5@%d: reject %d", len(in(before)), ReasonFieldCount)
			if len(rows) != 4 || rows[2].String() != want {
				t.Errorf("%s: got %v, want %s", name, rows, want)
			}
		}
	}
}
