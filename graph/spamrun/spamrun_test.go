package spamrun

import (
	"math"
	"math/rand/v2"
	"net/netip"
	"reflect"
	"slices"
	"testing"
	"time"
)

var (
	zombie  = netip.MustParseAddr("203.0.113.31")
	another = netip.MustParseAddr("2001:db8::31")
)

// at is a time on a day of January 2006.
func at(d, h, m, s int) int64 { return time.Date(2006, 1, d, h, m, s, 0, time.UTC).Unix() }

// burst is n arrivals from sender, each gap seconds after the one before.
func burst(sender netip.Addr, key, start int64, n int, gap int64) []Arrival {
	out := make([]Arrival, n)
	for i := range out {
		out[i] = Arrival{Message: key + int64(i), Sender: sender, At: start + int64(i)*gap}
	}
	return out
}

// random is n arrivals from sender at a steady rate: gaps are exponential.
func random(r *rand.Rand, sender netip.Addr, key, start int64, n int, mean float64) []Arrival {
	out := make([]Arrival, n)
	t := float64(start)
	for i := range out {
		out[i] = Arrival{Message: key + int64(i), Sender: sender, At: int64(t)}
		t += r.ExpFloat64() * mean
	}
	return out
}

func concat(lists ...[]Arrival) []Arrival { return slices.Concat(lists...) }

func TestFind(t *testing.T) {
	for name, c := range map[string]struct {
		arrivals []Arrival
		sizes    []int // by sender and time
	}{
		"nothing":                                {nil, nil},
		"one mail is no run":                     {burst(zombie, 1, at(5, 14, 44, 0), 1, 0), nil},
		"the administrator's run":                {burst(zombie, 1, at(5, 14, 44, 0), 36, 13), []int{36}},
		"two of the same second":                 {burst(zombie, 1, at(5, 14, 44, 0), 2, 0), []int{2}},
		"a pair half an hour apart":              {burst(zombie, 1, at(5, 14, 44, 0), 2, 1800), []int{2}},
		"a pair two hours apart":                 {burst(zombie, 1, at(5, 14, 44, 0), 2, 7200), nil},
		"one every two hours is no burst":        {burst(zombie, 1, at(5, 0, 0, 0), 50, 7200), nil},
		"two senders at once":                    {concat(burst(zombie, 1, at(5, 14, 44, 0), 3, 9), burst(another, 9, at(5, 14, 44, 0), 4, 9)), []int{3, 4}},
		"rented twice, a day apart":              {concat(burst(zombie, 1, at(5, 14, 44, 0), 36, 13), burst(zombie, 50, at(6, 14, 44, 0), 12, 13)), []int{36, 12}},
		"rented twice, half an hour apart":       {concat(burst(zombie, 1, at(5, 14, 44, 0), 36, 13), burst(zombie, 50, at(5, 15, 22, 0), 12, 13)), []int{36, 12}},
		"a pause of nine minutes":                {concat(burst(zombie, 1, at(5, 14, 44, 0), 36, 1), burst(zombie, 50, at(5, 14, 53, 0), 12, 1)), []int{48}},
		"newsletter server, all day like clocks": {burst(zombie, 1, at(5, 0, 0, 0), 144, 600), []int{144}},
		"a service is cut by the day":            {burst(zombie, 1, at(5, 0, 0, 0), 3*145, 600), []int{145, 145, 145}},
		"nights part the days of a slow sender":  {concat(burst(zombie, 1, at(5, 9, 0, 0), 20, 1500), burst(zombie, 50, at(6, 9, 0, 0), 20, 1500)), []int{20, 20}},
		"sender unknown":                         {burst(netip.Addr{}, 1, at(5, 14, 44, 0), 5, 1), nil},
		"time unknown":                           {burst(zombie, 1, 0, 5, 0), nil},
		"clock of 1904":                          {burst(zombie, 1, -2082844800, 5, 2), []int{5}},
		"clock after 2038":                       {burst(zombie, 1, math.MaxInt32-2, 5, 2), []int{5}},
		"1904 and 2038 are far apart":            {concat(burst(zombie, 1, -2082844800, 2, 2), burst(zombie, 5, math.MaxInt32, 2, 2)), []int{2, 2}},
		"both ends of time": {[]Arrival{{Message: 1, Sender: zombie, At: math.MinInt64}, {Message: 2, Sender: zombie, At: math.MinInt64 + 1}, {Message: 3, Sender: zombie, At: math.MaxInt64 - 1},
			{Message: 4, Sender: zombie, At: math.MaxInt64}}, []int{2, 2}},
		"the same arrival twice": {concat(burst(zombie, 1, at(5, 14, 44, 0), 2, 5), burst(zombie, 1, at(5, 14, 44, 0), 2, 5)), []int{2}},
		"an address in two forms": {concat(burst(zombie, 1, at(5, 14, 44, 0), 2, 5),
			burst(netip.AddrFrom16(zombie.As16()), 5, at(5, 14, 45, 0), 2, 5)), []int{4}},
	} {
		t.Run(name, func(t *testing.T) {
			var sizes []int
			for _, r := range Find(c.arrivals) {
				sizes = append(sizes, len(r.Messages))
			}
			if !slices.Equal(sizes, c.sizes) {
				t.Errorf("runs of %v, want %v", sizes, c.sizes)
			}
		})
	}
}

// TestSteadySenders checks that random mail at a steady rate is few runs, at
// low and high rates.
func TestSteadySenders(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for _, mean := range []float64{2, 30, 120, 600, 1200} {
		n := int(86400 / mean) // a day of it
		total := 0
		for range 10 {
			total += len(Find(random(r, zombie, 1, at(5, 0, 0, 0), n, mean)))
		}
		if average := float64(total) / 10; average > 3 {
			t.Errorf("one every %v s: %v runs a day", mean, average)
		}
	}
}

