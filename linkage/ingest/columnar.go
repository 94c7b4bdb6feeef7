package ingest

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"sync"
	"sync/atomic"

	"github.com/apache/arrow/go/v16/arrow"
	"github.com/apache/arrow/go/v16/arrow/array"
	"github.com/apache/arrow/go/v16/arrow/ipc"
	"github.com/apache/arrow/go/v16/arrow/memory"
	"github.com/apache/arrow/go/v16/parquet"
	"github.com/apache/arrow/go/v16/parquet/file"
	"github.com/apache/arrow/go/v16/parquet/pqarrow"
)

// recordRows is how many rows of a Parquet or Arrow file make a batch.
const recordRows = 16384

// container tells what kind of table the first bytes begin.
func container(magic []byte) string {
	switch {
	case bytes.HasPrefix(magic, []byte("PAR1")):
		return "parquet"
	case bytes.HasPrefix(magic, []byte("ARROW1")):
		return "arrow"
	case len(magic) >= 8 && binary.LittleEndian.Uint32(magic) == 0xFFFFFFFF:
		if size := int32(binary.LittleEndian.Uint32(magic[4:])); size > 0 && size%8 == 0 {
			return "arrow" // a stream
		}
	}
	return ""
}

// A table is an open Parquet or Arrow file. It is read in parts that do not
// depend on each other: row groups, or the whole of an Arrow file.
type table interface {
	schema() (*arrow.Schema, error)
	parts() []part
	// open reads one part from its beginning, with a number of goroutines.
	open(ctx context.Context, p part, jobs int) (records, error)
}

// part is a run of rows; an Arrow file does not know how many it has.
type part struct {
	number int
	row    int64 // its first row
	index  int   // its first batch
	rows   int64 // -1 where nobody knows
}

// records gives one record after the other, ending with io.EOF.
type records interface {
	next() (arrow.Record, error)
	close()
}

// openTable understands a Parquet or Arrow file.
func (s *Source) openTable(kind string, f *os.File) *Problem {
	s.Format, s.Encoding, s.encoding = kind, "utf-8", utf8Text
	info, err := f.Stat()
	if err != nil {
		return unreadable(err)
	}
	err = guarded(kind, func() error {
		if kind == "parquet" {
			s.table, err = newParquetTable(f, info.Size())
		} else {
			s.table, err = newArrowTable(f, info.Size())
		}
		if err != nil {
			return err
		}
		schema, err := s.table.schema()
		if err != nil {
			return err
		}
		for _, field := range schema.Fields() {
			s.Headings = append(s.Headings, field.Name)
		}
		return nil
	})
	if err != nil {
		return unreadable(err)
	}
	s.dataLine = 2
	s.setColumns(noColumns(s.Headings))
	batch, err := s.sampleRecords(200)
	if err != nil {
		return unreadable(err)
	}
	if batch.Rows() == 0 {
		return &Problem{Kind: ProblemEmpty}
	}
	return s.understand(batchText(batch))
}

// guarded runs fn, which reads a file through Arrow. Arrow panics on some
// damaged files.
func guarded(kind string, fn func() error) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = &Problem{Kind: ProblemContainer, Detail: kind + ": the reader gave up on it"}
		}
	}()
	if err = fn(); err == nil || err == io.EOF || errors.Is(err, context.Canceled) {
		return err
	}
	var p *Problem
	if errors.As(err, &p) {
		return err
	}
	return containerProblem(kind, err)
}

// limited allocates what Arrow asks for, up to what no sound file of that size
// needs at once: a damaged one may ask for anything, and there is no way back
// from that.
func limited(size int64) memory.Allocator {
	return limitedAllocator{memory.NewGoAllocator(), int(min(256<<20+64*size, 16<<30))}
}

type limitedAllocator struct {
	*memory.GoAllocator
	most int
}

func (l limitedAllocator) Allocate(size int) []byte {
	l.check(size)
	return l.GoAllocator.Allocate(size)
}

func (l limitedAllocator) Reallocate(size int, b []byte) []byte {
	l.check(size)
	return l.GoAllocator.Reallocate(size, b)
}

func (l limitedAllocator) check(size int) {
	if size > l.most {
		panic("a length in the file is absurd") // caught by guarded
	}
}

