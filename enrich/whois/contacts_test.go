package whois

import (
	"reflect"
	"slices"
	"strings"
	"testing"

	"spoor/enrich"
)

func parseText(t *testing.T, name, text string) *enrich.Registration {
	t.Helper()
	a := Parse(name, "", []byte(text))
	if a.Registration == nil {
		t.Fatalf("%s: %s", a.Outcome, a.Detail)
	}
	return a.Registration
}

const head = "Domain Name: example.com\nRegistrar: Example\nCreation Date: 2001-02-03\n"

func TestRedaction(t *testing.T) {
	for _, words := range []string{
		"REDACTED FOR PRIVACY", "Redacted for Privacy Purposes", "Data Protected", "Data Protected, not disclosed", "Not Disclosed", "NOT DISCLOSED!", "GDPR Masked",
		"Statutory Masking Enabled", "Non-Public Data", "Not Disclosed - Visit www.registry.example for webbased WHOIS", "Hidden upon user request", "Private Person",
		"<DATA NOT DISCLOSED>", "REDACTED_FOR_PRIVACY", "Masked", "hidden", "Data Redacted", "Information not available due to GDPR redacted", "Withheld for GDPR compliance",
	} {
		reg := parseText(t, "example.com", head+"Registrant Name: "+words+"\nRegistrant City: "+words+"\nRegistrant Country: DE\nAdmin Email: "+words+"\n")
		if reg.Registrant.Name != "" || reg.Registrant.City != "" || reg.Admin.Email != "" || reg.Registrant.Country != "DE" {
			t.Errorf("%q: %+v", words, reg.Registrant)
		}
		if !slices.Contains(reg.Redacted, "registrant.name") || !slices.Contains(reg.Redacted, "registrant.city") {
			t.Errorf("%q: redacted %q", words, reg.Redacted)
		}
	}
}

func TestNamesThatAreNoRedaction(t *testing.T) {
	for _, name := range []string{"Hidden Valley Ltd", "Private Joe Bloggs", "Protected Trees Trust", "Anonymous Coward Inc", "Example Data Systems", "Maskedball GmbH", "Secret Garden Nursery"} {
		reg := parseText(t, "example.com", head+"Registrant Name: "+name+"\n")
		if reg.Registrant.Name != name || len(reg.Redacted) > 0 {
			t.Errorf("%q became %q, redacted %q", name, reg.Registrant.Name, reg.Redacted)
		}
	}
}

func TestPrivacyServices(t *testing.T) {
	for org, want := range map[string]string{
		"Domains By Proxy, LLC": "Domains By Proxy",
		"WhoisGuard, Inc.":      "WhoisGuard",
		"Privacy service provided by Withheld for Privacy ehf": "Withheld for Privacy",
		"Contact Privacy Inc. Customer 0123456789":             "Contact Privacy",
		"Privacy Protect, LLC (PrivacyProtect.org)":            "Privacy Protect",
		"See PrivacyGuardian.org":                              "PrivacyGuardian",
		"PERFECT PRIVACY, LLC":                                 "Perfect Privacy",
		"Domain Protection Services, Inc.":                     "Domain Protection Services",
		"Whois Privacy Protection Service, Inc.":               "Whois Privacy Protection Service",
		"Super Privacy Service LTD c/o Dynadot":                "Super Privacy Service",
		"Moniker Privacy Services":                             "Moniker Privacy Services",
	} {
		reg := parseText(t, "example.com", head+"Registrant Name: Domain Admin\nRegistrant Organization: "+org+"\nRegistrant Street: 1 Proxy Road\nRegistrant Phone: +1.4805550142\nRegistrant Email: 0123@proxy.example\n")
		c := reg.Registrant
		if reg.Privacy != want || c.Name != "" || c.Organization != "" || len(c.Street) > 0 || c.Phone != "" {
			t.Errorf("%q: privacy %q, registrant %+v", org, reg.Privacy, c)
		}
		if c.Email != "0123@proxy.example" {
			t.Errorf("%q: e-mail %q", org, c.Email)
		}
	}
}

func TestPhones(t *testing.T) {
	for _, c := range []struct{ raw, country, e164, region string }{
		{"+48 22 5550142", "US", "+48225550142", "PL"},
		{"+1.4806242599", "", "+14806242599", "US"},
		{"(480) 624-2599", "US", "+14806242599", "US"},
		{"+49-221-5550142", "", "+492215550142", "DE"},
		{"0221 5550142", "DE", "+492215550142", "DE"},
		{"+1.4806242599 x12", "", "+14806242599", "US"},
		{"02-555-0142", "", "", ""},
		{"12", "US", "", ""},
		{"n/a", "US", "", ""},
	} {
		if e164, region := phone(c.raw, c.country); e164 != c.e164 || region != c.region {
			t.Errorf("%q in %q: %q %q", c.raw, c.country, e164, region)
		}
	}
}

