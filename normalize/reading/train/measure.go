package main

import (
	"bufio"
	"encoding/csv"
	"errors"
	"flag"
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/himozuke/himozuke/normalize/reading/internal/model"
)

// measure prints how well a model tells true readings from others.
func measure(args []string) error {
	flags := flag.NewFlagSet("measure", flag.ExitOnError)
	var s sources
	s.register(flags)
	path := flags.String("model", "", "model file")
	skk := flags.String("skk", "/usr/share/skk/SKK-JISYO.fullname", "full names of real people (Debian skkdic-extra); empty leaves it out")
	names := flags.String("given", "", "folder with first_name_man_org.csv and first_name_woman_org.csv (github.com/shuheilocale/japanese-personal-name-dataset)")
	show := flags.Int("show", 0, "print this many misses and false accepts of each set")
	flags.Parse(args)
	data, err := os.ReadFile(*path)
	if err != nil {
		return err
	}
	m, err := model.Decode(string(data))
	if err != nil {
		return err
	}
	truth, err := s.truths()
	if err != nil {
		return err
	}
	var dataset []word
	if *names != "" {
		if dataset, err = readGivenNames(*names); err != nil {
			return err
		}
		for _, w := range dataset {
			truth[wordID(w.kanji, w.kana)] = true
		}
	}
	if s.fold >= 0 {
		held, err := s.heldOut()
		if err != nil {
			return err
		}
		for part := range model.Parts {
			var words []word
			for _, w := range held {
				if w.weight[part] >= listed {
					words = append(words, w)
				}
			}
			report(partNames[part]+" kept out of ENAMDICT", m, model.Part(part), words, truth, *show)
		}
	}
	if s.fold >= 0 && s.enamdict != "" {
		if err := s.foreign(m, *show); err != nil {
			return err
		}
	}
	if *skk != "" {
		people, err := readSKKNames(*skk)
		if err != nil {
			return err
		}
		fullNames(m, people, s.leavesPersonOut, truth, *show)
	}
	if *names != "" {
		report("given names of the name dataset", m, model.Given, dataset, truth, *show)
	}
	return nil
}

// truths are all pairs that some dictionary lists: another reading of the same
// name is no false reading.
type truths map[string]bool

func (s sources) truths() (truths, error) {
	s.fold = -1
	all, err := s.read()
	if err != nil {
		return nil, err
	}
	truth := truths{}
	for _, w := range all.words {
		truth[wordID(w.kanji, w.kana)] = true
	}
	return truth, nil
}

var partNames = [model.Parts]string{"family names", "given names"}

// heldOut gives the words that training left out: of ENAMDICT, or where that is
// not used of IPADIC.
func (s sources) heldOut() ([]word, error) {
	var words vocabulary
	if s.enamdict == "" {
		err := s.readIPADIC(&words, s.leavesOut)
		return words.sorted(), err
	}
	err := readENAMDICT(s.enamdict, func(e nameEntry) {
		if strings.ContainsAny(e.classes, "sgfm") && s.leftOut(e) {
			words.add(e.written, e.reading, e.weight())
		}
	})
	var kanji []word
	for _, w := range words.sorted() {
		if hasHan(w.kanji) {
			kanji = append(kanji, w)
		}
	}
	return kanji, err
}

func hasHan(codes []uint16) bool {
	return slices.ContainsFunc(codes, func(c uint16) bool { return c >= 0x3400 && c < 0xA000 || c >= 0xF900 && c < 0xFB00 })
}

// bytesOf turns symbols back into kana codes, which is what the model takes.
func bytesOf(reading []uint8) []byte {
	codes := make([]byte, len(reading))
	for i, symbol := range reading {
		codes[i] = model.KanaOf(symbol)
	}
	return codes
}

var falseShares = []float64{0.001, 0.003, 0.005, 0.006, 0.01, 0.02}

type outcome struct {
	bits float64
	note string
}

// report pairs every written form with its own kana and with that of random
// others.
func report(title string, m *model.Model, part model.Part, words []word, truth truths, show int) {
	random := rand.New(rand.NewPCG(1, 2))
	heads := byHead(words)
	var same, other, sibling []outcome
	for _, w := range words {
		same = append(same, outcome{m.Weight(w.kanji, bytesOf(w.kana), part), w.String()})
		for range 5 {
			o := words[random.IntN(len(words))]
			if !truth[wordID(w.kanji, o.kana)] {
				other = append(other, outcome{m.Weight(w.kanji, bytesOf(o.kana), part), word{kanji: w.kanji, kana: o.kana}.String()})
			}
		}
		if len(w.kana) > 2 {
			alike := heads[[2]uint8(w.kana)]
			if o := words[alike[random.IntN(len(alike))]]; !truth[wordID(w.kanji, o.kana)] {
				sibling = append(sibling, outcome{m.Weight(w.kanji, bytesOf(o.kana), part), ""})
			}
		}
	}
	table(title, same, other, sibling, show)
}

