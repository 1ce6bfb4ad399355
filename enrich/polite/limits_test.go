package polite

import (
	"strings"
	"testing"
)

func TestTable(t *testing.T) {
	table, err := Defaults()
	if err != nil {
		t.Fatal(err)
	}
	own := "# mine\nwhois.example.com 30/min 1 9\n*.example.com 2/s -\n:43 - 7\n127.0.0.1:4343 5000/s - # local\n[::1]:43 1/h 1\nWHOIS.DENIC.DE:43 1/day 1\n"
	if err := table.Read(strings.NewReader(own)); err != nil {
		t.Fatal(err)
	}
	for server, want := range map[string]Limit{
		"whois.example.com:43":      {0.5, 1, 9},
		"WHOIS.example.com:43":      {0.5, 1, 9},
		"a.b.example.com:43":        {2, 0, 0},
		"example.com:43":            {0, 7, 0},
		"127.0.0.1:4343":            {5000, 0, 0},
		"[::1]:43":                  {1.0 / 3600, 1, 0},
		"whois.denic.de:43":         {1.0 / 86400, 1, 0},
		"whois.verisign-grs.com:43": {5, 4, 0},
		"192.0.2.53:53":             {200, 100, 50},
		"unknown.test:9999":         cautious,
		"":                          cautious,
	} {
		if got := table.Limit(server); got != want {
			t.Errorf("%s: %+v, want %+v", server, got, want)
		}
	}
	if (Limit{}).tolerated() != 5 {
		t.Error("failures without a number are not 5")
	}
}

// A user's rate leaves the other fields of a server as they are, and is not outranked by
// a more exact line of the shipped table.
func TestOverridesKeepOtherFields(t *testing.T) {
	table, err := Defaults()
	if err != nil {
		t.Fatal(err)
	}
	for _, o := range [][3]string{{"whois.nic.fr", "5/s", ""}, {"127.0.0.*", "20/s", "8"}, {":43", "2/s", ""}, {"192.0.2.53:53", "7/s", ""}, {"*.nic.google", "-", "9"}} {
		if err := table.Override(o[0], o[1], o[2]); err != nil {
			t.Fatal(err)
		}
	}
	if err := table.Set("127.0.0.5:4343", Limit{Rate: 300, AtOnce: 32}); err != nil {
		t.Fatal(err)
	}
	for server, want := range map[string]Limit{
		"whois.nic.fr:43":           {5, 1, 0},
		"whois.verisign-grs.com:43": {2, 4, 0},
		"127.0.0.5:4343":            {20, 8, 0},
		"192.0.2.53:53":             {7, 100, 50},
		"whois.nic.google:443":      {0, 9, 0},
	} {
		if got := table.Limit(server); got != want {
			t.Errorf("%s: %+v, want %+v", server, got, want)
		}
	}
	for _, o := range [][3]string{{"*", "1/s", ""}, {"whois.*", "1/s", ""}, {"a", "fast", ""}, {"a", "1/s", "0"}} {
		if table.Override(o[0], o[1], o[2]) == nil {
			t.Errorf("%v is taken", o)
		}
	}
}

func TestTableSaysWhatIsWrong(t *testing.T) {
	for _, line := range []string{"a", "a 1/s", "a 1 1", "a 0/s 1", "a -1/s 1", "a 1/week 1", "a NaN/s 1", "a 1/s 0", "a 1/s x", "a 1/s 1 1 1", "a Inf/s 1"} {
		err := (&Table{}).Read(strings.NewReader("\n" + line))
		if err == nil || !strings.HasPrefix(err.Error(), "line 2: ") {
			t.Errorf("%q: %v", line, err)
		}
	}
}
