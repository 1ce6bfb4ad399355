package logs

import (
	"context"
	"fmt"
	"hash/fnv"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"

	"spoor/graph/recipient"
	"spoor/sql"
)

// tried is an address that mail was sent to.
//
// stored is the hash of the stored explanation, 0 without one.
type tried struct {
	Address  string
	Accepted bool // for mail from outside
	Unknown  bool // refused as an unknown user
	Relay    bool // refused as not ours
	Gone     bool // no mail came for it, any more
	stored   uint64
}

// explain derives the origin of each address anew, and writes the explanations
// that changed.
//
// All addresses are in memory at once, as an explanation compares each with
// those that exist. A row that has not changed is not written: there are
// millions, and each write costs an index entry.
func explain(ctx context.Context, tx pgx.Tx) error {
	all, err := readTried(ctx, tx)
	if err != nil {
		return err
	}
	own, err := ownKnown(ctx, tx)
	if err != nil {
		return err
	}
	// The user's own list of domains is not extended by a guess.
	if len(own.Domains) == 0 {
		own.Domains = ownDomains(all)
	}
	for _, a := range all {
		switch {
		case a.Gone:
		case a.Accepted:
			own.Accepted = append(own.Accepted, a.Address)
		default:
			own.Refused = append(own.Refused, a.Address)
		}
	}
	explainer := recipient.New(own)
	var w kindWriter
	for _, a := range all {
		if a.Gone {
			w.gone = append(w.gone, a.Address)
		} else if x := explainer.Explain(a.Address); sumOf(&x) != a.stored {
			if a.stored != 0 {
				w.gone = append(w.gone, a.Address)
			}
			w.fresh = append(w.fresh, []any{a.Address, string(x.Kind), float32(x.Sure), known(x.MadeFrom), known(string(x.Basis))})
		}
		if max(len(w.gone), len(w.fresh)) >= writeAt {
			if err := w.flush(ctx, tx); err != nil {
				return err
			}
		}
	}
	return w.flush(ctx, tx)
}

// readTried reads the addresses. Of each stored explanation it keeps only a
// hash, because there can be millions of addresses.
func readTried(ctx context.Context, tx pgx.Tx) (all []tried, err error) {
	rows, _ := tx.Query(ctx, sql.Query("logs_tried"))
	var a tried
	var kind, from, basis *string
	var sure *float32
	_, err = pgx.ForEachRow(rows, []any{&a.Address, &a.Accepted, &a.Unknown, &a.Relay, &a.Gone, &kind, &sure, &from, &basis}, func() error {
		a.stored = 0
		if kind != nil {
			a.stored = sumOf(&recipient.Explanation{Kind: recipient.Kind(*kind), MadeFrom: told(from), Basis: recipient.Basis(told(basis)), Sure: float64(told(sure))})
		}
		all = append(all, a)
		return nil
	})
	return all, err
}

// sumOf is a hash of an explanation, never 0.
func sumOf(x *recipient.Explanation) uint64 {
	h := fnv.New64a()
	fmt.Fprintf(h, "%s\x00%s\x00%s\x00%v", x.Kind, x.MadeFrom, x.Basis, float32(x.Sure)) // never fails
	return max(h.Sum64(), 1)
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
//
// The order is that of the addresses, so that a guess does not change from call
// to call.
func ownDomains(all []tried) (own []string) {
	type count struct{ ours, relay int }
	by := map[string]*count{}
	var order []string
	for _, a := range all {
		i := strings.LastIndexByte(a.Address, '@')
		if a.Gone || i < 0 || i+1 == len(a.Address) {
			continue
		}
		d := a.Address[i+1:]
		if by[d] == nil {
			by[d] = &count{}
			order = append(order, d)
		}
		if a.Accepted || a.Unknown {
			by[d].ours++
		}
		if a.Relay {
			by[d].relay++
		}
	}
	for _, d := range order {
		if c := by[d]; c.ours > 0 && 10*c.relay < c.ours {
			own = append(own, d)
		}
	}
	return own
}
