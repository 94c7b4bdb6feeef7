package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"filippo.io/age"
	"github.com/spf13/cobra"

	"github.com/himozuke/himozuke/report"
	"github.com/himozuke/himozuke/report/words"
)

type exportOptions struct {
	folder, db string
	out        string
	format     string
	encoding   string
	splitBy    string
	sample     int
	seed       uint64
	filter     report.ExportFilter
	reveal     bool
	encryptTo  []string
	recipients []age.Recipient
}

func (a *app) exportCommand() *cobra.Command {
	var o exportOptions
	cmd := &cobra.Command{
		Use:   "export DIR --out FILE",
		Short: a.say(words.Text{EN: "Cases as a sheet for review teams", JA: "案件を確認票として出力する"}),
		Long: a.say(words.Text{
			EN: "export writes the open cases of the latest run in DIR (or in --db) as a sheet in\nwhich reviewers decide: why each case was found, both sides of every field side by\nside, the best three candidates, and empty columns for decision, reason, reviewer\nand comment. `himozuke review import` takes the sheet back. Cases that somebody has\ndecided are left out until their data change, unless --decided is given.\n\nAn existing file is never overwritten. Numbers are masked; names and addresses are\nnot, so every export is entered in the access log.",
			JA: "export は DIR (または --db) の最新の点検結果から、未確認の案件を確認票として出力します。\n確認票には、検出の理由、記録と番号の本人の記載を項目ごとに並べたもの、上位 3 件の候補と、\n確認結果・理由・確認者・備考の記入欄があります。記入後は `himozuke review import` で\n取り込みます。確認済みの案件は、データが変わるまで出力しません (--decided で出力)。\n\n既にあるファイルは上書きしません。個人番号は伏せますが、氏名と住所は伏せないため、出力は\nすべて利用記録に残します。",
		}),
		Example:     "  himozuke export out/ --format xlsx --out review.xlsx\n  himozuke export out/ --prefecture 13 --verdict review --out tokyo.csv --encoding cp932\n  himozuke export out/ --sample 400 --out sample.xlsx\n  himozuke export --db audit.db --split-by organization --format xlsx --out sheets/\n  himozuke export out/ --encrypt-to age1… --out review.csv.age",
		Args:        cobra.MaximumNArgs(1),
		Annotations: a.exitStatus(exitDone, exitFailed, exitUsage),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := o.check(a, cmd, args); err != nil {
				return err
			}
			return a.runExport(cmd.Context(), &o)
		},
	}
	f := cmd.Flags()
	f.SortFlags = false
	f.StringVar(&o.out, "out", "", a.say(words.Text{EN: "new `FILE`, or folder with --split-by (- is stdout)", JA: "出力先の新しい `ファイル`。--split-by の場合はフォルダー (- は標準出力)"}))
	f.StringVar(&o.format, "format", "", a.say(words.Text{EN: "`FORMAT`: csv, xlsx, parquet (default: by the name of FILE, else csv)", JA: "出力 `形式`: csv, xlsx, parquet (既定: ファイル名に従う。なければ csv)"}))
	f.StringVar(&o.encoding, "encoding", "", a.say(words.Text{EN: "`NAME` of the encoding of CSV: utf-8-bom, utf-8, cp932 (default utf-8-bom)", JA: "CSV の文字コードの `名前`: utf-8-bom, utf-8, cp932 (既定 utf-8-bom)"}))
	f.StringVar(&o.filter.Prefecture, "prefecture", "", a.say(words.Text{EN: "only the prefecture of this `CODE`, 01 to 47", JA: "この `コード` (01 から 47) の都道府県だけ"}))
	f.StringVar(&o.filter.Dataset, "dataset", "", a.say(words.Text{EN: "only the dataset of this `NAME`", JA: "この `名称` の紐付け情報だけ"}))
	f.StringVar(&o.filter.Verdict, "verdict", "", a.say(words.Text{EN: "only this `VERDICT`: mislinked, review, orphan, unverifiable", JA: "この `判定` だけ: mislinked, review, orphan, unverifiable"}))
	f.StringVar(&o.filter.Cause, "cause", "", a.say(words.Text{EN: "only this `CAUSE`, for example family", JA: "この `原因` だけ (例: family)"}))
	f.StringVar(&o.filter.Organization, "organization", "", a.say(words.Text{EN: "only the organization of this `CODE`", JA: "この `コード` の機関だけ"}))
	f.Float64Var(&o.filter.MinProbability, "min-probability", 0, a.say(words.Text{EN: "only cases at least this `PROBABILITY` of being wrong, 0 to 1", JA: "誤りの `確率` (0 から 1) がこれ以上の案件だけ"}))
	f.BoolVar(&o.filter.Decided, "decided", false, a.say(words.Text{EN: "also cases that are decided, for a second review", JA: "確認済みの案件も含める (二重確認のため)"}))
	f.IntVar(&o.sample, "sample", 0, a.say(words.Text{EN: "`N` cases drawn by dataset, verdict and cause, each with its inclusion probability", JA: "紐付け情報・判定・原因の層から `N` 件を無作為に抽出し、抽出確率を付ける"}))
	f.Uint64Var(&o.seed, "seed", 1, a.say(words.Text{EN: "`SEED` of the sample; the same seed draws the same cases", JA: "抽出に使う乱数の `種`。同じ種なら同じ案件を抽出する"}))
	f.StringVar(&o.splitBy, "split-by", "", a.say(words.Text{EN: "one file per `GROUP` into the folder --out: prefecture, organization", JA: "--out のフォルダーに `単位` ごとのファイルを作る: prefecture, organization"}))
	f.BoolVar(&o.reveal, "reveal-numbers", false, a.say(words.Text{EN: "write numbers in full, if the audit stored them so; the access log says so", JA: "個人番号を伏せずに出力する (点検も伏せずに保存している場合だけ。利用記録に残る)"}))
	f.StringArrayVar(&o.encryptTo, "encrypt-to", nil, a.say(words.Text{EN: "encrypt with age to this `RECIPIENT` (age1…); may be given several times", JA: "age で暗号化する宛先の `公開鍵` (age1…)。何度でも指定できる"}))
	f.StringVar(&o.db, "db", "", a.say(words.Text{EN: "audit database `FILE` instead of DIR", JA: "DIR の代わりに使う監査データベースの `ファイル`"}))
	return cmd
}

