package normalize

import (
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/himozuke/himozuke/normalize/gazetteer"
)

// drawnAddress is a made-up address of a real town.
type drawnAddress struct {
	prefecture, county, city, town string
	chome, block, number, room     int
	code                           uint16
}

func drawAddress(t *rapid.T) drawnAddress {
	g := gazetteer.Load()
	for {
		m := g.Municipalities[rapid.IntRange(1, len(g.Municipalities)-1).Draw(t, "municipality")]
		if m.TownCount == 0 {
			continue
		}
		town := m.FirstTown + rapid.IntRange(0, m.TownCount-1).Draw(t, "town")
		a := drawnAddress{
			prefecture: m.Prefecture, county: m.County, city: m.City + m.Ward, town: g.TownName(town), code: m.Code,
			block: rapid.IntRange(1, 3000).Draw(t, "block"), number: rapid.IntRange(0, 99).Draw(t, "number"),
		}
		if strings.ContainsAny(a.town[len(a.town)-1:], "0123456789") {
			continue // 浦臼第3: nobody can tell where the lot begins
		}
		if g.Town(town).Chome {
			a.chome = rapid.IntRange(1, 9).Draw(t, "chome")
		}
		if rapid.Bool().Draw(t, "has room") {
			a.room = rapid.IntRange(1, 15).Draw(t, "floor")*100 + rapid.IntRange(1, 20).Draw(t, "door")
		}
		return a
	}
}

// spellings of one address, with every separator and numeral.
func (a drawnAddress) spellings() []string {
	place := a.prefecture + a.county + a.city + a.town
	spaced := strings.Join([]string{a.prefecture, a.county + a.city, a.town, ""}, "　")
	var long, dashed, kanji string
	if a.chome > 0 {
		long = fmt.Sprintf("%d丁目", a.chome)
		dashed = fmt.Sprintf("%d-", a.chome)
		kanji = kanjiNumber(a.chome) + "丁目"
	}
	long += fmt.Sprintf("%d番", a.block)
	dashed += fmt.Sprint(a.block)
	kanji += numeral(a.block) + "番"
	if a.number > 0 {
		long += fmt.Sprintf("%d号", a.number)
		dashed += fmt.Sprintf("-%d", a.number)
		kanji += numeral(a.number) + "号"
	}
	room := ""
	if a.room > 0 {
		room = fmt.Sprintf(" 第2山田ビル%d", a.room)
		long += " メゾン緑" + fmt.Sprintf("%d号室", a.room)
		kanji += fmt.Sprintf(" %d号室", a.room)
	}
	return []string{
		place + long, place + dashed + room, place + kanji, spaced + long, spaced + dashed + room, wide(place + dashed + room),
		place + strings.ReplaceAll(dashed, "-", "ー") + room, place + strings.ReplaceAll(dashed, "-", "の") + room,
		place + strings.ReplaceAll(dashed, "-", "−") + room,
		respelled.Replace(place) + long, respelled.Replace(spaced) + dashed + room,
	}
}

var respelled = strings.NewReplacer("ケ", "ヶ", "ヶ", "が", "ノ", "の", "沢", "澤", "竜", "龍", "浜", "濱", "高", "髙", "辺", "邉", "桜", "櫻", "広", "廣", "崎", "﨑")

func numeral(v int) string {
	var b strings.Builder
	for _, c := range gazetteer.AppendNumeral(nil, v) {
		b.WriteRune(rune(c))
	}
	return b.String()
}

func TestSpellingsOfDrawnAddressesMeet(t *testing.T) {
	var p AddressParser
	rapid.Check(t, func(t *rapid.T) {
		a := drawAddress(t)
		spellings := a.spellings()
		want, notes := p.Parse([]byte(spellings[0]), 0, 0)
		want.Flags &= AddressTownKnown
		if want.Municipality != a.code || want.Flags == 0 {
			t.Fatalf("%s: %+v %v", spellings[0], want, notes.Names())
		}
		for _, s := range spellings[1:] {
			got, _ := p.Parse([]byte(s), 0, 0)
			got.Flags &= AddressTownKnown
			if got != want && !isTwin(a.town) {
				t.Fatalf("%s: %+v\n%s: %+v", spellings[0], want, s, got)
			}
		}
	})
}

// 日の出 and 日之出 of one municipality are told apart by the letter.
func isTwin(town string) bool {
	return strings.HasSuffix(town, "日の出") || strings.HasSuffix(town, "日之出")
}

