package spamrun

import "testing"

func TestJudge(t *testing.T) {
	for name, c := range map[string]struct {
		h        Habits
		probably bool
	}{
		"dial-up that counts in its HELO": {Habits{ReverseName: "dslb-203-000-113-031.pools.dialnet.example", HELOs: map[string]int{"144899528": 20, "144848872": 16}, Mails: 36, Tried: 36, Bad: 20, Domains: 20, Runs: 1}, true},
		"no name, broken recipients":      {Habits{Nameless: true, HELOs: map[string]int{"pc": 9}, Mails: 9, Tried: 12, Bad: 6, Domains: 9, Runs: 1}, true},
		"mail server":                     {Habits{ReverseName: "mail.firm.example", HELOs: map[string]int{"mail.firm.example": 50}, Mails: 50, Tried: 60, Domains: 2}, false},
		"server that was broken into":     {Habits{ReverseName: "mail.firm.example", HELOs: map[string]int{"mail.firm.example": 80}, Mails: 80, Tried: 90, Bad: 20, Domains: 30, Runs: 1}, false},
		"nothing known":                   {Habits{Mails: 1, Tried: 1}, false},
	} {
		if j := Judge(c.h); (j.Bits >= 3) != c.probably || len(j.Reasons) == 0 && c.probably {
			t.Errorf("%s: %+v", name, j)
		}
	}
}
