package words

import (
	"errors"
	"fmt"

	"github.com/himozuke/himozuke/linkage"
	"github.com/himozuke/himozuke/linkage/ingest"
)

// Localized is an error that can say itself in both languages.
type Localized interface {
	error
	In(Lang) string
}

// Error is the message of an error in one language: what, where and what to do
// next, where the error knows.
func Error(err error, l Lang) string {
	var localized Localized
	if errors.As(err, &localized) {
		return localized.In(l)
	}
	var problem *ingest.Problem
	if errors.As(err, &problem) {
		return inputProblem(problem, l)
	}
	var rules *linkage.RulesProblem
	if errors.As(err, &rules) {
		return rulesProblem(rules, l)
	}
	if text, ok := systemError(err, l); ok {
		return text
	}
	return Said(err.Error(), l)
}

func inputProblem(p *ingest.Problem, l Lang) string {
	texts, ok := inputProblems[p.Kind]
	if !ok {
		return p.Error()
	}
	where := p.Path
	if p.Line > 0 {
		where = fmt.Sprintf("%s:%d", p.Path, p.Line)
	}
	if p.Column != "" {
		where += columnNote.Format(l, p.Column)
	}
	detail := ""
	if p.Detail != "" {
		detail = detailNote.Format(l, Said(p.Detail, l))
	}
	return problemFrame.Format(l, where, texts.what.In(l), detail, texts.remedy.In(l))
}

var (
	columnNote   = Text{" (column %q)", "（項目「%s」）"}
	detailNote   = Text{": %s", "（%s）"}
	problemFrame = Text{"%s: %s%s; %s", "%s: %s%s。%s。"}
)

type problemText struct{ what, remedy Text }

var inputProblems = map[ingest.ProblemKind]problemText{
	ingest.ProblemMissing: {
		Text{"no such file", "ファイルが存在しません"},
		Text{"check the path", "パスを確認してください"},
	},
	ingest.ProblemUnreadable: {
		Text{"cannot be read", "ファイルを読み取れません"},
		Text{"check that it is a file and that you may read it", "通常のファイルであること及び読取り権限を確認してください"},
	},
	ingest.ProblemEmpty: {
		Text{"the file holds no rows", "データ行がありません"},
		Text{"check how it was exported", "出力元の設定を確認してください"},
	},
	ingest.ProblemNoNumber: {
		Text{"no heading means the individual number", "個人番号に当たる見出しがありません"},
		Text{"name its column under [columns] in the configuration, for example number = \"heading\"", "設定ファイルの [columns] に number = \"見出し\" のように指定してください"},
	},
	ingest.ProblemHeading: {
		Text{"the headings do not fit", "見出しが正しくありません"},
		Text{"rename the column or correct [columns] in the configuration", "見出しを改めるか、設定ファイルの [columns] を修正してください"},
	},
	ingest.ProblemNotText: {
		Text{"this is not a text file, nor gzip, zstd, Parquet or Arrow", "テキスト、gzip、zstd、Parquet、Arrow のいずれでもありません"},
		Text{"export it as CSV", "CSV 形式で出力し直してください"},
	},
	ingest.ProblemEncoding: {
		Text{"the encoding is not known", "文字コードを判別できません"},
		Text{"say --encoding utf-8, utf-16 or cp932", "--encoding に utf-8、utf-16、cp932 のいずれかを指定してください"},
	},
	ingest.ProblemContainer: {
		Text{"the file is damaged", "ファイルが破損しています"},
		Text{"export or copy it again", "出力又は複写をやり直してください"},
	},
	ingest.ProblemNoFields: {
		Text{"no column can be compared", "照合に使える項目がありません"},
		Text{"name the columns of name, kana or birth date under [columns] in the configuration", "設定ファイルの [columns] に氏名、フリガナ又は生年月日の項目を指定してください"},
	},
}
