package enrich_test

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"spoor/enrich"
)

// counting is a Queue without end whose claims cost nothing.
type counting struct {
	lane  string
	names []enrich.Claim
	next  int
}

func (q *counting) Claim(_ context.Context, _ string, n int, _ time.Duration) ([]enrich.Claim, error) {
	out := make([]enrich.Claim, n)
	for i := range out {
		out[i] = q.names[q.next%len(q.names)]
		q.next++
	}
	return out, nil
}
func (q *counting) Lanes(context.Context) (map[string]int, error) {
	return map[string]int{q.lane: 1000}, nil
}
func (q *counting) Finish(context.Context, []enrich.Done) error                     { return nil }
func (q *counting) Return(context.Context, []enrich.Claim, time.Time, string) error { return nil }

// Look-ups that take 50 ms must come near in flight / latency: 5,000/s of DNS,
// 300/s of a top-level domain. Real time, because the overhead of Run itself is
// measured.
func throughput(tb testing.TB, lane string, inFlight, subjects int) float64 {
	q := &counting{lane: lane, names: claims(lane, 10000)}
	f := &fake{look: says(50*time.Millisecond, enrich.Answered)}
	began := time.Now()
	sum, err := enrich.Run(tb.Context(), enrich.Options{
		Queue: q, Lookups: names(f), Limit: subjects, PerLane: func(string) int { return inFlight },
	})
	if err != nil {
		tb.Fatal(err)
	}
	return float64(sum.Stored) / time.Since(began).Seconds()
}

func BenchmarkDNS(b *testing.B) {
	for b.Loop() {
		b.ReportMetric(throughput(b, "dns", 250, 20000), "questions/s")
	}
}

func BenchmarkWHOIS(b *testing.B) {
	for b.Loop() {
		b.ReportMetric(throughput(b, "com", 15, 1500), "questions/s")
	}
}

// The same without the machine's noise: only waiting counts.
func TestThroughputReachesNineTenths(t *testing.T) {
	for _, c := range []struct {
		lane               string
		inFlight, subjects int
		want               float64
	}{{"dns", 250, 50000, 4500}, {"com", 15, 3000, 270}} {
		synctest.Test(t, func(t *testing.T) {
			if got := throughput(t, c.lane, c.inFlight, c.subjects); got < c.want {
				t.Errorf("%s: %.0f/s with %d in flight of 50 ms, %.0f wanted", c.lane, got, c.inFlight, c.want)
			}
		})
	}
}
