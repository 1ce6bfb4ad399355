package campaigns_test

import (
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"testing"
	"time"

	"spoor/graph/campaign"
	"spoor/graph/correlation"
	"spoor/graph/evidence"
	"spoor/sql/store"
	"spoor/sql/store/facts"
	"spoor/sql/store/storetest"
)

// BenchmarkCorrelating measures the store's share of a run of the correlator in
// CPU seconds of client and server: to see that no evidence is missing, to read
// all of it into a Builder, and to write memberships for the first time,
// unchanged, with one in ten moved and with all moved. SPOOR_BENCH_MESSAGES is
// the number of messages.
func BenchmarkCorrelating(b *testing.B) {
	n := 100_000
	if v, err := strconv.Atoi(os.Getenv("SPOOR_BENCH_MESSAGES")); err == nil {
		n = v
	}
	for b.Loop() {
		s := storetest.New(b)
		inventIncidence(b, s, n)
		server := storetest.NewServerClock(b, s)
		step := func(name string, f func()) {
			client0, server0 := storetest.CPU(), server.Now(b)
			f()
			b.ReportMetric(storetest.CPU()-client0, name+"-client-s")
			b.ReportMetric(server.Now(b)-server0, name+"-server-s")
		}
		step("derive", func() { deriveAll(b, s) })
		var keys []int64
		step("read", func() { keys = readEvidence(b, s) })
		all := grouped(keys, 40, 0)
		step("first", func() { writeRun(b, s, all) })
		step("same", func() { writeRun(b, s, all) })
		step("tenth", func() { writeRun(b, s, grouped(keys, 40, len(keys)/10)) })
		step("all", func() { writeRun(b, s, grouped(keys, 37, 0)) })
	}
}

// inventIncidence stores evidence of n messages, 20 features each.
func inventIncidence(b *testing.B, s *store.DB, n int) {
	b.Helper()
	for _, statement := range []string{
		`INSERT INTO messages (message_key, size, import_id, received_at, text_length, extractor, ham, sha256)
		 SELECT k, 1, 1, timestamptz '2026-01-01' + (k & 16777215) * interval '1 second', 0, 2, false, decode(lpad(to_hex(k), 64, '0'), 'hex')
		 FROM generate_series(1, $1::bigint) AS g, LATERAL (SELECT hashint8extended(g, 7) AS k) AS h ON CONFLICT DO NOTHING`,
		`INSERT INTO incidence (message_key, at, version, ham, newsletter, sender, features, sketch)
		 SELECT message_key, received_at, $1::bigint, false, false, '192.0.2.1'::inet + (message_key & 255),
		        ARRAY(SELECT (x << 56) | (hashint8extended(message_key / (1::bigint << 44), x) & 72057594037927935) FROM generate_series(1, 20) AS x ORDER BY 1),
		        decode(repeat('ab', 64), 'hex')
		 FROM messages`,
	} {
		parameter := n
		if statement[0:21] == "INSERT INTO incidence" {
			parameter = evidence.Version
		}
		if _, err := s.Pool.Exec(b.Context(), statement, parameter); err != nil {
			b.Fatal(err)
		}
	}
	if err := storetest.Exec(s, "VACUUM ANALYZE messages", "VACUUM ANALYZE incidence"); err != nil {
		b.Fatal(err)
	}
}

func readEvidence(b *testing.B, s *store.DB) (keys []int64) {
	var into campaign.Builder
	during(b, s, func(tx correlation.Tx) {
		err := tx.Incidence(b.Context(), func(r campaign.Row) {
			into.Add(r)
			keys = append(keys, r.Key)
		})
		if err != nil {
			b.Fatal(err)
		}
	})
	slices.Sort(keys)
	return keys
}

// grouped makes campaigns of size messages of half of the keys; moved of them go to the
// campaign after their own.
func grouped(keys []int64, size, moved int) *campaign.Result {
	r := rand.New(rand.NewPCG(1, 2))
	groups := make([][]int64, len(keys)/2/size+1)
	for i, k := range keys[:len(keys)/2] {
		g := i / size
		if r.IntN(len(keys)) < moved {
			g++
		}
		g = min(g, len(groups)-1)
		groups[g] = append(groups[g], k)
	}
	groups = slices.DeleteFunc(groups, func(g []int64) bool { return len(g) < 2 })
	return results(groups...)
}

func writeRun(b *testing.B, s *store.DB, r *campaign.Result) {
	replaceBy(b, s, r, evidence.Knowledge{}, time.Now())
}

// BenchmarkDerive derives the evidence of messages as rich as real spam, and reports CPU of
// client and server per message.
func BenchmarkDerive(b *testing.B) {
	const messages, batch = 10_000, 2_000
	for b.Loop() {
		s := storetest.New(b)
		imp, err := facts.New(s).Begin(b.Context(), facts.Import{NoRaw: true})
		if err != nil {
			b.Fatal(err)
		}
		for from := 0; from < messages; from += batch {
			m := storetest.Batch("/srv/trap.mbox", from, from+batch)
			for i := range m.Messages {
				m.Messages[i].Raw = nil
			}
			if _, err := imp.Store(b.Context(), m); err != nil {
				b.Fatal(err)
			}
		}
		server := storetest.NewServerClock(b, s)
		client0, server0 := storetest.CPU(), server.Now(b)
		if n := deriveAll(b, s); n != messages {
			b.Fatal(n)
		}
		b.ReportMetric((storetest.CPU()-client0)*1000/messages, "client-ms/msg")
		b.ReportMetric((server.Now(b)-server0)*1000/messages, "server-ms/msg")
	}
}
