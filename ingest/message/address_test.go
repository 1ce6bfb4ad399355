package message

import (
	"slices"
	"testing"
)

func TestAddresses(t *testing.T) {
	for _, c := range []struct {
		in   string
		want []Address
	}{
		{"a@b.test", []Address{{"", "a@b.test"}}},
		{"Ann <A.b@C.Test>", []Address{{"Ann", "A.b@c.test"}}},
		{"\"Doe, John\" <j@x.test>, k@y.test", []Address{{"Doe, John", "j@x.test"}, {"", "k@y.test"}}},
		{"Shop, Inc., Sales <j@x.test>", []Address{{"Shop, Inc., Sales", "j@x.test"}}},
		{"Doe, John <j@x.test>", []Address{{"Doe, John", "j@x.test"}}},
		{"a@x.test, Doe, John <j@x.test>", []Address{{"", "a@x.test"}, {"Doe, John", "j@x.test"}}},
		{"=?utf-8?Q?Doe,_J=C3=B6rg?= <j@x.test>", []Address{{"Doe, Jörg", "j@x.test"}}},
		{"\"=?utf-8?B?w6Q=?=\" <j@x.test>", []Address{{"ä", "j@x.test"}}},
		{"j@x.test (John Doe)", []Address{{"John Doe", "j@x.test"}}},
		{"John Doe j@x.test", []Address{{"John Doe", "j@x.test"}}},
		{"j @ x.test", []Address{{"", "j@x.test"}}},
		{"\"john doe\"@x.test", []Address{{"", "\"john doe\"@x.test"}}},
		{"undisclosed-recipients:;", nil},
		{"Team: a@x.test, Bob <b@x.test>;, c@x.test", []Address{{"", "a@x.test"}, {"Bob", "b@x.test"}, {"", "c@x.test"}}},
		{"<@relay.test,@b.test:u@x.test>", []Address{{"", "u@x.test"}}},
		{"<mailto:u@x.test>", []Address{{"", "u@x.test"}}},
		{"Bob <b@x.test", []Address{{"Bob", "b@x.test"}}},
		{"Bob <<b@x.test>>", []Address{{"Bob", "b@x.test"}}},
		{"Bob <> <b@x.test>", []Address{{"Bob", "b@x.test"}}},
		{"Shop,(<service@x.test>)", []Address{{"Shop", ""}, {"", "service@x.test"}}},
		{"\"open quote <b@x.test>, c@x.test", []Address{{"open quote", "b@x.test"}, {"", "c@x.test"}}},
		{"Name only", []Address{{"Name only", ""}}},
		{"=?utf-8?Q?Bob_<b=40x.test>?=", []Address{{"Bob", "b@x.test"}}},
		{"'b@x.test'", []Address{{"", "b@x.test"}}},
		{"a@x.test; b@y.test", []Address{{"", "a@x.test"}, {"", "b@y.test"}}},
		{"((((a@x.test", []Address{{"", "((((a@x.test"}}},
		{"Real \"Nick\" Name <r@x.test>", []Address{{"Real Nick Name", "r@x.test"}}},
		{"\"service@bank.test\" <evil@x.test>", []Address{{"service@bank.test", "evil@x.test"}}},
		{"u@bücher.test", []Address{{"", "u@bücher.test"}}},
		{", ,;", nil},
		{"", nil},
	} {
		if got := (&Field{Raw: []byte(c.in)}).Addresses(10); !slices.Equal(got, c.want) {
			t.Errorf("%s: %q, want %q", c.in, got, c.want)
		}
	}
	if got := (&Field{Raw: []byte("a@x.test, b@x.test, c@x.test")}).Addresses(2); len(got) != 2 {
		t.Errorf("limit 2: %q", got)
	}
}
