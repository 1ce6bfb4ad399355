package mixture_test

import (
	"fmt"

	"spoor/graph/mixture"
)

// Ten units share a text, a contact and a mailer, and draw their senders from
// five. The others have texts and contacts of their own, and share mailers and
// senders by chance.
func ExampleRun() {
	in := mixture.Input{Kinds: []mixture.Kind{
		{Group: mixture.Text, Weight: .3, Call: .3}, {Group: mixture.Contact, Weight: .5, Call: .5},
		{Group: mixture.Mailer, Weight: .4, Call: .4}, {Group: mixture.Sending, Weight: .3, Call: .3},
	}}
	feature := func(kind uint8) int32 {
		in.KindOf = append(in.KindOf, kind)
		return int32(len(in.KindOf) - 1)
	}
	// Each unit has its own spans: which kinds it has, and where their values are.
	unit := func(values ...int32) {
		var u mixture.Unit
		for kind, v := range values {
			s := mixture.Span{Kind: uint8(kind), From: uint16(len(u.Values)), To: uint16(len(u.Values))}
			if v < 0 {
				s.Alone = 1 // a value that no other unit has
			} else {
				u.Values = append(u.Values, v)
				s.To++
			}
			u.Spans = append(u.Spans, s)
		}
		in.Units = append(in.Units, u)
	}
	text, contact, mailer := feature(0), feature(1), feature(2)
	var senders, mailers []int32
	for range 5 {
		senders = append(senders, feature(3))
	}
	for range 9 {
		mailers = append(mailers, feature(2))
	}
	for i := range 10 {
		unit(text, contact, mailer, senders[i%5])
	}
	for i := range 600 {
		unit(-1, -1, mailers[i%9], senders[i%5])
	}
	result := mixture.Run(in)
	sizes := map[int32]int{}
	for _, c := range result.Cluster {
		sizes[c]++
	}
	fmt.Println("units with unit 0:", sizes[result.Cluster[0]], "and with unit 10:", sizes[result.Cluster[10]])
	// Output:
	// units with unit 0: 10 and with unit 10: 1
}
