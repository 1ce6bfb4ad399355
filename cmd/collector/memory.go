package main

import "spoor/internal/cli"

// memoryGoal is a soft limit of the collector's heap. Without it the garbage of
// large messages is collected late, which hurts a small machine. Below it
// garbage is collected rarely, because most live memory is mail in transit.
const (
	memoryGoal    = 88 << 20
	derivedGoal   = 72 << 20 // the program itself takes some 25 MiB besides
	seldomPercent = 300
	usualPercent  = 100 // Go's own
)

// boundMemory sets the limits of an import.
func boundMemory(env *cli.Env) { env.Memory(memoryGoal, seldomPercent) }

// boundDerivation returns to Go's usual rate of garbage collection. Rows of the
// store are garbage once they were used, unlike mail in transit.
func boundDerivation(env *cli.Env) { env.Memory(derivedGoal, usualPercent) }
