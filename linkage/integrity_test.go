package linkage

import (
	"bytes"
	"context"
	"fmt"
	"maps"
	"math"
	"math/rand/v2"
	"path/filepath"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/himozuke/himozuke/linkage/ingest"
	"github.com/himozuke/himozuke/score"
)

// keysOf reads the folded keys of a file's rows.
func keysOf(t *testing.T, text string) []uint64 {
	t.Helper()
	s := &scene{dir: t.TempDir()}
	s.write(t, "keys.csv", text)
	src, err := ingest.Open(ingest.Options{Path: filepath.Join(s.dir, "keys.csv")})
	if err != nil {
		t.Fatal(err)
	}
	defer src.Close()
	b, err := src.Sample(100)
	if err != nil {
		t.Fatal(err)
	}
	var r keyReader
	var keys []uint64
	for i := range b.Rows() {
		keys = append(keys, r.key(b, i, keyKindOf(b)))
	}
	return keys
}

func TestKeysFoldAsOfficesConfuseThem(t *testing.T) {
	for _, c := range []struct {
		headings string
		rows     []string // the first against each of the others
		same     []bool
	}{
		{"個人番号,手帳種別,手帳番号,交付自治体", []string{
			",身体,012345,鳥取県", ",身体,12345,鳥取県", ",身体,第１２３４５号,鳥取県", ",身体,鳥取-012345,鳥取県鳥取市",
			",療育,012345,鳥取県", ",身体,012345,島根県", ",身体,123450,鳥取県", ",身体,,鳥取県",
		}, []bool{true, true, true, false, false, false, false}},
		{"個人番号,金融機関コード,支店コード,預金種別,口座番号", []string{
			",0005,012,普通,0012345", ",5,12,1,12345", ",０００５,０１２,普通預金,１２３４５",
			",0005,012,当座,0012345", ",0001,012,普通,0012345", ",0005,013,普通,0012345", ",0005,012,普通,0000000",
		}, []bool{true, true, false, false, false, false}},
		{"個人番号,保険者番号,記号,番号,枝番", []string{
			",06130012,12-34,0567,01", ",06130012,12-34,567,1", ",０６１３００１２,１２-３４,５６７,０１",
			",06130012,12-34,0567,02", ",06130012,12-35,0567,01", ",06130012,12-34,0567,",
		}, []bool{true, true, false, false, false}},
	} {
		keys := keysOf(t, c.headings+",氏名\n"+strings.Join(c.rows, ",朝比奈　五郎\n")+",朝比奈　五郎\n")
		if len(keys) != len(c.rows) || keys[0] == 0 {
			t.Fatalf("%s: keys %x", c.headings, keys)
		}
		for i, want := range c.same {
			if got := keys[i+1] == keys[0]; got != want {
				t.Errorf("%q and %q: same key %v, want %v", c.rows[0], c.rows[i+1], got, want)
			}
		}
	}
}

// However an office writes its digits, the key is the same; another digit makes
// another key.
func TestKeysDoNotDependOnNotation(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		digits := rapid.StringMatching(`[1-9][0-9]{3,9}`).Draw(t, "digits")
		zeros := strings.Repeat("0", rapid.IntRange(0, 4).Draw(t, "zeros"))
		wide := strings.NewReplacer("0", "０", "1", "１", "2", "２", "3", "３", "4", "４", "5", "５", "6", "６", "7", "７", "8", "８", "9", "９")
		written := []string{digits, zeros + digits, wide.Replace(zeros + digits), "第" + zeros + digits + "号", "東京-" + digits, digits + " "}
		fold := func(s string) string {
			var r keyReader
			r.digits([]byte(s))
			return string(r.folded)
		}
		want := fold(digits)
		for _, s := range written {
			if got := fold(s); got != want {
				t.Fatalf("%q is folded to %q, %q to %q", digits, want, s, got)
			}
		}
		at := rapid.IntRange(0, len(digits)-1).Draw(t, "at")
		other := []byte(digits)
		other[at] = '1' + (other[at]-'0')%9
		if string(other) != digits && fold(string(other)) == want {
			t.Fatalf("%s and %s have one key", digits, other)
		}
	})
}

