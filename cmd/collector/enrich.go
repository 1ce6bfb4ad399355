package main

import (
	"context"
	"errors"
	"time"

	"github.com/spf13/cobra"

	"spoor/enrich"
	"spoor/enrich/asking"
	"spoor/internal/cli"
	"spoor/internal/domain"
	"spoor/sql/store/lookups"
)

// enrichFlags are the flags of enrich; run uses some of them.
type enrichFlags struct {
	asking.Settings
	limit  int
	length time.Duration
	watch  bool
	noWait bool
	dryRun bool
}

// enrichCommand defines enrich.
func enrichCommand(env *cli.Env) *cobra.Command {
	var f enrichFlags
	c := &cobra.Command{
		Use:   "enrich",
		Short: "ask registries and DNS about domains and addresses of the mail",
		Example: "  collector enrich --dry-run         the servers it would ask, and how often\n" +
			"  collector enrich --for 10m         the most telling look-ups, for ten minutes",
		Long: "Looks up every registered domain, host name and sender address that the mail holds and that has no fresh answer, " +
			"and stores each answer with its time. No host that a message names is ever contacted: only the resolvers and registries. " +
			"Each server has its own limits, which all processes on the database keep together. Ctrl-C stores the answers received; " +
			"the next run goes on from there. Where work is left at the end (--for, --no-wait), the exit code is 5. Several may run at once, also on several machines. " +
			"A configuration file ($SPOOR_HOME/config or ~/.config/spoor/config) may hold the same words: \"whois HOST:PORT\".",
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return enrichStore(cmd.Context(), env, &f) },
	}
	flags := c.Flags()
	flags.SortFlags = false
	flags.IntVar(&f.limit, "limit", 0, "`N` look up this many, the most telling first")
	flags.DurationVar(&f.length, "for", 0, "`TIME` work for this time at most, as 10m")
	flags.BoolVar(&f.noWait, "no-wait", false, "end where servers want to be left alone\nWithout it the run waits for them while work is left, and asks others meanwhile.")
	flags.BoolVar(&f.watch, "watch", false, "go on waiting for more")
	flags.BoolVar(&f.dryRun, "dry-run", false, "only list the servers it would ask, and how often")
	addAskFlags(&f.Settings, flags)
	return c
}

// enrichStore runs enrich: flags, store, look-ups, result, exit code.
//
// Flags and settings are checked before the store is opened: misuse changes
// nothing and starts no server.
func enrichStore(ctx context.Context, env *cli.Env, f *enrichFlags) (err error) {
	if f.limit < 0 || f.length < 0 {
		return cli.Usage("--limit and --for can't be negative")
	}
	if err := loadSettings(env, &f.Settings); err != nil {
		return err
	}
	session, err := env.OpenStore(ctx, cli.Write)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, session.Close()) }()
	if f.dryRun {
		return dryRun(ctx, env, session, f)
	}
	done, err := enrichSession(ctx, env, session, f)
	if err != nil {
		return err
	}
	if env.ForPrograms() {
		err = env.Result(done.json())
	} else {
		err = done.print(env)
	}
	if err != nil {
		return err
	}
	return done.end()
}

// enriched is the result of a run of look-ups.
//
// queue is the state after the run, over all processes; sum counts this run
// alone.
type enriched struct {
	sum     enrich.Summary
	where   string
	took    time.Duration
	queue   []lookups.Status
	offline bool // there was no network, or --offline forbids it
	gaveUp  bool // nothing could be reached
	stopped bool
	limited bool // by --limit: the rest was not requested
}

// newQueue returns the store's queue, with the names of new mail added.
// Malformed names have no registered domain, so no registry is asked about
// them.
//
// The store does not know the public suffix list, hence the function.
func newQueue(ctx context.Context, env *cli.Env, session *cli.Session) (*lookups.Queue, error) {
	q := lookups.New(session.DB).Queue(lookups.Options{Registered: func(host string) string {
		n, ok := domain.Parse(host)
		if !ok || n.Malformed {
			return ""
		}
		return n.Registered
	}})
	if _, err := q.Enqueue(ctx, env.Now()); err != nil {
		return nil, env.StoreError(err, session.Where)
	}
	return q, nil
}

