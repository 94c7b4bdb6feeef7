package report

import (
	"encoding/json"
	"os"
	"path/filepath"
	"sort"

	"github.com/himozuke/himozuke/linkage"
)

// Summary is summary.json: the account of one run.
type Summary struct {
	Run        string             `json:"run"`
	Version    string             `json:"version"`
	Started    string             `json:"started_at"`
	Finished   string             `json:"finished_at"`
	Language   string             `json:"language"`
	Numbers    string             `json:"numbers"`
	Database   string             `json:"database"` // path of a lasting database, else audit.db
	KeyFile    string             `json:"key_file"` // of the pseudonyms in the database
	Scheme     string             `json:"scheme"`
	Thresholds Thresholds         `json:"thresholds"`
	Rules      linkage.Rules      `json:"rules,omitempty"` // decision table of rule_class, where it is not the built-in one
	Model      *linkage.ModelFile `json:"model"`
	Warnings   []SummaryWarning   `json:"warnings"`
	Inputs     []SummaryInput     `json:"inputs"`
	Datasets   []SummaryDataset   `json:"datasets"`
	Rejects    []SummaryReject    `json:"rejects"`
	Cases      CaseCounts         `json:"cases"`
	Blocks     []SummaryBlock     `json:"blocks"`
	Integrity  []SummaryIntegrity `json:"integrity"`
	Budgets    []SummaryBudget    `json:"review_budgets"`
	SelfCheck  *SummarySelfCheck  `json:"self_check"`
	Timings    []SummaryTiming    `json:"timings"`
	PeakBytes  int64              `json:"peak_bytes"`
	Outputs    []fileSum          `json:"outputs"`
}

// Thresholds decided the verdicts.
type Thresholds struct {
	MaxFDR       float64 `json:"max_fdr"`
	ReviewFloor  float64 `json:"review_floor"`
	ReviewBudget int     `json:"review_budget"` // 0 is no limit

	ReviewAmbiguous bool `json:"review_ambiguous"`
}

// SummaryInput is one file: rows = judged + rejected.
type SummaryInput struct {
	Dataset     string            `json:"dataset"`
	Path        string            `json:"path"`
	Bytes       int64             `json:"bytes"`
	SHA256      string            `json:"sha256"`
	Format      string            `json:"format"`
	Compression string            `json:"compression,omitempty"`
	Encoding    string            `json:"encoding"`
	Columns     map[string]string `json:"columns"`
	Rows        int64             `json:"rows"`
	Judged      int64             `json:"judged"`
	Rejected    int64             `json:"rejected"`
}

// SummaryDataset counts the links of a dataset by verdict, and the wrong and
// doubtful ones by cause.
type SummaryDataset struct {
	Dataset  string                      `json:"dataset"`
	Links    int64                       `json:"links"`
	Verdicts map[string]int64            `json:"verdicts"`
	Causes   map[string]map[string]int64 `json:"causes"` // verdict → cause → links

	Ambiguous int64 `json:"ambiguous"` // of review: nothing tells two residents apart
}

// SummaryReject counts rejected rows by reason.
type SummaryReject struct {
	Dataset string `json:"dataset"`
	Reason  string `json:"reason"`
	Rows    int64  `json:"rows"`
}

// SummaryWarning is something an auditor should know though the run went on.
type SummaryWarning struct {
	Kind    string `json:"kind"`
	Dataset string `json:"dataset"`
	Detail  string `json:"detail"`
}

// SummaryBlock is what one blocking rule of the candidate search came to.
type SummaryBlock struct {
	Rule    string `json:"rule"`
	Keys    int64  `json:"keys"`
	Pairs   int64  `json:"pairs"`
	Largest int64  `json:"largest"`
	Refined int64  `json:"refined"`
}

// SummaryTiming is the wall time of one stage.
type SummaryTiming struct {
	Stage   string  `json:"stage"`
	Seconds float64 `json:"seconds"`
}

func (f *Folder) writeSummary(run *linkage.Run, outputs []fileSum) error {
	text, err := json.MarshalIndent(f.summary(run, outputs), "", "  ")
	if err != nil {
		return err
	}
	file, err := f.create(SummaryName)
	if err != nil {
		return err
	}
	file.Write(append(text, '\n'))
	_, err = file.finish()
	file.file = nil
	return err
}

