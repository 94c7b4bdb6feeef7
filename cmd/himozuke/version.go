package main

import (
	"fmt"
	"runtime"
	"runtime/debug"

	"github.com/spf13/cobra"

	"github.com/himozuke/himozuke/report/words"
)

// version is set at the build of a release.
var version = "dev"

// programVersion names the build: the release, else the commit it was made of.
func programVersion() string {
	if version != "dev" {
		return version
	}
	if info, ok := debug.ReadBuildInfo(); ok {
		for _, s := range info.Settings {
			if s.Key == "vcs.revision" && len(s.Value) >= 12 {
				return "dev-" + s.Value[:12]
			}
		}
	}
	return version
}

func (a *app) versionCommand() *cobra.Command {
	return &cobra.Command{
		Use:         "version",
		Short:       a.say(words.Text{EN: "Print the version", JA: "版を表示する"}),
		Example:     "  himozuke version",
		Args:        cobra.NoArgs,
		Annotations: a.exitStatus(exitDone),
		Run: func(*cobra.Command, []string) {
			fmt.Fprintf(a.stdout, "himozuke %s (%s, %s/%s)\n", programVersion(), runtime.Version(), runtime.GOOS, runtime.GOARCH)
		},
	}
}
