package normalize

import "math/bits"

// Notes is the set of things that normalization saw or folded away in one
// field. It explains; it never decides.
type Notes uint64

// The notes. Their names are part of the output format of `normalize`.
const (
	NoteWidth         Notes = 1 << iota // half and full width differ from the canonical form
	NoteHiragana                        // hiragana written for katakana
	NoteSmallKana                       // small kana folded to large
	NoteVoicing                         // separate voicing marks composed
	NoteDash                            // a dash of another kind than the canonical one
	NoteVariant                         // a variant character brought to its canonical form
	NoteSelector                        // a variation selector dropped
	NotePlaceholder                     // ● 〓 □ ? or U+FFFD stands for an unreadable character
	NotePrivateUse                      // a private use character (外字)
	NoteFormerName                      // a former family name in brackets (旧氏)
	NoteAlias                           // a registered alias (通称)
	NoteLatin                           // the name is in Latin letters
	NoteGuardian                        // guardian text (成年後見人) removed
	NoteCorporate                       // a corporate prefix or suffix (カ), ド))
	NoteUnsplit                         // family and given name are not separated
	NoteTruncated                       // cut at a length limit of the source format
	NoteWareki                          // the date is written in a Japanese era
	NoteEraOverrun                      // a year past the era's end (昭和64-, 平成32-)
	NotePartUnknown                     // a part of the date is unknown (00)
	NoteImpossible                      // a value that cannot exist (February 30)
	NoteKanjiNumerals                   // numerals in kanji
	NoteBuilding                        // a building part was split off
	NoteStreetName                      // a Kyoto street name was removed
	NotePrefecture                      // the prefecture was supplied
	NoteMunicipality                    // the county or municipality was supplied
	NoteTownUnknown                     // no town of the gazetteer fits
	NoteAmbiguous                       // several readings remain
	NoteCheckDigit                      // the check digit is wrong
	NoteLength                          // too short or too long
	NoteCharacters                      // characters that do not belong in the field
	NoteEmpty                           // nothing in the field
	NoteIteration                       // 々 and other iteration marks expanded
	NoteSimplified                      // simplified Chinese form
	NoteDummy                           // a dummy value (シ メイ, 9999, 0000000)
)

var noteNames = [...]string{
	"width", "hiragana", "small_kana", "voicing", "dash", "variant", "selector",
	"placeholder", "private_use", "former_name", "alias", "latin", "guardian",
	"corporate", "unsplit", "truncated", "wareki", "era_overrun", "part_unknown",
	"impossible", "kanji_numerals", "building", "street_name", "prefecture_supplied",
	"municipality_supplied", "town_unknown", "ambiguous", "check_digit", "length",
	"characters", "empty", "iteration", "simplified", "dummy",
}

// Names lists the notes in a fixed order, for JSON and reports.
func (n Notes) Names() []string {
	names := make([]string, 0, bits.OnesCount64(uint64(n)))
	for i, name := range noteNames {
		if n&(1<<i) != 0 {
			names = append(names, name)
		}
	}
	return names
}
