package main

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/cpuguy83/go-md2man/v2/md2man"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/himozuke/himozuke/report/words"
)

func (a *app) manCommand() *cobra.Command {
	var out string
	cmd := &cobra.Command{
		Use:   "man --out DIR",
		Short: a.say(words.Text{EN: "Write the man pages", JA: "マニュアルページを書き出す"}),
		Long: a.say(words.Text{
			EN: "man writes a man page for every command in the language of --lang, as man looks for\nthem below DIR: English into DIR/man1, Japanese into DIR/ja/man1.",
			JA: "man は、すべてのコマンドのマニュアルページを --lang の言語で書き出します。置き場所は man が\n探すとおりで、英語は DIR/man1、日本語は DIR/ja/man1 です。",
		}),
		Example:     "  himozuke man --lang ja --out /usr/local/share/man\n  LANG=ja_JP.UTF-8 man himozuke-audit",
		Args:        cobra.NoArgs,
		Annotations: a.exitStatus(exitDone, exitFailed, exitUsage),
		RunE: func(cmd *cobra.Command, _ []string) error {
			if out == "" {
				return a.usageError(words.Text{EN: "--out DIR is missing: say where the man pages go", JA: "--out がありません。マニュアルページを書き出すフォルダーを指定してください"})
			}
			return a.writeManPages(cmd.Root(), out)
		},
	}
	cmd.Flags().StringVar(&out, "out", "", a.say(words.Text{EN: "`DIR` that holds man1, for example /usr/local/share/man", JA: "man1 を含む `フォルダー` (例: /usr/local/share/man)"}))
	return cmd
}

// writeManPages writes a page for every command that the help lists.
func (a *app) writeManPages(root *cobra.Command, dir string) error {
	if a.lang == words.Japanese {
		dir = filepath.Join(dir, "ja")
	}
	dir = filepath.Join(dir, "man1")
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	return eachCommand(root, func(cmd *cobra.Command) error {
		page := md2man.Render([]byte(a.manPage(cmd)))
		return os.WriteFile(filepath.Join(dir, manName(cmd)+".1"), page, 0o644)
	})
}

// eachCommand visits cmd and everything below it that is shown to users.
func eachCommand(cmd *cobra.Command, visit func(*cobra.Command) error) error {
	if err := visit(cmd); err != nil {
		return err
	}
	for _, sub := range cmd.Commands() {
		if !sub.IsAvailableCommand() {
			continue
		}
		if err := eachCommand(sub, visit); err != nil {
			return err
		}
	}
	return nil
}

func manName(cmd *cobra.Command) string {
	return strings.ReplaceAll(cmd.CommandPath(), " ", "-")
}

// manPage is a command's page in the Markdown that md2man reads.
func (a *app) manPage(cmd *cobra.Command) string {
	var b strings.Builder
	section := func(t words.Text) { fmt.Fprintf(&b, "\n# %s\n\n", a.say(t)) }
	fmt.Fprintf(&b, "%% %q \"1\" \"\" \"himozuke %s\" \"himozuke\"\n", strings.ToUpper(manName(cmd)), programVersion())

	section(words.Text{EN: "NAME", JA: "名前"})
	fmt.Fprintf(&b, "%s - %s\n", manName(cmd), manText(cmd.Short))
	section(words.Text{EN: "SYNOPSIS", JA: "書式"})
	fmt.Fprintf(&b, "**%s**\n", manText(manSynopsis(cmd)))
	section(words.Text{EN: "DESCRIPTION", JA: "説明"})
	description := cmd.Long
	if description == "" {
		description = cmd.Short
	}
	b.WriteString(manText(description) + "\n")
	if cmd.HasAvailableLocalFlags() {
		section(words.Text{EN: "OPTIONS", JA: "オプション"})
		manFlags(&b, cmd.NonInheritedFlags())
	}
	if cmd.HasAvailableInheritedFlags() {
		section(words.Text{EN: "GLOBAL OPTIONS", JA: "共通オプション"})
		manFlags(&b, cmd.InheritedFlags())
	}
	if status, ok := cmd.Annotations["exit"]; ok {
		section(words.Text{EN: "EXIT STATUS", JA: "終了コード"})
		for _, line := range strings.Split(strings.TrimSpace(status), "\n")[1:] {
			code, meaning, _ := strings.Cut(strings.TrimSpace(line), " ")
			fmt.Fprintf(&b, "**%s**\n: %s\n\n", code, manText(strings.TrimSpace(meaning)))
		}
	}
	if cmd.HasExample() {
		section(words.Text{EN: "EXAMPLE", JA: "例"})
		fmt.Fprintf(&b, "```\n%s\n```\n", cmd.Example)
	}
	if related := manRelated(cmd); len(related) > 0 {
		section(words.Text{EN: "SEE ALSO", JA: "関連項目"})
		b.WriteString(strings.Join(related, ", ") + "\n")
	}
	return b.String()
}

// manSynopsis is how the command is called.
func manSynopsis(cmd *cobra.Command) string {
	if cmd.HasAvailableSubCommands() {
		return cmd.CommandPath() + " COMMAND"
	}
	return cmd.UseLine()
}

// manFlags writes one definition for each flag, in the order of the help.
func manFlags(b *strings.Builder, flags *pflag.FlagSet) {
	flags.VisitAll(func(f *pflag.Flag) {
		if f.Hidden {
			return
		}
		value, text := pflag.UnquoteUsage(f)
		if f.Shorthand != "" {
			fmt.Fprintf(b, "**-%s**, ", f.Shorthand)
		}
		fmt.Fprintf(b, "**--%s**", f.Name)
		if value != "" {
			fmt.Fprintf(b, " *%s*", manText(value))
		}
		fmt.Fprintf(b, "\n: %s", manText(text))
		if hasDefault(f) {
			fmt.Fprintf(b, " [%s]", manText(f.DefValue))
		}
		b.WriteString("\n\n")
	})
}

func hasDefault(f *pflag.Flag) bool {
	return f.DefValue != "" && f.DefValue != "0" && f.DefValue != "false" && f.DefValue != "[]"
}

// manRelated names the pages above, below and, for a leaf, nothing beside.
func manRelated(cmd *cobra.Command) []string {
	var pages []string
	if cmd.HasParent() {
		pages = append(pages, "**"+manName(cmd.Parent())+"**(1)")
	}
	for _, sub := range cmd.Commands() {
		if sub.IsAvailableCommand() {
			pages = append(pages, "**"+manName(sub)+"**(1)")
		}
	}
	return pages
}

var manEscapes = strings.NewReplacer(`\`, `\\`, "*", `\*`, "_", `\_`, "<", `\<`, ">", `\>`, "[", `\[`, "]", `\]`, "#", `\#`)

// japaneseBreak is a line break inside a Japanese sentence, where a page that
// fills its lines anew must not set a space.
var japaneseBreak = regexp.MustCompile(`([^\x00-\x7f])\n([^\x00-\x7f])`)

// manText is plain text as Markdown; `code` stays code.
func manText(s string) string {
	return manEscapes.Replace(japaneseBreak.ReplaceAllString(s, "$1$2"))
}
