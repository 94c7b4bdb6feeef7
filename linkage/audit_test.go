package linkage

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/himozuke/himozuke/linkage/ingest"
	"github.com/himozuke/himozuke/normalize"
)

// collected is a sink that remembers.
type collected struct {
	findings []Finding
	rejects  map[string][]ingest.Reject
	run      *Run
}

func (c *collected) Begin(*Run) error { c.rejects = map[string][]ingest.Reject{}; return nil }
func (c *collected) Reject(dataset string, r ingest.Reject) error {
	c.rejects[dataset] = append(c.rejects[dataset], r)
	return nil
}
func (c *collected) Finding(f *Finding) error { c.findings = append(c.findings, *f); return nil }
func (c *collected) End(r *Run) error         { c.run = r; return nil }

// number is a valid individual number made from an index.
func number(i int) string {
	first := uint64(10_000_000_000 + i*7919)
	return fmt.Sprintf("%011d%d", first, normalize.MyNumberCheckDigit(first))
}

// resident is one row of the register of the tests.
type resident struct{ name, kana, birth, sex, address, household string }

var families = []string{"佐藤|サトウ", "鈴木|スズキ", "高橋|タカハシ", "田中|タナカ", "伊藤|イトウ", "渡辺|ワタナベ", "山本|ヤマモト", "中村|ナカムラ", "小林|コバヤシ", "加藤|カトウ", "吉田|ヨシダ", "山田|ヤマダ", "佐々木|ササキ", "山口|ヤマグチ", "松本|マツモト", "井上|イノウエ", "木村|キムラ"}
var givens = []string{"太郎|タロウ|男", "花子|ハナコ|女", "健一|ケンイチ|男", "美咲|ミサキ|女", "翔太|ショウタ|男", "陽子|ヨウコ|女", "大輔|ダイスケ|男", "恵子|ケイコ|女", "直樹|ナオキ|男", "由美|ユミ|女", "拓也|タクヤ|男", "裕子|ユウコ|女", "誠|マコト|男"}

// townspeople are n residents in households of two with names, birth dates and
// addresses that repeat with different periods.
func townspeople(n int) []resident {
	people := make([]resident, n)
	for i := range people {
		household := i / 2
		family := strings.Split(families[household*5%len(families)], "|")
		given := strings.Split(givens[(i*7+i/13)%len(givens)], "|")
		people[i] = resident{
			name: family[0] + "　" + given[0], kana: family[1] + "　" + given[1], sex: given[2],
			birth:     fmt.Sprintf("%04d-%02d-%02d", 1940+i*37%75, 1+i*11%12, 1+i*17%28),
			address:   fmt.Sprintf("東京都八王子市元本郷町%d丁目%d番%d号", 1+household%4, 1+household%31, 1+household%17),
			household: fmt.Sprintf("H%05d", household),
		}
	}
	return people
}

// newcomer has a name that none of the townspeople has.
var newcomer = resident{"東海林　修", "ショウジ　オサム", "1961-07-08", "男", "東京都八王子市元本郷町1丁目2番3号", "H90001"}

// scene is a register and one dataset written to files.
type scene struct {
	dir    string
	people []resident
	links  strings.Builder
	line   int64
}

func newScene(t *testing.T, people []resident) *scene {
	s := &scene{dir: t.TempDir(), people: people, line: 1}
	var b strings.Builder
	b.WriteString("個人番号,世帯番号,氏名,氏名カナ,生年月日,性別,住所\n")
	for i, p := range people {
		fmt.Fprintf(&b, "%s,%s,%s,%s,%s,%s,%s\n", number(i), p.household, p.name, p.kana, p.birth, p.sex, p.address)
	}
	s.write(t, "register.csv", b.String())
	s.links.WriteString("記録ID,個人番号,氏名,氏名カナ,生年月日,性別,住所\n")
	return s
}

func (s *scene) write(t testing.TB, name, text string) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(s.dir, name), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// link adds a row that claims one number and describes a person.
func (s *scene) link(claimed string, p resident) {
	s.line++
	fmt.Fprintf(&s.links, "R%04d,%s,%s,%s,%s,%s,%s\n", s.line, claimed, p.name, p.kana, p.birth, p.sex, p.address)
}

