package gazetteer

import (
	"bytes"
	"compress/gzip"
	_ "embed"
	"io"
	"strconv"
	"strings"
	"sync"
	"unicode/utf8"
)

//go:embed gazetteer.tsv.gz
var packed []byte

// Gazetteer is the unpacked data. It does not change after loading.
type Gazetteer struct {
	Fold           *FoldTable
	Municipalities []Municipality
	Towns          []Town
	Places         Trie     // municipalities, with and without county and city
	PlacesRoots    [48]Node // by prefecture; 0 is the whole country
	Prefectures    Trie     // 東京都, 東京
	PrefectureRoot Node
	TownTrie       Trie
	candidates     []uint16 // indices of municipalities, runs behind their length
	byCode         [48 * 1000]uint16
	postal         postalIndex
	streets        map[streetKey]uint32
	twins          map[int]int
	text           string // the unpacked file
}

// streetKey is a street name in front of a town.
type streetKey struct {
	town   uint32
	street uint64
}

// Municipality is a city, town, village or ward.
type Municipality struct {
	Seed                           uint64 // hash state that its towns' hashes start from
	Root                           Node   // of its towns in TownTrie
	Code                           uint16 // JIS X 0402 without check digit
	Prefecture, County, City, Ward string
	FirstTown, TownCount           int
	postal                         uint32
}

// Town is a 町域 of the postal data.
type Town struct {
	name    uint32 // where its name stands in the file
	Chome   bool   // addresses here have 丁目
	Streets bool   // several places of the ward share the name; a street or the postal code tells
}

// TownValue is the value of an entry in TownTrie: the town, and what a reader
// of addresses must know of it.
type TownValue uint32

const (
	townBits             = 1<<24 - 1
	chomeFlag  TownValue = 1 << 24
	streetFlag TownValue = 1 << 25
	twinFlag   TownValue = 1 << 26
)

// Town is the index of the town.
func (v TownValue) Town() int { return int(v&townBits) - 1 }

// Chome reports whether addresses of the town have 丁目.
func (v TownValue) Chome() bool { return v&chomeFlag != 0 }

// Streets reports whether the town is several places that share the name.
func (v TownValue) Streets() bool { return v&streetFlag != 0 }

// Twin reports whether another town of the municipality has the same folded
// name.
func (v TownValue) Twin() bool { return v&twinFlag != 0 }

var load = sync.OnceValue(unpack)

// Load returns the gazetteer, unpacked at the first call.
func Load() *Gazetteer { return load() }

const unpackedSize = 2 << 20 // about

func unpack() *Gazetteer {
	z, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		panic("gazetteer: embedded data is damaged: " + err.Error())
	}
	var text strings.Builder
	text.Grow(unpackedSize)
	if _, err := io.Copy(&text, z); err != nil {
		panic("gazetteer: embedded data is damaged: " + err.Error())
	}
	b := newBuilder(text.String())
	b.read()
	b.placesTrie()
	b.prefectureTrie()
	return b.g
}

type builder struct {
	g       *Gazetteer
	text    string
	entries []entry
	arena   []uint16
	queue   []span
	postal  []uint64
}

func newBuilder(text string) *builder {
	g := &Gazetteer{Fold: newFoldTable(), streets: map[streetKey]uint32{}, text: text}
	g.Municipalities = make([]Municipality, 1, 2000) // 0 is none
	g.Towns = make([]Town, 0, 130_000)
	const nodes = 200_000
	g.TownTrie = Trie{labels: make([]uint16, 0, nodes), nodes: make([]trieNode, 0, nodes), tails: make([]uint16, 0, 4*nodes)}
	return &builder{g: g, text: text, postal: make([]uint64, 0, 130_000)}
}

// read goes through the lines: a municipality, then its towns.
func (b *builder) read() {
	postal := 0
	for len(b.text) > 0 {
		if b.text[0] == '=' {
			b.finishTowns()
			b.text = b.text[1:]
			m := Municipality{FirstTown: len(b.g.Towns)}
			code, _ := strconv.Atoi(b.field())
			m.Code = uint16(code)
			m.Prefecture, m.County, m.City, m.Ward = b.field(), b.field(), b.field(), b.field()
			postal, _ = strconv.Atoi(b.field())
			m.postal = uint32(postal)
			m.Seed = HashCode(hashSeed, m.Code)
			b.g.byCode[m.Code] = uint16(len(b.g.Municipalities))
			b.g.Municipalities = append(b.g.Municipalities, m)
			if postal != 0 {
				b.postal = append(b.postal, postalPair(postal, len(b.g.Municipalities)-1))
			}
			continue
		}
		if b.text[0] == '+' {
			b.text = b.text[1:]
			code, _ := strconv.Atoi(b.field())
			b.streets(uint32(code), b.field())
			continue
		}
		postal = b.town(postal)
	}
	b.finishTowns()
	b.noteTwins()
	b.g.postal = newPostalIndex(b.postal)
}

