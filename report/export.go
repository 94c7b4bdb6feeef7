package report

import (
	"bytes"
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"filippo.io/age"

	"github.com/himozuke/himozuke/report/words"
)

// ExportFormat is the kind of file that an export writes.
type ExportFormat string

// The formats.
const (
	ExportCSV     ExportFormat = "csv"
	ExportXLSX    ExportFormat = "xlsx"
	ExportParquet ExportFormat = "parquet"
)

// ExportFormats lists them in the order that help texts do.
var ExportFormats = []ExportFormat{ExportCSV, ExportXLSX, ExportParquet}

// ExportEncodings are the encodings of a CSV file; the first is the default,
// which Excel opens right.
var ExportEncodings = []string{"utf-8-bom", "utf-8", "cp932"}

// ExportFilter chooses cases; empty fields choose all.
type ExportFilter struct {
	Prefecture     string // two digits
	Dataset        string
	Cause          string
	Verdict        string
	Organization   string
	MinProbability float64
	Decided        bool // also cases that have a decision, for a second review
}

// ExportOptions say what an export holds and how it is written.
type ExportOptions struct {
	Lang          words.Lang
	Format        ExportFormat
	Encoding      string // of CSV
	Filter        ExportFilter
	Sample        int // stratified sample of so many cases; 0: all
	Seed          uint64
	SplitBy       Dimension // ByPrefecture, ByOrganization: one file per group
	RevealNumbers bool
	Recipients    []age.Recipient // who can read it; nobody: not encrypted
	Actor         string          // for the access log; empty: the user of the process
	Now           func() time.Time
}

// ExportResult says what an export wrote.
type ExportResult struct {
	Cases    int
	Matched  int // cases that passed the filters, before sampling
	Files    []string
	Replaced int   // characters that the encoding does not have
	LogError error // the export could not be entered in the access log
}

var (
	revealImpossible = words.Text{
		EN: "%s: the audit stored no full numbers; run it again with --reveal-numbers, or leave the flag out here",
		JA: "%s: この点検では個人番号を伏せて保存しています。--reveal-numbers を付けて点検し直すか、ここでは付けずに実行してください",
	}
	revealUnlogged = words.Text{
		EN: "numbers are not shown in full, because the access log cannot say so: %s",
		JA: "利用記録に残せないため、個人番号を伏せずに出力することはできません: %s",
	}
	fileThere = words.Text{
		EN: "%s exists already and may hold decisions; move it away or name another file with --out",
		JA: "%s は既に存在します。確認結果が記入されている可能性があるため上書きしません。移動するか、--out に別の名前を指定してください",
	}
	fileUnwritable = words.Text{EN: "%s: cannot be written: %s", JA: "%s: 書込みができません: %s"}
	tooManyRows    = words.Text{
		EN: "%s cases do not fit in one sheet of %s rows; narrow the filters, use --split-by or --format csv",
		JA: "%s件は1枚のシート（%s行）に収まりません。条件を絞るか、--split-by 又は --format csv を指定してください",
	}
)

// said is an error that says itself in both languages.
type said struct {
	text words.Text
	args []any
	err  error
}

func (s *said) Error() string { return s.In(words.English) }
func (s *said) Unwrap() error { return s.err }

// In is the message in one language; errors among its arguments too.
func (s *said) In(l words.Lang) string {
	args := make([]any, len(s.args))
	for i, x := range s.args {
		if err, ok := x.(error); ok {
			x = words.Error(err, l)
		}
		args[i] = x
	}
	return s.text.Format(l, args...)
}

// exporter is one export under way.
type exporter struct {
	audit   *Audit
	run     RunInfo
	options ExportOptions
	in      *exportInputs
	scheme  string // of numbers
	mask    bool   // the run stored full numbers and they must not show
	retell  bool   // the run's summaries are in the other language
	result  *ExportResult
}

