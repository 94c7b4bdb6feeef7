package report

import (
	"fmt"
	"math"
	"math/rand/v2"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/himozuke/himozuke/linkage"
	"github.com/himozuke/himozuke/linkage/ingest"
	"github.com/himozuke/himozuke/report/words"
	"github.com/himozuke/himozuke/score"
)

// Every person here is made up; numbers begin with 0 and are not meant to
// carry a right check digit.

type person struct {
	number, name, kana, birth, sex, postal, address, household string
}

func (p person) raw() linkage.Raw {
	var raw linkage.Raw
	raw.Fields[ingest.RoleNumber] = p.number
	raw.Fields[ingest.RoleName] = p.name
	raw.Fields[ingest.RoleKana] = p.kana
	raw.Fields[ingest.RoleBirthDate] = p.birth
	raw.Fields[ingest.RoleSex] = p.sex
	raw.Fields[ingest.RolePostalCode] = p.postal
	raw.Fields[ingest.RoleAddress] = p.address
	raw.Fields[ingest.RoleHousehold] = p.household
	raw.Columns = []string{p.number, p.name, p.kana, p.birth, p.sex, p.postal, p.address, p.household}
	return raw
}

var (
	mother = person{"012345670001", "山田　花子", "ヤマダ　ハナコ", "1980-04-02", "2", "1000001", "東京都千代田区千代田１丁目２番３号", "H1"}
	child  = person{"012345670002", "山田　翔太", "ヤマダ　ショウタ", "2010-11-23", "1", "1000001", "東京都千代田区千代田1-2-3", "H1"}
	sister = person{"012345670003", "山田　翔子", "ヤマダ　ショウコ", "2012-01-15", "2", "1000001", "東京都千代田区千代田1-2-3", "H1"}
)

func evidence(comparison string, level score.Level, m, u, adjustment float64) score.Evidence {
	return score.Evidence{Comparison: comparison, Level: level, M: m, U: u, Adjustment: adjustment,
		Weight: math.Log2(m/u) + adjustment}
}

func sumWeights(list []score.Evidence) float64 {
	total := 0.0
	for _, e := range list {
		total += e.Weight
	}
	return total
}

// familyFinding is a child's insurance row on the mother's number.
func familyFinding() *linkage.Finding {
	record := child
	record.number = mother.number
	record.address = "東京都千代田区千代田一丁目2-3"
	f := &linkage.Finding{
		CaseID: "c0ffee0000000001", Dataset: "medical", RecordID: "R000001", SourceLine: 2,
		Number: mother.number, Verdict: linkage.Mislinked, Cause: linkage.Family, PWrong: 0.9998765432,
		RuleClass: "critical",
		Differences: []score.Difference{
			{Field: "name", Code: "differs"}, {Field: "kana", Code: "differs"}, {Field: "birth_date", Code: "differs"},
			{Field: "sex", Code: "sex_differs"}, {Field: "address", Code: "address_notation"},
		},
		NameLevel: score.Part, KanaLevel: score.Part, BirthLevel: score.Different, SexLevel: score.Different, AddressLevel: score.Notation,
		Prefecture: "13", Municipality: "13101", Organization: "06130012", Date: "2021-10-20", Channel: "paper",
		Evidence: []score.Evidence{
			evidence("family", score.Exact, 0.97, 0.004, 1.25), evidence("given", score.Different, 0.004, 0.98, 0),
			evidence("birth", score.Different, 0.003, 0.9995, 0), evidence("sex", score.Different, 0.001, 0.5, 0),
			evidence("address", score.Notation, 0.8, 0.00001, 0.5),
		},
		Priors: []linkage.CausePrior{
			{Cause: linkage.NoCause, Prior: 0.9997, Posterior: 0.0001234568}, {Cause: linkage.Family, Prior: 0.0001, Posterior: 0.9997},
			{Cause: linkage.Unrelated, Prior: 0.00005, Posterior: 0.0000765432}, {Cause: linkage.UnknownOwner, Prior: 0.00015, Posterior: 0.0001},
		},
		Record: record.raw(), Holder: mother.raw(),
	}
	f.Record.Columns = append(f.Record.Columns, "窓口メモ", mother.number)
	f.Weight = sumWeights(f.Evidence)
	owner := linkage.Candidate{
		Number: child.number, Cause: linkage.Family, Posterior: 0.9995, Person: child.raw(), Line: 3,
		Evidence: []score.Evidence{
			evidence("family", score.Exact, 0.97, 0.004, 1.25), evidence("given", score.Exact, 0.95, 0.001, 0.75),
			evidence("birth", score.Exact, 0.99, 0.00003, 0), evidence("sex", score.Exact, 0.999, 0.5, 0),
			evidence("address", score.Notation, 0.8, 0.00001, 0.5),
		},
	}
	owner.Weight = sumWeights(owner.Evidence)
	other := linkage.Candidate{
		Number: sister.number, Cause: linkage.Family, Posterior: 0.0002, Person: sister.raw(), Line: 4,
		Evidence: []score.Evidence{
			evidence("family", score.Exact, 0.97, 0.004, 1.25), evidence("given", score.Part, 0.01, 0.01, 0),
			evidence("birth", score.Different, 0.003, 0.9995, 0), evidence("sex", score.Different, 0.001, 0.5, 0),
			evidence("address", score.Notation, 0.8, 0.00001, 0.5),
		},
	}
	other.Weight = sumWeights(other.Evidence)
	f.Candidates = []linkage.Candidate{owner, other}
	f.Owner = &f.Candidates[0]
	return f
}

