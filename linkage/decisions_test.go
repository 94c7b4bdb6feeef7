package linkage

import (
	"context"
	"encoding/json"
	"fmt"
	"math"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/himozuke/himozuke/score"
)

// toldDecisions is a database of decisions as a test has it.
type toldDecisions struct {
	on    map[string]Decided // by record id
	state map[string]DecisionState
	cases int
}

func (d *toldDecisions) Cases(dataset string) int {
	if dataset != "medical" {
		return 0
	}
	return d.cases
}

func (d *toldDecisions) Mentions(_ string, record, _ []byte) bool {
	_, ok := d.on[string(record)]
	return ok
}

func (d *toldDecisions) On(f *Finding) (Decided, DecisionState) {
	decided, ok := d.on[f.RecordID]
	switch {
	case !ok:
		return decided, DecisionNone
	case d.state[f.RecordID] != 0:
		return Decided{}, d.state[f.RecordID]
	}
	return decided, DecisionHolds
}

func (s *scene) train(t *testing.T, jobs int, d Decisions) *ModelFile {
	t.Helper()
	s.write(t, "medical.csv", s.links.String())
	cfg := DefaultConfig()
	cfg.Jobs = jobs
	cfg.Register.Path = filepath.Join(s.dir, "register.csv")
	cfg.Links = []Source{{Dataset: "medical", Path: filepath.Join(s.dir, "medical.csv")}}
	m, err := Train(context.Background(), cfg, Options{Key: []byte("key of the tests, 32 bytes long!")}, d)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// twins is a town in whose links every tenth row names the holder's twin: all
// agrees but the given name, and nothing tells the learner that this is wrong.
func twins(t *testing.T) (s *scene, wrong []string) {
	people := townspeople(3000)
	s = newScene(t, people)
	for i := range people {
		p := people[i]
		if i%10 == 7 {
			p.name, p.kana = strings.Split(p.name, "　")[0]+"　朔之助", strings.Split(p.kana, "　")[0]+"　サクノスケ"
			wrong = append(wrong, fmt.Sprintf("R%04d", s.line+1))
		}
		s.link(number(i), p)
	}
	return s, wrong
}

func givenDiffers(m *ModelFile) float64 {
	worst := 0.0
	for _, w := range m.Datasets["medical"].Model.Weights() {
		if w.Comparison == "given" && strings.Contains(w.Level, "kanji=different kana=different") {
			worst = w.M
		}
	}
	return worst
}

// Decisions move m where the links alone teach it wrongly; few of them move it
// little; whatever is not usable is counted and moves nothing. The model does
// not depend on the number of workers.
func TestTrainWithDecisions(t *testing.T) {
	s, wrong := twins(t)
	alone := givenDiffers(s.train(t, 2, nil))
	if alone < 0.05 {
		t.Fatalf("m of another given name is %g without decisions: the test shows nothing", alone)
	}
	d := &toldDecisions{on: map[string]Decided{}, state: map[string]DecisionState{}}
	hypotheses := []CausePrior{{NoCause, 0.99, 0.2}, {Family, 2e-5, 0.7}, {UnknownOwner, 1e-5, 0.1}}
	for i, record := range wrong[:100] {
		d.on[record] = Decided{Wrong: true, Weight: 3, Run: fmt.Sprint("night ", i%2), Hypotheses: hypotheses}
	}
	for i := 10; i < 60; i++ {
		if i%10 != 7 {
			d.on[fmt.Sprintf("R%04d", i+2)] = Decided{Weight: 50, Run: "night 0", Hypotheses: hypotheses}
		}
	}
	d.state[wrong[0]], d.state[wrong[1]] = DecisionChanged, DecisionUnsettled
	d.cases = len(d.on) + 5
	taught := s.train(t, 2, d)
	if m := givenDiffers(taught); m > alone/20 {
		t.Errorf("m of another given name is %g, %g without decisions", m, alone)
	}
	use := taught.Datasets["medical"].Decisions
	if use.Used != 143 || use.Wrong != 98 || use.Right != 45 || use.Changed != 1 || use.Unsettled != 1 || use.Missing != 5 ||
		use.Weight != 98*3+45*decisionWeightMost || use.Runs["night 0"] != 94 || use.Runs["night 1"] != 49 {
		t.Errorf("%+v", use)
	}
	if again := s.train(t, 1, d); !reflect.DeepEqual(again.Datasets, taught.Datasets) {
		t.Error("the model depends on the number of workers")
	}
	few := &toldDecisions{on: map[string]Decided{wrong[0]: d.on[wrong[0]], wrong[1]: d.on[wrong[1]]}, cases: 2}
	if m := givenDiffers(s.train(t, 2, few)); math.Abs(math.Log2(m/alone)) > 0.1 {
		t.Errorf("two decisions moved m from %g to %g", alone, m)
	}
	// The file keeps it all, and a run goes on from there.
	path := filepath.Join(t.TempDir(), "model.json")
	if err := taught.Write(path); err != nil {
		t.Fatal(err)
	}
	back, err := ReadModel(path)
	if err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(back.Datasets["medical"].Decisions, use) || len(back.Datasets["medical"].Priors) != 2 {
		t.Errorf("%+v", back.Datasets["medical"])
	}
}

// A decision or two leaves the model what the register teaches: it does not
// fall back to what patterns alone do.
func TestFewDecisionsLeaveWhatTheRegisterTeaches(t *testing.T) {
	people := townspeople(4000)
	s := newScene(t, people)
	for i := range people { // names alone, as in a bank file, and many accounts of the family
		p := people[i]
		if i%20 == 0 {
			p = people[i+1]
		}
		p.birth, p.address, p.sex = "", "", ""
		s.link(number(i), p)
	}
	alone := s.train(t, 2, nil).Datasets["medical"].Model.Weights()
	hypotheses := []CausePrior{{NoCause, 0.99, 0.9}, {Family, 2e-5, 0.1}}
	d := &toldDecisions{cases: 2, on: map[string]Decided{
		"R0003": {Weight: 1, Run: "night", Hypotheses: hypotheses}, "R0022": {Wrong: true, Weight: 1, Run: "night", Hypotheses: hypotheses},
	}}
	taught := s.train(t, 2, d)
	if use := taught.Datasets["medical"].Decisions; use.Right != 1 || use.Wrong != 1 {
		t.Fatalf("%+v", use)
	}
	for i, w := range taught.Datasets["medical"].Model.Weights() {
		if math.Abs(w.Bits-alone[i].Bits) > 0.3 {
			t.Errorf("%s %s: %.2f bits, %.2f without the decisions", w.Comparison, w.Level, w.Bits, alone[i].Bits)
		}
	}
}

// The stated prior is worth 20 wrong links.
func TestDecisionsCorrectPriors(t *testing.T) {
	stated := []CausePrior{{NoCause, 0.99, 0.5}, {Family, 1e-5, 0.4}, {Swap, 2e-6, 0.1}}
	decided := func(wrong, right int, weight float64) (list []Decided) {
		for i := range wrong + right {
			list = append(list, Decided{Wrong: i < wrong, Weight: weight, Hypotheses: stated})
		}
		return list
	}
	for name, c := range map[string]struct {
		used         []Decided
		family, swap float64
	}{
		"as stated":  {decided(50, 50, 1), 1, 1},
		"never":      {decided(0, 100, 1), 20.0 / 60, 20.0 / 30},
		"always":     {decided(100, 0, 1), 100.0 / 60, 40.0 / 30},
		"five wrong": {decided(5, 0, 1), 24.0 / 22, 21.0 / 20.5},
		"a sample":   {decided(0, 100, 10), 20.0 / 420, 20.0 / 120},
	} {
		t.Run(name, func(t *testing.T) {
			taught := teachPriors(c.used)
			for cause, want := range map[string]float64{"family": max(1e-5*c.family, priorFloor), "swap": max(2e-6*c.swap, priorFloor)} {
				if got := taught[cause].Prior; math.Abs(got/want-1) > 1e-9 {
					t.Errorf("%s: %g, want %g", cause, got, want)
				}
			}
			if _, ok := taught["namesake"]; ok || len(taught) != 2 {
				t.Errorf("%v: causes that nobody weighed", taught)
			}
		})
	}
	if got := teachPriors(decided(0, 100, 1))["family"].Links; math.Abs(got/(40/1e-5)-1) > 1e-9 {
		t.Errorf("worth %g links", got)
	}
	if one := teachPriors(decided(1, 0, 1)); len(one) != 0 {
		t.Errorf("one decision corrects %v", one)
	}
	if len(teachPriors(nil)) != 0 {
		t.Error("priors from no decisions")
	}
}

// A run takes a taught prior for what it saw before.
func TestTaughtPriorsCount(t *testing.T) {
	people := townspeople(3000)
	s := newScene(t, people)
	for i := range 1500 {
		if i%100 == 50 {
			s.link(number(i+1500), people[i])
		} else {
			s.link(number(i), people[i])
		}
	}
	audit := func(priors map[string]TaughtPrior) float64 {
		s.write(t, "medical.csv", s.links.String())
		cfg := DefaultConfig()
		cfg.SelfCheck = false
		cfg.Register.Path = filepath.Join(s.dir, "register.csv")
		cfg.Links = []Source{{Dataset: "medical", Path: filepath.Join(s.dir, "medical.csv")}}
		c := &collected{}
		model := &ModelFile{Format: modelFormat, Datasets: map[string]DatasetModel{"medical": {Model: score.DefaultModel(), Priors: priors}}}
		if _, err := Audit(context.Background(), cfg, Options{Key: []byte("key of the tests, 32 bytes long!"), Model: model}, c); err != nil {
			t.Fatal(err)
		}
		for _, f := range c.findings {
			for _, p := range f.Priors {
				if p.Cause == UnknownOwner {
					return p.Prior
				}
			}
		}
		t.Fatal("no finding states its priors")
		return 0
	}
	alone := audit(nil)
	if same := audit(map[string]TaughtPrior{}); same != alone {
		t.Errorf("no priors give %g, none taught %g", alone, same)
	}
	if taught := audit(map[string]TaughtPrior{"unknown_owner": {Prior: 2e-6, Links: 1e9}}); math.Abs(taught/2e-6-1) > 0.3 {
		t.Errorf("taught by a billion links: %g", taught)
	}
	if taught := audit(map[string]TaughtPrior{"unknown_owner": {Prior: 2e-6, Links: 10}}); math.Abs(taught/alone-1) > 0.1 {
		t.Errorf("taught by ten links: %g, alone %g", taught, alone)
	}
}

func TestModelWithImpossiblePriors(t *testing.T) {
	for name, priors := range map[string]map[string]TaughtPrior{
		"no such cause": {"weather": {1e-5, 10}}, "no cause": {"": {1e-5, 10}}, "certain": {"family": {1, 10}}, "never": {"family": {0, 10}},
		"negative": {"family": {1e-5, -1}},
	} {
		f := &ModelFile{Format: modelFormat, Datasets: map[string]DatasetModel{"medical": {Model: score.DefaultModel(), Priors: priors}}}
		path := filepath.Join(t.TempDir(), "model.json")
		if err := f.Write(path); err != nil {
			t.Fatal(err)
		}
		if _, err := ReadModel(path); err == nil || !strings.Contains(err.Error(), "not usable") {
			t.Errorf("%s: %v", name, err)
		}
	}
	if text, _ := json.Marshal(DatasetModel{Model: score.DefaultModel()}); strings.Contains(string(text), "decisions") || strings.Contains(string(text), "priors") {
		t.Error("a model without decisions speaks of them")
	}
}
