package ingest

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
)

// A file read past the page cache gives the same rows at the same places.
func TestDirectReadingChangesNothing(t *testing.T) {
	var text strings.Builder
	text.WriteString("個人番号,氏名,備考\n")
	random := rand.New(rand.NewPCG(1, 2))
	for i := range 60_000 {
		fmt.Fprintf(&text, "%012d,住民%d,%s\n", i, i, strings.Repeat("あ", random.IntN(60)))
	}
	path := filepath.Join(t.TempDir(), "register.csv")
	if err := os.WriteFile(path, []byte(text.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	rows := func(jobs int, directFrom int64) map[int64]string {
		src, err := Open(Options{Path: path, Register: true, Hash: true, directFrom: directFrom})
		if err != nil {
			t.Fatal(err)
		}
		defer src.Close()
		got := map[int64]string{}
		var mu sync.Mutex
		err = src.Scan(context.Background(), jobs, func(_ int, b *Batch) error {
			mu.Lock()
			defer mu.Unlock()
			for i := range b.Rows() {
				got[b.Line(i)] = fmt.Sprint(b.Index, b.Offset(i), string(b.Column(i, 0)), string(b.Column(i, 2)))
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		got[0] = src.SHA256()
		return got
	}
	want := rows(1, 0)
	if len(want) != 60_001 {
		t.Fatalf("%d rows", len(want)-1)
	}
	for _, jobs := range []int{1, 3} {
		got := rows(jobs, 1)
		for line, row := range want {
			if got[line] != row {
				t.Fatalf("%d jobs, line %d: %s, want %s", jobs, line, got[line], row)
			}
		}
	}
}

// Ending early must not leave the reader ahead behind.
func TestDirectReadingEndsEarly(t *testing.T) {
	path := filepath.Join(t.TempDir(), "register.csv")
	text := "個人番号,氏名\n" + strings.Repeat("123456789018,山田　花子\n", 800_000)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	src, err := Open(Options{Path: path, Register: true, directFrom: 1})
	if err != nil {
		t.Fatal(err)
	}
	defer src.Close()
	want := fmt.Errorf("enough")
	if err := src.Scan(context.Background(), 2, func(int, *Batch) error { return want }); err != want {
		t.Errorf("Scan ended with %v", err)
	}
}
