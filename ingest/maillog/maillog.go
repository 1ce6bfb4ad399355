// Package maillog reads the mail logs and queue listings of Postfix and Exim.
// It finds the SMTP transactions at our own servers, including refused ones
// that left no message.
//
// The input is log files, uncompressed and oldest first. The output is
// Deliveries, each with its Recipients. The package keeps no state between
// Readers, opens no file and does not classify mail as spam.
//
// # One transaction, many lines
//
// A server logs a transaction in lines of several processes, which may be
// minutes, rotations or days apart. A Reader collects them under the queue id
// (Postfix, Exim) or, for refusals before there is a queue id, under the
// connection and the envelope sender. It yields a Delivery when the queue file
// is removed, when the connection is closed or after a period of silence, and
// then forgets it. So its memory does not grow with the log.
//
// Later lines give a further Delivery with the same Key and only the new data.
// Merge joins two Deliveries of one Key. It is commutative, associative and
// idempotent, so repeated, divided or reordered files give the same result.
// Book is the smallest store of this kind; a database does the same with an
// upsert.
//
// If the beginning is in another file, the Key is unknown, unless the queue id
// determines it (see Key). Such a Delivery is not Opened, and Continues reports
// whether it follows on another one.
//
// # Trust
//
// The sender chooses the HELO name, the addresses, the Message-ID and much of
// the reply. Each field is therefore anchored by the text that the server
// writes around it. Of two possible readings, the one wins whose reply quotes
// the refused field. A hostile line can falsify only its own row.
//
// # Time
//
// Timestamps with a zone are used as they are. For others the zone is an
// option, or it is derived from queue ids: a long Postfix id and each Exim id
// begin with the time in UTC. Without either, times are local and the Delivery
// is Floating. A missing year follows from the order of lines and the time of
// the file. A line with an unreadable timestamp counts as unknown, and never
// gets the time of another line.
package maillog

import (
	"net/netip"
	"time"
)

// Origin is the source of a Delivery.
type Origin string

// The origins, as stored.
const (
	FromLog   Origin = "log"
	FromQueue Origin = "queue" // a listing: postqueue -p, postqueue -j, exim -bp
)

// Direction is incoming, outgoing or local.
type Direction string

// The directions, as stored.
const (
	In    Direction = "in"    // from outside
	Out   Direction = "out"   // from our own users: logged in, or with a private address and bound for elsewhere
	Local Direction = "local" // made on the server itself: sendmail(1), bounces, cron
)

// Verdict is the server's answer about one recipient, not the outcome of the
// mail.
type Verdict string

// The verdicts, as stored.
const (
	Accepted Verdict = "accepted"
	Refused  Verdict = "refused"
	Deferred Verdict = "deferred"
	Lost     Verdict = "lost" // the session broke before the end of data
)

// Outcome is the result for an accepted recipient; "" if it is not in the log.
type Outcome string

// The outcomes, as stored.
const (
	OutcomeSent      Outcome = "sent"
	OutcomeBounced   Outcome = "bounced"
	OutcomeDeferred  Outcome = "deferred"
	OutcomeExpired   Outcome = "expired"
	OutcomeDiscarded Outcome = "discarded"
)

// Reason is the class of a refusal.
type Reason string

// The classes of refusals, as stored. reason.go recognises them by the words of
// the reply.
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

// Delivery is one SMTP transaction at one of our servers, or the part of it in
// one fragment of a log. Zero values are unknown.
type Delivery struct {
	Origin   Origin
	Server   string // the host that wrote the lines
	Instance string // syslog name: "postfix", "postfix/submission"; "exim"
	File     string // of the first line
	Line     int64  // number of that line in File, from 1
	PID      int    // of the process that spoke SMTP

	Opened   bool // its first line was read: client=, <=, or the first refusal of a connection
	Closed   bool // the queue file is gone, or the connection ended
	Floating bool // times are local times of an unknown zone

	Connected time.Time // of the connection, if the log has the line
	Started   time.Time // of its first line that belongs to SMTP
	Ended     time.Time // of its last one
	Seen      time.Time // of the first line of any kind that these facts are from
	LastSeen  time.Time // of the last one

	QueueID  string   // of the first queue file; "" for refusals before there was one
	QueueIDs []string // of later ones: behind a content filter, or requeued

	Client        netip.Addr // of the connection; invalid if unknown or none
	Port          uint16     // of the client, if it is logged
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
	Address string    // as the client gave it (orig_to); "" if it is not in the log
	Repeats int32     // lines that syslog folded into this one
	Verdict Verdict
	Code    int    // of the reply; 0 if it is not logged
	DSN     string // enhanced status code of the reply
	Reason  Reason // of refused and deferred ones
	Reply   string

	Outcome      Outcome
	OutcomeAt    time.Time
	OutcomeDSN   string
	OutcomeReply string // reply of the next host or the delivery agent
	Via          string // queue id under which it went on: behind a content filter, or forwarded
	By           string // queue id of the lines with the outcome, if it is not the first one
}

// Counts are the recipients of each verdict.
//
// They add up to the number of rows.
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
