package report

import (
	"bytes"
	"strings"
	"testing"

	"github.com/himozuke/himozuke/linkage"
	"github.com/himozuke/himozuke/report/words"
)

func TestPrintOverview(t *testing.T) {
	findings := sampleFindings()
	run := sampleRun(findings...)
	dir := writeFolder(t, FolderOptions{KeyFile: keyFile(t)}, run, findings)
	both(t, func(t *testing.T, l words.Lang) {
		var b bytes.Buffer
		if err := PrintOverview(&b, dir, run, l); err != nil {
			t.Fatal(err)
		}
		text := bytes.ReplaceAll(b.Bytes(), []byte(dir), []byte("out"))
		golden(t, "overview."+l.String()+".txt", text)
		fits80(t, string(text))
	})
}

func TestOverviewOfNothing(t *testing.T) {
	run := sampleRun()
	dir := writeFolder(t, FolderOptions{}, run, nil)
	both(t, func(t *testing.T, l words.Lang) {
		var b bytes.Buffer
		if err := PrintOverview(&b, dir, run, l); err != nil {
			t.Fatal(err)
		}
		if !bytes.Contains(b.Bytes(), []byte(nothingFound.In(l))) {
			t.Errorf("got %s", &b)
		}
	})
}

func TestOverviewOfManyDatasets(t *testing.T) {
	run := sampleRun()
	for _, name := range []string{"disability", "pension", "worker_compensation_insurance_of_the_country", "六つ目の紐付け情報", "seven"} {
		run.Counts = append(run.Counts, linkage.DatasetCount{Dataset: name, Links: 12_345_678})
		run.Counts[len(run.Counts)-1].ByCause[linkage.Verified][0] = 12_345_678
	}
	dir := writeFolder(t, FolderOptions{}, run, nil)
	both(t, func(t *testing.T, l words.Lang) {
		var b bytes.Buffer
		if err := PrintOverview(&b, dir, run, l); err != nil {
			t.Fatal(err)
		}
		fits80(t, strings.ReplaceAll(b.String(), dir, "out"))
	})
}
