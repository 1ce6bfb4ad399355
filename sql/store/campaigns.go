package store

import (
	"context"
	"encoding/json"
	"errors"
	"iter"
	"net/netip"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"spoor/sql"
)

// Campaign is one line of the list of campaigns.
type Campaign struct {
	ID          int64 `db:"campaign_id"`
	Messages    int64
	WeakestBits float64
	FirstSeen   time.Time // zero if unknown
	LastSeen    time.Time
	Kinds       []string // of the traits that hold it together best, the strongest first
	TraitValues []string // of these
	Operation   int64    `db:"operation_id"` // 0: none is known
}

// Operation is one line of the list of operations.
type Operation struct {
	ID          int64 `db:"operation_id"`
	WeakestBits float64
	Campaigns   []int64 // those of most messages first
	Messages    int64
	Kind, Value string // of the trait that holds it together best
}

// Operations lists the operations, those of most messages first.
func (s *Store) Operations(ctx context.Context) ([]Operation, error) {
	return collect[Operation](ctx, s, "operation_list")
}

// SetAside is a link domain that is too common to be evidence.
type SetAside struct {
	Value    string `json:"value"`
	Messages int    `json:"messages"`
	Ham      int    `json:"ham"`
}

// LastCorrelation is the run whose campaigns are stored.
type LastCorrelation struct {
	Run                int64 // 0: there was none
	Started, Finished  time.Time
	LinkBits           float64 // that two messages had to share
	Messages           int64   // that could have become members
	Background         int64
	Campaigns, Members int64
	SetAside           []SetAside
	Stored, StoredHam  int64 // messages that are stored by now
}

// LastCorrelation tells of the last complete run, and how far the store has gone on.
func (s *Store) LastCorrelation(ctx context.Context) (LastCorrelation, error) {
	var c LastCorrelation
	err := s.pool.QueryRow(ctx, "SELECT count(*) FILTER (WHERE NOT ham), count(*) FILTER (WHERE ham) FROM messages").Scan(&c.Stored, &c.StoredHam)
	if err != nil {
		return c, failed("count messages", err)
	}
	var aside []byte
	err = s.pool.QueryRow(ctx, `SELECT run_id, started_at, finished_at, link_bits, messages, background, campaigns, members, set_aside
		FROM correlations ORDER BY run_id DESC LIMIT 1`).
		Scan(&c.Run, &c.Started, &c.Finished, &c.LinkBits, &c.Messages, &c.Background, &c.Campaigns, &c.Members, &aside)
	switch {
	case errors.Is(err, pgx.ErrNoRows):
		return c, nil
	case err != nil:
		return c, failed("read the last correlation", err)
	}
	if err := json.Unmarshal(aside, &c.SetAside); err != nil {
		return c, failed("read what was set aside", err)
	}
	return c, nil
}

// Campaigns lists the largest campaigns, limit of them (0: all).
func (s *Store) Campaigns(ctx context.Context, limit int) ([]Campaign, error) {
	return collect[Campaign](ctx, s, "campaign_list", limitOf(limit))
}

// Slice is how many members of a campaign fall into a slice of time.
type Slice struct {
	CampaignID int64
	Slice      int
	Messages   int64
}

// CampaignTimes counts the members of campaigns in n equal slices of the time between
// from and to.
func (s *Store) CampaignTimes(ctx context.Context, ids []int64, from, to time.Time, n int) ([]Slice, error) {
	if n < 1 || !to.After(from) {
		return nil, nil
	}
	return collect[Slice](ctx, s, "campaign_times", ids, from, to, n)
}

// CampaignState is a campaign by its id, which may be one that is no more.
type CampaignState struct {
	ID          int64 `db:"campaign_id"`
	Members     int64
	WeakestBits float64
	SplitFrom   int64 // 0: from none
	MergedInto  int64 // 0: into none
	MergedAt    time.Time
}

