package links

import (
	"strings"
)

// unwrapper returns the target inside the URL of a known redirector, or "".
type unwrapper func(u *parsed) string

// maxTargets limits the URLs taken out of one URL. Filters and trackers contain
// one; a hostile URL may contain thousands.
const maxTargets = 4

// follow records the targets inside link i.
//
// A rule for the host comes first. Without one, or if it finds nothing, every
// full URL inside counts: open redirectors on honest hosts work so.
func (x *extractor) follow(i int, u *parsed, o owner) {
	if x.marks[i].depth >= maxVia || u.tail <= 0 || u.tail >= len(u.text)-1 {
		return
	}
	where := x.out.Links[i].Where
	if o.unwrap != nil {
		if t := o.unwrap(u); t != "" {
			x.target(i, t, where)
			return
		}
	}
	found := 0
	embedded(u.text[u.tail:], func(target string, coded bool) bool {
		if o.unwrap == nil {
			x.marks[i].notes |= openRedirect
		}
		if coded {
			x.marks[i].notes |= base64Target
		}
		x.target(i, target, where)
		found++
		return found < maxTargets
	})
	if found == 0 && opaque(o.name.Host) {
		x.marks[i].notes |= opaqueRedirect
	}
}

// target records one target of link i.
//
// A rule may yield any string. It becomes a link only if a browser would go
// there.
func (x *extractor) target(i int, target, where string) {
	target = clean(target)
	scheme, rest := splitScheme(target)
	n := notes(0)
	url := target
	switch {
	case web(scheme), scheme == "ftp":
	case strings.HasPrefix(target, "//"):
		url, n = "http:"+target, noScheme
	case scheme == "" && x.acceptBare(strings.TrimSuffix(authority(":"+target), "."), 0, '/', "/a"):
		url, n = "http://"+target, noScheme
	case scheme == "mailto":
		x.mailto(rest, where)
		return
	default:
		return
	}
	x.keep(found{raw: target, url: url, where: where, via: i, notes: n})
}

// unwrapperOf finds the rule for a host by its longest listed suffix.
func unwrapperOf(host string) unwrapper {
	for s := host; ; {
		if u, ok := redirectors[s]; ok {
			return u
		}
		dot := strings.IndexByte(s, '.')
		if dot < 0 {
			break
		}
		s = s[dot+1:]
	}
	if googleHost(host) {
		return unwrapGoogle
	}
	return nil
}

// googleHost reports whether host is a national name of google.com, such as
// www.google.co.uk.
//
// The length excludes names such as google.com.example.org.
func googleHost(host string) bool {
	host = strings.TrimPrefix(host, "www.")
	return strings.HasPrefix(host, "google.") && len(host) <= len("google.com.xx")
}

