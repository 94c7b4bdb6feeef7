package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/himozuke/himozuke/linkage"
	"github.com/himozuke/himozuke/report"
	"github.com/himozuke/himozuke/report/words"
)

// auditOptions are the flags of audit.
type auditOptions struct {
	config      string
	register    string
	links       []string
	encoding    string
	scheme      string
	out         string
	db          string
	key         string
	model       string
	rules       string
	jobs        int
	memory      string
	maxFDR      float64
	reviewFloor float64
	ambiguous   bool
	reviewMost  int
	maxRejects  float64
	failOn      string
	reveal      bool
	quiet       bool
}

func (a *app) auditCommand() *cobra.Command {
	var o auditOptions
	cmd := &cobra.Command{
		Use:   "audit --register FILE --links DATASET=FILE … --out DIR",
		Short: a.say(words.Text{EN: "Find wrong links: the whole pipeline", JA: "紐付け誤りを探す (全工程)"}),
		Long: a.say(words.Text{
			EN: "audit reads the register and the linked files, judges every link and writes\nfindings.csv, findings.parquet, next.csv, rejects.csv, summary.json and audit.db\ninto a new folder. Headings may be English or Japanese; encoding, compression and\ncolumns are found by themselves. Nothing is written if the run fails.",
			JA: "audit は住民台帳と紐付けファイルを読み、すべての紐付けを判定し、新しいフォルダーに\nfindings.csv、findings.parquet、next.csv、rejects.csv、summary.json、audit.db を\n書き出します。\n見出しは日本語でも英語でもよく、文字コード・圧縮・列の意味は自動で判別します。\n途中で失敗したときは何も書き出しません。",
		}),
		Example:     "  himozuke audit --register register.csv --links medical=medical.csv \\\n      --links bank=bank.csv --links disability=disability.csv --out out/",
		Args:        cobra.NoArgs,
		Annotations: a.exitStatus(exitDone, exitFailed, exitUsage, exitRejected, exitTripped),
		RunE: func(cmd *cobra.Command, _ []string) error {
			cfg, err := o.check(a, cmd)
			if err != nil {
				return err
			}
			return a.runAudit(cmd.Context(), cfg, &o)
		},
	}
	o.addFlags(a, cmd)
	return cmd
}

// addInputFlags adds the flags of every command that reads what an audit does.
func (o *auditOptions) addInputFlags(a *app, cmd *cobra.Command) {
	f := cmd.Flags()
	f.SortFlags = false
	f.StringVar(&o.register, "register", "", a.say(words.Text{EN: "register `FILE`, one row per person (- is stdin)", JA: "住民台帳の `ファイル` (1 人 1 行、- は標準入力)"}))
	f.StringArrayVar(&o.links, "links", nil, a.say(words.Text{EN: "linked file as `DATASET=FILE`; may be given several times", JA: "紐付けファイル。`名称=ファイル` の形で、何度でも指定できる"}))
	f.StringVar(&o.config, "config", "", a.say(words.Text{EN: "configuration `FILE` (TOML); flags override it", JA: "設定 `ファイル` (TOML)。オプションの指定が優先する"}))
	f.StringVar(&o.encoding, "encoding", "", a.say(words.Text{EN: "`NAME` of the encoding of all files: utf-8, utf-16, cp932 (default: found by itself)", JA: "全ファイルの文字コードの `名前`: utf-8, utf-16, cp932 (既定: 自動判別)"}))
	f.StringVar(&o.scheme, "scheme", "", a.say(words.Text{EN: "number scheme `NAME`: jp-mynumber, ee-isikukood, generic (default jp-mynumber)", JA: "番号体系の `名前`: jp-mynumber, ee-isikukood, generic (既定 jp-mynumber)"}))
	f.IntVar(&o.jobs, "jobs", 0, a.say(words.Text{EN: "worker `N`umber; does not change the results (default: all processors)", JA: "並列数 `N`。結果は変わらない (既定: 全プロセッサー)"}))
	f.StringVar(&o.memory, "memory", "", a.say(words.Text{EN: "most memory to take, as a `SIZE` like 4GiB; a register that does not fit goes to disk beside the results, which come out the same (default: 60% of the machine)", JA: "使うメモリーの上限。4GiB のような `大きさ`。入り切らない台帳は結果と同じ場所のディスクに置く。結果は変わらない (既定: 機械の 60%)"}))
	f.BoolVarP(&o.quiet, "quiet", "q", false, a.say(words.Text{EN: "print nothing but errors", JA: "エラー以外を表示しない"}))
}

