package message

import (
	"net/netip"
	"time"

	"spoor/internal/cli"
	"spoor/internal/findings"
	"spoor/internal/naming"
	"spoor/internal/report/wording"
	"spoor/sql/store/messages"
)

// Document is the output of collector show. Null is unknown. Texts are decoded,
// links as they were written.
type Document struct {
	SHA256     string     `json:"sha256"`
	MessageID  string     `json:"message_id"`
	Class      string     `json:"class"`
	Size       int64      `json:"size"`
	Campaign   *string    `json:"campaign_id"`
	Name       *string    `json:"campaign_name"`
	Operation  *string    `json:"operation_id"`
	Spamrun    *int64     `json:"spamrun_id"`
	Confidence *float64   `json:"confidence"`
	Publisher  *string    `json:"publisher"`            // it is set aside as an issue of
	Report     bool       `json:"report"`               // it is set aside as a delivery report
	Returned   *string    `json:"returned_campaign_id"` // whose mail a delivery report returns
	ReturnedBy *string    `json:"returned_matched_by"`
	Received   *time.Time `json:"received_at"`
	Sender     *string    `json:"sender"`
	HELO       string     `json:"helo"`
	Reverse    string     `json:"reverse_name"`
	AcceptedBy string     `json:"accepted_by"`
	Recipients []string   `json:"recipients"`
	Kept       string     `json:"raw_kept"` // yes, no, in part
	Boundary   *int       `json:"boundary_hop"`

	Header    []fieldJSON   `json:"header"`
	Hops      []hopJSON     `json:"hops"`
	Anomalies []anomalyJSON `json:"anomalies"`
	Texts     []textJSON    `json:"texts"`
	Links     []linkJSON    `json:"links"`
	Contacts  []contactJSON `json:"contacts"`
	Files     []fileJSON    `json:"attachments"`
	Places    []placeJSON   `json:"places"`
}

// fieldJSON is a header field, its value unfolded and decoded.
type fieldJSON struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

// hopJSON is one Received field: its parsed parts and its text.
type hopJSON struct {
	N             int        `json:"n"`
	Trust         string     `json:"trust"` // own, boundary, claim
	At            *time.Time `json:"at"`
	Address       *string    `json:"address"`
	HELO          string     `json:"helo"`
	Reverse       string     `json:"reverse_name"`
	By            string     `json:"by_name"`
	Protocol      string     `json:"protocol"`
	QueueID       string     `json:"queue_id"`
	Recipient     string     `json:"recipient"`
	Authenticated bool       `json:"authenticated"`
	Syntax        string     `json:"syntax"`
	Raw           string     `json:"raw"`
}

// anomalyJSON is an anomaly of a hop, or of the message as a whole (null).
type anomalyJSON struct {
	Hop      *int   `json:"hop"`
	Code     string `json:"code"`
	Reason   string `json:"reason"`
	Evidence string `json:"evidence"`
}

// textJSON is the text of one part as a reader sees it; size is that of the
// part in bytes.
type textJSON struct {
	Type string `json:"media_type"`
	Size int64  `json:"size"`
	Text string `json:"text"`
	Cut  bool   `json:"cut"`
}

// linkJSON is a distinct URL with the part that holds it and the text shown in
// its place.
type linkJSON struct {
	URL     string   `json:"url"`
	Host    string   `json:"host"`
	Shared  string   `json:"shared"`
	FoundIn string   `json:"found_in"`
	Visible string   `json:"visible"`
	Count   int64    `json:"count"`
	Notes   []string `json:"notes"`
}

// contactJSON is an address, phone number or other way to reply.
type contactJSON struct {
	Kind    string `json:"kind"`
	Value   string `json:"value"`
	Raw     string `json:"raw"`
	FoundIn string `json:"found_in"`
}

// fileJSON is an attachment: its declared type beside the type that its bytes
// look like.
type fileJSON struct {
	Name      string `json:"name"`
	MediaType string `json:"media_type"`
	Sniffed   string `json:"sniffed"`
	Size      int64  `json:"size"`
	SHA256    string `json:"sha256"`
}

