package ingest

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"
)

func TestProblems(t *testing.T) {
	zipped := compressed(t, []byte(strings.Repeat(small, 200)), "gzip")
	zstandard := compressed(t, []byte(strings.Repeat(small, 200)), "zstd")
	tests := []struct {
		name    string
		content string
		options Options
		kind    ProblemKind
		says    string // a part of the message
		hides   string // what the message must not show
	}{
		{name: "empty", content: "", kind: ProblemEmpty},
		{name: "only line ends", content: "\n\r\n", kind: ProblemEmpty},
		{name: "mark only", content: "\uFEFF", kind: ProblemEmpty},
		{name: "headings only", content: "個人番号,氏名\n\n", kind: ProblemEmpty, says: "headings only"},
		{name: "no number", content: "氏名,生年月日\n山田太郎,S55.3.1\n", kind: ProblemNoNumber, says: `"氏名", "生年月日"`},
		{name: "number under another heading", content: "氏名,コード\n山田太郎,123456789018\n", kind: ProblemNoNumber, says: `"コード" holds twelve digits`, hides: "123456789018"},
		{name: "no headings", content: "123456789018,山田太郎\n983205673214,髙橋花子\n", kind: ProblemNoNumber, says: "needs a line of headings", hides: "太郎"},
		{name: "no headings and no number", content: "山田太郎,S55\n髙橋花子,S56\n", kind: ProblemNoNumber, says: "none of its 2 headings", hides: "太郎"},
		{name: "nothing to compare", content: "個人番号,備考\n123456789018,x\n", kind: ProblemNoFields, says: `"備考"`},
		{name: "register without names", content: "個人番号,生年月日\n123456789018,x\n", options: Options{Register: true}, kind: ProblemNoFields},
		{name: "heading twice", content: "個人番号,氏名,氏名\n1,a,b\n", kind: ProblemHeading, says: "columns 2 and 3"},
		{name: "number twice", content: "個人番号,個人番号,氏名\n1,a,b\n", kind: ProblemHeading, says: "stands twice"},
		{name: "configured heading is missing", content: small, options: Options{Columns: map[string]string{"number": "番号"}}, kind: ProblemHeading, says: `"番号"`},
		{name: "configured role is unknown", content: small, options: Options{Columns: map[string]string{"colour": "氏名"}}, kind: ProblemHeading, says: `"colour"`},
		{name: "quote in the heading", content: "\"個人番号,氏名\n1,a\n", kind: ProblemHeading, says: "quote"},
		{name: "binary", content: "a,b\n\x00\x01\x02\x03,\xff\xfe\x00\n", kind: ProblemNotText},
		{name: "workbook", content: "PK\x03\x04\x14\x00\x06\x00\x08\x00", kind: ProblemNotText, says: "Excel"},
		{name: "unknown encoding", content: small, options: Options{Encoding: "ebcdic"}, kind: ProblemEncoding, says: `"ebcdic"`},
		{name: "euc", content: "id,name\n" + strings.Repeat("1,\xbb\xb3\xc5\xc4\xa4\xcf\xa4\xca\xa4\xb3\n", 20), kind: ProblemEncoding, says: "EUC-JP"},
		{name: "neither", content: "number,name\n1,M\xfcller\n2,Gr\xf6\xdfe \xe9\n3,\xff\xfd\n", kind: ProblemEncoding, says: "neither"},
		{name: "damaged gzip", content: "\x1f\x8bxxxxxxxxxxxxxxxxx", kind: ProblemContainer, says: "gzip"},
		{name: "short gzip", content: string(zipped[:len(zipped)-40]), kind: ProblemContainer, says: "ends too early"},
		{name: "short zstd", content: string(zstandard[:len(zstandard)-40]), kind: ProblemContainer, says: "zstd"},
		{name: "empty gzip", content: string(compressed(t, nil, "gzip")), kind: ProblemEmpty},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			test.options.Path = write(t, "in.csv", []byte(test.content))
			s, err := Open(test.options)
			if err == nil {
				t.Fatalf("opened, with columns %v", s.Understood())
			}
			checkProblem(t, err, test.options.Path, test.kind, test.says)
			if test.hides != "" && strings.Contains(err.Error(), test.hides) {
				t.Errorf("shows data: %v", err)
			}
		})
	}
}

func checkProblem(t *testing.T, err error, path string, kind ProblemKind, says string) {
	t.Helper()
	var p *Problem
	if !errors.As(err, &p) {
		t.Fatalf("%T is no problem: %v", err, err)
	}
	if p.Kind != kind {
		t.Errorf("kind %d, want %d: %v", p.Kind, kind, err)
	}
	if p.Path != path || !strings.Contains(err.Error(), path) || !strings.Contains(err.Error(), says) {
		t.Errorf("message lacks %q or %q: %v", path, says, err)
	}
}

