package whois

import "strings"

// tonic parses the layout of .to: a heading, then one line for each name server
// with the first label of the domain before it.
func tonic(lines []line, asked string, r *reader) {
	// An answer with keys was read by them.
	if len(r.hosts.list) > 0 || r.reg.Domain != "" {
		return
	}
	label, _, _ := strings.Cut(asked, ".")
	for i := range lines {
		l := &lines[i]
		first, rest, ok := strings.Cut(l.text, " ")
		if !ok || l.comment || l.colon || asked != "" && !strings.EqualFold(first, label) || strings.Contains(first, ".") {
			continue
		}
		if host := strings.TrimSpace(rest); !strings.ContainsAny(host, " \t") {
			r.hosts.add(host)
		}
	}
}
