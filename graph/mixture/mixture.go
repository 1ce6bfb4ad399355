// Package mixture groups units of mail into clusters by one statistical model.
//
// A unit is a message, or a burst of one sender and one program. It has values
// of several kinds. A cluster counts, for each kind, the units with each value.
// The log likelihood ratio of a unit compares two sources, the cluster and an
// unrelated sender:
//
//   - An unrelated sender draws a value from the base: the share of clusters
//     that have it. Shares of units would make a large campaign's own traits
//     common. The probability of values in one to four clusters is a
//     Good-Turing estimate, so that kinds whose values nobody copies count for
//     more.
//   - A cluster draws one of its known values, or a new one. The rate of new
//     values is learned from its own units and from its kind in all clusters. A
//     campaign that rotates its senders is not penalised for another sender;
//     one that never changed its text is penalised strongly for another text.
//   - Kinds are grouped, since kinds of one group change together. A whole
//     group may have changed (a new mailer, new pools), which limits the weight
//     of its disagreement.
//
// A unit joins the best cluster if the sum exceeds a negative prior, if the
// content agrees without the traits that the cluster's units always share (see
// line.go), and if the cluster beats two alternatives: another campaign of the
// same operator (the more clusters match the sender, the more the content must
// match), and a copy by an unrelated sender.
//
// Units are assigned in order, several times; clusters merge and split by the
// same score. Two clusters that change together, back and forth in time, are
// campaigns of their own (see parallel.go). All functions are pure, and ties are broken by number.
package mixture

import "math"

// Group is a group of kinds that change together.
type Group uint8

// The groups. Text, Creative, Links and Contact describe the content,
// Registration, Sending and Mailer the sender.
const (
	Text Group = iota
	Creative
	Links
	Registration
	Sending
	Mailer
	Contact // identifiers, of which one match decides
	Time
	groups
)

// Kind holds how values of one kind are weighed.
type Kind struct {
	Group  Group
	Weight float64 // factor of its log likelihood ratio within the group; 0: it does not count
	Whole  bool    // its values are one observation, whose disagreement is never ignored
	Own    bool    // an identifier that a copy by a stranger does not have
	Aspect Aspect  // that its changes are of
	Call   float64 // weight of one of its values in calling the clusters that a unit is compared with
}

// asContent is the maximum portion of the surprise of one of several values counted
// as content: of contacts the best counts in full.
func (k *Kind) asContent(values int32) float64 {
	if k.Weight == 0 {
		return 1 // it stands for kinds that do not call, and that may agree in full
	}
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
	From, To uint16
}

// values is the number of values, those that no other unit has too.
func (s Span) values() int32 { return int32(s.To-s.From) + int32(s.Alone) }

// Unit is an item to cluster. Spans are ordered by kind, each kind at most
// once.
type Unit struct {
	Spans  []Span
	Values []int32 // features, by span, each ascending
	Apart  bool    // never clustered with others
	// Context numbers units with nearly the same content, from 1; 0: it is
	// unique. Until there are clusters, values are counted per context:
	// otherwise the largest campaign of a store would make its own traits
	// common before it is found.
	Context int32
}

// Input is the input of a run. KindOf is the kind of each feature.
type Input struct {
	Kinds  []Kind
	KindOf []uint8
	Units  []Unit
	// Strangers are wanted messages, which are no units but count as clusters of their own.
	// Elsewhere says how many of them have each feature, and each kind.
	Strangers       int
	Elsewhere       []int32 // by feature; nil: none
	ElsewhereByKind []int32 // by kind
	// Trusted features count as if hardly any other cluster had them.
	Trusted map[int32]bool
}

// Result has the cluster of each unit, and the log odds, in nats, of that
// assignment against all others. A unit that joins none has a cluster of its
// own.
type Result struct {
	Cluster []int32
	Odds    []float64
	Scored  int // comparisons of a unit or cluster with a cluster: the work
	Model   *Fitted
}

// Constants of the decision, in nats if they are evidence. docs/campaigns.md
// shows the effect of lower and higher values.
const (
	mostPrior   = 5    // against any two units or clusters
	priorUnits  = 3000 // from which on it grows with the log of the units: more pairs agree by chance
	sizeWeight  = 0.5  // of log n for a cluster of n units
	changed     = 0.1  // rate at which a whole group changes
	whatMin     = 1.5  // content, against another campaign of the same operator
	whoMin      = -3   // sender, against a copy
	contentMin  = -2   // text and creative, regardless of links and contacts
	pseudoUnits = 4    // by which a cluster's own rate of new values is shrunk to its kind's
	mostNats    = 6    // of one kind
	mostContact = 10   // of one contact
	leastNats   = -4   // of one kind
	leastOther  = -1   // of contacts that differ
)

// Bounds of the work.
const (
	passes      = 5
	splitRounds = 6   // of one pass: each can divide the parts of the one before
	settled     = 100 // the model is learned again while more than one unit in so many moves
	candidates  = 12  // clusters that a unit is scored against
	mostMeet    = 64  // clusters per feature; a more common feature gives no candidates
	rareMost    = 256 // units; the counts of a more common feature are in a table
	mostHeads   = 8   // clusters that a feature of the table calls: those where most units have it
)

// priorOf is the evidence against any two of n units, in nats.
func priorOf(n int) float64 {
	return math.Min(mostPrior, math.Log(float64(n+1))) + math.Max(0, math.Log(rounded(float64(n))/priorUnits))
}

// Run clusters the units.
func Run(in Input) Result {
	m := newModel(in)
	m.prior = priorOf(len(in.Units))
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
	m.passed = passed{}
	return Result{Cluster: m.of, Odds: odds, Scored: m.work, Model: &Fitted{m}}
}
