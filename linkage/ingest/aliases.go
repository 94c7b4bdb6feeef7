package ingest

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// aliases are the headings by which a column of each role is known. Where a
// file has several, the first of this list is taken and the others are carried
// along. They are compared after [foldHeading], so width, case, spaces,
// brackets and hiragana need no entries of their own.
var aliases = [Roles][]string{
	RoleNumber: {
		"individual_number", "my_number", "個人番号", "マイナンバー", "個人番号（マイナンバー）",
		"マイナンバー（個人番号）", "個人番号12桁", "マイナンバー番号", "本人個人番号", "本人マイナンバー",
		"personal_number", "national_id", "kojin_bango", "isikukood", "identity_number", "個人No",
	},
	RoleRecord: {
		"record_id", "id", "rec_id", "記録ID", "レコードID", "記録番号", "レコード番号", "整理番号", "管理番号", "識別番号",
		"宛名番号", "受付番号", "通し番号", "通番", "連番", "項番", "record_no", "record_number", "row_id", "seq", "no",
		"unique_id", "データID", "ID番号", "識別ID",
	},
	RoleName: {
		"name", "full_name", "name_kanji", "kanji_name", "氏名", "漢字氏名", "氏名（漢字）", "姓名", "漢字姓名", "姓名（漢字）",
		"氏名漢字（全角）", "氏名（全角）", "名前", "お名前", "名前（漢字）", "漢字名前", "person_name", "holder_name", "account_holder",
		"口座名義（漢字）", "口座名義人（漢字）", "口座名義漢字", "口座名義人漢字", "漢字口座名義", "口座名義人漢字氏名",
	},
	RoleFamilyName: {
		"family_name", "last_name", "surname", "姓", "氏", "名字", "苗字", "姓（漢字）", "氏（漢字）", "漢字姓", "漢字氏",
		"family_name_kanji", "last_name_kanji", "sei",
	},
	RoleGivenName: {
		"given_name", "first_name", "名", "名（漢字）", "漢字名", "given_name_kanji", "first_name_kanji", "mei", "forename",
	},
	RoleKana: {
		"name_kana", "holder_kana", "kana", "kana_name", "full_name_kana", "氏名カナ", "カナ氏名", "氏名フリガナ", "フリガナ",
		"氏名（カナ）", "氏名（フリガナ）", "フリガナ氏名", "氏名仮名", "仮名氏名", "氏名かな", "かな氏名", "氏名ヨミ", "氏名読み",
		"ヨミガナ", "読み仮名", "読みがな", "読み", "ヨミ", "シメイ", "カナ", "氏名カナ（半角）", "氏名（半角カナ）", "半角カナ氏名",
		"氏名カナ（全角）", "氏名（全角カナ）", "全角カナ氏名", "姓名カナ", "姓名フリガナ", "カナ姓名", "名前カナ", "名前フリガナ",
		"お名前カナ", "お名前フリガナ", "口座名義カナ", "口座名義人カナ", "口座名義人氏名カナ", "口座名義人カナ氏名", "カナ口座名義",
		"口座名義フリガナ", "口座名義人フリガナ", "名義人カナ", "名義人氏名カナ", "カナ名義人", "カナ名義", "預金者名カナ", "カナ預金者名",
		"預金者名", "受取人名カナ", "受取人カナ", "受取人名", "口座名義（カナ）", "口座名義人（カナ）", "口座名義カナ（半角）",
		"account_holder_kana", "account_name_kana", "holder_name_kana", "furigana", "phonetic_name", "kana_full_name",
	},
	RoleFamilyKana: {
		"family_kana", "family_name_kana", "last_name_kana", "surname_kana", "姓カナ", "カナ姓", "氏カナ", "カナ氏", "姓フリガナ",
		"氏フリガナ", "セイ", "姓（カナ）", "氏（カナ）", "姓（フリガナ）", "姓ヨミ", "姓かな", "名字カナ", "名字フリガナ",
		"苗字カナ", "sei_kana", "姓読み", "姓仮名",
	},
	RoleGivenKana: {
		"given_kana", "given_name_kana", "first_name_kana", "名カナ", "カナ名", "名フリガナ", "メイ", "名（カナ）", "名（フリガナ）",
		"名ヨミ", "名かな", "mei_kana", "名読み", "名仮名",
	},
	RoleFormerName: {
		"former_name", "former_family_name", "maiden_name", "previous_name", "旧氏", "旧姓", "旧氏名", "旧氏（漢字）", "旧姓（漢字）",
		"旧氏漢字", "併記旧氏", "旧姓氏名",
	},
	RoleAlias: {
		"alias", "alias_name", "通称", "通称名", "通名", "通称氏名", "通称（漢字）", "漢字通称名", "通称漢字",
	},
	RoleLatinName: {
		"latin_name", "name_latin", "roman_name", "romaji", "romaji_name", "name_roman", "alphabet_name", "ローマ字氏名",
		"氏名（ローマ字）", "ローマ字", "ローマ字名", "英字氏名", "氏名（英字）", "アルファベット氏名", "氏名（アルファベット）", "外国人氏名",
		"外国人ローマ字氏名", "英語氏名",
	},
	RoleBirthDate: {
		"birth_date", "date_of_birth", "dob", "birthday", "birthdate", "生年月日", "生年月日（西暦）", "西暦生年月日", "生年月日（和暦）",
		"和暦生年月日", "誕生日", "出生日", "出生年月日", "生年月日8桁", "生年月日7桁", "birth",
	},
	RoleSex: {
		"sex", "gender", "性別", "性別コード", "性別区分", "男女", "男女区分", "男女別", "sex_code",
	},
	RolePostalCode: {
		"postal_code", "postcode", "zip", "zip_code", "郵便番号", "〒", "住所郵便番号", "現住所郵便番号", "郵便番号7桁", "post_code",
	},
	RoleAddress: {
		"address", "full_address", "住所", "現住所", "住所（漢字）", "漢字住所", "住民票住所", "登録住所", "住所地", "居住地", "住所全体",
		"住民票の住所", "住民登録地", "居所", "address1", "住所1", "住所_1", "home_address",
	},
	RoleHousehold: {
		"household_id", "household", "household_no", "household_number", "household_code", "世帯番号", "世帯ID", "世帯コード", "世帯No",
	},
	RoleMunicipality: {
		"municipality_code", "municipality", "city_code", "lg_code", "local_government_code", "団体コード", "市区町村コード",
		"市町村コード", "全国地方公共団体コード", "地方公共団体コード", "自治体コード", "団体番号", "区市町村コード", "住所コード",
		"市区町村番号", "市区町村CD", "団体CD",
	},
	RolePrefecture: {
		"prefecture_code", "prefecture", "pref_code", "pref", "都道府県コード", "都道府県番号", "都道府県", "県コード", "都道府県CD",
	},
	RoleOrganization: {
		"organization", "organisation", "organization_code", "insurer_number", "insurer_no", "insurer_code", "insurer", "issuer",
		"issuer_code", "issuing_authority", "保険者番号", "保険者コード", "保険者", "交付自治体", "交付自治体コード", "交付機関", "交付者",
		"交付団体", "発行機関", "発行者", "発行自治体", "実施機関", "実施機関コード", "機関コード", "機関番号", "組織コード", "交付元",
	},
	RoleDate: {
		"linked_on", "issued_on", "registered_on", "link_date", "issue_date", "registration_date", "登録日", "登録年月日", "紐付け日",
		"紐付日", "紐づけ日", "紐付け年月日", "交付日", "交付年月日", "発行日", "発行年月日", "登録日時", "登録処理日", "処理日",
		"処理年月日", "手帳交付日", "手帳交付年月日", "口座登録日", "申請日", "申請年月日", "更新日", "更新年月日",
	},
	RoleBankCode: {
		"bank_code", "bank", "金融機関コード", "金融機関番号", "銀行コード", "銀行番号", "bank_no", "金融機関CD", "統一金融機関コード",
	},
	RoleBranchCode: {
		"branch_code", "支店コード", "支店番号", "店番", "店番号", "店舗コード", "店舗番号", "branch_no", "支店CD", "本支店コード",
	},
	RoleAccountType: {
		"account_type", "預金種別", "口座種別", "預金種目", "預貯金種別", "預金種類", "口座種類", "預金科目", "科目", "account_kind",
	},
	RoleAccountNumber: {
		"account_number", "account_no", "account", "口座番号", "預金口座番号", "口座No", "口座",
	},
	RoleCertificateNumber: {
		"certificate_number", "certificate_no", "certificate", "手帳番号", "手帳交付番号", "障害者手帳番号", "身体障害者手帳番号",
		"療育手帳番号", "精神障害者保健福祉手帳番号", "交付番号", "受給者証番号", "受給者番号", "証番号", "証明書番号", "手帳No",
	},
	RoleCertificateKind: {
		"certificate_kind", "certificate_type", "手帳種別", "手帳種類", "手帳の種類", "手帳区分", "手帳種別コード", "障害種別", "手帳の種別",
	},
	RoleSymbol: {
		"symbol", "insured_symbol", "insurance_symbol", "記号", "被保険者証記号", "被保険者記号", "保険証記号", "被保険者証の記号",
		"被保険者証等記号", "資格記号",
	},
	RoleSymbolNumber: {
		"symbol_number", "insured_number", "insurance_number", "insured_no", "記号・番号", "記号番号", "被保険者証番号", "被保険者番号",
		"保険証番号", "被保険者証記号・番号", "被保険者記号・番号", "被保険者証の番号", "被保険者証等番号", "資格番号", "加入者番号", "番号",
	},
	RoleSymbolBranch: {
		"branch", "symbol_branch", "insured_branch", "branch_number", "枝番", "枝番号", "被保険者証枝番", "被保険者枝番", "被保険者証の枝番",
		"被保険者証等枝番", "保険証枝番",
	},
	RoleChannel: {
		"channel", "申請経路", "登録経路", "受付経路", "経路", "申請方法", "登録方法", "受付方法", "申請区分", "登録区分", "申請チャネル",
		"チャネル", "route",
	},
	RoleOperator: {
		"operator", "operator_id", "操作者", "操作者ID", "操作者コード", "入力者", "入力者ID", "担当者", "担当者ID", "担当者コード",
		"登録者", "登録者ID", "処理者", "職員番号", "user_id",
	},
	RoleValidFrom: {
		"valid_from", "資格取得日", "資格取得年月日", "取得日", "取得年月日", "有効開始日", "適用開始日", "適用開始年月日", "認定日",
		"資格開始日", "有効期間開始日", "開始日", "start_date",
	},
	RoleValidTo: {
		"valid_to", "資格喪失日", "資格喪失年月日", "喪失日", "喪失年月日", "有効終了日", "適用終了日", "適用終了年月日", "資格終了日",
		"有効期限", "有効期間終了日", "終了日", "end_date",
	},
}

