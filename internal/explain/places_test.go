package explain

import (
	"net/netip"
	"strings"
	"testing"

	"github.com/klauspost/compress/zstd"

	"spoor/graph/evidence"
	"spoor/sql/store/campaigns"
)

// Of each kind whose values can be read in a message itself, the line is found that has one.
func TestEveryKindIsFoundInItsMessage(t *testing.T) {
	const header = "From: \"Glenn Marston\" <glenn.m7@shop.example>\r\nReturn-Path: <bounce-77@list.other.test>\r\nReply-To: desk@other.example\r\nSubject: Cheap watches for all\r\n" +
		"Date: odd\r\nMessage-ID: <abcdefgh.0123@maker.test>\r\nX-Odd-Name: 1\r\nX-Mailer: Mailer 1.0\r\nContent-Type: multipart/mixed\r\nContent-Transfer-Encoding: 7bit\r\nList-Unsubscribe: <http://u.leave.example/>\r\n\r\n"
	m := &evidence.Message{
		Key: 1, Subject: "Cheap watches for all", SubjectKey: "cheap watches for all", FromName: "Glenn Marston", From: "glenn.m7@shop.example", ReplyTo: []string{"desk@other.example"},
		ReturnPath: "bounce-77@list.other.test", MessageID: "abcdefgh.0123@maker.test", MessageIDForm: "9@d", BoundaryForm: "b", MIMESkeleton: "a(b)", Encodings: "7bit",
		HeaderNames: "From,Subject,X-Odd-Name", Mailer: "Mailer 1.0", DateForm: "odd", Sender: netip.MustParseAddr("192.0.2.9"), HELO: "mail.host.test", ReverseName: "p7.dial.provider.test",
		AcceptedBy: "mx.ours.example", MXPriority: 10, Claims: []evidence.Claim{{Raw: "from a by b; now", Address: netip.MustParseAddr("203.0.113.5")}},
		Phones: []string{"+15550100"}, Mailboxes: []string{"pay@other.example"}, Wallets: []string{"bc1qexample"}, Attachments: []string{"00ff"}, FileNames: []string{"invoice.pdf"}, Anomalies: []string{"helo-number"},
		Links: []evidence.Link{
			{URL: "http://www9.pills-shop.example/order/page.php?aff=a12345", Host: "www9.pills-shop.example", Domain: "pills-shop.example", Found: "text"},
			{URL: "http://sites.test/ann/x", Host: "sites.test", Domain: "sites.test", Shared: "hosting", Tenant: "ann", Found: "text"},
			{URL: "http://u.leave.example/", Host: "u.leave.example", Domain: "leave.example", Found: "list-unsubscribe"},
		},
	}
	compressed, err := zstd.NewWriter(nil)
	if err != nil {
		t.Fatal(err)
	}
	told := &Told{Teller: newTeller(evidence.Knowledge{}), Proofs: map[int64]*campaigns.Proof{
		1: {Raw: compressed.EncodeAll([]byte(header), nil), Received: "from p7.dial.provider.test (HELO mail.host.test) by mx.ours.example", Anomalies: []string{"helo-number"}, Evidence: []string{"HELO 7"}}}}
	told.Teller.learn(m)
	p := &pairReader{&why{Told: told}, &Pair{}}
	found := make(map[evidence.Kind]bool)
	for _, f := range evidence.Of(m) {
		lines, err := p.linesOf(t.Context(), f.Key(), 1)
		if err != nil {
			t.Fatal(err)
		}
		for _, l := range lines {
			found[f.Kind] = found[f.Kind] || strings.TrimSpace(l.Text) != ""
		}
	}
	for k := range evidence.Kinds {
		switch k.Source().Place {
		case evidence.Nowhere, evidence.DomainAnswers, evidence.AddressAnswers, evidence.HostBlocks, evidence.SenderBlock:
			continue // in answers, which a store keeps
		}
		if k != evidence.Spamrun && k != evidence.LinkService && !found[k] {
			t.Errorf("%s: no line of the message shows it", k)
		}
	}
}