// field takes the next field of a line; the last ends with the line.
func (b *builder) field() string {
	for i := range len(b.text) {
		if c := b.text[i]; c == '\t' || c == '\n' {
			f := b.text[:i]
			b.text = b.text[i+1:]
			return f
		}
	}
	f := b.text
	b.text = ""
	return f
}

func (b *builder) town(postal int) int {
	t := Town{name: uint32(len(b.g.text) - len(b.text))}
	end := 0
	for b.text[end] != '\n' {
		end++
	}
	line := b.text[:end]
	b.text = b.text[end+1:]
	name, line := cut(line)
	flags, line := cut(line)
	t.Chome = flags == "c"
	m := uint16(len(b.g.Municipalities) - 1)
	for line != "" {
		var f string
		f, line = cut(line)
		d, _ := strconv.Atoi(f)
		postal += d
		b.postal = append(b.postal, postalPair(postal, int(m)))
	}
	codes := b.fold(name)
	b.g.Towns = append(b.g.Towns, t)
	b.entries = append(b.entries, newEntry(codes, uint32(len(b.g.Towns))))
	return postal
}

// streets takes the street names of one of several places of the last town.
func (b *builder) streets(postal uint32, list string) {
	town := len(b.g.Towns) - 1
	b.g.Towns[town].Streets = true
	for _, name := range strings.Split(list, "、") {
		b.g.streets[streetKey{uint32(town), HashStreet(b.fold(name))}] = postal
	}
}

// ByStreet finds the postal code of the place of a town that a street name,
// given by its [HashStreet], tells. Zero is an unknown street.
func (g *Gazetteer) ByStreet(town int, street uint64) uint32 {
	return g.streets[streetKey{uint32(town), street}]
}

func cut(line string) (string, string) {
	for i := range len(line) {
		if line[i] == '\t' {
			return line[:i], line[i+1:]
		}
	}
	return line, ""
}

func (b *builder) finishTowns() {
	last := len(b.g.Municipalities) - 1
	if last == 0 {
		return
	}
	m := &b.g.Municipalities[last]
	m.TownCount = len(b.g.Towns) - m.FirstTown
	for i := range b.entries {
		e := &b.entries[i]
		if town := b.g.Towns[e.value-1]; town.Chome {
			e.value |= uint32(chomeFlag)
		} else if town.Streets {
			e.value |= uint32(streetFlag)
		}
	}
	m.Root, b.queue = b.g.TownTrie.addRoot(b.entries, b.queue)
	b.entries = b.entries[:0]
	b.arena = nil
}

// noteTwins keeps the towns that the fold makes equal (日の出 and 日之出 of one
// municipality).
func (b *builder) noteTwins() {
	g := b.g
	g.twins = map[int]int{}
	for _, pair := range g.TownTrie.twins {
		kept, other := TownValue(pair[0]).Town(), TownValue(pair[1]).Town()
		g.twins[kept] = other
	}
}

// TwinOf is the other town with the same folded name, where Twin says so.
func (g *Gazetteer) TwinOf(town int) int { return g.twins[town] }

// fold gives the codes of a name, with numerals in kanji, in memory that stays
// valid until the municipality is finished.
func (b *builder) fold(name string) []uint16 {
	if cap(b.arena)-len(b.arena) < 4*len(name) {
		b.arena = make([]uint16, 0, 8192)
	}
	from := len(b.arena)
	for i := 0; i < len(name); {
		r, size := utf8.DecodeRuneInString(name[i:])
		i += size
		if r > 0xFFFF {
			b.arena = append(b.arena, Astral(r))
			continue
		}
		code := b.g.Fold[r]
		if code >= '0' && code <= '9' {
			v := int(code - '0')
			for i < len(name) {
				r, size := utf8.DecodeRuneInString(name[i:])
				if r > 0xFFFF || b.g.Fold[r] < '0' || b.g.Fold[r] > '9' {
					break
				}
				v = v*10 + int(b.g.Fold[r]-'0')
				i += size
			}
			b.arena = AppendNumeral(b.arena, v)
			continue
		}
		if code != Drop {
			b.arena = append(b.arena, code)
		}
	}
	return b.arena[from:len(b.arena):len(b.arena)]
}

// AppendNumeral writes a number below 10,000 in kanji: 24 is 二十四.
func AppendNumeral(dst []uint16, v int) []uint16 {
	if v == 0 {
		return append(dst, '〇')
	}
	for _, unit := range [...]struct {
		value int
		sign  uint16
	}{{1000, '千'}, {100, '百'}, {10, '十'}} {
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

var numerals = [10]uint16{'〇', '一', '二', '三', '四', '五', '六', '七', '八', '九'}

// TownName is the name of a town by its index.
func (g *Gazetteer) TownName(town int) string {
	name, _ := cut(g.text[g.Towns[town].name:])
	return name
}

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
