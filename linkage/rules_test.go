package linkage

import (
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/himozuke/himozuke/score"
)

// publishedClass is the published table in code: birth date or sex differs;
// both names differ; one name and the address differ.
func publishedClass(f *Finding) string {
	differs := func(l score.Level) bool {
		return l == score.Different || l == score.Part || l == score.Near || l == score.City
	}
	name, kana := differs(f.NameLevel), differs(f.KanaLevel)
	switch {
	case differs(f.BirthLevel) || differs(f.SexLevel):
		return "critical"
	case name && kana, name && f.KanaLevel == score.Unknown, kana && f.NameLevel == score.Unknown:
		return "high"
	case (name || kana) && differs(f.AddressLevel):
		return "medium"
	}
	return "clear"
}

// everyFinding visits all combinations of agreement levels.
func everyFinding(visit func(*Finding)) {
	const n = score.Different + 1
	for i := range int(n) * int(n) * int(n) * int(n) * int(n) {
		var f Finding
		for _, level := range []*score.Level{&f.BirthLevel, &f.SexLevel, &f.NameLevel, &f.KanaLevel, &f.AddressLevel} {
			*level = score.Level(i % int(n))
			i /= int(n)
		}
		visit(&f)
	}
}

func TestBuiltInRulesAreThePublishedTable(t *testing.T) {
	wrong := 0
	everyFinding(func(f *Finding) {
		if got, want := Rules(nil).classOf(f), publishedClass(f); got != want && wrong < 5 {
			wrong++
			t.Errorf("birth %v, sex %v, name %v, kana %v, address %v: %s, want %s",
				f.BirthLevel, f.SexLevel, f.NameLevel, f.KanaLevel, f.AddressLevel, got, want)
		}
	})
}

// What a run keeps of a table is the table.
func TestRulesSurviveTheirText(t *testing.T) {
	own, err := parseRules("own.csv", []byte("\uFEFF# mine,,\nAddress, class ,birth\n, strict ,near | PART\r\ndiffer,moved,\n,rest,\n,,\n"))
	if err != nil {
		t.Fatal(err)
	}
	for name, rules := range map[string]Rules{"built-in": DefaultRules(), "own": own} {
		text, err := json.Marshal(Config{Rules: rules})
		if err != nil {
			t.Fatal(err)
		}
		var back Config
		if err := json.Unmarshal(text, &back); err != nil {
			t.Fatal(err)
		}
		everyFinding(func(f *Finding) {
			if rules.classOf(f) != back.Rules.classOf(f) {
				t.Fatalf("%s: %+v is %s, then %s", name, f, rules.classOf(f), back.Rules.classOf(f))
			}
		})
	}
	for want, f := range map[string]Finding{
		"strict": {BirthLevel: score.Near, AddressLevel: score.Different}, "moved": {BirthLevel: score.Different, AddressLevel: score.City},
		"rest": {BirthLevel: score.Different},
	} {
		if got := own.classOf(&f); got != want {
			t.Errorf("%+v is %s, want %s", f, got, want)
		}
	}
}

func TestRulesThatCannotBeUsed(t *testing.T) {
	const heading = "class,birth,sex,name,kana,address\n"
	for name, c := range map[string]struct {
		text         string
		kind         RulesProblemKind
		line, column int
	}{
		"empty":              {"", RulesNoClass, 0, 0},
		"only a heading":     {heading, RulesOpenEnd, 0, 0},
		"no class":           {"birth,sex\n", RulesNoClass, 1, 1},
		"unknown heading":    {"class,dob\n", RulesHeading, 1, 7},
		"heading twice":      {"class,birth,birth\n", RulesHeading, 1, 13},
		"unknown condition":  {"# remark\n" + heading + "bad,,same\nclear\n", RulesCondition, 3, 6},
		"unknown among many": {heading + "bad,,\"differ|same\"\nclear\n", RulesCondition, 2, 6},
		"empty alternative":  {heading + "bad,differ|\nclear\n", RulesCondition, 2, 5},
		"class with a space": {heading + "very bad,differ\nclear\n", RulesClass, 2, 1},
		"no class in a row":  {heading + ",differ\nclear\n", RulesClass, 2, 1},
		"row without class":  {"birth,class\ndiffer\n,clear\n", RulesClass, 2, 1},
		"cell without head":  {heading + "bad,,,,,,differ\nclear\n", RulesExtra, 2, 10},
		"never reached":      {heading + "clear\nbad,differ\n", RulesUnreached, 3, 1},
		"open end":           {heading + "bad,differ\n", RulesOpenEnd, 2, 0},
		"quotes":             {heading + "bad,\"differ\nclear\n", RulesQuotes, 3, 7},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := parseRules("rules.csv", []byte(c.text))
			var p *RulesProblem
			if !errors.As(err, &p) || p.Kind != c.kind || p.Line != c.line || c.column > 0 && p.Column != c.column {
				t.Errorf("%+v, want kind %d at %d:%d", p, c.kind, c.line, c.column)
			}
		})
	}
	_, err := ReadRules(filepath.Join(t.TempDir(), "none.csv"))
	var p *RulesProblem
	if !errors.As(err, &p) || p.Kind != RulesUnreadable || !errors.Is(err, os.ErrNotExist) {
		t.Errorf("missing file: %v", err)
	}
}

func FuzzRules(f *testing.F) {
	f.Add([]byte(defaultRulesText))
	f.Add([]byte("# a\nclass,name\nx,exact|part\ny\n"))
	f.Add([]byte("class\n\"a\n"))
	f.Fuzz(func(t *testing.T, text []byte) {
		rules, err := parseRules("rules.csv", text)
		if err != nil {
			if err.Error() == "" {
				t.Error("an error without words")
			}
			return
		}
		kept, err := rules.MarshalText()
		if err != nil {
			t.Fatal(err)
		}
		again, err := parseRules("kept", kept)
		if err != nil || len(again) != len(rules) {
			t.Fatalf("%d rules are kept as %d: %v", len(rules), len(again), err)
		}
		if rules.classOf(&Finding{}) == "" {
			t.Error("a link without a class")
		}
	})
}
