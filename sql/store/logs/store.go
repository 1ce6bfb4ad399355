// Package logs stores the content of mail logs and queue listings: transactions
// with their recipients, and the stored message of each transaction. The same
// lines give the same rows in any order and after any number of readings.
//
// Its input is maillog.Delivery; each is merged with the stored data of the
// same transaction. The package does not parse logs and does not classify mail.
package logs

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"time"

	"spoor/ingest/maillog"
	"spoor/sql/store"
	"spoor/sql/store/wire"
)

// Store holds the logs of a database. It is safe for concurrent use.
type Store struct{ db *store.DB }

// New returns the logs of db.
func New(db *store.DB) *Store { return &Store{db} }

// keyOf returns the key of a transaction, a hash of its name. A transaction
// whose beginning was not read is named by its first known line: every reading
// of the file gives the same name. keyed is false for such a one.
//
// 64 bits of a hash: with ten million transactions, two share a key with a
// chance of one in 370,000.
func keyOf(d *maillog.Delivery) (key int64, keyed bool) {
	k, keyed := d.Key()
	var name any = k
	if !keyed {
		name = []any{"tail", d.Server, d.Instance, d.QueueID, d.Client, d.ReturnPath, d.PID, d.Seen.Unix()}
	}
	text, err := json.Marshal(name)
	if err != nil {
		panic(err) // strings, numbers and addresses always can be written
	}
	sum := sha256.Sum256(text)
	return int64(binary.BigEndian.Uint64(sum[:8])), keyed
}

// row is a transaction as stored.
//
// The Delivery has times as logged; shift turns them into UTC on the way to the
// database.
type row struct {
	key   int64
	keyed bool
	maillog.Delivery
	apart *maillog.Delivery // the transaction before tails were added to it; nil without tails
	shift time.Duration     // that its wall clock was found to be east of UTC
	// Set by the correlator; kept while the transaction grows.
	message, run *int64
}

// clean makes the texts fit for the database, before anything is compared.
func clean(d *maillog.Delivery) {
	for _, s := range []*string{&d.Server, &d.Instance, &d.File, &d.QueueID, &d.ReverseName, &d.HELO, &d.Protocol, &d.Login, &d.ReturnPath, &d.MessageID} {
		*s = wire.Clean(*s, wire.MaxText)
	}
	d.QueueIDs = wire.CleanAll(d.QueueIDs)
	for i := range d.Recipients {
		r := &d.Recipients[i]
		for _, s := range []*string{&r.Address, &r.DSN, &r.Reply, &r.OutcomeDSN, &r.OutcomeReply, &r.Via, &r.By} {
			*s = wire.Clean(*s, wire.MaxText)
		}
	}
}

// atUTC returns the time that a wall clock east of UTC showed.
func (r *row) atUTC(t time.Time) any {
	if t.IsZero() {
		return nil
	}
	return t.Add(-r.shift)
}

// wall is the reverse of atUTC.
func (r *row) wall(t *time.Time) time.Time {
	if t == nil {
		return time.Time{}
	}
	return t.Add(r.shift).UTC()
}