// CampaignState returns the campaign with that id, and whether there ever was one.
func (s *Store) CampaignState(ctx context.Context, id int64) (CampaignState, bool, error) {
	rows, _ := s.pool.Query(ctx, `SELECT c.campaign_id, c.members, c.weakest_bits, coalesce(c.split_from, 0) AS split_from,
		coalesce(c.merged_into, 0) AS merged_into, coalesce(r.finished_at, '0001-01-01 00:00:00Z') AS merged_at
		FROM campaigns c LEFT JOIN correlations r ON r.run_id = c.merged_run WHERE c.campaign_id = $1`, id)
	c, err := pgx.CollectExactlyOneRow(rows, pgx.RowToStructByName[CampaignState])
	if errors.Is(err, pgx.ErrNoRows) {
		return c, false, nil
	}
	if err != nil {
		return c, false, failed("read a campaign", err)
	}
	return c, true, nil
}

// CampaignIDs lists the ids of campaigns that have members, largest first.
func (s *Store) CampaignIDs(ctx context.Context, limit int) ([]int64, error) {
	rows, _ := s.pool.Query(ctx, "SELECT campaign_id FROM campaigns WHERE members > 0 ORDER BY members DESC, campaign_id LIMIT $1", limitOf(limit))
	ids, err := pgx.CollectRows(rows, pgx.RowTo[int64])
	return ids, failed("read the ids of campaigns", err)
}

// CampaignSums is a campaign in numbers.
type CampaignSums struct {
	Messages, Senders, Subjects, Domains int64
	FirstSeen, LastSeen                  time.Time
}

// CampaignSums counts what is in a campaign.
func (s *Store) CampaignSums(ctx context.Context, id int64) (CampaignSums, error) {
	out, err := collect[CampaignSums](ctx, s, "campaign_sums", id)
	if err != nil || len(out) != 1 {
		return CampaignSums{}, err
	}
	return out[0], nil
}

// Trait is what members of a campaign share.
type Trait struct {
	Evidence, Kind, Value   string
	Members, Elsewhere, Ham int64
	Bits                    float64
}

// CampaignTraits lists what the members share, strongest first.
func (s *Store) CampaignTraits(ctx context.Context, id int64) ([]Trait, error) {
	rows, _ := s.pool.Query(ctx, `SELECT evidence, kind, coalesce(value, '') AS value, members, elsewhere, ham, bits
		FROM campaign_traits WHERE campaign_id = $1 ORDER BY n`, id)
	out, err := pgx.CollectRows(rows, pgx.RowToStructByName[Trait])
	if err != nil {
		return nil, failed("read traits", err)
	}
	return out, nil
}

// CampaignLink is a link host of a campaign; Spam and Ham count all messages that have it.
type CampaignLink struct {
	Host, Domain       string
	Members, Spam, Ham int64
	Shared             string    // why it is no one's alone; "" if it is
	Created            time.Time // of the domain; zero if unknown
	Registrar          string
}

// CampaignLinks lists the link hosts of most members.
func (s *Store) CampaignLinks(ctx context.Context, id int64, limit int) ([]CampaignLink, error) {
	return collect[CampaignLink](ctx, s, "campaign_links", id, limitOf(limit))
}

// CampaignSender is an address that sent members.
type CampaignSender struct {
	Sender              netip.Addr
	Messages, HELOs     int64
	HELO, ReverseName   string // one of those given
	FirstSeen, LastSeen time.Time
	Spam, Ham           int64 // all that came from it
}

// CampaignSenders lists the addresses that sent most members.
func (s *Store) CampaignSenders(ctx context.Context, id int64, limit int) ([]CampaignSender, error) {
	return collect[CampaignSender](ctx, s, "campaign_senders", id, limitOf(limit))
}

// CampaignAnomaly is an oddity that several members show; Spam counts all that do.
type CampaignAnomaly struct {
	Code             string
	Members, Spam    int64
	Reason, Evidence string // of one of them
}

// CampaignAnomalies lists the oddities of most members.
func (s *Store) CampaignAnomalies(ctx context.Context, id int64, limit int) ([]CampaignAnomaly, error) {
	return collect[CampaignAnomaly](ctx, s, "campaign_anomalies", id, limitOf(limit))
}

