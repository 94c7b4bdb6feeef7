package linkage

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"os"
	"runtime/debug"
	"slices"
	"time"

	"github.com/himozuke/himozuke/linkage/ingest"
	"github.com/himozuke/himozuke/normalize"
	"github.com/himozuke/himozuke/score"
)

// Options is what an audit needs beside its configuration; only the model
// changes verdicts.
type Options struct {
	Key      []byte // of case ids
	Version  string
	Model    *ModelFile // frozen; nil trains on the links
	Now      time.Time
	Progress func(stage Stage, done, total int64) // may be nil
	TempDir  string                               // where the register goes that does not fit into memory; empty: the system's

	gather int64 // for tests: the register goes to disk, and so many bytes of links wait for it
}

// Stage is a part of a run, for progress and timings.
type Stage string

// The stages, in order.
const (
	StageRegister Stage = "register"
	StageVerify   Stage = "verify"
	StageTrain    Stage = "train"
	StageSearch   Stage = "search"
	StageDecide   Stage = "decide"
	StageFindings Stage = "findings"
)

// Audit runs the whole pipeline and hands what it finds to the sink.
func Audit(ctx context.Context, cfg Config, o Options, sink Sink) (*Run, error) {
	a, err := newAudit(ctx, cfg, o, sink)
	if err != nil {
		return nil, err
	}
	defer a.close()
	if err := a.open(); err != nil {
		return nil, err
	}
	if err := sink.Begin(a.run); err != nil {
		return nil, err
	}
	if err := a.judge(); err != nil {
		return nil, err
	}
	if err := a.write(); err != nil {
		return nil, err
	}
	return a.run, nil
}

func newAudit(ctx context.Context, cfg Config, o Options, sink Sink) (*audit, error) {
	scheme, ok := normalize.SchemeByName(cfg.Scheme)
	if !ok {
		return nil, fmt.Errorf("scheme %q is not known", cfg.Scheme)
	}
	return &audit{ctx: ctx, cfg: cfg, options: o, scheme: scheme, jobs: cfg.workers(), sink: sink}, nil
}

// audit is one run in progress.
type audit struct {
	ctx     context.Context
	cfg     Config
	options Options
	scheme  normalize.Scheme
	jobs    int
	sink    Sink
	run     *Run
	planned Plan
	restore func() // settings of the garbage collector

	sources  []*ingest.Source // the register first
	register *register
	datasets []*verification
	decider  *decider
	clearing []*score.Weigher // by dataset, of the first look
	weighers []*score.Weigher // by dataset
	frozen   []bool           // by dataset: the model is used as it is

	confirmed []score.Confirmed // by dataset, what people decided; nil without
}

func (a *audit) open() error {
	a.run = &Run{Version: a.options.Version, Started: a.options.Now, Config: a.cfg}
	if a.run.Started.IsZero() {
		a.run.Started = time.Now()
	}
	for i, s := range append([]Source{a.cfg.Register}, a.cfg.Links...) {
		src, err := ingest.Open(ingest.Options{Path: s.Path, Encoding: s.Encoding, Columns: s.Columns, Register: i == 0, Hash: true})
		if err != nil {
			return err
		}
		a.sources = append(a.sources, src)
		name := s.Dataset
		if i == 0 {
			name = "register"
		}
		a.run.Inputs = append(a.run.Inputs, Input{
			Dataset: name, Path: src.Path, Bytes: src.Bytes, Format: src.Format, Compression: src.Compression,
			Encoding: src.Encoding, Headings: src.Headings, Columns: src.Understood(),
		})
	}
	return nil
}

func (a *audit) close() {
	if a.restore != nil {
		a.restore()
	}
	if a.register != nil {
		a.register.release()
	}
	for _, s := range a.sources {
		s.Close()
	}
}

// judge reads everything and decides; the findings are not written yet.
func (a *audit) judge() error {
	if err := a.load(); err != nil {
		return err
	}
	if err := a.timed(StageVerify, a.verify); err != nil {
		return err
	}
	if err := a.timed(StageTrain, a.train); err != nil {
		return err
	}
	var check *selfCheck
	var load *caseload
	var found []candidate
	err := a.timed(StageSearch, func() error {
		if a.cfg.SelfCheck {
			check = plant(a.register, a.scheme, a.datasets, a.clearing, a.jobs)
		}
		a.register.alike.memory.release() // nothing is cleared from here on
		debug.SetMemoryLimit(a.planned.heapOfSearch())
		load = newCaseload(a.register, a.scheme, a.datasets, a.weighers, check)
		load.hold(nil, a.jobs)
		found, a.run.Blocks = load.search(a.jobs)
		if check != nil {
			found = check.hide(found)
		}
		a.register.releaseIndex() // nobody is looked up from here on
		debug.SetMemoryLimit(a.planned.heapAtLast())
		load.hold(found, a.jobs)
		load.sieveDecoys(a.jobs)
		return a.ctx.Err()
	})
	if err != nil {
		return err
	}
	return a.timed(StageDecide, func() error {
		a.decide(load, found)
		a.run.Budgets = a.decider.budgets
		if check != nil {
			a.run.SelfCheck = &SelfCheck{Seeded: check.judge(a.decider, a.datasetNames()), Decoys: a.decider.judgeDecoys(load.decoys)}
		}
		return a.ctx.Err()
	})
}

