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
// it reads only the blocks that hold them.
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

// fetchText is Fetch for CSV and TSV.
func (s *Source) fetchText(ctx context.Context, lines []int64, fn func(int64, *Batch, int) error) error {
	if len(s.directory) == 0 {
		return s.noRow(lines[0])
	}
	next, done, err := s.blocksAgain()
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
		b, err := next(at)
		if err != nil {
			return s.located(err)
		}
		if end > fewLines {
			err = s.fetchFrom(sp.split(b), lines[:end], fn)
		} else {
			err = s.fetchSingly(b, sp, lines[:end], fn)
		}
		if err != nil {
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

// fewLines is up to how many rows of a block are split one by one instead of
// with all others.
const fewLines = 200

// fetchSingly splits only the rows asked for, which it finds by counting lines.
func (s *Source) fetchSingly(b block, sp *splitter, lines []int64, fn func(int64, *Batch, int) error) error {
	rest, at := b.data, b.line
	for _, line := range lines {
		skipped, ok := skipLines(rest, line-at)
		if !ok || b.long || line < at {
			return s.noRow(line)
		}
		rest, at = rest[skipped:], line
		one := block{index: b.index, line: line, data: slices.Clone(rest[:lastRowEnd(rest, s.comma, true, 1)]), quoted: true}
		batch := sp.split(one)
		if batch.Rows() == 0 {
			return s.noRow(line)
		}
		if err := fn(line, batch, 0); err != nil {
			return err
		}
	}
	return nil
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

// blocksAgain gives access to blocks by their place in the directory, in
// ascending order.
func (s *Source) blocksAgain() (next func(at int) (block, error), done func() error, err error) {
	buf := s.newBuffer()
	if !s.plain() {
		c, closeFeed, err := s.newCutter()
		if err != nil {
			return nil, nil, err
		}
		return func(at int) (b block, err error) {
			for {
				if b, buf, err = c.next(buf); err != nil || b.index == at {
					return b, err
				}
			}
		}, closeFeed, nil
	}
	return func(at int) (block, error) {
		e := s.directory[at]
		if len(buf) < int(e.size) {
			buf = make([]byte, e.size)
		}
		data := buf[:e.size]
		if _, err := s.file.ReadAt(data, e.offset+s.mark); err != nil && err != io.EOF {
			return block{}, err
		}
		return block{index: at, line: e.line, offset: e.offset, data: data, quoted: bytes.IndexByte(data, '"') >= 0, long: e.long}, nil
	}, func() error { return nil }, nil
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
	b, _, err := c.next(s.newBuffer())
	if err != nil && err != io.EOF {
		return nil, s.located(err)
	}
	return newSplitter(s).split(b), nil
}
