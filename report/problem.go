package report

import (
	"fmt"

	"github.com/himozuke/himozuke/report/words"
)

// ProblemKind says what keeps a folder or a database from being used.
type ProblemKind uint8

// The kinds.
const (
	ProblemFolderFinished   ProblemKind = iota + 1 // the folder holds a finished run
	ProblemFolderBusy                              // another run is writing to the folder
	ProblemFolderUnwritable                        // the folder or a file in it cannot be written
	ProblemFolderMissing                           // no such folder, or no audit in it
	ProblemDatabaseBusy                            // another run is writing to the database
	ProblemDatabaseBroken                          // not SQLite, or damaged
	ProblemDatabaseForeign                         // a SQLite file of something else
	ProblemDatabaseNewer                           // written by a newer version of the program
	ProblemDatabaseOlder                           // read-only and written by an older version
	ProblemKey                                     // the key file is missing, unreadable or too short
	ProblemNoRun                                   // the database holds no finished run
	ProblemNoCase                                  // no such case
	ProblemTruth                                   // the truth file cannot be used
	ProblemCasePurged                              // the findings of the case were taken out
	ProblemAccessLog                               // the chain of the access log is broken
)

// Problem is a folder, database or file that cannot be used, with what to do
// about it. It holds no personal data.
type Problem struct {
	Kind   ProblemKind
	Path   string
	Line   int64
	Detail string
	Err    error
}

// Error says what, where and what to do next, in English.
func (p *Problem) Error() string { return p.In(words.English) }

// Unwrap gives the error underneath.
func (p *Problem) Unwrap() error { return p.Err }

// In is the message in one language.
func (p *Problem) In(l words.Lang) string {
	text := problemTexts[p.Kind]
	where := p.Path
	if p.Line > 0 {
		where = fmt.Sprintf("%s:%d", p.Path, p.Line)
	}
	detail := ""
	switch {
	case p.Detail != "":
		detail = problemDetail.Format(l, p.Detail)
	case p.Err != nil:
		detail = problemDetail.Format(l, words.Said(p.Err.Error(), l))
	}
	return problemFrame.Format(l, where, text.what.In(l), detail, text.remedy.In(l))
}

var (
	problemFrame  = words.Text{EN: "%s: %s%s; %s", JA: "%s: %s%s。%s。"}
	problemDetail = words.Text{EN: " (%s)", JA: "（%s）"}
)

var problemTexts = map[ProblemKind]struct{ what, remedy words.Text }{
	ProblemFolderFinished: {
		words.Text{EN: "the folder holds a finished run already", JA: "このフォルダには完了した点検結果が既にあります"},
		words.Text{EN: "name another folder with --out", JA: "--out に別のフォルダを指定してください"},
	},
	ProblemFolderBusy: {
		words.Text{EN: "another run is writing to this folder", JA: "別の点検がこのフォルダに書込み中です"},
		words.Text{EN: "wait for it or name another folder with --out", JA: "終了を待つか、--out に別のフォルダを指定してください"},
	},
	ProblemFolderUnwritable: {
		words.Text{EN: "cannot be written", JA: "書込みができません"},
		words.Text{EN: "check the permissions and the free space, or name another folder with --out", JA: "書込み権限及び空き容量を確認するか、--out に別のフォルダを指定してください"},
	},
	ProblemFolderMissing: {
		words.Text{EN: "no finished audit is here", JA: "完了した点検結果がありません"},
		words.Text{EN: "name the folder that audit --out wrote, or its database with --db", JA: "audit の --out で出力したフォルダ、又は --db でデータベースを指定してください"},
	},
	ProblemDatabaseBusy: {
		words.Text{EN: "another run or import is writing to this database", JA: "別の点検又は取込みがこのデータベースに書込み中です"},
		words.Text{EN: "wait until it is done and start again", JA: "終了を待ってから再度実行してください"},
	},
	ProblemDatabaseBroken: {
		words.Text{EN: "this is not a SQLite database or it is damaged", JA: "SQLite データベースではないか、破損しています"},
		words.Text{EN: "check the path or restore it from a backup", JA: "パスを確認するか、バックアップから復元してください"},
	},
	ProblemDatabaseForeign: {
		words.Text{EN: "this database was not written by himozuke", JA: "himozuke のデータベースではありません"},
		words.Text{EN: "check the path", JA: "パスを確認してください"},
	},
	ProblemDatabaseNewer: {
		words.Text{EN: "this database was written by a newer version of the program", JA: "新しい版のプログラムで作成されたデータベースです"},
		words.Text{EN: "install that version", JA: "プログラムを更新してください"},
	},
	ProblemDatabaseOlder: {
		words.Text{EN: "this database was written by an older version of the program", JA: "古い版のプログラムで作成されたデータベースです"},
		words.Text{EN: "copy it to where it can be written and open the copy, which is brought up to date at once", JA: "書込み可能な場所に複写し、複写したものを開いてください（開くと更新されます）"},
	},
	ProblemKey: {
		words.Text{EN: "the key file of the pseudonyms cannot be used", JA: "仮名化の鍵ファイルを使用できません"},
		words.Text{EN: "restore the key file that belongs to this audit", JA: "この点検結果に対応する鍵ファイルを復元してください"},
	},
	ProblemNoRun: {
		words.Text{EN: "the database holds no finished run", JA: "データベースに完了した点検がありません"},
		words.Text{EN: "run an audit first; a run that purge took out cannot be shown any more", JA: "先に点検（audit）を実行してください。purge で削除した点検は表示できません"},
	},
	ProblemNoCase: {
		words.Text{EN: "no such case", JA: "該当する案件がありません"},
		words.Text{EN: "take the case_id from findings.csv", JA: "findings.csv の case_id を指定してください"},
	},
	ProblemAccessLog: {
		words.Text{EN: "the chain of the access log breaks: an entry was changed or taken out", JA: "利用記録のハッシュ連鎖が途切れています。記録が改変又は削除されたおそれがあります"},
		words.Text{EN: "compare it with a copy that is kept elsewhere", JA: "別に保管している写しと照合してください"},
	},
	ProblemCasePurged: {
		words.Text{EN: "the findings of this case were taken out of the database", JA: "この案件の検出結果はデータベースから削除されています"},
		words.Text{EN: "its history and its decisions are in the tables case_events and decisions", JA: "経過及び確認結果は case_events 表及び decisions 表で確認してください"},
	},
	ProblemTruth: {
		words.Text{EN: "the truth file cannot be used", JA: "正解ファイルを使用できません"},
		words.Text{EN: "its columns are dataset, record_id, claimed_number, true_number, label, cause and, if wanted, trace", JA: "列は dataset、record_id、claimed_number、true_number、label、cause 及び任意の trace としてください"},
	},
}
