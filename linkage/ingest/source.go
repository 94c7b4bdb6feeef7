package ingest

import (
	"bufio"
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"slices"
	"strings"
	"sync"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"

	"github.com/himozuke/himozuke/normalize/encoding"
)

// Options say how to read a file.
type Options struct {
	Path     string            // "-" is standard input
	Encoding string            // utf-8, utf-16, cp932, or one of their other names; empty: found from the bytes
	Columns  map[string]string // role name → heading, overrides the alias table
	Register bool              // the file is the register, which must have names
	Free     bool              // general linkage: no column is required
	Hash     bool              // compute the SHA-256 of the file during Scan

	blockSize int // for tests; zero is the usual size
	rowLimit  int
	maxRows   int
}

// A Source is one file that was opened and understood. Scan and Fetch may not
// run at the same time.
type Source struct {
	Path        string
	Bytes       int64 // of the file as it is
	Format      string
	Compression string // gzip, zstd or nothing
	Encoding    string // utf-8, utf-8-bom, utf-16le, utf-16be, cp932
	Headings    []string

	options  Options
	file     *os.File
	stamp    fs.FileInfo // of the file when it was opened
	table    table       // of Parquet and Arrow files
	unpacked *os.File    // a temporary file, when the table was compressed
	encoding textEncoding
	oldLines bool // lines end with a carriage return alone
	comma    byte
	columns  columns
	withRole []int  // columns with a role
	noRole   []bool // by column

	head      []byte // the first bytes of the text
	mark      int64  // length of the byte order mark
	dataStart int64  // offset of the first row in the text
	origin    int64  // the same in the (decompressed) file
	dataLine  int64  // its line

	scanned     bool
	readThrough bool     // Fetch has read all of the text once
	spooled     *os.File // then the text in a temporary file

	directory []entry // of the blocks of text, by line; made by Scan
	hash      string

	undecodable undecodable
}

// Open finds out what a file is: compression, container, encoding, delimiter
// and the meaning of its headings. Whatever is wrong with it as a whole is a
// *[Problem].
func Open(o Options) (*Source, error) {
	s := &Source{Path: o.Path, options: o}
	s.options.blockSize = cmp.Or(o.blockSize, blockSize)
	s.options.rowLimit = cmp.Or(o.rowLimit, rowLimit)
	s.options.maxRows = cmp.Or(o.maxRows, maxRows)
	if p := s.open(); p != nil {
		p.Path = s.name()
		s.Close()
		return nil, p
	}
	return s, nil
}

// name is the path for messages.
func (s *Source) name() string {
	if s.Path == "-" {
		return "standard input"
	}
	return s.Path
}

// Close ends the use of the file.
func (s *Source) Close() error {
	if s.file == nil {
		return nil
	}
	err := s.file.Close()
	for _, temporary := range []*os.File{s.unpacked, s.spooled} {
		if temporary != nil {
			err = errors.Join(err, temporary.Close())
		}
	}
	s.file, s.unpacked, s.spooled = nil, nil, nil
	return err
}

// Role is the meaning of a column by its position.
func (s *Source) Role(column int) Role { return s.columns.byColumn[column] }

// Column is the position of the column with that role, the first of them for an
// address that is spread over several, -1 when there is none.
func (s *Source) Column(r Role) int {
	c := int(s.columns.byRole[r])
	if c == spread {
		c = s.columns.address[0]
	}
	return c
}

// Understood lists the headings that have a role, by the name of the role.
func (s *Source) Understood() map[string]string {
	m := make(map[string]string)
	for r := RoleOther + 1; r < Roles; r++ {
		switch c := s.columns.byRole[r]; c {
		case absent:
		case spread:
			var parts []string
			for _, column := range s.columns.address {
				parts = append(parts, s.Headings[column])
			}
			m[r.String()] = strings.Join(parts, " + ")
		default:
			m[r.String()] = s.Headings[c]
		}
	}
	return m
}

// SHA256 is the hash of the file in hexadecimal, after a Scan that was asked
// for it.
func (s *Source) SHA256() string { return s.hash }

func (s *Source) open() *Problem {
	if p := s.openFile(); p != nil {
		return p
	}
	magic := make([]byte, 16)
	n, err := s.file.ReadAt(magic, 0)
	if err != nil && err != io.EOF {
		return unreadable(err)
	}
	magic = magic[:n]
	switch {
	case n == 0:
		return &Problem{Kind: ProblemEmpty}
	case bytes.HasPrefix(magic, []byte{0x1F, 0x8B}):
		s.Compression = "gzip"
	case bytes.HasPrefix(magic, []byte{0x28, 0xB5, 0x2F, 0xFD}):
		s.Compression = "zstd"
	}
	if kind := container(magic); kind != "" {
		return s.openTable(kind, s.file)
	}
	if s.Compression != "" {
		if kind, f, p := s.unpackTable(); p != nil || kind != "" {
			if p != nil {
				return p
			}
			return s.openTable(kind, f)
		}
	}
	return s.openText()
}

