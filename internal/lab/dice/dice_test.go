package dice

import (
	"slices"
	"testing"
)

func TestDice(t *testing.T) {
	a, b, c := New(1, "x"), New(1, "x"), New(1, "y")
	if x, y, z := a.Chars(Base62, 30), b.Chars(Base62, 30), c.Chars(Base62, 30); x != y || x == z {
		t.Error(x, y, z)
	}
	if len(a.UUID()) != 36 || a.Digits(5)[0] == '0' || len(a.Digits(5)) != 5 {
		t.Error("forms are wrong")
	}
	s := a.Shares(1000, 10, 5, 1)
	sum := 0
	for _, n := range s {
		sum += n
	}
	if slices.Min(s) < 5 || sum < 900 || sum > 1100 || s[0] <= s[9] {
		t.Error(s)
	}
	if got := Some(a, []int{1, 2, 3}, 5); len(got) != 3 {
		t.Error(got)
	}
	for range 1000 {
		if n := a.Between(3, 5); n < 3 || n > 5 {
			t.Fatal(n)
		}
		if n := a.Spread(2, 100); n < 2 || n > 100 {
			t.Fatal(n)
		}
	}
}
