package main

import (
	"errors"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"github.com/himozuke/himozuke/linkage"
	"github.com/himozuke/himozuke/report"
	"github.com/himozuke/himozuke/report/words"
)

func (a *app) trainCommand() *cobra.Command {
	var o auditOptions
	var decided string
	cmd := &cobra.Command{
		Use:   "train --register FILE --links DATASET=FILE … --out FILE",
		Short: a.say(words.Text{EN: "Learn a model from the links, for frozen use in nightly runs", JA: "紐付けからモデルを学習する (毎晩の点検で固定して使う)"}),
		Long: a.say(words.Text{
			EN: "train estimates, for each dataset, how often the fields of right links agree (m),\nby expectation-maximization on the links themselves, and how often those of random\npairs do (u). audit does the same on the fly; a model that is kept makes nights\ncomparable. It is an error if the estimation does not converge.\n\n--decisions adds what reviewers decided: links confirmed right or wrong are known,\nand the prior of each cause is corrected by how often it was confirmed. Decisions on\nrows that have changed since are not used. A few decisions change little.",
			JA: "train は紐付け情報ごとに、正しい紐付けで各項目が一致する割合 (m) を紐付けそのものから\nEM アルゴリズムで、無作為な組で一致する割合 (u) を乱数で組んだ対から推定します。audit も\n毎回同じ推定をしますが、保存したモデルを使うと夜ごとの結果を比べられます。推定が収束\nしないときはエラーになります。\n\n--decisions を付けると、確認結果も学習に使います。正誤の確定した紐付けは既知のものとして扱い、\n原因ごとの事前確率を、確認された割合によって補正します。確認後にデータが変わった記録の確認\n結果は使いません。件数が少ないうちは、モデルはほとんど変わりません。",
		}),
		Example:     "  himozuke train --register register.csv --links bank=bank.csv --out model.json\n  himozuke audit --model model.json …\n  himozuke train --config himozuke.toml --decisions audit.db --out model.json",
		Args:        cobra.NoArgs,
		Annotations: a.exitStatus(exitDone, exitFailed, exitUsage),
		RunE: func(cmd *cobra.Command, _ []string) error {
			cfg, err := o.check(a, cmd)
			if err != nil {
				return err
			}
			var decisions linkage.Decisions
			var key []byte
			if decided != "" {
				if decisions, key, err = report.ReadTrainingDecisions(decided, o.key); err != nil {
					return err
				}
			}
			bar := a.progress(o.quiet)
			defer bar.finish()
			model, err := linkage.Train(cmd.Context(), cfg, linkage.Options{Version: programVersion(), Now: time.Now(), Progress: bar.show, Key: key}, decisions)
			if err != nil {
				return err
			}
			bar.finish()
			for _, l := range cfg.Links {
				t := model.Datasets[l.Dataset].Training
				if !t.Converged {
					return errors.New(words.Text{
						EN: "%s: no model could be learned: %s; nothing was written",
						JA: "%s: モデルを学習できませんでした (%s)。何も書き出していません",
					}.Format(a.lang, words.Dataset(l.Dataset).In(a.lang), words.Said(t.Reason, a.lang)))
				}
			}
			if err := model.Write(o.out); err != nil {
				return err
			}
			if !o.quiet {
				a.showModel(model)
			}
			return nil
		},
	}
	o.addInputFlags(a, cmd)
	cmd.Flags().StringVar(&decided, "decisions", "", a.say(words.Text{EN: "audit database `FILE` (or folder of an audit) with reviewers' decisions to learn from", JA: "学習に使う確認結果のある監査データベースの `ファイル` (または点検結果のフォルダー)"}))
	cmd.Flags().StringVar(&o.key, "key", "", a.say(words.Text{EN: "key `FILE` of that database (default: the one it used)", JA: "そのデータベースの鍵 `ファイル` (既定: 点検の記録に従う)"}))
	cmd.Flags().StringVar(&o.out, "out", "", a.say(words.Text{EN: "`FILE` to write the model to", JA: "モデルを書き出す `ファイル`"}))
	return cmd
}

func (a *app) modelCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "model",
		Short: a.say(words.Text{EN: "Look at a trained model and at the decision table", JA: "学習したモデルと判定表を見る"}),
	}
	cmd.AddCommand(a.rulesCommand(), &cobra.Command{
		Use:         "show FILE",
		Short:       a.say(words.Text{EN: "Print how a model was learned and what its levels weigh", JA: "学習の経過と各一致水準のウェイトを表示する"}),
		Example:     "  himozuke model show model.json",
		Args:        cobra.ExactArgs(1),
		Annotations: a.exitStatus(exitDone, exitFailed, exitUsage),
		RunE: func(_ *cobra.Command, args []string) error {
			model, err := linkage.ReadModel(args[0])
			if err != nil {
				return err
			}
			a.showModel(model)
			return nil
		},
	})
	return cmd
}