func (o *exportOptions) check(a *app, cmd *cobra.Command, args []string) (err error) {
	if o.folder, err = a.auditPath(args, o.db); err != nil {
		return err
	}
	if o.out == "" {
		return a.usageError(words.Text{EN: "--out FILE is missing: say where the sheet goes (- is stdout)", JA: "--out がありません。確認票の出力先を指定してください (- は標準出力)"})
	}
	if err := o.checkFormat(a, cmd); err != nil {
		return err
	}
	if err := o.checkFilter(a); err != nil {
		return err
	}
	if o.sample < 0 {
		return a.usageError(words.Text{EN: "--sample %d is not a number of cases", JA: "--sample %d は件数ではありません"}, o.sample)
	}
	switch report.Dimension(o.splitBy) {
	case "":
	case report.ByPrefecture, report.ByOrganization:
		if o.out == "-" {
			return a.usageError(words.Text{EN: "--split-by writes several files: name a folder with --out", JA: "--split-by は複数のファイルを作ります。--out にフォルダーを指定してください"})
		}
	default:
		return a.usageError(words.Text{EN: "--split-by %q is not known; say prefecture or organization", JA: "--split-by %q は使えません。prefecture か organization を指定してください"}, o.splitBy)
	}
	if len(o.encryptTo) > 0 {
		if o.recipients, err = age.ParseRecipients(strings.NewReader(strings.Join(o.encryptTo, "\n"))); err != nil {
			return a.usageError(words.Text{EN: "--encrypt-to takes the public key of an age recipient, age1…: %v", JA: "--encrypt-to には age の公開鍵 (age1…) を指定してください: %v"}, err)
		}
	}
	return nil
}