// unpackTable decompresses a Parquet or Arrow file that somebody compressed
// again, since it cannot be read from front to back.
func (s *Source) unpackTable() (kind string, f *os.File, p *Problem) {
	r, err := s.stream()
	if err != nil {
		return "", nil, unreadable(err)
	}
	defer r.Close()
	magic := make([]byte, 16)
	n, err := io.ReadFull(r, magic)
	if err != nil && err != io.EOF && err != io.ErrUnexpectedEOF {
		return "", nil, unreadable(err)
	}
	if kind = container(magic[:n]); kind == "" {
		return "", nil, nil
	}
	if s.unpacked, err = spool(io.MultiReader(bytes.NewReader(magic[:n]), r)); err != nil {
		return "", nil, unreadable(err)
	}
	return kind, s.unpacked, nil
}

// openFile opens the file, or brings what cannot be read twice into one that
// can.
func (s *Source) openFile() *Problem {
	f := os.Stdin
	if s.Path != "-" {
		var err error
		f, err = os.Open(s.Path)
		if errors.Is(err, fs.ErrNotExist) {
			return &Problem{Kind: ProblemMissing, Err: err}
		}
		if err != nil {
			return unreadable(err)
		}
	}
	info, err := f.Stat()
	if err != nil {
		return unreadable(err)
	}
	if info.IsDir() {
		f.Close()
		return &Problem{Kind: ProblemUnreadable, Detail: "it is a directory"}
	}
	if s.Path == "-" || !info.Mode().IsRegular() {
		spooled, err := spool(f)
		if s.Path != "-" {
			f.Close()
		}
		if err != nil {
			return unreadable(err)
		}
		f = spooled
		if info, err = f.Stat(); err != nil {
			return unreadable(err)
		}
	}
	s.file, s.stamp, s.Bytes = f, info, info.Size()
	return nil
}

// spool copies a stream to a temporary file that only this process can read
// and that is gone when it ends, however it ends.
func spool(r io.Reader) (*os.File, error) {
	f, err := os.CreateTemp("", "himozuke-*")
	if err != nil {
		return nil, err
	}
	os.Remove(f.Name())
	if _, err := io.Copy(f, r); err != nil {
		f.Close()
		return nil, fmt.Errorf("copying to a temporary file: %w", err)
	}
	return f, nil
}

func unreadable(err error) *Problem {
	var p *Problem
	if errors.As(err, &p) {
		return p
	}
	// The path is said already, and only once.
	var pathError *fs.PathError
	if errors.As(err, &pathError) {
		err = pathError.Err
	}
	return &Problem{Kind: ProblemUnreadable, Detail: err.Error(), Err: err}
}

// stream reads the decompressed file from its beginning.
func (s *Source) stream() (io.ReadCloser, error) {
	raw := io.NewSectionReader(s.file, 0, s.Bytes)
	switch s.Compression {
	case "gzip":
		z, err := gzip.NewReader(bufio.NewReaderSize(raw, 256<<10))
		return damaged{z, "gzip"}, containerProblem("gzip", err)
	case "zstd":
		z, err := zstd.NewReader(raw, zstd.WithDecoderMaxWindow(128<<20))
		if err != nil {
			return nil, containerProblem("zstd", err)
		}
		return damaged{z.IOReadCloser(), "zstd"}, nil
	}
	return io.NopCloser(raw), nil
}

// damaged names the errors of a decompressor.
type damaged struct {
	io.ReadCloser
	container string
}

func (d damaged) Read(p []byte) (int, error) {
	n, err := d.ReadCloser.Read(p)
	if err != nil && err != io.EOF {
		err = containerProblem(d.container, err)
	}
	return n, err
}

func containerProblem(container string, err error) error {
	if err == nil {
		return nil
	}
	detail := container + ": " + err.Error()
	if errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, io.EOF) {
		detail = container + " data that ends too early"
	}
	return &Problem{Kind: ProblemContainer, Detail: detail, Err: err}
}

// openText understands a CSV or TSV file.
func (s *Source) openText() *Problem {
	head, whole, err := s.readHead(headSize)
	if err != nil {
		return unreadable(err)
	}
	if len(head) == 0 {
		return &Problem{Kind: ProblemEmpty}
	}
	guess, p := s.sniffEncoding(head, whole)
	if p != nil {
		return p
	}
	s.encoding, s.Encoding = guess.encoding, guess.name
	s.mark = int64(guess.mark)
	s.origin = s.mark
	s.head = head[guess.mark:]
	if s.encoding.isUTF16() {
		s.head, _, _ = encoding.AppendUTF16(nil, s.head, s.encoding == utf16BE)
	}
	if bytes.IndexByte(s.head, '\n') < 0 && bytes.IndexByte(s.head, '\r') >= 0 {
		s.oldLines = true
		s.head = bytes.ReplaceAll(s.head, []byte{'\r'}, newline)
	}
	return s.readHeadings(whole)
}

// headSize is how much of a file is read to understand it.
const headSize = 1 << 20

