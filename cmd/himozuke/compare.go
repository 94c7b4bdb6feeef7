package main

import (
	"errors"
	"strings"

	"github.com/spf13/cobra"

	"github.com/himozuke/himozuke/report/words"
	"github.com/himozuke/himozuke/score"
)

func (a *app) compareCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "compare " + strings.Join(score.CompareKinds, "|"),
		Short: a.say(words.Text{EN: "Compare two tab-separated values a line, JSON lines out", JA: "タブ区切りの 2 値を比較し JSON で出力する"}),
		Long: a.say(words.Text{
			EN: "compare reads lines of two values with a tab between them and writes one JSON\nobject per line: the agreement level, the differences and a score. reading takes a\nname in kanji and its kana; its score is a weight in bits.",
			JA: "compare はタブで区切った 2 つの値を 1 行ずつ読み、一致水準・差異理由・得点を 1 行 1 件の\nJSON で出力します。reading は漢字氏名とカナを受け取り、得点はビット単位のウェイトです。",
		}),
		Example:     "  printf '髙橋　一郎\\t高橋　一朗\\n' | himozuke compare name\n  printf '小鳥遊\\tタカナシ\\n' | himozuke compare reading",
		Args:        cobra.MatchAll(cobra.ExactArgs(1), cobra.OnlyValidArgs),
		ValidArgs:   score.CompareKinds,
		Annotations: a.exitStatus(exitDone, exitFailed, exitUsage),
		RunE: func(_ *cobra.Command, args []string) error {
			line := 0
			return filter(a.stdin, a.stdout, func(s string) (any, error) {
				line++
				left, right, ok := strings.Cut(s, "\t")
				if !ok {
					return nil, errors.New(words.Text{
						EN: "line %d: no tab; put a tab between the two values", JA: "%d 行目: タブがありません。2 つの値をタブで区切ってください",
					}.Format(a.lang, line))
				}
				return score.CompareText(args[0], left, right)
			})
		},
	}
}
