package whois

import (
	"strings"

	"spoor/enrich"
)

// placeholders fill an empty field.
var placeholders = keySet(`n a|na|none|null|nil|not available|not applicable|unknown|undefined|empty|no data|not provided|not specified|not set|not entered|none given|no value|blank|tbd|xxx|no name|notavailable|nonexistent|not assigned|ei ole|no email|no phone|no fax|no organization|individual|keine|nenhum|ninguno|missing|unspecified`)

// isPlaceholder reports whether a value means "none".
func isPlaceholder(v string) bool {
	if len(v) > 24 {
		return false
	}
	if !hasLetter(v) && strings.Trim(v, " .-_*/?+0~") == "" {
		return true
	}
	return placeholders[normalKey(v)]
}

// redactions are the words by which registries and registrars redact a field.
var redactions = newPhrases(
	"redacted", "data protected", "not disclosed", "gdpr masked", "gdpr redacted", "gdpr protected", "statutory masking", "data withheld", "withheld for gdpr", "withheld due",
	"non-public data", "non public data", "nonpublic", "not public", "hidden upon user request", "hidden upon request", "hidden by request", "data hidden", "information hidden", "hidden data", "protected data", "personal data", "not shown", "not published", "not displayed", "cannot be displayed",
	"not available from registry", "information not available", "data not available", "not available for privacy", "please query the rdds", "please query the whois", "query the rdds", "rdds service of the registrar", "visit www.eurid", "webbased whois", "web-based whois", "please visit www.dns", "whois.eurid.eu",
	"diffusion restreinte", "restricted diffusion", "anonymisé", "ano nymous", "ano00-frnic", "private registrant", "private person", "private individual", "privacyguard redact", "dato protegido", "datos protegidos", "dados protegidos",
	"contact form at", "contact domain holder link", "select contact", "<data", "for privacy", "this information is private", "ukryte", "ukryty", "skryto", "nezverejnen", "nezveřejn", "rejtett", "скрыт", "частное лицо", "физическое лицо", "非公開", "비공개", "隐私", "隱私", "privacy protected", "privacy requested", "privacy reasons", "eu data subject", "not for public", "unavailable due",
	"data restricted", "restricted data", "not releasable", "private registration", "private data",
)

// hiddenWords mean redaction only if they are the whole value; "Hidden Valley
// Ltd" is a name.
var hiddenWords = keySet(`private|protected|privacy|gdpr|restricted|hidden|masked|confidential|anonymous|suppressed|obfuscated|concealed|withheld|undisclosed|privado|geheim|afgeschermd|versteckt|verborgen|secret|private data|privacy protection|not public|private registrant|private individual`)

// isRedacted reports whether a value consists of words of redaction.
func isRedacted(v string) bool {
	if v == "" || len(v) > 300 {
		return false
	}
	low := strings.ToLower(v)
	if !strings.Contains(low, " ") && emailIn(v) != "" { // redacted-for-privacy@registrar.example is an address
		return strings.HasPrefix(low, "redacted@")
	}
	if hiddenWords[normalKey(v)] {
		return true
	}
	if strings.Contains(low, "redacted for") || strings.Contains(low, "gdpr masked") {
		return true
	}
	if !strings.Contains(low, " ") {
		low = strings.NewReplacer("_", " ", "-", " ", ".", " ").Replace(low)
	}
	return redactions.in(low) != "" && !isService(low)
}

// isService reports whether words of redaction belong to the name of a privacy
// service.
func isService(low string) bool {
	return privacyService(low) != "" && !strings.HasPrefix(low, "redacted")
}

