package report

import (
	"errors"
	"io"

	"github.com/apache/arrow/go/v16/arrow"
	"github.com/apache/arrow/go/v16/arrow/array"
	"github.com/apache/arrow/go/v16/arrow/memory"
	"github.com/apache/arrow/go/v16/parquet/pqarrow"
)

var findingsSchema = arrow.NewSchema([]arrow.Field{
	{Name: "case_id", Type: arrow.BinaryTypes.String},
	{Name: "dataset", Type: arrow.BinaryTypes.String},
	{Name: "record_id", Type: arrow.BinaryTypes.String},
	{Name: "source_line", Type: arrow.PrimitiveTypes.Int64},
	{Name: "number", Type: arrow.BinaryTypes.String},
	{Name: "verdict", Type: arrow.BinaryTypes.String},
	{Name: "cause", Type: arrow.BinaryTypes.String},
	{Name: "p_wrong", Type: arrow.PrimitiveTypes.Float64},
	{Name: "weight", Type: arrow.PrimitiveTypes.Float64},
	{Name: "owner_number", Type: arrow.BinaryTypes.String, Nullable: true},
	{Name: "p_owner", Type: arrow.PrimitiveTypes.Float64, Nullable: true},
	{Name: "owner_weight", Type: arrow.PrimitiveTypes.Float64, Nullable: true},
	{Name: "rule_class", Type: arrow.BinaryTypes.String},
	{Name: "differences", Type: arrow.BinaryTypes.String},
	{Name: "name_level", Type: arrow.BinaryTypes.String},
	{Name: "kana_level", Type: arrow.BinaryTypes.String},
	{Name: "birth_level", Type: arrow.BinaryTypes.String},
	{Name: "sex_level", Type: arrow.BinaryTypes.String},
	{Name: "address_level", Type: arrow.BinaryTypes.String},
	{Name: "prefecture_code", Type: arrow.BinaryTypes.String},
	{Name: "municipality_code", Type: arrow.BinaryTypes.String},
	{Name: "organization", Type: arrow.BinaryTypes.String},
	{Name: "date", Type: arrow.BinaryTypes.String},
	{Name: "channel", Type: arrow.BinaryTypes.String},
	{Name: "summary", Type: arrow.BinaryTypes.String},
	{Name: "ambiguous", Type: arrow.FixedWidthTypes.Boolean},
}, nil)

// A batch becomes one row group, so its size is part of the file's bytes and
// must not depend on anything else.
const parquetBatch = 1 << 16

type parquetWriter struct {
	writer  *pqarrow.FileWriter
	builder *array.RecordBuilder
	rows    int
}

func newParquetWriter(w io.Writer) (*parquetWriter, error) {
	properties := parquetProperties("case_id", "record_id", "source_line", "number", "owner_number")
	writer, err := pqarrow.NewFileWriter(findingsSchema, w, properties, pqarrow.NewArrowWriterProperties(pqarrow.WithStoreSchema()))
	if err != nil {
		return nil, err
	}
	return &parquetWriter{
		writer:  writer,
		builder: array.NewRecordBuilder(memory.DefaultAllocator, findingsSchema),
	}, nil
}

func (p *parquetWriter) finding(r *row) error {
	text := func(column int, s string) { p.builder.Field(column).(*array.StringBuilder).Append(s) }
	number := func(column int, x float64) { p.builder.Field(column).(*array.Float64Builder).Append(x) }
	text(0, r.caseID)
	text(1, r.dataset)
	text(2, r.recordID)
	p.builder.Field(3).(*array.Int64Builder).Append(r.sourceLine)
	text(4, r.number)
	text(5, r.verdict)
	text(6, r.cause)
	number(7, rounded(r.pWrong, 6))
	number(8, rounded(r.weight, 2))
	if r.hasOwner {
		text(9, r.ownerNumber)
		number(10, rounded(r.pOwner, 6))
		number(11, rounded(r.ownerWeight, 2))
	} else {
		for column := 9; column <= 11; column++ {
			p.builder.Field(column).AppendNull()
		}
	}
	for i, s := range [...]string{
		r.ruleClass, r.differences, r.nameLevel, r.kanaLevel, r.birthLevel, r.sexLevel,
		r.addressLevel, r.prefecture, r.municipality, r.organization, r.date, r.channel, r.summary,
	} {
		text(12+i, s)
	}
	p.builder.Field(len(findingsHeader) - 1).(*array.BooleanBuilder).Append(r.ambiguous)
	p.rows++
	if p.rows == parquetBatch {
		return p.flush()
	}
	return nil
}

func (p *parquetWriter) flush() error {
	record := p.builder.NewRecord()
	defer record.Release()
	p.rows = 0
	return p.writer.Write(record)
}

// close writes what is left and the footer.
func (p *parquetWriter) close() error {
	var err error
	if p.rows > 0 {
		err = p.flush()
	}
	p.builder.Release()
	return errors.Join(err, p.writer.Close())
}
