package report

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strings"

	"modernc.org/sqlite" // also registers the driver
	sqlite3 "modernc.org/sqlite/lib"
)

// AuditFileName is the database of a run that has its own.
const AuditFileName = "audit.db"

// applicationID marks our databases ("hmzk"), so that a file of something else
// is refused rather than migrated.
const applicationID = 0x686d7a6b

//go:embed migrations/*.sql
var migrationFiles embed.FS

// migrations are the schema's versions in order; user_version counts those
// that a database has seen.
var migrations = readMigrations()

func readMigrations() []string {
	names, err := fs.Glob(migrationFiles, "migrations/*.sql")
	if err != nil {
		panic(err)
	}
	texts := make([]string, len(names))
	for i, name := range names {
		text, err := migrationFiles.ReadFile(name)
		if err != nil {
			panic(err)
		}
		texts[i] = string(text)
	}
	return texts
}

// Audit is a database of finished runs, open for reading.
type Audit struct {
	db      *sql.DB
	path    string
	keyPath string
	run     string // key of the folder's run; empty: the latest
	folder  string // of the run; empty where only a database was named
}

// OpenAudit opens the database of a folder that audit wrote, or a database by
// its own path. The file may lie on read-only media, unless an older version of
// the program wrote it: then it is brought up to date first.
func OpenAudit(path string) (*Audit, error) {
	audit, err := openAudit(path)
	var problem *Problem
	if !errors.As(err, &problem) || problem.Kind != ProblemDatabaseOlder {
		return audit, err
	}
	older := &Audit{path: problem.Path}
	if changed := older.change(func(ctx context.Context, conn *sql.Conn) error { return migrate(ctx, conn, older.path) }); changed != nil {
		if errors.As(changed, &problem) && problem.Kind == ProblemDatabaseBusy {
			return nil, changed
		}
		return nil, err
	}
	return openAudit(path)
}

func openAudit(path string) (*Audit, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, &Problem{Kind: ProblemFolderMissing, Path: path, Err: withoutPath(err)}
	}
	keyPath := path + ".key"
	if info.IsDir() {
		dir := path
		summary, err := ReadSummary(dir)
		if err != nil {
			return nil, err
		}
		if keyPath = summary.KeyFile; !filepath.IsAbs(keyPath) {
			keyPath = filepath.Join(dir, keyPath)
		}
		if summary.Database != AuditFileName {
			audit, err := openAudit(summary.Database)
			if err != nil {
				return nil, err
			}
			audit.run, audit.keyPath, audit.folder = summary.Run, keyPath, dir
			return audit, nil
		}
		path = filepath.Join(dir, AuditFileName)
		if _, err := os.Stat(path); err != nil {
			return nil, &Problem{Kind: ProblemFolderMissing, Path: path, Err: withoutPath(err)}
		}
	} else if beside := filepath.Join(filepath.Dir(path), KeyFileName); filepath.Base(path) == AuditFileName && exists(beside) {
		keyPath = beside
	}
	audit := &Audit{path: path, keyPath: keyPath}
	if info.IsDir() {
		audit.folder = filepath.Dir(path)
	}
	err = audit.connect("mode=ro")
	if err != nil && !exists(path+"-wal") {
		// A database in WAL mode cannot be opened where the files beside it
		// cannot be made; without a log nobody is writing to it.
		if audit.connect("mode=ro", "immutable=1") == nil {
			return audit, nil
		}
	}
	if err != nil {
		return nil, err
	}
	return audit, nil
}

// connect opens the database and checks that it is one of ours.
func (a *Audit) connect(parameters ...string) error {
	db, err := sql.Open("sqlite", databaseURI(a.path, parameters...))
	if err != nil {
		return &Problem{Kind: ProblemDatabaseBroken, Path: a.path, Err: err}
	}
	version, err := schemaVersion(context.Background(), db, a.path)
	switch {
	case err != nil:
	case version == 0:
		err = &Problem{Kind: ProblemDatabaseForeign, Path: a.path}
	case version < len(migrations):
		err = &Problem{Kind: ProblemDatabaseOlder, Path: a.path}
	}
	if err != nil {
		db.Close()
		return err
	}
	a.db = db
	return nil
}

// Close closes the database.
func (a *Audit) Close() error { return a.db.Close() }

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

// databaseURI is a path as SQLite's URI, whatever signs it holds.
func databaseURI(path string, parameters ...string) string {
	absolute, err := filepath.Abs(path)
	if err != nil {
		absolute = path
	}
	u := url.URL{Scheme: "file", Path: filepath.ToSlash(absolute), RawQuery: strings.Join(parameters, "&")}
	return u.String()
}

type queryer interface {
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
	ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error)
}

// schemaVersion is 0 for a database that holds nothing yet.
func schemaVersion(ctx context.Context, q queryer, path string) (int, error) {
	var version, application, tables int
	err := errors.Join(
		q.QueryRowContext(ctx, "PRAGMA user_version").Scan(&version),
		q.QueryRowContext(ctx, "PRAGMA application_id").Scan(&application),
		q.QueryRowContext(ctx, "SELECT count(*) FROM sqlite_master").Scan(&tables),
	)
	switch {
	case err != nil:
		return 0, databaseProblem(path, err)
	case tables == 0:
		return 0, nil
	case application != applicationID:
		return 0, &Problem{Kind: ProblemDatabaseForeign, Path: path}
	case version > len(migrations):
		return 0, &Problem{Kind: ProblemDatabaseNewer, Path: path,
			Detail: fmt.Sprintf("%d > %d", version, len(migrations))}
	}
	return version, nil
}

// migrate brings a database to the present schema. It runs inside the
// caller's transaction.
func migrate(ctx context.Context, q queryer, path string) error {
	version, err := schemaVersion(ctx, q, path)
	if err != nil {
		return err
	}
	for ; version < len(migrations); version++ {
		if _, err := q.ExecContext(ctx, migrations[version]); err != nil {
			return fmt.Errorf("%s: bring the schema to version %d: %w", path, version+1, err)
		}
	}
	_, err = q.ExecContext(ctx, fmt.Sprintf("PRAGMA user_version = %d; PRAGMA application_id = %d", version, applicationID))
	return err
}

// databaseProblem tells the errors of SQLite that people can do something
// about.
func databaseProblem(path string, err error) error {
	var problem *Problem
	if err == nil || errors.As(err, &problem) {
		return err
	}
	var e *sqlite.Error
	if !errors.As(err, &e) {
		return fmt.Errorf("%s: %w", path, err)
	}
	switch e.Code() & 0xff {
	case sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED:
		return &Problem{Kind: ProblemDatabaseBusy, Path: path, Err: err}
	case sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT:
		return &Problem{Kind: ProblemDatabaseBroken, Path: path, Err: err}
	case sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PERM, sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR:
		return &Problem{Kind: ProblemFolderUnwritable, Path: path, Err: err}
	}
	return fmt.Errorf("%s: %w", path, err)
}

// withoutPath keeps an error of the operating system from saying the path
// twice.
func withoutPath(err error) error {
	var e *fs.PathError
	if errors.As(err, &e) {
		return e.Err
	}
	return err
}
