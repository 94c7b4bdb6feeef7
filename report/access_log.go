package report

import (
	"bytes"
	"context"
	"crypto/sha256"
	"database/sql"
	"errors"
	"fmt"
	"time"
)

// appendAccess adds an entry whose hash covers the one before.
func appendAccess(ctx context.Context, q queryer, at time.Time, actor, action, detail string) error {
	previous := make([]byte, sha256.Size)
	err := q.QueryRowContext(ctx, "SELECT hash FROM access_log ORDER BY entry_id DESC LIMIT 1").Scan(&previous)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return err
	}
	when := timestamp(at)
	_, err = q.ExecContext(ctx, `INSERT INTO access_log (at, actor, action, detail, previous, hash) VALUES (?, ?, ?, ?, ?, ?)`,
		when, actor, action, detail, previous, accessHash(previous, when, actor, action, detail))
	return err
}

func accessHash(previous []byte, at, actor, action, detail string) []byte {
	sum := sha256.New()
	sum.Write(previous)
	for _, s := range [...]string{at, actor, action, detail} {
		fmt.Fprintf(sum, "%d:%s", len(s), s)
	}
	return sum.Sum(nil)
}

// VerifyAccessLog follows the chain from the first entry to the last. It sees
// a changed entry and one taken out of the middle; that the newest are there
// is known only to whoever kept their hash.
func (a *Audit) VerifyAccessLog() error { return verifyAccessLog(a.query) }

func verifyAccessLog(query func(func(*sql.Rows) error, string, ...any) error) error {
	last := make([]byte, sha256.Size)
	return query(func(rows *sql.Rows) error {
		var entry int64
		var at, actor, action, detail string
		var previous, hash []byte
		if err := rows.Scan(&entry, &at, &actor, &action, &detail, &previous, &hash); err != nil {
			return err
		}
		if !bytes.Equal(previous, last) || !bytes.Equal(hash, accessHash(previous, at, actor, action, detail)) {
			return fmt.Errorf("the access log was changed at or before entry %d", entry)
		}
		last = hash
		return nil
	}, "SELECT entry_id, at, actor, action, detail, previous, hash FROM access_log ORDER BY entry_id")
}
