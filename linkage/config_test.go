package linkage

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/himozuke/himozuke/score"
)

func TestSizes(t *testing.T) {
	for text, want := range map[string]int64{
		"4GiB": 4 << 30, "4 GiB": 4 << 30, "4G": 4 << 30, "4GB": 4e9, "1.5G": 3 << 29, "500MB": 5e8,
		"64K": 64 << 10, "2TiB": 2 << 40, "1048576": 1 << 20, "10B": 10,
	} {
		var s Size
		if err := s.UnmarshalText([]byte(text)); err != nil || int64(s) != want {
			t.Errorf("%s is %d (%v), want %d", text, s, err, want)
		}
	}
	for _, text := range []string{"", "GiB", "4 gigs", "-1", "4,5G", "4iB"} {
		if new(Size).UnmarshalText([]byte(text)) == nil {
			t.Errorf("%q was accepted", text)
		}
	}
}

func TestConfigSaysMemoryEitherWay(t *testing.T) {
	for _, line := range []string{`memory = "4GiB"`, `memory = 4294967296`} {
		path := filepath.Join(t.TempDir(), "audit.toml")
		if err := os.WriteFile(path, []byte(line+"\n"), 0o600); err != nil {
			t.Fatal(err)
		}
		if cfg, err := ReadConfig(path); err != nil || cfg.Memory != 4<<30 {
			t.Errorf("%s: %d (%v)", line, cfg.Memory, err)
		}
	}
}

func TestPlan(t *testing.T) {
	if p := planFor(1e6, 1e6, 1<<30, 2); p.Disk != 0 || p.Memory > 1<<30 || p.check() != nil {
		t.Errorf("a million people fit into a GiB: %+v", p)
	}
	p := planFor(125e6, 82e6, 4<<30, 2)
	if p.Disk < 125e6*50 || p.Least > p.Limit || p.gather() < leastGather || p.check() != nil {
		t.Errorf("a country's register goes to disk with 4 GiB: %+v", p)
	}
	if many := planFor(125e6, 82e6, 4<<30, 64); many.Least <= p.Least || many.Least < 64*score.RoomOfNames(125e6) {
		t.Errorf("64 workers take more than 2: %+v and %+v", many, p)
	}
	for _, limit := range []int64{p.Least, p.Limit} {
		// What the collector allows and what it does not know of stay below.
		q := planFor(125e6, 82e6, limit, 2)
		if sum := q.heap() + q.offHeap() + bytesOfCode; sum > limit {
			t.Errorf("with %d bytes the plan comes to %d", limit, sum)
		}
		// What is given back becomes the heap's.
		if q.heapOfSearch() != q.heap()+roomOfAlike(q.People) || q.heapAtLast() != q.heap()+roomOfAlike(q.People)+q.People*bytesOfIndex {
			t.Errorf("with %d bytes the heap may take %d, %d and %d", limit, q.heap(), q.heapOfSearch(), q.heapAtLast())
		}
	}
	p = planFor(125e6, 82e6, 1<<30, 2)
	if err := p.check(); err == nil || !strings.Contains(err.Error(), "--memory") {
		t.Errorf("a country does not go with 1 GiB: %v", err)
	}
}
