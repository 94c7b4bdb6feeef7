package main

import (
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/himozuke/himozuke/report"
	"github.com/himozuke/himozuke/report/words"
)

type explainOptions struct {
	folder, db, id string
	json           bool
	reveal         bool
}

func (a *app) explainCommand() *cobra.Command {
	var o explainOptions
	cmd := &cobra.Command{
		Use:   "explain CASE DIR",
		Short: a.say(words.Text{EN: "One case in full: both sides, weights, candidates, why", JA: "1 件の案件を詳しく示す (両者の記載・ウェイト・候補・理由)"}),
		Long: a.say(words.Text{
			EN: "explain shows one case field by field: what the link says, what the register says,\nhow much each comparison weighs, which other people were considered and why the\nverdict is what it is. The weights add up to the total. The beginning of a case id\nis enough where it is unique. The access log says who looked at which case.",
			JA: "explain は 1 件の案件について、紐付け情報と台帳の記載、各比較のウェイト、検討した他の候補、\n判定の理由を項目ごとに示します。ウェイトの合計は判定に使った値と一致します。案件番号は、\n1 件に決まるなら先頭の一部だけでも構いません。閲覧は利用記録に残します。",
		}),
		Example:     "  himozuke explain 3f9a1c out/",
		Args:        cobra.RangeArgs(1, 2),
		Annotations: a.exitStatus(exitDone, exitFailed, exitUsage),
		RunE: func(_ *cobra.Command, args []string) (err error) {
			o.id = args[0]
			if o.folder, err = a.auditPath(args[1:], o.db); err != nil {
				return err
			}
			return a.runExplain(&o)
		},
	}
	f := cmd.Flags()
	f.SortFlags = false
	f.BoolVar(&o.json, "json", false, a.say(words.Text{EN: "JSON instead of text", JA: "JSON で出力する"}))
	f.BoolVar(&o.reveal, "reveal-numbers", false, a.say(words.Text{EN: "show numbers in full, if the audit stored them so; the access log says so", JA: "個人番号を伏せずに表示する (点検も伏せずに保存している場合だけ。利用記録に残る)"}))
	f.StringVar(&o.db, "db", "", a.say(words.Text{EN: "audit database `FILE` instead of DIR", JA: "DIR の代わりに使う監査データベースの `ファイル`"}))
	return cmd
}

// enterView notes who looks at personal data. What is masked is shown all the
// same where the database cannot be written: on read-only media, or while a
// run is writing to it.
func (a *app) enterView(audit *report.Audit, action, detail string) {
	if err := audit.EnterView(action, detail); err != nil {
		fmt.Fprintln(a.stderr, "himozuke: "+words.Text{
			EN: "warning: this could not be entered in the access log: %s",
			JA: "警告: 利用記録に残せませんでした: %s",
		}.Format(a.lang, a.message(err)))
	}
}

func (a *app) runExplain(o *explainOptions) (err error) {
	audit, err := report.OpenAudit(o.folder)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, audit.Close()) }()
	c, err := audit.Case(o.id)
	if err != nil {
		return err
	}
	if o.reveal {
		err = audit.EnterRevealed("explain", "case "+c.ID)
	} else {
		c.HideNumbers()
		a.enterView(audit, "explain", "case "+c.ID+", numbers masked")
	}
	if err != nil {
		return err
	}
	if o.json {
		return c.WriteJSON(a.stdout)
	}
	return c.WriteTerminal(a.stdout, a.lang)
}
