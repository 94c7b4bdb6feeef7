package main

import (
	"bufio"
	"bytes"
	"compress/bzip2"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/text/encoding/japanese"
)

// ucd is what the tables need of the Unicode Character Database.
type ucd struct {
	compatibility map[rune][]rune // full compatibility decomposition, composed again
	canonical     map[rune]rune   // CJK compatibility ideograph to its unified ideograph
	radical       map[rune]rune   // radical or stroke symbol to the ideograph it depicts
	nameKanji     map[rune]rune   // old form allowed in names to its jōyō form
	semantic      map[rune][]rune
	shape         map[rune][]rune // kZVariant
	traditional   map[rune][]rune
	on            map[rune][]string
	joyo, jinmei  map[rune]bool
	jis0, jis0213 map[rune]bool
	japanese      map[rune]bool // has a Japanese source in ISO/IEC 10646
}

func readUCD(dir string) (*ucd, error) {
	u := &ucd{
		compatibility: map[rune][]rune{}, canonical: map[rune]rune{}, radical: map[rune]rune{},
		nameKanji: map[rune]rune{}, semantic: map[rune][]rune{}, shape: map[rune][]rune{},
		traditional: map[rune][]rune{}, on: map[rune][]string{}, joyo: map[rune]bool{},
		jinmei: map[rune]bool{}, jis0: map[rune]bool{}, jis0213: map[rune]bool{}, japanese: map[rune]bool{},
	}
	err := eachLine(filepath.Join(dir, "UnicodeData.txt"), func(line string) {
		f := strings.Split(line, ";")
		if f[5] == "" {
			return
		}
		var to []rune
		for _, h := range strings.Fields(f[5]) {
			if h[0] != '<' {
				to = append(to, hex(h))
			}
		}
		r := hex(f[0])
		u.compatibility[r] = to
		if f[5][0] != '<' && len(to) == 1 && isHan(to[0]) {
			u.canonical[r] = to[0]
		}
	})
	if err != nil {
		return nil, err
	}
	err = eachLine(filepath.Join(dir, "EquivalentUnifiedIdeograph.txt"), func(line string) {
		rng, to, _ := strings.Cut(line, ";")
		first, last, ok := strings.Cut(strings.TrimSpace(rng), "..")
		if !ok {
			last = first
		}
		for r := hex(first); r <= hex(last); r++ {
			u.radical[r] = hex(strings.TrimSpace(to))
		}
	})
	if err != nil {
		return nil, err
	}
	for _, name := range []string{"Unihan_Variants", "Unihan_OtherMappings", "Unihan_Readings", "Unihan_IRGSources"} {
		err = eachLine(filepath.Join(dir, name+".txt.bz2"), func(line string) {
			f := strings.SplitN(line, "\t", 3)
			if len(f) == 3 {
				u.property(hex(f[0][2:]), f[1], f[2])
			}
		})
		if err != nil {
			return nil, err
		}
	}
	return u, nil
}

func (u *ucd) property(r rune, key, value string) {
	switch key {
	case "kSemanticVariant":
		u.semantic[r] = codePoints(value)
	case "kZVariant":
		u.shape[r] = codePoints(value)
	case "kTraditionalVariant":
		u.traditional[r] = codePoints(value)
	case "kJapaneseOn":
		u.on[r] = strings.Fields(value)
	case "kJoyoKanji":
		u.joyo[r] = true
	case "kJinmeiyoKanji":
		u.jinmei[r] = true
		if _, to, ok := strings.Cut(value, ":U+"); ok {
			u.nameKanji[r] = hex(to)
		}
	case "kJis0":
		u.jis0[r] = true
	case "kJIS0213":
		u.jis0213[r] = true
	case "kIRG_JSource":
		u.japanese[r] = true
	}
}

// codePoints reads "U+9AD8<kMatthews U+9AD9".
func codePoints(value string) []rune {
	var out []rune
	for _, f := range strings.Fields(value) {
		f, _, _ = strings.Cut(f, "<")
		out = append(out, hex(f[2:]))
	}
	return out
}