// Headings whose meaning their content tells: a bare 口座名義 is kana in a bank
// file and kanji elsewhere, a bare 番号 is the individual number only when it
// holds twelve digits.
var (
	nameOrKana     = []string{"口座名義", "口座名義人", "口座名義人氏名", "口座名義人名", "名義人", "名義人氏名", "名義", "account_name"}
	perhapsNumbers = []string{"番号", "number", "本人番号", "12桁番号", "番号（12桁）", "id_number", "mn"}
)

// addressParts are the headings of addresses that are spread over columns, in
// the order in which they are joined. The first group is one way to spread it,
// the second continues a column that has the role.
var (
	addressParts = [][]string{
		{"都道府県名", "都道府県", "住所都道府県", "住所都道府県名", "prefecture_name"},
		{"市区町村名", "市区町村", "市区郡町村名", "市町村名", "市町村", "住所市区町村", "住所市区町村名", "住所市区郡町村名", "city", "city_name", "municipality_name"},
		{"町字", "町字名", "町名", "町域", "町域名", "大字", "大字町名", "町丁目", "住所町字", "住所町名", "town", "town_name"},
		{"番地", "番地号", "番地号表記", "番地等", "丁目番地", "地番", "街区符号", "住所番地", "住所番地号", "住所番地号表記", "block", "street_number"},
	}
	addressRests = [][]string{
		{"住所2", "住所_2", "address2", "住所（2）"},
		{"住所3", "住所_3", "address3", "住所（3）"},
		{"方書", "住所方書", "方書漢字", "方書（漢字）", "建物名", "建物", "建物名等", "建物名・部屋番号", "マンション名", "アパート名", "building"},
	}
)

