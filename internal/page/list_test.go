package page

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"spoor/internal/findings"
	"spoor/sql/store/campaigns"
)

// Each page of the list leads to the rest, and says how much that is.
func TestListInStretches(t *testing.T) {
	s := &Site{Nav: []Ref{{Text: "Campaigns", Href: "/"}}, Paths: Paths{
		Campaign: func(id int64) string { return fmt.Sprint("/c/c", id) },
		List:     func(from int) string { return fmt.Sprint("/?from=", from) },
	}}
	for _, c := range []struct {
		from, n int
		want    []string
		not     string
	}{
		{0, 3, []string{"<h1>Campaigns</h1>", `href="/?from=3"`, "7 smaller campaigns"}, "The largest"},
		{3, 2, []string{"<h1>Campaigns 4 to 5</h1>", `href="/?from=5"`, "5 smaller campaigns", `href="/?from=0"`}, "Operations"},
		{8, 2, []string{"<h1>Campaigns 9 to 10</h1>", `href="/?from=0"`}, "smaller"},
		{99, 0, []string{"<h1>Campaigns</h1>", "There are no further campaigns."}, "smaller"},
	} {
		l := &findings.Listing{Last: campaigns.LastRun{Run: 1, Campaigns: 10}}
		for i := range c.n {
			l.Campaigns = append(l.Campaigns, campaigns.Campaign{ID: int64(c.from + i + 1), Messages: 5})
		}
		var b bytes.Buffer
		if err := s.Write(&b, Document{Bodies: []Body{s.List(l, c.from)}}); err != nil {
			t.Fatal(err)
		}
		for _, want := range c.want {
			if !strings.Contains(b.String(), want) {
				t.Errorf("from %d: %q is missing", c.from, want)
			}
		}
		if strings.Contains(b.String(), c.not) {
			t.Errorf("from %d: %q is there", c.from, c.not)
		}
	}
}
