package ingest

import (
	"bytes"
	"fmt"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/japanese"

	"github.com/himozuke/himozuke/normalize/encoding"
)

// textEncoding is how the bytes of a text file stand for characters.
type textEncoding uint8

const (
	utf8Text textEncoding = iota
	cp932
	utf16LE
	utf16BE
)

func (e textEncoding) isUTF16() bool { return e == utf16LE || e == utf16BE }

// decode appends one field as UTF-8. The text of a UTF-16 file was transcoded
// before it was cut.
func (e textEncoding) decode(dst, field []byte) ([]byte, int) {
	if e == cp932 {
		return encoding.AppendUTF8(dst, field)
	}
	return encoding.AppendValid(dst, field)
}

// sizeInFile is how many bytes of the file text stands for, which is either
// still in the encoding of the file or decoded. UTF-16 always is.
func (e textEncoding) sizeInFile(text []byte, decoded bool) int64 {
	size := int64(len(text))
	switch {
	case e.isUTF16():
		size = 0
		for _, r := range string(text) {
			if size += 2; r > 0xFFFF {
				size += 2
			}
		}
	case e == cp932 && decoded:
		size = 0
		for _, r := range string(text) {
			if size++; r > 0x80 && (r < '｡' || r > 'ﾟ') {
				size++
			}
		}
	}
	return size
}

// encodingGuess is an encoding with the length of its byte order mark.
type encodingGuess struct {
	encoding textEncoding
	name     string
	mark     int
}

var (
	markUTF8    = []byte{0xEF, 0xBB, 0xBF}
	markUTF16LE = []byte{0xFF, 0xFE}
	markUTF16BE = []byte{0xFE, 0xFF}
)

// encodingNames are the names that users may say, folded.
var encodingNames = map[string]string{
	"": "", "auto": "",
	"utf8": "utf-8", "utf8bom": "utf-8", "utf8n": "utf-8", "utf8sig": "utf-8",
	"utf16": "utf-16", "unicode": "utf-16", "ucs2": "utf-16",
	"utf16le": "utf-16le", "utf16be": "utf-16be",
	"cp932": "cp932", "932": "cp932", "windows31j": "cp932", "ms932": "cp932", "mskanji": "cp932",
	"shiftjis": "cp932", "sjis": "cp932", "xsjis": "cp932", "csshiftjis": "cp932", "ansi": "cp932",
}

// sniffEncoding goes by the option, the byte order mark, and the bytes, in this
// order.
func (s *Source) sniffEncoding(head []byte, whole bool) (encodingGuess, *Problem) {
	name := strings.NewReplacer("-", "", "_", "", " ", "").Replace(strings.ToLower(s.options.Encoding))
	wanted, known := encodingNames[name]
	if !known {
		return encodingGuess{}, &Problem{Kind: ProblemEncoding, Detail: fmt.Sprintf("%q", s.options.Encoding)}
	}
	var guess encodingGuess
	switch {
	case wanted == "cp932":
		guess = encodingGuess{cp932, "cp932", 0}
	case bytes.HasPrefix(head, markUTF8):
		guess = encodingGuess{utf8Text, "utf-8-bom", len(markUTF8)}
	case wanted == "utf-8":
		guess = encodingGuess{utf8Text, "utf-8", 0}
	case bytes.HasPrefix(head, markUTF16LE) && wanted != "utf-16be":
		guess = encodingGuess{utf16LE, "utf-16le", len(markUTF16LE)}
	case bytes.HasPrefix(head, markUTF16BE) && wanted != "utf-16le":
		guess = encodingGuess{utf16BE, "utf-16be", len(markUTF16BE)}
	case wanted == "utf-16le" || wanted == "utf-16" && !bigEndianFirst(head):
		guess = encodingGuess{utf16LE, "utf-16le", 0}
	case wanted == "utf-16be" || wanted == "utf-16":
		guess = encodingGuess{utf16BE, "utf-16be", 0}
	default:
		return s.guessEncoding(head, whole)
	}
	if !guess.encoding.isUTF16() {
		if p := notText(head); p != nil {
			return guess, p
		}
	}
	return guess, nil
}

// delimitersUTF16 counts the commas, tabs, line ends and digits that the head
// has as UTF-16 in either byte order. No table is without them.
func delimitersUTF16(head []byte) (little, big int) {
	isDelimiter := func(c byte) bool {
		return c == ',' || c == '\t' || c == '\n' || c == '\r' || c >= '0' && c <= '9'
	}
	for i := 0; i+1 < len(head); i += 2 {
		switch {
		case head[i+1] == 0 && isDelimiter(head[i]):
			little++
		case head[i] == 0 && isDelimiter(head[i+1]):
			big++
		}
	}
	return little, big
}

func bigEndianFirst(head []byte) bool {
	little, big := delimitersUTF16(head)
	return big > little
}