// sampleRecords reads the first rows of a table.
func (s *Source) sampleRecords(n int) (*Batch, error) {
	q := s.newRecordQueue(context.Background(), s.table.parts(), 1)
	defer q.close()
	piece, err := q.next()
	if err != nil && err != io.EOF {
		return nil, err
	}
	sp := newSplitter(s)
	if err == io.EOF {
		return sp.split(block{}), nil
	}
	defer piece.record.Release()
	if piece.record.NumRows() > int64(n) {
		short := piece.record.NewSlice(0, int64(n))
		defer short.Release()
		return sp.fill(recordPiece{short, piece.row, piece.index})
	}
	return sp.fill(piece)
}

// scanTable is Scan for Parquet and Arrow.
func (s *Source) scanTable(ctx context.Context, jobs int, fn func(int, *Batch) error, fails *failures) {
	parts := s.table.parts()
	shared := s.newRecordQueue(ctx, parts, jobs)
	defer shared.close()
	var mu sync.Mutex
	taken := 0
	takePart := func() (part, bool) {
		mu.Lock()
		defer mu.Unlock()
		if taken == len(parts) {
			return part{}, false
		}
		taken++
		return parts[taken-1], true
	}
	var workers sync.WaitGroup
	for worker := range jobs {
		workers.Go(func() {
			sp := newSplitter(s)
			sp.counts = true
			if len(parts) < 2*jobs {
				s.drain(ctx, shared, sp, worker, fn, fails)
				return
			}
			for p, ok := takePart(); ok && ctx.Err() == nil; p, ok = takePart() {
				q := s.newRecordQueue(ctx, []part{p}, 1)
				s.drain(ctx, q, sp, worker, fn, fails)
				q.close()
			}
		})
	}
	workers.Wait()
}

// drain hands everything in a queue to fn.
func (s *Source) drain(ctx context.Context, q *recordQueue, sp *splitter, worker int, fn func(int, *Batch) error, fails *failures) {
	for ctx.Err() == nil {
		piece, err := q.next()
		if err == io.EOF {
			return
		}
		if err != nil {
			fails.note(piece.index, s.located(err))
			return
		}
		batch, err := sp.fill(piece)
		if err == nil {
			err = fn(worker, batch)
		} else {
			err = s.located(err)
		}
		piece.record.Release()
		if err != nil {
			fails.note(piece.index, err)
			return
		}
	}
}

// recordPiece is one batch before it is text.
type recordPiece struct {
	record arrow.Record
	row    int64
	index  int
}

// A recordQueue cuts parts into pieces of at most recordRows rows. Workers take
// turns at it.
type recordQueue struct {
	mu    sync.Mutex
	table table
	ctx   context.Context
	kind  string
	jobs  int
	parts []part // still to be read; the first one is open when current is set

	current records
	record  arrow.Record // what is left of it
	row     int64
	index   int
}

func (s *Source) newRecordQueue(ctx context.Context, parts []part, jobs int) *recordQueue {
	return &recordQueue{table: s.table, ctx: ctx, kind: s.Format, parts: parts, jobs: jobs}
}

func (q *recordQueue) next() (piece recordPiece, err error) {
	q.mu.Lock()
	defer q.mu.Unlock()
	for q.record == nil {
		if len(q.parts) == 0 {
			return recordPiece{index: q.index}, io.EOF
		}
		if q.current == nil {
			q.row, q.index = q.parts[0].row, q.parts[0].index
			err = guarded(q.kind, func() (err error) {
				q.current, err = q.table.open(q.ctx, q.parts[0], q.jobs)
				return err
			})
			if err != nil {
				q.parts = nil
				return recordPiece{index: q.index}, err
			}
		}
		err = guarded(q.kind, func() (err error) {
			q.record, err = q.current.next()
			return err
		})
		if err == io.EOF {
			if p := q.parts[0]; p.rows >= 0 && q.row != p.row+p.rows {
				err = &Problem{Kind: ProblemContainer, Detail: fmt.Sprintf("%s: a row group holds %d rows where %d are promised", q.kind, q.row-p.row, p.rows)}
			} else {
				q.current.close()
				q.current, q.parts = nil, q.parts[1:]
				continue
			}
		}
		if err != nil {
			q.record = nil
			return recordPiece{index: q.index}, err
		}
		if q.record.NumRows() == 0 {
			q.record.Release()
			q.record = nil
		}
	}
	n := min(q.record.NumRows(), recordRows)
	piece = recordPiece{q.record.NewSlice(0, n), q.row, q.index}
	q.row += n
	q.index++
	rest := q.record.NumRows() - n
	old := q.record
	q.record = nil
	if rest > 0 {
		q.record = old.NewSlice(n, n+rest)
	}
	old.Release()
	return piece, nil
}

