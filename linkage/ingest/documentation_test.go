package ingest

import (
	"flag"
	"fmt"
	"os"
	"regexp"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write the lists of headings into docs/formats.md")

// The documentation must list what the code understands.
func TestDocumentationListsTheHeadings(t *testing.T) {
	const path = "../../docs/formats.md"
	was, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	text := string(was)
	for name, want := range map[string]string{
		"subjects":        codeList(subjects),
		"name or kana":    codeList(nameOrKana),
		"perhaps numbers": codeList(perhapsNumbers),
		"address parts":   groupList(addressParts),
		"address rests":   groupList(addressRests),
		"aliases":         aliasTable(),
	} {
		section := regexp.MustCompile(`(?s)(<!-- ` + name + ` -->).*?(<!-- end -->)`)
		if !section.MatchString(text) {
			t.Fatalf("%s has no section %q", path, name)
		}
		text = section.ReplaceAllString(text, "${1}"+strings.ReplaceAll(want, "$", "$$")+"${2}")
	}
	if text == string(was) {
		return
	}
	if !*update {
		t.Fatalf("%s does not list the headings that the code knows; run go test ./linkage/ingest -run Documentation -update", path)
	}
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

func codeList(words []string) string {
	return "`" + strings.Join(words, "`, `") + "`"
}

func groupList(groups [][]string) string {
	var lists []string
	for _, group := range groups {
		lists = append(lists, codeList(group))
	}
	return strings.Join(lists, "; ")
}

func aliasTable() string {
	short := map[Role]string{}
	for name, role := range shortRoleNames {
		short[role] = " (`" + name + "`)"
	}
	var b strings.Builder
	b.WriteString("\n| column (short name) | headings |\n|---|---|\n")
	for role := RoleOther + 1; role < Roles; role++ {
		fmt.Fprintf(&b, "| `%s`%s | %s |\n", role, short[role], codeList(aliases[role]))
	}
	return b.String()
}
