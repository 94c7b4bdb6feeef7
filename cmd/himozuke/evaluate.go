package main

import (
	"context"
	"errors"

	"github.com/spf13/cobra"

	"github.com/himozuke/himozuke/report"
	"github.com/himozuke/himozuke/report/words"
)

type evaluateOptions struct {
	folder string
	db     string
	truth  string
	key    string
	list   int
	json   bool
	brief  bool // only the scores, for the demo
}

func (a *app) evaluateCommand() *cobra.Command {
	var o evaluateOptions
	cmd := &cobra.Command{
		Use:   "evaluate --truth FILE DIR",
		Short: a.say(words.Text{EN: "Measure an audit against a truth file", JA: "正解ファイルと突き合わせて精度を測る"}),
		Long: a.say(words.Text{
			EN: "evaluate compares the latest run in DIR (or in --db) with the truth file that\ngenerate writes: precision and recall by dataset and cause, owners and causes named\nrightly, calibration of the stated probabilities, and what was missed.",
			JA: "evaluate は DIR (または --db) の最新の点検結果を、generate が書き出す正解ファイルと\n突き合わせ、適合率・再現率 (紐付け情報別・原因別)、真の本人と原因の正答率、確率の較正、\n見落としと誤検出の一覧を示します。",
		}),
		Example:     "  himozuke evaluate --truth town/truth.csv out/",
		Args:        cobra.MaximumNArgs(1),
		Annotations: a.exitStatus(exitDone, exitFailed, exitUsage),
		RunE: func(cmd *cobra.Command, args []string) (err error) {
			if o.folder, err = a.auditPath(args, o.db); err != nil {
				return err
			}
			if o.truth == "" {
				return a.usageError(words.Text{EN: "--truth FILE is missing: say which file holds the truth", JA: "--truth がありません。正解ファイルを指定してください"})
			}
			return a.runEvaluate(cmd.Context(), &o)
		},
	}
	f := cmd.Flags()
	f.SortFlags = false
	f.StringVar(&o.truth, "truth", "", a.say(words.Text{EN: "truth `FILE`", JA: "正解 `ファイル`"}))
	f.IntVar(&o.list, "list", 20, a.say(words.Text{EN: "`N`umber of false alarms and misses to list", JA: "誤検出と見落としを一覧に出す件数 `N`"}))
	f.BoolVar(&o.json, "json", false, a.say(words.Text{EN: "JSON instead of text", JA: "JSON で出力する"}))
	f.StringVar(&o.key, "key", "", a.say(words.Text{EN: "key `FILE` of the audit (default: the one it used)", JA: "点検に使った鍵 `ファイル` (既定: 点検の記録に従う)"}))
	f.StringVar(&o.db, "db", "", a.say(words.Text{EN: "audit database `FILE` instead of DIR", JA: "DIR の代わりに使う監査データベースの `ファイル`"}))
	return cmd
}

func (a *app) runEvaluate(_ context.Context, o *evaluateOptions) (err error) {
	audit, err := report.OpenAudit(o.folder)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, audit.Close()) }()
	e, err := audit.Evaluate(report.EvaluateOptions{Truth: o.truth, KeyFile: o.key, List: o.list})
	if err != nil {
		return err
	}
	switch {
	case o.json:
		return e.WriteJSON(a.stdout)
	case o.brief:
		return e.WriteScores(a.stdout, a.lang)
	}
	return e.WriteTerminal(a.stdout, a.lang)
}
