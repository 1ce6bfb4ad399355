package campaigns

import (
	"context"
	"slices"

	"spoor/graph/evidence"
	"spoor/sql"
	"spoor/sql/store"
)

// evidencePage is the number of messages whose facts are read at once. The
// facts of one message with 400 links can take half a megabyte.
const evidencePage = 1000

// Evidence returns the facts of messages that bear on the sender, in the order
// of keys. It skips keys without a message.
func (s *Store) Evidence(ctx context.Context, keys []int64) ([]evidence.Message, error) {
	out := make([]evidence.Message, 0, len(keys))
	for part := range slices.Chunk(keys, evidencePage) {
		got, err := factsOf(ctx, s.db.Pool, part)
		if err != nil {
			return nil, store.Failed("read facts", err)
		}
		out = append(out, got...)
	}
	return out, nil
}

// Facts is Evidence within a run.
func (c *Run) Facts(ctx context.Context, keys []int64) ([]evidence.Message, error) {
	out, err := factsOf(ctx, c.tx, keys)
	return out, store.Failed("read facts", err)
}

// factsReader combines the rows of several tables about a page of messages.
//
// Statements return rows of one message together, hence last: the map is asked
// once a message and not once a row.
type factsReader struct {
	list []evidence.Message
	at   map[int64]int // by key, in list
	last *evidence.Message
}

// factsOf reads a page of messages, in the order of keys.
func factsOf(ctx context.Context, q store.Querier, keys []int64) ([]evidence.Message, error) {
	r := &factsReader{list: make([]evidence.Message, 0, len(keys)), at: make(map[int64]int, len(keys))}
	err := store.EachRow(ctx, q, sql.Query("incidence_messages"), func(m *evidence.Message) {
		m.ReceivedAt = m.ReceivedAt.UTC()
		r.list = append(r.list, *m)
	}, keys)
	if err != nil {
		return nil, err
	}
	r.inOrderOf(keys)
	for _, read := range []func() error{
		func() error { return readBelow(ctx, q, r, "incidence_urls", keys, addLink) },
		func() error { return readBelow(ctx, q, r, "incidence_contacts", keys, addContact) },
		func() error { return readBelow(ctx, q, r, "incidence_files", keys, addFile) },
		func() error { return readBelow(ctx, q, r, "incidence_claims", keys, addClaim) },
		func() error { return readBelow(ctx, q, r, "incidence_anomalies", keys, addAnomaly) },
	} {
		if err := read(); err != nil {
			return nil, err
		}
	}
	return r.list, nil
}

// below is embedded in rows of a table below messages.
type below struct{ MessageKey int64 }

// message returns the key of the row's message.
func (b below) message() int64 { return b.MessageKey }

// readBelow reads the rows of a table below messages, and adds each to its
// message.
func readBelow[T interface{ message() int64 }](ctx context.Context, q store.Querier, r *factsReader, query string, keys []int64,
	add func(*evidence.Message, T),
) error {
	return store.EachRow(ctx, q, sql.Query(query), func(row *T) { add(r.of((*row).message()), *row) }, keys)
}

// inOrderOf sorts the messages by their place in keys, and indexes them. A
// statement returns rows in any order.
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

// of returns the message of a row. For a message that was stored after the
// messages were read, it returns one that belongs to no list, so that the row
// is dropped.
func (r *factsReader) of(key int64) *evidence.Message {
	if r.last == nil || r.last.Key != key {
		r.last = &evidence.Message{Key: key}
		if i, ok := r.at[key]; ok {
			r.last = &r.list[i]
		}
	}
	return r.last
}

// linkRow is a link. In this row and the following ones, NULL is "".
type linkRow struct {
	below
	evidence.Link
}

// addLink adds a link, in the order of the message.
func addLink(m *evidence.Message, r linkRow) { m.Links = append(m.Links, r.Link) }

// contactRow is an address, phone number or wallet in a message.
type contactRow struct {
	below
	Kind, Value string
}

// addContact leaves out the reader's own address: mail greets people by it.
func addContact(m *evidence.Message, r contactRow) {
	switch {
	case r.Kind == "phone":
		m.Phones = append(m.Phones, r.Value)
	case r.Kind == "wallet":
		m.Wallets = append(m.Wallets, r.Value)
	case r.Kind == "mail" && !slices.Contains(m.Readers, r.Value):
		m.Mailboxes = append(m.Mailboxes, r.Value)
	}
}

// fileRow is an attachment.
type fileRow struct {
	below
	Hash, Name string // "" if unknown
}

// addFile adds the hash and the name of a file. Either can be unknown.
func addFile(m *evidence.Message, r fileRow) {
	if r.Hash != "" {
		m.Attachments = append(m.Attachments, r.Hash)
	}
	if r.Name != "" {
		m.FileNames = append(m.FileNames, r.Name)
	}
}

// claimRow is a hop below the trust boundary.
type claimRow struct {
	below
	evidence.Claim
}

// addClaim adds a claim, newest first.
func addClaim(m *evidence.Message, r claimRow) { m.Claims = append(m.Claims, r.Claim) }

// anomalyRow is an anomaly of the header.
type anomalyRow struct {
	below
	Code string
}

// addAnomaly adds the code of an anomaly.
func addAnomaly(m *evidence.Message, r anomalyRow) { m.Anomalies = append(m.Anomalies, r.Code) }
