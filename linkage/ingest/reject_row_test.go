package ingest

import (
	"context"
	"strings"
	"testing"
)

// A rejected row keeps its beginning, wherever the blocks are cut.
func TestRejectedRowsKeepTheirText(t *testing.T) {
	long := strings.Repeat("x", rejectedBytes)
	path := write(t, "in.csv", []byte("number,name,birth_date\n1,a\n2,b,c\n3,\"d\ne\"\n4,\"f,g\n"+long+"5,b\n"))
	want := []string{"1,a", "3,\"d\ne", "4,\"f,g\n", long}
	for _, size := range []int{8, 4096} {
		s := open(t, Options{Path: path, Columns: map[string]string{"number": "number"}, blockSize: size, rowLimit: 2048})
		var got []string
		err := s.Scan(context.Background(), 1, func(_ int, b *Batch) error {
			for _, r := range b.Rejects {
				got = append(got, r.Row)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		if strings.Join(got, "|") != strings.Join(want, "|") {
			t.Errorf("blocks of %d: %q", size, got)
		}
	}
}