// addFlags adds all flags of audit.
func (o *auditOptions) addFlags(a *app, cmd *cobra.Command) {
	o.addInputFlags(a, cmd)
	defaults := linkage.DefaultConfig()
	f := cmd.Flags()
	f.StringVar(&o.out, "out", "", a.say(words.Text{EN: "new `DIR` for the results", JA: "結果を書き出す新しい `フォルダー`"}))
	f.StringVar(&o.db, "db", "", a.say(words.Text{EN: "lasting audit database `FILE` for nightly runs (default: audit.db in DIR)", JA: "毎晩の結果を積み重ねる監査データベースの `ファイル` (既定: 出力先の audit.db)"}))
	f.StringVar(&o.key, "key", "", a.say(words.Text{EN: "secret key `FILE` of case ids (default: beside --db, else in your configuration folder)", JA: "案件番号の秘密鍵 `ファイル` (既定: --db の隣、なければ利用者の設定フォルダー)"}))
	f.StringVar(&o.model, "model", "", a.say(words.Text{EN: "trained model `FILE`, used as it is (default: learn from the links)", JA: "学習済みモデルの `ファイル`。そのまま使う (既定: 紐付けから学習する)"}))
	f.StringVar(&o.rules, "rules", "", a.say(words.Text{EN: "decision table `FILE` of rule_class (default: the published one, see model rules)", JA: "rule_class の判定表の `ファイル` (既定: 公表された判定表。model rules で出力できる)"}))
	f.Float64Var(&o.maxFDR, "max-fdr", defaults.MaxFDR, a.say(words.Text{EN: "expected `SHARE` of false alarms among mislinked", JA: "mislinked に含まれる誤検出の期待 `割合` の上限"}))
	f.Float64Var(&o.reviewFloor, "review-floor", defaults.ReviewFloor, a.say(words.Text{EN: "`PROBABILITY` of being wrong from which a link goes to review", JA: "確認に回す誤り `確率` の下限"}))
	f.IntVar(&o.reviewMost, "review-budget", 0, a.say(words.Text{EN: "at most `N` links in review, the likeliest to be wrong (default: no limit)", JA: "確認に回す件数の上限 `N`。誤りの確率が高い順に選ぶ (既定: 上限なし)"}))
	f.BoolVar(&o.ambiguous, "review-ambiguous", defaults.ReviewAmbiguous, a.say(words.Text{EN: "send links to review that fit two residents alike, however unlikely they are to be wrong", JA: "二人の住民のいずれとも判別できない紐付けを、誤りの確率によらず確認に回す"}))
	f.Float64Var(&o.maxRejects, "max-rejects", defaults.MaxRejects, a.say(words.Text{EN: "`SHARE` of unreadable rows a file may have", JA: "1 ファイルに許す読めない行の `割合`"}))
	f.StringVar(&o.failOn, "fail-on", "", a.say(words.Text{EN: "exit with 10 if any link has this `VERDICT`: mislinked or review", JA: "この `判定` の紐付けがあれば終了コード 10: mislinked または review"}))
	f.BoolVar(&o.reveal, "reveal-numbers", false, a.say(words.Text{EN: "write numbers in full; the access log says so", JA: "個人番号を伏せずに書き出す (利用記録に残る)"}))
}

