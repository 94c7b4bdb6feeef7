//go:build !linux

package ingest

import "os"

func willNeed(*os.File, int64, int64) {}
