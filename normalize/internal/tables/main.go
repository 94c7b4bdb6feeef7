// Command tables writes the character tables of package normalize from the
// Unicode Character Database, from the public-domain SKK dictionary of variant
// characters and from the reviewed rows in sources. Run it with go generate in
// package normalize; sources/README.md says where the inputs come from.
package main

import (
	"flag"
	"log"
)

func main() {
	log.SetFlags(0)
	log.SetPrefix("tables: ")
	unicode := flag.String("unicode", "", "folder of the Unicode Character Database, with Unihan_*.txt.bz2")
	itaiji := flag.String("itaiji", "", "SKK-JISYO.itaiji (EUC-JP)")
	sources := flag.String("sources", "internal/tables/sources", "folder of the reviewed rows")
	out := flag.String("out", "kanji_tables.go", "Go file to write")
	report := flag.Bool("report", false, "print what was decided and why, for review")
	flag.Parse()

	ucd, err := readUCD(*unicode)
	if err != nil {
		log.Fatal(err)
	}
	skk, err := readItaiji(*itaiji)
	if err != nil {
		log.Fatal(err)
	}
	rows, err := readRows(*sources)
	if err != nil {
		log.Fatal(err)
	}
	t := decide(ucd, skk, rows)
	if *report {
		t.print()
	}
	if err := t.write(*out); err != nil {
		log.Fatal(err)
	}
}
