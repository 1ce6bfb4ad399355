package export

import (
	"time"

	"spoor/internal/dossier"
)

// Objects of the JSON lines. Their field names are a stable interface.

// campaignLine is a campaign, the first of its lines. The field names of all
// lines are a stable interface.
type campaignLine struct {
	Type        string     `json:"type"`
	Format      int        `json:"spoor_format"`
	Campaign    string     `json:"campaign"`
	Key         string     `json:"first_message_sha256"`
	Name        string     `json:"name"`
	First       *time.Time `json:"first_seen"`
	Last        *time.Time `json:"last_seen"`
	Members     int64      `json:"members"`
	Confidence  float64    `json:"confidence"`
	WeakestBits float64    `json:"weakest_bits"`
}

// traitLine is a trait that members share.
type traitLine struct {
	Type      string  `json:"type"`
	Campaign  string  `json:"campaign"`
	Evidence  string  `json:"evidence"`
	Kind      string  `json:"kind"`
	Value     string  `json:"value"`
	Members   int64   `json:"members"`
	Elsewhere int64   `json:"elsewhere"`
	Ham       int64   `json:"ham"`
	Bits      float64 `json:"bits"`
}

// indicatorLine is an indicator with its verdict.
type indicatorLine struct {
	Type     string     `json:"type"`
	Campaign string     `json:"campaign"`
	Kind     string     `json:"kind"`
	Value    string     `json:"value"`
	Members  int64      `json:"members"`
	Spam     int64      `json:"spam"`
	Ham      int64      `json:"ham"`
	First    *time.Time `json:"first_seen"`
	Last     *time.Time `json:"last_seen"`
	Shared   string     `json:"shared"`
	Own      bool       `json:"own"`
	Block    bool       `json:"block"`
	Reason   string     `json:"reason"`
}

// networkFields are the registration of an address, in the lines that have one.
//
// All are empty if the address was not looked up.
type networkFields struct {
	Netblock  string `json:"netblock"`
	Name      string `json:"netblock_name"`
	Owner     string `json:"owner"`
	Country   string `json:"country"`
	ASN       int64  `json:"asn"`
	ASName    string `json:"as_name"`
	AbuseMail string `json:"abuse_email"`
}

// senderLine is an address that sent members.
type senderLine struct {
	Type     string `json:"type"`
	Campaign string `json:"campaign"`
	Sender   string `json:"sender"`
	Members  int64  `json:"members"`
	HELO     string `json:"helo"`
	Reverse  string `json:"reverse_name"`
	networkFields
}

// domainLine is a linked domain with its registration.
type domainLine struct {
	Type           string     `json:"type"`
	Campaign       string     `json:"campaign"`
	Domain         string     `json:"domain"`
	Members        int64      `json:"members"`
	Shared         string     `json:"shared"`
	State          string     `json:"state"`
	Registrar      string     `json:"registrar"`
	RegistrantName string     `json:"registrant_name"`
	RegistrantOrg  string     `json:"registrant_organization"`
	RegistrantMail string     `json:"registrant_email"`
	Created        *time.Time `json:"created"`
	Expires        *time.Time `json:"expires"`
	LookedUp       *time.Time `json:"looked_up_at"`
	NameServers    []string   `json:"name_servers"`
}

// hostLine is a resolution: a name, its address and the period in which that
// was observed.
type hostLine struct {
	Type       string     `json:"type"`
	Campaign   string     `json:"campaign"`
	Host       string     `json:"host"`
	NameServer bool       `json:"name_server"`
	Address    string     `json:"address"`
	Since      *time.Time `json:"since"`
	Until      *time.Time `json:"until"`
	networkFields
}

// messageLine is a member.
type messageLine struct {
	Type       string     `json:"type"`
	Campaign   string     `json:"campaign"`
	SHA256     string     `json:"sha256"`
	MessageID  string     `json:"message_id"`
	Received   *time.Time `json:"received_at"`
	Date       *time.Time `json:"date"`
	FromName   string     `json:"from_name"`
	From       string     `json:"from_address"`
	Subject    string     `json:"subject"`
	Sender     string     `json:"sender"`
	HELO       string     `json:"helo"`
	Mailer     string     `json:"mailer"`
	Size       int64      `json:"size"`
	Confidence float64    `json:"confidence"`
}

// runLine is a spamrun.
type runLine struct {
	Type     string     `json:"type"`
	Campaign string     `json:"campaign"`
	Sender   string     `json:"sender"`
	Start    *time.Time `json:"started_at"`
	End      *time.Time `json:"ended_at"`
	Messages int64      `json:"messages"`
}

// when returns nil, null in JSON, for an unknown time.
func when(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	t = t.UTC()
	return &t
}

// addrOf is the sender of a message; "" if it is unknown.
func addrOf(m *dossier.Message) string {
	if !m.Sender.IsValid() {
		return ""
	}
	return m.Sender.String()
}

// networkOf converts the registration of an address; empty fields are unknown.
func networkOf(n *dossier.Network) networkFields {
	out := networkFields{Name: n.NetName, Owner: n.Owner, Country: n.Country, ASN: n.ASN, ASName: n.ASName, AbuseMail: n.AbuseMail}
	if n.Netblock.IsValid() {
		out.Netblock = n.Netblock.String()
	}
	return out
}
