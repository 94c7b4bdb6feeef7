package linkage

import (
	"time"

	"github.com/himozuke/himozuke/linkage/ingest"
)

// Sink takes what a run finds, in order: inputs first, then rejects and
// findings dataset by dataset and by source line within each, then the run.
// It is called from one goroutine.
type Sink interface {
	Begin(*Run) error // inputs are known: names, headings, columns
	Reject(dataset string, r ingest.Reject) error
	Finding(*Finding) error
	End(*Run) error // counts, aggregates and timings are filled in
}

// Run describes one audit.
type Run struct {
	ID        string // time and a hash of inputs, configuration and version
	Version   string
	Started   time.Time
	Finished  time.Time
	Config    Config
	Inputs    []Input // the register first, then the datasets in the order given
	Counts    []DatasetCount
	Groups    []GroupCount
	Blocks    []BlockCount
	Integrity []DatasetIntegrity
	SelfCheck *SelfCheck // nil when it is switched off
	Budgets   []ReviewBudget
	NextBest  []NextBest
	Model     *ModelFile
	Warnings  []Warning
	Timings   []Timing
	PeakBytes int64 // resident memory
}

// Input is one file that was read.
type Input struct {
	Dataset     string // "register" for the register
	Path        string
	Bytes       int64
	SHA256      string
	Format      string // csv, tsv, parquet, arrow
	Compression string
	Encoding    string
	Headings    []string
	Columns     map[string]string // role → heading, as understood
	Rows        int64             // rows in = judged + rejected
	Judged      int64
	Rejected    int64
	FirstReject ingest.Reject // where to look, when there are any
}

// DatasetCount counts the links of one dataset by verdict and cause.
type DatasetCount struct {
	Dataset string
	Links   int64
	ByCause [Verdicts][Causes]int64

	Ambiguous int64 // findings among them
}

// GroupCount counts links and verdicts of one group of a dataset, so that
// rates have denominators without one row per link.
type GroupCount struct {
	Dataset    string
	Dimension  string // municipality, organization, month
	Prefecture string
	Value      string // the municipality code, the organization, or YYYY-MM
	Links      int64
	ByVerdict  [Verdicts]int64
}

// ReviewBudget foretells what looking at so many links, the likeliest to be
// wrong of those that are not called mislinked, would find.
type ReviewBudget struct {
	Links int64
	Wrong float64 // links among them that are expected to be wrong
	Last  float64 // p_wrong of the last
}

// NextBest is a link that was verified although it is among the likeliest to be
// wrong of those that are no finding.
type NextBest struct {
	CaseID     string
	Dataset    string
	RecordID   string
	SourceLine int64
	Number     string
	Cause      Cause
	PWrong     float64
}

// Timing is the wall time of one stage.
type Timing struct {
	Stage   string
	Seconds float64
}

// WarningKind says what a run warns of.
type WarningKind string

// The warnings.
const (
	WarningTraining   WarningKind = "training"   // the model of a dataset could not be learned: the default is used
	WarningUnreadable WarningKind = "unreadable" // bytes that the encoding does not know; detail: how many; the first lines
	WarningModel      WarningKind = "model"      // a learned model contradicts itself: the default is used
)

// Warning is something an auditor should know though the run went on.
type Warning struct {
	Kind    WarningKind
	Dataset string
	Detail  string
}
