package report

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"time"

	"github.com/himozuke/himozuke/report/words"
)

// ImportOptions say how decisions are taken over.
type ImportOptions struct {
	Reviewer string // of rows that name none
	Replace  bool   // a reviewer may change an earlier decision
	DryRun   bool   // check only
	Actor    string // for the access log; empty: the user of the process
	Now      func() time.Time
}

// ImportResult counts the rows of a sheet by what became of them.
type ImportResult struct {
	Rows      int   `json:"rows"`
	Recorded  int   `json:"recorded"`  // decisions that are new, replacements among them
	Replaced  int   `json:"replaced"`  // earlier decisions of the same reviewer
	Second    int   `json:"second"`    // recorded beside another reviewer's
	Unchanged int   `json:"unchanged"` // in the database already
	Undecided int   `json:"undecided"` // rows without a decision
	Notes     []int `json:"notes"`     // rows with a reason or comment but no decision: these are not kept
}

// RowProblemKind says what is wrong with a row.
type RowProblemKind uint8

// The kinds.
const (
	RowUnknownCase   RowProblemKind = iota + 1 // no such case in this database
	RowStale                                   // the data changed since the export
	RowBadDecision                             // not one of the decisions
	RowNoReviewer                              // nobody answers for it
	RowContradiction                           // another row of the sheet says otherwise
	RowDecided                                 // the reviewer decided otherwise before
	RowPurged                                  // the findings of the case were taken out of the database
)

var rowProblemTexts = map[RowProblemKind]words.Text{
	RowUnknownCase:   {EN: "no such case in this database", JA: "このデータベースにない案件です"},
	RowStale:         {EN: "the data of the case changed since the export; export it again", JA: "案件のデータは出力後に変わっています。出力し直してください"},
	RowBadDecision:   {EN: "the decision is none of the list", JA: "確認結果が一覧にありません"},
	RowNoReviewer:    {EN: "there is a decision but no reviewer; fill it in or say --reviewer", JA: "確認者の記入がありません。記入するか、--reviewer で指定してください"},
	RowContradiction: {EN: "another row of the same case and reviewer says otherwise", JA: "同じ案件・同じ確認者の異なる確認結果が別の行にあります"},
	RowPurged:        {EN: "the findings of the case were taken out of the database; it can be decided when it is found again", JA: "案件の検出結果は削除されています。再び検出されるまで確認結果は記録できません"},
	RowDecided:       {EN: "the same reviewer decided otherwise before; --replace lets the new decision take its place", JA: "同じ確認者による異なる確認結果が記録済みです。改める場合は --replace を指定してください"},
}

// RowProblem is a row that keeps a sheet from being imported. It repeats
// nothing of the row but the case id: a shifted column may hold anything.
type RowProblem struct {
	Row  int
	Kind RowProblemKind
	Case string // empty if there is no such case
}

// SheetProblems are all rows of a sheet that cannot be imported.
type SheetProblems struct {
	Path string
	Rows []RowProblem
}

var (
	problemsLine  = words.Text{EN: "%s: nothing was imported: %d rows are wrong", JA: "%s: 取込みを中止しました。%d 行に誤りがあります"}
	problemLine   = words.Text{EN: "row %d: %s", JA: "%d 行目: %s"}
	problemCase   = words.Text{EN: "row %d, case %s: %s", JA: "%d 行目（案件 %s）: %s"}
	decisionsHint = words.Text{EN: "the decisions are %s; an empty cell is none yet", JA: "確認結果は %s のいずれかです。未確認なら空欄にしてください"}
)

// Error lists the rows in English.
func (p *SheetProblems) Error() string { return p.In(words.English) }

// In lists the rows in one language.
func (p *SheetProblems) In(l words.Lang) string {
	var b strings.Builder
	wrong := map[int]bool{}
	for _, r := range p.Rows {
		wrong[r.Row] = true
	}
	b.WriteString(problemsLine.Format(l, p.Path, len(wrong)))
	hint := false
	for _, r := range p.Rows {
		line := problemLine.Format(l, r.Row, rowProblemTexts[r.Kind].In(l))
		if r.Case != "" {
			line = problemCase.Format(l, r.Row, r.Case, rowProblemTexts[r.Kind].In(l))
		}
		b.WriteString("\n  " + line)
		hint = hint || r.Kind == RowBadDecision
	}
	if hint {
		b.WriteString("\n  " + decisionsHint.Format(l, decisionChoices(l)))
	}
	return b.String()
}

