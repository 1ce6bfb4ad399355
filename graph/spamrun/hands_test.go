package spamrun

import (
	"fmt"
	"math"
	"math/rand/v2"
	"net/netip"
	"slices"
	"testing"
)

var relay = netip.MustParseAddr("198.51.100.25")

// day of a relay's own mail: by people of its firm, all recipients good.
func ownMail(r *rand.Rand, key int64, d, n int) []Arrival {
	all := random(r, relay, key, at(d, 8, 0, 0), n, 600)
	for i := range all {
		a := &all[i]
		a.ReturnPath, a.HELO, a.ReverseName, a.Tried = fmt.Sprintf("user%d@firm.example", r.IntN(9)), "mail.firm.example", "mail.firm.example", 1
	}
	return all
}

// TestHijackedRelay: a burst through a relay is told from its own mail in the same minutes,
// and the relay's own mail is wanted.
func TestHijackedRelay(t *testing.T) {
	for name, change := range map[string]func(i int, a *Arrival){
		"senders that nobody knows": func(i int, a *Arrival) { a.ReturnPath = fmt.Sprintf("x%d@other%d.example", i, i) },
		"an account of its own":     func(i int, a *Arrival) { a.ReturnPath = "user3@firm.example" },
		"a machine behind it": func(i int, a *Arrival) {
			a.ReturnPath, a.HELO = "user1@firm.example", "PC-1"
		},
	} {
		t.Run(name, func(t *testing.T) {
			r := rand.New(rand.NewPCG(1, 7))
			all := concat(ownMail(r, 1, 4, 60), ownMail(r, 1000, 5, 60), ownMail(r, 2000, 6, 60))
			spam := burst(relay, 5000, at(5, 11, 0, 0), 40, 15)
			for i := range spam {
				a := &spam[i]
				a.HELO, a.ReverseName, a.Tried, a.Bad = "mail.firm.example", "mail.firm.example", 2, i%3
				change(i, a)
			}
			for _, run := range Find(concat(all, spam)) {
				strange := 0
				for _, m := range run.Messages {
					if m >= 5000 {
						strange++
					}
				}
				switch {
				case run.Wanted && strange > 3:
					t.Errorf("%d mails of the burst are wanted", strange)
				case !run.Wanted && (strange < 36 || len(run.Messages) > strange+2):
					t.Errorf("a run of %d, %d of the burst", len(run.Messages), strange)
				}
			}
		})
	}
}

// TestNewsletter: a server in a hurry is no other hand.
func TestNewsletter(t *testing.T) {
	r := rand.New(rand.NewPCG(2, 7))
	all := concat(ownMail(r, 1, 4, 60), ownMail(r, 1000, 5, 60))
	news := burst(relay, 5000, at(5, 11, 0, 0), 200, 1)
	for i := range news {
		a := &news[i]
		a.ReturnPath, a.HELO, a.ReverseName, a.Tried = "news@firm.example", "mail.firm.example", "mail.firm.example", 1
		if i%25 == 0 { // the zombie that left
			a.Bad = 1
		}
	}
	for _, run := range Find(concat(all, news)) {
		if !run.Wanted {
			t.Errorf("a run of %d from %d", len(run.Messages), run.Messages[0])
		}
	}
}

// TestTwoHandsAtOnce: one keeps its envelope sender, the other takes another each time.
func TestTwoHandsAtOnce(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 7))
	all := concat(ownMail(r, 1, 4, 60), ownMail(r, 1000, 5, 60), ownMail(r, 2000, 6, 60))
	one, other := burst(relay, 5000, at(5, 11, 0, 0), 30, 15), burst(relay, 6000, at(5, 11, 0, 7), 30, 15)
	for i := range one {
		one[i].ReturnPath, other[i].ReturnPath = "boss@firm.example", fmt.Sprintf("x%d@other%d.example", i, i)
		for _, a := range []*Arrival{&one[i], &other[i]} {
			a.HELO, a.ReverseName, a.Tried, a.Bad = "mail.firm.example", "mail.firm.example", 2, 1
		}
	}
	var sizes []int
	for _, run := range Find(concat(all, one, other)) {
		if !run.Wanted {
			sizes = append(sizes, len(run.Messages))
		}
	}
	if !slices.Equal(sizes, []int{30, 30}) {
		t.Errorf("runs of %v, want two of 30", sizes)
	}
}