// CampaignSubject is a subject of a campaign; Subjects counts the distinct ones.
type CampaignSubject struct {
	Subject            string
	Messages, Subjects int64
}

// CampaignSubjects lists the commonest subjects.
func (s *Store) CampaignSubjects(ctx context.Context, id int64, limit int) ([]CampaignSubject, error) {
	return collect[CampaignSubject](ctx, s, "campaign_subjects", id, limitOf(limit))
}

// CampaignMessage is a member.
type CampaignMessage struct {
	SHA256, MessageID    string
	ReceivedAt           time.Time
	FromAddress, Subject string
	Sender               *netip.Addr
}

// CampaignMessages lists members, newest first.
func (s *Store) CampaignMessages(ctx context.Context, id int64, limit int) ([]CampaignMessage, error) {
	return collect[CampaignMessage](ctx, s, "campaign_messages", id, limitOf(limit))
}

// Week is how many members were received in the week that begins then.
type Week struct {
	Week     time.Time
	Messages int64
}

// CampaignWeeks lists the weeks in which members were received.
func (s *Store) CampaignWeeks(ctx context.Context, id int64) ([]Week, error) {
	return collect[Week](ctx, s, "campaign_weeks", id)
}

// Member is a message that is in a campaign.
type Member struct {
	CampaignID        int64
	MessageID, SHA256 string
}

// Members yields every member, campaign by campaign.
func (s *Store) Members(ctx context.Context) iter.Seq2[Member, error] {
	return func(yield func(Member, error) bool) {
		rows, err := s.pool.Query(ctx, sql.Query("campaign_pairs"))
		if err != nil {
			yield(Member{}, failed("read members", err))
			return
		}
		defer rows.Close()
		for rows.Next() {
			var m Member
			err := rows.Scan(&m.CampaignID, &m.MessageID, &m.SHA256)
			if !yield(m, err) || err != nil {
				return
			}
		}
		if err := rows.Err(); err != nil {
			yield(Member{}, failed("read members", err))
		}
	}
}

// Indicator is what is looked for.
type Indicator struct {
	Kind  string       // "host", "url", "net", "mail", "phone", "message-id", "hash"
	Value string       // normal form
	Net   netip.Prefix // of kind net
	// Domain is the registered domain of kind host.
	Domain string
}

// Hit is a role in which an indicator stands in messages of one campaign. AllSpam, AllHam,
// FirstSeen and LastSeen are of all hits together.
type Hit struct {
	Campaign            int64 // 0: in none
	Role, Value         string
	Spam, Ham           int64
	AllSpam, AllHam     int64
	FirstSeen, LastSeen time.Time
}

// Find tells where an indicator stands, most messages first.
func (s *Store) Find(ctx context.Context, i Indicator) ([]Hit, error) {
	net := i.Net
	if !net.IsValid() {
		net = netip.PrefixFrom(netip.IPv4Unspecified(), 32)
	}
	return collect[Hit](ctx, s, "campaign_find", i.Kind, wellFormed(i.Value), net, i.Domain)
}

// collect runs a statement of sql/queries.
func collect[T any](ctx context.Context, s *Store, query string, args ...any) ([]T, error) {
	rows, _ := s.pool.Query(ctx, sql.Query(query), args...)
	out, err := pgx.CollectRows(rows, pgx.RowToStructByName[T])
	if err != nil {
		return nil, failed(strings.ReplaceAll(query, "_", " "), err)
	}
	return out, nil
}

// limitOf makes 0 "no limit": LIMIT NULL is none.
func limitOf(n int) *int {
	if n <= 0 {
		return nil
	}
	return &n
}

// wellFormed makes s a text that PostgreSQL takes: UTF-8 without NUL.
func wellFormed(s string) string {
	return strings.ReplaceAll(strings.ToValidUTF8(s, "\uFFFD"), "\x00", "\uFFFD")
}
