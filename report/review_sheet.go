package report

import (
	"bytes"
	"encoding/csv"
	"errors"
	"io"
	"os"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"
	"golang.org/x/text/unicode/norm"

	"github.com/himozuke/himozuke/normalize/encoding"
	"github.com/himozuke/himozuke/report/words"
)

// reviewRow is one row of a sheet that came back.
type reviewRow struct {
	row      int // as a spreadsheet counts: the heading is row 1
	caseID   string
	version  string
	decision string // as written
	reason   string
	reviewer string
	comment  string

	stratum   string // of a sample
	inclusion float64
}

// maxReviewFile is more than any sheet that a spreadsheet program opens.
const maxReviewFile = 1 << 30

var (
	sheetMissing  = words.Text{EN: "%s: cannot be read: %s", JA: "%s: 読み取れません: %s"}
	sheetTooBig   = words.Text{EN: "%s: larger than a review sheet can be; check that it is one", JA: "%s: 確認票として大きすぎます。ファイルを確認してください"}
	sheetOldExcel = words.Text{
		EN: "%s: this is an old Excel file (.xls) or one with a password; save it as .xlsx without a password, or as CSV",
		JA: "%s: 古い形式の Excel ファイル（.xls）か、パスワード付きのファイルです。パスワードなしの .xlsx 又は CSV で保存し直してください",
	}
	sheetBroken = words.Text{
		EN: "%s: this is not an XLSX workbook or it is damaged (%s); save it again as .xlsx or CSV",
		JA: "%s: XLSX 形式でないか、破損しています（%s）。.xlsx 又は CSV で保存し直してください",
	}
	sheetEncoding = words.Text{
		EN: "%s: the encoding is neither UTF-8, UTF-16 nor CP932; save it again as \"CSV UTF-8\" or .xlsx",
		JA: "%s: 文字コードが UTF-8、UTF-16、CP932 のいずれでもありません。「CSV UTF-8」又は .xlsx で保存し直してください",
	}
	sheetQuotes = words.Text{
		EN: "%s:%d: the quotes of a cell do not match; save it again with a spreadsheet program",
		JA: "%s:%d: セルの引用符が対応していません。表計算ソフトで保存し直してください",
	}
	sheetHeadings = words.Text{
		EN: "%s: the heading %s is missing; the first row must hold the headings that export wrote",
		JA: "%s: 見出し %s がありません。1 行目には export が出力した見出しが必要です",
	}
	sheetTwice = words.Text{
		EN: "%s: the heading %s stands twice; remove one of the columns",
		JA: "%s: 見出し %s が二つあります。一方の列を削除してください",
	}
)

// readReviewFile reads a sheet that came back, whatever a spreadsheet program
// made of it.
func readReviewFile(path string) (rows []reviewRow, content []byte, err error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, nil, &said{text: sheetMissing, args: []any{path, withoutPath(err)}, err: err}
	}
	defer file.Close()
	content, err = io.ReadAll(io.LimitReader(file, maxReviewFile+1))
	if err != nil {
		return nil, nil, &said{text: sheetMissing, args: []any{path, withoutPath(err)}, err: err}
	}
	if len(content) > maxReviewFile {
		return nil, nil, &said{text: sheetTooBig, args: []any{path}}
	}
	rows, err = parseReviewSheet(path, content)
	return rows, content, err
}

func parseReviewSheet(path string, content []byte) ([]reviewRow, error) {
	switch {
	case bytes.HasPrefix(content, []byte("PK\x03\x04")):
		return parseReviewBook(path, content)
	case bytes.HasPrefix(content, []byte("\xD0\xCF\x11\xE0")):
		return nil, &said{text: sheetOldExcel, args: []any{path}}
	}
	text, ok := decodeSheet(content)
	if !ok {
		return nil, &said{text: sheetEncoding, args: []any{path}}
	}
	return parseReviewText(path, text)
}

// decodeSheet turns what spreadsheet programs save into UTF-8. Nothing may be
// lost on the way: an encoding that does not fit is refused.
func decodeSheet(content []byte) (text []byte, ok bool) {
	if rest, found := bytes.CutPrefix(content, []byte("\xEF\xBB\xBF")); found {
		return rest, utf8.Valid(rest)
	}
	if big, wide := isUTF16(content); wide {
		content = bytes.TrimPrefix(bytes.TrimPrefix(content, []byte("\xFF\xFE")), []byte("\xFE\xFF"))
		text, read, undecodable := encoding.AppendUTF16(nil, content, big)
		return text, undecodable == 0 && read == len(content)
	}
	if utf8.Valid(content) {
		return content, true
	}
	text, undecodable := encoding.AppendUTF8(nil, content)
	return text, undecodable == 0
}

