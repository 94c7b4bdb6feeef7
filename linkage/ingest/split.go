package ingest

import (
	"bytes"
	"slices"

	"github.com/himozuke/himozuke/normalize/encoding"
)

// A splitter splits blocks into fields. Each worker has its own, with buffers
// that live as long as the scan.
type splitter struct {
	source *Source
	comma  byte
	batch  Batch

	// Where the current row stands.
	fields int // in batch.spans, of whole rows
	spans  int // in batch.spans, with those of the current row
	line   uint32
	broken bool // the current row has a line end inside

	counts  bool     // undecodable bytes are counted
	buffer  []byte   // for blocks
	decoded []byte   // for text that is decoded whole
	row     []byte   // a single row that is fetched
	doubled []uint32 // fields in batch.spans with doubled quotes
}

func newSplitter(s *Source) *splitter {
	return &splitter{
		source: s,
		comma:  s.comma,
		batch:  Batch{columns: len(s.Headings), roles: &s.columns.byRole},
	}
}

// split turns a block into a batch, which is good until the next call.
func (sp *splitter) split(b block) *Batch {
	batch := &sp.batch
	batch.Index, batch.FirstLine, batch.data = b.index, b.line, b.data
	batch.Rejects, batch.lines, batch.starts = batch.Rejects[:0], batch.lines[:0], batch.starts[:0]
	batch.foreign, batch.decode, batch.text = nil, nil, batch.text[:0]
	sp.fields, sp.spans, sp.line, sp.doubled = 0, 0, 0, sp.doubled[:0]
	if b.long {
		batch.Rejects = append(batch.Rejects, Reject{Line: b.line, Offset: b.origin, Reason: ReasonTooLong})
		return batch
	}
	text, decoded := sp.decodeWhole(b.data)
	batch.data = text
	if b.quoted {
		sp.splitQuoted(text)
	} else {
		sp.splitFields(text, false)
	}
	batch.spans = batch.spans[:sp.fields]
	batch.offset = func(start uint32) int64 {
		return b.origin + sp.source.encoding.sizeInFile(text[:start], decoded)
	}
	for i := range batch.Rejects {
		batch.Rejects[i].Offset = batch.offset(uint32(batch.Rejects[i].Offset))
	}
	for _, i := range sp.doubled {
		batch.spans[i].end = unquote(text, batch.spans[i])
	}
	if !decoded {
		sp.decodeFields(batch)
	}
	sp.joinAddresses(batch)
	sp.recycle(batch.data, decoded)
	return batch
}

// decodeWhole turns CP932 text into UTF-8 before it is split, which is faster
// than field by field. With bytes that cannot be decoded it leaves the text as
// it is: then their rows have to be found, and columns without a role do not
// count.
func (sp *splitter) decodeWhole(text []byte) (out []byte, decoded bool) {
	if sp.source.encoding != cp932 || isASCII(text) {
		return text, false
	}
	out, undecodable := encoding.AppendUTF8(sp.decoded[:0], text)
	sp.decoded = out
	if undecodable > 0 {
		return text, false
	}
	return out, true
}

// recycle keeps a text buffer that had to grow for the next block.
func (sp *splitter) recycle(text []byte, decoded bool) {
	switch {
	case decoded && cap(text) > cap(sp.decoded):
		sp.decoded = text
	case !decoded && cap(text) > cap(sp.buffer):
		sp.buffer = text[:cap(text)]
	}
}

// joinAddresses puts the parts of each address together behind the text.
func (sp *splitter) joinAddresses(batch *Batch) {
	parts := sp.source.columns.address
	if parts == nil {
		return
	}
	batch.address = batch.address[:0]
	for row := range batch.lines {
		start := len(batch.data)
		for i, column := range parts {
			part := batch.Column(row, column)
			// What continues a whole address stands apart from it.
			if i >= sp.source.columns.apart && len(part) > 0 && len(batch.data) > start {
				batch.data = append(batch.data, ' ')
			}
			batch.data = append(batch.data, part...)
		}
		batch.address = append(batch.address, span{uint32(start), uint32(len(batch.data))})
	}
}

// splitFields splits text by the masks of its delimiters. With quotes that are
// out of order it stops at the row where that shows and returns where that
// begins, else the end of the text.
func (sp *splitter) splitFields(data []byte, quoted bool) int {
	sp.broken = false
	quotes := newQuoting(sp.comma)
	start, ok := uint32(0), true // of the current field
	for from := 0; from < len(data); from += window {
		text := data[from:min(from+window, len(data))]
		n, row, spans := sp.spans, sp.rowStart(start), sp.room(len(text)+surplus)
		if quoted {
			sp.spans, start, ok = findQuotedFields(spans, n, data, from, start, &quotes)
		} else {
			sp.spans, start = findFields(spans, n, text, start, uint32(from), sp.comma)
		}
		if !ok {
			sp.spans = n
			return row
		}
		sp.endRows(data, from, start, quoted, quotes.doubled)
	}
	if quotes.inside != 0 {
		return sp.rowStart(start)
	}
	if int(start) < len(data) || sp.spans > sp.fields {
		sp.room(1)[sp.spans] = span{start, uint32(len(data))}
		sp.spans++
		sp.endRawRow(data, quoted)
	}
	return len(data)
}

