package logs

import (
	"cmp"
	"context"
	"hash/maphash"
	"net/netip"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"spoor/graph/recipient"
	"spoor/graph/spamrun"
	"spoor/sql"
)

// attempt is a transaction or a message as the finder of runs sees it.
type attempt struct {
	DeliveryKey *int64 // NULL: the message is in no log
	MessageKey  *int64
	Messages    int64 // stored copies of it
	Sender      netip.Addr
	At, Until   int64
	ReturnPath  *string
	Helo        *string
	ReverseName *string
	Server      *string
	Ham         *bool    // NULL: not stored
	Addresses   []string // recipients, "" where the log has no address
	Verdicts    []string
}

// runFound is a spamrun with its totals.
type runFound struct {
	spamrun.Run
	messages int64
	logged   bool             // the run is in a log
	to       map[string]bool  // recipients, and whether they are damaged
	counts   map[string]int64 // by verdict
	domains  map[string]int64
	servers  map[string]int64
}

// findRuns finds the spamruns among all that is stored and writes them.
func findRuns(ctx context.Context, tx pgx.Tx, kinds map[string]recipient.Explanation) (found int64, err error) {
	rows, _ := tx.Query(ctx, sql.Query("logs_attempts"))
	all, err := pgx.CollectRows(rows, pgx.RowToStructByName[attempt])
	if err != nil {
		return 0, err
	}
	seed := maphash.MakeSeed()
	arrivals := make([]spamrun.Arrival, len(all))
	for i := range all {
		arrivals[i] = all[i].arrival(int64(i), seed, kinds)
	}
	var runs []*runFound
	in := map[int64][]int64{} // deliveries by run
	for _, r := range spamrun.Find(arrivals) {
		f := &runFound{Run: r, to: map[string]bool{}, counts: map[string]int64{}, domains: map[string]int64{}, servers: map[string]int64{}}
		for _, i := range r.Messages {
			a := &all[i]
			f.add(a, kinds)
			if a.DeliveryKey != nil && !r.Wanted {
				in[r.ID] = append(in[r.ID], *a.DeliveryKey)
			}
		}
		runs = append(runs, f)
		if !r.Wanted {
			found++
		}
	}
	if err := writeRuns(ctx, tx, runs); err != nil {
		return 0, err
	}
	if err := writeDeliveries(ctx, tx, in); err != nil {
		return 0, err
	}
	if err := writeSenders(ctx, tx, sumSenders(all, arrivals, runs)); err != nil {
		return 0, err
	}
	return found, writeMessages(ctx, tx, runs, all)
}

// arrival returns the finder's input for an attempt.
func (a *attempt) arrival(i int64, seed maphash.Seed, kinds map[string]recipient.Explanation) spamrun.Arrival {
	out := spamrun.Arrival{Message: i, Sender: a.Sender, At: a.At, Until: a.Until, HELO: told(a.Helo), ReverseName: told(a.ReverseName)}
	if a.ReturnPath != nil {
		out.ReturnPath = cmp.Or(*a.ReturnPath, "<>")
	}
	if a.Ham != nil {
		out.Class = spamrun.Spam
		if *a.Ham {
			out.Class = spamrun.Wanted
		}
	}
	for n, to := range a.Addresses {
		h := maphash.String(seed, to)
		out.Tried++
		out.Tries = append(out.Tries, h)
		switch verdict := a.Verdicts[n]; {
		case verdict == "refused" || verdict != "deferred" && damaged(kinds[to]):
			out.Bad++
		case verdict == "deferred":
			out.PutOff = append(out.PutOff, h)
		}
	}
	return out
}

// damaged reports whether an address is one that a list maker broke.
func damaged(x recipient.Explanation) bool {
	switch x.Kind {
	case recipient.Valid, recipient.Foreign, recipient.Unknown, recipient.Role, recipient.Stale, "":
		return false
	}
	return x.Sure >= 0.5
}