// isUTF16 tells UTF-16 by its mark, or by the zero byte that every comma of a
// heading has on one side.
func isUTF16(content []byte) (big, wide bool) {
	switch {
	case bytes.HasPrefix(content, []byte("\xFF\xFE")):
		return false, true
	case bytes.HasPrefix(content, []byte("\xFE\xFF")):
		return true, true
	}
	head := content[:min(len(content), 4096)]
	var zeros [2]int
	for i, c := range head {
		if c == 0 {
			zeros[i%2]++
		}
	}
	return zeros[0] > zeros[1], zeros[0]+zeros[1] > 0
}

func parseReviewText(path string, text []byte) ([]reviewRow, error) {
	delimiter, text, skipped := sheetDelimiter(text)
	reader := csv.NewReader(bytes.NewReader(text))
	reader.Comma = delimiter
	reader.FieldsPerRecord = -1
	reader.ReuseRecord = true
	var columns reviewColumns
	var rows []reviewRow
	row, expected := skipped, 1
	for {
		cells, err := reader.Read()
		if err == io.EOF {
			break
		}
		if err != nil {
			line := 0
			var broken *csv.ParseError
			if errors.As(err, &broken) {
				line = broken.Line
			}
			return nil, &said{text: sheetQuotes, args: []any{path, line + skipped}, err: err}
		}
		line, _ := reader.FieldPos(0)
		row += 1 + line - expected // a spreadsheet counts empty lines
		expected = line + 1
		for _, cell := range cells {
			expected += strings.Count(cell, "\n")
		}
		if columns == nil {
			if columns, err = findReviewColumns(path, cells); err != nil {
				return nil, err
			}
			continue
		}
		if r, ok := columns.row(row, cells); ok {
			rows = append(rows, r)
		}
	}
	if columns == nil {
		_, err := findReviewColumns(path, nil)
		return nil, err
	}
	return rows, nil
}

// sheetDelimiter takes the sign that makes most headings of the first line. A
// line that only names the delimiter, as Excel understands it, is passed over.
func sheetDelimiter(text []byte) (delimiter rune, rest []byte, skipped int) {
	first, after, _ := bytes.Cut(text, []byte("\n"))
	if strings.HasPrefix(strings.ToLower(strings.TrimLeft(string(first), "\"")), "sep=") {
		text, skipped = after, 1
	}
	best := 0
	delimiter = ','
	for _, d := range []rune{',', ';', '\t'} {
		reader := csv.NewReader(bytes.NewReader(text))
		reader.Comma = d
		reader.FieldsPerRecord = -1
		cells, _ := reader.Read()
		found := 0
		for _, cell := range cells {
			if _, ok := reviewKeys[foldHeading(cell)]; ok {
				found++
			}
		}
		if found > best {
			best, delimiter = found, d
		}
	}
	return delimiter, text, skipped
}

