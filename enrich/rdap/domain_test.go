package rdap

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/openrdap/rdap"

	"spoor/enrich"

	"spoor/internal/lab/linear"
)

// thick is an answer in the layout that ICANN asks of registries.
const thick = `{"objectClassName":"domain","handle":"D100-EX","ldhName":"SPAM.EXAMPLE",
"status":["client transfer prohibited","active","pending delete"],
"events":[{"eventAction":"registration","eventDate":"2005-12-30T09:45:58Z"},{"eventAction":"expiration","eventDate":"2006-12-30T09:45:58Z"},
 {"eventAction":"last changed","eventDate":"2006-01-05T08:00:00+01:00"},{"eventAction":"last update of RDAP database","eventDate":"2026-01-01T00:00:00Z"}],
"nameservers":[{"objectClassName":"nameserver","ldhName":"NS1.POOL.EXAMPLE.","ipAddresses":{"v4":["192.0.2.53"],"v6":["2001:db8::53"]}},{"ldhName":"ns2.pool.example"},{"ldhName":"ns1.pool.example"}],
"secureDNS":{"delegationSigned":false},
"port43":"whois.registry.example",
"links":[{"rel":"self","href":"https://rdap.registry.example/domain/spam.example"},{"rel":"related","type":"application/rdap+json","href":"https://rdap.registrar.example/domain/SPAM.EXAMPLE"}],
"entities":[
 {"objectClassName":"entity","handle":"292","roles":["registrar"],"port43":"whois.registrar.example","publicIds":[{"type":"IANA Registrar ID","identifier":"9999"}],
  "links":[{"rel":"about","href":"https://registrar.example"}],
  "vcardArray":["vcard",[["version",{},"text","4.0"],["fn",{},"text","Example Registrar, Inc."]]],
  "entities":[{"roles":["abuse"],"vcardArray":["vcard",[["version",{},"text","4.0"],["fn",{},"text",""],["tel",{"type":"voice"},"uri","tel:+1.2125550100"],["email",{},"text","abuse@registrar.example"]]]}]},
 {"objectClassName":"entity","handle":"C1","roles":["registrant","administrative"],"events":[{"eventAction":"registration","eventDate":"2005-12-30T09:45:00Z"}],
  "vcardArray":["vcard",[["version",{},"text","4.0"],["fn",{},"text","Jan Kowalski"],["org",{"type":"work"},"text","Spam Sp. z o.o."],
   ["adr",{"cc":"PL"},"text",["","Suite 2",["ul. Prosta 1","Building B"],"Warszawa","","00-838","Poland"]],
   ["tel",{"type":["work","voice"]},"uri","tel:+48.223895469;ext=3"],["tel",{"type":"fax"},"text","+48.223895470"],["email",{},"text","jan@mail.example"]]]},
 {"objectClassName":"entity","handle":"C2","roles":["technical"],"jscard":{"@type":"Card","version":"1.0","kind":"individual","name":{"full":"Tech Person"},
   "organizations":{"o":{"name":"Tech GmbH"}},"emails":{"e":{"address":"tech@mail.example"}},"phones":{"f":{"features":{"fax":true},"number":"tel:+49.30123457"},"v":{"features":{"voice":true},"number":"tel:+49.30123456"}},
   "addresses":{"a":{"components":[{"kind":"name","value":"Hauptstr."},{"kind":"number","value":"1"},{"kind":"locality","value":"Berlin"},{"kind":"postcode","value":"10115"},{"kind":"country","value":"Germany"}],"countryCode":"DE"}}}}
]}`

func at(s string) time.Time {
	t, err := time.Parse(time.RFC3339, s)
	if err != nil {
		panic(err)
	}
	return t
}