// subjects are words for the person whom a row is about. They may stand before
// any heading of a person's field: 被保険者氏名, 申請者の生年月日.
var subjects = []string{
	"本人", "被保険者等", "被保険者", "加入者", "組合員", "対象者", "申請者", "受給者", "登録者", "手帳所持者", "所持者", "被交付者",
	"交付対象者", "有資格者", "資格者", "利用者", "住民", "口座名義人", "口座登録者", "患者", "insured", "holder", "applicant", "person", "resident",
}

// personal are the roles to which a subject may be added.
var personal = [Roles]bool{
	RoleNumber: true, RoleName: true, RoleFamilyName: true, RoleGivenName: true, RoleKana: true,
	RoleFamilyKana: true, RoleGivenKana: true, RoleFormerName: true, RoleAlias: true, RoleLatinName: true,
	RoleBirthDate: true, RoleSex: true, RolePostalCode: true, RoleAddress: true, RoleHousehold: true,
}

// known is a heading's role and its place in the list of that role.
type known struct {
	role Role
	rank int
}

var knownHeadings = func() map[string]known {
	table := make(map[string]known)
	for role, list := range aliases {
		for rank, heading := range list {
			table[foldHeading(heading)] = known{Role(role), rank}
		}
	}
	return table
}()

var foldedSubjects = foldAll(subjects)

