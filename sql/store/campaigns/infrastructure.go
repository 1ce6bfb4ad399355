package campaigns

import (
	"context"
	"net/netip"
	"time"

	"spoor/sql/store"
)

// UsedDomain is a registered domain that members of a campaign link to.
type UsedDomain struct {
	Name                string
	Members             int64
	Shared              string    // reason if it belongs to many; "" if to one
	FirstSeen, LastSeen time.Time // of mail of the campaign that links to it
	Created             time.Time // zero if unknown
	Registrar           string
	Registrant          string
	NameServers         []string
	Addresses           []string // by the last answers of DNS
	Owners              []string // of the netblock of each address; "" if unknown
}

// UsedDomains lists the domains that most members link to.
func (s *Store) UsedDomains(ctx context.Context, id int64, limit int) ([]UsedDomain, error) {
	return store.Collect[UsedDomain](ctx, s.db, "infrastructure_domains", id, store.Limit(limit))
}

// UsedSender is an address that sent members of a campaign, with its netblock.
type UsedSender struct {
	Sender              netip.Addr
	Messages            int64
	HELO                string `db:"helo"` // one of those given
	ReverseName         string
	FirstSeen, LastSeen time.Time
	Netblock            string // "" if unknown
	Owner, Country      string
	ASN                 int64 `db:"asn"` // 0 if unknown
}

// UsedSenders lists the addresses that sent most members.
func (s *Store) UsedSenders(ctx context.Context, id int64, limit int) ([]UsedSender, error) {
	return store.Collect[UsedSender](ctx, s.db, "infrastructure_senders", id, store.Limit(limit))
}

// Flow is the number of members from one address with a link to one domain.
type Flow struct {
	Sender   netip.Addr
	Domain   string
	Messages int64
}

// Flows counts the mail from each of the senders to each of the domains.
func (s *Store) Flows(ctx context.Context, id int64, senders []netip.Addr, domains []string) ([]Flow, error) {
	if len(senders) == 0 || len(domains) == 0 {
		return nil, nil
	}
	return store.Collect[Flow](ctx, s.db, "infrastructure_flow", id, senders, domains)
}

// Burst is a part of a campaign's mail that arrived together: one spamrun, or
// one slice of time for mail in no spamrun.
type Burst struct {
	Domain              string // linked to; "+": another one than those asked for; "": none
	Spamrun             int64  // 0: none
	FirstSeen, LastSeen time.Time
	Messages, Senders   int64
	Sender              *netip.Addr // one of them
}

// Bursts lists the largest bursts of a campaign between from and to; messages
// is its number of members. The period is cut into n slices. Each burst has the
// one of domains that its mail links to. A campaign of store.LargeCampaign
// messages has one burst for each day and domain instead, from stored sums.
//
// Sums serve large campaigns, since counting their messages takes longer than a
// reader waits.
func (s *Store) Bursts(ctx context.Context, id, messages int64, from, to time.Time, n int, domains []string) ([]Burst, error) {
	if domains == nil {
		domains = []string{}
	}
	if messages >= store.LargeCampaign {
		return store.Collect[Burst](ctx, s.db, "campaign_days", id, domains)
	}
	if to.Before(from) || from.IsZero() || n < 1 {
		return nil, nil
	}
	return store.Collect[Burst](ctx, s.db, "campaign_timeline", id, from, to, n, domains)
}