func TestMissingAndUnreadableFiles(t *testing.T) {
	dir := t.TempDir()
	missing := filepath.Join(dir, "missing.csv")
	_, err := Open(Options{Path: missing})
	checkProblem(t, err, missing, ProblemMissing, "no such file")
	_, err = Open(Options{Path: dir})
	checkProblem(t, err, dir, ProblemUnreadable, "directory")
	if os.Getuid() == 0 {
		t.Skip("root may read everything")
	}
	secret := write(t, "secret.csv", []byte(small))
	if err := os.Chmod(secret, 0); err != nil {
		t.Fatal(err)
	}
	_, err = Open(Options{Path: secret})
	checkProblem(t, err, secret, ProblemUnreadable, "permission")
}

func TestHeadings(t *testing.T) {
	number := "123456789018"
	tests := []struct {
		headings string
		row      string
		want     map[string]string
	}{
		{"individual_number,record_id,name,name_kana,birth_date,sex,postal_code,address,household_id,municipality_code",
			number + ",,,,,,,,,", map[string]string{
				"individual_number": "individual_number", "record_id": "record_id", "name": "name", "name_kana": "name_kana",
				"birth_date": "birth_date", "sex": "sex", "postal_code": "postal_code", "address": "address",
				"household_id": "household_id", "municipality_code": "municipality_code"}},
		{"個人番号,記録ID,氏名,氏名カナ,生年月日,性別,郵便番号,住所,世帯番号,団体コード",
			number + ",,,,,,,,,", map[string]string{
				"individual_number": "個人番号", "record_id": "記録ID", "name": "氏名", "name_kana": "氏名カナ",
				"birth_date": "生年月日", "sex": "性別", "postal_code": "郵便番号", "address": "住所",
				"household_id": "世帯番号", "municipality_code": "団体コード"}},
		{"マイナンバー,被保険者氏名（漢字）,ﾌﾘｶﾞﾅ,被保険者の生年月日,保険者番号,記号,番号,枝番,資格取得日,資格喪失年月日",
			number + ",,,,,,,,,", map[string]string{
				"individual_number": "マイナンバー", "name": "被保険者氏名（漢字）", "name_kana": "ﾌﾘｶﾞﾅ", "birth_date": "被保険者の生年月日",
				"organization": "保険者番号", "symbol": "記号", "symbol_number": "番号", "branch": "枝番",
				"valid_from": "資格取得日", "valid_to": "資格喪失年月日"}},
		{"個人番号,口座名義人,金融機関コード,支店コード,預金種別,口座番号,登録日",
			number + ",ﾔﾏﾀﾞ ﾀﾛｳ,,,,,", map[string]string{
				"individual_number": "個人番号", "name_kana": "口座名義人", "bank_code": "金融機関コード", "organization": "金融機関コード",
				"branch_code": "支店コード", "account_type": "預金種別", "account_number": "口座番号", "linked_on": "登録日"}},
		{"個人番号,口座名義人", number + ",山田　太郎", map[string]string{"individual_number": "個人番号", "name": "口座名義人"}},
		{"番号,氏名", number + ",山田", map[string]string{"individual_number": "番号", "name": "氏名"}},
		{"番号,氏名,個人番号", "17,山田," + number, map[string]string{"individual_number": "個人番号", "name": "氏名", "symbol_number": "番号"}},
		{"Individual Number,Family Name,Given Name,姓カナ,カナ名,DOB", number + ",,,,,", map[string]string{
			"individual_number": "Individual Number", "family_name": "Family Name", "given_name": "Given Name",
			"family_kana": "姓カナ", "given_kana": "カナ名", "birth_date": "DOB"}},
		{"個人番号,カナ名", number + ",ヤマダ タロウ", map[string]string{"individual_number": "個人番号", "name_kana": "カナ名"}},
		{"個人番号（必須）,※氏名,世帯主氏名,備考", number + ",,,", map[string]string{"individual_number": "個人番号（必須）", "name": "※氏名"}},
		{"個人番号,漢字氏名,氏名", number + ",,", map[string]string{"individual_number": "個人番号", "name": "氏名"}},
		{"交付自治体,手帳番号,手帳種別,手帳交付日,個人番号,氏名", ",,,," + number + ",", map[string]string{
			"organization": "交付自治体", "certificate_number": "手帳番号", "certificate_kind": "手帳種別",
			"linked_on": "手帳交付日", "individual_number": "個人番号", "name": "氏名"}},
	}
	for _, test := range tests {
		t.Run(test.headings, func(t *testing.T) {
			s := open(t, Options{Path: write(t, "in.csv", []byte(test.headings+"\n"+test.row+"\n"))})
			got := s.Understood()
			for role, heading := range test.want {
				if got[role] != heading {
					t.Errorf("%s is %q, want %q", role, got[role], heading)
				}
			}
			if len(got) != len(test.want) {
				t.Errorf("understood %v, want %v", got, test.want)
			}
			for role, heading := range got {
				r, ok := RoleByName(role)
				if !ok || s.Headings[s.Column(r)] != heading {
					t.Errorf("role %q stands at column %d", role, s.Column(r))
				}
			}
		})
	}
}

