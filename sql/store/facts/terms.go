package facts

import (
	"slices"

	"spoor/ingest"
	"spoor/sql/store/terms"
)

// Bounds of the terms of a message. More attachments, contacts and hops are bulk, and found by others.
const (
	namedFiles    = 16
	namedContacts = 64
	namedHops     = 32
	namedReplies  = 8
)

// termsOf lists the words of a message and the terms of its fields, in the order of their bytes.
//
// Terms of fields are marked apart from words (package terms), so that
// "shop.example" in a text does not match the field. f.Terms, the words, are
// sorted behind them.
func termsOf(f *ingest.Facts) []string {
	list := make([]string, 0, 32+len(f.Terms))
	for _, value := range [...]string{f.HELO, f.From.Name, f.Subject, f.SubjectKey, f.Mailer} {
		list = append(list, terms.Whole(value))
	}
	for _, host := range [...]string{f.HELO, f.ReverseName} {
		list = terms.AppendNames(list, host)
	}
	list = terms.AppendAddress(terms.AppendAddress(list, f.From.Address), f.ReturnPath)
	for _, mail := range f.ReplyTo[:min(len(f.ReplyTo), namedReplies)] {
		list = terms.AppendAddress(list, mail)
	}
	for n := range f.Parts[:min(len(f.Parts), namedFiles)] {
		if p := &f.Parts[n]; p.Attachment {
			list = append(list, terms.Whole(p.Name))
		}
	}
	for n := range f.Contacts[:min(len(f.Contacts), namedContacts)] {
		if c := &f.Contacts[n]; c.Kind == "mail" {
			list = append(list, terms.Address(c.Value))
		}
	}
	for n := range f.Hops[:min(len(f.Hops), namedHops)] {
		list = append(list, terms.QueueID(f.Hops[n].ID))
	}
	slices.Sort(list)
	list = slices.Compact(list)
	if len(list) > 0 && list[0] == "" {
		list = list[1:]
	}
	return append(list, f.Terms...)
}
