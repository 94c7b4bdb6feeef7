package main

import (
	"encoding/json"
	"fmt"
	"os"

	"github.com/himozuke/himozuke/normalize/reading/internal/model"
)

// learned is what names kept out of training teach. It is derived from the
// dictionaries and lies with the model that it belongs to.
type learned struct {
	Layers [model.Parts]model.Layer
	Latin  [model.CalibrationKnots]float64
}

// unlearned is what to start from.
func unlearned() (l learned) {
	for i := range l.Latin {
		l.Latin[i] = model.CalibrationFirst + model.CalibrationStep*float64(i)
	}
	return l
}

func readLearned(path string) (l learned, err error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return l, fmt.Errorf("%w; name the file with -layers, or make it with the layers command", err)
	}
	if err := json.Unmarshal(data, &l); err != nil {
		return l, fmt.Errorf("%s: %w", path, err)
	}
	return l, nil
}

func (l learned) write(path string) error {
	data, err := json.Marshal(l)
	if err != nil {
		return err
	}
	return os.WriteFile(path, append(data, '\n'), 0o644)
}
