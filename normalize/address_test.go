package normalize

import (
	"reflect"
	"testing"
)

// Every line of a group is one place and must have one key.
var addressSpellings = [][]string{
	{
		"東京都千代田区丸の内1-2-3",
		"東京都千代田区丸の内一丁目2番3号",
		"東京都千代田区丸ノ内１丁目２番３",
		"東京都　千代田区　丸の内　１ー２ー３",
		"東京都千代田区丸の内１－２－３",
		"東京都千代田区丸の内一の二の三",
		"千代田区丸の内1丁目2-3",
		"東京千代田区丸之内1-2-3",
		"〒100-0005 東京都千代田区丸の内1-2-3",
	},
	{
		"北海道札幌市中央区北一条西2丁目1番地", "札幌市中央区北1条西2丁目1番地",
		"札幌市中央区北１条西２丁目１", "札幌市中央区北1西2-1", "北海道札幌市中央区北一条西二丁目一",
	},
	{"北海道札幌市北区北二十四条西5丁目1-2", "札幌市北区北24条西5-1-2", "札幌市北区北二四条西5丁目1番2号"},
	{"大阪府堺市堺区南瓦町3丁3号", "堺市堺区南瓦町3-3", "堺市南瓦町3丁3"},
	{"千葉県市川市八幡1-1-1", "千葉市川市八幡1-1-1", "市川市八幡１丁目１番１号"},
	{"岩手県花巻市十二丁目123", "岩手花巻市十二丁目123番地", "花巻市12丁目123"},
	{"広島県府中市府川町315", "府中市府川町315番地"},
	{"神奈川県川崎市中原区小杉町1-520", "川崎市小杉町1丁目520", "神奈川県中原区小杉町一丁目520番"},
	{"長野県長野市大字南長野字幅下692番地2", "長野市南長野幅下692-2", "長野県長野市大字南長野幅下692の2"},
	{"東京都杉並区阿佐谷北1-2-3", "杉並区阿佐ヶ谷北1丁目2番3号", "東京都杉並区阿佐が谷北1-2-3"},
	{"東京都新宿区市谷加賀町1-1-1", "新宿区市ヶ谷加賀町1丁目1番1号", "新宿区市ケ谷加賀町1-1-1"},
	{"東京都三宅島三宅村阿古497", "東京都三宅村阿古497番地"},
	{"北海道上川郡新得町3条南4丁目26番地", "北海道新得町三条南4-26", "新得町３条南４丁目２６"},
	{"新潟県新潟市中央区学校町通一番町602番地1", "新潟市中央区学校町通1番町602-1"},
	{"茨城県つくば市筑穂1-10-4", "茨城県つくば市筑穂1丁目10番4号", "つくば市筑穂１−１０−４"},
	{
		"京都府京都市中京区上本能寺前町488", "京都市中京区寺町通御池上る上本能寺前町488番地",
		"京都府京都市中京区寺町通御池上ル上本能寺前町488", "京都市中京区寺町御池上る 上本能寺前町488",
	},
	{"京都府京都市下京区四条通高倉西入立売西町79", "京都市下京区立売西町79番地", "京都市下京区四条通高倉西入ル立売西町七九"},
	{"静岡県下田市二丁目4番26号", "静岡県下田市2-4-26", "下田市2丁目4-26"},
	{"東京都千代田区紀尾井町1-3", "千代田区紀尾井町1番3号", "東京都千代田区紀尾井町1丁目3"},
	{"東京都千代田区四番町1番8", "千代田区4番町1-8", "東京都千代田区四番町一番八号"},
	{"愛知県名古屋市中区栄3丁目15-33", "名古屋市中区榮三丁目15番33号"},
	{"埼玉県さいたま市浦和区針ヶ谷1丁目5-1", "さいたま市浦和区針ケ谷1-5-1", "埼玉県さいたま市浦和区針が谷一丁目5番1号"},
	{"茨城県龍ケ崎市3710番地", "茨城県竜ヶ崎市3710", "龍ヶ崎市三七一〇番地"},
	{"静岡県浜松市中央区元城町103番地の2", "静岡県浜松市中区元城町103-2"},
	{"青森県青森市大字荒川字柴田125-1", "青森市荒川柴田125番地1", "青森市大字荒川字柴田125の1"},
	{"石川県七尾市藤橋町亥45番地1", "石川県七尾市藤橋町 亥 四十五番地1", "七尾市藤橋町 亥 45-1"},
	{"愛知県豊田市西丹波町三五十12", "豊田市西丹波町字三五十12番地"},
	{"広島県府中市栗柄町名字八五十2459", "府中市栗柄町名字八五十2459番地"},
	{"岩手県岩手郡岩手町大字五日市第10地割44番地", "岩手町五日市第10地割44", "岩手県岩手町五日市10地割44番"},
	{"和歌山県和歌山市七番丁23番地", "和歌山市7番丁23"},
	{"大阪府大阪市北区梅田1丁目1番3号800", "大阪市北区梅田1-1-3-800", "大阪府大阪市北区梅田1丁目1番3-800号", "大阪市北区梅田1-1-3 大阪駅前第3ビル800号室"},
	{"東京都豊島区南池袋1-2-3-405", "豊島区南池袋1丁目2番3号 コーポ山田405号室", "豊島区南池袋1-2-3 405", "豊島区南池袋1-2-3コーポ山田405"},
	{"福岡県福岡市博多区博多駅前2丁目9番28号", "福岡市博多区博多駅前2-9-28", "福岡県福岡市博多区博多駅前(はかたえきまえ)2-9-28"},
}

