package resolve

import (
	"context"
	"slices"
	"sync"
	"testing"
	"time"

	"spoor/enrich"
	"spoor/internal/lab/simnet"
)

// gate lets so many questions through.
type gate struct {
	mu       sync.Mutex
	left     int
	under    int
	outcomes []enrich.Outcome
}

func (g *gate) Wait(_ context.Context, server, _ string) (func(enrich.Outcome), error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.left == 0 {
		return nil, &enrich.BackedOff{Server: server, Until: time.Now().Add(time.Hour), Reason: "quota"}
	}
	g.left--
	g.under++
	return func(o enrich.Outcome) {
		g.mu.Lock()
		defer g.mu.Unlock()
		g.under--
		g.outcomes = append(g.outcomes, o)
	}, nil
}

// A dead zone's silence is no failure of the resolver; the silence of a dead resolver is.
func TestDeadZonesAreNotTheResolversFailures(t *testing.T) {
	for name, w := range map[string]simnet.World{
		"zone":     {Special: map[string]simnet.Behaviour{"www.dead.test": {Fault: simnet.Blackhole}}},
		"resolver": {Default: simnet.Behaviour{Fault: simnet.Blackhole}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			g := &gate{left: 100}
			c := client(t, simnet.New(t, w), func(o *Options) { o.Gate, o.Timeout, o.Tries = g, 100*time.Millisecond, 1 })
			o := look(t, Names{c}, enrich.Host, "www.dead.test")
			if o.Outcome != enrich.TimedOut {
				t.Errorf("%s %q", o.Outcome, o.Detail)
			}
			if failed := slices.Contains(g.outcomes, enrich.TimedOut); failed != (name == "resolver") || len(g.outcomes) == 0 {
				t.Errorf("the gate is told %q", g.outcomes)
			}
		})
	}
}
