// Package mixture groups units of mail into clusters by one statistical model.
//
// A unit is a message, or one sender's burst made by one program. It has values of
// several kinds. A cluster keeps, for each kind, how many of its units had which value.
// The log likelihood ratio of a unit against a cluster asks whether the cluster would
// write such a unit sooner than a stranger would:
//
//   - A stranger draws a value from the base: the share of clusters that have it, not of
//     units, so that the size of a campaign does not make its own traits common. What one
//     to four clusters have is estimated after Good and Turing: kinds whose values nobody
//     copies count for more.
//   - A cluster draws a value it has shown, or a new one. How readily it draws a new one
//     is learned from its own units and from its kind in all clusters. A campaign that
//     rotates its senders loses nothing by another sender; one that never changed its
//     text loses much by another text.
//   - Kinds are grouped, since kinds of one group change together. A whole group may have
//     changed (a new mailer, new pools): that bounds what a group says against.
//
// A unit joins the best cluster if the sum exceeds a prior that stands against any two,
// and if two rivals lose: another campaign of the same hands (the more clusters share who
// sends, the more must be shared of what is sent), and a copy by strangers.
//
// Units are assigned in order, several times; clusters merge and split by the same score.
// Everything is a pure function of the input, with ties broken by number.
package mixture

import "math"

// Group is a line of argument.
type Group uint8

// The groups. Text, Creative, Links and Contact bear on what is sent, Registration,
// Sending and Mailer on who sends it.
const (
	Text Group = iota
	Creative
	Links
	Registration
	Sending
	Mailer
	Contact // identifiers of which one that matches says all
	Time
	groups
)

// Kind holds how values of one kind are weighed.
type Kind struct {
	Group  Group
	Weight float64 // share of its log likelihood ratio that counts beside others of the group; 0: none
	Whole  bool    // its values are one rich observation, and what it says against is never forgiven
	Call   float64 // weight of one of its values in calling the clusters that a unit is compared with
}

// what is the most of the surprise of one of so many values that counts for what is sent:
// of contacts the best one counts in full.
func (k *Kind) what(values int32) float64 {
	switch k.Group {
	case Text, Creative, Links:
		return k.Weight / float64(values)
	case Contact:
		return 1
	}
	return 0
}

// Span is the values of one kind in Unit.Values.
type Span struct {
	Kind     uint8
	Alone    uint8 // further values that no other unit has
	From, To int32
}

// Unit is what is clustered. Spans are ordered by kind, each kind at most once.
type Unit struct {
	Spans  []Span
	Values []int32 // features, by span, each ascending
	Apart  bool    // stands alone, whatever it shares
	// Context numbers what says nearly the same, from 1; 0: nothing else does. Until there
	// are clusters, a context is what a value is counted in: otherwise the largest campaign
	// of a store would make its own traits common before it is found.
	Context int32
}

// Input is what a run needs. KindOf gives the kind of each feature.
type Input struct {
	Kinds  []Kind
	KindOf []uint8
	Units  []Unit
	// Trusted features count as if hardly any other cluster had them.
	Trusted map[int32]bool
}

// Result is the outcome: the cluster of each unit, and the log odds, in nats, that it
// belongs there and not elsewhere. A unit that stands alone has a cluster of its own.
type Result struct {
	Cluster []int32
	Odds    []float64
	Scored  int // comparisons of a unit or cluster with a cluster: the work
}

// Numbers that decide, in nats where they are evidence. docs/campaigns.md shows what
// halving and doubling each does on every source.
const (
	mostPrior   = 5   // against any two units or clusters
	sizeWeight  = 0.5 // of log n for a cluster of n units
	changed     = 0.1 // rate at which a whole group changes
	whatMin     = 1.5 // what is sent, against another campaign of the same hands
	whoMin      = -3  // who sends, against a copy
	contentMin  = -2  // text and creative, whatever links and contacts say
	pseudoUnits = 4   // by which a cluster's own rate of new values is shrunk to its kind's
	mostNats    = 6   // of one kind
	mostContact = 10  // of one contact
	leastNats   = -4  // of one kind
	leastOther  = -1  // of contacts that differ
)

// Bounds of the work.
const (
	passes     = 5
	settled    = 100 // the model learns anew while more than one unit in so many moves
	candidates = 12  // clusters that a unit is scored against
	mostMeet   = 64  // clusters under one feature; what more have is no way to meet
	rareMost   = 256 // units; counts of what more have are kept in a table
	mostHeads  = 8   // clusters that a feature of the table calls: those where most units have it
)

// Run clusters the units.
func Run(in Input) Result {
	m := newModel(in)
	m.prior = math.Min(mostPrior, math.Log(float64(len(in.Units)+1)))
	all := true
	for pass := range passes {
		moved := m.assign(all)
		if all = pass == 0 || moved*settled > len(m.Units); all {
			m.learn()
		}
		moved += m.merge(all)
		if pass > 0 && pass+1 < passes {
			moved += m.split()
		}
		if moved == 0 {
			break
		}
	}
	odds := m.odds()
	return Result{Cluster: m.of, Odds: odds, Scored: m.work}
}