func TestParseDomain(t *testing.T) {
	a := ParseDomain("spam.example", []byte(thick))
	if a.Outcome != enrich.Answered || a.Related != "https://rdap.registrar.example/domain/SPAM.EXAMPLE" {
		t.Fatalf("%+v", a)
	}
	r := a.Registration
	for _, c := range []struct{ name, got, want string }{
		{"domain", r.Domain, "spam.example"}, {"handle", r.Handle, "D100-EX"}, {"registrar", r.Registrar.Name, "Example Registrar, Inc."},
		{"url", r.Registrar.URL, "https://registrar.example"}, {"whois", r.Registrar.WHOIS, "whois.registrar.example"}, {"refers", r.Refers, "whois.registrar.example"},
		{"abuse", r.Registrar.AbuseEmail, "abuse@registrar.example"}, {"status", strings.Join(r.Status, " "), "clientTransferProhibited ok pendingDelete"},
		{"dnssec", r.DNSSEC, "unsigned"}, {"name", r.Registrant.Name, "Jan Kowalski"}, {"org", r.Registrant.Organization, "Spam Sp. z o.o."},
		{"street", strings.Join(r.Registrant.Street, "|"), "Suite 2|ul. Prosta 1|Building B"}, {"city", r.Registrant.City, "Warszawa"}, {"postal", r.Registrant.PostalCode, "00-838"},
		{"country", r.Registrant.Country, "PL"}, {"phone", r.Registrant.Phone, "+48223895469"}, {"phone country", r.Registrant.PhoneCountry, "PL"},
		{"fax", r.Registrant.Fax, "+48.223895470"}, {"email", r.Registrant.Email, "jan@mail.example"}, {"admin", r.Admin.Handle, "C1"},
		{"tech", r.Tech.Name, "Tech Person"}, {"tech org", r.Tech.Organization, "Tech GmbH"}, {"tech city", r.Tech.City, "Berlin"}, {"tech country", r.Tech.Country, "DE"},
		{"tech phone", r.Tech.Phone, "+4930123456"}, {"tech fax", r.Tech.Fax, "+49.30123457"}, {"redacted", strings.Join(r.Redacted, " "), ""},
	} {
		if c.got != c.want {
			t.Errorf("%s: %q, want %q", c.name, c.got, c.want)
		}
	}
	if r.Registrar.IANAID != 9999 || !r.Created.Equal(at("2005-12-30T09:45:58Z")) || !r.Updated.Equal(at("2006-01-05T07:00:00Z")) || !r.Expires.Equal(at("2006-12-30T09:45:58Z")) {
		t.Errorf("id %d, dates %v %v %v", r.Registrar.IANAID, r.Created, r.Updated, r.Expires)
	}
	if len(r.NameServers) != 2 || r.NameServers[0].Host != "ns1.pool.example" || len(r.NameServers[0].Addrs) != 2 {
		t.Errorf("name servers %+v", r.NameServers)
	}
	if thin(r) {
		t.Error("taken for a thin answer")
	}
}

func TestRedactedNeverBecomesAName(t *testing.T) {
	for name, tc := range map[string]struct {
		body string
		want []string // paths
	}{
		"RFC 9537 by registered names": {`{"ldhName":"x.example","entities":[{"roles":["registrant"],"vcardArray":["vcard",[["version",{},"text","4.0"],["fn",{},"text",""],["adr",{},"text",["","","","","CA","","US"]]]]}],
			"redacted":[{"name":{"type":"Registrant Name"},"postPath":"$.entities[?(@.roles[0]=='registrant')].vcardArray[1][?(@[0]=='fn')][3]","method":"emptyValue"},
			{"name":{"type":"Registrant Street"},"method":"emptyValue"},{"name":{"type":"Registrant Postal Code"}},{"name":{"type":"Registrant Phone"}},{"name":{"type":"Tech Email"}},{"name":{"type":"Registry Domain ID"}},{"name":{"type":"Registry Registrant ID"}}]}`,
			[]string{"registrant.name", "registrant.street", "registrant.postal_code", "registrant.phone", "tech.email", "handle", "registrant.handle"}},
		"RFC 9537 by paths": {`{"ldhName":"x.example","entities":[],"redacted":[{"name":{"description":"personal data"},"prePath":"$.entities[?(@.roles[0]==\"registrant\")].vcardArray[1][?(@[0]==\"email\")]","method":"removal"},
			{"prePath":"$.entities[?(@.roles[0]=='administrative')]","method":"removal"}, 7, {"name":[]}]}`,
			[]string{"registrant.email", "admin"}},
		"words in fields": {`{"ldhName":"x.example","entities":[{"handle":"REDACTED FOR PRIVACY","roles":["registrant"],"vcardArray":["vcard",[["fn",{},"text","REDACTED FOR PRIVACY"],["org",{},"text","Redacted for Privacy"],
			["tel",{},"text","REDACTED FOR PRIVACY"],["email",{},"text","Please query the RDDS service of the Registrar of Record identified in this output"],["adr",{},"text",["","","REDACTED FOR PRIVACY","REDACTED FOR PRIVACY","ON","REDACTED FOR PRIVACY","CA"]]]]}]}`,
			[]string{"registrant.email", "registrant.handle", "registrant.name", "registrant.organization", "registrant.city", "registrant.postal_code", "registrant.phone", "registrant.street"}},
		"remark of a registry": {`{"ldhName":"x.example","entities":[{"roles":["registrant"],"remarks":[{"title":"REDACTED FOR PRIVACY","type":"object redacted due to authorization","description":["Some of the data is hidden"]}],"vcardArray":["vcard",[["fn",{},"text",""]]]}]}`,
			[]string{"registrant.name"}},
	} {
		a := ParseDomain("x.example", []byte(tc.body))
		if a.Registration == nil {
			t.Errorf("%s: %+v", name, a)
			continue
		}
		if d := cmp.Diff(tc.want, a.Registration.Redacted); d != "" {
			t.Errorf("%s: paths differ:\n%s", name, d)
		}
		c := a.Registration.Registrant
		if b, _ := json.Marshal(c); strings.Contains(strings.ToLower(string(b)), "redacted") || strings.Contains(string(b), "RDDS") {
			t.Errorf("%s: %s", name, b)
		}
	}
}

