package mixture

import (
	"reflect"
	"testing"
)

// kindsForTest are a text, a contact, a mailer and a sender.
var kindsForTest = []Kind{
	{Group: Text, Weight: .3, Call: .3}, {Group: Contact, Weight: .5, Call: .5},
	{Group: Mailer, Weight: .4, Call: .4}, {Group: Sending, Weight: .3, Call: .3},
	{Group: Creative, Weight: .5, Call: .5},
}

// builder numbers values.
type builder struct {
	in  Input
	ids map[[2]int]int32
}

func newBuilder() *builder { return &builder{Input{Kinds: kindsForTest}, map[[2]int]int32{}} }

// add makes a unit of one value a kind; a negative value is one that no other unit has.
func (b *builder) add(values ...int) {
	var u Unit
	for k, v := range values {
		from := uint16(len(u.Values))
		if v < 0 {
			u.Spans = append(u.Spans, Span{Kind: uint8(k), Alone: 1, From: from, To: from})
			continue
		}
		id, ok := b.ids[[2]int{k, v}]
		if !ok {
			id = int32(len(b.in.KindOf))
			b.in.KindOf = append(b.in.KindOf, uint8(k))
			b.ids[[2]int{k, v}] = id
		}
		u.Values = append(u.Values, id)
		u.Spans = append(u.Spans, Span{Kind: uint8(k), From: from, To: from + 1})
	}
	b.in.Units = append(b.in.Units, u)
}

// two are two campaigns of ten units among strangers: each has a text, a contact and a
// subject of its own, and draws its senders from the same pool.
func two() Input {
	b := newBuilder()
	for i := range 20 {
		c := i % 2
		b.add(c, c, 100+c, i%5, c)
	}
	for i := range 600 {
		b.add(-1, -1, 200+i%9, 10+i%40, -1)
	}
	return b.in
}

func TestCampaignsAreFound(t *testing.T) {
	r := Run(two())
	for i := range 20 {
		if r.Cluster[i] != r.Cluster[i%2] {
			t.Errorf("unit %d is not with the others of its campaign", i)
		}
		if r.Odds[i] <= 0 {
			t.Errorf("unit %d: odds %.2f", i, r.Odds[i])
		}
	}
	if r.Cluster[0] == r.Cluster[1] {
		t.Error("two campaigns with the same senders are one")
	}
}

func TestRunsAgree(t *testing.T) {
	if a, b := Run(two()), Run(two()); !reflect.DeepEqual(a, b) {
		t.Error("the same input gave another result")
	}
}

func TestApartStaysApart(t *testing.T) {
	in := two()
	in.Units[0].Apart = true
	r := Run(in)
	for i := 1; i < len(in.Units); i++ {
		if r.Cluster[i] == r.Cluster[0] {
			t.Fatalf("unit %d joined one that stands apart", i)
		}
	}
}

// However many units share a value, each is scored against so many clusters at most.
func TestWorkIsBounded(t *testing.T) {
	for _, n := range []int{1000, 4000} {
		b := newBuilder()
		for i := range n {
			b.add(-1, -1, i%70, 0, i%300) // a hub, and values that dozens share
		}
		m := newModel(b.in)
		for range 2 {
			for i := range int32(n) {
				m.take(i)
				if got := len(m.candidates(i)); got > candidates {
					t.Fatalf("unit %d of %d was scored against %d clusters", i, n, got)
				}
				m.put(i, m.fresh())
			}
			m.learn()
		}
	}
}

func TestNothing(t *testing.T) {
	if r := Run(Input{Kinds: kindsForTest}); len(r.Cluster) != 0 {
		t.Error(r)
	}
	b := newBuilder()
	b.add(-1, -1, -1, -1, -1)
	b.in.Units = append(b.in.Units, Unit{})
	if r := Run(b.in); r.Cluster[0] == r.Cluster[1] {
		t.Error("units that share nothing are one")
	}
}