// Short fields are folded as a whole to what their characters are one by one.
func TestShortKeyFieldsFoldAsTheirCharacters(t *testing.T) {
	var short, long keyReader
	characters := strings.Split("0 0 0 1 5 9 岡 ０ ９ - / : a \x00 \x80 \xe3 \xef　", " ")
	random := rand.New(rand.NewPCG(1, 2))
	for range 500_000 {
		var field []byte
		for range random.IntN(10) {
			c := random.IntN(len(characters) + 1)
			if c == len(characters) {
				field = append(field, ' ')
			} else if random.IntN(2) == 0 {
				field = append(field, characters[c%6]...)
			} else {
				field = append(field, characters[c]...)
			}
		}
		short.folded, long.folded = short.folded[:0], long.folded[:0]
		some, want := short.digits(field), long.digitsSingly(field)
		short.text(field)
		long.textSingly(field)
		if some != want || !bytes.Equal(short.folded, long.folded) {
			t.Fatalf("%q: %v %q, singly %v %q", field, some, short.folded, want, long.folded)
		}
	}
}

func FuzzKeyFields(f *testing.F) {
	f.Add([]byte("第０１２３号"), []byte("鳥取県鳥取市"))
	f.Add([]byte("\xef\xbc"), []byte("\xe3\x80"))
	f.Fuzz(func(t *testing.T, number, issuer []byte) {
		var r keyReader
		some := r.digits(number)
		if some != bytes.ContainsAny(r.folded, "123456789") {
			t.Errorf("%q is folded to %q, any digit: %v", number, r.folded, some)
		}
		r.text(issuer)
		if p := r.prefecture(issuer); p == 0 || p > 47 && p != 255 {
			t.Errorf("prefecture %d of %q", p, issuer)
		}
	})
}

// A key lasts from the row to the search: whoever carries it is found, nobody
// else.
func TestSharedKeysAreFound(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		workers := []*integrityReader{{}, {}, {}}
		reg := &register{}
		reg.segments = []*segment{{rows: make([]row, 64)}}
		want := map[uint64]map[ref]int{}
		for range rapid.IntRange(0, 200).Draw(t, "rows") {
			key := hashKey([]byte{rapid.Byte().Draw(t, "key")})
			holder := makeRef(0, rapid.IntRange(0, 63).Draw(t, "holder"))
			w := workers[rapid.IntRange(0, 2).Draw(t, "worker")]
			w.lists.add(key, makeKeyEntry(key, holder, rapid.Bool().Draw(t, "fits")))
			if want[key] == nil {
				want[key] = map[ref]int{}
			}
			want[key][holder]++
		}
		in := joinIntegrity(noKey, nil, workers, reg, 2)
		for key, holders := range want {
			rows := 0
			for _, n := range holders {
				rows += n
			}
			if rows < 2 || rows > maxSharing {
				holders = map[ref]int{}
			}
			got := map[ref]int{}
			for _, e := range in.sharing(key) {
				got[e.holder()]++
			}
			if !maps.Equal(got, holders) {
				t.Fatalf("key %x on %v, want %v", key, got, holders)
			}
		}
		if len(in.sharing(hashKey([]byte("nobody's")))) > 0 {
			t.Fatal("a key that no row has is shared")
		}
	})
}

func BenchmarkKeys(b *testing.B) {
	s := &scene{dir: b.TempDir()}
	text := "個人番号,金融機関コード,支店コード,預金種別,口座番号,口座名義カナ\n" + strings.Repeat("123456789018,0005,012,1,1234567,ｻﾄｳ ﾀﾛｳ\n", 1000)
	s.write(b, "bank.csv", text)
	src, err := ingest.Open(ingest.Options{Path: filepath.Join(s.dir, "bank.csv")})
	if err != nil {
		b.Fatal(err)
	}
	defer src.Close()
	batch, err := src.Sample(1000)
	if err != nil {
		b.Fatal(err)
	}
	var r keyReader
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		r.key(batch, i%batch.Rows(), accountKey)
	}
}