// TestRentedMachine: two operators rent one machine, which has no mail of its own. One sends
// slowly while the other does in a burst, or one begins some minutes after the other.
func TestRentedMachine(t *testing.T) {
	rented := netip.MustParseAddr("203.0.113.9")
	for name, other := range map[string][]Arrival{
		"at one time": burst(rented, 6000, at(5, 11, 20, 7), 30, 9),
		"in turn":     burst(rented, 6000, at(5, 14, 55, 0), 30, 9),
	} {
		t.Run(name, func(t *testing.T) {
			slow := burst(rented, 5000, at(5, 11, 0, 0), 24, 600)
			for i := range slow {
				slow[i].ReturnPath, slow[i].Tried, slow[i].Bad = "boss@stolen.example", 1, i%2
			}
			for i := range other {
				other[i].ReturnPath, other[i].Tried, other[i].Bad = fmt.Sprintf("b-%d@rented.example", i), 5, 1
			}
			var sizes []int
			for _, run := range Find(concat(slow, other)) {
				sizes = append(sizes, len(run.Messages))
			}
			slices.Sort(sizes)
			if !slices.Equal(sizes, []int{24, 30}) {
				t.Errorf("runs of %v, want 24 and 30", sizes)
			}
		})
	}
}

// TestHandsInTurn: one hand follows another through one relay within a minute. Each keeps
// its envelope sender, or its domain.
func TestHandsInTurn(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 7))
	all := concat(ownMail(r, 1, 4, 60), ownMail(r, 1000, 5, 60), ownMail(r, 2000, 6, 60))
	one, other := burst(relay, 5000, at(5, 11, 0, 0), 14, 5), burst(relay, 6000, at(5, 11, 1, 30), 20, 7)
	own := burst(relay, 7000, at(5, 11, 0, 33), 2, 80)
	for i := range other {
		other[i].ReturnPath, other[i].Tried, other[i].Bad = fmt.Sprintf("b-%d@rented.example", i), 1, i%2
	}
	for i := range one {
		one[i].ReturnPath, one[i].Tried, one[i].Bad = "boss@firm.example", 5, 2
	}
	for i := range own {
		own[i].ReturnPath, own[i].Tried = fmt.Sprintf("guest%d@visitor%d.example", i, i), 1
	}
	both := concat(one, other, own)
	for i := range both {
		both[i].HELO, both[i].ReverseName = "mail.firm.example", "mail.firm.example"
	}
	var sizes []int
	for _, run := range Find(concat(all, both)) {
		if !run.Wanted {
			sizes = append(sizes, len(run.Messages))
		}
	}
	if len(sizes) != 2 || sizes[0] < 14 || sizes[0] > 15 || sizes[1] < 20 || sizes[1] > 22 {
		t.Errorf("runs of %v, want 14 and 20, and two more at most", sizes)
	}
}

// TestCutByNames: another envelope sender after a silence is another run's, where the gaps
// would allow one run.
func TestCutByNames(t *testing.T) {
	for name, c := range map[string]struct {
		second string
		cut    bool
	}{
		"the same account": {"anna@one.example", false},
		"another account":  {"uwe@two.example", true},
	} {
		t.Run(name, func(t *testing.T) {
			now, all := at(5, 8, 0, 0), []Arrival(nil)
			for i, g := range slices.Concat(gapsOf(10, 700), []int64{2400}, gapsOf(9, 700)) {
				now += g
				from := "anna@one.example"
				if i >= 10 {
					from = c.second
				}
				all = append(all, Arrival{Message: int64(i + 1), Sender: zombie, At: now, ReturnPath: from, Tried: 2})
			}
			if got := len(bursts(all, &usual{})) > 1; got != c.cut {
				t.Errorf("cut %v, want %v", got, c.cut)
			}
		})
	}
}

// TestUsual: a part of a size or pace that no run of the store has is none.
func TestUsual(t *testing.T) {
	u := &usual{}
	part := func(n int, gap int64) []Arrival { return burst(zombie, 1, at(5, 8, 0, 0), n, gap) }
	uneven := func() float64 { return u.of(part(3, 9)) + u.of(part(50, 9)) }
	slow := func() float64 { return u.of(part(25, 900)) }
	even := func() float64 { return u.of(part(25, 9)) + u.of(part(28, 9)) }
	before := [...]float64{uneven(), slow(), even()}
	for i := range int64(200) {
		u.learn([][]Arrival{part(20+int(i%20), 9)})
	}
	if uneven() > before[0]-1 || slow() > before[1]-2 || even() < before[2]+3 {
		t.Errorf("3 and 50: %.1f, before %.1f; slow: %.1f, before %.1f; 25 and 28: %.1f, before %.1f", uneven(), before[0], slow(), before[1], even(), before[2])
	}
	if u.twoRates() > 0.2 || u.followed() > 0.01 {
		t.Errorf("two rates %.2f, followed %.2f", u.twoRates(), u.followed())
	}
	u = &usual{}
	for range 50 {
		u.learn([][]Arrival{part(20, 9), burst(zombie, 100, at(5, 9, 0, 0), 20, 9)})
	}
	if math.Abs(u.followed()-0.46) > 0.01 {
		t.Errorf("every second run is followed: %.2f", u.followed())
	}
}

