package report

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io"
	"math"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"github.com/himozuke/himozuke/linkage"
	"github.com/himozuke/himozuke/linkage/ingest"
	"github.com/himozuke/himozuke/report/words"
)

func writeHTML(t testing.TB, audit *Audit, o HTMLOptions) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := audit.WriteHTML(&b, o); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestHTMLGolden(t *testing.T) {
	audit := sampleAudit(t)
	both(t, func(t *testing.T, l words.Lang) {
		for _, prefecture := range []string{"", "13"} {
			name := "report." + l.String() + ".html"
			if prefecture != "" {
				name = "report." + prefecture + "." + l.String() + ".html"
			}
			golden(t, name, writeHTML(t, audit, HTMLOptions{Lang: l, Prefecture: prefecture, Examples: 6}))
		}
	})
}

// The same database gives the same bytes, and so does the same run written
// anew under the same key.
func TestHTMLIsTheSameTwice(t *testing.T) {
	key := keyFile(t)
	var texts [][]byte
	for range 2 {
		findings := manyFindings(300, 7)
		audit := openFolder(t, writeFolder(t, FolderOptions{KeyFile: key}, sampleRun(findings...), findings))
		for range 2 {
			texts = append(texts, writeHTML(t, audit, HTMLOptions{Lang: words.Japanese, Examples: 6}))
		}
	}
	for i := range texts {
		if !bytes.Equal(texts[i], texts[0]) {
			t.Errorf("report %d is another", i)
		}
	}
}

// elements calls a function for each element of a page.
func elements(t *testing.T, text []byte, each func(*html.Node)) {
	t.Helper()
	root, err := html.Parse(bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	for n := range root.Descendants() {
		if n.Type == html.ElementNode {
			each(n)
		}
	}
}

func attribute(n *html.Node, name string) (string, bool) {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val, true
		}
	}
	return "", false
}

func TestHTMLNeedsNothingElse(t *testing.T) {
	audit := sampleAudit(t)
	both(t, func(t *testing.T, l words.Lang) {
		text := writeHTML(t, audit, HTMLOptions{Lang: l, Examples: 6})
		elements(t, text, func(n *html.Node) {
			switch n.Data {
			case "script", "link", "img", "iframe", "object", "embed", "form", "base", "use", "image":
				t.Errorf("<%s>", n.Data)
			}
			for _, a := range n.Attr {
				switch {
				case strings.HasPrefix(a.Key, "on"), a.Key == "style", a.Key == "src":
					t.Errorf("<%s %s>", n.Data, a.Key)
				case a.Key == "href" && !strings.HasPrefix(a.Val, "#"):
					t.Errorf("link to %s", a.Val)
				}
			}
		})
		if style := regexp.MustCompile(`(?s)<style>.*</style>`).Find(text); bytes.Contains(style, []byte("url(")) || bytes.Contains(style, []byte("@import")) {
			t.Error("the style sheet loads something")
		}
	})
}

func TestHTMLIsAccessible(t *testing.T) {
	audit := sampleAudit(t)
	both(t, func(t *testing.T, l words.Lang) {
		ids := map[string]bool{}
		var refs []string
		level, charts := 0, 0
		elements(t, writeHTML(t, audit, HTMLOptions{Lang: l, Examples: 6}), func(n *html.Node) {
			if id, ok := attribute(n, "id"); ok {
				if ids[id] {
					t.Errorf("id %s stands twice", id)
				}
				ids[id] = true
			}
			if href, ok := attribute(n, "href"); ok {
				refs = append(refs, strings.TrimPrefix(href, "#"))
			}
			if by, ok := attribute(n, "aria-labelledby"); ok {
				refs = append(refs, strings.Fields(by)...)
			}
			switch n.Data {
			case "html":
				if lang, _ := attribute(n, "lang"); lang != l.String() {
					t.Errorf("lang %q", lang)
				}
			case "h1", "h2", "h3", "h4":
				if at := int(n.Data[1] - '0'); at > level+1 {
					t.Errorf("%s after h%d", n.Data, level)
				} else {
					level = at
				}
			case "th":
				if _, ok := attribute(n, "scope"); !ok {
					t.Error("a header cell without a scope")
				}
			case "table":
				if n.FirstChild.NextSibling.Data != "caption" {
					t.Error("a table without a caption")
				}
			case "svg":
				charts++
			}
		})
		for _, ref := range refs {
			if !ids[ref] {
				t.Errorf("nothing has the id %s", ref)
			}
		}
		if charts < 5 {
			t.Errorf("%d charts", charts)
		}
	})
}

