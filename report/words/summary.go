package words

import (
	"strconv"
	"strings"

	"github.com/himozuke/himozuke/linkage"
	"github.com/himozuke/himozuke/linkage/ingest"
)

// Summary is one plain sentence or two about a finding, without any personal
// value: it may travel to people who must not see the record.
func Summary(f *linkage.Finding, l Lang) string {
	var b strings.Builder
	b.WriteString(judgementSentence(f).In(l))
	if reasons := differenceList(f, l); reasons != "" && f.Verdict != linkage.Orphan {
		b.WriteString(differenceSentence.Format(l, reasons))
	}
	for _, note := range crossNotes(f) {
		b.WriteString(note.In(l))
	}
	return b.String()
}

// crossNotes say what other rows tell about the case, once each.
func crossNotes(f *linkage.Finding) []Text {
	var notes []Text
	list := f.Evidence
	if f.Owner != nil {
		list = append(list[:len(list):len(list)], f.Owner.Evidence...)
	}
	for _, e := range list {
		if t, ok := noteSentences[e.Detail]; ok {
			notes = append(notes, t)
		}
	}
	return notes
}

var noteSentences = map[string]Text{
	linkage.DetailSharedKey:     {" The owner's own number carries the same account, certificate or insurance.", "真の本人の番号にも同じ口座・手帳・被保険者番号が登録されている。"},
	linkage.DetailRepeatedKey:   {" Another record of the number carries the same certificate, account or insurance number.", "同じ個人番号の別の記録と手帳番号・口座番号等が同一である。"},
	linkage.DetailSharedNumber:  {" The register gives this number to two people: ask the register office first.", "住民台帳でこの番号が二人に付いているため、まず住民台帳の確認を要する。"},
	linkage.DetailSameElsewhere: {" Every record of this number, in several datasets, describes the same other person: the register or the card may be wrong.", "この番号の記録は複数の情報でいずれも同じ別人のものであり、住民台帳又はカードの誤りの可能性がある。"},
}

func judgementSentence(f *linkage.Finding) Text {
	switch f.Verdict {
	case linkage.Orphan:
		if wellFormed(f.Number) {
			return Text{"The number is not in the register.", "個人番号が住民台帳に存在しない。"}
		}
		return Text{"The number is malformed.", "個人番号の形式が正しくない。"}
	case linkage.Unverifiable:
		return Text{"The row holds too little to be judged.", "記録の項目が不足しており、判定できない。"}
	case linkage.Review:
		if f.Ambiguous {
			return ambiguousSentence
		}
	case linkage.Mislinked:
		if f.Cause == linkage.Family {
			return familySentences[kinship(f)]
		}
		return mislinkedSentences[f.Cause]
	}
	if f.Cause == linkage.Family {
		return familyReviews[kinship(f)]
	}
	return reviewSentences[f.Cause]
}

var ambiguousSentence = Text{
	"Cannot be decided: another resident has the same name, birth date and sex, and nothing in the row tells which of them it describes.",
	"氏名・生年月日・性別が同じ別の住民がおり、この記録からはいずれの者か判別できないため、確認を要する。",
}

// A number of the right length that is all digits was looked up and not found;
// anything else never could be. Masked digits count as digits.
func wellFormed(number string) bool {
	for i := 0; i < len(number); i++ {
		if c := number[i]; c != '*' && (c < '0' || c > '9') {
			return false
		}
	}
	return len(number) == 12 || len(number) == 11
}

var mislinkedSentences = [linkage.Causes]Text{
	linkage.NoCause:      {"Linked to another person's number.", "別人の番号に紐付いている疑い。"},
	linkage.Namesake:     {"Linked to the number of another person of the same name.", "同姓同名の別人の番号に紐付いている疑い。"},
	linkage.NumberTypo:   {"Linked to another person's number through a mistyped digit.", "番号の入力誤りにより別人の番号に紐付いている疑い。"},
	linkage.RowShift:     {"Linked to a neighbouring row's number: a run of rows is shifted.", "行ずれにより前後の記録の番号に紐付いている疑い。"},
	linkage.CarryOver:    {"Linked to the number of the record entered just before.", "直前に登録された者の番号がそのまま紐付いている疑い。"},
	linkage.Swap:         {"The numbers of two records are exchanged.", "二つの記録の番号が互いに入れ替わっている疑い。"},
	linkage.KeyCollision: {"Another person holds the same account, certificate or insurance key.", "口座番号・手帳番号等が別人のものと重複し、取り違えられている疑い。"},
	linkage.Unrelated:    {"Linked to the number of an unrelated person.", "関係の認められない別人の番号に紐付いている疑い。"},
	linkage.UnknownOwner: {"Not the record of the number's holder; the owner was not found in the register.", "番号の本人の記録ではない疑い。真の本人は住民台帳に見当たらない。"},
}

