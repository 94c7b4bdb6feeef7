package linkage

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"slices"
	"time"

	"github.com/himozuke/himozuke/score"
)

// modelFormat is the version of the file; a reader refuses others.
const modelFormat = 2

// ModelFile is a trained model that can be kept: what each dataset's weights
// come from, and how it was learned.
type ModelFile struct {
	Format   int                     `json:"format"`
	Program  string                  `json:"program"`
	Trained  string                  `json:"trained,omitempty"` // time
	Inputs   map[string]string       `json:"inputs,omitempty"`  // dataset → SHA-256
	Datasets map[string]DatasetModel `json:"datasets"`
}

// DatasetModel is the model of one dataset and where it comes from.
type DatasetModel struct {
	Training  score.Training         `json:"training"`
	Decisions *DecisionUse           `json:"decisions,omitempty"` // of reviewers, that it was learned from too
	Priors    map[string]TaughtPrior `json:"priors,omitempty"`    // of causes, as decisions corrected them
	Model     *score.Model           `json:"model"`
}

// has tells whether the file has a model of the dataset; no file has none.
func (f *ModelFile) has(dataset string) bool {
	if f == nil {
		return false
	}
	_, ok := f.Datasets[dataset]
	return ok
}

// trainDataset learns from the patterns that verification counted. A model
// that could not be learned is the default one.
func trainDataset(v *verification) DatasetModel {
	return trainTaught(v, &lessons{})
}

// trainTaught learns from the patterns and from what reviewers decided.
func trainTaught(v *verification, l *lessons) DatasetModel {
	m, t := score.TrainConfirmed(v.patterns, v.random, l.confirmed, score.DefaultModel())
	if !t.Converged {
		m = score.DefaultModel()
	}
	return DatasetModel{Training: t, Decisions: l.use, Priors: l.priors, Model: m}
}

// ReadModel reads a model file.
func ReadModel(path string) (*ModelFile, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("%w; check the path of --model", err)
	}
	f := &ModelFile{}
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(f); err != nil {
		return nil, fmt.Errorf("%s: %w; make it anew with himozuke train", path, err)
	}
	if f.Format != modelFormat {
		return nil, fmt.Errorf("%s: format %d, this program reads %d; make it anew with himozuke train", path, f.Format, modelFormat)
	}
	for name, d := range f.Datasets {
		if d.Model == nil {
			return nil, fmt.Errorf("%s: the dataset %q has no model; make it anew with himozuke train", path, name)
		}
		if err := d.check(); err != nil {
			return nil, fmt.Errorf("%s: the dataset %q: %w; make it anew with himozuke train", path, name, err)
		}
	}
	return f, nil
}

// Write writes the file for people to read.
func (f *ModelFile) Write(path string) error {
	text, err := json.MarshalIndent(f, "", "  ")
	if err != nil {
		return err
	}
	return os.WriteFile(path, append(text, '\n'), 0o600)
}

// Names lists the datasets in order.
func (f *ModelFile) Names() []string { return slices.Sorted(maps.Keys(f.Datasets)) }

// Train learns a model without auditing: it reads the register and the links,
// compares each with its holder and, so that links of others are not learned as
// odd right ones, looks for who else they could describe. What reviewers decided
// about earlier runs is learned from too, where it is given.
func Train(ctx context.Context, cfg Config, o Options, decisions Decisions) (*ModelFile, error) {
	cfg.SelfCheck = false
	a, err := newAudit(ctx, cfg, o, nil)
	if err != nil {
		return nil, err
	}
	defer a.close()
	if err := a.open(); err != nil {
		return nil, err
	}
	if err := a.load(); err != nil {
		return nil, err
	}
	if err := a.timed(StageVerify, a.verify); err != nil {
		return nil, err
	}
	f := &ModelFile{
		Format: modelFormat, Program: o.Version, Trained: a.run.Started.UTC().Format(time.RFC3339),
		Inputs: map[string]string{}, Datasets: map[string]DatasetModel{},
	}
	for i, in := range a.run.Inputs {
		f.Inputs[in.Dataset] = a.sources[i].SHA256()
	}
	for i, v := range a.datasets {
		l, err := a.learn(i, decisions)
		if err != nil {
			return nil, err
		}
		m := trainTaught(v, l)
		if err := m.Model.Validate(); err != nil {
			m.Training.Converged, m.Training.Reason = false, err.Error()
		}
		f.Datasets[cfg.Links[i].Dataset] = m
		a.frozen = append(a.frozen, !m.Training.Converged)
		a.confirmed = append(a.confirmed, l.confirmed)
		a.weighers = append(a.weighers, score.NewWeigher(m.Model, a.register.freq))
	}
	a.run.Model = f
	load := newCaseload(a.register, a.scheme, a.datasets, a.weighers, nil)
	found, _ := load.search(a.jobs)
	a.decide(load, found)
	return f, a.ctx.Err()
}
