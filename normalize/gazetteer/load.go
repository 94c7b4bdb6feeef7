package gazetteer

import (
	_ "embed"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/klauspost/compress/zstd"
)

//go:embed gazetteer.tsv.zst
var packed []byte

// Gazetteer is the unpacked data. What it says does not change after loading.
type Gazetteer struct {
	Fold           *FoldTable
	Municipalities []Municipality
	Places         [48]Trie // municipalities, with and without county and city, by prefecture; 0 is the whole country
	Prefectures    Trie     // 東京都, 東京
	candidates     []uint16 // indices of municipalities, runs behind their length
	byCode         [48 * 1000]uint16
	postal         func() *postalIndex
	text           string // the unpacked file

	towns   []atomic.Pointer[Towns] // by municipality
	list    []Town                  // of the country; those of a municipality are there when its Towns are
	making  sync.Mutex
	builder builder // behind making
}

// Municipality is a city, town, village or ward.
type Municipality struct {
	Code                           uint16 // JIS X 0402 without check digit
	Prefecture, County, City, Ward string
	FirstTown, TownCount           int
	postal                         uint32
	from, to                       uint32 // its towns in the file
}

var load = sync.OnceValue(unpack)

// Load returns the gazetteer, unpacked at the first call.
func Load() *Gazetteer { return load() }

const unpackedSize = 3 << 20 // at most

func unpack() *Gazetteer {
	z, err := zstd.NewReader(nil, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxMemory(unpackedSize))
	if err != nil {
		panic("gazetteer: " + err.Error())
	}
	defer z.Close()
	text, err := z.DecodeAll(packed, nil)
	if err != nil {
		panic("gazetteer: embedded data is damaged: " + err.Error())
	}
	g := &Gazetteer{Fold: newFoldTable(), text: string(text)}
	g.postal = sync.OnceValue(g.postalIndex)
	g.builder.g = g
	g.readMunicipalities()
	b := &builder{g: g}
	b.places()
	b.prefectures()
	return g
}

// readMunicipalities goes from one line of a municipality to the next and
// counts the towns between.
func (g *Gazetteer) readMunicipalities() {
	g.Municipalities = make([]Municipality, 1, 2000) // 0 is none
	towns := 0
	for at := 0; at < len(g.text); {
		end := at + strings.IndexByte(g.text[at:], '\n')
		m := readMunicipality(g.text[at+1 : end])
		m.from, m.FirstTown = uint32(end+1), towns
		at = len(g.text)
		if next := strings.IndexByte(g.text[end:], '='); next >= 0 {
			at = end + next
		}
		m.to = uint32(at)
		m.TownCount = countTowns(g.text[m.from:m.to])
		towns += m.TownCount
		g.byCode[m.Code] = uint16(len(g.Municipalities))
		g.Municipalities = append(g.Municipalities, m)
	}
	g.list = make([]Town, towns)
	g.towns = make([]atomic.Pointer[Towns], len(g.Municipalities))
}

func readMunicipality(line string) (m Municipality) {
	field := func() (f string) {
		f, line = cut(line)
		return f
	}
	code, _ := strconv.Atoi(field())
	m.Code = uint16(code)
	m.Prefecture, m.County, m.City, m.Ward = field(), field(), field(), field()
	postal, _ := strconv.Atoi(field())
	m.postal = uint32(postal)
	return m
}

func countTowns(lines string) int {
	n := strings.Count(lines, "\n")
	if strings.IndexByte(lines, '+') >= 0 {
		n -= strings.Count(lines, "\n+") // the first line is a town
	}
	return n
}

// AppendNumeral writes a number below 10,000 in kanji: 24 is 二十四.
func AppendNumeral(dst []uint16, v int) []uint16 {
	if v == 0 {
		return append(dst, '〇')
	}
	for _, unit := range numeralUnits {
		if d := v / unit.value % 10; d > 0 {
			if d > 1 {
				dst = append(dst, numerals[d])
			}
			dst = append(dst, unit.sign)
		}
	}
	if d := v % 10; d > 0 {
		dst = append(dst, numerals[d])
	}
	return dst
}

var numeralUnits = [...]struct {
	value int
	sign  uint16
}{{1000, '千'}, {100, '百'}, {10, '十'}}

var numerals = [10]uint16{'〇', '一', '二', '三', '四', '五', '六', '七', '八', '九'}

// ByCode finds a municipality by its JIS code; 0 is none.
func (g *Gazetteer) ByCode(code uint16) int {
	if int(code) >= len(g.byCode) {
		return 0
	}
	return int(g.byCode[code])
}

// Candidates lists the municipalities that a value of Places may mean. One
// alone is put into the memory that is lent.
func (g *Gazetteer) Candidates(value uint32, lent *[1]uint16) []uint16 {
	if value&onlyCandidate != 0 {
		lent[0] = uint16(value)
		return lent[:]
	}
	n := uint32(g.candidates[value])
	return g.candidates[value+1 : value+1+n]
}
