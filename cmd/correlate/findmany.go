package main

import (
	"bufio"
	"context"
	"errors"
	"strings"

	"spoor/internal/cli"
	"spoor/internal/findings"
	"spoor/internal/report/find"
	"spoor/sql/store/campaigns"
)

// Bounds of a list of indicators on standard input: its number, and the bytes
// of a line. All of them are in memory at once.
const (
	maxIndicators    = 100_000
	maxIndicatorLine = 64 << 10
)

// findMany answers for a list of indicators, one a line.
//
// The input is read to its end before the store is opened, so a slow producer
// holds no connection.
func findMany(ctx context.Context, env *cli.Env) error {
	words, err := indicatorLines(ctx, env)
	if err != nil {
		return err
	}
	return withStore(ctx, env, cli.Read, func(ctx context.Context, s *cli.Session) error {
		found, err := findings.FindAll(ctx, campaigns.New(s.DB), words)
		if err != nil {
			return err
		}
		return find.Many(env, words, found)
	})
}

// indicatorLines reads standard input to its end. Empty lines and comments (#)
// are skipped.
//
// Defects are usage errors and name the limit. Bytes that are no UTF-8 are
// replaced, as PostgreSQL refuses them.
func indicatorLines(ctx context.Context, env *cli.Env) (words []string, err error) {
	lines := bufio.NewScanner(cli.UntilDone(ctx, env.Stdin))
	lines.Buffer(nil, maxIndicatorLine)
	for lines.Scan() {
		word := strings.TrimSpace(strings.ToValidUTF8(lines.Text(), "\uFFFD"))
		if word == "" || word[0] == '#' {
			continue
		}
		if len(words) == maxIndicators {
			return nil, cli.Usage("standard input has more than %s indicators", cli.Number(maxIndicators))
		}
		words = append(words, word)
	}
	switch err := lines.Err(); {
	case errors.Is(err, bufio.ErrTooLong):
		return nil, cli.Usage("standard input has a line of more than %s, which is no indicator", cli.Bytes(maxIndicatorLine))
	case err != nil:
		return nil, &cli.Error{Code: cli.InPart, Message: "standard input cannot be read", Err: err}
	case len(words) == 0:
		return nil, env.Nothing("Standard input has no indicator.")
	}
	return words, nil
}
