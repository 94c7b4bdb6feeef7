package ingest

import (
	"bytes"
	"encoding/binary"
	"math/bits"
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

	counts  bool     // undecodable bytes are counted
	doubled []uint32 // fields in batch.spans with doubled quotes

	delimiters [window + 8]uint32
}

// window is how much text is searched for delimiters before they are used.
const window = 4096

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
	batch.Rejects, batch.lines = batch.Rejects[:0], batch.lines[:0]
	batch.foreign, batch.decode, batch.text = nil, nil, batch.text[:0]
	sp.fields, sp.spans, sp.line, sp.doubled = 0, 0, 0, sp.doubled[:0]
	switch {
	case b.long:
		batch.Rejects = append(batch.Rejects, Reject{Line: b.line, Offset: b.origin, Reason: ReasonTooLong})
		return batch
	case b.quoted:
		sp.splitQuoted(b.data)
	default:
		sp.splitPlain(b.data)
	}
	batch.spans = batch.spans[:sp.fields]
	for i := range batch.Rejects {
		batch.Rejects[i].Offset = b.origin + sp.source.fileBytes(b.data[:batch.Rejects[i].Offset])
	}
	for _, i := range sp.doubled {
		batch.spans[i].end = unquote(b.data, batch.spans[i])
	}
	sp.toUTF8(batch)
	return batch
}

