package report

import (
	"github.com/apache/arrow/go/v16/parquet"
	"github.com/apache/arrow/go/v16/parquet/compress"
)

// dictionaryRoom is more than the dictionary of any column of a row group takes.
// The pages of a column whose dictionary is full are of two encodings, which
// Arrow lists in another order each time: the file would not be the same bytes.
const dictionaryRoom = 1 << 30

// parquetProperties are those of every file that is written. Columns that hardly
// repeat a value go without a dictionary.
func parquetProperties(unique ...string) *parquet.WriterProperties {
	options := []parquet.WriterProperty{
		parquet.WithCompression(compress.Codecs.Zstd),
		parquet.WithDictionaryDefault(true),
		parquet.WithDictionaryPageSizeLimit(dictionaryRoom),
		parquet.WithCreatedBy("himozuke"),
	}
	for _, column := range unique {
		options = append(options, parquet.WithDictionaryFor(column, false))
	}
	return parquet.NewWriterProperties(options...)
}
