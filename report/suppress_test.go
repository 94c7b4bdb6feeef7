package report

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/himozuke/himozuke/linkage"
	"github.com/himozuke/himozuke/report/words"
)

// randomTable has mostly small counts, as tables by municipality do.
func randomTable(random *rand.Rand) *Table {
	t := &Table{By: []Dimension{ByPrefecture, ByMunicipality, ByOrganization, ByMonth}[random.IntN(4)]}
	for i := range 1 + random.IntN(6) {
		few := func() int64 {
			switch random.IntN(4) {
			case 0, 1:
				return 0
			case 2:
				return random.Int64N(8)
			}
			return random.Int64N(60)
		}
		r := TableRow{Key: fmt.Sprint(i), Verified: random.Int64N(3) * random.Int64N(2000), Mislinked: few(), Review: few(), Orphan: few(), Unverifiable: few()}
		r.Links = r.Verified + r.Mislinked + r.Review + r.Orphan + r.Unverifiable
		t.Rows = append(t.Rows, r)
		t.Total.add(r)
	}
	t.rates()
	return t
}

// No small count of a table can be solved for from what the table shows: rows
// add up to their links, columns to the total.
func TestSuppressedCountsCannotBeReckoned(t *testing.T) {
	const least = 10
	random := rand.New(rand.NewPCG(1, 2))
	for round := range 3000 {
		table := randomTable(random)
		table.suppress(least)
		rows := append(table.Rows[:len(table.Rows):len(table.Rows)], table.Total)
		unknown := map[[2]int]int{}
		for i := range rows {
			for c := columnLinks; c <= columnUnverifiable; c++ {
				if rows[i].withheld.has(c) {
					unknown[[2]int{i, int(c)}] = len(unknown)
				} else if n := rows[i].count(c); n > 0 && n < least && c != columnVerified {
					t.Fatalf("round %d: %d is shown: %+v", round, n, rows[i])
				}
			}
			if r := rows[i]; r.Rate != nil && (r.withheld.has(columnMislinked) || r.withheld.has(columnLinks)) {
				t.Fatalf("round %d: the rate tells a withheld count: %+v", round, r)
			}
		}
		var equations [][]float64
		equation := func(term func(add func(row int, c countColumn, sign float64))) {
			e := make([]float64, len(unknown))
			term(func(row int, c countColumn, sign float64) {
				if at, ok := unknown[[2]int{row, int(c)}]; ok {
					e[at] = sign
				}
			})
			equations = append(equations, e)
		}
		for i := range rows {
			equation(func(add func(int, countColumn, float64)) {
				add(i, columnLinks, -1)
				for c := columnVerified; c <= columnUnverifiable; c++ {
					add(i, c, 1)
				}
			})
		}
		for c := columnLinks; c <= columnUnverifiable; c++ {
			equation(func(add func(int, countColumn, float64)) {
				add(len(rows)-1, c, -1)
				for i := range rows[:len(rows)-1] {
					add(i, c, 1)
				}
			})
		}
		all := rank(equations, -1)
		for at, column := range unknown {
			if n := rows[at[0]].count(countColumn(at[1])); n > 0 && n < least && rank(equations, column) < all {
				t.Fatalf("round %d: row %d column %d can be reckoned: %+v", round, at[0], at[1], rows)
			}
		}
	}
}

// rank is that of the equations without one column.
func rank(equations [][]float64, without int) int {
	m := make([][]float64, len(equations))
	for i, e := range equations {
		m[i] = append([]float64{}, e...)
		if without >= 0 {
			m[i][without] = 0
		}
	}
	r := 0
	for c := 0; len(m) > 0 && c < len(m[0]); c++ {
		pivot := -1
		for i := r; i < len(m); i++ {
			if math.Abs(m[i][c]) > 1e-9 && (pivot < 0 || math.Abs(m[i][c]) > math.Abs(m[pivot][c])) {
				pivot = i
			}
		}
		if pivot < 0 {
			continue
		}
		m[r], m[pivot] = m[pivot], m[r]
		for i := range m {
			if i != r {
				f := m[i][c] / m[r][c]
				for k := range m[i] {
					m[i][k] -= f * m[r][k]
				}
			}
		}
		r++
	}
	return r
}

func TestSuppressVerdicts(t *testing.T) {
	table := &Table{By: ByVerdict, Total: TableRow{Links: 10_030, Verified: 10_000, Mislinked: 3, Review: 27}}
	for _, v := range verdictOrder {
		r := TableRow{Key: v.String(), Links: table.Total.Links}
		*r.verdict(v) = *table.Total.verdict(v)
		table.Rows = append(table.Rows, r)
	}
	table.rates()
	table.suppress(5)
	shown := ""
	for i := range table.Rows {
		shown += table.Rows[i].countText(table.rateColumn(&table.Rows[i])) + " "
	}
	if shown != "X X 0 0 10,000 " {
		t.Errorf("%s", shown)
	}
}

func TestSuppressedTableOutputs(t *testing.T) {
	findings := append(sampleFindings(), manyFindings(40, 3)...)
	run := sampleRun(findings...)
	audit := openFolder(t, writeFolder(t, FolderOptions{KeyFile: keyFile(t)}, run, findings))
	for _, by := range Dimensions {
		table, err := audit.Table(TableOptions{By: by, Suppress: 10})
		if err != nil {
			t.Fatal(err)
		}
		both(t, func(t *testing.T, l words.Lang) {
			var b bytes.Buffer
			if err := table.WriteTerminal(&b, l); err != nil {
				t.Fatal(err)
			}
			fits80(t, b.String())
			if !strings.Contains(b.String(), strings.SplitN(suppressedNote.In(l), "%", 2)[0][:2]) {
				t.Errorf("no note: %s", &b)
			}
			b.Reset()
			if err := table.WriteCSV(&b, l); err != nil {
				t.Fatal(err)
			}
		})
		var b bytes.Buffer
		if err := table.WriteJSON(&b); err != nil {
			t.Fatal(err)
		}
		var back struct {
			Suppressed int64            `json:"suppressed_below"`
			Rows       []map[string]any `json:"rows"`
			Total      map[string]any   `json:"total"`
			Run        map[string]any   `json:"run"`
		}
		if err := json.Unmarshal(b.Bytes(), &back); err != nil || back.Suppressed != 10 || len(back.Rows) != len(table.Rows) || back.Run["id"] != run.ID {
			t.Fatalf("%v %s", err, &b)
		}
		for i, row := range back.Rows {
			for v, c := range verdictColumns {
				if v == linkage.Verified {
					continue
				}
				if n := table.Rows[i].count(c); (n > 0 && n < 10) && row[v.String()] != nil {
					t.Errorf("by %s: %s of %v is shown", by, v, row)
				}
			}
		}
	}
	plain, err := audit.Table(TableOptions{By: ByPrefecture})
	if err != nil || plain.suppressed != 0 {
		t.Errorf("%v: nothing is withheld unless it is asked for", err)
	}
}
