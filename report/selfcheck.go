package report

import (
	"fmt"

	"github.com/himozuke/himozuke/linkage"
	"github.com/himozuke/himozuke/report/words"
)

// SummaryIntegrity counts what the keys of one dataset say.
type SummaryIntegrity struct {
	Dataset      string `json:"dataset"`
	Key          string `json:"key"` // account, certificate, symbol, or empty
	Keys         int64  `json:"keys"`
	SharedKeys   int64  `json:"shared_keys"`   // on several numbers
	FamilyKeys   int64  `json:"family_keys"`   // of these, within one family
	DoubleClaims int64  `json:"double_claims"` // records beside another valid one of the same number, both right
}

// SummarySelfCheck is what the run measured on itself, without labels.
type SummarySelfCheck struct {
	Seeded []SummarySeeded `json:"seeded"`
	Decoys SummaryDecoys   `json:"decoys"`
}

// SummarySeeded is what became of the faults of one cause that were planted in
// a shadow copy of verified links.
type SummarySeeded struct {
	Dataset   string `json:"dataset"`
	Cause     string `json:"cause"`
	Planted   int64  `json:"planted"`
	Traced    int64  `json:"traced"` // those that differ at all in the row
	Mislinked int64  `json:"mislinked"`
	Review    int64  `json:"review"`
	Owner     int64  `json:"owner_right"`
	Recall    Share  `json:"recall"` // mislinked or review, of the traced
	Certain   Share  `json:"recall_mislinked"`
}

// SummaryDecoys estimates false discoveries from people who do not exist.
type SummaryDecoys struct {
	Decoys   int64   `json:"decoys"`
	Named    int64   `json:"named"` // links that would be mislinked with a decoy as owner
	Listed   int64   `json:"mislinked"`
	Expected float64 `json:"expected_false"`     // scaled to the register
	Low      float64 `json:"expected_false_low"` // 95% interval by Wilson
	High     float64 `json:"expected_false_high"`
}

// SummaryBudget foretells what looking at so many links would find.
type SummaryBudget struct {
	Links     int64   `json:"links"`
	Wrong     float64 `json:"expected_wrong"`
	Precision float64 `json:"expected_precision"`
	PWrong    float64 `json:"p_wrong_of_last"`
}

func summarizeIntegrity(run *linkage.Run) []SummaryIntegrity {
	list := []SummaryIntegrity{}
	for _, in := range run.Integrity {
		list = append(list, SummaryIntegrity(in))
	}
	return list
}

func summarizeBudgets(run *linkage.Run) []SummaryBudget {
	list := []SummaryBudget{}
	for _, b := range run.Budgets {
		list = append(list, SummaryBudget{b.Links, rounded(b.Wrong, 3), rounded(b.Wrong/float64(b.Links), 4), rounded(b.Last, 6)})
	}
	return list
}

func summarizeSelfCheck(check *linkage.SelfCheck) *SummarySelfCheck {
	if check == nil {
		return nil
	}
	s := &SummarySelfCheck{Seeded: []SummarySeeded{}, Decoys: summarizeDecoys(&check.Decoys)}
	for _, x := range check.Seeded {
		s.Seeded = append(s.Seeded, SummarySeeded{
			Dataset: x.Dataset, Cause: x.Cause.String(), Planted: x.Planted, Traced: x.Traced,
			Mislinked: x.Mislinked, Review: x.Review, Owner: x.Owner,
			Recall: share(x.Mislinked+x.Review, x.Traced), Certain: share(x.Mislinked, x.Traced),
		})
	}
	return s
}

// summarizeDecoys scales what the decoys did to a register's worth of them.
func summarizeDecoys(d *linkage.DecoyCheck) SummaryDecoys {
	people := float64(d.People)
	s := SummaryDecoys{Decoys: d.Decoys, Named: d.Named, Listed: d.Listed}
	if d.Decoys > 0 {
		bounds := wilson(min(d.Named, d.Decoys), d.Decoys)
		s.Expected = rounded(float64(d.Named)/float64(d.Decoys)*people, 2)
		s.Low, s.High = rounded(bounds.low*people, 2), rounded(bounds.high*people, 2)
	}
	return s
}

