// Command surnames writes the list of Japanese surnames and their readings
// that the tests of package normalize count false merges over. It reads
// Noun.name.csv of IPADIC (Debian package mecab-ipadic, EUC-JP).
package main

import (
	"compress/gzip"
	"encoding/csv"
	"flag"
	"fmt"
	"log"
	"os"
	"slices"
	"strings"

	"golang.org/x/text/encoding/japanese"
)

func main() {
	log.SetFlags(0)
	log.SetPrefix("surnames: ")
	in := flag.String("in", "", "Noun.name.csv of IPADIC")
	out := flag.String("out", "testdata/surnames/ipadic.tsv.gz", "file to write")
	flag.Parse()
	if err := run(*in, *out); err != nil {
		log.Fatal(err)
	}
}

func run(in, out string) error {
	file, err := os.Open(in)
	if err != nil {
		return err
	}
	defer file.Close()
	rows := csv.NewReader(japanese.EUCJP.NewDecoder().Reader(file))
	rows.FieldsPerRecord = -1
	records, err := rows.ReadAll()
	if err != nil {
		return err
	}
	readings := map[string][]string{}
	for _, r := range records {
		if len(r) > 11 && r[7] == "姓" && !slices.Contains(readings[r[0]], r[11]) {
			readings[r[0]] = append(readings[r[0]], r[11])
		}
	}
	names := make([]string, 0, len(readings))
	for name := range readings {
		names = append(names, name)
	}
	slices.Sort(names)
	var text strings.Builder
	for _, name := range names {
		slices.Sort(readings[name])
		fmt.Fprintf(&text, "%s\t%s\n", name, strings.Join(readings[name], " "))
	}
	written, err := os.Create(out)
	if err != nil {
		return err
	}
	zip, err := gzip.NewWriterLevel(written, gzip.BestCompression)
	if err != nil {
		return err
	}
	if _, err := zip.Write([]byte(text.String())); err != nil {
		return err
	}
	if err := zip.Close(); err != nil {
		return err
	}
	return written.Close()
}
