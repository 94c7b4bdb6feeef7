package ingest

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"time"

	"github.com/apache/arrow/go/v16/arrow"
	"github.com/apache/arrow/go/v16/arrow/array"
)

// fill makes a batch of a record: the text of every value, row by row.
func (sp *splitter) fill(piece recordPiece) (batch *Batch, err error) {
	err = guarded(sp.source.Format, func() error {
		batch, err = sp.fillText(piece)
		return err
	})
	return batch, err
}

func (sp *splitter) fillText(piece recordPiece) (*Batch, error) {
	rows, columns := int(piece.record.NumRows()), len(sp.source.Headings)
	batch := &sp.batch
	batch.Index, batch.FirstLine = piece.index, piece.row+sp.source.dataLine
	batch.data, batch.text, batch.Rejects = batch.data[:0], batch.text[:0], batch.Rejects[:0]
	batch.foreign, batch.decode, batch.starts = nil, nil, nil
	batch.lines = slices.Grow(batch.lines[:0], rows)
	for row := range rows {
		batch.lines = append(batch.lines, uint32(row))
	}
	batch.spans = slices.Grow(batch.spans[:0], rows*columns)[:rows*columns]
	for column := range columns {
		values := piece.record.Column(column)
		if err := batch.appendColumn(column, values, digits[sp.source.columns.byColumn[column]]); err != nil {
			return nil, &Problem{Kind: ProblemContainer, Column: sp.source.Headings[column], Detail: err.Error()}
		}
		if len(batch.data) > math.MaxUint32/2 {
			return nil, &Problem{Kind: ProblemContainer, Column: sp.source.Headings[column], Detail: "its values are too long"}
		}
	}
	sp.decodeFields(batch)
	sp.joinAddresses(batch)
	return batch, nil
}

// appendColumn appends the text of a column and notes where each value stands.
func (b *Batch) appendColumn(column int, values arrow.Array, width int) error {
	switch v := values.(type) {
	case *array.String:
		b.appendBytes(column, v, v.ValueOffset, v.ValueBytes())
		return nil
	case *array.LargeString:
		b.appendBytes(column, v, func(i int) int { return int(v.ValueOffset(i)) }, v.ValueBytes())
		return nil
	}
	write, err := cellWriter(values, width)
	if err != nil {
		return err
	}
	nulls := values.NullN() > 0
	for row := range values.Len() {
		start := uint32(len(b.data))
		if !nulls || !values.IsNull(row) {
			b.data = write(b.data, row)
		}
		b.spans[row*b.columns+column] = span{start, uint32(len(b.data))}
	}
	return nil
}

// appendBytes appends values that lie one behind the other, all at once.
func (b *Batch) appendBytes(column int, values arrow.Array, offset func(int) int, text []byte) {
	rows := values.Len()
	if rows == 0 {
		return
	}
	nulls := values.NullN() > 0
	first := offset(0)
	base := len(b.data) - first
	b.data = append(b.data, text...)
	end := uint32(base + first)
	for row := range rows {
		start := end
		end = uint32(base + offset(row+1))
		field := span{start, end}
		if nulls && values.IsNull(row) {
			field.end = start
		}
		b.spans[row*b.columns+column] = field
	}
}

// digits are the lengths of codes that lose leading zeros when they are stored
// as numbers.
var digits = [Roles]int{
	RoleNumber: 12, RolePostalCode: 7, RoleMunicipality: 5, RolePrefecture: 2,
	RoleBankCode: 4, RoleBranchCode: 3, RoleAccountNumber: 7,
}