// redirectors maps hosts to rules. A percent-encoded full URL is found without
// a rule. The rule adds that redirecting is the purpose of the host, and it
// reads targets without a scheme.
var redirectors = map[string]unwrapper{
	// Mail filters that rewrite the links in their customers' mail.
	"safelinks.protection.outlook.com": byParam("url"),
	"statics.teams.cdn.office.net":     byParam("url"),
	"urldefense.proofpoint.com":        unwrapProofpoint,
	"urldefense.com":                   unwrapProofpoint,
	"urldefense.us":                    unwrapProofpoint,
	"clicktime.symantec.com":           byParam("u"),
	"clicktime.cloud.postoffice.net":   byParam("u", "url"),
	"linkprotect.cudasvc.com":          byParam("a"),
	"secure-web.cisco.com":             unwrapLastSegment,
	"fireeye.com":                      byParam("u"),
	"trellix.com":                      byParam("u"),
	"protection.sophos.com":            unwrapSophos,
	"trendmicro.com":                   byParam("url"),
	"avanan.click":                     unwrapCheckPoint,
	"checkpoint.com":                   unwrapCheckPoint,
	"inky.com":                         byParam("url"),
	"edgepilot.com":                    byParam("u"),
	"emailprotection.link":             byParam("u", "url"),
	"scanmail.trustwave.com":           byParam("u"),
	"mailguard.com.au":                 byParam("u", "url"),
	"hornetsecurity.com":               byParam("url", "u"),
	"safe.menlosecurity.com":           unwrapRest,
	"linklock.titanhq.com":             byParam("url", "u"),
	"abuse.vadesecure.com":             byParam("u", "url"),
	"securelinks.cloud-security.net":   byParam("url", "u"),
	"translate.goog":                   unwrapTranslate,
	"translate.google.com":             byParam("u"),
	"googleadservices.com":             byParam("adurl"),
	"googlesyndication.com":            byParam("adurl"),
	"doubleclick.net":                  byParam("adurl", "ds_dest_url", "url"),
	"googleweblight.com":               byParam("lite_url", "u"),
	"google.com":                       unwrapGoogle,
	"ampproject.org":                   unwrapAMP,
	"googleusercontent.com":            unwrapFragment,
	"services.web.outlook.com":         byParam("u"),
	"webcache.googleusercontent.com":   unwrapCache,
	"bing.com":                         unwrapBing,
	"r.search.yahoo.com":               unwrapYahoo,
	"search.yahoo.com":                 unwrapYahoo,
	"rds.yahoo.com":                    unwrapYahoo,
	"duckduckgo.com":                   byParam("uddg"),
	"l.facebook.com":                   byParam("u"),
	"lm.facebook.com":                  byParam("u"),
	"facebook.com":                     byPath("/l.php", "u", "/flx/warn/", "u"),
	"l.instagram.com":                  byParam("u"),
	"l.messenger.com":                  byParam("u"),
	"l.threads.net":                    byParam("u"),
	"linkedin.com":                     byPath("/redir/", "url", "/safety/go", "url", "/authwall", "sessionRedirect"),
	"youtube.com":                      byPath("/redirect", "q", "/attribution_link", "u"),
	"out.reddit.com":                   byParam("url"),
	"slack-redir.net":                  byParam("url"),
	"steamcommunity.com":               byPath("/linkfilter", "url", "/linkfilter", "u"),
	"vk.com":                           byPath("/away", "to"),
	"away.vk.com":                      byParam("to"),
	"t.umblr.com":                      byParam("z"),
	"link.zhihu.com":                   byParam("target"),
	"href.li":                          unwrapQuery,
	"anonym.to":                        unwrapQuery,
	"anon.to":                          unwrapQuery,
	"nullrefer.com":                    unwrapQuery,
	"dereferer.me":                     unwrapQuery,
	"awstrack.me":                      unwrapAWS,
	"mandrillapp.com":                  unwrapMandrill,
	"linksynergy.com":                  byParam("murl", "RD_PARM1"),
	"awin1.com":                        byParam("ued", "p"),
	"redirect.viglink.com":             byParam("u"),
	"go.redirectingat.com":             byParam("url"),
	"go.skimresources.com":             byParam("url"),
	"deviantart.com":                   unwrapQuery,
	"exit.sc":                          byParam("url"),
	"web.archive.org":                  unwrapRest,
	"chart.apis.google.com":            byParam("chl"),
	"login.microsoftonline.com":        byParam("redirect_uri"),
	"accounts.google.com":              byParam("continue", "redirect_uri"),
	"app.link":                         byParam("$fallback_url", "$desktop_url"),
	"page.link":                        byParam("link", "ofl", "afl"),
	"onelink.me":                       byParam("af_web_dp", "af_dp", "af_r"),
	"safelink.emails.azure.net":        byParam("destination", "p"),
	"pstmrk.it":                        unwrapPostmark,
}

// opaque reports whether a link filter or counter keeps the target on its own
// server, so that the URL does not contain it.
func opaque(host string) bool {
	for _, s := range opaqueHosts {
		if host == s || len(host) > len(s) && host[len(host)-len(s)-1] == '.' && strings.HasSuffix(host, s) {
			return true
		}
	}
	return false
}