// add counts an attempt.
func (f *runFound) add(a *attempt, kinds map[string]recipient.Explanation) {
	f.messages += a.Messages
	f.logged = f.logged || a.DeliveryKey != nil
	if s := told(a.Server); s != "" {
		f.servers[s]++
	}
	for n, to := range a.Addresses {
		f.counts[a.Verdicts[n]]++
		if to != "" {
			f.to[to] = damaged(kinds[to])
		}
		if i := strings.LastIndexByte(to, '@'); i >= 0 && i+1 < len(to) && kinds[to].Kind != recipient.Foreign {
			f.domains[to[i+1:]]++
		}
	}
}

// sums counts the recipients; nil if none is recorded.
func (f *runFound) sums() (recipients, broken *int64) {
	if !f.logged && len(f.to) == 0 {
		return nil, nil
	}
	recipients, broken = new(int64), new(int64)
	for _, bad := range f.to {
		*recipients++
		if bad {
			*broken++
		}
	}
	if !f.logged {
		*broken = brokenByForm(f.to)
	}
	return recipients, broken
}

// most lists names, the most frequent first.
func most(count map[string]int64) []string {
	var out []string
	for n := range count {
		out = append(out, n)
	}
	slices.SortFunc(out, func(a, b string) int { return cmp.Or(cmp.Compare(count[b], count[a]), cmp.Compare(a, b)) })
	return out[:min(len(out), 100)]
}

// writeRuns puts the runs in the place of those before.
func writeRuns(ctx context.Context, tx pgx.Tx, runs []*runFound) error {
	if _, err := tx.Exec(ctx, "DELETE FROM spamruns"); err != nil {
		return err
	}
	var last int64
	if err := tx.QueryRow(ctx, "SELECT coalesce(max(run_id), 0) FROM correlations").Scan(&last); err != nil {
		return err
	}
	_, err := tx.CopyFrom(ctx, pgx.Identifier{"spamruns"}, []string{"spamrun_id", "started_at", "ended_at", "messages", "run_id", "sender", "attempts", "accepted", "refused",
		"deferred", "lost", "wanted", "coordinated_run_id", "method", "target_domains", "servers", "recipients", "broken"}, pgx.CopyFromSlice(len(runs), func(i int) ([]any, error) {
		r := runs[i]
		accepted, refused, deferred, lost := r.counts["accepted"], r.counts["refused"], r.counts["deferred"], r.counts["lost"]
		recipients, broken := r.sums()
		return []any{r.ID, time.Unix(r.Start, 0), time.Unix(r.End, 0), r.messages, last, r.Sender, accepted + refused + deferred + lost, accepted, refused, deferred, lost,
			r.Wanted, known(r.Coordinated), r.Method, most(r.domains), most(r.servers), recipients, broken}, nil
	}))
	return err
}

// writeDeliveries stores the run of each transaction.
func writeDeliveries(ctx context.Context, tx pgx.Tx, in map[int64][]int64) error {
	var keys, ids []int64
	for id, deliveries := range in {
		for _, k := range deliveries {
			keys, ids = append(keys, k), append(ids, id)
		}
	}
	_, err := tx.Exec(ctx, sql.Query("logs_in_runs"), keys, ids)
	return err
}

// writeMessages stores the run of each message that is in no log, if the
// correlator has processed it.
func writeMessages(ctx context.Context, tx pgx.Tx, runs []*runFound, all []attempt) error {
	var keys, ids []int64
	for _, r := range runs {
		for _, i := range r.Messages {
			if m := all[i].MessageKey; m != nil && !r.Wanted {
				keys, ids = append(keys, *m), append(ids, r.ID)
			}
		}
	}
	if _, err := tx.Exec(ctx, sql.Query("logs_messages_in_runs"), keys, ids); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, sql.Query("logs_messages_new_in_runs"), keys, ids)
	return err
}
