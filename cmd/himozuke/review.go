package main

import (
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/himozuke/himozuke/report"
	"github.com/himozuke/himozuke/report/words"
)

func (a *app) reviewCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "review",
		Short: a.say(words.Text{EN: "Take decisions back, and see how far a review is", JA: "確認結果の取込みと確認の状況"}),
		Long: a.say(words.Text{
			EN: "Reviewers decide case by case in the sheet that `himozuke export` writes.\n`review import` takes the sheet back into the audit database, `review status` shows\nprogress, agreement between reviewers and precision so far.",
			JA: "確認者は `himozuke export` が出力した確認票に、案件ごとの確認結果を記入します。\n`review import` は記入済みの確認票を監査データベースに取り込み、`review status` は進捗、\n確認者の間の一致、これまでの適合率を示します。",
		}),
		Example:     "  himozuke export out/ --out review.xlsx\n  himozuke review import review.xlsx out/\n  himozuke review status out/",
		Args:        cobra.NoArgs,
		Annotations: a.exitStatus(exitDone, exitFailed, exitUsage),
		RunE:        func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(a.reviewImportCommand(), a.reviewStatusCommand())
	return cmd
}

type reviewImportOptions struct {
	folder, db, file string
	reviewer         string
	replace, dryRun  bool
	quiet            bool
}

func (a *app) reviewImportCommand() *cobra.Command {
	var o reviewImportOptions
	cmd := &cobra.Command{
		Use:   "import FILE DIR",
		Short: a.say(words.Text{EN: "Take the decisions of a review sheet into the database", JA: "記入済みの確認票を取り込む"}),
		Long: a.say(words.Text{
			EN: "import reads a review sheet that came back, CSV or XLSX, whatever a spreadsheet\nprogram made of its encoding, delimiter and order of columns. Every row is checked\nfirst: if one is wrong, all wrong rows are listed and nothing is recorded. A sheet\nmay be imported again; what is known already is not recorded twice.\n\nA decision of another reviewer stands beside the first as a double review. The same\nreviewer needs --replace to decide otherwise than before.",
			JA: "import は記入済みの確認票 (CSV または XLSX) を読み取ります。表計算ソフトで保存し直して\n文字コード、区切り文字、列の順序が変わっていても構いません。先にすべての行を検査し、\n一つでも誤りがあれば、誤りのある行をすべて示して何も取り込みません。同じ確認票を重ねて\n取り込んでも、記録は重複しません。\n\n別の確認者の確認結果は、二重確認として併記します。同じ確認者が前と異なる確認結果に\n改めるには --replace が必要です。",
		}),
		Example:     "  himozuke review import review.xlsx out/\n  himozuke review import review.csv --db audit.db --dry-run",
		Args:        cobra.RangeArgs(1, 2),
		Annotations: a.exitStatus(exitDone, exitFailed, exitUsage),
		RunE: func(_ *cobra.Command, args []string) (err error) {
			o.file = args[0]
			if o.folder, err = a.auditPath(args[1:], o.db); err != nil {
				return err
			}
			return a.runReviewImport(&o)
		},
	}
	f := cmd.Flags()
	f.SortFlags = false
	f.StringVar(&o.reviewer, "reviewer", "", a.say(words.Text{EN: "`NAME` of the reviewer of rows that name none", JA: "確認者の記入がない行の確認者の `氏名`"}))
	f.BoolVar(&o.replace, "replace", false, a.say(words.Text{EN: "let reviewers change their own earlier decisions; the earlier ones stay on record", JA: "同じ確認者の以前の確認結果を改める (以前のものも記録に残る)"}))
	f.BoolVar(&o.dryRun, "dry-run", false, a.say(words.Text{EN: "check the sheet, record nothing", JA: "検査だけを行い、何も記録しない"}))
	f.BoolVarP(&o.quiet, "quiet", "q", false, a.say(words.Text{EN: "print nothing but errors", JA: "エラー以外を表示しない"}))
	f.StringVar(&o.db, "db", "", a.say(words.Text{EN: "audit database `FILE` instead of DIR", JA: "DIR の代わりに使う監査データベースの `ファイル`"}))
	return cmd
}