// Some servers leave out the list around a jCard's properties.
func TestFlatCards(t *testing.T) {
	a := ParseDomain("x.example", []byte(`{"ldhName":"x.example","entities":[{"roles":["registrant"],"vcardArray":["vcard",["version",{},"text","4.0"],["fn",{},"text","Ann Holder"],["email",{},"text","ann@holder.example"]]}]}`))
	if a.Registration == nil || a.Registration.Registrant.Name != "Ann Holder" || a.Registration.Registrant.Email != "ann@holder.example" {
		t.Errorf("%+v", a.Registration)
	}
}

func TestAnswersAboutAnotherDomain(t *testing.T) {
	for text, want := range map[string]enrich.Outcome{
		`{"ldhName":"OTHER.EXAMPLE","entities":[]}`: enrich.Malformed,
		`{"ldhName":"X.EXAMPLE","entities":[]}`:     enrich.Answered,
		`{"ldhName":"other.example","entities":[],"variants":[{"relation":["registered"],"variantNames":[{"ldhName":"x.example"}]}]}`: enrich.Answered,
	} {
		if a := ParseDomain("x.example", []byte(text)); a.Outcome != want || (a.Registration != nil) != (want == enrich.Answered) {
			t.Errorf("%s: %s %q", text, a.Outcome, a.Detail)
		}
	}
}

func TestProxyIsNotTheRegistrant(t *testing.T) {
	a := ParseDomain("x.example", []byte(`{"ldhName":"x.example","entities":[{"roles":["registrant"],"vcardArray":["vcard",[["fn",{},"text","Registration Private"],["org",{},"text","Domains By Proxy, LLC"],["email",{},"text","x@domainsbyproxy.example"]]]}]}`))
	if r := a.Registration; r == nil || r.Privacy == "" || r.Registrant.Organization != "" || r.Registrant.Name != "" {
		t.Errorf("%+v", r)
	}
}

func TestOddAnswers(t *testing.T) {
	deep := strings.Repeat(`{"entities":[`, 50) + strings.Repeat("]}", 50)
	for name, tc := range map[string]struct {
		body string
		want enrich.Outcome
	}{
		"empty": {"", enrich.Malformed}, "html": {"<html>", enrich.Malformed}, "list": {"[]", enrich.Malformed}, "null": {"null", enrich.Malformed},
		"deep": {deep, enrich.Malformed}, "deep in a string": {`{"ldhName":"x.example","events":[],"x":"` + strings.Repeat("[{", 200) + `"}`, enrich.Answered},
		"network": {`{"objectClassName":"ip network"}`, enrich.Malformed}, "help": {`{"rdapConformance":["rdap_level_0"],"notices":[]}`, enrich.Malformed},
		"error with 200": {`{"errorCode":404,"title":"Not Found"}`, enrich.None}, "throttled with 200": {`{"errorCode":"429"}`, enrich.Throttled},
		"everything of the wrong type": {`{"ldhName":"x.example","entities":{"roles":"registrant","vcardArray":"no"},"events":7,"nameservers":[1,null,"ns.example"],"status":{},"secureDNS":[],"links":null,"redacted":"x"}`, enrich.Answered},
		"card with holes":              {`{"ldhName":"x.example","entities":[{"roles":["registrant"],"vcardArray":["vcard",[[],[1,2,3,4],["fn"],["fn",null,null,null],["adr",[],0,null],["adr",{"label":null},"text",[[["x"]]]],["tel",{"type":{}},"uri",{}],["email",{},"text",["a@mail.example"]]]]}]}`, enrich.Answered},
		"too large":                    {`{"ldhName":"` + strings.Repeat("x", 1<<20) + `"}`, enrich.Malformed},
		"control characters":           {`{"ldhName":"x.example","handle":"a\u001b[31m\u0000b\u202e","events":[]}`, enrich.Answered},
	} {
		a := ParseDomain("x.example", []byte(tc.body))
		if a.Outcome != tc.want || (a.Outcome == enrich.Answered) != (a.Registration != nil) {
			t.Errorf("%s: %+v", name, a)
		}
		if a.Registration != nil && name == "control characters" && a.Registration.Handle != "a[31mb" {
			t.Errorf("%s: handle %q", name, a.Registration.Handle)
		}
	}
}

