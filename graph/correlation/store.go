package correlation

import (
	"context"
	"errors"
	"time"

	"spoor/graph/campaign"
	"spoor/graph/decision"
	"spoor/graph/evidence"
)

// Store is the database of a run.
type Store interface {
	// Underived lists the messages without evidence of that version, and those
	// whose facts are newer than their evidence.
	Underived(ctx context.Context, version int) ([]int64, error)
	// StoreRows stores the rows that offer derives from the facts of messages,
	// in one transaction. It skips messages whose row was stored meanwhile.
	StoreRows(ctx context.Context, keys []int64, version int, offer func(*evidence.Message) campaign.Row) error
	// Exclusively waits until no other run is in progress and calls f. The
	// writes of f take effect if f returns nil, and are discarded otherwise.
	Exclusively(ctx context.Context, f func(Tx) error) error
}

// Corpus provides evidence, to a run or outside of one.
type Corpus interface {
	// Standing lists the decisions that are not undone.
	Standing(ctx context.Context) ([]decision.Decision, error)
	// Incidence yields the row of every message in any order. A row is valid
	// until each returns.
	Incidence(ctx context.Context, each func(campaign.Row)) error
}

// Tx is the transaction of one run.
type Tx interface {
	Corpus
	Knowledge(ctx context.Context) (evidence.Knowledge, error)
	// Facts returns the facts of messages and skips unknown keys.
	Facts(ctx context.Context, keys []int64) ([]evidence.Message, error)
	// Values yields the stored values of features.
	Values(ctx context.Context, each func(evidence.Key, string)) error
	Before(ctx context.Context) (Before, error)
	// Input returns a fingerprint of the stored evidence and decisions, the last run, and the
	// fingerprint that Outcome had in it; 0 for neither.
	Input(ctx context.Context) (print, run, before int64, err error)
	// Write replaces the results of the run before and returns the number of
	// the run.
	Write(ctx context.Context, o *Outcome) (run int64, err error)
}

// Before holds the results of the run before.
type Before struct {
	// Members are the memberships by key. Those that Assign added since do not
	// count, so the same mail gives the same campaigns in however many imports
	// it came.
	Members    []Membership
	Operations map[int64]int64 // of campaigns
	Asleep     map[int64]bool  // campaigns
	// The first unused ids.
	FreeCampaign, FreeOperation int64
	// Logged reports that spamruns are found over logs, too. A run sees stored
	// messages only, so it keeps the spamruns.
	Logged bool
}

// Membership is the campaign and spamrun of a message; 0 for none.
type Membership struct {
	Message, Campaign, Spamrun int64
	Confidence                 float32 // 0 if Campaign is 0
}

// Seen is the arrival of a message.
type Seen struct {
	Message, At int64 // seconds of Unix time; 0 if unknown
	Ham         bool
}

// Outcome is a result with everything that is stored with it.
type Outcome struct {
	*campaign.Result
	CampaignIDs  []Identity // of Result.Campaigns
	OperationIDs []Identity // of Result.Operations
	Mergers      []Merger   // of campaigns
	Values       map[evidence.Key]string
	Before       []Membership
	KeepSpamruns bool         // those that are stored stay
	Members      []Membership // by key
	Seen         []Seen       // by key: the arrival of each message
	Events       []Event
	Input        int64 // fingerprint of the input
	Begun, Ended time.Time
}

// ErrRunning reports that a run is in progress or has ended since, so its
// result takes precedence.
var ErrRunning = errors.New("a run of the correlator is under way")

// Assigning is a Store that can compare new messages with the campaigns of the
// last run.
type Assigning interface {
	Store
	Standing(ctx context.Context) ([]decision.Decision, error)
	// Profiled returns the last run and its parameters; 0 if there was none or
	// it stored no profiles.
	Profiled(ctx context.Context) (run int64, p campaign.Parameters, err error)
	// Free returns ErrRunning unless run is the last one and none is in
	// progress.
	Free(ctx context.Context, run int64) error
	// Assignable lists the spam of an import that is in no campaign.
	Assignable(ctx context.Context, importID int64) ([]int64, error)
	Rows(ctx context.Context, keys []int64) ([]campaign.Row, error)
	// Profiles yields the profile of every campaign, as Outcome stored it.
	// packed is valid until each returns.
	Profiles(ctx context.Context, each func(campaign int64, packed []byte)) error
	// Join writes memberships, unless Free fails, and returns their number by
	// campaign.
	Join(ctx context.Context, list []Membership, run int64, now time.Time) (map[int64]int64, error)
}