func (f *Folder) summary(run *linkage.Run, outputs []fileSum) Summary {
	s := Summary{
		Run:        run.ID,
		Version:    run.Version,
		Started:    timestamp(run.Started),
		Finished:   timestamp(run.Finished),
		Language:   f.options.Lang.String(),
		Numbers:    "masked",
		Database:   AuditFileName,
		KeyFile:    f.keyFile(),
		Scheme:     run.Config.Scheme,
		Thresholds: Thresholds{run.Config.MaxFDR, run.Config.ReviewFloor, run.Config.ReviewBudget, run.Config.ReviewAmbiguous},
		Rules:      run.Config.Rules,
		Inputs:     []SummaryInput{},
		Datasets:   []SummaryDataset{},
		Rejects:    []SummaryReject{},
		Cases:      f.audit.cases,
		Model:      run.Model,
		Warnings:   []SummaryWarning{},
		Blocks:     []SummaryBlock{},
		Integrity:  summarizeIntegrity(run),
		Budgets:    summarizeBudgets(run),
		SelfCheck:  summarizeSelfCheck(run.SelfCheck),
		Timings:    []SummaryTiming{},
		PeakBytes:  run.PeakBytes,
		Outputs:    outputs,
	}
	if f.options.RevealNumbers {
		s.Numbers = "revealed"
	}
	if f.options.DB != "" {
		s.Database = absolute(f.options.DB)
	}
	for _, in := range run.Inputs {
		s.Inputs = append(s.Inputs, SummaryInput{in.Dataset, in.Path, in.Bytes, in.SHA256, in.Format,
			in.Compression, in.Encoding, in.Columns, in.Rows, in.Judged, in.Rejected})
	}
	for i := range run.Counts {
		s.Datasets = append(s.Datasets, summarizeDataset(&run.Counts[i]))
	}
	for group, rows := range f.audit.rejects {
		s.Rejects = append(s.Rejects, SummaryReject{group.dataset, group.reason, rows})
	}
	sort.Slice(s.Rejects, func(i, j int) bool {
		a, b := s.Rejects[i], s.Rejects[j]
		if a.Dataset != b.Dataset {
			return a.Dataset < b.Dataset
		}
		return a.Reason < b.Reason
	})
	for _, w := range run.Warnings {
		s.Warnings = append(s.Warnings, SummaryWarning{string(w.Kind), w.Dataset, w.Detail})
	}
	for _, b := range run.Blocks {
		s.Blocks = append(s.Blocks, SummaryBlock{b.Rule, b.Keys, b.Pairs, b.Largest, b.Refined})
	}
	for _, t := range run.Timings {
		s.Timings = append(s.Timings, SummaryTiming{t.Stage, t.Seconds})
	}
	return s
}

func absolute(path string) string {
	if a, err := filepath.Abs(path); err == nil {
		return a
	}
	return path
}

func summarizeDataset(c *linkage.DatasetCount) SummaryDataset {
	d := SummaryDataset{Dataset: c.Dataset, Links: c.Links, Ambiguous: c.Ambiguous, Verdicts: map[string]int64{}, Causes: map[string]map[string]int64{}}
	for v := range linkage.Verdicts {
		total := int64(0)
		for cause, n := range c.ByCause[v] {
			total += n
			if n == 0 || v == linkage.Verified || cause == int(linkage.NoCause) {
				continue
			}
			if d.Causes[v.String()] == nil {
				d.Causes[v.String()] = map[string]int64{}
			}
			d.Causes[v.String()][linkage.Cause(cause).String()] = n
		}
		d.Verdicts[v.String()] = total
	}
	return d
}

// ReadSummary reads the summary.json of a finished run's folder.
func ReadSummary(dir string) (*Summary, error) {
	path := filepath.Join(dir, SummaryName)
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, &Problem{Kind: ProblemFolderMissing, Path: dir, Err: withoutPath(err)}
	}
	var s Summary
	if err := json.Unmarshal(text, &s); err != nil {
		return nil, &Problem{Kind: ProblemFolderMissing, Path: path, Err: err}
	}
	return &s, nil
}
