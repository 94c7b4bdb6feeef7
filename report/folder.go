package report

import (
	"bufio"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"hash"
	"io"
	"os"
	"path/filepath"

	"github.com/gofrs/flock"

	"github.com/himozuke/himozuke/linkage"
	"github.com/himozuke/himozuke/linkage/ingest"
	"github.com/himozuke/himozuke/report/words"
)

// The files of a finished run.
const (
	FindingsCSVName     = "findings.csv"
	FindingsParquetName = "findings.parquet"
	RejectsName         = "rejects.csv"
	NextBestName        = "next.csv"
	SummaryName         = "summary.json"

	lockName      = ".lock"
	partialSuffix = ".partial"
)

// FolderOptions say how a run's folder is written.
type FolderOptions struct {
	Lang          words.Lang
	RevealNumbers bool   // write numbers in full; the run and the access log say so
	DB            string // lasting database; empty: audit.db in the folder
	KeyFile       string // key of the pseudonyms; empty: beside the database, made when it is not there
	Actor         string // who runs the audit, for the access log; empty: the user of the process
	Version       string // of the program, where the run does not say it
}

// Folder writes what a run finds into a folder. Everything goes to temporary
// names until End, so that a folder holds a whole run or none: call Abort
// when anything fails, or defer it.
type Folder struct {
	dir     string
	made    bool // the folder was not there before
	madeKey string
	madeDB  bool // the lasting database was not there before
	options FolderOptions
	lock    *flock.Flock
	rows    rowMaker
	run     *linkage.Run

	files    []*partialFile
	findings *csvWriter
	parquet  *parquetWriter
	rejects  *csvWriter
	audit    *auditWriter
	done     bool
}

var _ linkage.Sink = (*Folder)(nil)

// partialFile is an output under its temporary name.
type partialFile struct {
	name string // final name in the folder
	file *os.File
	buf  *bufio.Writer
	sum  hash.Hash
	size int64
}

// fileSum identifies an output.
type fileSum struct {
	Name   string `json:"name"`
	Bytes  int64  `json:"bytes"`
	SHA256 string `json:"sha256"`
}

// NewFolder prepares dir, which is made if it is not there. It refuses a
// folder that holds a finished run, one that cannot be written, and a database
// that another run is writing to, before anything has been read.
func NewFolder(dir string, o FolderOptions) (*Folder, error) {
	f := &Folder{dir: dir, options: o, rows: rowMaker{lang: o.Lang, reveal: o.RevealNumbers}}
	if err := f.open(); err != nil {
		f.Abort()
		return nil, err
	}
	return f, nil
}

func (f *Folder) open() error {
	if exists(f.path(SummaryName)) {
		return &Problem{Kind: ProblemFolderFinished, Path: f.dir}
	}
	if err := f.takeFolder(); err != nil {
		return err
	}
	if exists(f.path(SummaryName)) { // finished while the lock was waited for
		return &Problem{Kind: ProblemFolderFinished, Path: f.dir}
	}
	if err := f.openFiles(); err != nil {
		return err
	}
	database, lasting := f.options.DB, true
	if database == "" {
		database, lasting = f.path(AuditFileName+partialSuffix), false
		if err := os.Remove(database); err != nil && !errors.Is(err, os.ErrNotExist) {
			return f.unwritable(err)
		}
	}
	f.madeDB = lasting && !exists(database)
	audit, err := openAuditWriter(database, lasting)
	f.audit = audit
	return err
}

func (f *Folder) path(name string) string { return filepath.Join(f.dir, name) }

func (f *Folder) unwritable(err error) error {
	return &Problem{Kind: ProblemFolderUnwritable, Path: f.dir, Err: withoutPath(err)}
}

