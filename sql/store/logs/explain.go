package logs

import (
	"cmp"
	"context"
	"hash/fnv"
	"maps"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"

	"spoor/graph/recipient"
)

// tried is an address that mail was sent to, with its stored explanation.
type tried struct {
	Address   string
	Accepted  bool // for mail from outside
	Unknown   bool // refused as an unknown user
	Relay     bool // refused as not ours
	Gone      bool // no mail came for it, any more
	Kind      *string
	Sure      *float32
	MadeFrom  *string
	KindBasis *string
}

// mostRefused bounds the refused addresses that are compared with each other. Dictionary
// attacks try millions.
const mostRefused = 1 << 16

// explain derives the origin of each address anew, and writes the explanations
// that changed.
//
// The addresses are read twice: all that exist are known before any is
// explained. There can be millions, so only those are in memory that were accepted,
// and some that were refused. A row that has not changed is not written, because
// each write costs an index entry.
func explain(ctx context.Context, tx pgx.Tx) error {
	own, err := ownKnown(ctx, tx)
	if err != nil {
		return err
	}
	if err := declare(ctx, tx, "tried", "logs_tried"); err != nil {
		return err
	}
	if err := seen(ctx, tx, &own); err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, "MOVE ABSOLUTE 0 FROM tried"); err != nil {
		return err
	}
	explainer := recipient.New(own)
	var w kindWriter
	err = pages(ctx, tx, "tried", func(page []tried) error {
		for i := range page {
			w.explained(explainer, &page[i])
		}
		if max(len(w.gone), len(w.fresh)) < writeAt {
			return nil
		}
		return w.flush(ctx, tx)
	})
	if err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, "CLOSE tried"); err != nil {
		return err
	}
	return w.flush(ctx, tx)
}

// explained explains an address, and takes the explanation if it is new.
func (w *kindWriter) explained(e *recipient.Explainer, a *tried) {
	if a.Gone {
		w.gone = append(w.gone, a.Address)
		return
	}
	x := e.Explain(a.Address)
	if a.Kind != nil {
		stored := recipient.Explanation{Kind: recipient.Kind(*a.Kind), MadeFrom: told(a.MadeFrom), Basis: recipient.Basis(told(a.KindBasis))}
		if x.Kind == stored.Kind && x.MadeFrom == stored.MadeFrom && x.Basis == stored.Basis && float32(x.Sure) == told(a.Sure) {
			return
		}
		w.gone = append(w.gone, a.Address)
	}
	w.fresh = append(w.fresh, []any{a.Address, string(x.Kind), float32(x.Sure), known(x.MadeFrom), known(string(x.Basis))})
}

// seen adds the addresses that logs and mail show.
func seen(ctx context.Context, tx pgx.Tx, own *recipient.Known) error {
	domains := ownDomains{}
	refused := leastHashes{}
	err := pages(ctx, tx, "tried", func(page []tried) error {
		for i := range page {
			switch a := &page[i]; {
			case a.Gone:
				continue
			case a.Accepted:
				own.Accepted = append(own.Accepted, a.Address)
			default:
				refused.add(a.Address)
			}
			domains.add(&page[i])
		}
		return nil
	})
	own.Refused = refused.sorted()
	// The user's own list of domains is not extended by a guess.
	if len(own.Domains) == 0 {
		own.Domains = domains.ours()
	}
	return err
}

// leastHashes keeps mostRefused addresses, those with the least hashes: the same of a store,
// however they come.
type leastHashes struct {
	all  []hashed
	most uint64 // hash of any that is kept; 0: no limit yet
}

// hashed is an address with its hash.
type hashed struct {
	sum     uint64
	address string
}

func (l *leastHashes) add(address string) {
	h := fnv.New64a()
	h.Write([]byte(address)) // never fails
	if x := h.Sum64(); l.most == 0 || x <= l.most {
		l.all = append(l.all, hashed{x, address})
	}
	if len(l.all) == 2*mostRefused {
		l.thin()
	}
}

// thin drops those with the greatest hashes.
func (l *leastHashes) thin() {
	slices.SortFunc(l.all, func(a, b hashed) int { return cmp.Compare(a.sum, b.sum) })
	if len(l.all) > mostRefused {
		clear(l.all[mostRefused:])
		l.all = l.all[:mostRefused]
		l.most = l.all[mostRefused-1].sum
	}
}

// sorted returns the addresses in their order.
func (l *leastHashes) sorted() (out []string) {
	l.thin()
	for _, h := range l.all {
		out = append(out, h.address)
	}
	slices.Sort(out)
	return out
}

// kindWriter replaces stored explanations, writeAt at a time: it deletes the
// old ones and copies the new ones in, since COPY cannot update.
type kindWriter struct {
	gone  []string
	fresh [][]any
}

// flush deletes the old explanations and writes the new ones.
func (w *kindWriter) flush(ctx context.Context, tx pgx.Tx) error {
	if len(w.gone) > 0 {
		if _, err := tx.Exec(ctx, "DELETE FROM recipient_kinds WHERE address = ANY($1)", w.gone); err != nil {
			return err
		}
	}
	_, err := tx.CopyFrom(ctx, pgx.Identifier{"recipient_kinds"}, []string{"address", "kind", "sure", "made_from", "kind_basis"}, pgx.CopyFromRows(w.fresh))
	clear(w.fresh)
	w.gone, w.fresh = w.gone[:0], w.fresh[:0]
	return err
}

// ownKnown reads the addresses and domains that the user named as our own, and
// the names of our servers.
func ownKnown(ctx context.Context, tx pgx.Tx) (k recipient.Known, err error) {
	rows, _ := tx.Query(ctx, "SELECT kind, value FROM own_addresses UNION ALL SELECT DISTINCT 'host', server FROM deliveries WHERE server <> '' ORDER BY 1, 2")
	var kind, value string
	_, err = pgx.ForEachRow(rows, []any{&kind, &value}, func() error {
		switch kind {
		case "domain":
			k.Domains = append(k.Domains, value)
		case "host":
			k.Hosts = append(k.Hosts, value)
		default:
			k.Users = append(k.Users, value)
			if i := strings.LastIndexByte(value, '@'); i >= 0 && !slices.Contains(k.Domains, value[i+1:]) {
				k.Domains = append(k.Domains, value[i+1:])
			}
		}
		return nil
	})
	return k, err
}

// ownDomains guesses the domains for which our servers take mail. Some users of
// such a domain are accepted or unknown, and less than a tenth of its mail is
// refused for relaying.
type ownDomains map[string]*domainCount

// domainCount counts addresses of a domain.
type domainCount struct{ ours, relay int }

// add counts an address.
func (o ownDomains) add(a *tried) {
	i := strings.LastIndexByte(a.Address, '@')
	if i < 0 || i+1 == len(a.Address) {
		return
	}
	c := o[a.Address[i+1:]]
	if c == nil {
		c = &domainCount{}
		o[strings.Clone(a.Address[i+1:])] = c
	}
	if a.Accepted || a.Unknown {
		c.ours++
	}
	if a.Relay {
		c.relay++
	}
}

// ours lists the domains that are ours.
func (o ownDomains) ours() (own []string) {
	for _, d := range slices.Sorted(maps.Keys(o)) {
		if c := o[d]; c.ours > 0 && 10*c.relay < c.ours {
			own = append(own, d)
		}
	}
	return own
}
