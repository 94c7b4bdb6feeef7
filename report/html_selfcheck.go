package report

import (
	"database/sql"
	"encoding/json"

	"github.com/himozuke/himozuke/linkage"
	"github.com/himozuke/himozuke/report/words"
)

// selfCheckJSON is what the database keeps of a self-check; null without one.
func selfCheckJSON(check *linkage.SelfCheck) any {
	if check == nil {
		return nil
	}
	text, err := json.Marshal(summarizeSelfCheck(check))
	if err != nil {
		return nil // counts and shares always make JSON
	}
	return string(text)
}

// addSelfCheck shows what became of the faults that the run planted in a shadow
// copy, by cause over all datasets, and what the decoys say of false alarms.
func (p *page) addSelfCheck() error {
	var text sql.NullString
	if err := p.audit.db.QueryRow("SELECT self_check_json FROM runs WHERE run_id = ?", p.run.rowID).Scan(&text); err != nil {
		return databaseProblem(p.audit.path, err)
	}
	if !text.Valid {
		return nil
	}
	var check SummarySelfCheck
	if err := json.Unmarshal([]byte(text.String), &check); err != nil {
		return &Problem{Kind: ProblemDatabaseBroken, Path: p.audit.path, Err: err}
	}
	byCause := map[string]*SummarySeeded{}
	for i := range check.Seeded {
		x := &check.Seeded[i]
		t := byCause[x.Cause]
		if t == nil {
			t = &SummarySeeded{}
			byCause[x.Cause] = t
		}
		t.Planted += x.Planted
		t.Traced += x.Traced
		t.Mislinked += x.Mislinked
		t.Review += x.Review
	}
	t := &p.SelfCheck
	t.Caption = p.text("self-check")
	t.column(headingCause.In(p.lang), false)
	for _, h := range []words.Text{headingPlanted, headingTrace, headingFound, headingInterval, headingCertain} {
		t.column(h.In(p.lang), true)
	}
	for cause := linkage.NoCause; cause < linkage.Causes; cause++ {
		x := byCause[cause.String()]
		if x == nil || x.Planted == 0 {
			continue
		}
		found, certain := share(x.Mislinked+x.Review, x.Traced), share(x.Mislinked, x.Traced)
		t.add("", words.Cause(cause).In(p.lang), grouped(x.Planted), grouped(x.Traced), found.text(), found.interval(p.lang), certain.text())
	}
	d := &check.Decoys
	if d.Decoys > 0 {
		p.Decoys = decoyLine.Format(p.lang, grouped(d.Decoys), grouped(d.Named), grouped(d.Listed), d.Expected, d.Low, d.High)
	}
	return nil
}
