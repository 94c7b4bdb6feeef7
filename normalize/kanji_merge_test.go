package normalize

import (
	"bufio"
	"compress/gzip"
	"os"
	"slices"
	"strings"
	"testing"

	"golang.org/x/text/unicode/norm"
)

// surnames is the IPADIC surname list: spelling to readings without voicing.
func surnames(t testing.TB) map[string][]string {
	file, err := os.Open("testdata/surnames/ipadic.tsv.gz")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	text, err := gzip.NewReader(file)
	if err != nil {
		t.Fatal(err)
	}
	out := map[string][]string{}
	for lines := bufio.NewScanner(text); lines.Scan(); {
		name, readings, _ := strings.Cut(lines.Text(), "\t")
		for _, r := range strings.Fields(readings) {
			out[name] = append(out[name], unvoiced(r))
		}
	}
	if len(out) < 12000 {
		t.Fatalf("only %d surnames", len(out))
	}
	for name, r := range unlisted {
		out[name] = append(out[name], r)
	}
	return out
}

// unlisted are readings in common use that IPADIC, which mostly gives one
// reading to a spelling, lists for the other spelling only.
var unlisted = map[string]string{
	"萬谷":  "マンタニ",
	"檜原":  "ヒノハラ", // the village in Tokyo
	"小木曾": "コキソ",
	"荘野":  "ソウノ",
}

// A strong merge says "the same name". Two surnames that are never read alike
// are not the same name. Voicing is left aside: フナタ and フナダ are both 船田,
// and the list has one of them for each spelling.
func TestNoFalseMerge(t *testing.T) {
	names := surnames(t)
	var p NameParser
	merged := map[string][]string{}
	for name := range names {
		n, _ := p.Parse([]byte(name))
		merged[kanjiText(n.Main.Family)] = append(merged[kanjiText(n.Main.Family)], name)
	}
	pairs, wrong := 0, 0
	for key, class := range merged {
		slices.Sort(class)
		for i, a := range class {
			for _, b := range class[i+1:] {
				pairs++
				if !slices.ContainsFunc(names[a], func(r string) bool { return slices.Contains(names[b], r) }) {
					wrong++
					t.Errorf("%s and %s are both %s but share no reading", a, b, key)
				}
			}
		}
	}
	if pairs < 200 {
		t.Errorf("only %d pairs of spellings meet: the strong table does too little", pairs)
	}
	t.Logf("%d surnames, %d pairs of spellings merged, %d without a common reading", len(names), pairs, wrong)
}

// unvoiced takes the voicing marks off.
func unvoiced(reading string) string {
	return strings.Map(func(r rune) rune {
		if r == 0x3099 {
			return -1
		}
		return r
	}, norm.NFD.String(reading))
}
