package report

import (
	"bytes"
	"database/sql"
	"encoding/csv"
	"errors"
	"fmt"
	"math"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"
	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/unicode"

	"github.com/himozuke/himozuke/linkage/ingest"
	"github.com/himozuke/himozuke/report/words"
)

// reviewSheetText makes the sheet that most tests here read.
func reviewSheetText(delimiter string, rows ...[]string) string {
	var b strings.Builder
	for _, row := range rows {
		for i, cell := range row {
			if i > 0 {
				b.WriteString(delimiter)
			}
			b.WriteString(`"` + strings.ReplaceAll(cell, `"`, `""`) + `"`)
		}
		b.WriteString("\r\n")
	}
	return b.String()
}

var (
	englishHeadings  = []string{"case", "data version", "why", "decision", "reason", "reviewer", "comment"}
	japaneseHeadings = []string{"備考", "確認者", "確認の理由", "確認結果", "判定の説明", "データ版", "案件番号"}
	japaneseRow      = []string{"二行\n目、\"引用\"", "佐藤　一郎", "転居", "紐付け誤り", "", "bcdfghjkmn", "C0FFEE0000000001"}
)

func TestParseReviewSheet(t *testing.T) {
	japaneseSheet := reviewSheetText(",", japaneseHeadings, japaneseRow)
	cp932, err := japanese.ShiftJIS.NewEncoder().String(japaneseSheet)
	if err != nil {
		t.Fatal(err)
	}
	utf16, err := unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewEncoder().String(strings.ReplaceAll(japaneseSheet, `","`, "\"\t\""))
	if err != nil {
		t.Fatal(err)
	}
	big, err := unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM).NewEncoder().String(japaneseSheet)
	if err != nil {
		t.Fatal(err)
	}
	want := reviewRow{row: 2, caseID: "c0ffee0000000001", version: "bcdfghjkmn", decision: "紐付け誤り", reason: "転居", reviewer: "佐藤 一郎", comment: "二行\n目、\"引用\""}
	shifted := want
	shifted.row = 3
	for name, c := range map[string]struct {
		text string
		want reviewRow
	}{
		"UTF-8 with mark":     {"\uFEFF" + japaneseSheet, want},
		"UTF-8":               {japaneseSheet, want},
		"CP932":               {cp932, want},
		"UTF-16 with tabs":    {utf16, want},
		"UTF-16 without mark": {big, want},
		"semicolons":          {reviewSheetText(";", japaneseHeadings, japaneseRow), want},
		"tabs":                {reviewSheetText("\t", japaneseHeadings, japaneseRow), want},
		"line for Excel":      {"sep=;\r\n" + reviewSheetText(";", japaneseHeadings, japaneseRow), shifted},
		"empty line":          {strings.Replace(japaneseSheet, "\"\r\n\"", "\"\r\n\r\n\"", 1), shifted},
		"English": {reviewSheetText(",", englishHeadings,
			[]string{"c0ffee0000000001", "bcdfghjkmn", "", "紐付け誤り", "転居", "佐藤 一郎", "二行\n目、\"引用\""}), want},
		"headings typed anew": {reviewSheetText(",", []string{" ＣＡＳＥ ", "Data  Version", "Decision", "Reviewer", "comment", "reason"},
			[]string{"'c0ffee0000000001", "bcdfghjkmn", "紐付け誤り", "佐藤　一郎", "二行\n目、\"引用\"", "転居"}), want},
		"short rows and blank ones": {reviewSheetText(",", englishHeadings) + "\"\",\"\"\r\n" + reviewSheetText(",",
			[]string{"c0ffee0000000001", "bcdfghjkmn", "", "紐付け誤り", "転居", "佐藤 一郎", "二行\n目、\"引用\""}), shifted},
	} {
		t.Run(name, func(t *testing.T) {
			rows, err := parseReviewSheet("sheet.csv", []byte(c.text))
			if err != nil || len(rows) != 1 || rows[0] != c.want {
				t.Errorf("%+v %v\nwant %+v", rows, err, c.want)
			}
		})
	}
}

