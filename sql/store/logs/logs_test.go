package logs_test

import (
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"spoor/ingest/maillog"
	"spoor/internal/lab/logworld"
	"spoor/sql/store"
	"spoor/sql/store/logs"
	"spoor/sql/store/storetest"
)

func TestMain(m *testing.M) { storetest.Main(m) }

// part is a piece of one server's log.
type part struct{ server, text string }

// thirds cuts the logs of a world.
func thirds(w *logworld.World) (all []part) {
	for _, server := range w.Servers() {
		lines := strings.SplitAfter(w.Log(server), "\n")
		n := len(lines) / 3
		for _, piece := range [][]string{lines[:n], lines[n : 2*n], lines[2*n:]} {
			all = append(all, part{server, strings.Join(piece, "")})
		}
	}
	return all
}

// importParts reads each part by a command of its own, as cron might.
func importParts(t *testing.T, db *store.DB, w *logworld.World, parts []part) {
	t.Helper()
	for _, p := range parts {
		writer := logs.New(db).Begin()
		r := maillog.NewReader(maillog.Options{Server: p.server})
		var all []maillog.Delivery
		for d, err := range r.Read(strings.NewReader(p.text), maillog.File{Name: p.server, Modified: w.End()}) {
			if err != nil {
				t.Fatal(err)
			}
			all = append(all, d)
		}
		for d := range r.Rest() {
			all = append(all, d)
		}
		if _, err := writer.Deliveries(t.Context(), all); err != nil {
			t.Fatal(err)
		}
		if err := writer.File(t.Context(), r.Info()); err != nil {
			t.Fatal(err)
		}
		if err := writer.Finish(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
}

// rows returns the recipients with the fields of their transactions, without
// the places of lines, which differ when a log is cut differently.
func rows(t *testing.T, db *store.DB) []string {
	t.Helper()
	all := storetest.Column(t, db, `SELECT concat_ws('|', r.at, d.server, d.sender, d.return_path, r.recipient, r.verdict, r.reason, r.outcome, r.repeats, d.queue_id, d.queue_ids, d.helo,
		d.started_at, d.ended_at, d.direction, d.accepted, d.refused, d.size, d.message_id)
		FROM deliveries_v d JOIN recipients_v r USING (delivery_id)`)
	slices.Sort(all)
	return all
}

// Logs that are imported in pieces, backwards, and twice make the rows of one import.
func TestAnyOrder(t *testing.T) {
	for name, o := range map[string]logworld.Options{"postfix": logworld.Small, "exim": {Seed: 7, Server: logworld.Exim, Days: 1, Users: 300, Mail: 600, Mixture: logworld.Small.Mixture}} {
		t.Run(name, func(t *testing.T) {
			w := logworld.New(o)
			parts := thirds(w)
			one := storetest.New(t)
			importParts(t, one, w, []part{{"mx1", w.Log("mx1")}, {"mx2", w.Log("mx2")}})
			want := rows(t, one)
			if len(want) < len(w.Attempts)*99/100 {
				t.Fatalf("%d rows of %d attempts", len(want), len(w.Attempts))
			}
			torn := storetest.New(t)
			dice := rand.New(rand.NewPCG(o.Seed, 1))
			order := append(append([]part{}, parts...), parts[2], parts[0])
			dice.Shuffle(len(order), func(i, j int) { order[i], order[j] = order[j], order[i] })
			importParts(t, torn, w, order)
			got := rows(t, torn)
			if !reflect.DeepEqual(got, want) {
				t.Errorf("%d rows, want %d; %s", len(got), len(want), firstDifference(got, want))
			}
		})
	}
}

// firstDifference shows the first row that only one of the two has.
func firstDifference(got, want []string) string {
	for _, g := range got {
		if i, found := slices.BinarySearch(want, g); !found {
			return "got " + g + "\nwant " + want[min(i, len(want)-1)]
		}
	}
	for _, w := range want {
		if _, found := slices.BinarySearch(got, w); !found {
			return "want only " + w
		}
	}
	return "repeated rows"
}

// 99.9 % of the attempts stand in the views as they happened.
func TestAttempts(t *testing.T) {
	w := logworld.New(logworld.Small)
	db := storetest.New(t)
	importParts(t, db, w, thirds(w))
	right := map[string]int{}
	for _, r := range storetest.Column(t, db, `SELECT concat_ws('|', to_char(r.at, 'YYYY-MM-DD HH24:MI:SS'), host(d.sender), d.return_path, r.recipient, r.verdict)
		FROM deliveries_v d JOIN recipients_v r USING (delivery_id)`) {
		right[r]++
	}
	wrong := 0
	for _, a := range w.Attempts {
		k := strings.Join([]string{a.At.Format(time.DateTime), a.Client.String(), a.Sender, a.Recipient, a.Verdict}, "|")
		if right[k] == 0 {
			wrong++
			t.Log(k)
		}
		right[k]--
	}
	if 1000*wrong > len(w.Attempts) {
		t.Errorf("%d of %d attempts are wrong", wrong, len(w.Attempts))
	}
}