func (a *app) runReviewImport(o *reviewImportOptions) (err error) {
	audit, err := report.OpenAudit(o.folder)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, audit.Close()) }()
	r, err := audit.ImportReview(o.file, report.ImportOptions{Reviewer: o.reviewer, Replace: o.replace, DryRun: o.dryRun})
	if err != nil {
		return err
	}
	if len(r.Notes) > 0 {
		fmt.Fprintln(a.stderr, "himozuke: "+words.Text{
			EN: "warning: a reason or comment without a decision was not recorded: row %s",
			JA: "警告: 確認結果のない行の理由・備考は取り込んでいません: %s 行目",
		}.Format(a.lang, rowList(r.Notes)))
	}
	if o.quiet {
		return nil
	}
	done := words.Text{EN: "%d decisions recorded", JA: "%d 件の確認結果を記録しました"}
	if o.dryRun {
		done = words.Text{EN: "%d decisions would be recorded", JA: "%d 件の確認結果を記録できます (記録はしていません)"}
	}
	fmt.Fprintln(a.stdout, done.Format(a.lang, r.Recorded))
	for _, line := range []struct {
		n    int
		text words.Text
	}{
		{r.Replaced, words.Text{EN: "  %d of them replace an earlier decision of the same reviewer", JA: "  うち %d 件は同じ確認者の以前の確認結果を改めるもの"}},
		{r.Second, words.Text{EN: "  %d of them stand beside another reviewer's", JA: "  うち %d 件は別の確認者の確認結果に併記するもの (二重確認)"}},
		{r.Unchanged, words.Text{EN: "%d were recorded before", JA: "%d 件は記録済み"}},
		{r.Undecided, words.Text{EN: "%d rows have no decision yet", JA: "%d 行は未記入"}},
	} {
		if line.n > 0 {
			fmt.Fprintln(a.stdout, line.text.Format(a.lang, line.n))
		}
	}
	return nil
}

// rowList names some rows.
func rowList(rows []int) string {
	const most = 20
	var b strings.Builder
	for i, row := range rows {
		if i == most {
			b.WriteString(" …")
			break
		}
		if i > 0 {
			b.WriteString(", ")
		}
		fmt.Fprint(&b, row)
	}
	return b.String()
}

type reviewStatusOptions struct {
	folder, db string
	filter     report.ReviewFilter
	json       bool
}

func (a *app) reviewStatusCommand() *cobra.Command {
	var o reviewStatusOptions
	cmd := &cobra.Command{
		Use:   "status DIR",
		Short: a.say(words.Text{EN: "Progress, agreement between reviewers, precision so far", JA: "進捗、確認者の間の一致、これまでの適合率を示す"}),
		Long: a.say(words.Text{
			EN: "status shows how many cases of the latest run in DIR (or in --db) are decided, how\nwell reviewers agree on cases that two of them saw (share and Cohen's kappa), which\ncases are to be settled, and for each cause how many findings were wrong links\nindeed, with a 95% interval.",
			JA: "status は DIR (または --db) の最新の点検結果について、確認済みの件数、二重確認を行った案件の\n一致率とコーエンのカッパ係数、確認者の間で結果が異なる案件、原因ごとの適合率とその 95% 信頼\n区間を示します。",
		}),
		Example:     "  himozuke review status out/\n  himozuke review status --db audit.db --prefecture 13 --json",
		Args:        cobra.MaximumNArgs(1),
		Annotations: a.exitStatus(exitDone, exitFailed, exitUsage),
		RunE: func(_ *cobra.Command, args []string) (err error) {
			if o.folder, err = a.auditPath(args, o.db); err != nil {
				return err
			}
			if o.filter.Prefecture != "" {
				if !prefectureCode.MatchString(o.filter.Prefecture) {
					return a.usageError(words.Text{EN: "--prefecture %q is not a code from 01 to 47", JA: "--prefecture %q は 01 から 47 のコードではありません"}, o.filter.Prefecture)
				}
				o.filter.Prefecture = fmt.Sprintf("%02s", o.filter.Prefecture)
			}
			return a.runReviewStatus(&o)
		},
	}
	f := cmd.Flags()
	f.SortFlags = false
	f.StringVar(&o.filter.Prefecture, "prefecture", "", a.say(words.Text{EN: "only the prefecture of this `CODE`, 01 to 47", JA: "この `コード` (01 から 47) の都道府県だけ"}))
	f.StringVar(&o.filter.Dataset, "dataset", "", a.say(words.Text{EN: "only the dataset of this `NAME`", JA: "この `名称` の紐付け情報だけ"}))
	f.BoolVar(&o.json, "json", false, a.say(words.Text{EN: "JSON instead of text", JA: "JSON で出力する"}))
	f.StringVar(&o.db, "db", "", a.say(words.Text{EN: "audit database `FILE` instead of DIR", JA: "DIR の代わりに使う監査データベースの `ファイル`"}))
	return cmd
}

func (a *app) runReviewStatus(o *reviewStatusOptions) (err error) {
	audit, err := report.OpenAudit(o.folder)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, audit.Close()) }()
	status, err := audit.ReviewStatus(o.filter)
	if err != nil {
		return err
	}
	if o.json {
		return status.WriteJSON(a.stdout)
	}
	return status.WriteTerminal(a.stdout, a.lang)
}
