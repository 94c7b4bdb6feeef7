package normalize

import (
	"fmt"
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/himozuke/himozuke/normalize/gazetteer"
)

// What may follow a town, and what changes the meaning of the text before it.
var addressPieces = strings.Split("1|2|3|10|12|101|1205|9999|0|１|２|１２|１０１|①|Ⅳ|一|二|三|十|二十|三五十|〇|廿|丁目|丁|番地|番|番地先|番屋敷|番町|号|号室|号地|の|ノ|之|-|－|ー|−|‐|--| |　|,|、|第|第二| 第二 |無番地|番外地|甲|イ|ロ|ハイツ|コーポ富士|第2マルワビル|千葉ビル|棟|階|F|(|)|（旧1）|条|線|区|組|街区|地割|大字|字|町|市|村|大|通|通リ|ヶ|●|ﾞ|ﾟ|゛|\u200b|\ufe00|𠮷|〒|100-0005|上る|下ル|東入|東京都|府中市|日の出|日之出|西|北|\xe4|\xe4\xb8|\xef|\xef\xbc|\xff|\xf0\x9f", "|")

// A parser that has learned towns reads every address as a new one does: after
// the same text other text, with other postal codes and hints.
func TestLearnedTownsChangeNothing(t *testing.T) {
	used := AddressParser{unlearned: knownTownsAfter}
	r := rand.New(rand.NewPCG(11, 12))
	piece := func() string { return addressPieces[r.IntN(len(addressPieces))] }
	check := func(raw []byte, postal PostalCode, hint uint16) {
		t.Helper()
		var fresh AddressParser
		want, wantNotes := fresh.Parse(raw, postal, hint)
		for round := range 3 { // what the first has learned, the second recalls, and the third repeats
			if round == 1 {
				used.last = lastAddress{}
			}
			got, notes := used.Parse(raw, postal, hint)
			if got != want || notes != wantNotes {
				t.Fatalf("%q %07d %05d: %+v %v, and to a fresh parser %+v %v", raw, postal, hint, got, notes.Names(), want, wantNotes.Names())
			}
		}
		// The same text with another postal code, or another hint.
		if r.IntN(2) == 0 {
			postal++
		} else {
			hint = 13101
		}
		fresh = AddressParser{}
		want, wantNotes = fresh.Parse(raw, postal, hint)
		if got, notes := used.Parse(raw, postal, hint); got != want || notes != wantNotes {
			t.Fatalf("again %q %07d %05d: %+v %v, and to a fresh parser %+v %v", raw, postal, hint, got, notes.Names(), want, wantNotes.Names())
		}
	}
	recalled := 0
	var text []byte
	bases := append(benchmarkAddresses(8_000), unsettledAddresses(r)...)
	for i, address := range bases {
		postal, hint := PostalCode(r.IntN(9_999_999)), used.hintOf(address)
		if towns := used.places.TownsOf(1 + r.IntN(len(used.places.Municipalities)-1)); r.IntN(2) == 0 {
			hint = towns.Code
		}
		check(address, postal, hint)
		to := max(beforeDigits(address), 0)
		if used.Begin(address); i < 8_000 && used.recalled() != nil {
			recalled++
		}
		for range 8 { // the same town with all that may follow
			text = append(text[:0], address[:to]...)
			for range 1 + r.IntN(7) {
				text = append(text, piece()...)
			}
			check(text, postal*PostalCode(r.IntN(2)), hint*uint16(r.IntN(2)))
		}
		for range 4 { // a piece in any place, or one taken out
			from := r.IntN(len(address))
			text = append(append(text[:0], address[:from]...), piece()...)
			text = append(text, address[min(from+r.IntN(4), len(address)):]...)
			check(text, postal, 0)
		}
		check(address[:to], 0, 0)
		if i%16 == 0 {
			var fresh AddressParser
			want := fresh.Result(string(address), 0, 0)
			if got := used.Result(string(address), 0, 0); !reflect.DeepEqual(got, want) {
				t.Fatalf("%+v, and from a fresh parser %+v", got, want)
			}
		}
		if r.IntN(100) == 0 {
			clear(used.memory[:])
		}
	}
	if recalled < 6_500 {
		t.Errorf("only %d of 8,000 towns were learned", recalled)
	}
}

// unsettledAddresses are such that more than the text before the number tells
// the town: a postal code, a hint, a street, or a letter of the building.
func unsettledAddresses(r *rand.Rand) (list [][]byte) {
	g := gazetteer.Load()
	add := func(format string, values ...any) { list = append(list, fmt.Appendf(nil, format, values...)) }
	for i := range g.Municipalities[1:] {
		m := &g.Municipalities[i+1]
		for town := m.FirstTown; town < m.FirstTown+m.TownCount; town++ {
			name, number := g.TownName(town), 1+r.IntN(3000)
			if twin := g.TownsOf(i + 1).TwinOf(town); twin != 0 {
				neither := strings.NewReplacer("の", "ノ", "之", "ノ", "まくり", "マくり", "マクリ", "マくり").Replace(name)
				add("%s%s%s%d %sビル", m.Prefecture, m.City, neither, number, name)
				add("%s%s%s%d %sビル", m.Prefecture, m.City, neither, number, g.TownName(twin))
			}
			if inKyoto(m.Code) && r.IntN(40) == 0 {
				for _, behind := range []string{"", " 上る", "番地 東入" + name, "東入ル" + name + "5"} {
					add("京都市%s%s%d%s", m.Ward, name, number, behind)
				}
			}
			if r.IntN(400) == 0 {
				add("%s%d", name, number)
				add("%s%s%d", m.Prefecture, name, number)
			}
			if list := g.Candidates(placeValue(g, m.City), new([1]uint16)); len(list) > 1 && r.IntN(40) == 0 {
				add("%s%s%d", m.City, name, number)
			}
		}
	}
	return list
}

// placeValue is what the places of the country have for a name.
func placeValue(g *gazetteer.Gazetteer, name string) uint32 {
	var node gazetteer.Node
	for _, r := range name {
		var ok bool
		if node, ok = g.Places[0].Child(node, g.Fold[r]); !ok {
			return 0
		}
	}
	return node.Value()
}

func (p *AddressParser) hintOf(address []byte) uint16 {
	key, _ := p.Parse(address, 0, 0)
	return key.Municipality
}

func TestNoAddressIsEmptyAndNothingElse(t *testing.T) {
	p := AddressParser{unlearned: knownTownsAfter}
	for _, s := range []string{"", "　", " \u200b"} {
		if key, notes := p.Parse([]byte(s), 1000005, 13101); key != (AddressKey{}) || notes != NoteEmpty {
			t.Errorf("%q: %+v %v", s, key, notes.Names())
		}
	}
}

func TestBeforeDigits(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		raw := []byte(strings.Join(rapid.SliceOfN(rapid.SampledFrom(addressPieces), 0, 12).Draw(t, "pieces"), ""))
		want := strings.IndexAny(string(raw), "0123456789０１２３４５６７８９")
		if got := beforeDigits(raw); got != want {
			t.Fatalf("%q: %d, want %d", raw, got, want)
		}
	})
}
