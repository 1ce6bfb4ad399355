// Package campaign groups messages into campaigns and operations, and explains
// the result.
//
// Rows go in, one for each message: the keys of its features (package evidence)
// and the sketch of its text. With them go registries' data on domains and
// addresses, and users' decisions. A Builder makes an Index of them, an
// incidence of messages and features as compressed sparse rows. Cluster makes
// units of the messages, lets package mixture cluster them, separates publishers
// from campaigns, and divides campaigns by their offers. Pair, Against and
// Holding explain the result by the model that made it. The run's estimates
// are part of its Result: Recall explains by it later, and Known assigns new mail,
// both by the same model and without the other messages.
//
// Pairs of messages are never stored: rows grow with the mail, not with its
// square. Everything is a pure function of its input: no clock, no randomness,
// no I/O, the same result in any order of input and on any number of cores.
package campaign

import (
	"cmp"
	"net/netip"

	"spoor/graph/evidence"
	"spoor/graph/spamrun"
)

// Row holds the features of one message.
type Row struct {
	Key        int64      // identity; unique within one Builder
	At         int64      // seconds of Unix time at which our own server took it; 0 if unknown
	Sender     netip.Addr // that connected to it; the zero Addr if unknown
	Ham        bool       // wanted mail: counted in every frequency, never a member
	Newsletter bool       // by evidence.Newsletter
	Features   []evidence.Key
	Sketch     []byte // of the text; nil if there is too little
	Spamrun    int64  // that a run found; read by Recall only, 0: none
}

// Options are the limits of a run; the zero value means Defaults.
type Options struct {
	// Traits is how many common traits of a campaign are kept.
	Traits int
	// Beside is the size of a campaign up to which all of its messages are read for a
	// question. Of a larger one so many are read, and the counts of the run.
	Beside int
}

// Defaults are the options of the commands.
var Defaults = Options{Traits: 30, Beside: 100}

// orDefaults replaces zeros by defaults.
func (o Options) orDefaults() Options {
	return Options{cmp.Or(o.Traits, Defaults.Traits), cmp.Or(o.Beside, Defaults.Beside)}
}

// Decisions are the users' decisions, which later runs honour.
type Decisions struct {
	Same    [][2]int64     // messages that are of one campaign
	NotSame [][2]int64     // messages that are of two
	Ignored []evidence.Key // no evidence, at any frequency
	Trusted []evidence.Key // evidence at the maximum of their kind, at any frequency
}

// Result is the outcome of a run.
type Result struct {
	Messages   int // candidates for membership: all but ham
	Ham        int
	Incidences int
	Parameters Parameters
	Campaigns  []Campaign // largest first, then by the smallest key of a member
	Operations []Operation
	Publishers []Publisher   // of newsletters: clusters that are no campaign; by address
	Spamruns   []spamrun.Run // of all spam, in campaigns or not
	SetAside   []Trait       // link domains too common to be evidence, most messages first
	Learned    []Page        // numbers of all values, for explanations
}

// Parameters are the estimates of a run; they are stored with it.
type Parameters struct {
	LinkBits float64          `json:"link_bits"`  // from which messages belong together: 0, for the prior is in every sum
	Prior    float64          `json:"prior_bits"` // against any two units
	Evidence int              `json:"evidence"`   // version of the evidence; 0: an earlier program stored none of Learned
	Kinds    []KindParameters `json:"kinds"`
}

// KindParameters are those of one kind of evidence.
type KindParameters struct {
	Kind     string  `json:"kind"`
	Rotation float64 `json:"rotation"` // concentration: how readily campaigns show new values of it
}

// Campaign is one group of at least two messages.
type Campaign struct {
	Members   []Member // by key
	Weakest   float64  // bits by which its least sure message fits it better than anything else
	Traits    []Trait  // shared by its members, strongest first
	Operation int      // index into Result.Operations; -1 for none
	Profile   Profile  // for the assignment of new mail and explanations; its Campaign is 0
	Counts    Counts   // for explanations
}

// Publisher is a sender of regular issues, and its messages. Its From address names it, or
// its From domain if each issue has an address of its own.
type Publisher struct {
	From    evidence.Key
	Example int64   // a member that has it: its facts give the address
	Members []int64 // by key
	Listed  int     // members that are list mail (evidence.Newsletter)
	Days    int     // on which members came
}

// Member is one message of a campaign.
type Member struct {
	Key        int64
	Confidence float64 // that it belongs to the others: 0 to 1
}

// Operation is a group of campaigns of the same operator.
type Operation struct {
	Campaigns []int   // indices into Result.Campaigns, ascending; at least two
	Weakest   float64 // bits of the weakest link between two of its campaigns
	Traits    []Trait
}

// Trait is a feature that many members share.
type Trait struct {
	Feature   evidence.Key
	Example   int64  // a member that has it: its facts give the value
	Via       string // a domain or address through which messages have it; "" if by themselves
	Members   int    // members that have it
	Elsewhere int    // other messages that have it, ham left out
	Ham       int    // ham that has it
	Bits      float64
}

// Explanation is the evidence between two messages, or between one and the others of its
// campaign. Prior and the Bits of all Steps sum to Total exactly: all are whole multiples of
// a hundredth of a bit.
type Explanation struct {
	A, B     int64
	With     int // messages that A was compared with as a whole; B is the one that is most like it. 0: with B alone
	Prior    float64
	Steps    []Step // strongest group first; within one group those that count first
	Total    float64
	Together bool   // a run has them in one campaign
	Linked   bool   // by this evidence alone: enough bits, and both content and sender agree. Of a member with all of its evidence: the run decided so
	Lacks    string // the missing part if it is not linked: "bits", "what", "who", "text", "line", "lure", "rival"
	Groups   int    // groups that speak for it
	Decided  string // "same" or "not same" where people have said so
}

// Step is one line of a waterfall.
type Step struct {
	Feature  evidence.Key // 0 for steps without a feature: text, times, a kind in which nothing agrees
	Kind     string
	Group    string
	ViaA     string // domain or address through which A has the feature; "" if by itself
	ViaB     string
	Bits     float64
	Worth    float64 // how much rarer than everybody's the value is, in bits
	Members  int     // of the campaign that have it, where one was compared with
	Messages int     // messages that have it, ham too
	Ham      int
	Implied  bool    // not counted: others of its group say more, or the group's worst kind, which is forgiven
	Common   bool    // shared, but worth nothing: too many have it, or a person said to ignore it
	Against  bool    // speaks against it
	Share    float64 // of text: how much of it is the same, 0 to 1
}

// Without is evidence to be left out, to see the effect.
type Without struct {
	Features []evidence.Key
	Kinds    []evidence.Kind // all values of these
}

// Holding is the evidence that holds a set of messages together.
type Holding struct {
	Traits []Trait     // shared traits, strongest first
	Common []Trait     // shared traits that are too common to be evidence
	Bridge Explanation // between the two sides that differ most
	Side   []int64     // the members on the smaller side
	Least  int64       // the member that fits least
	Falls  [][]int64   // the parts that remain without the evidence left out; one part: it holds
	Looked int         // members that were compared; fewer than there are: a sample
}
