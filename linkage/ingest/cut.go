package ingest

import (
	"bytes"
	"io"
	"sync"
	"unicode/utf8"
)

const (
	// blockSize is what a file is cut into. It is fixed, so that batches do
	// not depend on the number of workers.
	blockSize = 1 << 20
	// rowLimit is the longest row that is read, in bytes.
	rowLimit = 1 << 20
	// maxRows is the most rows that one batch holds.
	maxRows = 65535
)

// A block is a piece of a file that begins at the start of a row and ends at
// the end of one.
type block struct {
	index  int
	line   int64 // of its first byte
	offset int64 // in the text; for UTF-16 this is not the file
	origin int64 // in the (decompressed) file
	data   []byte
	quoted bool // there is a quote in it
	long   bool // data is the start of a row beyond the limit, skipped to its line's end
	pieces pieces
}

// feed hands out the text of a file from front to back.
type feed interface {
	// read fills dst; it reads less only with io.EOF or another error.
	read(dst []byte) (int, error)
	// unread takes back the end of what was read last.
	unread(rest []byte)
}

// fileFeed reads a plain file. What is given back is simply read again: it is
// less than a row.
type fileFeed struct {
	file io.ReaderAt
	pos  int64
}

func (f *fileFeed) read(dst []byte) (int, error) {
	n, err := f.file.ReadAt(dst, f.pos)
	f.pos += int64(n)
	return n, err
}

func (f *fileFeed) unread(rest []byte) { f.pos -= int64(len(rest)) }

// streamFeed reads what can only be read once.
type streamFeed struct {
	stream io.Reader
	rest   []byte // given back, to be read before the stream
}

func (f *streamFeed) read(dst []byte) (int, error) {
	n := copy(dst, f.rest)
	f.rest = f.rest[:copy(f.rest, f.rest[n:])]
	// Not io.ReadFull: it hides whether the end is the file's or a truncated
	// archive's.
	for n < len(dst) {
		m, err := f.stream.Read(dst[n:])
		n += m
		if err != nil {
			return n, err
		}
	}
	return n, nil
}

func (f *streamFeed) unread(rest []byte) {
	if len(f.rest) == 0 {
		f.rest = append(f.rest, rest...)
		return
	}
	f.rest = append(append(make([]byte, 0, len(rest)+len(f.rest)), rest...), f.rest...)
}

// A cutter cuts a file into blocks. Workers take turns at it: whoever is free
// cuts its next block, so that blocks are cut one after the other but split at
// the same time.
type cutter struct {
	mu       sync.Mutex
	feed     feed
	comma    byte
	encoding textEncoding
	size     int // of a block
	limit    int // of a row
	rows     int // most rows of a block
	index    int
	line     int64
	offset   int64
	origin   int64
	finished bool
	hash     *hashing
}

// next cuts the next block into buf, which it makes longer where a row needs
// it. It ends with io.EOF.
func (c *cutter) next(buf []byte) (b block, grown []byte, err error) {
	c.mu.Lock()
	b, grown, err = c.cut(buf)
	if err != nil {
		c.mu.Unlock()
		return b, grown, err
	}
	c.hash.lock()
	c.mu.Unlock()
	c.hash.add(b)
	return b, grown, nil
}

func (c *cutter) cut(buf []byte) (b block, grown []byte, err error) {
	if c.finished {
		return block{index: c.index}, buf, io.EOF
	}
	have := 0
	for size := c.size; ; size = min(2*size, c.limit) {
		if len(buf) < size {
			longer := make([]byte, size)
			copy(longer, buf[:have])
			buf = longer
		}
		n, err := c.feed.read(buf[have:size])
		have += n
		atEnd := err == io.EOF
		if err != nil && !atEnd {
			c.finished = true
			return block{index: c.index}, buf, err
		}
		data := buf[:have]
		if atEnd && have == 0 {
			c.finished = true
			return block{index: c.index}, buf, io.EOF
		}
		quoted := bytes.IndexByte(data, '"') >= 0
		end := 0
		if quoted {
			end = lastRowEnd(data, c.comma, atEnd, c.rows)
		} else if end = len(data); !atEnd {
			end = bytes.LastIndexByte(data, '\n') + 1
		}
		if end == 0 && size >= c.limit {
			return c.cutLong(data, buf)
		}
		if end > 0 {
			b := c.take(data[:end], quoted)
			c.finished = atEnd && len(b.data) == have
			c.feed.unread(data[len(b.data):])
			return b, buf, nil
		}
	}
}

