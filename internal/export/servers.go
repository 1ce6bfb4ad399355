package export

import (
	"fmt"
	"io"
	"net/netip"
	"strings"

	"spoor/internal/dossier"
	"spoor/internal/wellformed"
)

// file returns a file of the list.
func (l *list) file(name string) file {
	return file{name: name, write: l.write, count: countEntries, want: l.want, list: l}
}

// addresses is a list of senders for lookup tables.
func addresses(line func(entry) string) *list {
	return &list{kinds: []dossier.Kind{dossier.SenderIP}, mark: "#", line: line,
		key: func(_ dossier.Kind, v string) (string, bool) { return wellformed.Address(v) }}
}

// helos is a list of HELO names for lookup tables.
//
// A key is "[192.0.2.1]" or a name.
func helos(line func(entry) string) *list {
	return &list{kinds: []dossier.Kind{dossier.HELO}, mark: "#", line: line, key: func(_ dossier.Kind, v string) (string, bool) {
		// Servers look up an address literal with its brackets.
		if inner, ok := strings.CutPrefix(v, "["); ok {
			a, ok := wellformed.Address(strings.TrimSuffix(inner, "]"))
			return "[" + a + "]", ok
		}
		return wellformed.HostOrAddress(v)
	}}
}

func reject(e entry) string { return e.key + " REJECT " + e.words() }

// postfixFiles are tables for check_client_access and check_helo_access
// (access(5)), and for header_checks(5).
var postfixFiles = []file{
	addresses(reject).file("client_access"),
	helos(reject).file("helo_access"),
	(&list{kinds: []dossier.Kind{dossier.Subject}, mark: "#", key: asPattern, line: func(e entry) string {
		return "/^Subject:[[:space:]]*" + e.key + "[[:space:]]*$/ REJECT " + e.words()
	}}).file("header_checks"),
}

// maxPattern limits a pattern for a header line, in bytes.
const maxPattern = 400

// asPattern returns a regular expression, for POSIX and PCRE, that matches
// exactly the subject. Servers match headers before decoding, so only ASCII is
// possible.
//
// The slash is escaped as it delimits the pattern in both servers' files.
func asPattern(_ dossier.Kind, text string) (string, bool) {
	var b strings.Builder
	words := strings.Fields(text)
	for i, word := range words {
		if i > 0 {
			b.WriteString("[[:space:]]+") // a folded line has its line end here
		}
		for _, r := range word {
			switch {
			case r <= ' ' || r > '~':
				return "", false
			case strings.ContainsRune(`\.[]{}()*+?^$|/`, r):
				b.WriteByte('\\')
			}
			b.WriteRune(r)
		}
	}
	return b.String(), b.Len() > 0 && b.Len() <= maxPattern
}

// rspamdFiles are maps for Rspamd's multimap module with their configuration.
var rspamdFiles = []file{
	(&list{kinds: []dossier.Kind{dossier.LinkHost}, under: dossier.LinkDomain, mark: "#", line: keyOnly, key: asLink}).file("spoor_hosts.map"),
	(&list{kinds: []dossier.Kind{dossier.LinkDomain}, mark: "#", line: keyOnly, key: asLink}).file("spoor_domains.map"),
	addresses(keyOnly).file("spoor_senders.map"),
	helos(keyOnly).file("spoor_helo.map"),
	(&list{kinds: []dossier.Kind{dossier.Subject}, mark: "#", key: asPattern,
		line: func(e entry) string { return "/^" + e.key + "$/" }}).file("spoor_subjects.map"),
	{name: "multimap.conf", write: writeMultimap, count: countEntries, want: func([]dossier.Campaign) int { return strings.Count(multimap, "\n") }},
}

func keyOnly(e entry) string { return e.key }

// multimap is for local.d/multimap.conf; the maps belong in local.d/maps.d. One link hits one symbol, by
// its host or by its domain.
const multimap = `SPOOR_LINK { type = "url"; filter = "full:host"; map = "$LOCAL_CONFDIR/local.d/maps.d/spoor_hosts.map"; score = 8.0; description = "links to a host of a campaign"; }
SPOOR_LINK_DOMAIN { type = "url"; filter = "tld"; map = "$LOCAL_CONFDIR/local.d/maps.d/spoor_domains.map"; score = 8.0; description = "links to a domain of a campaign"; }
SPOOR_SENDER { type = "ip"; map = "$LOCAL_CONFDIR/local.d/maps.d/spoor_senders.map"; score = 8.0; description = "sent by an address of a campaign"; }
SPOOR_HELO { type = "helo"; map = "$LOCAL_CONFDIR/local.d/maps.d/spoor_helo.map"; score = 6.0; description = "HELO name of a campaign"; }
SPOOR_SUBJECT { type = "header"; header = "Subject"; regexp = true; map = "$LOCAL_CONFDIR/local.d/maps.d/spoor_subjects.map"; score = 4.0; description = "subject of a campaign"; }
`

// writeMultimap writes the fixed configuration, whose lines count as entries.
func writeMultimap(w io.Writer, _ []dossier.Campaign, _ Options) (int, error) {
	_, err := io.WriteString(w, multimap)
	return strings.Count(multimap, "\n"), err
}

// rpz is a response policy zone (draft-vixie-dnsop-dns-rpz). It answers
// NXDOMAIN for the names, for everything below them, and for answers with one
// of the addresses.
//
// The target "." is the policy NXDOMAIN. Two lines make one entry of a name.
var rpz = &list{
	kinds: []dossier.Kind{dossier.LinkDomain, dossier.LinkHost}, mark: ";",
	key: asLink,
	head: func(w io.Writer, o Options) error {
		// The serial number is the time, so a later export is a newer zone.
		_, err := fmt.Fprintf(w, "$TTL 300\n@ IN SOA localhost. hostmaster.localhost. %d 3600 900 604800 300\n@ IN NS localhost.\n", uint32(o.Now.Unix()))
		return err
	},
	line: func(e entry) string {
		if a, err := netip.ParseAddr(e.key); err == nil {
			return rpzAddress(a) + " IN CNAME ."
		}
		return e.key + " IN CNAME .\n*." + e.key + " IN CNAME ."
	},
}

// rpzAddress is the owner name of an address trigger: the prefix length, then
// the parts of the address in reverse, with "zz" for the zeros of "::".
//
// For example "32.7.2.0.192.rpz-ip", and "128.7.zz.db8.2001.rpz-ip" for
// 2001:db8::7.
func rpzAddress(a netip.Addr) string {
	sep := "."
	if a.Is6() {
		sep = ":"
	}
	parts := strings.Split(strings.NewReplacer("::", ":zz:").Replace(a.String()), sep)
	out := fmt.Sprint(a.BitLen())
	for i := len(parts) - 1; i >= 0; i-- {
		if parts[i] != "" { // an address that begins or ends with "::"
			out += "." + parts[i]
		}
	}
	return out + ".rpz-ip"
}

// countRPZ counts the names and addresses of a zone without their wildcards.
func countRPZ(r io.Reader) (int, error) {
	return countMatching(r, func(line string) bool {
		return strings.HasSuffix(line, " IN CNAME .") && !strings.HasPrefix(line, "*.")
	})
}

// plain is a list with one value a line.
var plain = &list{
	kinds: []dossier.Kind{dossier.LinkDomain, dossier.LinkHost, dossier.SenderIP}, mark: "#", line: keyOnly,
	key: asLink,
}
