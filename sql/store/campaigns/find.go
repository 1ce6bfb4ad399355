package campaigns

import (
	"context"
	"net/netip"
	"time"

	"github.com/jackc/pgx/v5"

	"spoor/sql"
	"spoor/sql/store"
	"spoor/sql/store/wire"
)

// Indicator is the subject of a search.
type Indicator struct {
	Kind  string       // "host", "url", "net", "mail", "phone", "message-id", "hash"
	Value string       // normal form
	Net   netip.Prefix // of kind net
	// Domain is the registered domain of kind host.
	Domain string
}

// Hit is a role of an indicator in the messages of one campaign. AllSpam,
// AllHam, FirstSeen and LastSeen cover all hits together.
type Hit struct {
	Campaign            int64 // 0: none
	Role, Value         string
	Spam, Ham           int64
	AllSpam, AllHam     int64
	FirstSeen, LastSeen time.Time
}

// Find returns the messages and campaigns that contain an indicator, most
// messages first.
func (s *Store) Find(ctx context.Context, i Indicator) ([]Hit, error) {
	net := i.Net
	if !net.IsValid() {
		net = netip.PrefixFrom(netip.IPv4Unspecified(), 32)
	}
	return store.Collect[Hit](ctx, s.db, "campaign_find", i.Kind, wire.WellFormed(i.Value), net, i.Domain)
}

// MessagesAt lists up to limit messages that link to a host or domain, or to or from an
// address of a network. Keys are hashes, so that many more than limit are sampled.
func (s *Store) MessagesAt(ctx context.Context, i Indicator, limit int) ([]int64, error) {
	var rows pgx.Rows
	if i.Kind == "net" {
		rows, _ = s.db.Pool.Query(ctx, sql.Query("why_address"), i.Net, limit)
	} else {
		rows, _ = s.db.Pool.Query(ctx, sql.Query("why_host"), wire.WellFormed(i.Value), limit)
	}
	out, err := pgx.CollectRows(rows, pgx.RowTo[int64])
	return out, store.Failed("look for messages", err)
}
