package main

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"unicode/utf8"

	"github.com/himozuke/himozuke/normalize"
	"github.com/himozuke/himozuke/normalize/gazetteer"
)

// place is one made-up address of a real town.
type place struct {
	municipality         *gazetteer.Municipality
	town                 string
	hasChome             bool
	chome, block, number int // 0 is none
	building             string
	room                 int
}

func randomPlace(r *rand.Rand) place {
	g := gazetteer.Load()
	for {
		m := &g.Municipalities[1+r.IntN(len(g.Municipalities)-1)]
		if m.TownCount == 0 {
			continue
		}
		town := m.FirstTown + r.IntN(m.TownCount)
		p := place{municipality: m, town: g.TownName(town), hasChome: g.Town(town).Chome}
		if strings.ContainsAny(p.town[len(p.town)-1:], "0123456789") {
			continue // 浦臼第３: nobody can tell where the number of the lot begins
		}
		p.block = 1 + r.IntN(120)
		if p.hasChome {
			p.chome = 1 + r.IntN(9)
		} else if r.IntN(2) == 0 {
			p.block = 1 + r.IntN(9999)
		}
		if r.IntN(8) > 0 {
			p.number = 1 + r.IntN(60)
		}
		if r.IntN(3) == 0 {
			p.building = []string{"コーポ富士", "メゾン・ド・緑", "第2山田ビル", "サンハイツ", "グリーンハイツB棟", "県営住宅3号棟", "千葉ビル"}[r.IntN(7)]
			p.room = (1+r.IntN(12))*100 + 1 + r.IntN(12)
		}
		return p
	}
}

// canonical is the address as a register writes it.
func (p place) canonical() string {
	s := p.municipality.Prefecture + p.municipality.County + p.municipality.City + p.municipality.Ward + p.town
	if p.chome > 0 {
		s += fmt.Sprintf("%d丁目", p.chome)
	}
	s += fmt.Sprintf("%d番", p.block)
	if p.number > 0 {
		s += fmt.Sprintf("%d号", p.number)
	}
	if p.room > 0 {
		s += fmt.Sprintf(" %s%d号室", p.building, p.room)
	}
	return s
}

// spelled is one of the ways people write it. With bare it leaves out the
// prefecture or the county.
func (p place) spelled(r *rand.Rand, bare bool) string {
	space := ""
	if r.IntN(3) == 0 {
		space = []string{" ", "　"}[r.IntN(2)]
	}
	m := p.municipality
	prefecture, county := m.Prefecture, m.County
	if bare {
		if r.IntN(2) == 0 {
			prefecture = ""
		}
		if r.IntN(2) == 0 {
			county = ""
		}
	}
	numbers := p.spelledNumbers(r)
	if last, _ := utf8.DecodeLastRuneInString(numbers); p.room > 0 && strings.ContainsRune("一二三四五六七八九十百千", last) {
		numbers += "号"
	}
	s := prefecture + space + respell(r, county+m.City+m.Ward) + space + p.spelledTown(r) + space + numbers + p.spelledRoom(r)
	switch r.IntN(4) {
	case 0:
		s = widen(s)
	case 1:
		s = strings.ReplaceAll(s, " ", "　")
	}
	return s
}

func (p place) spelledTown(r *rand.Rand) string {
	name := respell(r, p.town)
	if r.IntN(3) == 0 {
		name = arabicNumerals(name)
	}
	if !p.hasChome && r.IntN(5) == 0 && !strings.Contains(name, "字") {
		name = "大字" + name
	}
	return name
}

// respell exchanges characters that name the same.
func respell(r *rand.Rand, s string) string {
	pairs := [][2]string{
		{"ケ", "ヶ"}, {"ケ", "が"}, {"ヶ", "ケ"}, {"ヶ", "が"}, {"ノ", "の"}, {"の", "ノ"}, {"之", "ノ"}, {"沢", "澤"},
		{"竜", "龍"}, {"桜", "櫻"}, {"辺", "邊"}, {"浜", "濱"}, {"広", "廣"}, {"高", "髙"}, {"崎", "﨑"}, {"塚", "塚"},
		{"桧", "檜"}, {"滝", "瀧"}, {"国", "國"}, {"島", "嶋"}, {"条", "條"}, {"恵", "惠"}, {"宮", "宮\U000E0100"},
	}
	for range 3 {
		p := pairs[r.IntN(len(pairs))]
		s = strings.ReplaceAll(s, p[0], p[1])
	}
	return s
}

// arabicNumerals writes the kanji numerals of a name that has 条, 丁 or 番町
// behind them in digits.
func arabicNumerals(name string) string {
	digits := []rune("〇一二三四五六七八九")
	runes := []rune(name)
	var b strings.Builder
	for i := 0; i < len(runes); {
		v, j := 0, i
		for j < len(runes) {
			if runes[j] == '十' {
				v = max(v, 1) * 10
			} else if d := strings.IndexRune(string(digits), runes[j]); d >= 0 && runes[j] != '〇' {
				v += d / 3
			} else {
				break
			}
			j++
		}
		if j > i && j < len(runes) && strings.ContainsRune("条線区番丁", runes[j]) {
			fmt.Fprint(&b, v)
			i = j
			continue
		}
		b.WriteRune(runes[i])
		i++
	}
	return b.String()
}

