package dossiers

import (
	"context"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"

	"spoor/internal/block"
	"spoor/internal/dossier"
)

// readOrigins reads the From and server names of members, without their parts.
func readOrigins(ctx context.Context, tx pgx.Tx, d *Dossier) error {
	_, err := readMembers(ctx, tx, d)
	return err
}

// readHosts reads the domains and hosts of links as indicators. Their numbers are
// bounded: they decide a verdict, but are not to be shown.
func readHosts(ctx context.Context, tx pgx.Tx, d *Dossier) error {
	rows, err := collect[indicatorRow](ctx, tx, "dossier_glance", d.ID)
	d.add(rows)
	return err
}

// readNeighbours reads the other senders of the campaign's networks, and the
// published sending networks of the free-mail providers.
func readNeighbours(ctx context.Context, tx pgx.Tx, d *Dossier) (err error) {
	if d.Neighbours, err = collect[dossier.Neighbour](ctx, tx, "dossier_neighbours", d.ID); err != nil {
		return err
	}
	var providers []string
	for _, o := range d.Origins {
		host := strings.ToLower(o.From[strings.LastIndexByte(o.From, '@')+1:])
		if block.IsProvider(host) && !slices.Contains(providers, host) {
			providers = append(providers, host)
		}
	}
	if providers == nil {
		return nil
	}
	type policy struct{ Domain, Record string }
	records, err := collect[policy](ctx, tx, "dossier_policies", providers)
	for _, r := range records {
		d.FreeMail = append(d.FreeMail, dossier.ReadSPF(r.Record)...)
	}
	return err
}
