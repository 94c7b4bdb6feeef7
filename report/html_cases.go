package report

import (
	"cmp"
	"database/sql"
	"fmt"
	"slices"

	"github.com/himozuke/himozuke/linkage"
	"github.com/himozuke/himozuke/linkage/ingest"
	"github.com/himozuke/himozuke/report/words"
)

// casePart is one example: both sides, the waterfall and the hypotheses.
type casePart struct {
	Heading    string
	Line       string
	Verdict    string
	Summary    string
	Sides      htmlTable
	Waterfall  *chart
	Weights    htmlTable
	Hypotheses htmlTable
}

// addCases shows the strongest undecided case of each cause, most frequent
// causes first, and one that is left to review.
func (p *page) addCases() error {
	if p.options.Examples <= 0 {
		return nil
	}
	ids, err := p.exampleCases()
	if err != nil {
		return err
	}
	for i, id := range ids {
		c, err := p.audit.Case(id)
		if err != nil {
			return err
		}
		p.Cases = append(p.Cases, p.casePart(c, i+1))
	}
	p.Personal = len(p.Cases) > 0
	return nil
}

// example is the strongest undecided case of a verdict and cause.
type example struct {
	verdict, cause string
	cases          int64 // of this verdict and cause
	pWrong, weight float64
	finding        int64
}

func (x *example) stronger(y *example) bool {
	if x.pWrong != y.pWrong {
		return x.pWrong > y.pWrong
	}
	if x.weight != y.weight {
		return x.weight < y.weight
	}
	return x.finding < y.finding
}

func (p *page) exampleCases() ([]string, error) {
	list, err := p.strongestOfCauses()
	if err != nil {
		return nil, err
	}
	var wrong, review []example
	for _, x := range list {
		if x.verdict == linkage.Review.String() {
			review = append(review, x)
		} else {
			wrong = append(wrong, x)
		}
	}
	if len(review) > 0 && p.options.Examples > 1 {
		wrong = append(wrong[:min(len(wrong), p.options.Examples-1)], review[0])
	}
	ids := []string{}
	for _, x := range wrong[:min(len(wrong), p.options.Examples)] {
		var id string
		if err := p.audit.db.QueryRow("SELECT case_id FROM findings WHERE finding_id = ?", x.finding).Scan(&id); err != nil {
			return nil, databaseProblem(p.audit.path, err)
		}
		ids = append(ids, id)
	}
	return ids, nil
}

const strongestQuery = `SELECT t.verdict, t.cause, t.cases, f.p_wrong, f.weight, f.finding_id
		FROM (SELECT prefecture, verdict, cause, sum(findings) AS cases FROM tallies
			WHERE run_id = ?1 AND (?2 = '' OR prefecture = ?2) AND (?3 = '' OR dataset = ?3) AND verdict IN ('mislinked', 'review')
			GROUP BY 1, 2, 3) t
		JOIN findings f ON f.finding_id = (
			SELECT finding_id FROM findings
			WHERE run_id = ?1 AND prefecture = t.prefecture AND verdict = t.verdict AND cause = t.cause
				AND state <> 'decided' AND (?3 = '' OR dataset = ?3)
			ORDER BY p_wrong DESC, weight, finding_id LIMIT 1)`

// strongestOfCauses lists an example for each verdict and cause, most frequent
// first. Each prefecture's is looked up by an index, which no amount of
// findings makes slow, and the strongest of them is taken.
func (p *page) strongestOfCauses() ([]example, error) {
	var list []example
	at := map[[2]string]int{}
	err := p.audit.query(func(rows *sql.Rows) error {
		var x example
		if err := rows.Scan(&x.verdict, &x.cause, &x.cases, &x.pWrong, &x.weight, &x.finding); err != nil {
			return err
		}
		i, ok := at[[2]string{x.verdict, x.cause}]
		if !ok {
			at[[2]string{x.verdict, x.cause}] = len(list)
			list = append(list, x)
			return nil
		}
		cases := list[i].cases + x.cases
		if x.stronger(&list[i]) {
			list[i] = x
		}
		list[i].cases = cases
		return nil
	}, strongestQuery,
		p.run.rowID, p.options.Prefecture, p.options.Dataset)
	slices.SortFunc(list, func(x, y example) int {
		return cmp.Or(cmp.Compare(y.cases, x.cases), cmp.Compare(x.verdict, y.verdict), cmp.Compare(x.cause, y.cause))
	})
	return list, err
}

