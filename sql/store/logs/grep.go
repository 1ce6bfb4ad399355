package logs

import (
	"context"
	"net/netip"
	"strings"
	"time"

	"spoor/sql/store"
)

// Mention is a result line of Grep: one recipient of a transaction, or a
// message without a log.
//
// A nil field is not known. All is the same in every line, 0 lines mean 0.
type Mention struct {
	At         *time.Time
	Origin     string // log, queue or message
	Server     *string
	File       *string
	Line       *int64
	QueueID    *string `db:"queue_id"`
	Sender     *netip.Addr
	Helo       *string
	ReturnPath *string
	Recipient  *string
	Verdict    *string
	Reason     *string
	Outcome    *string
	Kind       *string
	MadeFrom   *string
	MessageID  *string `db:"message_id"`
	Subject    *string
	SpamrunID  *int64 `db:"spamrun_id"`
	Campaign   *int64
	All        int64 // number of mentions, regardless of the limit
}

// Grep lists the mentions of a pattern in the order of time. The pattern is an
// address, a domain, a host, a network, a queue id, or a part of a subject or
// recipient. Case does not matter.
func (s *Store) Grep(ctx context.Context, pattern string, limit int) ([]Mention, error) {
	pattern = strings.ToLower(pattern)
	var net *netip.Prefix
	if p, err := netip.ParsePrefix(pattern); err == nil {
		net = &p
	} else if a, err := netip.ParseAddr(pattern); err == nil && a.Zone() == "" {
		p := netip.PrefixFrom(a.Unmap(), a.Unmap().BitLen())
		net = &p
	}
	// LIKE's own signs in the pattern are taken literally.
	like := "%" + strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`).Replace(pattern) + "%"
	return store.Collect[Mention](ctx, s.db, "logs_grep", like, net, store.Limit(limit))
}

// Try is one recipient of a spamrun.
type Try struct {
	At        *time.Time
	Server    *string
	Recipient *string
	Verdict   string
	Reason    *string
	Kind      *string
	MadeFrom  *string
	Sure      *float32
	Helo      *string
	Reverse   *string
	Stored    bool
}

// Tries lists the recipients of a spamrun in the order of time; with wanted, those of a
// burst that looks like wanted mail.
func (s *Store) Tries(ctx context.Context, run int64, wanted bool) ([]Try, error) {
	query := "logs_tries"
	if wanted {
		query = "logs_wanted_tries"
	}
	return store.Collect[Try](ctx, s.db, query, run)
}
