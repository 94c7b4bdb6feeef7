package score

// Evidence is one comparison of a pair: its level and what it weighs. Weight
// is log2(M/U) plus Adjustment, the term-frequency correction, in bits.
type Evidence struct {
	Comparison string // family, given, birth, sex, address, …
	Level      Level
	Detail     string // the joint level in words, such as "kanji=notation kana=exact"
	M, U       float64
	Adjustment float64
	Weight     float64
}

// Difference says why two fields of a pair differ: `field:code`.
type Difference struct {
	Field string // name, kana, birth_date, sex, postal_code, address
	Code  string // design's vocabulary: kanji_variant, kana_notation, moved …
}
