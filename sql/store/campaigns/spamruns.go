package campaigns

import (
	"context"
	"net/netip"
	"time"

	"spoor/sql/store"
)

// Spamrun is one sender's burst.
type Spamrun struct {
	ID               int64 `db:"spamrun_id"`
	Sender           netip.Addr
	StartedAt        time.Time
	EndedAt          time.Time
	Messages         int64
	Rate             *float64 // messages per hour; nil if all came in one second
	TargetDomains    []string // of the envelope recipients, that of most messages first
	Recipients       *int64   // nil if the log has no recipients
	BrokenRecipients *int64   // recipients with damaged addresses; nil if the log has none
	MX               []string `db:"mx"` // our own servers that took it
	MXPriorities     []int32  `db:"mx_priorities"`
	Campaigns        []string // "c2", that of most messages first
	Zone             string   // time zone of our own servers; "" if unknown

	Attempts, Accepted, Refused, Deferred, Lost int64
	CoordinatedRunID                            *int64 // groups runs of several senders that act together; nil for a run alone
	Method                                      string

	AllRuns, AllMessages int64 // matching the filter, regardless of the limit
}

// SpamrunFilter selects spamruns; the zero value selects all.
//
// Conditions narrow each other down.
type SpamrunFilter struct {
	Sender   netip.Prefix // the zero Prefix: of any sender
	Campaign int64        // 0: any campaign
	Since    time.Time    // that ended later; zero: any
	Domain   string       // with recipients there; "": any
	MX       string       // our own server that received it; "": any
	Run      int64        // this one and those coordinated with it; 0: any
	Wanted   bool         // bursts of ham in place of spamruns
	Limit    int          // 0: all
}

// Spamruns lists the spamruns of the last run of the correlator, most messages first.
func (s *Store) Spamruns(ctx context.Context, o SpamrunFilter) ([]Spamrun, error) {
	var sender *netip.Prefix
	if o.Sender.IsValid() {
		sender = &o.Sender
	}
	var campaign *int64
	if o.Campaign != 0 {
		campaign = &o.Campaign
	}
	return store.Collect[Spamrun](ctx, s.db, "spamrun_list", sender, campaign, store.Limit(o.Limit), orNull(o.Since), orNull(o.Domain), orNull(o.MX), orNull(o.Run), o.Wanted)
}

// CountSpamruns counts the spamruns.
func (s *Store) CountSpamruns(ctx context.Context) (n int64, err error) {
	err = s.db.Pool.QueryRow(ctx, "SELECT count(*) FROM spamruns").Scan(&n)
	return n, store.Failed("count spamruns", err)
}

// orNull converts an unset filter value to NULL.
func orNull[T comparable](v T) *T {
	var zero T
	if v == zero {
		return nil
	}
	return &v
}
