package main

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"github.com/himozuke/himozuke/normalize/reading/internal/model"
)

// foldKanji gives the codes of a written form, or false when it holds signs
// that no name of the dictionaries should.
func foldKanji(text string) ([]uint16, bool) {
	var codes []uint16
	for _, r := range norm.NFKC.String(text) {
		switch {
		case r >= 0xFE00 && r <= 0xFE0F || r >= 0xE0100 && r <= 0xE01EF:
			continue
		case r == '々' && len(codes) > 0:
			codes = append(codes, codes[len(codes)-1])
			continue
		case r > 0xFFFF || !unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana) && r != 'ー':
			return nil, false
		}
		codes = append(codes, uint16(r))
	}
	return codes, len(codes) > 0
}

// largeKana are the kana that the strong fold replaces.
var largeKana = strings.NewReplacer(
	"ァ", "ア", "ィ", "イ", "ゥ", "ウ", "ェ", "エ", "ォ", "オ", "ッ", "ツ", "ャ", "ヤ", "ュ", "ユ", "ョ", "ヨ",
	"ヮ", "ワ", "ヵ", "カ", "ヶ", "ケ", "ヂ", "ジ", "ヅ", "ズ", "ヰ", "イ", "ヱ", "エ", "ヲ", "オ",
)

// kanaCodes gives the strong codes of hiragana or katakana text.
func kanaCodes(text string) ([]byte, bool) {
	var katakana strings.Builder
	for _, r := range norm.NFKC.String(text) {
		if r >= 'ぁ' && r <= 'ゖ' {
			r += 'ァ' - 'ぁ'
		}
		katakana.WriteRune(r)
	}
	var codes []byte
	for _, r := range largeKana.Replace(katakana.String()) {
		if (r < 'ァ' || r > 'ヴ') && r != 'ー' {
			return nil, false
		}
		codes = append(codes, byte(r-kanaBase))
	}
	return codes, len(codes) > 0
}

// foldKana gives the model's symbols of hiragana or katakana text.
func foldKana(text string) ([]uint8, bool) {
	codes, ok := kanaCodes(text)
	if !ok {
		return nil, false
	}
	reading := make([]uint8, len(codes))
	return reading, model.Symbols(reading, codes) == len(codes)
}

const kanaBase = 0x30A0

var romajiSyllables = func() map[string]string {
	table := map[string]string{"N": "ン"}
	rows := []struct{ consonants, kana string }{
		{"", "アイウエオ"}, {"K", "カキクケコ"}, {"G", "ガギグゲゴ"}, {"S", "サシスセソ"}, {"Z", "ザジズゼゾ"},
		{"T", "タチツテト"}, {"D", "ダジズデド"}, {"N", "ナニヌネノ"}, {"H", "ハヒフヘホ"}, {"B", "バビブベボ"},
		{"P", "パピプペポ"}, {"M", "マミムメモ"}, {"R", "ラリルレロ"}, {"W", "ワイウエオ"}, {"Y", "ヤイユエヨ"},
	}
	const vowels = "AIUEO"
	for _, row := range rows {
		for i, kana := range []rune(row.kana) {
			table[row.consonants+vowels[i:i+1]] = string(kana)
		}
		if runes := []rune(row.kana); row.consonants != "" && !strings.Contains("WY", row.consonants) {
			for vowel, small := range map[string]string{"A": "ヤ", "U": "ユ", "O": "ヨ"} {
				table[row.consonants+"Y"+vowel] = string(runes[1]) + small
			}
		}
	}
	for head, kana := range map[string]string{"SH": "シ", "CH": "チ", "J": "ジ"} {
		table[head+"I"] = kana
		for vowel, small := range map[string]string{"A": "ヤ", "U": "ユ", "O": "ヨ"} {
			table[head+vowel] = kana + small
		}
	}
	table["TSU"], table["FU"] = "ツ", "フ"
	return table
}()

// kanaOfRomaji reads the romanization of Unihan.
func kanaOfRomaji(romaji string) (string, bool) {
	var kana strings.Builder
	for romaji != "" {
		if len(romaji) > 1 && romaji[0] == romaji[1] && !strings.Contains("AIUEON", romaji[:1]) {
			kana.WriteString("ツ")
			romaji = romaji[1:]
			continue
		}
		n := min(3, len(romaji))
		for n > 0 && romajiSyllables[romaji[:n]] == "" {
			n--
		}
		if n == 0 {
			return "", false
		}
		kana.WriteString(romajiSyllables[romaji[:n]])
		romaji = romaji[n:]
	}
	return kana.String(), kana.Len() > 0
}