// findQuotedFields is findFields for the window of data at from.
func findQuotedFields(out []span, n int, data []byte, from int, start uint32, q *quoting) (int, uint32, bool) {
	var m masks
	if !q.find(data, from, true, &m) {
		return n, start, false
	}
	for _, mask := range m[:(min(window, len(data)-from)+63)/64] {
		n, start = appendSpans(out, n, start, uint32(from), mask)
		from += 64
	}
	return n, start, true
}

// rowStart is where the current row begins, whose last field begins at start.
func (sp *splitter) rowStart(start uint32) int {
	if sp.spans > sp.fields {
		start = sp.batch.spans[sp.fields].start
	}
	return int(start)
}

// endRows closes the rows that end in the window at from. In most text every
// one has as many fields as the heading, and there is a line end nowhere else.
func (sp *splitter) endRows(data []byte, from int, start uint32, quoted, doubled bool) {
	batch := &sp.batch
	text := data[from:min(from+window, len(data))]
	spans, columns := batch.spans[sp.fields:sp.spans], batch.columns
	rows, lines := 0, bytes.Count(text, newline)
	for last := columns - 1; last < len(spans) && data[spans[last].end] == '\n'; last += columns {
		rows++
	}
	if rows != lines || sp.broken || columns < 2 || doubled {
		sp.endRowsSingly(data, quoted)
		sp.broken = quoted && bytes.IndexByte(data[sp.rowStart(start):from+len(text)], '\n') >= 0
		return
	}
	at := len(batch.lines)
	batch.lines = slices.Grow(batch.lines, rows)[:at+rows]
	batch.starts = slices.Grow(batch.starts, rows)[:at+rows]
	for i := range rows {
		fields := spans[i*columns : (i+1)*columns]
		batch.lines[at+i] = sp.line
		batch.starts[at+i] = fields[0].start
		sp.line++
		last := &fields[len(fields)-1]
		if last.end > last.start && data[last.end-1] == '\r' {
			last.end--
		}
		if quoted {
			trimQuotes(data, fields)
		}
	}
	sp.fields += rows * columns
}

// trimQuotes leaves out the quotes around fields.
func trimQuotes(data []byte, fields []span) {
	for i := range fields {
		f := &fields[i]
		if f.start < f.end && data[f.start] == '"' {
			f.start++
			f.end--
		}
	}
}

// endRowsSingly is endRows for any rows.
func (sp *splitter) endRowsSingly(data []byte, quoted bool) {
	rest := sp.batch.spans[sp.fields:sp.spans]
	sp.spans = sp.fields
	for _, f := range rest {
		sp.batch.spans[sp.spans] = f
		sp.spans++
		if data[f.end] != '\n' {
			continue
		}
		row := sp.batch.spans[sp.fields].start
		sp.endRawRow(data, quoted)
		sp.line++
		if quoted {
			sp.line += uint32(bytes.Count(data[row:f.end], newline))
		}
	}
}

// endRawRow closes a row whose fields still have their quotes.
func (sp *splitter) endRawRow(data []byte, quoted bool) {
	row := sp.batch.spans[sp.fields].start
	lastQuoted, anyQuoted := false, false
	if quoted {
		for i := sp.fields; i < sp.spans; i++ {
			f := &sp.batch.spans[i]
			lastQuoted = f.start < f.end && data[f.start] == '"'
			if !lastQuoted {
				continue
			}
			anyQuoted = true
			if data[f.end-1] == '\r' {
				f.end--
			}
			f.start++
			f.end--
			if bytes.IndexByte(data[f.start:f.end], '"') >= 0 {
				sp.doubled = append(sp.doubled, uint32(i))
			}
		}
	}
	sp.endRow(data, row, lastQuoted, anyQuoted)
}

// room makes sure that n more fields fit.
func (sp *splitter) room(n int) []span {
	spans := sp.batch.spans
	if need := sp.spans + n; need > cap(spans) {
		longer := make([]span, need+need/2+1024)
		copy(longer, spans[:sp.spans])
		spans = longer
	}
	sp.batch.spans = spans[:cap(spans)]
	return sp.batch.spans
}

// endRow closes the row whose fields are spans[fields:spans]: a blank line is
// no row, and a row with more or fewer fields than the heading is rejected.
func (sp *splitter) endRow(data []byte, row uint32, lastQuoted, anyQuoted bool) {
	batch := &sp.batch
	fields := sp.spans - sp.fields
	last := &batch.spans[sp.spans-1]
	if !lastQuoted && last.end > last.start && data[last.end-1] == '\r' {
		last.end--
	}
	switch {
	case fields == 1 && !anyQuoted && blank(data[last.start:last.end], int(last.end) == len(data)):
		sp.spans = sp.fields
	case fields == batch.columns:
		sp.fields = sp.spans
		batch.lines = append(batch.lines, sp.line)
		batch.starts = append(batch.starts, row)
	default:
		sp.reject(data, int(row), int(last.end), ReasonFieldCount)
		sp.dropRow()
	}
}

