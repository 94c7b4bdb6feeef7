package linkage

import (
	"context"
	"path/filepath"
	"testing"
)

// A row that fits two residents alike is for people to look at, unless something
// in it or around it tells them apart.
func TestRowsThatFitTwoResidentsAlikeAreAmbiguous(t *testing.T) {
	first := newcomer
	second := first
	second.address, second.household = "北海道函館市末広町4番5号", "H90002"
	with := func(change func(*resident)) resident { p := first; change(&p); return p }
	bare := with(func(p *resident) { p.address = "" })
	for _, c := range []struct {
		what   string
		other  func(*resident) // how the second differs
		row    resident
		own    bool // the second has a record of its own, with its address
		family bool // the row before is of the holder's household
		want   bool
	}{
		{what: "no address", row: bare, want: true},
		{what: "no address, written otherwise", row: with(func(p *resident) { p.address, p.kana, p.birth = "", "ｼﾖｳｼﾞ ｵｻﾑ", "昭和36年7月8日" }), want: true},
		{what: "no kana either", row: with(func(p *resident) { p.address, p.kana = "", "" }), want: true},
		{what: "no sex either", row: with(func(p *resident) { p.address, p.sex = "", "" }), want: true},
		{what: "an address of neither", row: with(func(p *resident) { p.address = "沖縄県那覇市首里金城町1丁目1番" }), want: true},
		{what: "the holder's address", row: first},
		{what: "only the municipality of the holder", row: with(func(p *resident) { p.address = "東京都八王子市" })},
		{what: "kana alone", row: kanaOnly(first)},
		{what: "another birth date", row: bare, other: func(p *resident) { p.birth = "1961-07-09" }},
		{what: "the other sex", row: bare, other: func(p *resident) { p.sex = "女" }},
		{what: "other characters, and the row has them", row: bare, other: func(p *resident) { p.name = "庄司　治" }},
		{what: "other characters, and the row has kana only", row: with(func(p *resident) { p.address, p.name = "", "" }),
			other: func(p *resident) { p.name = "庄司　治" }, want: true},
		{what: "another reading, and the row has none", row: with(func(p *resident) { p.address, p.kana = "", "" }),
			other: func(p *resident) { p.kana = "トウカイリン　オサム" }, want: true},
		{what: "another family name in the row", row: with(func(p *resident) { p.address, p.name, p.kana = "", "勅使河原　修", "テシガワラ　オサム" })},
		{what: "the other has a record of its own", row: bare, own: true},
		{what: "the row stands among those of the holder's household", row: bare, family: true},
	} {
		t.Run(c.what, func(t *testing.T) {
			people := townspeople(4000)
			people[100], people[2100] = first, second
			people[101].household, people[101].address = first.household, first.address
			if c.other != nil {
				c.other(&people[2100])
			}
			s := newScene(t, people)
			line := int64(0)
			for i := range 1500 {
				switch {
				case i == 100, i == 101:
				case i == 200 && c.own:
					s.link(number(2100), people[2100])
				case i == 299 && c.family:
					s.link(number(101), people[101])
				case i == 300:
					s.link(number(100), c.row)
					line = s.line
				default:
					s.link(number(i), people[i])
				}
			}
			got := s.audit(t, 2)
			f := got.at(line)
			if ambiguous := f != nil && f.Ambiguous; ambiguous != c.want {
				t.Fatalf("ambiguous is %v: %+v", ambiguous, f)
			}
			if !c.want {
				return
			}
			if f.Verdict != Review || len(f.Candidates) == 0 || !f.Candidates[0].Alike || f.Candidates[0].Number != number(2100) {
				t.Errorf("%v, %+v", f.Verdict, f.Candidates)
			}
			if n := got.run.Counts[0].Ambiguous; n != 1 {
				t.Errorf("%d ambiguous findings are counted", n)
			}
		})
	}
}

// Ambiguous links come after those that are likely to be wrong, and only if they
// are wanted.
func TestAmbiguousLinksWithinABudget(t *testing.T) {
	people := townspeople(4000)
	const doubles = 40
	for i := range doubles {
		people[2000+10*i] = people[10*i]
		people[2000+10*i].address = "北海道函館市末広町4番5号"
		people[2000+10*i].household += "X"
	}
	s := newScene(t, people)
	for i := range 1500 {
		p := people[i]
		if i < 10*doubles && i%10 == 0 {
			p.address = ""
		} else if i < 10*doubles && i%10 == 1 { // of the same household: its row would tell
			continue
		}
		s.link(number(i), p)
	}
	for _, c := range []struct {
		budget int
		off    bool
		want   int
	}{{0, false, doubles}, {7, false, 7}, {0, true, 0}} {
		s.write(t, "medical.csv", s.links.String())
		cfg := DefaultConfig()
		cfg.Register.Path = filepath.Join(s.dir, "register.csv")
		cfg.Links = []Source{{Dataset: "medical", Path: filepath.Join(s.dir, "medical.csv")}}
		cfg.ReviewBudget, cfg.ReviewAmbiguous = c.budget, !c.off
		got := &collected{}
		if _, err := Audit(context.Background(), cfg, Options{Key: []byte("key of the tests, 32 bytes long!")}, got); err != nil {
			t.Fatal(err)
		}
		n := 0
		for i := range got.findings {
			if f := &got.findings[i]; f.Ambiguous {
				n++
				if f.Verdict != Review || f.PWrong >= cfg.ReviewFloor {
					t.Errorf("%v with p %.4f", f.Verdict, f.PWrong)
				}
			}
		}
		if n != c.want {
			t.Errorf("budget %d: %d ambiguous links in review, want %d", c.budget, n, c.want)
		}
	}
}
