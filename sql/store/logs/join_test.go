package logs_test

import (
	"fmt"
	"testing"
	"time"

	"spoor/internal/lab/logworld"
	"spoor/sql/store/logs"
	"spoor/sql/store/storetest"
)

// 99.5 % of the stored messages find their transaction, by Message-ID or by sender, time and
// recipient; the clock of a log without zone is found by them.
func TestJoin(t *testing.T) {
	for name, east := range map[string]time.Duration{"zone told by nobody": time.Hour, "UTC": 0, "half an hour": -150 * time.Minute} {
		t.Run(name, func(t *testing.T) {
			w := logworld.New(logworld.Small)
			db := storetest.New(t)
			importParts(t, db, w, []part{{"mx1", w.Log("mx1")}, {"mx2", w.Log("mx2")}})
			want := map[int64]string{}
			seen := map[int]bool{}
			for _, a := range w.Attempts {
				if a.Verdict != "accepted" || seen[a.Delivery] {
					continue
				}
				seen[a.Delivery] = true
				var id *string
				if a.Delivery%3 > 0 { // others lost theirs on the way
					id = &a.MessageID
				}
				key := int64(a.Delivery)
				want[key] = fmt.Sprintf("%s|%s|%s", a.Client, a.Sender, a.Recipient)
				at := a.At.Add(time.Duration(a.Delivery%4)*time.Second - east)
				if _, err := db.Pool.Exec(t.Context(), `INSERT INTO messages (message_key, size, import_id, received_at, text_length, extractor, ham, sha256, sender, message_id, return_path, recipients)
					VALUES ($1, 900, 1, $2, 0, 1, false, sha256(int8send($1)), $3::text::inet, $4, $5, ARRAY[$6])`, key, at, a.Client.String(), id, a.Sender, a.Recipient); err != nil {
					t.Fatal(err)
				}
			}
			if _, err := logs.New(db).Derive(t.Context()); err != nil {
				t.Fatal(err)
			}
			right := 0
			for _, r := range storetest.Column(t, db, `SELECT concat_ws('|', j.message_key, host(d.sender), d.return_path, r.address)
				FROM message_deliveries j JOIN deliveries d USING (delivery_key) JOIN recipients r USING (delivery_key) WHERE r.verdict = 'accepted'`) {
				var key int64
				var rest string
				if _, err := fmt.Sscanf(r, "%d|%s", &key, &rest); err != nil {
					t.Fatal(err)
				}
				if want[key] == rest {
					right++
				}
			}
			t.Logf("%d of %d messages joined", right, len(want))
			if 1000*right < 995*len(want) {
				t.Errorf("%d of %d messages are joined rightly", right, len(want))
			}
			off := storetest.Column(t, db, "SELECT DISTINCT zone_seconds::text || ' ' || zone_basis FROM log_files_v")
			if wanted := fmt.Sprintf("%d joined messages", int(east.Seconds())); len(off) != 1 || off[0] != wanted {
				t.Errorf("zones %v, want %s", off, wanted)
			}
		})
	}
}