// take makes a block and moves on. Of lines without quotes there may be too
// many for one.
func (c *cutter) take(data []byte, quoted bool) block {
	b := block{index: c.index, line: c.line, offset: c.offset, origin: c.origin, data: data, quoted: quoted}
	lines := b.countLines()
	if lines >= c.rows && !quoted {
		b.data = data[:nthLineEnd(data, c.rows)]
		lines = b.countLines()
	}
	c.index++
	c.line += int64(lines)
	c.offset += int64(len(b.data))
	c.origin += c.encoding.sizeInFile(b.data, false)
	return b
}

// countLines counts the line ends in each piece and in all.
func (b *block) countLines() (all int) {
	b.pieces = pieces{}
	for i := range (len(b.data) + pieceSize - 1) / pieceSize {
		n := bytes.Count(b.data[i*pieceSize:min(len(b.data), (i+1)*pieceSize)], newline)
		b.pieces[i] = uint16(n)
		all += n
	}
	return all
}

var newline = []byte{'\n'}

// cutLong deals with a row that does not end within the limit. A quote that is
// never closed costs only the line where it opens; anything else is skipped to
// the end of its line.
func (c *cutter) cutLong(window, buf []byte) (block, []byte, error) {
	if end := openLineEnd(window, c.comma); end > 0 {
		c.feed.unread(window[end:])
		return c.take(window[:end], true), buf, nil
	}
	b := block{index: c.index, line: c.line, offset: c.offset, origin: c.origin, long: true}
	for {
		if i := bytes.IndexByte(window, '\n'); i >= 0 {
			c.feed.unread(window[i+1:])
			c.skip(window[:i+1])
			c.line++
			break
		}
		if cut := lastRuneStart(window); c.encoding.isUTF16() && cut > 0 {
			// Code units are counted on whole characters.
			c.feed.unread(window[cut:])
			window = window[:cut]
		}
		c.skip(window)
		n, err := c.feed.read(buf)
		if err != nil && err != io.EOF {
			c.finished = true
			return block{index: c.index}, buf, err
		}
		window = buf[:n]
		if err == io.EOF && bytes.IndexByte(window, '\n') < 0 {
			c.skip(window)
			c.finished = true
			break
		}
	}
	c.index++
	return b, buf, nil
}

func (c *cutter) skip(text []byte) {
	c.offset += int64(len(text))
	c.origin += c.encoding.sizeInFile(text, false)
}

func lastRuneStart(text []byte) int {
	i := len(text) - 1
	for i > 0 && !utf8.RuneStart(text[i]) {
		i--
	}
	return i
}

// nthLineEnd is the end of the n-th line, which must be there.
func nthLineEnd(data []byte, n int) int {
	end := 0
	for ; n > 0; n-- {
		end += bytes.IndexByte(data[end:], '\n') + 1
	}
	return end
}

// lastRowEnd finds the end of the last whole row, of at most so many, in text
// with quotes; zero when there is none.
func lastRowEnd(data []byte, comma byte, atEnd bool, rows int) int {
	if end, ok := orderlyRowEnd(data, comma, atEnd, rows); ok {
		return end
	}
	return lastRowEndSingly(data, comma, atEnd, rows)
}

// orderlyRowEnd is lastRowEnd for text whose quotes are in order, and of fewer
// than so many rows; ok is false for any other.
func orderlyRowEnd(data []byte, comma byte, atEnd bool, rows int) (end int, ok bool) {
	if rows == 1 || rows <= len(data) && bytes.Count(data, newline) >= rows {
		return 0, false
	}
	q := newQuoting(comma)
	var m masks
	for from := 0; from < len(data); from += window {
		if !q.find(data, from, atEnd, &m) {
			return 0, false
		}
	}
	if atEnd {
		return len(data), q.inside == 0
	}
	inside := q.inside != 0
	for end = len(data); ; {
		before := bytes.LastIndexByte(data[:end], '\n')
		if bytes.Count(data[before+1:end], quotation)%2 != 0 {
			inside = !inside
		}
		if end = before; before < 0 || !inside {
			return before + 1, true
		}
	}
}

