package main

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"github.com/himozuke/himozuke/normalize"
	"github.com/himozuke/himozuke/normalize/gazetteer"
)

// Office addresses come in separate fields, so that what is right is known:
// the code, the town, and for addresses of a plain form the numbers.
func measureOffices(offices []office, show int) {
	municipality := tally{name: "offices: municipality", show: show}
	town := tally{name: "offices: town", show: show}
	numbers := tally{name: "offices: numbers of plain form", show: show}
	building := tally{name: "offices: building of plain form", show: show}
	bare := tally{name: "offices: municipality, no prefecture or county", show: show}
	bareTown := tally{name: "offices: town, no prefecture or county", show: show}
	var p normalize.AddressParser
	for _, o := range offices {
		if o.Type != "office" {
			continue
		}
		raw := o.Prefecture + o.City + o.Neighborhood + o.Banchi
		r := p.Result(raw, 0, 0)
		municipality.judge(r.MunicipalityCode == o.Code, "%s: %s, not %s", raw, r.MunicipalityCode, o.Code)
		if o.Neighborhood != "" && !street.MatchString(o.Neighborhood) {
			town.judge(townIs(r, o.Neighborhood), "%s: town %q, not %q", raw, r.Town, o.Neighborhood)
		}
		if want, text, ok := plainNumbers(o.Banchi); ok && o.Neighborhood != "" && !strings.ContainsAny(o.Neighborhood, "0123456789０１２３４５６７８９") {
			got := strings.Trim(r.Chome+"-"+r.Block, "-")
			numbers.judge(got == want, "%s: numbers %q, not %q", raw, got, want)
			building.judge((r.Building == "") == (text == ""), "%s: building %q, not %q", raw, r.Building, text)
		}
		raw = cityWithoutCounty(o) + o.Neighborhood + o.Banchi
		postal, _ := normalize.ParsePostal([]byte(o.PostalCode))
		r = p.Result(raw, postal, 0)
		bare.judge(r.MunicipalityCode == o.Code, "%s: %s, not %s", raw, r.MunicipalityCode, o.Code)
		if o.Neighborhood != "" && !street.MatchString(o.Neighborhood) {
			bareTown.judge(townIs(r, o.Neighborhood), "%s: town %q, not %q", raw, r.Town, o.Neighborhood)
		}
	}
	for _, t := range []*tally{&municipality, &town, &numbers, &building, &bare, &bareTown} {
		t.print()
	}
}

// A few offices of Kyoto have a crossing in place of the town.
var street = regexp.MustCompile(`通.*(上る|下る|東入|西入)$`)

var fold = gazetteer.Load().Fold

// townIs accepts a hamlet behind the town.
func townIs(r normalize.AddressResult, want string) bool {
	return strings.HasPrefix(foldText(r.Town), foldText(want))
}

// foldText drops 大字 and 字 and writes digits in kanji, as the gazetteer does.
func foldText(s string) string {
	s = strings.ReplaceAll(strings.ReplaceAll(s, "大字", ""), "字", "")
	var b strings.Builder
	number := -1
	for _, r := range s + "\x00" {
		code := r
		if r <= 0xFFFF {
			code = rune(fold[r])
		}
		if code >= '0' && code <= '9' {
			number = max(number, 0)*10 + int(code-'0')
			continue
		}
		if number >= 0 {
			b.WriteString(kanji(number))
			number = -1
		}
		if code != gazetteer.Drop && code != ' ' {
			b.WriteRune(code)
		}
	}
	return b.String()
}

func cityWithoutCounty(o office) string {
	code, err := strconv.Atoi(o.Code)
	if err != nil {
		return o.City
	}
	g := gazetteer.Load()
	i := g.ByCode(uint16(code))
	if i == 0 {
		return o.City
	}
	m := g.Municipalities[i]
	return m.City + m.Ward
}

// The plain forms are read here by a pattern, not by the parser: numbers, the
// usual words between them, then nothing or a building that starts with a
// letter.
var plainForm = regexp.MustCompile(`^(?:([0-9]+)丁目)?([0-9]+)?(?:番地?)?(?:(?:[-の]|番地?の?)([0-9]+))?(?:[-の]([0-9]{1,2}))?号?(?:([^0-9一二三四五六七八九十番地号丁-].*))?$`)

func plainNumbers(banchi string) (numbers, building string, ok bool) {
	banchi = dashBetweenDigits.ReplaceAllString(banchi, "$1-$2")
	m := plainForm.FindStringSubmatch(banchi)
	if m == nil || m[1]+m[2] == "" || unclear.MatchString(m[5]) {
		return "", "", false
	}
	var parts []string
	for _, n := range m[1:5] {
		if n != "" {
			v, err := strconv.Atoi(n)
			if err != nil {
				return "", "", false
			}
			parts = append(parts, fmt.Sprint(v))
		}
	}
	return strings.Join(parts, "-"), m[5], true
}

var dashBetweenDigits = regexp.MustCompile(`([0-9番])ー([0-9])`)

// What follows the numbers is unclear where it may still be part of them.
var unclear = regexp.MustCompile(`^(号|番|の|ノ|[・、(〜]|[A-Z]?[0-9]|[イロハニホ甲乙丙丁]|線|条|地|外|街|合併|他|棟|階|F|室|先)`)
