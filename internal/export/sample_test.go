package export

import (
	"fmt"
	"net/netip"
	"strings"
	"time"

	"spoor/internal/block"
	"spoor/internal/dossier"
)

var (
	noon    = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	options = Options{Now: noon.Add(48 * time.Hour)}
)

func addr(s string) netip.Addr { return netip.MustParseAddr(s) }

var yes = block.Verdict{Block: true, Reason: block.Alone}

// indicator is one of 9 members and no other mail.
func indicator(k dossier.Kind, value string, v block.Verdict) dossier.Indicator {
	return dossier.Indicator{Kind: k, Value: value, Members: 9, Spam: 9, FirstSeen: noon, LastSeen: noon.Add(time.Hour), Verdict: v}
}

// plainCampaign has something of everything.
func plainCampaign() dossier.Campaign {
	block4 := dossier.Network{Netblock: netip.MustParsePrefix("198.51.100.0/24"), NetName: "DIALNET", Owner: "Dialnet", Country: "DE", ASN: 64500, ASName: "DIALNET-AS", AbuseMail: "abuse@dialnet.example"}
	return dossier.Campaign{
		ID: 2, Key: strings.Repeat("ab", 32), Name: "pills", FirstSeen: noon, LastSeen: noon.Add(time.Hour), Found: noon.Add(2 * time.Hour), AsOf: noon.Add(24 * time.Hour),
		Members: 9, Confidence: 0.93, WeakestBits: 7.5,
		Traits: []dossier.Trait{{Evidence: "links", Kind: "domain", Value: "pills.example", Members: 9, Bits: 8}},
		Indicators: []dossier.Indicator{
			indicator(dossier.LinkDomain, "pills.example", yes), indicator(dossier.LinkHost, "www.pills.example", yes),
			indicator(dossier.LinkHost, "203.0.113.7", yes), indicator(dossier.LinkHost, "2001:db8::7", yes),
			indicator(dossier.LinkDomain, "bit.ly", block.Verdict{Reason: block.Shortener}),
			indicator(dossier.URL, "http://www.pills.example/buy?a=[1]&b={2}|#x", block.Verdict{Reason: block.NoList}),
			indicator(dossier.SenderIP, "198.51.100.7", yes), indicator(dossier.SenderIP, "2001:db8::25", yes),
			indicator(dossier.SenderIP, "198.51.100.8", block.Verdict{Reason: block.Relay}),
			indicator(dossier.HELO, "4711", yes), indicator(dossier.HELO, "[198.51.100.7]", yes),
			indicator(dossier.Subject, "Cheap pills (50% off) for $5", yes), indicator(dossier.FromMail, "sales@pills.example", block.Verdict{Reason: block.NoList}),
			indicator(dossier.Contact, "order@pills.example", block.Verdict{Reason: block.NoList}), indicator(dossier.Phone, "+15555550100", block.Verdict{Reason: block.NoList}),
			indicator(dossier.Wallet, "1BoatSLRHtKNngkdXEeobR76b53LETtpyT", block.Verdict{Reason: block.NoList}),
			indicator(dossier.File, strings.Repeat("0f", 32), block.Verdict{Reason: block.NoList}), indicator(dossier.Mailer, "SpamMachine 1.0", block.Verdict{Reason: block.NoList}),
		},
		Senders: []dossier.Sender{{Addr: addr("198.51.100.7"), Messages: 9, HELO: "4711", Network: block4}},
		Domains: []dossier.Domain{{Name: "pills.example", Members: 9, Registrar: "Example Registrar", RegistrantName: "J. Doe", Created: noon.AddDate(0, 0, -3), NameServers: []string{"ns1.pool.example", "ns2.pool.example"}}},
		Hosts: []dossier.Host{{Name: "www.pills.example", Addr: addr("203.0.113.7"), Since: noon, Network: block4},
			{Name: "ns1.pool.example", NameServer: true, Addr: addr("203.0.113.53"), Since: noon, Till: noon.Add(time.Hour)}},
		Messages: []dossier.Message{message(0, "Cheap pills (50% off) for $5"), message(1, "Other")},
		Runs:     []dossier.Run{{Sender: addr("198.51.100.7"), Start: noon, End: noon.Add(time.Minute), Messages: 9}},
	}
}

