package score_test

import (
	"testing"

	"github.com/himozuke/himozuke/normalize"
	"github.com/himozuke/himozuke/score"
	"pgregory.net/rapid"
)

// kana and kanji write codes as text; a dot is a placeholder.
func kana(s string) []byte {
	var codes []byte
	for _, r := range s {
		switch {
		case r == '●':
			codes = append(codes, normalize.KanaWildcard)
		case r < 0x80:
			codes = append(codes, normalize.KanaASCII|byte(r))
		default:
			codes = append(codes, byte(r-normalize.KanaBase))
		}
	}
	return codes
}

func kanji(s string) []uint16 {
	var codes []uint16
	for _, r := range s {
		if r == '●' {
			r = normalize.KanjiWildcard
		}
		codes = append(codes, uint16(r))
	}
	return codes
}

func TestCompareKanji(t *testing.T) {
	for _, test := range []struct {
		a, b string
		want score.Level
	}{
		{"山田", "山田", score.Exact},
		{"山田", "", score.Unknown},
		{"", "", score.Unknown},
		{"山●", "山田", score.Notation},
		{"山●", "山●", score.Notation},
		{"●●", "山田", score.Unknown},
		{"●●", "●●", score.Unknown},
		{"●", "山田", score.Unknown},
		{"●田", "山●", score.Unknown},
		{"●田", "●本", score.Different},
		{"斎藤", "斉藤", score.Confusable},
		{"斎●", "斉藤", score.Confusable},
		{"由美子", "由香子", score.Near},
		{"長谷川", "長川谷", score.Near},
		{"小野寺", "小野", score.Part},
		{"勅使河原", "勅使河野", score.Near},
		{"勅使河原", "勅使原", score.Near},
		{"健一", "健二", score.Part},
		{"大輔", "圭輔", score.Part},
		{"由紀", "美由", score.Part},
		{"花子", "良子", score.Different}, // 子 says nothing
		{"山田", "本田", score.Different}, // nor does 田
		{"山田", "田中", score.Different},
		{"田村", "田中", score.Part},
		{"佐藤", "鈴木", score.Different},
		{"林", "谷", score.Different},
		{"さくら", "さくら", score.Exact},
		{"サクラ", "サクヤ", score.Near},
		{"サクラ", "スミレ", score.Different},
		{"NGUYEN", "NGUYEN", score.Exact},
		{"NGUYEN", "NGUYEM", score.Near},
		{"NGUYEN", "NGUEN", score.Near},
		{"MARIA", "MARIACRISTINA", score.Near}, // a middle name left out
		{"MARIA", "ANAMARIA", score.Part},
		{"SMITH", "JONES", score.Different},
		{"NGUYEN", "グエン", score.Unknown}, // a transliteration decides
		{"NGUYEN", "阮", score.Unknown},
	} {
		if got := score.CompareKanji(kanji(test.a), kanji(test.b)); got != test.want {
			t.Errorf("CompareKanji(%s, %s) = %s, want %s", test.a, test.b, got, test.want)
		}
		if got := score.CompareKanji(kanji(test.b), kanji(test.a)); got != test.want {
			t.Errorf("CompareKanji(%s, %s) = %s, want %s", test.b, test.a, got, test.want)
		}
	}
}

func TestCompareKana(t *testing.T) {
	for _, test := range []struct {
		a, b string
		want score.Level
	}{
		{"ヤマダ", "ヤマダ", score.Exact},
		{"ヤマダ", "", score.Unknown},
		{"ヤマ●", "ヤマダ", score.Notation},
		{"●●●", "ヤマダ", score.Unknown},
		{"●●", "ヤマダ", score.Unknown},
		{"ヤマサキ", "ヤマザキ", score.Confusable},
		{"オオノ", "オーノ", score.Confusable},
		{"オオノ", "オノ", score.Part}, // 大野 and 小野 are different people
		{"タロウ", "ジロウ", score.Near},
		{"ヒロシ", "ヒロコ", score.Near},
		{"ヒロ", "ヒロシ", score.Part},
		{"アキコ", "アコ", score.Part},
		{"タカシ", "シタカ", score.Different},
		{"マサヒロ", "ヒロマサ", score.Different},
		{"チヨコレイト", "チヨユレイコ", score.Near}, // two edits in six codes
		{"アキ", "アミ", score.Part},         // one slip in a short name, or another name
		{"マイ", "イマ", score.Part},
		{"アキ", "マア", score.Different},
		{"ケン", "ケ", score.Different},
		{"ハナコ", "タケシ", score.Different},
		{"アレクサンドルスミルノフ", "アレクサンダースミノフ", score.Near},
	} {
		if got := score.CompareKana(kana(test.a), kana(test.b)); got != test.want {
			t.Errorf("CompareKana(%s, %s) = %s, want %s", test.a, test.b, got, test.want)
		}
		if got := score.CompareKana(kana(test.b), kana(test.a)); got != test.want {
			t.Errorf("CompareKana(%s, %s) = %s, want %s", test.b, test.a, got, test.want)
		}
	}
}

