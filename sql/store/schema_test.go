package store_test

import (
	"errors"
	"io/fs"
	"strings"
	"sync"
	"testing"

	"spoor/sql"
	"spoor/sql/store"
	"spoor/sql/store/facts"
	"spoor/sql/store/storetest"
)

func TestEverythingIsCommented(t *testing.T) {
	s := storetest.New(t)
	missing := storetest.Column(t, s, `
		SELECT c.relname || coalesce('.' || a.attname, '')
		  FROM pg_class c
		  LEFT JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
		 WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p', 'v', 'm')
		   AND (col_description(c.oid, a.attnum) IS NULL OR obj_description(c.oid, 'pg_class') IS NULL)
		 ORDER BY 1`)
	if len(missing) > 0 {
		t.Errorf("without a comment:\n  %s", strings.Join(missing, "\n  "))
	}
}

func TestFunctionsAreCommented(t *testing.T) {
	s := storetest.New(t)
	missing := storetest.Column(t, s, `
		SELECT p.proname FROM pg_proc p
		 WHERE p.pronamespace = 'public'::regnamespace AND obj_description(p.oid, 'pg_proc') IS NULL`)
	if len(missing) > 0 {
		t.Errorf("without a comment: %v", missing)
	}
	if n := storetest.Column(t, s, "SELECT proname FROM pg_proc WHERE pronamespace = 'public'::regnamespace AND provolatile = 'v'"); len(n) > 0 {
		t.Errorf("volatile: %v", n)
	}
}

// TestViewsAreThere names the columns on which people's own queries rely.
func TestViewsAreThere(t *testing.T) {
	s := storetest.New(t)
	for _, query := range []string{
		"SELECT sha256, message_id, subject, received_at, sender, helo, reverse_name, reverse_state, class, from_address, date FROM messages_v",
		"SELECT sha256, n, trust, address, helo, reverse_name, at, raw FROM hops_v",
		"SELECT sha256, url, host, domain FROM urls_v",
		"SELECT sha256, n, media_type, part_sha256 FROM parts_v",
		"SELECT sha256, name, attachment_sha256 FROM attachments_v",
		"SELECT campaign_id, domain, messages, first_seen, last_seen FROM campaign_domains_v",
		"SELECT campaign_id, n, kind, evidence, value, members, elsewhere, ham, bits FROM campaign_traits_v",
		"SELECT publisher, messages, first_seen, last_seen, recognised_by, list_messages, days FROM publishers_v",
		"SELECT campaign_id, matched_by, sha256, received_at, returned_id, returned_subject, returned_domains FROM backscatter_v",
		"SELECT publisher, sha256, message_id, received_at, subject FROM publisher_messages_v",
		"SELECT attachment_sha256, campaign_id, messages, names FROM campaign_attachments_v",
		"SELECT name, domain, address, first_seen, last_seen, source FROM resolutions_v",
		"SELECT name_server, domain, first_seen, until FROM nameserver_domains_v",
		"SELECT field, value, domain, first_seen, until, campaigns FROM registrants_v",
		"SELECT sha256, campaign_id, url, host, domain, path_template FROM landing_pages_v",
		"SELECT recipient, kind, made_from, sure, verdict, spamrun_id, campaign_id FROM broken_recipients_v",
		"SELECT sha256, message_key FROM texts_v WHERE words @@ text_query('some words')",
		"SELECT sha256, kind, value FROM contacts_v",
		"SELECT sha256, code, reason, evidence FROM anomalies_v",
		"SELECT sha256, code, detail FROM defects_v",
		"SELECT sha256, form, recipient, status, diagnostic, returned_id FROM reports_v",
		"SELECT sha256, path, name, byte_offset, flags FROM places_v",
		"SELECT path, byte_offset, code, reason FROM failures_v",
		"SELECT import_id, read, added, known, failed FROM imports_v",
		"SELECT sender, messages, first_seen, last_seen, reverse_name_now, confirmed, netblock, owner, country, asn FROM senders_v",
		"SELECT domain, registrar, registrant_name, registrant_org, registrant_email, registrant_phone, registrant_country, created, updated, expires, age_at_first_mail, name_servers, name_server_addresses, addresses, netblocks, owners, asns, redacted, conflicts, looked_up_at FROM domains_v",
		"SELECT domain, changed_at, held_until, source, field, before, after FROM domain_history_v",
		"SELECT prefix, first, last, name, owner, country, registry, abuse_email, asns FROM netblocks_v",
		"SELECT name_server, domains, addresses, netblocks, owners FROM nameservers_v",
		"SELECT kind, subject, source, server, asked_at, confirmed_at, took, outcome, detail, parsed FROM observations_v",
		"SELECT task, kind, name, state, priority, due_at, outcome FROM lookups_v",
		"SELECT server, asked, left_alone, backed_until, reason FROM servers_v",
	} {
		if _, err := s.Pool.Exec(t.Context(), query); err != nil {
			t.Errorf("%s: %v", query, err)
		}
	}
	hex := storetest.Column(t, s, "SELECT format_type(atttypid, atttypmod) FROM pg_attribute WHERE attrelid = 'messages_v'::regclass AND attname IN ('sha256', 'sender', 'received_at') ORDER BY attname")
	if got := strings.Join(hex, ", "); got != "timestamp with time zone, inet, text" {
		t.Errorf("types of messages_v: %s", got)
	}
}

