package normalize

import "fmt"

// DateResult is one date as `normalize date` prints it.
type DateResult struct {
	Input     string   `json:"input"`
	ISO       string   `json:"iso"`       // 1980-03-01; parts that are not known are cut off
	Precision string   `json:"precision"` // day, month, year; empty when there is no year
	Calendar  string   `json:"calendar"`  // gregorian, meiji, taisho, showa, heisei, reiwa
	Notes     []string `json:"notes"`
}

// NormalizeDate reads one date and says what was seen. See [ParseDate].
func NormalizeDate(s string) DateResult {
	w := readDate([]byte(s))
	r := DateResult{Input: s, Notes: w.notes.Names()}
	if w.date != 0 || w.era != 0 {
		r.Calendar = w.era.String()
	}
	year, month, day := w.date.Year(), w.date.Month(), w.date.Day()
	switch {
	case year == 0:
	case month == 0:
		r.ISO, r.Precision = fmt.Sprintf("%04d", year), "year"
	case day == 0:
		r.ISO, r.Precision = fmt.Sprintf("%04d-%02d", year, month), "month"
	default:
		r.ISO, r.Precision = fmt.Sprintf("%04d-%02d-%02d", year, month, day), "day"
	}
	return r
}
