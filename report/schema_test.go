package report

import (
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// docs/schema.md names every table, view and column, and nothing else.
func TestSchemaIsDocumented(t *testing.T) {
	dir := writeFolder(t, FolderOptions{}, sampleRun(), nil)
	db := openSQL(t, filepath.Join(dir, AuditFileName))
	document := string(readFile(t, filepath.Join("..", "docs", "schema.md")))
	rows, err := db.Query(`SELECT m.type, m.name, group_concat(c.name, ' ') FROM sqlite_master m, pragma_table_info(m.name) c
		WHERE m.type IN ('table', 'view') GROUP BY 1, 2`)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	headings := map[string]bool{}
	for _, m := range regexp.MustCompile(`(?m)^### (\w+)`).FindAllStringSubmatch(document, -1) {
		headings[m[1]] = true
	}
	tables := 0
	for rows.Next() {
		var kind, name, columns string
		if err := rows.Scan(&kind, &name, &columns); err != nil {
			t.Fatal(err)
		}
		if kind == "view" {
			if !strings.Contains(document, "\n| "+name+" |") {
				t.Errorf("view %s is not in the document", name)
			}
			continue
		}
		tables++
		_, section, found := strings.Cut(document, "\n### "+name+"\n")
		if !found {
			t.Errorf("table %s is not in the document", name)
			continue
		}
		section, _, _ = strings.Cut(section, "\n### ")
		section, _, _ = strings.Cut(section, "\n## ")
		for _, column := range strings.Fields(columns) {
			if column != "run_id" && !regexp.MustCompile(`\b`+column+`\b`).MatchString(section) {
				t.Errorf("column %s of %s is not in the document", column, name)
			}
		}
	}
	if tables != len(headings) {
		t.Errorf("%d tables, %d headings in the document", tables, len(headings))
	}
}

// The statements of the document run.
func TestSchemaExamplesRun(t *testing.T) {
	findings := sampleFindings()
	dir := writeFolder(t, FolderOptions{}, sampleRun(findings...), findings)
	db := openSQL(t, filepath.Join(dir, AuditFileName))
	document := string(readFile(t, filepath.Join("..", "docs", "schema.md")))
	examples := regexp.MustCompile("(?s)```sql\n(.*?)```").FindAllStringSubmatch(document, -1)
	if len(examples) < 3 {
		t.Fatalf("%d examples", len(examples))
	}
	for _, e := range examples {
		rows, err := db.Query(e[1])
		if err != nil {
			t.Errorf("%s: %v", e[1], err)
			continue
		}
		rows.Close()
	}
}

// What the views say agrees with the findings.
func TestViews(t *testing.T) {
	findings := sampleFindings()
	dir := writeFolder(t, FolderOptions{}, sampleRun(findings...), findings)
	db := openSQL(t, filepath.Join(dir, AuditFileName))
	for query, want := range map[string]int{
		"SELECT count(*) FROM evidence":                                                    len(findings[0].Evidence) + len(findings[2].Evidence),
		"SELECT count(*) FROM candidates":                                                  2,
		"SELECT count(*) FROM candidate_evidence":                                          10,
		"SELECT count(*) FROM hypotheses":                                                  6,
		"SELECT count(*) FROM open_cases":                                                  3,
		"SELECT sum(links) FROM by_prefecture":                                             200_000,
		"SELECT sum(links) FROM by_organization":                                           200_000,
		"SELECT sum(links) FROM by_dataset":                                                200_000,
		"SELECT sum(mislinked) FROM by_month":                                              1,
		"SELECT sum(mislinked + review) FROM by_cause":                                     2,
		"SELECT count(*) FROM by_municipality WHERE prefecture = '13' AND links > 0":       2,
		"SELECT count(*) FROM candidates WHERE number GLOB '[*][*][*][*][*][*][*][*]000?'": 2,
		`SELECT count(*) FROM findings f WHERE weight <> 0 AND abs(weight -
		   (SELECT sum(e.weight) FROM evidence e WHERE e.finding_id = f.finding_id)) > 1e-5`: 0,
	} {
		var got int
		if err := db.QueryRow(query).Scan(&got); err != nil || got != want {
			t.Errorf("%s: %d, want %d (%v)", query, got, want, err)
		}
	}
}

// The queries that people wait for use an index.
func TestReportsUseIndexes(t *testing.T) {
	dir := writeFolder(t, FolderOptions{}, sampleRun(), nil)
	db := openSQL(t, filepath.Join(dir, AuditFileName))
	for _, query := range []string{
		"SELECT * FROM findings WHERE case_id = 'x'",
		"SELECT * FROM findings WHERE run_id = 1 AND verdict = 'mislinked' ORDER BY p_wrong DESC",
		"SELECT * FROM findings WHERE run_id = 1 AND prefecture = '13'",
		"SELECT * FROM findings WHERE run_id = 1 AND organization = '0001'",
		"SELECT * FROM findings WHERE owner_hash = x'00'",
		"SELECT * FROM groups WHERE run_id = 1 AND dimension = 'month'",
		"SELECT * FROM cases WHERE dataset = 'bank' AND record_id = '1'",
		"SELECT * FROM standing_decisions WHERE case_id = 'x'",
	} {
		rows, err := db.Query("EXPLAIN QUERY PLAN " + query)
		if err != nil {
			t.Fatal(err)
		}
		for rows.Next() {
			var id, parent, unused int
			var detail string
			if err := rows.Scan(&id, &parent, &unused, &detail); err != nil {
				t.Fatal(err)
			}
			if strings.HasPrefix(detail, "SCAN") || strings.Contains(detail, "TEMP B-TREE") {
				t.Errorf("%s: %s", query, detail)
			}
		}
		rows.Close()
	}
}
