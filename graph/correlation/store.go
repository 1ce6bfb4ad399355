package correlation

import (
	"context"
	"errors"
	"time"

	"spoor/graph/campaign"
	"spoor/graph/decision"
	"spoor/graph/evidence"
)

// Store is where a run reads and writes.
type Store interface {
	// Underived lists the messages of which no evidence by the rules of that version is
	// stored, or whose facts were derived anew since.
	Underived(ctx context.Context, version int) ([]int64, error)
	// StoreRows stores what offer says of the facts of messages, in one transaction. It
	// leaves out messages whose row was stored meanwhile.
	StoreRows(ctx context.Context, keys []int64, version int, offer func(*evidence.Message) campaign.Row) error
	// Exclusively waits until no other run is under way, and calls f. What f writes stands
	// when f returns nil, and else was never written.
	Exclusively(ctx context.Context, f func(Tx) error) error
}

// Corpus is where evidence is read: a run of the correlator, or the store outside of one.
type Corpus interface {
	// Standing lists the decisions that stand.
	Standing(ctx context.Context) ([]decision.Decision, error)
	// Incidence yields the row of every message, in any order. A row is valid until each
	// returns.
	Incidence(ctx context.Context, each func(campaign.Row)) error
}

// Tx is the transaction of one run.
type Tx interface {
	Corpus
	Knowledge(ctx context.Context) (evidence.Knowledge, error)
	// Facts returns the facts of messages; keys of no message are left out.
	Facts(ctx context.Context, keys []int64) ([]evidence.Message, error)
	// Values yields the values of features that are stored.
	Values(ctx context.Context, each func(evidence.Key, string)) error
	Before(ctx context.Context) (Before, error)
	// Write replaces what the run before left and returns the number of the run.
	Write(ctx context.Context, o *Outcome) (run int64, err error)
}

// Before is what the run before left.
type Before struct {
	// Members are the memberships, by key. What Assign added since does not count: the same
	// mail gives the same campaigns, in however many imports it came.
	Members    []Membership
	Operations map[int64]int64 // of campaigns
	Asleep     map[int64]bool  // campaigns
	// The first ids that were never given.
	FreeCampaign, FreeOperation int64
}

// Membership is where a message belongs; 0 for nowhere.
type Membership struct {
	Message, Campaign, Spamrun int64
	Confidence                 float32 // 0 where Campaign is
}

// Seen is when a message came.
type Seen struct {
	Message, At int64 // seconds of Unix time; 0 if unknown
	Background  bool
}

// Outcome is a result with all that is stored of it.
type Outcome struct {
	*campaign.Result
	CampaignIDs  []Identity // of Result.Campaigns
	OperationIDs []Identity // of Result.Operations
	Mergers      []Merger   // of campaigns
	Values       map[evidence.Key]string
	Before       []Membership
	Members      []Membership // by key
	Events       []Event
	Begun, Ended time.Time
}

// ErrRunning says that a run of the correlator is under way, or ended meanwhile: its word
// stands.
var ErrRunning = errors.New("a run of the correlator is under way")

// Assigning is where new messages are compared with the campaigns of the last run.
type Assigning interface {
	Store
	Standing(ctx context.Context) ([]decision.Decision, error)
	// Profiled returns the last run and what it judged by; 0 if there was none or it left no
	// profiles.
	Profiled(ctx context.Context) (run int64, p campaign.Parameters, err error)
	// Free returns ErrRunning unless run is the last and none is under way.
	Free(ctx context.Context, run int64) error
	// Assignable lists the spam of an import that is in no campaign.
	Assignable(ctx context.Context, importID int64) ([]int64, error)
	Rows(ctx context.Context, keys []int64) ([]campaign.Row, error)
	// Profiles yields the profile of every campaign as Outcome gave it. It is valid until each
	// returns.
	Profiles(ctx context.Context, each func(campaign int64, packed []byte)) error
	// Join writes memberships, unless Free fails, and returns how many by campaign.
	Join(ctx context.Context, list []Membership, run int64, now time.Time) (map[int64]int64, error)
}
