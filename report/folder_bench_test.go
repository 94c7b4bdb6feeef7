package report

import (
	"path/filepath"
	"testing"
)

// One operation is one finding, through all outputs.
func BenchmarkFolder(b *testing.B) {
	findings := manyFindings(2000, 5)
	run := sampleRun()
	dir := filepath.Join(b.TempDir(), "out")
	folder, err := NewFolder(dir, FolderOptions{})
	if err != nil {
		b.Fatal(err)
	}
	defer folder.Abort()
	if err := folder.Begin(run); err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	i := 0
	for b.Loop() {
		if err := folder.Finding(findings[i%len(findings)]); err != nil {
			b.Fatal(err)
		}
		i++
	}
	if err := folder.End(run); err != nil {
		b.Fatal(err)
	}
	b.ReportMetric(float64(i)/b.Elapsed().Seconds(), "findings/s")
}