func TestCompareKanaFull(t *testing.T) {
	for _, test := range []struct {
		a, b string
		want score.Level
	}{
		{"カデノコウジムシヤノコウジサネア", "カデノコウジムシヤノコウジサネアツ", score.Notation},
		{"アレクサンドラガブリエラゴ", "アレクサンドラガブリエラゴメス", score.Near}, // too short for a cut
		{"アレクサンドラガブリエラゴンサレ", "アレクサンドラガブリエラゴンザレスゴメス", score.Near},
		{"アレクサンドラガブリエラゴンザ", "アレクサンドラガブリエラゴンザレスゴメス", score.Notation},
		{"アレクサンドラガブリエラゴンサ", "アレクサンドラガブリエラゴンザレスゴメス", score.Notation}, // cut before the voicing mark
		{"ヤマダ", "ヤマダハナコ", score.Part},
	} {
		got := score.CompareKanaFull(kana(test.a), kana(test.b))
		if got != test.want {
			t.Errorf("CompareKanaFull(%s, %s) = %s, want %s", test.a, test.b, got, test.want)
		}
		if back := score.CompareKanaFull(kana(test.b), kana(test.a)); back != got {
			t.Errorf("CompareKanaFull(%s, %s) = %s, the other way %s", test.a, test.b, got, back)
		}
	}
}

func TestCompareDate(t *testing.T) {
	d := normalize.MakeDate
	for _, test := range []struct {
		a, b normalize.Date
		want score.Level
	}{
		{d(1985, 3, 14), d(1985, 3, 14), score.Exact},
		{d(1985, 3, 14), 0, score.Unknown},
		{0, 0, score.Unknown},
		{d(1985, 3, 0), d(1985, 3, 14), score.Notation},
		{d(1985, 0, 0), d(1985, 3, 14), score.Notation},
		{d(1985, 3, 0), d(1985, 3, 0), score.Notation},
		{d(0, 3, 14), d(1985, 3, 14), score.Part},
		{d(1985, 0, 0), d(0, 3, 14), score.Unknown},
		{d(1985, 3, 0), d(1985, 4, 14), score.Different},
		{d(1985, 0, 0), d(1986, 3, 14), score.Different},
		{d(1985, 3, 14), d(1985, 3, 15), score.Near},
		{d(1985, 3, 14), d(1985, 3, 24), score.Near},
		{d(1985, 3, 14), d(1985, 8, 14), score.Near}, // one digit
		{d(1985, 3, 14), d(1958, 3, 14), score.Near}, // neighbours exchanged
		{d(1985, 1, 21), d(1985, 1, 12), score.Near},
		{d(1985, 3, 12), d(1985, 12, 3), score.Near},  // month and day exchanged
		{d(1985, 3, 14), d(1971, 3, 14), score.Near},  // 昭和60 and 大正60
		{d(1990, 5, 5), d(1927, 5, 5), score.Near},    // 平成2 and 昭和2
		{d(2020, 5, 5), d(1990, 5, 5), score.Near},    // 令和2 and 平成2
		{d(1989, 12, 3), d(1999, 12, 3), score.Near},  // ten years
		{d(1999, 12, 3), d(2000, 12, 3), score.Near},  // one year
		{d(1985, 9, 14), d(1985, 10, 14), score.Near}, // one month
		{d(1985, 3, 9), d(1985, 3, 10), score.Near},   // one day
		{d(1985, 3, 14), d(1985, 3, 27), score.Part},
		{d(1985, 3, 14), d(1985, 11, 14), score.Part},
		{d(1985, 3, 14), d(1952, 3, 14), score.Part},
		{d(1985, 3, 14), d(1985, 11, 27), score.Different},
		{d(1985, 3, 14), d(1951, 11, 27), score.Different},
	} {
		if got := score.CompareDate(test.a, test.b); got != test.want {
			t.Errorf("CompareDate(%d-%d-%d, %d-%d-%d) = %s, want %s", test.a.Year(), test.a.Month(), test.a.Day(),
				test.b.Year(), test.b.Month(), test.b.Day(), got, test.want)
		}
		if got := score.CompareDate(test.b, test.a); got != test.want {
			t.Errorf("CompareDate(%d-%d-%d, %d-%d-%d) = %s, want %s", test.b.Year(), test.b.Month(), test.b.Day(),
				test.a.Year(), test.a.Month(), test.a.Day(), got, test.want)
		}
	}
}

