package main

import (
	"errors"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/himozuke/himozuke/report"
	"github.com/himozuke/himozuke/report/words"
)

type purgeOptions struct {
	folder, db string
	olderThan  string
	runs       []string
	dryRun     bool
	quiet      bool
	before     time.Time
}

func (a *app) purgeCommand() *cobra.Command {
	var o purgeOptions
	cmd := &cobra.Command{
		Use:   "purge --db FILE",
		Short: a.say(words.Text{EN: "Take old runs out of a database", JA: "古い点検をデータベースから削除する"}),
		Long: a.say(words.Text{
			EN: "purge takes runs out of a lasting database with everything that they found, names\nand addresses among it, overwrites the room and makes the file smaller. Cases that\nare still followed, what reviewers decided and the access log stay; the access log\nsays what was taken out. A case that is resolved, was never decided and has no\nfinding left goes too. The newest run stays: the next night is compared with it.\n\nMaking the file smaller takes as much free disk space as what remains of it.",
			JA: "purge は、継続使用するデータベースから、点検とその検出結果 (氏名・住所を含む) を削除し、\n跡を上書きしてファイルを縮小します。追跡中の案件、確認結果、利用記録は残り、削除したことは\n利用記録に残ります。解消済みで確認結果がなく、検出結果が残らない案件は併せて削除します。\n最新の点検は、次回の点検と比較するため削除しません。\n\nファイルの縮小には、削除後の容量と同じだけの空きが必要です。",
		}),
		Example:     "  himozuke purge --db audit.db --older-than 365d --dry-run\n  himozuke purge --db audit.db --older-than 2025-04-01\n  himozuke purge --db audit.db --run 20260401T010000Z-0a1b2c3d",
		Args:        cobra.MaximumNArgs(1),
		Annotations: a.exitStatus(exitDone, exitFailed, exitUsage),
		RunE: func(_ *cobra.Command, args []string) (err error) {
			if o.folder, err = a.auditPath(args, o.db); err != nil {
				return err
			}
			if err := o.check(a, time.Now()); err != nil {
				return err
			}
			return a.runPurge(&o)
		},
	}
	f := cmd.Flags()
	f.SortFlags = false
	f.StringVar(&o.olderThan, "older-than", "", a.say(words.Text{EN: "runs that began before this `DATE` (2026-04-01), or so many days ago (365d)", JA: "この `日付` (2026-04-01) より前、またはこの日数 (365d) より前に始まった点検"}))
	f.StringArrayVar(&o.runs, "run", nil, a.say(words.Text{EN: "the run of this `ID`; may be given several times", JA: "この `ID` の点検。何度でも指定できる"}))
	f.BoolVar(&o.dryRun, "dry-run", false, a.say(words.Text{EN: "say what would be taken out, change nothing", JA: "削除の対象を示すだけで、何も変更しない"}))
	f.BoolVarP(&o.quiet, "quiet", "q", false, a.say(words.Text{EN: "print nothing but errors", JA: "エラー以外を表示しない"}))
	f.StringVar(&o.db, "db", "", a.say(words.Text{EN: "audit database `FILE`", JA: "監査データベースの `ファイル`"}))
	return cmd
}

func (o *purgeOptions) check(a *app, now time.Time) error {
	if o.olderThan == "" && len(o.runs) == 0 {
		return a.usageError(words.Text{EN: "say which runs to take out: --older-than DATE or --run ID", JA: "削除する点検を --older-than または --run で指定してください"})
	}
	if o.olderThan == "" {
		return nil
	}
	if days, ok := strings.CutSuffix(o.olderThan, "d"); ok {
		if n, err := strconv.ParseUint(days, 10, 16); err == nil {
			o.before = now.AddDate(0, 0, -int(n))
			return nil
		}
	}
	before, err := time.ParseInLocation(time.DateOnly, o.olderThan, time.Local)
	if err != nil {
		return a.usageError(words.Text{EN: "--older-than %q is neither a date (2026-04-01) nor a number of days (365d)", JA: "--older-than %q は日付 (2026-04-01) でも日数 (365d) でもありません"}, o.olderThan)
	}
	o.before = before
	return nil
}

func (a *app) runPurge(o *purgeOptions) (err error) {
	audit, err := report.OpenAudit(o.folder)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, audit.Close()) }()
	result, err := audit.Purge(report.PurgeOptions{Runs: o.runs, Before: o.before, DryRun: o.dryRun})
	if err != nil || o.quiet {
		return err
	}
	return result.WriteTerminal(a.stdout, a.lang)
}
