package score

// Level is an agreement level of one comparison, from full agreement to full
// disagreement. Which levels a comparison can take is said at the comparison.
type Level uint8

// The agreement levels. Unknown weighs nothing: a field is missing or holds a
// placeholder on one side.
const (
	Unknown    Level = iota
	Exact            // the same text
	Notation         // equal after the strong fold: the same content, written otherwise
	Confusable       // equal after the weak fold: commonly interchanged (斎/斉, ヤマサキ/ヤマザキ)
	Near             // within a small edit distance, or a date one slip away
	Reading          // the kana is a plausible reading of the kanji
	Part             // a part agrees (one of several characters, year and month of a date)
	Block            // address: the same block, other or no house number
	Town             // address: the same town
	Uncertain        // address: 番地 against 住居表示, cannot be decided
	City             // address: the same municipality
	Different
	levels
)

var levelNames = [levels]string{
	"unknown", "exact", "notation", "confusable", "near", "reading", "part",
	"block", "town", "uncertain", "city", "different",
}

// String is the word used in findings, reports and JSON.
func (l Level) String() string { return levelNames[l] }
