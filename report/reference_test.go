package report

import (
	"fmt"
	"testing"
)

// The rates that were published beside the counts, in percent.
func TestReferenceAgreesWithThePublishedRates(t *testing.T) {
	published := map[string]string{"medical": "0.007", "bank": "0.002", "": "0.010"}
	for i := range references {
		r := &references[i]
		if want, ok := published[r.Dataset]; ok {
			if got := fmt.Sprintf("%.3f", r.Rate()/1000); got != want {
				t.Errorf("%s: %s%%, published %s%%", r.Dataset, got, want)
			}
		}
		if r.Scope.JA == "" || r.Source.EN == "" {
			t.Errorf("%s has no scope or source", r.Dataset)
		}
	}
}

func TestReferenceFollowsTheTable(t *testing.T) {
	audit := sampleAudit(t)
	keys := func(o TableOptions) string {
		table, err := audit.Table(o)
		if err != nil {
			t.Fatal(err)
		}
		s := ""
		for _, c := range table.Reference {
			s += "[" + c.Dataset + "]"
		}
		return s
	}
	for want, o := range map[string]TableOptions{
		"[medical][bank][]": {By: ByDataset},
		"[bank]":            {By: ByDataset, Dataset: "bank"},
		"":                  {By: ByCause},
	} {
		if got := keys(o); got != want {
			t.Errorf("%+v: got %s, want %s", o, got, want)
		}
	}
}
