package asking

import (
	"strings"
	"testing"
	"time"

	"spoor/enrich/polite"
)

func TestSettingsAreChecked(t *testing.T) {
	for _, s := range []Settings{
		{Resolvers: []string{"dns.example"}}, {WHOIS: []string{"whois.example"}}, {WHOIS: []string{"de=whois.example:0"}}, {RDAP: "ftp://x"},
		{Sources: []string{"gossip"}}, {Netblocks: []string{"/no/such/file"}}, {Rates: []string{"x=fast"}}, {Referrals: []string{"*"}},
		{Rates: []string{"whois.example"}}, {Rates: []string{"=5/s"}}, {Rates: []string{"x=5/s,"}}, {Rates: []string{"whois.*=5/s"}},
		{ASNZone: "not a zone"}, {ASNZone: "asn..test"}, {Record: "a", Replay: "b"},
	} {
		if err := s.Check(); err == nil {
			t.Errorf("%+v passes", s)
		}
	}
	good := Settings{
		Resolvers: []string{"localhost:53", "::1"}, WHOIS: []string{"DE=Whois.Example:43"}, RDAP: "off", Sources: []string{"rdap"},
		Rates: []string{"whois.example=5/s,2", ":43 1/s", "127.0.0.*=9/s"}, Referrals: []string{"127.0.0.*", "registrar.test:4343"},
	}
	if err := good.Check(); err != nil || good.WHOIS[0] != "de=whois.example:43" || good.Resolvers[1] != "[::1]:53" {
		t.Errorf("%+v, %v", good, err)
	}
}

func TestKeysOfTheConfiguration(t *testing.T) {
	var s Settings
	for _, l := range [][2]string{{"resolver", "127.0.0.1:5353"}, {"whois", "de=127.0.0.1:4343"}, {"sources", "whois,dns"}, {"referrals-to", "10.0.0.*,a.test"}, {"lease", "30s"}} {
		if err := s.Set(l[0], l[1]); err != nil {
			t.Errorf("%v: %v", l, err)
		}
	}
	if len(s.Resolvers) != 1 || s.WHOIS[0] != "de=127.0.0.1:4343" || len(s.Sources) != 2 || len(s.Referrals) != 2 {
		t.Errorf("%+v", s)
	}
	for _, l := range [][3]string{
		{"in-flight", "many", "must be a number"}, {"timeout", "0s", `"0s" is not a time like 30s or 2m`}, {"lease", "-3s", `"-3s" is not a time`},
		{"offline", "maybe", "neither true nor false"},
	} {
		if err := s.Set(l[0], l[1]); err == nil || !strings.Contains(err.Error(), l[2]) {
			t.Errorf("%v: %v", l, err)
		}
	}
}

func TestTablesNeedNoNetwork(t *testing.T) {
	for _, c := range []struct {
		sources []string
		want    bool
	}{{[]string{"table"}, true}, {[]string{"table", "dns"}, false}, {nil, false}} {
		a := &Asking{settings: &Settings{Sources: c.sources, Offline: true}}
		if got := a.Online(t.Context()); got != c.want {
			t.Errorf("%v: online is %v", c.sources, got)
		}
	}
}

// A rate for a set of servers holds also for those that the user named, whose own limit
// would be higher.
func TestRatesOfNamedServers(t *testing.T) {
	s := Settings{WHOIS: []string{"127.0.0.1:4343", "zz=127.0.0.2:4343"}, Resolvers: []string{"127.0.0.1:5353"}, Referrals: []string{"127.0.1.*"}, Rates: []string{"127.0.0.*=20/s", "127.0.0.1:5353=40/s"}}
	table, err := s.limits()
	if err != nil {
		t.Fatal(err)
	}
	for server, want := range map[string]polite.Limit{
		"127.0.0.1:4343": {Rate: 20, AtOnce: 32}, "127.0.0.2:4343": {Rate: 20, AtOnce: 32}, "127.0.1.9:4343": ownServer,
		"127.0.0.1:5353": {Rate: 40, AtOnce: 500, Failures: 50}, "whois.nic.fr:43": {Rate: 1.0 / 3, AtOnce: 1},
	} {
		if got := table.Limit(server); got != want {
			t.Errorf("%s: %+v, want %+v", server, got, want)
		}
	}
}

func TestRDAPOffKeepsTheBootstrap(t *testing.T) {
	a, err := New(t.Context(), &Settings{RDAP: "off", WHOIS: []string{"iana=127.0.0.9:43"}, Resolvers: []string{"127.0.0.1:53"}}, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer a.Close()
	if a.bootstrap == nil || a.rdap != nil || a.whois.IANA != "127.0.0.9:43" {
		t.Errorf("bootstrap %v, RDAP %v, IANA %q", a.bootstrap, a.rdap, a.whois.IANA)
	}
}

func TestRecordedServersAreReadAgain(t *testing.T) {
	s := Settings{Resolvers: []string{"127.0.0.2:53", "127.0.0.1:53"}, WHOIS: []string{"de=127.0.0.1:43"}, RDAP: "off", Referrals: []string{"127.0.0.*"}}
	want := "rdap off\nreferrals-to 127.0.0.*\nresolver 127.0.0.2:53\nresolver 127.0.0.1:53\nwhois de=127.0.0.1:43\n"
	if got := string(s.recorded()); got != want {
		t.Errorf("%q", got)
	}
}

// The user's own values stay, also those that are less than the file's.
func TestCompleteKeepsValues(t *testing.T) {
	s := Settings{InFlight: 4, Timeout: time.Second, RDAP: "off"}
	s.Complete(Settings{InFlight: 64, Timeout: time.Minute, Lease: time.Hour, RDAP: "https://rdap.example.net"})
	if s.InFlight != 4 || s.Timeout != time.Second || s.Lease != time.Hour || s.RDAP != "off" {
		t.Errorf("%+v", s)
	}
}
