// Package reading weighs how plausible it is that kanji are read with kana, in
// bits: log2 of how much likelier this kana is for these characters than for a
// name taken at random. Zero says nothing either way.
//
// The model is embedded and loaded at first use. docs/readings.md says what it
// was learned from and how well it does; the train folder holds the program
// that learns it.
package reading