func hex(s string) rune {
	n, err := strconv.ParseUint(s, 16, 32)
	if err != nil {
		panic(fmt.Sprintf("%q is not a code point", s))
	}
	return rune(n)
}

func isHan(r rune) bool {
	return r >= 0x3400 && r <= 0x4DBF || r >= 0x4E00 && r <= 0x9FFF || r >= 0xF900 && r <= 0xFAFF || r >= 0x20000 && r <= 0x323AF
}

// eachLine calls f for each line that is neither empty nor a comment, without
// trailing comments.
func eachLine(path string, f func(string)) error {
	file, err := os.Open(path)
	if err != nil {
		return err
	}
	defer file.Close()
	var in io.Reader = file
	if strings.HasSuffix(path, ".bz2") {
		in = bzip2.NewReader(file)
	}
	lines := bufio.NewScanner(in)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		line := lines.Text()
		if !strings.Contains(line, "\t") {
			line, _, _ = strings.Cut(line, "#")
		}
		if line = strings.TrimSpace(line); line != "" && line[0] != '#' {
			f(line)
		}
	}
	return lines.Err()
}

// readItaiji reads the SKK dictionary of variants: head character to the
// characters listed as variants of it. Doubtful ones (marked ?) are left out.
func readItaiji(path string) (map[rune][]rune, error) {
	raw, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	if !bytes.Contains(raw, []byte("public domain")) {
		return nil, fmt.Errorf("%s does not say that it is in the public domain; only SKK-JISYO.itaiji is", path)
	}
	text, err := japanese.EUCJP.NewDecoder().Bytes(raw)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	out := map[rune][]rune{}
	for _, line := range strings.Split(string(text), "\n") {
		head, list, ok := strings.Cut(line, " /")
		h := []rune(head)
		if !ok || len(h) != 1 || h[0] == ';' {
			continue
		}
		for _, entry := range strings.Split(strings.TrimSuffix(list, "/"), "/") {
			word, remark, _ := strings.Cut(entry, ";")
			if w := []rune(word); len(w) == 1 && !strings.Contains(remark, "?") {
				out[h[0]] = append(out[h[0]], w[0])
			}
		}
	}
	return out, nil
}

// rows are the reviewed rows of the sources folder, each a list of characters.
type rows struct {
	strong, apart, simplified [][]rune
	confusable                []confusableRow
}

type confusableRow struct {
	chars []rune
	all   bool // every pair, not only those with the first
}

func readRows(dir string) (*rows, error) {
	var r rows
	for name, into := range map[string]*[][]rune{
		"strong.txt": &r.strong, "apart.txt": &r.apart, "simplified.txt": &r.simplified,
	} {
		if err := readRowFile(filepath.Join(dir, name), into); err != nil {
			return nil, err
		}
	}
	var confusable [][]rune
	if err := readRowFile(filepath.Join(dir, "confusable.txt"), &confusable); err != nil {
		return nil, err
	}
	for _, row := range confusable {
		if row[0] == '=' {
			r.confusable = append(r.confusable, confusableRow{row[1:], true})
		} else {
			r.confusable = append(r.confusable, confusableRow{row, false})
		}
	}
	return &r, nil
}

func readRowFile(path string, into *[][]rune) error {
	var bad error
	err := eachLine(path, func(line string) {
		var row []rune
		for _, f := range strings.Fields(line) {
			if c := []rune(f); len(c) == 1 {
				row = append(row, c[0])
			} else if bad == nil {
				bad = fmt.Errorf("%s: %q is not one character", path, f)
			}
		}
		if len(row) < 2 && bad == nil {
			bad = fmt.Errorf("%s: row %q has fewer than two characters", path, line)
		}
		*into = append(*into, row)
	})
	if err != nil {
		return err
	}
	return bad
}
