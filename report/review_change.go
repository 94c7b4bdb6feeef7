package report

import (
	"context"
	"database/sql"
	"errors"
	"slices"
)

// change runs do in one transaction that writes to the database of an audit.
// Another writer, a nightly run perhaps, is waited for a little and then
// refused.
func (a *Audit) change(do func(context.Context, *sql.Conn) error) error {
	return a.changeWith([]string{"PRAGMA foreign_keys = ON"}, do)
}

// changeWith is change on a connection that is set up otherwise.
func (a *Audit) changeWith(pragmas []string, do func(context.Context, *sql.Conn) error) (err error) {
	ctx := context.Background()
	db, err := sql.Open("sqlite", databaseURI(a.path, "mode=rw"))
	if err != nil {
		return databaseProblem(a.path, err)
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	conn, err := db.Conn(ctx)
	if err != nil {
		return databaseProblem(a.path, err)
	}
	defer func() { err = errors.Join(err, conn.Close()) }()
	for _, statement := range slices.Concat([]string{"PRAGMA busy_timeout = 2000"}, pragmas, []string{"BEGIN IMMEDIATE"}) {
		if _, err := conn.ExecContext(ctx, statement); err != nil {
			return databaseProblem(a.path, err)
		}
	}
	if err := do(ctx, conn); err != nil {
		_, undone := conn.ExecContext(ctx, "ROLLBACK")
		return errors.Join(databaseProblem(a.path, err), undone)
	}
	_, err = conn.ExecContext(ctx, "COMMIT")
	return databaseProblem(a.path, err)
}
