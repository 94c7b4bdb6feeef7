package main

import (
	"github.com/spf13/cobra"

	"github.com/himozuke/himozuke/report/words"
)

// completionInstall is how a shell's completion script is installed, by the
// name of the subcommand that writes it.
var completionInstall = map[string]string{
	"bash":       "  himozuke completion bash > /etc/bash_completion.d/himozuke",
	"zsh":        "  himozuke completion zsh > \"${fpath[1]}/_himozuke\"",
	"fish":       "  himozuke completion fish > ~/.config/fish/completions/himozuke.fish",
	"powershell": "  himozuke completion powershell | Out-String | Invoke-Expression",
}

// dressCompletion says in the language of the user what cobra says in English.
func (a *app) dressCompletion(cmd *cobra.Command) {
	cmd.Short = a.say(words.Text{EN: "Write a completion script for a shell", JA: "シェルの補完スクリプトを出力する"})
	cmd.Long = a.say(words.Text{
		EN: "completion writes a script with which a shell completes commands and flags by the\ntab key. A new shell uses it once it is in the folder that the shell reads.",
		JA: "completion は、タブキーでコマンドとオプションを補完するためのスクリプトを出力します。\nシェルが読み込むフォルダーに置くと、次に開いたシェルから使えます。",
	})
	for _, shell := range cmd.Commands() {
		name := shell.Name()
		shell.Short = words.Text{EN: "Write the completion script for %s", JA: "%s の補完スクリプトを出力する"}.Format(a.lang, name)
		shell.Long = ""
		shell.Example = completionInstall[name]
		shell.Annotations = a.exitStatus(exitDone, exitUsage)
		if f := shell.Flags().Lookup("no-descriptions"); f != nil {
			f.Usage = a.say(words.Text{EN: "leave out the descriptions of commands and flags", JA: "コマンドとオプションの説明を付けない"})
		}
	}
}
