package report

import (
	"context"
	"io"
	"testing"

	"github.com/himozuke/himozuke/report/words"
)

// BenchmarkExport writes 100,000 cases in each format.
func BenchmarkExport(b *testing.B) {
	const cases = 100_000
	findings := manyFindings(cases, 5)
	dir := writeFolder(b, FolderOptions{KeyFile: keyFile(b)}, sampleRun(findings...), findings)
	audit, err := OpenAudit(dir)
	if err != nil {
		b.Fatal(err)
	}
	defer audit.Close()
	for _, format := range ExportFormats {
		b.Run(string(format), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				r, err := audit.Export(context.Background(), io.Discard, ExportOptions{Lang: words.Japanese, Format: format})
				if err != nil {
					b.Fatal(err)
				}
				if r.Cases != cases {
					b.Fatalf("%d cases", r.Cases)
				}
			}
		})
	}
}
