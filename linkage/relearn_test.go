package linkage

import (
	"context"
	"encoding/json"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/himozuke/himozuke/score"
)

// kanaOnly is what a bank row holds of a person.
func kanaOnly(p resident) resident { return resident{kana: p.kana} }

func (c *collected) mOf(t *testing.T, comparison, level string) float64 {
	t.Helper()
	for _, w := range c.run.Model.Datasets["medical"].Model.Weights() {
		if w.Comparison == comparison && w.Level == level {
			return w.M
		}
	}
	t.Fatalf("no %s %s", comparison, level)
	return 0
}

// Rows of family members do not teach that given names differ: the register
// shows whose they are. What an audit learns is what train writes.
func TestFamilyLinksAreNotLearnedAsRight(t *testing.T) {
	people := townspeople(6000)
	s := newScene(t, people)
	for i := range 4000 {
		if i%100 == 50 && people[i].kana != people[i+1].kana {
			s.link(number(i), kanaOnly(people[i+1]))
		} else {
			s.link(number(i), kanaOnly(people[i]))
		}
	}
	got := s.audit(t, 2)
	if m := got.mOf(t, "given", "kanji=unknown kana=different"); m > 1e-3 {
		t.Errorf("m of another given name is %.5f, though no right link has one", m)
	}
	for i := 50; i < 4000; i += 100 {
		line := int64(2 + i)
		if people[i].kana == people[i+1].kana {
			continue
		}
		if f := got.at(line); f == nil || f.Cause != Family {
			t.Fatalf("line %d is not found as a family member's", line)
		}
	}
	cfg := got.run.Config
	cfg.Register.Path, cfg.Links[0].Path = filepath.Join(s.dir, "register.csv"), filepath.Join(s.dir, "medical.csv")
	trained, err := Train(context.Background(), cfg, Options{}, nil)
	if err != nil {
		t.Fatal(err)
	}
	want, _ := json.Marshal(got.run.Model.Datasets)
	have, _ := json.Marshal(trained.Datasets)
	if string(want) != string(have) {
		t.Error("train learned another model than the audit")
	}
}

// A row that holds nothing to tell two residents apart is never called
// mislinked; where something else speaks against the holder, people look at it.
func TestUndecidablePairsAreNeverMislinked(t *testing.T) {
	people := townspeople(4000)
	first := newcomer
	second := first
	second.address, second.household = "北海道函館市末広町4番5号", "H90002"
	people[100], people[2100] = first, second
	without := func(p resident) resident { p.address = ""; return p }
	moved := func(p resident) resident { p.address = "沖縄県那覇市首里金城町1丁目1番"; return p }
	s := newScene(t, people)
	var undecidable []int64
	for i := range 1500 {
		switch i {
		case 200:
			s.link(number(100), without(first))
			undecidable = append(undecidable, s.line)
		case 300:
			s.link(number(2100), without(first))
			undecidable = append(undecidable, s.line)
		case 400: // neither address
			s.link(number(2100), moved(first))
			undecidable = append(undecidable, s.line)
		case 500: // and the holder has a record already
			s.link(number(100), first)
		case 600:
			s.link(number(100), moved(second))
			undecidable = append(undecidable, s.line)
		case 700: // the address tells
			s.link(number(100), second)
			if got := s.line; got != 702 {
				t.Fatal(got)
			}
		default:
			s.link(number(i), people[i])
		}
	}
	got := s.audit(t, 2)
	for _, line := range undecidable {
		if f := got.at(line); f != nil && f.Verdict != Review {
			t.Errorf("line %d: %v by %v (p %.4f)", line, f.Verdict, f.Cause, f.PWrong)
		}
	}
	if f := got.at(undecidable[len(undecidable)-1]); f == nil {
		t.Error("a second record that fits two residents alike is not in review")
	}
	if f := got.at(702); f == nil || f.Verdict != Mislinked || f.Owner == nil || f.Owner.Number != number(2100) {
		t.Error("the owner is not named where the address tells")
	}
}

