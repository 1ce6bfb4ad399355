package why

import (
	"testing"
	"unicode/utf8"
)

func TestBars(t *testing.T) {
	s := newScale(20, 4, -8, 1, 12)
	for _, c := range []struct {
		from, to float64
		want     string
	}{
		{0, -8, "░░░░░░░░    |"},
		{-8, 1, "█████████   |"},
		{1, 12, "         ███████████"},
		{4, 4, "            |"},
		{12, 11.99, "            |      ░"}, // nothing is drawn as nothing only if it is nothing
		{-8, -7.9, "█           |"},
	} {
		if got := s.bar(c.from, c.to); got != c.want {
			t.Errorf("%v to %v:\n%q, want\n%q", c.from, c.to, got, c.want)
		}
	}
	if got := s.axis(); got != "-8      0   4     12" {
		t.Errorf("axis %q", got)
	}
	// A bar stays within its width, for any sums.
	for width := 1; width < 70; width += 7 {
		for _, sums := range [][]float64{{}, {0, 0}, {-500, 700}, {4, 4, 4}, {-0.01, 0.01}} {
			s := newScale(width, 4, sums...)
			for i := 1; i < len(sums); i++ {
				if n := utf8.RuneCountInString(s.bar(sums[i-1], sums[i])); n > width {
					t.Errorf("bar of %v is %d cells wide, of %d", sums, n, width)
				}
			}
			if n := utf8.RuneCountInString(s.axis()); n > width {
				t.Errorf("axis of %v is %d cells wide, of %d", sums, n, width)
			}
		}
	}
}

func TestOdds(t *testing.T) {
	for bits, want := range map[float64]string{0: "1 to 1", 1: "2 to 1", 5.3: "39 to 1", -3: "1 to 8", 25: "over a million to 1", -40: "1 to over a million", 2.5: "5.7 to 1"} {
		if got := odds(bits); got != want {
			t.Errorf("odds of %v: %q, want %q", bits, got, want)
		}
	}
	if signed(5) != "+5.0" || signed(-0.25) != "-0.25" {
		t.Error(signed(5), signed(-0.25))
	}
}
