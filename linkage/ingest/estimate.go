package ingest

// EstimateRows tells how many rows the file has, from the size of the first
// ones; 0 where that cannot be told, as in a compressed file. A Parquet file
// says it itself.
func (s *Source) EstimateRows() int64 {
	if s.table != nil {
		rows := int64(0)
		for _, p := range s.table.parts() {
			rows += max(p.rows, 0)
		}
		return rows
	}
	if s.Compression != "" {
		return 0
	}
	c, closeFeed, err := s.newCutter()
	if err != nil {
		return 0
	}
	defer closeFeed()
	b, _, err := c.next(make([]byte, s.options.blockSize))
	if err != nil {
		return 0
	}
	batch := newSplitter(s).split(b)
	rows := int64(batch.Rows() + len(batch.Rejects))
	return rows * (s.Bytes - s.origin) / max(c.origin-b.origin, 1)
}