var (
	integrityTitle = words.Text{EN: "Keys and double records", JA: "【管理番号の重複及び二重登録】"}
	headingKeys    = words.Text{EN: "Keys", JA: "管理番号"}
	headingShared  = words.Text{EN: "On several\nnumbers", JA: "複数人に\n登録"}
	headingFamily  = words.Text{EN: "Of these\nin a family", JA: "うち\n家族内"}
	headingDoubles = words.Text{EN: "Double valid\nrecords, right", JA: "有効な二重登録\n（本人）"}
)

// integrity shows what the keys say, where any is shared.
func (o *overview) integrity() {
	any := false
	layout := table{columns: []column{
		{heading: labelHeadings[ByDataset].In(o.lang), shrinks: true}, {heading: headingKeys.In(o.lang), align: right},
		{heading: headingShared.In(o.lang), align: right}, {heading: headingFamily.In(o.lang), align: right},
		{heading: headingDoubles.In(o.lang), align: right},
	}}
	for _, in := range o.run.Integrity {
		any = any || in.SharedKeys+in.DoubleClaims > 0
		layout.add(words.Dataset(in.Dataset).In(o.lang), grouped(in.Keys), grouped(in.SharedKeys), grouped(in.FamilyKeys), grouped(in.DoubleClaims))
	}
	if !any {
		return
	}
	fmt.Fprintf(o.out, "\n%s\n", integrityTitle.In(o.lang))
	layout.write(o.out)
}

var (
	checkTitle     = words.Text{EN: "Self-check: faults planted in a shadow copy, without labels", JA: "【自己点検（写しに仕込んだ誤りによる推定）】"}
	headingPlanted = words.Text{EN: "Planted", JA: "仕込み"}
	headingTrace   = words.Text{EN: "With\ntrace", JA: "痕跡\nあり"}
	headingFound   = words.Text{EN: "Found", JA: "検出率"}
	headingCertain = words.Text{EN: "As mis-\nlinked", JA: "うち誤りと\n判定"}
	decoyLine      = words.Text{
		EN: "Decoys: %s people who do not exist stood beside the register; links that took one for the owner: %s. Expected false discoveries among %s mislinked: %.1f (95%% interval %.1f to %.1f).",
		JA: "おとり: 実在しない%s人を台帳に加えて探索し、%s件がその者を真の本人とした。紐付け誤りと判定した%s件中の誤検出の推定は%.1f件（95%%信頼区間 %.1f〜%.1f件）。",
	}
)

// selfCheck sums the planted faults up by cause.
func (o *overview) selfCheck() {
	check := o.run.SelfCheck
	if check == nil || len(check.Seeded) == 0 {
		return
	}
	var total [linkage.Causes]linkage.SeededFaults
	for _, x := range check.Seeded {
		t := &total[x.Cause]
		t.Planted += x.Planted
		t.Traced += x.Traced
		t.Mislinked += x.Mislinked
		t.Review += x.Review
	}
	fmt.Fprintf(o.out, "\n%s\n", checkTitle.In(o.lang))
	layout := table{columns: []column{
		{heading: headingCause.In(o.lang), shrinks: true}, {heading: headingPlanted.In(o.lang), align: right},
		{heading: headingTrace.In(o.lang), align: right}, {heading: headingFound.In(o.lang), align: right},
		{heading: heading95.In(o.lang), align: right}, {heading: headingCertain.In(o.lang), align: right},
	}}
	for cause := range total {
		x := &total[cause]
		if x.Planted == 0 {
			continue
		}
		found, certain := share(x.Mislinked+x.Review, x.Traced), share(x.Mislinked, x.Traced)
		layout.add(words.Cause(linkage.Cause(cause)).In(o.lang), grouped(x.Planted), grouped(x.Traced), found.text(), found.interval(o.lang), certain.text())
	}
	layout.write(o.out)
	d := summarizeDecoys(&check.Decoys)
	writeWrapped(o.out, decoyLine.Format(o.lang, grouped(d.Decoys), grouped(d.Named), grouped(d.Listed), d.Expected, d.Low, d.High))
}
