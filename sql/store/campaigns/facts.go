package campaigns

import (
	"context"
	"slices"

	"github.com/jackc/pgx/v5/pgconn"

	"spoor/graph/evidence"
	"spoor/sql"
	"spoor/sql/store"
	"spoor/sql/store/wire"
)

// Evidence returns the facts of messages that bear on who sent them, in the order of
// keys; keys of no message are left out.
func (s *Store) Evidence(ctx context.Context, keys []int64) ([]evidence.Message, error) {
	conn, err := s.db.Pool.Acquire(ctx)
	if err != nil {
		return nil, store.Failed("read facts", err)
	}
	defer conn.Release()
	out := make([]evidence.Message, 0, len(keys))
	for part := range slices.Chunk(keys, evidencePage) {
		got, err := factsOf(ctx, conn.Conn().PgConn(), part)
		if err != nil {
			return nil, store.Failed("read facts", err)
		}
		out = append(out, got...)
	}
	return out, nil
}

// Facts is Evidence within a run.
func (c *Run) Facts(ctx context.Context, keys []int64) ([]evidence.Message, error) {
	out, err := factsOf(ctx, c.tx.Conn().PgConn(), keys)
	return out, store.Failed("read facts", err)
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
	if err := wire.EachRow(ctx, conn, sql.Query("incidence_messages"), keys, r.message); err != nil {
		return nil, err
	}
	r.inOrderOf(keys)
	for _, below := range []struct {
		query string
		each  func(*evidence.Message, *wire.Fields)
	}{
		{"incidence_urls", addLink}, {"incidence_contacts", addContact}, {"incidence_files", addFile},
		{"incidence_claims", addClaim}, {"incidence_anomalies", addAnomaly},
	} {
		err := wire.EachRow(ctx, conn, sql.Query(below.query), keys, func(f *wire.Fields) { below.each(r.of(f.Int64()), f) })
		if err != nil {
			return nil, err
		}
	}
	return r.list, nil
}

func (r *factsReader) message(f *wire.Fields) {
	m := evidence.Message{
		Key: f.Int64(), Background: f.Bool(), ReceivedAt: f.Time(),
		Text: f.Int64(), Sketch: f.Bytes(), HTMLForm: f.Int64(),
		Subject: f.Text(), SubjectKey: f.Text(), FromName: f.Text(), From: f.Text(),
		ReplyTo: f.Texts(), ReturnPath: f.Text(), Readers: append(f.Texts(), f.Texts()...),
		ListID: f.Text(), MessageID: f.Text(), MessageIDForm: f.Text(), BoundaryForm: f.Text(),
		MIMESkeleton: f.Text(), Encodings: f.Text(), HeaderNames: f.Text(), Mailer: f.Text(), DateForm: f.Text(),
		Sender: f.Addr(), HELO: f.Text(), ReverseName: f.Text(), ReverseState: f.Text(),
		AcceptedBy: f.Text(), MXPriority: f.Int32Or(-1),
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

func addLink(m *evidence.Message, f *wire.Fields) {
	m.Links = append(m.Links, evidence.Link{URL: f.Text(), Host: f.Text(), Domain: f.Text(), Shared: f.Text(),
		Tenant: f.Text(), Found: f.Text()})
}

// addContact leaves out the reader's own address: mail greets people by it.
func addContact(m *evidence.Message, f *wire.Fields) {
	kind, value := f.Text(), f.Text()
	switch {
	case kind == "phone":
		m.Phones = append(m.Phones, value)
	case kind == "wallet":
		m.Wallets = append(m.Wallets, value)
	case kind == "mail" && !slices.Contains(m.Readers, value):
		m.Mailboxes = append(m.Mailboxes, value)
	}
}

func addFile(m *evidence.Message, f *wire.Fields) {
	hash, name := f.Text(), f.Text()
	if hash != "" {
		m.Attachments = append(m.Attachments, hash)
	}
	if name != "" {
		m.FileNames = append(m.FileNames, name)
	}
}

func addClaim(m *evidence.Message, f *wire.Fields) {
	m.Claims = append(m.Claims, evidence.Claim{Raw: f.Text(), Address: f.Addr()})
}

func addAnomaly(m *evidence.Message, f *wire.Fields) {
	m.Anomalies = append(m.Anomalies, f.Text())
}
