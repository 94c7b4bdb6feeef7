package report

import (
	"bytes"
	"testing"

	"github.com/himozuke/himozuke/linkage/ingest"
	"github.com/himozuke/himozuke/report/words"
)

func TestExplain(t *testing.T) {
	audit := sampleAudit(t)
	for name, id := range map[string]string{"family": "c0ffee0000000001", "orphan": "c0ffee0000000002", "namesake": "c0ffee0000000003"} {
		t.Run(name, func(t *testing.T) {
			both(t, func(t *testing.T, l words.Lang) {
				c, err := audit.Case(id)
				if err != nil {
					t.Fatal(err)
				}
				var b bytes.Buffer
				if err := c.WriteTerminal(&b, l); err != nil {
					t.Fatal(err)
				}
				fits80(t, b.String())
				golden(t, "explain."+name+"."+l.String()+".txt", b.Bytes())
			})
		})
	}
}

// A postal code written otherwise is the same postal code.
func TestMarkOfPostalCodes(t *testing.T) {
	for pair, want := range map[[2]string]string{
		{"1000001", "1000001"}: "=", {"100-0001", "1000001"}: "~", {"〒１００－０００１", "100-0001"}: "~",
		{"1000001", "1000002"}: "x", {"0000000", "000-0000"}: "x", {"", "1000001"}: " ",
	} {
		key := ingest.RolePostalCode.String()
		e := explainer{Case: &Case{Record: Fields{Known: map[string]string{key: pair[0]}}, Holder: Fields{Known: map[string]string{key: pair[1]}}}}
		if got := e.mark(ingest.RolePostalCode); got != want {
			t.Errorf("%v: %q, want %q", pair, got, want)
		}
	}
}
