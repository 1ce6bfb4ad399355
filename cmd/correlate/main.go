// Command correlate groups the stored messages into campaigns, and shows,
// explains and exports these.
package main

import (
	"context"
	"os"

	"spoor/internal/cli"
)

func main() { os.Exit(run(context.Background(), cli.System())) }

func run(ctx context.Context, env *cli.Env) int { return cli.Execute(ctx, env, root(env)) }
