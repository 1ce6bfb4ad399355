package whois

import (
	_ "embed"
	"net/netip"
	"strconv"
	"strings"
	"sync"

	"spoor/internal/domain"
	"spoor/internal/text"
)

// registrarField stores the value of a key about the registrar.
func (r *reader) registrarField(l *line, t term) {
	g := &r.reg.Registrar
	switch t.field {
	case fRegistrar:
		r.owner.registrar = true
		// A mail address in place of a name.
		if emailIn(l.value) == l.value {
			return
		}
		if t.weak {
			text.SetOnce(&r.registrarHint, l.value)
			return
		}
		r.registrarName(l.value)
	case fRegistrarID:
		if n, err := strconv.Atoi(l.value); err == nil && n > 0 && n < 100_000 && g.IANAID == 0 {
			g.IANAID = n
		}
	case fRegistrarURL:
		r.url(l.value)
	case fRegistrarWHOIS:
		if s := referredServer(l.value); s != "" {
			text.SetOnce(&g.WHOIS, s)
			text.SetOnce(&r.reg.Refers, s)
		} else if l.key != "refer" {
			r.url(l.value)
		}
	case fAbuseEmail:
		text.SetOnce(&g.AbuseEmail, emailIn(l.value))
	case fAbusePhone:
		text.SetOnce(&g.AbusePhone, text.Cut(l.value, 60))
	}
}

// registrarName stores the registrar's name without the additions of
// registries: "Example Registrar Ltd [Tag = EXAMPLE]", "Example, Inc.
// (R91-LROR)".
func (r *reader) registrarName(v string) {
	if r.reg.Registrar.Name != "" || isRedacted(v) {
		return
	}
	if strings.HasPrefix(strings.ToLower(v), "no registrar listed") { // Nominet is the registrar itself
		v = "Nominet"
	}
	if i := strings.Index(v, "[Tag"); i > 0 {
		v = v[:i]
		if as := strings.Index(v, " t/a "); as > 0 { // Nominet's members are known by their trading names
			v = v[as+len(" t/a "):]
		}
	}
	if i := strings.LastIndex(v, " ("); i > 0 && strings.HasSuffix(v, ")") && looksHandle(v[i+2:len(v)-1]) {
		v = v[:i]
	}
	if i := strings.Index(v, "http"); i > 0 {
		r.url(v[i:])
		v = strings.TrimRight(v[:i], " (<[-,")
	}
	if i := strings.LastIndexByte(v, ' '); i > 0 && strings.HasPrefix(v[i:], " R") && strings.Contains(v[i:], "-") && looksHandle(v[i+1:]) && v == strings.TrimRight(v, "abcdefghijklmnopqrstuvwxyz") {
		v = v[:i] // "Example Inc R45-ME"
	}
	v = strings.TrimSpace(v)
	r.reg.Registrar.Name = text.Cut(v, 200)
}

// registrarContact reads a key of a contact in the registrar's section.
func (r *reader) registrarContact(t term, v string) {
	switch t.field {
	case fOrg, fName:
		if looksHandle(r.reg.Registrar.Name) && !looksHandle(v) { // .sk: first the handle, then the object
			r.reg.Registrar.Name = ""
		}
		r.registrarName(v)
	case fHandle:
		text.SetOnce(&r.registrarRef, v)
	}
}

// freeRegistrar reads a line without a known key in the registrar's section:
// the name, then perhaps an address and a URL.
func (r *reader) freeRegistrar(l *line) {
	low := strings.ToLower(l.text)
	switch {
	case strings.HasPrefix(low, "http") || strings.HasPrefix(low, "www."):
		r.url(l.text)
	case webKeys[l.key]:
		r.url(l.value)
	case l.colon:
	case r.scope.term.weak:
		text.SetOnce(&r.registrarHint, l.text)
	default:
		r.registrarName(l.text)
	}
}

// webKeys are keys of a web page in the registrar's section.
var webKeys = keySet(`url|website|web|www|homepage|web site|http|web address`)

// url stores the registrar's web page. A value with quotes or brackets is no
// URL, one with an @ is a mail address.
func (r *reader) url(v string) {
	v, _, _ = strings.Cut(strings.TrimSpace(v), " ")
	v = strings.TrimRight(v, ")>],")
	if strings.ContainsAny(v, `<>"'`) || !strings.Contains(v, ".") || len(v) > 300 || strings.Contains(v, "@") {
		return
	}
	text.SetOnce(&r.reg.Registrar.URL, v)
}

