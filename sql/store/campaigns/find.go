package campaigns

import (
	"context"
	"net/netip"
	"net/url"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"spoor/graph/evidence"
	"spoor/sql"
	"spoor/sql/store"
	"spoor/sql/store/terms"
	"spoor/sql/store/wire"
)

// Indicator is the subject of a search.
type Indicator struct {
	Kind  string       // "host", "url", "net", "mail", "phone", "message-id", "hash", "as", "words", "text", "evidence"
	Value string       // normal form; of kind hash its first digits, 6 or more
	Net   netip.Prefix // of kind net
	// Domain is the registered domain of kind host.
	Domain string
	Forms  []string       // in which it may be stored, of kinds mail, phone and words
	Keys   []evidence.Key // of features that it may be, of kinds words and evidence
}

// Hit is a role of an indicator in the messages of one campaign. AllSpam,
// AllHam, FirstSeen, LastSeen, AllHits, AllRoles and the counts of messages set aside
// cover all hits together; they are the same in each Hit.
type Hit struct {
	Campaign            int64 // 0: none
	Role, Value         string
	Spam, Ham           int64
	RoleSpam, RoleHam   int64 // messages of the campaign that have any value in this role
	AllSpam, AllHam     int64
	FirstSeen, LastSeen time.Time
	Newest              []string // SHA-256 of the newest messages, some
	Values              int64    // of the campaign in the role, also beyond the bounds
	AllHits, AllRoles   int64    // hits, and roles of campaigns, also beyond the bounds
	AsidePublishers     []string // of messages set aside; "": delivery reports
	AsideIssues         []int64  // messages of each publisher
	// LastSender is the address up to which a large network was searched; "":
	// all of it. InNetwork counts all messages of its senders.
	LastSender string
	InNetwork  int64
}

// Bounds limit a search.
type Bounds struct {
	Rows     int // of the answer
	Values   int // of a role in a campaign; 0: all
	Messages int // of senders in a network; 0: all
}

// Find returns the messages and campaigns that contain an indicator, most
// messages first. Evidence is searched only for a value that no field has.
func (s *Store) Find(ctx context.Context, i Indicator, most Bounds) ([]Hit, error) {
	hits, err := s.search(ctx, i, most)
	if err != nil || len(hits) > 0 || len(i.Keys) == 0 {
		return hits, err
	}
	return s.search(ctx, Indicator{Kind: "evidence", Keys: i.Keys}, most)
}

// search looks an indicator up in the fields that its kind stands in.
func (s *Store) search(ctx context.Context, i Indicator, most Bounds) ([]Hit, error) {
	net := i.Net
	if !net.IsValid() {
		// A parameter of type inet cannot be empty. No stored address is
		// 0.0.0.0.
		net = netip.PrefixFrom(netip.IPv4Unspecified(), 32)
	}
	from, to := int64(1), int64(0) // no message
	if i.Kind == "hash" {
		var err error
		if _, _, from, to, err = hashRange(i.Value); err != nil {
			return nil, err
		}
	}
	forms := make([]string, len(i.Forms))
	for n, f := range i.Forms {
		forms[n] = wire.WellFormed(f)
	}
	keys := make([]int64, len(i.Keys))
	for n, k := range i.Keys {
		keys[n] = int64(k)
	}
	return store.Collect[Hit](ctx, s.db, "campaign_find", i.Kind, wire.WellFormed(i.Value), net, i.Domain, forms, from, to, i.terms(), hostOf(i), keys, most.Rows, store.Limit(most.Messages), store.Limit(most.Values))
}

// terms asks the index of words for messages that have an indicator in a field.
func (i *Indicator) terms() string {
	switch i.Kind {
	case "host":
		return terms.Query(terms.Name(i.Value))
	case "mail":
		return terms.Query(terms.Address(i.Value))
	case "words":
		list := []string{terms.Whole(i.Value)}
		for _, f := range i.Forms {
			list = append(list, terms.QueueID(f))
		}
		return terms.Query(list...)
	}
	return ""
}

// hostOf returns the host of an indicator of kind url, by which links are found.
func hostOf(i Indicator) string {
	if i.Kind != "url" {
		return ""
	}
	u, err := url.Parse(i.Value)
	if err != nil {
		return ""
	}
	return strings.ToLower(u.Hostname())
}

// NamedTrait is a trait of a campaign or of an operation; the other is 0.
type NamedTrait struct {
	CampaignID, OperationID int64
	Kind, Value             string
	Members, Elsewhere, Ham int64
}

// TraitRange is the traits of a kind whose values have letters and digits from
// Least to Most, as SQL's trait_letters forms them.
type TraitRange struct{ Kind, Least, Most string }

// EachTrait yields the traits of campaigns and operations in some ranges, those
// of most messages first.
func (s *Store) EachTrait(ctx context.Context, ranges []TraitRange, each func(*NamedTrait)) error {
	var kinds, least, most []string
	for _, r := range ranges {
		kinds, least, most = append(kinds, r.Kind), append(least, r.Least), append(most, r.Most)
	}
	return store.Failed("read traits", store.EachRow(ctx, s.db.Pool, sql.Query("campaign_traits_like"), each, kinds, least, most))
}

// MessagesAt lists up to limit messages with a link to a host or domain, or
// with the sender in a network. For the network of a single address, it
// includes messages with a link to that address. They come in the order of
// their keys, which are hashes: beyond limit, the result is a random sample.
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
