package evidence

import (
	"strings"

	"spoor/internal/domain"
)

// Newsletter reports whether m is list mail that is at one with itself: it names its
// list or how to leave it, and its links stand in the domain that it says it comes from, or
// in that of the service that sent it and takes its bounces.
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

// forwarded reports whether a reader passed on what he was sent: his address and his
// program say nothing of who wrote it. Spammers write "Fwd:" too, but then there is no mail
// that it refers to.
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

// relayed reports whether a mailing list passed on what a subscriber wrote: server,
// bounces, header and footer are the list's.
func relayed(m *Message) bool {
	names := "," + strings.ToLower(m.HeaderNames) + ","
	for _, n := range []string{",x-beenthere,", ",x-mailman-version,", ",list-post,", ",mailing-list,", ",x-mailing-list,"} {
		if strings.Contains(names, n) {
			return !ofList(m, m.From)
		}
	}
	return false
}

// ofList reports whether an address is in the domain of the list that passed m on.
func ofList(m *Message, address string) bool {
	host := registeredOf(address)
	return host != "" && host == listDomain(m)
}

// listDomain is the registered domain of the list that m came through, as its List-Id or
// its bounces say.
func listDomain(m *Message) string {
	if id := strings.Trim(m.ListID, "<> "); strings.Contains(id, ".") {
		if i := strings.LastIndexAny(id, "<@/ "); i >= 0 {
			id = id[i+1:]
		}
		return registered(strings.TrimRight(id, ">"))
	}
	return registeredOf(m.ReturnPath)
}

func registeredOf(address string) string {
	_, host, _ := strings.Cut(address, "@")
	return registered(host)
}

func registered(host string) string {
	host = strings.ToLower(strings.TrimSuffix(host, "."))
	return orSelf(domain.Registered(host), host)
}

// within reports whether host is name or stands below it.
func within(host, name string) bool {
	return host == name || strings.HasSuffix(host, "."+name)
}
