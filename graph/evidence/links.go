package evidence

import "strings"

// Limits of one message's links, in entries or bytes. Hostile mail has
// thousands of links, and URLs of megabytes; honest newsletters rarely have
// more than a hundred links.
const (
	maxLinks  = 200
	maxTokens = 16
	maxURL    = 2000
	maxPaths  = 6
)

// links adds the features of the links. Links of the sending service, of the
// mailing list's footer and of the mail program itself are not the author's.
func (c *collector) links(m *Message) {
	t := tokens{readers: m.Readers}
	list := ""
	if relayed(m) {
		list = listDomain(m) // its footer
	}
	service := serviceOf(m)
	made := strings.ToLower(m.HeaderNames + " " + m.Mailer)
	paths := 0
	for i := range head(m.Links, maxLinks) {
		l := &m.Links[i]
		if strings.HasPrefix(l.Found, "list-") {
			c.put(Unsubscribe, l.Domain)
		}
		if l.Host == "" || everyday(l.Host) || list != "" && l.Domain == list {
			continue
		}
		if l.Domain != "" && (l.Domain == service || madeBy(made, l.Domain)) {
			c.put(LinkService, l.Domain)
		} else {
			c.place(l)
		}
		if paths < maxPaths && l.Shared == "" && c.path(l.URL) {
			paths++
		}
		t.url(l.URL, 0)
	}
	for _, v := range t.out {
		c.put(LinkToken, v)
	}
}

// serviceOf returns the registered domain of the service that sent m for a
// customer: it takes the bounces or names itself in its HELO, and links lead
// through its domain. It returns "" for mail that a domain sends for itself.
func serviceOf(m *Message) string {
	from, bounce := registeredOf(m.From), registeredOf(m.ReturnPath)
	sender := registered(m.ReverseName)
	if sender == "" {
		sender = registered(m.HELO)
	}
	if sender == "" || sender == from || bounce != sender && registeredOf(m.MessageID) != sender {
		return ""
	}
	return sender
}

// path adds the URL path as evidence if it is distinctive. A kit keeps its
// paths while the domains change.
func (c *collector) path(url string) bool {
	p := pathOf(url)
	if len(p) < 5 || len(p) > 200 || commonPaths[p] || strings.Count(p, "/") == 1 && commonName(strings.Trim(p, "/")) {
		return false
	}
	c.put(LinkPathText, p)
	return true
}

// place adds the target of a link: the owner of the domain, or the customer of
// a shared host.
func (c *collector) place(l *Link) {
	switch {
	case l.Shared == "" || l.Shared == "private-suffix":
		owner := l.Domain
		if owner == "" {
			owner = l.Host // an address, or a name without a public suffix
		}
		c.put(LinkDomain, owner)
		if l.Host != owner && l.Host != "www."+owner {
			c.put(LinkHost, l.Host)
		}
		c.put(LinkPath, pathForm(l.URL))
		c.put(LinkHostForm, hostForm(l.Host, owner))
	default:
		if l.Tenant != "" && !(l.Shared == "esp" && everyTenants(l.Tenant)) {
			c.put(LinkTenant, l.Host+" "+l.Tenant)
		}
		if p := pathOf(l.URL); len(p) > 1 && len(p) < 300 {
			c.put(LinkTenant, l.Host+p)
		}
	}
}

// hostForm returns the shape of a generated host name, or "" for plain words.
func hostForm(host, owner string) string {
	label, tld, _ := strings.Cut(owner, ".")
	sub := strings.TrimSuffix(strings.TrimSuffix(host, owner), ".")
	if sub == "www" {
		sub = ""
	}
	if !strings.ContainsAny(label+sub, "0123456789-") && len(label) < 14 && sub == "" {
		return ""
	}
	return shape(sub) + "|" + shape(label) + "." + tld
}

// pathOf returns the path of an absolute URL, without query and fragment.
func pathOf(url string) string {
	p, _, _ := strings.Cut(afterHost(url), "#")
	p, _, _ = strings.Cut(p, "?")
	return p
}