// The family name before a marriage is often the name of somebody in the
// household: it convicts only where the given name does.
func TestNameOfTheHouseholdDoesNotConvict(t *testing.T) {
	people := townspeople(4000)
	home := "茨城県結城市江川新宿3丁目25番28号"
	people[100] = resident{"野並　美穂", "ノナミ　ミホ", "1979-02-18", "女", home, "H90001"}
	people[101] = resident{"大蒔　美穂", "オオマキ　ミホ", "1955-05-23", "女", home, "H90001"}
	people[102] = resident{"大蒔　耕三", "オオマキ　コウゾウ", "1950-01-11", "男", home, "H90001"}
	s := newScene(t, people)
	for i := range 1500 {
		switch i {
		case 100:
			s.link(number(100), kanaOnly(people[101])) // the maiden name, or the mother
		case 300:
			s.link(number(100), kanaOnly(people[102]))
		default:
			s.link(number(i), people[i])
		}
	}
	got := s.auditFrom(t, 2, 1e-4)
	f := got.at(102)
	if f == nil || f.Verdict != Review {
		t.Fatalf("a maiden name of the household: %+v", f)
	}
	sum, told := 0.0, false
	for _, e := range f.Evidence {
		sum += e.Weight
		told = told || e.Detail == DetailHouseholdName
	}
	if !told || sum < f.Weight-0.01 || sum > f.Weight+0.01 {
		t.Errorf("the evidence of %.2f bits does not tell of the household's name: %+v", f.Weight, f.Evidence)
	}
	if f := got.at(302); f == nil || f.Verdict != Mislinked || f.Owner.Number != number(102) {
		t.Errorf("a family member of another given name: %+v", f)
	}
}

// A row of kana alone may give the owner's name in another reading than the
// register's, so that no part of it agrees.
func TestOwnerIsFoundByAnotherReading(t *testing.T) {
	people := townspeople(4000)
	home := "茨城県結城市江川新宿3丁目25番28号"
	people[100] = resident{"大蒔　耕三", "オオマキ　コウゾウ", "1979-02-18", "男", home, "H90001"}
	people[101] = resident{"東　裕子", "アズマ　ヒロコ", "1982-05-23", "女", home, "H90001"}
	s := newScene(t, people)
	for i := range 1500 {
		if i == 300 {
			s.link(number(100), resident{kana: "ヒガシ　ユウコ"})
		} else {
			s.link(number(i), people[i])
		}
	}
	if f := s.audit(t, 2).at(302); f == nil || f.Owner == nil || f.Owner.Number != number(101) {
		t.Errorf("the owner is not found: %+v", f)
	}
}

// The order of suspicion goes on below the review floor, and names no finding.
func TestNextBestGoesOnBelowTheFloor(t *testing.T) {
	people := townspeople(4000)
	scene := func() *scene {
		s := newScene(t, people)
		for i := range 1500 {
			p := kanaOnly(people[i])
			if i%300 == 7 { // a slip, or a relative from elsewhere
				family, given, _ := strings.Cut(p.kana, "　")
				p.kana = family + "　" + string([]rune(given)[1:])
			}
			s.link(number(i), p)
		}
		return s
	}
	got := scene().audit(t, 1)
	if len(got.run.NextBest) == 0 {
		t.Fatal("nothing is named")
	}
	last := 1.0
	for _, n := range got.run.NextBest {
		if n.PWrong > last || n.PWrong < negligibleDoubt {
			t.Errorf("line %d with %.4f stands behind %.4f", n.SourceLine, n.PWrong, last)
		}
		last = n.PWrong
		if got.at(n.SourceLine) != nil {
			t.Errorf("line %d is a finding", n.SourceLine)
		}
		if n.RecordID == "" || n.Number != number(int(n.SourceLine-2)) || n.CaseID == "" {
			t.Errorf("line %d: %+v", n.SourceLine, n)
		}
	}
	if again := scene().audit(t, 3); !slices.Equal(again.run.NextBest, got.run.NextBest) {
		t.Error("the list depends on the number of workers")
	}
}