func TestCountries(t *testing.T) {
	for name, want := range map[string]string{
		"DE": "DE", "de": "DE", "Germany": "DE", "GERMANY": "DE", "Deutschland": "DE", "UNITED STATES": "US", "USA": "US", "U.S.A.": "US", "UK": "GB", "Great Britain": "GB",
		"Korea, Republic of": "KR", "Republic of Korea": "KR", "Russian Federation": "RU", "Россия": "RU", "P.R. China": "CN", "中国": "CN", "Viet Nam": "VN", "Türkiye": "TR", "Nederland": "NL",
		"US (UNITED STATES)": "US", "Germany (DE)": "DE", "Polska": "PL", "España": "ES", "": "", "Atlantis": "", "XX": "",
	} {
		if got := countryCode(name); got != want {
			t.Errorf("%q: %q, want %q", name, got, want)
		}
	}
}

func TestLetters(t *testing.T) {
	for _, c := range []struct {
		lines string
		want  enrich.Contact
	}{
		{"Jane Doe\n1 Main Street\nSpringfield, IL 62701\nUS", enrich.Contact{Name: "Jane Doe", Street: []string{"1 Main Street"}, City: "Springfield", Region: "IL", PostalCode: "62701", Country: "US", CountryRaw: "US"}},
		{"Example GmbH\nErika Musterfrau\nHeidestrasse 17\n51147 Koeln\nGermany", enrich.Contact{Name: "Erika Musterfrau", Organization: "Example GmbH", Street: []string{"Heidestrasse 17"}, City: "Koeln", PostalCode: "51147", Country: "DE", CountryRaw: "Germany"}},
		{"PERSON\nMortimer QUILL (QUILL7-BMN-PE)\nPO Box 9, Eastford\n10001 NY\nUNITED STATES", enrich.Contact{Handle: "QUILL7-BMN-PE", Name: "Mortimer QUILL", Street: []string{"PO Box 9"}, City: "Eastford", Region: "NY", PostalCode: "10001", Country: "US", CountryRaw: "UNITED STATES"}},
		{"Sample Person\n1 Sample Road\nSampleton\nOxon\nOX1 1AA\nUnited Kingdom", enrich.Contact{Name: "Sample Person", Street: []string{"1 Sample Road"}, City: "Sampleton", Region: "Oxon", PostalCode: "OX1 1AA", Country: "GB", CountryRaw: "United Kingdom"}},
		{"Jan Jansen  jan@voorbeeld.example\nDorpsstraat 1\n1234 AB Amsterdam\nNL", enrich.Contact{Name: "Jan Jansen", Street: []string{"Dorpsstraat 1"}, City: "Amsterdam", PostalCode: "1234 AB", Country: "NL", CountryRaw: "NL", Email: "jan@voorbeeld.example"}},
	} {
		reg := parseText(t, "example.com", "Registrant:\n   "+strings.ReplaceAll(c.lines, "\n", "\n   ")+"\n\n"+head)
		if !reflect.DeepEqual(reg.Registrant, c.want) {
			t.Errorf("%q:\n%+v, want\n%+v", c.lines, reg.Registrant, c.want)
		}
	}
}

func TestAnomalies(t *testing.T) {
	reg := parseText(t, "example.com", head+"Updated Date: 1999-01-01\nRegistrant Country: US\nRegistrant Phone: +48 22 5550142\nRegistrant Email: quill@yahoo.com\nName Server: ns1.example.com\n")
	want := []string{oddPhoneCountry, oddFreeMail, oddOwnServers, oddDates}
	if !reflect.DeepEqual(reg.Anomalies, want) {
		t.Errorf("%q, want %q", reg.Anomalies, want)
	}
	if reg := parseText(t, "example.com", head+"Registrant Country: PL\nRegistrant Phone: +48 22 5550142\n"); len(reg.Anomalies) > 0 {
		t.Errorf("%q", reg.Anomalies)
	}
}

func TestOtherDomainsRecordsAreLeftOut(t *testing.T) {
	reg := parseText(t, "example.com", "Domain Name: EXAMPLE.COM.EVIL.TEST\nRegistrar: Evil\nCreation Date: 1999-01-01\nName Server: ns.evil.test\n\n"+
		"Domain Name: EXAMPLE.COM\nRegistrar: Good\nCreation Date: 2001-02-03\nName Server: ns.good.test\n\nDomain Name: EXAMPLE.NET\nRegistrar: Other\nName Server: ns.other.test\n")
	if reg.Registrar.Name != "Good" || reg.Created.Year() != 2001 || len(reg.NameServers) != 1 || reg.NameServers[0].Host != "ns.good.test" {
		t.Errorf("%+v", reg)
	}
}
