package words

// Prefecture names a prefecture by its two-digit code. An empty code is a row
// that says no place; any other code is shown as it is.
func Prefecture(code string) Text {
	if code == "" {
		return Text{"not known", "不明"}
	}
	if len(code) == 2 && code[0] >= '0' && code[0] <= '9' && code[1] >= '0' && code[1] <= '9' {
		if n := int(code[0]-'0')*10 + int(code[1]-'0'); n >= 1 && n <= len(prefectures) {
			return prefectures[n-1]
		}
	}
	return Text{code, code}
}

var prefectures = [47]Text{
	{"Hokkaido", "北海道"}, {"Aomori", "青森県"}, {"Iwate", "岩手県"}, {"Miyagi", "宮城県"},
	{"Akita", "秋田県"}, {"Yamagata", "山形県"}, {"Fukushima", "福島県"}, {"Ibaraki", "茨城県"},
	{"Tochigi", "栃木県"}, {"Gunma", "群馬県"}, {"Saitama", "埼玉県"}, {"Chiba", "千葉県"},
	{"Tokyo", "東京都"}, {"Kanagawa", "神奈川県"}, {"Niigata", "新潟県"}, {"Toyama", "富山県"},
	{"Ishikawa", "石川県"}, {"Fukui", "福井県"}, {"Yamanashi", "山梨県"}, {"Nagano", "長野県"},
	{"Gifu", "岐阜県"}, {"Shizuoka", "静岡県"}, {"Aichi", "愛知県"}, {"Mie", "三重県"},
	{"Shiga", "滋賀県"}, {"Kyoto", "京都府"}, {"Osaka", "大阪府"}, {"Hyogo", "兵庫県"},
	{"Nara", "奈良県"}, {"Wakayama", "和歌山県"}, {"Tottori", "鳥取県"}, {"Shimane", "島根県"},
	{"Okayama", "岡山県"}, {"Hiroshima", "広島県"}, {"Yamaguchi", "山口県"}, {"Tokushima", "徳島県"},
	{"Kagawa", "香川県"}, {"Ehime", "愛媛県"}, {"Kochi", "高知県"}, {"Fukuoka", "福岡県"},
	{"Saga", "佐賀県"}, {"Nagasaki", "長崎県"}, {"Kumamoto", "熊本県"}, {"Oita", "大分県"},
	{"Miyazaki", "宮崎県"}, {"Kagoshima", "鹿児島県"}, {"Okinawa", "沖縄県"},
}

// Dataset names a linked file; datasets of the user's own keep their name.
func Dataset(name string) Text {
	switch name {
	case "medical":
		return Text{"medical", "健康保険"}
	case "bank":
		return Text{"bank", "公金受取口座"}
	case "disability":
		return Text{"disability", "障害者手帳"}
	case "register":
		return Text{"register", "住民台帳"}
	}
	return Text{name, name}
}
