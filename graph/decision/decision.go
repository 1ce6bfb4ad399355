// Package decision holds the rules by which the correlator honours people's
// decisions. Stored Decisions go in. The pairs and features that a run must
// honour (Rules), contradictions (Check), representatives of a campaign
// (StandIns), and names, tags and notes (SaidOf, Homes) come out. The package
// does no I/O and never changes a decision.
//
// People decide about campaigns, but campaigns change from run to run. A
// decision therefore refers to messages that represent them: the members with
// the highest confidence at the time.
package decision

import (
	"slices"
	"time"

	"spoor/graph/campaign"
	"spoor/graph/evidence"
)

// Kind is a kind of decision, as stored and typed.
type Kind string

// The kinds of decisions. Their words are stored and typed; they never change.
const (
	Merge   Kind = "merge"    // campaigns are one
	Split   Kind = "split"    // messages of a campaign form their own
	Same    Kind = "same"     // two messages, or a message and a campaign, belong together
	NotSame Kind = "not-same" // two messages or campaigns do not belong together
	Name    Kind = "name"     // a campaign has a name
	Remark  Kind = "note"     // a note on a campaign
	Tag     Kind = "tag"      // a campaign has a tag
	Untag   Kind = "untag"    // a campaign no longer has a tag
	Ignore  Kind = "ignore"   // a feature is not evidence
	Trust   Kind = "trust"    // a feature has the maximum weight of its kind
)

// Kinds lists the kinds of decisions.
func Kinds() []Kind {
	return []Kind{Merge, Split, Same, NotSame, Name, Remark, Tag, Untag, Ignore, Trust}
}

// Decision is one decision.
type Decision struct {
	ID       int64
	MadeAt   time.Time
	UndoneAt time.Time // zero if it stands
	Kind     Kind
	Campaign int64 // id at the time; 0 if it concerns none
	Other    int64
	// Messages represent the one side, Others the other, highest confidence
	// first. For a split, Messages are all messages that leave.
	Messages, Others []int64
	// Moved are all members of Other when it is merged into Campaign, so that
	// an undo can restore it.
	Moved            []int64
	Feature          int64  // key; 0 if it concerns none
	Value            string // name, note or tag; or the feature or messages in readable form
	MadeBy, UndoneBy string
	Because          string
}

// MostStandIns is the number of messages that represent a campaign. If one is
// lost, two remain.
const MostStandIns = 3

// StandIns returns the representatives of a campaign from its members, which
// must be sorted by confidence.
func StandIns(members []int64) []int64 { return members[:min(MostStandIns, len(members))] }

// AboutCampaign reports whether d describes one campaign and has no effect on a
// run.
func (d *Decision) AboutCampaign() bool {
	return d.Kind == Name || d.Kind == Remark || d.Kind == Tag || d.Kind == Untag
}

// NeedRun reports whether one of the decisions affects a run.
func NeedRun(list []Decision) bool {
	return slices.ContainsFunc(list, func(d Decision) bool { return !d.AboutCampaign() })
}

// Pairs returns the statements of d about pairs of messages. Each side is
// represented by at most MostStandIns messages, so that a decision about large
// campaigns stays small.
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
		// Each message is paired with the next two, so that the loss of one
		// leaves the rest connected.
		for i, m := range d.Messages {
			for _, n := range d.Messages[i+1 : min(i+3, len(d.Messages))] {
				same = append(same, [2]int64{m, n})
			}
		}
		notSame = crossed(d.Messages, b)
	}
	return same, notSame
}

// crossed returns all pairs of a message of a and one of b.
func crossed(a, b []int64) [][2]int64 {
	out := make([][2]int64, 0, len(a)*len(b))
	for _, m := range a {
		for _, n := range b {
			out = append(out, [2]int64{m, n})
		}
	}
	return out
}

// Rules returns the constraints of the standing decisions on a run.
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

// Restates reports whether n repeats d. Names, tags and notes are not compared,
// because a repeated note may be intended.
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

// TakenOut lists the messages that decisions remove from a campaign.
func TakenOut(standing []Decision, campaign int64) []int64 {
	var out []int64
	for i := range standing {
		if standing[i].Kind == Split && standing[i].Campaign == campaign {
			out = append(out, standing[i].Messages...)
		}
	}
	return out
}

// Bearing lists the standing decisions that affect two messages with shared
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

// Honoured reports whether the campaigns of messages agree with the standing
// decisions.
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
