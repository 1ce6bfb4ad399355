package whois

import (
	"strings"
	"testing"
	"time"

	"spoor/enrich"
)

// tld returns the answer of IANA's server for a top-level domain.
const tld = "% IANA WHOIS server\r\n\r\ndomain:       ORG\r\n\r\norganisation: Registry of the zone\r\naddress:      1 Road\r\n\r\n" +
	"contact:      administrative\r\nname:         Registry Desk\r\ne-mail:       desk@registry.example\r\n\r\n" +
	"nserver:      A.ZONE-SERVERS.EXAMPLE 192.0.2.53\r\n\r\nstatus:       ACTIVE\r\n\r\ncreated:      1985-01-01\r\nchanged:      2023-12-07\r\nsource:       IANA\r\n\r\n"

const thinRecord = "   Domain Name: SPAM.ORG\r\n   Updated Date: 2022-02-03T04:05:06Z\r\n   Creation Date: 2021-02-03T04:05:06Z\r\n   Registrar: Acme\r\n   Name Server: NS1.POOL.EXAMPLE\r\n"

func hostsOf(reg *enrich.Registration) string {
	var out []string
	for _, ns := range reg.NameServers {
		out = append(out, ns.Host)
	}
	return strings.Join(out, " ")
}

func when(t time.Time) string { return t.Format("2006-01-02T15:04:05Z") }

func TestTheTLDsRecordIsNotTheDomains(t *testing.T) {
	reg := parseText(t, "spam.org", tld+thinRecord)
	if when(reg.Created) != "2021-02-03T04:05:06Z" || hostsOf(reg) != "ns1.pool.example" || reg.Registrant.Organization != "" || reg.Admin.Email != "" || len(reg.Status) != 0 {
		t.Errorf("%+v", reg)
	}
	if a := Parse("spam.org", "", []byte(tld)); a.Registration != nil || a.Outcome != enrich.Malformed {
		t.Errorf("the TLD's record alone: %s %+v", a.Outcome, a.Registration)
	}
}

func TestVariantsOfTheName(t *testing.T) {
	rest := "Registrar: X\nCreation Date: 2004-08-08\nName Server: ns3.pool.example\n"
	for _, names := range []string{"Domain Name: spam.xn--fiqs8s\nDomain Name: spam.xn--fiqz9s\n", "Domain Name: spam.xn--fiqz9s\nDomain Name: spam.xn--fiqs8s\n"} {
		if reg := parseText(t, "spam.xn--fiqs8s", names+rest); when(reg.Created) != "2004-08-08T00:00:00Z" || hostsOf(reg) != "ns3.pool.example" {
			t.Errorf("%q: %+v", names, reg)
		}
	}
}

func TestObjectsWithoutEmptyLines(t *testing.T) {
	objects := []string{
		"domain:       spam.cr\nregistrant:   HOLD-1\nadmin-c:      DESK-2\nnsset:        SET-1\nregistrar:    REG-ACME\nregistered:   01.02.2020 09:26:15\nchanged:      03.04.2021 06:36:45\nexpire:       01.02.2031\n",
		"contact:      HOLD-1\norg:          Holder SA\nname:         Ann Holder\ne-mail:       ann@holder.example\nregistrar:    REG-OTHER\ncreated:      05.01.2019 06:36:44\nchanged:      28.03.2022 03:49:37\n",
		"contact:      DESK-2\nname:         Desk\ne-mail:       desk@holder.example\nregistrar:    REG-OTHER\ncreated:      05.01.2018 06:36:44\n",
		"nsset:        SET-1\nnserver:      ns1.pool.example\nnserver:      ns2.pool.example\ntech-c:       DESK-2\nregistrar:    REG-SETS\ncreated:      03.06.2011 12:51:41\nchanged:      30.03.2023 10:37:14\n",
	}
	for _, sep := range []string{"\n", ""} {
		reg := parseText(t, "spam.cr", strings.Join(objects, sep))
		if reg.Registrar.Name != "REG-ACME" || when(reg.Updated) != "2021-04-03T06:36:45Z" || when(reg.Created) != "2020-02-01T09:26:15Z" ||
			reg.Registrant.Name != "Ann Holder" || reg.Registrant.Organization != "Holder SA" || reg.Admin.Email != "desk@holder.example" || hostsOf(reg) != "ns1.pool.example ns2.pool.example" {
			t.Errorf("separated by %q: %+v", sep, reg)
		}
	}
}

