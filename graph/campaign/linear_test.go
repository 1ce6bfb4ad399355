package campaign

import (
	"fmt"
	"testing"

	"spoor/graph/evidence"
	"spoor/graph/mixture"
)

// heavy is a store of campaigns of all sizes, up to an eighth of it, and of strangers.
func heavy(n int) *made { return world(9, n) }

// alike is one text from many senders under many subjects: it stays many units.
func alike(n int) *made {
	w := newMade(12)
	text := w.text()
	for i := range n {
		one := features(evidence.Text, "t", evidence.SubjectKey, fmt.Sprint("s ", i%(n/20)), evidence.LinkDomain, "d", evidence.MailerCore, "m", evidence.SenderAddress, fmt.Sprint("a ", i%(n/8)))
		w.add("one", Row{At: int64(1_000_000 + i), Sketch: text, Features: one})
	}
	return w
}

// spunByBots is the same by a botnet that all share.
func spunByBots(n int) *made {
	w := newMade(14)
	text := w.text()
	for range n {
		r := w.stranger(false)
		r.Sketch = w.spun(text, 0.4)
		r.Features = append(r.Features, features(evidence.MailerFingerprint, "bot", evidence.SenderAddress, fmt.Sprint("bot ", w.dice.IntN(n/20)))...)
		w.add("", r)
	}
	return w
}

// A campaign that is most of the mail is found: its own size must not make its traits
// everybody's.
func TestDominatingCampaignIsFound(t *testing.T) {
	for _, part := range []int{1, 2, 4} {
		const n = 1200
		w := newMade(14)
		text := w.text()
		for i := range n {
			r, name := w.stranger(false), ""
			if i%part == 0 {
				name = "one"
				r.Sketch = w.spun(text, 0.2)
				r.Features = features(evidence.Text, fmt.Sprint("text ", i), evidence.MailerCore, "bot", evidence.LinkDomain, fmt.Sprint("link ", w.dice.IntN(20)),
					evidence.SubjectKey, fmt.Sprint("subject ", w.dice.IntN(9)), evidence.SenderAddress, fmt.Sprint("bot ", w.dice.IntN(n)), evidence.MessageIDForm, "form")
			}
			w.add(name, r)
		}
		r := w.index(Decisions{}, 0).Cluster()
		most := 0
		for i := range r.Campaigns {
			most = max(most, len(r.Campaigns[i].Members))
		}
		if want := n / part; most < want*95/100 || most > want*105/100 {
			t.Errorf("the largest campaign has %d messages of %d in %d", most, want, n)
		}
	}
}

// Twice the mail takes at most three times the work: linear within 1.5.
// Work is counted, for a clock says as much of the machine as of the program.
func TestWorkGrowsWithTheMail(t *testing.T) {
	const small, times, most = 7_000, 2, 1.5
	for name, make := range map[string]func(int) *made{"heavy-tailed": heavy, "alike": alike, "spun by bots": spunByBots} {
		t.Run(name, func(t *testing.T) {
			work := func(n int) float64 {
				x := make(n).index(Decisions{}, 0)
				return float64(mixture.Run(x.input(x.bursts())).Scored)
			}
			a, b := work(small), work(small*times)
			t.Logf("%d messages: %.0f comparisons, %d messages: %.0f, %.2f of linear", small, a, small*times, b, b/a/times)
			if a == 0 || b > most*times*a {
				t.Errorf("%d messages take %.0f, %d take %.0f", small, a, small*times, b)
			}
		})
	}
}
