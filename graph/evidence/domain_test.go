package evidence

import (
	"net/netip"
	"slices"
	"testing"
	"time"
)

func kindValues(features []Feature, k Kind) []string {
	var out []string
	for _, f := range features {
		if f.Kind == k {
			out = append(out, f.Value)
		}
	}
	return out
}

// A placeholder in a registrant's field is no evidence: the same words hide
// thousands of domains of different owners. Package whois removes most
// placeholders. These tests cover those that it does not know.
func TestHiddenRegistrants(t *testing.T) {
	for _, v := range []string{
		"REDACTED FOR PRIVACY", "Redacted for Privacy Purposes", "redacted  for\tprivacy", "REDACTED", "Data Redacted", "Data Protected", "Data Protected Data Protected",
		"Statutory Masking Enabled", "STATUTORY MASKING ENABLED", "Not Disclosed", "Not Disclosed Not Disclosed", "NOT DISCLOSED!", "GDPR Masked", "GDPR Redacted", "Gdpr masked gdpr masked",
		"Registration Private", "Private Registration", "Domains By Proxy, LLC", "DomainsByProxy.com", "Contact Privacy Inc. Customer 0123", "Contact Privacy Inc. Customer 0151234567",
		"Withheld for Privacy ehf", "Privacy service provided by Withheld for Privacy ehf", "Identity Protection Service", "On behalf of example.com OWNER",
		"On behalf of example.com owner", "c/o whoisproxy.com", "Super Privacy Service LTD c/o Dynadot", "Super Privacy Service LTD", "Privacy Protect, LLC (PrivacyProtect.org)", "Privacy Protect, LLC",
		"WhoisGuard Protected", "WhoisGuard, Inc.", "Whois Privacy Service", "Whois Privacy Protection Service by onamae.com", "See PrivacyGuardian.org", "PrivacyGuardian.org llc",
		"Whois Agent", "Perfect Privacy, LLC", "Domain Protection Services, Inc.", "Domain Privacy Service FBO Registrant", "Moniker Privacy Services", "Anonymize, Inc.",
		"Hidden", "None", "none", "N/A", "n/a", "Unknown", "Not Available", "Not Available From Registry", "Private Person", "Private", "Masked", "Anonymous", "Anonymisé", "-", "--", "...", "", "   ", "xx",
		"pw-0123abc@privacyguardian.org", "example.com-owner@anonymised.email", "0123abcd.protect@withheldforprivacy.com", "abcdef0123@contactprivacy.com", "example.com@domainsbyproxy.com", "contact@privacyprotect.org",
		"redacted@example.com", "whoisproxy@value-domain.com",
		"Diffusion restreinte", "Ano Nymous", "Dato protegido", "Dados protegidos", "Частное лицо", "Private person", "非公開", "隐私保护", "Ukryte", "Skryto", "Nezverejnene", "Rejtett",
	} {
		d := Domain{Name: "a.example", RegistrantName: v, RegistrantOrg: v, RegistrantEmail: v, RegistrantPhone: v, Handle: v}
		if got := d.Features(); len(got) != 0 {
			t.Errorf("%q names %q", v, got)
		}
	}
}

// Names that have such a word in them by accident are names.
func TestNamesThatLookHidden(t *testing.T) {
	for _, v := range []string{
		"Privat GmbH", "Privatbank AG", "Acme Private Limited", "ACME SOFTWARE PRIVATE LIMITED", "Beispiel Pvt. Ltd.", "Acme (Private) Limited", "Hans Nonenmacher", "Nonesuch Records",
		"Martin/Andersen", "Hidden Valley Ltd", "The Unknown Brewery", "Glenn Marston", "Müller & Söhne", "株式会社例", "postmaster@example.com", "private.limited@example.com", "+1.5550100",
	} {
		d := Domain{Name: "a.example", RegistrantOrg: v}
		if got := d.Features(); len(got) != 1 {
			t.Errorf("%q names nobody", v)
		}
	}
}

