package gazetteer

import (
	"sort"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Town is a 町域 of the postal data.
type Town struct {
	name    uint32 // where its name stands in the file
	Chome   bool   // addresses here have 丁目
	Streets bool   // several places of the ward share the name; a street or the postal code tells
}

// Towns are the towns of one municipality.
type Towns struct {
	Trie    Trie
	Seed    uint64 // hash state that the towns' hashes start from
	Code    uint16 // of the municipality, as in Municipality
	twins   map[int]int
	streets map[streetKey]uint32
}

// streetKey is a street name in front of a town.
type streetKey struct {
	town   int
	street uint64
}

// TownValue is the value of an entry in Towns: the town, and what a reader of
// addresses must know of it.
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

// TownsOf gives the towns of a municipality by its index. They are made when
// they are asked for first: most commands see few municipalities or none.
func (g *Gazetteer) TownsOf(municipality int) *Towns {
	if t := g.towns[municipality].Load(); t != nil {
		return t
	}
	return g.makeTowns(municipality)
}

func (g *Gazetteer) makeTowns(municipality int) *Towns {
	g.making.Lock()
	defer g.making.Unlock()
	if t := g.towns[municipality].Load(); t != nil {
		return t
	}
	m := &g.Municipalities[municipality]
	t := &Towns{Code: m.Code, Seed: HashCode(hashSeed, m.Code)}
	g.builder.towns(t, m)
	g.towns[municipality].Store(t)
	return t
}

// Town is a town by its index.
func (g *Gazetteer) Town(town int) Town {
	g.TownsOf(sort.Search(len(g.Municipalities), func(i int) bool { return g.Municipalities[i].FirstTown > town }) - 1)
	return g.list[town]
}

// TownCount is the number of towns of the country.
func (g *Gazetteer) TownCount() int { return len(g.list) }

// TownName is the name of a town by its index.
func (g *Gazetteer) TownName(town int) string {
	name, _ := cut(g.text[g.Town(town).name:])
	return name
}

// TwinOf is the other town with the same folded name, where Twin says so.
func (t *Towns) TwinOf(town int) int { return t.twins[town] }

// ByStreet finds the postal code of the place of a town that a street name,
// given by its [HashStreet], tells. Zero is an unknown street.
func (t *Towns) ByStreet(town int, street uint64) uint32 {
	return t.streets[streetKey{town, street}]
}

// builder folds names and makes tries in memory that it uses again.
type builder struct {
	g       *Gazetteer
	trie    trieBuilder
	entries []entry
	arena   []uint16
}

// towns reads the lines of a municipality: a town each, and under it the
// streets of its places.
func (b *builder) towns(t *Towns, m *Municipality) {
	b.entries, b.arena = b.entries[:0], b.arena[:0]
	next := m.FirstTown
	for from := int(m.from); from < int(m.to); {
		end := from + strings.IndexByte(b.g.text[from:], '\n')
		line := b.g.text[from:end]
		if line[0] == '+' {
			postal, streets := cut(line[1:])
			b.streets(t, next-1, postal, streets)
		} else {
			name, rest := cut(line)
			flags, _ := cut(rest)
			b.g.list[next] = Town{name: uint32(from), Chome: flags == "c"}
			next++
			b.entries = append(b.entries, newEntry(b.fold(name), uint32(next)))
		}
		from = end + 1
	}
	for i := range b.entries {
		e := &b.entries[i]
		if town := b.g.list[e.value-1]; town.Chome {
			e.value |= uint32(chomeFlag)
		} else if town.Streets {
			e.value |= uint32(streetFlag)
		}
	}
	t.Trie = b.trie.build(b.entries)
	// Towns that the fold makes equal (日の出 and 日之出 of one municipality).
	for _, pair := range b.trie.twins {
		if t.twins == nil {
			t.twins = map[int]int{}
		}
		t.twins[TownValue(pair[0]).Town()] = TownValue(pair[1]).Town()
	}
}

// streets takes the street names of one of several places of a town.
func (b *builder) streets(t *Towns, town int, postal, names string) {
	code, _ := strconv.Atoi(postal)
	b.g.list[town].Streets = true
	if t.streets == nil {
		t.streets = map[streetKey]uint32{}
	}
	for name := range strings.SplitSeq(names, "、") {
		t.streets[streetKey{town, HashStreet(b.fold(name))}] = uint32(code)
	}
}

func cut(line string) (string, string) {
	for i := range len(line) {
		if line[i] == '\t' {
			return line[:i], line[i+1:]
		}
	}
	return line, ""
}

// fold gives the codes of a name, with numerals in kanji, in memory that stays
// valid until the builder starts on other names.
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