func (s *scene) audit(t *testing.T, jobs int) *collected {
	t.Helper()
	return s.auditWith(t, jobs, DefaultConfig().ReviewFloor, Options{})
}

// auditFrom sends links to review from that probability on.
func (s *scene) auditFrom(t *testing.T, jobs int, floor float64) *collected {
	t.Helper()
	return s.auditWith(t, jobs, floor, Options{})
}

func (s *scene) auditWith(t *testing.T, jobs int, floor float64, o Options) *collected {
	t.Helper()
	s.write(t, "medical.csv", s.links.String())
	cfg := DefaultConfig()
	cfg.Jobs, cfg.ReviewFloor = jobs, floor
	cfg.Register.Path = filepath.Join(s.dir, "register.csv")
	cfg.Links = []Source{{Dataset: "medical", Path: filepath.Join(s.dir, "medical.csv")}}
	c := &collected{}
	o.Key, o.TempDir = []byte("key of the tests, 32 bytes long!"), s.dir
	if _, err := Audit(context.Background(), cfg, o, c); err != nil {
		t.Fatal(err)
	}
	return c
}

// at is the finding of a line, nil when the link was verified.
func (c *collected) at(line int64) *Finding {
	for i := range c.findings {
		if c.findings[i].SourceLine == line {
			return &c.findings[i]
		}
	}
	return nil
}

func TestAuditNamesOwnerAndCause(t *testing.T) {
	people := townspeople(4000)
	// Two people of one name and birth date in different towns.
	people[100] = newcomer
	people[2100] = resident{"東海林　修", "ショウジ　オサム", "1961-07-08", "男", "北海道函館市末広町4番5号", "H90002"}
	s := newScene(t, people)
	want := map[int64]struct {
		verdict Verdict
		cause   Cause
		owner   int
	}{}
	expect := func(v Verdict, c Cause, owner int) {
		want[s.line] = struct {
			verdict Verdict
			cause   Cause
			owner   int
		}{v, c, owner}
	}
	for i := 0; i < 1500; i++ {
		switch i {
		case 200:
			s.link(number(i), people[i+1]) // even rows share a household with the next
			expect(Mislinked, Family, i+1)
		case 300:
			s.link(number(100), people[2100])
			expect(Mislinked, Namesake, 2100)
		case 400:
			s.link(number(3111), people[i])
			expect(Mislinked, Unrelated, i)
		case 500, 501, 502, 503, 504, 505: // a column pasted one row off
			s.link(number(i+1), people[i])
			expect(Mislinked, RowShift, i)
		case 600:
			s.link(number(i-1), people[i]) // the row before claims it too
			expect(Mislinked, CarryOver, i)
		case 700:
			s.link(number(3700), people[2700])
			expect(Mislinked, Swap, 2700)
		case 800:
			s.link(number(2700), people[3700])
			expect(Mislinked, Swap, 3700)
		case 900:
			s.link(number(i), resident{"小鳥遊　一二三", "タカナシ　ヒフミ", "1999-09-09", "女", "沖縄県那覇市首里金城町1-1", ""})
			expect(Mislinked, UnknownOwner, -1)
		case 1000:
			s.link("123456789012", people[i]) // the check digit is wrong
			expect(Orphan, Unrelated, i)
		default:
			s.link(number(i), people[i])
		}
	}
	got := s.audit(t, 2)
	for line, w := range want {
		f := got.at(line)
		if f == nil {
			t.Errorf("line %d: verified, want %v by %v", line, w.verdict, w.cause)
			continue
		}
		if f.Verdict != w.verdict || f.Cause != w.cause {
			t.Errorf("line %d: %v by %v (p %.6f), want %v by %v", line, f.Verdict, f.Cause, f.PWrong, w.verdict, w.cause)
		}
		switch {
		case w.owner < 0 && f.Owner != nil:
			t.Errorf("line %d: an owner was named, want nobody", line)
		case w.owner >= 0 && f.Owner == nil:
			t.Errorf("line %d: no owner, want one", line)
		case w.owner >= 0 && f.Owner.Number != number(w.owner):
			t.Errorf("line %d: another owner than the row describes", line)
		}
	}
	for _, f := range got.findings {
		if _, ok := want[f.SourceLine]; !ok {
			t.Errorf("line %d: %v by %v (p %.4f, weight %.1f), but the link is right", f.SourceLine, f.Verdict, f.Cause, f.PWrong, f.Weight)
		}
	}
}

