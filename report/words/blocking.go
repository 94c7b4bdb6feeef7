package words

// BlockingRule names a rule of the candidate search by the word that files
// hold.
func BlockingRule(word string) Text {
	if t, ok := blockingRules[word]; ok {
		return t
	}
	return Text{word, word}
}

var blockingRules = map[string]Text{
	"kana+birth_date":           {"kana name and birth date", "カナ氏名・生年月日"},
	"kanji+birth_date":          {"kanji name and birth date", "漢字氏名・生年月日"},
	"given_kana+birth_date+sex": {"given name in kana, birth date, sex", "カナ名・生年月日・性別"},
	"given_kanji+birth_date":    {"given name in kanji, birth date", "漢字名・生年月日"},
	"kana+town":                 {"kana name and town", "カナ氏名・町字"},
	"kanji+town":                {"kanji name and town", "漢字氏名・町字"},
	"family+address":            {"family name and address", "氏・住所"},
	"birth_date+town":           {"birth date and town", "生年月日・町字"},
	"household_of_holder":       {"household of the holder", "番号の本人の世帯"},
	"kana+municipality":         {"kana name and municipality", "カナ氏名・市区町村"},
	"rare_kana":                 {"kana name that few have", "人数の少ないカナ氏名"},
	"latin":                     {"name in Latin letters that few have", "人数の少ないローマ字氏名"},
	"consonants":                {"name in Latin letters that the kana may spell", "カナ氏名に当たりうるローマ字氏名"},
	"reading":                   {"kana name that the kanji may be read", "漢字氏名の読みとなりうるカナ氏名"},
}
