package dossiers

import (
	"context"
	"net/netip"
	"time"

	"github.com/jackc/pgx/v5"

	"spoor/internal/dossier"
)

// networkRow is the registry data of an address, by column.
type networkRow struct {
	Netblock                *netip.Prefix
	NetName, Owner, Country string
	ASN                     int64 `db:"asn"`
	ASName                  string
	AbuseMail, Registry     string
	LookedUp, Confirmed     time.Time
}

// network converts the row. A NULL netblock becomes the invalid prefix.
func (r *networkRow) network() dossier.Network {
	n := dossier.Network{NetName: r.NetName, Owner: r.Owner, Country: r.Country, ASN: r.ASN, ASName: r.ASName,
		AbuseMail: r.AbuseMail, Registry: r.Registry, LookedUp: r.LookedUp, Confirmed: r.Confirmed}
	if r.Netblock != nil {
		n.Netblock = *r.Netblock
	}
	return n
}

// senderRow is an address that sent members.
type senderRow struct {
	Addr                netip.Addr
	Messages, Spam, Ham int64
	HELO                string
	ReverseName         string
	Nameless            bool
	FirstSeen, LastSeen time.Time
	networkRow
}

// hostRow is an address of a linked host or of a name server, with the period
// of its DNS answers.
type hostRow struct {
	Name        string
	NameServer  bool
	Addr        netip.Addr
	Since, Till time.Time
	networkRow
}

// readNetworks reads senders and hosts; a sender is an indicator too.
func readNetworks(ctx context.Context, tx pgx.Tx, d *Dossier) error {
	senders, err := collect[senderRow](ctx, tx, "dossier_senders", d.ID)
	if err != nil {
		return err
	}
	for i := range senders {
		s := &senders[i]
		d.Senders = append(d.Senders, dossier.Sender{Addr: s.Addr, Messages: s.Messages, HELO: s.HELO, ReverseName: s.ReverseName, Nameless: s.Nameless,
			FirstSeen: s.FirstSeen, LastSeen: s.LastSeen, Network: s.network()})
		d.Indicators = append(d.Indicators, dossier.Indicator{Kind: dossier.SenderIP, Value: s.Addr.String(), Members: s.Messages, Spam: s.Spam, Ham: s.Ham,
			FirstSeen: s.FirstSeen, LastSeen: s.LastSeen})
	}
	hosts, err := collect[hostRow](ctx, tx, "dossier_hosts", d.ID)
	for i := range hosts {
		h := &hosts[i]
		d.Hosts = append(d.Hosts, dossier.Host{Name: h.Name, NameServer: h.NameServer, Addr: h.Addr, Since: h.Since, Till: h.Till, Network: h.network()})
	}
	return err
}

// indicatorRow is a value with the numbers of its messages: in the campaign, in
// other spam, in ham.
type indicatorRow struct {
	Kind, Value, Shared string
	Members, Spam, Ham  int64
	FirstSeen, LastSeen time.Time
	Unseen              bool
}

// readIndicators reads links, header words and contacts.
func readIndicators(ctx context.Context, tx pgx.Tx, d *Dossier) error {
	if err := readLinks(ctx, tx, d, dossier.LinkDomain, dossier.LinkHost, dossier.URL); err != nil {
		return err
	}
	for _, query := range []string{"dossier_words", "dossier_contacts"} {
		rows, err := collect[indicatorRow](ctx, tx, query, d.ID)
		if err != nil {
			return err
		}
		d.add(rows)
	}
	return nil
}

// readLinks reads the links of some kinds.
func readLinks(ctx context.Context, tx pgx.Tx, d *Dossier, kinds ...dossier.Kind) error {
	rows, err := collect[indicatorRow](ctx, tx, "dossier_links", d.ID, kinds)
	d.add(rows)
	return err
}

// add converts rows to indicators. Unseen values occur in places that readers
// do not see.
func (d *Dossier) add(rows []indicatorRow) {
	if d.Unseen == nil {
		d.Unseen = make(map[string]bool)
	}
	for i := range rows {
		r := &rows[i]
		d.Indicators = append(d.Indicators, dossier.Indicator{Kind: dossier.Kind(r.Kind), Value: r.Value, Members: r.Members, Spam: r.Spam, Ham: r.Ham,
			FirstSeen: r.FirstSeen, LastSeen: r.LastSeen, Shared: r.Shared})
		if r.Unseen {
			d.Unseen[r.Value] = true
		}
	}
}

// messageRow is a member, by column.
type messageRow struct {
	MessageKey                     int64
	SHA256                         string `db:"sha256"`
	MessageID                      string
	Received, Date                 time.Time
	FromName, FromAddress, Subject string
	Sender                         *netip.Addr
	Port                           int
	ReturnPath                     string
	HELO, ReverseName, Mailer      string
	ListID                         string
	Confidence                     float64
	Size                           int64
}

// partRow is a part of a member.
type partRow struct {
	MessageKey int64
	Type, Name string
	SHA256     string `db:"sha256"`
	Size       int64
	Attachment bool
}

// readMessages reads the members with their parts and claimed origins.
func readMessages(ctx context.Context, tx pgx.Tx, d *Dossier) error {
	at, err := readMembers(ctx, tx, d)
	if err != nil {
		return err
	}
	parts, err := collect[partRow](ctx, tx, "dossier_parts", d.ID)
	for i := range parts {
		p := &parts[i]
		m := &d.Messages[at[p.MessageKey]]
		m.Parts = append(m.Parts, dossier.Part{Type: p.Type, Name: p.Name, SHA256: p.SHA256, Size: p.Size, Attachment: p.Attachment})
	}
	return err
}

// readMembers reads the members without their parts; at finds them by key.
func readMembers(ctx context.Context, tx pgx.Tx, d *Dossier) (at map[int64]int, err error) {
	rows, err := collect[messageRow](ctx, tx, "dossier_messages", d.ID)
	if err != nil {
		return nil, err
	}
	at = make(map[int64]int, len(rows))
	for i := range rows {
		r := &rows[i]
		m := dossier.Message{SHA256: r.SHA256, MessageID: r.MessageID, Received: r.Received, Date: r.Date, FromName: r.FromName, FromAddress: r.FromAddress,
			Subject: r.Subject, HELO: r.HELO, Mailer: r.Mailer, Confidence: r.Confidence, Size: r.Size, Port: r.Port, ReturnPath: r.ReturnPath}
		if r.Sender != nil {
			m.Sender = *r.Sender
		}
		at[r.MessageKey] = i
		d.Messages = append(d.Messages, m)
		d.Origins = append(d.Origins, dossier.Origin{From: r.FromAddress, Reverse: r.ReverseName, HELO: r.HELO, ListID: r.ListID})
	}
	return at, nil
}
