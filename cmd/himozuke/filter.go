package main

import (
	"bufio"
	"encoding/json"
	"io"
)

// lineLimit is the longest line a filter reads.
const lineLimit = 1 << 20

// filter writes one JSON object per input line.
func filter(in io.Reader, out io.Writer, convert func(line string) (any, error)) error {
	lines := bufio.NewScanner(in)
	lines.Buffer(make([]byte, 64<<10), lineLimit)
	w := bufio.NewWriter(out)
	encoder := json.NewEncoder(w)
	encoder.SetEscapeHTML(false)
	for lines.Scan() {
		v, err := convert(lines.Text())
		if err != nil {
			return err
		}
		if err := encoder.Encode(v); err != nil {
			return err
		}
	}
	if err := w.Flush(); err != nil {
		return err
	}
	return lines.Err()
}
