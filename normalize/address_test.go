package normalize

import "testing"

// Every line of a group is one place and must have one key.
var addressSpellings = [][]string{
	{
		"東京都千代田区丸の内1-2-3",
		"東京都千代田区丸の内一丁目2番3号",
		"東京都千代田区丸ノ内１丁目２番地３",
		"東京都　千代田区　丸の内　１ー２ー３",
		"千代田区丸の内1丁目2-3",
		"東京千代田区丸之内1-2-3",
	},
	{"北海道札幌市中央区北一条西2丁目1番地", "札幌市中央区北1条西2-1", "札幌市中央区北１条西２丁目１"},
	{"大阪府堺市堺区南瓦町3丁3号", "堺市堺区南瓦町3-3"},
	{"千葉県市川市八幡1-1-1", "千葉市川市八幡1-1-1", "市川市八幡１丁目１番１号"},
	{"岩手県花巻市十二丁目123", "岩手花巻市十二丁目123番地"},
	{"広島県府中市府川町315", "府中市府川町315番地"},
}

func TestSpellingsOfOneAddressMeet(t *testing.T) {
	var p AddressParser
	for _, group := range addressSpellings {
		want, _ := p.Parse([]byte(group[0]), 0, 0)
		want.Flags = 0
		for _, s := range group[1:] {
			got, _ := p.Parse([]byte(s), 0, 0)
			got.Flags = 0
			if got != want {
				t.Errorf("%s: %+v\n%s: %+v", group[0], want, s, got)
			}
		}
	}
}
