// Package decision holds the rules by which the correlator honours what people decide.
//
// In go Decisions as a store keeps them; out come the pairs and features that a run must
// honour (Rules), whether a new decision contradicts what stands (Check), which messages
// stand for a campaign (StandIns), and the names, tags and notes of campaigns (SaidOf,
// Homes). The package reads nothing, prints nothing, and never changes a decision.
//
// People decide on campaigns, but campaigns come and go from run to run. So a decision is
// kept on messages that stand for them: the few that were surest members at the time.
package decision

import (
	"slices"
	"time"

	"spoor/graph/campaign"
	"spoor/graph/evidence"
)

// Kind is a kind of decision, as it is stored and typed.
type Kind string

const (
	Merge   Kind = "merge"    // campaigns are one
	Split   Kind = "split"    // messages of a campaign are one of their own
	Same    Kind = "same"     // two messages, or a message and a campaign, belong together
	NotSame Kind = "not-same" // two messages or campaigns do not
	Name    Kind = "name"     // a campaign has a name
	Remark  Kind = "note"     // a note on a campaign
	Tag     Kind = "tag"      // a campaign has a tag
	Untag   Kind = "untag"    // it no longer has
	Ignore  Kind = "ignore"   // a feature is no evidence
	Trust   Kind = "trust"    // a feature is worth the most that its kind can be
)

// Kinds lists the kinds of decisions.
func Kinds() []Kind {
	return []Kind{Merge, Split, Same, NotSame, Name, Remark, Tag, Untag, Ignore, Trust}
}

// Decision is one decision.
type Decision struct {
	ID       int64
	MadeAt   time.Time
	UndoneAt time.Time // zero: it stands
	Kind     Kind
	Campaign int64 // as it was named then; 0: it is about none
	Other    int64
	// Messages stand for the one side, Others for the other, the surest members first. Of a
	// split Messages are all that it takes out.
	Messages, Others []int64
	// Moved are all members of Other where it goes into Campaign, so that it can be restored.
	Moved            []int64
	Feature          int64  // its key; 0: it is about none
	Value            string // name, note, tag; the feature or the messages as people read them
	MadeBy, UndoneBy string
	Because          string
}

// MostStandIns is the number of messages that stand for a campaign: the loss of one leaves two.
const MostStandIns = 3

// StandIns returns the messages that stand for a campaign, of its members, the surest first.
func StandIns(members []int64) []int64 { return members[:min(MostStandIns, len(members))] }

// AboutCampaign reports whether d says something of one campaign and changes no run.
func (d *Decision) AboutCampaign() bool {
	return d.Kind == Name || d.Kind == Remark || d.Kind == Tag || d.Kind == Untag
}

// NeedRun reports whether one of the decisions changes what a run finds.
func NeedRun(list []Decision) bool {
	return slices.ContainsFunc(list, func(d Decision) bool { return !d.AboutCampaign() })
}

// Pairs returns what d says of pairs of messages.
func (d *Decision) Pairs() (same, notSame [][2]int64) {
	a, b := StandIns(d.Messages), StandIns(d.Others)
	switch d.Kind {
	case Same, Merge:
		if len(a) == 0 || len(b) == 0 {
			return nil, nil
		}
		for i := range max(len(a), len(b)) {
			same = append(same, [2]int64{a[i%len(a)], b[i%len(b)]})
		}
	case NotSame:
		notSame = crossed(a, b)
	case Split:
		// Each with the next and the one after it: the loss of one leaves the rest together.
		for i, m := range d.Messages {
			for _, n := range d.Messages[i+1 : min(i+3, len(d.Messages))] {
				same = append(same, [2]int64{m, n})
			}
		}
		notSame = crossed(d.Messages, b)
	}
	return same, notSame
}

func crossed(a, b []int64) [][2]int64 {
	out := make([][2]int64, 0, len(a)*len(b))
	for _, m := range a {
		for _, n := range b {
			out = append(out, [2]int64{m, n})
		}
	}
	return out
}

// Rules returns what the decisions that stand ask of a run.
func Rules(standing []Decision) campaign.Decisions {
	var out campaign.Decisions
	for i := range standing {
		d := &standing[i]
		same, notSame := d.Pairs()
		out.Same = append(out.Same, same...)
		out.NotSame = append(out.NotSame, notSame...)
		switch d.Kind {
		case Ignore:
			out.Ignored = append(out.Ignored, evidence.Key(d.Feature))
		case Trust:
			out.Trusted = append(out.Trusted, evidence.Key(d.Feature))
		}
	}
	return out
}

// Restates reports whether n says no more than d. What people say of a campaign is not
// compared: a second note of the same words may be meant.
func (d *Decision) Restates(n *Decision) bool {
	if d.Kind != n.Kind {
		return false
	}
	switch n.Kind {
	case Ignore, Trust:
		return d.Feature == n.Feature
	case Merge, Same, NotSame:
		return slices.Equal(d.Messages, n.Messages) && slices.Equal(d.Others, n.Others) ||
			slices.Equal(d.Messages, n.Others) && slices.Equal(d.Others, n.Messages)
	case Split:
		return slices.Equal(d.Messages, n.Messages) && d.Campaign == n.Campaign
	}
	return false
}

// Mentioned lists the messages that decisions name.
func Mentioned(list []Decision) []int64 {
	var out []int64
	for i := range list {
		out = append(append(out, list[i].Messages...), list[i].Others...)
	}
	return out
}

// TakenOut lists the messages that decisions take out of a campaign.
func TakenOut(standing []Decision, campaign int64) []int64 {
	var out []int64
	for i := range standing {
		if standing[i].Kind == Split && standing[i].Campaign == campaign {
			out = append(out, standing[i].Messages...)
		}
	}
	return out
}

// Bearing lists those of the decisions that stand which bear on two messages that share
// features.
func Bearing(standing []Decision, a, b int64, shared func(evidence.Key) bool) []Decision {
	names := func(keys []int64) bool { return slices.Contains(keys, a) || slices.Contains(keys, b) }
	var out []Decision
	for i := range standing {
		switch d := &standing[i]; d.Kind {
		case Ignore, Trust:
			if shared(evidence.Key(d.Feature)) {
				out = append(out, *d)
			}
		case Same, NotSame, Merge, Split:
			if names(d.Messages) || names(d.Others) {
				out = append(out, *d)
			}
		}
	}
	return out
}

// Honoured reports whether the campaigns of messages agree with those of the decisions that
// stand.
func Honoured(list []Decision, in map[int64]int64) bool {
	for i := range list {
		if !list[i].UndoneAt.IsZero() {
			continue
		}
		same, notSame := list[i].Pairs()
		for _, p := range same {
			if in[p[0]] == 0 || in[p[0]] != in[p[1]] {
				return false
			}
		}
		for _, p := range notSame {
			if in[p[0]] != 0 && in[p[0]] == in[p[1]] {
				return false
			}
		}
	}
	return true
}
