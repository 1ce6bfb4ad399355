package logworld

import (
	"net/netip"
	"time"

	"spoor/ingest/maillog"
)

// Right is a share of right answers.
type Right struct{ Right, Of int }

// Share is 1 if there are none to be right about.
func (r Right) Share() float64 {
	if r.Of == 0 {
		return 1
	}
	return float64(r.Right) / float64(r.Of)
}

// attemptKey identifies an attempt in the truth and in the parsed log.
type attemptKey struct {
	at                         time.Time
	server                     string
	client                     netip.Addr
	sender, recipient, verdict string
}

// ScoreAttempts compares parsed logs with the truth. Time in whole seconds,
// server, client, sender, recipient and verdict all have to be right; an
// attempt that does not exist counts as an error.
func (w *World) ScoreAttempts(ds []maillog.Delivery) (r Right, missing []Attempt) {
	got := map[attemptKey]int{}
	n := 0
	for i := range ds {
		d := &ds[i]
		for _, to := range d.Recipients {
			got[attemptKey{to.At.Truncate(time.Second).UTC(), d.Server, d.Client, d.ReturnPath, to.Address, string(to.Verdict)}]++
			n++
		}
	}
	for _, a := range w.Attempts {
		k := attemptKey{a.At, a.Server, a.Client, a.Sender, a.Recipient, a.Verdict}
		if got[k] > 0 {
			got[k]--
			r.Right++
		} else {
			missing = append(missing, a)
		}
	}
	r.Of = max(len(w.Attempts), n)
	return r, missing
}

// RecipientScore is how right the explanations of broken recipients are.
type RecipientScore struct {
	Kind     Right // of damage that has a kind
	MadeFrom Right // of damage that was done to a real user's address
	Left     Right // damage of no kind that was left unknown
	Tied     Right // that several users' addresses fit equally, and that was left unknown
	Claims   Right // explanations that are 0.9 sure or more, by kind
	ByKind   map[string]*Right
}

// ScoreRecipients asks explain about each recipient of the spamruns, once.
func (w *World) ScoreRecipients(explain func(address string) (kind, madeFrom string, sure float64)) RecipientScore {
	s := RecipientScore{ByKind: map[string]*Right{}}
	seen := map[string]bool{}
	for _, a := range w.Attempts {
		if a.Run == 0 || seen[a.Recipient] {
			continue
		}
		seen[a.Recipient] = true
		kind, from, sure := explain(a.Recipient)
		if a.Kind != "valid" && a.Kind != "unknown" && w.tied(a.Recipient, a.Kind) {
			s.Tied.note(kind == "unknown")
			continue
		}
		right := kind == a.Kind
		if s.ByKind[a.Kind] == nil {
			s.ByKind[a.Kind] = &Right{}
		}
		s.ByKind[a.Kind].note(right)
		if a.Kind == "unknown" {
			s.Left.note(right)
		} else {
			s.Kind.note(right)
			if a.MadeFrom != "" && a.Kind != "valid" && a.Kind != "stale" {
				s.MadeFrom.note(from == a.MadeFrom)
			}
		}
		if sure >= 0.9 && kind != "unknown" {
			s.Claims.note(right)
		}
	}
	return s
}

// note counts one answer.
func (r *Right) note(right bool) {
	r.Of++
	if right {
		r.Right++
	}
}

// tied reports whether a recipient can have been made as well from another user, by the
// same kind of damage or by one that makes as many addresses of one user.
func (w *World) tied(address, kind string) bool {
	local := address[:len(address)-len(w.Domain)-1]
	fits := 0
	for _, u := range w.Users {
		cut := len(u) > 1 && local == u[1:] || len(u) > 2 && local == u[2:]
		one := len(local) > 1 && (local[1:] == u || len(u) > 1 && local[1:] == u[1:] || len(u) > 2 && local[1:] == u[2:])
		switch kind {
		case "cut_front":
			if cut {
				fits++
			}
		case "char_prefix", "first_replaced", "cut_replaced":
			if cut { // which is likelier than any of these
				return true
			}
			if one {
				fits++
			}
		}
	}
	return fits > 1
}
