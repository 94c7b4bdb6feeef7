package ingest

// EstimateRows tells how many rows the file has, from the size of the first
// ones; 0 where that cannot be told, as in a compressed file.
func (s *Source) EstimateRows() int64 {
	if !s.plain() {
		return 0
	}
	c, closeFeed, err := s.newCutter()
	if err != nil {
		return 0
	}
	defer closeFeed()
	b, _, err := c.next(s.newBuffer())
	if err != nil && len(b.data) == 0 {
		return 0
	}
	size := int64(len(b.data))
	rows := int64(newSplitter(s).split(b).Rows())
	if size == 0 {
		return 0
	}
	return rows * (s.Bytes - s.origin) / size
}
