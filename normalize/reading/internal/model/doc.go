// Package model holds the reading model: its file format, and how a trained
// model weighs kana against kanji. What is trained lives in the train command,
// what is embedded lives in the folders of its licence.
//
// The weight of a pair is log2 P(kana | kanji) / P(kana). The numerator mixes
// two views of the name: the written form as a word of the dictionary, and the
// form as a row of units (single characters, or several read as one) each with
// its own readings. The denominator is how common the kana is as a name of
// that part, whatever its characters.
package model