func foldAll(headings []string) []string {
	folded := make([]string, len(headings))
	for i, h := range headings {
		folded[i] = foldHeading(h)
	}
	return folded
}

// recognize finds the role of a heading by the alias table, with or without
// the word for the person in front.
func recognize(folded string) (known, bool) {
	if k, ok := knownHeadings[folded]; ok {
		return k, true
	}
	for _, subject := range foldedSubjects {
		if rest, ok := strings.CutPrefix(folded, subject); ok {
			if k, ok := knownHeadings[rest]; ok && personal[k.role] {
				k.rank += 1000 // after every plain heading
				return k, true
			}
		}
	}
	return known{}, false
}

// foldHeading brings the spellings of one heading together: NFKC, lower case,
// katakana for hiragana, no spaces, brackets or marks, no の, no remark that a
// column is required.
func foldHeading(heading string) string {
	s := strings.ToLower(norm.NFKC.String(heading))
	for _, remark := range []string{"必須", "任意"} {
		if i := strings.Index(s, remark); i > 0 {
			s = strings.Replace(s, remark, "", 1)
		}
	}
	var b strings.Builder
	for _, r := range s {
		switch {
		case r == 'の':
		case r >= 'ぁ' && r <= 'ゖ':
			b.WriteRune(r + 0x60)
		case unicode.IsLetter(r), unicode.IsDigit(r), r == 'ー', r == '〒':
			b.WriteRune(r)
		}
	}
	return b.String()
}