// services lists privacy and proxy services by words in their names or mail
// addresses.
var services = []struct{ words, name string }{
	{"domains by proxy", "Domains By Proxy"}, {"domainsbyproxy", "Domains By Proxy"},
	{"whoisguard", "WhoisGuard"}, {"withheld for privacy", "Withheld for Privacy"}, {"withheldforprivacy", "Withheld for Privacy"},
	{"contact privacy", "Contact Privacy"}, {"contactprivacy", "Contact Privacy"},
	{"whois privacy protection service", "Whois Privacy Protection Service"}, {"privacyprotect.org", "Privacy Protect"}, {"privacy protect", "Privacy Protect"}, {"privacyprotect", "Privacy Protect"},
	{"privacyguardian", "PrivacyGuardian"}, {"privacy guardian", "PrivacyGuardian"}, {"see privacyguardian", "PrivacyGuardian"},
	{"perfect privacy", "Perfect Privacy"}, {"domain protection services", "Domain Protection Services"},
	{"whoisprivacyprotect", "Whois Privacy Protection Service"},
	{"whois privacy service", "Whois Privacy Service"}, {"whois privacy", "Whois Privacy"}, {"whoisprivacy", "Whois Privacy"}, {"whois protection", "Whois Protection"}, {"whois agent", "Whois Agent"}, {"whoisagent", "Whois Agent"},
	{"moniker privacy", "Moniker Privacy Services"}, {"privacy services", "Privacy Services"}, {"super privacy service", "Super Privacy Service"},
	{"proxy.dreamhost", "DreamHost Privacy"}, {"a happy dreamhost customer", "DreamHost Privacy"},
	{"namecheap privacy", "WhoisGuard"}, {"identity protection service", "Identity Protection Service"}, {"identityprotect", "Identity Protection Service"},
	{"1&1 internet private", "1&1 Private Registration"}, {"oneandone private", "1&1 Private Registration"}, {"1and1-private", "1&1 Private Registration"},
	{"network solutions private", "Network Solutions Private Registration"}, {"networksolutionsprivateregistration", "Network Solutions Private Registration"},
	{"gandi id shield", "Gandi ID Shield"}, {"ovh sas whois", "OVH Whois Protection"}, {"o-w-o.info", "OVH Whois Protection"},
	{"domain privacy service", "Domain Privacy Service"}, {"domain privacy", "Domain Privacy"}, {"domainprivacygroup", "Domain Privacy Group"}, {"privacydotlink", "PrivacyDotLink"}, {"privacy.link", "PrivacyDotLink"},
	{"domain id shield", "Domain ID Shield"}, {"domainidshield", "Domain ID Shield"}, {"id shield", "ID Shield"}, {"myprivacy.net", "MyPrivacy"}, {"my privacy", "MyPrivacy"}, {"protecteddomainservices", "Protected Domain Services"}, {"protected domain services", "Protected Domain Services"},
	{"domaindiscreet", "Domain Discreet"}, {"domain discreet", "Domain Discreet"}, {"fundacion privacy", "Fundacion Privacy Services"}, {"fundacion private whois", "Fundacion Private Whois"},
	{"privacy hero", "Privacy Hero"}, {"privacy inc", "Privacy Inc"}, {"privacy ltd", "Privacy Ltd"}, {"anonymize, inc", "Anonymize"}, {"anonymize.com", "Anonymize"}, {"njalla", "Njalla"}, {"1337 services", "Njalla"},
	{"privacy service", "Privacy Service"}, {"proxy service", "Proxy Service"}, {"private whois", "Private Whois"}, {"privatewhois", "Private Whois"}, {"whois proxy", "Whois Proxy"}, {"whoisproxy", "Whois Proxy"}, {"domain proxy", "Domain Proxy"}, {"domains proxy", "Domains Proxy"},
	{"knock knock whois not there", "Knock Knock Whois Not There"}, {"digital privacy corp", "Digital Privacy Corporation"}, {"registration private", "Domains By Proxy"}, {"aliyun privacy", "Aliyun Privacy"}, {"yinsi baohu", "YinSi BaoHu"}, {"yinsibaohu", "YinSi BaoHu"},
	{"global domain privacy", "Global Domain Privacy Services"}, {"jewella privacy", "Jewella Privacy"}, {"privacy administrator", "Privacy Administrator"}, {"private registration", "Private Registration"}, {"private registrations", "Private Registration"}, {"domain administrator, see", "PrivacyGuardian"},
	{"proxy protection", "Proxy Protection"}, {"onamae.com whois", "Whois Privacy Protection Service by onamae.com"}, {"muumuudomain", "Muumuu Domain Whois Proxy"},
	{"privacyco", "PrivacyCo"}, {"whois-guard", "WhoisGuard"}, {"whois guard", "WhoisGuard"}, {"private by design", "Private by Design"}, {"super privacy", "Super Privacy Service"}, {"key-systems privacy", "Whois Privacy"}, {"nameprivacy", "Name Privacy"}, {"domainprotection", "Domain Protection"}, {"domain protection", "Domain Protection"},
}

// serviceRank maps the words of services to their position in the list. The
// first position counts, so specific names precede general ones.
var serviceRank, serviceWords = indexServices()

// indexServices indexes the services by their words.
func indexServices() (map[string]int, phrases) {
	rank := make(map[string]int)
	var list []string
	for i, s := range services {
		rank[s.words] = i
		list = append(list, s.words)
	}
	return rank, newPhrases(list...)
}

// privacyService returns the service named in text (lower case), or "".
func privacyService(text string) string {
	best := len(services)
	serviceWords.each(text, func(w string) {
		best = min(best, serviceRank[w])
	})
	if best == len(services) {
		return ""
	}
	return services[best].name
}

// unveil removes a privacy service from the contacts, because its name and
// address do not identify the registrant. The mail address stays, since many
// services create one for each domain.
func unveil(reg *enrich.Registration) {
	for _, p := range contactsOf(reg) {
		c := p.contact
		name := privacyService(strings.ToLower(strings.Join([]string{c.Name, c.Organization, c.Email}, "\n")))
		if name == "" && len(c.Street) > 0 {
			name = privacyService(strings.ToLower(strings.Join(c.Street, "\n")))
		}
		if name == "" {
			continue
		}
		if p.role == "registrant" {
			reg.Privacy = name
		}
		kept := enrich.Contact{Handle: c.Handle, Email: c.Email, Created: c.Created}
		reg.Redacted = append(reg.Redacted, filled(p.role, c)...)
		*c = kept
	}
}

// filled lists the paths of c's fields that name or locate a person.
func filled(role string, c *enrich.Contact) []string {
	var out []string
	for _, f := range []struct {
		f  field
		in bool
	}{
		{fName, c.Name != ""}, {fOrg, c.Organization != ""}, {fStreet, len(c.Street) > 0}, {fCity, c.City != ""}, {fRegion, c.Region != ""},
		{fPostal, c.PostalCode != ""}, {fCountry, c.Country != "" || c.CountryRaw != ""}, {fPhone, c.PhoneRaw != ""}, {fFax, c.Fax != ""},
	} {
		if f.in {
			out = append(out, role+"."+string(f.f))
		}
	}
	return out
}

// rolePath is a contact with the name of its role.
type rolePath struct {
	role    string
	contact *enrich.Contact
}

func contactsOf(reg *enrich.Registration) [4]rolePath {
	return [4]rolePath{{"registrant", &reg.Registrant}, {"admin", &reg.Admin}, {"tech", &reg.Tech}, {"billing", &reg.Billing}}
}
