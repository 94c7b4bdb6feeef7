package main

import (
	"context"
	"errors"
	"path/filepath"

	"github.com/spf13/cobra"

	"github.com/himozuke/himozuke/report"
	"github.com/himozuke/himozuke/report/words"
)

type evaluateOptions struct {
	folder string
	db     string
	truth  string
	decide bool     // by reviewers' decisions
	sheets []string // that hold them
	key    string
	list   int
	json   bool
	brief  bool // only the scores, for the demo
}

func (a *app) evaluateCommand() *cobra.Command {
	var o evaluateOptions
	cmd := &cobra.Command{
		Use:   "evaluate (--truth FILE | --decisions) DIR",
		Short: a.say(words.Text{EN: "Measure an audit by a truth file or by reviewers' decisions", JA: "正解ファイル又は確認結果によって精度を測る"}),
		Long: a.say(words.Text{
			EN: "evaluate compares the latest run in DIR (or in --db) with the truth file that\ngenerate writes: precision and recall by dataset and cause, owners and causes named\nrightly, calibration of the stated probabilities, and what was missed.\n\nWith --decisions it estimates precision, calibration and, as far as the sample\nreaches, recall from what reviewers decided on the newest sample that export\n--sample drew, weighted by inclusion probability, with 95% intervals. --sheet takes\nthe decisions from reviewed sheets that are not imported.",
			JA: "evaluate は DIR (または --db) の最新の点検結果を、generate が書き出す正解ファイルと\n突き合わせ、適合率・再現率 (紐付け情報別・原因別)、真の本人と原因の正答率、確率の較正、\n見落としと誤検出の一覧を示します。\n\n--decisions を付けると、export --sample で抽出した最新の標本の確認結果から、適合率、確率の較正\n及び標本の及ぶ範囲の再現率を、抽出確率で重み付けし 95% 信頼区間を付けて推定します。--sheet は、\n取り込んでいない記入済みの確認票の確認結果を使います。",
		}),
		Example:     "  himozuke evaluate --truth town/truth.csv out/\n  himozuke evaluate --decisions --db audit.db\n  himozuke evaluate --decisions --sheet reviewed.xlsx out/",
		Args:        cobra.MaximumNArgs(1),
		Annotations: a.exitStatus(exitDone, exitFailed, exitUsage),
		RunE: func(cmd *cobra.Command, args []string) (err error) {
			if o.folder, err = a.auditPath(args, o.db); err != nil {
				return err
			}
			o.decide = o.decide || len(o.sheets) > 0
			if o.decide && o.truth != "" {
				return a.usageError(words.Text{EN: "--truth and --decisions are two ways to evaluate: choose one", JA: "--truth と --decisions は同時に指定できません"})
			}
			if o.truth == "" && !o.decide {
				return a.usageError(words.Text{EN: "--truth FILE or --decisions is missing: say what to measure by", JA: "--truth も --decisions もありません。正解ファイルを指定するか、--decisions を付けてください"})
			}
			return a.runEvaluate(cmd.Context(), &o)
		},
	}
	f := cmd.Flags()
	f.SortFlags = false
	f.StringVar(&o.truth, "truth", "", a.say(words.Text{EN: "truth `FILE`", JA: "正解 `ファイル`"}))
	f.BoolVar(&o.decide, "decisions", false, a.say(words.Text{EN: "by the decisions that reviewers made", JA: "確認結果によって測る"}))
	f.StringArrayVar(&o.sheets, "sheet", nil, a.say(words.Text{EN: "reviewed sheet `FILE` instead of imported decisions; may be given several times", JA: "取り込んだ確認結果の代わりに使う記入済みの確認票の `ファイル`。何度でも指定できる"}))
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
	if o.decide {
		e, err := audit.EvaluateDecisions(report.DecisionOptions{Sheets: o.sheets})
		if err != nil {
			return err
		}
		if o.json {
			return e.WriteJSON(a.stdout)
		}
		return e.WriteTerminal(a.stdout, a.lang)
	}
	a.enterView(audit, "evaluate", "against "+filepath.Base(o.truth))
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
