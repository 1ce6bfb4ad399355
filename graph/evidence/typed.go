package evidence

import (
	"maps"
	"slices"
	"strings"
)

// typed maps a word that people type before a value to the kinds that it may
// mean, most likely first.
var typed = map[string][]Kind{
	"link":         {LinkDomain, LinkHost, LinkTenant},
	"url":          {LinkTenant},
	"host":         {LinkHost, LinkDomain, HELOName, MessageIDHost},
	"domain":       {LinkDomain, LinkHost, LinkTenant, FromDomain, BounceDomain, HELOName, MessageIDHost, ReverseDomain, Unsubscribe, NameServers},
	"from":         {FromAddress, FromDomain, FromName},
	"sender":       {SenderAddress, SenderNet},
	"helo":         {HELOName, HELOForm},
	"mail address": {Mailbox, ReplyTo, FromAddress, RegistrantEmail},
	"address":      {SenderAddress, SenderNet, Origin, LinkDomain, LinkHost, HostAddress, HostNet, ServerAddress},
	"mailer":       {MailerName},
}

// bare lists the kinds of a value that was typed without a word, by its form,
// most likely first.
var bare = map[Form][]Kind{
	Host:      typed["domain"],
	Net:       typed["address"],
	Mail:      typed["mail address"],
	Telephone: {Phone, RegistrantPhone},
	Page:      {LinkTenant},
	Hash:      {Attachment},
	ID:        {MessageID},
}

// Bare returns the possible kinds of a value with a form, most likely first.
func Bare(f Form) []Kind { return bare[f] }

// Typed maps each word that people may type instead of a kind's name to the
// possible kinds, most likely first. It includes common words for several
// kinds, and the words by which screens display a kind.
func Typed() map[string][]Kind {
	out := maps.Clone(typed)
	for k := range Kinds {
		word := strings.ToLower(strings.Trim(k.Words(), " :@"))
		if !slices.Contains(out[word], k) {
			out[word] = append(slices.Clip(out[word]), k)
		}
	}
	return out
}
