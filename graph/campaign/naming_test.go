package campaign

import (
	"math/rand/v2"
	"reflect"
	"testing"

	"spoor/graph/evidence"
)

// namingStore makes clusters of one lure each: a place names it in six of ten
// messages, nothing in three, and any lure in one.
func namingStore(dice *rand.Rand) [][]lures {
	all := len(evidence.Lures())
	var out [][]lures
	for i := range 300 {
		c := make([]lures, 1+dice.IntN(8))
		for j := range c {
			for p := range places {
				switch d := dice.IntN(10); {
				case d < 6:
					c[j][p] = i % all
				case d < 9:
					c[j][p] = unnamed
				default:
					c[j][p] = dice.IntN(all)
				}
			}
		}
		out = append(out, c)
	}
	return out
}

func times(k int, l ...lures) (out []lures) {
	for range k {
		out = append(out, l...)
	}
	return out
}

func TestLearnNaming(t *testing.T) {
	n := learnNaming(namingStore(rand.New(rand.NewPCG(1, 2))))
	for p := range places {
		own, none := 0.0, 0.0
		for z := range n.lures {
			own += n.share[p][z][z] / float64(n.lures)
			none += n.share[p][z][n.lures] / float64(n.lures)
			sum := 0.0
			for _, v := range n.share[p][z] {
				sum += v
			}
			if sum < 0.999 || sum > 1.001 {
				t.Errorf("shares add up to %f", sum)
			}
		}
		if own < 0.55 || own > 0.65 || none < 0.25 || none > 0.35 {
			t.Errorf("place %d names the offer in %.2f, nothing in %.2f", p, own, none)
		}
	}
	if again := learnNaming(namingStore(rand.New(rand.NewPCG(1, 2)))); !reflect.DeepEqual(n, again) {
		t.Error("the same messages, other tables")
	}
	if d := learnNaming(nil).divideByOffer(times(3, lures{1, 1, 1}, lures{2, 2, 2})); d.parts != 2 {
		t.Errorf("nothing learned: %d parts", d.parts)
	}
}

func TestDivideByOffer(t *testing.T) {
	dice := rand.New(rand.NewPCG(3, 4))
	n := learnNaming(namingStore(dice))
	random := make([]lures, 60)
	for i := range random {
		random[i] = lures{dice.IntN(n.lures), absent, dice.IntN(n.lures)}
	}
	for name, c := range map[string]struct {
		messages []lures
		parts    int
	}{
		"two offers":                {times(10, lures{1, unnamed, 1}, lures{2, 2, unnamed}), 2},
		"two offers of few":         {times(2, lures{1, 1, 1}, lures{2, 2, 2}), 2},
		"three offers":              {times(6, lures{1, 1, unnamed}, lures{2, unnamed, 2}, lures{unnamed, 3, 3}), 3},
		"one place in two names":    {times(8, lures{1, unnamed, unnamed}, lures{2, unnamed, unnamed}), 1},
		"one offer, often unnamed":  {times(8, lures{1, unnamed, 1}, lures{unnamed, unnamed, 1}, lures{1, unnamed, unnamed}), 1},
		"a second lure in one text": {times(8, lures{1, 1, 1}, lures{1, 1, 2}), 1},
		"words by chance":           {random, 1},
		"no places":                 {times(5, lures{absent, absent, absent}), 1},
		"one message":               {times(1, lures{1, 2, 3}), 1},
		"nothing":                   {nil, 1},
	} {
		d := n.divideByOffer(c.messages)
		if d.parts != c.parts {
			t.Errorf("%s: %d parts, expected %d: %v of %v", name, d.parts, c.parts, d.of, d.items)
			continue
		}
		shuffled := append([]lures(nil), c.messages...)
		dice.Shuffle(len(shuffled), func(i, j int) { shuffled[i], shuffled[j] = shuffled[j], shuffled[i] })
		if e := n.divideByOffer(shuffled); !reflect.DeepEqual(d, e) {
			t.Errorf("%s: another order, other parts", name)
		}
	}
}

// The cost of a cluster is bounded, whatever its messages name.
func TestDivisionOfMany(t *testing.T) {
	n := learnNaming(namingStore(rand.New(rand.NewPCG(5, 6))))
	if d := n.divideByOffer(times(50_000, lures{1, 1, 1}, lures{2, 2, 2})); d.parts != 2 || len(d.items) != 2 {
		t.Errorf("%d parts of %d items", d.parts, len(d.items))
	}
	var all []lures
	for i := range n.lures {
		for j := range n.lures {
			all = append(all, lures{i, j, unnamed}, lures{i, unnamed, j})
		}
	}
	if d := n.divideByOffer(all); len(d.items) != mostItems {
		t.Errorf("%d items", len(d.items))
	}
}
