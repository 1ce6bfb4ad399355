package lookups

import (
	"context"
	"encoding/json"
	"fmt"
	"net/netip"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/klauspost/compress/zstd"

	"spoor/enrich"
	"spoor/enrich/guard"
	"spoor/sql/store"
	"spoor/sql/store/wire"
)

// Known is a stored observation with the time of its last confirmation.
type Known struct {
	enrich.Observation
	ConfirmedAt time.Time
}

// Known returns the last observation of every source and server about a
// subject, newest first, with the original answers.
func (s *Store) Known(ctx context.Context, subject enrich.Subject) ([]Known, error) {
	stored, err := store.Collect[storedObservation](ctx, s.db, "enrich_known", wire.Clean(subject.Name, maxSubject), string(subject.Kind))
	if err != nil {
		return nil, err
	}
	out := make([]Known, 0, len(stored))
	for i := range stored {
		k, err := stored[i].known(subject)
		if err != nil {
			return nil, fmt.Errorf("read what %s said of %s: %w", stored[i].Server, subject.Name, err)
		}
		out = append(out, k)
	}
	return out, nil
}

// Conflict is the value of one source in a field in which the sources about a
// domain disagree.
type Conflict struct {
	Field  string `json:"field"`
	Source string `json:"source"`
	Value  string `json:"value"`
}

// Conflicts lists the fields of a domain in which its sources disagree.
func (s *Store) Conflicts(ctx context.Context, domain string) ([]Conflict, error) {
	return store.Collect[Conflict](ctx, s.db, "enrich_conflicts", wire.Clean(domain, maxSubject))
}

// Life is the registration of a domain when a mail that names it came, before the domain was
// registered anew. State is "" where nothing is known of that time.
type Life struct {
	MailAt     time.Time  `json:"mail_at"`
	Anew       time.Time  `json:"registered_anew"`
	State      string     `json:"state"`
	Registrar  string     `json:"registrar"`
	Registrant string     `json:"registrant"`
	Created    *time.Time `json:"created"`
	LookedUpAt *time.Time `json:"looked_up_at"`
	ProvenBy   string     `json:"proven_by"`
}

// EarlierLives returns the earlier registration of a domain that was registered
// anew, as of the first and the last mail before that. It is nil without such a
// registration or such mail.
func (s *Store) EarlierLives(ctx context.Context, domain string) ([]Life, error) {
	return store.Collect[Life](ctx, s.db, "enrich_lives", wire.Clean(domain, maxSubject))
}

// storedObservation is a row of enrich_known.
type storedObservation struct {
	Source, Server, Outcome, Detail string
	AskedAt, ConfirmedAt, Expires   time.Time
	Took                            time.Duration
	Parsed, Answer                  []byte
}

// known converts the row: it unpacks the original answer and decodes the parsed
// one.
//
// An error means a damaged row, as written answers can always be read.
func (o *storedObservation) known(subject enrich.Subject) (k Known, err error) {
	k = Known{ConfirmedAt: o.ConfirmedAt, Observation: enrich.Observation{
		Subject: subject, Source: enrich.Source(o.Source), Server: o.Server, AskedAt: o.AskedAt, Took: o.Took,
		Outcome: enrich.Outcome(o.Outcome), Detail: o.Detail, Expires: o.Expires,
	}}
	if o.Answer != nil {
		z, err := decompressor()
		if err != nil {
			return k, err
		}
		if k.Raw, err = z.DecodeAll(o.Answer, nil); err != nil {
			return k, err
		}
	}
	k.Parsed, err = Parsed(k.Source, o.Parsed)
	return k, err
}

// decompressor returns the decoder of this process. DecodeAll is safe for
// concurrent use.
var decompressor = sync.OnceValues(func() (*zstd.Decoder, error) {
	// Twice the largest answer that is ever stored: a damaged frame cannot ask
	// for more.
	return zstd.NewReader(nil, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxMemory(2*guard.MaxAnswer))
})

// Parsed decodes a stored answer into the type of its source.
//
// NULL gives nil. Sources with two forms (passive DNS, tables) are told apart
// by a key that only one of them has.
func Parsed(source enrich.Source, text []byte) (any, error) {
	if text == nil {
		return nil, nil
	}
	var v any
	switch source {
	case enrich.WHOIS, enrich.RegistrarWHOIS, enrich.RDAP:
		v = new(enrich.Registration)
	case enrich.DNS:
		v = new(enrich.Records)
	case enrich.PassiveDNS:
		var reverse struct{ Names json.RawMessage }
		if err := json.Unmarshal(text, &reverse); err != nil {
			return nil, err
		}
		if v = new(enrich.Records); reverse.Names != nil {
			v = new(enrich.Reverse)
		}
	case enrich.CertificateLog:
		v = new(enrich.Certificate)
	case enrich.PTR:
		v = new(enrich.Reverse)
	case enrich.Origin:
		v = new(enrich.OriginAS)
	case enrich.IPWHOIS, enrich.IPRDAP:
		v = new(enrich.Netblock)
	default: // a table may contain blocks or origins
		var probe struct{ Asns json.RawMessage }
		if err := json.Unmarshal(text, &probe); err != nil {
			return nil, err
		}
		if v = new(enrich.Netblock); probe.Asns != nil {
			v = new(enrich.OriginAS)
		}
	}
	return v, json.Unmarshal(text, v)
}

// FreshNetblock returns until when the netblock of an address is known, if it
// is. Until then no question about the address is necessary.
//
// Of several fresh blocks the one that stays fresh longest decides.
func (s *Store) FreshNetblock(ctx context.Context, address netip.Addr, now time.Time) (until time.Time, fresh bool, err error) {
	err = s.db.Pool.QueryRow(ctx, `SELECT fresh_until FROM netblocks
		WHERE prefix >>= $1 AND ended_at IS NULL AND fresh_until > $2 ORDER BY fresh_until DESC LIMIT 1`,
		address.Unmap().WithZone(""), now).Scan(&until)
	if err == pgx.ErrNoRows {
		return time.Time{}, false, nil
	}
	return until, err == nil, store.Failed("look for a netblock", err)
}