// check turns flags and the configuration file into one configuration.
func (o *auditOptions) check(a *app, cmd *cobra.Command) (linkage.Config, error) {
	cfg := linkage.DefaultConfig()
	if o.config != "" {
		var err error
		if cfg, err = linkage.ReadConfig(o.config); err != nil {
			return cfg, &exitError{exitUsage, err}
		}
	}
	if o.register != "" {
		cfg.Register.Path = o.register
	}
	if len(o.links) > 0 {
		cfg.Links = nil
	}
	for _, l := range o.links {
		name, path, ok := strings.Cut(l, "=")
		if !ok || name == "" || path == "" {
			return cfg, a.usageError(words.Text{EN: "--links %q does not say DATASET=FILE, for example medical=medical.csv", JA: "--links %q は 名称=ファイル の形ではありません (例: medical=medical.csv)"}, l)
		}
		cfg.Links = append(cfg.Links, linkage.Source{Dataset: name, Path: path})
	}
	if o.encoding != "" {
		cfg.Register.Encoding = o.encoding
		for i := range cfg.Links {
			cfg.Links[i].Encoding = o.encoding
		}
	}
	if o.scheme != "" {
		cfg.Scheme = o.scheme
	}
	flags := cmd.Flags()
	if flags.Changed("max-fdr") {
		cfg.MaxFDR = o.maxFDR
	}
	if flags.Changed("review-floor") {
		cfg.ReviewFloor = o.reviewFloor
	}
	if flags.Changed("review-budget") {
		cfg.ReviewBudget = o.reviewMost
	}
	if flags.Changed("review-ambiguous") {
		cfg.ReviewAmbiguous = o.ambiguous
	}
	if flags.Changed("max-rejects") {
		cfg.MaxRejects = o.maxRejects
	}
	if flags.Changed("jobs") {
		cfg.Jobs = o.jobs
	}
	if o.memory != "" {
		if err := cfg.Memory.UnmarshalText([]byte(o.memory)); err != nil {
			return cfg, a.usageError(words.Text{EN: "--memory %q is not a size; write it like 4GiB", JA: "--memory %q は大きさではありません。4GiB のように書いてください"}, o.memory)
		}
	}
	if o.rules != "" {
		cfg.RulesFile = o.rules
	}
	if cfg.RulesFile != "" {
		var err error
		if cfg.Rules, err = linkage.ReadRules(cfg.RulesFile); err != nil {
			return cfg, &exitError{exitUsage, err}
		}
	}
	if o.failOn != "" && !slices.Contains([]string{"mislinked", "review"}, o.failOn) {
		return cfg, a.usageError(words.Text{EN: "--fail-on %q is not known; say mislinked or review", JA: "--fail-on %q は使えません。mislinked か review を指定してください"}, o.failOn)
	}
	if o.out == "" && flags.Lookup("out") != nil {
		return cfg, a.usageError(words.Text{EN: "--out is missing: say where the results go", JA: "--out がありません。結果の書き出し先を指定してください"})
	}
	if cfg.Register.Path == "" {
		return cfg, a.usageError(words.Text{EN: "--register FILE is missing: say which file is the register", JA: "--register がありません。住民台帳のファイルを指定してください"})
	}
	if len(cfg.Links) == 0 {
		return cfg, a.usageError(words.Text{EN: "--links DATASET=FILE is missing: say which files to audit", JA: "--links がありません。点検するファイルを 名称=ファイル で指定してください"})
	}
	if err := cfg.Validate(); err != nil {
		return cfg, &exitError{exitUsage, err}
	}
	return cfg, nil
}

// runAudit audits and prints what was found.
func (a *app) runAudit(ctx context.Context, cfg linkage.Config, o *auditOptions) error {
	run, err := a.audit(ctx, cfg, o)
	if err != nil {
		return err
	}
	if !o.quiet {
		if err := report.PrintOverview(a.stdout, o.out, run, a.lang); err != nil {
			return err
		}
	}
	return a.auditStatus(run, cfg, o)
}

// audit runs the pipeline into the folder.
func (a *app) audit(ctx context.Context, cfg linkage.Config, o *auditOptions) (*linkage.Run, error) {
	keyFile, key, err := a.key(o)
	if err != nil {
		return nil, err
	}
	folder, err := report.NewFolder(o.out, report.FolderOptions{
		Lang: a.lang, RevealNumbers: o.reveal, DB: o.db, KeyFile: keyFile, Version: programVersion(),
	})
	if err != nil {
		return nil, err
	}
	defer folder.Abort()
	var model *linkage.ModelFile
	if o.model != "" {
		if model, err = linkage.ReadModel(o.model); err != nil {
			return nil, &exitError{exitUsage, err}
		}
	}
	bar := a.progress(o.quiet)
	defer bar.finish()
	run, err := linkage.Audit(ctx, cfg, linkage.Options{
		Key: key, Model: model, Version: programVersion(), Now: time.Now(), Progress: bar.show,
		TempDir: filepath.Dir(filepath.Clean(o.out)),
	}, folder)
	if err != nil {
		return nil, err
	}
	a.log.Info("audit finished", "run", run.ID, "out", o.out, "peak_bytes", run.PeakBytes)
	for _, w := range run.Warnings {
		a.warn(w)
	}
	for _, in := range run.Inputs {
		a.log.Info("input", "dataset", in.Dataset, "rows", in.Rows, "judged", in.Judged, "rejected", in.Rejected)
	}
	return run, nil
}

