package report

import (
	"bufio"
	"database/sql"
	"fmt"
	"io"

	"github.com/himozuke/himozuke/linkage"
	"github.com/himozuke/himozuke/report/words"
)

// shownID is how much of a case id an overview shows: enough for explain to
// find the case.
const shownID = 12

// strongestCases is how many cases an overview lists.
const strongestCases = 10

// PrintOverview is what people see when an audit is done: rows in and out,
// verdicts and causes by dataset, and the strongest cases.
func PrintOverview(w io.Writer, dir string, run *linkage.Run, l words.Lang) error {
	audit, err := OpenAudit(dir)
	if err != nil {
		return err
	}
	defer audit.Close()
	strongest, err := audit.Strongest(strongestCases)
	if err != nil {
		return err
	}
	out := bufio.NewWriter(w)
	o := overview{out: out, run: run, lang: l}
	o.inputs()
	o.judgements()
	o.integrity()
	o.selfCheck()
	o.warnings()
	if err := o.cases(dir); err != nil {
		return err
	}
	o.strongest(strongest)
	fmt.Fprintln(out)
	fmt.Fprintf(out, "%s\n%s\n", whereLine.Format(l, dir), explainLine.In(l))
	return out.Flush()
}

// StrongCase is one line of an overview.
type StrongCase struct {
	ID       string  `json:"case_id"`
	Dataset  string  `json:"dataset"`
	RecordID string  `json:"record_id"`
	Verdict  string  `json:"verdict"`
	Cause    string  `json:"cause"`
	PWrong   float64 `json:"p_wrong"`
}

// Strongest lists the cases of the latest run that are most surely wrong:
// mislinked before review, by probability, then by how badly they fit.
// Cases that a reviewer has decided are left out.
func (a *Audit) Strongest(n int) ([]StrongCase, error) {
	run, err := a.LatestRun()
	if err != nil {
		return nil, err
	}
	list := []StrongCase{}
	for _, verdict := range []linkage.Verdict{linkage.Mislinked, linkage.Review} {
		err := a.query(func(rows *sql.Rows) error {
			var c StrongCase
			err := rows.Scan(&c.ID, &c.Dataset, &c.RecordID, &c.Verdict, &c.Cause, &c.PWrong)
			list = append(list, c)
			return err
		}, `SELECT case_id, dataset, record_id, verdict, cause, p_wrong FROM findings
			WHERE run_id = ? AND verdict = ? AND state <> 'decided'
			ORDER BY p_wrong DESC, weight, finding_id LIMIT ?`, run.rowID, verdict.String(), n-len(list))
		if err != nil {
			return nil, err
		}
	}
	return list, nil
}

type overview struct {
	out  *bufio.Writer
	run  *linkage.Run
	lang words.Lang
}

var (
	inputsTitle     = words.Text{EN: "What was read", JA: "【読み込んだデータ】"}
	headingFile     = words.Text{EN: "File", JA: "ファイル"}
	headingRows     = words.Text{EN: "Rows", JA: "行数"}
	headingJudged   = words.Text{EN: "Judged", JA: "点検済み"}
	headingRejected = words.Text{EN: "Rejected", JA: "読取不能"}
	judgementsTitle = words.Text{EN: "Verdicts and causes", JA: "【判定及び原因】"}
	headingJudge    = words.Text{EN: "Verdict", JA: "判定"}
	strongestTitle  = words.Text{EN: "Strongest cases", JA: "【誤りの確率が高い案件】"}
	headingCase     = words.Text{EN: "Case", JA: "案件"}
	headingRecord   = words.Text{EN: "Record", JA: "記録ID"}
	headingWrong    = words.Text{EN: "Wrong", JA: "確率"}
	headingCause    = words.Text{EN: "Cause", JA: "原因"}
	whereLine       = words.Text{EN: "Results: %s", JA: "出力先: %s"}
	explainLine     = words.Text{EN: "himozuke explain shows one case in full.", JA: "個別の案件の詳細は himozuke explain で確認できる。"}
	nothingFound    = words.Text{EN: "No case.", JA: "該当する案件はない。"}
)

func (o *overview) inputs() {
	fmt.Fprintln(o.out, inputsTitle.In(o.lang))
	layout := table{columns: []column{
		{heading: labelHeadings[ByDataset].In(o.lang), shrinks: true}, {heading: headingFile.In(o.lang), shrinks: true},
		{heading: headingRows.In(o.lang), align: right}, {heading: headingJudged.In(o.lang), align: right},
		{heading: headingRejected.In(o.lang), align: right},
	}}
	for _, in := range o.run.Inputs {
		layout.add(words.Dataset(in.Dataset).In(o.lang), printable(in.Path), grouped(in.Rows), grouped(in.Judged), grouped(in.Rejected))
	}
	layout.write(o.out)
}

var (
	warningsTitle = words.Text{EN: "Warnings", JA: "【注意】"}
	warningLine   = words.Text{EN: "%s: %s (%s)", JA: "%s: %s（%s）"}
)

func (o *overview) warnings() {
	if len(o.run.Warnings) == 0 {
		return
	}
	fmt.Fprintf(o.out, "\n%s\n", warningsTitle.In(o.lang))
	for _, w := range o.run.Warnings {
		writeWrapped(o.out, warningLine.Format(o.lang, words.Dataset(w.Dataset).In(o.lang), words.Warning(w.Kind).In(o.lang), printable(words.Said(w.Detail, o.lang))))
	}
}