// Too few links teach nothing, and a model that contradicts itself is not
// used: the run says so and goes by the default table.
func TestModelsThatCannotBeUsedAreToldOf(t *testing.T) {
	people := townspeople(1000)
	s := newScene(t, people)
	for i := range 100 {
		s.link(number(i), people[i])
	}
	want, _ := json.Marshal(score.DefaultModel())
	check := func(got *Run, kind WarningKind) {
		t.Helper()
		if len(got.Warnings) != 1 || got.Warnings[0].Kind != kind || got.Warnings[0].Dataset != "medical" || got.Warnings[0].Detail == "" {
			t.Errorf("warnings %+v, want one of %s", got.Warnings, kind)
		}
		m := got.Model.Datasets["medical"]
		if have, _ := json.Marshal(m.Model); string(have) != string(want) {
			t.Error("the model is not the default one")
		}
		if m.Training.Converged || m.Training.Reason == "" {
			t.Errorf("training %+v", m.Training)
		}
	}
	learned := s.audit(t, 1).run
	check(learned, WarningTraining)

	wrong := *score.DefaultModel()
	wrong.Birth[score.Exact], wrong.Birth[score.Different] = wrong.Birth[score.Different], wrong.Birth[score.Exact]
	cfg := learned.Config
	cfg.Register.Path, cfg.Links[0].Path = filepath.Join(s.dir, "register.csv"), filepath.Join(s.dir, "medical.csv")
	given := &ModelFile{Format: modelFormat, Datasets: map[string]DatasetModel{"medical": {Model: &wrong, Training: score.Training{Converged: true}}}}
	c := &collected{}
	if _, err := Audit(context.Background(), cfg, Options{Key: []byte("key of the tests, 32 bytes long!"), Model: given}, c); err != nil {
		t.Fatal(err)
	}
	check(c.run, WarningModel)
	if trained, err := Train(context.Background(), cfg, Options{}, nil); err != nil || trained.Datasets["medical"].Training.Converged {
		t.Errorf("train says that it learned from 100 links: %v", err)
	}
}

// Where a file teaches that birth dates with two parts in common speak for a
// match and dates one slip apart do not, audit warns and goes by the default
// table, and train learns nothing; both name the comparison and the level.
func TestLevelsOutOfOrderAreToldOf(t *testing.T) {
	people := townspeople(2000)
	s := newScene(t, people)
	otherDay := strings.NewReplacer("-0", "-1", "-1", "-2", "-2", "-0", "-3", "-1")
	for i := range 1500 {
		p := people[i]
		if i%3 == 0 {
			day := p.birth[len("1961-07"):]
			p.birth = p.birth[:len("1961-07")] + otherDay.Replace(day[:2]) + string('1'+(day[2]-'0'+4)%9)
		}
		s.link(number(i), p)
	}
	got := s.audit(t, 2).run
	if len(got.Warnings) != 1 || got.Warnings[0].Kind != WarningModel || !strings.Contains(got.Warnings[0].Detail, `birth: the level "part"`) {
		t.Fatalf("warnings %+v", got.Warnings)
	}
	want, _ := json.Marshal(score.DefaultModel())
	if have, _ := json.Marshal(got.Model.Datasets["medical"].Model); string(have) != string(want) {
		t.Error("the model is not the default one")
	}
	cfg := got.Config
	cfg.Register.Path, cfg.Links[0].Path = filepath.Join(s.dir, "register.csv"), filepath.Join(s.dir, "medical.csv")
	trained, err := Train(context.Background(), cfg, Options{}, nil)
	if err != nil {
		t.Fatal(err)
	}
	if how := trained.Datasets["medical"].Training; how.Converged || !strings.Contains(how.Reason, `birth: the level "part"`) {
		t.Errorf("train says %+v", how)
	}
}
