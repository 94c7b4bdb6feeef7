package main

import (
	"context"
	"fmt"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"github.com/himozuke/himozuke/fixtures"
	"github.com/himozuke/himozuke/report/words"
)

type generateOptions struct {
	fixtures.Options
	links []string
}

func (a *app) generateCommand() *cobra.Command {
	var o generateOptions
	cmd := &cobra.Command{
		Use:   "generate --people N --out DIR",
		Short: a.say(words.Text{EN: "Make a synthetic register and linked files with planted faults", JA: "誤りを仕込んだ合成の台帳と紐付けファイルを作る"}),
		Long: a.say(words.Text{
			EN: "generate writes register.csv, medical.csv, bank.csv, disability.csv and\ntruth.csv, which says of every link whether it is right. All people are\ninvented. The same seed gives the same bytes.",
			JA: "generate は register.csv、medical.csv、bank.csv、disability.csv と、各紐付けの正誤を\n記した truth.csv を書き出します。登場する人はすべて架空です。同じ種からは同じ内容が\nできます。",
		}),
		Example:     "  himozuke generate --people 100000 --seed 7 --fault-rate 0.005 --out town/",
		Args:        cobra.NoArgs,
		Annotations: a.exitStatus(exitDone, exitFailed, exitUsage),
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := o.check(a); err != nil {
				return err
			}
			return a.runGenerate(cmd.Context(), &o)
		},
	}
	f := cmd.Flags()
	f.SortFlags = false
	f.StringVar(&o.Dir, "out", "", a.say(words.Text{EN: "`DIR` to write to", JA: "書き出す `フォルダー`"}))
	f.IntVar(&o.People, "people", 100_000, a.say(words.Text{EN: "`N`umber of people", JA: "人数 `N`"}))
	f.Uint64Var(&o.Seed, "seed", 1, a.say(words.Text{EN: "`SEED` of the random numbers", JA: "乱数の `種`"}))
	f.Float64Var(&o.FaultRate, "fault-rate", 0, a.say(words.Text{EN: "`SHARE` of wrong links (default: as found in 2023)", JA: "誤った紐付けの `割合` (既定: 2023 年の総点検と同じ)"}))
	f.BoolVar(&o.Hard, "hard", false, a.say(words.Text{EN: "more twins, namesakes, missing fields and owners outside the register", JA: "双子・同姓同名・欠損・台帳にいない本人を増やす"}))
	f.StringSliceVar(&o.Datasets, "datasets", nil, a.say(words.Text{EN: "`LIST` of medical, bank, disability (default: all)", JA: "medical, bank, disability の `一覧` (既定: すべて)"}))
	f.StringArrayVar(&o.links, "links", nil, a.say(words.Text{EN: "links per person as `DATASET=SHARE`; may be given several times", JA: "1 人当たりの件数。`名称=割合` の形で、何度でも指定できる"}))
	f.IntSliceVar(&o.Prefectures, "prefectures", nil, a.say(words.Text{EN: "`CODES` of prefectures to live in (default: all)", JA: "都道府県 `コード` (既定: 全国)"}))
	f.BoolVar(&o.NoRegisterKana, "no-register-kana", false, a.say(words.Text{EN: "a register without kana, as before 2025", JA: "台帳にフリガナを入れない (2025 年より前の状態)"}))
	f.StringVar(&o.Headings, "headings", "en", a.say(words.Text{EN: "`LANGUAGE` of the headings: en or ja", JA: "見出しの `言語`: en または ja"}))
	f.StringVar(&o.Encoding, "encoding", "utf-8", a.say(words.Text{EN: "`NAME` of the encoding: utf-8, utf-8-bom, cp932", JA: "文字コードの `名前`: utf-8, utf-8-bom, cp932"}))
	f.StringVar(&o.Compression, "compression", "none", a.say(words.Text{EN: "`KIND` of compression: none, gzip, zstd", JA: "圧縮の `種類`: none, gzip, zstd"}))
	f.IntVar(&o.Jobs, "jobs", 0, a.say(words.Text{EN: "worker `N`umber; does not change the files (default: all processors)", JA: "並列数 `N`。内容は変わらない (既定: 全プロセッサー)"}))
	return cmd
}

func (o *generateOptions) check(a *app) error {
	if o.Dir == "" {
		return a.usageError(words.Text{EN: "--out DIR is missing: say where the files go", JA: "--out がありません。書き出すフォルダーを指定してください"})
	}
	for _, l := range o.links {
		name, value, ok := strings.Cut(l, "=")
		share, err := strconv.ParseFloat(value, 64)
		if !ok || err != nil {
			return a.usageError(words.Text{EN: "--links %q does not say DATASET=SHARE, for example medical=0.75", JA: "--links %q は 名称=割合 の形ではありません (例: medical=0.75)"}, l)
		}
		if o.Links == nil {
			o.Links = map[string]float64{}
		}
		o.Links[name] = share
	}
	return nil
}

func (a *app) runGenerate(ctx context.Context, o *generateOptions) error {
	s, err := fixtures.Generate(ctx, o.Options)
	if err != nil {
		return err
	}
	a.printGenerated(o.Dir, s)
	return nil
}

func (a *app) printGenerated(dir string, s *fixtures.Summary) {
	fmt.Fprint(a.stdout, words.Text{EN: "%s: %d synthetic people\n", JA: "%s: 架空の %d 人\n"}.Format(a.lang, filepath.Join(dir, "register.csv"), s.People))
	for _, d := range s.Datasets {
		fmt.Fprint(a.stdout, words.Text{
			EN: "%s: %d links, %d wrong\n", JA: "%s: 紐付け %d 件、うち誤り %d 件\n",
		}.Format(a.lang, filepath.Join(dir, d.Name+".csv"), d.Links, d.Wrong))
	}
}