func (f *Folder) takeFolder() error {
	f.made = !exists(f.dir)
	if err := os.MkdirAll(f.dir, 0o700); err != nil {
		return f.unwritable(err)
	}
	lock := flock.New(f.path(lockName), flock.SetPermissions(0o600))
	taken, err := lock.TryLock()
	if err != nil {
		return f.unwritable(err)
	}
	if !taken {
		return &Problem{Kind: ProblemFolderBusy, Path: f.dir}
	}
	f.lock = lock
	return nil
}

func (f *Folder) openFiles() error {
	findings, err := f.create(FindingsCSVName)
	if err != nil {
		return err
	}
	f.findings = newCSVWriter(findings)
	f.findings.header(findingsHeader)
	columns, err := f.create(FindingsParquetName)
	if err != nil {
		return err
	}
	if f.parquet, err = newParquetWriter(columns); err != nil {
		return err
	}
	rejects, err := f.create(RejectsName)
	if err != nil {
		return err
	}
	f.rejects = newCSVWriter(rejects)
	f.rejects.header([]string{"dataset", "line", "byte_offset", "column", "reason"})
	return nil
}

func (f *Folder) create(name string) (*partialFile, error) {
	file, err := os.OpenFile(f.path(name+partialSuffix), os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return nil, f.unwritable(err)
	}
	p := &partialFile{name: name, file: file, buf: bufio.NewWriterSize(file, 1<<18), sum: sha256.New()}
	f.files = append(f.files, p)
	return p, nil
}

// Write counts and hashes what goes to the file.
func (p *partialFile) Write(b []byte) (int, error) {
	n, err := p.buf.Write(b)
	p.sum.Write(b[:n])
	p.size += int64(n)
	return n, err
}

// Close is for writers that close what they write to; the folder closes its
// files itself.
func (p *partialFile) Close() error { return nil }

func (p *partialFile) finish() (fileSum, error) {
	err := errors.Join(p.buf.Flush(), p.file.Sync(), p.file.Close())
	return fileSum{p.name, p.size, hex.EncodeToString(p.sum.Sum(nil))}, err
}

// Begin starts the run.
func (f *Folder) Begin(run *linkage.Run) error {
	f.run = run
	if run.Version == "" {
		run.Version = f.options.Version
	}
	key, err := f.key()
	if err != nil {
		return err
	}
	pseudonyms, err := NewPseudonyms(key)
	if err != nil {
		return &Problem{Kind: ProblemKey, Path: f.options.KeyFile, Err: err}
	}
	return f.audit.begin(run, f.rows, pseudonyms)
}

// key reads the key of the pseudonyms. A key that was named must be there:
// making another would silently give everybody a new pseudonym.
func (f *Folder) key() ([]byte, error) {
	if f.options.KeyFile != "" {
		return ReadKey(f.options.KeyFile)
	}
	path := f.keyFile()
	if f.options.DB == "" {
		path = f.path(path)
	}
	key, made, err := ReadOrMakeKey(path)
	if made {
		f.madeKey = path
	}
	return key, err
}

// keyFile is where the key lies; in the folder itself it has no path.
func (f *Folder) keyFile() string {
	switch {
	case f.options.KeyFile != "":
		return absolute(f.options.KeyFile)
	case f.options.DB != "":
		return absolute(f.options.DB) + ".key"
	}
	return KeyFileName
}

// Reject writes a row that could not be read.
func (f *Folder) Reject(dataset string, r ingest.Reject) error {
	reason := words.RejectReasonWord(r.Reason)
	f.rejects.text(dataset)
	f.rejects.integer(r.Line)
	if r.Offset == ingest.NoOffset {
		f.rejects.text("")
	} else {
		f.rejects.integer(r.Offset)
	}
	f.rejects.text(r.Column)
	f.rejects.text(reason)
	f.rejects.endRow()
	f.audit.reject(dataset, reason, &r)
	return f.rejects.err
}

// Finding writes a finding. It keeps nothing of it but strings.
func (f *Folder) Finding(finding *linkage.Finding) error {
	r := f.rows.row(finding)
	if err := f.findings.finding(&r); err != nil {
		return err
	}
	if err := f.parquet.finding(&r); err != nil {
		return err
	}
	return f.audit.finding(finding, &r)
}