// placeJSON is a place that the message was read from.
type placeJSON struct {
	Path   string `json:"path"`
	Name   string `json:"name"`
	Offset int64  `json:"byte_offset"`
}

// asJSON converts a message; lists are never null.
func asJSON(l *findings.Letter) Document {
	out := Document{SHA256: l.SHA256, MessageID: l.MessageID, Class: "spam", Size: l.Size, Campaign: wording.IDOrNull(l.Campaign), Name: wording.NameOrNull(l.Name), Publisher: wording.NameOrNull(l.Publisher), Report: l.Report, Returned: wording.IDOrNull(l.Returned), ReturnedBy: wording.NameOrNull(l.ReturnedBy),
		Received: cli.Time(l.ReceivedAt), Sender: address(l.Sender), HELO: l.HELO, Reverse: l.ReverseName, AcceptedBy: l.AcceptedBy, Recipients: append([]string{}, l.Recipients...), Kept: kept(l),
		Header: []fieldJSON{}, Hops: []hopJSON{}, Anomalies: []anomalyJSON{}, Texts: []textJSON{}, Links: []linkJSON{}, Contacts: []contactJSON{}, Files: []fileJSON{}, Places: []placeJSON{}}
	if l.Ham {
		out.Class = "ham"
	}
	if l.Operation != 0 {
		id := naming.OperationID(l.Operation)
		out.Operation = &id
	}
	if l.Spamrun != 0 {
		out.Spamrun = &l.Spamrun
	}
	if l.Campaign != 0 && l.Confidence > 0 {
		out.Confidence = &l.Confidence
	}
	if l.Boundary >= 0 {
		out.Boundary = &l.Boundary
	}
	for _, f := range l.Header {
		out.Header = append(out.Header, fieldJSON(f))
	}
	out.addWay(l.Message)
	out.addBody(l)
	return out
}

// addWay adds the hops with their trust, and the anomalies.
func (out *Document) addWay(m *messages.Message) {
	for i := range m.Hops {
		h := &m.Hops[i]
		trust := "claim"
		switch {
		case h.N == m.Boundary:
			trust = "boundary"
		case h.Trusted:
			trust = "own"
		}
		out.Hops = append(out.Hops, hopJSON{h.N, trust, cli.Time(h.At), address(h.Address), h.HELO, h.ReverseName, h.ByName, h.Protocol, h.QueueID, h.Recipient, h.Authenticated, h.Syntax, h.Raw})
	}
	for _, a := range m.Anomalies {
		j := anomalyJSON{Code: a.Code, Reason: a.Reason, Evidence: a.Evidence}
		if a.Hop >= 0 {
			j.Hop = &a.Hop
		}
		out.Anomalies = append(out.Anomalies, j)
	}
}

// addBody adds texts, links, contacts, attachments and places.
func (out *Document) addBody(l *findings.Letter) {
	for _, t := range l.Texts {
		out.Texts = append(out.Texts, textJSON{t.Type, t.Size, t.Seen, t.Cut})
	}
	for _, u := range l.Links {
		out.Links = append(out.Links, linkJSON{u.URL, u.Host, u.Shared, u.FoundIn, u.Visible, u.Count, append([]string{}, u.Notes...)})
	}
	for _, c := range l.Contacts {
		out.Contacts = append(out.Contacts, contactJSON(c))
	}
	for _, f := range l.Files {
		out.Files = append(out.Files, fileJSON{f.Name, f.MediaType, f.Sniffed, f.Size, f.SHA256})
	}
	for _, p := range l.Places {
		out.Places = append(out.Places, placeJSON{p.Path, p.Name, p.ByteOffset})
	}
}

// kept tells whether the bytes of a message are stored.
func kept(l *findings.Letter) string {
	switch {
	case l.Raw == nil:
		return "no"
	case l.Cut:
		return "in part"
	}
	return "yes"
}

// address is an address for JSON; nil if it is unknown.
func address(a *netip.Addr) *string {
	if a == nil {
		return nil
	}
	s := a.String()
	return &s
}