// TestAgainstOpenRDAP compares with OpenRDAP's reader on the answers that both
// can read.
func TestAgainstOpenRDAP(t *testing.T) {
	bodies := map[string][]byte{"spam.example": []byte(thick)}
	if dir := os.Getenv("SPOOR_CORPORA"); dir != "" {
		b, err := os.ReadFile(filepath.Join(dir, "openrdap/test/testdata/rdap/rdap.nic.cz/domain-example.cz.json"))
		if err != nil {
			t.Fatal(err)
		}
		bodies["example.cz"] = b
	}
	for name, body := range bodies {
		decoded, err := rdap.NewDecoder(body).Decode()
		d, ok := decoded.(*rdap.Domain)
		if err != nil || !ok {
			t.Fatalf("%s: the oracle fails: %v", name, err)
		}
		r := ParseDomain(name, body).Registration
		if r == nil {
			t.Fatalf("%s: nothing read", name)
		}
		hosts := map[string]bool{}
		for _, ns := range d.Nameservers {
			hosts[strings.TrimSuffix(strings.ToLower(ns.LDHName), ".")] = true
		}
		for _, ns := range r.NameServers {
			delete(hosts, ns.Host)
		}
		if len(hosts) != 0 || len(r.NameServers) == 0 {
			t.Errorf("%s: name servers %v, missing %v", name, r.NameServers, hosts)
		}
		for _, e := range d.Entities {
			for _, role := range e.Roles {
				if role == "registrant" && e.VCard != nil && e.VCard.Name() != r.Registrant.Name+r.Registrant.Organization && e.VCard.Name() != r.Registrant.Name {
					t.Errorf("%s: registrant %q, the oracle has %q", name, r.Registrant.Name, e.VCard.Name())
				}
			}
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte(thick))
	f.Add([]byte(network))
	f.Add([]byte(`{"ldhName":"x.example","redacted":[{"name":{"type":"Registrant Name"}}],"entities":[{"roles":["registrant"],"vcardArray":["vcard",[["adr",{"label":"a\\nb"},"text",null]]]}]}`))
	f.Fuzz(func(t *testing.T, b []byte) {
		a := ParseDomain("spam.example", b)
		if (a.Registration != nil) != (a.Outcome == enrich.Answered) {
			t.Fatalf("%+v", a)
		}
		if out, err := json.Marshal(a.Registration); err != nil || len(out) > 8*len(b)+10_000 {
			t.Fatalf("%d bytes out of %d, %v", len(out), len(b), err)
		}
		checkNetwork(t, b)
	})
}

func TestTimeIsLinear(t *testing.T) {
	for name, piece := range map[string]string{
		"entities": `{"roles":["registrant"],"vcardArray":["vcard",[["fn",{},"text","x"]]]},`, "lists": `[],`, "strings": `"\u0041@@@@",`, "redacted": `{"name":{"type":"Registrant Name"}},`,
	} {
		t.Run(name, func(t *testing.T) {
			build := func(n int) []byte {
				n /= len(piece)
				return []byte(`{"ldhName":"x.example","redacted":[` + strings.Repeat(piece, n) + `0],"entities":[` + strings.Repeat(piece, n) + `0]}`)
			}
			linear.Check(t, 400_000, build, func(b []byte) { ParseDomain("x.example", b) })
		})
	}
}

func BenchmarkParseDomain(b *testing.B) {
	b.SetBytes(int64(len(thick)))
	for b.Loop() {
		ParseDomain("spam.example", []byte(thick))
	}
}
