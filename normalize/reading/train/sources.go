package main

import (
	"bufio"
	"cmp"
	"compress/bzip2"
	"fmt"
	"hash/fnv"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"golang.org/x/text/encoding/japanese"

	"github.com/himozuke/himozuke/normalize/reading/internal/model"
)

// A word is a written form with one reading, and how much the sources say that
// it is a family name or a given name.
type word struct {
	kanji  []uint16
	kana   []uint8 // model symbols
	weight [model.Parts]float64
	people [model.Parts]float64 // how many people of the dictionary bear it
	large  bool                 // the large dictionary of names lists it
}

// What one listing of a word is worth. Place names read like family names but
// are not; unclassified names are either part.
const (
	listed       = 1.0
	ipadicListed = 2.0
	unclassified = 0.4
	placeName    = 0.15
	commonNoun   = 0.1
)

// vocabulary collects words from several sources.
type vocabulary struct {
	index map[string]int
	words []word
}

func (v *vocabulary) add(kanji, kana string, weight [model.Parts]float64) *word {
	codes, ok := foldKanji(kanji)
	if !ok {
		return new(word)
	}
	reading, ok := foldKana(kana)
	if !ok {
		return new(word)
	}
	return v.addFolded(codes, reading, weight)
}

func (v *vocabulary) addFolded(codes []uint16, reading []uint8, weight [model.Parts]float64) *word {
	if len(codes) > model.MaxKanji || len(reading) > model.MaxKana {
		return new(word)
	}
	if v.index == nil {
		v.index = map[string]int{}
	}
	key := wordID(codes, reading)
	i, seen := v.index[key]
	if !seen {
		i = len(v.words)
		v.index[key] = i
		v.words = append(v.words, word{kanji: codes, kana: reading})
	}
	for part := range model.Parts {
		v.words[i].weight[part] += weight[part]
	}
	return &v.words[i]
}

// sorted gives the words in an order that does not depend on the sources'.
func (v *vocabulary) sorted() []word {
	slices.SortFunc(v.words, func(a, b word) int {
		return cmp.Or(slices.Compare(a.kanji, b.kanji), slices.Compare(a.kana, b.kana))
	})
	return v.words
}

func wordID(kanji []uint16, kana []uint8) string {
	var b strings.Builder
	for _, k := range kanji {
		b.WriteByte(byte(k >> 8))
		b.WriteByte(byte(k))
	}
	b.WriteByte(0)
	b.Write(kana)
	return b.String()
}

// foldOf deals written forms, or pairs of form and reading, into ten folds for
// measuring on what was kept out.
func foldOf(kanji []uint16, kana []uint8) int {
	h := fnv.New32a()
	io.WriteString(h, wordID(kanji, kana))
	return int(h.Sum32()>>8) % 10
}

func eucLines(path string, line func(string)) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	scanner := bufio.NewScanner(japanese.EUCJP.NewDecoder().Reader(f))
	scanner.Buffer(nil, 1<<20)
	for scanner.Scan() {
		line(scanner.Text())
	}
	return scanner.Err()
}

// readIPADIC reads the names of IPADIC that are to be kept.
func (s sources) readIPADIC(words *vocabulary, keep func(kanji []uint16, kana []uint8) bool) error {
	return eucLines(filepath.Join(s.ipadic, "Noun.name.csv"), func(line string) {
		fields := strings.Split(line, ",")
		if len(fields) < 12 {
			return
		}
		kanji, ok := foldKanji(fields[0])
		kana, read := foldKana(fields[11])
		if !ok || !read || !keep(kanji, kana) {
			return
		}
		switch fields[7] {
		case "姓":
			words.addFolded(kanji, kana, [model.Parts]float64{model.Family: ipadicListed})
		case "名":
			words.addFolded(kanji, kana, [model.Parts]float64{model.Given: ipadicListed})
		}
	})
}

// readVocabulary reads another file of IPADIC, whose words show how characters
// are read although they are no names.
func readVocabulary(path string, words *vocabulary, weight [model.Parts]float64) error {
	return eucLines(path, func(line string) {
		if fields := strings.Split(line, ","); len(fields) >= 12 {
			words.add(fields[0], fields[11], weight)
		}
	})
}

