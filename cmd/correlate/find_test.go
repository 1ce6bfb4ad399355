package main

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"spoor/graph/evidence"
	"spoor/ingest"
	"spoor/internal/findings"
	"spoor/internal/naming"
	"spoor/internal/report/wording"
	"spoor/sql/store"
	"spoor/sql/store/campaigns"
	"spoor/sql/store/storetest"
)

// foundIn counts the messages of a campaign that have something, in the role that has most.
func foundIn(t *testing.T, st *campaigns.Store, what, campaign string) (n int64) {
	t.Helper()
	f, err := findings.Find(t.Context(), st, what, findings.Whole)
	if err != nil {
		t.Fatalf("find %q: %v", what, err)
	}
	for _, h := range f.Hits {
		if naming.ID(h.Campaign) == campaign {
			n = max(n, h.RoleSpam)
		}
	}
	return n
}

// shownPage is the result of show for programs, as far as find must agree with it.
type shownPage struct {
	Traits []struct {
		Kind, Value string
		Members     int64
	}
	Links []struct {
		Host    string
		Members int64
	}
	Senders []struct {
		Sender  string
		Members int64
	}
	Anomalies []struct {
		Code, Reason string
		Members      int64
	}
	Subjects []struct {
		Subject string
		Members int64
	}
	Members []struct{ SHA256 string }
}

// exampleLookedUp is a store of the example mailbox, with some answers about its names and
// addresses.
func exampleLookedUp(t *testing.T) (url string, db *store.DB) {
	t.Helper()
	url = storetest.URL(t)
	if err := importPaths(t.Context(), url, ingest.Spam, []string{"../../examples/spambin"}); err != nil {
		t.Fatal(err)
	}
	if err := observe(t.Context(), url, "../../examples/answers", []string{"chronopalace.example", "offleware.example", "192.0.2.226", "192.0.2.203"}); err != nil {
		t.Fatal(err)
	}
	db = storetest.Open(t, url)
	if err := storetest.Exec(db, "INSERT INTO observed_values (since, subject, source, field, value) VALUES (now(), '192.0.2.226', 'origin', 'asn', '64502'), (now(), '192.0.2.203', 'origin', 'asn', '64506')",
		`INSERT INTO origins (asked_at, confirmed_at, fresh_until, prefix, source, asns, names, content_hash)
		 VALUES (now(), now(), now(), '192.0.2.192/27', 'origin', '{64506}', '{"RACKFARM-AS Rackfarm Example Inc"}', '')`); err != nil {
		t.Fatal(err)
	}
	return url, db
}

// Every value that screens print of the example's campaigns is found again,
// with the same number.
func TestFindWhatScreensPrint(t *testing.T) {
	url, db := exampleLookedUp(t)
	correlateOn(t, url, 80)
	st := campaigns.New(db)
	for _, id := range []string{"c1", "c2"} {
		var page shownPage
		if err := json.Unmarshal([]byte(correlateOn(t, url, 80, "show", id, "--all", "--json")), &page); err != nil {
			t.Fatal(err)
		}
		for _, tr := range page.Traits {
			words := wording.Trait(tr.Kind, tr.Value)
			if n := foundIn(t, st, words, id); n != tr.Members {
				t.Errorf("%s: %q is in %d by show, %d by find", id, words, tr.Members, n)
			}
		}
		for _, l := range page.Links {
			if n := foundIn(t, st, l.Host, id); n != l.Members {
				t.Errorf("%s: host %s: %d, find %d", id, l.Host, l.Members, n)
			}
		}
		for _, s := range page.Senders {
			if n := foundIn(t, st, s.Sender, id); n != s.Members {
				t.Errorf("%s: sender %s: %d, find %d", id, s.Sender, s.Members, n)
			}
		}
		for _, a := range page.Anomalies {
			for _, what := range []string{a.Reason, a.Code} {
				if n := foundIn(t, st, what, id); n != a.Members {
					t.Errorf("%s: anomaly %q: %d, find %d", id, what, a.Members, n)
				}
			}
		}
		for _, s := range page.Subjects {
			if n := foundIn(t, st, s.Subject, id); n != s.Members {
				t.Errorf("%s: subject %q: %d, find %d", id, s.Subject, s.Members, n)
			}
		}
		if foundIn(t, st, page.Members[0].SHA256[:8], id) != 1 {
			t.Errorf("%s: message %s is not found by its first digits", id, page.Members[0].SHA256[:8])
		}
	}
	for what, want := range map[string]string{
		"Victor Lang": "c2", "victor@mailhall.example": "c2", "Harbour Names Ltd": "c2", "ns1.timepool.example": "c2", "192.0.2.226": "c2", "AS64502": "c2",
		"Harbour Colocation Example Ltd": "c2", "hxxp://www[.]offleware[.]example/": "c1", "RACKFARM-AS Rackfarm Example Inc": "c2", "FC24CFA8DE": "c1", "aff=4471": "c2",
	} {
		if foundIn(t, st, what, want) == 0 {
			t.Errorf("%q is not found in %s", what, want)
		}
	}
}

// A trait of each kind of evidence is found by the words in which screens print it.
func TestFindEveryKindOfEvidence(t *testing.T) {
	url := storetest.URL(t)
	s := storetest.Open(t, url)
	samples := map[evidence.Form]string{evidence.Host: "shop%d.example", evidence.Net: "192.0.2.%d", evidence.Mail: "ann%d@shop.example", evidence.Telephone: "+1555010%d",
		evidence.Page: "sites.example/ann%d", evidence.Hash: "00ff%d", evidence.ID: "id%d@shop.example", evidence.Free: "value no %d"}
	words := map[evidence.Kind]string{}
	quoted := strings.NewReplacer("'", "''")
	for k := range evidence.Kinds {
		value := fmt.Sprintf(samples[k.Form()], int(k)+10)
		switch k.Showing() {
		case evidence.Digits:
			value = fmt.Sprintf("%08x%08x", int(k)+1, int(k)+1)
		case evidence.Moment:
			value = "registrar-" + fmt.Sprint(int(k)) + " 2006-01-02"
		case evidence.Codes:
			value = "helo-number chain-broken"
		case evidence.FieldNames:
			value = "Date,From,X-Odd,"
		}
		if err := storetest.Exec(s, fmt.Sprintf(`INSERT INTO campaign_traits (campaign_id, n, evidence, kind, value, members, elsewhere, ham, bits)
			VALUES (%d, 0, '%s', '%s', '%s', 7, 0, 0, 1)`, int(k)+1, k.Group(), quoted.Replace(k.String()), quoted.Replace(value))); err != nil {
			t.Fatal(err)
		}
		words[k] = wording.Trait(k.String(), value)
	}
	for k, printed := range words {
		if n := foundIn(t, campaigns.New(s), printed, fmt.Sprint("c", int(k)+1)); n != 7 {
			t.Errorf("%s: %q is printed and not found", k, printed)
		}
		cut := printed[:len(printed)-1] + "…"
		if n := foundIn(t, campaigns.New(s), cut, fmt.Sprint("c", int(k)+1)); n != 7 {
			t.Errorf("%s: %q is printed cut and not found", k, cut)
		}
	}
}
