package report

import (
	"fmt"
	"io"

	"github.com/himozuke/himozuke/normalize/encoding"
	"github.com/himozuke/himozuke/report/words"
)

// csvSheet writes a review sheet as CSV.
type csvSheet struct {
	columns []exportColumn
	out     *csvWriter
}

func newCSVSheet(w io.Writer, columns []exportColumn, l words.Lang, name string, replaced *int) (*csvSheet, error) {
	switch name {
	case "", "utf-8-bom":
		if _, err := io.WriteString(w, "\uFEFF"); err != nil {
			return nil, err
		}
	case "utf-8":
	case "cp932":
		w = &cp932Writer{w: w, replaced: replaced}
	default:
		return nil, fmt.Errorf("no encoding %q", name)
	}
	s := &csvSheet{columns: columns, out: newCSVWriter(w)}
	for i := range columns {
		s.out.text(sheetText(columns[i].heading.In(l)))
	}
	s.out.endRow()
	return s, nil
}

func (s *csvSheet) write(c *exportCase) error {
	for i := range s.columns {
		switch cell := s.columns[i].cell(c); cell.kind {
		case textCell:
			s.out.text(sheetText(cell.text))
		case countCell:
			s.out.integer(int64(cell.number))
		case probabilityCell:
			places := 6
			if s.columns[i].key == keyInclusion && cell.number < 1e-3 { // estimates divide by it
				places = 9
			}
			s.out.decimal(cell.number, places)
		default:
			s.out.empty()
		}
	}
	s.out.endRow()
	return s.out.err
}

func (s *csvSheet) close() error { return s.out.flush() }

// cp932Writer encodes what is written to it; each write holds whole
// characters.
type cp932Writer struct {
	w        io.Writer
	replaced *int
	buf      []byte
}

func (c *cp932Writer) Write(text []byte) (int, error) {
	var replaced int
	c.buf, replaced = encoding.AppendCP932(c.buf[:0], text)
	*c.replaced += replaced
	if _, err := c.w.Write(c.buf); err != nil {
		return 0, err
	}
	return len(text), nil
}