// cellWriter gives the function that appends the text of one value. Numbers
// get leading zeros up to width.
func cellWriter(values arrow.Array, width int) (func(dst []byte, row int) []byte, error) {
	switch v := values.(type) {
	case *array.String:
		return func(dst []byte, row int) []byte { return append(dst, v.Value(row)...) }, nil
	case *array.LargeString:
		return func(dst []byte, row int) []byte { return append(dst, v.Value(row)...) }, nil
	case *array.Binary:
		return func(dst []byte, row int) []byte { return append(dst, v.Value(row)...) }, nil
	case *array.LargeBinary:
		return func(dst []byte, row int) []byte { return append(dst, v.Value(row)...) }, nil
	case *array.FixedSizeBinary:
		return func(dst []byte, row int) []byte { return append(dst, v.Value(row)...) }, nil
	case *array.Null:
		return func(dst []byte, _ int) []byte { return dst }, nil
	case *array.Boolean:
		return func(dst []byte, row int) []byte { return strconv.AppendBool(dst, v.Value(row)) }, nil
	case *array.Int8:
		return integers(v.Int8Values(), width), nil
	case *array.Int16:
		return integers(v.Int16Values(), width), nil
	case *array.Int32:
		return integers(v.Int32Values(), width), nil
	case *array.Int64:
		values := v.Int64Values()
		return func(dst []byte, row int) []byte { return appendInteger(dst, values[row], width) }, nil
	case *array.Uint8:
		return integers(v.Uint8Values(), width), nil
	case *array.Uint16:
		return integers(v.Uint16Values(), width), nil
	case *array.Uint32:
		return integers(v.Uint32Values(), width), nil
	case *array.Uint64:
		return func(dst []byte, row int) []byte {
			return padded(dst, width, func(dst []byte) []byte { return strconv.AppendUint(dst, v.Value(row), 10) })
		}, nil
	case *array.Float32:
		return func(dst []byte, row int) []byte { return appendFloat(dst, float64(v.Value(row)), width) }, nil
	case *array.Float64:
		return func(dst []byte, row int) []byte { return appendFloat(dst, v.Value(row), width) }, nil
	case *array.Decimal128:
		scale := v.DataType().(*arrow.Decimal128Type).Scale
		return func(dst []byte, row int) []byte {
			return padded(dst, width, func(dst []byte) []byte { return append(dst, v.Value(row).ToString(scale)...) })
		}, nil
	case *array.Date32:
		return func(dst []byte, row int) []byte { return appendDate(dst, v.Value(row).ToTime()) }, nil
	case *array.Date64:
		return func(dst []byte, row int) []byte { return appendDate(dst, v.Value(row).ToTime()) }, nil
	case *array.Timestamp:
		toTime, err := v.DataType().(*arrow.TimestampType).GetToTimeFunc()
		if err != nil {
			return nil, fmt.Errorf("its time zone is not known")
		}
		return func(dst []byte, row int) []byte { return appendTime(dst, toTime(v.Value(row))) }, nil
	case *array.Dictionary:
		entry, err := cellWriter(v.Dictionary(), width)
		if err != nil {
			return nil, err
		}
		return func(dst []byte, row int) []byte {
			i := v.GetValueIndex(row)
			if v.Dictionary().IsNull(i) {
				return dst
			}
			return entry(dst, i)
		}, nil
	case array.ExtensionArray:
		return cellWriter(v.Storage(), width)
	}
	return func(dst []byte, row int) []byte { return append(dst, values.ValueStr(row)...) }, nil
}

func integers[T int8 | int16 | int32 | uint8 | uint16 | uint32](values []T, width int) func([]byte, int) []byte {
	return func(dst []byte, row int) []byte { return appendInteger(dst, int64(values[row]), width) }
}

// appendInteger writes a number with zeros in front, up to width.
func appendInteger(dst []byte, n int64, width int) []byte {
	if n < 0 {
		return strconv.AppendInt(dst, n, 10)
	}
	var text [20]byte
	at := len(text)
	for ; n > 0 || at == len(text); n /= 10 {
		at--
		text[at] = byte('0' + n%10)
	}
	for ; len(text)-at < width; at-- {
		text[at-1] = '0'
	}
	return append(dst, text[at:]...)
}

// appendFloat writes whole numbers without a fraction: tables that once held
// an empty cell often keep codes as floating-point numbers.
func appendFloat(dst []byte, f float64, width int) []byte {
	if math.IsNaN(f) {
		return dst
	}
	if f != math.Trunc(f) {
		width = 0
	}
	return padded(dst, width, func(dst []byte) []byte { return strconv.AppendFloat(dst, f, 'f', -1, 64) })
}

// padded puts zeros before what write appends, up to width.
func padded(dst []byte, width int, write func([]byte) []byte) []byte {
	start := len(dst)
	dst = write(dst)
	n := len(dst) - start
	if n >= width || n > 0 && dst[start] == '-' {
		return dst
	}
	for range width - n {
		dst = append(dst, '0')
	}
	copy(dst[start+width-n:], dst[start:start+n])
	for i := range width - n {
		dst[start+i] = '0'
	}
	return dst
}

func appendDate(dst []byte, t time.Time) []byte {
	year, month, day := t.Date()
	if year < 0 || year > 9999 {
		return t.AppendFormat(dst, time.DateOnly)
	}
	dst = append(appendInteger(dst, int64(year), 4), '-')
	dst = append(appendInteger(dst, int64(month), 2), '-')
	return appendInteger(dst, int64(day), 2)
}

// appendTime writes a date for midnight, since many programs have no other type
// for dates.
func appendTime(dst []byte, t time.Time) []byte {
	if h, m, s := t.Clock(); h == 0 && m == 0 && s == 0 && t.Nanosecond() == 0 {
		return appendDate(dst, t)
	}
	return t.AppendFormat(dst, "2006-01-02T15:04:05")
}
