package linkage

import (
	"context"
	"path/filepath"
	"strings"
	"testing"
)

// Bytes that the encoding does not know are counted and located, whatever the
// number of workers.
func TestAuditTellsUnreadableBytes(t *testing.T) {
	people := townspeople(300)
	s := newScene(t, people)
	for i, p := range people {
		if i == 3 || i == 250 {
			p.name = strings.Replace(p.name, "　", "\xff\xfe　", 1)
		}
		s.link(number(i), p)
	}
	s.write(t, "medical.csv", s.links.String())
	for _, jobs := range []int{1, 3} {
		cfg := DefaultConfig()
		cfg.Jobs = jobs
		cfg.Register.Path = filepath.Join(s.dir, "register.csv")
		cfg.Links = []Source{{Dataset: "medical", Path: filepath.Join(s.dir, "medical.csv"), Encoding: "utf-8"}}
		run, err := Audit(context.Background(), cfg, Options{Key: []byte("key of the tests, 32 bytes long!")}, &collected{})
		if err != nil {
			t.Fatal(err)
		}
		found := 0
		for _, w := range run.Warnings {
			if w.Kind == WarningUnreadable {
				found++
				if w.Dataset != "medical" || w.Detail != "4; [5 252]" {
					t.Errorf("%+v", w)
				}
			}
		}
		if found != 1 {
			t.Errorf("%d warnings of unreadable bytes among %+v", found, run.Warnings)
		}
	}
}
