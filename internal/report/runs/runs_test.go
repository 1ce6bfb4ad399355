package runs

import (
	"bytes"
	"net/netip"
	"strings"
	"testing"
	"time"

	"spoor/internal/cli"
	"spoor/internal/findings"
	"spoor/internal/printable"
	"spoor/sql/store/campaigns"
)

func pointer[T any](v T) *T { return &v }

// story is the administrator's: a zombie's run, another's, and one of which little is known.
func story() []campaigns.Spamrun {
	start := time.Date(2006, 1, 5, 13, 44, 0, 0, time.UTC)
	return []campaigns.Spamrun{
		{ID: 1, Sender: netip.MustParseAddr("203.0.113.31"), StartedAt: start, EndedAt: start.Add(8 * time.Minute), Messages: 36, Rate: pointer(270.),
			TargetDomains: []string{"client.example"}, Recipients: pointer(int64(31)), BrokenRecipients: pointer(int64(20)),
			MX: []string{"mx2.ourserver.example"}, MXPriorities: []int32{20}, Campaigns: []string{"c1"}, Zone: "+0100", AllRuns: 7, AllMessages: 90},
		{ID: 2, Sender: netip.MustParseAddr("203.0.113.94"), StartedAt: start.Add(72 * time.Hour), EndedAt: start.Add(78 * time.Hour), Messages: 14, Rate: pointer(2.333),
			TargetDomains: []string{"a.example", "b.example", "c.example", "d.example"}, Recipients: pointer(int64(12)), BrokenRecipients: pointer(int64(0)),
			MX: []string{"mx2.ourserver.example", "mx1.ourserver.example", "mx3.ourserver.example"}, MXPriorities: []int32{10, 20}, Campaigns: []string{"c1", "c2", "c9"}, Zone: "+0100", AllRuns: 7, AllMessages: 90},
		{ID: 3, Sender: netip.MustParseAddr("192.0.2.177"), StartedAt: start, EndedAt: start, Messages: 2, Zone: "+0100", AllRuns: 7, AllMessages: 90},
	}
}

func printed(t *testing.T, columns string, o campaigns.SpamrunFilter, list []campaigns.Spamrun) string {
	t.Helper()
	var out bytes.Buffer
	env := &cli.Env{Stdout: &out, Getenv: func(k string) string { return map[string]string{"COLUMNS": columns, "LANG": "C.UTF-8"}[k] }}
	r := &runs{env, &findings.Runs{Last: campaigns.LastRun{Run: 3, Messages: 104}, Asked: o, List: list}}
	if err := r.print(); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

func TestRunsOnScreens(t *testing.T) {
	for columns, want := range map[string]string{
		"80": `7 spamruns brought 90 of 104 spam; 14 came in none. Run 3.

  Start +0100       Length  Msgs  Sender        To          MX          In
  2006-01-05 14:44   8 min    36  203.0.113.31  client.ex…  20 mx2.ou…  c1
  2006-01-08 14:44     6 h    14  203.0.113.94  a.example…  10,20 mx2…  c1 c2 +1
  2006-01-05 14:44     0 s     2  192.0.2.177   -           -           -

4 more: correlate runs --all     One: correlate run-show r1
One sender: correlate find 203.0.113.31
`,
		"200": `7 spamruns brought 90 of 104 spam; 14 came in none. Run 3.

  Start +0100       Length  Msgs  per h  Sender        To                                Recipients     MX                                                    In
  2006-01-05 14:44   8 min    36    270  203.0.113.31  client.example                    31, 20 broken  20 mx2.ourserver.example                              c1
  2006-01-08 14:44     6 h    14    2.3  203.0.113.94  a.example b.example c.example +1  12             10,20 mx2.ourserver.example mx1.ourserver.example +1  c1 c2 +1
  2006-01-05 14:44     0 s     2      -  192.0.2.177   -                                 -              -                                                     -

4 more: correlate runs --all     One: correlate run-show r1
One sender: correlate find 203.0.113.31
`} {
		if got := printed(t, columns, campaigns.SpamrunFilter{Limit: 3}, story()); got != want {
			t.Errorf("%s columns:\n%s\nwant\n%s", columns, got, want)
		}
	}
}

func TestRunsFitTheScreen(t *testing.T) {
	list := story()
	list[1].Sender = netip.MustParseAddr("2001:db8:1234:5678:9abc:def0:1234:5678")
	list[2].TargetDomains = []string{strings.Repeat("long", 60) + ".example", "\x1b[2J.example"}
	for _, columns := range []string{"60", "72", "80", "96", "120", "200"} {
		for line := range strings.Lines(printed(t, columns, campaigns.SpamrunFilter{}, list)) {
			if w := printable.Width(strings.TrimSuffix(line, "\n")); w > atoi(columns) {
				t.Errorf("%s columns, a line of %d: %s", columns, w, line)
			}
			if strings.ContainsRune(line, '\x1b') {
				t.Errorf("a control character: %q", line)
			}
		}
	}
}

func atoi(s string) (n int) {
	for _, c := range s {
		n = n*10 + int(c-'0')
	}
	return n
}

func TestRunsZone(t *testing.T) {
	for name, c := range map[string]struct{ zone, other, want string }{
		"one zone":     {"+0100", "+0100", "Start +0100"},
		"west":         {"-0530", "-0530", "Start -0530"},
		"two zones":    {"+0100", "+0200", "Start UTC"},
		"UTC":          {"+0000", "+0000", "Start UTC"},
		"none":         {"", "", "Start UTC"},
		"some without": {"+0100", "", "Start +0100"}, // logs store no zone
		"no zone":      {"Mars", "Mars", "Start UTC"},
		"out of range": {"+9999", "+9999", "Start UTC"},
	} {
		list := story()[:2]
		list[0].Zone, list[1].Zone = c.zone, c.other
		if got := printed(t, "80", campaigns.SpamrunFilter{}, list); !strings.Contains(got, c.want+" ") {
			t.Errorf("%s: no %q in\n%s", name, c.want, got)
		}
	}
}

func TestNoRuns(t *testing.T) {
	if got := printed(t, "80", campaigns.SpamrunFilter{Sender: netip.MustParsePrefix("192.0.2.7/32"), Campaign: 2}, nil); got != "No spamruns from 192.0.2.7 with messages of c2.\n" {
		t.Errorf("%q", got)
	}
}
