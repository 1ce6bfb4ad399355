package text

import (
	"strconv"
	"testing"
)

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

func TestWithoutTags(t *testing.T) {
	for _, tc := range []struct{ name, in, want string }{
		{"no page", "Contact: <a@b.example>", "Contact: <a@b.example>"},
		{"lines", "<html><body>one<br>two<BR/>three</body>", "one\ntwo\nthree"},
		{"a script and a style", "<pre>a<script x=1>b</script>c<style>d</style>e</pre>", "ace"},
		{"a script without an end", "<pre>a<script>b", "a"},
		{"an address in brackets is a tag's name", "<pre>1 < 2 <", "1 < 2 <"},
		{"blanks", "<br>a&nbsp;b", "\na b"},
		{"a name that begins like another", "<br><brx>a", "\na"},
	} {
		if got := WithoutTags(tc.in); got != tc.want {
			t.Errorf("%s: %q, want %q", tc.name, got, tc.want)
		}
	}
}

func TestCutPrefixFold(t *testing.T) {
	if after, ok := CutPrefixFold("IPv6:2001:db8::1", "ipv6:"); !ok || after != "2001:db8::1" {
		t.Errorf("%q, %v", after, ok)
	}
	if after, ok := CutPrefixFold("ip", "ipv6:"); ok || after != "ip" {
		t.Errorf("%q, %v", after, ok)
	}
}

func TestHex(t *testing.T) {
	for c := range 256 {
		want := byte(0xFF)
		if n, err := strconv.ParseUint(string([]byte{byte(c)}), 16, 8); err == nil {
			want = byte(n)
		}
		if got := Hex(byte(c)); got != want {
			t.Errorf("Hex(%q) = %d, want %d", byte(c), got, want)
		}
	}
}

func TestIsASCII(t *testing.T) {
	for s, want := range map[string]bool{"": true, "a\x7f\x00": true, "é": false, "a\x80": false} {
		if IsASCII(s) != want {
			t.Errorf("%q", s)
		}
	}
}

func TestSetOnce(t *testing.T) {
	var field string
	for _, v := range []string{"", "first", "second"} {
		SetOnce(&field, v)
	}
	if field != "first" {
		t.Errorf("%q", field)
	}
}
