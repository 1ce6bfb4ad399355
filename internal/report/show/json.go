package show

import (
	"time"

	"spoor/internal/cli"
	"spoor/internal/dossier"
	"spoor/internal/naming"
	"spoor/sql/store/campaigns"
)

// Document is the output of correlate show for a campaign; lists are limited by
// --limit only.
type Document struct {
	ID        string        `json:"campaign_id"`
	Messages  int64         `json:"messages"`
	First     *time.Time    `json:"first_seen"`
	Last      *time.Time    `json:"last_seen"`
	Senders   int64         `json:"sender_count"`
	Subjects  int64         `json:"subject_count"`
	Domains   int64         `json:"link_domain_count"`
	Weakest   float64       `json:"weakest_bits"`
	LinkBits  float64       `json:"link_bits"`
	SplitFrom *string       `json:"split_from"`
	Operation *string       `json:"operation_id"`
	Siblings  []string      `json:"operation_campaigns"`
	Runs      int64         `json:"spamrun_count"`
	Traits    []traitJSON   `json:"traits"`
	Links     []linkJSON    `json:"links"`
	From      []senderJSON  `json:"senders"`
	Anomalies []anomalyJSON `json:"anomalies"`
	Titles    []subjectJSON `json:"subjects"`
	Weeks     []weekJSON    `json:"weeks"`
	Members   []messageJSON `json:"members"`
	Reports   reportsJSON   `json:"backscatter"` // delivery reports that return its mail; no members
	LeftOut   leftOutJSON   `json:"left_out"`    // by --limit
	opinionJSON
}

// reportsJSON counts delivery reports by the evidence that matched them.
type reportsJSON struct {
	Reports   int64      `json:"reports"`
	ByID      int64      `json:"by_message_id"`
	ByLinks   int64      `json:"by_links"`
	BySubject int64      `json:"by_subject"`
	First     *time.Time `json:"first_seen"`
	Last      *time.Time `json:"last_seen"`
	Newest    []string   `json:"newest"` // SHA-256, 100 at most
}

// leftOutJSON counts the items of each list beyond the limit.
type leftOutJSON struct {
	Links     int `json:"links"`
	Senders   int `json:"senders"`
	Anomalies int `json:"anomalies"`
	Subjects  int `json:"subjects"`
	Members   int `json:"members"`
}

// traitJSON is a shared trait with its counts and the bits of sharing it.
type traitJSON struct {
	Evidence  string  `json:"evidence"`
	Kind      string  `json:"kind"`
	Value     string  `json:"value"`
	Members   int64   `json:"members"`
	Elsewhere int64   `json:"elsewhere"`
	Ham       int64   `json:"ham"`
	Bits      float64 `json:"bits"`
}

// linkJSON is a host that members link to, with its verdict and registration.
type linkJSON struct {
	Host    string `json:"host"`
	Members int64  `json:"members"`
	Spam    int64  `json:"spam"`
	Ham     int64  `json:"ham"`
	More    bool   `json:"more"` // spam and ham were counted among 500 links of others
	Shared  string `json:"shared"`
	Block   string `json:"block"`
	Reason  string `json:"block_reason"`

	Created   *time.Time `json:"domain_created"`
	Registrar string     `json:"registrar"`
}

// senderJSON is an address that sent members, with its verdict.
type senderJSON struct {
	Sender  string     `json:"sender"`
	Members int64      `json:"members"`
	HELO    string     `json:"helo"`
	HELOs   int64      `json:"helo_count"`
	Reverse string     `json:"reverse_name"`
	First   *time.Time `json:"first_seen"`
	Last    *time.Time `json:"last_seen"`
	Spam    int64      `json:"spam"`
	Ham     int64      `json:"ham"`
	Block   string     `json:"block"`
	Reason  string     `json:"block_reason"`
}

// anomalyJSON is an anomaly of members' header fields; spam counts all stored
// spam with it.
type anomalyJSON struct {
	Code     string `json:"code"`
	Members  int64  `json:"members"`
	Spam     int64  `json:"spam"`
	More     bool   `json:"more"` // 500 others were counted
	Reason   string `json:"reason"`
	Evidence string `json:"evidence"`
}