func TestSpellingsOfOneAddressMeet(t *testing.T) {
	var p AddressParser
	for _, group := range addressSpellings {
		want, notes := p.Parse([]byte(group[0]), 0, 0)
		want.Flags &= AddressTownKnown
		if want.Municipality == 0 || want.Numbers == 0 {
			t.Errorf("%s: %+v %v", group[0], want, notes.Names())
		}
		for _, s := range group[1:] {
			got, notes := p.Parse([]byte(s), 0, 0)
			got.Flags &= AddressTownKnown
			if got != want {
				t.Errorf("%s: %+v\n%s: %+v %v", group[0], want, s, got, notes.Names())
			}
		}
	}
}

func TestNormalizeAddress(t *testing.T) {
	for _, c := range []struct {
		input, municipality, town, chome, block, building, level string
	}{
		{"東京都文京区小石川1", "文京区", "小石川", "1", "", "", "chome"},
		{"東京都文京区小石川1ビル名", "文京区", "小石川", "1", "", "ビル名", "chome"},
		{"東京都千代田区内神田1丁目マンション301", "千代田区", "内神田", "1", "", "マンション301", "chome"},
		{"東京都千代田区内神田1-7千代田ビル", "千代田区", "内神田", "1", "7", "千代田ビル", "block"},
		{"東京都千代田区内神田1-2-3 104ビル", "千代田区", "内神田", "1", "2-3", "104ビル", "block"},
		{"東京都千代田区内神田1-2-3-4F", "千代田区", "内神田", "1", "2-3", "4F", "block"},
		{"石川県金沢市主計町1番1号", "金沢市", "主計町", "", "1-1", "", "block"},
		{"愛媛県松山市一番町4-4-2", "松山市", "一番町", "4", "4-2", "", "block"},
		{"香川県高松市番町4-1-10", "高松市", "番町", "4", "1-10", "", "block"},
		{"三重県四日市市諏訪町1-5", "四日市市", "諏訪町", "", "1-5", "", "block"},
		{"千葉県八千代市大和田新田312-5", "八千代市", "大和田新田", "", "312-5", "", "block"},
		{"岩手県下閉伊郡普代村第9地割字銅屋13-2", "下閉伊郡普代村", "第9地割字銅屋", "", "13-2", "", "block"},
		{"奈良県奈良市上ノ1502", "奈良市", "上ノ", "", "1502", "", "block"},
		{"北海道帯広市西1条南1丁目1番地", "帯広市", "西一条南", "1", "1", "", "block"},
		{"神奈川県横浜市港北区大豆戸町１７番地１１", "横浜市港北区", "大豆戸町", "", "17-11", "", "block"},
		{"神奈川県横浜市港北区", "横浜市港北区", "", "", "", "", "municipality"},
		{"神奈川県", "", "", "", "", "", "prefecture"},
		{"愛知県安城市柿碕町12", "安城市", "柿碕町", "", "12", "", "block"},
		{"岐阜県飛驒市古川町本町2-22", "飛騨市", "古川町本町", "", "2-22", "", "block"},
		{"青森県上北郡六ヶ所村大字尾駮字野附475", "上北郡六ヶ所村", "尾駮字野附", "", "475", "", "block"},
		{"東京都江東区豊洲 四-2-27", "江東区", "豊洲", "4", "2-27", "", "block"},
		{"北海道旭川市3条通8丁目1番", "旭川市", "3条通", "8", "1", "", "block"},
		{"東京都新宿区西新宿2-8-1都庁第一本庁舎", "新宿区", "西新宿", "2", "8-1", "都庁第一本庁舎", "block"},
		{"東京都町田市木曽東4丁目14-イ22", "町田市", "木曽東", "4", "14-22", "", "block"},
	} {
		r := NormalizeAddress(c.input)
		if r.Municipality != c.municipality || r.Town != c.town || r.Chome != c.chome || r.Block != c.block ||
			r.Building != c.building || r.Level != c.level {
			t.Errorf("%s: %+v", c.input, r)
		}
	}
}

