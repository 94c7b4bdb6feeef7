package report

import (
	"bytes"
	"testing"

	"github.com/apache/arrow/go/v16/parquet/compress"
)

// The encoder is used again and again, and what a page becomes must not depend
// on the pages before it.
func TestPagesAreCompressedAlikeByOneEncoder(t *testing.T) {
	codec, err := compress.GetCodec(compress.Codecs.Zstd)
	if err != nil {
		t.Fatal(err)
	}
	shared, ok := codec.(sharedZstd)
	if !ok {
		t.Fatalf("pages are compressed by %T", codec)
	}
	text := bytes.Repeat([]byte("山田太郎,1990-01-02,東京都千代田区,13101\n"), 3000)
	for i := range 40 {
		page := append(text[:len(text)*i/40:len(text)*i/40], byte(i), byte(3*i), byte(7*i))
		const level = compress.DefaultCompressionLevel
		want := shared.Codec.EncodeLevel(nil, page, level)
		if got := codec.EncodeLevel(nil, page, level); !bytes.Equal(got, want) {
			t.Errorf("%d bytes: %d compressed bytes differ from the %d of a new encoder", len(page), len(got), len(want))
		}
		if got := codec.Decode(make([]byte, 0, len(page)), want); !bytes.Equal(got, page) {
			t.Errorf("%d bytes are not what they were", len(page))
		}
	}
	if got, want := codec.EncodeLevel(nil, text, 1), shared.Codec.EncodeLevel(nil, text, 1); !bytes.Equal(got, want) {
		t.Error("a level that was chosen is not kept")
	}
}
