package linkage

import (
	"bytes"
	"context"
	"encoding/json"
	"path/filepath"
	"reflect"
	"testing"

	"pgregory.net/rapid"

	"github.com/himozuke/himozuke/fixtures"
	"github.com/himozuke/himozuke/score"
)

// town is a synthetic town with every kind of fault.
func town(t *testing.T) Config {
	t.Helper()
	dir := t.TempDir()
	if _, err := fixtures.Generate(context.Background(), fixtures.Options{Dir: dir, People: 6000, Seed: 31, FaultRate: 0.02, Hard: true}); err != nil {
		t.Fatal(err)
	}
	cfg := DefaultConfig()
	cfg.Register.Path = filepath.Join(dir, "register.csv")
	for _, name := range []string{"medical", "bank", "disability"} {
		cfg.Links = append(cfg.Links, Source{Dataset: name, Path: filepath.Join(dir, name+".csv")})
	}
	return cfg
}

func auditTown(t *testing.T, cfg Config) *collected {
	t.Helper()
	c := &collected{}
	if _, err := Audit(context.Background(), cfg, Options{Key: []byte("key of the tests, 32 bytes long!")}, c); err != nil {
		t.Fatal(err)
	}
	return c
}

func asJSON(t *testing.T, x any) []byte {
	t.Helper()
	text, err := json.Marshal(x)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func TestSelfCheckDoesNotTouchTheFindings(t *testing.T) {
	cfg := town(t)
	with := auditTown(t, cfg)
	cfg.SelfCheck = false
	without := auditTown(t, cfg)
	if with.run.SelfCheck == nil || without.run.SelfCheck != nil {
		t.Fatal("the self-check must run if and only if the configuration says so")
	}
	if len(with.findings) < 100 || !bytes.Equal(asJSON(t, with.findings), asJSON(t, without.findings)) {
		t.Errorf("%d findings with the self-check, %d without, or they differ", len(with.findings), len(without.findings))
	}
	for name, pair := range map[string][2]any{
		"counts": {with.run.Counts, without.run.Counts}, "groups": {with.run.Groups, without.run.Groups},
		"blocks": {with.run.Blocks, without.run.Blocks}, "integrity": {with.run.Integrity, without.run.Integrity},
		"budgets": {with.run.Budgets, without.run.Budgets},
	} {
		if !reflect.DeepEqual(pair[0], pair[1]) {
			t.Errorf("%s differ with the self-check", name)
		}
	}
}

func TestSelfCheckIsTheSameForAnyJobs(t *testing.T) {
	cfg := town(t)
	cfg.Jobs = 1
	one := auditTown(t, cfg)
	cfg.Jobs = 3
	three := auditTown(t, cfg)
	if !reflect.DeepEqual(one.run.SelfCheck, three.run.SelfCheck) {
		t.Errorf("one job:\n%+v\nthree jobs:\n%+v", one.run.SelfCheck, three.run.SelfCheck)
	}
	if !reflect.DeepEqual(one.run.Integrity, three.run.Integrity) || !reflect.DeepEqual(one.run.Budgets, three.run.Budgets) {
		t.Error("integrity or budgets depend on the number of jobs")
	}
}

func TestSelfCheckMeasuresRecall(t *testing.T) {
	check := auditTown(t, town(t)).run.SelfCheck
	var planted [Causes]int64
	var traced, found, owners int64
	for _, x := range check.Seeded {
		if x.Traced > x.Planted || x.Mislinked+x.Review > x.Traced || x.Owner > x.Mislinked+x.Review {
			t.Errorf("%s by %v: counts do not nest: %+v", x.Dataset, x.Cause, x)
		}
		planted[x.Cause] += x.Planted
		traced += x.Traced
		found += x.Mislinked + x.Review
		owners += x.Owner
	}
	for _, cause := range seededCauses {
		if planted[cause] == 0 {
			t.Errorf("no fault by %v was planted", cause)
		}
	}
	if traced < 100 || float64(found) < 0.95*float64(traced) || float64(owners) < 0.9*float64(found) {
		t.Errorf("%d traced, %d found, %d owners right: the audit finds nearly all of these", traced, found, owners)
	}
	if d := check.Decoys; d.Decoys != 300 || d.People != 6000 || d.Named > 2 || d.Listed == 0 {
		t.Errorf("decoys %+v: hardly anybody should be taken for one", d)
	}
}

// An audit that calls next to nothing wrong must say so of itself.
func TestSelfCheckNoticesABlindAudit(t *testing.T) {
	cfg := town(t)
	found := func() (n int64) {
		for _, x := range auditTown(t, cfg).run.SelfCheck.Seeded {
			n += x.Mislinked + x.Review
		}
		return n
	}
	seeing := found()
	cfg.ReviewFloor, cfg.MaxFDR = 1, 0
	if blind := found(); blind > seeing/2 {
		t.Errorf("%d planted faults found, %d where only what is wholly certain may be called wrong", seeing, blind)
	}
}

func TestReviewBudget(t *testing.T) {
	cfg := town(t)
	cfg.SelfCheck = false
	cfg.ReviewFloor = 0.001
	all := auditTown(t, cfg)
	cfg.ReviewBudget = 5
	few := auditTown(t, cfg)
	review := func(c *collected) (list []float64) {
		for i := range c.findings {
			if c.findings[i].Verdict == Review {
				list = append(list, c.findings[i].PWrong)
			}
		}
		return list
	}
	long, short := review(all), review(few)
	if len(long) <= 5 || len(short) != 5 {
		t.Fatalf("%d in review without a budget, %d with a budget of 5", len(long), len(short))
	}
	least, better := 1.0, 0
	for _, p := range short {
		least = min(least, p)
	}
	for _, p := range long {
		if p > least {
			better++
		}
	}
	if better > 4 {
		t.Errorf("%d links are likelier to be wrong than the last of 5 in review", better)
	}
	if !reflect.DeepEqual(all.run.Budgets, few.run.Budgets) {
		t.Error("what a budget would find must not depend on the budget that was set")
	}
	last := ReviewBudget{}
	for _, b := range all.run.Budgets {
		if b.Links <= last.Links || b.Wrong < last.Wrong || b.Wrong > float64(b.Links) || last.Links > 0 && b.Last > last.Last {
			t.Errorf("budgets are not in order: %+v after %+v", b, last)
		}
		last = b
	}
}

func TestReviewBudgetsOfAFewLinks(t *testing.T) {
	list := reviewBudgets([]float64{0.8, 0.5, 0.25, 0.25, 0.2})
	want := []ReviewBudget{{1, 0.8, 0.8}, {3, 1.55, 0.25}, {5, 2, 0.2}}
	if !reflect.DeepEqual(list, want) {
		t.Errorf("got %v, want %v", list, want)
	}
	if steps := reviewBudgets(make([]float64, 400)); len(steps) != 7 || steps[4].Links != 100 || steps[5].Links != 300 {
		t.Errorf("got %v, want 1, 3, 10, 30, 100, 300, 400", steps)
	}
}

// Whoever has the name of a shadow's holder must not be passed over by its outline.
func TestOutlineIsOfTheNameNotOfItsSpace(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		kana := rapid.SliceOfN(rapid.ByteRange(1, 0x60), 0, 12).Draw(t, "kana")
		kanji := rapid.SliceOfN(rapid.Uint16(), 0, 6).Draw(t, "kanji")
		divided := func() (p score.Person) {
			if len(kana) > 0 {
				at := rapid.IntRange(1, len(kana)).Draw(t, "kana cut")
				p.Kana.Family, p.Kana.Given = kana[:at], kana[at:]
			}
			if len(kanji) > 0 {
				at := rapid.IntRange(1, len(kanji)).Draw(t, "cut")
				p.Name.Family, p.Name.Given = kanji[:at], kanji[at:]
			}
			return p
		}
		a, b := divided(), divided()
		if nameKey(&a) != nameKey(&b) || nameOutline(&a) != nameOutline(&b) {
			t.Fatalf("%+v and %+v", a, b)
		}
	})
}
