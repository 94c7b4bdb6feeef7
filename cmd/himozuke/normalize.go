package main

import (
	"github.com/spf13/cobra"

	"github.com/himozuke/himozuke/normalize"
	"github.com/himozuke/himozuke/report/words"
)

func (a *app) normalizeCommand() *cobra.Command {
	scheme := "jp-mynumber"
	cmd := &cobra.Command{
		Use:   "normalize name|kana|address|date|number",
		Short: a.say(words.Text{EN: "Normalize lines of one kind to JSON lines", JA: "1 行 1 件の値を正規化し JSON で出力する"}),
		Long: a.say(words.Text{
			EN: "normalize reads one value per line from stdin and writes one JSON object per line:\nits canonical form, parts, match keys and notes on what was folded. It is the code\nthat the audit runs on.",
			JA: "normalize は標準入力から 1 行に 1 件の値を読み、正規形・構成要素・照合キー・注記を\n1 行 1 件の JSON で出力します。点検に使うものと同じ処理です。",
		}),
		Example:     "  echo '東京都千代田区紀尾井町一丁目3番' | himozuke normalize address\n  himozuke normalize date < dates.txt",
		Args:        cobra.MatchAll(cobra.ExactArgs(1), cobra.OnlyValidArgs),
		ValidArgs:   []string{"name", "kana", "address", "date", "number"},
		Annotations: a.exitStatus(exitDone, exitFailed, exitUsage),
		RunE: func(_ *cobra.Command, args []string) error {
			numbers, ok := normalize.SchemeByName(scheme)
			if !ok {
				return a.usageError(words.Text{EN: "--scheme %q is not known; say one of %v", JA: "--scheme %q は使えません。%v のいずれかを指定してください"}, scheme, normalize.SchemeNames())
			}
			convert := map[string]func(string) any{
				"name":    func(s string) any { return normalize.NormalizeName(s) },
				"kana":    func(s string) any { return normalize.NormalizeKana(s) },
				"address": func(s string) any { return normalize.NormalizeAddress(s) },
				"date":    func(s string) any { return normalize.NormalizeDate(s) },
				"number":  func(s string) any { return normalize.NormalizeNumber(s, numbers) },
			}[args[0]]
			return filter(a.stdin, a.stdout, func(line string) (any, error) { return convert(line), nil })
		},
	}
	cmd.Flags().StringVar(&scheme, "scheme", scheme, a.say(words.Text{EN: "number scheme `NAME`: jp-mynumber, ee-isikukood, generic", JA: "番号体系の `名前`: jp-mynumber, ee-isikukood, generic"}))
	return cmd
}