// rulesCommand prints the decision table of rule_class as a file to edit.
func (a *app) rulesCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "rules [FILE]",
		Short: a.say(words.Text{EN: "Print the decision table of rule_class, or check one", JA: "rule_class の判定表を出力する。ファイルを指定すると検査する"}),
		Long: a.say(words.Text{
			EN: "rules prints the built-in decision table, as the Ministry of Health, Labour and\nWelfare published it, as a CSV file to edit and to give to audit --rules (or to\nname as rules in the configuration). With FILE it checks that table and prints how\nit is understood. The class stands beside the verdict and decides nothing.",
			JA: "rules は、厚生労働省が公表した判定表を CSV で出力します。編集したものを audit --rules\n(または設定ファイルの rules) に指定できます。FILE を指定すると、その判定表を検査し、解釈した\n内容を出力します。区分は判定と併記されるだけで、判定には影響しません。",
		}),
		Example:     "  himozuke model rules > rules.csv\n  himozuke model rules rules.csv",
		Args:        cobra.MaximumNArgs(1),
		Annotations: a.exitStatus(exitDone, exitFailed, exitUsage),
		RunE: func(_ *cobra.Command, args []string) error {
			rules := linkage.DefaultRules()
			if len(args) > 0 {
				var err error
				if rules, err = linkage.ReadRules(args[0]); err != nil {
					return &exitError{exitUsage, err}
				}
			}
			text, err := rules.MarshalText()
			if err != nil {
				return err
			}
			fmt.Fprint(a.stdout, a.say(rulesRemark), string(text))
			return nil
		},
	}
}

var rulesRemark = words.Text{
	EN: "# rule_class: the first row whose conditions all fit names the class.\n# A cell holds agree, differ, unknown, the name of a level (docs/method.md),\n# several of these joined by |, or nothing: any level will do.\n",
	JA: "# rule_class: 条件がすべて該当する最初の行の class を区分とする。\n# セルには agree (一致)、differ (不一致)、unknown (不明)、一致水準の名称\n# (docs/method.md) 又はこれらを | で区切ったものを記入する。空欄は条件なし。\n",
}

// showModel prints the weights in bits: what agreement and disagreement of
// each field say.
func (a *app) showModel(f *linkage.ModelFile) {
	for _, name := range f.Names() {
		d := f.Datasets[name]
		fmt.Fprint(a.stdout, words.Text{
			EN: "%s: learned from %d links and %d random pairs; %s\n",
			JA: "%s: 紐付け %d 件と無作為な %d 組から学習 (%s)\n",
		}.Format(a.lang, words.Dataset(name).In(a.lang), d.Training.Pairs, d.Training.RandomPairs, words.Said(d.Training.Reason, a.lang)))
		a.showDecisions(&d)
		for _, line := range d.Model.Weights() {
			fmt.Fprintf(a.stdout, "  %-8s %-40s m %-9.3g u %-9.3g %+6.1f bits\n", line.Comparison, line.Level, line.M, line.U, line.Bits)
		}
	}
}

// showDecisions prints what of it was learned from reviewers.
func (a *app) showDecisions(d *linkage.DatasetModel) {
	if d.Decisions == nil {
		return
	}
	fmt.Fprint(a.stdout, words.Text{
		EN: "  %d decisions of %d runs: %d right and %d wrong links, which stand for %.0f\n",
		JA: "  確認結果 %d 件 (点検 %d 回分): 誤りなし %d 件、誤り %d 件。代表する紐付け %.0f 件\n",
	}.Format(a.lang, d.Decisions.Used, len(d.Decisions.Runs), d.Decisions.Right, d.Decisions.Wrong, d.Decisions.Weight))
	fmt.Fprint(a.stdout, words.Text{
		EN: "  not used: %d on data that have changed, %d without their row, %d unsettled, %d without a holder\n",
		JA: "  使わなかった確認結果: データの変更 %d 件、記録なし %d 件、未確定 %d 件、番号の該当者なし %d 件\n",
	}.Format(a.lang, d.Decisions.Changed, d.Decisions.Missing, d.Decisions.Unsettled, d.Decisions.WithoutHolder))
	for c := linkage.Family; c < linkage.Causes; c++ {
		if p, ok := d.Priors[c.String()]; ok {
			fmt.Fprint(a.stdout, words.Text{
				EN: "  prior of %s: %.3g, worth %.3g links\n",
				JA: "  %sの事前確率: %.3g (紐付け %.3g 件に相当)\n",
			}.Format(a.lang, words.Cause(c).In(a.lang), p.Prior, p.Links))
		}
	}
}