func (a *audit) load() error {
	return a.timed(StageRegister, func() (err error) {
		a.planned = a.plan()
		plan := &a.planned
		if err := plan.check(); err != nil {
			return err
		}
		limit, percent := debug.SetMemoryLimit(plan.heap()), debug.SetGCPercent(heapPercent)
		a.restore = func() { debug.SetMemoryLimit(limit); debug.SetGCPercent(percent) }
		var spill spill
		if plan.Disk > 0 || a.options.gather > 0 {
			spill.dir, spill.gather = cmp.Or(a.options.TempDir, os.TempDir()), cmp.Or(a.options.gather, plan.gather())
		}
		a.register, err = loadRegister(a.ctx, a.sources[0], a.scheme, a.jobs, spill, a.rowProgress(StageRegister, 0, a.sources[:1]))
		return err
	})
}

// verify streams every dataset past the register. Links are cleared by the
// model that was given, or by the default one: what it clears agrees so well
// that no training could tell otherwise.
func (a *audit) verify() error {
	done := int64(0)
	for i, src := range a.sources[1:] {
		w := score.NewWeigher(a.modelOf(a.cfg.Links[i].Dataset), a.register.freq)
		v, err := verify(a.ctx, src, a.register, w, a.jobs, a.cfg.SelfCheck, a.rowProgress(StageVerify, done, a.sources[1:]))
		if err != nil {
			return err
		}
		done += v.rows
		a.clearing = append(a.clearing, w)
		a.datasets = append(a.datasets, v)
	}
	a.register.encoders = nil
	return nil
}

// rowProgress reports rows of a stage that reads several files; the total is
// left out where a file cannot tell its rows beforehand.
func (a *audit) rowProgress(stage Stage, before int64, sources []*ingest.Source) func(rows int64) {
	if a.options.Progress == nil {
		return func(int64) {}
	}
	total := int64(0)
	for _, s := range sources {
		rows := s.EstimateRows()
		if rows == 0 {
			total = 0
			break
		}
		total += rows
	}
	return func(rows int64) { a.options.Progress(stage, before+rows, total) }
}

// modelOf is the given model of a dataset, else the default.
func (a *audit) modelOf(dataset string) *score.Model {
	if a.options.Model != nil {
		if m, ok := a.options.Model.Datasets[dataset]; ok {
			return m.Model
		}
	}
	return score.DefaultModel()
}

// train gives every dataset its weigher: by the model that was given, else by
// one learned from its own links.
func (a *audit) train() error {
	a.run.Model = &ModelFile{Format: modelFormat, Program: a.options.Version, Datasets: map[string]DatasetModel{}}
	for i, v := range a.datasets {
		name := a.cfg.Links[i].Dataset
		m := DatasetModel{Model: a.modelOf(name)}
		if a.options.Model.has(name) {
			m = a.options.Model.Datasets[name]
		} else {
			m = trainDataset(v)
			if !m.Training.Converged {
				a.run.Warnings = append(a.run.Warnings, Warning{WarningTraining, name, m.Training.Reason})
			}
		}
		if err := m.Model.Validate(); err != nil {
			a.run.Warnings = append(a.run.Warnings, Warning{WarningModel, name, err.Error()})
			m.Model, m.Training.Converged, m.Training.Reason = score.DefaultModel(), false, err.Error()
		}
		a.run.Model.Datasets[name] = m
		a.frozen = append(a.frozen, a.options.Model.has(name) || !m.Training.Converged)
		a.weighers = append(a.weighers, score.NewWeigher(m.Model, a.register.freq))
	}
	return nil
}

// decide judges what the search found and keeps what the models became.
func (a *audit) decide(load *caseload, found []candidate) {
	a.decider = newDecider(load, found, a.clearing, a.frozen)
	a.decider.taught = a.run.Model.taught(a.datasetNames())
	a.decider.confirmed = a.confirmed
	a.decider.decide(&a.cfg, a.jobs)
	for i, links := range a.cfg.Links {
		m := a.run.Model.Datasets[links.Dataset]
		m.Model = a.decider.weighers[i].Model()
		a.run.Model.Datasets[links.Dataset] = m
	}
}