// byHead lists words by their first two kana.
func byHead(words []word) map[[2]uint8][]int {
	heads := map[[2]uint8][]int{}
	for i, w := range words {
		if len(w.kana) > 2 {
			head := [2]uint8(w.kana)
			heads[head] = append(heads[head], i)
		}
	}
	return heads
}

func table(title string, same, other, sibling []outcome, show int) {
	byBits := func(a, b outcome) int { return -compareFloat(a.bits, b.bits) }
	slices.SortFunc(same, byBits)
	slices.SortFunc(other, byBits)
	slices.SortFunc(sibling, byBits)
	above := func(list []outcome, bits float64) float64 {
		n, _ := slices.BinarySearchFunc(list, bits, func(o outcome, t float64) int {
			if o.bits > t {
				return -1
			}
			return 1
		})
		return float64(n) / float64(max(len(list), 1))
	}
	fmt.Printf("\n%s: %d true pairs, %d random others, %d sharing the first two kana\n", title, len(same), len(other), len(sibling))
	fmt.Println("others accepted   at bits   true accepted   sharing two kana accepted")
	for _, share := range falseShares {
		bits := other[int(share*float64(len(other)))].bits
		fmt.Printf("%13.2f%% %10.2f %14.2f%% %20.2f%%\n", 100*share, bits, 100*above(same, bits), 100*above(sibling, bits))
	}
	reliability(same, other)
	threshold := other[len(other)/200].bits
	missed := int(above(same, threshold) * float64(len(same)))
	for i := range min(show, len(same)-missed, len(other)/200) {
		miss := same[missed+(len(same)-missed)*i/show]
		accepted := other[len(other)/200*i/show]
		fmt.Printf("  missed %6.2f %s\taccepted %6.2f %s\n", miss.bits, miss.note, accepted.bits, accepted.note)
	}
}

// reliability compares what a weight says with how much more often true pairs
// than others have it.
func reliability(same, other []outcome) {
	limits := []float64{math.Inf(-1), -12, -8, -6, -4, -2, 0, 2, 4, 6, 8, 10, 12, 16, math.Inf(1)}
	fmt.Println("bits said          true      others   mean said   observed")
	for i := range len(limits) - 1 {
		count := func(list []outcome) (n int, sum float64) {
			for _, o := range list {
				if o.bits >= limits[i] && o.bits < limits[i+1] {
					n++
					sum += o.bits
				}
			}
			return n, sum
		}
		t, tsum := count(same)
		f, fsum := count(other)
		if t+f == 0 {
			continue
		}
		observed := math.Log2((float64(t) + 0.5) / float64(len(same)) / ((float64(f) + 0.5) / float64(len(other))))
		fmt.Printf("%5.0f to %4.0f %10d  %10d  %10.2f %10.2f\n", limits[i], limits[i+1], t, f, (tsum+fsum)/float64(t+f), observed)
	}
}

func compareFloat(a, b float64) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}

func (w word) String() string {
	var b strings.Builder
	for _, k := range w.kanji {
		b.WriteRune(rune(k))
	}
	b.WriteByte(' ')
	for _, k := range bytesOf(w.kana) {
		b.WriteRune(rune(k) + kanaBase)
	}
	return b.String()
}

// readSKKNames reads lines `reading /kanji;note/…/`.
func readSKKNames(path string) ([]word, error) {
	var words vocabulary
	err := eucLines(path, func(line string) {
		kana, candidates, ok := strings.Cut(line, " /")
		if !ok || strings.HasPrefix(line, ";") {
			return
		}
		for _, candidate := range strings.Split(strings.TrimSuffix(candidates, "/"), "/") {
			kanji, _, _ := strings.Cut(candidate, ";")
			words.add(kanji, kana, [model.Parts]float64{})
		}
	})
	return slices.DeleteFunc(words.sorted(), func(w word) bool { return !hasHan(w.kanji) || len(w.kanji) < 3 }), err
}

