package evidence

import (
	"maps"
	"slices"
	"strings"
)

// typed lists the kinds that a word may mean which people type before a value, the likeliest
// first.
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

// bare lists the kinds that a value of a form may be of when no kind was typed, the
// likeliest first.
var bare = map[Form][]Kind{
	Host:      typed["domain"],
	Net:       typed["address"],
	Mail:      typed["mail address"],
	Telephone: {Phone, RegistrantPhone},
	Page:      {LinkTenant},
	Hash:      {Attachment},
	ID:        {MessageID},
}

// Bare returns the kinds that a value of a form may be of, the likeliest first.
func Bare(f Form) []Kind { return bare[f] }

// Typed returns, for each word that people may type instead of the name of a kind, what it
// may mean, the likeliest first: common words for several kinds, and those by which screens
// show a kind.
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
