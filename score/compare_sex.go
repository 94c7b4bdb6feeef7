package score

import "github.com/himozuke/himozuke/normalize"

// CompareSex is Exact, Different, or Unknown when either is not known.
func CompareSex(a, b normalize.Sex) Level {
	switch {
	case a == normalize.SexUnknown || b == normalize.SexUnknown:
		return Unknown
	case a == b:
		return Exact
	}
	return Different
}
