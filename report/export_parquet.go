package report

import (
	"errors"
	"io"

	"github.com/apache/arrow/go/v16/arrow"
	"github.com/apache/arrow/go/v16/arrow/array"
	"github.com/apache/arrow/go/v16/arrow/memory"
	"github.com/apache/arrow/go/v16/parquet/pqarrow"
)

// parquetSheet writes a review sheet as Parquet: columns under their keys,
// words as files have them, text as it is, since nothing runs it there.
type parquetSheet struct {
	columns []exportColumn
	writer  *pqarrow.FileWriter
	builder *array.RecordBuilder
	rows    int
}

// sheetBatch is the size of a row group. A sheet has some seventy columns, which
// are all held until a group is full.
const sheetBatch = 1 << 13

func newParquetSheet(w io.Writer, columns []exportColumn) (*parquetSheet, error) {
	fields := make([]arrow.Field, len(columns))
	for i, c := range columns {
		fields[i] = arrow.Field{Name: c.key, Type: arrow.BinaryTypes.String, Nullable: true}
		switch c.kind {
		case countCell:
			fields[i].Type = arrow.PrimitiveTypes.Int64
		case probabilityCell:
			fields[i].Type = arrow.PrimitiveTypes.Float64
		}
	}
	schema := arrow.NewSchema(fields, nil)
	writer, err := pqarrow.NewFileWriter(schema, keepOpen{w}, parquetProperties(), pqarrow.NewArrowWriterProperties(pqarrow.WithStoreSchema()))
	if err != nil {
		return nil, err
	}
	return &parquetSheet{columns: columns, writer: writer, builder: array.NewRecordBuilder(memory.DefaultAllocator, schema)}, nil
}

// keepOpen hides that a writer can be closed: who opened it closes it.
type keepOpen struct{ io.Writer }

func (p *parquetSheet) write(c *exportCase) error {
	for i := range p.columns {
		cell := p.columns[i].cell(c)
		switch field := p.builder.Field(i).(type) {
		case *array.StringBuilder:
			if cell.kind == emptyCell {
				field.AppendNull()
			} else {
				field.Append(cell.text)
			}
		case *array.Int64Builder:
			field.Append(int64(cell.number))
		case *array.Float64Builder:
			if cell.kind == emptyCell {
				field.AppendNull()
			} else {
				field.Append(rounded(cell.number, 6))
			}
		}
	}
	p.rows++
	if p.rows%sheetBatch == 0 {
		return p.flush()
	}
	return nil
}

func (p *parquetSheet) flush() error {
	record := p.builder.NewRecord()
	defer record.Release()
	return p.writer.Write(record)
}

func (p *parquetSheet) close() error {
	var err error
	if p.rows%sheetBatch != 0 || p.rows == 0 {
		err = p.flush()
	}
	p.builder.Release()
	return errors.Join(err, p.writer.Close())
}
