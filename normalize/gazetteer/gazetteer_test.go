package gazetteer

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf16"
	"unicode/utf8"
)

func TestContents(t *testing.T) {
	g := Load()
	if n := len(g.Municipalities) - 1; n < 1890 || n > 1900 {
		t.Errorf("%d municipalities", n)
	}
	if n := g.TownCount(); n < 115_000 {
		t.Errorf("%d towns", n)
	}
	prefectures := map[string]bool{}
	for _, m := range g.Municipalities[1:] {
		prefectures[m.Prefecture] = true
		if PrefectureNames[m.Code/1000] != m.Prefecture {
			t.Errorf("%d %s lies in %s", m.Code, m.City, m.Prefecture)
		}
		if g.Municipalities[g.ByCode(m.Code)].Code != m.Code {
			t.Errorf("%d is not found by its code", m.Code)
		}
	}
	if len(prefectures) != 47 {
		t.Errorf("%d prefectures", len(prefectures))
	}
	for _, c := range []struct {
		code                           uint16
		prefecture, county, city, ward string
	}{
		{13101, "東京都", "", "千代田区", ""},
		{1101, "北海道", "", "札幌市", "中央区"},
		{13381, "東京都", "三宅島", "三宅村", ""},
		{7564, "福島県", "相馬郡", "飯舘村", ""},
		{12211, "千葉県", "", "成田市", ""},
		{10384, "群馬県", "甘楽郡", "甘楽町", ""},
		{21219, "岐阜県", "", "郡上市", ""},
		{40216, "福岡県", "", "小郡市", ""},
	} {
		m := g.Municipalities[g.ByCode(c.code)]
		if m.Prefecture != c.prefecture || m.County != c.county || m.City != c.city || m.Ward != c.ward {
			t.Errorf("%d: %+v", c.code, m)
		}
	}
}

func TestByPostal(t *testing.T) {
	g := Load()
	for _, c := range []struct {
		postal, municipality int
	}{{1000005, 13101}, {10, 0}, {600000, 1101}, {1000301, 13362}} {
		list := g.ByPostal(uint32(c.postal))
		if c.municipality == 0 {
			if len(list) != 0 {
				t.Errorf("%07d: %v", c.postal, list)
			}
			continue
		}
		if len(list) != 1 || int(g.Municipalities[list[0]].Code) != c.municipality {
			t.Errorf("%07d: %v", c.postal, list)
		}
	}
}

// Every town is found again by its own name, and no two towns of one
// municipality have one hash.
func TestTownsAreFoundAndDiffer(t *testing.T) {
	g := Load()
	b := &builder{g: g}
	twins := 0
	for i := 1; i < len(g.Municipalities); i++ {
		m, towns := &g.Municipalities[i], g.TownsOf(i)
		twins += len(towns.twins)
		hashes := map[uint32]int{}
		for town := m.FirstTown; town < m.FirstTown+m.TownCount; town++ {
			node, ok := Node{}, true
			for _, c := range b.fold(g.TownName(town)) {
				if node, ok = towns.Trie.Child(node, c); !ok {
					break
				}
			}
			found := -1
			if ok {
				found = TownValue(node.Value()).Town()
			}
			if found != town && (found < 0 || towns.TwinOf(found) != town) {
				t.Errorf("%s %s is not found", m.City, g.TownName(town))
			}
			hash := Fold32(HashCodes(towns.Seed, b.fold(g.TownName(town))))
			if found != town {
				continue // a twin
			}
			if other, taken := hashes[hash]; taken {
				t.Errorf("%s and %s of %s have one hash", g.TownName(town), g.TownName(other), m.City)
			}
			hashes[hash] = town
		}
	}
	// What the fold merges inside a municipality is known and told apart.
	if twins == 0 || twins > 5 {
		t.Errorf("the fold merges %d pairs of towns", twins)
	}
}

func TestFoldIsIdempotent(t *testing.T) {
	fold := Load().Fold
	for r := range fold {
		if code := fold[r]; fold[code] != code && code > SemiVoice {
			t.Errorf("%c folds to %c, and that to %c", r, code, fold[code])
		}
	}
}

