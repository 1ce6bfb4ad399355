package facts_test

import (
	"context"
	"math/rand/v2"
	"net/netip"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/jackc/pgx/v5"

	"spoor/ingest"
	"spoor/ingest/dsn"
	"spoor/ingest/links"
	"spoor/ingest/received"
	"spoor/sql/store"
	"spoor/sql/store/facts"
	"spoor/sql/store/storetest"
)

// TestRoundTrip stores facts with hostile values in every field and reads every
// column back by pgx's own decoding.
func TestRoundTrip(t *testing.T) {
	s := storetest.New(t)
	i, err := facts.New(s).Begin(t.Context(), facts.Import{Class: ingest.Ham})
	if err != nil {
		t.Fatal(err)
	}
	var list []ingest.Facts
	r := rand.New(rand.NewPCG(1, 2))
	for range 300 {
		var f ingest.Facts
		fill(r, reflect.ValueOf(&f).Elem(), 0)
		f.Class = ingest.Ham
		f.TextSketch = randomSketch(r)
		list = append(list, f)
	}
	if added, err := i.Store(t.Context(), &ingest.Batch{Messages: list}); err != nil || added != len(list) {
		t.Fatal(added, err)
	}
	for n := range list {
		compareStored(t, s, &list[n])
		if t.Failed() {
			break
		}
	}
}

// fill sets everything in v to something at random, often nothing or nasty.
func fill(r *rand.Rand, v reflect.Value, depth int) {
	switch x := v.Addr().Interface().(type) {
	case *time.Time:
		*x = randomTime(r)
		return
	case *netip.Addr:
		*x = randomAddress(r)
		return
	case *received.ReverseState:
		*x = []received.ReverseState{received.NotRecorded, received.Unknown, received.Given}[r.IntN(3)]
		return
	}
	switch v.Kind() {
	case reflect.Struct:
		for n := range v.NumField() {
			fill(r, v.Field(n), depth+1)
		}
	case reflect.Slice:
		n := r.IntN(4)
		if v.Type().Elem().Kind() == reflect.Uint8 {
			n = r.IntN(5000)
		}
		if n > 0 {
			v.Set(reflect.MakeSlice(v.Type(), n, n))
		}
		fallthrough
	case reflect.Array:
		for n := range v.Len() {
			fill(r, v.Index(n), depth+1)
		}
	case reflect.String:
		v.SetString(randomText(r))
	case reflect.Bool:
		v.SetBool(r.IntN(2) == 0)
	case reflect.Int, reflect.Int64:
		v.SetInt(int64(r.IntN(1<<20)) - 1)
	case reflect.Uint16, reflect.Uint8:
		v.SetUint(uint64(r.IntN(256)))
	}
}

func randomText(r *rand.Rand) string {
	return []string{"", "x", "\\N", "{a,\"b\"}", "tab\tand\nnewline", "für €", "a\x00b", "\xff\xfe", "\x1b[31m", strings.Repeat("long ", 700), "NULL"}[r.IntN(11)]
}

// randomSketch is of the one length that there is.
func randomSketch(r *rand.Rand) []byte {
	if r.IntN(4) == 0 {
		return nil
	}
	b := make([]byte, 64)
	for i := range b {
		b[i] = byte(r.Uint32())
	}
	return b
}

func randomTime(r *rand.Rand) time.Time {
	if r.IntN(4) == 0 {
		return time.Time{}
	}
	return time.UnixMicro(r.Int64N(500_000_000_000_000_000) - 60_000_000_000_000_000).In(time.FixedZone("", r.IntN(7200)))
}

func randomAddress(r *rand.Rand) netip.Addr {
	return []netip.Addr{{}, netip.MustParseAddr("192.0.2.9"), netip.MustParseAddr("2001:db8::9"), netip.MustParseAddr("::ffff:192.0.2.7"),
		netip.MustParseAddr("fe80::1%eth0"), netip.MustParseAddr("0.0.0.0"), netip.MustParseAddr("::")}[r.IntN(7)]
}

func text(s string) any {
	if s == "" {
		return nil
	}
	return strings.ReplaceAll(strings.ToValidUTF8(s, "\uFFFD"), "\x00", "\uFFFD")
}

func short(s string) any {
	if s = strings.ToValidUTF8(s, "\uFFFD"); len(s) > 1000 {
		s = s[:1000]
	}
	return text(s)
}

