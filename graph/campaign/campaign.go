// Package campaign groups messages into campaigns and explains the result.
//
// Its input is one Row per message, with the keys of its features (package
// evidence) and the sketch of its text, registry data of domains and addresses,
// and users' decisions. A Builder makes an Index: the incidence of messages and
// features as compressed sparse rows, with the weight of every feature in bits.
// Cluster groups messages into units, clusters these by package mixture, and
// separates publishers from campaigns. Pair and Holding score two messages, or
// a set of them, in bits. This older score differs from the model's: two
// messages of a campaign need not be linked directly.
//
// Pairs of messages are never stored: memory grows with the mail, not with its
// square. All functions are pure: no clock, no randomness, no I/O, and the same
// result for any order of input and any number of cores.
package campaign

import (
	"net/netip"

	"spoor/graph/evidence"
	"spoor/graph/spamrun"
)

// Row holds the evidence of one message.
type Row struct {
	Key        int64      // identity; unique within one Builder
	At         int64      // seconds of Unix time at which our own server took it; 0 if unknown
	Sender     netip.Addr // that connected to it; the zero Addr if unknown
	Background bool       // wanted mail: counted in every frequency, never a member
	Newsletter bool       // by evidence.Newsletter
	Features   []evidence.Key
	Sketch     []byte // of the text; nil if there is too little
}

// Options are the limits of a run; the zero value means Defaults.
type Options struct {
	// Traits limits the common traits kept of a campaign.
	Traits int
}

// Defaults are the options of the commands.
var Defaults = Options{Traits: 30}

// Decisions are the users' decisions, which every later run applies.
type Decisions struct {
	Same    [][2]int64     // messages that are of one campaign
	NotSame [][2]int64     // messages that are of two
	Ignored []evidence.Key // without weight, whatever their frequency
	Trusted []evidence.Key // with the maximum weight of their kind, whatever their frequency
}

// Result is the outcome of a run.
type Result struct {
	Messages   int // candidates for membership: all but the background
	Background int
	Incidences int
	Parameters Parameters
	Campaigns  []Campaign // largest first, then by the smallest key of a member
	Operations []Operation
	Publishers []Publisher   // of newsletters: clusters that are no campaign
	Spamruns   []spamrun.Run // of all spam, in campaigns or not
	SetAside   []Trait       // link domains too common to be evidence, most messages first
}

// Parameters are the estimated and fixed parameters of a run, stored with it.
type Parameters struct {
	LinkBits float64           `json:"link_bits"`  // total that links two messages
	Prior    float64           `json:"prior_bits"` // of any two messages
	Groups   []GroupParameters `json:"groups"`
}

// GroupParameters are those of one group of evidence.
type GroupParameters struct {
	Group   string  `json:"group"`
	Agree   float64 `json:"agree"`   // portion of pairs of one campaign, with values on both sides, that agree (m)
	Against float64 `json:"against"` // bits of a disagreement
	Agreed  int     `json:"agreed"`  // certain pairs that agreed and differed: the sample
	Differ  int     `json:"differed"`
}

// Campaign is one group of at least two messages.
type Campaign struct {
	Members   []Member // by key
	Weakest   float64  // bits of the weakest link that holds it together
	Traits    []Trait  // values that its members share, strongest first
	Operation int      // index into Result.Operations; -1 without one
	Profile   Profile  // profile for matching new mail; its Campaign is 0
}

// Publisher is a sender of regular issues, and its messages.
type Publisher struct {
	Members []int64 // by key
	Traits  []Trait
}

// Member is one message of a campaign.
type Member struct {
	Key        int64
	Confidence float64 // that it belongs to the others: 0 to 1
}

// Operation is several campaigns that share who is behind them.
type Operation struct {
	Campaigns []int   // indices into Result.Campaigns, ascending; at least two
	Weakest   float64 // bits of the weakest link that holds it together
	Traits    []Trait
}

// Trait is a feature that many members share.
type Trait struct {
	Feature   evidence.Key
	Example   int64  // a member that has it: its facts give the value
	Via       string // a domain or address through which messages have it; "" if by themselves
	Members   int    // members that have it
	Elsewhere int    // other messages with it, without ham
	Ham       int    // background messages that have it
	Bits      float64
}

// Explanation is the evidence between two messages. Prior and the Bits of all Steps sum
// to Total exactly: all are whole multiples of a hundredth of a bit.
type Explanation struct {
	A, B     int64
	Prior    float64
	Steps    []Step // strongest group first; within one group the one that counts first
	Total    float64
	LinkBits float64 // Total from which two messages are linked
	Linked   bool    // directly: enough bits of enough groups, and content agrees, not only the sender
	Lacks    string  // the missing condition if it is not linked: "bits", "groups", "what"
	Groups   int     // groups that speak for it
	Decided  string  // "same" or "not same" where people have said so
	Capped   bool    // the sum was limited to log2 of the number of messages
}

// Step is one line of a waterfall.
type Step struct {
	Feature  evidence.Key // 0 for a line without a feature: text, times, a disagreement
	Kind     string
	Group    string
	ViaA     string // domain or address through which A has the feature; "" if by itself
	ViaB     string
	Bits     float64
	Worth    float64 // weight of the feature by itself if it is implied
	Contexts int     // independent senders that have it
	Messages int     // messages that have it, ham too
	Ham      int
	Implied  bool    // shared, but not counted: a stronger line of the same group implies it
	Common   bool    // shared, but worth nothing: too many have it, or a person said to ignore it
	Against  bool    // both have a value of the kind, and none in common
	Share    float64 // of text: the equal portion, 0 to 1
}

// Without selects evidence to leave out, to show its effect.
type Without struct {
	Features []evidence.Key
	Kinds    []evidence.Kind // all values of these
}

// Holding describes the evidence that connects a set of messages.
type Holding struct {
	Traits []Trait     // shared values, strongest first
	Common []Trait     // shared values that are too common
	Bridge Explanation // the weakest link of the strongest tree that spans them
	Side   []int64     // the members on the smaller side of that bridge
	Least  int64       // the member that is least sure
	Falls  [][]int64   // the parts without the evidence left out; one part: it holds
	Looked int         // members that were compared; fewer than there are: a sample
}
