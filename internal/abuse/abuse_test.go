package abuse

import (
	"fmt"
	"strings"
	"testing"

	"spoor/internal/dossier"
)

func TestReports(t *testing.T) {
	reports, unreachable := Reports(campaign(), reporter, noon)
	var got []string
	for _, r := range reports {
		for _, s := range r.Sources {
			got = append(got, fmt.Sprintf("%s %v: %s, %s", r.Contact, r.Guessed, s.Role, s.Value))
		}
	}
	want := []string{
		"abuse@bit.ly true: platform that the mail uses, http://bit.ly/xyz",
		// One desk answers for the sending network and for the host.
		"abuse@dialnet.example false: holder of the sending network, 198.51.100.7",
		"abuse@dialnet.example false: host of the linked pages, www.pills.example",
		"abuse@gmail.com true: platform that the mail uses, drop@gmail.com",
		"abuse@registrar.example false: registrar of a domain that the mail links to, pills.example",
	}
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	if len(unreachable) != 0 {
		t.Errorf("unreachable: %+v", unreachable) // 203.0.113.99 is no indicator
	}
	for _, r := range reports {
		for _, friend := range []string{"bank.example", "198.51.100.8"} {
			if strings.Contains(r.Text(), friend) {
				t.Errorf("%s is told of %s", r.Contact, friend)
			}
		}
	}
}

// Sources without a contact are listed, not left out.
func TestUnreachable(t *testing.T) {
	c := campaign()
	c.Senders[0].AbuseMail = ""
	c.Domains[0].RegistrarAbuse = "see our web page"
	_, unreachable := Reports(c, reporter, noon)
	if len(unreachable) != 2 || unreachable[0].Value != "198.51.100.7" || !strings.Contains(unreachable[0].Why, "collector lookup 198.51.100.7") || unreachable[1].Value != "pills.example" {
		t.Errorf("%+v", unreachable)
	}
}

func TestText(t *testing.T) {
	reports := filled(campaign(), reporter)
	text := reports[1].Text()
	for _, want := range []string{
		"To:   abuse@dialnet.example\n", "Re:   Spam from 198.51.100.7 and 1 more (9 messages)\n", "198.51.100.7\n      9 messages, from 2026-03-01 12:00 to 2026-03-01 13:00 UTC\n      198.51.100.0/24, Dialnet\n",
		"www[.]pills[.]example", "hxxp://www[.]pills[.]example/buy?x=1", "received 2026-03-01 12:00:00 from 198.51.100.7, HELO 4711", "Reference: ",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in\n%s", want, text)
		}
	}
	if strings.Contains(text, "http://") {
		t.Errorf("a link that can be followed:\n%s", text)
	}
	if again := filled(campaign(), reporter)[1].Text(); again != text {
		t.Error("the same report differs the second time")
	}
	for _, line := range strings.Split(text, "\n") {
		if len(line) > 998 {
			t.Errorf("line of %d bytes", len(line))
		}
	}
}

// Every message of a report about senders comes from another of them.
func TestWanted(t *testing.T) {
	r := filled(campaign(), reporter)[1]
	if w := r.Wanted(); len(w) != 1 || w[0].SHA256 != message(1).SHA256 {
		t.Errorf("%+v", w)
	}
	r = Report{Campaign: campaign(), Sources: []Source{{Role: Registrar, Value: "pills.example"}}}
	if w := r.Wanted(); len(w) != 2 {
		t.Errorf("%+v", w)
	}
}

// hostile says every attack where registries and mail have a say.
func hostile() *dossier.Campaign {
	c := campaign()
	attack := "x\r\nBcc: victim@victim.example\r\n\r\n<script>\x1b[2J\u202e=1+1\x00'; DROP TABLE x; --../../etc"
	c.Name = attack
	for i := range c.Senders {
		c.Senders[i].Owner, c.Senders[i].NetName = attack, attack
	}
	for i := range c.Domains {
		c.Domains[i].Registrar = attack
	}
	for i := range c.Messages {
		m := &c.Messages[i]
		m.Subject, m.MessageID, m.HELO, m.ReturnPath, m.FromAddress = attack, attack, attack, attack, attack
	}
	c.Indicators = append(c.Indicators, indicator(dossier.URL, "http://bit.ly/"+attack, c.Indicators[5].Verdict, "shortener"), indicator(dossier.URL, "http://"+attack+".weebly.com/", c.Indicators[5].Verdict, "hosting"),
		indicator(dossier.Contact, attack+"@gmail.com", c.Indicators[5].Verdict, ""))
	return c
}