// referredServer returns the WHOIS server, host or host:port, of a referral, or
// "". Only its form is checked: the guard decides whether to connect.
func referredServer(v string) string {
	v, _, _ = strings.Cut(strings.TrimSpace(v), " ")
	for _, scheme := range []string{"whois://", "rwhois://", "http://", "https://"} {
		if len(v) > len(scheme) && strings.EqualFold(v[:len(scheme)], scheme) {
			v = v[len(scheme):]
		}
	}
	v, path, _ := strings.Cut(v, "/")
	if path != "" {
		return "" // a web page
	}
	host, port := strings.TrimRight(v, "."), ""
	if i := strings.LastIndexByte(v, ':'); i > 0 && !strings.HasSuffix(v, "]") {
		host, port = v[:i], v[i+1:]
		if n, err := strconv.ParseUint(port, 10, 16); err != nil || n == 0 {
			return ""
		}
		port = ":" + port
	}
	if _, err := netip.ParseAddr(strings.Trim(host, "[]")); err == nil {
		return host + port
	}
	n, ok := domain.Parse(host)
	if !ok || n.Malformed || !strings.Contains(n.Host, ".") {
		return ""
	}
	return n.Host + port
}

// finishRegistrar decides fields that depend on the whole answer.
func (r *reader) finishRegistrar() {
	g := &r.reg.Registrar
	if r.registrarHint != "" {
		r.registrarName(r.registrarHint)
	}
	if g.Name != "" && strings.Trim(g.Name, "0123456789") == "" { // an id in place of a name
		if n, err := strconv.Atoi(g.Name); err == nil && g.IANAID == 0 && n < 100_000 {
			g.IANAID = n
		}
		g.Name = ""
	}
}

//go:embed registrars.tsv
var registrarsTSV string

// registrarTable is registrars.tsv by IANA id and by normalised name.
type registrarTable struct {
	byID   map[int]string
	byName map[string]string
}

// registrars is the table, parsed at the first use.
var registrars = sync.OnceValue(func() registrarTable { return readRegistrars(registrarsTSV) })

// readRegistrars parses lines of "IANA ids, key, names", with lists separated
// by "|".
func readRegistrars(text string) registrarTable {
	t := registrarTable{make(map[int]string), make(map[string]string)}
	for l := range strings.Lines(text) {
		f := strings.Split(strings.TrimSpace(l), "\t")
		if len(f) < 3 || strings.HasPrefix(l, "#") {
			continue
		}
		for id := range strings.SplitSeq(f[0], "|") {
			if n, err := strconv.Atoi(id); err == nil {
				t.byID[n] = f[1]
			}
		}
		t.byName[foldRegistrar(f[1])] = f[1]
		for name := range strings.SplitSeq(f[2], "|") {
			t.byName[foldRegistrar(name)] = f[1]
		}
	}
	return t
}

// registrarKey returns the normalised name of a registrar: by IANA id, by
// alias, or else the name in lower case without punctuation and legal form.
func registrarKey(name string, id int) string {
	t := registrars()
	if key := t.byID[id]; key != "" && id != 0 {
		return key
	}
	folded := foldRegistrar(name)
	if key := t.byName[folded]; key != "" {
		return key
	}
	for _, as := range []string{" d/b/a ", " dba ", " t/a ", " trading as "} {
		if i := strings.Index(name, as); i > 0 {
			if key := t.byName[foldRegistrar(name[i+len(as):])]; key != "" {
				return key
			}
			if key := t.byName[foldRegistrar(name[:i])]; key != "" {
				return key
			}
		}
	}
	return folded
}

// legalForms are words at the end of company names that distinguish nothing.
var legalForms = keySet(`inc|uab|incorporated|llc|l l c|ltd|limited|corp|corporation|co|company|gmbh|ag|kg|se|sa|s a|sas|sarl|s a r l|srl|s r l|spa|s p a|bv|b v|nv|n v|ab|as|a s|aps|oy|pty|pte|plc|pvt|private|kk|k k|sro|s r o|sl|s l|slu|s l u|ooo|ltda|sp z o o|kft|bvba|de cv|eood|ood|d o o|doo|gmbh co kg|lp|llp|m b h|mbh|s|com inc`)

// foldRegistrar removes case, punctuation and legal forms.
func foldRegistrar(name string) string {
	words := strings.Fields(normalKey(text.Cut(name, maxKey+20)))
	for len(words) > 1 {
		n := legalWords(words)
		if n == 0 {
			break
		}
		words = words[:len(words)-n]
	}
	return strings.Join(words, " ")
}

// legalWords counts the words of the legal form at the end of a name; "sp z o
// o" has four.
func legalWords(words []string) int {
	for n := min(4, len(words)-1); n > 0; n-- {
		if legalForms[strings.Join(words[len(words)-n:], " ")] {
			return n
		}
	}
	return 0
}
