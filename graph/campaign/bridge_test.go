package campaign

import (
	"flag"
	"fmt"
	"testing"

	"spoor/graph/evidence"
)

var long = flag.Bool("long", false, "all trials of bridges, not a few")

// bridged are two campaigns of so many messages, strangers, and messages by an
// outsider, each with traits that he saw of both: text of one, links and
// account of the other, mailers and subjects of either.
func bridged(seed uint64, size, bridges int) *made {
	w := newMade(seed)
	w.campaign("red", size)
	red := w.rows[len(w.rows)-1]
	w.campaign("green", size)
	green := w.rows[len(w.rows)-1]
	w.strangers(3*size+100, false)
	for i := range bridges {
		r := Row{At: red.At + int64(60*i), Sketch: w.spun(red.Sketch, 0.1), Features: features(evidence.SenderAddress, "outsider", evidence.SenderNet, "outside")}
		for n, from := range []Row{red, green} {
			for _, f := range from.Features {
				switch f.Kind() {
				case evidence.SenderAddress, evidence.SenderNet, evidence.Text:
				case evidence.LinkDomain, evidence.LinkToken:
					r.Features = append(r.Features, f) // of both
				default:
					if (i+n)%2 == 0 {
						r.Features = append(r.Features, f)
					}
				}
			}
		}
		w.add(fmt.Sprint("bridge ", i), r)
	}
	return w
}

// One outsider's twenty messages glue no two campaigns. Of campaigns of ten, which they
// outnumber, three in ten trials are still glued; more is a step back.
func TestBridgesGlueNothing(t *testing.T) {
	sizes, trials := []int{20, 40, 150}, 2
	if *long {
		sizes, trials = []int{10, 20, 40, 80, 120, 180, 250}, 10
	}
	all, glued, small := 0, 0, 0
	for _, size := range sizes {
		for trial := range uint64(trials) {
			w := bridged(uint64(size)*100+trial, size, 20)
			r := w.index(Decisions{}, 0).Cluster()
			all++
			for i := range r.Campaigns {
				has := make(map[string]int)
				for _, m := range r.Campaigns[i].Members {
					has[w.truth[m.Key]]++
				}
				if has["red"] > 0 && has["green"] > 0 {
					glued++
					if small++; size <= 10 && small <= 3 {
						continue
					}
					t.Errorf("size %d, trial %d: a campaign of %d of one and %d of the other", size, trial, has["red"], has["green"])
				}
			}
		}
	}
	t.Logf("%d of %d trials glued", glued, all)
}
