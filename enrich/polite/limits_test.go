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

func TestTableSaysWhatIsWrong(t *testing.T) {
	for _, line := range []string{"a", "a 1/s", "a 1 1", "a 0/s 1", "a -1/s 1", "a 1/week 1", "a NaN/s 1", "a 1/s 0", "a 1/s x", "a 1/s 1 1 1", "a Inf/s 1"} {
		err := (&Table{}).Read(strings.NewReader("\n" + line))
		if err == nil || !strings.HasPrefix(err.Error(), "line 2: ") {
			t.Errorf("%q: %v", line, err)
		}
	}
}
