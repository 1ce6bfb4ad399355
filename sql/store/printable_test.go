package store_test

import (
	"fmt"
	"strings"
	"testing"

	"spoor/sql/store"
	"spoor/sql/store/storetest"
)

// hostile clears the screen, and turns a name around.
const hostile = "h\x1b[2J\u202egpj.exe\u2066\n"

// allowed are values of text columns that do not come from strangers as they are: a CHECK
// binds them, they are words of this program, or a normal form that holds ASCII only.
var allowed = map[string]string{
	"backscatter.matched_by": "links",
	"imports.class":          "spam", "messages.reverse_state": "given", "hops.reverse_state": "given", "observations.kind": "domain",
	"observations.outcome": "answered", "domains.state": "registered", "domain_changes.kind": "name", "lookups.kind": "domain", "campaign_events.event": "born",
	"decisions.kind": "name", "own_servers.kind": "server", "deliveries.origin": "log", "deliveries.direction": "in",
	"recipients.verdict": "accepted", "own_addresses.kind": "domain", "abuse_reports.role": "host", "sightings.kind": "host", "recipient_kinds.kind_basis": "list",
	"anomalies.code": "helo-number", "anomalies.reason": "x", "defects.code": "x", "failures.code": "x", "hops.syntax": "postfix",
	"parts.sniffed": "x", "parts.outside": "x", "contacts.kind": "mail", "contacts.found_in": "text", "contacts.notes[]": "x",
	"urls.shared": "x", "urls.found_in": "text", "urls.notes[]": "x", "sources.format": "mbox", "messages.message_id_form": "x9",
	"urls.host": "www.example.com", "urls.domain": "example.com", "domains.domain": "example.com", "domains.sources[]": "whois",
	"lookups.task": "names", "lookups.name": "example.com", "lookups.domain": "example.com", "lookups.lane": "dns",
	"observations.subject": "example.com", "observations.source": "whois", "netblocks.source": "rdap", "observed_values.field": "ns",
	"campaign_domains.domain": "example.com", "campaign_domains.shared": "x", "campaign_values.kind": "attachment", "campaign_traits.kind": "text", "campaign_traits.evidence": "text", "recipient_kinds.kind": "cut_front",
	"observed_values.value": "ns.example.com", "observed_values.subject": "example.com", "observed_values.source": "dns",
}

// stored are tables whose text is printable as it is stored: TestHostileRegistration tries their writers.
var stored = map[string]bool{"domains": true, "domain_hosting": true}

// given are values of other columns that a CHECK binds.
var given = map[string]string{
	"imports.read": "2", "messages.text_sketch": "decode(repeat('00', 64), 'hex')", "campaigns.merged_into": "NULL", "campaigns.merged_run": "NULL",
	"spamruns.messages": "2", "lookups.address": "NULL", "lookups.leased_by": "NULL", "lookups.lease_until": "NULL", "imports.known": "0",
	"observed_values.until": "NULL", "forget_key.one": "true", "netblocks.ended_at": "NULL", "decisions.undone_at": "NULL", "failures.resolved_import": "NULL",
	"messages.ham": "false", "recipient_kinds.address": "lower('" + hostile + "')", "domains.ham": "0", "urls.via": "NULL", "sightings.network": "NULL", "incidence.ham": "false",
}