func (q *recordQueue) close() {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.record != nil {
		q.record.Release()
		q.record = nil
	}
	if q.current != nil {
		q.current.close()
		q.current = nil
	}
	q.parts = nil
}

// parquetTable reads row groups.
type parquetTable struct {
	file     *os.File
	size     int64
	metadata *file.Reader
	list     []part
}

func newParquetTable(f *os.File, size int64) (table, error) {
	r, err := file.NewParquetReader(io.NewSectionReader(f, 0, size), file.WithReadProps(parquet.NewReaderProperties(limited(size))))
	if err != nil {
		return nil, err
	}
	t := &parquetTable{file: f, size: size, metadata: r}
	next := part{}
	for i := range r.NumRowGroups() {
		next.number, next.rows = i, r.MetaData().RowGroup(i).NumRows()
		t.list = append(t.list, next)
		next.row += next.rows
		next.index += int((next.rows + recordRows - 1) / recordRows)
	}
	return t, nil
}

func (t *parquetTable) parts() []part { return t.list }

func (t *parquetTable) reader() (*pqarrow.FileReader, error) {
	r, err := file.NewParquetReader(io.NewSectionReader(t.file, 0, t.size),
		file.WithMetadata(t.metadata.MetaData()), file.WithReadProps(parquet.NewReaderProperties(limited(t.size))))
	if err != nil {
		return nil, err
	}
	return pqarrow.NewFileReader(r, pqarrow.ArrowReadProperties{BatchSize: recordRows}, limited(t.size))
}

func (t *parquetTable) schema() (*arrow.Schema, error) {
	r, err := t.reader()
	if err != nil {
		return nil, err
	}
	var fields []arrow.Field
	for _, f := range r.Manifest.Fields {
		if f.IsLeaf() { // nested columns are left out
			fields = append(fields, *f.Field)
		}
	}
	return arrow.NewSchema(fields, nil), nil
}

// open asks for the columns one by one. The record reader of Arrow would open
// them in goroutines of its own, where nobody can catch a panic over a damaged
// file.
func (t *parquetTable) open(ctx context.Context, p part, jobs int) (records, error) {
	r, err := t.reader()
	if err != nil {
		return nil, err
	}
	schema, err := t.schema()
	if err != nil {
		return nil, err
	}
	reader := &parquetRecords{schema: schema, jobs: jobs}
	for i, f := range r.Manifest.Fields {
		if !f.IsLeaf() {
			continue
		}
		column, err := r.GetFieldReader(ctx, i, map[int]bool{f.ColIndex: true}, []int{p.number})
		if err != nil {
			return nil, err
		}
		reader.columns = append(reader.columns, column)
	}
	return reader, nil
}

type parquetRecords struct {
	schema  *arrow.Schema
	columns []*pqarrow.ColumnReader
	jobs    int
}

func (p *parquetRecords) next() (arrow.Record, error) {
	values := make([]arrow.Array, len(p.columns))
	errs := make([]error, len(p.columns))
	var taken atomic.Int64
	work := func() {
		for i := int(taken.Add(1)) - 1; i < len(values); i = int(taken.Add(1)) - 1 {
			errs[i] = guarded("parquet", func() (err error) {
				values[i], err = nextValues(p.columns[i])
				return err
			})
		}
	}
	var helpers sync.WaitGroup
	for range min(p.jobs, len(values)) - 1 {
		helpers.Go(work)
	}
	work()
	helpers.Wait()
	for i, err := range errs {
		if err != nil {
			return nil, err
		}
		if values[i].Len() != values[0].Len() {
			return nil, fmt.Errorf("columns of %d and %d rows", values[0].Len(), values[i].Len())
		}
	}
	if len(values) == 0 || values[0].Len() == 0 {
		return nil, io.EOF
	}
	return array.NewRecord(p.schema, values, int64(values[0].Len())), nil
}

