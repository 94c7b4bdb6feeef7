package report

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"filippo.io/age"
	"github.com/apache/arrow/go/v16/arrow/memory"
	"github.com/apache/arrow/go/v16/parquet/file"
	"github.com/apache/arrow/go/v16/parquet/pqarrow"
	"github.com/xuri/excelize/v2"
	"pgregory.net/rapid"

	"github.com/himozuke/himozuke/linkage"
	"github.com/himozuke/himozuke/linkage/ingest"
	"github.com/himozuke/himozuke/normalize/encoding"
	"github.com/himozuke/himozuke/report/words"
)

func sampleFolder(t *testing.T, o FolderOptions) string {
	t.Helper()
	o.KeyFile = keyFile(t)
	return writeFolder(t, o, sampleRun(sampleFindings()...), sampleFindings())
}

func exportBytes(t *testing.T, audit *Audit, o ExportOptions) ([]byte, *ExportResult) {
	t.Helper()
	var b bytes.Buffer
	r, err := audit.Export(context.Background(), &b, o)
	if err != nil {
		t.Fatal(err)
	}
	return b.Bytes(), r
}

// sheetOf reads a CSV sheet into one map a row, by heading.
func sheetOf(t *testing.T, text []byte) []map[string]string {
	t.Helper()
	rows, err := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(text, []byte("\uFEFF")))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	list := make([]map[string]string, len(rows)-1)
	for i, row := range rows[1:] {
		list[i] = map[string]string{}
		for k, cell := range row {
			list[i][rows[0][k]] = cell
		}
	}
	return list
}

func TestExportCSV(t *testing.T) {
	both(t, func(t *testing.T, l words.Lang) {
		audit := openFolder(t, sampleFolder(t, FolderOptions{Lang: words.English}))
		text, r := exportBytes(t, audit, ExportOptions{Lang: l, Format: ExportCSV})
		golden(t, "export."+l.String()+".csv", text)
		again, _ := exportBytes(t, audit, ExportOptions{Lang: l, Format: ExportCSV})
		if !bytes.Equal(text, again) {
			t.Error("the same database gave another sheet")
		}
		if r.Cases != 3 || r.Matched != 3 || r.LogError != nil {
			t.Errorf("%+v", r)
		}
		for _, number := range []string{mother.number, child.number, sister.number} {
			if bytes.Contains(text, []byte(number)) {
				t.Errorf("the sheet tells %s", number)
			}
		}
	})
}

func TestExportFilters(t *testing.T) {
	audit := openFolder(t, sampleFolder(t, FolderOptions{}))
	for name, c := range map[string]struct {
		filter ExportFilter
		want   int
	}{
		"everything":      {ExportFilter{}, 3},
		"prefecture":      {ExportFilter{Prefecture: "13"}, 2},
		"another one":     {ExportFilter{Prefecture: "27"}, 0},
		"dataset":         {ExportFilter{Dataset: "bank"}, 2},
		"cause":           {ExportFilter{Cause: "family"}, 1},
		"verdict":         {ExportFilter{Verdict: "orphan"}, 1},
		"organization":    {ExportFilter{Organization: "0001"}, 2},
		"probability":     {ExportFilter{MinProbability: 0.99}, 2},
		"several at once": {ExportFilter{Dataset: "bank", Verdict: "review", MinProbability: 0.3}, 1},
	} {
		t.Run(name, func(t *testing.T) {
			text, r := exportBytes(t, audit, ExportOptions{Format: ExportCSV, Filter: c.filter})
			if r.Cases != c.want || len(sheetOf(t, text)) != c.want {
				t.Errorf("%d cases, want %d", r.Cases, c.want)
			}
		})
	}
}

// A row that stands twice in its file is one case.
func TestExportOneRowPerCase(t *testing.T) {
	twice := familyFinding()
	twice.SourceLine = 9
	dir := writeFolder(t, FolderOptions{}, sampleRun(familyFinding(), twice), []*linkage.Finding{familyFinding(), twice})
	text, _ := exportBytes(t, openFolder(t, dir), ExportOptions{Format: ExportCSV})
	if rows := sheetOf(t, text); len(rows) != 1 || rows[0]["source line"] != "2" {
		t.Errorf("%v", rows)
	}
}

