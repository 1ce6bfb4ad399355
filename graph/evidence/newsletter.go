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
