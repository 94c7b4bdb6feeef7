package report

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"github.com/himozuke/himozuke/linkage"
	"github.com/himozuke/himozuke/linkage/ingest"
	"github.com/himozuke/himozuke/report/words"
)

// everyOutput is all that report and export make of a database, of one
// prefecture or of all.
func everyOutput(t *testing.T, audit *Audit, prefecture string) map[string]string {
	t.Helper()
	outputs := map[string]string{}
	for _, by := range Dimensions {
		table, err := audit.Table(TableOptions{By: by, Prefecture: prefecture})
		if err != nil {
			t.Fatal(err)
		}
		keep := func(format string, write func(*bytes.Buffer) error) {
			var b bytes.Buffer
			if err := write(&b); err != nil {
				t.Fatal(err)
			}
			outputs["table by "+string(by)+" as "+format] = b.String()
		}
		keep("text", func(b *bytes.Buffer) error { return table.WriteTerminal(b, words.Japanese) })
		keep("csv", func(b *bytes.Buffer) error { return table.WriteCSV(b, words.Japanese) })
		keep("json", func(b *bytes.Buffer) error { return table.WriteJSON(b) })
	}
	trend, err := audit.Trend(TableOptions{Prefecture: prefecture})
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := trend.WriteCSV(&b, words.Japanese); err != nil {
		t.Fatal(err)
	}
	outputs["trend"] = b.String()
	outputs["html"] = string(writeHTML(t, audit, HTMLOptions{Prefecture: prefecture, Examples: 6, Lang: words.Japanese}))
	status, err := audit.ReviewStatus(ReviewFilter{Prefecture: prefecture})
	if err != nil {
		t.Fatal(err)
	}
	b.Reset()
	if err := status.WriteJSON(&b); err != nil {
		t.Fatal(err)
	}
	outputs["review status"] = b.String()
	for _, format := range ExportFormats {
		text, _ := exportBytes(t, audit, ExportOptions{Lang: words.Japanese, Format: format, Filter: ExportFilter{Prefecture: prefecture}})
		outputs["export "+string(format)] = string(text)
		if format == ExportXLSX {
			outputs["export xlsx, cells"] = fmt.Sprint(bookCells(t, text))
		}
	}
	return outputs
}

// osakaFinding is a wrong link of another prefecture, every value of which is
// its own.
func osakaFinding() *linkage.Finding {
	f := familyFinding()
	f.CaseID, f.RecordID, f.SourceLine = "0babe00000000027", "R270000", 99
	f.Prefecture, f.Municipality, f.Organization, f.Date = "27", "27128", "06279999", "2019-03-27"
	f.Record.Fields[ingest.RoleAddress], f.Record.Fields[ingest.RoleName] = "大阪府大阪市中央区大手前", "浪速　京橋"
	return f
}

// A report or a sheet of one prefecture holds nothing of another.
func TestEveryOutputKeepsToItsPrefecture(t *testing.T) {
	findings := append(sampleFindings(), osakaFinding())
	audit := openFolder(t, writeFolder(t, FolderOptions{KeyFile: keyFile(t)}, sampleRun(findings...), findings))
	secrets := []string{"0babe00000000027", "R270000", "27128", "06279999", "2019-03", "浪速", "大手前"}
	all := everyOutput(t, audit, "")
	for name, text := range everyOutput(t, audit, "13") {
		for _, secret := range secrets {
			if strings.Contains(text, secret) {
				t.Errorf("%s of prefecture 13 holds %s", name, secret)
			}
		}
	}
	for _, secret := range secrets {
		seen := false
		for _, text := range all {
			seen = seen || strings.Contains(text, secret)
		}
		if !seen {
			t.Errorf("%s is nowhere: the test is broken", secret)
		}
	}
}

// The same database gives the same report, byte for byte, whoever else looked
// at it in between.
func TestEveryOutputIsTheSameTwice(t *testing.T) {
	n := newNights(t)
	n.audit(sampleFindings()...)
	n.audit(append(manyFindings(200, 9), sampleFindings()...)...)
	for _, prefecture := range []string{"", "13"} {
		first := everyOutput(t, openFolder(t, n.database), prefecture)
		audit := openFolder(t, n.database)
		if err := audit.EnterView("explain", "case"); err != nil {
			t.Fatal(err)
		}
		for name, text := range everyOutput(t, audit, prefecture) {
			if text != first[name] {
				t.Errorf("%s differs", name)
			}
		}
	}
}