// enrichSession looks up the due tasks of an open store. After a signal it
// returns the partial result: answers received so far are stored in any case.
func enrichSession(ctx context.Context, env *cli.Env, session *cli.Session, f *enrichFlags) (done *enriched, err error) {
	began := env.Now()
	a, err := newAsking(ctx, env, session, &f.Settings)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, a.Close()) }()
	q, err := newQueue(ctx, env, session)
	if err != nil {
		return nil, err
	}
	done = &enriched{where: a.Where(), limited: f.limit > 0}
	// Without a network every look-up would fail, and be put off for long.
	if !f.watch && !a.Online(ctx) && ctx.Err() == nil {
		done.offline = true
		return done, done.finish(context.WithoutCancel(ctx), env, session, q, began)
	}
	// Look-ups under way may take seconds; the user should know that the signal
	// was seen.
	tell := context.AfterFunc(ctx, func() { env.Notef("\nStopping: answers received are being stored. Once more kills.\n") })
	defer tell()
	o := f.options(a, q)
	if f.watch {
		o.Queue = &refilled{Queue: q, now: env.Now}
	}
	progress := env.StartProgress((&askMeter{env: env, progress: o.Progress}).line)
	defer progress.Stop()
	done.sum, err = enrich.Run(ctx, o)
	progress.Stop()
	switch {
	// A signal during the run also makes look-ups fail. It is told apart by the
	// context, after the loss of the network.
	case errors.Is(err, enrich.ErrNoNetwork):
		done.gaveUp = true
	case ctx.Err() != nil:
		done.stopped = true
	case err != nil:
		return nil, env.StoreError(err, session.Where)
	}
	return done, done.finish(context.WithoutCancel(ctx), env, session, q, began)
}

// giveUpAfter is the time without any answer after which the network counts as
// missing. Configured servers have no such limit.
const giveUpAfter = 8 * time.Second

// options translates the flags. --in-flight is the limit of each lane; the
// total is then 1,024 at least, so that several lanes can use it.
func (f *enrichFlags) options(a *asking.Asking, q *lookups.Queue) enrich.Options {
	o := enrich.Options{
		Queue: q, Lookups: a.Lookups, Limit: f.limit, For: f.length, Watch: f.watch, NoWait: f.noWait, Lease: f.Lease, Progress: new(enrich.Progress),
		Skip: a.Skips,
	}
	if f.InFlight > 0 {
		o.InFlight, o.PerLane = max(f.InFlight, 1024), func(string) int { return f.InFlight }
	}
	if f.Replay == "" && !f.Named() {
		o.GiveUp = giveUpAfter
	}
	return o
}

// refilled is a queue that takes in the names of new mail on each look, for
// --watch.
type refilled struct {
	*lookups.Queue
	now func() time.Time
}

// Lanes adds the names of new mail, then lists the lanes. If there are none
// this costs one query.
func (r *refilled) Lanes(ctx context.Context) (map[string]int, error) {
	if _, err := r.Enqueue(ctx, r.now()); err != nil {
		return nil, err
	}
	return r.Queue.Lanes(ctx)
}

// finish reads the state of the queue after the run. Its context outlives a
// signal.
func (d *enriched) finish(ctx context.Context, env *cli.Env, session *cli.Session, q *lookups.Queue, began time.Time) (err error) {
	d.took = env.Now().Sub(began)
	if d.queue, err = q.Status(ctx); err != nil {
		return env.StoreError(err, session.Where)
	}
	return nil
}

// due counts the tasks that are due now, those of other processes and sources
// included.
func (d *enriched) due() (n int64) {
	for _, s := range d.queue {
		n += s.Due
	}
	return n
}

// check verifies that each claimed task was stored or returned. A run that was
// stopped may have some under way.
func (d *enriched) check() error {
	s := &d.sum
	if s.Claimed == s.Stored+s.Returned || d.stopped {
		return nil
	}
	return &cli.Error{Code: cli.InPart, Message: "some answers could not be stored", Hint: "Run the same command again: they are asked once more."}
}

// end returns the exit code: stopped, a part that failed, or work that is left.
//
// The order is that of urgency. A run that --limit ended did all that it was
// asked to do, and succeeds.
func (d *enriched) end() error {
	switch {
	case d.stopped:
		return cli.Silent(cli.Stopped)
	case d.offline && d.due() > 0, d.gaveUp, len(d.sum.Problems) > 0:
		return cli.Silent(cli.InPart)
	}
	if err := d.check(); err != nil {
		return err
	}
	if d.sum.Left() > 0 && !d.limited {
		return cli.Silent(cli.Unfinished)
	}
	return nil
}
