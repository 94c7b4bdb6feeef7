package words

// Note says what normalization saw or folded away in a field. A note that is
// not known is said as it is.
func Note(name string) Text {
	if text, ok := notes[name]; ok {
		return text
	}
	return Text{EN: name, JA: name}
}

var notes = map[string]Text{
	"width":                 {"half or full width", "半角・全角"},
	"hiragana":              {"hiragana for katakana", "ひらがな表記"},
	"small_kana":            {"small kana folded to large", "小書き仮名を並字に統一"},
	"voicing":               {"voicing marks composed", "濁点・半濁点を合成"},
	"dash":                  {"another kind of dash", "長音・横線の表記違い"},
	"variant":               {"variant character", "異体字"},
	"selector":              {"variation selector dropped", "異体字セレクターを除去"},
	"placeholder":           {"sign for an unreadable character", "読めない文字の代替記号"},
	"private_use":           {"private use character", "外字"},
	"former_name":           {"former name in brackets", "旧氏の併記"},
	"alias":                 {"alias", "通称"},
	"latin":                 {"Latin letters", "ローマ字"},
	"guardian":              {"guardian removed", "成年後見人等の記載を除去"},
	"corporate":             {"corporate prefix or suffix", "法人格の記載"},
	"unsplit":               {"family and given name not separated", "氏と名の区切りなし"},
	"truncated":             {"cut at a length limit", "文字数の上限で切れている"},
	"wareki":                {"Japanese era", "和暦"},
	"era_overrun":           {"year past the end of the era", "元号の末年を超える年"},
	"part_unknown":          {"part of the date unknown", "年月日の一部が不明"},
	"impossible":            {"value that cannot be", "存在しない値"},
	"kanji_numerals":        {"numerals in kanji", "漢数字"},
	"building":              {"building split off", "方書を分離"},
	"street_name":           {"street name of Kyoto removed", "京都の通り名を除去"},
	"prefecture_supplied":   {"prefecture supplied", "都道府県名を補完"},
	"municipality_supplied": {"municipality supplied", "郡・市区町村名を補完"},
	"town_unknown":          {"town not known", "該当する町字なし"},
	"ambiguous":             {"several readings", "複数の解釈がある"},
	"check_digit":           {"check digit wrong", "検査用数字の不一致"},
	"length":                {"too short or too long", "桁数の過不足"},
	"characters":            {"characters that do not belong there", "使えない文字"},
	"empty":                 {"empty", "空欄"},
	"iteration":             {"iteration mark expanded", "繰返し符号を展開"},
	"simplified":            {"simplified Chinese character", "簡体字"},
	"dummy":                 {"dummy value", "仮の値"},
}