// nextValues reads the next values of a column in one array.
func nextValues(column *pqarrow.ColumnReader) (arrow.Array, error) {
	chunked, err := column.NextBatch(recordRows)
	if err != nil {
		return nil, err
	}
	switch chunks := chunked.Chunks(); len(chunks) {
	case 0:
		return nil, io.EOF
	case 1:
		return chunks[0], nil
	default:
		return array.Concatenate(chunks, memory.DefaultAllocator)
	}
}

func (p *parquetRecords) close() {
	for _, column := range p.columns {
		column.Release()
	}
}

// arrowTable reads an Arrow IPC file or stream.
type arrowTable struct {
	file   *os.File
	size   int64
	random bool // the format with a footer
}

func newArrowTable(f *os.File, size int64) (table, error) {
	magic := make([]byte, 6)
	if _, err := f.ReadAt(magic, 0); err != nil {
		return nil, err
	}
	return &arrowTable{f, size, string(magic) == "ARROW1"}, nil
}

func (t *arrowTable) parts() []part { return []part{{rows: -1}} }

func (t *arrowTable) schema() (*arrow.Schema, error) {
	r, err := t.open(context.Background(), part{}, 1)
	if err != nil {
		return nil, err
	}
	defer r.close()
	return r.(interface{ schema() *arrow.Schema }).schema(), nil
}

func (t *arrowTable) open(context.Context, part, int) (records, error) {
	section := io.NewSectionReader(t.file, 0, t.size)
	if t.random {
		r, err := ipc.NewFileReader(section, ipc.WithAllocator(limited(t.size)))
		if err != nil {
			return nil, err
		}
		return &arrowFileRecords{reader: r}, nil
	}
	r, err := ipc.NewReader(section, ipc.WithAllocator(limited(t.size)))
	if err != nil {
		return nil, err
	}
	return arrowStreamRecords{r}, nil
}

type arrowFileRecords struct {
	reader *ipc.FileReader
	number int
}

func (a *arrowFileRecords) schema() *arrow.Schema { return a.reader.Schema() }

func (a *arrowFileRecords) next() (arrow.Record, error) {
	if a.number == a.reader.NumRecords() {
		return nil, io.EOF
	}
	a.number++
	return a.reader.RecordAt(a.number - 1)
}

func (a *arrowFileRecords) close() { a.reader.Close() }

type arrowStreamRecords struct{ reader *ipc.Reader }

func (a arrowStreamRecords) schema() *arrow.Schema { return a.reader.Schema() }

func (a arrowStreamRecords) next() (arrow.Record, error) {
	if !a.reader.Next() {
		if err := a.reader.Err(); err != nil {
			return nil, err
		}
		return nil, io.EOF
	}
	record := a.reader.Record()
	record.Retain()
	return record, nil
}

func (a arrowStreamRecords) close() { a.reader.Release() }

// fetchRecords is Fetch for Parquet and Arrow: row groups without any of the
// lines are not read.
func (s *Source) fetchRecords(ctx context.Context, lines []int64, fn func(int64, *Batch, int) error) error {
	sp := newSplitter(s)
	for _, p := range s.table.parts() {
		here := len(lines)
		if p.rows >= 0 {
			here, _ = slices.BinarySearch(lines, p.row+p.rows+s.dataLine)
		}
		if err := s.fetchPart(ctx, p, sp, lines[:here], fn); err != nil {
			return err
		}
		lines = lines[here:]
	}
	if len(lines) > 0 {
		return s.noRow(lines[0])
	}
	return nil
}

// fetchPart fetches rows that must be in one part.
func (s *Source) fetchPart(ctx context.Context, p part, sp *splitter, lines []int64, fn func(int64, *Batch, int) error) error {
	q := s.newRecordQueue(ctx, []part{p}, 1)
	defer q.close()
	for len(lines) > 0 && ctx.Err() == nil {
		piece, err := q.next()
		if err == io.EOF {
			return s.noRow(lines[0])
		}
		if err != nil {
			return s.located(err)
		}
		here, _ := slices.BinarySearch(lines, piece.row+piece.record.NumRows()+s.dataLine)
		if here > 0 {
			var batch *Batch
			if batch, err = sp.fill(piece); err != nil {
				err = s.located(err)
			} else {
				err = s.fetchFrom(batch, lines[:here], fn)
			}
		}
		piece.record.Release()
		if err != nil {
			return err
		}
		lines = lines[here:]
	}
	return ctx.Err()
}
