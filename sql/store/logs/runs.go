package logs

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"spoor/graph/recipient"
	"spoor/graph/spamrun"
	"spoor/sql"
)

// runFound is a spamrun with the sums of its attempts.
//
// It lives only as long as its sender is read.
type runFound struct {
	spamrun.Run
	messages int64
	logged   bool             // a log has an attempt of it
	to       map[string]bool  // recipients, and whether they are damaged
	counts   map[string]int64 // by verdict
	domains  map[string]int64
	servers  map[string]int64
}

// findRuns finds the spamruns in all stored logs and messages, one sender after
// another, and replaces the stored ones. It returns their number.
//
// An id is made of sender and start, so runs keep theirs although all rows are
// replaced.
func findRuns(ctx context.Context, tx pgx.Tx) (found int64, err error) {
	w, err := newRunWriter(ctx, tx)
	if err != nil {
		return 0, err
	}
	var finder spamrun.Finder
	var arrivals []spamrun.Arrival
	err = bySender(ctx, tx, func(all []attempt) error {
		arrivals = arrivals[:0]
		sender := w.sender(&all[0])
		for i := range all {
			arrivals = append(arrivals, all[i].arrival(i))
			sender.note(&all[i], &arrivals[i])
		}
		// Ham has runs, too: they show a sender's habits, but are no spamruns.
		in := make([]int64, len(all))
		for _, r := range finder.Sender(arrivals) {
			f := &runFound{Run: r, to: map[string]bool{}, counts: map[string]int64{}, domains: map[string]int64{}, servers: map[string]int64{}}
			for _, i := range r.Messages {
				f.add(&all[i])
				if !r.Wanted {
					in[i] = r.ID
				}
			}
			if r.Open && w.hold(f, sender, all) {
				for _, i := range r.Messages {
					in[i] = undecided
				}
				continue
			}
			w.run(f)
			if !r.Wanted {
				sender.Runs++
				found++
			}
		}
		return w.attempts(ctx, all, in)
	})
	if err != nil {
		return 0, err
	}
	decided := finder.Decide()
	found += w.decide(decided.Wanted)
	return found, w.finish(ctx, decided.Coordinated)
}

// undecided is the run of an attempt whose run is open.
const undecided = -1

// add counts an attempt.
func (f *runFound) add(a *attempt) {
	f.messages += a.Messages
	f.logged = f.logged || a.DeliveryKey != nil
	if s := told(a.Server); s != "" {
		f.servers[s]++
	}
	for n, to := range a.Addresses {
		f.counts[a.Verdicts[n]]++
		if to != "" {
			f.to[to] = a.damaged(n)
		}
		if i := strings.LastIndexByte(to, '@'); i >= 0 && i+1 < len(to) && a.Kinds[n] != string(recipient.Foreign) {
			f.domains[to[i+1:]]++
		}
	}
}

// sums counts the recipients; nil if none is recorded.
//
// nil is unknown, unlike 0: a message without a log tells nothing of the
// envelope.
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

// runWriter replaces the stored runs, senders and memberships in runs, some
// thousands of rows at once.
//
// The four slices at the end hold only memberships that changed, in pairs of
// key and run.
type runWriter struct {
	tx      pgx.Tx
	last    int64 // run of the correlator
	runs    [][]any
	senders [][]any
	current *senderSum
	held    []heldRun
	members int // of held runs
	waiting []*senderSum

	deliveries, deliveryRuns, messages, messageRuns []int64
}

// writeAt is the number of rows that a writer holds before it writes them.
const writeAt = 2000

// newRunWriter deletes the stored runs and the habits of senders.
func newRunWriter(ctx context.Context, tx pgx.Tx) (*runWriter, error) {
	w := &runWriter{tx: tx}
	if _, err := tx.Exec(ctx, "DELETE FROM spamruns"); err != nil {
		return nil, err
	}
	if _, err := tx.Exec(ctx, "DELETE FROM sender_habits"); err != nil {
		return nil, err
	}
	return w, tx.QueryRow(ctx, "SELECT coalesce(max(run_id), 0) FROM correlations").Scan(&w.last)
}

// runColumns are the columns of spamruns in the order of run.
var runColumns = []string{"spamrun_id", "started_at", "ended_at", "messages", "run_id", "sender", "attempts", "accepted", "refused", "deferred", "lost", "wanted",
	"method", "target_domains", "servers", "recipients", "broken"}

// wantedColumn is the place of wanted in runColumns.
const wantedColumn = 11

// run takes a run.
func (w *runWriter) run(r *runFound) { w.runs = append(w.runs, w.row(r)) }

// row returns the values of runColumns.
func (w *runWriter) row(r *runFound) []any {
	accepted, refused, deferred, lost := r.counts["accepted"], r.counts["refused"], r.counts["deferred"], r.counts["lost"]
	recipients, broken := r.sums()
	return []any{r.ID, time.Unix(r.Start, 0), time.Unix(r.End, 0), r.messages, w.last, r.Sender, accepted + refused + deferred + lost, accepted, refused,
		deferred, lost, r.Wanted, r.Method, most(r.domains), most(r.servers), recipients, broken}
}

