//go:build permissive

package reading

import _ "embed"

// The model learned without share-alike sources: permissive/NOTICE.
//
//go:embed permissive/model.bin
var embedded string

// complete says that the embedded model knows the rarer names.
const complete = false