func TestReviewSheetThatCannotBeRead(t *testing.T) {
	for name, c := range map[string]struct{ text, want string }{
		"empty":              {"", `heading "案件番号" ("case") is missing`},
		"no reviewer":        {"case,data version,decision\n", `heading "確認者" ("reviewer") is missing`},
		"heading twice":      {"case,data version,decision,reviewer,確認結果\n", `stands twice`},
		"old Excel":          {"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", "old Excel"},
		"damaged workbook":   {"PK\x03\x04 and no more", "not an XLSX workbook"},
		"open quote":         {"case,data version,decision,reviewer\na,b,\"c\n", "x:2: the quotes"},
		"no known encoding":  {"case,data version,decision,reviewer\n\x81\n", "encoding"},
		"broken after a BOM": {"\uFEFFcase,data version,decision,reviewer\n\x81\x82\n", "encoding"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := parseReviewSheet("x", []byte(c.text))
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("%v, want %s", err, c.want)
			}
			if japanese := words.Error(err, words.Japanese); japanese == "" || japanese == err.Error() {
				t.Errorf("not said in Japanese: %s", japanese)
			}
		})
	}
}

// Whatever the file holds, the parser says what it found or why it cannot.
func FuzzReviewSheet(f *testing.F) {
	f.Add([]byte(reviewSheetText(",", japaneseHeadings, japaneseRow)))
	f.Add([]byte("case;data version;decision;reviewer\r\na;b;c;d\r\n"))
	f.Add([]byte("sep=\t\ncase\tdata version\tdecision\treviewer\n"))
	f.Add([]byte("\xFF\xFEc\x00a\x00s\x00e\x00"))
	f.Add([]byte("PK\x03\x04"))
	f.Add([]byte("case,data version,decision,reviewer\n'=1,\"\n\",x,\x81\x40"))
	f.Fuzz(func(t *testing.T, content []byte) {
		rows, err := parseReviewSheet("sheet", content)
		if err != nil {
			if rows != nil || err.Error() == "" {
				t.Errorf("%d rows and %v", len(rows), err)
			}
			return
		}
		last := 1
		for _, r := range rows {
			if r.row <= last {
				t.Errorf("row %d after row %d", r.row, last)
			}
			last = r.row
			for _, s := range []string{r.caseID, r.version, r.decision, r.reason, r.reviewer, r.comment} {
				if !utf8.ValidString(s) {
					t.Errorf("%q is not UTF-8", s)
				}
			}
			if r.caseID == "" && r.decision == "" && r.reason == "" && r.comment == "" {
				t.Error("an empty row")
			}
		}
	})
}

// What a reviewer types comes back as typed, through every format.
func TestReviewRoundTrip(t *testing.T) {
	reason := "=A1+1, \"転居\"\n二行目"
	for _, l := range []words.Lang{words.English, words.Japanese} {
		for _, format := range []ExportFormat{ExportCSV, ExportXLSX} {
			t.Run(l.String()+" "+string(format), func(t *testing.T) {
				audit := openFolder(t, sampleFolder(t, FolderOptions{}))
				text, _ := exportBytes(t, audit, ExportOptions{Lang: l, Format: format})
				path := filepath.Join(t.TempDir(), "back."+string(format))
				fillIn := fillInCSV
				if format == ExportXLSX {
					fillIn = fillInXLSX
				}
				writeFile(t, path, fillIn(t, text, l, map[string]string{
					keyDecision: words.DecisionNamed("correct").In(l), keyReason: reason, keyReviewer: "佐藤　一郎", keyComment: "0012"}))
				r, err := audit.ImportReview(path, ImportOptions{})
				if err != nil {
					t.Fatal(err)
				}
				if r.Rows != 3 || r.Recorded != 3 {
					t.Errorf("%+v", r)
				}
				c, err := audit.Case("c0ffee0000000001")
				if err != nil {
					t.Fatal(err)
				}
				if d := c.Decisions[0]; c.Status != "decided" || d.Decision != "correct" || d.Reason != reason || d.Reviewer != "佐藤 一郎" || d.Comment != "0012" {
					t.Errorf("%s: %+v", c.Status, d)
				}
				if again, err := audit.ImportReview(path, ImportOptions{}); err != nil || again.Recorded != 0 || again.Unchanged != 3 {
					t.Errorf("%+v %v", again, err)
				}
				if err := audit.VerifyAccessLog(); err != nil {
					t.Error(err)
				}
			})
		}
	}
}

