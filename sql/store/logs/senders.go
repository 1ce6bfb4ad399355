package logs

import (
	"cmp"
	"net/netip"
	"time"

	"spoor/graph/spamrun"
)

// senderSum sums up the attempts of one sender.
type senderSum struct {
	spamrun.Habits
	addr        netip.Addr
	domains     map[string]bool
	refused     int
	first, last int64
	held        bool // some of its runs are
}

// maxNames bounds the names that are kept of one sender.
const maxNames = 1000

func newSenderSum(a *attempt) *senderSum {
	s := &senderSum{addr: a.Sender, domains: map[string]bool{}, first: a.At}
	s.HELOs = map[string]int{}
	return s
}

// values returns the values of senderColumns.
//
// Called once for each sender, after all of its attempts.
func (s *senderSum) values() []any {
	s.Domains = len(s.domains)
	s.Nameless = s.ReverseName == ""
	j := spamrun.Judge(s.Habits)
	return []any{s.addr, int64(s.Mails), int64(s.Tried), int64(s.refused), int64(s.Runs), int64(s.SameHELO), time.Unix(s.first, 0), time.Unix(s.last, 0), float32(j.Bits),
		append([]string{}, j.Reasons...), known(j.Class)}
}

// senderColumns are the columns of sender_habits in the order of values.
var senderColumns = []string{"sender", "mails", "attempts", "refused", "spamruns", "same_helo", "first_seen", "last_seen", "zombie_bits", "reasons", "helo_class"}

// note adds an attempt. Names are counted up to maxNames, because a relay has
// any number.
func (s *senderSum) note(a *attempt, x *spamrun.Arrival) {
	s.Mails++
	s.Tried += x.Tried
	s.Bad += x.Bad
	s.first, s.last = min(s.first, a.At), max(s.last, a.At, a.Until)
	s.ReverseName = cmp.Or(s.ReverseName, x.ReverseName)
	if x.Class == spamrun.Wanted {
		s.Wanted++
	}
	if x.ReturnPath != "" && len(s.domains) < maxNames {
		s.domains[x.Domain()] = true
	}
	if h := x.HELO; h != "" && (len(s.HELOs) < maxNames || s.HELOs[h] > 0) {
		s.HELOs[h]++
		s.SameHELO = max(s.SameHELO, int(a.HeloSenders)-1)
	}
	for _, v := range a.Verdicts {
		if v == "refused" {
			s.refused++
		}
	}
}
