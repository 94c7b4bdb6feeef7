package report

import (
	"errors"
	"io"

	"github.com/xuri/excelize/v2"

	"github.com/himozuke/himozuke/report/words"
)

// xlsxRows is how many rows a sheet holds, the heading among them.
const xlsxRows = 1 << 20

var (
	sheetTitle   = words.Text{EN: "review", JA: "確認票"}
	listTitle    = words.Text{EN: "Decision", JA: "確認結果"}
	listMistake  = words.Text{EN: "Choose one of the list, or leave the cell empty.", JA: "一覧から選ぶか、空欄のままにしてください。"}
	probability4 = "0.0000"
)

// xlsxSheet writes a review sheet as a workbook, row by row.
type xlsxSheet struct {
	w       io.Writer
	columns []exportColumn
	lang    words.Lang
	book    *excelize.File
	stream  *excelize.StreamWriter
	styles  [otherContent + 1]int // by how the two sides compare
	share   int                   // of probabilities
	input   int                   // of what the reviewer fills in
	cells   []any
	rows    int
}

func newXLSXSheet(w io.Writer, columns []exportColumn, l words.Lang, temporary string) (_ *xlsxSheet, err error) {
	s := &xlsxSheet{w: w, columns: columns, lang: l, cells: make([]any, len(columns)),
		book: excelize.NewFile(excelize.Options{TmpDir: temporary})}
	defer func() {
		if err != nil {
			s.book.Close()
		}
	}()
	title := sheetTitle.In(l)
	if err := s.book.SetSheetName("Sheet1", title); err != nil {
		return nil, err
	}
	if err := s.book.SetDocProps(&excelize.DocProperties{Creator: "himozuke", Created: "2000-01-01T00:00:00Z", Modified: "2000-01-01T00:00:00Z", Language: l.String()}); err != nil {
		return nil, err
	}
	if s.stream, err = s.book.NewStreamWriter(title); err != nil {
		return nil, err
	}
	return s, errors.Join(s.makeStyles(), s.layOut(), s.heading())
}

func (s *xlsxSheet) makeStyles() error {
	fill := func(color string) *excelize.Style {
		return &excelize.Style{
			Fill:      excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{color}},
			Alignment: &excelize.Alignment{Vertical: "top"},
		}
	}
	var failed error
	style := func(definition *excelize.Style) int {
		id, e := s.book.NewStyle(definition)
		failed = errors.Join(failed, e)
		return id
	}
	s.styles[otherNotation] = style(fill("FFF2CC"))
	different := fill("F8CBAD")
	different.Font = &excelize.Font{Bold: true}
	s.styles[otherContent] = style(different)
	s.share = style(&excelize.Style{CustomNumFmt: &probability4})
	s.input = style(fill("E2EFDA"))
	return failed
}

func (s *xlsxSheet) layOut() error {
	err := s.stream.SetPanes(&excelize.Panes{Freeze: true, XSplit: 1, YSplit: 1, TopLeftCell: "B2", ActivePane: "bottomRight"})
	for i, c := range s.columns {
		err = errors.Join(err, s.stream.SetColWidth(i+1, i+1, c.width))
		switch c.key {
		case keyDecision, keyReason, keyReviewer, keyComment:
			err = errors.Join(err, s.stream.SetColStyle(i+1, i+1, s.input))
		}
	}
	return err
}

func (s *xlsxSheet) heading() error {
	style, err := s.book.NewStyle(&excelize.Style{
		Font:      &excelize.Font{Bold: true, Color: "FFFFFF"},
		Fill:      excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{"1F3864"}},
		Alignment: &excelize.Alignment{WrapText: true, Vertical: "center"},
	})
	if err != nil {
		return err
	}
	for i, c := range s.columns {
		s.cells[i] = excelize.Cell{StyleID: style, Value: sheetText(c.heading.In(s.lang))}
	}
	s.rows = 1
	return s.stream.SetRow("A1", s.cells, excelize.RowOpts{Height: 32})
}

func (s *xlsxSheet) write(c *exportCase) error {
	for i := range s.columns {
		s.cells[i] = nil
		switch cell := s.columns[i].cell(c); cell.kind {
		case textCell:
			s.cells[i] = sheetText(cell.text)
			if style := s.styles[cell.mark]; style != 0 {
				s.cells[i] = excelize.Cell{StyleID: style, Value: s.cells[i]}
			}
		case countCell:
			s.cells[i] = int64(cell.number)
		case probabilityCell:
			s.cells[i] = excelize.Cell{StyleID: s.share, Value: rounded(cell.number, 6)}
		}
	}
	s.rows++
	first, err := excelize.CoordinatesToCellName(1, s.rows)
	if err != nil {
		return err
	}
	return s.stream.SetRow(first, s.cells)
}

// close adds what needs the number of rows and writes the workbook.
func (s *xlsxSheet) close() error {
	return errors.Join(s.finish(), s.book.Close())
}

func (s *xlsxSheet) finish() error {
	title := sheetTitle.In(s.lang)
	last, err := excelize.CoordinatesToCellName(len(s.columns), s.rows)
	if err != nil {
		return err
	}
	if err := s.book.AutoFilter(title, "A1:"+last, nil); err != nil {
		return err
	}
	if err := s.offerDecisions(title); err != nil {
		return err
	}
	if err := s.stream.Flush(); err != nil {
		return err
	}
	_, err = s.book.WriteTo(s.w)
	return err
}

// offerDecisions gives every cell of the decision column its list.
func (s *xlsxSheet) offerDecisions(title string) error {
	var list []string
	for _, word := range decisionWords {
		list = append(list, words.DecisionNamed(word).In(s.lang))
	}
	for i, c := range s.columns {
		if c.key != keyDecision {
			continue
		}
		column, err := excelize.ColumnNumberToName(i + 1)
		if err != nil {
			return err
		}
		last, err := excelize.CoordinatesToCellName(i+1, max(s.rows, 2))
		if err != nil {
			return err
		}
		validation := excelize.NewDataValidation(true)
		validation.SetSqref(column + "2:" + last)
		if err := validation.SetDropList(list); err != nil {
			return err
		}
		validation.SetError(excelize.DataValidationErrorStyleStop, listTitle.In(s.lang), listMistake.In(s.lang))
		return s.book.AddDataValidation(title, validation)
	}
	return nil
}