// What stands in the files of strangers stays text.
func TestHTMLEscapes(t *testing.T) {
	const hostile = `"><img src=x onerror=alert(1)><script>alert(2)</script></title></svg>`
	f := familyFinding()
	f.RecordID, f.Organization, f.Municipality = hostile, hostile, hostile
	f.Record.Fields[ingest.RoleName], f.Holder.Fields[ingest.RoleAddress] = hostile, hostile
	second := reviewFinding()
	second.Organization = hostile
	run := sampleRun(f, second)
	run.Inputs[1].Path = hostile
	run.Warnings = []linkage.Warning{{Kind: linkage.WarningModel, Dataset: hostile, Detail: hostile}}
	audit := openFolder(t, writeFolder(t, FolderOptions{KeyFile: keyFile(t)}, run, []*linkage.Finding{f, second}))
	for _, prefecture := range []string{"", "13"} {
		text := writeHTML(t, audit, HTMLOptions{Examples: 6, Prefecture: prefecture})
		if !bytes.Contains(text, []byte("onerror=alert")) {
			t.Error("the text is not on the page")
		}
		elements(t, text, func(n *html.Node) {
			if n.Data == "script" || n.Data == "img" {
				t.Errorf("<%s> came in", n.Data)
			}
		})
	}
}

// A report shows no number in full, whatever the database holds.
func TestHTMLMasksNumbers(t *testing.T) {
	for _, reveal := range []bool{false, true} {
		findings := sampleFindings()
		findings[2].RecordID = findings[2].Number // some files use the number as their key
		audit := openFolder(t, writeFolder(t, FolderOptions{KeyFile: keyFile(t), RevealNumbers: reveal}, sampleRun(findings...), findings))
		text := string(writeHTML(t, audit, HTMLOptions{Examples: 6}))
		for _, p := range []person{mother, child, sister} {
			if strings.Contains(text, p.number) {
				t.Errorf("reveal %v: number %s", reveal, p.number)
			}
		}
		if !strings.Contains(text, maskNumber(mother.number)) {
			t.Errorf("reveal %v: no masked number", reveal)
		}
	}
}

// What the run measured on itself is shown by cause, over the datasets.
func TestHTMLSelfCheck(t *testing.T) {
	run := sampleRun(sampleFindings()...)
	run.SelfCheck = &linkage.SelfCheck{
		Seeded: []linkage.SeededFaults{
			{Dataset: "medical", Cause: linkage.Family, Planted: 1100, Traced: 1050, Mislinked: 1000, Review: 29},
			{Dataset: "bank", Cause: linkage.Family, Planted: 900, Traced: 850, Mislinked: 800, Review: 21},
		},
		Decoys: linkage.DecoyCheck{Decoys: 4321, Named: 1, People: 10_000, Listed: 77},
	}
	audit := openFolder(t, writeFolder(t, FolderOptions{KeyFile: keyFile(t)}, run, sampleFindings()))
	both(t, func(t *testing.T, l words.Lang) {
		text := string(writeHTML(t, audit, HTMLOptions{Lang: l}))
		for _, want := range []string{"2,000", "1,900", share(1850, 1900).text(), share(1850, 1900).interval(l), share(1800, 1900).text(), "4,321"} {
			if !strings.Contains(text, want) {
				t.Errorf("%s is not on the page", want)
			}
		}
	})
	if text := string(writeHTML(t, sampleAudit(t), HTMLOptions{})); strings.Contains(text, htmlTexts["self-check"].EN) {
		t.Error("a run without a self-check shows one")
	}
}

func TestHTMLWithoutExamplesHoldsNoPerson(t *testing.T) {
	text := string(writeHTML(t, sampleAudit(t), HTMLOptions{Lang: words.Japanese}))
	for _, personal := range []string{"山田", "ヤマダ", "1980-04-02", "千代田", "R000001", "B000007", "********", `id="cases"`, htmlTexts["personal"].JA} {
		if strings.Contains(text, personal) {
			t.Errorf("%s is on the page", personal)
		}
	}
}