// blank tells whether a line is no row. The end mark of old systems is none
// either.
func blank(line []byte, last bool) bool {
	return len(line) == 0 || last && len(line) == 1 && line[0] == 0x1A
}

func (sp *splitter) reject(data []byte, start, end int, reason Reason) {
	batch := &sp.batch
	batch.Rejects = append(batch.Rejects, Reject{
		Line: batch.FirstLine + int64(sp.line), Offset: int64(start), Reason: reason,
		Row: string(data[start:min(end, start+rejectedBytes)]),
	})
}

// splitQuoted splits text with quotes: along the masks as long as they are in
// order, then row by row.
func (sp *splitter) splitQuoted(data []byte) {
	for at := sp.splitFields(data, true); at < len(data); {
		at = sp.quotedRow(data, at)
	}
}

// Where in a row of text with quotes one is.
type place uint8

const (
	inText   place = iota // in a field without quotes, or at the start of any
	inQuotes              // behind an opening quote
	onDouble              // before the second of two quotes
	isClosed              // behind a closing quote
	inFault               // behind text after a closing quote
)

// quotedRow splits the row at start, whatever is wrong with it, and returns
// where the next one begins.
func (sp *splitter) quotedRow(data []byte, start int) int {
	at, lastQuoted, anyQuoted := start, false, false
	for sp.spans = sp.fields; ; at++ {
		field := span{uint32(at), 0}
		lastQuoted = at < len(data) && data[at] == '"'
		if lastQuoted {
			closing, doubled, state := closeQuote(data, at, sp.comma, true)
			if state != quoteClosed {
				return sp.rejectLine(data, start, at)
			}
			if doubled {
				sp.doubled = append(sp.doubled, uint32(sp.spans))
			}
			field = span{uint32(at + 1), uint32(closing)}
			anyQuoted = true
			at = closing + 1
			if at < len(data) && data[at] == '\r' {
				at++
			}
		} else {
			at += indexEither(data[at:], sp.comma, '\n')
			field.end = uint32(at)
		}
		sp.room(1)[sp.spans] = field
		sp.spans++
		if at == len(data) || data[at] == '\n' {
			break
		}
	}
	if start < len(data) {
		sp.endRow(data, uint32(start), lastQuoted, anyQuoted)
	}
	next := min(at+1, len(data))
	sp.line += uint32(bytes.Count(data[start:next], newline))
	return next
}

// rejectLine gives up the row at start up to the end of the line where the
// quote at opening stands, so that a stray quote costs no more than that.
func (sp *splitter) rejectLine(data []byte, start, opening int) int {
	next := len(data)
	if i := bytes.IndexByte(data[opening:], '\n'); i >= 0 {
		next = opening + i + 1
	}
	sp.reject(data, start, next, ReasonQuote)
	sp.dropRow()
	sp.line += uint32(bytes.Count(data[start:next], newline))
	return next
}

// dropRow forgets the fields of the current row.
func (sp *splitter) dropRow() {
	sp.spans = sp.fields
	for n := len(sp.doubled); n > 0 && int(sp.doubled[n-1]) >= sp.fields; n-- {
		sp.doubled = sp.doubled[:n-1]
	}
}

// unquote makes one quote of two in a field, in place, and returns its new end.
func unquote(data []byte, field span) uint32 {
	text := data[field.start:field.end]
	to := bytes.IndexByte(text, '"')
	for from := to; from < len(text); from++ {
		if text[from] == '"' {
			from++
		}
		text[to] = text[from]
		to++
	}
	return field.start + uint32(to)
}

// decodeFields sees that fields are UTF-8: those with a role at once, the
// others when they are asked for. What cannot be decoded becomes U+FFFD, and
// its line is noted.
func (sp *splitter) decodeFields(batch *Batch) {
	s := sp.source
	if s.encoding == cp932 && isASCII(batch.data) || s.encoding != cp932 && validUTF8(batch.data) {
		return
	}
	batch.decode = s.encoding.decode
	batch.foreign = s.noRole
	for row := range batch.lines {
		spans := batch.spans[row*batch.columns : (row+1)*batch.columns]
		for _, c := range s.withRole {
			field := batch.data[spans[c].start:spans[c].end]
			if isASCII(field) {
				continue
			}
			var undecodable int
			from := len(batch.data)
			batch.data, undecodable = batch.decode(batch.data, field)
			spans[c] = span{uint32(from), uint32(len(batch.data))}
			if undecodable > 0 && sp.counts {
				s.noteUndecodable(batch.Line(row), undecodable)
			}
		}
	}
}
