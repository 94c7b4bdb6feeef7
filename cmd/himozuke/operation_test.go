package main

import (
	"io"
	"os"
	"regexp"
	"strings"
	"testing"
)

var (
	shellBlock  = regexp.MustCompile("(?s)```sh\n(.*?)```")
	usedCommand = regexp.MustCompile(`(?m)(?:^|[ |/(])himozuke( [a-z][^|;&>)\n]*)`)
	lineGoesOn  = regexp.MustCompile(`\\\n\s*`)
	substituted = regexp.MustCompile(`\$\([^)]*\)`)
	shellRemark = regexp.MustCompile(`(?m)(^|\s)#.*$`)
)

// shownCommands are the himozuke calls in the shell blocks of a page.
func shownCommands(t *testing.T, path string) [][]string {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var calls [][]string
	for _, block := range shellBlock.FindAllSubmatch(text, -1) {
		code := lineGoesOn.ReplaceAllString(string(block[1]), "")
		code = substituted.ReplaceAllString(code, "VALUE")
		code = shellRemark.ReplaceAllString(code, "")
		for _, m := range usedCommand.FindAllStringSubmatch(code, -1) {
			calls = append(calls, strings.Fields(m[1]))
		}
	}
	return calls
}

// A command that the operation guide shows must be one that the program takes.
func TestOperationGuideShowsRealCommands(t *testing.T) {
	pages := []string{"../../docs/operation.md", "../../docs/operation.ja.md"}
	var calls [2][][]string
	for i, page := range pages {
		calls[i] = shownCommands(t, page)
		if len(calls[i]) < 15 {
			t.Fatalf("%s shows %d commands", page, len(calls[i]))
		}
		for _, args := range calls[i] {
			a := &app{stdin: strings.NewReader(""), stdout: io.Discard, stderr: io.Discard}
			cmd, rest, err := a.root().Find(args)
			if err != nil || !cmd.HasParent() {
				t.Errorf("%s: %v: no such command: %v", page, args, err)
				continue
			}
			if err := cmd.ParseFlags(rest); err != nil {
				t.Errorf("%s: %v: %v", page, args, err)
				continue
			}
			if err := cmd.ValidateArgs(cmd.Flags().Args()); err != nil {
				t.Errorf("%s: %v: %v", page, args, err)
			}
		}
	}
	for i := range min(len(calls[0]), len(calls[1])) {
		if en, ja := strings.Join(calls[0][i], " "), strings.Join(calls[1][i], " "); en != ja {
			t.Errorf("the guides differ:\n%s\n%s", en, ja)
		}
	}
	if len(calls[0]) != len(calls[1]) {
		t.Errorf("%d commands in English, %d in Japanese", len(calls[0]), len(calls[1]))
	}
}