func TestFold(t *testing.T) {
	fold := Load().Fold
	for _, c := range []struct{ from, to string }{
		{"ヶケヵが箇", "ケケケケケ"}, {"ノの之乃ﾉ", "ノノノノノ"}, {"－ー‐−～", "-----"},
		{"ＡＺ０９ａ", "AZ09A"}, {"龍澤邊濱櫻", "竜沢辺浜桜"}, {"髙﨑塚福", "高崎塚福"}, {"ｱｶｯ", "アカツ"}, {"つくば", "ツクバ"},
		{"　\t", "  "}, {"（）【】", "()()"},
	} {
		to := []rune(c.to)
		for i, r := range []rune(c.from) {
			if fold[r] != uint16(to[i]) {
				t.Errorf("%c folds to %c, not %c", r, fold[r], to[i])
			}
		}
	}
}

func TestNumerals(t *testing.T) {
	for v, want := range map[int]string{0: "〇", 5: "五", 10: "十", 11: "十一", 24: "二十四", 100: "百", 108: "百八", 1234: "千二百三十四", 9999: "九千九百九十九"} {
		var got []rune
		for _, c := range AppendNumeral(nil, v) {
			got = append(got, rune(c))
		}
		if string(got) != want {
			t.Errorf("%d: %s, not %s", v, string(got), want)
		}
	}
}

func TestHashStreetDropsWhatSpellingsLeaveOut(t *testing.T) {
	b := &builder{g: Load()}
	want := HashStreet(b.fold("寺町通御池上る"))
	for _, s := range []string{"寺町御池上ル", "寺町通 御池上ル", "寺町通り御池上ル"} {
		if HashStreet(b.fold(s)) != want {
			t.Error(s)
		}
	}
	if HashStreet(b.fold("寺町通御池下る")) == want {
		t.Error("上る and 下る are one")
	}
}

func TestVariantClassesAreDisjoint(t *testing.T) {
	seen := map[rune]string{}
	for _, class := range variantClasses {
		if utf8.RuneCountInString(class) < 2 {
			t.Errorf("%s varies with nothing", class)
		}
		for _, r := range class {
			if seen[r] != "" {
				t.Errorf("%c is in %s and in %s", r, seen[r], class)
			}
			seen[r] = class
		}
	}
}

func BenchmarkUnpack(b *testing.B) {
	for b.Loop() {
		unpack()
	}
}

// Parsers in several goroutines ask for the same municipality first.
func TestTownsAreMadeOnce(t *testing.T) {
	g := unpack()
	made := make(chan *Towns)
	for range 8 {
		go func() { made <- g.TownsOf(g.ByCode(13101)) }()
	}
	first := <-made
	for range 7 {
		if other := <-made; other != first {
			t.Error("a municipality's towns were made twice")
		}
	}
	if first.Code != 13101 || g.Town(g.Municipalities[g.ByCode(13101)].FirstTown).name == 0 {
		t.Errorf("the towns of %d are incomplete", first.Code)
	}
}

func TestTrieFindsWhatWasPutIn(t *testing.T) {
	words := []string{"北", "北沢", "北沢町", "北沢西", "長い名前の町", "長い名前の町北", "長い名前の村", "西"}
	entries := make([]entry, 0, len(words))
	for i, w := range words {
		entries = append(entries, newEntry(utf16.Encode([]rune(w)), uint32(i+1)))
	}
	trie := new(trieBuilder).build(entries)
	walk := func(s string) (n Node, ok bool) {
		ok = true
		for _, c := range utf16.Encode([]rune(s)) {
			if n, ok = trie.Child(n, c); !ok {
				return n, false
			}
		}
		return n, true
	}
	for i, w := range words {
		n, ok := walk(w)
		goesOn := slices.ContainsFunc(words, func(o string) bool { return o != w && strings.HasPrefix(o, w) })
		if !ok || n.Value() != uint32(i+1) || n.Leaf() == goesOn {
			t.Errorf("%s: %v, value %d, leaf %v", w, ok, n.Value(), n.Leaf())
		}
	}
	for _, part := range []string{"長", "長い名", "長い名前の", "北沢西町", "東", "北西", "北沢町の"} {
		if n, ok := walk(part); ok && n.Value() != 0 {
			t.Errorf("%s is no entry but has the value %d", part, n.Value())
		}
	}
}
