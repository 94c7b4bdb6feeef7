//go:build !permissive

package reading

import _ "embed"

// The model learned from all sources, under its own licence: edrdg/NOTICE.md.
//
//go:embed edrdg/model.bin
var embedded string

// complete says that the embedded model knows the rarer names.
const complete = true
