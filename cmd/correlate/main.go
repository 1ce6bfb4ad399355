// Command correlate works out which stored messages are one campaign, and shows it.
package main

import (
	"context"
	"os"

	"spoor/internal/cli"
)

func main() { os.Exit(run(context.Background(), cli.System())) }

func run(ctx context.Context, env *cli.Env) int { return cli.Execute(ctx, env, root(env)) }
