package main

import (
	"slices"
	"strings"

	"github.com/himozuke/himozuke/normalize/reading/internal/model"
)

// romanizations writes Japanese readings in Latin letters in every way that
// passports and forms do.
func romanizations(words []word) (list []transliteration) {
	seen := map[string]bool{}
	for _, w := range words {
		if w.weight[model.Family] < ipadicListed && w.weight[model.Given] < ipadicListed || seen[string(w.kana)] || len(w.kana) > latinLongest-4 {
			continue
		}
		seen[string(w.kana)] = true
		for _, style := range romanStyles {
			latin := style.write(w.kana)
			list = append(list, transliteration{latin, w.kana, style.weight, true})
		}
	}
	return list
}

// A romanStyle is one convention.
type romanStyle struct {
	weight float64
	kunrei bool   // SI TI TU HU ZI SYA
	long   string // how a long o or u is shown: "" dropped, "H", "U" spelled
}

var romanStyles = []romanStyle{
	{0.5, false, ""},  // passport Hepburn: SATO
	{0.2, false, "H"}, // SATOH, OHNO
	{0.2, false, "U"}, // SATOU
	{0.1, true, ""},
	{0.1, true, "U"},
}

var (
	hepburnOf = romajiOf(map[string]string{})
	kunreiOf  = romajiOf(map[string]string{"シ": "SI", "チ": "TI", "ツ": "TU", "フ": "HU", "ジ": "ZI"})
)

func romajiOf(special map[string]string) map[uint8]string {
	table := map[uint8]string{}
	hepburn := map[string]string{"シ": "SHI", "チ": "CHI", "ツ": "TSU", "フ": "FU", "ジ": "JI", "ヴ": "VU"}
	const kana = "アイウエオカキクケコガギグゲゴサシスセソザジズゼゾタチツテトダデドナニヌネノハヒフヘホバビブベボパピプペポマミムメモヤユヨラリルレロワンヴ"
	for _, r := range kana {
		s := string(r)
		switch {
		case special[s] != "":
			table[symbolsOf(s)[0]] = special[s]
		case hepburn[s] != "":
			table[symbolsOf(s)[0]] = hepburn[s]
		default:
			for romaji, k := range romajiSyllables {
				if k == s && (len(romaji) == 1 || len(romaji) == 2 && !strings.ContainsAny(romaji[:1], "W") || s == "ワ") && romaji != "YI" && romaji != "YE" && romaji != "DI" && romaji != "DU" {
					table[symbolsOf(s)[0]] = romaji
				}
			}
		}
	}
	return table
}

// write spells a reading. Large kana hide whether ヤ ユ ヨ ツ are small: after
// the i row they are taken to be, and ツ before an unvoiced consonant doubles.
func (s romanStyle) write(reading []uint8) []uint16 {
	table := hepburnOf
	if s.kunrei {
		table = kunreiOf
	}
	var out []byte
	for i, symbol := range reading {
		syllable := table[symbol]
		previous := ""
		if i > 0 {
			previous = table[reading[i-1]]
		}
		switch {
		case len(syllable) == 2 && syllable[0] == 'Y' && len(previous) > 1 && previous[len(previous)-1] == 'I':
			out = out[:len(out)-1]
			if !s.kunrei && slices.Contains([]string{"SHI", "CHI", "JI"}, previous) {
				syllable = syllable[1:]
			}
		case symbol == symbolTsu && i > 0 && i+1 < len(reading) && strings.ContainsAny(table[reading[i+1]][:1], "KSTCP"):
			next := table[reading[i+1]]
			syllable = next[:1]
			if next[0] == 'C' {
				syllable = "T"
			}
		case (syllable == "U" || syllable == "O") && len(out) > 0 && (out[len(out)-1] == 'O' || syllable == "U" && out[len(out)-1] == 'U'):
			switch s.long {
			case "":
				syllable = ""
			case "H":
				if syllable = "H"; out[len(out)-1] == 'U' {
					syllable = ""
				}
			}
		}
		out = append(out, syllable...)
	}
	latin := make([]uint16, len(out))
	for i, c := range out {
		latin[i] = uint16(c)
	}
	return latin
}
