package questions

import (
	"errors"
	"net/netip"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
)

func TestQuestionsAreWellFormed(t *testing.T) {
	all := All()
	if len(all) < 30 {
		t.Errorf("%d questions", len(all))
	}
	for _, q := range all {
		if !regexp.MustCompile(`^[a-z]+(-[a-z]+)*$`).MatchString(q.Name) || !strings.ContainsAny(q.Title[len(q.Title)-1:], "?") {
			t.Errorf("%s: %q", q.Name, q.Title)
		}
		if strings.Contains(q.Example(), ":newest") {
			t.Errorf("%s: %s", q.Name, q.Example())
		}
		if left := placeholder.FindString(q.SQL()); left != "" {
			t.Errorf("%s: %q names no parameter", q.Name, left)
		}
		if _, err := q.Bind(nil); err != nil {
			t.Errorf("%s: its defaults: %v", q.Name, err)
		}
		for n, p := range q.Parameters {
			if !strings.Contains(q.statement, ":"+p.Name) {
				t.Errorf("%s does not use %s", q.Name, p.Name)
			}
			if slices.ContainsFunc(q.Parameters[:n], func(o Parameter) bool { return o.Name == p.Name }) {
				t.Errorf("%s has %s twice", q.Name, p.Name)
			}
		}
		if strings.Contains(q.statement, ";") || !regexp.MustCompile(`^(SELECT|WITH)\b`).MatchString(q.statement) {
			t.Errorf("%s is no single SELECT", q.Name)
		}
	}
}

func TestBind(t *testing.T) {
	q := Question{Name: "ask", Parameters: []Parameter{
		{"days", Integer, "7", ""}, {"network", Network, "192.0.2.1", ""}, {"campaign", Campaign, "c1", ""}, {"words", Text, "a b", ""}},
		statement: "SELECT :days, :network, x::text, ':'||:campaign, '12:30', :words"}
	if got := q.SQL(); got != "SELECT $1::integer, $2::inet, x::text, ':'||$3::text, '12:30', $4::text" {
		t.Error(got)
	}
	if got := q.Example(); got != "SELECT 7, inet '192.0.2.1', x::text, ':'||'c1', '12:30', 'a b'" {
		t.Error(got)
	}
	for _, tc := range []struct {
		given map[string]string
		want  []any // nil: refused
	}{
		{nil, []any{7, netip.MustParsePrefix("192.0.2.1/32"), "c1", "a b"}},
		{map[string]string{"days": "30", "network": "2001:db8::1/32", "campaign": "C12", "words": "'; DROP TABLE messages; --"},
			[]any{30, netip.MustParsePrefix("2001:db8::/32"), "c12", "'; DROP TABLE messages; --"}},
		{map[string]string{"network": "::ffff:192.0.2.9"}, []any{7, netip.MustParsePrefix("192.0.2.9/32"), "c1", "a b"}},
		{map[string]string{"days": "-1"}, nil},
		{map[string]string{"days": "7 days"}, nil},
		{map[string]string{"days": "99999999999999999999"}, nil},
		{map[string]string{"network": "example.com"}, nil},
		{map[string]string{"campaign": "c1' OR true"}, nil},
		{map[string]string{"campaign": "c0"}, nil},
		{map[string]string{"words": ""}, nil},
		{map[string]string{"words": "a\x00b"}, nil},
		{map[string]string{"words": "\xff"}, nil},
		{map[string]string{"words": strings.Repeat("x", 1001)}, nil},
		{map[string]string{"day": "1"}, nil},
	} {
		got, err := q.Bind(tc.given)
		if !reflect.DeepEqual(got, tc.want) || (tc.want == nil) != errors.Is(err, ErrValue) {
			t.Errorf("%q: %v, %v", tc.given, got, err)
		}
	}
}

func TestParseRefuses(t *testing.T) {
	for _, text := range []string{"", "-- Title?\n", "SELECT 1", "-- Title?\n-- days: 7\nSELECT 1"} {
		if q, err := parse("x", text); err == nil {
			t.Errorf("%q is taken: %+v", text, q)
		}
	}
}