func TestHouseNumbersOfTurkey(t *testing.T) {
	reg := parseText(t, "spam.com.tr", "** Domain Name: spam.com.tr\n\n** Registrant:\n   Spam Otel Ltd. Sti.\n   Cumhuriyet Cd. No:61 Kat 2\n   Elma\n   Istanbul,\n     Turkey\n   desk@holder.example\n\n** Administrative Contact:\nNIC Handle\t\t: abc1-metu\nPhone\t\t\t: +90-212-5550100-\n")
	if r := reg.Registrant; r.Organization != "Spam Otel Ltd. Sti." || r.Name != r.Organization || strings.Join(r.Street, "|") != "Cumhuriyet Cd. No:61 Kat 2|Elma" || r.City != "Istanbul" || r.Country != "TR" {
		t.Errorf("%+v", r)
	}
	// A key without a blank after its colon is a key all the same.
	reg = parseText(t, "spam.com.tr", "** Domain Name: spam.com.tr\n\n** Registrant:\n   Ann Holder\n   Record No:1234567\n   Elma 1\n   Turkey\n")
	if r := reg.Registrant; r.Name != "Ann Holder" || strings.Join(r.Street, "|") != "Elma 1" {
		t.Errorf("%+v", r)
	}
}

func TestAccentsOfKeys(t *testing.T) {
	for _, key := range []string{"Ultima Actualización", "Última actualización", "ultima actualizacion", "Última Actualizacio\u0301n"} {
		reg := parseText(t, "spam.co.ve", "Nombre de Dominio: spam.co.ve\n"+key+": 2005-11-17 20:35:01\nFecha de Creación: 2003-03-06 00:00:00\n")
		if when(reg.Updated) != "2005-11-17T20:35:01Z" || when(reg.Created) != "2003-03-06T00:00:00Z" {
			t.Errorf("%s: %+v", key, reg)
		}
	}
}

func TestHeadingsOfKZ(t *testing.T) {
	reg := parseText(t, "spam.kz", "Domain Name............: SPAM.KZ\r\n\r\nOrganization or Person Using Domain Name\r\nName...................: Ann Holder\r\nOrganization Name......: Holder, LLP\r\n"+
		"Street Address.........: Road 1\r\nCity...................: Town\r\nState..................: Province\r\n\r\nAdministrative Contact/Agent\r\nEmail Address..........: desk@holder.example\r\n\r\n"+
		"Domain created.........: 2009-05-04 10:06:16 (GMT+0:00)\r\nDomain expired.........: 2025-05-04 10:06:16 (GMT+0:00)\r\nDomain status..........: ok - Normal state.\r\n")
	if reg.Registrant.Organization != "Holder, LLP" || reg.Registrant.Region != "Province" || when(reg.Expires) != "2025-05-04T10:06:16Z" || strings.Join(reg.Status, ",") != "ok" || reg.Admin.Email != "desk@holder.example" {
		t.Errorf("%+v", reg)
	}
	// The state of an address is no status of the domain, also where the heading is not known.
	reg = parseText(t, "spam.example", "Domain Name: spam.example\nCreated: 2009-05-04\n\nWho pays for it\nStreet: Road 1\nCity: Town\nState: Province\n")
	if len(reg.Status) != 0 {
		t.Errorf("status %q", reg.Status)
	}
}

func TestPublicContactOfJP(t *testing.T) {
	head := "[Domain Name]                   SPAM.JP\n\n[Registrant]                    Holder K.K.\n\n[Created on]                    2005/11/16\n[Status]                        Active\n\nContact Information:\n"
	rest := "[Email]                         desk@holder.example\n[Web Page]                      \n[Postal Address]                Minato-ku\n[Phone]                         03-5555-0142\n[Fax]                           \n"
	reg := parseText(t, "spam.jp", head+"[Name]                          Holder K.K.\n"+rest)
	if reg.Registrant.Email != "desk@holder.example" || reg.Registrant.PhoneRaw != "03-5555-0142" || reg.Admin.Email != "desk@holder.example" || len(reg.Registrant.Street) != 1 {
		t.Errorf("%+v", reg)
	}
	reg = parseText(t, "spam.jp", head+"[Name]                          Some Service\n"+rest)
	if reg.Registrant.Email != "" || reg.Admin.Name != "Some Service" {
		t.Errorf("a service's: %+v", reg)
	}
}