func TestExportCP932(t *testing.T) {
	finding := familyFinding()
	finding.Record.Fields[ingest.RoleName] = "𠮷田　髙﨑" // the first is not in CP932
	dir := writeFolder(t, FolderOptions{}, sampleRun(finding), []*linkage.Finding{finding})
	text, r := exportBytes(t, openFolder(t, dir), ExportOptions{Lang: words.Japanese, Format: ExportCSV, Encoding: "cp932"})
	if r.Replaced != 1 {
		t.Errorf("%d characters replaced, want 1", r.Replaced)
	}
	back, undecodable := encoding.AppendUTF8(nil, text)
	if undecodable != 0 {
		t.Errorf("%d bytes are not CP932", undecodable)
	}
	if name := sheetOf(t, back)[0]["氏名（記録）"]; name != "〓田　髙﨑" {
		t.Errorf("name %s", name)
	}
}

func TestExportMasksWhatTheRunRevealed(t *testing.T) {
	finding := familyFinding()
	finding.Record.Columns[9] = "0123-4567-0001" // carried, written otherwise
	dir := writeFolder(t, FolderOptions{RevealNumbers: true}, sampleRun(finding), []*linkage.Finding{finding})
	audit := openFolder(t, dir)
	masked, _ := exportBytes(t, audit, ExportOptions{Format: ExportCSV})
	for _, number := range []string{mother.number, child.number, sister.number, "0123-4567-0001"} {
		if bytes.Contains(masked, []byte(number)) {
			t.Errorf("the masked sheet tells %s", number)
		}
	}
	full, _ := exportBytes(t, audit, ExportOptions{Format: ExportCSV, RevealNumbers: true})
	row := sheetOf(t, full)[0]
	if row["individual number"] != mother.number || row["candidate 1: individual number"] != child.number {
		t.Errorf("%v", row)
	}
	if err := audit.VerifyAccessLog(); err != nil {
		t.Error(err)
	}
	var entries []string
	if err := audit.query(func(rows *sql.Rows) error {
		var detail string
		err := rows.Scan(&detail)
		entries = append(entries, detail)
		return err
	}, "SELECT detail FROM access_log WHERE action = 'export' ORDER BY entry_id"); err != nil {
		t.Fatal(err)
	}
	if len(entries) != 2 || !strings.Contains(entries[0], "numbers masked") || !strings.Contains(entries[1], "numbers revealed") {
		t.Errorf("access log %q", entries)
	}
}

func TestExportRevealsNothingThatWasNotStored(t *testing.T) {
	audit := openFolder(t, sampleFolder(t, FolderOptions{}))
	var b bytes.Buffer
	if _, err := audit.Export(context.Background(), &b, ExportOptions{Format: ExportCSV, RevealNumbers: true}); err == nil || b.Len() > 0 {
		t.Errorf("%v, %d bytes", err, b.Len())
	}
}

