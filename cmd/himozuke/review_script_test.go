package main

import (
	"bytes"
	"encoding/csv"
	"os"
	"slices"
	"strconv"
	"strings"

	"github.com/rogpeppe/go-internal/testscript"
	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"
)

// decide SHEET TO ENCODING DELIMITER ROWS=DECISION… HEADING=VALUE… fills in a
// review sheet and saves it as a spreadsheet program may: in another encoding,
// with another delimiter and the columns the other way round. Rows count from
// 1 after the heading; values go to the rows that are decided.
func decide(ts *testscript.TestScript, _ bool, args []string) {
	rows := readSheet(ts, args[0])
	heading := rows[0]
	decided := map[int]string{}
	values := map[string]string{}
	for _, arg := range args[4:] {
		left, right, _ := strings.Cut(arg, "=")
		from, to, isRange := strings.Cut(left, "-")
		first, err := strconv.Atoi(from)
		if err != nil {
			values[left] = right
			continue
		}
		last := first
		if isRange {
			last, err = strconv.Atoi(to)
			ts.Check(err)
		}
		for row := first; row <= last; row++ {
			decided[row] = right
		}
	}
	for row, decision := range decided {
		rows[row][slices.Index(heading, "decision")] = decision
		for name, value := range values {
			rows[row][slices.Index(heading, name)] = value
		}
	}
	for _, row := range rows {
		slices.Reverse(row)
	}
	var text bytes.Buffer
	w := csv.NewWriter(&text)
	w.UseCRLF = true
	w.Comma = map[string]rune{",": ',', ";": ';', "tab": '\t'}[args[3]]
	ts.Check(w.WriteAll(rows))
	var to encoding.Encoding = encoding.Nop
	switch args[2] {
	case "cp932":
		to = japanese.ShiftJIS
	case "utf-16":
		to = unicode.UTF16(unicode.LittleEndian, unicode.UseBOM)
	}
	out, _, err := transform.Bytes(encoding.ReplaceUnsupported(to.NewEncoder()), text.Bytes())
	ts.Check(err)
	ts.Check(os.WriteFile(ts.MkAbs(args[1]), out, 0o600))
}

func readSheet(ts *testscript.TestScript, name string) [][]string {
	rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(ts.ReadFile(name), "\uFEFF"))).ReadAll()
	ts.Check(err)
	if len(rows) < 2 {
		ts.Fatalf("%s has no cases", name)
	}
	return rows
}

// judge SHEET TRUTH TO decides every row of a review sheet as the truth has it.
func judge(ts *testscript.TestScript, _ bool, args []string) {
	rows, truth := readSheet(ts, args[0]), readSheet(ts, args[1])
	of := func(rows [][]string, name string) int { return slices.Index(rows[0], name) }
	labels := map[[2]string]string{}
	for _, row := range truth[1:] {
		labels[[2]string{row[of(truth, "dataset")], row[of(truth, "record_id")]}] = row[of(truth, "label")]
	}
	for _, row := range rows[1:] {
		decision := "mislinked"
		if labels[[2]string{row[of(rows, "dataset")], row[of(rows, "record id")]}] == "ok" {
			decision = "correct"
		}
		row[of(rows, "decision")], row[of(rows, "reviewer")] = decision, "Sato"
	}
	var text bytes.Buffer
	ts.Check(csv.NewWriter(&text).WriteAll(rows))
	ts.Check(os.WriteFile(ts.MkAbs(args[2]), text.Bytes(), 0o600))
}

// firstRow SHEET sets $CASE to the case of the first row.
func firstRow(ts *testscript.TestScript, _ bool, args []string) {
	ts.Setenv("CASE", readSheet(ts, args[0])[1][0])
}

// changeRecord SHEET FROM TO copies a linked file, with another address in the
// record of the sheet's first row.
func changeRecord(ts *testscript.TestScript, _ bool, args []string) {
	sheet := readSheet(ts, args[0])
	record := sheet[1][slices.Index(sheet[0], "record id")]
	rows := readSheet(ts, args[1])
	id, address := slices.Index(rows[0], "record_id"), slices.Index(rows[0], "address")
	changed := 0
	for _, row := range rows {
		if row[id] == record {
			row[address] += "　２０３号室"
			changed++
		}
	}
	if changed != 1 {
		ts.Fatalf("%d rows of record %s", changed, record)
	}
	var text bytes.Buffer
	ts.Check(csv.NewWriter(&text).WriteAll(rows))
	ts.Check(os.WriteFile(ts.MkAbs(args[2]), text.Bytes(), 0o600))
}
