// Package forget erases messages permanently: their facts and bytes, the
// evidence derived from them, and the answers about names that no other mail
// has.
//
// Messages go in; the number of erased rows comes out. A hash with a secret key
// of the store remains, so that another import does not restore a message.
// Netblocks remain, because they describe addresses and name no mail. The texts
// of users' decisions remain, too.
package forget

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"spoor/sql"
	"spoor/sql/store"
)

// Choice selects messages: those that satisfy every field that is set.
type Choice struct {
	Hashes    [][]byte  // SHA-256
	Recipient string    // address in the envelope or in To and Cc
	Before    time.Time // received before; without a trusted time, the Date counts
	Campaign  int64
	Sources   []string // paths of mboxes, archives or folders; messages seen elsewhere too are excluded
}

// Empty reports that no field is set, which would select everything.
func (c *Choice) Empty() bool {
	return c.Hashes == nil && c.Recipient == "" && c.Before.IsZero() && c.Campaign == 0 && c.Sources == nil
}

// Erased counts the rows that were, or would be, erased.
type Erased struct {
	Messages  int64
	Raw       int64 // among them, kept raw
	Places    int64
	Campaigns int64 // campaigns that lost members
	Names     int64 // domains, hosts and addresses that occur nowhere else
}

// ErrNothing reports an empty Choice.
var ErrNothing = errors.New("nothing says which messages are meant")

// Forget erases the selected messages in one transaction. With dry it only
// counts them.
func Forget(ctx context.Context, db *store.DB, c Choice, dry bool) (e Erased, err error) {
	if c.Empty() {
		return e, ErrNothing
	}
	err = db.Transaction(ctx, func(tx pgx.Tx) error {
		e = Erased{}
		w := &eraser{tx: tx, sum: &e}
		if err := w.choose(ctx, c); err != nil || len(w.keys) == 0 {
			return err
		}
		if err := w.erase(ctx); err != nil {
			return err
		}
		if dry {
			return errDry
		}
		return nil
	})
	if errors.Is(err, errDry) {
		err = nil
	}
	return e, store.Failed("forget messages", err)
}

// errDry rolls the transaction back: a dry run executes everything and undoes
// it, so its counts are exact.
var errDry = errors.New("only counted")

// eraser is the state of one transaction.
type eraser struct {
	tx        pgx.Tx
	keys      []int64
	hashes    [][]byte
	sources   []int64
	campaigns []int64 // that lose members
	sum       *Erased
}

// choose locks the store against runs that derive data from these messages, and
// notes their keys and hashes.
func (w *eraser) choose(ctx context.Context, c Choice) error {
	if _, err := w.tx.Exec(ctx, "SELECT pg_advisory_xact_lock($1)", store.LockLogs); err != nil {
		return err
	}
	// Keep others from deriving evidence of these messages, or from forgetting
	// them at the same time.
	if _, err := w.tx.Exec(ctx, "SELECT pg_advisory_xact_lock($1)", store.LockEvidence); err != nil {
		return err
	}
	rows, err := w.tx.Query(ctx, sql.Query("forget_choose"), c.Hashes, orNull(c.Recipient), timeOrNull(c.Before), numberOrNull(c.Campaign), c.Sources)
	if err != nil {
		return err
	}
	var key int64
	var hash []byte
	_, err = pgx.ForEachRow(rows, []any{&key, &hash}, func() error {
		w.keys, w.hashes = append(w.keys, key), append(w.hashes, append([]byte(nil), hash...))
		return nil
	})
	return err
}

// erase deletes derived data before their source. First it notes the names and
// keys that it needs afterwards.
func (w *eraser) erase(ctx context.Context) error {
	names, err := w.texts(ctx, "names_of", w.keys)
	if err != nil {
		return fmt.Errorf("names: %w", err)
	}
	for _, step := range []func(context.Context) error{w.entomb, w.derived, w.facts, w.sums, w.unused} {
		if err := step(ctx); err != nil {
			return err
		}
	}
	if err := w.names(ctx, names); err != nil {
		return err
	}
	return store.SettleHosting(ctx, w.tx)
}

// entomb stores the keyed hashes by which an import recognises forgotten
// messages.
func (w *eraser) entomb(ctx context.Context) error {
	fresh := make([]byte, sha256.Size)
	rand.Read(fresh) // never fails
	if _, err := w.tx.Exec(ctx, "INSERT INTO forget_key (key) VALUES ($1) ON CONFLICT DO NOTHING", fresh); err != nil {
		return fmt.Errorf("make the key: %w", err)
	}
	var key []byte
	if err := w.tx.QueryRow(ctx, "SELECT key FROM forget_key").Scan(&key); err != nil {
		return fmt.Errorf("read the key: %w", err)
	}
	stones := make([][]byte, len(w.hashes))
	for n, h := range w.hashes {
		stones[n] = Tombstone(key, h)
	}
	_, err := w.tx.Exec(ctx, "INSERT INTO forgotten (hash, at) SELECT h, now() FROM unnest($1::bytea[]) AS h ON CONFLICT DO NOTHING", stones)
	if err == nil {
		_, err = w.tx.Exec(ctx, sql.Query("forget_skip"), w.keys)
	}
	return err
}

