package evidence

import (
	"cmp"
	"strings"

	"spoor/internal/domain"
)

// Newsletter reports whether m is consistent list mail. It names its list or a
// way to unsubscribe, and its links lead to the domain of its From address, or
// to that of the service that sent it and takes its bounces.
func Newsletter(m *Message) bool {
	if m.ListID == "" && !strings.Contains(strings.ToLower(m.HeaderNames), "list-unsubscribe") {
		return false
	}
	from := registeredOf(m.From)
	if from == "" {
		return false
	}
	list := strings.ToLower(strings.Trim(m.ListID, "<> "))
	if within(list, from) {
		return true
	}
	bounce, sender := registeredOf(m.ReturnPath), registered(m.ReverseName)
	if sender == "" {
		sender = registered(m.HELO)
	}
	for i := range head(m.Links, maxLinks) {
		if d := m.Links[i].Domain; d != "" && (d == from || within(list, d) || d == sender && (d == bounce || bounce == from)) {
			return true
		}
	}
	return false
}

// forwarded reports whether a reader forwarded the message, so that address and
// program do not describe its author. Spammers write "Fwd:" too, but refer to
// no other message.
func forwarded(m *Message) bool {
	word, _, ok := strings.Cut(strings.TrimSpace(m.Subject), ":")
	if !ok {
		return false
	}
	switch strings.ToLower(word) {
	case "fw", "fwd", "wg", "enc", "tr", "rv", "i", "vs", "doorst", "pd", "vb", "trs", "vl":
	default:
		return false
	}
	names := "," + strings.ToLower(m.HeaderNames) + ","
	return strings.Contains(names, ",references,") || strings.Contains(names, ",in-reply-to,") || strings.Contains(names, ",thread-index,")
}

// relayed reports whether a mailing list distributed a subscriber's message.
// Server, bounces, header and footer then belong to the list.
func relayed(m *Message) bool {
	names := "," + strings.ToLower(m.HeaderNames) + ","
	for _, n := range []string{",x-beenthere,", ",x-mailman-version,", ",list-post,", ",mailing-list,", ",x-mailing-list,"} {
		if strings.Contains(names, n) {
			return !ofList(m, m.From)
		}
	}
	return false
}

// ofList reports whether an address is in the domain of the list that
// distributed m.
func ofList(m *Message, address string) bool {
	host := registeredOf(address)
	return host != "" && host == listDomain(m)
}

// unread reports whether an address is a box that nobody reads: many senders
// write one alike, so it brings its owner no answer.
func unread(address string) bool {
	local, _, _ := strings.Cut(address, "@")
	letters := strings.Map(func(r rune) rune {
		if r < 'a' || r > 'z' {
			return -1
		}
		return r
	}, strings.ToLower(local))
	switch letters {
	case "noreply", "noreplies", "noreplay", "donotreply", "dontreply", "neverreply", "noresponse", "nepasrepondre", "naoresponda", "naoresponder",
		"noresponder", "norespondas", "nichtantworten", "bittenichtantworten", "keineantwort", "nonrispondere", "geenantwoord", "nietbeantwoorden", "nieodpowiadaj",
		"mailerdaemon", "postmaster":
		return true
	}
	return false
}

// ofListProgram reports whether an address is one that a program of mailing
// lists reads. Footers of lists name it (RFC 2142, section 6; Majordomo,
// LISTSERV).
func ofListProgram(address string) bool {
	local, _, _ := strings.Cut(address, "@")
	switch local {
	case "majordomo", "listserv", "listproc", "mailman", "sympa", "ezmlm":
		return true
	}
	for _, end := range []string{"-request", "-unsubscribe", "-subscribe", "-leave", "-join"} {
		if strings.HasSuffix(local, end) {
			return true
		}
	}
	return false
}

// listDomain returns the registered domain of the list, from its List-Id or
// bounce address.
func listDomain(m *Message) string {
	if id := strings.Trim(m.ListID, "<> "); strings.Contains(id, ".") {
		if i := strings.LastIndexAny(id, "<@/ "); i >= 0 {
			id = id[i+1:]
		}
		return registered(strings.TrimRight(id, ">"))
	}
	return registeredOf(m.ReturnPath)
}

// registeredOf returns the registered domain of a mail address, or "".
func registeredOf(address string) string {
	_, host, _ := strings.Cut(address, "@")
	return registered(host)
}

// registered returns the registered domain of a host in lower case, or the host
// if the public suffix list knows none, as for addresses.
func registered(host string) string {
	host = strings.ToLower(strings.TrimSuffix(host, "."))
	return cmp.Or(domain.Registered(host), host)
}

// within reports whether host is name or a subdomain of it.
func within(host, name string) bool {
	return host == name || strings.HasSuffix(host, "."+name)
}
