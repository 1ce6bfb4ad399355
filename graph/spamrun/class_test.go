package spamrun

import (
	"math"
	"testing"
)

// mails returns n mails of three recipients, of which bad ones were refused.
func mails(n, bad int, path string) (all []Arrival) {
	for range n {
		all = append(all, Arrival{ReturnPath: path, Tried: 3, Bad: bad})
	}
	return all
}

func TestClassOf(t *testing.T) {
	for _, c := range []struct {
		name    string
		members []Arrival
		class   *class
	}{
		{"recipients count apart from the rest", mails(4, 1, "a@b.example"), &class{bits: 5 - damageOdds(12, 4), tried: 12, bad: 4}},
		{"evidence of recipients is limited", mails(40, 3, "a@b.example"), &class{bits: 5 + 14, tried: 120, bad: 120}},
		{"bounces go to forged senders", mails(4, 1, "<>"), nil},
		{"some bounces among others", append(mails(3, 1, "<>"), mails(1, 1, "a@b.example")...), &class{bits: 5 - damageOdds(12, 4), tried: 12, bad: 4}},
		{"no recipient is known", []Arrival{{ReturnPath: "a@b.example"}}, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			x := classOf(c.members, 5)
			if (x == nil) != (c.class == nil) {
				t.Fatalf("%v, want %v", x, c.class)
			}
			if x != nil && (math.Abs(x.bits-c.class.bits) > 1e-9 || x.tried != c.class.tried || x.bad != c.class.bad) {
				t.Errorf("%+v, want %+v", *x, *c.class)
			}
		})
	}
}

// What spam is like is learned: where all lists are good, a burst without bad recipients is
// less evidence of ham than by the prior.
func TestSharesAreLearned(t *testing.T) {
	var poor, good []*class
	for i := range 200 {
		poor = append(poor, &class{bits: -8, tried: 40, bad: float64(16 + i%8)})
		good = append(good, &class{bits: -8, tried: 40, bad: float64(i % 4)})
	}
	for i := range 50 { // ham of both stores
		ham := &class{bits: 8, tried: 40, bad: float64(i % 2)}
		poor, good = append(poor, ham), append(good, ham)
	}
	open := &class{tried: 40, bad: 2}
	if got := open.odds(shares(poor)); got < 3 {
		t.Errorf("%.1f bits for ham where spam has poor lists", got)
	}
	if got := open.odds(shares(good)); got > 2 {
		t.Errorf("%.1f bits for ham where spam has good lists", got)
	}
	// All refused: the client is on a blocklist, whatever its list is like.
	blocked := append([]*class(nil), poor...)
	for range 500 {
		blocked = append(blocked, &class{bits: -8, tried: 40, bad: 40})
	}
	ham, spam := shares(poor)
	ham2, spam2 := shares(blocked)
	if math.Abs(spam.bad/(spam.bad+spam.good)-spam2.bad/(spam2.bad+spam2.good)) > 0.01 || math.Abs(ham.bad/ham.good-ham2.bad/ham2.good) > 0.01 {
		t.Errorf("bursts on a blocklist change the shares: %v, %v to %v, %v", ham, spam, ham2, spam2)
	}
	if h, s := shares(nil); math.Abs(h.bad/(h.bad+h.good)-1./29) > 1e-9 || math.Abs(s.bad/(s.bad+s.good)-0.5) > 1e-9 {
		t.Errorf("without bursts %v and %v, not the prior means", h, s)
	}
}