// afterHost returns the path, query and fragment of a URL.
func afterHost(url string) string {
	_, rest, ok := strings.Cut(url, "://")
	if !ok {
		return ""
	}
	if i := strings.IndexAny(rest, "/?#"); i >= 0 {
		return rest[i:]
	}
	return ""
}

// minLiteral is the number of letters that must remain of a path without its
// variable parts. "/index.html" has fewer.
const minLiteral = 8

// pathForm returns the path and the parameter names of a URL. Parts that vary
// from mail to mail are replaced by their class (Xie et al., Spamming Botnets:
// Signatures and Characteristics, 2008). It returns "" if too little remains.
func pathForm(url string) string {
	rest := afterHost(url)
	if len(rest) > 400 {
		return ""
	}
	rest, _, _ = strings.Cut(rest, "#")
	path, query, _ := strings.Cut(rest, "?")
	var b strings.Builder
	literal := 0
	for seg := range strings.SplitSeq(strings.TrimPrefix(path, "/"), "/") {
		b.WriteByte('/')
		literal += writeForm(&b, seg)
	}
	for i, pair := range strings.Split(query, "&") {
		if name, _, ok := strings.Cut(pair, "="); ok {
			b.WriteByte("?&"[min(i, 1)])
			literal += writeForm(&b, name)
			b.WriteByte('=')
		}
	}
	if literal < minLiteral || commonPaths[b.String()] {
		return ""
	}
	return b.String()
}

// commonPaths are paths that any site may have.
var commonPaths = map[string]bool{
	"/index.html": true, "/index.htm": true, "/index.php": true, "/default.asp": true, "/default.aspx": true, "/index.asp": true,
	"/unsubscribe": true, "/remove.html": true, "/remove.php": true, "/images/logo.gif": true, "/images/logo.png": true,
	"/unsubscribe.php": true, "/unsubscribe.html": true, "/privacy": true, "/contact": true, "/images/spacer.gif": true,
	"/images/": true, "/favicon.ico": true, "/wp-content/": true, "/logo.png": true, "/unsubscribe/": true,
}

// writeForm writes a path segment or parameter name: unchanged if it looks like
// a word, else its class. It returns the number of letters kept.
func writeForm(b *strings.Builder, s string) int {
	if looksLikeID(s) {
		b.WriteByte('*')
		return 0
	}
	b.WriteString(numberForm(s))
	letters := 0
	for i := range len(s) {
		if isAlpha(s[i]) || s[i] >= 0x80 {
			letters++
		}
	}
	return letters
}

// looksLikeID reports whether s was generated: long with digits, of mixed case,
// or longer than words are.
func looksLikeID(s string) bool {
	digits, letters, upper := 0, 0, 0
	for i := range len(s) {
		switch c := s[i]; {
		case isDigit(c):
			digits++
		case c >= 'A' && c <= 'Z':
			upper++
			letters++
		case c >= 'a' && c <= 'z' || c >= 0x80:
			letters++
		}
	}
	return len(s) >= 8 && digits > 0 && digits*4 >= len(s) || len(s) > 24 || upper > 2 && upper < letters && len(s) >= 8
}

// madeBy reports whether a domain belongs to the service or program that made
// the mail, because its name occurs in header names (X-Zendesk-Email-Id) or in
// X-Mailer. habits is in lower case.
func madeBy(habits, domain string) bool {
	label, _, _ := strings.Cut(domain, ".")
	if len(label) < 5 {
		return false
	}
	_, mailer, _ := strings.Cut(habits, " ")
	return strings.Contains(habits, "x-"+label) || strings.Contains(mailer, label)
}

// everyTenants reports whether a host of a mailing service holds the images of
// all its customers, so that the rest of its name identifies none.
func everyTenants(tenant string) bool {
	first, _, _ := strings.Cut(tenant, ".")
	switch first {
	case "cdn", "img", "images", "static", "assets", "media", "content", "files":
		return true
	}
	return false
}