// readHead reads the first n bytes of the decompressed file and tells whether
// that is all of it.
func (s *Source) readHead(n int) (head []byte, whole bool, err error) {
	r, err := s.stream()
	if err != nil {
		return nil, false, err
	}
	defer r.Close()
	head, err = io.ReadAll(io.LimitReader(r, int64(n)))
	return head, len(head) < n, err
}

// readHeadings finds the delimiter, reads the headings and the first rows, and
// gives the columns their roles.
func (s *Source) readHeadings(whole bool) *Problem {
	skip, line := 0, int64(1)
	for skip < len(s.head) && (s.head[skip] == '\n' || s.head[skip] == '\r') {
		if s.head[skip] == '\n' {
			line++
		}
		skip++
	}
	text := s.head[skip:]
	if len(text) == 0 {
		return &Problem{Kind: ProblemEmpty}
	}
	s.comma, s.Format = ',', "csv"
	first := text
	if i := bytes.IndexByte(text, '\n'); i >= 0 {
		first = text[:i]
	}
	if bytes.Count(first, []byte{'\t'}) > bytes.Count(first, []byte{','}) {
		s.comma, s.Format = '\t', "tsv"
	}
	end := lastRowEnd(text, s.comma, whole, 1)
	if end == 0 {
		return &Problem{Kind: ProblemHeading, Line: line, Detail: "the first line does not end, or a quote in it is never closed"}
	}
	s.Headings = s.splitHeadings(text[:end])
	if s.Headings == nil {
		return &Problem{Kind: ProblemHeading, Line: line, Detail: "a quote in the first line is never closed"}
	}
	s.dataStart = int64(skip + end)
	s.dataLine = line + int64(bytes.Count(text[:end], newline))
	s.origin += s.encoding.sizeInFile(s.head[:s.dataStart], false)
	if whole && len(bytes.Trim(text[end:], "\r\n\x1a")) == 0 {
		return &Problem{Kind: ProblemEmpty, Detail: "there are headings only"}
	}
	if p := s.understand(s.sampleRows(text[end:], whole)); p != nil {
		if p.Line > 0 {
			p.Line = line
		}
		return p
	}
	return nil
}

// understand gives the columns their meaning.
func (s *Source) understand(sample [][]string) *Problem {
	c, p := understand(s.Headings, sample, s.options)
	if p != nil {
		return p
	}
	s.setColumns(c)
	return nil
}

func (s *Source) setColumns(c columns) {
	s.columns = c
	s.withRole, s.noRole = nil, make([]bool, len(c.headings))
	for column, r := range c.byColumn {
		if r == RoleOther {
			s.noRole[column] = true
		} else {
			s.withRole = append(s.withRole, column)
		}
	}
}

// splitHeadings splits the first row into headings; nil when it is broken.
func (s *Source) splitHeadings(row []byte) []string {
	row = bytes.TrimRight(row, "\r\n")
	var headings []string
	for at := 0; ; {
		var field []byte
		if at < len(row) && row[at] == '"' {
			closing, _, state := closeQuote(row, at, s.comma, true)
			if state != quoteClosed {
				return nil
			}
			field = bytes.ReplaceAll(row[at+1:closing], []byte(`""`), []byte(`"`))
			at = closing + 1
		} else {
			end := at + indexEither(row[at:], s.comma, '\n')
			field, at = row[at:end], end
		}
		text, _ := s.encoding.decode(nil, field)
		headings = append(headings, strings.TrimSpace(string(text)))
		if at == len(row) {
			return headings
		}
		at++
	}
}

// sampleRows are the first rows in full, for what the headings leave open.
func (s *Source) sampleRows(text []byte, whole bool) [][]string {
	const most = 200
	s.setColumns(noColumns(s.Headings))
	end := lastRowEnd(text, s.comma, whole, most)
	batch := newSplitter(s).split(block{data: slices.Clone(text[:end]), quoted: true})
	return batchText(batch)
}

// batchText copies all fields of a batch.
func batchText(batch *Batch) [][]string {
	rows := make([][]string, batch.Rows())
	for row := range rows {
		rows[row] = make([]string, batch.columns)
		for column := range batch.columns {
			rows[row][column] = string(batch.Column(row, column))
		}
	}
	return rows
}

// undecodable counts what the encoding could not carry over.
type undecodable struct {
	mu    sync.Mutex
	count int64
	lines []int64 // the first ones, ascending
}

// undecodableLines is how many lines are remembered.
const undecodableLines = 10

func (s *Source) noteUndecodable(line int64, n int) {
	u := &s.undecodable
	u.mu.Lock()
	defer u.mu.Unlock()
	u.count += int64(n)
	at, _ := slices.BinarySearch(u.lines, line)
	if at < undecodableLines {
		u.lines = slices.Insert(u.lines, at, line)
		u.lines = u.lines[:min(len(u.lines), undecodableLines)]
	}
}

// Undecodable is how many bytes of the columns with a role could not be read
// during Scan, and the first lines where that happened. They stand as U+FFFD in
// the text.
func (s *Source) Undecodable() (count int64, firstLines []int64) {
	return s.undecodable.count, s.undecodable.lines
}
