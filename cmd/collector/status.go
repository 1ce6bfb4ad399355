package main

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"spoor/ingest"
	"spoor/internal/cli"
	"spoor/internal/openmetrics"
	"spoor/sql/store/campaigns"
	"spoor/sql/store/facts"
)

// statusCommand defines status.
func statusCommand(env *cli.Env) *cobra.Command {
	metrics := false
	c := &cobra.Command{
		Use:     "status",
		Short:   "summarise the store on one screen",
		Example: "  collector status\n  collector status --json\n  collector status --metrics > spoor.prom   for Prometheus",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if metrics && env.ForPrograms() {
				return cli.Usage("--metrics is a format of its own: give no other")
			}
			return status(cmd.Context(), env, metrics)
		},
	}
	c.Flags().BoolVar(&metrics, "metrics", false, "print metrics in the OpenMetrics format")
	return c
}

// status reads the state of the store and prints it: for people, as JSON or as
// metrics. It changes nothing.
//
// The reads are separate statements: a concurrent import may make their numbers
// differ by some messages.
//
// It asks no server and enqueues nothing, so it may run every minute from a
// monitor.
func status(ctx context.Context, env *cli.Env, metrics bool) (err error) {
	s, err := env.OpenStore(ctx, cli.Read)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	sum, err := facts.New(s.DB).Summary(ctx)
	if err != nil {
		return env.StoreError(err, s.Where)
	}
	last, err := campaigns.New(s.DB).LastRun(ctx)
	if err != nil {
		return env.StoreError(err, s.Where)
	}
	look, err := readLookups(ctx, s)
	if err != nil {
		return env.StoreError(err, s.Where)
	}
	switch {
	case metrics:
		m, err := measure(ctx, env, s, sum, last, look)
		if err != nil {
			return env.StoreError(err, s.Where)
		}
		return openmetrics.Write(env.Stdout, m.families())
	case env.ForPrograms():
		j := newStatusJSON(env.Version, s, sum, last)
		j.Lookups = look.json()
		return env.Result(j)
	}
	if err := printStatus(env, s, sum, last); err != nil {
		return err
	}
	return look.print(env)
}

// printStatus prints the state of the store; lines without a value are left
// out.
//
// Each number that calls for an action has the command behind it.
func printStatus(env *cli.Env, s *cli.Session, sum facts.Summary, last campaigns.LastRun) error {
	kind := "PostgreSQL " + firstWord(sum.Server)
	if s.Private {
		kind += " private"
	}
	if err := env.Printf("%s\n", env.Text(fmt.Sprintf("Spoor %s   %s   %s   schema %d", env.Version, s.Where, kind, sum.Schema))); err != nil {
		return err
	}
	return labelled(env, [][2]string{
		{"messages", fmt.Sprintf("%s   %s spam, %s ham", cli.Number(sum.Messages), cli.Number(sum.Spam), cli.Number(sum.Ham))},
		{"received", cli.Span(sum.First, sum.Last)},
		{"raw kept", rawText(sum)},
		{"places", fmt.Sprintf("%s in %s", cli.Number(sum.Places), cli.Count(sum.Sources, "source", ""))},
		{"imports", fmt.Sprintf("%s   last %s", cli.Number(sum.Imports), env.Ago(sum.LastImport))},
		{"campaigns", campaignsText(env, last)},
		{"failures", failuresText(sum.Failures)},
		{"old facts", oldText(sum.OldExtractor)},
		{"disk", cli.Bytes(sum.DatabaseBytes)},
	})
}

// rawText says how many messages have their bytes stored.
func rawText(sum facts.Summary) string {
	if sum.RawMessages == sum.Messages {
		return "all"
	}
	return fmt.Sprintf("%s of %s", cli.Number(sum.RawMessages), cli.Number(sum.Messages))
}

// campaignsText describes the last run and how many messages are newer.
func campaignsText(env *cli.Env, last campaigns.LastRun) string {
	if last.Run == 0 {
		return "not looked for yet: correlate"
	}
	text := fmt.Sprintf("%s   run %d, %s", cli.Number(last.Campaigns), last.Run, env.Ago(last.Finished))
	if newer := last.Stored - last.Messages; newer > 0 {
		return text + ", " + cli.Count(newer, "message is", "messages are") + " newer: correlate"
	}
	return text + ", all messages used"
}

// failuresText is the number of failures, with the command that lists them.
func failuresText(n int64) string {
	if n == 0 {
		return "0"
	}
	return cli.Number(n) + "   collector failures"
}

// oldText counts facts of older extractors, with the command that renews them.
func oldText(n int64) string {
	if n == 0 {
		return ""
	}
	return cli.Count(n, "message has", "messages have") + " facts of an older extractor: collector reparse"
}

// statusJSON is the output of status.
//
// Times are null where there is none yet.
type statusJSON struct {
	Version   string       `json:"version"`
	Extractor int          `json:"extractor"`
	Store     storeJSON    `json:"store"`
	Server    string       `json:"server"`
	Schema    int64        `json:"schema"`
	Messages  int64        `json:"messages"`
	Spam      int64        `json:"spam"`
	Ham       int64        `json:"ham"`
	Raw       int64        `json:"raw_messages"`
	Old       int64        `json:"old_extractor"`
	Places    int64        `json:"places"`
	Sources   int64        `json:"sources"`
	Imports   int64        `json:"imports"`
	LastAt    *time.Time   `json:"last_import"`
	Failures  int64        `json:"failures"`
	Received  receivedJSON `json:"received"`
	Bytes     int64        `json:"database_bytes"`
	Run       int64        `json:"correlation_run,omitempty"`
	Campaigns int64        `json:"campaigns"`
	Members   int64        `json:"campaign_members"`
	Lookups   lookupsJSON  `json:"lookups"`
}

// newStatusJSON fills all but the look-ups.
func newStatusJSON(version string, s *cli.Session, sum facts.Summary, last campaigns.LastRun) statusJSON {
	return statusJSON{
		Version: version, Extractor: ingest.ExtractorVersion, Store: storePlaceJSON(s),
		Server: sum.Server, Schema: sum.Schema, Messages: sum.Messages, Spam: sum.Spam, Ham: sum.Ham,
		Raw: sum.RawMessages, Old: sum.OldExtractor, Places: sum.Places, Sources: sum.Sources,
		Imports: sum.Imports, LastAt: cli.Time(sum.LastImport), Failures: sum.Failures,
		Received: receivedJSON{First: cli.Time(sum.First), Last: cli.Time(sum.Last)},
		Bytes:    sum.DatabaseBytes, Run: last.Run, Campaigns: last.Campaigns, Members: last.Members,
	}
}

// firstWord drops a distribution's addition: "15.18 (Debian 15.18-0+deb12u1)".
func firstWord(s string) string {
	word, _, _ := strings.Cut(s, " ")
	return word
}