// ImportReview takes the decisions of a sheet into the database: all of them,
// or none if any row is wrong.
func (a *Audit) ImportReview(path string, o ImportOptions) (*ImportResult, error) {
	rows, content, err := readReviewFile(path)
	if err != nil {
		return nil, err
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	sum := sha256.Sum256(content)
	im := &reviewImport{
		options: o, path: path, now: o.Now(), result: &ImportResult{Notes: []int{}},
		source: filepath.Base(path) + " sha256:" + hex.EncodeToString(sum[:]), seen: map[[2]string]reviewDecision{},
	}
	err = a.change(func(ctx context.Context, conn *sql.Conn) error { return im.run(ctx, conn, rows) })
	if errors.Is(err, errDryRun) {
		err = nil
	}
	if err != nil {
		return nil, err
	}
	return im.result, nil
}

// errDryRun takes back what a check alone would have written.
var errDryRun = errors.New("dry run")

// reviewDecision is what a row says, in the words of the database.
type reviewDecision struct{ decision, reason, comment string }

type reviewImport struct {
	options  ImportOptions
	path     string
	source   string
	now      time.Time
	result   *ImportResult
	problems []RowProblem
	seen     map[[2]string]reviewDecision // by case and reviewer

	findCase, findEarlier, findStanding, record, settle *sql.Stmt
}

func (im *reviewImport) run(ctx context.Context, conn *sql.Conn, rows []reviewRow) error {
	if err := im.prepare(ctx, conn); err != nil {
		return err
	}
	defer im.close()
	for _, r := range rows {
		im.result.Rows++
		if err := im.row(ctx, r); err != nil {
			return err
		}
	}
	if len(im.problems) > 0 {
		return &SheetProblems{Path: im.path, Rows: im.problems}
	}
	if im.options.DryRun {
		return errDryRun
	}
	if im.result.Recorded == 0 {
		return nil
	}
	return appendAccess(ctx, conn, im.now, actorOr(im.options.Actor), "review import",
		fmt.Sprintf("%s, %d decisions, %d of them replacements", im.source, im.result.Recorded, im.result.Replaced))
}

func (im *reviewImport) prepare(ctx context.Context, conn *sql.Conn) error {
	for _, p := range []struct {
		into  **sql.Stmt
		query string
	}{
		{&im.findCase, `SELECT c.last_finding_id, f.data_hash FROM cases c LEFT JOIN findings f ON f.finding_id = c.last_finding_id WHERE c.case_id = ?`},
		{&im.findEarlier, `SELECT decision_id, reviewer, decision, reason, comment FROM standing_decisions
			WHERE case_id = ? AND data_hash = ? ORDER BY decision_id`},
		{&im.findStanding, `SELECT data_hash FROM standing_decisions
			WHERE case_id = ? AND reviewer = ? AND decision = ? AND reason = ? AND comment = ?`},
		{&im.record, `INSERT INTO decisions (case_id, finding_id, decided_at, reviewer, decision, reason, comment, data_hash, source, replaces)
			VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`},
		{&im.settle, `UPDATE cases SET status = iif(EXISTS (SELECT 1 FROM standing_decisions s
				WHERE s.case_id = ?1 AND s.decision <> 'unsure' AND s.data_hash = ?2), 'decided', 'open')
			WHERE case_id = ?1 AND status <> 'resolved'`},
	} {
		statement, err := conn.PrepareContext(ctx, p.query)
		if err != nil {
			im.close()
			return err
		}
		*p.into = statement
	}
	return nil
}

func (im *reviewImport) close() {
	for _, s := range []*sql.Stmt{im.findCase, im.findEarlier, im.findStanding, im.record, im.settle} {
		if s != nil {
			s.Close()
		}
	}
}

func (im *reviewImport) problem(r reviewRow, kind RowProblemKind, detail string) {
	im.problems = append(im.problems, RowProblem{r.row, kind, detail})
}

// row validates one row and records its decision.
func (im *reviewImport) row(ctx context.Context, r reviewRow) error {
	if r.decision == "" {
		im.result.Undecided++
		if r.reason != "" || r.comment != "" {
			im.result.Notes = append(im.result.Notes, r.row)
		}
		return nil
	}
	word, known := decisionOf(r.decision)
	if !known {
		im.problem(r, RowBadDecision, "")
	}
	if r.reviewer == "" {
		r.reviewer = reviewerName(im.options.Reviewer)
	}
	if r.reviewer == "" {
		im.problem(r, RowNoReviewer, "")
	}
	var finding int64
	var dataHash []byte
	err := im.findCase.QueryRowContext(ctx, r.caseID).Scan(&finding, &dataHash)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		im.problem(r, RowUnknownCase, "")
		return nil
	case err != nil:
		return err
	case finding == 0:
		return im.stale(ctx, r, word, RowPurged)
	case r.version != dataVersion(dataHash):
		return im.stale(ctx, r, word, RowStale)
	case !known || r.reviewer == "":
		return nil
	}
	said := reviewDecision{word, r.reason, r.comment}
	key := [2]string{r.caseID, r.reviewer}
	if before, twice := im.seen[key]; twice {
		if before != said {
			im.problem(r, RowContradiction, r.caseID)
		} else {
			im.result.Unchanged++
		}
		return nil
	}
	im.seen[key] = said
	return im.decide(ctx, r, said, finding, dataHash)
}

