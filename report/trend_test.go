package report

import (
	"bytes"
	"strings"
	"testing"

	"github.com/himozuke/himozuke/report/words"
)

func TestTrend(t *testing.T) {
	n := newNights(t)
	n.audit(sampleFindings()...)
	first := n.dir
	n.audit(sampleFindings()[:2]...)
	n.audit(sampleFindings()...)
	audit := openFolder(t, n.database)
	trend, err := audit.Trend(TableOptions{})
	if err != nil {
		t.Fatal(err)
	}
	var got [][4]int64
	for _, r := range trend.Runs {
		got = append(got, [4]int64{r.Mislinked, *r.New, *r.Resolved, *r.Reopened})
	}
	want := [][4]int64{{1, 3, 0, 0}, {1, 0, 1, 0}, {1, 0, 0, 1}}
	if len(got) != len(want) {
		t.Fatalf("%v", got)
	}
	for i := range want {
		if got[i] != want[i] {
			t.Errorf("run %d: %v, want %v", i+1, got[i], want[i])
		}
	}
	both(t, func(t *testing.T, l words.Lang) {
		var b bytes.Buffer
		if err := trend.WriteTerminal(&b, l); err != nil {
			t.Fatal(err)
		}
		fits80(t, b.String())
		golden(t, "trend."+l.String()+".txt", b.Bytes())
		page := string(writeHTML(t, audit, HTMLOptions{Lang: l}))
		if !strings.Contains(page, trendTitle.In(l)) || !strings.Contains(page, "2026-11-02 02:00") {
			t.Error("the page shows no trend")
		}
	})
	var b bytes.Buffer
	if err := trend.WriteCSV(&b, words.English); err != nil {
		t.Fatal(err)
	}
	golden(t, "trend.csv", b.Bytes())

	// The report of an earlier folder does not know the nights after it.
	if old, err := openFolder(t, first).Trend(TableOptions{}); err != nil || len(old.Runs) != 1 {
		t.Errorf("%+v, %v", old, err)
	}
	// Links of one place, whose cases are not counted.
	place, err := audit.Trend(TableOptions{Prefecture: "13", Limit: 2})
	if err != nil || len(place.Runs) != 3 || place.Runs[0].New != nil || len(place.shown()) != 2 || place.Runs[0].Links >= trend.Runs[0].Links {
		t.Errorf("%+v, %v", place, err)
	}
	if none, err := audit.Trend(TableOptions{Prefecture: "46"}); err != nil || len(none.Runs) != 0 {
		t.Errorf("%+v, %v", none, err)
	}
}
