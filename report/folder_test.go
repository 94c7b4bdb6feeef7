package report

import (
	"bytes"
	"crypto/sha256"
	"database/sql"
	"encoding/csv"
	"encoding/hex"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/himozuke/himozuke/linkage"
	"github.com/himozuke/himozuke/report/words"
)

func TestFolderFindingsCSV(t *testing.T) {
	both(t, func(t *testing.T, l words.Lang) {
		findings := sampleFindings()
		dir := writeFolder(t, FolderOptions{Lang: l, KeyFile: keyFile(t)}, sampleRun(findings...), findings)
		text := readFile(t, filepath.Join(dir, FindingsCSVName))
		golden(t, "findings."+l.String()+".csv", text)
		rows, err := csv.NewReader(bytes.NewReader(text)).ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		if len(rows) != 4 || strings.Join(rows[0], ",") != strings.Join(findingsHeader, ",") {
			t.Fatalf("%d rows, heading %v", len(rows), rows[0])
		}
		if rows[1][4] != "********0001" || rows[1][9] != "********0002" {
			t.Errorf("numbers are not masked: %q %q", rows[1][4], rows[1][9])
		}
		if rows[2][2] != "'=cmd|' /C calc'!A0" {
			t.Errorf("a formula got through: %q", rows[2][2])
		}
		if bytes.Contains(text, []byte(mother.number)) || bytes.Contains(text, []byte("\r")) {
			t.Error("a full number or a CR is in the file")
		}
	})
}