// stale refuses a decision on data that have changed, unless it was recorded
// when they were current: an old sheet may be imported again.
func (im *reviewImport) stale(ctx context.Context, r reviewRow, word string, otherwise RowProblemKind) error {
	rows, err := im.findStanding.QueryContext(ctx, r.caseID, r.reviewer, word, r.reason, r.comment)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var dataHash []byte
		if err := rows.Scan(&dataHash); err != nil {
			return err
		}
		if dataVersion(dataHash) == r.version {
			im.result.Unchanged++
			return nil
		}
	}
	im.problem(r, otherwise, r.caseID)
	return rows.Err()
}

// decide records a decision unless the database has it, beside those of other
// reviewers.
func (im *reviewImport) decide(ctx context.Context, r reviewRow, said reviewDecision, finding int64, dataHash []byte) error {
	earlier, others, err := im.earlier(ctx, r, dataHash)
	if err != nil {
		return err
	}
	var replaces any
	if earlier != nil {
		if earlier.said == said {
			im.result.Unchanged++
			return nil
		}
		if !im.options.Replace {
			im.problem(r, RowDecided, r.caseID)
			return nil
		}
		replaces = earlier.id
		im.result.Replaced++
	}
	if others {
		im.result.Second++
	}
	im.result.Recorded++
	if _, err := im.record.ExecContext(ctx, r.caseID, finding, timestamp(im.now), r.reviewer, said.decision,
		said.reason, said.comment, dataHash, im.source, replaces); err != nil {
		return err
	}
	_, err = im.settle.ExecContext(ctx, r.caseID, dataHash)
	return err
}

type earlierDecision struct {
	id   int64
	said reviewDecision
}

// earlier finds the standing decision of the reviewer on the same data, and
// whether another reviewer has one.
func (im *reviewImport) earlier(ctx context.Context, r reviewRow, dataHash []byte) (own *earlierDecision, others bool, err error) {
	rows, err := im.findEarlier.QueryContext(ctx, r.caseID, dataHash)
	if err != nil {
		return nil, false, err
	}
	defer rows.Close()
	for rows.Next() {
		var d earlierDecision
		var reviewer string
		if err := rows.Scan(&d.id, &reviewer, &d.said.decision, &d.said.reason, &d.said.comment); err != nil {
			return nil, false, err
		}
		if reviewer == r.reviewer {
			own = &d
		} else {
			others = true
		}
	}
	return own, others, rows.Err()
}
