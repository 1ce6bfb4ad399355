package cli

import (
	"math"
	"runtime/debug"
)

// Memory sets a soft limit of the heap, in bytes, 0 for none, and the rate of garbage
// collection as GOGC has it, unless the user has set either in the environment.
func (env *Env) Memory(limit int64, percent int) {
	if env.Getenv("GOMEMLIMIT") != "" || env.Getenv("GOGC") != "" {
		return
	}
	if limit == 0 {
		limit = math.MaxInt64
	}
	debug.SetMemoryLimit(limit)
	debug.SetGCPercent(percent)
}
