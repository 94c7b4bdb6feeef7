package ingest

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"testing"

	"github.com/himozuke/himozuke/normalize/encoding"
)

// The offset of a row leads back to its first byte in the file.
func TestOffsetLeadsToTheRow(t *testing.T) {
	text := "individual_number,name\n123456789018,佐藤　太郎\n\"983205673214\",\"鈴木,\n花子\"\n\n123456789018,髙橋\r\n"
	cp932, _ := encoding.AppendCP932(nil, []byte(text))
	for name, raw := range map[string][]byte{"utf-8": []byte(text), "utf-8-bom": []byte("\uFEFF" + text), "cp932": cp932} {
		path := filepath.Join(t.TempDir(), "file.csv")
		if err := os.WriteFile(path, raw, 0o600); err != nil {
			t.Fatal(err)
		}
		s, err := Open(Options{Path: path})
		if err != nil {
			t.Fatal(err)
		}
		want := []string{"123456789018,", "\"983205673214\"", "123456789018,"}
		rows := 0
		err = s.Scan(context.Background(), 1, func(_ int, b *Batch) error {
			for i := range b.Rows() {
				if at := raw[b.Offset(i):]; !bytes.HasPrefix(at, []byte(want[rows])) {
					t.Errorf("%s: row %d is said to start at byte %d, where %q stands", name, rows, b.Offset(i), at[:min(14, len(at))])
				}
				rows++
			}
			return nil
		})
		if err != nil || rows != len(want) {
			t.Errorf("%s: %d rows, %v", name, rows, err)
		}
		s.Close()
	}
}
