package campaigns

import (
	"context"
	"errors"
	"net/netip"
	"time"

	"github.com/jackc/pgx/v5"

	"spoor/sql"
	"spoor/sql/store"
)

// State is a campaign with its successor. A retired campaign has 0 members; its
// row stays, because people wrote its id down.
type State struct {
	ID          int64 `db:"campaign_id"`
	Members     int64
	WeakestBits float64
	SplitFrom   int64 // 0: not split from another
	MergedInto  int64 // 0: not merged
	MergedAt    time.Time
}

// State returns the campaign with that id, and whether there ever was one.
func (s *Store) State(ctx context.Context, id int64) (State, bool, error) {
	rows, _ := s.db.Pool.Query(ctx, `SELECT c.campaign_id, c.members, c.weakest_bits, coalesce(c.split_from, 0) AS split_from,
		coalesce(c.merged_into, 0) AS merged_into, coalesce(r.finished_at, '0001-01-01 00:00:00Z') AS merged_at
		FROM campaigns c LEFT JOIN correlations r ON r.run_id = c.merged_run WHERE c.campaign_id = $1`, id)
	c, err := pgx.CollectExactlyOneRow(rows, pgx.RowToStructByName[State])
	if errors.Is(err, pgx.ErrNoRows) {
		return c, false, nil
	}
	if err != nil {
		return c, false, store.Failed("read a campaign", err)
	}
	return c, true, nil
}

// IDs lists the ids of campaigns that have members, largest first.
//
// Ties are ordered by id, so that numbers of a printed list stay valid.
func (s *Store) IDs(ctx context.Context, limit int) ([]int64, error) {
	rows, _ := s.db.Pool.Query(ctx, "SELECT campaign_id FROM campaigns WHERE members > 0 ORDER BY members DESC, campaign_id LIMIT $1", store.Limit(limit))
	ids, err := pgx.CollectRows(rows, pgx.RowTo[int64])
	return ids, store.Failed("read the ids of campaigns", err)
}

// Sums is a campaign in numbers.
type Sums struct {
	Messages, Senders, Subjects, Domains int64
	InRuns                               int64 // messages that are part of a spamrun
	FirstSeen, LastSeen                  time.Time
}

// Sums counts the members, senders, subjects and domains of a campaign.
func (s *Store) Sums(ctx context.Context, id int64) (Sums, error) {
	out, err := store.Collect[Sums](ctx, s.db, "campaign_sums", id)
	if err != nil || len(out) != 1 {
		return Sums{}, err
	}
	return out[0], nil
}

// Trait is a value that members of a campaign share.
//
// Evidence is the group of its kind. Elsewhere and Ham count messages outside
// of the campaign. Value is "" for features that have none to show.
type Trait struct {
	Evidence, Kind, Value   string
	Members, Elsewhere, Ham int64
	Bits                    float64
}

// Traits lists the common features of the members, strongest first.
func (s *Store) Traits(ctx context.Context, id int64) ([]Trait, error) {
	rows, _ := s.db.Pool.Query(ctx, `SELECT evidence, kind, coalesce(value, '') AS value, members, elsewhere, ham, bits
		FROM campaign_traits WHERE campaign_id = $1 ORDER BY n`, id)
	out, err := pgx.CollectRows(rows, pgx.RowToStructByName[Trait])
	if err != nil {
		return nil, store.Failed("read traits", err)
	}
	return out, nil
}

// Link is a link host of a campaign. Spam and Ham count all messages with the
// host. If More is set, they count the members and, of other messages, the
// first 500 links only.
type Link struct {
	Host, Domain       string
	Members, Spam, Ham int64
	More               bool
	Shared             string    // reason if it belongs to many; "" if to one
	Created            time.Time // of the domain; zero if unknown
	Registrar          string
}

