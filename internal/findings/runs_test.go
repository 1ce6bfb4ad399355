package findings

import (
	"net/netip"
	"testing"

	"spoor/sql/store/campaigns"
)

func TestRunsAskedFor(t *testing.T) {
	for o, want := range map[RunsOptions]campaigns.SpamrunFilter{
		{}:                                     {Limit: listed},
		{All: true, Limit: 3}:                  {},
		{Limit: 3, Campaign: 7}:                {Limit: 3, Campaign: 7},
		{Sender: "192.0.2.7"}:                  {Limit: listed, Sender: netip.MustParsePrefix("192.0.2.7/32")},
		{Sender: "192[.]0[.]2[.]0/24"}:         {Limit: listed, Sender: netip.MustParsePrefix("192.0.2.0/24")},
		{Sender: "[IPv6:2001:db8::1]"}:         {Limit: listed, Sender: netip.MustParsePrefix("2001:db8::1/128")},
		{Sender: "::ffff:192.0.2.7", Limit: 1}: {Limit: 1, Sender: netip.MustParsePrefix("192.0.2.7/32")},
	} {
		if got, err := o.filter(); err != nil || got != want {
			t.Errorf("%+v: %+v, %v", o, got, err)
		}
	}
	for _, sender := range []string{"mail.example", "192.0.2", "192.0.2.0/33", "a@mail.example", " "} {
		if got, err := (RunsOptions{Sender: sender}).filter(); err == nil {
			t.Errorf("--sender %q is %+v", sender, got)
		}
	}
}
