package evidence

import (
	"fmt"
	"testing"
)

func TestContent(t *testing.T) {
	want(t, &Message{Text: -1}, Text, "ffffffffffffffff")
	want(t, &Message{HTMLForm: 16}, HTMLForm, "10")
	want(t, &Message{Attachments: []string{"b", "a", "b", ""}}, Attachment, "a", "b")
	want(t, &Message{FileNames: []string{"Invoice_20021.PDF", "a1.txt"}}, FileName, "invoice_0.pdf")
	var hashes []string
	for i := range 100 {
		hashes = append(hashes, fmt.Sprintf("hash%02d", i))
	}
	if n := len(valuesOf(&Message{Attachments: hashes, Phones: hashes, Wallets: hashes}, Attachment)); n != maxValues {
		t.Errorf("%d attachments count", n)
	}
}

func TestSubjects(t *testing.T) {
	readers := []string{"maria@example.com", "jo@example.com"}
	for name, c := range map[string]struct{ subject, form string }{
		"plain":                    {"Cheap loans for homes", "cheap loans for homes"},
		"a number that varies":     {"Cheap loans 48211", "cheap loans"},
		"a number inside":          {"Cheap loans x48211 for homes", "cheap loans for homes"},
		"a tail after blanks":      {"Cheap loans for homes         qzkv", "cheap loans for homes"},
		"a tag in brackets":        {"[ILUG] Cheap loans", "cheap loans"},
		"the reader's name":        {"Maria, cheap loans", "cheap loans"},
		"the reader's address":     {"maria@example.com cheap loans", "cheap loans"},
		"a short name is a word":   {"jo cheap loans", "jo cheap loans"},
		"reply prefixes":           {"Re: FW: AW: cheap loans", "cheap loans"},
		"one word":                 {"hello", ""},
		"one word and a number":    {"hello 2002", ""},
		"only prefixes":            {"Re: Fwd:", ""},
		"only marks":               {"!!! *** ???", ""},
		"nothing":                  {"", ""},
		"marks around words":       {"***Cheap*** \"loans\"!!", "cheap loans"},
		"letters of other scripts": {"ДЕШЁВЫЕ кредиты", "дешёвые кредиты"},
	} {
		t.Run(name, func(t *testing.T) {
			if got := subjectForm(c.subject, readers); got != c.form {
				t.Errorf("%q, want %q", got, c.form)
			}
		})
	}
	want(t, &Message{SubjectKey: "hi all"}, SubjectKey)
	want(t, &Message{SubjectKey: "cheap loans for all"}, SubjectKey, "cheap loans for all")
	want(t, &Message{SubjectKey: "for maria: cheap loans (all) xx", Readers: readers}, SubjectWord, "cheap", "loans")
	want(t, &Message{SubjectKey: "aaaa bbbb cccc dddd eeee ffff gggg hhhh iiii jjjj"}, SubjectWord, "aaaa", "bbbb", "cccc", "dddd", "eeee", "ffff", "gggg", "hhhh")
}

func TestContacts(t *testing.T) {
	m := Message{Readers: []string{"Victim@example.com"}, ReplyTo: []string{"desk@example.net"}, From: "Me@example.org",
		Mailboxes: []string{"VICTIM@example.com", "Desk@example.net", "me@example.org", "Pay@Example.TEST"}}
	want(t, &m, Mailbox, "pay@example.test")
	want(t, &m, ReplyTo, "desk@example.net")
	m = Message{Mailboxes: []string{"majordomo@lists.example.org", "Talk-Request@example.org", "talk-unsubscribe@example.org", "request@example.net"}}
	want(t, &m, Mailbox, "request@example.net")
	m = Message{From: "me@example.org", ReplyTo: []string{"No-Reply@example.com", "nao_responda@example.net", "reply@example.net"}, Mailboxes: []string{"noreply77@example.com"}}
	want(t, &m, ReplyTo, "reply@example.net")
	want(t, &m, FieldHabit, "reply-to: nao_responda@example.net", "reply-to: no-reply@example.com")
	want(t, &m, Mailbox)
	m = Message{HeaderNames: "List-Post", ListID: "<talk.lists.example.com>", From: "someone@example.org", Mailboxes: []string{"talk-request@lists.example.com", "a@example.net"}}
	want(t, &m, Mailbox, "a@example.net")
	want(t, &Message{Phones: []string{"+15550100"}, Wallets: []string{"bc1qexample"}}, Phone, "+15550100")
	// Addresses that say nothing, or are broken, are no reason to stop.
	Of(&Message{Mailboxes: []string{"", "@", "@@", "a@"}, Readers: []string{"", "@"}, ReplyTo: []string{"", "@"}})
}
