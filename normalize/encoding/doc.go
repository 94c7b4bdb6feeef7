// Package encoding turns the encodings in which Japanese administrations keep
// their files into UTF-8 and back: CP932 (Windows-31J) with its user-defined
// characters (外字), and UTF-16. It appends to the caller's buffer, counts what
// it could not carry over, and never fails. [Mojibake] recognizes text that
// was read in the wrong encoding before it came here.
package encoding
