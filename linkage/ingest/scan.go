package ingest

import (
	"context"
	"io"
	"slices"
	"sync"

	"github.com/himozuke/himozuke/normalize/encoding"
)

// entry is one block in the directory.
type entry struct {
	offset int64 // in the text
	line   int64 // of its first byte
	size   uint32
	long   bool   // a row beyond the limit
	pieces pieces // line ends
}

// pieces counts the line ends in each piece of a block, so that a row is found
// again without reading all of the block.
type pieces [blockSize / pieceSize]uint16

// pieceRead is how much of the file is read for a row: its piece, and what it
// may have behind it.
const (
	pieceSize = 4 << 10
	pieceRead = pieceSize + pieceSize/4
)

// Scan reads the whole file with a number of workers and calls fn for every
// batch, each worker with its own number from 0. A batch is good until fn
// returns. The first error ends the scan; of several, the one that is first in
// the file is returned.
func (s *Source) Scan(ctx context.Context, jobs int, fn func(worker int, b *Batch) error) (err error) {
	jobs = max(jobs, 1)
	ctx, cancel := context.WithCancel(ctx)
	s.undecodable = undecodable{}
	s.directory, s.scanned = nil, false

	hash := s.startHash(ctx)
	defer func() { // a failed scan does not wait for the whole file
		cancel()
		hash.wait()
	}()
	failures := failures{cancel: cancel}
	if s.table != nil {
		s.scanTable(ctx, jobs, fn, &failures)
	} else {
		s.scanText(ctx, jobs, hash, fn, &failures)
	}
	if failures.err != nil {
		return failures.err
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	if err := s.unchanged(); err != nil {
		return err
	}
	s.scanned = true
	if s.hash, err = hash.finish(); err != nil {
		return s.located(err)
	}
	return nil
}

// scanText is Scan for CSV and TSV.
func (s *Source) scanText(ctx context.Context, jobs int, hash *hashing, fn func(int, *Batch) error, fails *failures) {
	c, closeFeed, err := s.newCutter()
	if err != nil {
		fails.note(0, s.located(err))
		return
	}
	defer closeFeed()
	c.hash = hash
	directories := make([][]indexed, jobs)
	var workers sync.WaitGroup
	for worker := range jobs {
		workers.Go(func() {
			directories[worker] = s.work(ctx, c, worker, fn, fails)
		})
	}
	workers.Wait()
	s.directory = make([]entry, c.index)
	for _, part := range directories {
		for _, e := range part {
			s.directory[e.index] = e.entry
		}
	}
}

type indexed struct {
	index int
	entry entry
}

// work cuts and splits blocks until there are none.
func (s *Source) work(ctx context.Context, c *cutter, worker int, fn func(int, *Batch) error, fails *failures) []indexed {
	sp := newSplitter(s)
	sp.counts = true
	sp.buffer = make([]byte, s.options.blockSize)
	var directory []indexed
	for ctx.Err() == nil {
		b, grown, err := c.next(sp.buffer)
		sp.buffer = grown
		if err == io.EOF {
			break
		}
		if err != nil {
			fails.note(b.index, s.located(err))
			break
		}
		directory = append(directory, indexed{b.index, entry{b.offset, b.line, uint32(len(b.data)), b.long, b.pieces}})
		batch := sp.split(b)
		if err := fn(worker, batch); err != nil {
			fails.note(b.index, err)
			break
		}
	}
	return directory
}

// failures keeps the error that is first in the file.
type failures struct {
	mu     sync.Mutex
	index  int
	err    error
	cancel context.CancelFunc
}

func (f *failures) note(index int, err error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.err == nil || index < f.index {
		f.index, f.err = index, err
	}
	f.cancel()
}

// located makes a problem of whatever went wrong while reading.
func (s *Source) located(err error) error {
	p := unreadable(err)
	p.Path = s.name()
	return p
}

// unchanged makes sure that nobody wrote to the file meanwhile.
func (s *Source) unchanged() error {
	info, err := s.file.Stat()
	if err != nil {
		return s.located(err)
	}
	if info.Size() != s.stamp.Size() || !info.ModTime().Equal(s.stamp.ModTime()) {
		return &Problem{Kind: ProblemUnreadable, Path: s.name(), Detail: "it changed while it was read"}
	}
	return nil
}

// newCutter starts at the first row.
func (s *Source) newCutter() (*cutter, func() error, error) {
	c := &cutter{
		comma: s.comma, size: s.options.blockSize, limit: s.options.rowLimit, rows: s.options.maxRows,
		line: s.dataLine, offset: s.dataStart, origin: s.origin, encoding: s.encoding,
	}
	if s.plain() {
		c.feed = &fileFeed{file: s.file, pos: s.origin}
		return c, func() error { return nil }, nil
	}
	stream, err := s.textStream()
	if err != nil {
		return nil, nil, err
	}
	if _, err := io.CopyN(io.Discard, stream, s.dataStart); err != nil {
		stream.Close()
		return nil, nil, err
	}
	c.feed = &streamFeed{stream: stream}
	return c, stream.Close, nil
}

// plain tells whether the text is in the file as it is, so that any part of it
// can be read on its own.
func (s *Source) plain() bool {
	return s.Compression == "" && !s.encoding.isUTF16() && !s.oldLines
}

// textStream is the text from its beginning, without a byte order mark.
func (s *Source) textStream() (io.ReadCloser, error) {
	stream, err := s.stream()
	if err != nil {
		return nil, err
	}
	if _, err := io.CopyN(io.Discard, stream, s.mark); err != nil {
		stream.Close()
		return nil, err
	}
	if s.encoding.isUTF16() {
		stream = &utf16Stream{ReadCloser: stream, bigEndian: s.encoding == utf16BE}
	}
	if s.oldLines {
		stream = oldLineStream{stream}
	}
	return stream, nil
}

// oldLineStream turns carriage returns into line ends.
type oldLineStream struct{ io.ReadCloser }

func (o oldLineStream) Read(p []byte) (int, error) {
	n, err := o.ReadCloser.Read(p)
	for i, c := range p[:n] {
		if c == '\r' {
			p[i] = '\n'
		}
	}
	return n, err
}

// utf16Stream turns UTF-16 into UTF-8.
type utf16Stream struct {
	io.ReadCloser
	bigEndian bool
	raw       []byte // not yet transcoded: less than a character
	text      []byte // transcoded, not yet read
	at        int
	err       error
}

func (u *utf16Stream) Read(p []byte) (int, error) {
	const piece = 64 << 10
	for u.at == len(u.text) {
		if u.err != nil {
			return 0, u.err
		}
		u.raw = slices.Grow(u.raw, piece)
		n, err := u.ReadCloser.Read(u.raw[len(u.raw):][:piece])
		u.raw = u.raw[:len(u.raw)+n]
		u.err = err
		var read int
		u.text, read, _ = encoding.AppendUTF16(u.text[:0], u.raw, u.bigEndian)
		u.at = 0
		u.raw = u.raw[:copy(u.raw, u.raw[read:])]
		if err == io.EOF && len(u.raw) > 0 {
			u.text = append(u.text, "\uFFFD"...) // half a character
			u.raw = u.raw[:0]
		}
	}
	n := copy(p, u.text[u.at:])
	u.at += n
	return n, nil
}
