// Command train makes the reading model from public dictionaries. Given
// measure, layers, calibrate or tune as its first argument it measures a model,
// learns from names that models left out what the evidence weighs, or looks for
// better smoothing; docs/readings.md has the commands.
package main

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/himozuke/himozuke/normalize/reading/internal/model"
)

func main() {
	command, args := train, os.Args[1:]
	if len(args) > 0 {
		switch args[0] {
		case "measure":
			command, args = measure, args[1:]
		case "calibrate":
			command, args = calibrate, args[1:]
		case "layers":
			command, args = layers, args[1:]
		case "tune":
			command, args = tune, args[1:]
		}
	}
	if err := command(args); err != nil {
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
	flags.StringVar(&s.ipadic, "ipadic", "/usr/share/mecab/dic/ipadic", "folder of IPADIC (Debian mecab-ipadic)")
	flags.StringVar(&s.unihan, "unihan", "/usr/share/unicode/Unihan_Readings.txt.bz2", "Unihan readings (Debian unicode-data)")
	flags.StringVar(&s.enamdict, "enamdict", "/usr/share/edict/enamdict", "ENAMDICT (Debian enamdict); empty leaves it out")
	flags.StringVar(&s.kanjidic, "kanjidic", "/usr/share/edict/kanjidic", "KANJIDIC (Debian kanjidic); empty leaves it out")
	flags.StringVar(&s.layers, "layers", "normalize/reading/edrdg/layers.json", "file of what names kept out of training taught")
	flags.BoolVar(&s.byReading, "by-reading", false, "leave single readings of written forms out, not all readings of a form")
	flags.IntVar(&s.personFold, "without-people", -1, "the tenth of the people of ENAMDICT (0 to 9) that training leaves out and measuring measures")
	flags.IntVar(&s.fold, "without-words", -1, "the tenth of the written forms of ENAMDICT, or without it of IPADIC (0 to 9), that training leaves out and measuring measures")
}

type sources struct {
	ipadic, unihan, enamdict, kanjidic string
	layers                             string
	fold                               int
	byReading                          bool
	personFold                         int
}

// alignedLongest bounds the written forms that the alignment learns from;
// longer ones are kana.
const alignedLongest = 6

func run(s sources, out string) error {
	start := time.Now()
	all, err := s.read()
	if err != nil {
		return err
	}
	fmt.Fprintf(os.Stderr, "%6.1fs %d words, %d readings of characters\n", time.Since(start).Seconds(), len(all.words), len(all.characters))
	aligned, a, prior := all.align()
	fmt.Fprintf(os.Stderr, "%6.1fs aligned\n", time.Since(start).Seconds())
	l, err := readLearned(s.layers)
	if err != nil {
		return err
	}
	t, err := a.trained(all.words, aligned, prior, chosen, l)
	if err != nil {
		return err
	}
	if err := s.addLatin(t, all.words); err != nil {
		return err
	}
	data := model.Encode(t)
	seen, derived := 0, 0
	for _, u := range t.Units {
		seen += len(u.Seen)
		derived += len(u.New)
	}
	fmt.Fprintf(os.Stderr, "%6.1fs %d words, %d readings, %d units, %d seen, %d derived, %d bytes; common %.3f\n", time.Since(start).Seconds(),
		len(t.Words), len(t.Readings), len(t.Units), seen, derived, len(data), t.Scalars.Common)
	return os.WriteFile(out, data, 0o644)
}

// align learns which kana belong to which characters.
func (l *lexicon) align() (aligned []word, a *alignment, prior map[pairKey]float64) {
	for _, w := range l.words {
		if len(w.kanji) <= alignedLongest && w.weight[model.Family]+w.weight[model.Given] > 0 {
			aligned = append(aligned, w)
		}
	}
	// Each listed reading takes part as a word of one character that is no name.
	for _, c := range l.characters {
		aligned = append(aligned, word{kanji: []uint16{c.kanji}, kana: c.kana})
	}
	a = newAlignment(aligned)
	a.meanings, a.sinoJapanese = l.meanings, map[pairKey]bool{}
	prior = map[pairKey]float64{}
	for _, c := range l.characters {
		prior[pairKey{a.units[uint64(c.kanji)], model.Pack(c.kana)}] += listedReading
		if c.sinoJapanese {
			a.sinoJapanese[pairKey{a.units[uint64(c.kanji)], model.Pack(c.kana)}] = true
		}
	}
	a.train(aligned, prior)
	return aligned, a, prior
}

// trained turns counts into a model.
func (a *alignment) trained(words, aligned []word, prior map[pairKey]float64, s smoothing, l learned) (*model.Trained, error) {
	t := model.Trained{Units: a.unitTable(aligned, prior, s)}
	for part := range model.Parts {
		t.Novel[part] = a.novelReadings(part)
		t.Scalars.Popular[part], t.Scalars.Free[part] = s.popular, s.free
		t.Background[part] = background(words, part)
		readings, covered := readingTable(words, part)
		t.Readings = append(t.Readings, readings...)
		t.Readings = append(t.Readings, affinities(words, part, s)...)
		t.Scalars.Common[part] = covered
		t.Scalars.Lengths[part] = [...]float64{0, 0.2, 0.45, 0.25, 0.08, 0.02, 0, 0, 0}
	}
	t.Scalars.Layer, t.Scalars.Latin = l.Layers, l.Latin
	t.Scalars.CutPrior = [model.MaxKanji + 1]float64{0, 0.08, 0.85, 0.06, 0.008, 0.002}
	t.LatinKana = make([]uint8, side*side*side)
	units, err := model.Decode(string(model.Encode(&t)))
	if err != nil {
		return nil, err
	}
	for part := range model.Parts {
		t.Words = append(t.Words, dictionaryWords(words, part, units, s)...)
	}
	return &t, nil
}

// listedReading is the prior count of a reading in a character dictionary.
const listedReading = 0.3

// A lexicon is what all sources say.
type lexicon struct {
	words      []word
	characters []characterReading
	meanings   meanings
}

func (s sources) read() (*lexicon, error) {
	var words vocabulary
	var characters readingSet
	known := meanings{}
	keep := func(kanji []uint16, kana []uint8) bool { return s.enamdict != "" || !s.leavesOut(kanji, kana) }
	if err := s.readIPADIC(&words, keep); err != nil {
		return nil, err
	}
	if err := readVocabulary(filepath.Join(s.ipadic, "Noun.place.csv"), &words, [model.Parts]float64{model.Family: placeName}); err != nil {
		return nil, err
	}
	if err := readVocabulary(filepath.Join(s.ipadic, "Noun.csv"), &words, [model.Parts]float64{commonNoun, commonNoun}); err != nil {
		return nil, err
	}
	if err := readUnihan(s.unihan, &characters); err != nil {
		return nil, err
	}
	if err := readDefinitions(s.unihan, known); err != nil {
		return nil, err
	}
	if s.kanjidic != "" {
		if err := readKANJIDIC(s.kanjidic, &characters, known); err != nil {
			return nil, err
		}
	}
	for _, kana := range []string{"ァ", "ぁ"} {
		first := []rune(kana)[0]
		for r := first; r < first+84; r++ {
			characters.add(string(r), string(r), false)
		}
	}
	if s.enamdict != "" {
		var people []person
		err := readENAMDICT(s.enamdict, func(e nameEntry) {
			if p, ok := personOf(e); ok && !s.leavesPersonOut(p.kanji, p.kana) {
				people = append(people, p)
			}
			if strings.ContainsAny(e.classes, "sgfmup") && !s.leftOut(e) {
				words.add(e.written, e.reading, e.weight()).large = strings.ContainsAny(e.classes, "sgfmu")
			}
		})
		if err != nil {
			return nil, err
		}
		counted := words.addPeople(people, s.leavesOut)
		fmt.Fprintf(os.Stderr, "%d of %d people divided\n", counted, len(people))
	}
	return &lexicon{words.sorted(), characters.list, known}, nil
}

func (s sources) leftOut(e nameEntry) bool {
	kanji, ok := foldKanji(e.written)
	if !ok {
		return true
	}
	kana, ok := foldKana(e.reading)
	return ok && s.leavesOut(kanji, kana)
}

func (s sources) leavesOut(kanji []uint16, kana []uint8) bool {
	if !s.byReading {
		kana = nil
	}
	return s.fold >= 0 && foldOf(kanji, kana) == s.fold
}

// addLatin learns how Latin letters are read.
func (s sources) addLatin(t *model.Trained, words []word) error {
	var list []transliteration
	if s.enamdict != "" {
		var err error
		list, err = latinWords(s.enamdict, s.leavesOut)
		if err != nil {
			return err
		}
	}
	list = append(list, romanizations(words)...)
	list = append(list, foreignNames()...)
	t.Latin = alignLatin(list)
	t.LatinKana = latinBackground(list)
	return nil
}

func (s sources) leavesPersonOut(kanji []uint16, kana []uint8) bool {
	return s.personFold >= 0 && foldOf(kanji, kana) == s.personFold
}
