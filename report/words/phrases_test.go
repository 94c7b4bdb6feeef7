package words

import (
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// programmers lists messages that no user can bring about.
var programmers = []string{
	"%s: rows are fetched before the file was scanned",
	"%s: lines to fetch are not in order",
	"no text %q",
	"no table by ",
	"dry run",
	"%s: %w",
	"%s:%d:%d: %s",
}

// What the rooms below say in English is said in Japanese here. The test walks
// their errors, and the details that they put into problems.
func TestEveryMessageIsTranslated(t *testing.T) {
	known := map[string]bool{}
	for _, p := range phrases {
		known[p.english] = true
	}
	for _, format := range programmers {
		known[format] = true
	}
	found := 0
	root := moduleRoot(t)
	for _, room := range []string{"linkage", "linkage/ingest", "score", "report", "cmd/himozuke", "fixtures"} {
		paths, err := filepath.Glob(filepath.Join(root, room, "*.go"))
		if err != nil || len(paths) == 0 {
			t.Fatalf("%s: %d files, %v", room, len(paths), err)
		}
		for _, path := range paths {
			if strings.HasSuffix(path, "_test.go") {
				continue
			}
			files := token.NewFileSet()
			file, err := parser.ParseFile(files, path, nil, parser.SkipObjectResolution)
			if err != nil {
				continue // for the compiler to complain about
			}
			for _, m := range messagesOf(file) {
				found++
				if strings.Contains(m.text, " ") && anyWord.MatchString(phraseVerb.ReplaceAllString(m.text, "")) && !hasJapanese(m.text) && !known[m.text] {
					t.Errorf("%s: %q has no Japanese in report/words/phrases.go", files.Position(m.at), m.text)
				}
			}
		}
	}
	if found < 60 {
		t.Errorf("only %d messages found: the search is broken", found)
	}
}

type message struct {
	at   token.Pos
	text string
}

// messagesOf finds the texts of errors, of the details of problems and of the
// reasons of a training.
func messagesOf(file *ast.File) []message {
	var list []message
	take := func(e ast.Expr) {
		if call, ok := e.(*ast.CallExpr); ok && typeName(call.Fun) == "fmt.Sprintf" && len(call.Args) > 0 {
			e = call.Args[0]
		}
		if text, ok := constant(e); ok {
			list = append(list, message{e.Pos(), text})
		}
	}
	ast.Inspect(file, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.CallExpr:
			if name := typeName(n.Fun); (name == "fmt.Errorf" || name == "errors.New") && len(n.Args) > 0 {
				take(n.Args[0])
			}
		case *ast.KeyValueExpr:
			if typeName(n.Key) == "Detail" {
				take(n.Value)
			}
		case *ast.AssignStmt:
			for i, left := range n.Lhs {
				if selector, ok := left.(*ast.SelectorExpr); ok && selector.Sel.Name == "Reason" && i < len(n.Rhs) {
					take(n.Rhs[i])
				}
			}
		}
		return true
	})
	return list
}

// A pattern matches what its format makes, and the Japanese holds all of it.
func TestPhrasesMatch(t *testing.T) {
	for _, p := range phrases {
		args := []any{}
		for i, verb := range phraseVerb.FindAllString(p.english, -1) {
			switch verb[len(verb)-1] {
			case 'd':
				args = append(args, 7000+i)
			case 'g':
				args = append(args, 0.25+float64(i))
			case 'w':
				args = append(args, fmt.Errorf("error%d", i))
			default:
				args = append(args, fmt.Sprintf("text%d", i))
			}
		}
		english := fmt.Errorf(strings.ReplaceAll(p.english, "%.3g", "%g"), args...).Error()
		said := Said(english, Japanese)
		if !hasJapanese(said) && !strings.HasPrefix(p.english, "strconv") { // which says what its reason says
			t.Errorf("%q: %q", english, said)
		}
		for _, arg := range args {
			if text := fmt.Sprint(arg); !strings.Contains(said, text) && !strings.HasPrefix(p.english, "strconv") {
				t.Errorf("%q is not in %q", text, said)
			}
		}
		if strings.Contains(said, "%!") {
			t.Errorf("%q: %q", english, said)
		}
		if Said(english, English) != english {
			t.Errorf("%q is changed in English", english)
		}
	}
}

func TestErrorsOfTheSystemAreSaid(t *testing.T) {
	_, err := os.Open("/no/such/file")
	if got := Error(err, Japanese); got != "/no/such/file: ファイル又はフォルダーが存在しません" {
		t.Error(got)
	}
	if got := Error(err, English); got != err.Error() {
		t.Error(got)
	}
	if got := Error(errors.New("max_fdr 3 is not a share between 0 and 1"), Japanese); got != "max_fdr の値 3 は 0 から 1 の割合ではありません" {
		t.Error(got)
	}
	wrapped := fmt.Errorf("%s: %w; check the path of --config", "a.toml", &fs.PathError{Op: "open", Path: "a.toml", Err: fs.ErrNotExist})
	if got := Error(wrapped, Japanese); !strings.Contains(got, "--config のパスを確認") {
		t.Error(got)
	}
}

// The notes of normalization all have words.
func TestEveryNoteHasItsWords(t *testing.T) {
	source, err := os.ReadFile(filepath.Join(moduleRoot(t), "normalize", "notes.go"))
	if err != nil {
		t.Fatal(err)
	}
	_, list, _ := strings.Cut(string(source), "noteNames = [...]string{")
	list, _, _ = strings.Cut(list, "}")
	names := regexp.MustCompile(`"(\w+)"`).FindAllStringSubmatch(list, -1)
	if len(names) < 30 {
		t.Fatalf("%d notes", len(names))
	}
	for _, name := range names {
		if text := Note(name[1]); !hasJapanese(text.JA) || text.EN == "" {
			t.Errorf("the note %s has no words", name[1])
		}
	}
}
