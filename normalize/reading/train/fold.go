package main

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"github.com/himozuke/himozuke/normalize"
	"github.com/himozuke/himozuke/normalize/reading/internal/model"
)

// foldKanji gives the strong codes of a written form, or false when it holds
// signs that no name of the dictionaries should.
func foldKanji(text string) ([]uint16, bool) {
	var codes []uint16
	for _, r := range text {
		if strings.ContainsRune("々ゝヽ", r) && len(codes) > 0 {
			codes = append(codes, codes[len(codes)-1])
			continue
		}
		code := normalize.FoldNameRune(r)
		if code == 0 && unicode.Is(unicode.Variation_Selector, r) {
			continue
		}
		if !unicode.In(rune(code), unicode.Han, unicode.Hiragana, unicode.Katakana) && code != 'ー' {
			return nil, false
		}
		codes = append(codes, code)
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

const kanaBase = normalize.KanaBase

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
		if strings.HasPrefix(romaji, "N'") {
			kana.WriteString("ン")
			romaji = romaji[2:]
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

// foldLatin gives upper case letters without their accents.
func foldLatin(text string) ([]uint16, bool) {
	var codes []uint16
	for _, r := range norm.NFKD.String(text) {
		switch {
		case r >= 'a' && r <= 'z':
			codes = append(codes, uint16(r-'a'+'A'))
		case r >= 'A' && r <= 'Z':
			codes = append(codes, uint16(r))
		case unicode.Is(unicode.Mn, r) || r == '\'' || r == '-' || r == '.':
		default:
			if replaced, ok := latinLetters[r]; ok {
				codes = append(codes, replaced...)
				continue
			}
			return nil, false
		}
	}
	return codes, len(codes) > 0
}

// latinLetters are letters that do not come apart into a letter and an accent.
var latinLetters = map[rune][]uint16{
	'ø': {'O'}, 'Ø': {'O'}, 'đ': {'D'}, 'Đ': {'D'}, 'ł': {'L'}, 'Ł': {'L'}, 'ı': {'I'},
	'æ': {'A', 'E'}, 'Æ': {'A', 'E'}, 'œ': {'O', 'E'}, 'Œ': {'O', 'E'}, 'ß': {'S', 'S'}, 'ð': {'D'}, 'þ': {'T', 'H'},
}
