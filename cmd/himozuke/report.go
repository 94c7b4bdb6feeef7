package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"

	"github.com/spf13/cobra"

	"github.com/himozuke/himozuke/report"
	"github.com/himozuke/himozuke/report/words"
)

type reportOptions struct {
	folder     string
	db         string
	by         string
	blocks     bool
	trend      bool
	accessLog  bool
	dataset    string
	prefecture string
	format     string
	limit      int
	suppress   int
	examples   int
	out        string
}

func (a *app) reportCommand() *cobra.Command {
	var o reportOptions
	cmd := &cobra.Command{
		Use:   "report DIR",
		Short: a.say(words.Text{EN: "Tables of a finished audit", JA: "点検結果の集計表を表示する"}),
		Long: a.say(words.Text{
			EN: "report shows the latest run in DIR (or in --db) as a table: links, verdicts and\nmislinked links per 100,000 with a 95% interval.",
			JA: "report は DIR (または --db) の最新の点検結果を表にします。紐付け件数、判定別の件数、\n10 万件当たりの紐付け誤り件数とその 95% 信頼区間を示します。",
		}),
		Example:     "  himozuke report out/\n  himozuke report out/ --by municipality --prefecture 13\n  himozuke report --db audit.db --by cause --format csv\n  himozuke report out/ --by organization --suppress 10 --format csv --out public.csv\n  himozuke report out/ --format html --out report.html\n  himozuke report --db audit.db --access-log",
		Args:        cobra.MaximumNArgs(1),
		Annotations: a.exitStatus(exitDone, exitFailed, exitUsage),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := o.check(a, args); err != nil {
				return err
			}
			if o.blocks && (o.format == "html" || cmd.Flags().Changed("by") || o.dataset != "" || o.prefecture != "") {
				return a.usageError(words.Text{
					EN: "--blocks is about the search of the whole run; leave out --by, --dataset, --prefecture and --format html",
					JA: "--blocks は探索全体についての表です。--by、--dataset、--prefecture、--format html とは併用できません",
				})
			}
			if o.trend && (o.blocks || o.format == "html" || cmd.Flags().Changed("by")) {
				return a.usageError(words.Text{
					EN: "--trend is a table of its own; leave out --by, --blocks and --format html, which shows the trend anyway",
					JA: "--trend は独立した表です。--by、--blocks、--format html (推移も含みます) とは併用できません",
				})
			}
			if o.accessLog && (o.blocks || o.trend || o.format == "html" || cmd.Flags().Changed("by") || o.dataset != "" || o.prefecture != "") {
				return a.usageError(words.Text{
					EN: "--access-log is about the whole database; leave out --by, --blocks, --trend, --dataset, --prefecture and --format html",
					JA: "--access-log はデータベース全体についての表です。--by、--blocks、--trend、--dataset、--prefecture、--format html とは併用できません",
				})
			}
			if o.suppress != 0 && (o.blocks || o.trend || o.accessLog || o.format == "html") {
				return a.usageError(words.Text{
					EN: "--suppress is for tables by group; charts, trends and cases would tell what it withholds: leave out --blocks, --trend, --access-log and --format html",
					JA: "--suppress は区分別の集計表だけに使えます (図、推移、案件からは秘匿した件数が判明するため)。--blocks、--trend、--access-log、--format html とは併用できません",
				})
			}
			return a.runReport(&o)
		},
	}
	f := cmd.Flags()
	f.SortFlags = false
	f.StringVar(&o.by, "by", "prefecture", a.say(words.Text{EN: "`GROUP`: prefecture, municipality, organization, dataset, cause, verdict, month", JA: "集計の `単位`: prefecture, municipality, organization, dataset, cause, verdict, month"}))
	f.BoolVar(&o.blocks, "blocks", false, a.say(words.Text{EN: "show the blocking rules of the search instead: keys, pairs, largest and refined blocks", JA: "代わりに、探索のブロッキング規則 (キー数、組の数、最大のブロック、絞り込み) を表示する"}))
	f.BoolVar(&o.trend, "trend", false, a.say(words.Text{EN: "show how the counts went over the runs of the database instead", JA: "代わりに、データベースに保存された点検ごとの推移を表示する"}))
	f.BoolVar(&o.accessLog, "access-log", false, a.say(words.Text{EN: "list who did what with the database instead, and verify that no entry was changed; exit status 1 if one was", JA: "代わりに、データベースの利用記録を表示し、改変がないことを検証する (改変があれば終了コード 1)"}))
	f.StringVar(&o.dataset, "dataset", "", a.say(words.Text{EN: "only the dataset of this `NAME`", JA: "この `名称` の紐付け情報だけ"}))
	f.StringVar(&o.prefecture, "prefecture", "", a.say(words.Text{EN: "only the prefecture of this `CODE`, 01 to 47", JA: "この `コード` (01 から 47) の都道府県だけ"}))
	f.StringVar(&o.format, "format", "table", a.say(words.Text{EN: "`FORMAT`: table, csv, json; html is the whole report in one file, for which --by means nothing", JA: "出力 `形式`: table, csv, json, html (html は --by によらず報告書全体を 1 ファイルにする)"}))
	f.StringVar(&o.out, "out", "-", a.say(words.Text{EN: "write to this `FILE`; - is stdout", JA: "出力先の `ファイル`。- は標準出力"}))
	f.IntVar(&o.examples, "examples", 6, a.say(words.Text{EN: "`N`umber of cases in full in an HTML report; 0 leaves personal data out", JA: "HTML 報告書に載せる案件の数 `N`。0 にすると個人情報を含まない"}))
	f.IntVar(&o.limit, "limit", 50, a.say(words.Text{EN: "`N`umber of rows of a terminal table; 0 is all", JA: "表に出す行数 `N`。0 は全行"}))
	f.IntVar(&o.suppress, "suppress", 0, a.say(words.Text{EN: "withhold counts below `N` and what they could be reckoned from, in a table that is published (0: none)", JA: "公表用に、`N` 件未満の件数とそれを推計できる件数を秘匿する (0 は秘匿しない)"}))
	f.StringVar(&o.db, "db", "", a.say(words.Text{EN: "audit database `FILE` instead of DIR", JA: "DIR の代わりに使う監査データベースの `ファイル`"}))
	return cmd
}