// write sends rejects and findings to the sink and completes the run.
func (a *audit) write() error {
	err := a.timed(StageFindings, func() error {
		for _, r := range a.register.rejects {
			if err := a.sink.Reject("register", r); err != nil {
				return err
			}
		}
		c := a.composer()
		for d, v := range a.datasets {
			for _, r := range v.rejects {
				if err := a.sink.Reject(c.names[d], r); err != nil {
					return err
				}
			}
			count, err := c.dataset(a.ctx, d, a.sink)
			if err != nil {
				return err
			}
			a.run.Counts = append(a.run.Counts, count)
			a.run.Groups = append(a.run.Groups, v.groups.list(c.names[d])...)
			a.run.Integrity = append(a.run.Integrity, v.integrity.count(c.names[d]))
		}
		var err error
		a.run.NextBest, err = c.nextBest(a.ctx)
		return err
	})
	if err != nil {
		return err
	}
	if err := a.account(); err != nil {
		return err
	}
	a.run.Finished = time.Now()
	a.run.PeakBytes = peakMemory()
	return a.sink.End(a.run)
}

func (a *audit) composer() *composer {
	c := &composer{
		decider: a.decider, weighers: a.decider.fork(), key: a.options.Key, sources: a.sources[1:],
	}
	c.hypotheses = hypotheses{decider: a.decider, weighers: a.decider.fork()}
	c.elsewhere = a.decider.sameElsewhere()
	c.names = a.datasetNames()
	return c
}

func (a *audit) datasetNames() []string {
	names := make([]string, len(a.cfg.Links))
	for i, s := range a.cfg.Links {
		names[i] = s.Dataset
	}
	return names
}

// account fills the row counts and asserts that no row was lost.
func (a *audit) account() error {
	for i := range a.run.Inputs {
		in := &a.run.Inputs[i]
		in.SHA256 = a.sources[i].SHA256()
		if i == 0 {
			in.Rows, in.Judged, in.Rejected = a.register.rows, a.register.people, int64(len(a.register.rejects))
		} else {
			v := a.datasets[i-1]
			in.Rows, in.Judged, in.Rejected = v.rows, v.judged, int64(len(v.rejects))
		}
		if n, lines := a.sources[i].Undecodable(); n > 0 {
			a.run.Warnings = append(a.run.Warnings, Warning{WarningUnreadable, in.Dataset, fmt.Sprintf("%d; %v", n, lines)})
		}
		if rejects := a.rejectsOf(i); len(rejects) > 0 {
			in.FirstReject = rejects[0]
			in.FirstReject.Row = "" // a Run is printed and logged
		}
		if in.Rows != in.Judged+in.Rejected {
			return fmt.Errorf("%s: %d rows in, but %d judged and %d rejected: please report this", in.Path, in.Rows, in.Judged, in.Rejected)
		}
	}
	a.run.ID = runID(a.run)
	return nil
}

// rejectsOf are the rejected rows of one input, in the order of the file.
func (a *audit) rejectsOf(input int) []ingest.Reject {
	if input == 0 {
		return a.register.rejects
	}
	return a.datasets[input-1].rejects
}

// runID names a run by its start and by a hash of what decides its output.
func runID(r *Run) string {
	h := sha256.New()
	hashes := []string{r.Version}
	for _, in := range r.Inputs {
		hashes = append(hashes, in.Dataset, in.SHA256)
	}
	cfg := r.Config
	cfg.Jobs, cfg.Memory = 0, 0
	json.NewEncoder(h).Encode(struct {
		Hashes []string
		Config Config
	}{hashes, cfg})
	return r.Started.UTC().Format("20060102T150405Z") + "-" + hex.EncodeToString(h.Sum(nil)[:4])
}

func (a *audit) timed(stage Stage, f func() error) error {
	start := time.Now()
	if a.options.Progress != nil {
		a.options.Progress(stage, 0, 0)
	}
	err := f()
	if err == nil && a.register != nil {
		if err = a.register.failed(); err != nil {
			err = fmt.Errorf("the register on disk cannot be read: %w", err)
		}
	}
	a.run.Timings = append(a.run.Timings, Timing{string(stage), time.Since(start).Seconds()})
	return err
}

func sortRejects(rejects []ingest.Reject) {
	slices.SortStableFunc(rejects, func(a, b ingest.Reject) int { return int(a.Line - b.Line) })
}
