package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"strings"

	"github.com/spf13/cobra"

	"github.com/himozuke/himozuke/report/words"
)

// The exit codes of every command. Each help text lists those it can end with.
const (
	exitDone     = 0
	exitFailed   = 1
	exitUsage    = 2
	exitRejected = 3
	exitTripped  = 10
)

// exitError carries the exit code of an error that is not simply a failure.
type exitError struct {
	code int
	err  error
}

func (e *exitError) Error() string { return e.err.Error() }
func (e *exitError) Unwrap() error { return e.err }

// app is what every command works with.
type app struct {
	lang   words.Lang
	stdin  io.Reader
	stdout io.Writer
	stderr io.Writer
	getenv func(string) string

	logFormat string
	log       *slog.Logger
}

// run is the program without the process around it.
func run(ctx context.Context, args []string, stdin io.Reader, stdout, stderr io.Writer, getenv func(string) string) int {
	a := &app{stdin: stdin, stdout: stdout, stderr: stderr, getenv: getenv, log: slog.New(slog.DiscardHandler)}
	a.lang = languageOf(args, getenv)
	root := a.root()
	root.SetArgs(args)
	err := root.ExecuteContext(ctx)
	if err == nil {
		return exitDone
	}
	fmt.Fprintf(stderr, "himozuke: %s\n", a.message(err))
	var exit *exitError
	if errors.As(err, &exit) {
		return exit.code
	}
	return exitFailed
}

// languageOf finds the language before the flags are parsed: the help text
// itself depends on it.
func languageOf(args []string, getenv func(string) string) words.Lang {
	for i, arg := range args {
		if arg == "--" {
			break
		}
		value, ok := strings.CutPrefix(arg, "--lang=")
		if !ok && arg == "--lang" && i+1 < len(args) {
			value, ok = args[i+1], true
		}
		if ok {
			if l, known := words.Parse(value); known {
				return l
			}
		}
	}
	return words.FromLocale(getenv)
}

// message is an error in the language of the user.
func (a *app) message(err error) string {
	if errors.Is(err, context.Canceled) {
		return words.Text{EN: "interrupted; nothing was written", JA: "中断しました。何も書き出していません"}.In(a.lang)
	}
	return words.Error(err, a.lang)
}

// usageError is an error in how the command was called.
func (a *app) usageError(t words.Text, args ...any) error {
	for i, arg := range args {
		if err, ok := arg.(error); ok {
			args[i] = a.message(err)
		}
	}
	return &exitError{exitUsage, errors.New(t.Format(a.lang, args...))}
}