func TestEveryQueryPrepares(t *testing.T) {
	s := storetest.New(t)
	conn, err := s.Pool.Acquire(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Release()
	names, err := fs.Glob(sql.Queries, "queries/*.sql")
	if err != nil || len(names) == 0 {
		t.Fatal(names, err)
	}
	for _, name := range names {
		name = strings.TrimSuffix(strings.TrimPrefix(name, "queries/"), ".sql")
		if _, err := conn.Conn().Prepare(t.Context(), "test "+name, sql.Query(name)); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// notSpread are the tables that do not grow with mail, or have no message to be spread
// by: they stay on one server, or are copied to all.
var notSpread = map[string]string{
	"spoor_migrations":  "a row a migration",
	"view_versions":     "a row",
	"imports":           "a row a run",
	"sources":           "a row a folder; a reference table",
	"failures":          "has no message",
	"campaigns":         "written by the correlator alone",
	"campaign_aliases":  "written by the correlator alone",
	"campaign_sums":     "a row a campaign",
	"campaign_values":   "written by the correlator, of large campaigns alone",
	"campaign_domains":  "written by the correlator and by imports, under the lock of its campaign",
	"campaign_traits":   "written by the correlator alone",
	"campaign_profiles": "written by the correlator alone",
	"learned_values":    "written by the correlator alone",
	"campaign_events":   "written by the correlator alone",
	"operations":        "written by the correlator alone",
	"operation_traits":  "written by the correlator alone",
	"publishers":        "written by the correlator alone",
	"correlations":      "a row a run of the correlator",
	"spamruns":          "written by the correlator alone",
	"log_files":         "a row a file",
	"log_positions":     "a row a log that is followed",
	"log_tails":         "a row a stretch whose beginning is in another file",
	"own_addresses":     "what the user says of our own; a reference table",
	"decisions":         "what people decided stays on one server",
	"abuse_reports":     "a row a report that people made",
	"sightings":         "what others told; a row a sighting",
	"netblocks":         "copied to all: asked from everywhere",
	"origins":           "copied to all: asked from everywhere",
	"name_servers":      "copied to all: asked from everywhere",
	"lookups":           "the queue stays on one server",
	"domain_changes":    "the queue stays on one server",
	"servers":           "a row a server that was asked",
	"own_servers":       "what people said stays on one server",
	"forget_key":        "a row",
	"forgotten":         "a row a message that is gone, and no more of it",
}

// spreadBy are the tables that are spread by something else than the message.
var spreadBy = map[string]string{
	"observations":    "subject",
	"observed_values": "subject",
	"domains":         "domain",
	"domain_hosting":  "domain",
	"answers":         "answer_hash",
	"deliveries":      "delivery_key",
	"recipients":      "delivery_key",
	"recipient_kinds": "address",
	"sender_habits":   "sender",
}

// TestSchemaCanBeSpread holds the schema to the rules of Citus for tables
// distributed by message_key: every table of mail has it first in its primary
// key, and no unique constraint or foreign key leaves it out; no table has a
// trigger.
func TestSchemaCanBeSpread(t *testing.T) {
	s := storetest.New(t)
	tables := storetest.Column(t, s, "SELECT relname FROM pg_class WHERE relkind IN ('r', 'p') AND relnamespace = 'public'::regnamespace ORDER BY 1")
	spread := storetest.Column(t, s, `
		SELECT c.relname FROM pg_class c
		  JOIN pg_index i ON i.indrelid = c.oid AND i.indisprimary
		  JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = i.indkey[0]
		 WHERE a.attname = 'message_key' AND a.atttypid = 'bigint'::regtype AND a.attidentity = '' AND a.attgenerated = ''`)
	for table, key := range spreadBy {
		if got := storetest.Column(t, s, `SELECT a.attname FROM pg_index i JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = i.indkey[0]
			WHERE i.indisunique AND i.indrelid = $1::regclass`, table); len(got) != 1 || got[0] != key {
			t.Errorf("table %s: its unique indexes begin with %v, not all with %s", table, got, key)
		}
		spread = append(spread, table)
	}
	for _, table := range tables {
		if _, small := notSpread[table]; !small && !contains(spread, table) {
			t.Errorf("table %s: message_key is not the first column of its primary key, and it is not among those that need not", table)
		}
	}
	for what, query := range map[string]string{
		"unique index without message_key": `
			SELECT x.relname FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid JOIN pg_class x ON x.oid = i.indexrelid
			 WHERE i.indisunique AND c.relname = ANY ($1) AND c.relname <> ALL ('{observations,observed_values,domains,domain_hosting,answers,deliveries,recipients,recipient_kinds,sender_habits}')
			   AND NOT EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname = 'message_key' AND a.attnum = ANY (i.indkey))`,
		"exclusion or foreign key of a spread table, or to one": `
			SELECT k.conname FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid LEFT JOIN pg_class f ON f.oid = k.confrelid
			 WHERE k.contype IN ('x', 'f') AND (c.relname = ANY ($1) OR f.relname = ANY ($1))`,
		"trigger":                    `SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND $1::text[] IS NOT NULL`,
		"rule":                       `SELECT rulename FROM pg_rules WHERE schemaname = 'public' AND $1::text[] IS NOT NULL`,
		"generated or serial column": `SELECT attrelid::regclass || '.' || attname FROM pg_attribute a JOIN pg_class c ON c.oid = attrelid WHERE relname = ANY ($1) AND (attgenerated <> '' OR attidentity <> '')`,
	} {
		if bad := storetest.Column(t, s, query, spread); len(bad) > 0 {
			t.Errorf("%s: %v", what, bad)
		}
	}
}

func contains(list []string, s string) bool {
	for _, x := range list {
		if x == s {
			return true
		}
	}
	return false
}

func TestEightStartAtOnce(t *testing.T) {
	url := storetest.EmptyURL(t)
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			s, err := store.Open(t.Context(), url, store.Options{})
			if err != nil {
				t.Error(err)
				return
			}
			defer s.Close()
			if _, err := facts.New(s).Summary(t.Context()); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	s := storetest.Open(t, url)
	if n := storetest.Column(t, s, "SELECT version_id::text FROM spoor_migrations GROUP BY version_id HAVING count(*) > 1"); len(n) > 0 {
		t.Errorf("migrations %v were applied more than once", n)
	}
}

func TestNewerSchemaIsRefused(t *testing.T) {
	url := storetest.URL(t)
	s := storetest.Open(t, url)
	if _, err := s.Pool.Exec(t.Context(), "INSERT INTO spoor_migrations (version_id, is_applied) VALUES (9999, true)"); err != nil {
		t.Fatal(err)
	}
	for _, o := range []store.Options{{}, {ReadOnly: true}} {
		_, err := store.Open(t.Context(), url, o)
		if !errors.Is(err, store.ErrNewerSchema) || !strings.Contains(err.Error(), "9999") {
			t.Errorf("%+v: %v", o, err)
		}
	}
}

func TestReadOnly(t *testing.T) {
	url := storetest.EmptyURL(t)
	if _, err := store.Open(t.Context(), url, store.Options{ReadOnly: true}); !errors.Is(err, store.ErrNoSchema) {
		t.Errorf("empty database: %v", err)
	}
	storetest.Open(t, url) // makes the schema
	s, err := store.Open(t.Context(), url, store.Options{ReadOnly: true})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if _, err := facts.New(s).Summary(t.Context()); err != nil {
		t.Error(err)
	}
	if _, err := facts.New(s).Begin(t.Context(), facts.Import{}); err == nil {
		t.Error("a read-only store began an import")
	}
}

func TestChangedViewsAreCreatedAnew(t *testing.T) {
	url := storetest.URL(t)
	s := storetest.Open(t, url)
	// As an older program left them: fewer columns, one of another type, and its own hash.
	if err := storetest.Exec(s, "DROP VIEW messages_v", "CREATE VIEW messages_v AS SELECT 1 AS sha256, 2 AS gone", "UPDATE view_versions SET hash = 'old'"); err != nil {
		t.Fatal(err)
	}
	s2 := storetest.Open(t, url)
	if err := storetest.Exec(s2, "SELECT sha256, subject FROM messages_v"); err != nil {
		t.Error(err)
	}
	if n := storetest.Column(t, s2, "SELECT hash FROM view_versions WHERE hash <> 'old'"); len(n) != 1 {
		t.Error("the new hash was not stored")
	}
}

// TestOtherPeoplesViewsStay: a view of an investigator's own that builds on ours is
// never dropped along.
func TestOtherPeoplesViewsStay(t *testing.T) {
	url := storetest.URL(t)
	s := storetest.Open(t, url)
	if err := storetest.Exec(s, "CREATE VIEW mine AS SELECT sha256, subject FROM messages_v", "UPDATE view_versions SET hash = 'old'"); err != nil {
		t.Fatal(err)
	}
	if err := storetest.Exec(storetest.Open(t, url), "SELECT subject FROM mine"); err != nil {
		t.Error(err)
	}
}
