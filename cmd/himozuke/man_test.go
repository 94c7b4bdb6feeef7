package main

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/himozuke/himozuke/report/words"
)

func himozuke(t *testing.T, args ...string) (code int, stdout, stderr string) {
	t.Helper()
	var out, err bytes.Buffer
	code = run(context.Background(), args, strings.NewReader(""), &out, &err, func(string) string { return "" })
	return code, out.String(), err.String()
}

// roffText is a page without its markup.
func roffText(page []byte) string {
	text := regexp.MustCompile(`\\f[BIRP]`).ReplaceAllString(string(page), "")
	text = strings.NewReplacer(`\-`, "-", `\\`, `\`, `\e`, `\`, `\[la]`, "<", `\[ra]`, ">", `\&`, "", "\n", " ").Replace(text)
	return strings.Join(strings.Fields(text), " ")
}

func TestManPages(t *testing.T) {
	for _, tt := range []struct {
		lang     string
		folder   string
		sections []string
	}{
		{"en", "man1", []string{"NAME", "SYNOPSIS", "DESCRIPTION", "OPTIONS", "SEE ALSO"}},
		{"ja", "ja/man1", []string{"名前", "書式", "説明", "オプション", "関連項目"}},
	} {
		dir := t.TempDir()
		if code, _, stderr := himozuke(t, "man", "--lang", tt.lang, "--out", dir); code != exitDone {
			t.Fatalf("%s: exit status %d: %s", tt.lang, code, stderr)
		}
		lang, _ := words.Parse(tt.lang)
		a := &app{lang: lang}
		pages := 0
		eachCommand(a.root(), func(cmd *cobra.Command) error {
			pages++
			page, err := os.ReadFile(filepath.Join(dir, tt.folder, manName(cmd)+".1"))
			if err != nil {
				t.Fatal(err)
			}
			text := roffText(page)
			for _, section := range tt.sections {
				if !strings.Contains(text, ".SH "+section) {
					t.Errorf("%s %s: no section %s", tt.lang, manName(cmd), section)
				}
			}
			if first := manName(cmd) + " - " + cmd.Short; !strings.Contains(text, first) {
				t.Errorf("%s %s: does not begin %q", tt.lang, manName(cmd), first)
			}
			cmd.Flags().VisitAll(func(f *pflag.Flag) {
				value, usage := pflag.UnquoteUsage(f)
				want := strings.Join(strings.Fields(strings.TrimSpace("--"+f.Name+" "+value)+" "+usage), " ")
				if !strings.Contains(text, want) {
					t.Errorf("%s %s: does not say %q", tt.lang, manName(cmd), want)
				}
			})
			if example := strings.Join(strings.Fields(cmd.Example), " "); !strings.Contains(text, example) {
				t.Errorf("%s %s: example %q is not there:\n%s", tt.lang, manName(cmd), example, text)
			}
			for _, line := range strings.Split(strings.TrimSpace(cmd.Annotations["exit"]), "\n")[min(1, len(cmd.Annotations)):] {
				if meaning := strings.Join(strings.Fields(line), " "); !strings.Contains(text, meaning) {
					t.Errorf("%s %s: exit status %q is not there", tt.lang, manName(cmd), meaning)
				}
			}
			return nil
		})
		files, err := filepath.Glob(filepath.Join(dir, tt.folder, "*"))
		if err != nil || len(files) != pages {
			t.Errorf("%s: %d files for %d commands", tt.lang, len(files), pages)
		}
	}
}

func TestManText(t *testing.T) {
	for in, want := range map[string]string{
		"保存し直して\n文字コード":            "保存し直して文字コード",
		"書き出します。\n\n見出し":           "書き出します。\n\n見出し",
		"フォルダーに\nfindings.csv":     "フォルダーに\nfindings.csv",
		"`himozuke review import`": "`himozuke review import`",
		"max_fdr *and* <more>":     `max\_fdr \*and\* \<more\>`,
	} {
		if got := manText(in); got != want {
			t.Errorf("%q became %q, want %q", in, got, want)
		}
	}
}

func TestManNeedsAFolder(t *testing.T) {
	code, _, stderr := himozuke(t, "man", "--lang", "ja")
	if code != exitUsage || !strings.Contains(stderr, "--out") {
		t.Errorf("exit status %d, %q", code, stderr)
	}
}

// Cobra's own words are English only.
func TestCompletionSpeaksJapanese(t *testing.T) {
	for _, args := range [][]string{{"completion"}, {"completion", "bash"}, {"completion", "zsh"}, {"completion", "fish"}, {"completion", "powershell"}} {
		_, help, _ := himozuke(t, append(args, "--help", "--lang", "ja")...)
		for _, english := range []string{"Generate", "completion script", "disable"} {
			if help == "" || strings.Contains(help, english) {
				t.Errorf("%v: %q in\n%s", args, english, help)
			}
		}
		if len(args) == 2 && !strings.Contains(help, completionInstall[args[1]]) {
			t.Errorf("%v: does not say how to install it", args)
		}
	}
	if code, script, _ := himozuke(t, "completion", "bash"); code != exitDone || !strings.Contains(script, "__start_himozuke") {
		t.Errorf("exit status %d, no bash script", code)
	}
}