func (a *app) root() *cobra.Command {
	root := &cobra.Command{
		Use:   "himozuke",
		Short: a.say(words.Text{EN: "Find wrong links in national-ID data", JA: "個人番号の紐付け誤りを見つける"}),
		Long: a.say(words.Text{
			EN: "himozuke reads a population register and linked files, scores every link of a\nnumber to a record, searches the register for the person each suspicious record\nreally belongs to, names the likely cause and hands cases to people.\n\nIt never uses the network.",
			JA: "himozuke は住民台帳と紐付けファイルを読み、すべての紐付けを採点し、疑わしい記録の\n真の本人を台帳から探し、考えられる原因を示して、確認すべき案件を引き渡します。\n\nネットワークは一切使いません。",
		}),
		SilenceErrors: true,
		SilenceUsage:  true,
		PersistentPreRunE: func(cmd *cobra.Command, _ []string) error {
			return a.prepare(cmd)
		},
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	root.SetIn(a.stdin)
	root.SetOut(a.stdout)
	root.SetErr(a.stderr)
	root.SetUsageTemplate(a.usageTemplate())
	root.SetFlagErrorFunc(func(cmd *cobra.Command, err error) error {
		return a.usageError(words.Text{EN: "%v; see %s --help", JA: "指定が正しくありません: %v (%s --help を参照)"}, err, cmd.CommandPath())
	})
	root.CompletionOptions.HiddenDefaultCmd = false
	flags := root.PersistentFlags()
	flags.String("lang", "", a.say(words.Text{EN: "`LANGUAGE`: ja or en (default: from the locale)", JA: "表示 `言語`: ja または en (既定: ロケールに従う)"}))
	flags.StringVar(&a.logFormat, "log-format", "", a.say(words.Text{EN: "write a log to stderr in this `FORMAT`: text or json", JA: "標準エラーに書くログの `形式`: text または json"}))
	root.AddCommand(
		a.auditCommand(), a.checkCommand(), a.trainCommand(), a.modelCommand(), a.reportCommand(), a.exportCommand(), a.reviewCommand(), a.purgeCommand(), a.explainCommand(), a.evaluateCommand(),
		a.normalizeCommand(), a.compareCommand(), a.generateCommand(), a.demoCommand(), a.manCommand(), a.versionCommand(),
	)
	root.InitDefaultHelpCmd()
	root.InitDefaultCompletionCmd()
	a.dress(root)
	return root
}

// dress gives every command the same manners: what cobra says by itself in the
// language of the user, and arguments that do not fit as usage errors.
func (a *app) dress(cmd *cobra.Command) {
	switch cmd.Name() {
	case "help":
		cmd.Short = a.say(words.Text{EN: "Help on a command", JA: "コマンドの使い方を表示する"})
	case "completion":
		a.dressCompletion(cmd)
	}
	cmd.InitDefaultHelpFlag()
	cmd.Flags().Lookup("help").Usage = a.say(words.Text{EN: "print this help", JA: "この説明を表示する"})
	check := cmd.Args
	cmd.Args = func(c *cobra.Command, args []string) error {
		if check == nil {
			if c.HasSubCommands() && len(args) > 0 {
				return a.usageError(words.Text{EN: "there is no command %q; see %s --help", JA: "%q というコマンドはありません (%s --help を参照)"}, args[0], c.CommandPath())
			}
			return nil
		}
		if err := check(c, args); err != nil {
			return a.usageError(words.Text{EN: "%v; see %s --help", JA: "指定が正しくありません: %v (%s --help を参照)"}, err, c.CommandPath())
		}
		return nil
	}
	for _, sub := range cmd.Commands() {
		a.dress(sub)
	}
}

func (a *app) say(t words.Text) string { return t.In(a.lang) }

func (a *app) prepare(cmd *cobra.Command) error {
	if v, _ := cmd.Flags().GetString("lang"); v != "" {
		if _, ok := words.Parse(v); !ok {
			return a.usageError(words.Text{EN: "--lang %q is not known; say ja or en", JA: "--lang %q は使えません。ja か en を指定してください"}, v)
		}
	}
	switch a.logFormat {
	case "":
	case "text":
		a.log = slog.New(slog.NewTextHandler(a.stderr, nil))
	case "json":
		a.log = slog.New(slog.NewJSONHandler(a.stderr, nil))
	default:
		return a.usageError(words.Text{EN: "--log-format %q is not known; say text or json", JA: "--log-format %q は使えません。text か json を指定してください"}, a.logFormat)
	}
	return nil
}

func (a *app) usageTemplate() string {
	heading := func(t words.Text) string { return strings.ToUpper(t.In(a.lang)) }
	return heading(words.Text{EN: "Usage", JA: "使い方"}) + `{{if .Runnable}}
  {{.UseLine}}{{end}}{{if .HasAvailableSubCommands}}
  {{.CommandPath}} COMMAND{{end}}
{{if .HasExample}}
` + heading(words.Text{EN: "Example", JA: "例"}) + `
{{.Example}}
{{end}}{{if .HasAvailableSubCommands}}
` + heading(words.Text{EN: "Commands", JA: "コマンド"}) + `{{range .Commands}}{{if (or .IsAvailableCommand (eq .Name "help"))}}
  {{rpad .Name .NamePadding }} {{.Short}}{{end}}{{end}}
{{end}}{{if .HasAvailableLocalFlags}}
` + heading(words.Text{EN: "Flags", JA: "オプション"}) + `
{{.LocalFlags.FlagUsagesWrapped 80 | trimTrailingWhitespaces}}
{{end}}{{if .HasAvailableInheritedFlags}}
` + heading(words.Text{EN: "Global flags", JA: "共通オプション"}) + `
{{.InheritedFlags.FlagUsagesWrapped 80 | trimTrailingWhitespaces}}
{{end}}{{with index .Annotations "exit"}}
{{.}}{{end}}`
}

// exitStatus lists the exit codes a command can end with, for its help.
func (a *app) exitStatus(codes ...int) map[string]string {
	texts := map[int]words.Text{
		exitDone:     {EN: "done, whatever was found", JA: "正常終了 (検出の有無を問わない)"},
		exitFailed:   {EN: "failed", JA: "失敗"},
		exitUsage:    {EN: "wrong usage or configuration", JA: "指定または設定の誤り"},
		exitRejected: {EN: "more rows rejected than --max-rejects allows", JA: "読めない行が --max-rejects を超えた"},
		exitTripped:  {EN: "--fail-on found what it watches for", JA: "--fail-on の条件に該当した"},
	}
	var b strings.Builder
	b.WriteString(a.say(words.Text{EN: "EXIT STATUS\n", JA: "終了コード\n"}))
	for _, c := range codes {
		fmt.Fprintf(&b, "  %-3d %s\n", c, texts[c].In(a.lang))
	}
	return map[string]string{"exit": b.String()}
}