// orphanFinding is a bank row whose number nobody has.
func orphanFinding() *linkage.Finding {
	f := &linkage.Finding{
		CaseID: "c0ffee0000000002", Dataset: "bank", RecordID: "=cmd|' /C calc'!A0", SourceLine: 5, Number: "０１２３",
		Verdict: linkage.Orphan, PWrong: 1, RuleClass: "clear", Prefecture: "", Organization: "0001", Date: "2022-05-01",
	}
	f.Record.Fields[ingest.RoleNumber] = f.Number
	f.Record.Fields[ingest.RoleKana] = "ﾔﾏﾀﾞ ﾊﾅｺ"
	return f
}

// reviewFinding is a bank row, kana only, that may be a namesake's.
func reviewFinding() *linkage.Finding {
	record := person{number: sister.number, kana: "ヤマダ シヨウコ"}
	f := &linkage.Finding{
		CaseID: "c0ffee0000000003", Dataset: "bank", RecordID: "B000007", SourceLine: 7, Number: sister.number,
		Verdict: linkage.Review, Cause: linkage.Namesake, PWrong: 0.31, RuleClass: "clear",
		Differences: []score.Difference{{Field: "kana", Code: "kana_notation"}},
		KanaLevel:   score.Notation, Prefecture: "13", Municipality: "13101", Organization: "0001", Date: "2022-06-11",
		Evidence: []score.Evidence{evidence("family", score.Notation, 0.9, 0.004, 1.25), evidence("given", score.Notation, 0.9, 0.001, 0)},
		Priors:   []linkage.CausePrior{{Cause: linkage.NoCause, Prior: 0.9997, Posterior: 0.69}, {Cause: linkage.Namesake, Prior: 0.0001, Posterior: 0.31}},
		Record:   record.raw(), Holder: sister.raw(),
	}
	f.Weight = sumWeights(f.Evidence)
	return f
}

var registerHeadings = []string{"個人番号", "氏名", "氏名カナ", "生年月日", "性別", "郵便番号", "住所", "世帯番号"}

var registerColumns = map[string]string{
	"number": "個人番号", "name": "氏名", "kana": "氏名カナ", "birth_date": "生年月日",
	"sex": "性別", "postal_code": "郵便番号", "address": "住所", "household": "世帯番号",
}

// sampleRun is a run whose counts fit the findings given.
func sampleRun(findings ...*linkage.Finding) *linkage.Run {
	run := &linkage.Run{
		ID: "20261121T020000Z-abcdef", Version: "1.2.3", Started: time.Date(2026, 11, 21, 2, 0, 0, 0, time.UTC),
		Config: linkage.DefaultConfig(),
		Inputs: []linkage.Input{
			{Dataset: "register", Path: "register.csv", Bytes: 1000, SHA256: strings.Repeat("a", 64), Format: "csv", Encoding: "utf-8",
				Headings: registerHeadings, Columns: registerColumns, Rows: 1000, Judged: 1000},
			{Dataset: "medical", Path: "medical.csv", Bytes: 900, SHA256: strings.Repeat("b", 64), Format: "csv", Encoding: "cp932",
				Headings: append(append([]string{}, registerHeadings...), "備考", "旧番号"), Columns: registerColumns, Rows: 120_001, Judged: 120_000, Rejected: 1},
			{Dataset: "bank", Path: "bank.csv", Bytes: 800, SHA256: strings.Repeat("c", 64), Format: "csv", Encoding: "utf-8",
				Headings: registerHeadings, Columns: registerColumns, Rows: 80_000, Judged: 80_000},
		},
	}
	finishRun(run, findings)
	return run
}