func (a *Audit) newExporter(o ExportOptions) (*exporter, error) {
	run, err := a.LatestRun()
	if err != nil {
		return nil, err
	}
	if o.RevealNumbers && !run.revealed {
		return nil, &said{text: revealImpossible, args: []any{a.path}}
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	in, err := a.exportInputs(run)
	if err != nil {
		return nil, err
	}
	var language, scheme string
	if err := a.db.QueryRow("SELECT language, scheme FROM runs WHERE run_id = ?", run.rowID).Scan(&language, &scheme); err != nil {
		return nil, databaseProblem(a.path, err)
	}
	return &exporter{audit: a, run: run, options: o, in: in, result: &ExportResult{}, scheme: scheme,
		mask: run.revealed && !o.RevealNumbers, retell: language != o.Lang.String()}, nil
}

// Export writes the cases of the latest run for review to w.
func (a *Audit) Export(ctx context.Context, w io.Writer, o ExportOptions) (*ExportResult, error) {
	e, err := a.newExporter(o)
	if err != nil {
		return nil, err
	}
	cases, err := e.choose("-")
	if err != nil {
		return nil, err
	}
	temporary, err := os.MkdirTemp("", "himozuke-export-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(temporary)
	if err := e.write(ctx, w, cases, temporary); err != nil {
		return nil, err
	}
	return e.result, nil
}

// ExportFile is Export into a new file that nobody else can read. A file of
// that name is never overwritten: it may hold decisions.
func (a *Audit) ExportFile(ctx context.Context, path string, o ExportOptions) (*ExportResult, error) {
	e, err := a.newExporter(o)
	if err != nil {
		return nil, err
	}
	if exists(path) {
		return nil, &said{text: fileThere, args: []any{path}}
	}
	cases, err := e.choose(path)
	if err != nil {
		return nil, err
	}
	if err := e.writeFile(ctx, path, cases); err != nil {
		return nil, err
	}
	return e.result, nil
}

// ExportFolder writes one file per prefecture or organization into dir, which
// is made if it is not there. If any of them fails, none is left.
func (a *Audit) ExportFolder(ctx context.Context, dir string, o ExportOptions) (_ *ExportResult, err error) {
	e, err := a.newExporter(o)
	if err != nil {
		return nil, err
	}
	made := !exists(dir)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, &said{text: fileUnwritable, args: []any{dir, withoutPath(err)}}
	}
	defer func() {
		if err != nil {
			for _, path := range e.result.Files {
				os.Remove(path)
			}
			if made {
				os.Remove(dir)
			}
		}
	}()
	cases, err := e.choose(dir)
	if err != nil {
		return nil, err
	}
	groups := splitGroups(cases)
	paths := e.groupPaths(dir, groups)
	for _, path := range paths {
		if exists(path) {
			return nil, &said{text: fileThere, args: []any{path}}
		}
	}
	for i, group := range groups {
		if err := e.writeFile(ctx, paths[i], group); err != nil {
			return nil, err
		}
	}
	return e.result, nil
}

// groupPaths names a file for each group; names that only differ in signs
// that file names cannot hold, or in case, are numbered.
func (e *exporter) groupPaths(dir string, groups [][]selectedCase) []string {
	suffix := "." + string(e.options.Format)
	if len(e.options.Recipients) > 0 {
		suffix += ".age"
	}
	taken := map[string]bool{}
	paths := make([]string, len(groups))
	for i, group := range groups {
		base := fileName(group[0].group)
		name := base
		for n := 2; taken[strings.ToLower(name)]; n++ {
			name = base + "-" + strconv.Itoa(n)
		}
		taken[strings.ToLower(name)] = true
		paths[i] = filepath.Join(dir, name+suffix)
	}
	return paths
}

// choose finds the cases, and enters the export in the access log before
// anything of it is written.
func (e *exporter) choose(to string) ([]selectedCase, error) {
	cases, err := e.find()
	if err != nil {
		return nil, err
	}
	e.result.Matched = len(cases)
	var strata []*stratum
	if e.options.Sample > 0 {
		strata = strataOf(cases)
		cases = drawSample(cases, e.options.Sample, e.options.Seed)
	}
	e.result.Cases = len(cases)
	if e.options.Format == ExportXLSX && e.options.SplitBy == "" && len(cases) > xlsxRows-1 {
		return nil, &said{text: tooManyRows, args: []any{grouped(int64(len(cases))), grouped(xlsxRows)}}
	}
	err = e.audit.change(func(ctx context.Context, conn *sql.Conn) error {
		if e.options.Sample > 0 {
			if err := e.recordSample(ctx, conn, strata, cases); err != nil {
				return err
			}
		}
		return appendAccess(ctx, conn, e.options.Now(), actorOr(e.options.Actor), "export", e.logEntry(to, len(cases)))
	})
	if err != nil && e.options.RevealNumbers {
		return nil, &said{text: revealUnlogged, args: []any{err}, err: err}
	}
	e.result.LogError = err
	return cases, nil
}

// find lists the cases that pass the filters in order of dataset and source
// line, one finding for each.
func (e *exporter) find() ([]selectedCase, error) {
	f := e.options.Filter
	conditions := []string{"f.run_id = ?1"}
	args := []any{e.run.rowID}
	if f.Prefecture == "" && f.Organization == "" {
		// Most of the run: in the order of the table, not of an index that
		// leads to its rows all over the file.
		conditions[0] = `+f.run_id = ?1 AND f.finding_id BETWEEN (SELECT min(finding_id) FROM findings WHERE run_id = ?1)
			AND (SELECT max(finding_id) FROM findings WHERE run_id = ?1)`
	}
	only := func(column, value string) {
		if value != "" {
			args = append(args, value)
			conditions = append(conditions, fmt.Sprintf("f.%s = ?%d", column, len(args)))
		}
	}
	only("prefecture", f.Prefecture)
	only("dataset", f.Dataset)
	only("cause", f.Cause)
	only("verdict", f.Verdict)
	only("organization", f.Organization)
	if f.MinProbability > 0 {
		args = append(args, f.MinProbability)
		conditions = append(conditions, fmt.Sprintf("f.p_wrong >= ?%d", len(args)))
	}
	decided, err := e.audit.anyDecided()
	if err != nil {
		return nil, err
	}
	if !f.Decided && decided {
		conditions = append(conditions, `NOT EXISTS (SELECT 1 FROM standing_decisions s
			WHERE s.case_id = f.case_id AND s.decision <> 'unsure' AND s.data_hash = f.data_hash)`)
	}
	cases := []selectedCase{}
	strata := map[string]*stratum{}
	seen := map[string]bool{}
	// Text that is only needed for strata and groups takes time to fetch.
	about := "'', '', '', 0, ''"
	if e.options.Sample > 0 || e.options.SplitBy != "" {
		about = "f.dataset, f.verdict, f.cause, f.p_wrong, " + map[bool]string{true: "f.prefecture", false: "f.organization"}[e.options.SplitBy == ByPrefecture]
	}
	err = e.audit.query(func(rows *sql.Rows) error {
		var c selectedCase
		var dataset, verdict, cause, place string
		var wrong float64
		if err := rows.Scan(&c.finding, &c.id, &dataset, &verdict, &cause, &wrong, &place); err != nil {
			return err
		}
		if seen[c.id] { // the row stands twice in its file
			return nil
		}
		seen[c.id] = true
		if e.options.Sample > 0 {
			name := stratumName(dataset, verdict, cause, wrong)
			if strata[name] == nil {
				strata[name] = &stratum{name: name}
			}
			c.stratum = strata[name]
			c.stratum.cases++
		}
		switch e.options.SplitBy {
		case ByPrefecture:
			c.group = place
		case ByOrganization:
			c.group = dataset + "-" + cmp.Or(place, "unknown")
		}
		cases = append(cases, c)
		return nil
	}, `SELECT f.finding_id, f.case_id, `+about+`
		FROM findings f WHERE `+strings.Join(conditions, " AND ")+` ORDER BY f.finding_id`, args...)
	return cases, err
}

// anyDecided tells whether there is any decision to look for.
func (a *Audit) anyDecided() (bool, error) {
	var decided bool
	err := a.db.QueryRow("SELECT EXISTS (SELECT 1 FROM decisions)").Scan(&decided)
	return decided, databaseProblem(a.path, err)
}

// String names what the filter narrows the cases to, without personal data.
func (f *ExportFilter) String() string {
	var parts []string
	for _, part := range []struct{ name, value string }{
		{"prefecture", f.Prefecture}, {"dataset", f.Dataset}, {"cause", f.Cause}, {"verdict", f.Verdict}, {"organization", f.Organization},
	} {
		if part.value != "" {
			parts = append(parts, part.name+" "+part.value)
		}
	}
	return strings.Join(parts, ", ")
}

// logEntry says what left the house, without personal data.
func (e *exporter) logEntry(to string, cases int) string {
	f := e.options.Filter
	entry := fmt.Sprintf("run %s, %d cases as %s", e.run.ID, cases, e.options.Format)
	if narrowed := f.String(); narrowed != "" {
		entry += ", " + narrowed
	}
	numbers := "masked"
	if e.options.RevealNumbers {
		numbers = "revealed"
	}
	entry += ", numbers " + numbers
	if len(e.options.Recipients) > 0 {
		entry += ", encrypted"
	}
	return entry + ", to " + filepath.Base(to)
}

// writeFile writes to a temporary name first, so that a file is whole or not
// there.
func (e *exporter) writeFile(ctx context.Context, path string, cases []selectedCase) (err error) {
	unwritable := func(err error) error {
		return &said{text: fileUnwritable, args: []any{path, withoutPath(err)}, err: err}
	}
	partial := path + partialSuffix
	file, err := os.OpenFile(partial, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return unwritable(err)
	}
	defer func() {
		if err != nil {
			file.Close()
			os.Remove(partial)
		}
	}()
	// What does not fit in memory goes beside the file, not to a folder that
	// others share.
	temporary, err := os.MkdirTemp(filepath.Dir(path), ".himozuke-export-")
	if err != nil {
		return unwritable(err)
	}
	defer os.RemoveAll(temporary)
	if err := e.write(ctx, file, cases, temporary); err != nil {
		return err
	}
	if err := errors.Join(file.Sync(), file.Close()); err != nil {
		return unwritable(err)
	}
	if err := os.Rename(partial, path); err != nil {
		return unwritable(err)
	}
	e.result.Files = append(e.result.Files, path)
	return nil
}

// sheetWriter writes the rows of one file.
type sheetWriter interface {
	write(*exportCase) error
	close() error
}

// write writes one file, through age where somebody is to read it.
func (e *exporter) write(ctx context.Context, w io.Writer, cases []selectedCase, temporary string) error {
	encrypted := io.WriteCloser(nil)
	if len(e.options.Recipients) > 0 {
		var err error
		if encrypted, err = age.Encrypt(w, e.options.Recipients...); err != nil {
			return err
		}
		w = encrypted
	}
	sheet, err := e.sheet(w, temporary)
	if err != nil {
		return err
	}
	if err := e.each(ctx, cases, sheet.write); err != nil {
		return errors.Join(err, sheet.close())
	}
	if err := sheet.close(); err != nil {
		return err
	}
	if encrypted != nil {
		return encrypted.Close()
	}
	return nil
}

func (e *exporter) sheet(w io.Writer, temporary string) (sheetWriter, error) {
	o := sheetOptions{lang: e.options.Lang, codes: e.options.Format == ExportParquet, marks: e.options.Format == ExportXLSX,
		sampled: e.options.Sample > 0, dataset: e.options.Filter.Dataset}
	columns := exportColumns(e.in, o)
	switch e.options.Format {
	case ExportXLSX:
		return newXLSXSheet(w, columns, o.lang, temporary)
	case ExportParquet:
		return newParquetSheet(w, columns)
	}
	return newCSVSheet(w, columns, o.lang, e.options.Encoding, &e.result.Replaced)
}

// exportBatch is how many cases are read at a time.
const exportBatch = 1024

// exportReaders is how many batches are read at the same time. Reading takes
// longer than writing CSV, so one reader would leave a processor idle.
const exportReaders = 2

// each reads the cases batch by batch, ahead of what is written, and hands
// them on in their order.
func (e *exporter) each(ctx context.Context, cases []selectedCase, do func(*exportCase) error) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	type batch struct {
		cases []exportCase
		err   error
	}
	// One place for each batch, in order; how many are waiting bounds how far
	// the readers run ahead.
	places := make(chan chan batch, exportReaders)
	spare := make(chan []exportCase, exportReaders+1)
	go func() {
		defer close(places)
		for start := 0; start < len(cases); start += exportBatch {
			var into []exportCase
			select {
			case into = <-spare:
			default:
				into = make([]exportCase, exportBatch)
			}
			place := make(chan batch, 1)
			select {
			case places <- place:
			case <-ctx.Done():
				return
			}
			go func() {
				read, err := e.readBatch(ctx, cases[start:min(start+exportBatch, len(cases))], into)
				place <- batch{read, err}
			}()
		}
	}()
	for place := range places {
		b := <-place
		if b.err != nil {
			return b.err
		}
		for i := range b.cases {
			if err := do(&b.cases[i]); err != nil {
				return err
			}
		}
		select {
		case spare <- b.cases[:exportBatch]:
		default:
		}
	}
	return ctx.Err()
}

