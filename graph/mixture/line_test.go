package mixture

import "testing"

// Customers of one service share its template, link domain, program and servers. Their
// texts differ: they must not become one campaign. One customer whose texts are his own
// and repeat stays one.
func TestCustomersOfAServiceAreApart(t *testing.T) {
	kinds := []Kind{
		{Group: Text, Weight: 1, Whole: true, Call: 1, Aspect: Content},
		{Group: Creative, Weight: 0.5, Call: 0.5, Aspect: Content},
		{Group: Links, Weight: 0.4, Call: 0.4, Aspect: Content},
		{Group: Sending, Weight: 0.3, Call: 0.3, Aspect: Route},
		{Group: Mailer, Weight: 0.4, Call: 0.4, Aspect: Program},
	}
	const strangers, customers, mails = 3000, 6, 8
	in := Input{Kinds: kinds}
	var at [5]map[int]int32
	var rows [][5]int
	for i := range strangers {
		rows = append(rows, [5]int{1000 + i, 1000 + i, 1000 + i, 1000 + i, 1000 + i%300})
	}
	for range mails {
		for c := range customers {
			rows = append(rows, [5]int{c, 100, 100, 100, 100})
		}
	}
	for k := range at {
		at[k] = make(map[int]int32)
		for _, r := range rows {
			if _, ok := at[k][r[k]]; !ok {
				at[k][r[k]] = int32(len(in.KindOf))
				in.KindOf = append(in.KindOf, uint8(k))
			}
		}
	}
	for _, r := range rows {
		var u Unit
		for k, v := range r {
			u.Values = append(u.Values, at[k][v])
			u.Spans = append(u.Spans, Span{Kind: uint8(k), From: uint16(k), To: uint16(k) + 1})
		}
		in.Units = append(in.Units, u)
	}
	r := Run(in)
	cluster := make(map[int32]int) // customer, plus one
	of := make(map[int]map[int32]bool)
	for i, c := range r.Cluster[strangers:] {
		customer := i%customers + 1
		if was := cluster[c]; was != 0 && was != customer {
			t.Fatalf("customers %d and %d are one campaign", was, customer)
		}
		cluster[c] = customer
		if of[customer] == nil {
			of[customer] = make(map[int32]bool)
		}
		of[customer][c] = true
	}
	for c, clusters := range of {
		if len(clusters) != 1 {
			t.Errorf("customer %d is in %d pieces", c, len(clusters))
		}
	}
}
