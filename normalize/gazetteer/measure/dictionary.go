package main

import (
	"bufio"
	"os"
	"strconv"
	"strings"

	"golang.org/x/text/encoding/japanese"

	"github.com/himozuke/himozuke/normalize"
	"github.com/himozuke/himozuke/normalize/gazetteer"
)

// measureDictionary reads the place names of SKK-JISYO.zipcode, another
// rendering of the postal data as of 2022, and judges them by postal code.
func measureDictionary(path string, show int) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	municipality := tally{name: "dictionary of 2022: municipality", show: show}
	town := tally{name: "dictionary of 2022: town", show: show}
	g := gazetteer.Load()
	var p normalize.AddressParser
	lines := bufio.NewScanner(japanese.EUCJP.NewDecoder().Reader(f))
	for lines.Scan() {
		code, rest, ok := strings.Cut(lines.Text(), " /")
		postal, err := strconv.Atoi(code)
		if !ok || err != nil || len(code) != 7 {
			continue
		}
		places := g.ByPostal(uint32(postal))
		if len(places) == 0 {
			continue // the code is gone
		}
		for name := range strings.SplitSeq(strings.Trim(rest, "/"), "/") {
			name, _, _ = strings.Cut(name, ";")
			k, _ := p.Parse([]byte(name), 0, 0)
			found := false
			for _, m := range places {
				found = found || g.Municipalities[m].Code == k.Municipality
			}
			municipality.judge(found, "%s %s: %d", code, name, k.Municipality)
			if k.Town != 0 {
				town.judge(k.Flags&normalize.AddressTownKnown != 0, "%s %s", code, name)
			}
		}
	}
	municipality.print()
	town.print()
	return lines.Err()
}
