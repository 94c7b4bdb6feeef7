package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"

	"github.com/himozuke/himozuke/fixtures"
	"github.com/himozuke/himozuke/linkage"
	"github.com/himozuke/himozuke/report"
	"github.com/himozuke/himozuke/report/words"
)

type demoOptions struct {
	people    int
	seed      uint64
	faultRate float64
	dir       string
}

func (a *app) demoCommand() *cobra.Command {
	var o demoOptions
	cmd := &cobra.Command{
		Use:   "demo",
		Short: a.say(words.Text{EN: "Generate, audit and report in one go", JA: "合成データの作成・点検・集計を続けて行う"}),
		Long: a.say(words.Text{
			EN: "demo makes a synthetic town with planted faults, audits its medical, bank and\ndisability files and shows what was found. All people are invented.",
			JA: "demo は誤りを仕込んだ架空の町を作り、医療・口座・障害者手帳の紐付けを点検して、\n検出した結果を示します。登場する人はすべて架空です。",
		}),
		Example:     "  himozuke demo\n  himozuke demo --people 20000 --dir demo/",
		Args:        cobra.NoArgs,
		Annotations: a.exitStatus(exitDone, exitFailed, exitUsage),
		RunE: func(cmd *cobra.Command, _ []string) error {
			if o.people < 100 {
				return a.usageError(words.Text{EN: "--people %d is too few for a town; say 100 or more", JA: "--people %d では町になりません。100 以上を指定してください"}, o.people)
			}
			return a.runDemo(cmd.Context(), &o)
		},
	}
	f := cmd.Flags()
	f.SortFlags = false
	f.IntVar(&o.people, "people", 100_000, a.say(words.Text{EN: "`N`umber of people", JA: "人数 `N`"}))
	f.Uint64Var(&o.seed, "seed", 1, a.say(words.Text{EN: "`SEED` of the random numbers", JA: "乱数の `種`"}))
	f.Float64Var(&o.faultRate, "fault-rate", 0.005, a.say(words.Text{EN: "`SHARE` of wrong links", JA: "誤った紐付けの `割合`"}))
	f.StringVar(&o.dir, "dir", "", a.say(words.Text{EN: "keep the files in this `DIR` (default: a temporary folder that is removed)", JA: "ファイルを残す `フォルダー` (既定: 一時フォルダーに作り、最後に消す)"}))
	return cmd
}

func (a *app) runDemo(ctx context.Context, o *demoOptions) error {
	dir := o.dir
	if dir == "" {
		temporary, err := os.MkdirTemp("", "himozuke-demo-")
		if err != nil {
			return err
		}
		defer os.RemoveAll(temporary)
		dir = temporary
	}
	data, out := filepath.Join(dir, "data"), filepath.Join(dir, "out")
	start := time.Now()
	if _, err := fixtures.Generate(ctx, fixtures.Options{Dir: data, People: o.people, Seed: o.seed, FaultRate: o.faultRate}); err != nil {
		return err
	}
	made := time.Since(start)
	start = time.Now()
	cfg := linkage.DefaultConfig()
	cfg.Register.Path = filepath.Join(data, "register.csv")
	for _, name := range []string{"medical", "bank", "disability"} {
		cfg.Links = append(cfg.Links, linkage.Source{Dataset: name, Path: filepath.Join(data, name+".csv")})
	}
	audit := &auditOptions{out: out}
	run, err := a.audit(ctx, cfg, audit)
	if err != nil {
		return err
	}
	fmt.Fprint(a.stdout, words.Text{
		EN: "A synthetic town of %d people, generated in %.1f s, audited in %.1f s.\n\n",
		JA: "架空の町 (人口 %d 人) を %.1f 秒で作成し、%.1f 秒で点検しました。\n\n",
	}.Format(a.lang, o.people, made.Seconds(), time.Since(start).Seconds()))
	if err := report.PrintOverview(a.stdout, out, run, a.lang); err != nil {
		return err
	}
	fmt.Fprintln(a.stdout)
	if err := a.runReport(&reportOptions{folder: out, by: "prefecture", format: "table"}); err != nil {
		return err
	}
	fmt.Fprintln(a.stdout)
	if err := a.runEvaluate(ctx, &evaluateOptions{folder: out, truth: filepath.Join(data, "truth.csv"), brief: true}); err != nil {
		return err
	}
	if o.dir == "" {
		fmt.Fprintln(a.stdout, a.say(words.Text{
			EN: "\nThe files were temporary; himozuke demo --dir DIR keeps them.",
			JA: "\nファイルは一時的なもので、既に削除した。himozuke demo --dir DIR で残せる。",
		}))
	}
	return nil
}