// TestRelayOfMixedCustomers has a provider that relays all day, with a
// customer's burst at noon. The day is a run up to the end of the burst and one
// or two in the afternoon. Nights divide it, and the zombie beside it has its
// own run.
func TestRelayOfMixedCustomers(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	var all []Arrival
	for d := range 10 {
		all = append(all, random(r, another, int64(d*1000), at(5+d, 8, 0, 0), 80, 420)...) // 8:00 to about 17:20
		all = append(all, burst(another, int64(d*1000+500), at(5+d, 12, 0, 0), 60, 3)...)
	}
	all = append(all, burst(zombie, 90000, at(9, 12, 0, 0), 36, 13)...)
	runs := Find(all)
	if len(runs) < 11 || len(runs) > 40 {
		t.Errorf("%d runs in ten days of a relay and one of a zombie", len(runs))
	}
	for _, run := range runs {
		if run.End-run.Start > day/2+4*3600 {
			t.Errorf("a run of %v", time.Duration(run.End-run.Start)*time.Second)
		}
		if run.Sender == zombie && len(run.Messages) != 36 {
			t.Errorf("the zombie's run has %d messages", len(run.Messages))
		}
	}
}

func world(seed uint64) []Arrival {
	r := rand.New(rand.NewPCG(seed, 1))
	var all []Arrival
	for i := range 40 {
		sender := netip.AddrFrom4([4]byte{198, 51, 100, byte(r.IntN(20))})
		mean := []float64{5, 60, 600, 3000}[r.IntN(4)]
		all = append(all, random(r, sender, int64(i*1000), at(1+r.IntN(5), r.IntN(24), 0, 0), 1+r.IntN(80), mean)...)
	}
	return all
}

func TestOrderChangesNothing(t *testing.T) {
	for seed := range uint64(20) {
		all := world(seed)
		want := Find(all)
		r := rand.New(rand.NewPCG(seed, 2))
		r.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
		before := slices.Clone(all)
		if got := Find(all); !reflect.DeepEqual(got, want) {
			t.Fatalf("seed %d: another order, other runs", seed)
		}
		if !reflect.DeepEqual(all, before) {
			t.Fatal("the input was changed")
		}
	}
}

// TestLaterMailChangesFewEarlierRuns finds the runs among the mail up to some
// time. They are the beginnings of the final ones, with the same ids. Later
// mail can show that a silence ended a run, and other runs of the store that it did
// not. Half of these senders are so slow that both are likely.
func TestLaterMailChangesFewEarlierRuns(t *testing.T) {
	redrawn, all := 0, 0
	for seed := range uint64(16) {
		mail := world(seed)
		until := at(3, 12, 0, 0)
		after := map[int64]Run{}
		for _, r := range Find(mail) {
			after[r.ID] = r
		}
		for _, r := range Find(slices.DeleteFunc(slices.Clone(mail), func(a Arrival) bool { return a.At > until })) {
			all++
			later, ok := after[r.ID]
			n := min(len(later.Messages), len(r.Messages))
			if !ok || !slices.Equal(later.Messages[:n], r.Messages[:n]) || later.Sender != r.Sender || later.Start != r.Start || n < len(r.Messages) {
				redrawn++
			}
		}
	}
	if 25*redrawn > all {
		t.Errorf("%d of %d runs were redrawn", redrawn, all)
	}
}

// TestRunsArePartitioned: each message is in one run at most, in the order of arrival,
// and no two runs have one id.
func TestRunsArePartitioned(t *testing.T) {
	for seed := range uint64(20) {
		all := world(seed)
		of := map[int64]Arrival{}
		for _, a := range all {
			of[a.Message] = a
		}
		ids, seen := map[int64]bool{}, map[int64]bool{}
		for _, r := range Find(all) {
			if r.ID <= 0 || ids[r.ID] {
				t.Fatalf("id %d", r.ID)
			}
			ids[r.ID] = true
			for i, m := range r.Messages {
				a := of[m]
				if seen[m] || a.Sender != r.Sender || a.At < r.Start || a.At > r.End || i > 0 && a.At < of[r.Messages[i-1]].At {
					t.Fatalf("message %d in run %+v", m, r)
				}
				seen[m] = true
			}
		}
	}
}

func TestIDsThatMeet(t *testing.T) {
	taken := map[int64]bool{}
	for _, want := range []int64{math.MaxInt64 - 1, math.MaxInt64, 1, 2} {
		if got := free(taken, math.MaxInt64-1); got != want {
			t.Errorf("got %d, want %d", got, want)
		}
	}
	if a, b := identity(zombie, 1), identity(zombie, 2); a == b || a <= 0 || a != identity(netip.MustParseAddr("203.0.113.31"), 1) {
		t.Errorf("ids %d, %d", a, b)
	}
}

func BenchmarkFind(b *testing.B) {
	r := rand.New(rand.NewPCG(1, 1))
	all := make([]Arrival, 1_000_000)
	for i := range all {
		all[i] = Arrival{Message: int64(i), Sender: netip.AddrFrom4([4]byte{198, 18, byte(r.IntN(256)), byte(r.IntN(256))}), At: at(1, 0, 0, 0) + r.Int64N(30*day)}
	}
	for b.Loop() {
		Find(all)
	}
	b.ReportMetric(float64(len(all)*b.N)/b.Elapsed().Seconds(), "arrivals/s")
}