// splitPlain splits text without quotes.
func (sp *splitter) splitPlain(data []byte) {
	start := uint32(0) // of the current field
	for from := 0; from < len(data); from += window {
		to := min(from+window, len(data))
		n := findDelimiters(data[from:to], uint32(from), sp.comma, &sp.delimiters)
		spans := sp.room(n)
		at := sp.spans
		for _, p := range sp.delimiters[:n] {
			spans[at] = span{start, p}
			at++
			start = p + 1
			if data[p] == '\n' {
				sp.spans = at
				sp.endRow(data)
				at = sp.spans
				sp.line++
			}
		}
		sp.spans = at
	}
	if int(start) < len(data) || sp.spans > sp.fields {
		sp.room(1)[sp.spans] = span{start, uint32(len(data))}
		sp.spans++
		sp.endRow(data)
	}
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

// endRow closes the row whose fields are spans[fields:spans] of text that is
// not quoted: a blank line is no row, and a row with more or fewer fields than
// the heading is rejected.
func (sp *splitter) endRow(data []byte) {
	batch := &sp.batch
	row := batch.spans[sp.fields:sp.spans]
	last := &row[len(row)-1]
	if last.end > last.start && data[last.end-1] == '\r' {
		last.end--
	}
	switch {
	case len(row) == 1 && blank(data[last.start:last.end], int(last.end) == len(data)):
		sp.spans = sp.fields
	case len(row) == batch.columns:
		sp.fields = sp.spans
		batch.lines = append(batch.lines, sp.line)
	default:
		sp.spans = sp.fields
		sp.reject(int(row[0].start), ReasonFieldCount)
	}
}

// blank tells whether a line is no row. The end mark of old systems is none
// either.
func blank(line []byte, last bool) bool {
	return len(line) == 0 || last && len(line) == 1 && line[0] == 0x1A
}

func (sp *splitter) reject(offset int, reason Reason) {
	batch := &sp.batch
	batch.Rejects = append(batch.Rejects, Reject{
		Line: batch.FirstLine + int64(sp.line), Offset: int64(offset), Reason: reason,
	})
}

const (
	low7  = 0x7F7F7F7F7F7F7F7F
	ones  = 0x0101010101010101
	highs = 0x8080808080808080
	// gather brings the high bits of eight bytes together in the top byte of
	// the product.
	gather = 0x0002040810204081
)

// either marks the bytes of a word that are one of two, given as words: a byte
// of x is zero where its high bit in (x&low7 + low7) | x stays zero.
func either(word, one, other uint64) uint64 {
	a, b := word^one, word^other
	return ^(((a & low7) + low7 | a) & ((b & low7) + low7 | b)) & highs
}

// findDelimiters writes the positions of commas and line ends, plus base, and
// counts them. It makes a bit mask of 64 bytes and then writes four positions
// at a time whether there are as many or not: a wrong write costs less than a
// wrongly predicted branch.
func findDelimiters(data []byte, base uint32, comma byte, out *[window + 8]uint32) int {
	commas, lines := uint64(comma)*ones, uint64('\n')*ones
	n, i := 0, 0
	for ; i+64 <= len(data); i += 64 {
		chunk := (*[64]byte)(data[i:])
		mask := either(binary.LittleEndian.Uint64(chunk[0:]), commas, lines) * gather >> 56
		mask |= either(binary.LittleEndian.Uint64(chunk[8:]), commas, lines) * gather >> 56 << 8
		mask |= either(binary.LittleEndian.Uint64(chunk[16:]), commas, lines) * gather >> 56 << 16
		mask |= either(binary.LittleEndian.Uint64(chunk[24:]), commas, lines) * gather >> 56 << 24
		mask |= either(binary.LittleEndian.Uint64(chunk[32:]), commas, lines) * gather >> 56 << 32
		mask |= either(binary.LittleEndian.Uint64(chunk[40:]), commas, lines) * gather >> 56 << 40
		mask |= either(binary.LittleEndian.Uint64(chunk[48:]), commas, lines) * gather >> 56 << 48
		mask |= either(binary.LittleEndian.Uint64(chunk[56:]), commas, lines) * gather >> 56 << 56
		count := bits.OnesCount64(mask)
		at := base + uint32(i)
		for left := count; left > 0; left -= 4 {
			four := (*[4]uint32)(out[n+count-left:])
			four[0] = at + uint32(bits.TrailingZeros64(mask))
			mask &= mask - 1
			four[1] = at + uint32(bits.TrailingZeros64(mask))
			mask &= mask - 1
			four[2] = at + uint32(bits.TrailingZeros64(mask))
			mask &= mask - 1
			four[3] = at + uint32(bits.TrailingZeros64(mask))
			mask &= mask - 1
		}
		n += count
	}
	for ; i < len(data); i++ {
		if data[i] == comma || data[i] == '\n' {
			out[n] = base + uint32(i)
			n++
		}
	}
	return n
}

// splitQuoted splits text with quotes. Fields with doubled quotes are joined
// in place.
func (sp *splitter) splitQuoted(data []byte) {
	for at := 0; at < len(data); {
		at = sp.quotedRow(data, at)
	}
}

// quotedRow splits the row at start and returns where the next one begins.
func (sp *splitter) quotedRow(data []byte, start int) int {
	sp.spans = sp.fields
	batch := &sp.batch
	at, wasQuoted := start, false
	for {
		var field span
		if at < len(data) && data[at] == '"' {
			closing, doubled, state := closeQuote(data, at, sp.comma, true)
			if state != quoteClosed {
				next := len(data)
				if i := bytes.IndexByte(data[at:], '\n'); i >= 0 {
					next = at + i + 1
				}
				sp.reject(start, ReasonQuote)
				sp.line += uint32(bytes.Count(data[start:next], newline))
				sp.dropRow()
				return next
			}
			field = span{uint32(at + 1), uint32(closing)}
			wasQuoted = true
			if doubled {
				sp.doubled = append(sp.doubled, uint32(sp.spans))
			}
			at = closing + 1
			if at < len(data) && data[at] == '\r' {
				at++
			}
		} else {
			end := at + indexDelimiter(data[at:], sp.comma)
			field = span{uint32(at), uint32(end)}
			at = end
			if (at == len(data) || data[at] == '\n') && field.end > field.start && data[field.end-1] == '\r' {
				field.end--
			}
		}
		spans := sp.room(1)
		spans[sp.spans] = field
		sp.spans++
		if at < len(data) && data[at] == sp.comma {
			at++
			continue
		}
		break
	}
	next := min(at+1, len(data))
	row := batch.spans[sp.fields:sp.spans]
	switch {
	case len(row) == 1 && !wasQuoted && blank(data[row[0].start:row[0].end], at == len(data)):
	case len(row) != batch.columns:
		sp.reject(start, ReasonFieldCount)
		sp.dropRow()
	default:
		batch.lines = append(batch.lines, sp.line)
		sp.fields = sp.spans
	}
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

// indexDelimiter finds the first comma or line end, or the end of the data.
func indexDelimiter(data []byte, comma byte) int {
	commas, lines := uint64(comma)*ones, uint64('\n')*ones
	i := 0
	for ; i+8 <= len(data); i += 8 {
		if hits := either(binary.LittleEndian.Uint64(data[i:]), commas, lines); hits != 0 {
			return i + bits.TrailingZeros64(hits)>>3
		}
	}
	for ; i < len(data) && data[i] != comma && data[i] != '\n'; i++ {
	}
	return i
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

// toUTF8 sees that fields are UTF-8: those with a role at once, the others
// when they are asked for. What cannot be decoded becomes U+FFFD, and its line
// is noted.
func (sp *splitter) toUTF8(batch *Batch) {
	s := sp.source
	if s.encoding == cp932 {
		if isASCII(batch.data) {
			return
		}
	} else if validUTF8(batch.data) {
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