func must(s string) any {
	if s == "" {
		return ""
	}
	return text(s)
}

func list(l []string) any {
	if len(l) == 0 {
		return nil
	}
	var out []any
	for _, s := range l {
		out = append(out, must(s))
	}
	return out
}

func when(t time.Time) any {
	if y := t.UTC().Year(); t.IsZero() || y < 1 || y > 9999 {
		return nil
	}
	return t.UTC().Truncate(time.Microsecond)
}

func addr(a netip.Addr) any {
	if !a.IsValid() {
		return nil
	}
	a = a.Unmap().WithZone("")
	return netip.PrefixFrom(a, a.BitLen())
}

func index(n int) any {
	if n < 0 {
		return nil
	}
	return int32(n)
}

func nonzero(n int) any {
	if n == 0 {
		return nil
	}
	return int32(n)
}

func rawLink(l links.Link) any {
	if l.Raw == l.URL && l.URL != "" {
		return nil
	}
	return must(l.Raw)
}

func state(name string, s received.ReverseState) any {
	if name != "" {
		return "given"
	}
	if s == received.Unknown {
		return "unknown"
	}
	return nil
}

func hash(h ingest.Hash) any {
	if h == (ingest.Hash{}) {
		return nil
	}
	return h[:]
}

func sketch(b []byte) any {
	if b == nil {
		return nil
	}
	return b
}

// lexemes are the words that a tsvector takes, in its order.
func lexemes(words []string) []any {
	var out []any
	for _, w := range slices.Compact(slices.Sorted(slices.Values(words))) {
		if w != "" && len(w) < 2047 && utf8.ValidString(w) && !strings.Contains(w, "\x00") {
			out = append(out, w)
		}
	}
	return out
}

func hash64(h int64) any {
	if h == 0 {
		return nil
	}
	return h
}