func (e *exporter) readBatch(ctx context.Context, cases []selectedCase, into []exportCase) ([]exportCase, error) {
	var ids bytes.Buffer
	ids.WriteByte('[')
	for i, c := range cases {
		if i > 0 {
			ids.WriteByte(',')
		}
		ids.WriteString(strconv.FormatInt(c.finding, 10))
	}
	ids.WriteByte(']')
	// json_each gives the ids in their order. To say ORDER BY would make SQLite
	// copy every dossier into a sorter; each row tells which finding it is.
	rows, err := e.audit.db.QueryContext(ctx, `SELECT `+exportColumnsSQL+`
		FROM json_each(?) chosen CROSS JOIN findings f ON f.finding_id = chosen.value
		CROSS JOIN dossiers d ON d.dossier_id = f.dossier_id`, ids.String())
	if err != nil {
		return nil, databaseProblem(e.audit.path, err)
	}
	defer rows.Close()
	mask := newNumberMask(e.scheme)
	n := 0
	for ; rows.Next() && n < len(cases); n++ {
		c := &into[n]
		if err := c.scan(rows); err != nil {
			return nil, databaseProblem(e.audit.path, err)
		}
		if c.findingID != cases[n].finding {
			break
		}
		c.stratum = cases[n].stratum
		if err := c.readTexts(e.audit); err != nil {
			return nil, err
		}
		if err := c.read(); err != nil {
			return nil, &Problem{Kind: ProblemDatabaseBroken, Path: e.audit.path, Err: err}
		}
		if e.retell {
			c.say(e.options.Lang)
		}
		if e.mask {
			c.maskNumbers(mask)
		}
	}
	if err := rows.Err(); err != nil {
		return nil, databaseProblem(e.audit.path, err)
	}
	if n != len(cases) {
		return nil, &Problem{Kind: ProblemDatabaseBroken, Path: e.audit.path, Detail: "a finding without its dossier"}
	}
	return into[:n], nil
}