func TestNotationIsNotAFinding(t *testing.T) {
	people := townspeople(2000)
	s := newScene(t, people)
	for i := range 500 {
		p := people[i]
		switch i % 6 {
		case 1:
			p.name = strings.ReplaceAll(p.name, "高", "髙")
			p.kana = strings.ReplaceAll(p.kana, "　", "")
		case 2:
			p.address = strings.NewReplacer("東京都", "", "丁目", "-", "番", "-", "号", "").Replace(p.address)
		case 3:
			p.name = "●" + p.name[len("佐"):]
			p.birth = strings.ReplaceAll(p.birth, "-", "/")
		case 4:
			p.kana = strings.NewReplacer("ョ", "ヨ", "ュ", "ユ", "ャ", "ヤ").Replace(p.kana)
			p.address = "" // not every insurer holds one
		case 5:
			p.address = "大阪府大阪市北区梅田一丁目1番1号" // moved
		}
		s.link(number(i), p)
	}
	for _, f := range s.audit(t, 1).findings {
		t.Errorf("line %d: %v by %v (p %.4f, weight %.1f), but the link is right", f.SourceLine, f.Verdict, f.Cause, f.PWrong, f.Weight)
	}
}

func TestEveryRowIsAccountedFor(t *testing.T) {
	people := townspeople(200)
	s := newScene(t, people)
	// The register says one number twice and holds a row without one.
	register, err := os.ReadFile(filepath.Join(s.dir, "register.csv"))
	if err != nil {
		t.Fatal(err)
	}
	extra := number(7) + ",H1,別人　一,ベツジン　ハジメ,1950-01-01,男,\n,H2,無番　二,ムバン　ジ,1950-01-01,男,\n"
	s.write(t, "register.csv", string(register)+extra)
	for i := range 50 {
		s.link(number(i), people[i])
	}
	s.links.WriteString("R9999,three,fields\n")
	got := s.audit(t, 2)
	in := got.run.Inputs
	if in[0].Rows != 202 || in[0].Judged != 200 || in[0].Rejected != 2 {
		t.Errorf("register: %d rows, %d judged, %d rejected; want 202, 200, 2", in[0].Rows, in[0].Judged, in[0].Rejected)
	}
	if in[1].Rows != 51 || in[1].Judged != 50 || in[1].Rejected != 1 {
		t.Errorf("medical: %d rows, %d judged, %d rejected; want 51, 50, 1", in[1].Rows, in[1].Judged, in[1].Rejected)
	}
	reasons := []ingest.Reason{}
	for _, r := range got.rejects["register"] {
		reasons = append(reasons, r.Reason)
	}
	if len(reasons) != 2 || reasons[0] != ingest.ReasonSharedNumber || reasons[1] != ingest.ReasonNumber {
		t.Errorf("register rejects %v, want the shared number and then the missing number", reasons)
	}
	if f := got.at(9); f != nil {
		t.Errorf("the first row of a number that stands twice must keep it, but line 9 is %v", f.Verdict)
	}
}

func TestJobsAndMemoryDoNotChangeTheOutput(t *testing.T) {
	people := townspeople(16000) // more than one block of each file
	s := newScene(t, people)
	for i := range 14000 {
		p := people[i]
		if i%50 == 0 {
			p = people[(i*13+5)%len(people)]
		}
		s.link(number(i), p)
	}
	output := func(jobs int, gather int64) string {
		got := s.auditWith(t, jobs, DefaultConfig().ReviewFloor, Options{gather: gather})
		if len(got.findings) == 0 {
			t.Fatal("no findings")
		}
		text, err := json.Marshal([]any{got.findings, got.rejects, got.run.Counts, got.run.Groups, got.run.Blocks, got.run.SelfCheck, got.run.Model})
		if err != nil {
			t.Fatal(err)
		}
		return string(text)
	}
	want := output(1, 0)
	for _, c := range []struct {
		jobs   int
		gather int64
	}{{3, 0}, {3, 1}, {2, 1 << 30}} {
		if output(c.jobs, c.gather) != want {
			t.Errorf("%d jobs, %d bytes gathered at a time: another output", c.jobs, c.gather)
		}
	}
}
