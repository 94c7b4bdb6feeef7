package report

import (
	"encoding/csv"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strconv"

	"github.com/himozuke/himozuke/linkage"
)

// nextHeader is the contract of next.csv: the order of suspicion goes on below
// the review floor.
var nextHeader = []string{"case_id", "dataset", "record_id", "source_line", "number", "cause", "p_wrong"}

func (f *Folder) writeNextBest(list []linkage.NextBest) error {
	file, err := f.create(NextBestName)
	if err != nil {
		return err
	}
	w := newCSVWriter(file)
	w.header(nextHeader)
	for i := range list {
		n := &list[i]
		number, record := f.rows.number(n.Number), n.RecordID
		if record == n.Number {
			record = number // some files use the number as their key
		}
		w.text(n.CaseID)
		w.text(n.Dataset)
		w.text(record)
		w.integer(n.SourceLine)
		w.text(number)
		w.text(n.Cause.String())
		w.decimal(n.PWrong, 6)
		w.endRow()
	}
	return w.flush()
}

// readNextBest gives p_wrong by case; a folder without the file has none.
func readNextBest(dir string) (map[string]float64, error) {
	path := filepath.Join(dir, NextBestName)
	file, err := os.Open(path)
	if errors.Is(err, os.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, &Problem{Kind: ProblemFolderMissing, Path: path, Err: withoutPath(err)}
	}
	defer file.Close()
	rows := csv.NewReader(file)
	rows.ReuseRecord = true
	rows.FieldsPerRecord = len(nextHeader)
	list := map[string]float64{}
	for first := true; ; first = false {
		row, err := rows.Read()
		if errors.Is(err, io.EOF) {
			return list, nil
		}
		if err != nil {
			return nil, &Problem{Kind: ProblemFolderMissing, Path: path, Err: err}
		}
		if first {
			continue
		}
		if list[row[0]], err = strconv.ParseFloat(row[len(nextHeader)-1], 64); err != nil {
			return nil, &Problem{Kind: ProblemFolderMissing, Path: path, Err: err}
		}
	}
}
