package logworld

import (
	"hash/fnv"
	"strings"
	"testing"

	"spoor/graph/spamrun"
	"spoor/ingest/maillog"
)

// arrivals makes of each transaction what the correlator makes of it.
func arrivals(all []maillog.Delivery) (out []spamrun.Arrival) {
	for i := range all {
		d := &all[i]
		if d.Direction != maillog.In || len(d.Recipients) == 0 {
			continue
		}
		a := spamrun.Arrival{Message: int64(i + 1), Sender: d.Client, ReturnPath: "<>", HELO: d.HELO, ReverseName: d.ReverseName}
		if d.ReturnPath != "" {
			a.ReturnPath = d.ReturnPath
		}
		for _, r := range d.Recipients {
			at := r.At.Unix()
			if a.At == 0 || at < a.At {
				a.At = at
			}
			a.Until = max(a.Until, at)
			h := fnv.New64a()
			h.Write([]byte(a.ReturnPath + " " + strings.ToLower(r.Address)))
			a.Tried++
			a.Tries = append(a.Tries, h.Sum64())
			switch {
			case r.Verdict == maillog.Refused:
				a.Bad++
			case r.Verdict == maillog.Deferred:
				a.PutOff = append(a.PutOff, h.Sum64())
			}
		}
		out = append(out, a)
	}
	return out
}

// What is demanded of each kind, and of groups. Senders of the style Contacts come back at
// times that are wholly random: where their silences are long, nobody can tell one slow run
// from two short ones, so less is asked of slow ones.
var (
	demanded = map[string]float64{"plain": 0.98, "refused_only": 0.98, "paired": 0.98, "greylisted": 0.98, "slow": 0.95, "hijacked": 0.85, "coordinated": 0.98, "groups": 0.85}
	contacts = map[string]float64{"plain": 0.98, "refused_only": 0.98, "paired": 0.95, "greylisted": 0.98, "slow": 0.55, "hijacked": 0.85, "coordinated": 0.98, "groups": 0.78}
)

// TestRuns scores the finder of runs by kind.
func TestRuns(t *testing.T) {
	for name, o := range runWorlds {
		t.Run(name, func(t *testing.T) {
			w := New(o)
			all := parse(t, w)
			found := map[int64]spamrun.Run{}
			of := map[int64]int64{}
			for _, r := range spamrun.Find(arrivals(all)) {
				if r.Wanted {
					continue
				}
				found[r.ID] = r
				for _, m := range r.Messages {
					of[m] = r.ID
				}
			}
			s := w.ScoreRuns(all, func(i int) (int64, int64) { id := of[int64(i+1)]; return id, found[id].Coordinated })
			asked := demanded
			if o.Style == Contacts {
				asked = contacts
			}
			s.ByKind["groups"] = s.Groups
			for kind, want := range asked {
				f := s.ByKind[kind]
				if f.Truth == 0 {
					t.Fatalf("no runs of kind %s", kind)
				}
				t.Logf("%-13s F1 %.3f, recall %.3f, precision %.3f of %d", kind, f.F1(), f.Recall(), f.Precision(), f.Truth)
				if f.F1() < want {
					t.Errorf("%s: F1 %.3f, want %.2f", kind, f.F1(), want)
				}
			}
			t.Logf("ordinary mail in a run %.4f; spam in none %.4f", s.Ordinary.Share(), s.Missed.Share())
			if s.Ordinary.Share() >= 0.01 {
				t.Errorf("%.4f of the ordinary mail is in a run", s.Ordinary.Share())
			}
		})
	}
}

var mixture = Mixture{Plain: 12, RefusedOnly: 6, Paired: 6, Slow: 6, Hijacked: 6, Coordinated: 4, Greylisted: 6}

var runWorlds = map[string]Options{
	"postfix": {Seed: 101, Server: Postfix, Days: 3, Users: 600, Mail: 1500, Mixture: mixture},
	"exim":    {Seed: 102, Server: Exim, Days: 3, Users: 600, Mail: 1500, Mixture: mixture},
	"busy":    {Seed: 103, Server: Postfix, Days: 2, Users: 600, Mail: 20000, Mixture: mixture, Style: Contacts},
	"other":   {Seed: 104, Server: Postfix, Days: 3, Users: 600, Mail: 3000, Mixture: mixture, Style: Contacts},
	// These seeds were not looked at while the finder was made.
	"held out":          {Seed: 9001, Server: Postfix, Days: 4, Users: 600, Mail: 2000, Mixture: mixture},
	"held out exim":     {Seed: 9002, Server: Exim, Days: 4, Users: 600, Mail: 2000, Mixture: mixture},
	"held out contacts": {Seed: 9003, Server: Exim, Days: 4, Users: 600, Mail: 3000, Mixture: mixture, Style: Contacts},
}
