package logs

import (
	"cmp"
	"context"
	"net/netip"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"spoor/graph/spamrun"
)

// senderSum totals the activity of one sender.
type senderSum struct {
	spamrun.Habits
	addr        netip.Addr
	domains     map[string]bool
	refused     int
	first, last int64
}

// sumSenders sums up all senders, in the order of their addresses.
func sumSenders(all []attempt, arrivals []spamrun.Arrival, runs []*runFound) []*senderSum {
	by := map[netip.Addr]*senderSum{}
	helos := map[string]map[netip.Addr]bool{}
	for i := range all {
		a, x := &all[i], &arrivals[i]
		s := by[a.Sender]
		if s == nil {
			s = &senderSum{addr: a.Sender, domains: map[string]bool{}, first: a.At}
			s.HELOs = map[string]int{}
			by[a.Sender] = s
		}
		s.note(a, x)
		if h := x.HELO; h != "" {
			s.HELOs[h]++
			if helos[h] == nil {
				helos[h] = map[netip.Addr]bool{}
			}
			helos[h][a.Sender] = true
		}
	}
	for _, r := range runs {
		if s := by[r.Sender]; s != nil && !r.Wanted {
			s.Runs++
		}
	}
	out := make([]*senderSum, 0, len(by))
	for _, s := range by {
		s.Domains = len(s.domains)
		s.Nameless = s.ReverseName == ""
		for h := range s.HELOs {
			s.SameHELO = max(s.SameHELO, len(helos[h])-1)
		}
		out = append(out, s)
	}
	slices.SortFunc(out, func(a, b *senderSum) int { return a.addr.Compare(b.addr) })
	return out
}

// maxHELOs bounds the names that are kept of one sender.
const maxHELOs = 1000

func (s *senderSum) note(a *attempt, x *spamrun.Arrival) {
	s.Mails++
	s.Tried += x.Tried
	s.Bad += x.Bad
	s.first, s.last = min(s.first, a.At), max(s.last, a.At, a.Until)
	s.ReverseName = cmp.Or(s.ReverseName, x.ReverseName)
	if x.Class == spamrun.Wanted {
		s.Wanted++
	}
	if x.ReturnPath != "" && len(s.domains) < maxHELOs {
		s.domains[x.Domain()] = true
	}
	for _, v := range a.Verdicts {
		if v == "refused" {
			s.refused++
		}
	}
}

// writeSenders replaces the stored totals of the senders.
func writeSenders(ctx context.Context, tx pgx.Tx, all []*senderSum) error {
	if _, err := tx.Exec(ctx, "DELETE FROM sender_habits"); err != nil {
		return err
	}
	_, err := tx.CopyFrom(ctx, pgx.Identifier{"sender_habits"}, []string{"sender", "mails", "attempts", "refused", "spamruns", "same_helo", "first_seen", "last_seen", "zombie_bits",
		"reasons", "helo_class"}, pgx.CopyFromSlice(len(all), func(i int) ([]any, error) {
		s := all[i]
		j := spamrun.Judge(s.Habits)
		return []any{s.addr, int64(s.Mails), int64(s.Tried), int64(s.refused), int64(s.Runs), int64(s.SameHELO), time.Unix(s.first, 0), time.Unix(s.last, 0), float32(j.Bits),
			append([]string{}, j.Reasons...), known(j.Class)}, nil
	}))
	return err
}