func TestStatedLocalTimes(t *testing.T) {
	record := "Domain name: spam.rs\nRegistration date: 24.07.2014 19:25:04\nExpiration date: 24.01.2030 19:25:04\nRegistrar: Acme\n"
	for note, want := range map[string][2]string{
		"% All timestamps are given in Serbian local time.\n": {"2014-07-24T17:25:04Z", "2030-01-24T18:25:04Z"},
		"":                                {"2014-07-24T19:25:04Z", "2030-01-24T19:25:04Z"},
		"% All times are in UTC+3\n":      {"2014-07-24T16:25:04Z", "2030-01-24T16:25:04Z"},
		"% Dates and times are in CET.\n": {"2014-07-24T18:25:04Z", "2030-01-24T18:25:04Z"},
		"% The office is open from 9 to 17 every day, local.\n": {"2014-07-24T19:25:04Z", "2030-01-24T19:25:04Z"},
	} {
		if reg := parseText(t, "spam.rs", note+record); when(reg.Created) != want[0] || when(reg.Expires) != want[1] {
			t.Errorf("%q: %s, %s", note, when(reg.Created), when(reg.Expires))
		}
	}
	// A zone that stands behind a time outweighs the statement, and a day has none.
	reg := parseText(t, "spam.rs", "% All timestamps are given in Serbian local time.\nDomain name: spam.rs\nRegistration date: 24.07.2014 19:25:04 UTC\nExpiration date: 24.01.2030\nRegistrar: Acme\n")
	if when(reg.Created) != "2014-07-24T19:25:04Z" || when(reg.Expires) != "2030-01-24T00:00:00Z" {
		t.Errorf("%+v", reg)
	}
	for tld, zone := range localZones {
		if _, err := time.LoadLocation(zone); err != nil {
			t.Errorf(".%s: %v", tld, err)
		}
	}
}

func TestRestrictedNames(t *testing.T) {
	for _, text := range []string{
		"The registration of this domain is restricted, as it is protected by the Registry DPML Brand Protection policy. Additional information can be found at https://registry.example/dpml.\r\n\r\nTerms of Use: Access to WHOIS information is provided to assist persons.\r\n",
		"This name is blocked by GlobalBlock.\n",
		"spam.kitchen is protected by DPML\n",
	} {
		if a := Parse("spam.kitchen", "", []byte(text)); a.Outcome != enrich.None || !a.Reserved {
			t.Errorf("%q: %s, reserved %v", text, a.Outcome, a.Reserved)
		}
	}
}

func TestRetiredServices(t *testing.T) {
	for _, text := range []string{
		"This WHOIS service has been retired. Please use RDAP: https://rdap.acme.example/\r\n",
		"WHOIS is no longer provided by this registrar; query RDAP instead.\n",
		"The port 43 service was replaced by RDAP.\n",
	} {
		if a := Parse("spam.com", "", []byte(text)); a.Outcome != enrich.Refused {
			t.Errorf("%q: %s %q", text, a.Outcome, a.Detail)
		}
	}
}

func TestAnswersAboutAnotherDomain(t *testing.T) {
	a := Parse("spam.org", "", []byte(strings.ReplaceAll(thinRecord, "SPAM.ORG", "OTHER.ORG")))
	if a.Outcome != enrich.Malformed || a.Registration != nil || !strings.Contains(a.Detail, "other.org") {
		t.Errorf("%s %q %+v", a.Outcome, a.Detail, a.Registration)
	}
}

func TestABoundIsNoDate(t *testing.T) {
	reg := parseText(t, "spam.co.uk", "Domain name: spam.co.uk\nRegistrar: Acme\nRegistered on: before 1-Jan-1995\nExpiry date: 01-Dec-2030\n")
	if !reg.Created.IsZero() || reg.Raw.Created != "before 1-Jan-1995" || when(reg.Expires) != "2030-12-01T00:00:00Z" {
		t.Errorf("%+v", reg)
	}
}

// Where the registrant's name is hidden, missing or a placeholder, what follows is still the
// registrant's and not the registrar's or its desk for abuse.
func TestAHiddenNameStillBeginsTheRegistrant(t *testing.T) {
	head := "Domain Name: SPAM.EXAMPLE\nCreation Date: 2021-02-03\nRegistrar: Acme\nRegistrar Abuse Contact Email: abuse@acme.example\n"
	rest := "Address: Road 1\nCity: Town\nCountry: DE\nPhone: +49.305550142\nEmail: ann@holder.example\n"
	for name, between := range map[string]string{
		"redacted": "Registrant Name: REDACTED FOR PRIVACY\n", "empty": "Registrant Name:\n", "placeholder": "Registrant Name: -\n", "not available": "Registrant: N/A\n",
		"empty heading": "Registrant:\n", "after a blank": "\nRegistrant Name: -\n", "hidden heading": "\nRegistrant: Not Disclosed\n", "organisation": "Registrant Organization: none\n",
	} {
		for layout, text := range map[string]string{
			"flat": head + between + rest, "registrar as section": "Domain Name: SPAM.EXAMPLE\nCreation Date: 2021-02-03\n\nRegistrar:\n    Name: Acme\n    Abuse Contact Email: abuse@acme.example\n" + between + rest,
		} {
			reg := parseText(t, "spam.example", text)
			if reg.Registrant.Email != "ann@holder.example" || len(reg.Registrant.Street) != 1 || reg.Registrant.Phone != "+49305550142" || reg.Registrar.AbuseEmail != "abuse@acme.example" || reg.Registrar.Name != "Acme" || reg.Registrant.Name != "" {
				t.Errorf("%s, %s: registrant %+v, registrar %+v", name, layout, reg.Registrant, reg.Registrar)
			}
		}
	}
}
