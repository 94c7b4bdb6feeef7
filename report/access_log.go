package report

import (
	"bytes"
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/user"
	"time"

	"github.com/himozuke/himozuke/report/words"
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

// actorOr names who acts: the user of the process, and beside it who became
// that user with sudo. SUDO_USER is as trustworthy as the account that sudo
// leads to; the log of sudo itself is the proof.
func actorOr(actor string) string {
	if actor != "" {
		return actor
	}
	name := "unknown"
	if u, err := user.Current(); err == nil {
		name = u.Username
	}
	if by := os.Getenv("SUDO_USER"); by != "" && by != name {
		name += " (sudo: " + printable(by) + ")"
	}
	return name
}

// EnterView notes in the access log that somebody looks at personal data of
// the database. It waits for another writer only a little: whoever looks
// should not have to wait for the end of a night.
func (a *Audit) EnterView(action, detail string) error {
	return a.changeWith([]string{"PRAGMA busy_timeout = 250"}, func(ctx context.Context, conn *sql.Conn) error {
		return appendAccess(ctx, conn, time.Now(), actorOr(""), action, detail)
	})
}

// EnterRevealed is EnterView for numbers in full: these are shown only where
// the run stored them and the access log says so.
func (a *Audit) EnterRevealed(action, detail string) error {
	run, err := a.LatestRun()
	if err != nil {
		return err
	}
	if !run.revealed {
		return &said{text: revealImpossible, args: []any{a.path}}
	}
	if err := a.EnterView(action, detail+", numbers revealed"); err != nil {
		return &said{text: revealUnlogged, args: []any{err}, err: err}
	}
	return nil
}

// AccessLog is who did what with a database, oldest first.
type AccessLog struct {
	Entries []AccessEntry `json:"entries"`
	Broken  int64         `json:"broken_at,omitempty"` // the entry where the chain breaks, 0 where it holds
	Last    string        `json:"last_hash"`           // of the newest entry, to compare with a copy kept elsewhere

	path  string
	limit int
}

// AccessEntry is one entry.
type AccessEntry struct {
	ID     int64  `json:"entry_id"`
	At     string `json:"at"`
	Actor  string `json:"actor"`
	Action string `json:"action"`
	Detail string `json:"detail"`
	Hash   string `json:"hash"`
}

// AccessLog reads the access log and follows its chain from the first entry to
// the last. It sees a changed entry and one taken out of the middle; that the
// newest are there is known only to whoever kept their hash.
func (a *Audit) AccessLog(limit int) (*AccessLog, error) {
	l := &AccessLog{Entries: []AccessEntry{}, path: a.path, limit: limit}
	last := make([]byte, sha256.Size)
	err := a.query(func(rows *sql.Rows) error {
		var e AccessEntry
		var previous, hash []byte
		if err := rows.Scan(&e.ID, &e.At, &e.Actor, &e.Action, &e.Detail, &previous, &hash); err != nil {
			return err
		}
		sound := bytes.Equal(previous, last) && bytes.Equal(hash, accessHash(previous, e.At, e.Actor, e.Action, e.Detail))
		if !sound && l.Broken == 0 {
			l.Broken = e.ID
		}
		last = hash
		e.Hash = hex.EncodeToString(hash)
		l.Entries, l.Last = append(l.Entries, e), e.Hash
		return nil
	}, "SELECT entry_id, at, actor, action, detail, previous, hash FROM access_log ORDER BY entry_id")
	return l, err
}

// Err is what is wrong with the chain, if anything is.
func (l *AccessLog) Err() error {
	if l.Broken == 0 {
		return nil
	}
	return &Problem{Kind: ProblemAccessLog, Path: l.path, Detail: fmt.Sprint(l.Broken)}
}

// VerifyAccessLog is AccessLog for those who only want to know whether it is
// sound.
func (a *Audit) VerifyAccessLog() error {
	l, err := a.AccessLog(0)
	if err != nil {
		return err
	}
	return l.Err()
}

var (
	accessTitle  = words.Text{EN: "Access log", JA: "利用記録"}
	accessSound  = words.Text{EN: "%s entries; the chain of hashes holds. Hash of the newest: %s", JA: "記録%s件。ハッシュ連鎖に異常なし。最新の記録のハッシュ: %s"}
	accessBroken = words.Text{EN: "%s entries; the chain of hashes BREAKS at entry %d.", JA: "記録%s件。ハッシュ連鎖が%d件目で途切れている（改変又は削除のおそれ）。"}
	accessOlder  = words.Text{EN: "Older entries not shown: %s; --limit 0 lists all.", JA: "ほかに以前の記録%s件。全ては --limit 0 で表示できる。"}
	accessNames  = map[string]words.Text{
		"audit":         {EN: "audit", JA: "点検"},
		"export":        {EN: "export", JA: "確認票の出力"},
		"review import": {EN: "review import", JA: "確認結果の取込み"},
		"explain":       {EN: "explain", JA: "案件の閲覧"},
		"report":        {EN: "report", JA: "報告書の作成"},
		"evaluate":      {EN: "evaluate", JA: "精度の測定"},
		"purge":         {EN: "purge", JA: "点検の削除"},
	}
)

// WriteTerminal lists the entries within 80 columns, newest last, and says
// whether the chain holds.
func (l *AccessLog) WriteTerminal(w io.Writer, lang words.Lang) error {
	if _, err := fmt.Fprintf(w, "%s\n\n", accessTitle.In(lang)); err != nil {
		return err
	}
	shown := l.Entries
	if l.limit > 0 && len(shown) > l.limit {
		shown = shown[len(shown)-l.limit:]
	}
	for _, e := range shown {
		did := e.Action
		if text, ok := accessNames[e.Action]; ok {
			did = text.In(lang)
		}
		if _, err := fmt.Fprintf(w, "%s  %s  %s\n", clock(e.At), printable(e.Actor), printable(did)); err != nil {
			return err
		}
		for _, line := range wrap(printable(e.Detail), terminalWidth-4) {
			if _, err := fmt.Fprintf(w, "    %s\n", line); err != nil {
				return err
			}
		}
	}
	if hidden := len(l.Entries) - len(shown); hidden > 0 {
		if err := writeWrapped(w, accessOlder.Format(lang, grouped(int64(hidden)))); err != nil {
			return err
		}
	}
	if len(shown) > 0 {
		fmt.Fprintln(w)
	}
	total := grouped(int64(len(l.Entries)))
	if l.Broken != 0 {
		return writeWrapped(w, accessBroken.Format(lang, total, l.Broken))
	}
	return writeWrapped(w, accessSound.Format(lang, total, l.Last))
}

// WriteCSV writes the entries for programs and spreadsheets.
func (l *AccessLog) WriteCSV(w io.Writer, _ words.Lang) error {
	c := newCSVWriter(w)
	c.header([]string{"entry_id", "at", "actor", "action", "detail", "hash"})
	for _, e := range l.Entries {
		c.integer(e.ID)
		for _, text := range [...]string{e.At, e.Actor, e.Action, e.Detail, e.Hash} {
			c.text(text)
		}
		c.endRow()
	}
	return c.flush()
}

// WriteJSON writes the entries as one JSON object.
func (l *AccessLog) WriteJSON(w io.Writer) error {
	encoder := json.NewEncoder(w)
	encoder.SetIndent("", "  ")
	encoder.SetEscapeHTML(false)
	return encoder.Encode(l)
}