// While another program writes, a masked export goes on and says that it is
// not in the log; a revealed one is refused.
func TestExportWhileTheDatabaseIsBusy(t *testing.T) {
	t.Parallel() // it waits
	dir := writeFolder(t, FolderOptions{RevealNumbers: true}, sampleRun(familyFinding()), []*linkage.Finding{familyFinding()})
	audit := openFolder(t, dir)
	db := openSQL(t, filepath.Join(dir, AuditFileName))
	conn, err := db.Conn(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if _, err := conn.ExecContext(context.Background(), "BEGIN IMMEDIATE"); err != nil {
		t.Fatal(err)
	}
	if _, r := exportBytes(t, audit, ExportOptions{Format: ExportCSV}); r.LogError == nil || r.Cases != 1 {
		t.Errorf("%+v", r)
	}
	path := filepath.Join(t.TempDir(), "x.csv")
	if _, err := audit.ExportFile(context.Background(), path, ExportOptions{Format: ExportCSV, RevealNumbers: true}); err == nil || exists(path) {
		t.Errorf("numbers were written: %v", err)
	}
}

func TestExportXLSX(t *testing.T) {
	both(t, func(t *testing.T, l words.Lang) {
		audit := openFolder(t, sampleFolder(t, FolderOptions{}))
		text, _ := exportBytes(t, audit, ExportOptions{Lang: l, Format: ExportXLSX})
		again, _ := exportBytes(t, audit, ExportOptions{Lang: l, Format: ExportXLSX})
		if !bytes.Equal(text, again) {
			t.Error("the same database gave another workbook")
		}
		book, err := excelize.OpenReader(bytes.NewReader(text))
		if err != nil {
			t.Fatal(err)
		}
		defer book.Close()
		sheet := sheetTitle.In(l)
		rows, err := book.GetRows(sheet)
		if err != nil {
			t.Fatal(err)
		}
		plain, _ := exportBytes(t, audit, ExportOptions{Lang: l, Format: ExportCSV, Encoding: "utf-8"})
		want, err := csv.NewReader(bytes.NewReader(plain)).ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		for i := range want {
			for k, cell := range want[i] {
				got := ""
				if k < len(rows[i]) {
					got = rows[i][k]
				}
				if got != cell && !sameNumber(got, cell) {
					t.Errorf("row %d, %s: %q, CSV has %q", i+1, want[0][k], got, cell)
				}
			}
		}
		panes, err := book.GetPanes(sheet)
		if err != nil || !panes.Freeze || panes.XSplit != 1 || panes.YSplit != 1 {
			t.Errorf("panes %+v %v", panes, err)
		}
		checkValidation(t, book, sheet, l)
		checkMarks(t, book, sheet, rows[0], l)
	})
}

func sameNumber(a, b string) bool {
	var x, y float64
	_, errA := fmt.Sscan(a, &x)
	_, errB := fmt.Sscan(b, &y)
	return errA == nil && errB == nil && math.Abs(x-y) < 1e-4
}

func checkValidation(t *testing.T, book *excelize.File, sheet string, l words.Lang) {
	t.Helper()
	list, err := book.GetDataValidations(sheet)
	if err != nil || len(list) != 1 {
		t.Fatalf("%d validations, %v", len(list), err)
	}
	for _, word := range decisionWords {
		if choice := words.DecisionNamed(word).In(l); !strings.Contains(list[0].Formula1, choice) {
			t.Errorf("%s is not offered: %s", choice, list[0].Formula1)
		}
	}
	filters := false
	for _, name := range book.GetDefinedName() {
		filters = filters || strings.Contains(name.Name, "FilterDatabase")
	}
	if !filters {
		t.Error("no filter")
	}
}

// checkMarks looks at the first row: the address is written otherwise, the
// birth date differs.
func checkMarks(t *testing.T, book *excelize.File, sheet string, headings []string, l words.Lang) {
	t.Helper()
	fillOf := func(role ingest.Role) string {
		heading := recordSide.Format(l, words.Role(role).In(l))
		for i, h := range headings {
			if h != heading {
				continue
			}
			cell, _ := excelize.CoordinatesToCellName(i+1, 2)
			id, err := book.GetCellStyle(sheet, cell)
			if err != nil {
				t.Fatal(err)
			}
			style, err := book.GetStyle(id)
			if err != nil {
				t.Fatal(err)
			}
			return strings.Join(style.Fill.Color, "")
		}
		t.Fatalf("no column %s", heading)
		return ""
	}
	if notation, different := fillOf(ingest.RoleAddress), fillOf(ingest.RoleBirthDate); notation == different || notation == "" || different == "" {
		t.Errorf("notation %q, different %q", notation, different)
	}
	if same := fillOf(ingest.RolePostalCode); same != "" {
		t.Errorf("same content is marked %q", same)
	}
}

func TestExportParquet(t *testing.T) {
	audit := openFolder(t, sampleFolder(t, FolderOptions{}))
	text, _ := exportBytes(t, audit, ExportOptions{Lang: words.Japanese, Format: ExportParquet})
	reader, err := file.NewParquetReader(bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	defer reader.Close()
	columns, err := pqarrow.NewFileReader(reader, pqarrow.ArrowReadProperties{}, memory.DefaultAllocator)
	if err != nil {
		t.Fatal(err)
	}
	content, err := columns.ReadTable(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	defer content.Release()
	if content.NumRows() != 3 {
		t.Errorf("%d rows", content.NumRows())
	}
	for name, want := range map[string]string{
		"case_id": `["c0ffee0000000001"`, "verdict": `["mislinked"`, "cause": `["family"`, "record_name": `["山田　翔太"`,
		"holder_name": `["山田　花子"`, "candidate1_name": `["山田　翔太"`, "decision": `[(null)`,
	} {
		at := content.Schema().FieldIndices(name)
		if len(at) != 1 {
			t.Errorf("no column %s", name)
			continue
		}
		if got := strings.ReplaceAll(fmt.Sprint(content.Column(at[0]).Data().Chunk(0)), `\u3000`, "　"); !strings.HasPrefix(got, want) {
			t.Errorf("%s: %s, want %s", name, got, want)
		}
	}
}

func TestExportEncrypted(t *testing.T) {
	identity, err := age.GenerateX25519Identity()
	if err != nil {
		t.Fatal(err)
	}
	audit := openFolder(t, sampleFolder(t, FolderOptions{}))
	for _, format := range ExportFormats {
		sealed, _ := exportBytes(t, audit, ExportOptions{Format: format, Recipients: []age.Recipient{identity.Recipient()}})
		if bytes.Contains(sealed, []byte("c0ffee")) {
			t.Errorf("%s can be read", format)
		}
		opened, err := age.Decrypt(bytes.NewReader(sealed), identity)
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(opened)
		if err != nil {
			t.Fatal(err)
		}
		if plain, _ := exportBytes(t, audit, ExportOptions{Format: format}); !bytes.Equal(text, plain) {
			t.Errorf("%s: another content", format)
		}
	}
}

// A failed export leaves neither a file nor a part of one.
func TestExportLeavesNothingBehind(t *testing.T) {
	audit := openFolder(t, sampleFolder(t, FolderOptions{}))
	dir := t.TempDir()
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := audit.ExportFile(ctx, filepath.Join(dir, "x.csv"), ExportOptions{Format: ExportCSV}); err == nil {
		t.Error("a cancelled export succeeded")
	}
	if _, err := audit.ExportFolder(ctx, filepath.Join(dir, "sheets"), ExportOptions{Format: ExportXLSX, SplitBy: ByPrefecture}); err == nil {
		t.Error("a cancelled export succeeded")
	}
	left, err := os.ReadDir(dir)
	if err != nil || len(left) != 0 {
		t.Errorf("left: %v %v", left, err)
	}
}

func TestExportSplit(t *testing.T) {
	audit := openFolder(t, sampleFolder(t, FolderOptions{}))
	dir := filepath.Join(t.TempDir(), "sheets")
	r, err := audit.ExportFolder(context.Background(), dir, ExportOptions{Format: ExportCSV, SplitBy: ByOrganization})
	if err != nil {
		t.Fatal(err)
	}
	cases := 0
	for _, path := range r.Files {
		cases += len(sheetOf(t, readFile(t, path)))
	}
	want := []string{filepath.Join(dir, "bank-0001.csv"), filepath.Join(dir, "medical-06130012.csv")}
	if strings.Join(r.Files, " ") != strings.Join(want, " ") || cases != 3 {
		t.Errorf("%d cases in %v", cases, r.Files)
	}
	if _, err := audit.ExportFolder(context.Background(), dir, ExportOptions{Format: ExportCSV, SplitBy: ByOrganization}); err == nil {
		t.Error("sheets were overwritten")
	}
}

func TestFileName(t *testing.T) {
	for group, want := range map[string]string{
		"13": "13", "": "unknown", "bank-東京都": "bank-東京都", "a/b": "a_b", "..": "unknown", `c:\x*?`: "c__x__", "x. ": "x", "a\x00b": "a_b",
	} {
		if got := fileName(group); got != want {
			t.Errorf("%q: %q, want %q", group, got, want)
		}
	}
}

func TestSample(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var all []selectedCase
		strata := rapid.SliceOfN(rapid.IntRange(1, 400), 1, 8).Draw(t, "sizes")
		for i, size := range strata {
			s := &stratum{name: fmt.Sprint(i), cases: size}
			for k := range size {
				all = append(all, selectedCase{finding: int64(len(all)), id: fmt.Sprintf("%d-%d", i, k), stratum: s})
			}
		}
		n := rapid.IntRange(1, len(all)+10).Draw(t, "n")
		sample := drawSample(all, n, 7)
		if len(sample) != min(n, len(all)) {
			t.Fatalf("%d drawn of %d, want %d", len(sample), len(all), n)
		}
		drawn := map[*stratum]int{}
		for i, c := range sample {
			drawn[c.stratum]++
			if i > 0 && sample[i-1].finding >= c.finding {
				t.Fatal("out of order, or drawn twice")
			}
		}
		expected := 0.0
		for s, k := range drawn {
			if k != s.drawn || s.drawn > s.cases {
				t.Fatalf("stratum %s: %d drawn, says %d of %d", s.name, k, s.drawn, s.cases)
			}
			expected += float64(s.cases) * s.probability()
		}
		if math.Abs(expected-float64(len(sample))) > 1e-6 {
			t.Fatalf("inclusion probabilities add up to %g cases, %d drawn", expected, len(sample))
		}
		if n >= len(strata) && len(drawn) != len(strata) {
			t.Fatalf("%d strata of %d drawn from", len(drawn), len(strata))
		}
	})
}

// Every case of a stratum has the same chance.
func TestSampleIsFair(t *testing.T) {
	const cases, n, seeds = 50, 10, 2000
	hits := make([]int, cases)
	for seed := range uint64(seeds) {
		s := &stratum{name: "s", cases: cases}
		all := make([]selectedCase, cases)
		for i := range all {
			all[i] = selectedCase{finding: int64(i), id: fmt.Sprintf("%016x", i*7919), stratum: s}
		}
		for _, c := range drawSample(all, n, seed) {
			hits[c.finding]++
		}
	}
	for i, h := range hits { // mean 400, standard deviation 18
		if h < 310 || h > 490 {
			t.Errorf("case %d was drawn %d times of %d", i, h, seeds)
		}
	}
}

func TestDataVersionIsNoNumber(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		hash := rapid.SliceOfN(rapid.Byte(), 16, 16).Draw(t, "hash")
		version := dataVersion(hash)
		if len(version) != 10 || strings.ContainsAny(version, "0123456789aeiou.+-") {
			t.Fatalf("%q", version)
		}
		other := bytes.Clone(hash)
		other[rapid.IntRange(0, 4).Draw(t, "at")] ^= 1
		if dataVersion(other) == version {
			t.Fatalf("%x and %x are the same version", hash, other)
		}
	})
}

