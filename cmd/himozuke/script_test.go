package main

import (
	"context"
	"database/sql"
	"encoding/csv"
	"errors"
	"os"
	"os/exec"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){
		"himozuke": func() {
			os.Exit(run(context.Background(), os.Args[1:], os.Stdin, os.Stdout, os.Stderr, os.Getenv))
		},
	})
}

// TestScripts runs the commands as their users do; each script is a topic.
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir: "testdata",
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"binary":       binary,
			"status":       status,
			"perm":         perm,
			"firstcase":    firstCase,
			"decide":       decide,
			"judge":        judge,
			"firstrow":     firstRow,
			"changerecord": changeRecord,
			"breakrow":     breakRow,
			"sql":          execSQL,
		},
		Setup: func(e *testscript.Env) error {
			e.Setenv("HOME", e.WorkDir+"/home")
			e.Setenv("LANG", "C.UTF-8")
			return os.Mkdir(e.WorkDir+"/home", 0o700)
		},
	})
}

// binary FILE writes a file that is no text.
func binary(ts *testscript.TestScript, _ bool, args []string) {
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), []byte("\x7fELF\x02\x01\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00\x02\x00>\x00\x01\x00\x00\x00"), 0o600))
}

// status N COMMAND… runs a command that must end with exit status N.
func status(ts *testscript.TestScript, _ bool, args []string) {
	err := ts.Exec(args[1], args[2:]...)
	got := "0"
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		got = strconv.Itoa(exit.ExitCode())
	}
	if got != args[0] {
		ts.Fatalf("exit status %s, want %s", got, args[0])
	}
}

// perm FILE MODE checks the permission bits.
func perm(ts *testscript.TestScript, _ bool, args []string) {
	info, err := os.Stat(ts.MkAbs(args[0]))
	ts.Check(err)
	if got := strconv.FormatInt(int64(info.Mode().Perm()), 8); got != args[1] {
		ts.Fatalf("%s: mode %s, want %s", args[0], got, args[1])
	}
}

// firstcase FINDINGS sets $CASE to the beginning of the first case id.
func firstCase(ts *testscript.TestScript, _ bool, args []string) {
	rows, err := csv.NewReader(strings.NewReader(ts.ReadFile(args[0]))).ReadAll()
	ts.Check(err)
	if len(rows) < 2 || rows[0][0] != "case_id" {
		ts.Fatalf("%s has no findings", args[0])
	}
	ts.Setenv("CASE", rows[1][0][:12])
}

// breakrow FINDINGS FROM TO copies a linked file, and cuts the row of the first
// finding short after its record id.
func breakRow(ts *testscript.TestScript, _ bool, args []string) {
	rows, err := csv.NewReader(strings.NewReader(ts.ReadFile(args[0]))).ReadAll()
	ts.Check(err)
	record := rows[1][slices.Index(rows[0], "record_id")]
	lines := strings.SplitAfter(ts.ReadFile(args[1]), "\n")
	broken := 0
	for i, line := range lines {
		if before, _, found := strings.Cut(line, record+","); found {
			lines[i] = before + record + "\n"
			broken++
		}
	}
	if broken != 1 {
		ts.Fatalf("%d rows of record %s", broken, record)
	}
	ts.Check(os.WriteFile(ts.MkAbs(args[2]), []byte(strings.Join(lines, "")), 0o600))
}

// sql FILE STATEMENT changes a database behind the program's back.
func execSQL(ts *testscript.TestScript, _ bool, args []string) {
	db, err := sql.Open("sqlite", ts.MkAbs(args[0]))
	ts.Check(err)
	defer db.Close()
	_, err = db.Exec(args[1])
	ts.Check(err)
}
