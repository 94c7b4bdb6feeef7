package ingest

import "fmt"

// ProblemKind says what is wrong with an input as a whole.
type ProblemKind uint8

// The kinds. Each has one message and one remedy, here in English and in both
// languages in the report room.
const (
	ProblemMissing    ProblemKind = iota + 1 // no such file
	ProblemUnreadable                        // no permission, a directory, an I/O error
	ProblemEmpty                             // no bytes, or a heading without rows
	ProblemNoNumber                          // no heading means the individual number
	ProblemHeading                           // a heading stands twice, or the configuration names one that is not there
	ProblemNotText                           // neither text nor a known container
	ProblemEncoding                          // an encoding name that is not known, or bytes that fit none
	ProblemContainer                         // a damaged gzip, zstd, Parquet or Arrow file
	ProblemNoFields                          // nothing to compare: no name, kana or birth date column
)

// Problem is an input that cannot be used, with what to do about it.
type Problem struct {
	Kind   ProblemKind
	Path   string
	Line   int64  // 0 when no single line is to blame
	Column string // heading, when one is to blame
	Detail string // never personal data
	Err    error
}

// Error says what, where and what to do next.
func (p *Problem) Error() string {
	where := p.Path
	if p.Line > 0 {
		where = fmt.Sprintf("%s:%d", p.Path, p.Line)
	}
	if p.Column != "" {
		where += fmt.Sprintf(" (column %q)", p.Column)
	}
	s := fmt.Sprintf("%s: %s", where, problemTexts[p.Kind][0])
	if p.Detail != "" {
		s += ": " + p.Detail
	}
	return s + "; " + problemTexts[p.Kind][1]
}

// Unwrap gives the error of the operating system or the decoder.
func (p *Problem) Unwrap() error { return p.Err }

var problemTexts = map[ProblemKind][2]string{
	ProblemMissing:    {"no such file", "check the path"},
	ProblemUnreadable: {"cannot be read", "check that it is a file and that you may read it"},
	ProblemEmpty:      {"the file holds no rows", "check how it was exported"},
	ProblemNoNumber:   {"no heading means the individual number", "name its column under [columns] in the configuration, for example number = \"heading\""},
	ProblemHeading:    {"the headings do not fit", "rename the column or correct [columns] in the configuration"},
	ProblemNotText:    {"this is not a text file, nor gzip, zstd, Parquet or Arrow", "export it as CSV"},
	ProblemEncoding:   {"the encoding is not known", "say --encoding utf-8, utf-16 or cp932"},
	ProblemContainer:  {"the file is damaged", "export or copy it again"},
	ProblemNoFields:   {"no column can be compared", "name the columns of name, kana or birth date under [columns] in the configuration"},
}