func (p *page) casePart(c *Case, n int) casePart {
	c.HideNumbers()
	e := explainer{Case: c, lang: p.lang}
	cause := "-"
	if c.Cause != "" {
		cause = causeText(c.Cause, p.lang)
	}
	part := casePart{
		Heading: exampleHeading.Format(p.lang, n, verdictText(c.Verdict, p.lang), cause),
		Line:    caseLine.Format(p.lang, c.ID) + " · " + linkLine.Format(p.lang, words.Dataset(c.Dataset).In(p.lang), c.RecordID, grouped(c.SourceLine), c.Number),
		Verdict: verdictLine.Format(p.lang, verdictText(c.Verdict, p.lang), cause, posterior(c.PWrong)),
		Summary: c.summaryIn(p.lang),
	}
	p.caseSides(&part.Sides, &e)
	part.Waterfall = waterfallChart(e.steps(), c.Weight, fmt.Sprintf("case%d", n), p)
	p.caseWeights(&part.Weights, &e)
	t := &part.Hypotheses
	t.Caption, t.Class = p.text("hypotheses"), "prose"
	t.column(headingWho.In(p.lang), false)
	t.column(headingPrior.In(p.lang), true)
	t.column(headingPosterior.In(p.lang), true)
	for _, h := range c.Hypotheses {
		cause, _ := words.CauseNamed(h.Cause)
		t.add("", words.Hypothesis(cause).In(p.lang), percent(h.Prior), posterior(h.Posterior))
	}
	return part
}

var markClasses = map[string]string{"=": "same", "~": "close", "x": "differs"}

// caseSides sets record, holder and best owner side by side.
func (p *page) caseSides(t *htmlTable, e *explainer) {
	people := []Fields{e.Record, e.Holder}
	t.Caption, t.Class = p.text("sides"), "sides"
	t.column(fieldHeading.In(p.lang), false)
	t.column(recordHeading.In(p.lang), false)
	t.column(holderHeading.In(p.lang), false)
	if owner := e.owner(); owner != nil {
		people = append(people, owner.Person)
		t.column(ownerHeading.In(p.lang), false)
	}
	t.column(p.text("record against holder"), false)
	for role := ingest.RoleOther + 1; role < ingest.Roles; role++ {
		key := role.String()
		if role == ingest.RoleNumber || role == ingest.RoleRecord || nobodyHas(people, key) {
			continue
		}
		cells := []string{}
		for _, person := range people {
			cells = append(cells, person.Known[key])
		}
		class := markClasses[e.mark(role)]
		mark := ""
		if class != "" {
			mark = p.text("mark " + class)
		}
		t.add(class, words.Role(role).In(p.lang), append(cells, mark)...)
	}
}

// caseWeights is the table behind the waterfall.
func (p *page) caseWeights(t *htmlTable, e *explainer) {
	t.Caption = p.text("weights")
	t.column(headingComp.In(p.lang), false)
	t.column(headingLevel.In(p.lang), false)
	for _, h := range []string{"m", "u", headingAdj.In(p.lang), headingWt.In(p.lang), headingSum.In(p.lang)} {
		t.column(h, true)
	}
	for i, s := range e.steps() {
		level, m, u, adjustment := "", "", "", ""
		if i < len(e.Evidence) {
			x := e.Evidence[i]
			level, m, u, adjustment = words.EvidenceLevel(x.Level, x.Detail).In(p.lang), probability(x.M), probability(x.U), signed(x.Adjustment)
		}
		t.add("", s.label, level, m, u, adjustment, signed(s.shownWeight), signed(s.to))
	}
	t.add("total", totalLabel.In(p.lang), "", "", "", "", signed(e.Weight), "")
}
