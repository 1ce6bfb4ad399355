package logs

import (
	"context"
	"strings"

	"github.com/jackc/pgx/v5"

	"spoor/graph/recipient"
	"spoor/sql"
)

// tried is an address that mail was sent to.
type tried struct {
	Address  string
	Accepted bool // for mail from outside
	Unknown  bool // refused as an unknown user
	Relay    bool // refused as not ours
}

// explain works out anew how each address came to be.
func explain(ctx context.Context, tx pgx.Tx) (map[string]recipient.Explanation, error) {
	rows, _ := tx.Query(ctx, sql.Query("logs_tried"))
	all, err := pgx.CollectRows(rows, pgx.RowToStructByName[tried])
	if err != nil {
		return nil, err
	}
	known, err := ownKnown(ctx, tx)
	if err != nil {
		return nil, err
	}
	if len(known.Domains) == 0 {
		known.Domains = ownDomains(all)
	}
	for _, a := range all {
		if a.Accepted {
			known.Accepted = append(known.Accepted, a.Address)
		} else {
			known.Refused = append(known.Refused, a.Address)
		}
	}
	explainer := recipient.New(known)
	out := make(map[string]recipient.Explanation, len(all))
	for _, a := range all {
		out[a.Address] = explainer.Explain(a.Address)
	}
	return out, writeKinds(ctx, tx, out)
}

// ownKnown reads the configured addresses of our own, and the names of our
// servers.
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
			if i := strings.LastIndexByte(value, '@'); i >= 0 && !contains(k.Domains, value[i+1:]) {
				k.Domains = append(k.Domains, value[i+1:])
			}
		}
		return nil
	})
	return k, err
}

func contains(list []string, s string) bool {
	for _, x := range list {
		if x == s {
			return true
		}
	}
	return false
}

// ownDomains returns the domains that our servers accept mail for: they have
// recipients that are accepted or unknown, and less than a tenth of their mail
// is refused as relaying.
func ownDomains(all []tried) (own []string) {
	type count struct{ ours, relay int }
	by := map[string]*count{}
	var order []string
	for _, a := range all {
		i := strings.LastIndexByte(a.Address, '@')
		if i < 0 || i+1 == len(a.Address) {
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

// writeKinds replaces the stored explanations. Most stay the same, so it writes
// only the changed ones.
func writeKinds(ctx context.Context, tx pgx.Tx, all map[string]recipient.Explanation) error {
	rows, _ := tx.Query(ctx, "SELECT address, kind, sure, coalesce(made_from, ''), coalesce(kind_basis, '') FROM recipient_kinds")
	var address string
	var x recipient.Explanation
	var sure float32
	same := map[string]bool{}
	var gone []string
	_, err := pgx.ForEachRow(rows, []any{&address, &x.Kind, &sure, &x.MadeFrom, &x.Basis}, func() error {
		now, ok := all[address]
		if ok && now.Kind == x.Kind && float32(now.Sure) == sure && now.MadeFrom == x.MadeFrom && now.Basis == x.Basis {
			same[address] = true
		} else {
			gone = append(gone, address)
		}
		return nil
	})
	if err != nil {
		return err
	}
	if len(gone) > 0 {
		if _, err := tx.Exec(ctx, "DELETE FROM recipient_kinds WHERE address = ANY($1)", gone); err != nil {
			return err
		}
	}
	var fresh []string
	for a := range all {
		if !same[a] {
			fresh = append(fresh, a)
		}
	}
	_, err = tx.CopyFrom(ctx, pgx.Identifier{"recipient_kinds"}, []string{"address", "kind", "sure", "made_from", "kind_basis"},
		pgx.CopyFromSlice(len(fresh), func(i int) ([]any, error) {
			x := all[fresh[i]]
			return []any{fresh[i], string(x.Kind), float32(x.Sure), known(x.MadeFrom), known(string(x.Basis))}, nil
		}))
	return err
}
