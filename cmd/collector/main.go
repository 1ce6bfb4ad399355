// Command collector imports mail and logs into PostgreSQL, and queries
// registries and DNS about the names in them.
//
// It reads mail and never writes, moves or deletes it. Only run, enrich and
// lookup use the network, and only for resolvers and registries; no host that a
// message names is contacted.
//
// Each command has a file: its flags, the order of its steps, and the exit
// code. The work is done by ingest, enrich and sql/store. Results for programs
// are types named …JSON, declared in programs.go, so that a schema can be
// printed. A signal ends a command after the work in hand is stored.
package main

import (
	"context"
	"os"

	"spoor/internal/cli"
)

func main() { os.Exit(run(context.Background(), cli.System())) }

// run is the program without its process, for tests.
func run(ctx context.Context, env *cli.Env) int { return cli.Execute(ctx, env, root(env)) }