// fill puts one row into every table: all text hostile, all keys 1, so that views join.
func fill(t *testing.T, db *store.DB) {
	t.Helper()
	for _, table := range storetest.Column(t, db, "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND relname NOT IN ('spoor_migrations', 'view_versions')") {
		var names, values []string
		for _, column := range storetest.Column(t, db, "SELECT attname || ' ' || format_type(atttypid, NULL) FROM pg_attribute WHERE attrelid = $1::text::regclass AND attnum > 0 AND NOT attisdropped", table) {
			name, kind, _ := strings.Cut(column, " ")
			names, values = append(names, name), append(values, valueOf(table+"."+name, kind))
		}
		statement := fmt.Sprintf("INSERT INTO %s (%s) OVERRIDING SYSTEM VALUE VALUES (%s)", table, strings.Join(names, ", "), strings.Join(values, ", "))
		if err := storetest.Exec(db, statement); err != nil {
			t.Fatalf("%s: %v", table, err)
		}
	}
	if err := storetest.Exec(db, `INSERT INTO observed_values (since, subject, source, field, value) VALUES (now(), 'example.com', 'whois', 'registrant.email', 'owner@example.com')`); err != nil {
		t.Fatal(err)
	}
	// A change needs an answer before.
	if err := storetest.Exec(db, `INSERT INTO observations (asked_at, confirmed_at, fresh_until, took, kind, subject, source, server, outcome, content_hash, parsed)
		SELECT asked_at - interval '1 day', asked_at, fresh_until, took, kind, subject, source, server, outcome, content_hash, '{"registrant": {"name": "x"}}' FROM observations`); err != nil {
		t.Fatal(err)
	}
}

func valueOf(column, kind string) string {
	text := "'" + hostile + "'"
	if table, _, _ := strings.Cut(column, "."); stored[table] {
		text = "'x'"
	}
	if v, ok := allowed[column]; ok {
		text = "'" + v + "'"
	}
	if v, ok := given[column]; ok {
		return v
	}
	if list, ok := strings.CutSuffix(kind, "[]"); ok {
		return "ARRAY[" + valueOf(column+"[]", list) + "]::" + kind
	}
	switch kind {
	case "text":
		return text
	case "boolean":
		return "true"
	case "bytea":
		return "decode(repeat('00', 32), 'hex')"
	case "inet", "cidr":
		return "'192.0.2.1'"
	case "jsonb":
		return `jsonb_build_object('registrant', jsonb_build_object('name', '` + hostile + `'))`
	case "timestamp with time zone":
		return "now()"
	case "tsvector": // letters alone
		return "'word'"
	case "uuid":
		return "'00000000-0000-0000-0000-000000000001'"
	case "interval":
		return "'1 s'"
	}
	return "1"
}

// TestViewsPrintNothingHostile: every text column of every view, but for those named raw.
func TestViewsPrintNothingHostile(t *testing.T) {
	db := storetest.New(t)
	fill(t, db)
	shown := 0
	for _, view := range storetest.Column(t, db, "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'v' ORDER BY 1") {
		if n := storetest.Column(t, db, "SELECT count(*)::text FROM "+view); n[0] == "0" {
			t.Errorf("%s shows no row: nothing of it was tried", view)
		}
		for _, column := range storetest.Column(t, db, "SELECT attname::text FROM pg_attribute WHERE attrelid = $1::text::regclass AND attnum > 0 AND NOT attisdropped AND atttypid IN ('text'::regtype, 'text[]'::regtype)", view) {
			text := strings.Join(storetest.Column(t, db, fmt.Sprintf("SELECT coalesce(array_to_string(ARRAY[%s], '|'), '') FROM %s", column, view)), "|")
			raw := column == "raw" || strings.HasSuffix(column, "_raw")
			if strings.ContainsAny(text, "\x1b\u202e\u2066\n") && !raw {
				t.Errorf("%s.%s prints %q", view, column, text)
			}
			if strings.Contains(text, `\u001b`) {
				shown++
			}
		}
	}
	if shown < 40 {
		t.Errorf("%d columns held something hostile: the test does not reach them", shown)
	}
}

func TestPrintable(t *testing.T) {
	db := storetest.New(t)
	for in, want := range map[string]string{
		"": "", "plain": "plain", "müller 日本": "müller 日本", `a\b`: `a\b`, hostile: `h\u001b[2J\u202egpj.exe\u2066\u000a`, "\U000e0041x": `\ue0041x`, "\u009b1m": `\u009b1m`,
	} {
		if got := storetest.Column(t, db, "SELECT printable($1::text)", in)[0]; got != want {
			t.Errorf("printable(%q) = %q, want %q", in, got, want)
		}
	}
}
