package facts

import (
	"context"
	"net/netip"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"

	"spoor/ingest/received"
	"spoor/sql"
	"spoor/sql/store"
)

// Kinds of settings about our own servers.
const (
	OwnServer    = "server"    // a name with *, an address or a network
	OwnDomain    = "domain"    // every server of a domain
	OwnExchanger = "exchanger" // NAME=PRIORITY
)

// OwnSetting is one statement about our own servers.
type OwnSetting struct{ Kind, Pattern string }

// OwnSettings are all of them. They apply to all mail in the store.
type OwnSettings []OwnSetting

// OwnSettings reads the stored settings.
func (s *Store) OwnSettings(ctx context.Context) (OwnSettings, error) {
	rows, err := s.db.Pool.Query(ctx, "SELECT kind, pattern FROM own_servers ORDER BY kind, pattern")
	if err != nil {
		return nil, store.Failed("read our own servers", err)
	}
	list, err := pgx.CollectRows(rows, pgx.RowToStructByPos[OwnSetting])
	return list, store.Failed("read our own servers", err)
}

// AddOwn stores settings and returns the new ones.
func (s *Store) AddOwn(ctx context.Context, list OwnSettings) (OwnSettings, error) {
	return s.changeOwn(ctx, "INSERT INTO own_addresses (kind, value) SELECT 'domain', unnest($1::text[]) ON CONFLICT DO NOTHING",
		"INSERT INTO own_servers (added_at, kind, pattern) SELECT now(), * FROM unnest($1::text[], $2::text[]) ON CONFLICT DO NOTHING RETURNING kind, pattern", list)
}

// RemoveOwn deletes settings and returns those that existed.
func (s *Store) RemoveOwn(ctx context.Context, list OwnSettings) (OwnSettings, error) {
	return s.changeOwn(ctx, "DELETE FROM own_addresses WHERE kind = 'domain' AND value = ANY ($1::text[])",
		"DELETE FROM own_servers WHERE (kind, pattern) IN (SELECT * FROM unnest($1::text[], $2::text[])) RETURNING kind, pattern", list)
}

// changeOwn changes settings by a statement. A domain of ours also applies to
// recipients in mail logs.
func (s *Store) changeOwn(ctx context.Context, forLogs, statement string, list OwnSettings) (changed OwnSettings, err error) {
	var kinds, patterns, domains []string
	for _, o := range list {
		kinds, patterns = append(kinds, o.Kind), append(patterns, o.Pattern)
		if o.Kind == OwnDomain {
			domains = append(domains, strings.ToLower(strings.TrimSuffix(o.Pattern, ".")))
		}
	}
	err = s.db.Transaction(ctx, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, forLogs, domains); err != nil {
			return err
		}
		rows, err := tx.Query(ctx, statement, kinds, patterns)
		if err != nil {
			return err
		}
		if changed, err = pgx.CollectRows(rows, pgx.RowToStructByPos[OwnSetting]); err != nil || len(changed) == 0 {
			return err
		}
		// Our own is no evidence: that of all mail has to be derived anew.
		_, err = tx.Exec(ctx, "DELETE FROM incidence")
		return err
	})
	return changed, store.Failed("change our own servers", err)
}

// Own converts settings to the form in which hops are judged.
func (o OwnSettings) Own() (own received.Own, err error) {
	var patterns []string
	for _, s := range o {
		switch s.Kind {
		case OwnDomain:
			patterns = append(patterns, s.Pattern, "*."+s.Pattern)
		case OwnExchanger:
			x, err := received.ParseMX(s.Pattern)
			if err != nil {
				return own, err
			}
			own.MX = append(own.MX, x)
		default:
			patterns = append(patterns, s.Pattern)
		}
	}
	if len(patterns) > 0 {
		parsed, err := received.ParseOwn(patterns)
		if err != nil {
			return own, err
		}
		own.Names, own.Addrs = parsed.Names, parsed.Addrs
	}
	return own, nil
}

// Explicit reports whether settings name our own servers, so that nothing is
// inferred from mail. Exchangers alone do not, since the servers behind them
// remain unknown.
func (o OwnSettings) Explicit() bool {
	return slices.ContainsFunc(o, func(s OwnSetting) bool { return s.Kind != OwnExchanger })
}

// For combines settings with those of a message's import. Settings of people
// replace inferred ones.
//
// The result is a copy where it differs: of belongs to the caller. Servers that
// a person named at the import stay in force beside the settings.
func (o OwnSettings) For(of received.Own) (received.Own, error) {
	own, err := o.Own()
	if err != nil {
		return of, err
	}
	if !o.Explicit() {
		of.MX = append(slices.Clip(own.MX), of.MX...)
		for _, x := range own.MX {
			of.Names = append(slices.Clip(of.Names), x.Name)
		}
		return of, nil
	}
	if !of.Inferred {
		own.Names, own.Addrs, own.MX = append(own.Names, of.Names...), append(own.Addrs, of.Addrs...), append(own.MX, of.MX...)
	}
	for _, x := range own.MX {
		own.Names = append(own.Names, x.Name)
	}
	slices.Sort(own.Names)
	own.Names = slices.Compact(own.Names)
	return own, nil
}

// Concerned lists the messages whose hops may be judged differently after a
// change of settings: those with a hop by or from a server that the change
// names. With inferred it lists all messages of imports with inferred servers,
// because explicit settings have replaced these or gone away.
//
// Patterns with * cannot use an index, so the names of all hops are read once
// and matched here.
func (s *Store) Concerned(ctx context.Context, changed OwnSettings, inferred bool) ([]int64, error) {
	own, err := changed.Own()
	if err != nil {
		return nil, err
	}
	for _, x := range own.MX {
		own.Names = append(own.Names, x.Name)
	}
	rows, err := s.db.Pool.Query(ctx, sql.Query("own_concerned"), inferred)
	if err != nil {
		return nil, store.Failed("look for messages of our own servers", err)
	}
	defer rows.Close()
	var keys []int64
	for rows.Next() {
		var key int64
		var all bool
		var names []string
		var addrs []netip.Addr
		if err := rows.Scan(&key, &all, &names, &addrs); err != nil {
			return nil, store.Failed("look for messages of our own servers", err)
		}
		if all || matches(&own, names, addrs) {
			keys = append(keys, key)
		}
	}
	return keys, store.Failed("look for messages of our own servers", rows.Err())
}

func matches(own *received.Own, names []string, addrs []netip.Addr) bool {
	return slices.ContainsFunc(names, func(n string) bool { return own.MatchesName(strings.TrimSuffix(n, ".")) }) ||
		slices.ContainsFunc(addrs, own.MatchesAddr)
}
