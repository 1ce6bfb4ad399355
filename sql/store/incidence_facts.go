package store

import (
	"context"
	"slices"

	"github.com/jackc/pgx/v5/pgconn"

	"spoor/graph/evidence"
	"spoor/sql"
)

// Evidence returns the facts of messages that bear on who sent them, in the order of
// keys; keys of no message are left out.
func (s *Store) Evidence(ctx context.Context, keys []int64) ([]evidence.Message, error) {
	conn, err := s.pool.Acquire(ctx)
	if err != nil {
		return nil, failed("read facts", err)
	}
	defer conn.Release()
	out := make([]evidence.Message, 0, len(keys))
	for part := range slices.Chunk(keys, evidencePage) {
		got, err := factsOf(ctx, conn.Conn().PgConn(), part)
		if err != nil {
			return nil, failed("read facts", err)
		}
		out = append(out, got...)
	}
	return out, nil
}

// factsReader puts together what several tables say of a page of messages.
type factsReader struct {
	list []evidence.Message
	at   map[int64]int // by key, in list
	last *evidence.Message
}

// factsOf reads a page of messages, in the order of keys.
func factsOf(ctx context.Context, conn *pgconn.PgConn, keys []int64) ([]evidence.Message, error) {
	r := &factsReader{list: make([]evidence.Message, 0, len(keys)), at: make(map[int64]int, len(keys))}
	if err := eachRow(ctx, conn, sql.Query("incidence_messages"), keys, r.message); err != nil {
		return nil, err
	}
	r.inOrderOf(keys)
	for _, below := range []struct {
		query string
		each  func(*evidence.Message, *fields)
	}{
		{"incidence_urls", addLink}, {"incidence_contacts", addContact}, {"incidence_files", addFile},
		{"incidence_claims", addClaim}, {"incidence_anomalies", addAnomaly},
	} {
		err := eachRow(ctx, conn, sql.Query(below.query), keys, func(f *fields) { below.each(r.of(f.int64()), f) })
		if err != nil {
			return nil, err
		}
	}
	return r.list, nil
}

func (r *factsReader) message(f *fields) {
	m := evidence.Message{
		Key: f.int64(), Background: f.bool(), ReceivedAt: f.time(),
		Text: f.int64(), Sketch: f.bytes(), HTMLForm: f.int64(),
		Subject: f.text(), SubjectKey: f.text(), FromName: f.text(), From: f.text(),
		ReplyTo: f.texts(), ReturnPath: f.text(), Readers: append(f.texts(), f.texts()...),
		ListID: f.text(), MessageID: f.text(), MessageIDForm: f.text(), BoundaryForm: f.text(),
		MIMESkeleton: f.text(), Encodings: f.text(), HeaderNames: f.text(), Mailer: f.text(), DateForm: f.text(),
		Sender: f.addr(), HELO: f.text(), ReverseName: f.text(), ReverseState: f.text(),
		AcceptedBy: f.text(), MXPriority: f.int32Or(-1),
	}
	r.list = append(r.list, m)
}

func (r *factsReader) inOrderOf(keys []int64) {
	order := make(map[int64]int, len(keys))
	for i, k := range keys {
		order[k] = i
	}
	slices.SortFunc(r.list, func(a, b evidence.Message) int { return order[a.Key] - order[b.Key] })
	for i := range r.list {
		r.at[r.list[i].Key] = i
	}
}

// of finds the message of a row; one that came in since the messages were read goes
// nowhere.
func (r *factsReader) of(key int64) *evidence.Message {
	if r.last == nil || r.last.Key != key {
		r.last = &evidence.Message{Key: key}
		if i, ok := r.at[key]; ok {
			r.last = &r.list[i]
		}
	}
	return r.last
}

func addLink(m *evidence.Message, f *fields) {
	m.Links = append(m.Links, evidence.Link{URL: f.text(), Host: f.text(), Domain: f.text(), Shared: f.text(),
		Tenant: f.text(), Found: f.text()})
}

// addContact leaves out the reader's own address: mail greets people by it.
func addContact(m *evidence.Message, f *fields) {
	kind, value := f.text(), f.text()
	switch {
	case kind == "phone":
		m.Phones = append(m.Phones, value)
	case kind == "wallet":
		m.Wallets = append(m.Wallets, value)
	case kind == "mail" && !slices.Contains(m.Readers, value):
		m.Mailboxes = append(m.Mailboxes, value)
	}
}

func addFile(m *evidence.Message, f *fields) {
	hash, name := f.text(), f.text()
	if hash != "" {
		m.Attachments = append(m.Attachments, hash)
	}
	if name != "" {
		m.FileNames = append(m.FileNames, name)
	}
}

func addClaim(m *evidence.Message, f *fields) {
	m.Claims = append(m.Claims, evidence.Claim{Raw: f.text(), Address: f.addr()})
}

func addAnomaly(m *evidence.Message, f *fields) {
	m.Anomalies = append(m.Anomalies, f.text())
}