// warn says on stderr what an auditor should know, also when nothing else is
// printed.
func (a *app) warn(w linkage.Warning) {
	text := words.Text{
		EN: "himozuke: warning: %s: no model could be learned, the default one is used: %s\n",
		JA: "himozuke: 警告: %s: モデルを学習できないため既定のモデルを使います: %s\n",
	}
	message := "default model"
	if w.Kind == linkage.WarningUnreadable {
		message = "unreadable bytes"
		text = words.Text{
			EN: "himozuke: warning: %s: bytes that the encoding of the file does not know count as unknown characters (how many; first lines): %s\n",
			JA: "himozuke: 警告: %s: 文字コードに合わないバイトを不明な文字として扱います (バイト数; 最初の行番号): %s\n",
		}
	}
	fmt.Fprint(a.stderr, text.Format(a.lang, words.Dataset(w.Dataset).In(a.lang), words.Said(w.Detail, a.lang)))
	a.log.Warn(message, "dataset", w.Dataset, "kind", w.Kind, "detail", w.Detail)
}

// key reads the secret of case ids, and makes it at the first run.
func (a *app) key(o *auditOptions) (path string, key []byte, err error) {
	if o.key != "" {
		key, err = report.ReadKey(o.key)
		return o.key, key, err
	}
	if o.db != "" {
		path = o.db + ".key"
	} else {
		dir, err := os.UserConfigDir()
		if err != nil {
			return "", nil, errors.New(words.Text{
				EN: "no place for the secret key: HOME is not set; say --key FILE",
				JA: "秘密鍵の置き場所がありません (HOME が未設定)。--key でファイルを指定してください",
			}.In(a.lang))
		}
		path = filepath.Join(dir, "himozuke", "key")
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return "", nil, err
	}
	key, _, err = report.ReadOrMakeKey(path)
	return path, key, err
}

// rejectText says how many rows of a file were rejected, where the first one
// is and where the others are listed.
func (a *app) rejectText(in *linkage.Input, o *auditOptions) string {
	return words.Text{
		EN: "%s:%d: %s; %d of %d rows were rejected, mend them or see %s",
		JA: "%s:%d: %s。%d 行 (全 %d 行) が読めませんでした。修正するか、%s を確認してください",
	}.Format(a.lang, in.Path, in.FirstReject.Line, words.RejectReason(in.FirstReject.Reason).In(a.lang),
		in.Rejected, in.Rows, filepath.Join(o.out, report.RejectsName))
}

// auditStatus is the exit status of a finished run.
func (a *app) auditStatus(run *linkage.Run, cfg linkage.Config, o *auditOptions) error {
	for _, in := range run.Inputs {
		if in.Rows > 0 && float64(in.Rejected) > cfg.MaxRejects*float64(in.Rows) {
			return &exitError{exitRejected, errors.New(words.Text{
				EN: "%s: more than --max-rejects %g allows",
				JA: "%s。--max-rejects %g を超えました",
			}.Format(a.lang, a.rejectText(&in, o), cfg.MaxRejects))}
		}
		if in.Rejected > 0 {
			fmt.Fprint(a.stderr, words.Text{EN: "himozuke: warning: %s\n", JA: "himozuke: 警告: %s\n"}.Format(a.lang, a.rejectText(&in, o)))
		}
	}
	watched := map[string][]linkage.Verdict{
		"mislinked": {linkage.Mislinked},
		"review":    {linkage.Mislinked, linkage.Review},
	}[o.failOn]
	var n int64
	for _, c := range run.Counts {
		for _, v := range watched {
			for _, count := range c.ByCause[v] {
				n += count
			}
		}
	}
	if n > 0 {
		return &exitError{exitTripped, fmt.Errorf("--fail-on %s: %d", o.failOn, n)}
	}
	return nil
}
