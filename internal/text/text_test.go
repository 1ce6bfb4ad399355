package text

import "testing"

func TestCut(t *testing.T) {
	for _, tc := range []struct {
		in   string
		n    int
		want string
	}{
		{"short", 10, "short"},
		{"exactly", 7, "exactly"},
		{"a longer one", 3, "a l"},
		{"grün", 3, "gr"},
		{"日本", 4, "日"},
		{"\x80\x80\x80", 2, ""},
		{"any", 0, ""},
	} {
		if got := Cut(tc.in, tc.n); got != tc.want {
			t.Errorf("Cut(%q, %d) = %q, want %q", tc.in, tc.n, got, tc.want)
		}
	}
}

func TestDistance(t *testing.T) {
	for _, tc := range []struct {
		a, b string
		want int
	}{
		{"", "", 0}, {"", "abc", 3}, {"abc", "", 3}, {"same", "same", 0},
		{"link", "links", 1}, {"link", "lnk", 1}, {"link", "lank", 1}, {"link", "ilnk", 2}, {"sitting", "kitten", 3},
	} {
		if got := Distance(tc.a, tc.b); got != tc.want {
			t.Errorf("Distance(%q, %q) = %d, want %d", tc.a, tc.b, got, tc.want)
		}
	}
}

func TestHasPrefixFold(t *testing.T) {
	for _, tc := range []struct {
		b, lower string
		want     bool
	}{
		{"Content-Type", "content-", true}, {"con", "content", false}, {"", "", true},
		{"@b", "`b", false}, {"[x", "{x", false},
	} {
		if got := HasPrefixFold([]byte(tc.b), tc.lower); got != tc.want {
			t.Errorf("HasPrefixFold(%q, %q) = %v", tc.b, tc.lower, got)
		}
	}
}