// auditPath is the folder or database that a command reads.
func (a *app) auditPath(args []string, db string) (string, error) {
	switch {
	case len(args) == 1 && db == "":
		return args[0], nil
	case len(args) == 0 && db != "":
		return db, nil
	}
	return "", a.usageError(words.Text{
		EN: "say which audit to read: the folder that --out named, or --db FILE",
		JA: "どの点検結果を読むか指定してください (audit の --out で指定したフォルダー、または --db ファイル)",
	})
}

var prefectureCode = regexp.MustCompile(`^(0?[1-9]|[1-3][0-9]|4[0-7])$`)

func (o *reportOptions) check(a *app, args []string) (err error) {
	if o.folder, err = a.auditPath(args, o.db); err != nil {
		return err
	}
	if _, ok := report.ParseDimension(o.by); !ok {
		return a.usageError(words.Text{EN: "--by %q is not known; say one of %v", JA: "--by %q は使えません。%v のいずれかを指定してください"}, o.by, report.Dimensions)
	}
	if o.prefecture != "" {
		if !prefectureCode.MatchString(o.prefecture) {
			return a.usageError(words.Text{EN: "--prefecture %q is not a code from 01 to 47", JA: "--prefecture %q は 01 から 47 のコードではありません"}, o.prefecture)
		}
		o.prefecture = fmt.Sprintf("%02s", o.prefecture)
	}
	if !slices.Contains([]string{"table", "csv", "json", "html"}, o.format) {
		return a.usageError(words.Text{EN: "--format %q is not known; say table, csv, json or html", JA: "--format %q は使えません。table、csv、json、html のいずれかを指定してください"}, o.format)
	}
	if o.suppress < 0 || o.suppress == 1 {
		return a.usageError(words.Text{EN: "--suppress %d withholds nothing; say 2 or more, 10 for example", JA: "--suppress %d では何も秘匿されません。2 以上 (例: 10) を指定してください"}, o.suppress)
	}
	return nil
}

func (a *app) runReport(o *reportOptions) (err error) {
	audit, err := report.OpenAudit(o.folder)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, audit.Close()) }()
	if o.accessLog {
		return a.reportAccessLog(audit, o)
	}
	if o.format == "html" && o.examples > 0 {
		detail := fmt.Sprintf("html with up to %d cases in full, numbers masked", o.examples)
		if o.prefecture != "" {
			detail += ", prefecture " + o.prefecture
		}
		a.enterView(audit, "report", detail)
	}
	return a.writeOut(o.out, func(w io.Writer) error { return a.renderReport(w, audit, o) })
}

// reportAccessLog lists the access log, and fails if somebody changed it.
func (a *app) reportAccessLog(audit *report.Audit, o *reportOptions) error {
	log, err := audit.AccessLog(o.limit)
	if err != nil {
		return err
	}
	if err := a.writeOut(o.out, func(w io.Writer) error { return a.render(w, log, o.format) }); err != nil {
		return err
	}
	return log.Err()
}

func (a *app) renderReport(w io.Writer, audit *report.Audit, o *reportOptions) error {
	if o.format == "html" {
		return audit.WriteHTML(w, report.HTMLOptions{Prefecture: o.prefecture, Dataset: o.dataset, Lang: a.lang, Examples: o.examples})
	}
	if o.blocks {
		blocks, err := audit.Blocks()
		if err != nil {
			return err
		}
		return a.render(w, blocks, o.format)
	}
	if o.trend {
		trend, err := audit.Trend(report.TableOptions{Prefecture: o.prefecture, Dataset: o.dataset, Limit: o.limit})
		if err != nil {
			return err
		}
		return a.render(w, trend, o.format)
	}
	by, _ := report.ParseDimension(o.by)
	table, err := audit.Table(report.TableOptions{By: by, Prefecture: o.prefecture, Dataset: o.dataset, Limit: o.limit, Suppress: o.suppress})
	if err != nil {
		return err
	}
	return a.render(w, table, o.format)
}

// rendering is a table in its three forms.
type rendering interface {
	WriteTerminal(io.Writer, words.Lang) error
	WriteCSV(io.Writer, words.Lang) error
	WriteJSON(io.Writer) error
}

func (a *app) render(w io.Writer, table rendering, format string) error {
	switch format {
	case "csv":
		return table.WriteCSV(w, a.lang)
	case "json":
		return table.WriteJSON(w)
	}
	return table.WriteTerminal(w, a.lang)
}

// writeOut writes to a file under a temporary name that nobody else can read,
// and gives it its name when it is whole. A dash is stdout.
func (a *app) writeOut(path string, write func(io.Writer) error) error {
	if path == "" || path == "-" {
		return write(a.stdout)
	}
	file, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+".*")
	if err != nil {
		var e *fs.PathError
		if errors.As(err, &e) { // the temporary name says nothing to anybody
			err = &fs.PathError{Op: "write", Path: path, Err: e.Err}
		}
		return err
	}
	defer os.Remove(file.Name())
	if err := errors.Join(write(file), file.Close()); err != nil {
		return err
	}
	return os.Rename(file.Name(), path)
}
