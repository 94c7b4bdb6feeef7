package report

import (
	"database/sql"
	"encoding/json"
	"fmt"
	"io"
	"sort"

	"github.com/himozuke/himozuke/linkage"
	"github.com/himozuke/himozuke/report/words"
)

// Blocks is what each blocking rule of the candidate search came to.
type Blocks struct {
	Run  RunInfo        `json:"run"`
	Rows []SummaryBlock `json:"rows"` // most pairs first
}

// Blocks reads the blocking rules of the latest run.
func (a *Audit) Blocks() (*Blocks, error) {
	run, err := a.LatestRun()
	if err != nil {
		return nil, err
	}
	b := &Blocks{Run: run, Rows: []SummaryBlock{}}
	err = a.query(func(rows *sql.Rows) error {
		var r SummaryBlock
		err := rows.Scan(&r.Rule, &r.Keys, &r.Pairs, &r.Largest, &r.Refined)
		b.Rows = append(b.Rows, r)
		return err
	}, "SELECT rule, keys, pairs, largest, refined FROM blocks WHERE run_id = ?", run.rowID)
	sort.SliceStable(b.Rows, func(i, j int) bool { return b.Rows[i].Pairs > b.Rows[j].Pairs })
	return b, err
}

var (
	blocksTitle    = words.Text{EN: "Blocking rules of the search for owners", JA: "真の本人の探索に用いたブロッキング規則"}
	headingRule    = words.Text{EN: "Rule", JA: "規則"}
	headingSought  = words.Text{EN: "Keys", JA: "キー数"}
	headingPairs   = words.Text{EN: "Pairs", JA: "組の数"}
	headingLargest = words.Text{EN: "Largest\nblock", JA: "最大の\nブロック"}
	headingRefined = words.Text{EN: "Refined\nblocks", JA: "絞り込んだ\nブロック"}
	blocksNote     = words.Text{
		EN: "Keys: those that doubtful links looked for. Pairs: links times residents who share a key. A block of more than %d residents (%d by given name and birth date) is refined: only those in the municipality of the record or of the holder are compared.",
		JA: "キー数は、疑いのある紐付けが探したキーの数。組の数は、キーを共有する紐付けと住民の組の数。住民が%d人（名と生年月日によるものは%d人）を超えるブロックは、記録又は番号の本人と同じ市区町村の者に絞り込んで比較する。",
	}
)

// WriteTerminal draws the rules within 80 columns.
func (b *Blocks) WriteTerminal(w io.Writer, l words.Lang) error {
	if _, err := fmt.Fprintf(w, "%s\n%s\n\n", blocksTitle.In(l), runLine.Format(l, clock(b.Run.Started))); err != nil {
		return err
	}
	layout := table{columns: []column{
		{heading: headingRule.In(l), shrinks: true}, {heading: headingSought.In(l), align: right},
		{heading: headingPairs.In(l), align: right}, {heading: headingLargest.In(l), align: right},
		{heading: headingRefined.In(l), align: right},
	}}
	for _, r := range b.Rows {
		layout.add(printable(words.BlockingRule(r.Rule).In(l)), grouped(r.Keys), grouped(r.Pairs), grouped(r.Largest), grouped(r.Refined))
	}
	if err := layout.write(w); err != nil {
		return err
	}
	return writeWrapped(w, blocksNote.Format(l, linkage.BlockLimit, linkage.GivenBlockLimit))
}

// WriteCSV writes the rules for programs and spreadsheets.
func (b *Blocks) WriteCSV(w io.Writer, l words.Lang) error {
	c := newCSVWriter(w)
	c.header([]string{"rule", "name", "keys", "pairs", "largest", "refined"})
	for _, r := range b.Rows {
		c.text(r.Rule)
		c.text(words.BlockingRule(r.Rule).In(l))
		for _, n := range [...]int64{r.Keys, r.Pairs, r.Largest, r.Refined} {
			c.integer(n)
		}
		c.endRow()
	}
	return c.flush()
}

// WriteJSON writes the rules as one JSON object.
func (b *Blocks) WriteJSON(w io.Writer) error {
	encoder := json.NewEncoder(w)
	encoder.SetIndent("", "  ")
	return encoder.Encode(b)
}
