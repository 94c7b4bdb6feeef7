package report

import "github.com/apache/arrow/go/v16/parquet/compress"

// sharedZstd is Arrow's codec, which makes a new encoder of several megabytes
// for every page, with the one encoder that it has for a level nobody chose.
type sharedZstd struct{ compress.Codec }

func (z sharedZstd) EncodeLevel(dst, src []byte, level int) []byte {
	if level != compress.DefaultCompressionLevel {
		return z.Codec.EncodeLevel(dst, src, level)
	}
	return z.Encode(dst, src)
}

func init() {
	if codec, err := compress.GetCodec(compress.Codecs.Zstd); err == nil {
		compress.RegisterCodec(compress.Codecs.Zstd, sharedZstd{codec})
	}
}