// sender returns the sum of the sender of an attempt. A sender comes in one or more pieces.
func (w *runWriter) sender(a *attempt) *senderSum {
	if w.current != nil && w.current.addr != a.Sender {
		w.leave(w.current)
		w.current = nil
	}
	if w.current == nil {
		w.current = newSenderSum(a)
	}
	return w.current
}

// leave takes a sender whose attempts are all read. One with held runs waits for
// these.
func (w *runWriter) leave(s *senderSum) {
	if s.held {
		w.waiting = append(w.waiting, s)
	} else {
		w.senders = append(w.senders, s.values())
	}
}

// place is where an attempt is stored, with its run so far.
type place struct {
	DeliveryKey, MessageKey *int64
	SpamrunID, MessageRun   *int64
}

func (a *attempt) place() place {
	return place{a.DeliveryKey, a.MessageKey, a.SpamrunID, a.MessageRun}
}

// heldRun is a run whose class is open until all senders are read.
type heldRun struct {
	row    []any
	id     int64
	sender *senderSum
	places []place
}

// mostHeld bounds the members of held runs. Runs beyond it keep the class that they
// seem to have.
const mostHeld = 1 << 17

// hold keeps an open run, and reports whether there is room for it.
func (w *runWriter) hold(f *runFound, sender *senderSum, all []attempt) bool {
	if w.members += len(f.Messages); w.members > mostHeld {
		return false
	}
	h := heldRun{row: w.row(f), id: f.ID, sender: sender}
	for _, i := range f.Messages {
		h.places = append(h.places, all[i].place())
	}
	w.held = append(w.held, h)
	sender.held = true
	return true
}

// decide takes the held runs with the class that each has in the end, and counts those of
// spam.
func (w *runWriter) decide(wanted map[int64]bool) (spam int64) {
	for _, h := range w.held {
		h.row[wantedColumn] = wanted[h.id]
		w.runs = append(w.runs, h.row)
		in := h.id
		if wanted[h.id] {
			in = 0
		} else {
			h.sender.Runs++
			spam++
		}
		for i := range h.places {
			w.member(&h.places[i], in)
		}
	}
	if w.current != nil { // the last sender
		w.leave(w.current)
		w.current = nil
	}
	for _, s := range w.waiting {
		w.senders = append(w.senders, s.values())
	}
	return spam
}

// member takes the run of an attempt, or 0, if it is not the stored one.
func (w *runWriter) member(a *place, in int64) {
	if a.DeliveryKey != nil && told(a.SpamrunID) != in {
		w.deliveries, w.deliveryRuns = append(w.deliveries, *a.DeliveryKey), append(w.deliveryRuns, in)
	}
	if a.MessageKey != nil && told(a.MessageRun) != in {
		w.messages, w.messageRuns = append(w.messages, *a.MessageKey), append(w.messageRuns, in)
	}
}

// attempts takes the attempts of a sender, with the run of each or 0. It writes
// once enough rows are held.
func (w *runWriter) attempts(ctx context.Context, all []attempt, in []int64) error {
	for i := range all {
		if in[i] != undecided {
			at := all[i].place()
			w.member(&at, in[i])
		}
	}
	if max(len(w.runs), len(w.senders), len(w.deliveries), len(w.messages)) < writeAt {
		return nil
	}
	return w.flush(ctx)
}

// flush writes the held rows.
func (w *runWriter) flush(ctx context.Context) error {
	if _, err := w.tx.CopyFrom(ctx, pgx.Identifier{"spamruns"}, runColumns, pgx.CopyFromRows(w.runs)); err != nil {
		return err
	}
	if _, err := w.tx.CopyFrom(ctx, pgx.Identifier{"sender_habits"}, senderColumns, pgx.CopyFromRows(w.senders)); err != nil {
		return err
	}
	if _, err := w.tx.Exec(ctx, sql.Query("logs_in_runs"), w.deliveries, w.deliveryRuns); err != nil {
		return err
	}
	if _, err := w.tx.Exec(ctx, sql.Query("logs_messages_in_runs"), w.messages, w.messageRuns); err != nil {
		return err
	}
	clear(w.runs)
	clear(w.senders)
	w.runs, w.senders = w.runs[:0], w.senders[:0]
	w.deliveries, w.deliveryRuns, w.messages, w.messageRuns = w.deliveries[:0], w.deliveryRuns[:0], w.messages[:0], w.messageRuns[:0]
	return nil
}

// finish writes the rest and the coordination of runs, and clears the run of
// attempts that are in none any more.
//
// first maps a run to the one that leads its group.
func (w *runWriter) finish(ctx context.Context, first map[int64]int64) error {
	if err := w.flush(ctx); err != nil {
		return err
	}
	var ids, leaders []int64
	for id, leader := range first {
		ids, leaders = append(ids, id), append(leaders, leader)
	}
	if _, err := w.tx.Exec(ctx, sql.Query("logs_coordinated"), ids, leaders); err != nil {
		return err
	}
	for _, query := range []string{"logs_in_none", "logs_messages_in_none", "sums_in_runs"} {
		if _, err := w.tx.Exec(ctx, sql.Query(query)); err != nil {
			return err
		}
	}
	return nil
}