func TestHTMLKeepsToItsScope(t *testing.T) {
	audit := sampleAudit(t)
	text := string(writeHTML(t, audit, HTMLOptions{Prefecture: "27", Examples: 6}))
	if strings.Contains(text, "c0ffee") || strings.Contains(text, "13101") || !strings.Contains(text, "27100") {
		t.Error("the report of 27 shows others or not its own")
	}
	text = string(writeHTML(t, audit, HTMLOptions{Dataset: "bank", Examples: 6}))
	if strings.Contains(text, "c0ffee0000000001") || strings.Contains(text, "06130012") {
		t.Error("the report of bank shows medical")
	}
}

// An audit that found nothing still makes a report.
func TestHTMLOfNothing(t *testing.T) {
	audit := openFolder(t, writeFolder(t, FolderOptions{KeyFile: keyFile(t)}, sampleRun(), nil))
	both(t, func(t *testing.T, l words.Lang) {
		text := string(writeHTML(t, audit, HTMLOptions{Lang: l, Examples: 6}))
		if strings.Contains(text, "NaN") || strings.Contains(text, "Inf") {
			t.Error("a figure is no number")
		}
		if !strings.Contains(text, "200,000") {
			t.Error("the links are not counted")
		}
	})
}

// Each text that code or template names is there, and none lies idle.
func TestHTMLTexts(t *testing.T) {
	used := map[string]bool{}
	for _, m := range regexp.MustCompile(`say "([^"]+)"`).FindAllStringSubmatch(htmlTemplate, -1) {
		used[m[1]] = true
	}
	paths, _ := filepath.Glob("html*.go")
	for _, path := range paths {
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(file, func(n ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			if !ok {
				return true
			}
			if f, ok := call.Fun.(*ast.SelectorExpr); ok && f.Sel.Name == "text" && len(call.Args) == 1 {
				switch arg := call.Args[0].(type) {
				case *ast.BasicLit:
					key, _ := strconv.Unquote(arg.Value)
					used[key] = true
				case *ast.BinaryExpr: // "mark " + class
					for _, class := range markClasses {
						used["mark "+class] = true
					}
				}
			}
			return true
		})
	}
	for key := range used {
		if _, ok := htmlTexts[key]; !ok {
			t.Errorf("no text %q", key)
		}
	}
	for key := range htmlTexts {
		if !used[key] {
			t.Errorf("nobody says %q", key)
		}
	}
}

// Text keeps a contrast of 4.5 to 1 (WCAG 2, level AA) on what is under it.
func TestHTMLContrast(t *testing.T) {
	style, err := os.ReadFile("html/style.css")
	if err != nil {
		t.Fatal(err)
	}
	colour := func(pattern string) string {
		m := regexp.MustCompile(pattern + `(#[0-9a-f]{3,6})`).FindSubmatch(style)
		if m == nil {
			t.Fatalf("no colour %s", pattern)
		}
		return string(m[1])
	}
	variable := func(name string) string { return colour("--" + name + ": ") }
	paper := variable("paper")
	pairs := [][2]string{{"#fff", colour(`svg \.s4 \{ fill: `)}, {"#fff", colour(`svg \.s5 \{ fill: `)}}
	for _, ink := range []string{"ink", "soft", "accent", "mislinked", "review"} {
		pairs = append(pairs, [2]string{variable(ink), paper}, [2]string{variable(ink), variable("wash")}, [2]string{variable(ink), "#fdf2f1"})
	}
	for i := range 4 {
		pairs = append(pairs, [2]string{variable("ink"), colour(fmt.Sprintf(`svg \.s%d \{ fill: `, i))})
	}
	for _, pair := range pairs {
		if ratio := contrast(t, pair[0], pair[1]); ratio < 4.5 {
			t.Errorf("%s on %s: %.2f", pair[0], pair[1], ratio)
		}
	}
}

func contrast(t *testing.T, a, b string) float64 {
	x, y := luminance(t, a), luminance(t, b)
	return (max(x, y) + 0.05) / (min(x, y) + 0.05)
}