// TestCut: two rates are told from one, whichever they are.
func TestCut(t *testing.T) {
	for name, c := range map[string]struct {
		before, after []int64
		silence       int64
		cut           bool
	}{
		"seconds, then twenty minutes":      {gapsOf(30, 12), gapsOf(30, 12), 1200, true},
		"a handful, then twenty minutes":    {gapsOf(7, 3), gapsOf(7, 3), 1200, true},
		"a slow one, and a longer silence":  {gapsOf(10, 700), gapsOf(10, 700), 2400, false},
		"a slow one, and a silence of four": {gapsOf(10, 700), gapsOf(10, 700), 12000, true},
		"three each quarter of an hour": {[]int64{2, 3, 900, 4, 2, 950, 3, 3, 800, 2, 2}, []int64{3, 1, 1000, 2, 4, 870, 3, 2},
			1500, false},
	} {
		t.Run(name, func(t *testing.T) {
			now := at(5, 8, 0, 0)
			all := []Arrival{{Message: 1, Sender: zombie, At: now}}
			for _, g := range slices.Concat(c.before, []int64{c.silence}, c.after) {
				now += g
				all = append(all, Arrival{Message: int64(len(all) + 1), Sender: zombie, At: now})
			}
			if got := len(bursts(all, &usual{})) > 1; got != c.cut {
				t.Errorf("cut %v, want %v", got, c.cut)
			}
		})
	}
}

func gapsOf(n int, gap int64) []int64 { return slices.Repeat([]int64{gap}, n) }

func TestNumbered(t *testing.T) {
	a := netip.MustParseAddr("203.0.113.98")
	for name, want := range map[string]bool{
		"pCB007162.dip.line.example":        true, // hexadecimal
		"98.113.0.203.north.example":        true,
		"host113-98-range0.telco.example":   true,
		"c113098.cable.example":             false, // the last two only, without anything between
		"203000113098.user.example":         true,
		"mail.firm.example":                 false,
		"mx98.firm.example":                 false,
		"static-203-0-113-98.line.example":  true,
		"static-203-0-1113-98.line.example": false,
		"":                                  false,
	} {
		if got := numbered(name, a); got != want {
			t.Errorf("%q: %v", name, got)
		}
	}
}

// TestCoordinated: senders that begin together in one way are one run, among others that
// begin whenever they like.
func TestCoordinated(t *testing.T) {
	r := rand.New(rand.NewPCG(4, 7))
	var all []Arrival
	key := int64(1)
	send := func(sender, start int64, n int, helo string) {
		b := burst(netip.AddrFrom4([4]byte{203, 0, 113, byte(sender)}), key, start, n, 9)
		for i := range b {
			b[i].HELO, b[i].Tried, b[i].Bad, b[i].Tries = helo, 1, i%2, []uint64{r.Uint64()}
		}
		key += int64(n)
		all = append(all, b...)
	}
	for i := range int64(40) {
		send(i+1, at(5, 0, 0, 0)+r.Int64N(day), 8+r.IntN(60), []string{"123456789", "PC-7", "localhost"}[r.IntN(3)])
	}
	for i := range int64(4) {
		send(100+i, at(5, 14, 44, 0)+17*i, 20, "123456789")
	}
	groups := map[int64][]netip.Addr{}
	for _, run := range Find(all) {
		if run.Coordinated != 0 {
			groups[run.Coordinated] = append(groups[run.Coordinated], run.Sender)
		}
	}
	if len(groups) != 1 {
		t.Errorf("groups %v", groups)
	}
	for _, g := range groups {
		if len(g) != 4 || g[0].As4()[3] < 100 {
			t.Errorf("group %v", g)
		}
	}
}

// TestOneTransaction: refusals that a log shows as one transaction are a burst if they
// took minutes, and one mail if they took seconds.
func TestOneTransaction(t *testing.T) {
	for name, c := range map[string]struct {
		seconds int64
		tried   int
		runs    int
	}{"minutes": {300, 30, 1}, "seconds": {20, 30, 0}, "one recipient": {300, 1, 0}, "days": {100 * day, 30, 0}} {
		start := at(5, 8, 0, 0)
		a := Arrival{Message: 1, Sender: zombie, At: start, Until: start + c.seconds, ReturnPath: "anna@one.example", Tried: c.tried, Bad: c.tried}
		runs := Find([]Arrival{a})
		if len(runs) != c.runs || c.runs == 1 && (runs[0].End != start+c.seconds || runs[0].Wanted) {
			t.Errorf("%s: %+v", name, runs)
		}
	}
}
