// Command collector imports spam folders into PostgreSQL, and queries
// registries and DNS about the names in them. It reads mail and never writes,
// moves or deletes it. Only run, enrich and lookup use the network, and only
// for resolvers and registries.
package main

import (
	"context"
	"os"

	"spoor/internal/cli"
)

func main() { os.Exit(run(context.Background(), cli.System())) }

// run is the program without its process, for tests.
func run(ctx context.Context, env *cli.Env) int { return cli.Execute(ctx, env, root(env)) }