func message(n int, subject string) dossier.Message {
	m := dossier.Message{SHA256: fmt.Sprintf("%064x", n), MessageID: fmt.Sprintf("%d@pills.example", n), Received: noon, Date: noon, FromName: "Sales", FromAddress: "sales@pills.example",
		Subject: subject, Sender: addr("198.51.100.7"), HELO: "4711", Mailer: "SpamMachine 1.0", Confidence: 0.9, Size: 900}
	if n%2 == 1 {
		m.Parts = []dossier.Part{{Type: "text/plain", SHA256: fmt.Sprintf("%064x", n+1e6), Size: 100}, {Type: "application/zip", Name: "invoice.zip", SHA256: fmt.Sprintf("%064x", n+2e6), Size: 1000, Attachment: true}}
	} else {
		m.Parts = []dossier.Part{{Type: "text/html", SHA256: fmt.Sprintf("%064x", n+3e6), Size: 100}}
	}
	return m
}

// attacks are texts by which a spammer may do harm when they are shown or
// loaded.
var attacks = []string{
	`=HYPERLINK("http://evil.example","x")`, "+1+1", "-2+3", "@SUM(A1)", "\t=1+1", "\r\n=cmd|'/c calc'!A1",
	"\x1b]0;owned\x07\x1b[2J", "\u202egpj.exe", "a\x00b", "\x9b31m", "\u2028\u2029",
	`<script>alert(1)</script>`, `"><img src=x onerror=alert(1)>`, `</svg><svg onload=alert(1)>`, "]]>", "&lt;", "javascript:alert(1)",
	`'; DROP TABLE messages; --`, `\'; DROP TABLE messages; --`, "../../../../etc/passwd", "/etc/passwd", `..\..\x`, "con", "$(reboot)", "`reboot`", "${jndi:ldap://x}",
	"x REJECT\n192.0.2.1 OK", "x\n* IN CNAME victim.example.", "evil.example CNAME .\n$INCLUDE /etc/passwd", "a;b", "/.*/ REJECT", "x\\", "\\\n", "# comment", "; comment",
	"-- ", "\n.\r\nQUIT\r\n", strings.Repeat("A", 70000), "\xff\xfe", "x' OR 1=1", "]\" , \"type\":\"x", "{{.}}", "%s%n",
}

// hostileCampaign says each attack everywhere that mail or a registry has a say, and wants all of it
// blocked.
func hostileCampaign() dossier.Campaign {
	c := plainCampaign()
	c.ID, c.Key, c.Name = 3, strings.Repeat("cd", 32), strings.Join(attacks[:6], " ")
	for i, a := range attacks {
		for _, k := range dossier.Kinds() {
			c.Indicators = append(c.Indicators, indicator(k, a, yes))
		}
		c.Domains = append(c.Domains, dossier.Domain{Name: a, Members: 1, Registrar: a, RegistrantName: a, RegistrantOrg: a, RegistrantMail: a, NameServers: []string{a}})
		c.Hosts = append(c.Hosts, dossier.Host{Name: a, Addr: addr("203.0.113.9"), Network: dossier.Network{Netblock: netip.MustParsePrefix("203.0.113.0/24"), Owner: a, ASN: 64501, ASName: a, AbuseMail: a}})
		m := message(100+2*i, a)
		m.MessageID, m.FromName, m.FromAddress, m.HELO, m.Mailer = a, a, a, a, a
		m.Parts = append(m.Parts, dossier.Part{Type: a, Name: a, SHA256: fmt.Sprintf("%064x", 5e6+i), Attachment: true})
		c.Messages = append(c.Messages, m)
		c.Traits = append(c.Traits, dossier.Trait{Evidence: "content", Kind: "subject", Value: a})
	}
	return c
}

// largeCampaign has n members and as many hosts.
func largeCampaign(n int) dossier.Campaign {
	c := plainCampaign()
	c.ID, c.Key, c.Members = 4, strings.Repeat("ef", 32), int64(n)
	for i := range n {
		c.Messages = append(c.Messages, message(1000+i, fmt.Sprintf("Offer %d", i)))
		c.Indicators = append(c.Indicators, indicator(dossier.LinkHost, fmt.Sprintf("h%d.pills.example", i), yes))
	}
	return c
}

// samples are the campaigns that every format has to take.
func samples() map[string][]dossier.Campaign {
	return map[string][]dossier.Campaign{
		"plain": {plainCampaign()}, "hostile": {hostileCampaign()}, "large": {largeCampaign(2000)}, "two": {plainCampaign(), hostileCampaign()},
		"empty": {{ID: 9, Key: strings.Repeat("00", 32)}},
	}
}
