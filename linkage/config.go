package linkage

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"os"
	"regexp"
	"runtime"
	"strconv"

	"github.com/pelletier/go-toml/v2"

	"github.com/himozuke/himozuke/normalize"
)

// Config is everything that decides a run's output besides the data. Its zero
// value is not valid; start from DefaultConfig.
type Config struct {
	Register        Source   `toml:"register"`
	Links           []Source `toml:"links"`
	Scheme          string   `toml:"scheme"`                  // jp-mynumber, ee-isikukood, generic
	MaxFDR          float64  `toml:"max_fdr"`                 // expected false-discovery rate of the mislinked list
	ReviewFloor     float64  `toml:"review_floor"`            // p_wrong from which a link goes to review
	ReviewBudget    int      `toml:"review_budget"`           // most links in review, the likeliest; 0 is no limit
	ReviewAmbiguous bool     `toml:"review_ambiguous"`        // links that nothing can decide go to review, however unlikely it is that they are wrong
	MaxRejects      float64  `toml:"max_rejects"`             // share of rejected rows a run accepts
	SelfCheck       bool     `toml:"self_check"`              // seeded faults and decoys; does not change verdicts
	RulesFile       string   `toml:"rules" json:",omitempty"` // decision table of rule_class; empty: the built-in one
	Rules           Rules    `toml:"-" json:",omitempty"`     // what the file holds; nil is the built-in table
	Jobs            int      `toml:"jobs"`                    // does not change the output
	Memory          Size     `toml:"memory"`                  // resident; 0 is most of the machine; does not change the output
}

// MemoryLimit is how much a run may take: what was asked for, else six tenths of
// the machine.
func (c *Config) MemoryLimit() int64 {
	if c.Memory > 0 {
		return int64(c.Memory)
	}
	if all := machineMemory(); all > 0 {
		return all / 10 * 6
	}
	return math.MaxInt64
}

// workers is how many there are: what was asked for, else one a processor.
func (c *Config) workers() int {
	if c.Jobs > 0 {
		return c.Jobs
	}
	return runtime.GOMAXPROCS(0)
}

// Size is a number of bytes, written like 4GiB.
type Size int64

var sizePattern = regexp.MustCompile(`^([0-9]+(?:\.[0-9]+)?) ?(?:([KMGT])(i?)B?|B)?$`)

// UnmarshalText reads 4GiB, 500 MB, 1.5G or plain bytes: KiB to TiB are powers
// of 1024, and so are K to T; KB to TB are powers of 1000.
func (s *Size) UnmarshalText(text []byte) error {
	m := sizePattern.FindSubmatch(text)
	if m == nil {
		return fmt.Errorf("%q is not a size: write it like 4GiB", text)
	}
	n, err := strconv.ParseFloat(string(m[1]), 64)
	if err != nil {
		return err
	}
	base := 1024.0
	if len(m[2]) > 0 && len(m[3]) == 0 && text[len(text)-1] == 'B' {
		base = 1000
	}
	if len(m[2]) > 0 {
		n *= math.Pow(base, float64(1+bytes.IndexByte([]byte("KMGT"), m[2][0])))
	}
	*s = Size(n)
	return nil
}

// UnmarshalJSON reads plain bytes, as they are written.
func (s *Size) UnmarshalJSON(text []byte) error { return json.Unmarshal(text, (*int64)(s)) }

// Source is one file and how to read it.
type Source struct {
	Dataset  string            `toml:"dataset"`
	Path     string            `toml:"path"`
	Encoding string            `toml:"encoding"` // empty: found from the bytes
	Columns  map[string]string `toml:"columns"`  // role → heading, overrides the alias table
}

// DefaultConfig is the configuration of an audit that names no other.
func DefaultConfig() Config {
	return Config{Scheme: "jp-mynumber", MaxFDR: 0.01, ReviewFloor: 0.05, MaxRejects: 0.01, ReviewAmbiguous: true, SelfCheck: true}
}

// ReadConfig reads a TOML file over the defaults. A key that is not known is
// an error: a misspelt threshold must not silently keep its default.
func ReadConfig(path string) (Config, error) {
	c := DefaultConfig()
	text, err := os.ReadFile(path)
	if err != nil {
		return c, fmt.Errorf("%s: %w; check the path of --config", path, errors.Unwrap(err))
	}
	decoder := toml.NewDecoder(bytes.NewReader(text)).DisallowUnknownFields()
	if err := decoder.Decode(&c); err != nil {
		var strict *toml.StrictMissingError
		var syntax *toml.DecodeError
		switch {
		case errors.As(err, &strict) && len(strict.Errors) > 0:
			row, column := strict.Errors[0].Position()
			return c, fmt.Errorf("%s:%d:%d: the key %q is not known; see docs/formats.md", path, row, column, joinKey(strict.Errors[0].Key()))
		case errors.As(err, &syntax):
			row, column := syntax.Position()
			return c, fmt.Errorf("%s:%d:%d: %s", path, row, column, syntax.Error())
		}
		return c, fmt.Errorf("%s: %w", path, err)
	}
	return c, nil
}

func joinKey(key toml.Key) string {
	var b []byte
	for i, part := range key {
		if i > 0 {
			b = append(b, '.')
		}
		b = append(b, part...)
	}
	return string(b)
}

// Validate reports the first value that cannot be.
func (c *Config) Validate() error {
	if _, ok := normalize.SchemeByName(c.Scheme); !ok {
		return fmt.Errorf("the number scheme %q is not known; say jp-mynumber, ee-isikukood or generic", c.Scheme)
	}
	for _, share := range []struct {
		name  string
		value float64
	}{{"max_fdr", c.MaxFDR}, {"review_floor", c.ReviewFloor}, {"max_rejects", c.MaxRejects}} {
		if !(share.value >= 0 && share.value <= 1) {
			return fmt.Errorf("%s %g is not a share between 0 and 1", share.name, share.value)
		}
	}
	if c.ReviewBudget < 0 {
		return fmt.Errorf("review_budget %d is negative; 0 is no limit", c.ReviewBudget)
	}
	if c.Jobs < 0 {
		return fmt.Errorf("jobs %d is negative", c.Jobs)
	}
	seen := map[string]bool{"register": true}
	for _, l := range c.Links {
		if seen[l.Dataset] {
			return fmt.Errorf("the dataset name %q stands twice or is reserved; give each linked file its own", l.Dataset)
		}
		seen[l.Dataset] = true
	}
	return nil
}