var quotation = []byte{'"'}

// lastRowEndSingly looks at every quote and line end, by the same rules as the
// splitter.
func lastRowEndSingly(data []byte, comma byte, atEnd bool, rows int) int {
	var found positions
	end, opening := 0, 0
	here := inText
	for from := 0; from < len(data); {
		to := min(from+window, len(data))
		n := findEither(data[from:to], uint32(from), '"', '\n', &found)
		from = to
		for _, position := range found[:n] {
			p := int(position)
			quote := data[p] == '"'
			switch {
			case here == inText && quote:
				if opensField(data, p, comma) {
					here, opening = inQuotes, p
				}
				continue
			case here == inText, here == inFault && !quote:
			case here == onDouble:
				here = inQuotes
				continue
			case !quote, here == inFault:
				continue
			default:
				switch afterQuote(data, p, comma, atEnd) {
				case quoteDoubled:
					here = onDouble
					continue
				case quoteClosed:
					here = inText
					continue
				case quoteOpen:
					return end
				}
				// The row ends with the line of its opening quote.
				line := bytes.IndexByte(data[opening:p], '\n')
				if line < 0 {
					here = inFault
					continue
				}
				p = opening + line
				from = p + 1
			}
			here, end = inText, p+1
			if rows--; rows == 0 {
				return end
			}
			if from == end {
				break
			}
		}
		if from == len(data) && here == inQuotes && atEnd {
			// Never closed: go on behind the line where it opens.
			line := bytes.IndexByte(data[opening:], '\n')
			if line < 0 {
				break
			}
			end = opening + line + 1
			here, from = inText, end
			if rows--; rows == 0 {
				return end
			}
		}
	}
	if atEnd {
		return len(data)
	}
	return end
}

// openLineEnd is the end of the line where a quote opens that the window never
// closes, when the first row of the window has one; else zero.
func openLineEnd(window []byte, comma byte) int {
	at := 0
	for {
		quote := bytes.IndexByte(window[at:], '"')
		if quote < 0 {
			return 0
		}
		opening := at + quote
		if !opensField(window, opening, comma) {
			at = opening + 1
			continue
		}
		closing, _, state := closeQuote(window, opening, comma, false)
		if state == quoteClosed {
			at = closing + 1
			continue
		}
		line := bytes.IndexByte(window[opening:], '\n')
		if line < 0 {
			return 0
		}
		return opening + line + 1
	}
}

// opensField tells whether the quote at i, outside a quoted field, is the
// first byte of a field. Elsewhere a quote is text.
func opensField(data []byte, i int, comma byte) bool {
	return i == 0 || data[i-1] == comma || data[i-1] == '\n'
}

type quoteState uint8

const (
	quoteClosed  quoteState = iota
	quoteDoubled            // two quotes that stand for one
	quoteOpen               // not closed in the data at hand
	quoteBroken             // text after the closing quote
)

// afterQuote says what the quote at i inside a quoted field is. A closing quote
// stands before a comma or the end of the row.
func afterQuote(data []byte, i int, comma byte, atEnd bool) quoteState {
	if i+1 == len(data) {
		if atEnd {
			return quoteClosed
		}
		return quoteOpen
	}
	switch next := data[i+1]; {
	case next == '"':
		return quoteDoubled
	case next == comma, next == '\n':
		return quoteClosed
	case next != '\r':
		return quoteBroken
	case i+2 < len(data) && data[i+2] == '\n', i+2 == len(data) && atEnd:
		return quoteClosed
	case i+2 == len(data):
		return quoteOpen
	}
	return quoteBroken
}

// closeQuote finds the quote that closes the one at opening, and whether there
// are doubled quotes between them.
func closeQuote(data []byte, opening int, comma byte, atEnd bool) (closing int, doubled bool, state quoteState) {
	for i := opening + 1; ; i++ {
		n := bytes.IndexByte(data[i:], '"')
		if n < 0 {
			return 0, doubled, quoteOpen
		}
		i += n
		if state := afterQuote(data, i, comma, atEnd); state != quoteDoubled {
			return i, doubled, state
		}
		doubled = true
		i++
	}
}