// End writes the rest and gives everything its name. summary.json comes last:
// a folder that has one is whole.
func (f *Folder) End(run *linkage.Run) error {
	if err := f.writeNextBest(run.NextBest); err != nil {
		return f.unwritable(err)
	}
	sums, err := f.finishFiles()
	if err != nil {
		return f.unwritable(err)
	}
	if err := f.audit.finish(run, sums, actorOr(f.options.Actor)); err != nil {
		return err
	}
	if f.options.DB == "" {
		sum, err := f.finishOwnDatabase()
		if err != nil {
			return err
		}
		sums = append(sums, sum)
	}
	if err := f.writeSummary(run, sums); err != nil {
		return f.unwritable(err)
	}
	return f.publish()
}

func (f *Folder) finishFiles() ([]fileSum, error) {
	err := errors.Join(f.findings.flush(), f.rejects.flush(), f.parquet.close())
	f.parquet = nil
	sums := make([]fileSum, 0, len(f.files)+1)
	for _, p := range f.files {
		sum, fileErr := p.finish()
		p.file = nil
		sums = append(sums, sum)
		err = errors.Join(err, fileErr)
	}
	return sums, err
}

func (f *Folder) finishOwnDatabase() (fileSum, error) {
	if err := f.audit.commit(); err != nil {
		return fileSum{}, err
	}
	file, err := os.OpenFile(f.path(AuditFileName+partialSuffix), os.O_RDWR, 0)
	if err != nil {
		return fileSum{}, f.unwritable(err)
	}
	sum := sha256.New()
	size, err := io.Copy(sum, bufio.NewReaderSize(file, 1<<20))
	f.files = append(f.files, &partialFile{name: AuditFileName})
	return fileSum{AuditFileName, size, hex.EncodeToString(sum.Sum(nil))}, errors.Join(err, file.Sync(), file.Close())
}

// publish renames the files. A lasting database is committed between the last
// file and the summary, so that neither can say the run is finished while the
// other does not.
func (f *Folder) publish() error {
	var named []string
	undo := func(err error) error {
		for _, path := range named {
			os.Remove(path)
		}
		return err
	}
	for _, p := range f.files {
		if p.name == SummaryName {
			continue
		}
		path := f.path(p.name)
		if err := os.Rename(path+partialSuffix, path); err != nil {
			return undo(f.unwritable(err))
		}
		named = append(named, path)
	}
	if f.options.DB != "" {
		if err := f.audit.commit(); err != nil {
			return undo(err)
		}
	}
	if err := os.Rename(f.path(SummaryName+partialSuffix), f.path(SummaryName)); err != nil {
		return undo(f.unwritable(err))
	}
	f.done = true
	f.release()
	return nil
}

func (f *Folder) release() {
	if f.lock != nil {
		os.Remove(f.path(lockName))
		f.lock.Unlock()
		f.lock = nil
	}
}

// Abort takes back everything that was written since NewFolder. After End it
// does nothing.
func (f *Folder) Abort() {
	if f.done {
		return
	}
	f.done = true
	if f.audit != nil {
		f.audit.abandon()
	}
	for _, p := range f.files {
		if p.file != nil {
			p.file.Close()
		}
		os.Remove(f.path(p.name + partialSuffix))
	}
	if f.lock != nil {
		if f.options.DB == "" {
			os.Remove(f.path(AuditFileName + partialSuffix))
		}
		if f.madeDB {
			for _, suffix := range []string{"", "-wal", "-shm", "-journal"} {
				os.Remove(f.options.DB + suffix)
			}
		}
		if f.madeKey != "" {
			os.Remove(f.madeKey)
		}
		f.release()
	}
	if f.made {
		os.Remove(f.dir) // only if nothing else is in it
	}
}
