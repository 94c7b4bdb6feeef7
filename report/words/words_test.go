package words

import (
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"testing"

	"github.com/himozuke/himozuke/linkage"
	"github.com/himozuke/himozuke/linkage/ingest"
	"github.com/himozuke/himozuke/score"
)

func wantBoth(t *testing.T, what string, text Text) {
	t.Helper()
	if text.EN == "" || text.JA == "" {
		t.Errorf("%s has no words: %+v", what, text)
	}
}

func TestEveryEnumerationHasItsWords(t *testing.T) {
	for v := linkage.Verified; v < linkage.Verdicts; v++ {
		wantBoth(t, v.String(), Verdict(v))
		wantBoth(t, v.String(), VerdictMeaning(v))
		if back, ok := VerdictNamed(v.String()); !ok || back != v {
			t.Errorf("%s does not read back", v)
		}
	}
	for c := linkage.NoCause; c < linkage.Causes; c++ {
		wantBoth(t, c.String(), Cause(c))
		wantBoth(t, c.String(), CauseMeaning(c))
		wantBoth(t, c.String(), Hypothesis(c))
		if back, ok := CauseNamed(c.String()); !ok || back != c {
			t.Errorf("%s does not read back", c)
		}
	}
	for l := score.Unknown; l <= score.Different; l++ {
		wantBoth(t, l.String(), Level(l))
		if LevelNamed(l.String()) != Level(l) {
			t.Errorf("%s does not read back", l)
		}
	}
	for r := ingest.RoleOther; r < ingest.Roles; r++ {
		wantBoth(t, r.String(), Role(r))
	}
	for r := ingest.ReasonFieldCount; r <= ingest.ReasonDuplicate; r++ {
		wantBoth(t, fmt.Sprint("reason ", r), RejectReason(r))
		if RejectReasonWord(r) == "" {
			t.Errorf("reason %d has no word", r)
		}
	}
	for k := ingest.ProblemMissing; k <= ingest.ProblemNoFields; k++ {
		wantBoth(t, fmt.Sprint("problem ", k), inputProblems[k].what)
		wantBoth(t, fmt.Sprint("problem ", k), inputProblems[k].remedy)
	}
	for _, kind := range []linkage.WarningKind{linkage.WarningTraining, linkage.WarningModel, linkage.WarningUnreadable} {
		if wantBoth(t, string(kind), Warning(kind)); Warning(kind).EN == string(kind) {
			t.Errorf("warning %s is not said", kind)
		}
	}
	for _, class := range []string{"critical", "high", "medium", "clear"} {
		if wantBoth(t, class, RuleClass(class)); RuleClass(class).EN == class {
			t.Errorf("rule class %s is not said", class)
		}
	}
}

// A value added at the end of an enumeration elsewhere must get its words.
func TestNoEnumerationGrewUnseen(t *testing.T) {
	if got := RejectReasonWord(ingest.ReasonSharedNumber + 1); got != "" {
		t.Errorf("reason %q", got)
	}
	for k := range inputProblems {
		p := &ingest.Problem{Kind: k, Path: "f.csv"}
		if !strings.Contains(p.Error(), inputProblems[k].what.EN) {
			t.Errorf("the reader says %q, the report %q", p.Error(), inputProblems[k].what.EN)
		}
	}
}

func TestSummary(t *testing.T) {
	family := func(holder, owner string) *linkage.Finding {
		f := &linkage.Finding{Verdict: linkage.Mislinked, Cause: linkage.Family, Owner: &linkage.Candidate{}}
		f.Holder.Fields[ingest.RoleBirthDate] = holder
		f.Owner.Person.Fields[ingest.RoleBirthDate] = owner
		return f
	}
	for name, c := range map[string]struct {
		finding *linkage.Finding
		want    string
	}{
		"child on a parent's number": {family("1980-04-02", "2010-11-23"), "同一世帯の別人（親の世代）の番号に、子の世代の記録が紐付いている疑い。"},
		"parent on a child's number": {family("20101123", "19800402"), "同一世帯の別人（子の世代）の番号に紐付いている疑い。"},
		"sibling":                    {family("2008-01-01", "2010-11-23"), "同一世帯の別人（同世代）の番号に紐付いている疑い。"},
		"no birth date":              {family("昭和55年", "2010-11-23"), "同一世帯の別人の番号に紐付いている疑い。"},
		"malformed number":           {&linkage.Finding{Verdict: linkage.Orphan, Number: "12345"}, "個人番号の形式が正しくない。"},
		"number of nobody":           {&linkage.Finding{Verdict: linkage.Orphan, Number: "012345678901"}, "個人番号が住民台帳に存在しない。"},
		"differences": {&linkage.Finding{Verdict: linkage.Review, Cause: linkage.Namesake,
			Differences: []score.Difference{{Field: "address", Code: "moved"}}},
			"同姓同名の別人との取り違えの可能性があり、確認を要する。差異: 住所（" + Difference("moved").JA + "）。"},
	} {
		t.Run(name, func(t *testing.T) {
			if got := Summary(c.finding, Japanese); got != c.want {
				t.Errorf("got %s, want %s", got, c.want)
			}
			if got := Summary(c.finding, English); got == "" || hasJapanese(got) {
				t.Errorf("English: %s", got)
			}
		})
	}
}