func TestSheetText(t *testing.T) {
	for s, want := range map[string]string{
		"c0ffee0000000001": "c0ffee0000000001", "1234567890123456": "'1234567890123456", "12345e7890123456": "'12345e7890123456",
		"e234567890123456": "e234567890123456", "=1+1": "'=1+1", "0001": "0001", "山田": "山田",
	} {
		if got := sheetText(s); got != want {
			t.Errorf("%s: %s, want %s", s, got, want)
		}
	}
}

// The cursor agrees with the standard library on any dossier.
func TestDossierAgreesWithTheStandardLibrary(t *testing.T) {
	text := rapid.StringOf(rapid.OneOf(rapid.Rune(), rapid.SampledFrom([]rune("\"\\{}[],: \n\tあ"))))
	person := rapid.Custom(func(t *rapid.T) map[string]any {
		p := map[string]any{}
		for _, key := range []string{"name", "address", "birth_date", "not known to anybody"} {
			if rapid.Bool().Draw(t, key) {
				p[key] = text.Draw(t, "value")
			}
		}
		if rapid.Bool().Draw(t, "other") {
			p["other"] = map[string]string{text.Draw(t, "heading"): text.Draw(t, "value")}
		}
		return p
	})
	rapid.Check(t, func(t *rapid.T) {
		people := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) map[string]any {
			return map[string]any{
				"number": text.Draw(t, "number"), "cause": "family", "posterior": rapid.Float64Range(0, 1).Draw(t, "posterior"),
				"weight": rapid.SampledFrom([]any{nil, 1.5, true}).Draw(t, "weight"), "person": person.Draw(t, "person"),
				"evidence": []any{map[string]any{"level": text.Draw(t, "level"), "m": 0.5}, []any{}, nil},
			}
		}), 0, 4).Draw(t, "people")
		encoded, err := json.Marshal(people)
		if err != nil {
			t.Fatal(err)
		}
		if rapid.Bool().Draw(t, "indented") {
			var b bytes.Buffer
			if err := json.Indent(&b, encoded, "", "\t"); err != nil {
				t.Fatal(err)
			}
			encoded = b.Bytes()
		}
		var want []struct {
			Number    string  `json:"number"`
			Cause     string  `json:"cause"`
			Posterior float64 `json:"posterior"`
			Person    Fields  `json:"person"`
		}
		if err := json.Unmarshal(encoded, &want); err != nil {
			t.Fatal(err)
		}
		cursor := jsonCursor{text: string(encoded)}
		got := cursor.candidates(nil)
		if cursor.err != nil || len(got) != len(want) {
			t.Fatalf("%d of %d people, %v: %s", len(got), len(want), cursor.err, encoded)
		}
		for i := range got {
			if got[i].number != want[i].Number || got[i].posterior != want[i].Posterior || got[i].cause != want[i].Cause {
				t.Fatalf("%+v, want %+v", got[i], want[i])
			}
			for _, role := range []ingest.Role{ingest.RoleName, ingest.RoleAddress, ingest.RoleBirthDate} {
				if got[i].person.known[role] != want[i].Person.Known[role.String()] {
					t.Fatalf("%s: %q, want %q", role, got[i].person.known[role], want[i].Person.Known[role.String()])
				}
			}
			for heading, value := range want[i].Person.Other {
				if got[i].person.carriedValue(heading) != value {
					t.Fatalf("%q: %q, want %q", heading, got[i].person.carriedValue(heading), value)
				}
			}
		}
	})
}

