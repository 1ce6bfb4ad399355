package campaign

import (
	"fmt"
	"math"
	"runtime"
	"syscall"
	"testing"
	"time"

	"spoor/graph/evidence"
)

// spent is the time that the program has computed for, on all cores.
func spent() time.Duration {
	var u syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &u) != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// heavy is a store of campaigns of all sizes, up to an eighth of it, and of strangers.
func heavy(n int) *made { return world(9, n) }

func identical(n int) *made {
	w := newMade(12)
	text := w.text()
	one := features(evidence.Text, "t", evidence.SubjectKey, "s", evidence.LinkDomain, "d", evidence.MailerCore, "m", evidence.SenderAddress, "a")
	for i := range n {
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

// Three times the mail takes at most four and a half times as long: linear within 1.5.
func TestTimeGrowsWithTheMail(t *testing.T) {
	const small, times = 8_000, 3
	for name, make := range map[string]func(int) *made{"heavy-tailed": heavy, "identical": identical, "spun by bots": spunByBots} {
		t.Run(name, func(t *testing.T) {
			measure := func(w *made, times int) time.Duration {
				best := time.Duration(math.MaxInt64)
				for range times {
					runtime.GC()
					start := spent()
					w.index(Decisions{}, 0).Cluster()
					best = min(best, spent()-start)
				}
				return best
			}
			a, large := measure(make(small), 1), make(small*times)
			b := measure(large, 1)
			if float64(b) > 1.4*times*float64(a) { // the machine may have been busy
				b = min(b, measure(large, 1))
			}
			t.Logf("%d messages %v, %d messages %v: %.2f of linear", small, a, small*times, b, float64(b)/float64(a)/times)
			if b > time.Duration(1.5*times*float64(a))+100*time.Millisecond {
				t.Errorf("%d messages take %v, %d take %v", small, a, small*times, b)
			}
		})
	}
}