// Every verdict and cause gives a sentence, and none tells a personal value.
func TestSummaryOfEverything(t *testing.T) {
	for v := linkage.Review; v < linkage.Verdicts; v++ {
		for c := linkage.NoCause; c < linkage.Causes; c++ {
			f := &linkage.Finding{Verdict: v, Cause: c, Number: "012345678901", RecordID: "R1"}
			f.Record.Fields[ingest.RoleName] = "山田　花子"
			f.Holder.Fields[ingest.RoleName] = "田中　太郎"
			for _, l := range []Lang{English, Japanese} {
				s := Summary(f, l)
				if len(s) < 10 {
					t.Errorf("%s %s: %q", v, c, s)
				}
				for _, personal := range []string{"山田", "田中", f.Number, f.RecordID} {
					if strings.Contains(s, personal) {
						t.Errorf("%s %s tells %s", v, c, personal)
					}
				}
			}
		}
	}
}

func TestError(t *testing.T) {
	p := &ingest.Problem{Kind: ingest.ProblemNoNumber, Path: "links.csv", Line: 1, Column: "番号", Detail: "3 headings", Err: fs.ErrInvalid}
	for l, want := range map[Lang]string{
		English:  `links.csv:1 (column "番号"): no heading means the individual number: 3 headings; name its column under [columns] in the configuration, for example number = "heading"`,
		Japanese: `links.csv:1（項目「番号」）: 個人番号に当たる見出しがありません（3 headings）。設定ファイルの [columns] に number = "見出し" のように指定してください。`,
	} {
		if got := Error(fmt.Errorf("read: %w", p), l); got != want {
			t.Errorf("got  %s\nwant %s", got, want)
		}
	}
	if got := Error(errors.New("plain"), Japanese); got != "plain" {
		t.Errorf("got %s", got)
	}
}

func TestPrefecture(t *testing.T) {
	for code, want := range map[string]string{"01": "北海道", "13": "東京都", "26": "京都府", "47": "沖縄県", "": "不明", "48": "48", "00": "00", "1": "1"} {
		if got := Prefecture(code).JA; got != want {
			t.Errorf("%s: got %s, want %s", code, got, want)
		}
	}
}

func TestLang(t *testing.T) {
	for _, l := range []Lang{English, Japanese} {
		if back, ok := Parse(l.String()); !ok || back != l {
			t.Errorf("%s does not read back", l)
		}
	}
	for locale, want := range map[string]Lang{"ja_JP.UTF-8": Japanese, "C": English, "en_US.UTF-8": English, "": English} {
		if got := FromLocale(func(string) string { return locale }); got != want {
			t.Errorf("%s: got %s", locale, got)
		}
	}
}

// Everything that is wrong with a decision table is said in both languages.
func TestRulesProblems(t *testing.T) {
	for kind := linkage.RulesUnreadable; kind <= linkage.RulesOpenEnd; kind++ {
		p := &linkage.RulesProblem{Kind: kind, Path: "rules.csv", Line: 3, Column: 7, Detail: "x"}
		en, ja := Error(p, English), Error(p, Japanese)
		for _, said := range []string{en, ja} {
			if !strings.HasPrefix(said, "rules.csv:3:7: ") || !strings.Contains(said, "x") || strings.Contains(said, "%!") {
				t.Errorf("kind %d: %s", kind, said)
			}
		}
		if en == ja {
			t.Errorf("kind %d is not said in Japanese: %s", kind, en)
		}
	}
}
