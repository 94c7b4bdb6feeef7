package ingest

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"slices"
	"sort"
)

// Fetch reads rows again by their lines, which must be in ascending order and
// rows of an earlier Scan, and calls fn for each in that order. Of a plain file
// it reads only what it needs; of a compressed one too, from the second call
// on. Parquet and Arrow files are decoded again with every call, so ask for as
// many rows at once as memory allows.
func (s *Source) Fetch(ctx context.Context, lines []int64, fn func(line int64, b *Batch, row int) error) error {
	if len(lines) == 0 {
		return nil
	}
	if !s.scanned {
		return fmt.Errorf("%s: rows are fetched before the file was scanned", s.name())
	}
	if !slices.IsSorted(lines) {
		return fmt.Errorf("%s: lines to fetch are not in order", s.name())
	}
	if err := s.unchanged(); err != nil {
		return err
	}
	if s.table != nil {
		return s.fetchRecords(ctx, lines, fn)
	}
	return s.fetchText(ctx, lines, fn)
}

// Seekable tells whether several calls of Fetch may run at once: the text is in
// the file as it is.
func (s *Source) Seekable() bool { return s.table == nil && s.plain() }

// Foresee tells the system which rows will soon be fetched, where it can have
// them read meanwhile. Lines are as Fetch takes them.
func (s *Source) Foresee(lines []int64) {
	if !s.Seekable() || len(s.directory) == 0 {
		return
	}
	next := int64(0)
	for _, line := range lines {
		e := &s.directory[s.entryOf(line)]
		piece, _ := e.pieceOf(line)
		if from := s.mark + e.offset + piece; from >= next {
			willNeed(s.file, from, pieceRead)
			next = from + pieceSize
		}
	}
}

// fetchText is Fetch for CSV and TSV.
func (s *Source) fetchText(ctx context.Context, lines []int64, fn func(int64, *Batch, int) error) error {
	if len(s.directory) == 0 {
		return s.noRow(lines[0])
	}
	fetch, done, err := s.blockFetcher()
	if err != nil {
		return s.located(err)
	}
	defer done()
	sp := newSplitter(s)
	for len(lines) > 0 {
		if err := ctx.Err(); err != nil {
			return err
		}
		at := s.entryOf(lines[0])
		end := len(lines)
		if at+1 < len(s.directory) {
			end = sort.Search(len(lines), func(i int) bool { return lines[i] >= s.directory[at+1].line })
		}
		if s.directory[at].long || lines[0] < s.directory[at].line {
			return s.noRow(lines[0])
		}
		if err := fetch(at, sp, lines[:end], fn); err != nil {
			return err
		}
		lines = lines[end:]
	}
	return nil
}

func (s *Source) noRow(line int64) error {
	return fmt.Errorf("%s:%d: no row begins on this line", s.name(), line)
}

// entryOf finds the block of a line.
func (s *Source) entryOf(line int64) int {
	return max(0, sort.Search(len(s.directory), func(i int) bool { return s.directory[i].line > line })-1)
}

// Of a block with up to fewLines rows to fetch only the pieces that hold them
// are read; with up to someLines the block is read, but only they are split.
const (
	fewLines  = 32
	someLines = 200
)

// A blockFetcher fetches rows of one block.
type blockFetcher func(at int, sp *splitter, lines []int64, fn func(int64, *Batch, int) error) error

// blockFetcher gives the way to read blocks again, in ascending order. Text
// that cannot be read at any place is read through from its beginning the first
// time, and kept in a temporary file the second time.
func (s *Source) blockFetcher() (fetch blockFetcher, done func() error, err error) {
	buf := make([]byte, s.options.blockSize)
	if !s.plain() && s.spooled == nil {
		if s.readThrough {
			s.spoolText()
		}
		s.readThrough = true
	}
	var text io.ReaderAt = s.file
	begin := s.mark
	switch {
	case s.spooled != nil:
		text, begin = s.spooled, 0
	case !s.plain():
		return s.streamFetcher(buf)
	}
	return func(at int, sp *splitter, lines []int64, fn func(int64, *Batch, int) error) error {
		e := &s.directory[at]
		if len(lines) <= fewLines {
			return s.fetchPieces(io.NewSectionReader(text, begin+e.offset, int64(e.size)), e, buf, sp, lines, fn)
		}
		if len(buf) < int(e.size) {
			buf = make([]byte, e.size)
		}
		data := buf[:e.size]
		if _, err := text.ReadAt(data, begin+e.offset); err != nil && err != io.EOF {
			return s.located(err)
		}
		return s.fetchBlock(block{index: at, line: e.line, data: data}, sp, lines, fn)
	}, func() error { return nil }, nil
}

