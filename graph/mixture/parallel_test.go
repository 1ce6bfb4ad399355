package mixture

import (
	"math/rand/v2"
	"testing"
)

// Two clusters of one text whose program, route and contact differ.
const (
	kindText = iota
	kindProgram
	kindRoute
	kindWallet
	kindsOfTest
)

func kindsForParallel() []Kind {
	return []Kind{
		kindText:    {Group: Text, Weight: 1, Call: 1, Aspect: Content},
		kindProgram: {Group: Mailer, Weight: 1, Call: 1, Aspect: Program},
		kindRoute:   {Group: Sending, Weight: 1, Call: 1, Aspect: Route},
		kindWallet:  {Group: Contact, Weight: 1, Call: 1, Aspect: Content, Own: true},
	}
}

// unitsOf makes units in order of arrival, each with one value a kind, -1 for none.
func unitsOf(in *Input, values [][kindsOfTest]int) {
	type value struct{ kind, v int }
	number := make(map[value]int32)
	in.KindOf, in.Units = nil, nil
	for k := range kindsOfTest { // features are numbered by kind
		for _, u := range values {
			if u[k] >= 0 {
				if _, ok := number[value{k, u[k]}]; !ok {
					number[value{k, u[k]}] = int32(len(in.KindOf))
					in.KindOf = append(in.KindOf, uint8(k))
				}
			}
		}
	}
	for _, u := range values {
		var x Unit
		for k, v := range u {
			if v >= 0 {
				x.Values = append(x.Values, number[value{k, v}])
				x.Spans = append(x.Spans, Span{Kind: uint8(k), From: uint16(len(x.Values) - 1), To: uint16(len(x.Values))})
			}
		}
		in.Units = append(in.Units, x)
	}
}

// divided is the evidence for two campaigns in the mail of sides 0 and 1.
func dividedOf(values [][kindsOfTest]int, side []int) float64 {
	in := Input{Kinds: kindsForParallel()}
	unitsOf(&in, values)
	m := newModel(in)
	m.fresh()
	m.fresh()
	for i, s := range side {
		m.put(int32(i), int32(s))
	}
	m.learn()
	return m.twoOwners(new(sums), 0, 1)
}

func TestParallelCampaignsAreApart(t *testing.T) {
	const n = 60
	random := rand.New(rand.NewPCG(1, 2))
	crews := make([][kindsOfTest]int, n) // two crews in turn
	turn, alone, later, mixed := make([]int, n), make([][kindsOfTest]int, n), make([][kindsOfTest]int, n), make([][kindsOfTest]int, n)
	sequence := make([]int, n)
	for i := range n {
		turn[i] = random.IntN(2)
		sequence[i] = i * 2 / n
		crews[i] = [kindsOfTest]int{0, turn[i], turn[i], -1}
		alone[i] = [kindsOfTest]int{0, turn[i], 0, -1}                                 // one crew with two programs in turn
		later[i] = [kindsOfTest]int{0, sequence[i], sequence[i], -1}                   // one crew that moved once
		mixed[i] = [kindsOfTest]int{0, random.IntN(2), random.IntN(2), random.IntN(2)} // one that rotates all
	}
	for _, c := range []struct {
		name     string
		values   [][kindsOfTest]int
		side     []int
		from, to float64
	}{
		{"two crews in turn", crews, turn, 10, 60},
		{"one crew, two programs", alone, turn, 0, 0},
		{"one crew that moved once", later, sequence, 0, 5},
		{"one crew that rotates", mixed, turn, 0, 2},
	} {
		if v := dividedOf(c.values, c.side); v < c.from || v > c.to {
			t.Errorf("%s: %.1f nats, want %g to %g", c.name, v, c.from, c.to)
		}
	}
}

// A side that is much larger is read near the smaller one only, and long ones in part: the
// evidence stays.
func TestParallelIsBounded(t *testing.T) {
	var values [][kindsOfTest]int
	var side []int
	for i := range 20000 {
		s := 0
		if i%400 == 200 {
			s = 1
		}
		values, side = append(values, [kindsOfTest]int{0, s, s, -1}), append(side, s)
	}
	if v := dividedOf(values, side); v < 10 {
		t.Errorf("fifty units among twenty thousand: %.1f nats", v)
	}
	for i := range side {
		side[i] = i / 10 % 2
		values[i] = [kindsOfTest]int{0, side[i], side[i], -1}
	}
	if v := dividedOf(values, side); v < 10 || v > 4*mostTrials {
		t.Errorf("two of ten thousand: %.1f nats", v)
	}
}

// Mail of two crews that send one text, in turn, must become two clusters, but not if it asks
// for money to one wallet, or only the program differs.
func TestCopyOfACampaignIsAnother(t *testing.T) {
	const strangers = 4000
	run := func(routes, wallet int) int {
		in := Input{Kinds: kindsForParallel()}
		random := rand.New(rand.NewPCG(3, 4))
		var values [][kindsOfTest]int
		for i := range strangers {
			values = append(values, [kindsOfTest]int{10 + i, 10 + i%400, 10 + i, -1})
		}
		for range 80 {
			s := random.IntN(2)
			values = append(values, [kindsOfTest]int{0, s, s % routes, wallet})
		}
		unitsOf(&in, values)
		r := Run(in)
		of := make(map[int32]bool)
		for _, c := range r.Cluster[strangers:] {
			of[c] = true
		}
		return len(of)
	}
	if n := run(2, -1); n != 2 {
		t.Errorf("two crews: %d clusters", n)
	}
	if n := run(2, 0); n != 1 {
		t.Errorf("two crews that send for one wallet: %d clusters", n)
	}
	if n := run(1, -1); n != 1 {
		t.Errorf("one crew with two programs: %d clusters", n)
	}
}
