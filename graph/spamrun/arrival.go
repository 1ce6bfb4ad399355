package spamrun

import (
	"cmp"
	"net/netip"
	"slices"
	"strings"
)

// Arrival is one mail at the trust boundary, accepted or refused: a message, or
// a transaction of a log. Each occurs at most once.
type Arrival struct {
	Message int64
	Sender  netip.Addr // of the client that connected; the zero Addr if unknown
	At      int64      // seconds of Unix time; 0 if unknown
	Until   int64      // of its last recipient; 0: the same

	// Evidence to separate operators, and spam from ham. Zero values are
	// unknown.
	ReturnPath  string // "<>" for the empty one
	HELO        string
	ReverseName string
	Class       Class
	Tried       int      // recipients
	Bad         int      // of them: refused as unknown or by a list, or damaged
	Tries       []uint64 // hashes of the recipients
	PutOff      []uint64 // of those, deferred: they are expected again
}

// Class is the purpose of a stored message.
type Class uint8

// The classes. Messages of a log that are not stored have none.
const (
	Unclassed Class = iota
	Spam
	Wanted
)

// until returns the time of the last recipient.
func (a *Arrival) until() int64 { return max(a.At, a.Until) }

// Domain returns the domain of the envelope sender.
func (a *Arrival) Domain() string {
	return strings.ToLower(a.ReturnPath[strings.LastIndexByte(a.ReturnPath, '@')+1:])
}

// sorted returns the arrivals that can be in a run, by sender, time and
// message. Those without a sender or a time are left out, and duplicates.
func sorted(arrivals []Arrival) []Arrival {
	out := make([]Arrival, 0, len(arrivals))
	for _, a := range arrivals {
		if !a.Sender.IsValid() || a.At == 0 {
			continue
		}
		a.Sender = a.Sender.Unmap().WithZone("")
		out = append(out, a)
	}
	slices.SortFunc(out, func(a, b Arrival) int {
		return cmp.Or(a.Sender.Compare(b.Sender), cmp.Compare(a.At, b.At), cmp.Compare(a.Message, b.Message))
	})
	return slices.CompactFunc(out, func(a, b Arrival) bool { return a.Sender == b.Sender && a.At == b.At && a.Message == b.Message })
}