func compareStored(t *testing.T, s *store.DB, f *ingest.Facts) {
	t.Helper()
	compareRows(t, s, f, "messages", "size, received_at, date, text_hash, text_length, extractor, boundary_hop, mx_priority, ham, sender, helo, reverse_name, reverse_state, accepted_by, message_id, subject, subject_key, from_name, from_address, sender_field, return_path, reply_to, to_addresses, recipients, date_raw, mailer, list_id, header_names, mime_skeleton, boundary_form, message_id_form, text_sketch, html_form, date_form, encodings", [][]any{{
		max(f.Size, 0), when(f.ReceivedAt), when(f.Date), hash64(f.TextHash), int32(max(f.TextLength, 0)), int32(ingest.ExtractorVersion), index(f.Boundary), index(f.MXPriority), true, addr(f.SenderAddr),
		text(f.HELO), text(f.ReverseName), state(f.ReverseName, f.ReverseState), text(f.AcceptedBy), text(f.MessageID), text(f.Subject), text(f.SubjectKey), text(f.From.Name), text(f.From.Address),
		text(f.Sender), text(f.ReturnPath), list(f.ReplyTo), list(f.To), list(f.Recipients), text(f.DateRaw), text(f.Mailer), text(f.ListID), text(f.HeaderNames),
		text(f.MIMESkeleton), text(f.BoundaryForm), text(f.MessageIDForm), sketch(f.TextSketch), hash64(f.HTMLForm), text(f.DateForm), text(f.Encodings)}})
	compareRows(t, s, f, "hops", "n, port, at, trusted, authenticated, address, by_address, helo, reverse_name, reverse_state, ident, by_name, via, protocol, queue_id, recipient, envelope_from, tls, zone, syntax, comment, raw",
		each(f.Hops, func(n int, h received.Hop) []any {
			return []any{int32(n), nonzero(int(h.Port)), when(h.Time), n <= f.Boundary, h.Authenticated, addr(h.Addr), addr(h.ByAddr), text(h.From), text(h.Reverse),
				state(h.Reverse, h.ReverseState), text(h.Ident), text(h.By), text(h.Via), text(h.With), text(h.ID), text(h.For), text(h.EnvelopeFrom), text(h.TLS),
				text(h.Zone), text(h.Syntax), text(h.Comment), must(h.Raw)}
		}))
	compareRows(t, s, f, "anomalies", "n, hop, code, reason, evidence", each(f.Anomalies, func(n int, a received.Anomaly) []any {
		return []any{int32(n), index(a.Hop), must(a.Code), must(a.Reason), text(a.Evidence)}
	}))
	compareRows(t, s, f, "parts", "n, parent, size, attachment, sha256, media_type, sniffed, charset, encoding, disposition, name, outside", each(f.Parts, func(n int, p ingest.Part) []any {
		return []any{int32(n), index(p.Parent), max(p.Size, 0), p.Attachment, hash(p.Hash), text(p.Type), text(p.Sniffed), text(p.Charset), text(p.Encoding), text(p.Disposition), text(p.Name), text(p.Outside)}
	}))
	compareRows(t, s, f, "urls", "n, part, via, port, count, address, host, domain, shared, tenant, url, raw, found_in, visible, notes", each(f.Links, func(n int, l links.Link) []any {
		return []any{int32(n), index(l.Part), index(l.Via), nonzero(int(l.Port)), int32(max(l.Count, 1)), addr(l.Addr), short(l.Host), short(l.Domain), text(l.Shared), text(l.Tenant), text(l.URL),
			rawLink(l), must(l.Where), text(l.Visible), list(l.Notes)}
	}))
	compareRows(t, s, f, "contacts", "n, part, count, kind, coalesce(value, ''), raw, found_in, notes", each(f.Contacts, func(n int, c links.Contact) []any {
		raw, value := text(c.Raw), short(c.Value)
		if c.Raw == c.Value {
			raw = nil
		}
		if value == nil {
			value = ""
		}
		return []any{int32(n), index(c.Part), int32(max(c.Count, 1)), must(c.Kind), value, raw, must(c.Where), list(c.Notes)}
	}))
	compareRows(t, s, f, "defects", "n, part, code, detail", each(f.Defects, func(n int, d ingest.Defect) []any {
		return []any{int32(n), index(d.Part), must(d.Code), text(d.Detail)}
	}))
	compareRows(t, s, f, "reports", "n, form, reporter, recipient, action, status, remote, diagnostic, returned_id, returned_subject, returned_domains", each(f.Reports, func(n int, r dsn.Report) []any {
		return []any{int32(n), must(r.Form), text(r.Reporter), text(r.Recipient), text(r.Action), text(r.Status), text(r.Remote), text(r.Diagnostic), text(f.Returned.ID), text(f.Returned.SubjectKey), list(f.Returned.Domains)}
	}))
	var raw [][]any
	if f.Raw != nil {
		raw = [][]any{{f.RawCut, f.Raw}}
	}
	compareRows(t, s, f, "raw", "cut, data", raw)
	var words [][]any
	for _, w := range lexemes(f.Terms) {
		words = append(words, []any{w})
	}
	compareRows(t, s, f, "texts", "unnest(ARRAY(SELECT w FROM unnest(tsvector_to_array(words)) AS w WHERE w !~ '^[#.=@]'))", words)
}

func each[T any](list []T, row func(int, T) []any) [][]any {
	var out [][]any
	for n, x := range list {
		out = append(out, row(n, x))
	}
	return out
}

func compareRows(t *testing.T, s *store.DB, f *ingest.Facts, table, columns string, want [][]any) {
	t.Helper()
	order := " ORDER BY n"
	if table == "messages" || table == "raw" || table == "texts" {
		order = ""
	}
	rows, err := s.Pool.Query(context.Background(), "SELECT "+columns+" FROM "+table+" WHERE message_key = (SELECT message_key FROM messages WHERE sha256 = $1)"+order, f.Hash[:])
	if err != nil {
		t.Fatal(table, err)
	}
	got, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) ([]any, error) { return row.Values() })
	if err != nil {
		t.Fatal(table, err)
	}
	if len(got) != len(want) {
		t.Errorf("%s: %d rows, want %d", table, len(got), len(want))
		return
	}
	names := strings.Split(columns, ", ")
	for n := range want {
		for c := range want[n] {
			g := got[n][c]
			if at, ok := g.(time.Time); ok {
				g = at.UTC()
			}
			if !reflect.DeepEqual(g, want[n][c]) {
				t.Errorf("%s row %d, column %d of %v:\n got %T %#v\nwant %T %#v", table, n, c, names, g, g, want[n][c], want[n][c])
				return
			}
		}
	}
}
