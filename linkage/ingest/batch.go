package ingest

// A Batch is a run of whole rows of one file, in file order. It belongs to the
// function it was handed to until that returns; fields alias its buffer.
type Batch struct {
	Index     int   // 0, 1, 2 … in file order, without gaps
	FirstLine int64 // line of the first row (the heading is line 1); row number + 2 for Parquet and Arrow
	Rejects   []Reject

	columns int           // columns of the file
	roles   *[Roles]int16 // column of each role, or absent, or spread
	data    []byte        // UTF-8 text of the rows, unquoted
	spans   []span        // rows*columns, in row order
	lines   []uint32      // line of each row, relative to FirstLine
	starts  []uint32      // where each row starts in data; nil for Parquet and Arrow
	offset  func(start uint32) int64
	address []span // of each row, where it is spread over columns

	// Columns that nobody has asked for yet are still in the encoding of the
	// file: decode appends one to text, which grows while the batch lives.
	foreign []bool // by column; nil when all of data is UTF-8
	decode  func(dst, field []byte) ([]byte, int)
	text    []byte
}

type span struct{ start, end uint32 }

// Reject is a row that cannot be judged.
type Reject struct {
	Line   int64
	Offset int64  // byte offset in the (decompressed) file, or NoOffset
	Column string // heading, where one column is to blame
	Reason Reason

	// Row is the beginning of the row as it stands in the file, if it could
	// be told from its neighbours. It may hold personal data: it is there to
	// find out which case the row was about, and is never written anywhere.
	Row string
}

// rejectedBytes is how much of a rejected row is kept. What names a record
// stands at the beginning.
const rejectedBytes = 1024

// Reason says why a row was rejected.
type Reason uint8

// The reasons.
const (
	ReasonFieldCount   Reason = iota + 1 // more or fewer fields than the heading
	ReasonQuote                          // a quote that is never closed, or text after a closing quote
	ReasonTooLong                        // a row over the row size limit
	ReasonEncoding                       // bytes that the encoding does not have, in a column that is judged
	ReasonNumber                         // register only: the number is malformed
	ReasonDuplicate                      // register only: the person stands on an earlier row already
	ReasonSharedNumber                   // register only: the number stands on an earlier row, of another person
)

// Rows is the number of rows in the batch, without the rejects.
func (b *Batch) Rows() int { return len(b.lines) }

// Line is the line of a row in its file.
func (b *Batch) Line(row int) int64 { return b.FirstLine + int64(b.lines[row]) }

// NoOffset is the offset of a row whose place is told by its line alone.
const NoOffset = -1

// Offset is where a row starts in the (decompressed) file, in bytes; there is
// none in Parquet and Arrow, whose rows do not lie side by side.
func (b *Batch) Offset(row int) int64 {
	if b.starts == nil {
		return NoOffset
	}
	return b.offset(b.starts[row])
}

// Has tells whether the file has a column of that role.
func (b *Batch) Has(r Role) bool { return b.roles[r] != absent }

// Field is the text of the column with that role, nil when the file has none.
func (b *Batch) Field(row int, r Role) []byte {
	if c := int(b.roles[r]); c >= 0 { // a column with a role is never foreign
		s := b.spans[row*b.columns+c]
		return b.data[s.start:s.end:s.end]
	}
	if b.roles[r] == absent {
		return nil
	}
	s := b.address[row]
	return b.data[s.start:s.end:s.end]
}

// Column is the text of a column by its position.
func (b *Batch) Column(row, column int) []byte {
	s := b.spans[row*b.columns+column]
	if b.foreign != nil && b.foreign[column] {
		return b.decoded(b.data[s.start:s.end])
	}
	return b.data[s.start:s.end:s.end]
}

func (b *Batch) decoded(field []byte) []byte {
	start := len(b.text)
	b.text, _ = b.decode(b.text, field)
	return b.text[start:len(b.text):len(b.text)]
}
