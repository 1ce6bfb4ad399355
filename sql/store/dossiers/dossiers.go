package dossiers

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5"

	"spoor/internal/dossier"
	"spoor/sql"
	"spoor/sql/store"
)

// Read reads the campaign id, or the one into which it was merged.
func (s *Store) Read(ctx context.Context, id int64) (*Dossier, error) {
	return s.snapshot(ctx, id, []step{readOwn, readTraits, readNetworks, readDomains, readMessages, readIndicators, readNeighbours, counted})
}

// Glance reads the parts of the campaign id that fit a screen. It omits URLs,
// contacts and parts, of which a campaign may have as many as messages.
func (s *Store) Glance(ctx context.Context, id int64) (*Dossier, error) {
	return s.snapshot(ctx, id, []step{readOwn, readNetworks, readDomains, readOrigins, readHosts, readNeighbours})
}

// Around counts the messages from the networks of campaign id, up to a limit. A
// glance reads all of them, since only they show whose networks these are.
func (s *Store) Around(ctx context.Context, id int64, limit int) (n int, err error) {
	err = s.db.Pool.QueryRow(ctx, sql.Query("dossier_around"), id, limit).Scan(&n)
	return n, store.Failed("count the mail of networks", err)
}

// step reads a part of a dossier.
type step func(context.Context, pgx.Tx, *Dossier) error

// snapshot runs the steps in one read-only transaction with repeatable reads,
// so that all parts are of one state.
func (s *Store) snapshot(ctx context.Context, id int64, steps []step) (*Dossier, error) {
	tx, err := s.db.Pool.BeginTx(ctx, pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly})
	if err != nil {
		return nil, store.Failed("read a campaign", err)
	}
	d, err := read(ctx, tx, id, steps)
	// Nothing was written, so that there is nothing to lose; only the connection goes back.
	if rollback := tx.Rollback(ctx); err == nil {
		err = rollback
	}
	if err != nil {
		return nil, err
	}
	return d, nil
}

// read finds the campaign that continues id and runs the steps on it. It
// returns ErrNone if that has no members.
func read(ctx context.Context, tx pgx.Tx, id int64, steps []step) (*Dossier, error) {
	if err := tx.QueryRow(ctx, sql.Query("dossier_follow"), id).Scan(&id); errors.Is(err, pgx.ErrNoRows) {
		return nil, ErrNone
	} else if err != nil {
		return nil, store.Failed("find a campaign", err)
	}
	d := &Dossier{}
	heads, err := collect[dossier.Campaign](ctx, tx, "dossier_campaign", id)
	if err != nil {
		return nil, err
	}
	if len(heads) == 0 || heads[0].Members == 0 {
		return nil, ErrNone
	}
	d.Campaign = heads[0]
	for _, step := range steps {
		if err := step(ctx, tx, d); err != nil {
			return nil, err
		}
	}
	return d, nil
}

// counted compares the rows read with the counts of the store. An incomplete
// dossier would be taken for a complete one.
func counted(ctx context.Context, tx pgx.Tx, d *Dossier) error {
	var want, members int64
	if err := tx.QueryRow(ctx, sql.Query("dossier_counts"), d.ID).Scan(&want, &members); err != nil {
		return store.Failed("count indicators", err)
	}
	if have := int64(len(d.Indicators)); have != want || members != int64(len(d.Messages)) || members != d.Members {
		return fmt.Errorf("campaign %s has %d indicators and %d members in the store, but %d and %d were read", d.Label(), want, members, have, len(d.Messages))
	}
	return nil
}

// readOwn reads our own servers and recipients, which must not be listed as the
// sender's, and the HELO names of wanted mail.
func readOwn(ctx context.Context, tx pgx.Tx, d *Dossier) error {
	err := tx.QueryRow(ctx, sql.Query("dossier_own"), d.ID).Scan(&d.Own.Names, &d.Own.Networks, &d.Own.MX, &d.Own.Inferred, &d.Recipients, &d.Own.Servers)
	if err != nil {
		return store.Failed("read our own servers", err)
	}
	d.Own.Recipients = d.Recipients
	err = tx.QueryRow(ctx, `SELECT coalesce((SELECT array_agg(e ->> 'value') FROM jsonb_array_elements(set_aside) AS e), '{}')
		FROM correlations ORDER BY run_id DESC LIMIT 1`).Scan(&d.SetAside)
	if errors.Is(err, pgx.ErrNoRows) {
		return nil
	}
	if err != nil {
		return store.Failed("read what was set aside", err)
	}
	return readWantedHELOs(ctx, tx, d)
}

// readWantedHELOs counts wanted mail by HELO name and by the domains above it: servers match
// subdomains.
func readWantedHELOs(ctx context.Context, tx pgx.Tx, d *Dossier) error {
	rows, err := tx.Query(ctx, "SELECT helo, count(*) FROM messages WHERE ham AND helo IS NOT NULL GROUP BY helo")
	if err != nil {
		return store.Failed("read HELO names of wanted mail", err)
	}
	d.WantedHELOs = make(map[string]int64)
	var name string
	var n int64
	_, err = pgx.ForEachRow(rows, []any{&name, &n}, func() error {
		for s := strings.ToLower(name); s != ""; {
			d.WantedHELOs[s] += n
			_, rest, below := strings.Cut(s, ".")
			if !below {
				break
			}
			s = rest
		}
		return nil
	})
	return store.Failed("read HELO names of wanted mail", err)
}

// readTraits reads the common traits, strongest first.
func readTraits(ctx context.Context, tx pgx.Tx, d *Dossier) (err error) {
	rows, _ := tx.Query(ctx, `SELECT evidence, kind, coalesce(value, '') AS value, members, elsewhere, ham, bits
		FROM campaign_traits WHERE campaign_id = $1 ORDER BY n`, d.ID)
	d.Traits, err = pgx.CollectRows(rows, pgx.RowToStructByName[dossier.Trait])
	return store.Failed("read traits", err)
}

// readDomains reads the domains of the links with their registrations, and the
// spamruns.
func readDomains(ctx context.Context, tx pgx.Tx, d *Dossier) (err error) {
	d.Domains, err = collect[dossier.Domain](ctx, tx, "dossier_domains", d.ID)
	if err != nil {
		return err
	}
	d.Runs, err = collect[dossier.Run](ctx, tx, "dossier_runs", d.ID)
	return err
}
