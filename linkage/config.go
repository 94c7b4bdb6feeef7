package linkage

// Config is everything that decides a run's output besides the data. Its zero
// value is not valid; start from DefaultConfig.
type Config struct {
	Register    Source   `toml:"register"`
	Links       []Source `toml:"links"`
	Scheme      string   `toml:"scheme"`       // jp-mynumber, ee-isikukood, generic
	MaxFDR      float64  `toml:"max_fdr"`      // expected false-discovery rate of the mislinked list
	ReviewFloor float64  `toml:"review_floor"` // p_wrong from which a link goes to review
	MaxRejects  float64  `toml:"max_rejects"`  // share of rejected rows a run accepts
	Jobs        int      `toml:"jobs"`         // does not change the output
	Memory      int64    `toml:"memory"`       // bytes; does not change the output
}

// Source is one file and how to read it.
type Source struct {
	Dataset  string            `toml:"dataset"`
	Path     string            `toml:"path"`
	Encoding string            `toml:"encoding"` // empty: found from the bytes
	Columns  map[string]string `toml:"columns"`  // role → heading, overrides the alias table
}

// DefaultConfig is the configuration of an audit that names no other.
func DefaultConfig() Config {
	return Config{Scheme: "jp-mynumber", MaxFDR: 0.01, ReviewFloor: 0.05, MaxRejects: 0.01}
}
