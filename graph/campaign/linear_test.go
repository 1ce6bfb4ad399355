package campaign

import (
	"fmt"
	"testing"

	"spoor/graph/evidence"
	"spoor/graph/mixture"
)

// heavy is a store of campaigns of all sizes, up to an eighth of it, and of strangers.
func heavy(n int) *made { return world(9, n) }

func identical(n int) *made {
	w := newMade(12)
	text := w.text()
	for i := range n { // many senders, for one sender's burst is one unit
		one := features(evidence.Text, "t", evidence.SubjectKey, "s", evidence.LinkDomain, "d", evidence.MailerCore, "m", evidence.SenderAddress, fmt.Sprint("a ", i%(n/8)))
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

// Three times the mail takes at most four and a half times the work: linear within 1.5.
// Work is counted, for a clock says as much of the machine as of the program.
func TestWorkGrowsWithTheMail(t *testing.T) {
	const small, times, most = 8_000, 3, 1.5
	for name, make := range map[string]func(int) *made{"heavy-tailed": heavy, "identical": identical, "spun by bots": spunByBots} {
		t.Run(name, func(t *testing.T) {
			work := func(n int) float64 {
				x := make(n).index(Decisions{}, 0)
				return float64(mixture.Run(x.input(x.bursts())).Scored)
			}
			a, b := work(small), work(small*times)
			t.Logf("%d messages: %.0f values scored, %d messages: %.0f, %.2f of linear", small, a, small*times, b, b/a/times)
			if a == 0 || b > most*times*a {
				t.Errorf("%d messages take %.0f, %d take %.0f", small, a, small*times, b)
			}
		})
	}
}
