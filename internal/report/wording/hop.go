package wording

import (
	"strings"

	"spoor/sql/store/messages"
)

// HopTime is the time of a hop in UTC, to the second, as its server wrote it.
func HopTime(h *messages.Hop) string {
	if h.At.IsZero() {
		return "time unknown"
	}
	return h.At.UTC().Format("2006-01-02 15:04:05Z")
}

// HopServer names the server that wrote a Received field: by its name, else by
// its address. RFC 5321 section 4.4 demands one, but forged fields lack it.
func HopServer(h *messages.Hop) string {
	switch {
	case h.ByName != "":
		return h.ByName
	case h.ByAddress != nil:
		return h.ByAddress.String()
	}
	return "a server without a name"
}

// HopDetails lists the clauses of a Received field beside its two servers: login,
// protocol, queue id, recipient, and the program whose form it has.
func HopDetails(h *messages.Hop) string {
	var out []string
	if h.Authenticated {
		out = append(out, "logged in")
	}
	for _, m := range []struct{ words, value string }{{"with ", h.Protocol}, {"id ", h.QueueID}, {"for ", h.Recipient}, {"written like ", h.Syntax}} {
		if m.value != "" {
			out = append(out, m.words+m.value)
		}
	}
	return strings.Join(out, ", ")
}
