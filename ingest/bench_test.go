package ingest

import (
	"context"
	"os"
	"testing"

	"spoor/ingest/mailbox"
)

// nowhere is a Sink that knows nothing and stores nothing, so that only reading
// and extraction are measured.
type nowhere struct{}

func (nowhere) Known(_ context.Context, h []Hash) ([]bool, error) { return make([]bool, len(h)), nil }
func (nowhere) Store(_ context.Context, b *Batch) (int, error)    { return len(b.Messages), nil }

// BenchmarkRun reads the mail that SPOOR_BENCH_MAIL names:
//
//	SPOOR_BENCH_MAIL=spam.mbox go test -bench Run -benchtime 1x -cpuprofile cpu.prof ./ingest/
func BenchmarkRun(b *testing.B) {
	path := os.Getenv("SPOOR_BENCH_MAIL")
	if path == "" {
		b.Skip("SPOOR_BENCH_MAIL names no mail")
	}
	for _, raw := range []bool{false, true} {
		name := "no-raw"
		if raw {
			name = "raw"
		}
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				var sources []*mailbox.Source
				for s, err := range mailbox.Find(b.Context(), []string{path}, nil, mailbox.Limits{}) {
					if err != nil {
						b.Fatal(err)
					}
					sources = append(sources, s)
				}
				own, _ := Survey(b.Context(), sources, Options{})
				start := cpuTime(b)
				s, err := Run(b.Context(), sources, nowhere{}, Options{Class: Spam, Own: own, KeepRaw: raw})
				if err != nil {
					b.Fatal(err)
				}
				b.SetBytes(s.Bytes)
				b.ReportMetric(float64((cpuTime(b)-start).Microseconds())/1000/float64(s.Read), "CPU-ms/message")
			}
		})
	}
}
