package words

import "github.com/himozuke/himozuke/linkage/ingest"

// Role names what a column means.
func Role(r ingest.Role) Text { return roles[r] }

var roles = [ingest.Roles]Text{
	ingest.RoleOther:             {"other column", "その他の項目"},
	ingest.RoleNumber:            {"individual number", "個人番号"},
	ingest.RoleRecord:            {"record id", "記録ID"},
	ingest.RoleName:              {"name", "氏名"},
	ingest.RoleFamilyName:        {"family name", "氏"},
	ingest.RoleGivenName:         {"given name", "名"},
	ingest.RoleKana:              {"kana", "フリガナ"},
	ingest.RoleFamilyKana:        {"family name kana", "氏カナ"},
	ingest.RoleGivenKana:         {"given name kana", "名カナ"},
	ingest.RoleFormerName:        {"former name", "旧氏"},
	ingest.RoleAlias:             {"alias", "通称"},
	ingest.RoleLatinName:         {"Latin name", "ローマ字氏名"},
	ingest.RoleBirthDate:         {"birth date", "生年月日"},
	ingest.RoleSex:               {"sex", "性別"},
	ingest.RolePostalCode:        {"postal code", "郵便番号"},
	ingest.RoleAddress:           {"address", "住所"},
	ingest.RoleHousehold:         {"household", "世帯番号"},
	ingest.RoleMunicipality:      {"municipality", "団体コード"},
	ingest.RolePrefecture:        {"prefecture", "都道府県コード"},
	ingest.RoleOrganization:      {"organization", "機関コード"},
	ingest.RoleDate:              {"date of entry", "登録日"},
	ingest.RoleBankCode:          {"bank code", "金融機関コード"},
	ingest.RoleBranchCode:        {"branch code", "店番"},
	ingest.RoleAccountType:       {"account type", "預金種目"},
	ingest.RoleAccountNumber:     {"account number", "口座番号"},
	ingest.RoleCertificateNumber: {"certificate number", "手帳番号"},
	ingest.RoleCertificateKind:   {"certificate kind", "手帳の種別"},
	ingest.RoleSymbol:            {"insurance symbol", "被保険者記号"},
	ingest.RoleSymbolNumber:      {"insurance number", "被保険者番号"},
	ingest.RoleSymbolBranch:      {"insurance branch number", "枝番"},
	ingest.RoleChannel:           {"channel", "申請経路"},
	ingest.RoleOperator:          {"operator", "操作者"},
	ingest.RoleValidFrom:         {"valid from", "資格取得日"},
	ingest.RoleValidTo:           {"valid to", "資格喪失日"},
}

// RejectReason says why a row could not be read.
func RejectReason(r ingest.Reason) Text { return reasons[r] }

var reasons = map[ingest.Reason]Text{
	ingest.ReasonFieldCount:   {"more or fewer fields than the heading", "項目数が見出しと異なる"},
	ingest.ReasonQuote:        {"a quote that is never closed, or text after a closing quote", "引用符が閉じていないか、閉じた後に文字がある"},
	ingest.ReasonTooLong:      {"the row is longer than the limit", "行の長さが上限を超えている"},
	ingest.ReasonEncoding:     {"bytes that the encoding does not have", "文字コードにないバイト列がある"},
	ingest.ReasonNumber:       {"the number is malformed", "個人番号の形式が正しくない"},
	ingest.ReasonDuplicate:    {"the person stands on an earlier row already", "同じ者が前の行に存在する"},
	ingest.ReasonSharedNumber: {"the number stands on an earlier row, of another person", "同じ個人番号が前の行の別人に付いている"},
}

// RejectReasonWord is the word that files hold.
func RejectReasonWord(r ingest.Reason) string { return reasonWords[r] }

var reasonWords = map[ingest.Reason]string{
	ingest.ReasonFieldCount:   "field_count",
	ingest.ReasonQuote:        "quote",
	ingest.ReasonTooLong:      "too_long",
	ingest.ReasonEncoding:     "encoding",
	ingest.ReasonNumber:       "number",
	ingest.ReasonDuplicate:    "duplicate",
	ingest.ReasonSharedNumber: "shared_number",
}

// RoleNamed is the name of the role with that English heading, or the heading.
func RoleNamed(name string) Text {
	if r, ok := ingest.RoleByName(name); ok {
		return Role(r)
	}
	return Text{EN: name, JA: name}
}

// Sex names a sex as the normalize room spells it; unknown is empty.
func Sex(s string) Text {
	switch s {
	case "male":
		return Text{EN: "male", JA: "男"}
	case "female":
		return Text{EN: "female", JA: "女"}
	}
	return Text{}
}
