package normalize

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

// A registerRow is one person as a register writes one.
type registerRow struct{ name, kana, birth, sex, postal, address []byte }

// benchmarkRows puts people at addresses of the whole country, in one stretch
// of memory as a file would have them.
func benchmarkRows(addresses [][]byte) []registerRow {
	r := rand.New(rand.NewPCG(3, 4))
	families := strings.Fields("佐藤:サトウ 鈴木:スズキ 髙橋:タカハシ 田中:タナカ 渡邉:ワタナベ 伊藤:イトウ 山本:ヤマモト 中村:ナカムラ 小林:コバヤシ 加藤:カトウ 吉田:ヨシダ 山﨑:ヤマザキ 佐々木:ササキ 長谷川:ハセガワ 五十嵐:イガラシ 勅使河原:テシガワラ 東:ヒガシ 齋藤:サイトウ 久保田:クボタ 濵田:ハマダ")
	givens := strings.Fields("太郎:タロウ 花子:ハナコ 健一郎:ケンイチロウ 美穂子:ミホコ 陽菜:ヒナ 大翔:ヒロト さくら:サクラ 誠:マコト 由美:ユミ 和夫:カズオ 幸子:サチコ 博:ヒロシ 翔太:ショウタ 恵美子:エミコ 隆:タカシ 千代:チヨ")
	var text []byte
	field := func(format string, values ...any) []byte {
		from := len(text)
		text = fmt.Appendf(text, format, values...)
		return text[from:len(text):len(text)]
	}
	text = make([]byte, 0, 256*len(addresses)) // stays where it is
	rows := make([]registerRow, len(addresses))
	for i, address := range addresses {
		family, familyKana, _ := strings.Cut(families[r.IntN(len(families))], ":")
		given, givenKana, _ := strings.Cut(givens[r.IntN(len(givens))], ":")
		rows[i] = registerRow{
			name:    field("%s　%s", family, given),
			kana:    field("%s　%s", familyKana, givenKana),
			birth:   field("%04d-%02d-%02d", 1930+r.IntN(90), 1+r.IntN(12), 1+r.IntN(28)),
			sex:     field("%s", []string{"男", "女"}[r.IntN(2)]),
			postal:  field("%03d-%04d", 1+r.IntN(990), 1+r.IntN(9000)),
			address: field("%s", address),
		}
	}
	return rows
}

// BenchmarkRow reads whole rows: name, kana, birth date, sex, postal code and
// address with the gazetteer match, in the order of an audit. A register is sorted by municipality; the
// other order has no two neighbours of one town, and its towns fit no cache.
func BenchmarkRow(b *testing.B) {
	const n = 1 << 16
	nationwide := benchmarkAddresses(n)
	sorted := slices.Clone(nationwide)
	slices.SortStableFunc(sorted, slices.Compare)
	for _, order := range []struct {
		name      string
		addresses [][]byte
	}{{"register", sorted}, {"nationwide", nationwide}} {
		b.Run(order.name, func(b *testing.B) {
			rows := benchmarkRows(order.addresses)
			var names NameParser
			var kana KanaParser
			var addresses AddressParser
			var key AddressKey
			parse := func(row *registerRow) {
				addresses.Begin(row.address)
				names.Parse(row.name)
				kana.Parse(row.kana)
				ParseDate(row.birth)
				ParseSex(row.sex)
				postal, _ := ParsePostal(row.postal)
				addresses.Finish(&key, postal, 0)
			}
			for i := range rows { // the gazetteer makes a municipality's towns at its first row
				parse(&rows[i])
			}
			b.ReportAllocs()
			defer reportCPU(b)()
			for i := 0; b.Loop(); i++ {
				parse(&rows[i&(n-1)])
			}
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "rows/s")
		})
	}
}