// opaqueHosts are registered domains or hosts of link filters and click
// counters that map an id to its target on their servers.
var opaqueHosts = []string{
	"mimecast.com", "mimecastprotect.com", "baidu.com", "ct.sendgrid.net", "list-manage.com", "rs6.net", "hubspotlinks.com",
	"clicktime.symantec.com", "protection.sophos.com", "secure-web.cisco.com", "linkprotect.cudasvc.com", "exct.net",
	"urldefense.com", "urldefense.proofpoint.com", "avanan.click", "klclick.com", "emlnk.com", "mjt.lu", "sendibt2.com",
	"sendibt3.com", "sparkpostmail.com", "mailgun.org", "inky.com", "edgepilot.com", "mailguard.com.au", "createsend.com",
}

// byParam reads the target from the first of the named query parameters that is
// present.
func byParam(names ...string) unwrapper {
	return func(u *parsed) string {
		_, query, _ := strings.Cut(u.text[u.tail:], "?")
		for _, name := range names {
			if v := param(query, name); v != "" {
				return decodeTarget(percentDecode(v))
			}
		}
		return ""
	}
}

// byPath reads parameters on certain paths only. pairs alternates path prefixes
// and parameter names.
func byPath(pairs ...string) unwrapper {
	return func(u *parsed) string {
		path, query, _ := strings.Cut(u.text[u.tail:], "?")
		for i := 0; i < len(pairs); i += 2 {
			if strings.HasPrefix(path, pairs[i]) {
				if v := param(query, pairs[i+1]); v != "" {
					return decodeTarget(percentDecode(v))
				}
			}
		}
		return ""
	}
}

// param returns the raw value of a query parameter. HTML that was escaped twice
// leaves "amp;" before its name.
func param(query, name string) string {
	for query != "" {
		var pair string
		pair, query, _ = strings.Cut(query, "&")
		pair = strings.TrimPrefix(pair, "amp;")
		if v, ok := strings.CutPrefix(pair, name); ok && strings.HasPrefix(v, "=") {
			if i := strings.IndexByte(v, '#'); i >= 0 {
				v = v[:i]
			}
			return v[1:]
		}
	}
	return ""
}

// decodeTarget decodes a value until it is a URL. A link passes through several
// services, and each may encode it again.
func decodeTarget(v string) string {
	// Hostile values can be encoded any number of times; services add one or
	// two.
	for range 4 {
		scheme, rest := splitScheme(v)
		if scheme != "" && strings.HasPrefix(rest, "/") {
			return v
		}
		d := percentDecode(v)
		if d == v {
			break
		}
		v = d
	}
	return v
}

// unwrapQuery takes the whole query as the target.
func unwrapQuery(u *parsed) string {
	_, query, _ := strings.Cut(u.text[u.tail:], "?")
	return decodeTarget(query)
}

// unwrapFragment takes the fragment as the target, as image proxies of web mail
// write it.
func unwrapFragment(u *parsed) string {
	if _, fragment, ok := strings.Cut(u.text[u.tail:], "#"); ok && isWebURL(fragment) {
		return fragment
	}
	return ""
}

// unwrapRest takes the text from the first "http" of the path.
func unwrapRest(u *parsed) string {
	if i := strings.Index(u.text[u.tail:], "/http"); i >= 0 {
		return decodeTarget(u.text[u.tail+i+1:])
	}
	return ""
}

// unwrapLastSegment takes the last path segment that decodes to a URL.
func unwrapLastSegment(u *parsed) string {
	path, _, _ := strings.Cut(u.text[u.tail:], "?")
	for path != "" {
		i := strings.LastIndexByte(path, '/')
		if d := decodeTarget(path[i+1:]); strings.HasPrefix(d, "http") && strings.Contains(d, "://") {
			return d
		}
		if i < 0 {
			break
		}
		path = path[:i]
	}
	return ""
}