func TestAddressResultInFull(t *testing.T) {
	got := NormalizeAddress("１００－０００５　千代田區丸ノ内１‐２番３号　パレスビル４階４０５号室")
	want := AddressResult{
		Input:      "１００－０００５　千代田區丸ノ内１‐２番３号　パレスビル４階４０５号室",
		Prefecture: "東京都", PrefectureCode: "13", Municipality: "千代田区", MunicipalityCode: "13101",
		Town: "丸の内", Chome: "1", Block: "2-3", Building: "パレスビル4階405号室", Level: "block",
		Key:   NormalizeAddress("東京都千代田区丸の内一丁目2-3").Key,
		Notes: []string{"width", "dash", "variant", "building", "prefecture_supplied"},
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("\n%+v, not\n%+v", got, want)
	}
}

// Pairs that are alike and must not be equated.
func TestPlacesThatAreNotOne(t *testing.T) {
	var p AddressParser
	for _, c := range []struct {
		a, b     string
		weak     bool // the towns agree but for 大字 and 町
		block    bool
		undecide bool
	}{
		{"埼玉県川口市大字新堀123", "埼玉県川口市新堀町123", true, true, false},
		{"千葉県浦安市舞浜2番地11", "千葉県浦安市舞浜2丁目11番", true, true, true},
		{"千葉県浦安市舞浜2番地11", "千葉県浦安市舞浜2-11", true, true, true},
		{"埼玉県所沢市元町28番9号", "埼玉県所沢市元町1234番地5", true, false, true},
		{"東京都千代田区丸の内1-2-3", "東京都千代田区丸の内1-2-4", true, true, false},
		{"東京都千代田区丸の内1-2-3", "東京都千代田区丸の内1-3-3", true, false, false},
		{"香川県小豆郡土庄町甲123", "香川県小豆郡土庄町乙123", false, true, false},
		{"千葉県銚子市甲123", "千葉県銚子市乙123", true, false, false},
		{"長野県北安曇郡小谷村大字中小谷丙131", "長野県北安曇郡小谷村大字中小谷甲131", true, false, false},
		{"東京都府中市府中町1-1", "広島県府中市府中町1-1", false, true, false},
		{"北海道札幌市中央区北一条西1丁目1", "北海道札幌市中央区北一条東1丁目1", false, true, false},
		{"青森県青森市大字荒川字柴田125-1", "青森県青森市大字荒川字藤戸125-1", true, true, false},
	} {
		a, _ := p.Parse([]byte(c.a), 0, 0)
		b, _ := p.Parse([]byte(c.b), 0, 0)
		if a.Town == b.Town && a.Numbers == b.Numbers {
			t.Errorf("%s and %s have one key", c.a, c.b)
		}
		if weak := a.Municipality == b.Municipality && a.TownWeak == b.TownWeak; weak != c.weak {
			t.Errorf("%s and %s: weak town %v", c.a, c.b, weak)
		}
		if block := a.Block == b.Block; block != c.block {
			t.Errorf("%s and %s: block %v", c.a, c.b, block)
		}
		if a.Undecided(b) != c.undecide || b.Undecided(a) != c.undecide {
			t.Errorf("%s and %s: undecided %v", c.a, c.b, a.Undecided(b))
		}
	}
}

func TestAmbiguousMunicipality(t *testing.T) {
	var p AddressParser
	const address = "府中市府中町1-1"
	for _, c := range []struct {
		postal PostalCode
		hint   uint16
		want   uint16
		notes  Notes
	}{
		{0, 0, 0, NotePrefecture | NoteAmbiguous | NoteTownUnknown},
		{1830055, 0, 13206, NotePrefecture | NoteMunicipality},
		{7260003, 0, 34208, NotePrefecture | NoteMunicipality},
		{0, 34208, 34208, NotePrefecture | NoteMunicipality},
		{7268501, 0, 34208, NotePrefecture | NoteMunicipality}, // an office's own code
	} {
		k, notes := p.Parse([]byte(address), c.postal, c.hint)
		if k.Municipality != c.want || notes != c.notes {
			t.Errorf("%d %d: %d %v", c.postal, c.hint, k.Municipality, notes.Names())
		}
	}
	// Without a municipality the postal code or the holder's names it.
	for _, s := range []string{"宮西町2-24", "東京都宮西町2丁目24番地"} {
		k, _ := p.Parse([]byte(s), 1830022, 0)
		if k.Municipality != 13206 || k.Flags&AddressTownKnown == 0 {
			t.Errorf("%s: %+v", s, k)
		}
		if h, _ := p.Parse([]byte(s), 0, 13206); h != k {
			t.Errorf("%s: %+v", s, h)
		}
	}
}

