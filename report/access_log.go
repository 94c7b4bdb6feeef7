package report

import (
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