func finishRun(run *linkage.Run, findings []*linkage.Finding) {
	run.Finished = run.Started.Add(90 * time.Second)
	run.PeakBytes = 123456789
	run.Timings = []linkage.Timing{{Stage: "verify", Seconds: 1.5}, {Stage: "score", Seconds: 0.25}}
	run.Counts, run.Groups = nil, nil
	for _, in := range run.Inputs[1:] {
		count := linkage.DatasetCount{Dataset: in.Dataset, Links: in.Judged}
		verified := in.Judged
		groups := map[[3]string]*linkage.GroupCount{}
		group := func(dimension, prefecture, value string) *linkage.GroupCount {
			k := [3]string{dimension, prefecture, value}
			if groups[k] == nil {
				groups[k] = &linkage.GroupCount{Dataset: in.Dataset, Dimension: dimension, Prefecture: prefecture, Value: value}
			}
			return groups[k]
		}
		for _, f := range findings {
			if f.Dataset != in.Dataset {
				continue
			}
			verified--
			count.ByCause[f.Verdict][f.Cause]++
			for _, g := range []*linkage.GroupCount{
				group("municipality", f.Prefecture, f.Municipality), group("organization", f.Prefecture, f.Organization),
				group("month", f.Prefecture, f.Date[:7]),
			} {
				g.Links++
				g.ByVerdict[f.Verdict]++
			}
		}
		count.ByCause[linkage.Verified][linkage.NoCause] = verified
		for i, place := range []string{"01100", "13101", "13102", "27100"} {
			share := verified / 4
			if i == 0 {
				share = verified - 3*(verified/4)
			}
			for _, g := range []*linkage.GroupCount{
				group("municipality", place[:2], place), group("organization", place[:2], "06"+place), group("month", place[:2], "2021-10"),
			} {
				g.Links += share
				g.ByVerdict[linkage.Verified] += share
			}
		}
		run.Counts = append(run.Counts, count)
		for _, g := range groups {
			run.Groups = append(run.Groups, *g)
		}
	}
}

func sampleFindings() []*linkage.Finding {
	return []*linkage.Finding{familyFinding(), orphanFinding(), reviewFinding()}
}

var testKey = strings.Repeat("0123456789abcdef", 4)

func keyFile(t testing.TB) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "test.key")
	writeFile(t, path, testKey+"\n")
	return path
}

// writeFolder writes a whole run and gives its folder.
func writeFolder(t testing.TB, o FolderOptions, run *linkage.Run, findings []*linkage.Finding) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "out")
	if err := tryFolder(dir, o, run, findings); err != nil {
		t.Fatal(err)
	}
	return dir
}

func tryFolder(dir string, o FolderOptions, run *linkage.Run, findings []*linkage.Finding, rejected ...ingest.Reject) error {
	folder, err := NewFolder(dir, o)
	if err != nil {
		return err
	}
	defer folder.Abort()
	if err := folder.Begin(run); err != nil {
		return err
	}
	if err := folder.Reject("medical", ingest.Reject{Line: 9, Offset: 812, Column: "住所", Reason: ingest.ReasonEncoding, Row: "R000008,壊れた行"}); err != nil {
		return err
	}
	for _, r := range rejected {
		if err := folder.Reject("medical", r); err != nil {
			return err
		}
	}
	for _, f := range findings {
		if err := folder.Finding(f); err != nil {
			return err
		}
	}
	return folder.End(run)
}

// manyFindings makes n findings of all kinds, the same for the same seed.
func manyFindings(n int, seed uint64) []*linkage.Finding {
	random := rand.New(rand.NewPCG(seed, 1))
	list := make([]*linkage.Finding, n)
	for i := range list {
		var f *linkage.Finding
		if i < n/2 {
			f = familyFinding()
		} else {
			f = reviewFinding()
		}
		f.CaseID = fmt.Sprintf("%016x", random.Uint64())
		f.RecordID = fmt.Sprintf("R%07d", i)
		f.SourceLine = int64(i + 2)
		f.PWrong = random.Float64()
		list[i] = f
	}
	return list
}

func both(t *testing.T, f func(*testing.T, words.Lang)) {
	for _, l := range []words.Lang{words.English, words.Japanese} {
		t.Run(l.String(), func(t *testing.T) { f(t, l) })
	}
}