func TestCompareAddress(t *testing.T) {
	base := normalize.AddressKey{Town: 100, Numbers: 200, Municipality: 13101, TownWeak: 7, Block: 9, Building: 3}
	with := func(change func(*normalize.AddressKey)) normalize.AddressKey {
		k := base
		change(&k)
		return k
	}
	type key = normalize.AddressKey
	for _, test := range []struct {
		name   string
		b      key
		pa, pb normalize.PostalCode
		want   score.Level
	}{
		{"same", base, 0, 0, score.Exact},
		{"other building", with(func(k *key) { k.Building = 4 }), 0, 0, score.Exact},
		{"building missing", with(func(k *key) { k.Building = 0 }), 0, 0, score.Exact},
		{"same, other postal code", base, 1000001, 1000002, score.Exact},
		{"other house number", with(func(k *key) { k.Numbers = 201 }), 0, 0, score.Block},
		{"other block", with(func(k *key) { k.Numbers, k.Block = 201, 10 }), 0, 0, score.Town},
		{"no numbers", with(func(k *key) { k.Numbers, k.Block = 0, 0 }), 0, 0, score.Town},
		{"other spelling of the town", with(func(k *key) { k.Town = 101 }), 0, 0, score.Block},
		{"other spelling of the town, other numbers", with(func(k *key) { k.Town, k.Numbers = 101, 201 }), 0, 0, score.Uncertain},
		{"other town, one postal code", with(func(k *key) { k.Town, k.TownWeak = 101, 8 }), 1000001, 1000001, score.Uncertain},
		{"other town", with(func(k *key) { k.Town, k.TownWeak = 101, 8 }), 0, 0, score.City},
		{"other municipality", with(func(k *key) { k.Town, k.TownWeak, k.Municipality = 101, 8, 13102 }), 0, 0, score.Different},
		{"same weak town elsewhere", with(func(k *key) { k.Town, k.Municipality = 101, 13102 }), 0, 0, score.Different},
		{"nothing", key{}, 0, 0, score.Unknown},
		{"postal code only, same", key{}, 1000001, 1000001, score.Town},
		{"postal code only, other", key{}, 1000001, 5400008, score.Different},
		{"postal code and numbers", key{Numbers: 200}, 1000001, 1000001, score.Block},
		{"municipality only", key{Municipality: 13101}, 0, 0, score.City},
	} {
		if got := score.CompareAddress(base, test.b, test.pa, test.pb); got != test.want {
			t.Errorf("%s: %s, want %s", test.name, got, test.want)
		}
		if got := score.CompareAddress(test.b, base, test.pb, test.pa); got != test.want {
			t.Errorf("%s, other way: %s, want %s", test.name, got, test.want)
		}
	}
}

func TestCompareSex(t *testing.T) {
	for _, test := range []struct {
		a, b normalize.Sex
		want score.Level
	}{
		{normalize.Male, normalize.Male, score.Exact},
		{normalize.Male, normalize.Female, score.Different},
		{normalize.Male, normalize.SexUnknown, score.Unknown},
		{normalize.SexUnknown, normalize.SexUnknown, score.Unknown},
	} {
		if got := score.CompareSex(test.a, test.b); got != test.want {
			t.Errorf("CompareSex(%d, %d) = %s, want %s", test.a, test.b, got, test.want)
		}
	}
}

// TestConfusableMeansEqualWeakKeys: short cuts or not, kana are confusable
// exactly when the weak fold brings them together.
func TestConfusableMeansEqualWeakKeys(t *testing.T) {
	letters := []rune("アイウエオカガサシジスセゼソタチツテデトドナハバパヒビヘベホボフブヴヤユヨラリルレロワンー")
	rapid.Check(t, func(t *rapid.T) {
		codes := rapid.StringOfN(rapid.SampledFrom(letters), 1, 5, -1)
		a := kana(codes.Draw(t, "a"))
		b := kana(codes.Draw(t, "b"))
		if rapid.Bool().Draw(t, "alike") {
			b = append([]byte(nil), a...)
			i := rapid.IntRange(0, len(b)-1).Draw(t, "at")
			b[i] = byte(rapid.SampledFrom(letters).Draw(t, "letter") - normalize.KanaBase)
		}
		equal := string(normalize.AppendWeakKana(nil, a)) == string(normalize.AppendWeakKana(nil, b))
		level := score.CompareKana(a, b)
		if string(a) != string(b) && equal != (level == score.Confusable) {
			t.Fatalf("weak keys equal: %v, level %s", equal, level)
		}
	})
}

func TestAnyDates(t *testing.T) {
	any := func(t *rapid.T, label string) normalize.Date {
		return normalize.MakeDate(rapid.SampledFrom([]int{0, 1868, 1912, 1925, 1955, 1958, 1985, 1988, 1989, 1999, 2000, 2019, 2026}).Draw(t, label+" year"),
			rapid.IntRange(0, 12).Draw(t, label+" month"), rapid.IntRange(0, 31).Draw(t, label+" day"))
	}
	rapid.Check(t, func(t *rapid.T) {
		a, b := any(t, "a"), any(t, "b")
		level := score.CompareDate(a, b)
		if back := score.CompareDate(b, a); back != level {
			t.Fatalf("%s one way, %s the other", level, back)
		}
		whole := func(d normalize.Date) bool { return d.Year() != 0 && d.Month() != 0 && d.Day() != 0 }
		if (level == score.Exact) != (a == b && whole(a)) {
			t.Fatalf("equal %v, whole %v: %s", a == b, whole(a), level)
		}
		if whole(a) && whole(b) && (level == score.Unknown || level == score.Notation) {
			t.Fatalf("two whole dates: %s", level)
		}
	})
}
