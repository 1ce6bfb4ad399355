// Command collector turns spam folders into facts in PostgreSQL, and asks registries and
// DNS about what the facts name. It reads mail and never writes, moves or deletes it. Only
// run, enrich and lookup use the network, and only the resolvers and registries.
package main

import (
	"context"
	"os"

	"spoor/internal/cli"
)

func main() { os.Exit(run(context.Background(), cli.System())) }

// run is the program, but for the process around it.
func run(ctx context.Context, env *cli.Env) int { return cli.Execute(ctx, env, root(env)) }