// checkFormat settles the format: the one that is named, else the one that the
// file name says, else CSV.
func (o *exportOptions) checkFormat(a *app, cmd *cobra.Command) error {
	if o.format == "" {
		o.format = string(report.ExportCSV)
		for _, f := range report.ExportFormats {
			if strings.HasSuffix(strings.TrimSuffix(strings.ToLower(o.out), ".age"), "."+string(f)) {
				o.format = string(f)
			}
		}
	}
	if !slices.Contains(report.ExportFormats, report.ExportFormat(o.format)) {
		return a.usageError(words.Text{EN: "--format %q is not known; say csv, xlsx or parquet", JA: "--format %q は使えません。csv、xlsx、parquet のいずれかを指定してください"}, o.format)
	}
	if !cmd.Flags().Changed("encoding") {
		return nil
	}
	if o.format != string(report.ExportCSV) {
		return a.usageError(words.Text{EN: "--encoding is for --format csv only", JA: "--encoding は --format csv のときだけ指定できます"})
	}
	if !slices.Contains(report.ExportEncodings, o.encoding) {
		return a.usageError(words.Text{EN: "--encoding %q is not known; say utf-8-bom, utf-8 or cp932", JA: "--encoding %q は使えません。utf-8-bom、utf-8、cp932 のいずれかを指定してください"}, o.encoding)
	}
	return nil
}

func (o *exportOptions) checkFilter(a *app) error {
	f := &o.filter
	if f.Prefecture != "" {
		if !prefectureCode.MatchString(f.Prefecture) {
			return a.usageError(words.Text{EN: "--prefecture %q is not a code from 01 to 47", JA: "--prefecture %q は 01 から 47 のコードではありません"}, f.Prefecture)
		}
		f.Prefecture = fmt.Sprintf("%02s", f.Prefecture)
	}
	if v, ok := words.VerdictNamed(f.Verdict); f.Verdict != "" && (!ok || v.String() == "verified") {
		return a.usageError(words.Text{EN: "--verdict %q is not known; say mislinked, review, orphan or unverifiable", JA: "--verdict %q は使えません。mislinked、review、orphan、unverifiable のいずれかを指定してください"}, f.Verdict)
	}
	if _, ok := words.CauseNamed(f.Cause); !ok {
		return a.usageError(words.Text{EN: "--cause %q is not known; the glossary lists them (docs/glossary.md)", JA: "--cause %q は使えません。用語集 (docs/glossary.md) の原因を指定してください"}, f.Cause)
	}
	if f.MinProbability < 0 || f.MinProbability > 1 {
		return a.usageError(words.Text{EN: "--min-probability %g is not between 0 and 1", JA: "--min-probability %g は 0 から 1 の値ではありません"}, f.MinProbability)
	}
	return nil
}

func (a *app) runExport(ctx context.Context, o *exportOptions) (err error) {
	audit, err := report.OpenAudit(o.folder)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, audit.Close()) }()
	options := report.ExportOptions{
		Lang: a.lang, Format: report.ExportFormat(o.format), Encoding: o.encoding, Filter: o.filter, Sample: o.sample, Seed: o.seed,
		SplitBy: report.Dimension(o.splitBy), RevealNumbers: o.reveal, Recipients: o.recipients,
	}
	var result *report.ExportResult
	switch {
	case o.splitBy != "":
		result, err = audit.ExportFolder(ctx, o.out, options)
	case o.out == "-":
		result, err = audit.Export(ctx, a.stdout, options)
	default:
		result, err = audit.ExportFile(ctx, o.out, options)
	}
	if err != nil {
		return err
	}
	a.sayExported(o, result)
	return nil
}

// sayExported tells on stderr what was written, and what was lost on the way.
func (a *app) sayExported(o *exportOptions, r *report.ExportResult) {
	say := func(t words.Text, args ...any) { fmt.Fprintln(a.stderr, "himozuke: "+t.Format(a.lang, args...)) }
	switch {
	case o.splitBy != "":
		say(words.Text{EN: "%d cases in %d files in %s", JA: "%d 件を %d 個のファイルに分けて %s に出力しました"}, r.Cases, len(r.Files), o.out)
	case o.sample > 0:
		say(words.Text{EN: "%d cases drawn from %d", JA: "%[2]d 件から %[1]d 件を抽出して出力しました"}, r.Cases, r.Matched)
	default:
		say(words.Text{EN: "%d cases", JA: "%d 件を出力しました"}, r.Cases)
	}
	if r.Replaced > 0 {
		say(words.Text{EN: "%d characters that CP932 does not have were replaced by 〓", JA: "CP932 にない文字 %d 字を〓に置き換えました"}, r.Replaced)
	}
	if r.LogError != nil {
		say(words.Text{EN: "warning: the export could not be entered in the access log: %s", JA: "警告: 利用記録に残せませんでした: %s"}, a.message(r.LogError))
	}
}