func parseReviewBook(path string, content []byte) ([]reviewRow, error) {
	temporary, err := os.MkdirTemp("", "himozuke-review-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(temporary)
	broken := func(err error) error {
		return &said{text: sheetBroken, args: []any{path, err.Error()}, err: err}
	}
	book, err := excelize.OpenReader(bytes.NewReader(content), excelize.Options{
		RawCellValue: true, TmpDir: temporary, UnzipSizeLimit: 8 << 30, UnzipXMLSizeLimit: 64 << 20,
	})
	if err != nil {
		return nil, broken(err)
	}
	defer book.Close()
	var first error
	for _, sheet := range book.GetSheetList() {
		rows, err := parseBookSheet(path, book, sheet)
		if err == nil {
			return rows, nil
		}
		var headings *said
		if !errors.As(err, &headings) {
			return nil, broken(err)
		}
		if first == nil || headings.text == sheetTwice {
			first = err
		}
	}
	if first == nil {
		_, first = findReviewColumns(path, nil)
	}
	return nil, first
}

func parseBookSheet(path string, book *excelize.File, sheet string) ([]reviewRow, error) {
	cursor, err := book.Rows(sheet)
	if err != nil {
		return nil, err
	}
	defer cursor.Close()
	var columns reviewColumns
	var rows []reviewRow
	for row := 1; cursor.Next(); row++ {
		cells, err := cursor.Columns()
		if err != nil {
			return nil, err
		}
		if columns == nil {
			if columns, err = findReviewColumns(path, cells); err != nil {
				return nil, err
			}
			continue
		}
		if r, ok := columns.row(row, cells); ok {
			rows = append(rows, r)
		}
	}
	if err := cursor.Error(); err != nil {
		return nil, err
	}
	if columns == nil {
		_, err := findReviewColumns(path, nil)
		return nil, err
	}
	return rows, nil
}

// reviewColumns says where each column of a sheet is, whatever its order.
type reviewColumns map[string]int

// reviewKeys finds a column by its heading in either language or by its key.
var reviewKeys = func() map[string]string {
	keys := map[string]string{}
	for _, headings := range []map[string]words.Text{reviewHeadings, designHeadings} {
		for key, heading := range headings {
			for _, name := range []string{key, heading.EN, heading.JA} {
				keys[foldHeading(name)] = key
			}
		}
	}
	return keys
}()

// foldHeading takes away what spreadsheet programs and people add to headings.
func foldHeading(s string) string {
	return strings.ToLower(strings.Join(strings.Fields(norm.NFKC.String(s)), " "))
}

// requiredKeys are the columns without which no decision can be taken.
var requiredKeys = []string{keyCase, keyVersion, keyDecision, keyReviewer}

func findReviewColumns(path string, headings []string) (reviewColumns, error) {
	columns := reviewColumns{}
	for i, heading := range headings {
		key, ok := reviewKeys[foldHeading(heading)]
		if !ok {
			continue
		}
		if _, twice := columns[key]; twice && reviewHeadings[key] != (words.Text{}) {
			return nil, &said{text: sheetTwice, args: []any{path, headingNames(key)}}
		}
		columns[key] = i
	}
	for _, key := range requiredKeys {
		if _, ok := columns[key]; !ok {
			return nil, &said{text: sheetHeadings, args: []any{path, headingNames(key)}}
		}
	}
	return columns, nil
}

// headingNames says a heading as it may stand in either language.
func headingNames(key string) string {
	return "\"" + reviewHeadings[key].JA + "\" (\"" + reviewHeadings[key].EN + "\")"
}

// row takes the cells of a row; a row without a case and a decision is none.
func (c reviewColumns) row(row int, cells []string) (reviewRow, bool) {
	cell := func(key string) string {
		i, ok := c[key]
		if !ok || i >= len(cells) {
			return ""
		}
		return filledIn(cells[i])
	}
	r := reviewRow{
		row:      row,
		caseID:   strings.ToLower(norm.NFKC.String(strings.TrimPrefix(cell(keyCase), "'"))),
		version:  strings.ToLower(norm.NFKC.String(cell(keyVersion))),
		decision: cell(keyDecision),
		reason:   cell(keyReason),
		reviewer: reviewerName(cell(keyReviewer)),
		comment:  cell(keyComment),
		stratum:  cell(keyStratum),
	}
	r.inclusion = shareIn(cell(keyInclusion))
	return r, r.caseID != "" || r.decision != "" || r.reason != "" || r.comment != ""
}

// shareIn reads a share, also as a spreadsheet may have written it; 0 is none.
func shareIn(cell string) float64 {
	digits, percent := strings.CutSuffix(norm.NFKC.String(cell), "%")
	share, err := strconv.ParseFloat(strings.TrimSpace(digits), 64)
	if err != nil {
		return 0
	}
	if percent {
		share /= 100
	}
	return share
}

// filledIn is a cell without what the export put before a formula.
func filledIn(s string) string {
	s = strings.TrimSpace(validText(s))
	if rest, ok := strings.CutPrefix(s, "'"); ok && isFormula(rest) {
		s = rest
	}
	return strings.ReplaceAll(s, "\r\n", "\n")
}

// reviewerName makes one reviewer of the ways in which a name is typed.
func reviewerName(s string) string { return strings.Join(strings.Fields(norm.NFKC.String(s)), " ") }

// decisionOf reads a decision in either language or as files have it.
func decisionOf(s string) (word string, ok bool) {
	word, ok = decisionsByName[foldHeading(s)]
	return word, ok
}

var decisionsByName = func() map[string]string {
	byName := map[string]string{}
	for _, word := range decisionWords {
		text := words.DecisionNamed(word)
		for _, name := range []string{word, text.EN, text.JA} {
			byName[foldHeading(name)] = word
		}
	}
	return byName
}()

// decisionChoices lists the decisions for people.
func decisionChoices(l words.Lang) string {
	list := make([]string, len(decisionWords))
	for i, word := range decisionWords {
		list[i] = strconv.Quote(words.DecisionNamed(word).In(l))
	}
	return strings.Join(list, ", ")
}