// A nameEntry is one line of ENAMDICT.
type nameEntry struct {
	written, reading string
	classes          string // letters of the classes that are single letters
	gloss            string
}

func readENAMDICT(path string, entry func(nameEntry)) error {
	return eucLines(path, func(line string) {
		head, glosses, ok := strings.Cut(line, " /")
		if !ok {
			return
		}
		e := nameEntry{gloss: glosses}
		e.written, e.reading, ok = strings.Cut(head, " [")
		if ok {
			e.reading = strings.TrimSuffix(e.reading, "]")
		} else {
			e.reading = e.written
		}
		for _, gloss := range strings.Split(glosses, "/") {
			if !strings.HasPrefix(gloss, "(") {
				continue
			}
			classes, _, _ := strings.Cut(gloss[1:], ")")
			for _, class := range strings.Split(classes, ",") {
				if len(class) == 1 && !strings.Contains(e.classes, class) {
					e.classes += class
				}
			}
		}
		entry(e)
	})
}

func (e nameEntry) weight() (weight [model.Parts]float64) {
	for _, class := range e.classes {
		switch class {
		case 's':
			weight[model.Family] += listed
		case 'g', 'f', 'm':
			weight[model.Given] = max(weight[model.Given], listed)
		case 'u':
			weight[model.Family] += unclassified
			weight[model.Given] += unclassified
		case 'p':
			weight[model.Family] += placeName
		}
	}
	return weight
}

// A characterReading is a reading that a character dictionary lists.
type characterReading struct {
	kanji        uint16
	kana         []uint8
	sinoJapanese bool
}

type readingSet struct {
	seen map[string]bool
	list []characterReading
}

func (s *readingSet) add(kanji, kana string, sinoJapanese bool) {
	kana, _, _ = strings.Cut(strings.Trim(kana, "-"), ".")
	codes, ok := foldKanji(kanji)
	if !ok || len(codes) != 1 {
		return
	}
	reading, ok := foldKana(kana)
	if !ok || len(reading) > 6 {
		return
	}
	if s.seen == nil {
		s.seen = map[string]bool{}
	}
	if key := wordID(codes, reading); !s.seen[key] {
		s.seen[key] = true
		s.list = append(s.list, characterReading{codes[0], reading, sinoJapanese})
	}
}

// readKANJIDIC reads on, kun and name readings. A kun reading counts as its
// stem and, with okurigana, as a whole.
func readKANJIDIC(path string, set *readingSet, m meanings) error {
	return eucLines(path, func(line string) {
		fields := strings.Fields(line)
		if len(fields) < 3 || fields[0] == "#" {
			return
		}
		for _, field := range fields[2:] {
			if field[0] < 0x80 && field[0] != '-' {
				continue
			}
			sinoJapanese := strings.IndexFunc(field, func(r rune) bool { return r >= 'ァ' && r <= 'ヶ' }) == 0
			set.add(fields[0], field, sinoJapanese)
			if strings.Contains(field, ".") {
				set.add(fields[0], strings.ReplaceAll(field, ".", ""), false)
			}
		}
		if _, glosses, ok := strings.Cut(line, "{"); ok {
			m.add(fields[0], glosses)
		}
	})
}

// readUnihan reads kJapaneseOn and kJapaneseKun, which are romanized.
func readUnihan(path string, set *readingSet) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	scanner := bufio.NewScanner(bzip2.NewReader(f))
	scanner.Buffer(nil, 1<<20)
	for scanner.Scan() {
		fields := strings.Split(scanner.Text(), "\t")
		if len(fields) != 3 || fields[1] != "kJapaneseOn" && fields[1] != "kJapaneseKun" {
			continue
		}
		var code rune
		if _, err := fmt.Sscanf(fields[0], "U+%X", &code); err != nil {
			return fmt.Errorf("%s: %w", path, err)
		}
		for _, romaji := range strings.Fields(fields[2]) {
			if kana, ok := kanaOfRomaji(romaji); ok {
				set.add(string(code), kana, fields[1] == "kJapaneseOn")
			}
		}
	}
	return scanner.Err()
}