func FuzzDossier(f *testing.F) {
	for _, s := range []string{`[]`, `[{"number":"1","posterior":0.5,"person":{"name":"a\"b","other":{"x":"y"}},"evidence":[{"m":1}]}]`,
		`[{`, `{"name":"\u3042"}`, `[[[`, `[{"posterior":null}]`, `["`, `[{"person":}]`, `[,]`, `[1,2]`} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		people := jsonCursor{text: s}
		list := people.candidates(nil)
		if json.Valid([]byte(s)) && people.err == nil {
			var standard []Candidate
			if json.Unmarshal([]byte(s), &standard) == nil && len(standard) != len(list) {
				t.Errorf("%d people, standard library %d", len(list), len(standard))
			}
		}
		var p dossierPerson
		row := jsonCursor{text: s}
		row.person(&p)
	})
}

// A text may hold the sign that stands between the texts of a fetched row.
func TestExportOfTextsWithSeparators(t *testing.T) {
	f, other := familyFinding(), reviewFinding()
	f.RecordID, f.Channel = "R\x1f1", "a\x1f\x1fb"
	audit := openFolder(t, writeFolder(t, FolderOptions{KeyFile: keyFile(t)}, sampleRun(f, other), []*linkage.Finding{f, other}))
	text, _ := exportBytes(t, audit, ExportOptions{Format: ExportCSV, Encoding: "utf-8"})
	rows := sheetOf(t, text)
	if len(rows) != 2 || rows[0]["record id"] != "R\x1f1" || rows[0]["channel"] != "a\x1f\x1fb" || rows[0]["verdict"] != "mislinked" ||
		rows[1]["record id"] != "B000007" {
		t.Errorf("%q", rows)
	}
}
