package whois

import (
	"net/netip"
	"strings"

	"spoor/enrich"
	"spoor/internal/domain"
)

// Limits of the list. Most registries allow at most 13 name servers.
const (
	maxHosts = 64
	maxAddrs = 16 // of one name server
)

// hostList collects name servers in the order of the answer, each host once.
type hostList struct {
	list  []enrich.NameServer
	index map[string]int
	cur   int // host to which following addresses belong; -1 for none
}

// add parses name servers in a line such as "ns1.example.com 192.0.2.1",
// "ns1.example.com (OOC2-BMN-HST)" or "ns1.example.com, ns2.example.com".
//
// Handles in parentheses behind a name are kept, since they identify the host's
// owner in old registries.
func (h *hostList) add(s string) {
	h.cur = -1
	before := len(h.list)
	for _, w := range words(s) {
		if a, ok := address(w); ok {
			h.address(a)
			continue
		}
		if w == "NS" { // "example.pt NS ns1.example.pt." is a line of a zone
			h.drop(before)
			continue
		}
		if host, ok := hostWord(w); ok && host != "not.defined" {
			h.host(host)
			continue
		}
		if h.cur >= 0 && h.list[h.cur].Handle == "" && strings.Contains(s, "("+w+")") && looksHandle(w) {
			h.list[h.cur].Handle = w
		}
	}
}

// drop removes the hosts after the first n.
func (h *hostList) drop(n int) {
	for _, ns := range h.list[n:] {
		delete(h.index, ns.Host)
	}
	h.list = h.list[:n]
	h.cur = -1
}

// addAddrs parses a line of addresses. Some registries list all names and then
// all addresses; others alternate.
//
// Addresses go to the last host, which is right for alternating lists, and for
// lists with one address each only at the end. An address is never worth a
// wrong host.
func (h *hostList) addAddrs(s string) {
	if len(h.list) == 0 {
		return
	}
	for _, w := range words(s) {
		if a, ok := address(w); ok {
			h.cur = len(h.list) - 1
			h.address(a)
		}
	}
}

// host makes name the host that following addresses belong to, and adds it if
// it is new.
func (h *hostList) host(name string) {
	if i, known := h.index[name]; known {
		h.cur = i
		return
	}
	if len(h.list) == maxHosts {
		h.cur = -1
		return
	}
	if h.index == nil {
		h.index = make(map[string]int)
	}
	h.cur = len(h.list)
	h.index[name] = h.cur
	h.list = append(h.list, enrich.NameServer{Host: name})
}

// address adds an address of the present host.
func (h *hostList) address(a netip.Addr) {
	if h.cur < 0 {
		return
	}
	ns := &h.list[h.cur]
	for _, b := range ns.Addrs {
		if a == b {
			return
		}
	}
	if len(ns.Addrs) < maxAddrs {
		ns.Addrs = append(ns.Addrs, a)
	}
}

// words splits a line at blanks, commas, brackets and the like.
func words(s string) []string {
	return strings.FieldsFunc(s, func(r rune) bool {
		return r == ' ' || r == '\t' || r == ',' || r == ';' || r == '(' || r == ')' || r == '[' || r == ']' || r == '/' || r == '|' || r == '<' || r == '>' || r == '"' || r == '='
	})
}

// address parses an IP address that may end in a full stop.
func address(w string) (netip.Addr, bool) {
	w = strings.TrimRight(w, ".")
	if !strings.ContainsAny(w, "0123456789:") {
		return netip.Addr{}, false
	}
	a, err := netip.ParseAddr(w)
	return a.Unmap().WithZone(""), err == nil
}

// hostWord parses a word as a name server's name.
func hostWord(w string) (string, bool) {
	w = strings.Trim(w, ".:'*")
	dot := strings.LastIndexByte(w, '.')
	if dot <= 0 || strings.ContainsAny(w, "@/:") || !hasLetter(w[dot:]) {
		return "", false
	}
	n, ok := domain.Parse(w)
	if !n.Known && strings.Count(n.Host, ".") < 2 { // handles of .my look like names: "NS1EXAMPL0.SER"
		return "", false
	}
	return n.Host, ok
}

// hostsIn returns the host names in a line that begins with one.
func hostsIn(s string) []string {
	var out []string
	for i, w := range words(s) {
		host, ok := hostWord(w)
		if !ok {
			if i == 0 {
				return nil
			}
			continue
		}
		out = append(out, host)
	}
	return out
}
