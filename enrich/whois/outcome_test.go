package whois

import (
	"testing"

	"spoor/enrich"
)

func TestOutcome(t *testing.T) {
	legal := "\nTERMS OF USE: You are not authorized to access or query our Whois database through\nautomated processes. Your access may be blocked if you exceed the query limit, and\ninformation that is not found here, or is available for registration, is no promise.\nAccess may be withdrawn or restricted at any time.\n"
	for _, c := range []struct {
		text     string
		want     enrich.Outcome
		reserved bool
	}{
		{"No match for \"EXAMPLE.COM\".\n>>> Last update of whois database: Mon, 29 Dec 2014 19:01:25 GMT <<<\n" + legal, enrich.None, false},
		{"NOT FOUND\n", enrich.None, false},
		{"example.com is free\n", enrich.None, false},
		{"Domain: example.com\nStatus: free\n", enrich.None, false},
		{"Domain:\texample.com\nStatus:\tAVAILABLE\n" + legal, enrich.None, false},
		{"%ERROR:101: no entries found\n%\n% No entries found.\n", enrich.None, false},
		{"No Data Found\n" + legal, enrich.None, false},
		{"The queried object does not exist: DOMAIN NOT FOUND\n", enrich.None, false},
		{"No_Se_Encontro_El_Objeto/Object_Not_Found\n", enrich.None, false},
		{"We do not have an entry in our database matching your query.\n", enrich.None, false},
		{"example.com: no existe\n", enrich.None, false},
		{"Domain example.com not registred.\n", enrich.None, false},
		{"Available\n", enrich.None, false},
		{"query_status: 220 Available\n", enrich.None, false},
		{"no matching record.\n", enrich.None, false},
		{">>> Domain example.com is available for registration\n", enrich.None, false},
		{"Объект не найден\n", enrich.None, false},
		{"[Status]                        Reserved\n", enrich.None, true},
		{"Reserved by Registry\n", enrich.None, true},
		{"Name is restricted from registration\n", enrich.None, true},
		{"Status: NOT ALLOWED\n", enrich.None, true},
		{"The domain you requested is prohibited.\n", enrich.None, true},
		{"WHOIS LIMIT EXCEEDED - SEE WWW.REGISTRY.EXAMPLE/WHOIS FOR DETAILS\n", enrich.Throttled, false},
		{"%% Too many requests...\n%%\n\n%% No entries found in the Example Database.\n", enrich.Throttled, false},
		{"Error for \"example.com\".\n\nThe WHOIS query quota for 192.0.2.1 has been exceeded\nand will be replenished in 50 seconds.\n", enrich.Throttled, false},
		{"registry.example: only 1 request per second allowed, try again later\n", enrich.Throttled, false},
		{"Your connection limit exceeded. Please slow down and try again later.\n", enrich.Throttled, false},
		{"Please go away for 13 Seconds\n", enrich.Throttled, false},
		{"% WHOIS example\n% Maximum queries per hour reached (100)\n", enrich.Throttled, false},
		{"-3: IP address blocked\n", enrich.Throttled, false},
		{"-1: Still in grace period, wait 7777777 seconds\n", enrich.Throttled, false},
		{"query_status: 440 Request Denied\n", enrich.Throttled, false},
		{"You have been banned for abuse.\n", enrich.Throttled, false},
		{"55000000002: Connection refused; access control limit exceeded.\n", enrich.Throttled, false},
		{"Number of allowed queries exceeded.\n", enrich.Throttled, false},
		{"Access denied\n", enrich.Refused, false},
		{"You are not authorised to access or query our WHOIS.\nPermission denied.\n", enrich.Refused, false},
		{"Invalid query\n", enrich.Refused, false},
		{"", enrich.Malformed, false},
		{"\x00\xff\xfe", enrich.Malformed, false},
		{"HTTP/1.1 200 OK\r\n\r\nhello\r\n", enrich.Malformed, false},
		{"Domain Name: EXAMPLE.COM\nRegistrar: Example\nCreation Date: 2001-02-03\n" + legal, enrich.Answered, false},
		{"Domain: example.com\nStatus: connect\n", enrich.Answered, false},
	} {
		a := Parse("example.com", "", []byte(c.text))
		if a.Outcome != c.want || a.Reserved != c.reserved {
			t.Errorf("%q: %s (%s) reserved %v", c.text, a.Outcome, a.Detail, a.Reserved)
		}
		if (a.Registration != nil) != (a.Outcome == enrich.Answered) {
			t.Errorf("%q: registration and outcome %s", c.text, a.Outcome)
		}
	}
}