// The code of a designated city stands for its wards.
func TestHintOfACityOfWards(t *testing.T) {
	var p AddressParser
	for s, want := range map[string]uint16{"大豆戸町17-11": 14109, "中区本町6-50-10": 14104, "西区浅間町1-2": 14103} {
		if k, notes := p.Parse([]byte(s), 0, 14100); k.Municipality != want || k.Flags&AddressTownKnown == 0 {
			t.Errorf("%s: %+v %v", s, k, notes.Names())
		}
	}
}

// A municipality that was merged away is found by the postal code.
func TestMergedMunicipalities(t *testing.T) {
	var p AddressParser
	for _, c := range []struct {
		old    string
		postal PostalCode
		now    string
	}{
		{"岩手県稗貫郡石鳥谷町好地5-12", 283101, "岩手県花巻市石鳥谷町好地5-12"},
		{"静岡県清水市興津本町1-2", 4240204, "静岡県静岡市清水区興津本町1-2"},
		{"埼玉県大宮市桜木町1-7-5", 3300854, "埼玉県さいたま市大宮区桜木町1-7-5"},
		{"埼玉県浦和市常盤6丁目4番4号", 3300061, "埼玉県さいたま市浦和区常盤6-4-4"},
	} {
		old, notes := p.Parse([]byte(c.old), c.postal, 0)
		now, _ := p.Parse([]byte(c.now), 0, 0)
		old.Flags &= AddressTownKnown
		now.Flags &= AddressTownKnown
		if old != now || notes&NoteMunicipality == 0 {
			t.Errorf("%s: %+v %v\n%s: %+v", c.old, old, notes.Names(), c.now, now)
		}
	}
	// Where the town is not known either, the municipality still is.
	if k, _ := p.Parse([]byte("埼玉県大宮市無い町1-7-5"), 3300854, 0); k.Municipality != 11103 || k.Flags&AddressTownKnown != 0 {
		t.Errorf("%+v", k)
	}
}

// What nobody could read is not known; the rest is.
func TestUnreadableCharacters(t *testing.T) {
	var p AddressParser
	whole, _ := p.Parse([]byte("埼玉県川口市大字新堀123-4"), 0, 0)
	for _, c := range []struct {
		s                           string
		municipality, town, numbers bool
	}{
		{"埼玉県川口市大字新●123-4", true, false, true},
		{"埼玉県川口市大字●●123-4", true, false, true},
		{"埼玉県〓口市大字新堀123-4", false, false, true},
		{"埼玉県川口市大字新堀12●-4", true, true, false},
		{"埼玉県川口市大字新堀123-●", true, true, false},
		{"埼玉県川口市大字新堀\ue000123-4", true, false, true},
	} {
		k, notes := p.Parse([]byte(c.s), 0, 0)
		if k.Municipality != 0 != c.municipality || k.Town != 0 != c.town || k.Numbers != 0 != c.numbers || notes&NotePlaceholder == 0 {
			t.Errorf("%s: %+v %v", c.s, k, notes.Names())
		}
		if c.numbers && k.Numbers != whole.Numbers || c.town && k.Town != whole.Town {
			t.Errorf("%s: %+v, not %+v", c.s, k, whole)
		}
	}
}

// 亀屋町 is five places of one ward, told apart by street or postal code.
func TestKyotoPlacesOfOneName(t *testing.T) {
	var p AddressParser
	parse := func(s string, postal PostalCode) uint32 {
		k, _ := p.Parse([]byte(s), postal, 0)
		return k.Town
	}
	street := parse("京都市中京区御幸町通御池上る亀屋町379", 0)
	if postal := parse("京都市中京区亀屋町379", 6040941); postal != street {
		t.Error("postal code and street name tell different places")
	}
	if other := parse("京都市中京区堺町通二条上ル亀屋町379", 0); other == street {
		t.Error("two places of one name are one")
	}
	if _, notes := p.Parse([]byte("京都市中京区亀屋町379"), 0, 0); notes&NoteAmbiguous == 0 {
		t.Error("nothing tells the place, and that is not noted")
	}
}