func TestFolderRejects(t *testing.T) {
	dir := writeFolder(t, FolderOptions{KeyFile: keyFile(t)}, sampleRun(), nil)
	want := "dataset,line,byte_offset,column,reason\nmedical,9,812,住所,encoding\n"
	if got := string(readFile(t, filepath.Join(dir, RejectsName))); got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestFolderMasksEverywhere(t *testing.T) {
	findings := sampleFindings()
	dir := writeFolder(t, FolderOptions{KeyFile: keyFile(t)}, sampleRun(findings...), findings)
	for _, name := range []string{FindingsCSVName, FindingsParquetName, NextBestName, RejectsName, SummaryName, AuditFileName} {
		text := readFile(t, filepath.Join(dir, name))
		for _, p := range []person{mother, child, sister} {
			if bytes.Contains(text, []byte(p.number)) {
				t.Errorf("%s holds the number of a person", name)
			}
		}
	}
}

func TestFolderRevealsOnRequest(t *testing.T) {
	findings := sampleFindings()
	dir := writeFolder(t, FolderOptions{KeyFile: keyFile(t), RevealNumbers: true}, sampleRun(findings...), findings)
	if !bytes.Contains(readFile(t, filepath.Join(dir, FindingsCSVName)), []byte(mother.number)) {
		t.Error("the number is not in findings.csv")
	}
	db := openSQL(t, filepath.Join(dir, AuditFileName))
	var numbers, detail string
	if err := db.QueryRow("SELECT numbers FROM runs").Scan(&numbers); err != nil || numbers != "revealed" {
		t.Errorf("run says %q %v", numbers, err)
	}
	if err := db.QueryRow("SELECT detail FROM access_log").Scan(&detail); err != nil || !strings.Contains(detail, "revealed") {
		t.Errorf("access log says %q %v", detail, err)
	}
}

func TestFolderModes(t *testing.T) {
	dir := writeFolder(t, FolderOptions{}, sampleRun(), nil)
	info, err := os.Stat(dir)
	if err != nil || info.Mode().Perm() != 0o700 {
		t.Errorf("folder %v %v", info.Mode(), err)
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, e := range entries {
		names = append(names, e.Name())
		if info, err := e.Info(); err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("%s %v %v", e.Name(), info.Mode(), err)
		}
	}
	want := "audit.db findings.csv findings.parquet next.csv pseudonym.key rejects.csv summary.json"
	if strings.Join(names, " ") != want {
		t.Errorf("files %v", names)
	}
}

func TestFolderSummary(t *testing.T) {
	findings := sampleFindings()
	dir := writeFolder(t, FolderOptions{KeyFile: keyFile(t)}, sampleRun(findings...), findings)
	s, err := ReadSummary(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, o := range s.Outputs {
		sum := sha256.Sum256(readFile(t, filepath.Join(dir, o.Name)))
		if o.SHA256 != hex.EncodeToString(sum[:]) {
			t.Errorf("%s: the hash is not the file's", o.Name)
		}
	}
	if len(s.Outputs) != 5 {
		t.Errorf("%d outputs", len(s.Outputs))
	}
	if s.Datasets[0].Verdicts["mislinked"] != 1 || s.Datasets[0].Causes["mislinked"]["family"] != 1 || s.Datasets[1].Verdicts["orphan"] != 1 {
		t.Errorf("counts %+v", s.Datasets)
	}
	if s.Cases.New != 3 || len(s.Rejects) != 1 || s.Rejects[0].Reason != "encoding" {
		t.Errorf("cases %+v rejects %+v", s.Cases, s.Rejects)
	}
}

func TestFolderIsTheSameTwice(t *testing.T) {
	key := keyFile(t)
	write := func() (string, string) {
		findings := manyFindings(5000, 7)
		run := sampleRun(findings...)
		dir := writeFolder(t, FolderOptions{KeyFile: key}, run, findings)
		return dir, dumpWithoutTimes(t, filepath.Join(dir, AuditFileName))
	}
	dirA, dumpA := write()
	dirB, dumpB := write()
	for _, name := range []string{FindingsCSVName, FindingsParquetName, RejectsName} {
		if !bytes.Equal(readFile(t, filepath.Join(dirA, name)), readFile(t, filepath.Join(dirB, name))) {
			t.Errorf("%s differs", name)
		}
	}
	if dumpA != dumpB {
		t.Error("audit.db differs")
	}
}

// dumpWithoutTimes is the content of every table that must not depend on when
// or how fast a run was.
func dumpWithoutTimes(t *testing.T, path string) string {
	t.Helper()
	db := openSQL(t, path)
	var b strings.Builder
	for _, table := range []string{"inputs", "counts", "groups", "tallies", "rejects", "cases", "findings", "dossiers", "case_events", "decisions"} {
		rows, err := db.Query("SELECT * FROM " + table + " ORDER BY 1, 2, 3, 4, 5")
		if err != nil {
			rows, err = db.Query("SELECT * FROM " + table + " ORDER BY 1, 2, 3, 4")
		}
		if err != nil {
			t.Fatal(err)
		}
		columns, _ := rows.Columns()
		for rows.Next() {
			values := make([]any, len(columns))
			for i := range values {
				values[i] = new(any)
			}
			if err := rows.Scan(values...); err != nil {
				t.Fatal(err)
			}
			for i := range values {
				text, _ := json.Marshal(*values[i].(*any))
				b.Write(text)
				b.WriteByte('\t')
			}
			b.WriteByte('\n')
		}
		if err := rows.Err(); err != nil {
			t.Fatal(err)
		}
		rows.Close()
	}
	return b.String()
}

func openSQL(t testing.TB, path string) *sql.DB {
	t.Helper()
	db, err := sql.Open("sqlite", databaseURI(path))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	return db
}

func TestFolderIsSoundSQLite(t *testing.T) {
	findings := append(sampleFindings(), manyFindings(3000, 3)...)
	findings = append(findings, findings[0]) // a row that stands twice gives the same case twice
	dir := writeFolder(t, FolderOptions{}, sampleRun(findings...), findings)
	db := openSQL(t, filepath.Join(dir, AuditFileName))
	var check string
	if err := db.QueryRow("PRAGMA integrity_check").Scan(&check); err != nil || check != "ok" {
		t.Errorf("integrity: %s %v", check, err)
	}
	rows, err := db.Query("PRAGMA foreign_key_check")
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	if rows.Next() {
		t.Error("a foreign key points nowhere")
	}
	var indexes int
	if err := db.QueryRow("SELECT count(*) FROM sqlite_master WHERE type = 'index' AND tbl_name = 'findings' AND sql IS NOT NULL").Scan(&indexes); err != nil || indexes != 5 {
		t.Errorf("%d indexes %v", indexes, err)
	}
	if exists(filepath.Join(dir, AuditFileName+"-wal")) || exists(filepath.Join(dir, AuditFileName+"-journal")) {
		t.Error("a journal was left")
	}
}

func TestFolderRefusals(t *testing.T) {
	run := sampleRun()
	t.Run("finished", func(t *testing.T) {
		dir := writeFolder(t, FolderOptions{}, run, nil)
		before := listing(t, dir)
		_, err := NewFolder(dir, FolderOptions{})
		wantProblem(t, err, ProblemFolderFinished)
		if after := listing(t, dir); after != before {
			t.Errorf("the refusal changed the folder: %s", after)
		}
	})
	t.Run("a file in its place", func(t *testing.T) {
		path := filepath.Join(t.TempDir(), "out")
		writeFile(t, path, "x")
		_, err := NewFolder(path, FolderOptions{})
		wantProblem(t, err, ProblemFolderUnwritable)
	})
	t.Run("unwritable", func(t *testing.T) {
		if os.Getuid() == 0 {
			t.Skip("root may write anywhere")
		}
		parent := t.TempDir()
		if err := os.Chmod(parent, 0o500); err != nil {
			t.Fatal(err)
		}
		_, err := NewFolder(filepath.Join(parent, "out"), FolderOptions{})
		wantProblem(t, err, ProblemFolderUnwritable)
	})
	t.Run("two at once in a folder", func(t *testing.T) {
		dir := filepath.Join(t.TempDir(), "out")
		first, err := NewFolder(dir, FolderOptions{})
		if err != nil {
			t.Fatal(err)
		}
		defer first.Abort()
		_, err = NewFolder(dir, FolderOptions{})
		wantProblem(t, err, ProblemFolderBusy)
		if err := first.Begin(run); err != nil {
			t.Fatal(err)
		}
		if err := first.End(run); err != nil {
			t.Errorf("the first run was disturbed: %v", err)
		}
	})
	t.Run("two at once in a database", func(t *testing.T) {
		database := filepath.Join(t.TempDir(), "audit.db")
		first, err := NewFolder(filepath.Join(t.TempDir(), "a"), FolderOptions{DB: database})
		if err != nil {
			t.Fatal(err)
		}
		defer first.Abort()
		_, err = NewFolder(filepath.Join(t.TempDir(), "b"), FolderOptions{DB: database})
		wantProblem(t, err, ProblemDatabaseBusy)
	})
	t.Run("another program's database", func(t *testing.T) {
		database := filepath.Join(t.TempDir(), "other.db")
		if _, err := openSQL(t, database).Exec("CREATE TABLE t (x)"); err != nil {
			t.Fatal(err)
		}
		_, err := NewFolder(filepath.Join(t.TempDir(), "out"), FolderOptions{DB: database})
		wantProblem(t, err, ProblemDatabaseForeign)
	})
	t.Run("not a database", func(t *testing.T) {
		database := filepath.Join(t.TempDir(), "other.db")
		writeFile(t, database, strings.Repeat("not a database\n", 100))
		_, err := NewFolder(filepath.Join(t.TempDir(), "out"), FolderOptions{DB: database})
		wantProblem(t, err, ProblemDatabaseBroken)
	})
	t.Run("missing key", func(t *testing.T) {
		dir := filepath.Join(t.TempDir(), "out")
		err := tryFolder(dir, FolderOptions{KeyFile: filepath.Join(t.TempDir(), "none.key")}, run, nil)
		wantProblem(t, err, ProblemKey)
		if exists(dir) {
			t.Error("the folder was left")
		}
	})
}

func wantProblem(t *testing.T, err error, kind ProblemKind) {
	t.Helper()
	var p *Problem
	if !errors.As(err, &p) || p.Kind != kind {
		t.Fatalf("got %v, want problem %d", err, kind)
	}
	if p.In(words.Japanese) == p.In(words.English) {
		t.Errorf("one language only: %v", p)
	}
}

func listing(t *testing.T, dir string) string {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, e := range entries {
		names = append(names, e.Name())
	}
	return strings.Join(names, " ")
}

func TestFolderAbortLeavesNothing(t *testing.T) {
	findings := manyFindings(5000, 1)
	t.Run("new folder", func(t *testing.T) {
		dir := filepath.Join(t.TempDir(), "out")
		folder := begunFolder(t, dir, FolderOptions{}, findings)
		folder.Abort()
		if exists(dir) {
			t.Errorf("left: %s", listing(t, dir))
		}
	})
	t.Run("folder with other things", func(t *testing.T) {
		dir := t.TempDir()
		writeFile(t, filepath.Join(dir, "notes.txt"), "mine")
		folder := begunFolder(t, dir, FolderOptions{}, findings)
		folder.Abort()
		if got := listing(t, dir); got != "notes.txt" {
			t.Errorf("left: %s", got)
		}
	})
	t.Run("lasting database", func(t *testing.T) {
		database := filepath.Join(t.TempDir(), "audit.db")
		if err := tryFolder(filepath.Join(t.TempDir(), "one"), FolderOptions{DB: database}, sampleRun(findings...), findings); err != nil {
			t.Fatal(err)
		}
		before := dumpWithoutTimes(t, database)
		folder := begunFolder(t, filepath.Join(t.TempDir(), "two"), FolderOptions{DB: database}, findings)
		folder.Abort()
		if dumpWithoutTimes(t, database) != before {
			t.Error("the database kept something of the aborted run")
		}
	})
}

func begunFolder(t *testing.T, dir string, o FolderOptions, findings []*linkage.Finding) *Folder {
	t.Helper()
	folder, err := NewFolder(dir, o)
	if err != nil {
		t.Fatal(err)
	}
	run := sampleRun()
	run.ID += "-second"
	if err := folder.Begin(run); err != nil {
		t.Fatal(err)
	}
	for _, f := range findings {
		if err := folder.Finding(f); err != nil {
			t.Fatal(err)
		}
	}
	return folder
}

// A run that was killed leaves its temporary files; the next one starts over.
func TestFolderAfterAKilledRun(t *testing.T) {
	dir := t.TempDir()
	for _, name := range []string{FindingsCSVName, FindingsParquetName, NextBestName, RejectsName, SummaryName, AuditFileName} {
		writeFile(t, filepath.Join(dir, name+partialSuffix), strings.Repeat("left over ", 10_000))
	}
	writeFile(t, filepath.Join(dir, lockName), "")
	findings := sampleFindings()
	if err := tryFolder(dir, FolderOptions{KeyFile: keyFile(t)}, sampleRun(findings...), findings); err != nil {
		t.Fatal(err)
	}
	fresh := writeFolder(t, FolderOptions{KeyFile: keyFile(t)}, sampleRun(findings...), findings)
	if got, want := listing(t, dir), listing(t, fresh); got != want {
		t.Errorf("files %s, want %s", got, want)
	}
	for _, name := range []string{FindingsCSVName, FindingsParquetName, RejectsName} {
		if !bytes.Equal(readFile(t, filepath.Join(dir, name)), readFile(t, filepath.Join(fresh, name))) {
			t.Errorf("%s differs", name)
		}
	}
}

// A full disk while the run is being written ends it with a clear message.
func TestFolderReportsAFailingDatabase(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "out")
	folder, err := NewFolder(dir, FolderOptions{})
	if err != nil {
		t.Fatal(err)
	}
	defer folder.Abort()
	run := sampleRun()
	if err := folder.Begin(run); err != nil {
		t.Fatal(err)
	}
	if err := folder.audit.exec("PRAGMA max_page_count = 100"); err != nil {
		t.Fatal(err)
	}
	for _, f := range manyFindings(20_000, 9) {
		if err = folder.Finding(f); err != nil {
			break
		}
	}
	if err == nil {
		err = folder.End(run)
	}
	wantProblem(t, err, ProblemFolderUnwritable)
	folder.Abort()
	if exists(dir) {
		t.Errorf("left: %s", listing(t, dir))
	}
}
