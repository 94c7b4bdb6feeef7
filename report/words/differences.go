package words

// Difference says why two fields of a pair differ, by its code. A code that is
// not known here is shown as it is.
func Difference(code string) Text {
	if t, ok := differences[code]; ok {
		return t
	}
	return Text{code, code}
}

// DifferenceCodes lists the codes that have a text.
func DifferenceCodes() []string {
	codes := make([]string, 0, len(differences))
	for code := range differences {
		codes = append(codes, code)
	}
	return codes
}

var differences = map[string]Text{
	"name_notation":      {"the same name written otherwise (width, spaces)", "氏名の表記の違い（全角・空白等）"},
	"kanji_variant":      {"the same character in a variant form", "異体字"},
	"kanji_confusable":   {"characters that are commonly confused", "混同されやすい漢字"},
	"kana_notation":      {"kana written otherwise", "カナの表記の違い"},
	"kana_spelling":      {"kana spelled otherwise (long vowel, voicing)", "カナのつづりの違い（長音・濁点等）"},
	"reading_only":       {"only the reading could be compared", "読みのみで比較"},
	"other_reading":      {"another reading of the same kanji", "同じ漢字の別の読み"},
	"former_name":        {"a former family name", "旧氏"},
	"renamed":            {"another family name, as after marriage", "氏の変更（婚姻等）"},
	"family_differs":     {"another family name", "氏が不一致"},
	"given_differs":      {"another given name", "名が不一致"},
	"alias":              {"a registered alias", "通称"},
	"latin":              {"a name in Latin letters", "ローマ字表記"},
	"swapped_order":      {"family and given name in the other order", "氏と名の順序の違い"},
	"unsplit":            {"family and given name not separated", "氏と名の区切りなし"},
	"moved":              {"another address, as after a move", "住所の変更（転居等）"},
	"address_notation":   {"the same address written otherwise", "住所の表記の違い"},
	"building_missing":   {"building or room left out", "建物名・部屋番号の省略"},
	"building_differs":   {"another building or room", "建物名・部屋番号の違い"},
	"address_incomplete": {"part of the address left out", "住所の一部が未記載"},
	"number_differs":     {"another house number", "番地・号の違い"},
	"address_uncertain":  {"perhaps the same place (lot or residence number, town name)", "同一か判断できない住所（地番・住居表示、町名）"},
	"date_notation":      {"the same date written otherwise", "日付の表記の違い"},
	"date_slip":          {"a date one slip away", "日付の誤記"},
	"date_part_unknown":  {"month or day not known", "月又は日が不詳"},
	"placeholder":        {"an unreadable character (●, 〓, external character)", "判読不能文字（●・〓・外字）"},
	"truncated":          {"cut off at a length limit", "桁数制限による切捨て"},
	"missing":            {"nothing entered", "未記載"},
	"sex_differs":        {"sex differs", "性別が不一致"},
	"sex_missing":        {"sex not entered", "性別が未記載"},
	"dummy":              {"a dummy value", "仮の値"},
	"near":               {"one slip apart", "一字違い"},
	"part_differs":       {"one part differs", "一部が不一致"},
	"differs":            {"differs", "不一致"},
	"different":          {"differs", "不一致"},
}
