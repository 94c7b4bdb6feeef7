package score

import "github.com/himozuke/himozuke/normalize"

// EditDistance is the least number of single codes to insert, delete or
// replace, or neighbours to exchange, that turns a into b, no code being
// edited twice (optimal string alignment), by the bit-parallel algorithm of
// Hyyrö (2003). [normalize.KanaWildcard] equals every code.
func EditDistance(a, b []byte) int {
	if len(a) > longest || len(b) > longest || hasKanaWildcard(a) || hasKanaWildcard(b) {
		return slowEditDistance(a, b, normalize.KanaWildcard)
	}
	for len(a) > 0 && len(b) > 0 && a[0] == b[0] {
		a, b = a[1:], b[1:]
	}
	for len(a) > 0 && len(b) > 0 && a[len(a)-1] == b[len(b)-1] {
		a, b = a[:len(a)-1], b[:len(b)-1]
	}
	if len(a) == 0 || len(b) == 0 {
		return len(a) + len(b)
	}
	column := newEditColumn(len(b))
	if len(b) <= 8 {
		word := loadKana(b)
		for _, code := range a {
			column.advance(kanaHits(word, code))
		}
		return column.distance
	}
	var words [longest / 8]uint64
	n := loadKanaWords(&words, b)
	for _, code := range a {
		column.advance(kanaWordHits(&words, n, code))
	}
	return column.distance
}

// EditDistanceKanji is [EditDistance] on kanji codes.
func EditDistanceKanji(a, b []uint16) int {
	if len(a) > longest || len(b) > longest || hasKanjiWildcard(a) || hasKanjiWildcard(b) {
		return slowEditDistance(a, b, normalize.KanjiWildcard)
	}
	for len(a) > 0 && len(b) > 0 && a[0] == b[0] {
		a, b = a[1:], b[1:]
	}
	for len(a) > 0 && len(b) > 0 && a[len(a)-1] == b[len(b)-1] {
		a, b = a[:len(a)-1], b[:len(b)-1]
	}
	if len(a) == 0 || len(b) == 0 {
		return len(a) + len(b)
	}
	column := newEditColumn(len(b))
	if len(b) <= 4 {
		word := loadKanji(b)
		for _, code := range a {
			column.advance(kanjiHits(word, code))
		}
		return column.distance
	}
	var words [longest / 4]uint64
	n := loadKanjiWords(&words, b)
	for _, code := range a {
		column.advance(kanjiWordHits(&words, n, code))
	}
	return column.distance
}

// editColumn is one column of the distance matrix as vertical differences of
// +1 and −1, one bit a row (Hyyrö's VP and VN; D0 marks zero diagonals).
type editColumn struct {
	plus, minus uint64
	diagonal    uint64
	lastHits    uint64
	bottom      uint // the row whose value is the distance
	distance    int
}

func newEditColumn(rows int) editColumn {
	return editColumn{plus: ^uint64(0), bottom: uint(rows-1) & 63, distance: rows}
}

// advance moves to the column of the next code of the other text; hits are
// the rows whose code equals it. Lanes past the text only reach higher bits.
func (c *editColumn) advance(hits uint64) {
	exchanged := ^c.diagonal & hits << 1 & c.lastHits
	c.diagonal = exchanged | ((hits&c.plus + c.plus) ^ c.plus) | hits | c.minus
	right := c.minus | ^(c.diagonal | c.plus)
	left := c.diagonal & c.plus
	c.distance += int(right>>c.bottom&1) - int(left>>c.bottom&1)
	right = right<<1 | 1
	c.plus = left<<1 | ^(c.diagonal | right)
	c.minus = right & c.diagonal
	c.lastHits = hits
}

// slowEditDistance serves what the bit sets do not: long texts and wildcards.
func slowEditDistance[T byte | uint16](a, b []T, wildcard T) int {
	same := func(x, y T) bool { return x == y || x == wildcard || y == wildcard }
	width := len(b) + 1
	rows := make([]int, 3*width)
	before, last, row := rows[:width], rows[width:2*width], rows[2*width:]
	for j := range last {
		last[j] = j
	}
	for i := range a {
		row[0] = i + 1
		for j := range b {
			cost := 1
			if same(a[i], b[j]) {
				cost = 0
			}
			row[j+1] = min(last[j]+cost, last[j+1]+1, row[j]+1)
			if i > 0 && j > 0 && same(a[i], b[j-1]) && same(a[i-1], b[j]) {
				row[j+1] = min(row[j+1], before[j-1]+1)
			}
		}
		before, last, row = last, row, before
	}
	return last[len(b)]
}
