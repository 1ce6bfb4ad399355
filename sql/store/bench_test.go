package store_test

import (
	"bytes"
	"context"
	"os"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"spoor/ingest"
	"spoor/sql/store"
	"spoor/sql/store/storetest"
)

// BenchmarkStore stores messages as rich as real spam in batches of 2,000 and reports the
// CPU time of this process and of the whole server per message; then the same folder
// again, which changes nothing. SPOOR_BENCH_DROP names indexes to drop first, separated
// by commas, to see what they cost.
func BenchmarkStore(b *testing.B) {
	const messages, batch = 20_000, 2_000
	var all, again []*ingest.Batch
	for from := 0; from < messages; from += batch {
		m := makeBatch("/srv/trap.mbox", from, from+batch)
		all = append(all, m)
		again = append(again, &ingest.Batch{Sightings: m.Sightings, Progress: m.Progress})
	}
	for b.Loop() {
		s := storetest.New(b)
		dropIndexes(b, s)
		server := newServerClock(b, s)
		report(b, "new", messages, server, func() { importAll(b, s, all, false) })
		report(b, "again", messages, server, func() { importAll(b, s, again, true) })
	}
}

func dropIndexes(b *testing.B, s *store.Store) {
	if list := os.Getenv("SPOOR_BENCH_DROP"); list != "" {
		if _, err := s.Pool().Exec(b.Context(), "DROP INDEX "+list); err != nil {
			b.Fatal(err)
		}
	}
}

// importAll asks for the messages of each batch as an import does, by chunks of 128, and
// stores it.
func importAll(b *testing.B, s *store.Store, all []*ingest.Batch, known bool) {
	i, err := s.Begin(b.Context(), store.Import{})
	if err != nil {
		b.Fatal(err)
	}
	for _, m := range all {
		for chunk := range slices.Chunk(m.Sightings, 128) {
			hashes := make([]ingest.Hash, len(chunk))
			for n := range chunk {
				hashes[n] = chunk[n].Hash
			}
			got, err := i.Known(b.Context(), hashes)
			if err != nil || slices.Contains(got, !known) {
				b.Fatal(got, err)
			}
		}
		if _, err := i.Store(b.Context(), m); err != nil {
			b.Fatal(err)
		}
	}
}

func report(b *testing.B, name string, messages int, server *serverClock, f func()) {
	client0, server0 := processCPU(), server.now(b)
	f()
	client, total := processCPU()-client0, server.now(b)-server0
	b.ReportMetric(client*1000/float64(messages), name+"-client-ms/msg")
	b.ReportMetric(total*1000/float64(messages), name+"-server-ms/msg")
}

func processCPU() float64 {
	var u syscall.Rusage
	syscall.Getrusage(syscall.RUSAGE_SELF, &u)
	return float64(u.Utime.Nano()+u.Stime.Nano()) / 1e9
}

// serverClock reads the CPU time of a postmaster, its children, and those it has reaped.
type serverClock struct{ postmaster string }

func newServerClock(b *testing.B, s *store.Store) *serverClock {
	var backend int
	if err := s.Pool().QueryRow(context.Background(), "SELECT pg_backend_pid()").Scan(&backend); err != nil {
		b.Fatal(err)
	}
	return &serverClock{procStat(strconv.Itoa(backend)).parent}
}

func (c *serverClock) now(b *testing.B) float64 {
	sum := procStat(c.postmaster).withReaped
	entries, err := os.ReadDir("/proc")
	if err != nil {
		b.Skip("the server's CPU time is read from /proc")
	}
	for _, e := range entries {
		if p := procStat(e.Name()); p.parent == c.postmaster {
			sum += p.own
		}
	}
	return sum
}

type procTimes struct {
	parent          string
	own, withReaped float64
}

func procStat(pid string) procTimes {
	data, err := os.ReadFile("/proc/" + pid + "/stat")
	if err != nil {
		return procTimes{}
	}
	f := strings.Fields(string(data[bytes.LastIndexByte(data, ')')+1:]))
	ticks := func(n int) float64 { v, _ := strconv.ParseFloat(f[n], 64); return v / 100 }
	own := ticks(11) + ticks(12)
	return procTimes{f[1], own, own + ticks(13) + ticks(14)}
}