// fillInCSV fills every row, and defuses as a spreadsheet user must.
func fillInCSV(t *testing.T, text []byte, l words.Lang, values map[string]string) string {
	t.Helper()
	rows, err := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(text, []byte("\uFEFF")))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	for i, heading := range rows[0] {
		for key, value := range values {
			if heading == reviewHeadings[key].In(l) {
				for _, row := range rows[1:] {
					row[i] = sheetText(value)
				}
			}
		}
	}
	return reviewSheetText(";", rows...)
}

func fillInXLSX(t *testing.T, text []byte, l words.Lang, values map[string]string) string {
	t.Helper()
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
	for i, heading := range rows[0] {
		for key, value := range values {
			for n := 2; heading == reviewHeadings[key].In(l) && n <= len(rows); n++ {
				cell, _ := excelize.CoordinatesToCellName(i+1, n)
				if err := book.SetCellStr(sheet, cell, value); err != nil {
					t.Fatal(err)
				}
			}
		}
	}
	// A sheet of the reviewer's own stands first.
	if _, err := book.NewSheet("memo"); err != nil {
		t.Fatal(err)
	}
	if err := book.MoveSheet("memo", sheet); err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := book.Write(&b); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// reviews imports decisions into a lasting database.
type reviews struct {
	*nights
}

// sheet says decisions as "case decision reviewer [reason]", on the data as
// they are now.
func (r *reviews) sheet(decisions ...string) string {
	r.t.Helper()
	db := openSQL(r.t, r.database)
	rows := [][]string{englishHeadings}
	for _, d := range decisions {
		parts := append(strings.SplitN(d, " ", 4), "")
		var hash []byte
		err := db.QueryRow("SELECT data_hash FROM findings WHERE finding_id = (SELECT last_finding_id FROM cases WHERE case_id = ?)", parts[0]).Scan(&hash)
		if err != nil && !errors.Is(err, sql.ErrNoRows) {
			r.t.Fatal(err)
		}
		rows = append(rows, []string{parts[0], dataVersion(hash), "", parts[1], parts[3], parts[2], ""})
	}
	path := filepath.Join(r.t.TempDir(), "sheet.csv")
	writeFile(r.t, path, reviewSheetText(",", rows...))
	return path
}

func (r *reviews) importSheet(path string, o ImportOptions) (*ImportResult, error) {
	o.Now = func() time.Time { return time.Date(2026, 11, 21, 9, 0, r.night, 0, time.UTC) }
	o.Actor = "tester"
	audit, err := OpenAudit(r.database)
	if err != nil {
		r.t.Fatal(err)
	}
	defer audit.Close()
	return audit.ImportReview(path, o)
}

func (r *reviews) take(o ImportOptions, decisions ...string) *ImportResult {
	r.t.Helper()
	result, err := r.importSheet(r.sheet(decisions...), o)
	if err != nil {
		r.t.Fatal(err)
	}
	return result
}

const (
	familyCase = "c0ffee0000000001"
	orphanCase = "c0ffee0000000002"
	reviewCase = "c0ffee0000000003"
)

func TestImportNamesEveryWrongRow(t *testing.T) {
	r := &reviews{newNights(t)}
	r.audit(sampleFindings()...)
	stale := r.sheet(reviewCase + " correct sato")
	changed := reviewFinding()
	changed.Record.Fields[ingest.RoleKana] = "ヤマダ"
	r.audit(familyFinding(), orphanFinding(), changed)
	staleRow := strings.Split(string(readFile(t, stale)), "\r\n")[1]
	r.take(ImportOptions{}, familyCase+" mislinked sato")
	path := r.sheet(familyCase+" correct sato", "deadbeef00000000 correct sato", orphanCase+" perhaps sato", orphanCase+" correct ",
		familyCase+" unsure tanaka", familyCase+" correct tanaka", orphanCase+" unsure sato")
	writeFile(t, path, string(readFile(t, path))+staleRow+"\r\n")
	_, err := r.importSheet(path, ImportOptions{})
	var problems *SheetProblems
	if !errors.As(err, &problems) {
		t.Fatal(err)
	}
	got := fmt.Sprint(problems.Rows)
	want := fmt.Sprint([]RowProblem{
		{2, RowDecided, familyCase}, {3, RowUnknownCase, ""}, {4, RowBadDecision, ""}, {5, RowNoReviewer, ""},
		{7, RowContradiction, familyCase}, {9, RowStale, reviewCase},
	})
	if got != want {
		t.Errorf("%s\nwant %s", got, want)
	}
	golden(t, "review.problems.en.txt", []byte(strings.ReplaceAll(problems.In(words.English), path, "sheet.csv")+"\n"))
	golden(t, "review.problems.ja.txt", []byte(strings.ReplaceAll(problems.In(words.Japanese), path, "sheet.csv")+"\n"))
	var n int
	if err := openSQL(t, r.database).QueryRow("SELECT count(*) FROM decisions").Scan(&n); err != nil || n != 1 {
		t.Errorf("%d decisions, %v: the sheet went in by half", n, err)
	}
}

func TestImportDoesNotOverwrite(t *testing.T) {
	r := &reviews{newNights(t)}
	r.audit(sampleFindings()...)
	if got := r.take(ImportOptions{}, familyCase+" mislinked sato moved"); got.Recorded != 1 || got.Second != 0 {
		t.Errorf("%+v", got)
	}
	if got := r.take(ImportOptions{}, familyCase+" mislinked sato moved"); got.Recorded != 0 || got.Unchanged != 1 {
		t.Errorf("again: %+v", got)
	}
	if got := r.take(ImportOptions{}, familyCase+" correct tanaka"); got.Recorded != 1 || got.Second != 1 {
		t.Errorf("second reviewer: %+v", got)
	}
	if _, err := r.importSheet(r.sheet(familyCase+" mislinked sato renamed"), ImportOptions{}); err == nil {
		t.Error("another reason was taken silently")
	}
	if got := r.take(ImportOptions{Replace: true}, familyCase+" unsure sato"); got.Recorded != 1 || got.Replaced != 1 {
		t.Errorf("replaced: %+v", got)
	}
	c, err := openFolder(t, r.database).Case(familyCase)
	if err != nil {
		t.Fatal(err)
	}
	if len(c.Decisions) != 3 {
		t.Errorf("a decision was lost: %+v", c.Decisions)
	}
	var standing string
	if err := openSQL(t, r.database).QueryRow("SELECT group_concat(reviewer || ' ' || decision, ', ' ORDER BY reviewer) FROM standing_decisions").Scan(&standing); err != nil || standing != "sato unsure, tanaka correct" {
		t.Errorf("%s, %v", standing, err)
	}
}

func TestReviewerFromTheCommand(t *testing.T) {
	r := &reviews{newNights(t)}
	r.audit(sampleFindings()...)
	r.take(ImportOptions{Reviewer: "佐藤　一郎"}, familyCase+" correct ")
	c, err := openFolder(t, r.database).Case(familyCase)
	if err != nil || c.Decisions[0].Reviewer != "佐藤 一郎" || c.Decisions[0].At != "2026-11-21T09:00:01Z" {
		t.Errorf("%+v %v", c.Decisions, err)
	}
}

func TestDryRunRecordsNothing(t *testing.T) {
	r := &reviews{newNights(t)}
	r.audit(sampleFindings()...)
	before := readFile(t, r.database)
	if got := r.take(ImportOptions{DryRun: true}, familyCase+" correct sato"); got.Recorded != 1 {
		t.Errorf("%+v", got)
	}
	if !bytes.Equal(before, readFile(t, r.database)) {
		t.Error("the database changed")
	}
}

// A decision closes its case at once, and for as long as the data stay; data
// that come back to what was decided on close it again.
func TestImportedDecisionsOverNights(t *testing.T) {
	r := &reviews{newNights(t)}
	status := func(id string) string {
		t.Helper()
		c, err := openFolder(t, r.database).Case(id)
		if err != nil {
			t.Fatal(err)
		}
		return c.Status
	}
	r.audit(familyFinding(), reviewFinding())
	r.take(ImportOptions{}, reviewCase+" correct sato", familyCase+" unsure sato")
	if status(reviewCase) != "decided" || status(familyCase) != "open" {
		t.Errorf("%s, %s", status(reviewCase), status(familyCase))
	}
	r.want(r.audit(familyFinding(), reviewFinding()), CaseCounts{Persisting: 1, Decided: 1})
	changed := reviewFinding()
	changed.Holder.Fields[ingest.RoleAddress] = "大阪府大阪市北区"
	r.want(r.audit(familyFinding(), changed), CaseCounts{Persisting: 1, Reopened: 1})
	// Other data are another question: no --replace is needed.
	r.take(ImportOptions{}, reviewCase+" mislinked sato")
	r.want(r.audit(familyFinding(), changed), CaseCounts{Persisting: 1, Decided: 1})
	r.want(r.audit(familyFinding(), reviewFinding()), CaseCounts{Persisting: 1, Decided: 1})
	// Who takes a decision back opens the case.
	r.take(ImportOptions{Replace: true}, reviewCase+" unsure sato")
	if status(reviewCase) != "open" {
		t.Error(status(reviewCase))
	}
	r.want(r.audit(familyFinding(), reviewFinding()), CaseCounts{Persisting: 2})
}

func TestReviewStatus(t *testing.T) {
	r := &reviews{newNights(t)}
	findings := append(manyFindings(40, 11), sampleFindings()...)
	r.audit(findings...)
	var decisions []string
	for i, f := range findings {
		word := []string{"mislinked", "mislinked", "correct", "mislinked", "unsure"}[i%5]
		if i%4 != 3 {
			decisions = append(decisions, f.CaseID+" "+word+" sato")
		}
		if i < 16 {
			second := word
			if i%6 == 2 {
				second = "mislinked"
			}
			decisions = append(decisions, f.CaseID+" "+second+" 田中")
		}
	}
	r.take(ImportOptions{}, decisions...)
	// A case that was corrected since still counts for precision.
	r.audit(findings[1:]...)
	audit := openFolder(t, r.database)
	s, err := audit.ReviewStatus(ReviewFilter{})
	if err != nil {
		t.Fatal(err)
	}
	for _, list := range [][]ReviewProgress{s.ByDataset, s.ByPrefecture, {s.Total}} {
		var sum ReviewProgress
		for _, p := range list {
			sum.Cases += p.Cases
			if p.Cases != p.Decided+p.Disputed+p.Unsure+p.Open {
				t.Errorf("%+v does not add up", p)
			}
		}
		if sum.Cases != int64(len(findings)-1) {
			t.Errorf("%d cases", sum.Cases)
		}
	}
	both(t, func(t *testing.T, l words.Lang) {
		var b bytes.Buffer
		if err := s.WriteTerminal(&b, l); err != nil {
			t.Fatal(err)
		}
		fits80(t, b.String())
		golden(t, "review.status."+l.String()+".txt", b.Bytes())
	})
	var b bytes.Buffer
	if err := s.WriteJSON(&b); err != nil {
		t.Fatal(err)
	}
	golden(t, "review.status.json", b.Bytes())
	one, err := audit.ReviewStatus(ReviewFilter{Dataset: "bank", Prefecture: "13"})
	if err != nil || len(one.ByDataset) != 1 || one.Total.Cases != 21 {
		t.Errorf("%+v %v", one.Total, err)
	}
}

func TestReviewStatusWithoutDecisions(t *testing.T) {
	r := &reviews{newNights(t)}
	r.audit(sampleFindings()...)
	s, err := openFolder(t, r.database).ReviewStatus(ReviewFilter{})
	if err != nil || s.Total.Open != 3 || s.Agreement.Share != nil || s.Agreement.Kappa != nil {
		t.Errorf("%+v %v", s, err)
	}
	var b bytes.Buffer
	if err := s.WriteTerminal(&b, words.Japanese); err != nil || !strings.Contains(b.String(), "まだない") {
		t.Errorf("%s %v", b.String(), err)
	}
}

// The worked example of Cohen's kappa that textbooks use: 20 and 15 agreed of
// 50, kappa 0.4.
func TestCohensKappa(t *testing.T) {
	for _, c := range []struct {
		table [3][3]int64
		share float64
		kappa float64 // NaN: not defined
	}{
		{[3][3]int64{{20, 5, 0}, {10, 15, 0}}, 0.7, 0.4},
		{[3][3]int64{{45, 15, 0}, {25, 15, 0}}, 0.6, 0.1304},
		{[3][3]int64{{10, 0, 0}, {0, 10, 0}, {0, 0, 10}}, 1, 1},
		{[3][3]int64{{0, 10, 0}, {10, 0, 0}}, 0, -1},
		{[3][3]int64{{10, 0, 0}}, 1, math.NaN()},
	} {
		g := ReviewAgreement{}
		for i, row := range c.table {
			for k, n := range row {
				for range n {
					g.add(decisionWords[i], decisionWords[k])
				}
			}
		}
		g.measure()
		if math.Abs(*g.Share-c.share) > 1e-9 {
			t.Errorf("%v: share %g", c.table, *g.Share)
		}
		if math.IsNaN(c.kappa) != (g.Kappa == nil) || g.Kappa != nil && math.Abs(*g.Kappa-c.kappa) > 1e-4 {
			t.Errorf("%v: kappa %v, want %g", c.table, g.Kappa, c.kappa)
		}
	}
}

func TestOutcome(t *testing.T) {
	for said, want := range map[string]reviewOutcome{
		"": outcomeUnsure, "unsure": outcomeUnsure, "correct": outcomeCorrect, "correct unsure": outcomeCorrect, "unsure mislinked": outcomeMislinked,
		"mislinked mislinked": outcomeMislinked, "mislinked correct": outcomeDisputed, "correct unsure mislinked": outcomeDisputed,
	} {
		var list []standingDecision
		for _, word := range strings.Fields(said) {
			list = append(list, standingDecision{Decision: Decision{Decision: word}})
		}
		if got := outcomeOf(list); got != want {
			t.Errorf("%q: %d, want %d", said, got, want)
		}
	}
}

// A folder whose audit an older version made can still be reviewed.
func TestReviewOfAnOlderDatabase(t *testing.T) {
	for version := 1; version < len(migrations); version++ {
		r := &reviews{newNights(t)}
		r.audit(sampleFindings()...)
		makeOlder(t, r.database, version)
		audit, err := OpenAudit(r.database)
		if err != nil {
			t.Fatal(err)
		}
		if _, got := exportBytes(t, audit, ExportOptions{Format: ExportCSV}); got.Cases != 3 {
			t.Errorf("from version %d: %+v", version, got)
		}
		audit.Close()
		if got := r.take(ImportOptions{}, familyCase+" correct sato"); got.Recorded != 1 {
			t.Errorf("from version %d: %+v", version, got)
		}
	}
}

// A sheet that went in stays good when the data have changed since.
func TestOldSheetAgain(t *testing.T) {
	r := &reviews{newNights(t)}
	r.audit(sampleFindings()...)
	sheet := r.sheet(familyCase+" mislinked sato", reviewCase+" correct sato")
	if _, err := r.importSheet(sheet, ImportOptions{}); err != nil {
		t.Fatal(err)
	}
	changed := reviewFinding()
	changed.Record.Fields[ingest.RoleKana] = "ヤマダ"
	r.audit(familyFinding(), orphanFinding(), changed)
	if got, err := r.importSheet(sheet, ImportOptions{}); err != nil || got.Unchanged != 2 || got.Recorded != 0 {
		t.Errorf("%+v %v", got, err)
	}
}

// Sheets that LibreOffice saved come back whole. The files were made once with
// LibreOffice 7.4: sheets of the sample findings, exported as CSV and XLSX in
// Japanese, opened by a macro of its Basic that filled in the four columns and
// saved as XLSX and as CSV in CP932.
func TestSheetsSavedByLibreOffice(t *testing.T) {
	const reason, reviewer, comment = "本人に電話で確認\n「旧姓」, 髙橋", "佐藤 一郎", "0012"
	want := map[string]string{"c0ffee0000000001": "mislinked", "c0ffee0000000002": "unsure", "c0ffee0000000003": "correct"}
	for _, name := range []string{"libreoffice.xlsx", "libreoffice.cp932.csv"} {
		t.Run(name, func(t *testing.T) {
			audit := openFolder(t, sampleFolder(t, FolderOptions{}))
			path := filepath.Join("testdata", name)
			got, err := audit.ImportReview(path, ImportOptions{})
			if err != nil || got.Rows != 3 || got.Recorded != 3 || len(got.Notes) != 0 {
				t.Fatalf("%+v %v", got, err)
			}
			for id, decision := range want {
				c, err := audit.Case(id)
				if err != nil {
					t.Fatal(err)
				}
				if d := c.Decisions[0]; d.Decision != decision || d.Reason != reason || d.Reviewer != reviewer || d.Comment != comment {
					t.Errorf("%s: %+v", id, d)
				}
			}
			if again, err := audit.ImportReview(path, ImportOptions{}); err != nil || again.Recorded != 0 || again.Unchanged != 3 {
				t.Errorf("again: %+v %v", again, err)
			}
		})
	}
	// What the program wrote is all still there; a spreadsheet that opens CSV
	// only drops zeros of codes and probabilities, as docs/review.md says.
	stored := func(name string) []byte { return readFile(t, filepath.Join("testdata", name)) }
	allStillThere(t, bookCells(t, stored("libreoffice.original.xlsx")), bookCells(t, stored("libreoffice.xlsx")), func(a, b string) bool { return a == b })
	allStillThere(t, csvCells(t, stored("libreoffice.original.csv")), csvCells(t, stored("libreoffice.cp932.csv")), func(a, b string) bool {
		x, notX := strconv.ParseFloat(a, 64)
		y, notY := strconv.ParseFloat(b, 64)
		return a == b || notX == nil && notY == nil && x == y
	})
}

func allStillThere(t *testing.T, before, after [][]string, same func(a, b string) bool) {
	t.Helper()
	for r, row := range before {
		for c, cell := range row {
			if cell != "" && (r >= len(after) || c >= len(after[r]) || !same(cell, after[r][c])) {
				t.Errorf("row %d column %d: %q was lost", r+1, c+1, cell)
			}
		}
	}
}

func csvCells(t *testing.T, content []byte) [][]string {
	t.Helper()
	text, ok := decodeSheet(content)
	if !ok {
		t.Fatal("not a text")
	}
	rows, err := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(text, []byte("\uFEFF")))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	return rows
}

func bookCells(t *testing.T, content []byte) [][]string {
	t.Helper()
	book, err := excelize.OpenReader(bytes.NewReader(content))
	if err != nil {
		t.Fatal(err)
	}
	defer book.Close()
	rows, err := book.GetRows(book.GetSheetName(0), excelize.Options{RawCellValue: true})
	if err != nil {
		t.Fatal(err)
	}
	return rows
}