// fullNames pairs unsplit full names with the kana of other people whose
// written form begins with the same two characters and whose kana begin with
// the same three.
func fullNames(m *model.Model, people []word, test func([]uint16, []uint8) bool, truth truths, show int) {
	random := rand.New(rand.NewPCG(3, 4))
	family := map[string][]int{}
	key := func(w word) string {
		return wordID(w.kanji[:2], w.kana[:min(3, len(w.kana))])
	}
	for i, w := range people {
		family[key(w)] = append(family[key(w)], i)
	}
	var same, other, unlisted []outcome
	for _, w := range people {
		if !test(w.kanji, w.kana) {
			continue
		}
		same = append(same, outcome{weaker(m, w.kanji, bytesOf(w.kana)), w.String()})
		relatives := family[key(w)]
		for range min(5, len(relatives)-1) {
			o := people[relatives[random.IntN(len(relatives))]]
			if slices.Equal(o.kana, w.kana) {
				continue
			}
			result := outcome{weaker(m, w.kanji, bytesOf(o.kana)), word{kanji: w.kanji, kana: o.kana}.String()}
			other = append(other, result)
			if !truth.divided(w.kanji, o.kana) {
				unlisted = append(unlisted, result)
			}
		}
	}
	table("full names, unsplit, against other people of the same family name", same, other, nil, show)
	table("the same, without others whose given name some dictionary reads that way", same, unlisted, nil, 0)
}

// divided says whether some cut makes both parts known readings.
func (t truths) divided(kanji []uint16, kana []uint8) bool {
	for i := 1; i < len(kanji); i++ {
		for j := 1; j < len(kana); j++ {
			if t[wordID(kanji[:i], kana[:j])] && t[wordID(kanji[i:], kana[j:])] {
				return true
			}
		}
	}
	return false
}

func readGivenNames(folder string) ([]word, error) {
	var words vocabulary
	for _, name := range []string{"first_name_man_org.csv", "first_name_woman_org.csv"} {
		f, err := os.Open(filepath.Join(folder, name))
		if err != nil {
			return nil, err
		}
		r := csv.NewReader(bufio.NewReader(f))
		r.FieldsPerRecord = -1
		for {
			row, err := r.Read()
			if errors.Is(err, io.EOF) {
				break
			}
			if err != nil {
				return nil, err
			}
			for _, kanji := range row[2:] {
				words.add(kanji, row[0], [model.Parts]float64{})
			}
		}
		f.Close()
	}
	return slices.DeleteFunc(words.sorted(), func(w word) bool { return !hasHan(w.kanji) }), nil
}

// weaker is the weight of the less plausible part of an unsplit name, which is
// what tells relatives apart: they share the other part.
func weaker(m *model.Model, kanji []uint16, kana []byte) float64 {
	cut, _ := m.Split(kanji, kana, model.Cut{Kanji: model.Unknown, Kana: model.Unknown})
	if cut.Kanji == model.Unknown {
		return model.MinBits
	}
	family := m.Weight(kanji[:cut.Kanji], kana[:cut.Kana], model.Family)
	given := m.Weight(kanji[cut.Kanji:], kana[cut.Kana:], model.Given)
	return min(family, 0) + given
}

// foreignSets are the Latin names of one word that training left out, and those
// of several words.
func (s sources) foreignSets() (single, whole []transliteration, err error) {
	seen := map[string]bool{}
	err = readENAMDICT(s.enamdict, func(e nameEntry) {
		latin, kana, ok := latinOf(e)
		if !ok {
			return
		}
		var name transliteration
		for i := range latin {
			letters, ok := foldLatin(latin[i])
			if !ok {
				return
			}
			reading, ok := foldKana(kana[i])
			if !ok {
				return
			}
			if i > 0 {
				name.latin = append(name.latin, ' ')
			}
			name.latin = append(name.latin, letters...)
			name.kana = append(name.kana, reading...)
		}
		if id := wordID(name.latin, name.kana); seen[id] || len(name.kana) > model.MaxKana {
			return
		} else {
			seen[id] = true
		}
		if len(latin) > 1 {
			whole = append(whole, name)
		} else if s.leavesOut(name.latin, name.kana) {
			single = append(single, name)
		}
	})
	return single, whole, err
}

// foreign pairs Latin names that training left out with their kana and with
// the kana of others.
func (s sources) foreign(m *model.Model, show int) error {
	single, whole, err := s.foreignSets()
	if err != nil {
		return err
	}
	for _, set := range []struct {
		title string
		names []transliteration
	}{{"single foreign names kept out of ENAMDICT", single}, {"whole foreign names, most of whose words training saw", whole}} {
		random := rand.New(rand.NewPCG(5, 6))
		var same, other []outcome
		for _, n := range set.names {
			same = append(same, outcome{m.LatinWeight(n.latin, bytesOf(n.kana)), word{kanji: n.latin, kana: n.kana}.String()})
			for range 5 {
				o := set.names[random.IntN(len(set.names))]
				if !slices.Equal(o.kana, n.kana) {
					other = append(other, outcome{m.LatinWeight(n.latin, bytesOf(o.kana)), word{kanji: n.latin, kana: o.kana}.String()})
				}
			}
		}
		table(set.title, same, other, nil, show)
	}
	return nil
}