// What a parser read before does not change what it reads now.
func TestParserHasNoMemory(t *testing.T) {
	var used AddressParser
	rapid.Check(t, func(t *rapid.T) {
		a := drawAddress(t)
		b := a
		if rapid.Bool().Draw(t, "elsewhere") {
			b = drawAddress(t)
		}
		for _, s := range []string{a.spellings()[0], a.spellings()[1], b.spellings()[4], a.spellings()[8], b.city + b.town, a.city + a.town} {
			var fresh AddressParser
			want, wantNotes := fresh.Parse([]byte(s), 0, b.code)
			got, notes := used.Parse([]byte(s), 0, b.code)
			if got != want || notes != wantNotes {
				t.Fatalf("%s: %+v %v, and to a fresh parser %+v %v", s, got, notes.Names(), want, wantNotes.Names())
			}
		}
	})
}

// The canonical parts, put together again, give the same key.
func TestNormalizingAnAddressTwiceChangesNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a := drawAddress(t)
		first := NormalizeAddress(a.spellings()[rapid.IntRange(0, 10).Draw(t, "spelling")])
		s := first.Prefecture + first.Municipality + first.Town
		if first.Chome != "" {
			s += first.Chome + "丁目"
		}
		s += first.Block + " " + first.Building
		if again := NormalizeAddress(s); again.Key != first.Key || again.Town != first.Town || again.Building != first.Building {
			t.Fatalf("%+v\n%+v", first, again)
		}
	})
}

func TestParsersDoNotAllocate(t *testing.T) {
	var p AddressParser
	list := benchmarkAddresses(64)
	withoutMunicipality, merged := []byte("大豆戸町17-11"), []byte("埼玉県大宮市桜木町1-7-5")
	kyoto := []byte("京都市中京区御幸町通御池上る亀屋町379")
	p.Parse(list[0], 0, 0)
	i := 0
	if n := testing.AllocsPerRun(256, func() {
		p.Parse(list[i&63], 1000005, 13101)
		p.Parse(withoutMunicipality, 0, 14100)
		p.Parse(merged, 3300854, 0)
		p.Parse(kyoto, 0, 0)
		ParseDate([]byte("昭和五十五年三月一日"))
		ParseSex([]byte("ｆｅｍａｌｅ"))
		ParsePostal([]byte("１００－０００５"))
		MyNumber{}.Parse([]byte("１２３４５６７８９０１８"))
		i++
	}); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

func FuzzAddress(f *testing.F) {
	for _, group := range addressSpellings {
		for _, s := range group {
			f.Add([]byte(s))
		}
	}
	for _, s := range []string{"", "〒", "京都市中京区上る", "東京都港区(", "第", "無番地", "\xe4\xb8", "大字字", "１丁目", "甲", "ﾞ", "北海道札幌市中央区ﾟ"} {
		f.Add([]byte(s))
	}
	used := AddressParser{unlearned: knownTownsAfter}
	f.Fuzz(func(t *testing.T, raw []byte) {
		var fresh AddressParser
		want, notes := fresh.Parse(raw, 1000005, 13101)
		for range 2 { // what the first has learned, the second recalls
			if got, n := used.Parse(raw, 1000005, 13101); got != want || n != notes {
				t.Fatalf("%q: %+v, then %+v", raw, want, got)
			}
		}
		fresh.Result(string(raw), 0, 0)
	})
}

// Two different places never share a full key: every town of the country, with
// no number and with three, has keys of its own.
func TestNoTwoPlacesShareAKey(t *testing.T) {
	type fullKey struct {
		municipality  uint16
		town, numbers uint32
	}
	g := gazetteer.Load()
	seen := make(map[fullKey]int32, 4*g.TownCount())
	var p AddressParser
	var text []byte
	for i := range g.Municipalities[1:] {
		m := &g.Municipalities[i+1]
		for town := m.FirstTown; town < m.FirstTown+m.TownCount; town++ {
			for _, number := range []string{"", "1番1号", "2番1号", "1234番地5"} {
				text = append(text[:0], m.Prefecture+m.County+m.City+m.Ward+g.TownName(town)+number...)
				k, _ := p.Parse(text, 0, 0)
				key := fullKey{k.Municipality, k.Town, k.Numbers}
				if other, taken := seen[key]; taken {
					t.Errorf("%s shares its key with an address of %s", text, g.TownName(int(other)))
				}
				seen[key] = int32(town)
			}
		}
	}
	if len(seen) < 460_000 {
		t.Errorf("only %d places were tried", len(seen))
	}
}
