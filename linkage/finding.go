package linkage

import (
	"github.com/himozuke/himozuke/linkage/ingest"
	"github.com/himozuke/himozuke/score"
)

// Verdict is what a run says of one link.
type Verdict uint8

// The verdicts.
const (
	Verified     Verdict = iota
	Review               // somebody should look
	Mislinked            // wrong, within the promised false-discovery rate
	Orphan               // the number is malformed or not in the register
	Unverifiable         // too little in the row to judge
	Verdicts
)

// Cause is the likely way a wrong link came to be.
type Cause uint8

// The causes.
const (
	NoCause Cause = iota
	Family
	Namesake
	NumberTypo
	RowShift
	CarryOver
	Swap
	KeyCollision
	Unrelated
	UnknownOwner
	Causes
)

var (
	verdictNames = [Verdicts]string{"verified", "review", "mislinked", "orphan", "unverifiable"}
	causeNames   = [Causes]string{
		"", "family", "namesake", "number_typo", "row_shift", "carry_over", "swap",
		"key_collision", "unrelated", "unknown_owner",
	}
)

// String is the word used in files.
func (v Verdict) String() string { return verdictNames[v] }

// String is the word used in files; no cause is the empty string.
func (c Cause) String() string { return causeNames[c] }

// A Finding is one link whose verdict is not verified, with everything that
// reports, exports and explanations need. Numbers are in full: masking is the
// writer's duty.
type Finding struct {
	CaseID     string
	Dataset    string
	RecordID   string
	SourceLine int64
	Number     string // as read; digits only when well formed
	Verdict    Verdict
	Cause      Cause
	PWrong     float64
	Ambiguous  bool    // nothing tells the holder from another resident of the same name, birth date and sex
	Weight     float64 // bits, record against holder
	RuleClass  string  // critical, high, medium, clear

	Owner *Candidate // best owner, nil when none

	Differences  []score.Difference // record against holder
	NameLevel    score.Level
	KanaLevel    score.Level
	BirthLevel   score.Level
	SexLevel     score.Level
	AddressLevel score.Level

	Prefecture   string // two digits, from the link, else the holder
	Municipality string // five digits
	Organization string
	Date         string // ISO
	Channel      string

	Evidence   []score.Evidence // record against holder; weights add up to Weight
	Candidates []Candidate      // best first, the holder not among them
	Priors     []CausePrior     // posterior mass of each hypothesis, holder first

	Record Raw // the link as written
	Holder Raw // the register row of the number; empty for orphans
}

// Candidate is another person the record may describe.
type Candidate struct {
	Number    string
	Cause     Cause
	Posterior float64
	Weight    float64
	Evidence  []score.Evidence // record against this person
	Person    Raw
	Line      int64 // in the register
	Alike     bool  // fits an ambiguous record as well as the holder
}

// CausePrior is one hypothesis with its prior and posterior probability.
type CausePrior struct {
	Cause     Cause // NoCause is "the holder"
	Prior     float64
	Posterior float64
}

// Raw is the text of one row: by role for what the product knows, and every
// column in file order for exports.
type Raw struct {
	Fields  [ingest.Roles]string
	Columns []string // parallel to the headings of the dataset
}
