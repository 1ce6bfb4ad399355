// Package labelled defines a folder of mail whose true campaigns and operations
// are known:
//
//	spam.mbox    the messages (mboxrd), by time of arrival
//	truth.tsv    message-id, campaign, operation, spamrun, recipient damage, is_noise
//	world.json   answers of registries and DNS of that world; may be absent
//
// Generators fill a Set and write it; the measuring programs read folders from
// any source. Mail outside of campaigns (newsletters, single messages, reports)
// has a campaign that begins with "noise:" and its kind.
package labelled

import (
	"cmp"
	"net/netip"
	"slices"
	"strings"
	"time"

	"spoor/graph/disjoint"
)

// Kinds of mail outside of campaigns: the word after "noise:".
const (
	Newsletter = "news"
	Single     = "single"
	Report     = "dsn"
)

// Label is the truth about one message.
//
// Run and Damage may be empty in a truth of others.
type Label struct {
	ID        string // Message-ID without brackets, unique
	Campaign  string // "noise:news:7" for mail outside of campaigns
	Operation string
	Run       string // one transmission of one campaign
	Damage    string // kind of damage to the recipient's address; "none"
}

// Noise returns the kind of noise, or "" for a message of a campaign.
func (l *Label) Noise() string {
	rest, ok := strings.CutPrefix(l.Campaign, "noise:")
	if !ok {
		return ""
	}
	kind, _, _ := strings.Cut(rest, ":")
	return kind
}

// Message is one message with its truth and its visible traits.
//
// Traits are known to the generator and are not written to the folder. They
// serve to check that a world can be solved.
type Message struct {
	Label
	Raw    []byte
	At     time.Time
	Sender netip.Addr // address that connected to the receiver
	Traits []string   // "kind value" pairs that the message shares with others of its campaign
}

// Set is a labelled world.
type Set struct {
	Messages   []Message
	Registries *Registries // nil for none
}

// Sort sorts the messages by arrival. Ties are ordered by Message-ID.
func (s *Set) Sort() {
	slices.SortStableFunc(s.Messages, func(a, b Message) int {
		return cmp.Or(a.At.Compare(b.At), cmp.Compare(a.ID, b.ID))
	})
}

// Parts counts the pieces of each campaign if only traits that no other
// campaign has connect its messages. 1 means that the campaign can be
// recognised as a whole. Traits of noise count as foreign.
//
// A campaign of several parts cannot be put together by anybody, and would
// lower every program's recall.
func (s *Set) Parts() map[string]int {
	owner := map[string]string{} // campaign of a trait; "" for several
	for i := range s.Messages {
		m := &s.Messages[i]
		for _, t := range m.Traits {
			if o, ok := owner[t]; ok && o != m.Campaign {
				owner[t] = ""
			} else if !ok {
				owner[t] = m.Campaign
			}
		}
	}
	sets := disjoint.New(len(s.Messages))
	parts, first := map[string]int{}, map[string]int32{}
	for i := range s.Messages {
		m := &s.Messages[i]
		if m.Noise() != "" {
			continue
		}
		parts[m.Campaign]++
		for _, t := range m.Traits {
			if owner[t] == "" {
				continue
			}
			if j, ok := first[t]; !ok {
				first[t] = int32(i)
			} else if sets.Join(int32(i), j) {
				parts[m.Campaign]--
			}
		}
	}
	return parts
}