func luminance(t *testing.T, colour string) float64 {
	hex := colour[1:]
	if len(hex) == 3 {
		hex = string([]byte{hex[0], hex[0], hex[1], hex[1], hex[2], hex[2]})
	}
	sum := 0.0
	for i, weight := range []float64{0.2126, 0.7152, 0.0722} {
		n, err := strconv.ParseUint(hex[2*i:2*i+2], 16, 8)
		if err != nil {
			t.Fatal(err)
		}
		c := float64(n) / 255
		if c <= 0.04045 {
			c /= 12.92
		} else {
			c = math.Pow((c+0.055)/1.055, 2.4)
		}
		sum += weight * c
	}
	return sum
}

// Every prefecture has a tile of its own.
func TestTilePlaces(t *testing.T) {
	for i, a := range tilePlaces {
		for j, b := range tilePlaces[:i] {
			if math.Abs(a[0]-b[0]) < 0.99 && math.Abs(a[1]-b[1]) < 0.99 {
				t.Errorf("%02d lies on %02d", i+1, j+1)
			}
		}
	}
}

// What an HTML report asks of a big database comes from the index alone, or is
// looked up in it.
func TestHTMLQueriesUseTheIndex(t *testing.T) {
	db := openSQL(t, filepath.Join(writeFolder(t, FolderOptions{}, sampleRun(), nil), AuditFileName))
	for query, want := range map[string]string{
		spreadQuery("13"): "COVERING INDEX findings_by_scope (run_id=? AND prefecture=?)",
		spreadQuery(""):   "COVERING INDEX findings_by_scope (run_id=? AND prefecture>?)",
		strongestQuery:    "COVERING INDEX findings_by_scope (run_id=? AND prefecture=? AND verdict=? AND cause=?)",
	} {
		rows, err := db.Query("EXPLAIN QUERY PLAN "+query, 1, "13", "")
		if err != nil {
			t.Fatal(err)
		}
		plan := ""
		for rows.Next() {
			var id, parent, unused int
			var detail string
			if err := rows.Scan(&id, &parent, &unused, &detail); err != nil {
				t.Fatal(err)
			}
			plan += detail + "\n"
		}
		rows.Close()
		if !strings.Contains(plan, want) {
			t.Errorf("%s:\n%s", query, plan)
		}
	}
}

// What a prefecture waits for.
func BenchmarkHTML(b *testing.B) {
	findings := manyFindings(benchFindings(20_000), 5)
	dir := filepath.Join(b.TempDir(), "out")
	if err := tryFolder(dir, FolderOptions{}, sampleRun(), findings); err != nil {
		b.Fatal(err)
	}
	audit, err := OpenAudit(dir)
	if err != nil {
		b.Fatal(err)
	}
	defer audit.Close()
	for b.Loop() {
		if err := audit.WriteHTML(io.Discard, HTMLOptions{Prefecture: "13", Examples: 6}); err != nil {
			b.Fatal(err)
		}
	}
}

func TestHTMLCalibration(t *testing.T) {
	r := &reviews{newNights(t)}
	r.audit(sampleFindings()...)
	audit := openFolder(t, r.database)
	both(t, func(t *testing.T, l words.Lang) {
		if page := string(writeHTML(t, audit, HTMLOptions{Lang: l})); !strings.Contains(page, htmlTexts["calibration none"].In(l)) {
			t.Error("a report without decisions does not say why it has no calibration")
		}
	})
	r.take(ImportOptions{}, familyCase+" mislinked sato", reviewCase+" correct sato")
	audit = openFolder(t, r.database)
	both(t, func(t *testing.T, l words.Lang) {
		caption := "<caption>" + strings.Trim(bandsTitle.In(l), "【】")
		if page := string(writeHTML(t, audit, HTMLOptions{Lang: l})); !strings.Contains(page, caption) {
			t.Error("no calibration")
		}
		if page := string(writeHTML(t, audit, HTMLOptions{Lang: l, Prefecture: "13"})); strings.Contains(page, caption) {
			t.Error("the calibration of the whole run is in the report of a prefecture")
		}
	})
}
