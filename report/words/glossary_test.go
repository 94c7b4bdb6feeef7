package words

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"sort"
	"strings"
	"testing"

	"github.com/himozuke/himozuke/linkage"
	"github.com/himozuke/himozuke/linkage/ingest"
	"github.com/himozuke/himozuke/score"
)

var update = flag.Bool("update", false, "write the tables of docs/glossary.md anew")

// The tables of docs/glossary.md are what the program says.
func TestGlossary(t *testing.T) {
	path := filepath.Join(moduleRoot(t), "docs", "glossary.md")
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	document := string(text)
	for name, rows := range glossaryTables() {
		begin, end := "<!-- "+name+" -->\n", "<!-- end -->"
		before, rest, found := strings.Cut(document, begin)
		if !found {
			t.Errorf("no table %s", name)
			continue
		}
		table, after, _ := strings.Cut(rest, end)
		if *update {
			document = before + begin + rows + end + after
		} else if table != rows {
			t.Errorf("the table of %s is not what the program says (go test ./report/words -update writes it anew)", name)
		}
	}
	if *update {
		if err := os.WriteFile(path, []byte(document), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

func glossaryTables() map[string]string {
	var verdicts, causes, levels, codes, reasons, classes strings.Builder
	for _, b := range []*strings.Builder{&verdicts, &causes} {
		b.WriteString("| word | English | 日本語 | meaning | 意味 |\n|---|---|---|---|---|\n")
	}
	for _, b := range []*strings.Builder{&levels, &codes, &reasons, &classes} {
		b.WriteString("| word | English | 日本語 |\n|---|---|---|\n")
	}
	row := func(b *strings.Builder, word string, texts ...Text) {
		fmt.Fprintf(b, "| `%s` |", word)
		for _, text := range texts {
			fmt.Fprintf(b, " %s | %s |", text.EN, text.JA)
		}
		b.WriteByte('\n')
	}
	for v := linkage.Verified; v < linkage.Verdicts; v++ {
		row(&verdicts, v.String(), Verdict(v), VerdictMeaning(v))
	}
	for c := linkage.NoCause + 1; c < linkage.Causes; c++ {
		row(&causes, c.String(), Cause(c), CauseMeaning(c))
	}
	for l := score.Unknown; l <= score.Different; l++ {
		row(&levels, l.String(), Level(l))
	}
	list := DifferenceCodes()
	sort.Strings(list)
	for _, code := range list {
		row(&codes, code, Difference(code))
	}
	for r := ingest.ReasonFieldCount; r <= ingest.ReasonSharedNumber; r++ {
		row(&reasons, RejectReasonWord(r), RejectReason(r))
	}
	for _, class := range []string{"critical", "high", "medium", "clear"} {
		row(&classes, class, RuleClass(class))
	}
	return map[string]string{
		"verdicts": verdicts.String(), "causes": causes.String(), "levels": levels.String(),
		"differences": codes.String(), "reasons": reasons.String(), "classes": classes.String(),
	}
}
