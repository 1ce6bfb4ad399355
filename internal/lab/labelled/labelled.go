// Package labelled is mail whose true campaigns and operations are known, as a folder:
//
//	spam.mbox    the messages (mboxrd), by time of arrival
//	truth.tsv    message-id, campaign, operation, spamrun, recipient damage, is_noise
//	world.json   what registries and DNS of that world answer; may be absent
//
// Generators fill a Set and write it; the measuring reads folders, whoever made them. What
// is no campaign (newsletters, single mails, reports) has a campaign that begins with
// "noise:" and the kind.
package labelled

import (
	"cmp"
	"net/netip"
	"slices"
	"strings"
	"time"
)

// Kinds of mail that is part of no campaign: the word behind "noise:".
const (
	Newsletter = "news"
	Single     = "single"
	Report     = "dsn"
)

// Label is the truth about one message.
type Label struct {
	ID        string // Message-ID without brackets, unique
	Campaign  string // "noise:news:7" for what is no campaign
	Operation string
	Run       string // one sending of one campaign
	Damage    string // how the recipient's address was damaged; "none"
}

// Noise is the kind of noise, "" for a campaign's message.
func (l *Label) Noise() string {
	rest, ok := strings.CutPrefix(l.Campaign, "noise:")
	if !ok {
		return ""
	}
	kind, _, _ := strings.Cut(rest, ":")
	return kind
}

// Message is one message, the truth about it, and how it can be known.
type Message struct {
	Label
	Raw    []byte
	At     time.Time
	Sender netip.Addr // that connected to us
	Traits []string   // "kind value" that the message shares with others of its campaign
}

// Set is a labelled world.
type Set struct {
	Messages   []Message
	Registries *Registries // nil for none
}

// Sort puts the messages in the order of arrival; Message-IDs break ties.
func (s *Set) Sort() {
	slices.SortStableFunc(s.Messages, func(a, b Message) int {
		return cmp.Or(a.At.Compare(b.At), cmp.Compare(a.ID, b.ID))
	})
}

// Parts are the pieces into which a campaign falls when only traits join its messages that
// no other campaign has: 1 for a campaign that can be known as one. Traits of noise count
// as foreign, too.
func (s *Set) Parts() map[string]int {
	owner := map[string]string{} // of a trait; "" for several
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
	parent := make([]int, len(s.Messages))
	find := func(i int) int {
		for parent[i] != i {
			parent[i] = parent[parent[i]]
			i = parent[i]
		}
		return i
	}
	parts, first := map[string]int{}, map[string]int{}
	for i := range s.Messages {
		m := &s.Messages[i]
		parent[i] = i
		if m.Noise() != "" {
			continue
		}
		parts[m.Campaign]++
		for _, t := range m.Traits {
			if owner[t] == "" {
				continue
			}
			if j, ok := first[t]; !ok {
				first[t] = i
			} else if a, b := find(i), find(j); a != b {
				parent[a] = b
				parts[m.Campaign]--
			}
		}
	}
	return parts
}