// records are the datasets of a test, by file.
type records struct {
	*scene
	text  map[string]*strings.Builder
	order []string
	lines map[string]int64
}

var recordHeadings = map[string]string{
	"bank":       "個人番号,金融機関コード,支店コード,預金種別,口座番号,口座名義カナ",
	"disability": "個人番号,手帳種別,手帳番号,交付自治体,氏名,氏名カナ,生年月日,性別,住所",
	"medical":    "個人番号,保険者番号,氏名,氏名カナ,生年月日,性別,住所,資格取得日,資格喪失日",
}

func newRecords(t *testing.T, people []resident) *records {
	return &records{scene: newScene(t, people), text: map[string]*strings.Builder{}, lines: map[string]int64{}}
}

// add writes a row and returns its line.
func (r *records) add(dataset, number string, fields ...string) int64 {
	b := r.text[dataset]
	if b == nil {
		b = &strings.Builder{}
		fmt.Fprintln(b, recordHeadings[dataset])
		r.text[dataset], r.lines[dataset] = b, 1
		r.order = append(r.order, dataset)
	}
	r.lines[dataset]++
	fmt.Fprintln(b, number+","+strings.Join(fields, ","))
	return r.lines[dataset]
}

func (r *records) account(number, account string, p resident) int64 {
	return r.add("bank", number, "0005", "012", "1", account, strings.ReplaceAll(p.kana, "　", " "))
}

func (r *records) certificate(number, certificate string, p resident) int64 {
	return r.add("disability", number, "身体", certificate, "東京都", p.name, p.kana, p.birth, p.sex, p.address)
}

func (r *records) insurance(number, insurer string, p resident, until string) int64 {
	return r.add("medical", number, insurer, p.name, p.kana, p.birth, p.sex, p.address, "2015-04-01", until)
}

func (r *records) audit(t *testing.T, jobs int) *collected {
	t.Helper()
	cfg := DefaultConfig()
	cfg.Jobs = jobs
	cfg.Register.Path = filepath.Join(r.dir, "register.csv")
	for _, name := range r.order {
		r.write(t, name+".csv", r.text[name].String())
		cfg.Links = append(cfg.Links, Source{Dataset: name, Path: filepath.Join(r.dir, name+".csv")})
	}
	c := &collected{}
	if _, err := Audit(context.Background(), cfg, Options{Key: []byte("key of the tests, 32 bytes long!")}, c); err != nil {
		t.Fatal(err)
	}
	return c
}

func (c *collected) of(dataset string, line int64) *Finding {
	for i := range c.findings {
		if c.findings[i].Dataset == dataset && c.findings[i].SourceLine == line {
			return &c.findings[i]
		}
	}
	return nil
}

// told tells whether a piece of evidence with that detail is in a list.
func told(list []score.Evidence, detail string) bool {
	for _, e := range list {
		if e.Detail == detail {
			return true
		}
	}
	return false
}

// wants checks verdict, cause and owner of one record.
func (c *collected) wants(t *testing.T, dataset string, line int64, verdict Verdict, cause Cause, owner string) *Finding {
	t.Helper()
	f := c.of(dataset, line)
	if f == nil {
		t.Errorf("%s line %d: verified, want %v by %v", dataset, line, verdict, cause)
		return &Finding{}
	}
	got := ""
	if f.Owner != nil {
		got = f.Owner.Number
	}
	if f.Verdict != verdict || f.Cause != cause || got != owner {
		t.Errorf("%s line %d: %v by %v (p %.6f), owner %v; want %v by %v", dataset, line, f.Verdict, f.Cause, f.PWrong, got == owner, verdict, cause)
	}
	f.addsUp(t)
	return f
}

