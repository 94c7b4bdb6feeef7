package score

import (
	"encoding/json"
	"fmt"
	"strings"
)

// modelJSON is a model for people: every cell by its name, figures rounded to
// what they are worth.
type modelJSON struct {
	Family    map[string]Probability `json:"family"`
	Given     map[string]Probability `json:"given"`
	Birth     map[string]Probability `json:"birth"`
	Sex       map[string]Probability `json:"sex"`
	SexOfName map[string]Probability `json:"sex_where_given_agrees"`
	Address   map[string]Probability `json:"address"`
	OtherForm float64                `json:"other_form"`
	OtherRead float64                `json:"other_reading"`
}

// MarshalJSON writes every cell under its name.
func (m *Model) MarshalJSON() ([]byte, error) {
	j := modelJSON{
		Family: map[string]Probability{}, Given: map[string]Probability{}, Birth: levelsToNames(&m.Birth),
		Sex: levelsToNames(&m.Sex), SexOfName: levelsToNames(&m.SexGivenAgrees), Address: levelsToNames(&m.Address),
		OtherForm: m.OtherForm, OtherRead: m.OtherReading,
	}
	for _, known := range nameKnowns {
		known.each(func(k, n class) {
			name := cellName(k, n)
			j.Family[name] = m.Family[k][n]
			j.Given[name] = m.Given[k][n]
		})
	}
	return json.Marshal(j)
}

// UnmarshalJSON reads what MarshalJSON wrote; a cell that is missing or not
// known is an error, because a silent default would change verdicts.
func (m *Model) UnmarshalJSON(text []byte) error {
	var j modelJSON
	decoder := json.NewDecoder(strings.NewReader(string(text)))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&j); err != nil {
		return err
	}
	read := Model{OtherForm: j.OtherForm, OtherReading: j.OtherRead}
	for _, part := range []struct {
		name  string
		cells map[string]Probability
		table *NamePart
	}{{"family", j.Family, &read.Family}, {"given", j.Given, &read.Given}} {
		seen := 0
		var missing error
		for _, known := range nameKnowns {
			known.each(func(k, n class) {
				p, ok := part.cells[cellName(k, n)]
				if !ok && missing == nil {
					missing = fmt.Errorf("%s: the cell %q is missing", part.name, cellName(k, n))
				}
				seen++
				part.table[k][n] = p
			})
		}
		if missing != nil {
			return missing
		}
		if seen != len(part.cells) {
			return fmt.Errorf("%s: %d cells, want %d", part.name, len(part.cells), seen)
		}
	}
	for _, t := range []struct {
		name  string
		cells map[string]Probability
		table *[levels]Probability
		like  [levels]Probability
	}{
		{"birth", j.Birth, &read.Birth, DefaultModel().Birth},
		{"sex", j.Sex, &read.Sex, DefaultModel().Sex},
		{"sex_where_given_agrees", j.SexOfName, &read.SexGivenAgrees, DefaultModel().SexGivenAgrees},
		{"address", j.Address, &read.Address, DefaultModel().Address},
	} {
		if err := levelsFromNames(t.cells, t.table, &t.like); err != nil {
			return fmt.Errorf("%s: %w", t.name, err)
		}
	}
	*m = read
	return m.Validate()
}

func cellName(k, n class) string { return "kanji=" + classNames[k] + " kana=" + classNames[n] }

func levelsToNames(t *[levels]Probability) map[string]Probability {
	out := map[string]Probability{}
	for l, p := range t {
		if p != (Probability{}) {
			out[Level(l).String()] = p
		}
	}
	return out
}

func levelsFromNames(cells map[string]Probability, to, like *[levels]Probability) error {
	seen := 0
	for l := range like {
		if like[l] == (Probability{}) {
			continue
		}
		p, ok := cells[Level(l).String()]
		if !ok {
			return fmt.Errorf("the level %q is missing", Level(l))
		}
		to[l] = p
		seen++
	}
	if seen != len(cells) {
		return fmt.Errorf("%d levels, want %d", len(cells), seen)
	}
	return nil
}
