// Command correlate groups the stored messages into campaigns, and shows,
// explains, corrects and exports these.
//
// Each command has a file: its flags, the order of reading and printing, and
// the exit code. Results are read by internal/findings, explain and deciding,
// and printed by internal/report; the command passes one to the other. Without
// a subcommand it runs the correlator, which is the only step that takes long.
package main

import (
	"context"
	"os"

	"spoor/internal/cli"
)

func main() { os.Exit(run(context.Background(), cli.System())) }

func run(ctx context.Context, env *cli.Env) int { return cli.Execute(ctx, env, root(env)) }