var dashes = []string{"-", "－", "‐", "–", "−", "ー", "―", "の", "ノ"}

func (p place) spelledNumbers(r *rand.Rand) string {
	number := func(v int) string {
		switch r.IntN(4) {
		case 0:
			return kanji(v)
		case 1:
			return widen(fmt.Sprint(v))
		}
		return fmt.Sprint(v)
	}
	dash := dashes[r.IntN(len(dashes))]
	var s string
	switch {
	case p.chome > 0 && r.IntN(2) == 0:
		s = number(p.chome) + []string{"丁目", "丁目", "丁目 ", "丁", "丁目-"}[r.IntN(5)]
	case p.chome > 0:
		s = fmt.Sprint(p.chome) + dash
	}
	switch {
	case p.number == 0:
		return s + number(p.block) + []string{"", "番", "番"}[r.IntN(3)]
	case r.IntN(2) == 0:
		return s + number(p.block) + "番" + []string{"", " ", "-", "の"}[r.IntN(4)] + number(p.number) + []string{"", "号"}[r.IntN(2)]
	}
	return s + fmt.Sprint(p.block) + dash + fmt.Sprint(p.number) + []string{"", "号"}[r.IntN(2)]
}

func (p place) spelledRoom(r *rand.Rand) string {
	if p.room == 0 {
		return ""
	}
	switch r.IntN(4) {
	case 0:
		return fmt.Sprintf(" %s %d", p.building, p.room)
	case 1:
		return fmt.Sprintf("　%s%d号", p.building, p.room)
	case 2:
		return fmt.Sprintf(" %d号室", p.room)
	}
	return fmt.Sprintf("%s%d号室", p.building, p.room)
}

func widen(s string) string {
	return strings.Map(func(r rune) rune {
		if r > ' ' && r <= '~' {
			return r - '!' + 0xFF01
		}
		return r
	}, s)
}

func kanji(v int) string {
	var b strings.Builder
	for _, c := range gazetteer.AppendNumeral(nil, v) {
		b.WriteRune(rune(c))
	}
	return b.String()
}

const spellingRuns = 200_000

func measureSpellings(seed uint64, show int) {
	r := rand.New(rand.NewPCG(seed, 0))
	municipality := tally{name: "spellings: municipality", show: show}
	town := tally{name: "spellings: town", show: show}
	numbers := tally{name: "spellings: numbers", show: show}
	room := tally{name: "spellings: room", show: show}
	bare := tally{name: "bare spellings: municipality", show: show}
	wrong := tally{name: "bare spellings: not another municipality", show: show}
	var a normalize.AddressParser
	for range spellingRuns {
		p := randomPlace(r)
		want, _ := a.Parse([]byte(p.canonical()), 0, 0)
		s := p.spelled(r, false)
		got, _ := a.Parse([]byte(s), 0, 0)
		municipality.judge(got.Municipality == p.municipality.Code, "%s (%s): %d", s, p.canonical(), got.Municipality)
		town.judge(got.Town == want.Town && got.Flags&normalize.AddressTownKnown != 0, "%s (%s)", s, p.canonical())
		numbers.judge(got.Numbers == want.Numbers, "%s (%s)", s, p.canonical())
		room.judge(got.Building == want.Building, "%s (%s)", s, p.canonical())
		s = p.spelled(r, true)
		got, _ = a.Parse([]byte(s), 0, 0)
		bare.judge(got.Municipality == p.municipality.Code, "%s (%s): %d", s, p.canonical(), got.Municipality)
		wrong.judge(got.Municipality == p.municipality.Code || got.Municipality == 0, "%s (%s): %d", s, p.canonical(), got.Municipality)
	}
	for _, t := range []*tally{&municipality, &town, &numbers, &room, &bare, &wrong} {
		t.print()
	}
	measureKeys(show)
}

// measureKeys gives every town of the gazetteer a few addresses and counts
// keys that two places share.
func measureKeys(show int) {
	g := gazetteer.Load()
	shared := tally{name: "keys of different places differ", show: show}
	type fullKey struct {
		municipality uint16
		town, number uint32
	}
	seen := map[fullKey]string{}
	var a normalize.AddressParser
	for i := 1; i < len(g.Municipalities); i++ {
		m := &g.Municipalities[i]
		for i := m.FirstTown; i < m.FirstTown+m.TownCount; i++ {
			town := g.TownName(i)
			for _, number := range []string{"", "1番1号", "2番1号", "1234番地5"} {
				s := m.Prefecture + m.County + m.City + m.Ward + town + number
				k, _ := a.Parse([]byte(s), 0, 0)
				key := fullKey{k.Municipality, k.Town, k.Numbers}
				other, found := seen[key]
				shared.judge(!found, "%s and %s", s, other)
				seen[key] = s
			}
		}
	}
	shared.print()
}