// subjectJSON is a distinct subject and the number of members with it.
type subjectJSON struct {
	Subject string `json:"subject"`
	Members int64  `json:"members"`
}

// weekJSON counts the members of a week that begins on a Monday.
type weekJSON struct {
	Week    *time.Time `json:"week"`
	Members int64      `json:"members"`
}

// messageJSON is a member of the campaign.
type messageJSON struct {
	SHA256    string     `json:"sha256"`
	MessageID string     `json:"message_id"`
	Received  *time.Time `json:"received_at"`
	From      string     `json:"from_address"`
	Subject   string     `json:"subject"`
	Sender    *string    `json:"sender"`
}

// spamruns returns the total number, regardless of the number read.
func spamruns(read []campaigns.Spamrun) int64 {
	if len(read) == 0 {
		return 0
	}
	return read[0].AllRuns
}

// json converts the page; lists are never null.
func (c *onePage) json() Document {
	s := c.Sums
	out := Document{ID: naming.ID(c.State.ID), Messages: s.Messages, First: cli.Time(s.FirstSeen), Last: cli.Time(s.LastSeen),
		Senders: s.Senders, Subjects: s.Subjects, Domains: s.Domains, Weakest: c.State.WeakestBits, LinkBits: c.Last.LinkBits,
		Traits: []traitJSON{}, Links: []linkJSON{}, From: []senderJSON{}, Siblings: []string{}, Runs: spamruns(c.Runs), Anomalies: []anomalyJSON{}, Titles: []subjectJSON{},
		Weeks: []weekJSON{}, Members: []messageJSON{}, LeftOut: leftOutJSON(c.LeftOut), opinionJSON: opinion{&c.Opinion}.json()}
	b := &c.Reports
	out.Reports = reportsJSON{b.Reports, b.ByID, b.ByLinks, b.BySubject, cli.Time(b.FirstSeen), cli.Time(b.LastSeen), b.Newest}
	if c.State.SplitFrom != 0 {
		from := naming.ID(c.State.SplitFrom)
		out.SplitFrom = &from
	}
	if o := c.operation(); o != nil {
		id := naming.OperationID(o.ID)
		out.Operation = &id
		for _, id := range o.Campaigns {
			out.Siblings = append(out.Siblings, naming.ID(id))
		}
	}
	for _, t := range c.Traits {
		out.Traits = append(out.Traits, traitJSON(t))
	}
	for _, l := range c.Links {
		out.Links = append(out.Links, linkJSON{l.Host, l.Members, l.Spam, l.Ham, l.More, l.Shared, c.blockLink(&l), string(c.Verdict(dossier.LinkHost, l.Host).Reason), cli.Time(l.Created), l.Registrar})
	}
	for _, s := range c.Senders {
		out.From = append(out.From, senderJSON{s.Sender.String(), s.Messages, s.HELO, s.HELOs, s.ReverseName, cli.Time(s.FirstSeen), cli.Time(s.LastSeen), s.Spam, s.Ham, c.blockSender(&s), string(c.Verdict(dossier.SenderIP, s.Sender.String()).Reason)})
	}
	for _, a := range c.Anomalies {
		out.Anomalies = append(out.Anomalies, anomalyJSON(a))
	}
	for _, s := range c.Subjects {
		out.Titles = append(out.Titles, subjectJSON{s.Subject, s.Messages})
	}
	for _, w := range c.Weeks {
		out.Weeks = append(out.Weeks, weekJSON{cli.Time(w.Week), w.Messages})
	}
	for _, m := range c.Messages {
		j := messageJSON{SHA256: m.SHA256, MessageID: m.MessageID, Received: cli.Time(m.ReceivedAt), From: m.FromAddress, Subject: m.Subject}
		if m.Sender != nil {
			a := m.Sender.String()
			j.Sender = &a
		}
		out.Members = append(out.Members, j)
	}
	return out
}