// addsUp checks that evidence adds up to the weight, of the holder and of the
// candidates, who stand by how likely they are.
func (f *Finding) addsUp(t *testing.T) {
	t.Helper()
	check := func(who string, list []score.Evidence, weight float64) {
		t.Helper()
		sum := 0.0
		for _, e := range list {
			sum += e.Weight
		}
		if math.Abs(sum-weight) > 1e-3 {
			t.Errorf("%s line %d: the evidence of %s adds up to %.3f, the weight is %.3f", f.Dataset, f.SourceLine, who, sum, weight)
		}
	}
	check("the holder", f.Evidence, f.Weight)
	for i, c := range f.Candidates {
		check("candidate "+c.Number, c.Evidence, c.Weight)
		if i > 0 && c.Posterior > f.Candidates[i-1].Posterior {
			t.Errorf("%s line %d: candidate %d is likelier than the one before", f.Dataset, f.SourceLine, i+1)
		}
	}
}

func TestCertificateNumbersThatCollide(t *testing.T) {
	people := townspeople(3000)
	r := newRecords(t, people)
	var collided, other int64
	for i := range 1000 {
		p := people[i]
		if i == 100 {
			p.address = "沖縄県名護市大西606番地" // the record it meets need not be up to date
		}
		r.certificate(number(i), fmt.Sprintf("%06d", 20_000+i), p)
		switch i {
		case 300: // 020100 lost its zero in another system and met 20100
			collided = r.certificate(number(100), "20100", people[1501])
		case 600: // a wrong number by itself
			other = r.certificate(number(200), "77777", people[1601])
		}
	}
	got := r.audit(t, 2)
	f := got.wants(t, "disability", collided, Mislinked, KeyCollision, number(1501))
	if !told(f.Evidence, DetailRepeatedKey) {
		t.Error("the case does not say that another record has the certificate")
	}
	got.wants(t, "disability", other, Mislinked, Unrelated, number(1601))
	if len(got.findings) != 2 {
		t.Errorf("%d findings, want 2", len(got.findings))
	}
}

func TestAccountsOnSeveralNumbers(t *testing.T) {
	people := townspeople(3000)
	people[200].kana, people[200].name = "ナカムラ　ゲンザブロウ", "中村　源三郎"
	people[400].kana, people[400].name = "アサヒナ　ゴロウ", "朝比奈　五郎"
	r := newRecords(t, people)
	for i := range 1500 {
		r.account(number(i), fmt.Sprint(5_000_000+i), people[i])
	}
	family := r.account(number(201), "5000200", people[200])     // of one household
	collision := r.account(number(1900), "5000400", people[400]) // of nobody known
	got := r.audit(t, 2)
	f := got.wants(t, "bank", family, Mislinked, Family, number(200))
	if f.Owner != nil && !told(f.Owner.Evidence, DetailSharedKey) {
		t.Error("the case does not say that the owner linked the account too")
	}
	f = got.wants(t, "bank", collision, Mislinked, KeyCollision, number(400))
	if f.Owner != nil && !told(f.Owner.Evidence, DetailSharedKey) {
		t.Error("the case does not say that the owner linked the account too")
	}
	in := got.run.Integrity[0]
	if in.Key != "account" || in.Keys != 1502 || in.SharedKeys != 2 || in.FamilyKeys != 1 {
		t.Errorf("%+v, want 1502 accounts, 2 on several numbers, 1 of a family", in)
	}
}

