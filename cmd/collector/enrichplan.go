package main

import (
	"context"

	"spoor/enrich/asking"
	"spoor/internal/cli"
)

// dryRun lists the servers of a run. It sends no query, and changes only the
// queue.
//
// The queue is filled as in a real run. Otherwise the first plan of a new store
// would be empty.
func dryRun(ctx context.Context, env *cli.Env, session *cli.Session, f *enrichFlags) error {
	s := f.Settings
	s.Record, s.Bootstrap = "", "" // a recording makes files, a bootstrap may be on the network
	a, err := newAsking(ctx, env, session, &s)
	if err != nil {
		return err
	}
	defer a.Close()
	q, err := newQueue(ctx, env, session)
	if err != nil {
		return err
	}
	// With --limit only the best tasks count, as in the run that is planned.
	lanes, err := q.Lanes(ctx)
	if err == nil && f.limit > 0 {
		lanes, err = q.Best(ctx, f.limit, a.Skips)
	}
	if err != nil {
		return env.StoreError(err, session.Where)
	}
	plans := a.Plan(lanes)
	if env.ForPrograms() {
		return writePlanJSON(env, plans)
	}
	return printPlan(env, plans)
}

// planJSON is the output of enrich --dry-run.
type planJSON struct {
	Lookups int64         `json:"lookups"`
	Seconds float64       `json:"seconds_at_least"`
	Plans   []asking.Plan `json:"plans"`
}

// writePlanJSON prints the plan for programs.
func writePlanJSON(env *cli.Env, plans []asking.Plan) error {
	lookups, least := asking.Total(plans)
	return env.Result(planJSON{lookups, least.Seconds(), plans})
}

// printPlan prints the number of look-ups for each server, and the least time
// that the servers' limits allow.
func printPlan(env *cli.Env, plans []asking.Plan) error {
	if len(plans) == 0 {
		return env.Printf("Nothing is due. Nothing was asked.\n")
	}
	t := env.Table(cli.Column{Title: "source"}, cli.Column{Title: "server", Flex: true}, cli.Column{Title: "look-ups", Right: true}, cli.Column{Title: "at most", Right: true})
	for _, p := range plans {
		t.Row(p.Source, p.Server, cli.Number(p.Count), p.Rate)
	}
	if err := t.Print(); err != nil {
		return err
	}
	lookups, least := asking.Total(plans)
	return env.Printf("\n%s at %s; their limits allow for it in %s.\nNothing was asked. A thin answer leads on to the registrar's server, and names to\ntheir addresses, which are not counted here.\n",
		cli.Count(lookups, "look-up", ""), cli.Count(len(plans), "server", ""), cli.Duration(least))
}
