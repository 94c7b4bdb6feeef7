package report

import (
	"io"
	"os"
	"path/filepath"
	"strconv"
	"testing"

	"github.com/himozuke/himozuke/report/words"
)

// benchFindings is how many findings a benchmark's database holds.
func benchFindings(n int) int {
	if parsed, err := strconv.Atoi(os.Getenv("HIMOZUKE_FINDINGS")); err == nil {
		return parsed
	}
	return n
}

// What a prefecture waits for: open the database of a big run, one table, the
// strongest cases. HIMOZUKE_FINDINGS sets how many findings it holds.
func BenchmarkReport(b *testing.B) {
	n := benchFindings(50_000)
	findings := manyFindings(n, 5)
	dir := filepath.Join(b.TempDir(), "out")
	if err := tryFolder(dir, FolderOptions{}, sampleRun(), findings); err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		audit, err := OpenAudit(dir)
		if err != nil {
			b.Fatal(err)
		}
		for _, by := range Dimensions {
			table, err := audit.Table(TableOptions{By: by, Prefecture: "13"})
			if err != nil {
				b.Fatal(err)
			}
			if err := table.WriteTerminal(io.Discard, words.Japanese); err != nil {
				b.Fatal(err)
			}
		}
		if _, err := audit.Strongest(10); err != nil {
			b.Fatal(err)
		}
		if _, err := audit.Case(findings[n/2].CaseID); err != nil {
			b.Fatal(err)
		}
		audit.Close()
	}
}
