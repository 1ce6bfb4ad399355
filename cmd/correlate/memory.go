package main

import (
	"runtime/debug"

	"spoor/internal/cli"
)

// oftenPercent is the rate of garbage collection while campaigns are found. Most of the memory
// then stays in use to the end, so that Go's usual rate would double it for little garbage.
const oftenPercent = 50

// boundMemory sets the rate, unless the user has set some limit in the environment.
func boundMemory(env *cli.Env) {
	if env.Getenv("GOMEMLIMIT") == "" && env.Getenv("GOGC") == "" {
		debug.SetGCPercent(oftenPercent)
	}
}
