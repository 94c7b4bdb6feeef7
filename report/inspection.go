package report

import (
	"bufio"
	"fmt"
	"io"
	"strings"

	"github.com/himozuke/himozuke/linkage"
	"github.com/himozuke/himozuke/report/words"
)

var (
	inspectionFile    = words.Text{EN: "%s: %s", JA: "%s: %s"}
	inspectionFormat  = words.Text{EN: "  %s, %s, %s bytes, about %s rows", JA: "  %s、%s、%sバイト、約%s行"}
	inspectionUnknown = words.Text{EN: "  %s, %s, %s bytes", JA: "  %s、%s、%sバイト"}
	inspectionHeading = words.Text{EN: "Heading", JA: "見出し"}
	inspectionRole    = words.Text{EN: "Understood as", JA: "解釈"}
	carriedAlong      = words.Text{EN: "(carried along)", JA: "（そのまま出力）"}
	firstRows         = words.Text{EN: "  First rows as they are compared:", JA: "  先頭の行（照合に使う形）:"}
	notesLine         = words.Text{EN: "      (%s)", JA: "      （%s）"}
	garbledColumn     = words.Text{
		EN: "  %s looks garbled (%s): have the file written again from its source.",
		JA: "  %sは文字化けしている可能性がある（%s）。元のシステムから出力し直すこと。",
	}
	unreadableText = words.Text{
		EN: "  Characters that could not be read in the rows shown: %d. They count as unknown.",
		JA: "  表示した行に読み取れない文字が%d文字ある。不明な文字として扱う。",
	}
	planLine = words.Text{
		EN: "Plan: %s people, %s links, about %s of memory and at most %s of results.",
		JA: "見込み: 台帳%s人、紐付け%s件、メモリー約%s、結果のファイルは最大%s。",
	}
	planSpill = words.Text{
		EN: "%s of memory may be used (--memory): the register goes to disk, %s beside the results, and the run takes %s of memory at least.",
		JA: "使えるメモリーは%s（--memory）。台帳はディスクに置く（結果と同じ場所に%s）。その場合もメモリーは%s以上必要。",
	}
	planUnknown = words.Text{
		EN: "The size of compressed files is not counted in the plan.",
		JA: "圧縮ファイルの件数は見込みに含まれない。",
	}
)

// PrintInspection shows how the inputs of an audit were understood and what a
// run would take.
func PrintInspection(w io.Writer, list []linkage.Inspection, plan linkage.Plan, l words.Lang) error {
	out := bufio.NewWriter(w)
	counted := true
	for i := range list {
		in := &list[i]
		inspectionHead(out, in, l)
		columns := &table{columns: []column{
			{heading: "  " + inspectionHeading.In(l), shrinks: true}, {heading: inspectionRole.In(l), shrinks: true},
		}}
		for _, c := range in.Columns {
			role := carriedAlong.In(l)
			if c.Role != "" {
				role = words.RoleNamed(c.Role).In(l)
			}
			columns.add("  "+printable(c.Heading), role)
		}
		if err := columns.write(out); err != nil {
			return err
		}
		for _, c := range in.Columns {
			if c.Garbled != "" {
				fmt.Fprintln(out, garbledColumn.Format(l, printable(c.Heading), words.Garbled(c.Garbled).In(l)))
			}
		}
		if in.Unreadable > 0 {
			fmt.Fprintln(out, unreadableText.Format(l, in.Unreadable))
		}
		fmt.Fprintln(out, firstRows.In(l))
		for _, r := range in.Rows {
			inspectionRow(out, &r, l)
		}
		fmt.Fprintln(out)
		counted = counted && in.Estimated > 0
	}
	if err := writeWrapped(out, planLine.Format(l, grouped(plan.People), grouped(plan.Links), size(plan.Memory), size(plan.Output))); err != nil {
		return err
	}
	if plan.Disk > 0 {
		if err := writeWrapped(out, planSpill.Format(l, size(plan.Limit), size(plan.Disk), size(plan.Least))); err != nil {
			return err
		}
	}
	if !counted {
		if err := writeWrapped(out, planUnknown.In(l)); err != nil {
			return err
		}
	}
	return out.Flush()
}

func inspectionHead(out io.Writer, in *linkage.Inspection, l words.Lang) {
	format := in.Format
	if in.Compression != "" {
		format += "+" + in.Compression
	}
	fmt.Fprintln(out, inspectionFile.Format(l, words.Dataset(in.Dataset).In(l), in.Path))
	if in.Estimated > 0 {
		fmt.Fprintln(out, inspectionFormat.Format(l, format, in.Encoding, grouped(in.Bytes), grouped(in.Estimated)))
	} else {
		fmt.Fprintln(out, inspectionUnknown.Format(l, format, in.Encoding, grouped(in.Bytes)))
	}
}

// inspectionRow takes two or three lines: who, where, and what was folded.
func inspectionRow(out io.Writer, r *linkage.InspectedRow, l words.Lang) {
	join := func(parts ...string) string {
		var kept []string
		for _, p := range parts {
			if p != "" {
				kept = append(kept, printable(p))
			}
		}
		return strings.Join(kept, "  ")
	}
	name := strings.TrimSpace(r.Family + " " + r.Given)
	fmt.Fprintf(out, "  %d: %s\n", r.Line, truncate(join(r.Number, name, r.Kana, r.BirthDate, words.Sex(r.Sex).In(l)), terminalWidth-8))
	if where := join(r.Postal, r.Address); where != "" {
		fmt.Fprintf(out, "      %s\n", truncate(where, terminalWidth-6))
	}
	if len(r.Notes) > 0 {
		said := make([]string, len(r.Notes))
		for i, note := range r.Notes {
			said[i] = words.Note(note).In(l)
		}
		fmt.Fprintln(out, notesLine.Format(l, truncate(strings.Join(said, words.ListSeparator.In(l)), terminalWidth-10)))
	}
}

// size is a number of bytes for people.
func size(n int64) string {
	switch {
	case n >= 1<<30:
		return fmt.Sprintf("%.1f GiB", float64(n)/(1<<30))
	case n >= 1<<20:
		return fmt.Sprintf("%d MiB", n>>20)
	}
	return fmt.Sprintf("%d KiB", (n+1023)>>10)
}
