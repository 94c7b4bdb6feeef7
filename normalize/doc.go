// Package normalize turns one raw field into its canonical form, its match
// keys and notes on what was folded away. It is pure: no I/O, no globals that
// change, no allocation on the hot path (parsers are values that are reused
// row after row and hand out slices of their own buffers).
//
// Canonical forms are compact codes, not text, because the engine holds tens
// of millions of them: one byte per kana ([KanaCode]), two bytes per character
// of a name ([KanjiCode]), a packed [Date], an [AddressKey] of hashes.
package normalize
