package main

import (
	"context"
	"fmt"
	"net/netip"
	"time"

	"spoor/enrich"
	"spoor/enrich/guard"
	"spoor/enrich/netblock"
	"spoor/enrich/resolve"
	"spoor/enrich/whois"
	"spoor/internal/domain"
	"spoor/internal/lab/simnet"
	"spoor/sql/store"
	"spoor/sql/store/lookups"
)

// ask looks up all that the mail names, as "collector enrich" does, of the
// world's own DNS and WHOIS on loopback. They have no limits, so nothing waits
// for them. An answer that is still missing at the end is an error: figures
// "with registries" mean with all of them.
func ask(ctx context.Context, st *store.DB, w *simnet.World) error {
	net, err := simnet.Start(ctx, *w)
	if err != nil {
		return err
	}
	defer net.Close()
	asked, done, err := lookupsOf(net)
	if err != nil {
		return err
	}
	defer done()
	q := lookups.New(st).Queue(lookups.Options{Registered: registered})
	if _, err := q.Enqueue(ctx, time.Now()); err != nil {
		return err
	}
	sum, err := enrich.Run(ctx, enrich.Options{Queue: q, Lookups: asked})
	switch {
	case err != nil:
		return err
	case len(sum.Problems) > 0:
		return sum.Problems[0]
	case sum.Claimed == 0 || sum.Claimed != sum.Stored:
		return fmt.Errorf("%d of %d look-ups have no answer", sum.Claimed-sum.Stored, sum.Claimed)
	}
	if n := sum.Outcome(enrich.TimedOut) + sum.Outcome(enrich.Failed) + sum.Outcome(enrich.Throttled); n*100 > sum.Asked() {
		return fmt.Errorf("%d of %d questions to the simulated registries failed", n, sum.Asked())
	}
	return nil
}

// lookupsOf are the look-ups of a world, each task with its own. done frees
// them.
//
// WHOIS only: the simulated RDAP has the same facts, and one of the two is
// enough to measure the gain by registries.
func lookupsOf(net *simnet.Net) (of map[enrich.Task][]enrich.Lookup, done func(), err error) {
	dialer := &guard.Dialer{
		// The guard refuses every other address, so a fault here cannot reach
		// the Internet.
		Configured: []string{net.DNS(), net.WHOIS("")}, Timeout: 15 * time.Second, MaxBytes: guard.MaxAnswer,
		Resolve: func(context.Context, string) ([]netip.Addr, error) {
			return nil, fmt.Errorf("no server but the configured ones")
		},
	}
	names, err := resolve.New(resolve.Options{Servers: []string{net.DNS()}, Dialer: dialer})
	if err != nil {
		return nil, nil, err
	}
	client := &whois.Client{Dialer: dialer, All: net.WHOIS("")}
	return map[enrich.Task][]enrich.Lookup{
		enrich.RegistrationTask: {&whois.Lookup{Client: client}},
		enrich.NamesTask:        {resolve.Names{Client: names}},
		enrich.ReverseTask:      {resolve.Reverse{Client: names}},
		enrich.NetblockTask:     {&netblock.Lookup{WHOIS: client, WHOISOnly: true, Origin: resolve.Origin{Client: names}}},
	}, func() { names.Close() }, nil
}

// registered returns the registered domain of a host name, "" if it has none.
func registered(host string) string {
	n, ok := domain.Parse(host)
	if !ok || n.Malformed {
		return ""
	}
	return n.Registered
}
