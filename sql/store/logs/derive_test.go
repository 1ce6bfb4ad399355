package logs_test

import (
	"strings"
	"testing"

	"spoor/sql/store/logs"
	"spoor/sql/store/storetest"
)

// Without logs, spamruns are found again after a run of the correlator, for new mail and for
// changed facts, whose evidence is missing. Otherwise they stay.
func TestRunsStay(t *testing.T) {
	const run = `INSERT INTO correlations (started_at, finished_at, method, link_bits, messages, background, incidences, campaigns, operations, members, set_aside, parameters)
		VALUES (now(), now(), 2, 0, 0, 0, 0, 0, 0, 0, '[]', '{}')`
	const mail = `INSERT INTO messages (message_key, size, import_id, received_at, text_length, extractor, ham, sha256, sender)
		SELECT k, 900, 1, '2026-01-01'::timestamptz + k * interval '1 second', 0, 1, false, sha256(int8send(k)), '192.0.2.1' FROM generate_series`
	const evidence = `INSERT INTO incidence (message_key, version, ham, newsletter, features) SELECT message_key, 1, false, false, '{}' FROM messages`
	db := storetest.New(t)
	for _, c := range []struct {
		name, change, messages string
		again                  bool
	}{
		{"first mail", mail + "(1, 12) AS k", "12", true},
		{"first run of the correlator", evidence + ";" + run, "12", true},
		{"nothing new", "", "12", false},
		{"new mail", mail + "(13, 20) AS k", "20", true},
		{"nothing new since", "", "20", false},
		{"a message of another class", "DELETE FROM incidence WHERE message_key = 1; UPDATE messages SET ham = true WHERE message_key = 1", "19", true},
		{"another run", run, "19", true},
		{"nothing new since that", "", "19", false},
	} {
		found := func() string {
			return strings.Join(storetest.Column(t, db, "SELECT xmin::text || ' ' || messages FROM spamruns"), "; ")
		}
		for _, s := range strings.Split(c.change, ";") {
			if err := storetest.Exec(db, s); err != nil {
				t.Fatal(c.name, err)
			}
		}
		before := found()
		out, err := logs.New(db).Derive(t.Context())
		if err != nil {
			t.Fatal(c.name, err)
		}
		if after := found(); (before != after) != c.again || !strings.HasSuffix(after, " "+c.messages) || out.Runs != 1 {
			t.Errorf("%s: transaction and messages were %q and are %q, %d runs", c.name, before, after, out.Runs)
		}
	}
}