func TestConfigurationOverridesAliases(t *testing.T) {
	path := write(t, "in.csv", []byte("個人番号,旧番号,氏名,読み\n1,2,a,b\n"))
	s := open(t, Options{Path: path, Columns: map[string]string{"number": "旧番号", "name": "読み"}})
	got := s.Understood()
	if got["individual_number"] != "旧番号" || got["name"] != "読み" || got["name_kana"] != "" {
		t.Errorf("understood %v", got)
	}
	if s.Role(0) != RoleOther || s.Role(1) != RoleNumber {
		t.Errorf("roles are %v and %v", s.Role(0), s.Role(1))
	}
}

func TestEveryAliasMeansOneRole(t *testing.T) {
	seen := map[string]Role{}
	for role, list := range aliases {
		for _, heading := range list {
			f := foldHeading(heading)
			if f == "" {
				t.Errorf("%q folds to nothing", heading)
			}
			if other, ok := seen[f]; ok && other != Role(role) {
				t.Errorf("%q means %v and %v", heading, other, Role(role))
			}
			seen[f] = Role(role)
		}
	}
	for r := RoleOther + 1; r < Roles; r++ {
		if k, ok := recognize(foldHeading(r.String())); !ok || k.role != r {
			t.Errorf("the heading %q means %v", r, k.role)
		}
		if back, ok := RoleByName(r.String()); !ok || back != r {
			t.Errorf("%q is the name of %v", r, back)
		}
	}
}

func TestAddressesSpreadOverColumns(t *testing.T) {
	tests := []struct {
		headings, row, understood, want, prefecture string
	}{
		{"個人番号,氏名,住所,方書", "1,a,大阪市北区梅田1-2,梅田ハイツ3", "住所 + 方書", "大阪市北区梅田1-2 梅田ハイツ3", ""},
		{"個人番号,氏名,住所１,住所２,住所３", "1,a,大阪市北区,梅田1-2,", "住所１ + 住所２ + 住所３", "大阪市北区 梅田1-2", ""},
		{"個人番号,氏名,住所_都道府県,住所_市区郡町村名,住所_町字,住所_番地号表記,住所_方書", "1,a,大阪府,大阪市北区,梅田,1番2号,\"ハイツ\"\"梅\"\"\"",
			"住所_都道府県 + 住所_市区郡町村名 + 住所_町字 + 住所_番地号表記 + 住所_方書", "大阪府大阪市北区梅田1番2号 ハイツ\"梅\"", ""},
		{"個人番号,氏名,都道府県,市区町村,町名,番地", "1,a,大阪府,大阪市北区,梅田,1-2", "都道府県 + 市区町村 + 町名 + 番地", "大阪府大阪市北区梅田1-2", ""},
		{"個人番号,氏名,都道府県,住所", "1,a,27,大阪市北区梅田1-2", "住所", "大阪市北区梅田1-2", "27"},
		{"個人番号,氏名,町名", "1,a,梅田", "", "", ""},
	}
	for _, test := range tests {
		for _, content := range [][]byte{[]byte(test.headings + "\n" + test.row + "\n"), inCP932(t, test.headings+"\n"+test.row+"\n")} {
			s := open(t, Options{Path: write(t, "in.csv", content)})
			if got := s.Understood()["address"]; got != test.understood {
				t.Errorf("%s: address is %q", test.headings, got)
			}
			b, err := s.Sample(1)
			if err != nil {
				t.Fatal(err)
			}
			if got := string(b.Field(0, RoleAddress)); got != test.want || b.Has(RoleAddress) != (test.want != "") {
				t.Errorf("%s: got %q, want %q", test.headings, got, test.want)
			}
			if got := string(b.Field(0, RolePrefecture)); got != test.prefecture {
				t.Errorf("%s: prefecture is %q", test.headings, got)
			}
		}
	}
}

// Whatever the bytes, a file is read or refused with a problem.
func FuzzOpen(f *testing.F) {
	for _, content := range [][]byte{
		[]byte(small), inUTF16("\uFEFF"+small, true), inCP932(f, small), compressed(f, []byte(small), "gzip"),
		compressed(f, []byte(small), "zstd"),
	} {
		f.Add(content)
	}
	f.Fuzz(func(t *testing.T, content []byte) {
		if container(content) != "" {
			t.Skip("Arrow trusts the lengths in its metadata") // TestDamagedTables
		}
		s, err := Open(Options{Path: write(t, "in", content), Free: true})
		if err == nil {
			defer s.Close()
			rows := int64(0)
			err = s.Scan(context.Background(), 1, func(_ int, b *Batch) error {
				for row := range b.Rows() {
					for column := range s.Headings {
						if !utf8.Valid(b.Column(row, column)) {
							t.Errorf("line %d, column %d is no UTF-8: %q", b.Line(row), column, b.Column(row, column))
						}
					}
				}
				rows += int64(b.Rows() + len(b.Rejects))
				return nil
			})
		}
		var p *Problem
		if err != nil && !errors.As(err, &p) {
			t.Fatalf("%T is no problem: %v", err, err)
		}
	})
}
