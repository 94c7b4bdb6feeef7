package report

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"math"
	"testing"

	"github.com/himozuke/himozuke/report/words"
)

func sampleAudit(t *testing.T) *Audit {
	t.Helper()
	findings := sampleFindings()
	return openFolder(t, writeFolder(t, FolderOptions{KeyFile: keyFile(t)}, sampleRun(findings...), findings))
}

func openFolder(t *testing.T, dir string) *Audit {
	t.Helper()
	audit, err := OpenAudit(dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { audit.Close() })
	return audit
}

func TestTableTerminal(t *testing.T) {
	audit := sampleAudit(t)
	for _, by := range Dimensions {
		for _, prefecture := range []string{"", "13"} {
			name := "table." + string(by)
			if prefecture != "" {
				name += "." + prefecture
			}
			t.Run(name, func(t *testing.T) {
				both(t, func(t *testing.T, l words.Lang) {
					table, err := audit.Table(TableOptions{By: by, Prefecture: prefecture, Limit: 4})
					if err != nil {
						t.Fatal(err)
					}
					var b bytes.Buffer
					if err := table.WriteTerminal(&b, l); err != nil {
						t.Fatal(err)
					}
					fits80(t, b.String())
					golden(t, name+"."+l.String()+".txt", b.Bytes())
				})
			})
		}
	}
}

// The same links are behind every table, so that totals agree.
func TestTableTotalsAgree(t *testing.T) {
	audit := sampleAudit(t)
	for _, prefecture := range []string{"", "13", "27"} {
		var links []int64
		for _, by := range Dimensions {
			table, err := audit.Table(TableOptions{By: by, Prefecture: prefecture})
			if err != nil {
				t.Fatal(err)
			}
			links = append(links, table.Total.Links)
			mislinked := int64(0)
			for _, r := range table.Rows {
				mislinked += r.Mislinked
			}
			if mislinked != table.Total.Mislinked {
				t.Errorf("by %s: rows have %d mislinked, total %d", by, mislinked, table.Total.Mislinked)
			}
		}
		for i := range links {
			if links[i] != links[0] {
				t.Errorf("prefecture %q: links by dimension %v", prefecture, links)
			}
		}
	}
}

func TestTableCSVAndJSON(t *testing.T) {
	audit := sampleAudit(t)
	table, err := audit.Table(TableOptions{By: ByPrefecture})
	if err != nil {
		t.Fatal(err)
	}
	var text bytes.Buffer
	if err := table.WriteCSV(&text, words.Japanese); err != nil {
		t.Fatal(err)
	}
	golden(t, "table.prefecture.csv", text.Bytes())
	rows, err := csv.NewReader(&text).ReadAll()
	if err != nil || len(rows) != len(table.Rows)+2 {
		t.Errorf("%d rows, %v", len(rows), err)
	}
	var object bytes.Buffer
	if err := table.WriteJSON(&object); err != nil {
		t.Fatal(err)
	}
	golden(t, "table.prefecture.json", object.Bytes())
	var back Table
	if err := json.Unmarshal(object.Bytes(), &back); err != nil || back.Total.Links != table.Total.Links {
		t.Errorf("JSON does not read back: %v", err)
	}
}

// Reference values by R: prop.test(x, n, correct = FALSE).
func TestWilson(t *testing.T) {
	for _, c := range []struct {
		hits, trials int64
		low, high    float64
	}{
		{0, 10, 0, 0.2775328}, {1, 10, 0.01787621, 0.4041500}, {5, 10, 0.2365931, 0.7634069},
		{10, 10, 0.7224672, 1}, {8395, 82_080_000, 0.0001001146, 0.0001044906},
	} {
		got := wilson(c.hits, c.trials)
		if math.Abs(got.low-c.low) > 1e-6*max(1, 1/c.low*1e-6) || math.Abs(got.high-c.high) > 1e-6 {
			t.Errorf("%d of %d: %v, want %v to %v", c.hits, c.trials, got, c.low, c.high)
		}
	}
}

func TestOpenAuditRefusals(t *testing.T) {
	_, err := OpenAudit(t.TempDir())
	wantProblem(t, err, ProblemFolderMissing)
	empty := t.TempDir() + "/audit.db"
	writeFile(t, empty, "")
	_, err = OpenAudit(empty)
	wantProblem(t, err, ProblemDatabaseForeign)
	dir := writeFolder(t, FolderOptions{}, sampleRun(), nil)
	if _, err := openSQL(t, dir+"/audit.db").Exec("PRAGMA user_version = 999"); err != nil {
		t.Fatal(err)
	}
	_, err = OpenAudit(dir)
	wantProblem(t, err, ProblemDatabaseNewer)
}
