package abuse

import (
	"fmt"
	"net/netip"
	"strings"
	"time"

	"spoor/internal/block"
	"spoor/internal/dossier"
)

var (
	noon     = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	reporter = Reporter{"Example Desk", "abuse@desk.example", "desk.example"}
)

func addr(s string) netip.Addr { return netip.MustParseAddr(s) }

func indicator(k dossier.Kind, value string, v block.Verdict, shared string) dossier.Indicator {
	return dossier.Indicator{Kind: k, Value: value, Members: 9, Spam: 9, FirstSeen: noon, LastSeen: noon.Add(time.Hour), Verdict: v, Shared: shared}
}

// campaign has a sender, a domain with its host, a short link, a mailbox, and friends.
func campaign() *dossier.Campaign {
	yes := block.Verdict{Block: true, Reason: block.Alone}
	return &dossier.Campaign{
		ID: 2, Key: strings.Repeat("ab", 32), FirstSeen: noon, LastSeen: noon.Add(time.Hour), Members: 9, Confidence: 0.93,
		Indicators: []dossier.Indicator{
			indicator(dossier.SenderIP, "198.51.100.7", yes, ""), indicator(dossier.SenderIP, "198.51.100.8", block.Verdict{Reason: block.InHam}, ""),
			indicator(dossier.LinkDomain, "pills.example", yes, ""), indicator(dossier.LinkHost, "www.pills.example", yes, ""),
			indicator(dossier.LinkDomain, "bank.example", block.Verdict{Reason: block.Claimed}, ""),
			indicator(dossier.URL, "http://www.pills.example/buy?x=1", block.Verdict{Reason: block.NoList}, ""),
			indicator(dossier.URL, "http://bit.ly/xyz", block.Verdict{Reason: block.NoList}, "shortener"),
			indicator(dossier.URL, "http://www.bank.example/", block.Verdict{Reason: block.NoList}, ""),
			indicator(dossier.Contact, "drop@gmail.com", block.Verdict{Reason: block.NoList}, ""),
		},
		Senders: []dossier.Sender{
			{Addr: addr("198.51.100.7"), Messages: 9, FirstSeen: noon, LastSeen: noon.Add(time.Hour), Network: dossier.Network{Netblock: netip.MustParsePrefix("198.51.100.0/24"), Owner: "Dialnet", AbuseMail: "Abuse@Dialnet.example"}},
			{Addr: addr("203.0.113.99"), Messages: 1, Network: dossier.Network{}},
		},
		Domains: []dossier.Domain{{Name: "pills.example", Members: 9, Registrar: "Example Registrar", RegistrarAbuse: "abuse@registrar.example", Created: noon.AddDate(0, 0, -3), LookedUp: noon},
			{Name: "bank.example", Members: 9, Registrar: "Example Registrar", RegistrarAbuse: "abuse@registrar.example"}},
		Hosts: []dossier.Host{{Name: "www.pills.example", Addr: addr("203.0.113.7"), Since: noon, Network: dossier.Network{Owner: "Hosting", AbuseMail: "abuse@dialnet.example"}},
			{Name: "www.bank.example", Addr: addr("203.0.113.8"), Since: noon, Network: dossier.Network{AbuseMail: "abuse@bank.example"}}},
		Messages: []dossier.Message{message(0), message(1)},
	}
}

func message(n int) dossier.Message {
	return dossier.Message{SHA256: fmt.Sprintf("%064x", n), MessageID: fmt.Sprintf("%d@pills.example", n), Received: noon, Subject: "Cheap pills", Sender: addr("198.51.100.7"),
		HELO: "4711", ReturnPath: "bounce@pills.example", FromAddress: "sales@pills.example"}
}

// filled makes the reports with a message each.
func filled(c *dossier.Campaign, who Reporter) []Report {
	reports, _ := Reports(c, who, noon.Add(24*time.Hour))
	for i := range reports {
		for _, m := range reports[i].Wanted() {
			reports[i].Evidence = append(reports[i].Evidence, Evidence{Message: m, Raw: []byte("Subject: " + oneLine(m.Subject) + "\r\nTo: <r1@masked.invalid>\r\n\r\nBuy http://www.pills.example/\r\n--\r\n")})
		}
	}
	return reports
}
