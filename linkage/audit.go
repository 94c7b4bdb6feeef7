package linkage

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"runtime"
	"slices"
	"time"

	"github.com/himozuke/himozuke/linkage/ingest"
	"github.com/himozuke/himozuke/normalize"
	"github.com/himozuke/himozuke/score"
)

// Options is what an audit needs beside its configuration; none of it changes
// a verdict.
type Options struct {
	Key      []byte // of case ids
	Version  string
	Now      time.Time
	Progress func(stage Stage, done, total int64) // may be nil
}

// Stage is a part of a run, for progress and timings.
type Stage string

// The stages, in order.
const (
	StageRegister Stage = "register"
	StageVerify   Stage = "verify"
	StageSearch   Stage = "search"
	StageDecide   Stage = "decide"
	StageFindings Stage = "findings"
)

// Audit runs the whole pipeline and hands what it finds to the sink.
func Audit(ctx context.Context, cfg Config, o Options, sink Sink) (*Run, error) {
	scheme, ok := normalize.SchemeByName(cfg.Scheme)
	if !ok {
		return nil, fmt.Errorf("scheme %q is not known", cfg.Scheme)
	}
	jobs := cfg.Jobs
	if jobs <= 0 {
		jobs = runtime.GOMAXPROCS(0)
	}
	a := &audit{ctx: ctx, cfg: cfg, options: o, scheme: scheme, jobs: jobs, sink: sink}
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

// audit is one run in progress.
type audit struct {
	ctx     context.Context
	cfg     Config
	options Options
	scheme  normalize.Scheme
	jobs    int
	sink    Sink
	run     *Run

	sources  []*ingest.Source // the register first
	register *register
	datasets []*verification
	decider  *decider
	weigher  *score.Weigher
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
	for _, s := range a.sources {
		s.Close()
	}
}

// judge reads everything and decides; the findings are not written yet.
func (a *audit) judge() error {
	err := a.timed(StageRegister, func() (err error) {
		a.register, err = loadRegister(a.ctx, a.sources[0], a.scheme, a.jobs)
		return err
	})
	if err != nil {
		return err
	}
	model := score.DefaultModel()
	if err := model.Validate(); err != nil {
		return err
	}
	a.weigher = score.NewWeigher(model, a.register.freq)
	err = a.timed(StageVerify, func() error {
		for _, src := range a.sources[1:] {
			v, err := verify(a.ctx, src, a.register, a.weigher, a.scheme, a.jobs)
			if err != nil {
				return err
			}
			a.datasets = append(a.datasets, v)
		}
		return nil
	})
	if err != nil {
		return err
	}
	load := newCaseload(a.register, a.scheme, a.datasets)
	var found []candidate
	err = a.timed(StageSearch, func() error {
		found, a.run.Blocks = load.search(a.weigher, a.jobs)
		return a.ctx.Err()
	})
	if err != nil {
		return err
	}
	return a.timed(StageDecide, func() error {
		a.decider = newDecider(load, a.weigher, found)
		a.decider.decide(&a.cfg, a.jobs)
		return a.ctx.Err()
	})
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
		}
		return nil
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
		decider: a.decider, weigher: a.weigher.Fork(), key: a.options.Key,
		encoder: newEncoder(a.scheme), sources: a.sources[1:],
	}
	c.hypotheses = hypotheses{decider: a.decider, weigher: a.weigher.Fork()}
	for _, s := range a.cfg.Links {
		c.names = append(c.names, s.Dataset)
	}
	return c
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
		if in.Rows != in.Judged+in.Rejected {
			return fmt.Errorf("%s: %d rows in, but %d judged and %d rejected: please report this", in.Path, in.Rows, in.Judged, in.Rejected)
		}
	}
	a.run.ID = runID(a.run)
	return nil
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
	a.run.Timings = append(a.run.Timings, Timing{string(stage), time.Since(start).Seconds()})
	return err
}

func sortRejects(rejects []ingest.Reject) {
	slices.SortStableFunc(rejects, func(a, b ingest.Reject) int { return int(a.Line - b.Line) })
}
