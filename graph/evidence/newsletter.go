package evidence

import (
	"strings"

	"spoor/internal/domain"
)

// Newsletter reports whether m is list mail that is at one with itself: it names its
// list or how to leave it, and links to the domain that it says it comes from.
func Newsletter(m *Message) bool {
	if m.ListID == "" && !strings.Contains(strings.ToLower(m.HeaderNames), "list-unsubscribe") {
		return false
	}
	_, host, ok := strings.Cut(strings.ToLower(m.From), "@")
	if !ok {
		return false
	}
	from := orSelf(domain.Registered(host), host)
	list := strings.ToLower(strings.Trim(m.ListID, "<> "))
	if within(list, from) {
		return true
	}
	for i := range head(m.Links, maxLinks) {
		if d := m.Links[i].Domain; d != "" && (d == from || within(list, d)) {
			return true
		}
	}
	return false
}

// within reports whether host is name or stands below it.
func within(host, name string) bool {
	return host == name || strings.HasSuffix(host, "."+name)
}
