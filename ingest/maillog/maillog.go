// Package maillog reads mail logs and queue listings: what Postfix and Exim say of each
// SMTP transaction at our own servers, also of those that ended in a refusal and left no
// message behind.
//
// In go bytes of log files, uncompressed and oldest first; out come Deliveries, each with
// its Recipients. The package keeps nothing between Readers, opens no file and decides
// nothing about spam.
//
// # One transaction, many lines
//
// A server tells of a transaction in lines of several processes: minutes, rotations and
// days apart. A Reader gathers them under the queue id (Postfix, Exim) or, for refusals
// before there is a queue id, under the connection and the envelope sender. It yields a
// Delivery when the queue file is removed, the connection is closed or nothing was heard of
// it for a while, and then forgets it: memory is bounded however long the log is.
//
// Lines that come later make a further Delivery with the same Key, which holds only what is
// new. Merge joins two of one Key. It is commutative, associative and idempotent, so files
// that are read again, cut, or read in another order come to the same in the end. Book is
// the smallest store that works that way; a database does the same with an upsert.
//
// Where the beginning is in another file, the Key is not known either, unless the queue id
// tells it (see Key). Such a Delivery is not Opened, and Continues says whether it goes on
// where another one stops.
//
// # What is trusted
//
// The sender chooses the HELO name, the addresses, the Message-ID and much of the reply.
// Each field is therefore anchored by the text that the server itself writes around it, and
// where two readings remain the one wins in which the reply quotes the field that it
// refuses. A hostile line can spoil its own row and no other.
//
// # Time
//
// Stamps with a zone are taken as they are. For others the zone is an option, or it comes
// from queue ids: a long Postfix id and each Exim id begin with the time in UTC. Without
// either, times are those of the wall clock and the Delivery is Floating. A missing year
// follows from the order of lines and the time of the file. A line whose stamp can't be
// read is counted as unknown, and never put at some other line's time.
package maillog

import (
	"net/netip"
	"time"
)

// Origin says where a Delivery was read.
type Origin string

const (
	FromLog   Origin = "log"
	FromQueue Origin = "queue" // a listing: postqueue -p, postqueue -j, exim -bp
)

// Direction tells whose mail a transaction carries.
type Direction string

const (
	In    Direction = "in"    // from outside
	Out   Direction = "out"   // from our own users: logged in, or with a private address and bound for elsewhere
	Local Direction = "local" // made on the server itself: sendmail(1), bounces, cron
)

// Verdict is what the client was told about one recipient, not what became of the mail.
type Verdict string

const (
	Accepted Verdict = "accepted"
	Refused  Verdict = "refused"
	Deferred Verdict = "deferred"
	Lost     Verdict = "lost" // the session broke before the end of data
)

// Outcome is what became of an accepted recipient; "" if the log does not tell.
type Outcome string

const (
	OutcomeSent      Outcome = "sent"
	OutcomeBounced   Outcome = "bounced"
	OutcomeDeferred  Outcome = "deferred"
	OutcomeExpired   Outcome = "expired"
	OutcomeDiscarded Outcome = "discarded"
)

// Reason is the class of a refusal.
type Reason string

const (
	UnknownUser Reason = "unknown_user"
	Blocklist   Reason = "blocklist"
	Helo        Reason = "helo"
	ReverseName Reason = "reverse_name"
	Greylist    Reason = "greylist"
	Postscreen  Reason = "postscreen"
	Relay       Reason = "relay"
	Sender      Reason = "sender"
	Policy      Reason = "policy"
	Content     Reason = "content"
	Other       Reason = "other"
)

// Delivery is one SMTP transaction at one of our servers, or what one stretch of log says
// of it. Zero values mean that the log does not tell.
type Delivery struct {
	Origin   Origin
	Server   string // the host that wrote the lines
	Instance string // syslog name: "postfix", "postfix/submission"; "exim"
	File     string // of the first line
	Line     int64  // number of that line in File, from 1
	PID      int    // of the process that spoke SMTP

	Opened   bool // its first line was read: client=, <=, or the first refusal of a connection
	Closed   bool // the queue file is gone, or the connection ended
	Floating bool // times are those of a wall clock whose zone nobody told

	Connected time.Time // of the connection, where the log has the line
	Started   time.Time // of its first line that belongs to SMTP
	Ended     time.Time // of its last one
	Seen      time.Time // of the first line of any kind that these facts are from
	LastSeen  time.Time // of the last one

	QueueID  string   // of the first queue file; "" for refusals before there was one
	QueueIDs []string // of later ones: behind a content filter, or requeued

	Client        netip.Addr // that connected; invalid if unknown or none
	Port          uint16     // of the client, where it is logged
	ReverseName   string
	HELO          string
	Protocol      string
	Login         string // SASL or AUTH user
	ReturnPath    string // "" for <>, with quotes as logged
	HasReturnPath bool   // ReturnPath is known
	MessageID     string // without brackets
	Size          int64  // in bytes, as logged

	Direction  Direction
	GivenUp    Outcome // of all recipients that were still waiting: the server or an admin gave up
	Recipients []Recipient
}

// Recipient is one recipient of a Delivery.
type Recipient struct {
	Line    int64     // of the line that gave the verdict, or the outcome of an accepted one
	At      time.Time // of the verdict: its own line, or client= or <= for accepted ones
	Address string    // as the client gave it (orig_to); "" if the log does not tell
	Repeats int32     // lines that syslog folded into this one
	Verdict Verdict
	Code    int    // of the reply; 0 if it is not logged
	DSN     string // enhanced status code of the reply
	Reason  Reason // of refused and deferred ones
	Reply   string

	Outcome      Outcome
	OutcomeAt    time.Time
	OutcomeDSN   string
	OutcomeReply string // what the next host or the delivery agent said
	Via          string // queue id under which it went on: behind a content filter, or forwarded
	By           string // queue id whose lines told the outcome, if it is not the first one
}

// Counts are the recipients of each verdict.
type Counts struct{ Accepted, Refused, Deferred, Lost int }

// Counts counts the recipients, without their repeats.
func (d *Delivery) Counts() (c Counts) {
	for i := range d.Recipients {
		switch d.Recipients[i].Verdict {
		case Accepted:
			c.Accepted++
		case Refused:
			c.Refused++
		case Deferred:
			c.Deferred++
		case Lost:
			c.Lost++
		}
	}
	return c
}
