package report

import (
	"bytes"
	"testing"

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