func TestInsurancesThatAreValidAtOnce(t *testing.T) {
	people := townspeople(3000)
	r := newRecords(t, people)
	moved := people[501]
	moved.address = "大阪府大阪市北区梅田一丁目1番1号"
	for i := range 2000 {
		r.insurance(number(i), "06130012", people[i], "")
	}
	same := r.insurance(number(700), "01130012", people[700], "")
	past := r.insurance(number(501), "01130012", moved, "2016-03-31")
	wrong := r.insurance(number(900), "01130012", people[2500], "")
	got := r.audit(t, 2)
	if got.of("medical", same) != nil {
		t.Error("one person insured twice is not a wrong link")
	}
	if f := got.of("medical", past); f != nil {
		t.Errorf("an insurance that has ended is not a wrong link: %v p %.4f", f.Verdict, f.PWrong)
	}
	f := got.wants(t, "medical", wrong, Mislinked, Unrelated, number(2500))
	if !told(f.Evidence, DetailOtherRecord) {
		t.Error("the case does not say that another valid record of the number fits its holder")
	}
	if in := got.run.Integrity[0]; in.DoubleClaims != 1 {
		t.Errorf("%d numbers with two valid fitting records, want 1", in.DoubleClaims)
	}
}

func TestOneNumberOnTwoPeopleOfTheRegister(t *testing.T) {
	people := townspeople(3000)
	r := newRecords(t, people)
	second := resident{"朝比奈　五郎", "アサヒナ　ゴロウ", "1951-02-03", "男", "東京都八王子市元本郷町4丁目9番9号", "H90009"}
	var b strings.Builder
	b.WriteString("個人番号,世帯番号,氏名,氏名カナ,生年月日,性別,住所\n")
	row := func(number string, p resident) {
		fmt.Fprintf(&b, "%s,%s,%s,%s,%s,%s,%s\n", number, p.household, p.name, p.kana, p.birth, p.sex, p.address)
	}
	for i, p := range people {
		row(number(i), p)
	}
	row(number(50), second)
	row(number(60), people[60])
	r.write(t, "register.csv", b.String())
	for i := range 1000 {
		r.certificate(number(i), fmt.Sprint(10_000+i), people[i])
	}
	of := r.certificate(number(50), "99999", second)
	got := r.audit(t, 2)
	reasons := got.rejects["register"]
	if len(reasons) != 2 || reasons[0].Reason != ingest.ReasonSharedNumber || reasons[1].Reason != ingest.ReasonDuplicate {
		t.Errorf("rejects %v, want a shared number and a duplicate", reasons)
	}
	f := got.wants(t, "disability", of, Review, KeyCollision, number(50))
	if !told(f.Evidence, DetailSharedNumber) || f.Owner.Person.Fields[ingest.RoleName] != second.name {
		t.Error("the case does not say that the register gives the number to two people")
	}
	if len(got.findings) != 1 {
		t.Errorf("%d findings, want 1", len(got.findings))
	}
}

func TestAllDatasetsPointToTheSameOtherPerson(t *testing.T) {
	people := townspeople(3000)
	r := newRecords(t, people)
	for i := range 1000 {
		switch i {
		case 300: // the card of 300 was given to 1800
			r.certificate(number(i), "10300", people[1800])
			r.insurance(number(i), "06130012", people[1800], "")
		case 400: // two wrong records, but of different people
			r.certificate(number(i), "10400", people[1900])
			r.insurance(number(i), "06130012", people[2000], "")
		case 500: // one wrong record beside a right one
			r.certificate(number(i), "10500", people[2100])
			r.insurance(number(i), "06130012", people[i], "")
		default:
			r.certificate(number(i), fmt.Sprint(10_000+i), people[i])
			r.insurance(number(i), "06130012", people[i], "")
		}
	}
	got := r.audit(t, 2)
	noted := map[string]int{}
	for i := range got.findings {
		if told(got.findings[i].Evidence, DetailSameElsewhere) {
			noted[got.findings[i].Number]++
		}
	}
	if len(noted) != 1 || noted[number(300)] != 2 {
		t.Errorf("noted on %v, want on the two records of one number", noted)
	}
	if len(got.findings) != 5 {
		t.Errorf("%d findings, want 5", len(got.findings))
	}
}