var (
	casesTitle     = words.Text{EN: "Cases since the earlier runs", JA: "【案件の状況（前回までの点検との比較）】"}
	headingState   = words.Text{EN: "State", JA: "状況"}
	headingCases   = words.Text{EN: "Cases", JA: "件数"}
	caseNew        = words.Text{EN: "new", JA: "新規"}
	casePersisting = words.Text{EN: "persisting", JA: "継続"}
	caseReopened   = words.Text{EN: "reopened", JA: "再検出"}
	caseResolved   = words.Text{EN: "resolved", JA: "解消"}
	caseDecided    = words.Text{EN: "decided, data unchanged", JA: "確認済み（データに変更なし）"}
	caseNotSeen    = words.Text{EN: "not seen: row rejected or file not read", JA: "今回は点検できず（読取不能の行、又は未読込みの紐付け情報）"}
)

// cases says how the cases of a lasting database went.
func (o *overview) cases(dir string) error {
	summary, err := ReadSummary(dir)
	if err != nil || summary.Database == AuditFileName {
		return err
	}
	fmt.Fprintf(o.out, "\n%s\n", casesTitle.In(o.lang))
	layout := table{columns: []column{
		{heading: headingState.In(o.lang), shrinks: true}, {heading: headingCases.In(o.lang), align: right},
	}}
	c := summary.Cases
	for _, line := range []struct {
		text words.Text
		n    int64
	}{
		{caseNew, c.New}, {casePersisting, c.Persisting}, {caseReopened, c.Reopened},
		{caseResolved, c.Resolved}, {caseDecided, c.Decided}, {caseNotSeen, c.NotSeen},
	} {
		layout.add(line.text.In(o.lang), grouped(line.n))
	}
	layout.write(o.out)
	return nil
}

// datasetsAcross is how many datasets stand side by side in 80 columns.
const datasetsAcross = 4

// judgements draws verdict by cause, datasets side by side, with a total where
// there are several.
func (o *overview) judgements() {
	fmt.Fprintf(o.out, "\n%s\n", judgementsTitle.In(o.lang))
	counts := o.run.Counts
	if len(counts) > 1 {
		total := linkage.DatasetCount{}
		for i := range counts {
			total.Links += counts[i].Links
			for v := range counts[i].ByCause {
				for c, n := range counts[i].ByCause[v] {
					total.ByCause[v][c] += n
				}
			}
		}
		counts = append(counts[:len(counts):len(counts)], total)
	}
	for start := 0; start < len(counts); start += datasetsAcross + 1 {
		if start > 0 {
			fmt.Fprintln(o.out)
		}
		o.judgementTable(counts[start:min(start+datasetsAcross+1, len(counts))])
	}
}

func (o *overview) judgementTable(counts []linkage.DatasetCount) {
	layout := table{columns: []column{{heading: headingJudge.In(o.lang)}}}
	for i := range counts {
		name := totalLabel.In(o.lang)
		if counts[i].Dataset != "" {
			name = words.Dataset(counts[i].Dataset).In(o.lang)
		}
		layout.columns = append(layout.columns, column{heading: printable(name), align: right, shrinks: true})
	}
	row := func(label string, count func(*linkage.DatasetCount) int64) bool {
		cells, any := []string{label}, false
		for i := range counts {
			n := count(&counts[i])
			any = any || n != 0
			cells = append(cells, grouped(n))
		}
		layout.add(cells...)
		return any
	}
	for _, v := range verdictOrder {
		row(words.Verdict(v).In(o.lang), func(c *linkage.DatasetCount) int64 {
			total := int64(0)
			for _, n := range c.ByCause[v] {
				total += n
			}
			return total
		})
		for cause := linkage.NoCause + 1; cause < linkage.Causes; cause++ {
			label := "  " + words.Cause(cause).In(o.lang)
			if !row(label, func(c *linkage.DatasetCount) int64 { return c.ByCause[v][cause] }) {
				layout.rows = layout.rows[:len(layout.rows)-1]
			}
		}
	}
	layout.rule()
	row(totalLabel.In(o.lang), func(c *linkage.DatasetCount) int64 { return c.Links })
	layout.write(o.out)
}

func (o *overview) strongest(list []StrongCase) {
	fmt.Fprintf(o.out, "\n%s\n", strongestTitle.In(o.lang))
	if len(list) == 0 {
		fmt.Fprintln(o.out, nothingFound.In(o.lang))
		return
	}
	layout := table{columns: []column{
		{heading: headingCase.In(o.lang)}, {heading: labelHeadings[ByDataset].In(o.lang), shrinks: true},
		{heading: headingRecord.In(o.lang)},
		{heading: headingWrong.In(o.lang), align: right}, {heading: headingCause.In(o.lang), shrinks: true},
	}}
	for _, c := range list {
		layout.add(c.ID[:min(shownID, len(c.ID))], words.Dataset(c.Dataset).In(o.lang), printable(c.RecordID),
			posterior(c.PWrong), causeText(c.Cause, o.lang))
	}
	layout.write(o.out)
}
