// Command train makes the reading model from public dictionaries.
package main

import (
	"flag"
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/himozuke/himozuke/normalize/reading/internal/model"
)

func main() {
	var err error
	if len(os.Args) > 1 && os.Args[1] == "measure" {
		err = measure(os.Args[2:])
	} else {
		err = train(os.Args[1:])
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "train:", err)
		os.Exit(1)
	}
}

func train(args []string) error {
	flags := flag.NewFlagSet("train", flag.ExitOnError)
	var s sources
	s.register(flags)
	out := flags.String("out", "", "file to write the model to")
	flags.Parse(args)
	if *out == "" || flags.NArg() > 0 {
		flags.Usage()
		os.Exit(2)
	}
	return run(s, *out)
}

func (s *sources) register(flags *flag.FlagSet) {
	flags.StringVar(&s.ipadic, "ipadic", "/usr/share/mecab/dic/ipadic/Noun.name.csv", "IPADIC person names (Debian mecab-ipadic)")
	flags.StringVar(&s.unihan, "unihan", "/usr/share/unicode/Unihan_Readings.txt.bz2", "Unihan readings (Debian unicode-data)")
	flags.StringVar(&s.enamdict, "enamdict", "/usr/share/edict/enamdict", "ENAMDICT (Debian enamdict); empty leaves it out")
	flags.StringVar(&s.kanjidic, "kanjidic", "/usr/share/edict/kanjidic", "KANJIDIC (Debian kanjidic); empty leaves it out")
	flags.IntVar(&s.fold, "without-fold", -1, "the tenth of ENAMDICT (0 to 9) that training leaves out and measuring measures")
}

type sources struct {
	ipadic, unihan, enamdict, kanjidic string
	fold                               int
}

// alignedLongest bounds the written forms that the alignment learns from;
// longer ones are kana.
const alignedLongest = 6

func run(s sources, out string) error {
	start := time.Now()
	words, characters, err := s.read()
	if err != nil {
		return err
	}
	fmt.Fprintf(os.Stderr, "%6.1fs %d words, %d readings of characters\n", time.Since(start).Seconds(), len(words), len(characters))
	var aligned []word
	for _, w := range words {
		if len(w.kanji) <= alignedLongest && w.weight[model.Family]+w.weight[model.Given] > 0 {
			aligned = append(aligned, w)
		}
	}
	// Each listed reading takes part as a word of one character that is no name.
	for _, c := range characters {
		aligned = append(aligned, word{kanji: []uint16{c.kanji}, kana: c.kana})
	}
	a := newAlignment(aligned)
	fmt.Fprintf(os.Stderr, "%6.1fs %d units, %d pairs, %d arcs\n", time.Since(start).Seconds(), len(a.unitKeys), len(a.pairList), len(a.arcs))
	prior := map[pairKey]float64{}
	for _, c := range characters {
		prior[pairKey{a.units[uint64(c.kanji)], model.Pack(c.kana)}] += listedReading
	}
	a.train(aligned, prior)
	fmt.Fprintf(os.Stderr, "%6.1fs aligned\n", time.Since(start).Seconds())
	var t model.Trained
	for part := range model.Parts {
		t.Units[part] = a.unitTable(part, aligned, prior, chosen)
		t.Background[part] = background(words, part)
		t.Words = append(t.Words, dictionaryWords(words, part)...)
		readings, covered := readingTable(words, part)
		t.Readings = append(t.Readings, readings...)
		t.Scalars.Common[part] = covered
		t.Scalars.Lengths[part] = [...]float64{0, 0.2, 0.45, 0.25, 0.08, 0.02, 0, 0, 0}
	}
	t.Scalars.CutPrior = [model.MaxKanji + 1]float64{0, 0.08, 0.85, 0.06, 0.008, 0.002}
	data := model.Encode(&t)
	entries := 0
	for part := range model.Parts {
		for _, u := range t.Units[part] {
			entries += len(u.Entries)
		}
	}
	fmt.Fprintf(os.Stderr, "%6.1fs %d words, %d readings, %d units, %d entries, %d bytes; common %.3f\n", time.Since(start).Seconds(),
		len(t.Words), len(t.Readings), len(t.Units[0])+len(t.Units[1]), entries, len(data), t.Scalars.Common)
	return os.WriteFile(out, data, 0o644)
}

// listedReading is the prior count of a reading in a character dictionary.
const listedReading = 0.3

func (s sources) read() ([]word, []characterReading, error) {
	var words vocabulary
	var characters readingSet
	if err := readIPADIC(s.ipadic, &words); err != nil {
		return nil, nil, err
	}
	if err := readUnihan(s.unihan, &characters); err != nil {
		return nil, nil, err
	}
	if s.kanjidic != "" {
		if err := readKANJIDIC(s.kanjidic, &characters); err != nil {
			return nil, nil, err
		}
	}
	for _, kana := range []string{"ァ", "ぁ"} {
		first := []rune(kana)[0]
		for r := first; r < first+84; r++ {
			characters.add(string(r), string(r))
		}
	}
	if s.enamdict != "" {
		err := readENAMDICT(s.enamdict, func(e nameEntry) {
			if strings.ContainsAny(e.classes, "sgfmup") && !s.leftOut(e) {
				words.add(e.written, e.reading, e.weight())
			}
		})
		if err != nil {
			return nil, nil, err
		}
	}
	return words.sorted(), characters.list, nil
}

func (s sources) leftOut(e nameEntry) bool {
	kanji, ok := foldKanji(e.written)
	if !ok {
		return true
	}
	kana, ok := foldKana(e.reading)
	return ok && foldOf(kanji, kana) == s.fold
}
