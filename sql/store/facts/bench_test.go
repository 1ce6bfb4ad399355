package facts_test

import (
	"os"
	"slices"
	"testing"

	"spoor/ingest"
	"spoor/sql/store"
	"spoor/sql/store/facts"
	"spoor/sql/store/storetest"
)

// BenchmarkStore stores messages as rich as real spam in batches of 2,000 and
// reports the CPU time of this process and of the whole server per message;
// then the same folder again, which changes nothing. SPOOR_BENCH_DROP names
// indexes to drop first, separated by commas, to see their cost.
func BenchmarkStore(b *testing.B) {
	const messages, batch = 20_000, 2_000
	var all, again []*ingest.Batch
	for from := 0; from < messages; from += batch {
		m := storetest.Batch("/srv/trap.mbox", from, from+batch)
		all = append(all, m)
		again = append(again, &ingest.Batch{Sightings: m.Sightings, Progress: m.Progress})
	}
	for b.Loop() {
		s := storetest.New(b)
		dropIndexes(b, s)
		server := storetest.NewServerClock(b, s)
		report(b, "new", messages, server, func() { importAll(b, s, all, false) })
		report(b, "again", messages, server, func() { importAll(b, s, again, true) })
	}
}

func dropIndexes(b *testing.B, s *store.DB) {
	if list := os.Getenv("SPOOR_BENCH_DROP"); list != "" {
		if _, err := s.Pool.Exec(b.Context(), "DROP INDEX "+list); err != nil {
			b.Fatal(err)
		}
	}
}

// importAll asks for the messages of each batch as an import does, by chunks of 128, and
// stores it.
func importAll(b *testing.B, s *store.DB, all []*ingest.Batch, known bool) {
	i, err := facts.New(s).Begin(b.Context(), facts.Import{})
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

func report(b *testing.B, name string, messages int, server *storetest.ServerClock, f func()) {
	client0, server0 := storetest.CPU(), server.Now(b)
	f()
	client, total := storetest.CPU()-client0, server.Now(b)-server0
	b.ReportMetric(client*1000/float64(messages), name+"-client-ms/msg")
	b.ReportMetric(total*1000/float64(messages), name+"-server-ms/msg")
}
