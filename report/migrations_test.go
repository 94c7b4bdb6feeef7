package report

import (
	"database/sql"
	"testing"
)

// A database of any earlier version is brought up to date by the next night,
// and then is like one that never was older.
func TestMigrationsFromEveryEarlierVersion(t *testing.T) {
	all := migrations
	t.Cleanup(func() { migrations = all })
	for version := 1; version < len(all); version++ {
		n := newNights(t)
		migrations = all[:version]
		n.audit(sampleFindings()...)
		migrations = all
		_, err := OpenAudit(n.database)
		wantProblem(t, err, ProblemDatabaseOlder)

		n.audit(sampleFindings()[:2]...)
		fresh := newNights(t)
		fresh.audit(sampleFindings()...)
		fresh.audit(sampleFindings()[:2]...)
		if got, want := schemaOf(t, n.database), schemaOf(t, fresh.database); got != want {
			t.Errorf("from version %d:\n%s\nwant\n%s", version, got, want)
		}
		if c, err := openFolder(t, n.database).Case("c0ffee0000000003"); err != nil || c.Status != "resolved" {
			t.Errorf("from version %d: %v, %v", version, c, err)
		}
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