// guessEncoding goes by the bytes alone.
func (s *Source) guessEncoding(head []byte, whole bool) (encodingGuess, *Problem) {
	if bytes.IndexByte(head, 0) >= 0 {
		little, big := delimitersUTF16(head)
		text, _, _ := encoding.AppendUTF16(nil, head, big > little)
		switch most, least := max(little, big), min(little, big); {
		case knownBinary(head) != "", most <= len(head)/50, least > most/10, control(text)*100 > len(text):
			return encodingGuess{}, notText(head)
		case little > big:
			return encodingGuess{utf16LE, "utf-16le", 0}, nil
		default:
			return encodingGuess{utf16BE, "utf-16be", 0}, nil
		}
	}
	if p := notText(head); p != nil {
		return encodingGuess{}, p
	}
	samples := [][]byte{head}
	if isASCII(head) && !whole {
		samples = s.moreSamples(len(head))
	}
	var asUTF8, asCP932, asEUC reading
	for _, sample := range samples {
		asUTF8.add(readUTF8(sample))
		asCP932.add(readCP932(sample))
		asEUC.add(readEUC(sample))
	}
	switch {
	case asUTF8.bad == 0 || asUTF8.bad*4 < asUTF8.good:
		return encodingGuess{utf8Text, "utf-8", 0}, nil
	case asEUC.bad == 0 && asEUC.good >= 20 && asEUC.kana*8 > asEUC.good:
		return encodingGuess{}, &Problem{Kind: ProblemEncoding, Detail: "the bytes look like EUC-JP, which is not read; convert the file to UTF-8"}
	case asCP932.bad*8 <= asCP932.good:
		return encodingGuess{cp932, "cp932", 0}, nil
	case asCP932.good+asUTF8.good < len(head)/100 && len(head) > 1000 && control(head) > 0:
		return encodingGuess{}, notText([]byte{0})
	}
	line := int64(1 + bytes.Count(head[:firstBad(head)], newline))
	return encodingGuess{}, &Problem{Kind: ProblemEncoding, Line: line, Detail: "its bytes are neither UTF-8 nor CP932"}
}

// moreSamples reads here and there in a plain file whose beginning is ASCII.
func (s *Source) moreSamples(from int) [][]byte {
	const number, size = 32, 64 << 10
	if s.Compression != "" {
		return nil
	}
	var samples [][]byte
	rest := s.Bytes - int64(from)
	for i := range int64(number) {
		sample := make([]byte, size)
		n, _ := s.file.ReadAt(sample, int64(from)+rest*i/number)
		sample = sample[:n]
		// Begin and end at a line, so that no character is cut.
		if a := bytes.IndexByte(sample, '\n'); a >= 0 {
			if b := bytes.LastIndexByte(sample, '\n'); b > a {
				samples = append(samples, sample[a:b])
			}
		}
	}
	return samples
}

// reading is how well bytes read in some encoding.
type reading struct{ good, bad, kana int }

func (r *reading) add(more reading) {
	r.good += more.good
	r.bad += more.bad
	r.kana += more.kana
}

// readUTF8 counts the characters beyond ASCII and the bytes that are none. A
// character cut off at the end counts for nothing.
func readUTF8(text []byte) (r reading) {
	for len(text) > 0 {
		c, size := utf8.DecodeRune(text)
		switch {
		case c == utf8.RuneError && size == 1:
			if !utf8.FullRune(text) {
				return r
			}
			r.bad++
		case size > 1:
			r.good++
		}
		text = text[size:]
	}
	return r
}

func readCP932(text []byte) (r reading) {
	out, bad := encoding.AppendUTF8(nil, text)
	r = readUTF8(out)
	r.bad = bad
	r.good -= bad
	if bad == 1 && bytes.HasSuffix(out, []byte("\uFFFD")) {
		r.bad = 0
	}
	return r
}

func readEUC(text []byte) (r reading) {
	out, _ := japanese.EUCJP.NewDecoder().Bytes(text)
	for _, c := range string(out) {
		switch {
		case c == utf8.RuneError:
			r.bad++
		case c >= 'ぁ' && c <= 'ヿ':
			r.kana++
			r.good++
		case c >= utf8.RuneSelf:
			r.good++
		}
	}
	if r.bad == 1 && bytes.HasSuffix(out, []byte("\uFFFD")) {
		r.bad = 0
	}
	return r
}

// firstBad is where UTF-8 ends to be valid.
func firstBad(text []byte) int {
	for i := 0; i < len(text); {
		c, size := utf8.DecodeRune(text[i:])
		if c == utf8.RuneError && size == 1 {
			return i
		}
		i += size
	}
	return 0
}

// control counts the control characters that no table holds.
func control(head []byte) int {
	n := 0
	for _, c := range head {
		if c < 0x20 && c != '\t' && c != '\n' && c != '\r' && c != 0x1A {
			n++
		}
	}
	return n
}

// notText finds the files that are given by mistake.
func notText(head []byte) *Problem {
	switch kind := knownBinary(head); {
	case kind != "":
		return &Problem{Kind: ProblemNotText, Detail: "it is " + kind}
	case bytes.IndexByte(head, 0) >= 0, control(head)*100 > len(head):
		return &Problem{Kind: ProblemNotText}
	}
	return nil
}

// knownBinary names the kinds of file that people take for a table.
func knownBinary(head []byte) string {
	for _, kind := range []struct{ magic, name string }{
		{"PK\x03\x04", "an Excel workbook or a ZIP archive"},
		{"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", "an old Excel workbook"},
		{"%PDF-", "a PDF document"},
		{"SQLite format 3\x00", "an SQLite database"},
		{"7z\xBC\xAF\x27\x1C", "a 7-Zip archive"},
		{"BZh", "a bzip2 archive"},
		{"\xFD7zXZ\x00", "an xz archive"},
		{"age-encryption.org/", "an encrypted age file"},
		{"-----BEGIN AGE", "an encrypted age file"},
		{"-----BEGIN PGP", "an encrypted PGP file"},
		{"\x7FELF", "a program"},
		{"MZ\x90\x00", "a program"},
	} {
		if bytes.HasPrefix(head, []byte(kind.magic)) {
			return kind.name
		}
	}
	return ""
}