// Tombstone returns the remaining hash of a message with a SHA-256.
func Tombstone(key, hash []byte) []byte {
	h := hmac.New(sha256.New, key)
	h.Write(hash)
	return h.Sum(nil)
}

// derived corrects counts and derived tables.
func (w *eraser) derived(ctx context.Context) (err error) {
	if w.campaigns, err = store.CampaignsOf(ctx, w.tx, w.keys); err != nil {
		return fmt.Errorf("campaigns: %w", err)
	}
	if err := w.tx.QueryRow(ctx, sql.Query("forget_campaigns"), w.keys).Scan(&w.sum.Campaigns); err != nil {
		return fmt.Errorf("campaigns: %w", err)
	}
	for _, name := range []string{"forget_logs", "forget_spamruns", "forget_imports"} {
		if _, err := w.tx.Exec(ctx, sql.Query(name), w.keys); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
	}
	// The last run names domains that are too common to be evidence. The next
	// run computes them again.
	_, err = w.tx.Exec(ctx, "UPDATE correlations SET set_aside = '[]' WHERE set_aside <> '[]'")
	return err
}

// messageTables lists all tables with a message key.
var messageTables = []string{"memberships", "publisher_issues", "backscatter", "incidence", "hops", "anomalies", "parts", "urls", "contacts", "defects", "reports", "texts", "raw", "messages"}

// facts deletes the messages, their places, failures at these places, and all
// rows below them.
func (w *eraser) facts(ctx context.Context) error {
	rows, err := w.tx.Query(ctx, "DELETE FROM places WHERE message_key = ANY ($1) RETURNING source_key, place_key", w.keys)
	if err != nil {
		return err
	}
	var source, at int64
	var places []int64
	if _, err := pgx.ForEachRow(rows, []any{&source, &at}, func() error {
		w.sources, places = append(w.sources, source), append(places, at)
		return nil
	}); err != nil {
		return fmt.Errorf("places: %w", err)
	}
	w.sum.Places = int64(len(places))
	// A failure at the place of a message holds parts of its path.
	if _, err := w.tx.Exec(ctx, "DELETE FROM failures WHERE place_key = ANY ($1)", places); err != nil {
		return fmt.Errorf("failures: %w", err)
	}
	for _, table := range messageTables {
		tag, err := w.tx.Exec(ctx, "DELETE FROM "+table+" WHERE message_key = ANY ($1)", w.keys)
		if err != nil {
			return fmt.Errorf("%s: %w", table, err)
		}
		switch table {
		case "raw":
			w.sum.Raw = tag.RowsAffected()
		case "messages":
			w.sum.Messages = tag.RowsAffected()
		}
	}
	return nil
}

// sums removes the messages from the sums of their campaigns, and publishers without issues.
func (w *eraser) sums(ctx context.Context) error {
	_, err := w.tx.Exec(ctx, "DELETE FROM publishers p WHERE NOT EXISTS (SELECT FROM publisher_issues i WHERE i.publisher_id = p.publisher_id)")
	if err != nil {
		return fmt.Errorf("publishers: %w", err)
	}
	return store.SumUp(ctx, w.tx, w.campaigns)
}

// unused deletes sources without messages, because their paths may identify the
// recipient.
func (w *eraser) unused(ctx context.Context) error {
	_, err := w.tx.Exec(ctx, sql.Query("forget_sources"), w.sources)
	if err != nil {
		return fmt.Errorf("sources: %w", err)
	}
	return nil
}

// orNull returns NULL for "", which chooses by no recipient.
func orNull(s string) any {
	if s == "" {
		return nil
	}
	return s
}

// timeOrNull returns NULL for the zero time.
func timeOrNull(t time.Time) any {
	if t.IsZero() {
		return nil
	}
	return t
}

// numberOrNull returns NULL for 0.
func numberOrNull(n int64) any {
	if n == 0 {
		return nil
	}
	return n
}

// Vacuum frees the space of erased rows, so that their bytes in the database
// files are overwritten in time. A dump never contains them.
func Vacuum(ctx context.Context, db *store.DB) error {
	for _, table := range append([]string{"places", "observations", "answers", "observed_values", "lookups", "domains"}, messageTables...) {
		if _, err := db.Pool.Exec(ctx, "VACUUM "+table); err != nil {
			return store.Failed("give room free", err)
		}
	}
	return nil
}
