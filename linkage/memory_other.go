//go:build !linux

package linkage

import "runtime"

// peakMemory is what the runtime has obtained from the system, in bytes.
func peakMemory() int64 {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.Sys)
}

// machineMemory cannot be told here.
func machineMemory() int64 { return 0 }