// streamFetcher cuts the text again as Scan did.
func (s *Source) streamFetcher(buf []byte) (blockFetcher, func() error, error) {
	c, closeFeed, err := s.newCutter()
	if err != nil {
		return nil, nil, err
	}
	return func(at int, sp *splitter, lines []int64, fn func(int64, *Batch, int) error) error {
		for {
			b, grown, err := c.next(buf)
			buf = grown
			if err != nil {
				return s.located(err)
			}
			if b.index == at {
				return s.fetchBlock(b, sp, lines, fn)
			}
		}
	}, closeFeed, nil
}

// spoolText keeps the text in a temporary file. Without room for it the text is
// read through again and again.
func (s *Source) spoolText() {
	stream, err := s.textStream()
	if err != nil {
		return
	}
	defer stream.Close()
	s.spooled, _ = spool(stream)
}

// fetchBlock fetches rows of a block that is at hand.
func (s *Source) fetchBlock(b block, sp *splitter, lines []int64, fn func(int64, *Batch, int) error) error {
	if len(lines) > someLines {
		b.quoted = bytes.IndexByte(b.data, '"') >= 0
		return s.fetchFrom(sp.split(b), lines, fn)
	}
	rest, at := b.data, b.line
	for _, line := range lines {
		skipped, ok := skipLines(rest, line-at)
		if !ok {
			return s.noRow(line)
		}
		rest, at = rest[skipped:], line
		if err := s.fetchRow(rest[:lastRowEnd(rest, s.comma, true, 1)], line, sp, fn); err != nil {
			return err
		}
	}
	return nil
}

// pieceOf is where in its block the piece begins in which the line before a row
// ends, and how many line ends there are in the piece before the row.
func (e *entry) pieceOf(line int64) (from, skip int64) {
	skip = line - e.line
	for _, n := range e.pieces {
		if skip <= int64(n) {
			break
		}
		skip -= int64(n)
		from += pieceSize
	}
	return from, skip
}

// fetchPieces fetches single rows of a block that is not at hand.
func (s *Source) fetchPieces(text *io.SectionReader, e *entry, buf []byte, sp *splitter, lines []int64, fn func(int64, *Batch, int) error) error {
	for _, line := range lines {
		from, skip := e.pieceOf(line)
		for size := int64(pieceRead); ; size *= 4 {
			if int64(len(buf)) < size {
				buf = make([]byte, size)
			}
			n, err := text.ReadAt(buf[:size], from)
			if err != nil && err != io.EOF {
				return s.located(err)
			}
			row, atEnd := buf[:n], err == io.EOF
			start, ok := skipLines(row, skip)
			if ok {
				row = row[start:]
				if end := lastRowEnd(row, s.comma, atEnd, 1); end > 0 {
					if err := s.fetchRow(row[:end], line, sp, fn); err != nil {
						return err
					}
					break
				}
			}
			if atEnd {
				return s.noRow(line)
			}
		}
	}
	return nil
}

// fetchRow splits one row.
func (s *Source) fetchRow(row []byte, line int64, sp *splitter, fn func(int64, *Batch, int) error) error {
	// With room behind it for what has to be decoded.
	sp.row = append(slices.Grow(sp.row[:0], 4*len(row)+64), row...)
	batch := sp.split(block{line: line, data: sp.row, quoted: true})
	if batch.Rows() == 0 {
		return s.noRow(line)
	}
	return fn(line, batch, 0)
}

// skipLines is where the n-th line after the first begins.
func skipLines(text []byte, n int64) (int, bool) {
	at := 0
	for n > 0 {
		piece := text[at:min(at+window, len(text))]
		lines := int64(bytes.Count(piece, newline))
		switch {
		case len(piece) == 0:
			return 0, false
		case lines < n:
			at += len(piece)
			n -= lines
		default:
			return at + nthLineEnd(piece, int(n)), true
		}
	}
	return at, at < len(text)
}

func (s *Source) fetchFrom(batch *Batch, lines []int64, fn func(int64, *Batch, int) error) error {
	for _, line := range lines {
		row, ok := slices.BinarySearch(batch.lines, uint32(line-batch.FirstLine))
		if !ok || line < batch.FirstLine {
			return s.noRow(line)
		}
		if err := fn(line, batch, row); err != nil {
			return err
		}
	}
	return nil
}

// Sample reads the first n rows, or as many as there are. The batch is the
// caller's.
func (s *Source) Sample(n int) (*Batch, error) {
	if s.table != nil {
		batch, err := s.sampleRecords(n)
		if err != nil {
			return nil, s.located(err)
		}
		return batch, nil
	}
	c, closeFeed, err := s.newCutter()
	if err != nil {
		return nil, s.located(err)
	}
	defer closeFeed()
	c.rows = min(max(n, 1), c.rows)
	b, _, err := c.next(make([]byte, s.options.blockSize))
	if err != nil && err != io.EOF {
		return nil, s.located(err)
	}
	return newSplitter(s).split(b), nil
}
