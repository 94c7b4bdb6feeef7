package words

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"unicode"
)

// Every Text of the program is said in both languages, with verbs that take
// the same arguments.
func TestEveryTextOfTheTree(t *testing.T) {
	root := moduleRoot(t)
	found := 0
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() {
			if name := d.Name(); path != root && (strings.HasPrefix(name, ".") || name == "testdata" || name == "vendor") {
				return filepath.SkipDir
			}
			return nil
		}
		if !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return nil
		}
		files := token.NewFileSet()
		file, err := parser.ParseFile(files, path, nil, parser.SkipObjectResolution)
		if err != nil {
			return nil // for the compiler to complain about
		}
		for _, text := range textsOf(file) {
			found++
			for _, complaint := range text.complaints() {
				t.Errorf("%s: %s", files.Position(text.at), complaint)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if found < 300 {
		t.Errorf("only %d texts found: the search is broken", found)
	}
}

func moduleRoot(t *testing.T) string {
	t.Helper()
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir
		}
		parent := filepath.Dir(dir)
		if parent == dir {
			t.Fatal("no go.mod above the test")
		}
		dir = parent
	}
}

// literal is one Text as written. A side that is no constant is not known.
type literal struct {
	at         token.Pos
	sides      int
	en, ja     string
	enIs, jaIs bool
}

// textsOf finds the composite literals of type Text, also those whose type is
// said by the map or slice around them.
func textsOf(file *ast.File) []literal {
	name := "Text"
	if file.Name.Name != "words" {
		name = ""
		for _, spec := range file.Imports {
			if path, _ := strconv.Unquote(spec.Path.Value); strings.HasSuffix(path, "/report/words") {
				name = "words.Text"
				if spec.Name != nil {
					name = spec.Name.Name + ".Text"
				}
			}
		}
		if name == "" {
			return nil
		}
	}
	var list []literal
	var walk func(n ast.Node, elided string)
	walk = func(n ast.Node, elided string) {
		ast.Inspect(n, func(n ast.Node) bool {
			c, ok := n.(*ast.CompositeLit)
			if !ok {
				return true
			}
			kind := elided
			if c.Type != nil {
				kind = typeName(c.Type)
			}
			if kind == name {
				list = append(list, readLiteral(c))
				return false
			}
			element := elementName(c.Type)
			for _, e := range c.Elts {
				if pair, ok := e.(*ast.KeyValueExpr); ok {
					e = pair.Value
				}
				walk(e, element)
			}
			return false
		})
	}
	walk(file, "")
	return list
}

func typeName(e ast.Expr) string {
	switch e := e.(type) {
	case *ast.Ident:
		return e.Name
	case *ast.SelectorExpr:
		return typeName(e.X) + "." + e.Sel.Name
	}
	return ""
}

func elementName(e ast.Expr) string {
	switch e := e.(type) {
	case *ast.ArrayType:
		return typeName(e.Elt)
	case *ast.MapType:
		return typeName(e.Value)
	}
	return ""
}

func readLiteral(c *ast.CompositeLit) literal {
	l := literal{at: c.Pos(), sides: len(c.Elts)}
	for i, e := range c.Elts {
		english := i == 0
		if pair, ok := e.(*ast.KeyValueExpr); ok {
			english = typeName(pair.Key) == "EN"
			e = pair.Value
		}
		text, ok := constant(e)
		if english {
			l.en, l.enIs = text, ok
		} else {
			l.ja, l.jaIs = text, ok
		}
	}
	return l
}

func constant(e ast.Expr) (string, bool) {
	switch e := e.(type) {
	case *ast.BasicLit:
		if e.Kind == token.STRING {
			s, err := strconv.Unquote(e.Value)
			return s, err == nil
		}
	case *ast.BinaryExpr:
		a, okA := constant(e.X)
		b, okB := constant(e.Y)
		return a + b, okA && okB && e.Op == token.ADD
	case *ast.ParenExpr:
		return constant(e.X)
	}
	return "", false
}

var (
	verb    = regexp.MustCompile(`%([-+#0]*)(?:\[(\d+)\])?(\*|\d+)?(?:\.(\*|\d+))?(?:\[(\d+)\])?([a-zA-Z%])`)
	anyWord = regexp.MustCompile(`\pL{3,}`)
)

func (l literal) complaints() []string {
	var list []string
	if l.sides == 0 {
		return nil // the zero Text, for nothing to say
	}
	if l.sides != 2 {
		return []string{"a side is missing"}
	}
	if l.enIs && l.en == "" {
		list = append(list, "the English side is empty")
	}
	if l.jaIs && l.ja == "" {
		list = append(list, "the Japanese side is empty")
	}
	if !l.enIs || !l.jaIs || len(list) > 0 {
		return list
	}
	if a, b := arguments(l.en), arguments(l.ja); a != b {
		list = append(list, "the sides take other arguments: "+a+" and "+b)
	}
	prose := verb.ReplaceAllString(l.en, "")
	if anyWord.MatchString(prose) && !hasJapanese(l.ja) {
		list = append(list, "the Japanese side is not Japanese: "+l.ja)
	}
	if hasJapanese(l.en) {
		list = append(list, "the English side is Japanese: "+l.en)
	}
	return list
}

// arguments lists the verb that each argument meets, in the order of the
// arguments.
func arguments(format string) string {
	taken := map[int]string{}
	next, last := 1, 0
	for _, m := range verb.FindAllStringSubmatch(format, -1) {
		if m[6] == "%" {
			continue
		}
		for _, star := range m[3:5] {
			if star == "*" {
				taken[next] += "*"
				last = max(last, next)
				next++
			}
		}
		for _, index := range []string{m[2], m[5]} {
			if index != "" {
				next, _ = strconv.Atoi(index)
			}
		}
		taken[next] += kindOf(m[6])
		last = max(last, next)
		next++
	}
	var b strings.Builder
	for i := 1; i <= last; i++ {
		b.WriteString(" " + strconv.Itoa(i) + ":" + taken[i])
	}
	return b.String()
}

// kindOf lets a text be quoted in one language and plain in the other.
func kindOf(verb string) string {
	if verb == "q" {
		return "s"
	}
	return verb
}

func hasJapanese(s string) bool {
	return strings.ContainsFunc(s, func(r rune) bool {
		return unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana)
	})
}

// The search must see what it is there to see.
func TestTreeSearchComplains(t *testing.T) {
	const source = `package p
import "github.com/himozuke/himozuke/report/words"
var (
	a = words.Text{EN: "one side"}
	b = words.Text{EN: "", JA: "空"}
	c = words.Text{EN: "%d of %s", JA: "%sの%d"}
	d = map[int]words.Text{1: {EN: "copied", JA: "copied"}}
	e = []words.Text{{EN: "file", JA: "ファ" + ""}, {EN: "%d of %s", JA: "%[2]sの%[1]d"}}
	f = struct{ t words.Text }{words.Text{EN: "deep", JA: ""}}
	g = func() { _ = words.Text{EN: "日本", JA: "日本"} }
)
`
	file, err := parser.ParseFile(token.NewFileSet(), "p.go", source, 0)
	if err != nil {
		t.Fatal(err)
	}
	var got []int
	texts := textsOf(file)
	for _, l := range texts {
		got = append(got, len(l.complaints()))
	}
	want := []int{1, 1, 1, 1, 0, 0, 1, 1}
	if len(got) != len(want) {
		t.Fatalf("%d texts, want %d", len(got), len(want))
	}
	for i := range want {
		if got[i] != want[i] {
			t.Errorf("text %d: %d complaints, want %d: %v", i, got[i], want[i], texts[i].complaints())
		}
	}
}
