package logworld

import (
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"spoor/graph/recipient"
	"spoor/ingest/maillog"
)

// parse reads both servers' logs of a world.
func parse(t *testing.T, w *World) []maillog.Delivery {
	t.Helper()
	var book maillog.Book
	for _, server := range w.Servers() {
		r := maillog.NewReader(maillog.Options{Server: server})
		for d, err := range r.Read(strings.NewReader(w.Log(server)), maillog.File{Name: server, Modified: w.End()}) {
			if err != nil {
				t.Fatal(err)
			}
			book.Put(d)
		}
		for d := range r.Rest() {
			book.Put(d)
		}
		if i := r.Info(); i.Unknown > 0 {
			t.Errorf("%s: %d of %d lines unknown: %v", server, i.Unknown, i.Lines, i.UnknownShapes)
		}
	}
	return book.All()
}

// Goal: 99.9 % of the attempts are right in time, client, sender, recipient and verdict.
func TestAttempts(t *testing.T) {
	for name, change := range map[string]func(*Options){
		"postfix":             func(o *Options) {},
		"postfix, long ids":   func(o *Options) { o.LongIDs, o.Seed = true, 2 },
		"postfix, no filter":  func(o *Options) { o.Filter, o.RFC3339, o.Seed = false, true, 3 },
		"exim":                func(o *Options) { o.Server, o.Seed = Exim, 4 },
		"postfix, three days": func(o *Options) { o.Days, o.Mail, o.Seed = 3, 3000, 5 },
		"agents":              func(o *Options) { o.Style, o.Seed = Agents, 6 },
		"agents, exim":        func(o *Options) { o.Style, o.Server, o.Seed = Agents, Exim, 7 },
	} {
		t.Run(name, func(t *testing.T) {
			o := Small
			change(&o)
			w := New(o)
			r, missing := w.ScoreAttempts(parse(t, w))
			t.Logf("%d of %d attempts: %.4f", r.Right, r.Of, r.Share())
			if r.Share() < 0.999 {
				t.Errorf("%.4f of the attempts right; the first that is not: %+v", r.Share(), missing[:min(1, len(missing))])
			}
		})
	}
}

// Lines that stand a little out of order, twice, or in the wrong one of three files that are read
// backwards cost nothing.
func TestTornLogs(t *testing.T) {
	for name, o := range map[string]Options{
		"postfix": Small,
		"exim":    {Seed: 7, Server: Exim, Days: 1, Users: 300, Mail: 600, Mixture: Small.Mixture},
	} {
		t.Run(name, func(t *testing.T) {
			w := New(o)
			dice := rand.New(rand.NewPCG(1, 2))
			var book maillog.Book
			for _, server := range w.Servers() {
				lines := torn(dice, strings.SplitAfter(w.Log(server), "\n"))
				third := len(lines) / 3
				for _, part := range [][]string{lines[2*third:], lines[:third], lines[third : 2*third], lines[2*third:]} {
					ds, _, err := maillog.ReadAll(strings.NewReader(strings.Join(part, "")), maillog.File{Name: server, Modified: w.End()}, maillog.Options{Server: server})
					if err != nil {
						t.Fatal(err)
					}
					for _, d := range ds {
						book.Put(d)
					}
				}
			}
			r, missing := w.ScoreAttempts(book.All())
			t.Logf("%d of %d attempts: %.4f", r.Right, r.Of, r.Share())
			if r.Share() < 0.999 {
				t.Errorf("%.4f of the attempts right; the first that is not: %+v", r.Share(), missing[:min(1, len(missing))])
			}
		})
	}
}

// torn swaps neighbours within one second and doubles lines.
func torn(dice *rand.Rand, lines []string) (out []string) {
	second := func(l string) string { return l[:min(len(l), len("2006-01-02 15:04:05"))] }
	for i := 1; i < len(lines); i++ {
		if dice.IntN(4) == 0 && second(lines[i]) == second(lines[i-1]) {
			lines[i], lines[i-1] = lines[i-1], lines[i]
		}
	}
	for _, l := range lines {
		out = append(out, l)
		if dice.IntN(20) == 0 {
			out = append(out, l)
		}
	}
	return out
}

func explainer(e *recipient.Explainer) func(string) (string, string, float64) {
	return func(a string) (string, string, float64) {
		x := e.Explain(a)
		return string(x.Kind), x.MadeFrom, x.Sure
	}
}

// recipientWorld has many runs, and ordinary mail for most users.
func recipientWorld(seed uint64, users int) *World {
	return New(Options{Seed: seed, Server: Postfix, Days: 2, Users: users, Mail: 3 * users, Mixture: Mixture{Plain: 30, Coordinated: 4}})
}

// Goals with a list: kind 97 %, user 97 %, damage of no kind left unknown 95 %.
func TestRecipientsWithList(t *testing.T) {
	for _, users := range []int{100, 400, 1000} {
		w := recipientWorld(uint64(users), users)
		s := w.ScoreRecipients(explainer(recipient.New(recipient.Known{Domains: []string{w.Domain}, Users: w.UserList(), Former: w.FormerList()})))
		report(t, users, s)
		if s.Kind.Share() < 0.97 || s.MadeFrom.Share() < 0.97 || s.Left.Share() < 0.95 {
			t.Errorf("%d users: kind %.3f, made from %.3f, left unknown %.3f", users, s.Kind.Share(), s.MadeFrom.Share(), s.Left.Share())
		}
	}
}

// Goals without one: kind 85 %, and 97 % of the claims with 0.9 and more.
func TestRecipientsWithoutList(t *testing.T) {
	for _, users := range []int{100, 400, 1000} {
		w := recipientWorld(uint64(users), users)
		k := recipient.Known{Domains: []string{w.Domain}}
		for _, a := range w.Attempts {
			if a.Verdict == "accepted" {
				k.Accepted = append(k.Accepted, a.Recipient)
			} else {
				k.Refused = append(k.Refused, a.Recipient)
			}
		}
		s := w.ScoreRecipients(explainer(recipient.New(k)))
		report(t, users, s)
		if s.Kind.Share() < 0.85 || s.Claims.Share() < 0.97 {
			t.Errorf("%d users: kind %.3f, claims %.3f", users, s.Kind.Share(), s.Claims.Share())
		}
	}
}

func report(t *testing.T, users int, s RecipientScore) {
	t.Helper()
	round := func(r Right) float64 { return math.Round(1000*r.Share()) / 10 }
	t.Logf("%d users: kind %v %%, made from %v %%, left unknown %v %%, claims %v %% of %d, ties left %v %% of %d", users, round(s.Kind), round(s.MadeFrom), round(s.Left), round(s.Claims), s.Claims.Of, round(s.Tied), s.Tied.Of)
	for _, k := range Kinds {
		if r := s.ByKind[k]; r != nil {
			t.Logf("  %-18s %5.1f %% of %d", k, round(*r), r.Of)
		}
	}
}