// Links lists the link hosts of most members.
func (s *Store) Links(ctx context.Context, id int64, limit int) ([]Link, error) {
	return store.Collect[Link](ctx, s.db, "campaign_links", id, store.Limit(limit))
}

// Sender is an address that sent members.
type Sender struct {
	Sender              netip.Addr
	Messages, HELOs     int64
	HELO, ReverseName   string // one of those given
	FirstSeen, LastSeen time.Time
	Spam, Ham           int64 // of all messages from it
}

// Senders lists the addresses that sent most members.
func (s *Store) Senders(ctx context.Context, id int64, limit int) ([]Sender, error) {
	return store.Collect[Sender](ctx, s.db, "campaign_senders", id, store.Limit(limit))
}

// Anomaly is an anomaly of the header chain that several members show. Spam
// counts the members and other spam with it; if More is set, only 500
// anomalies of other spam.
type Anomaly struct {
	Code             string
	Members, Spam    int64
	More             bool
	Reason, Evidence string // of one of them
}

// Anomalies lists the anomalies of most members.
func (s *Store) Anomalies(ctx context.Context, id int64, limit int) ([]Anomaly, error) {
	return store.Collect[Anomaly](ctx, s.db, "campaign_anomalies", id, store.Limit(limit))
}

// Subject is a subject of a campaign; Subjects counts the distinct ones.
type Subject struct {
	Subject            string
	Messages, Subjects int64
}

// Subjects lists the commonest subjects.
func (s *Store) Subjects(ctx context.Context, id int64, limit int) ([]Subject, error) {
	return store.Collect[Subject](ctx, s.db, "campaign_subjects", id, store.Limit(limit))
}

// Message is a member.
type Message struct {
	SHA256, MessageID    string
	ReceivedAt           time.Time
	FromAddress, Subject string
	Sender               *netip.Addr
}

// Messages lists members, newest first.
func (s *Store) Messages(ctx context.Context, id int64, limit int) ([]Message, error) {
	return s.MessagesFrom(ctx, id, 0, limit)
}

// MessagesFrom lists members, newest first, without the first from of them.
func (s *Store) MessagesFrom(ctx context.Context, id int64, from, limit int) ([]Message, error) {
	return store.Collect[Message](ctx, s.db, "campaign_messages", id, store.Limit(limit), from)
}

// Week is the number of members received in the week from that day on.
type Week struct {
	Week     time.Time
	Messages int64
}

// Weeks lists the weeks in which members were received.
func (s *Store) Weeks(ctx context.Context, id int64) ([]Week, error) {
	return store.Collect[Week](ctx, s.db, "campaign_weeks", id)
}

// Event is an event of a campaign in one run.
//
// Messages are those that moved. Events of one run have the order in which they
// were found.
type Event struct {
	At       time.Time
	Run      int64 `db:"run_id"`
	Event    string
	Other    int64 `db:"other_id"` // 0: no other campaign
	Messages int64
}

// Events returns the history of a campaign, oldest first.
func (s *Store) Events(ctx context.Context, id int64) ([]Event, error) {
	return store.Collect[Event](ctx, s.db, "decision_events", id)
}

// Change is an event of a campaign, summed over several runs: the key is the
// campaign, the kind of event and the other campaign.
type Change struct {
	CampaignID int64
	Event      string
	Other      int64 `db:"other_id"` // 0: none
	Messages   int64
}

// Changes lists the events of campaigns in the runs that ended since a time.
func (s *Store) Changes(ctx context.Context, since time.Time) ([]Change, error) {
	return store.Collect[Change](ctx, s.db, "campaign_changes", since)
}

// Arrived counts the stored messages of imports that began since a time; ham are those that are wanted.
func (s *Store) Arrived(ctx context.Context, since time.Time) (spam, ham int64, err error) {
	err = s.db.Pool.QueryRow(ctx, sql.Query("import_stored"), since).Scan(&spam, &ham)
	return spam, ham, store.Failed("count messages", err)
}