var reviewSentences = [linkage.Causes]Text{
	linkage.NoCause:      {"Possibly linked to another person's number.", "別人の番号に紐付いている可能性があり、確認を要する。"},
	linkage.Namesake:     {"Possibly linked to the number of another person of the same name.", "同姓同名の別人との取り違えの可能性があり、確認を要する。"},
	linkage.NumberTypo:   {"Possibly linked to another person's number through a mistyped digit.", "番号の入力誤りの可能性があり、確認を要する。"},
	linkage.RowShift:     {"Possibly linked to a neighbouring row's number.", "行ずれの可能性があり、確認を要する。"},
	linkage.CarryOver:    {"Possibly linked to the number of the record entered just before.", "直前に登録された者の番号が残った可能性があり、確認を要する。"},
	linkage.Swap:         {"The numbers of two records are possibly exchanged.", "二つの記録の番号が入れ替わった可能性があり、確認を要する。"},
	linkage.KeyCollision: {"Another person holds the same account, certificate or insurance key.", "口座番号・手帳番号等が別人のものと重複しており、確認を要する。"},
	linkage.Unrelated:    {"Possibly linked to the number of an unrelated person.", "関係の認められない別人との取り違えの可能性があり、確認を要する。"},
	linkage.UnknownOwner: {"Possibly not the record of the number's holder; no owner was found in the register.", "番号の本人の記録ではない可能性があり、確認を要する。"},
}

// kin is what the owner is to the holder, told by the years of birth.
type kin uint8

const (
	kinUnknown kin = iota
	kinChild       // the owner is a generation younger than the holder
	kinParent
	kinPeer
	kins
)

var familySentences = [kins]Text{
	{"Linked to the number of another member of the household.", "同一世帯の別人の番号に紐付いている疑い。"},
	{"A child's record linked to the number of a parent's generation in the household.", "同一世帯の別人（親の世代）の番号に、子の世代の記録が紐付いている疑い。"},
	{"Linked to the number of a child's generation in the household.", "同一世帯の別人（子の世代）の番号に紐付いている疑い。"},
	{"Linked to the number of a household member of the same generation.", "同一世帯の別人（同世代）の番号に紐付いている疑い。"},
}

var familyReviews = [kins]Text{
	{"Possibly linked to the number of another member of the household.", "同一世帯の別人との取り違えの可能性があり、確認を要する。"},
	{"Possibly a child's record linked to the number of a parent's generation in the household.", "同一世帯の別人（親の世代）との取り違えの可能性があり、確認を要する。"},
	{"Possibly linked to the number of a child's generation in the household.", "同一世帯の別人（子の世代）との取り違えの可能性があり、確認を要する。"},
	{"Possibly linked to the number of a household member of the same generation.", "同一世帯の別人（同世代）との取り違えの可能性があり、確認を要する。"},
}

func kinship(f *linkage.Finding) kin {
	if f.Owner == nil {
		return kinUnknown
	}
	holder, ok := birthYear(f.Holder.Fields[ingest.RoleBirthDate])
	if !ok {
		return kinUnknown
	}
	owner, ok := birthYear(f.Owner.Person.Fields[ingest.RoleBirthDate])
	if !ok {
		return kinUnknown
	}
	switch gap := owner - holder; {
	case gap >= 16:
		return kinChild
	case gap <= -16:
		return kinParent
	}
	return kinPeer
}

// birthYear reads the year that a date of the register begins with. Registers
// in Japanese eras leave the kinship unsaid.
func birthYear(date string) (int, bool) {
	if len(date) < 4 {
		return 0, false
	}
	year, err := strconv.Atoi(date[:4])
	return year, err == nil && year >= 1868 && year < 2100
}

var differenceSentence = Text{" Differences: %s.", "差異: %s。"}

// differenceList names each field with its codes, in the order found.
func differenceList(f *linkage.Finding, l Lang) string {
	var b strings.Builder
	for i, d := range f.Differences {
		if i > 0 {
			b.WriteString(ListSeparator.In(l))
		}
		b.WriteString(FieldDifference(d.Field, d.Code, l))
	}
	return b.String()
}

// FieldDifference is one field with the reason for its difference.
func FieldDifference(field, code string, l Lang) string {
	return fieldReason.Format(l, Comparison(field).In(l), Difference(code).In(l))
}

// ListSeparator stands between the items of a list.
var ListSeparator = Text{"; ", "、"}

var fieldReason = Text{"%s: %s", "%s（%s）"}
