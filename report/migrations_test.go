package report

import (
	"database/sql"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// Whoever opens a database of an earlier version sees all of it, and finds it
// brought up to date.
func TestOlderDatabaseIsOpened(t *testing.T) {
	for version := 1; version < len(migrations); version++ {
		n := newNights(t)
		n.audit(sampleFindings()...)
		makeOlder(t, n.database, version)
		for _, path := range []string{n.dir, n.database} {
			audit := openFolder(t, path)
			if c, err := audit.Case("c0ffee0000000003"); err != nil || c.Status != "open" {
				t.Errorf("from version %d: %v, %v", version, c, err)
			}
			if _, err := audit.ReviewStatus(ReviewFilter{}); err != nil {
				t.Errorf("from version %d: %v", version, err)
			}
			writeHTML(t, audit, HTMLOptions{Examples: 6})
		}
	}
}

// One that cannot be brought up to date says what to do.
func TestOlderDatabaseThatCannotBeWritten(t *testing.T) {
	n := newNights(t)
	n.audit(sampleFindings()...)
	makeOlder(t, n.database, 1)
	writer := openSQL(t, n.database)
	writer.SetMaxOpenConns(1)
	if _, err := writer.Exec("BEGIN IMMEDIATE"); err != nil {
		t.Fatal(err)
	}
	_, err := OpenAudit(n.database)
	wantProblem(t, err, ProblemDatabaseBusy)
	if _, err := writer.Exec("ROLLBACK"); err != nil {
		t.Fatal(err)
	}
	if os.Geteuid() == 0 {
		return // may write everywhere
	}
	for path, mode := range map[string]os.FileMode{n.database: 0o400, filepath.Dir(n.database): 0o500} {
		if err := os.Chmod(path, mode); err != nil {
			t.Fatal(err)
		}
	}
	defer os.Chmod(filepath.Dir(n.database), 0o700)
	_, err = OpenAudit(n.database)
	wantProblem(t, err, ProblemDatabaseOlder)
}

// A database of any earlier version is brought up to date by the next night,
// and then is like one that never was older.
func TestMigrationsFromEveryEarlierVersion(t *testing.T) {
	for version := 1; version < len(migrations); version++ {
		n := newNights(t)
		n.audit(sampleFindings()...)
		makeOlder(t, n.database, version)
		n.audit(sampleFindings()[:2]...)
		fresh := newNights(t)
		fresh.audit(sampleFindings()...)
		fresh.audit(sampleFindings()[:2]...)
		if got, want := schemaOf(t, n.database), schemaOf(t, fresh.database); got != want {
			t.Errorf("from version %d:\n%s\nwant\n%s", version, got, want)
		}
		audit := openFolder(t, n.database)
		if c, err := audit.Case("c0ffee0000000003"); err != nil || c.Status != "resolved" {
			t.Errorf("from version %d: %v, %v", version, c, err)
		}
		writeHTML(t, audit, HTMLOptions{Examples: 6})
	}
}

// makeOlder puts the rows of a database into one of an earlier version.
func makeOlder(t *testing.T, path string, version int) {
	t.Helper()
	older := path + ".older"
	db := openSQL(t, older)
	db.SetMaxOpenConns(1) // one connection, to which the other database is attached
	run := func(text string, args ...any) {
		t.Helper()
		if _, err := db.Exec(text, args...); err != nil {
			t.Fatal(err)
		}
	}
	list := func(query string, args ...any) (names []string) {
		t.Helper()
		rows, err := db.Query(query, args...)
		if err != nil {
			t.Fatal(err)
		}
		defer rows.Close()
		for rows.Next() {
			var name string
			if err := rows.Scan(&name); err != nil {
				t.Fatal(err)
			}
			names = append(names, name)
		}
		return names
	}
	run("PRAGMA foreign_keys = OFF")
	for _, text := range migrations[:version] {
		run(text)
	}
	run(fmt.Sprintf("PRAGMA user_version = %d; PRAGMA application_id = %d", version, applicationID))
	run("ATTACH ? AS newer", path)
	for _, table := range list("SELECT name FROM main.sqlite_master WHERE type = 'table'") {
		columns := strings.Join(list("SELECT name FROM pragma_table_info(?)", table), ", ")
		run(fmt.Sprintf("INSERT INTO main.%s (%s) SELECT %s FROM newer.%s", table, columns, columns, table))
	}
	run("DETACH newer")
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(older, path); err != nil {
		t.Fatal(err)
	}
}

func schemaOf(t *testing.T, path string) string {
	t.Helper()
	s := ""
	rows, err := openSQL(t, path).Query("SELECT type, name, sql FROM sqlite_master ORDER BY type, name")
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		var kind, name string
		var text sql.NullString
		if err := rows.Scan(&kind, &name, &text); err != nil {
			t.Fatal(err)
		}
		s += kind + " " + name + ": " + text.String + "\n"
	}
	return s
}