func TestDomainFeatures(t *testing.T) {
	at := time.Date(2002, 8, 1, 14, 44, 10, 0, time.UTC)
	d := Domain{Name: "shop.example", RegistrantName: "  Glenn   MARSTON ", Registrar: "Pens", Created: at, NameServers: []string{"NS1.Pool.example", "ns2.pool.example", "localhost"},
		Addresses: []netip.Addr{netip.MustParseAddr("192.0.2.7"), netip.MustParseAddr("::ffff:192.0.2.7"), netip.MustParseAddr("2001:db8:1:2::3")}, ServerAddresses: []netip.Addr{netip.MustParseAddr("198.51.100.1")}}
	f := d.Features()
	for k, w := range map[Kind][]string{
		Registrant: {"glenn marston"}, Registrar: {"pens"}, NameServers: {"pool.example", "pool.example", "localhost"},
		HostAddress: {"192.0.2.7", "192.0.2.7", "2001:db8:1:2::3"}, HostNet: {"192.0.2.0/24", "192.0.2.0/24", "2001:db8:1::/48"}, ServerAddress: {"198.51.100.1"},
	} {
		if got := kindValues(f, k); !slices.Equal(got, w) {
			t.Errorf("%s: %q, want %q", k, got, w)
		}
	}
	d.Privacy = true
	if got := kindValues(d.Features(), Registrant); got != nil {
		t.Errorf("hidden, but names %q", got)
	}
	empty := Domain{Name: "x.example"}
	if got := empty.Features(); len(got) != 0 {
		t.Errorf("nothing is known, but %v", got)
	}
}

// Two domains of one registrar agree where minutes lie between them, wherever the edge of
// a window falls, and disagree where it is half an hour.
func TestRegisteredAt(t *testing.T) {
	at := func(when time.Time, registrar string) []string {
		d := Domain{Registrar: registrar, Created: when}
		return kindValues(d.Features(), RegisteredAt)
	}
	share := func(a, b []string) bool {
		return slices.ContainsFunc(a, func(s string) bool { return slices.Contains(b, s) })
	}
	start := time.Date(2002, 8, 1, 10, 0, 1, 0, time.UTC)
	for s := range 1200 {
		one := start.Add(time.Duration(s) * time.Second)
		if !share(at(one, "pens"), at(one.Add(5*time.Minute), "pens")) {
			t.Fatalf("%v and five minutes later have nothing in common", one)
		}
		if share(at(one, "pens"), at(one.Add(21*time.Minute), "pens")) {
			t.Fatalf("%v and 21 minutes later agree", one)
		}
		if share(at(one, "pens"), at(one, "other")) {
			t.Fatal("registrars agree")
		}
	}
	day := time.Date(2002, 8, 1, 0, 0, 0, 0, time.UTC)
	if got := at(day, "pens"); !slices.Equal(got, []string{"pens 2002-08-01"}) {
		t.Errorf("of a day: %q", got)
	}
	if got := at(day.In(time.FixedZone("", 7200)), "pens"); !slices.Equal(got, []string{"pens 2002-08-01"}) {
		t.Errorf("of a day in another zone: %q", got)
	}
	if got := at(time.Time{}, "pens"); got != nil {
		t.Errorf("unknown, but %q", got)
	}
}

func TestAddressFeatures(t *testing.T) {
	a := Address{Owner: " Bullet  Proof LTD", ASN: 64500}
	if got := a.Features(); !slices.Equal(got, []Feature{{SenderOwner, "bullet proof ltd"}, {SenderAS, "64500"}}) {
		t.Errorf("%v", got)
	}
	if got := a.HostFeatures(); !slices.Equal(got, []Feature{{HostOwner, "bullet proof ltd"}, {HostAS, "64500"}}) {
		t.Errorf("%v", got)
	}
	if got := (&Address{}).Features(); got != nil {
		t.Errorf("%v", got)
	}
}
