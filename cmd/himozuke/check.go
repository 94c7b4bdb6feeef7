package main

import (
	"github.com/spf13/cobra"

	"github.com/himozuke/himozuke/linkage"
	"github.com/himozuke/himozuke/report"
	"github.com/himozuke/himozuke/report/words"
)

// checkedRows is how many rows of each file check shows.
const checkedRows = 10

func (a *app) checkCommand() *cobra.Command {
	var o auditOptions
	cmd := &cobra.Command{
		Use:   "check --register FILE --links DATASET=FILE …",
		Short: a.say(words.Text{EN: "Show how files are understood, without running", JA: "ファイルの解釈を確かめる (点検はしない)"}),
		Long: a.say(words.Text{
			EN: "check reads the head of every file, shows how its columns were understood and\nwhat ten rows become, and what an audit would take in memory and disk. It takes\nthe flags of audit that say what is read.",
			JA: "check は各ファイルの先頭を読み、列をどう解釈したか、先頭 10 行がどう正規化されるか、\n点検に必要なメモリーとディスクの見込みを示します。読み込むファイルの\n指定は audit と同じです。",
		}),
		Example:     "  himozuke check --register register.csv --links medical=medical.csv",
		Args:        cobra.NoArgs,
		Annotations: a.exitStatus(exitDone, exitFailed, exitUsage),
		RunE: func(cmd *cobra.Command, _ []string) error {
			cfg, err := o.check(a, cmd)
			if err != nil {
				return err
			}
			list, plan, err := linkage.Inspect(cfg, checkedRows)
			if err != nil {
				return err
			}
			return report.PrintInspection(a.stdout, list, plan, a.lang)
		},
	}
	o.addInputFlags(a, cmd)
	return cmd
}
